//! What can go wrong with a program on this machine's CPU.

use std::path::PathBuf;

use super::primitives::PrimitiveError;

/// A failure to load or run a program on the CPU.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A program that was not compiled.
    #[error(
        "this device runs compiled programs only, not StableHLO\n  remedy: compile the program with `--target cpu`"
    )]
    NotCompiled,
    /// The schedule is not one.
    #[error("the program's schedule is wrong: {0}\n  remedy: compile the model again")]
    Schedule(String),
    /// The kernels are for another machine.
    #[error(
        "the program was compiled for {arch} with {feature}, which this machine does not have\n  remedy: compile the model on this machine"
    )]
    Machine {
        /// The architecture.
        arch: String,
        /// The feature that is missing, or the architecture again.
        feature: String,
    },
    /// The kernels cannot be loaded.
    #[error("{}: cannot load the kernels: {what}\n  remedy: compile the model again", path.display())]
    Library {
        /// Their file.
        path: PathBuf,
        /// What the system says.
        what: String,
    },
    /// Memory cannot be had.
    #[error("cannot get {bytes} bytes of memory: {source}\n  remedy: free some memory")]
    Memory {
        /// Bytes that were asked for.
        bytes: u64,
        /// The system's error.
        source: std::io::Error,
    },
    /// A thread cannot be had.
    #[error("cannot start a thread: {0}\n  remedy: set HIRE_THREADS to fewer threads")]
    Thread(std::io::Error),
    /// A thread failed.
    #[error("a thread of the program failed\n  remedy: run with HIRE_THREADS=1 and report what happens")]
    Worker,
    /// A setting that is no number of threads.
    #[error("HIRE_THREADS is '{0}', which is no number of threads\n  remedy: set it to a number from 1 to 256")]
    Threads(String),
    /// The constants are not those of the schedule.
    #[error(
        "the program's constants take {found} bytes, its schedule says {expected}\n  remedy: compile the model again"
    )]
    Constants {
        /// Bytes that the schedule states.
        expected: u64,
        /// Bytes that there are.
        found: u64,
    },
    /// The runtime lacks a primitive.
    #[error("{0}\n  remedy: compile the model for `--target pjrt:cpu`")]
    Primitive(PrimitiveError),
    /// A primitive failed.
    #[error("{0}")]
    Failed(PrimitiveError),
}
