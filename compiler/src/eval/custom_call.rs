//! Custom calls that JAX and StableHLO's tests make and whose meaning does not depend on a device.

use smallvec::SmallVec;

use super::call::{Call, single, tensor_types};
use super::check::Rule;
use super::error::{EvalError, Fault};
use super::machine::{Machine, tensors};
use super::number::{Kind, Scalar};
use super::program::Body;
use super::sort::{largest, merge_sort};
use super::tensor::{Shape, Tensor};
use super::value::Value;
use super::walk::{Indices, position, row_major};
use super::{dispatch, dynamic_call};
use crate::ir::{Attr, AttrMap, ElementType, Func, OpId, Opcode, Operation, TensorType};

pub(super) fn evaluate(
    machine: &mut Machine<'_>,
    func: &Func,
    op: OpId,
    operands: Vec<Value>,
) -> Result<Vec<Value>, EvalError> {
    let operation: &Operation = &func.ops[op];
    let target =
        operation.str_attr("call_target_name").ok_or_else(|| Fault::invalid("a custom call names its target"))?;
    if let Some(rule) = Rule::of_target(target) {
        return check(machine, func, op, rule, &operands);
    }
    match target {
        "Sharding"
        | "LayoutConstraint"
        | "MoveToDevice"
        | "MoveToHost"
        | "SPMDFullToShardShape"
        | "SPMDShardToFullShape"
        | "annotate_device_placement" => return Ok(operands),
        "xla.sdy.FuncResultSharding" | "xla.sdy.GlobalToLocalShape" | "xla.sdy.LocalToGlobalShape" => {
            return Ok(operands);
        }
        "TopK" | "mhlo.topk" => return top_k(machine, func, operation, &operands),
        "stablehlo.dynamic_top_k" => return dynamic_call::top_k(machine, &operands),
        "stablehlo.dynamic_reduce_window" => return dynamic_call::reduce_window(machine, func, operation, &operands),
        "ApproxTopK" | "PartialReduce" => return approx_top_k(machine, func, operation, &operands),
        "stablehlo.dynamic_rng_bit_generator" => return dynamic_call::bits(machine, func, operation, operands),
        "shape_assertion" => return shape_assertion(operation, &operands),
        _ => {}
    }
    let plain = target.split_once('.').and_then(|(dialect, name)| match dialect {
        "mhlo" | "chlo" => {
            Opcode::from_name(&format!("chlo.{name}")).or_else(|| Opcode::from_name(&format!("stablehlo.{name}")))
        }
        _ => None,
    });
    match plain {
        Some(opcode) => plain_operation(machine, func, operation, opcode, operands),
        None => Err(Fault::unsupported(format!(
            "the interpreter does not know the custom call @{target}; replace it by operations that it can compute"
        ))
        .into()),
    }
}

/// A check; `check.eq` also gives its answer as a predicate.
fn check(
    machine: &mut Machine<'_>,
    func: &Func,
    op: OpId,
    rule: Rule,
    operands: &[Value],
) -> Result<Vec<Value>, EvalError> {
    let operands = tensors(operands)?;
    let &[actual, expected] = operands.as_slice() else {
        return Err(Fault::invalid("a check takes what is and what is expected").into());
    };
    machine.checks.count += 1;
    let problem = rule.compare(actual, expected)?;
    let holds = problem.is_none();
    if let Some(message) = problem {
        machine.fail_check(func, op, message);
    }
    func.ops[op]
        .results
        .iter()
        .map(|&result| {
            let shape = func.value_type(result).as_tensor().and_then(|ty| super::tensor::static_shape(ty).ok());
            let shape = shape.ok_or_else(|| Fault::invalid("a check gives predicates"))?;
            let predicate = machine.heap.build(&ElementType::I1, &shape, |out| {
                out.fill(u8::from(holds));
                Ok::<_, Fault>(())
            })?;
            Ok(Value::Tensor(predicate))
        })
        .collect()
}

