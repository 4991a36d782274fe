//! Collectives, and a device's place in its grid.
//!
//! A program that runs alone is on a grid of one device.

use super::call::{Call, attr_ints, tensor_ints, tensor_types};
use super::error::{EvalError, Fault};
use super::groups::{Place, Strategy, channel, moving_strategy, replica_groups, strategy};
use super::machine::{Frame, Machine};
use super::number::Kind;
use super::program::Body;
use super::regions::region;
use super::tensor::{Heap, Shape, Tensor};
use super::value::Value;
use super::walk::{self, Layout, row_major};
use super::{elementwise, messages, shape};
use crate::ir::{Attr, ElementType, OpId, Opcode, Operation};

/// Evaluates an operation of this family; `None` for all others.
pub(super) fn evaluate<'m>(
    machine: &mut Machine<'m>,
    frame: &mut Frame<'m>,
    op: OpId,
    operands: &[Value],
) -> Result<Option<Vec<Value>>, EvalError> {
    let operation: &Operation = &frame.func.ops[op];
    let results = match operation.opcode {
        Opcode::ReplicaId => vec![id(machine.device.map_or(0, |device| device.replica()))?],
        Opcode::PartitionId => vec![id(machine.device.map_or(0, |device| device.partition()))?],
        Opcode::AllGather => all_gather(machine, frame, operation, operands)?,
        Opcode::AllReduce | Opcode::CrossReplicaSum => all_reduce(machine, frame, operation, operands)?,
        Opcode::AllToAll => all_to_all(machine, frame, operation, operands)?,
        Opcode::CollectiveBroadcast => collective_broadcast(machine, operation, operands)?,
        Opcode::CollectivePermute => collective_permute(machine, operation, operands)?,
        Opcode::CollectiveReduce => collective_reduce(machine, frame, operation, operands)?,
        Opcode::ReduceScatter => reduce_scatter(machine, frame, operation, operands)?,
        Opcode::Send => messages::send(machine, operation, operands)?,
        Opcode::Recv => messages::receive(machine, operation)?,
        Opcode::Infeed => messages::infeed(machine)?,
        Opcode::Outfeed => messages::outfeed(machine, operands)?,
        _ => return Ok(None),
    };
    Ok(Some(results))
}

fn id(id: usize) -> Result<Value, Fault> {
    let ty = crate::ir::TensorType::scalar(ElementType::UI32);
    Tensor::new(&ty, (id as u32).to_le_bytes().to_vec()).map(Value::Tensor)
}

/// The group of this device and what each of its members brought; `None` when it is in no group.
fn exchange(
    machine: &Machine<'_>,
    operation: &Operation,
    strategy: Strategy,
    operands: &[Value],
) -> Result<Option<Exchange>, Fault> {
    let place = Place::of(machine);
    let groups = place.groups(&replica_groups(machine, operation)?, strategy)?;
    let Some(group) = groups.into_iter().find(|group| group.contains(&place.index)) else { return Ok(None) };
    let values = meet(machine, operation, &group, operands)?;
    let rank = group.iter().position(|&device| device == place.index).unwrap_or(0);
    Ok(Some(Exchange { rank, values }))
}

fn meet(
    machine: &Machine<'_>,
    operation: &Operation,
    group: &[usize],
    operands: &[Value],
) -> Result<Vec<Vec<Value>>, Fault> {
    match machine.device {
        Some(device) if group.len() > 1 => device.meet(operation.opcode, channel(operation), group, operands.to_vec()),
        _ => Ok(vec![operands.to_vec()]),
    }
}

/// What the members of a group brought to a collective.
struct Exchange {
    /// This device's place in the group.
    rank: usize,
    values: Vec<Vec<Value>>,
}

impl Exchange {
    /// The operand of this number of every member.
    fn column(&self, index: usize) -> Result<Vec<Tensor>, Fault> {
        let one = |values: &Vec<Value>| {
            let tensor = values.get(index).and_then(Value::as_tensor);
            tensor.cloned().ok_or_else(|| Fault::invalid("collectives take the same number of tensors everywhere"))
        };
        let column = self.values.iter().map(one).collect::<Result<Vec<_>, _>>()?;
        Ok(column)
    }
}

