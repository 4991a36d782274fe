//! Messages between devices, and the feeds from and to the host.

use smallvec::SmallVec;

use super::call::attr_ints;
use super::error::{EvalError, Fault};
use super::groups::channel;
use super::machine::Machine;
use super::tensor::Tensor;
use super::value::Value;
use crate::ir::Operation;

/// The target of this device's message, where source-target pairs are given.
fn peer(operation: &Operation, own: usize, sends: bool) -> Option<usize> {
    let pairs = operation.attr("source_target_pairs").and_then(attr_ints)?;
    let pairs: SmallVec<[(i64, i64); 4]> = pairs.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
    let found = pairs.iter().find(|&&(source, target)| if sends { source } else { target } == own as i64)?;
    usize::try_from(found.1).ok()
}

pub(super) fn send(machine: &Machine<'_>, operation: &Operation, operands: &[Value]) -> Result<Vec<Value>, EvalError> {
    let device = machine.device.ok_or_else(|| alone(operation))?;
    let tensors = operands.iter().filter(|value| matches!(value, Value::Tensor(_))).cloned().collect();
    device.send(channel(operation), peer(operation, device.index, true), tensors);
    Ok(vec![Value::Token])
}

pub(super) fn receive(machine: &Machine<'_>, operation: &Operation) -> Result<Vec<Value>, EvalError> {
    let device = machine.device.ok_or_else(|| alone(operation))?;
    let mut values = device.receive(channel(operation), peer(operation, device.index, false))?;
    values.push(Value::Token);
    Ok(values)
}

fn alone(operation: &Operation) -> Fault {
    Fault::unsupported(format!("{} needs other devices; run the program on a grid", operation.name()))
}

pub(super) fn infeed(machine: &mut Machine<'_>) -> Result<Vec<Value>, EvalError> {
    let queue = machine.device.and_then(|device| device.infeed());
    let name = queue.ok_or_else(|| Fault::Assertion("the infeed is empty".to_owned()))?;
    let mut values = machine.call(machine.function(&name)?, Vec::new())?;
    values.push(Value::Token);
    Ok(values)
}

pub(super) fn outfeed(machine: &mut Machine<'_>, operands: &[Value]) -> Result<Vec<Value>, EvalError> {
    let tensors: Vec<Tensor> = operands.iter().filter_map(Value::as_tensor).cloned().collect();
    match machine.device {
        Some(device) => device.feed_out(tensors),
        None => machine.outfed.push(tensors),
    }
    Ok(vec![Value::Token])
}