/// An attribute of the call, or of a dictionary that exporters wrap attributes in.
fn inner_attr<'a>(operation: &'a Operation, name: &str) -> Option<&'a Attr> {
    let wrapped = |outer: &str| match operation.attr(outer) {
        Some(Attr::Dict(attrs)) => attrs.get(name),
        _ => None,
    };
    let direct = operation.attr(name);
    direct.or_else(|| ["mhlo.attributes", "mhlo.backend_config", "backend_config"].into_iter().find_map(wrapped))
}

pub(super) fn result_type<'f>(func: &'f Func, operation: &Operation, index: usize) -> Result<&'f TensorType, Fault> {
    let ty = operation.results.get(index).and_then(|&v| func.value_type(v).as_tensor());
    ty.ok_or_else(|| Fault::invalid(format!("the custom call gives no tensor as result {index}")))
}

fn top_k(
    machine: &mut Machine<'_>,
    func: &Func,
    operation: &Operation,
    operands: &[Value],
) -> Result<Vec<Value>, EvalError> {
    let operands = tensors(operands)?;
    let operand = operands.first().ok_or_else(|| Fault::invalid("top-k takes a tensor"))?;
    let k = match inner_attr(operation, "k").and_then(Attr::as_i64) {
        Some(k) => usize::try_from(k).ok(),
        None => super::tensor::static_shape(result_type(func, operation, 0)?)?.last().copied(),
    };
    let k = k.ok_or_else(|| Fault::invalid("the custom call does not say how many it wants"))?;
    if matches!(inner_attr(operation, "largest"), Some(Attr::Bool(false))) {
        return Err(Fault::unsupported("top-k of the smallest; negate the operand and the result").into());
    }
    Ok(largest(&machine.heap, operand, k)?.into_iter().map(Value::Tensor).collect())
}

/// The function that a custom call applies.
pub(super) fn called(operation: &Operation) -> Option<&str> {
    match operation.attr("called_computations") {
        Some(Attr::Array(names)) => names.first().and_then(Attr::as_symbol),
        _ => None,
    }
}

/// The first entries along one dimension in the order of a comparator, which is exact top-k: as
/// many as the results hold. Operands are values, their companions, and an initial value for each.
fn approx_top_k(
    machine: &mut Machine<'_>,
    func: &Func,
    operation: &Operation,
    operands: &[Value],
) -> Result<Vec<Value>, EvalError> {
    let operands = tensors(operands)?;
    let (inputs, _) = operands.split_at(operands.len() / 2);
    let comparator = called(operation).ok_or_else(|| Fault::invalid("approximate top-k names its comparator"))?;
    let first = inputs.first().ok_or_else(|| Fault::invalid("approximate top-k takes tensors"))?;
    let rank = first.shape().len() as i64;
    let dim = inner_attr(operation, "reduction_dim").and_then(Attr::as_i64).unwrap_or(-1);
    let dim = if dim < 0 { dim + rank } else { dim };
    if !(0..rank).contains(&dim) || inputs.iter().any(|input| input.shape() != first.shape()) {
        return Err(Fault::invalid("approximate top-k takes inputs of one shape and one of its dimensions").into());
    }
    let dim = dim as usize;
    let kept = super::tensor::static_shape(result_type(func, operation, 0)?)?.get(dim).copied().unwrap_or(0);
    if kept > first.shape()[dim] {
        return Err(Fault::invalid(format!("there are no {kept} of {} entries", first.shape()[dim])).into());
    }
    let kinds = inputs.iter().map(|input| Kind::of(input.element())).collect::<Result<Vec<_>, _>>()?;
    let picked = {
        let id = machine.function(comparator)?;
        let (mut frame, region) = machine.frame(id)?;
        let mut body = Body::new(machine, &mut frame, region, 2 * inputs.len())?;
        picks(&mut body, inputs, &kinds, dim, kept)?
    };
    let mut shape: Shape = first.shape().into();
    shape[dim] = kept;
    let gathered = inputs.iter().map(|input| {
        let width = input.element().byte_size();
        machine.heap.build(input.element(), &shape, |out| {
            for (out, &from) in out.chunks_exact_mut(width).zip(&picked) {
                out.copy_from_slice(&input.bytes()[from * width..(from + 1) * width]);
            }
            Ok::<_, Fault>(())
        })
    });
    Ok(gathered.map(|tensor| tensor.map(Value::Tensor)).collect::<Result<_, _>>()?)
}

