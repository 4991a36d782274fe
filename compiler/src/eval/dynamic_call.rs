//! Custom calls that stand for operations whose shapes are operands, such as `@stablehlo.dynamic_reduce_window`.

use super::call::{Call, single, tensor_ints, tensor_sizes};
use super::custom_call::{called, result_type};
use super::error::{EvalError, Fault};
use super::machine::{Machine, tensors};
use super::program::Body;
use super::regions::inputs_and_inits;
use super::rng;
use super::sort::largest;
use super::value::Value;
use super::window::{Window, slide};
use crate::ir::{ElementType, Func, Opcode, Operation, TensorType};

/// How many operands of a dynamic `reduce_window` describe the window.
const WINDOW_OPERANDS: usize = 5;

/// `stablehlo.dynamic_top_k`: a tensor, and how many entries are wanted.
pub(super) fn top_k(machine: &mut Machine<'_>, operands: &[Value]) -> Result<Vec<Value>, EvalError> {
    let operands = tensors(operands)?;
    let &[operand, k] = operands.as_slice() else {
        return Err(Fault::invalid("dynamic_top_k takes a tensor and a number").into());
    };
    let k = usize::try_from(single(k)?.int()).map_err(|_| Fault::invalid("`k` is negative"))?;
    Ok(largest(&machine.heap, operand, k)?.into_iter().map(Value::Tensor).collect())
}

/// `stablehlo.dynamic_rng_bit_generator`: the state, and the shape of the bits.
pub(super) fn bits(
    machine: &mut Machine<'_>,
    func: &Func,
    operation: &Operation,
    operands: Vec<Value>,
) -> Result<Vec<Value>, EvalError> {
    let tensors = operands.into_iter().map(Value::into_tensor).collect::<Result<Vec<_>, _>>()?;
    let shape =
        tensors.get(1).map(tensor_sizes).ok_or_else(|| Fault::invalid("the shape of the bits is missing"))??;
    let sizes: Vec<u64> = shape.iter().map(|&size| size as u64).collect();
    let output = TensorType::new(&sizes, result_type(func, operation, 1)?.element.clone());
    let results = vec![result_type(func, operation, 0)?, &output];
    let call = Call {
        opcode: Opcode::RngBitGenerator,
        attrs: &operation.attrs,
        operands: tensors,
        results,
        heap: &machine.heap,
    };
    Ok(rng::rng_bit_generator(&call)?.into_iter().map(Value::Tensor).collect())
}

/// `stablehlo.dynamic_reduce_window`: inputs, an initial value for each, then dimensions, strides, base and window
/// dilations and padding. The function that it calls combines two elements.
pub(super) fn reduce_window(
    machine: &mut Machine<'_>,
    func: &Func,
    operation: &Operation,
    operands: &[Value],
) -> Result<Vec<Value>, EvalError> {
    let operands = tensors(operands)?;
    let split = operands.len().checked_sub(WINDOW_OPERANDS).ok_or_else(|| Fault::invalid("the window is missing"))?;
    let (data, window) = operands.split_at(split);
    let (inputs, inits) = inputs_and_inits(operation, data)?;
    let rank = inputs[0].shape().len();
    let sizes = |at: usize| tensor_sizes(window[at]);
    let padding = tensor_ints(window[4])?;
    let padding = padding.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
    let window = Window { size: sizes(0)?, stride: sizes(1)?, base_dilation: sizes(2)?, dilation: sizes(3)?, padding };
    window.check(rank)?;
    let elements: Vec<ElementType> = (0..inputs.len())
        .map(|n| Ok(result_type(func, operation, n)?.element.clone()))
        .collect::<Result<_, Fault>>()?;
    let name = called(operation).ok_or_else(|| Fault::invalid("the call names no function that combines elements"))?;
    let (id, heap) = (machine.function(name)?, machine.heap.clone());
    let (mut frame, region) = machine.frame(id)?;
    let mut body = Body::new(machine, &mut frame, region, 2 * inputs.len())?;
    let results = slide(&heap, (inputs, inits), &window, &elements, &mut body)?;
    Ok(results.into_iter().map(Value::Tensor).collect())
}
