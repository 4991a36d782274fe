//! What can go wrong with a program on a GPU.

/// A failure to load or run a program on a GPU.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No driver.
    #[error(
        "there is no NVIDIA driver on this machine (its library libcuda.so.1 cannot be loaded)\n  remedy: run on a machine \
         with an NVIDIA GPU and its driver, or compile for `--target cpu`"
    )]
    NoDriver,
    /// No GPU.
    #[error("the NVIDIA driver finds no GPU\n  remedy: run on a machine with one, or compile for `--target cpu`")]
    NoGpu,
    /// A GPU that is too old.
    #[error("the GPU is {found}, the program was compiled for {wanted}\n  remedy: compile the model for this GPU")]
    Architecture {
        /// The GPU.
        found: String,
        /// What the program was compiled for.
        wanted: String,
    },
    /// A program that was not compiled.
    #[error(
        "this device runs compiled programs only, not StableHLO\n  remedy: compile the program with `--target nvptx:sm_90`"
    )]
    NotCompiled,
    /// A file of the program is wrong.
    #[error("the program's {file} is wrong: {what}\n  remedy: compile the model again")]
    File {
        /// The file.
        file: &'static str,
        /// What is wrong.
        what: String,
    },
    /// The driver refused something.
    #[error("the NVIDIA driver cannot {what}: {source}\n  remedy: {remedy}")]
    Driver {
        /// What was asked of it.
        what: String,
        /// What it says.
        source: cudarc::driver::DriverError,
        /// What may help.
        remedy: &'static str,
    },
}