/// For each element of the result, row-major, which element of the inputs it is.
fn picks(
    body: &mut Body<'_, '_>,
    inputs: &[&Tensor],
    kinds: &[Kind],
    dim: usize,
    kept: usize,
) -> Result<Vec<usize>, EvalError> {
    let shape = inputs[0].shape();
    let strides = row_major(shape);
    let mut lines: Shape = shape.into();
    lines[dim] = 1;
    let mut result_shape: Shape = shape.into();
    result_shape[dim] = kept;
    let result_strides = row_major(&result_shape);
    let mut picked = vec![0; result_shape.iter().product()];
    let mut args: SmallVec<[Scalar; 4]> = SmallVec::from_elem(Scalar::Int(0), 2 * inputs.len());
    let mut line = Indices::new(&lines);
    while let Some(line) = line.next() {
        let place = |i: usize| (position(line, &strides) + i as isize * strides[dim]) as usize;
        let mut order: Vec<usize> = (0..shape[dim]).collect();
        merge_sort(&mut order, &mut |a, b| {
            for (i, (input, kind)) in inputs.iter().zip(kinds).enumerate() {
                args[2 * i] = kind.read(input.bytes(), place(a));
                args[2 * i + 1] = kind.read(input.bytes(), place(b));
            }
            body.call_one(&args).map(Scalar::is_true)
        })?;
        for (i, &from) in order.iter().take(kept).enumerate() {
            picked[(position(line, &result_strides) + i as isize * result_strides[dim]) as usize] = place(from);
        }
    }
    Ok(picked)
}

/// Fails with the call's message, whose `{0}`, `{1}`, … are the further operands.
fn shape_assertion(operation: &Operation, operands: &[Value]) -> Result<Vec<Value>, EvalError> {
    let operands = tensors(operands)?;
    let (condition, inputs) = operands.split_first().ok_or_else(|| Fault::invalid("an assertion has a condition"))?;
    if single(condition)?.is_true() {
        return Ok(Vec::new());
    }
    let mut message =
        inner_attr(operation, "error_message").and_then(Attr::as_str).unwrap_or("a shape assertion failed").to_owned();
    for (i, input) in inputs.iter().enumerate() {
        message = message.replace(&format!("{{{i}}}"), &single(input)?.int().to_string());
    }
    Err(Fault::Assertion(message).into())
}

/// A custom call that stands for an operation of the table, its attributes in a dictionary.
fn plain_operation(
    machine: &mut Machine<'_>,
    func: &Func,
    operation: &Operation,
    opcode: Opcode,
    operands: Vec<Value>,
) -> Result<Vec<Value>, EvalError> {
    let operands = operands.into_iter().map(Value::into_tensor).collect::<Result<Vec<_>, _>>()?;
    let none = AttrMap::new();
    let results = tensor_types(operation.results.iter().map(|&v| func.value_type(v)))
        .ok_or_else(|| Fault::invalid("the custom call gives tensors"))?;
    let attrs = match operation.attr("mhlo.attributes") {
        Some(Attr::Dict(attrs)) => attrs,
        _ => &none,
    };
    let mut call = Call { opcode, attrs, operands, results, heap: &machine.heap };
    Ok(dispatch::evaluate(&mut call)?.into_iter().map(Value::Tensor).collect())
}
