//! Collectives, messages, feeds, and a device's place in its grid.
//!
//! A program that runs alone is on a grid of one device.

use smallvec::SmallVec;

use super::call::{Call, attr_ints, single, tensor_types};
use super::elementwise;
use super::error::{EvalError, Fault};
use super::machine::{Frame, Machine};
use super::number::Kind;
use super::program::Body;
use super::regions::region;
use super::shape;
use super::tensor::{Heap, Shape, Tensor};
use super::value::Value;
use super::walk::{self, Layout, row_major};
use crate::ir::{Attr, AxisRef, ElementType, MeshReference, OpId, Opcode, Operation, ReplicaGroupMeshAxes};

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
        Opcode::Send => send(machine, operation, operands)?,
        Opcode::Recv => receive(machine, operation)?,
        Opcode::Infeed => infeed(machine)?,
        Opcode::Outfeed => outfeed(machine, operands)?,
        _ => return Ok(None),
    };
    Ok(Some(results))
}

fn id(id: usize) -> Result<Value, Fault> {
    let ty = crate::ir::TensorType::scalar(ElementType::UI32);
    Tensor::new(&ty, (id as u32).to_le_bytes().to_vec()).map(Value::Tensor)
}

/// How replica groups turn into process groups.
#[derive(Clone, Copy, PartialEq)]
enum Strategy {
    CrossReplica,
    CrossPartition,
    CrossReplicaAndPartition,
    FlattenedIds,
}

/// The grid that a machine's device belongs to.
#[derive(Clone, Copy)]
struct Place {
    replicas: usize,
    partitions: usize,
    index: usize,
}

impl Place {
    fn of(machine: &Machine<'_>) -> Self {
        match machine.device {
            Some(device) => {
                Self { replicas: device.grid.replicas, partitions: device.grid.partitions, index: device.index }
            }
            None => Self { replicas: 1, partitions: 1, index: 0 },
        }
    }

    /// The devices of each process group.
    fn groups(self, ids: &[Vec<usize>], strategy: Strategy) -> Result<Vec<Vec<usize>>, Fault> {
        let (replicas, partitions) = (self.replicas, self.partitions);
        let limit = match strategy {
            Strategy::CrossReplica | Strategy::CrossReplicaAndPartition => replicas,
            Strategy::CrossPartition => partitions,
            Strategy::FlattenedIds => replicas * partitions,
        };
        if let Some(id) = ids.iter().flatten().find(|&&id| id >= limit) {
            return Err(Fault::invalid(format!("a group names process {id} of a grid of {replicas} by {partitions}")));
        }
        let everyone = [(0..limit).collect::<Vec<_>>()];
        let ids = if ids.is_empty() { &everyone[..] } else { ids };
        let device = |replica: usize, partition: usize| replica * partitions + partition;
        Ok(match strategy {
            Strategy::CrossReplica => ids
                .iter()
                .flat_map(|group| {
                    (0..partitions).map(move |p| group.iter().map(|&replica| device(replica, p)).collect())
                })
                .collect(),
            Strategy::CrossPartition => ids
                .iter()
                .flat_map(|group| (0..replicas).map(move |r| group.iter().map(|&p| device(r, p)).collect()))
                .collect(),
            Strategy::CrossReplicaAndPartition => ids
                .iter()
                .map(|group| {
                    (0..partitions).flat_map(|p| group.iter().map(move |&replica| device(replica, p))).collect()
                })
                .collect(),
            Strategy::FlattenedIds => ids.to_vec(),
        })
    }
}

fn channel(operation: &Operation) -> i64 {
    match operation.attr("channel_handle") {
        Some(Attr::ChannelHandle(handle)) => handle.handle,
        _ => 0,
    }
}

/// The strategy of the collectives that reduce or gather.
fn strategy(operation: &Operation) -> Result<Strategy, Fault> {
    let flattened = matches!(operation.attr("use_global_device_ids"), Some(Attr::Unit | Attr::Bool(true)))
        || matches!(operation.attr("replica_groups"), Some(Attr::ReplicaGroupMeshAxes(_)));
    match (channel(operation) > 0, flattened) {
        (_, true) => Ok(Strategy::FlattenedIds),
        (false, false) => Ok(Strategy::CrossReplica),
        (true, false) => Ok(Strategy::CrossReplicaAndPartition),
    }
}

