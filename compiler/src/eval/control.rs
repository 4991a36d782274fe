//! Control flow, calls, tokens, tuples, and the operations that only a running program has.

use super::call::{Call, single, tensor_types};
use super::check::{Rule, show};
use super::error::{EvalError, Fault};
use super::machine::{Frame, Machine, tensors};
use super::number::Kind;
use super::regions::region;
use super::tensor::Tensor;
use super::value::Value;
use super::{collective, manual, parallel, rng};
use crate::ir::{OpId, Opcode, Operation};

/// Evaluates an operation of this family; `None` for all others.
pub(super) fn evaluate<'m>(
    machine: &mut Machine<'m>,
    frame: &mut Frame<'m>,
    op: OpId,
    operands: &[Value],
) -> Result<Option<Vec<Value>>, EvalError> {
    let operation: &Operation = &frame.func.ops[op];
    if let Some(rule) = Rule::of_operation(operation) {
        check(machine, frame, op, rule, operands)?;
        return Ok(Some(Vec::new()));
    }
    let results = match operation.opcode {
        Opcode::AfterAll | Opcode::CreateToken => vec![Value::Token],
        Opcode::OptimizationBarrier | Opcode::UnrealizedConversionCast => operands.to_vec(),
        op if keeps_global_value(op) => operands.to_vec(),
        Opcode::ShardingGroup => Vec::new(),
        Opcode::Tuple => vec![Value::Tuple(operands.to_vec())],
        Opcode::GetTupleElement => vec![tuple_element(operation, operands)?],
        Opcode::If => {
            let branch = usize::from(!single(tensors(operands)?.first().copied().ok_or_else(no_predicate)?)?.is_true());
            machine.run_region(frame, region(operation, branch)?, Vec::new())?
        }
        Opcode::Case => {
            let index = single(tensors(operands)?.first().copied().ok_or_else(no_predicate)?)?.int();
            let last = operation.regions.len().saturating_sub(1);
            let branch = usize::try_from(index).unwrap_or(last).min(last);
            machine.run_region(frame, region(operation, branch)?, Vec::new())?
        }
        Opcode::While => run_while(machine, frame, operation, operands)?,
        Opcode::Call => call(machine, operation, "callee", operands)?,
        Opcode::Composite => call(machine, operation, "decomposition", operands)?,
        Opcode::ManualComputation => manual::evaluate(machine, frame, op, operands)?,
        Opcode::NamedComputation => machine.run_region(frame, region(operation, 0)?, operands.to_vec())?,
        Opcode::AsyncStart => {
            vec![Value::Future(machine.run_region(frame, region(operation, 0)?, operands.to_vec())?)]
        }
        Opcode::AsyncDone => match operands {
            [Value::Future(results)] => results.clone(),
            _ => return Err(Fault::invalid("async_done takes a future").into()),
        },
        Opcode::Rng => vec![Value::Tensor(draw(machine, frame, operation, operands)?)],
        Opcode::Print => {
            print(machine, operands)?;
            Vec::new()
        }
        Opcode::Probe => {
            let id = operation.str_attr("probe_id").unwrap_or_default();
            let tensor = tensors(operands)?.first().map(|&t| t.clone());
            machine.probes.entry(id.into()).or_default().extend(tensor);
            operands.to_vec()
        }
        Opcode::ExpectSerializedEq => {
            check_probe(machine, frame, op, operands)?;
            Vec::new()
        }
        Opcode::RunParallel => parallel::run_parallel(machine, operation, operands)?,
        _ => return collective::evaluate(machine, frame, op, operands),
    };
    Ok(Some(results))
}

/// Whether an operation of `sdy` only says or changes how a tensor is laid out over devices. Its operand and result are
/// the whole tensors, and one that is still to be summed over devices is its sum, so they are equal.
fn keeps_global_value(op: Opcode) -> bool {
    use Opcode::*;
    let says = matches!(op, DataFlowEdge | FuncDataFlowEdge | PropagationBarrier | ShardingConstraint);
    let moves = matches!(op, Reshard | SdyAllGather | SdyAllSlice | SdyAllToAll | SdyCollectivePermute);
    let sums = matches!(op, SdyAllReduce | SdyReduceScatter | ReplicatedToUnreduced | ShardedToUnreduced);
    says || moves || sums
}

fn no_predicate() -> Fault {
    Fault::invalid("the operation lacks its predicate or index")
}

fn tuple_element(operation: &Operation, operands: &[Value]) -> Result<Value, Fault> {
    let index = operation.i64_attr("index").and_then(|index| usize::try_from(index).ok());
    match (operands, index) {
        ([Value::Tuple(parts)], Some(index)) if index < parts.len() => Ok(parts[index].clone()),
        _ => Err(Fault::invalid("get_tuple_element needs a tuple and an index into it")),
    }
}

