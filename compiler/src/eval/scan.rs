//! CHLO's `scan`: a loop over one dimension of its inputs that carries values along and stacks
//! what each step gives.
//!
//! The body takes a slice of each input, then the carried values; it gives a slice of each output,
//! then the next carried values. A slice lacks the scanned dimension, or has it with size one: the
//! body's argument types say which.

use super::error::{EvalError, Fault};
use super::machine::{Frame, Machine};
use super::regions::region;
use super::tensor::{Shape, Tensor, element_count};
use super::value::Value;
use super::walk::{self, Layout, row_major};
use crate::ir::Operation;

pub(super) fn scan<'m>(
    machine: &mut Machine<'m>,
    frame: &mut Frame<'m>,
    operation: &Operation,
    operands: &[&Tensor],
) -> Result<Vec<Tensor>, EvalError> {
    let body = region(operation, 0)?;
    let arguments = frame.func.regions[body].args.clone();
    let dim = operation.i64_attr("dimension").and_then(|dim| usize::try_from(dim).ok());
    let dim = dim.ok_or_else(|| Fault::invalid("`dimension` is missing"))?;
    let outputs = output_count(operation, operands.len())?;
    let carried = operation.results.len() - outputs;
    let inputs =
        operands.len().checked_sub(carried).ok_or_else(|| Fault::invalid("scan carries more than it is given"))?;
    let (inputs, inits) = operands.split_at(inputs);
    let length = match (inputs.first(), operation.i64_attr("scan_dim_size")) {
        (Some(input), _) => input.shape().get(dim).copied(),
        (None, size) => size.and_then(|size| usize::try_from(size).ok()),
    };
    let length = length.ok_or_else(|| Fault::invalid("scan does not know how many steps to take"))?;
    if inputs.iter().any(|input| input.shape().get(dim) != Some(&length)) {
        return Err(Fault::invalid("scan takes inputs of one size along `dimension`").into());
    }
    let reverse = matches!(operation.attr("is_reverse"), Some(crate::ir::Attr::Bool(true)));
    let mut carry: Vec<Value> = inits.iter().map(|&t| Value::Tensor(t.clone())).collect();
    let mut steps: Vec<Vec<Tensor>> = Vec::with_capacity(length);
    for step in 0..length {
        let at = if reverse { length - 1 - step } else { step };
        let mut args = Vec::with_capacity(arguments.len());
        for (input, &argument) in inputs.iter().zip(&arguments) {
            let rank = frame.func.value_type(argument).as_tensor().and_then(|ty| ty.rank());
            args.push(Value::Tensor(slice_at(machine, input, dim, at, rank == Some(input.shape().len()))?));
        }
        args.append(&mut carry);
        let mut results = machine.run_region(frame, body, args)?;
        if results.len() != operation.results.len() {
            return Err(Fault::invalid(format!("the body of scan gives {} values", operation.results.len())).into());
        }
        carry = results.split_off(outputs);
        steps.push(results.into_iter().map(Value::into_tensor).collect::<Result<_, _>>()?);
    }
    if reverse {
        steps.reverse();
    }
    let mut results = Vec::with_capacity(operation.results.len());
    for output in 0..outputs {
        let parts: Vec<&Tensor> = steps.iter().map(|step| &step[output]).collect();
        let declared = frame.func.value_type(operation.results[output]).as_tensor();
        let declared = declared.ok_or_else(|| Fault::invalid("scan gives tensors"))?;
        results.push(stack(machine, &parts, dim, length, declared)?);
    }
    for value in carry {
        results.push(value.into_tensor()?);
    }
    Ok(results)
}

/// How many of the results are stacked outputs: the segment sizes say it, or else there are as
/// many as inputs that are not carried.
fn output_count(operation: &Operation, operands: usize) -> Result<usize, Fault> {
    let segments = |name: &str| operation.attr(name).and_then(super::call::attr_ints);
    if let Some(sizes) = segments("resultSegmentSizes").filter(|sizes| sizes.len() == 2) {
        let outputs = usize::try_from(sizes[0]).ok().filter(|&outputs| outputs <= operation.results.len());
        return outputs.ok_or_else(|| Fault::invalid("`resultSegmentSizes` exceed the results"));
    }
    let inputs = match segments("operandSegmentSizes").filter(|sizes| sizes.len() == 2) {
        Some(sizes) => usize::try_from(sizes[0]).unwrap_or(operands),
        None => operands / 2,
    };
    let carried = operands.saturating_sub(inputs);
    operation
        .results
        .len()
        .checked_sub(carried)
        .ok_or_else(|| Fault::invalid("scan gives fewer values than it carries"))
}

fn slice_at(machine: &Machine<'_>, input: &Tensor, dim: usize, at: usize, keep: bool) -> Result<Tensor, Fault> {
    let mut shape: Shape = input.shape().into();
    shape[dim] = 1;
    let strides = row_major(input.shape());
    let from = Layout { offset: at as isize * strides[dim], strides };
    let slice = machine.heap.build(input.element(), &shape, |out| {
        walk::copy(&shape, input.bytes(), &from, out, &Layout::whole(&shape), input.element().byte_size());
        Ok::<_, Fault>(())
    })?;
    if keep {
        return Ok(slice);
    }
    shape.remove(dim);
    slice.with_shape(&shape)
}

fn stack(
    machine: &Machine<'_>,
    parts: &[&Tensor],
    dim: usize,
    length: usize,
    declared: &crate::ir::TensorType,
) -> Result<Tensor, Fault> {
    let Some(first) = parts.first() else {
        let shape = super::tensor::static_shape(declared)?;
        return machine.heap.build(&declared.element, &shape, |_| Ok(()));
    };
    let mut shape: Shape = first.shape().into();
    if shape.len() == declared.rank().unwrap_or(0) {
        shape[dim] = 1;
    } else if dim <= shape.len() {
        shape.insert(dim, 1);
    }
    let expected = element_count(&shape)?;
    if dim >= shape.len() || parts.iter().any(|part| part.len() != expected || part.element() != first.element()) {
        return Err(Fault::invalid("the slices that the body of scan gives do not stack"));
    }
    let part_shape = shape.clone();
    shape[dim] = length;
    let width = first.element().byte_size();
    machine.heap.build(first.element(), &shape, |out| {
        let mut to = Layout::whole(&shape);
        let step = to.strides[dim];
        for part in parts {
            walk::copy(&part_shape, part.bytes(), &Layout::whole(&part_shape), out, &to, width);
            to.offset += step;
        }
        Ok(())
    })
}