/// The strategy of the collectives that move values without reducing.
fn moving_strategy(operation: &Operation) -> Strategy {
    if matches!(operation.attr("replica_groups"), Some(Attr::ReplicaGroupMeshAxes(_))) {
        Strategy::FlattenedIds
    } else if channel(operation) > 0 {
        Strategy::CrossPartition
    } else {
        Strategy::CrossReplica
    }
}

/// The rows of `replica_groups`, padding left out.
fn replica_groups(machine: &Machine<'_>, operation: &Operation) -> Result<Vec<Vec<usize>>, Fault> {
    match operation.attr("replica_groups") {
        Some(Attr::Elements(elements)) => {
            let columns = elements.ty.sizes().and_then(|sizes| sizes.get(1).copied()).unwrap_or(0) as usize;
            let ids = elements.to_i64s().ok_or_else(|| Fault::invalid("`replica_groups` are integers"))?;
            let row = |row: &[i64]| row.iter().filter_map(|&id| usize::try_from(id).ok()).collect();
            Ok(if columns == 0 { Vec::new() } else { ids.chunks_exact(columns).map(row).collect() })
        }
        Some(Attr::ReplicaGroupMeshAxes(axes)) => mesh_groups(machine, axes),
        _ => Err(Fault::invalid("`replica_groups` is missing")),
    }
}

/// The groups of devices that differ along some axes of a mesh only.
fn mesh_groups(machine: &Machine<'_>, groups: &ReplicaGroupMeshAxes) -> Result<Vec<Vec<usize>>, Fault> {
    let MeshReference::Mesh(mesh) = &groups.mesh else {
        let _ = machine;
        return Err(Fault::unsupported(
            "replica groups by the name of a mesh; spell the mesh out as #stablehlo.mesh, or give the groups as a tensor",
        ));
    };
    // Axes as alternating sizes: each axis is cut where a part of it is named.
    let mut sizes: Vec<usize> = Vec::new();
    let mut grouped: Vec<(usize, usize)> = Vec::new();
    for (name, size) in &mesh.axes {
        let size = usize::try_from(*size).map_err(|_| Fault::invalid("a mesh axis is negative"))?;
        let part = groups.axes.iter().enumerate().find(|(_, axis)| axis.name == *name);
        match part {
            Some((order, AxisRef { sub_axis_info: Some((before, part)), .. })) => {
                let (before, part) = (*before as usize, *part as usize);
                if before == 0 || part == 0 || size % (before * part) != 0 {
                    return Err(Fault::invalid(format!("axis {name} has no part of {part} after {before}")));
                }
                sizes.push(before);
                grouped.push((order, sizes.len()));
                sizes.extend([part, size / before / part]);
            }
            Some((order, _)) => {
                grouped.push((order, sizes.len()));
                sizes.push(size);
            }
            None => sizes.push(size),
        }
    }
    if grouped.len() != groups.axes.len() {
        return Err(Fault::invalid("the replica groups name an axis that the mesh lacks, or one axis twice"));
    }
    grouped.sort_unstable();
    let inner: Vec<usize> = grouped.iter().map(|&(_, dim)| dim).collect();
    let outer: Vec<usize> = (0..sizes.len()).filter(|dim| !inner.contains(dim)).collect();
    let strides = row_major(&sizes);
    let order: Option<Vec<usize>> = match &mesh.device_ids {
        Some(ids) => ids.to_i64s().map(|ids| ids.iter().filter_map(|&id| usize::try_from(id).ok()).collect()),
        None => None,
    };
    let device = |at: usize| order.as_ref().map_or(Some(at), |order| order.get(at).copied());
    let inner_offsets = super::matmul::offsets(&inner, &sizes, &strides);
    super::matmul::offsets(&outer, &sizes, &strides)
        .iter()
        .map(|&base| inner_offsets.iter().map(|&at| device(base + at)).collect::<Option<Vec<_>>>())
        .collect::<Option<_>>()
        .ok_or_else(|| Fault::invalid("the mesh lists too few devices"))
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

/// The member of a group that an optional second operand names, else the first.
fn root(operands: &[Value], size: usize) -> Result<usize, Fault> {
    let Some(Value::Tensor(root)) = operands.get(1) else { return Ok(0) };
    let root = single(root)?.int();
    usize::try_from(root)
        .ok()
        .filter(|&root| root < size)
        .ok_or_else(|| Fault::Assertion(format!("a group of {size} has no member {root}")))
}

fn zeros(machine: &Machine<'_>, operands: &[Value]) -> Result<Tensor, Fault> {
    let like = operands
        .first()
        .and_then(Value::as_tensor)
        .ok_or_else(|| Fault::invalid("the collective lacks its operand"))?;
    let zero = super::quantized::zero_bytes(like.element())?;
    machine.heap.build(like.element(), like.shape(), |out| {
        walk::fill(out, &zero);
        Ok(())
    })
}

fn collective_broadcast(
    machine: &Machine<'_>,
    operation: &Operation,
    operands: &[Value],
) -> Result<Vec<Value>, EvalError> {
    let tensor = match exchange(machine, operation, moving_strategy(operation), operands)? {
        Some(exchange) => {
            let column = exchange.column(0)?;
            column[root(operands, column.len())?].clone()
        }
        None => zeros(machine, operands)?,
    };
    Ok(vec![Value::Tensor(tensor)])
}

/// The reduction on the root of each group, zeros on the others.
fn collective_reduce<'m>(
    machine: &mut Machine<'m>,
    frame: &mut Frame<'m>,
    operation: &Operation,
    operands: &[Value],
) -> Result<Vec<Value>, EvalError> {
    let tensor = match exchange(machine, operation, strategy(operation)?, operands)? {
        Some(exchange) if exchange.rank == root(operands, exchange.values.len())? => {
            reduce(machine, frame, operation, &exchange.column(0)?)?
        }
        _ => zeros(machine, operands)?,
    };
    Ok(vec![Value::Tensor(tensor)])
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
        return Ok(vec![Value::Tensor(zeros(machine, operands)?)]);
    }
    let values = meet(machine, operation, &group, operands)?;
    let source = linked.iter().find(|pair| pair[1] == place.index).map(|pair| pair[0]);
    let from = source.and_then(|source| group.iter().position(|&device| device == source));
    let tensor = match from.and_then(|from| values.get(from)).and_then(|values| values.first()) {
        Some(value) => value.clone().into_tensor()?,
        None => zeros(machine, operands)?,
    };
    Ok(vec![Value::Tensor(tensor)])
}

