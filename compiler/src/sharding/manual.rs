//! `sdy.manual_computation`: its attributes, read.

use smol_str::SmolStr;

use super::read::{ReadError, read_manual_axes};
use super::{TensorSharding, read_per_value};
use crate::ir::{Attr, Operation};

/// The attributes of a manual computation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manual {
    /// How each operand is cut.
    pub in_shardings: Vec<TensorSharding>,
    /// How each result is put together.
    pub out_shardings: Vec<TensorSharding>,
    /// The axes along which the body sees parts.
    pub axes: Vec<SmolStr>,
}

impl Manual {
    /// Reads those of `operation`.
    ///
    /// # Errors
    /// When one is missing, or is not of its kind.
    pub fn read(operation: &Operation) -> Result<Self, ReadError> {
        let text = |name: &str, expected: &'static str| match operation.attr(name) {
            Some(Attr::Opaque(text)) => Ok(text.as_str()),
            _ => Err(ReadError { expected, at: name.to_owned() }),
        };
        Ok(Self {
            in_shardings: read_per_value(text("in_shardings", "shardings")?)?,
            out_shardings: read_per_value(text("out_shardings", "shardings")?)?,
            axes: read_manual_axes(text("manual_axes", "manual axes")?)?,
        })
    }

    /// A sharding without the axes that are not manual: what it does to the shapes that the body sees.
    pub fn only_manual(&self, sharding: &TensorSharding) -> TensorSharding {
        let mut manual = sharding.clone();
        for dim in &mut manual.dims {
            dim.axes.retain(|axis| self.axes.contains(&axis.name));
        }
        manual
    }
}
