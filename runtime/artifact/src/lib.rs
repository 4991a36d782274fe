//! The artifact: what `hire compile` leaves on disk and what a runtime loads.
//!
//! An artifact is a directory that is complete or absent, never half-written. `manifest.json` describes it: the program
//! and the target it was compiled for, where the weights are, and the program's *interface*, that is what each argument
//! and each result of the program's entry means. Everything a runtime needs to run a step is in the directory; nothing
//! in it says how the program was made except the `sites` and `bytes_per_step` that reports quote.
//!
//! Three promises hold for every artifact that [`Artifact::open`] returns:
//!
//! * the manifest has the format version this crate writes and no field it does not know;
//! * the interface is consistent: names are unique, every state argument is aliased to a result of the same type;
//! * every listed file is there with the recorded size and, unless the caller skipped it, the recorded SHA-256.
//!
//! The order of use on the writing side: [`ArtifactWriter::create`], then a file after the other, then
//! [`ArtifactWriter::finish`] with the manifest. On the reading side: [`Artifact::open`], then [`Weights::open`] on
//! [`Artifact::weights`].
//!
//! This crate is data only. It knows nothing of compilers or devices, so that back-ends and runtimes can share it.

pub mod devices;
mod directory;
pub mod element_type;
mod error;
mod interface;
pub mod kernels;
pub mod manifest;
pub mod schedule;
mod target;
pub mod tensor_type;
mod weights;
mod writer;

pub use devices::Devices;
pub use directory::{Artifact, Check};
pub use element_type::ElementType;
pub use error::Error;
pub use interface::{Argument, ArgumentRole, Interface, ResultRole, ResultValue};
pub use manifest::Manifest;
pub use target::{NVPTX_ARCHITECTURES, Target, UnknownTarget};
pub use tensor_type::TensorType;
pub use weights::{ALIGNMENT, Tensor, Weights, write_weights};
pub use writer::ArtifactWriter;