/// The target of this device's message, where source-target pairs are given.
fn peer(operation: &Operation, own: usize, sends: bool) -> Option<usize> {
    let pairs = operation.attr("source_target_pairs").and_then(attr_ints)?;
    let pairs: SmallVec<[(i64, i64); 4]> = pairs.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
    let found = pairs.iter().find(|&&(source, target)| if sends { source } else { target } == own as i64)?;
    usize::try_from(found.1).ok()
}

fn send(machine: &Machine<'_>, operation: &Operation, operands: &[Value]) -> Result<Vec<Value>, EvalError> {
    let device = machine.device.ok_or_else(|| alone(operation))?;
    let tensors = operands.iter().filter(|value| matches!(value, Value::Tensor(_))).cloned().collect();
    device.send(channel(operation), peer(operation, device.index, true), tensors);
    Ok(vec![Value::Token])
}

fn receive(machine: &Machine<'_>, operation: &Operation) -> Result<Vec<Value>, EvalError> {
    let device = machine.device.ok_or_else(|| alone(operation))?;
    let mut values = device.receive(channel(operation), peer(operation, device.index, false))?;
    values.push(Value::Token);
    Ok(values)
}

fn alone(operation: &Operation) -> Fault {
    Fault::unsupported(format!("{} needs other devices; run the program on a grid", operation.name()))
}

fn infeed(machine: &mut Machine<'_>) -> Result<Vec<Value>, EvalError> {
    let queue = machine.device.and_then(|device| device.infeed());
    let name = queue.ok_or_else(|| Fault::Assertion("the infeed is empty".to_owned()))?;
    let mut values = machine.call(machine.function(&name)?, Vec::new())?;
    values.push(Value::Token);
    Ok(values)
}

fn outfeed(machine: &mut Machine<'_>, operands: &[Value]) -> Result<Vec<Value>, EvalError> {
    let tensors: Vec<Tensor> = operands.iter().filter_map(Value::as_tensor).cloned().collect();
    match machine.device {
        Some(device) => device.feed_out(tensors),
        None => machine.outfed.push(tensors),
    }
    Ok(vec![Value::Token])
}
