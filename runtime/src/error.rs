//! What can go wrong when a program is loaded and run.

use std::path::PathBuf;

use hire_artifact::TensorType;

use crate::pjrt;

/// A failure to load or run a program.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The plugin or its device failed.
    #[error(transparent)]
    Pjrt(#[from] pjrt::Error),
    /// A program on the CPU failed.
    #[error(transparent)]
    Host(#[from] crate::host::Error),
    /// A program on a GPU failed.
    #[error(transparent)]
    Cuda(#[from] crate::cuda::Error),
    /// The artifact or a weights file is bad.
    #[error(transparent)]
    Artifact(#[from] hire_artifact::Error),
    /// The target has no device.
    #[error(
        "an artifact for target stablehlo has no device to run on\n  remedy: compile with `--target pjrt:cpu`, or name a \
         device to run it on"
    )]
    NoDevice,
    /// The target has no form for several devices.
    #[error(
        "a program for {target} runs on one device, this one on several (mesh {mesh})\n  remedy: compile it for \
         pjrt:cpu, another PJRT plugin or TPUs"
    )]
    OneDevice {
        /// The target.
        target: String,
        /// The mesh.
        mesh: String,
    },
    /// The program's entry is not one that the device can run.
    #[error("the program's entry is '{0}', this device runs 'main'\n  remedy: compile the model again")]
    Entry(String),
    /// The interface contradicts itself.
    #[error("the program's interface is wrong: {0}\n  remedy: compile the model again")]
    Interface(String),
    /// The compiled program has other results than were described.
    #[error(
        "the program's results are ({}), ({}) were described\n  remedy: compile the model again; program and manifest do \
         not belong together",
        list(found),
        list(expected)
    )]
    Results {
        /// The results that were described.
        expected: Vec<TensorType>,
        /// The results that the compiled program has.
        found: Vec<TensorType>,
    },
    /// A parameter has no fitting tensor in the weights file.
    #[error(
        "{}: tensor '{name}' {}, the program needs {expected}{}\n  remedy: use the weights that belong to this program",
        path.display(),
        found.as_ref().map_or("is missing".to_owned(), |found| format!("is {found}")),
        match others { 0 => String::new(), n => format!(" (and {n} more tensors do not fit)") }
    )]
    Weight {
        /// The weights file.
        path: PathBuf,
        /// The parameter's name.
        name: String,
        /// The type that the program needs.
        expected: TensorType,
        /// The type in the file; `None` if there is no such tensor.
        found: Option<TensorType>,
        /// How many other parameters do not fit either.
        others: usize,
    },
    /// The program has parameters and no weights file was given.
    #[error("the program has parameters, such as '{0}', but no weights were given\n  remedy: give the weights file")]
    NoWeights(String),
    /// An input that the program does not have.
    #[error("the program has no input '{name}'\n  its inputs: {inputs}")]
    UnknownInput {
        /// The name that was given.
        name: String,
        /// The inputs that there are.
        inputs: String,
    },
    /// An input given more than once.
    #[error("input '{0}' was given twice")]
    RepeatedInput(String),
    /// An input that was not given.
    #[error("input '{name}' ({expected}) was not given\n  its inputs: {inputs}")]
    MissingInput {
        /// The input's name.
        name: String,
        /// Its type.
        expected: TensorType,
        /// All inputs.
        inputs: String,
    },
    /// An input of another type than the program takes.
    #[error("input '{name}' is {found}, the program takes {expected}")]
    InputType {
        /// The input's name.
        name: String,
        /// The type that the program takes.
        expected: TensorType,
        /// The type that was given.
        found: TensorType,
    },
    /// Another number of arguments than the program takes.
    #[error("the program takes {expected} arguments, {found} were given")]
    ArgumentCount {
        /// Arguments that the program takes.
        expected: usize,
        /// Arguments that were given.
        found: usize,
    },
    /// An argument of another type than the program takes.
    #[error("argument {index} is {found}, the program takes {expected}")]
    ArgumentType {
        /// The argument's position, from 0.
        index: usize,
        /// The type that the program takes.
        expected: TensorType,
        /// The type that was given.
        found: TensorType,
    },
    /// A step failed and took the state with it.
    #[error("an earlier step failed, and the state is lost\n  remedy: start again from the first token")]
    StateLost,
    /// Memory for measuring could not be had.
    #[error("cannot map {bytes} bytes to measure the read bandwidth: {source}\n  remedy: free some memory")]
    Bandwidth {
        /// Bytes that were asked for.
        bytes: usize,
        /// The system's error.
        source: std::io::Error,
    },
}

fn list(types: &[TensorType]) -> String {
    types.iter().map(TensorType::to_string).collect::<Vec<_>>().join(", ")
}
