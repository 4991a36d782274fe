//! What every kind of device does: compile a program, run it once, or bind its weights and run it step by step.
//!
//! The three traits are the border that back-ends implement. What is the same for all of them, namely binding by name,
//! checking types and explaining mistakes, is done once by [`crate::Session`], so that behind the border every tensor is in
//! place and of the right type.

use hire_artifact::{Artifact, Devices, Interface, Target, TensorType};

use crate::error::Error;
use crate::tensor::HostTensor;
use crate::{cuda, host, pjrt};

/// Types of a program's arguments and results, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Types of the arguments.
    pub arguments: Vec<TensorType>,
    /// Types of the results.
    pub results: Vec<TensorType>,
}

impl From<&Interface> for Signature {
    fn from(interface: &Interface) -> Self {
        Signature {
            arguments: interface.arguments.iter().map(|argument| argument.ty()).collect(),
            results: interface.results.iter().map(|result| result.ty()).collect(),
        }
    }
}

/// A device that compiles programs.
pub trait Device {
    /// A line for reports: the platform, its version and where it comes from.
    fn describe(&self) -> String;

    /// Compiles the function `main` of a StableHLO module, whose types are `signature`.
    fn compile(&self, program: &[u8], signature: &Signature) -> Result<Box<dyn Program>, Error>;

    /// Loads the program of an artifact, which most devices compile from its StableHLO.
    fn load(&self, artifact: &Artifact) -> Result<Box<dyn Program>, Error> {
        self.compile(&artifact.program()?, &Signature::from(&artifact.manifest().interface()))
    }
}

/// A program compiled for a device.
pub trait Program: Send {
    /// Types of arguments and results.
    fn signature(&self) -> &Signature;

    /// Runs the program once: arguments in, all results out. Nothing stays on the device.
    fn execute(&self, arguments: &[HostTensor]) -> Result<Vec<HostTensor>, Error>;

    /// Makes the program ready to be run step by step, with `parameters` (those of `interface`, in its order) on the
    /// device for good and the state there as zeros. The caller has checked all types.
    fn bind(self: Box<Self>, interface: &Interface, parameters: &[HostTensor]) -> Result<Box<dyn Bound>, Error>;
}

/// A program with its parameters and its state on the device.
pub trait Bound: Send {
    /// Runs one step: the interface's inputs in its order, and its outputs in its order. The state moves on.
    /// The caller has checked all types.
    fn step(&mut self, inputs: &[&HostTensor]) -> Result<Vec<HostTensor>, Error>;

    /// Sets the state back to zeros.
    fn reset(&mut self) -> Result<(), Error>;
}

/// Opens the device that `target` names.
pub fn open(target: &Target) -> Result<Box<dyn Device>, Error> {
    match target {
        Target::Pjrt(spec) => Ok(Box::new(pjrt::open(spec)?)),
        // Where there is a TPU, libtpu compiles the program anew for it.
        Target::Tpu(_) => Ok(Box::new(pjrt::open("tpu")?)),
        Target::Cpu => Ok(Box::new(host::Cpu)),
        Target::Nvptx(arch) => Ok(Box::new(cuda::open(arch)?)),
        Target::StableHlo => Err(Error::NoDevice),
    }
}

/// Opens the devices that a program of this target runs on: those of `devices`, or the first one there is.
pub fn open_for(target: &Target, devices: Option<&Devices>) -> Result<Box<dyn Device>, Error> {
    match (target, devices) {
        (_, None) => open(target),
        (Target::Pjrt(spec), Some(devices)) => Ok(Box::new(pjrt::open_mesh(spec, devices)?)),
        (Target::Tpu(_), Some(devices)) => Ok(Box::new(pjrt::open_mesh("tpu", devices)?)),
        (other, Some(devices)) => Err(Error::OneDevice { target: other.to_string(), mesh: devices.mesh_text() }),
    }
}

/// Checks `arguments` against `signature`, for [`Program::execute`].
pub(crate) fn check_arguments(signature: &Signature, arguments: &[HostTensor]) -> Result<(), Error> {
    if signature.arguments.len() != arguments.len() {
        return Err(Error::ArgumentCount { expected: signature.arguments.len(), found: arguments.len() });
    }
    let pairs = signature.arguments.iter().zip(arguments).enumerate();
    match pairs.into_iter().find(|(_, (ty, argument))| argument.ty() != *ty) {
        Some((index, (expected, argument))) => {
            Err(Error::ArgumentType { index, expected: expected.clone(), found: argument.ty().clone() })
        }
        None => Ok(()),
    }
}
