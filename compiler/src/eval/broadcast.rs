//! CHLO's broadcasting operations: their operands are broadcast to a common shape, then the plain
//! operation follows. Without `broadcast_dimensions`, shapes are aligned at their last dimensions,
//! as in NumPy.

use smallvec::SmallVec;

use super::call::Call;
use super::dispatch;
use super::error::Fault;
use super::number::{Kind, Scalar};
use super::shape::broadcast_to;
use super::tensor::{Shape, Tensor};
use super::{elementwise, walk};
use crate::ir::{Attr, FloatFormat, Opcode};

pub(super) fn evaluate(call: &mut Call<'_>, plain: Opcode) -> Result<Tensor, Fault> {
    let explicit = call.ints("broadcast_dimensions")?.map(|dims| super::call::sizes(&dims));
    let rank = call.operands.iter().map(|t| t.shape().len()).max().unwrap_or(0);
    let place = |tensor: &Tensor| -> Result<Shape, Fault> {
        let own = tensor.shape().len();
        match &explicit {
            Some(dims) if own < rank => dims
                .clone()
                .filter(|dims| dims.len() == own && dims.iter().all(|&d| d < rank))
                .ok_or_else(|| Fault::invalid("`broadcast_dimensions` do not fit the smaller operand")),
            _ => Ok((rank - own..rank).collect()),
        }
    };
    let places = call.operands.iter().map(place).collect::<Result<Vec<_>, _>>()?;
    let mut shape: Shape = SmallVec::from_elem(1, rank);
    for (tensor, dims) in call.operands.iter().zip(&places) {
        for (&dim, &size) in dims.iter().zip(tensor.shape()) {
            if shape[dim] != size && shape[dim] != 1 && size != 1 {
                return Err(Fault::invalid(format!("{} does not broadcast to {shape:?}", tensor.ty())));
            }
            shape[dim] = if shape[dim] == 1 { size } else { shape[dim] };
        }
    }
    let operands =
        call.operands
            .iter()
            .zip(&places)
            .map(|(tensor, dims)| {
                if tensor.shape() == &shape[..] { Ok(tensor.clone()) } else { broadcast_to(call, tensor, dims, &shape) }
            })
            .collect::<Result<Vec<_>, _>>()?;
    let mut call = Call { opcode: plain, attrs: call.attrs, operands, results: call.results.clone(), heap: call.heap };
    let mut results = dispatch::evaluate(&mut call)?;
    results.pop().ok_or_else(|| Fault::invalid("an element-wise operation gives one result"))
}

/// A tensor of the operand's shape with one value, given as an attribute.
pub(super) fn constant_like(call: &Call<'_>) -> Result<Tensor, Fault> {
    let element = call.element()?;
    let kind = Kind::of(element)?;
    let value = match call.attrs.get("value") {
        Some(Attr::Int(int)) => Scalar::Int(int.value),
        Some(Attr::Bool(value)) => Scalar::Int((*value).into()),
        Some(Attr::Float(float)) => {
            let format = FloatFormat::of(&float.ty).ok_or_else(|| Fault::invalid("`value` is no float"))?;
            Scalar::Float(format.decode(float.bits))
        }
        Some(Attr::Elements(elements)) => {
            let tensor = Tensor::from_elements(elements)?;
            super::call::single(&tensor)?
        }
        _ => return Err(call.missing("value")),
    };
    let mut bytes = [0; 16];
    kind.write(elementwise::convert(value, kind), &mut bytes, 0);
    call.heap.build(element, call.operand(0)?.shape(), |out| {
        walk::fill(out, &bytes[..kind.width()]);
        Ok(())
    })
}
