//! PJRT through its C API: plugins, clients, buffers, executables.
//!
//! PJRT is the interface behind which XLA hides its devices. A *plugin* is a shared library with one symbol,
//! `GetPjrtApi`, which returns a table of functions (`table.rs`); each function takes one struct (`abi.rs`). The bindings
//! here are written by hand for the few functions that running a program takes, so that building needs no C header, and
//! so that each struct can have the size that every plugin accepts.
//!
//! What safe code can rely on:
//!
//! * handles are freed in the order the API wants, since buffers and executables hold their client;
//! * a donated buffer stays a handle that reports an error when used;
//! * memory that a plugin uses in place stays alive until the plugin says it is done, and is never written to, since
//!   such a buffer is never donated;
//! * a buffer of one client never reaches another.
//!
//! Not covered: send and receive callbacks, several processes, profilers and the other extensions.

mod abi;
mod ahead;
mod buffer;
mod client;
mod compile_options;
mod device;
mod discovery;
mod error;
mod event;
mod executable;
mod mesh;
mod plugin;
mod table;

pub use ahead::{AheadExecutable, MemoryStats, Topology, packaged_version};
pub use buffer::Buffer;
pub use client::{Client, OptionValue, Placement};
pub use compile_options::CompileOptions;
pub use device::{PjrtDevice, open};
pub use discovery::find;
pub use error::{Code, Error};
pub use executable::LoadedExecutable;
pub use mesh::{PjrtMesh, cut_out, open_mesh};
pub use plugin::Plugin;
