//! Running a compiled model step by step.
//!
//! A session owns a program whose parameters were put on the device once and whose state stays there: a step uploads its
//! inputs, runs, and reads its outputs back. State goes from step to step by donation, so that neither parameters nor
//! state are copied in a step.

use hire_artifact::manifest::Manifest;
use hire_artifact::{Argument, ArgumentRole, Artifact, Interface, ResultRole, ResultValue, Weights};

use crate::device::{Bound, Device, Program, Signature};
use crate::error::Error;
use crate::tensor::HostTensor;

/// A model on a device, between two steps.
pub struct Session {
    interface: Interface,
    bound: Box<dyn Bound>,
}

impl Session {
    /// Loads an artifact onto `device`.
    pub fn load(device: &dyn Device, artifact: &Artifact) -> Result<Self, Error> {
        let manifest: &Manifest = artifact.manifest();
        if manifest.program.entry != "main" {
            return Err(Error::Entry(manifest.program.entry.clone()));
        }
        let weights = artifact.weights().map(|path| Weights::open(&path)).transpose()?;
        Session::bound(manifest.interface(), weights.as_ref(), || device.load(artifact))
    }

    /// Compiles the function `main` of a StableHLO module and binds its parameters to `weights` by name.
    pub fn new(
        device: &dyn Device,
        program: &[u8],
        interface: Interface,
        weights: Option<&Weights>,
    ) -> Result<Self, Error> {
        let signature = Signature::from(&interface);
        Session::bound(interface, weights, || device.compile(program, &signature))
    }

    /// Binds a program's parameters; `program` is only asked for when they are all there.
    fn bound(
        interface: Interface,
        weights: Option<&Weights>,
        program: impl FnOnce() -> Result<Box<dyn Program>, Error>,
    ) -> Result<Self, Error> {
        interface.check().map_err(Error::Interface)?;
        let parameters = bind_parameters(&interface, weights)?;
        let bound = program()?.bind(&interface, &parameters)?;
        Ok(Session { interface, bound })
    }

    /// Arguments and results of the program.
    pub fn interface(&self) -> &Interface {
        &self.interface
    }

    /// The inputs that each step takes.
    pub fn inputs(&self) -> impl Iterator<Item = &Argument> {
        inputs(&self.interface)
    }

    /// The outputs that each step gives, in the order of [`Session::step`]'s result.
    pub fn outputs(&self) -> impl Iterator<Item = &ResultValue> {
        self.interface.results.iter().filter(|result| result.role == ResultRole::Output)
    }

    /// Runs one step. Every input must be given, in any order; the outputs come in the program's order.
    ///
    /// If the device fails, the state may be lost; every further step then fails until [`Session::reset`].
    pub fn step(&mut self, given: &[(&str, &HostTensor)]) -> Result<Vec<HostTensor>, Error> {
        let ordered = order_inputs(&self.interface, given)?;
        self.bound.step(&ordered)
    }

    /// Sets the state back to zeros, as it was before the first step.
    pub fn reset(&mut self) -> Result<(), Error> {
        self.bound.reset()
    }
}

fn inputs(interface: &Interface) -> impl Iterator<Item = &Argument> {
    interface.arguments.iter().filter(|argument| argument.role == ArgumentRole::Input)
}

/// The tensors of the interface's parameters, in its order. All of them are looked at before any is refused.
fn bind_parameters(interface: &Interface, weights: Option<&Weights>) -> Result<Vec<HostTensor>, Error> {
    let parameters = || interface.arguments.iter().filter(|argument| argument.role == ArgumentRole::Parameter);
    let Some(weights) = weights else {
        return match parameters().next() {
            Some(parameter) => Err(Error::NoWeights(parameter.name.clone())),
            None => Ok(Vec::new()),
        };
    };
    let unfit = |parameter: &&Argument| weights.get(&parameter.name).is_none_or(|found| *found.ty() != parameter.ty());
    if let Some(first) = parameters().find(unfit) {
        return Err(Error::Weight {
            path: weights.path().to_owned(),
            name: first.name.clone(),
            expected: first.ty(),
            found: weights.get(&first.name).map(|tensor| tensor.ty().clone()),
            others: parameters().filter(unfit).count() - 1,
        });
    }
    Ok(parameters().filter_map(|parameter| weights.get(&parameter.name)).map(HostTensor::from).collect())
}

/// The given inputs in the interface's order, each there once and of the right type.
fn order_inputs<'a>(interface: &Interface, given: &[(&str, &'a HostTensor)]) -> Result<Vec<&'a HostTensor>, Error> {
    let described =
        || inputs(interface).map(|input| format!("{} ({})", input.name, input.ty())).collect::<Vec<_>>().join(", ");
    for (index, (name, _)) in given.iter().enumerate() {
        if !inputs(interface).any(|input| input.name == *name) {
            return Err(Error::UnknownInput { name: (*name).to_owned(), inputs: described() });
        }
        if given[..index].iter().any(|(earlier, _)| earlier == name) {
            return Err(Error::RepeatedInput((*name).to_owned()));
        }
    }
    inputs(interface)
        .map(|input| match given.iter().find(|(name, _)| *name == input.name) {
            None => Err(Error::MissingInput { name: input.name.clone(), expected: input.ty(), inputs: described() }),
            Some((_, tensor)) if *tensor.ty() != input.ty() => {
                Err(Error::InputType { name: input.name.clone(), expected: input.ty(), found: tensor.ty().clone() })
            }
            Some((_, tensor)) => Ok(*tensor),
        })
        .collect()
}
