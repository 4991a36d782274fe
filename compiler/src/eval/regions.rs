//! The operations whose regions compute scalars, one file each.

use super::error::{EvalError, Fault};
use super::machine::{Frame, Machine, tensors};
use super::number::Kind;
use super::program::Body;
use super::tensor::Tensor;
use super::value::Value;
use super::{reduce, scan, scatter, sort, window};
use crate::ir::{OpId, Opcode, Operation, RegionId};

/// Evaluates an operation of this family; `None` for all others.
pub(super) fn evaluate<'m>(
    machine: &mut Machine<'m>,
    frame: &mut Frame<'m>,
    op: OpId,
    operands: &[Value],
) -> Result<Option<Vec<Value>>, EvalError> {
    let run = match frame.func.ops[op].opcode {
        Opcode::Reduce => reduce::reduce,
        Opcode::ReduceWindow => window::reduce_window,
        Opcode::SelectAndScatter => window::select_and_scatter,
        Opcode::Scatter => scatter::scatter,
        Opcode::Sort => sort::sort,
        Opcode::Map => reduce::map,
        Opcode::Scan => scan::scan,
        _ => return Ok(None),
    };
    let operation: &Operation = &frame.func.ops[op];
    let operands = tensors(operands)?;
    let results = run(machine, frame, operation, &operands)?;
    Ok(Some(results.into_iter().map(Value::Tensor).collect()))
}

/// The region of this number.
pub(super) fn region(operation: &Operation, index: usize) -> Result<RegionId, Fault> {
    let name = operation.name();
    operation.regions.get(index).copied().ok_or_else(|| Fault::invalid(format!("{name} lacks region {index}")))
}

/// The inputs and as many initial values, which are scalars; inputs have one shape.
pub(super) fn inputs_and_inits<'a>(
    operation: &Operation,
    operands: &'a [&'a Tensor],
) -> Result<(&'a [&'a Tensor], &'a [&'a Tensor]), Fault> {
    let (inputs, inits) = operands.split_at(operands.len() / 2);
    let same = inputs.iter().all(|input| input.shape() == inputs[0].shape());
    if inputs.is_empty() || inputs.len() != inits.len() || !same || inits.iter().any(|init| init.len() != 1) {
        return Err(Fault::invalid(format!("{} takes inputs of one shape and a scalar for each", operation.name())));
    }
    Ok((inputs, inits))
}

/// The kinds of tensors' elements as they are stored.
pub(super) fn kinds(tensors: &[&Tensor]) -> Result<Vec<Kind>, Fault> {
    tensors.iter().map(|tensor| Kind::stored(tensor.element())).collect()
}

/// The declared element types of an operation's results, one for each of `count`.
pub(super) fn result_elements(
    frame: &Frame<'_>,
    operation: &Operation,
    count: usize,
) -> Result<Vec<crate::ir::ElementType>, Fault> {
    let types: Option<Vec<_>> =
        operation.results.iter().map(|&v| frame.func.value_type(v).as_tensor().map(|ty| ty.element.clone())).collect();
    types
        .filter(|types| types.len() == count)
        .ok_or_else(|| Fault::invalid(format!("{} gives {count} tensors", operation.name())))
}

/// Prepares the region of this number, which takes `arity` scalars.
pub(super) fn body<'a, 'm>(
    machine: &'a mut Machine<'m>,
    frame: &'a mut Frame<'m>,
    operation: &Operation,
    index: usize,
    arity: usize,
) -> Result<Body<'a, 'm>, EvalError> {
    let region = region(operation, index)?;
    Body::new(machine, frame, region, arity)
}
