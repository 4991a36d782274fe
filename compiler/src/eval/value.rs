//! Values of a running program.

use super::error::Fault;
use super::tensor::Tensor;
use crate::ir::{Dim, TensorType, Type};

/// A value of a running program.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A tensor; its shape is known even where its type's is not.
    Tensor(Tensor),
    /// A token: the order it stands for has been kept.
    Token,
    /// A tuple.
    Tuple(Vec<Value>),
    /// The results of an asynchronous operation, computed when it started.
    Future(Vec<Value>),
}

impl Value {
    /// The tensor, if it is one.
    pub fn as_tensor(&self) -> Option<&Tensor> {
        match self {
            Value::Tensor(tensor) => Some(tensor),
            _ => None,
        }
    }

    /// The tensor.
    pub(crate) fn into_tensor(self) -> Result<Tensor, Fault> {
        match self {
            Value::Tensor(tensor) => Ok(tensor),
            other => Err(Fault::invalid(format!("expected a tensor, not {}", other.kind()))),
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Value::Tensor(_) => "a tensor",
            Value::Token => "a token",
            Value::Tuple(_) => "a tuple",
            Value::Future(_) => "a future",
        }
    }

    /// Whether the value may stand where a value of type `ty` is declared.
    pub(crate) fn fits(&self, ty: &Type) -> bool {
        match (self, ty) {
            (Value::Tensor(tensor), Type::Tensor(declared) | Type::MemRef(declared)) => tensor_fits(tensor, declared),
            (Value::Token, Type::Token) => true,
            (Value::Tuple(parts), Type::Tuple(types)) | (Value::Future(parts), Type::Future(types)) => {
                parts.len() == types.len() && parts.iter().zip(types).all(|(part, ty)| part.fits(ty))
            }
            _ => false,
        }
    }

    /// What the value is, for messages.
    pub(crate) fn describe(&self) -> String {
        match self {
            Value::Tensor(tensor) => tensor.ty().to_string(),
            other => other.kind().to_owned(),
        }
    }
}

impl From<Tensor> for Value {
    fn from(tensor: Tensor) -> Self {
        Value::Tensor(tensor)
    }
}

fn tensor_fits(tensor: &Tensor, declared: &TensorType) -> bool {
    let Some(dims) = &declared.dims else { return tensor.element() == &declared.element };
    tensor.element() == &declared.element
        && tensor.shape().len() == dims.len()
        && tensor.shape().iter().zip(dims).all(|(&size, dim)| match dim {
            Dim::Size(declared) => size as u64 == *declared,
            Dim::Dynamic => true,
        })
}