fn run_while<'m>(
    machine: &mut Machine<'m>,
    frame: &mut Frame<'m>,
    operation: &Operation,
    operands: &[Value],
) -> Result<Vec<Value>, EvalError> {
    let (cond, body) = (region(operation, 0)?, region(operation, 1)?);
    let mut values = operands.to_vec();
    loop {
        let condition = machine.run_region(frame, cond, values.clone())?;
        let goes_on = match condition.as_slice() {
            [Value::Tensor(tensor)] => single(tensor)?.is_true(),
            _ => return Err(Fault::invalid("the condition of a while gives one tensor").into()),
        };
        if !goes_on {
            return Ok(values);
        }
        values = machine.run_region(frame, body, values)?;
    }
}

fn call(
    machine: &mut Machine<'_>,
    operation: &Operation,
    attr: &str,
    operands: &[Value],
) -> Result<Vec<Value>, EvalError> {
    let name =
        operation.symbol_attr(attr).ok_or_else(|| Fault::invalid(format!("{} names no function", operation.name())))?;
    let id = machine.function(name)?;
    machine.call(id, operands.to_vec())
}

fn draw<'m>(
    machine: &mut Machine<'m>,
    frame: &Frame<'m>,
    operation: &Operation,
    operands: &[Value],
) -> Result<Tensor, Fault> {
    let heap = machine.heap.clone();
    let operands = tensors(operands)?.into_iter().cloned().collect();
    let results = tensor_types(operation.results.iter().map(|&v| frame.func.value_type(v)))
        .ok_or_else(|| Fault::invalid("rng gives a tensor"))?;
    let call = Call { opcode: operation.opcode, attrs: &operation.attrs, operands, results, heap: &heap };
    rng::rng(&call, machine.options.seed, &mut machine.drawn)
}

/// Keeps a tensor's elements as text, for the caller of the run.
fn print(machine: &mut Machine<'_>, operands: &[Value]) -> Result<(), Fault> {
    const MOST: usize = 10_000;
    for tensor in tensors(operands)? {
        let kind = Kind::stored(tensor.element())?;
        let elements: Vec<String> =
            (0..tensor.len().min(MOST)).map(|i| show(kind, kind.read(tensor.bytes(), i))).collect();
        let rest = if tensor.len() > MOST { ", …" } else { "" };
        machine.printed.push(format!("{} [{}{rest}]", tensor.ty(), elements.join(", ")));
    }
    Ok(())
}

/// Compares the operand with the second one, or with the constant that the check carries.
fn check<'m>(
    machine: &mut Machine<'m>,
    frame: &Frame<'m>,
    op: OpId,
    rule: Rule,
    operands: &[Value],
) -> Result<(), EvalError> {
    let operation = &frame.func.ops[op];
    let operands = tensors(operands)?;
    let constant =
        operation.attr("value").and_then(|attr| attr.as_elements()).map(Tensor::from_elements).transpose()?;
    let (actual, expected) = match (operands.as_slice(), &constant) {
        (&[actual, expected], None) => (actual, expected),
        (&[actual], Some(expected)) => (actual, expected),
        _ => return Err(Fault::invalid("a check takes a tensor and what it is expected to be").into()),
    };
    machine.checks.count += 1;
    if let Some(message) = rule.compare(actual, expected)? {
        machine.fail_check(frame.func, op, message);
    }
    Ok(())
}

/// Compares with what a probe of this run kept in its `iter`-th execution, counted from one.
fn check_probe<'m>(
    machine: &mut Machine<'m>,
    frame: &Frame<'m>,
    op: OpId,
    operands: &[Value],
) -> Result<(), EvalError> {
    let operation = &frame.func.ops[op];
    let (id, iter) = (operation.str_attr("probe_id").unwrap_or_default(), operation.i64_attr("iter").unwrap_or(1));
    let kept = machine.probes.get(id).and_then(|kept| kept.get(usize::try_from(iter.checked_sub(1)?).ok()?)).cloned();
    let kept = kept.ok_or_else(|| Fault::Assertion(format!("probe {id:?} has not run {iter} times")))?;
    let expected =
        tensors(operands)?.first().copied().ok_or_else(|| Fault::invalid("the check lacks its operand"))?.clone();
    machine.checks.count += 1;
    if let Some(message) = Rule::Equal.compare(&kept, &expected)? {
        machine.fail_check(frame.func, op, message);
    }
    Ok(())
}