fn outside(operation: &Operation) -> Fault {
    Fault::invalid(format!("this process is in no group of {}", operation.name()))
}

/// A call context for the helpers that build tensors.
fn call<'a>(heap: &'a Heap, frame: &'a Frame<'_>, operation: &'a Operation) -> Result<Call<'a>, Fault> {
    let results = tensor_types(operation.results.iter().map(|&v| frame.func.value_type(v)))
        .ok_or_else(|| Fault::invalid(format!("{} gives tensors", operation.name())))?;
    Ok(Call { opcode: operation.opcode, attrs: &operation.attrs, operands: Vec::new(), results, heap })
}

fn all_gather<'m>(
    machine: &mut Machine<'m>,
    frame: &Frame<'m>,
    operation: &Operation,
    operands: &[Value],
) -> Result<Vec<Value>, EvalError> {
    let exchange = exchange(machine, operation, strategy(operation)?, operands)?.ok_or_else(|| outside(operation))?;
    let call = call(&machine.heap, frame, operation)?;
    let gather = |index: usize| {
        let column = exchange.column(index)?;
        let dim = call.dim("all_gather_dim", column[0].shape().len())?;
        shape::concatenate_along(&call, &column, dim).map(Value::Tensor)
    };
    Ok((0..operands.len()).map(gather).collect::<Result<_, _>>()?)
}

fn all_reduce<'m>(
    machine: &mut Machine<'m>,
    frame: &mut Frame<'m>,
    operation: &Operation,
    operands: &[Value],
) -> Result<Vec<Value>, EvalError> {
    let exchange = exchange(machine, operation, strategy(operation)?, operands)?.ok_or_else(|| outside(operation))?;
    let mut results = Vec::with_capacity(operands.len());
    for index in 0..operands.len() {
        results.push(Value::Tensor(reduce(machine, frame, operation, &exchange.column(index)?)?));
    }
    Ok(results)
}

/// Folds the tensors element by element, in the order of the group.
fn reduce<'m>(
    machine: &mut Machine<'m>,
    frame: &mut Frame<'m>,
    operation: &Operation,
    parts: &[Tensor],
) -> Result<Tensor, EvalError> {
    let (first, rest) = parts.split_first().ok_or_else(|| outside(operation))?;
    if let Some(odd) = rest.iter().find(|part| part.shape() != first.shape() || part.element() != first.element()) {
        return Err(Fault::invalid(format!("{} and {} cannot be reduced together", first.ty(), odd.ty())).into());
    }
    let heap = machine.heap.clone();
    let kind = Kind::stored(first.element())?;
    if operation.opcode == Opcode::CrossReplicaSum {
        let add = elementwise::Elementwise::of(Opcode::Add, &operation.attrs, &[kind, kind], kind)?
            .ok_or_else(|| Fault::invalid("sums are element-wise"))?;
        let sum = rest
            .iter()
            .try_fold(first.clone(), |sum, part| elementwise::apply(&heap, &add, &[&sum, part], first.element()))?;
        return Ok(sum);
    }
    let mut body = Body::new(machine, frame, region(operation, 0)?, 2)?;
    let fold = body.single_operation().filter(|fold| fold.operands[0] == kind && fold.result == kind).cloned();
    let mut sum = first.clone();
    for part in rest {
        if let Some(fold) = &fold {
            body.tick(part.len())?;
            sum = elementwise::apply(&heap, fold, &[&sum, part], first.element())?;
            continue;
        }
        sum = heap.build(first.element(), first.shape(), |out| {
            for at in 0..first.len() {
                let args = [kind.read(sum.bytes(), at), kind.read(part.bytes(), at)];
                let args = [0, 1].map(|i| elementwise::convert(args[i], body.args[i]));
                kind.write(body.call_one(&args)?, out, at);
            }
            Ok::<_, EvalError>(())
        })?;
    }
    Ok(sum)
}

