//! Programs whose kernels were compiled to machine code for this CPU.
//!
//! [`Code`] is what a compiler made: a schedule, a shared object, constants. [`program`] loads it
//! into a [`Program`](crate::Program) like that of any other device. A step walks the schedule: it calls kernels, copies,
//! branches. All memory but that of inputs and outputs is there before the first step.
//!
//! `HIRE_THREADS` says how many threads run a program; without it as many as the machine has.
//! Results do not depend on it.

mod call;
mod engine;
mod error;
mod memory;
mod pool;
pub mod primitives;
mod program;

use std::path::PathBuf;

pub use error::Error;
pub use program::{Code, Cpu, artifact_code, program};

/// Where the parts of a program lie, and what `HIRE_THREADS` says.
fn threads() -> Result<usize, Error> {
    match std::env::var("HIRE_THREADS") {
        Err(_) => Ok(std::thread::available_parallelism().map_or(1, usize::from).min(256)),
        Ok(text) => {
            let count = text.trim().parse().ok().filter(|count| (1..=256).contains(count));
            count.ok_or(Error::Threads(text))
        }
    }
}

/// The shared object of a program, which may be in a file or in memory.
#[derive(Clone, Debug)]
pub enum Library {
    /// A file.
    File(PathBuf),
    /// The bytes of one.
    Bytes(Vec<u8>),
}
