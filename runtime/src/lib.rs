//! The runtime: an artifact in, results out.
//!
//! [`open`] finds a device; [`Session::load`] puts an artifact on it; [`Session::step`] runs a step. To run any function
//! once, [`Device::compile`] it and [`Program::execute`] it.
//!
//! What a step costs: its inputs are copied to the device, its outputs back, and nothing else. Parameters are on the
//! device from the start (on a CPU, in the mapped weights file itself), and state stays there, handed from one step's
//! result to the next step's argument.
//!
//! What `hire bench` needs to state a speed is here as well: [`bandwidth`] measures what the machine's memory can deliver,
//! [`timing`] compares two things in one run. For TPUs, which need not be there, [`tpu`] estimates a step from the program as
//! libtpu scheduled it, which [`hlo`] reads.

pub mod bandwidth;
pub mod cuda;
pub mod device;
mod error;
pub mod hlo;
pub mod host;
pub mod npy;
pub mod pjrt;
mod session;
pub mod tensor;
pub mod timing;
pub mod tpu;

pub use device::{Bound, Device, Program, Signature, open};
pub use error::Error;
pub use hire_artifact::{ElementType, Interface, Target, TensorType};
pub use session::Session;
pub use tensor::HostTensor;