/// One of `count` equal parts of a tensor along a dimension.
fn part(heap: &Heap, tensor: &Tensor, dim: usize, count: usize, index: usize) -> Result<Tensor, Fault> {
    let size = tensor.shape().get(dim).copied().unwrap_or(0);
    if count == 0 || size % count != 0 {
        return Err(Fault::invalid(format!("{} does not split into {count} parts along {dim}", tensor.ty())));
    }
    let mut shape: Shape = tensor.shape().into();
    shape[dim] = size / count;
    let strides = row_major(tensor.shape());
    let from = Layout { offset: (index * shape[dim]) as isize * strides[dim], strides };
    heap.build(tensor.element(), &shape, |out| {
        walk::copy(&shape, tensor.bytes(), &from, out, &Layout::whole(&shape), tensor.element().byte_size());
        Ok(())
    })
}

fn reduce_scatter<'m>(
    machine: &mut Machine<'m>,
    frame: &mut Frame<'m>,
    operation: &Operation,
    operands: &[Value],
) -> Result<Vec<Value>, EvalError> {
    let exchange = exchange(machine, operation, strategy(operation)?, operands)?.ok_or_else(|| outside(operation))?;
    let column = exchange.column(0)?;
    let dim = call(&machine.heap, frame, operation)?.dim("scatter_dimension", column[0].shape().len())?;
    let sum = reduce(machine, frame, operation, &column)?;
    Ok(vec![Value::Tensor(part(&machine.heap, &sum, dim, column.len(), exchange.rank)?)])
}

fn all_to_all<'m>(
    machine: &mut Machine<'m>,
    frame: &Frame<'m>,
    operation: &Operation,
    operands: &[Value],
) -> Result<Vec<Value>, EvalError> {
    let exchange =
        exchange(machine, operation, moving_strategy(operation), operands)?.ok_or_else(|| outside(operation))?;
    let call = call(&machine.heap, frame, operation)?;
    let count = usize::try_from(call.int("split_count")?).map_err(|_| Fault::invalid("`split_count` is negative"))?;
    if count != exchange.values.len() {
        return Err(Fault::invalid(format!("`split_count` is {count} in a group of {}", exchange.values.len())).into());
    }
    let shuffle = |index: usize| {
        let column = exchange.column(index)?;
        let rank = column[0].shape().len();
        let (split, concat) = (call.dim("split_dimension", rank)?, call.dim("concat_dimension", rank)?);
        let parts = column
            .iter()
            .map(|tensor| part(&machine.heap, tensor, split, count, exchange.rank))
            .collect::<Result<Vec<_>, _>>()?;
        shape::concatenate_along(&call, &parts, concat).map(Value::Tensor)
    };
    Ok((0..operands.len()).map(shuffle).collect::<Result<_, _>>()?)
}

/// The data that a rooted collective moves, and the member of the group that is the root of each:
/// the last operand lists them where the root is dynamic, else it is the first member.
fn rooted<'a>(operation: &Operation, operands: &'a [Value]) -> Result<(&'a [Value], Vec<i64>), Fault> {
    let dynamic = matches!(operation.attr("has_dynamic_root"), Some(Attr::Unit | Attr::Bool(true)));
    let (data, roots) = match operands.split_last() {
        Some((Value::Tensor(roots), data)) if dynamic => (data, tensor_ints(roots)?.to_vec()),
        _ => (operands, vec![0; operands.len()]),
    };
    if roots.len() != data.len() {
        return Err(Fault::invalid(format!("{} roots for {} operands", roots.len(), data.len())));
    }
    Ok((data, roots))
}

/// The place in a group of this size that a root names.
fn member(root: i64, size: usize) -> Result<usize, Fault> {
    let member = usize::try_from(root).ok().filter(|&root| root < size);
    member.ok_or_else(|| Fault::Assertion(format!("a group of {size} has no member {root}")))
}

