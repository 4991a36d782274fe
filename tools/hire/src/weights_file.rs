//! The weights of a model, as passes see them, and their fit to a module.

use std::collections::HashSet;
use std::path::Path;

use hire_artifact::{ElementType as Dtype, Tensor};
use hire_compiler::ir::{ElementType, TensorType};
use hire_passes::context::{Weight, Weights};
use hire_passes::signature::{Argument, Role, Signature};

use crate::failure::{Failure, Outcome};

/// An open safetensors file.
pub(crate) struct WeightsFile {
    file: hire_artifact::Weights,
}

impl WeightsFile {
    /// Maps a safetensors file.
    pub(crate) fn open(path: &Path) -> Outcome<Self> {
        Ok(Self { file: hire_artifact::Weights::open(path)? })
    }

    /// The file.
    pub(crate) fn file(&self) -> &hire_artifact::Weights {
        &self.file
    }

    /// The tensor of this name.
    pub(crate) fn get(&self, name: &str) -> Option<&Tensor> {
        self.file.get(name)
    }

    /// All tensors, by name.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Tensor)> {
        self.file.iter()
    }

    /// Checks that every parameter of the module has its tensor, of the right type.
    ///
    /// An argument that the file lacks must be an input of the step, unless it lies in the same
    /// container as arguments that the file has (`params[…]`): then it was forgotten.
    pub(crate) fn check(&self, signature: &Signature) -> Outcome {
        let path = self.file.path().display();
        let containers: HashSet<&str> = signature
            .arguments
            .iter()
            .filter(|a| a.role == Role::Parameter)
            .filter_map(|a| container(&a.name))
            .collect();
        if !signature.arguments.iter().any(|a| a.role == Role::Parameter) {
            let some = self.file.iter().map(|(name, _)| name).next().unwrap_or("nothing");
            return Err(Failure::with_remedy(
                format!("{path}: no argument of the module has a tensor here; the file has `{some}`, for one"),
                "export weights whose tensors are named as the module's arguments",
            ));
        }
        for argument in &signature.arguments {
            match argument.role {
                Role::Parameter => self.check_tensor(argument)?,
                Role::Input if container(&argument.name).is_some_and(|c| containers.contains(c)) => {
                    let expected = argument.ty.as_ref().map(ToString::to_string).unwrap_or_default();
                    return Err(Failure::with_remedy(
                        format!("{path}: the weights lack `{}`, of type {expected}", argument.name),
                        "export the weights together with the module",
                    ));
                }
                Role::Input | Role::State { .. } => {}
            }
        }
        Ok(())
    }

    fn check_tensor(&self, argument: &Argument) -> Outcome {
        let expected = argument.ty.as_ref();
        let found = self.file.get(&argument.name).and_then(tensor_type);
        if found.as_ref() == expected {
            return Ok(());
        }
        let show = |ty: Option<&TensorType>| ty.map_or("no tensor".to_owned(), ToString::to_string);
        Err(Failure::with_remedy(
            format!(
                "{}: `{}` is {} in the weights, but {} in the module",
                self.file.path().display(),
                argument.name,
                show(found.as_ref()),
                show(expected)
            ),
            "export the weights together with the module",
        ))
    }
}

impl Weights for WeightsFile {
    fn weight(&self, name: &str) -> Option<Weight<'_>> {
        let tensor = self.file.get(name)?;
        Some(Weight { ty: tensor_type(tensor)?, data: tensor.bytes() })
    }
}

/// The IR's type of a tensor of the file.
pub(crate) fn tensor_type(tensor: &Tensor) -> Option<TensorType> {
    let element = element_type(tensor.ty().dtype)?;
    Some(TensorType::new(&tensor.ty().shape, element))
}

/// The IR's element type; both name types as StableHLO does.
pub(crate) fn element_type(dtype: Dtype) -> Option<ElementType> {
    ElementType::from_name(dtype.name())
}

/// The part of a name before the first index or dot, when there is one.
fn container(name: &str) -> Option<&str> {
    name.find(['[', '.']).map(|at| &name[..at])
}