fn zeros(machine: &Machine<'_>, like: &Value) -> Result<Value, Fault> {
    let like = like.as_tensor().ok_or_else(|| Fault::invalid("the collective takes tensors"))?;
    let zero = super::quantized::zero_bytes(like.element())?;
    let tensor = machine.heap.build(like.element(), like.shape(), |out| {
        walk::fill(out, &zero);
        Ok::<_, Fault>(())
    })?;
    Ok(Value::Tensor(tensor))
}

fn collective_broadcast(
    machine: &Machine<'_>,
    operation: &Operation,
    operands: &[Value],
) -> Result<Vec<Value>, EvalError> {
    let (data, roots) = rooted(operation, operands)?;
    let exchange = exchange(machine, operation, moving_strategy(operation), data)?;
    let one = |(index, like): (usize, &Value)| match &exchange {
        Some(exchange) => {
            let column = exchange.column(index)?;
            Ok(Value::Tensor(column[member(roots[index], column.len())?].clone()))
        }
        None => zeros(machine, like),
    };
    Ok(data.iter().enumerate().map(one).collect::<Result<_, Fault>>()?)
}

/// The reduction on the root of each group, zeros on the others.
fn collective_reduce<'m>(
    machine: &mut Machine<'m>,
    frame: &mut Frame<'m>,
    operation: &Operation,
    operands: &[Value],
) -> Result<Vec<Value>, EvalError> {
    let (data, roots) = rooted(operation, operands)?;
    let exchange = exchange(machine, operation, strategy(operation)?, data)?;
    let mut results = Vec::with_capacity(data.len());
    for (index, like) in data.iter().enumerate() {
        results.push(match &exchange {
            Some(exchange) if exchange.rank == member(roots[index], exchange.values.len())? => {
                Value::Tensor(reduce(machine, frame, operation, &exchange.column(index)?)?)
            }
            _ => zeros(machine, like)?,
        });
    }
    Ok(results)
}

fn collective_permute(
    machine: &Machine<'_>,
    operation: &Operation,
    operands: &[Value],
) -> Result<Vec<Value>, EvalError> {
    let pairs = operation.attr("source_target_pairs").and_then(attr_ints);
    let pairs = pairs.ok_or_else(|| Fault::invalid("`source_target_pairs` is missing"))?;
    let rows = pairs.chunks_exact(2).map(|pair| super::call::sizes(pair).map(|pair| pair.to_vec()));
    let rows: Vec<Vec<usize>> =
        rows.collect::<Option<_>>().ok_or_else(|| Fault::invalid("a process id is negative"))?;
    let place = Place::of(machine);
    let devices = if rows.is_empty() { Vec::new() } else { place.groups(&rows, moving_strategy(operation))? };
    // All pairs that are linked to this device's meet at once, so that cycles cannot block.
    let mine = |pair: &Vec<usize>| match moving_strategy(operation) {
        Strategy::CrossPartition => pair[0] / place.partitions == place.index / place.partitions,
        _ => pair[0] % place.partitions == place.index % place.partitions,
    };
    let linked: Vec<&Vec<usize>> = devices.iter().filter(|pair| mine(pair)).collect();
    let mut group: Vec<usize> = linked.iter().flat_map(|pair| pair.iter().copied()).collect();
    group.sort_unstable();
    group.dedup();
    if !group.contains(&place.index) {
        return Ok(operands.iter().map(|like| zeros(machine, like)).collect::<Result<_, _>>()?);
    }
    let values = meet(machine, operation, &group, operands)?;
    let source = linked.iter().find(|pair| pair[1] == place.index).map(|pair| pair[0]);
    let from = source.and_then(|source| group.iter().position(|&device| device == source));
    let one = |(index, like): (usize, &Value)| {
        let sent = from.and_then(|from| values.get(from)).and_then(|values| values.get(index));
        sent.map_or_else(|| zeros(machine, like), |value| Ok(value.clone()))
    };
    Ok(operands.iter().enumerate().map(one).collect::<Result<_, Fault>>()?)
}
