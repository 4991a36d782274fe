//! Which devices a collective joins: replica groups as tensors or as axes of a mesh.

use super::error::Fault;
use super::machine::Machine;
use super::walk::row_major;
use crate::ir::{Attr, AxisRef, Item, Mesh, MeshReference, Operation, ReplicaGroupMeshAxes};
use crate::sharding::read_mesh;

/// How replica groups turn into process groups.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Strategy {
    CrossReplica,
    CrossPartition,
    CrossReplicaAndPartition,
    FlattenedIds,
}

/// The grid that a machine's device belongs to.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) replicas: usize,
    pub(super) partitions: usize,
    pub(super) index: usize,
}

impl Place {
    pub(super) fn of(machine: &Machine<'_>) -> Self {
        match machine.device {
            Some(device) => {
                Self { replicas: device.grid.replicas, partitions: device.grid.partitions, index: device.index }
            }
            None => Self { replicas: 1, partitions: 1, index: 0 },
        }
    }

    /// The devices of each process group.
    pub(super) fn groups(self, ids: &[Vec<usize>], strategy: Strategy) -> Result<Vec<Vec<usize>>, Fault> {
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

pub(super) fn channel(operation: &Operation) -> i64 {
    match operation.attr("channel_handle") {
        Some(Attr::ChannelHandle(handle)) => handle.handle,
        _ => 0,
    }
}

/// The strategy of the collectives that reduce or gather.
pub(super) fn strategy(operation: &Operation) -> Result<Strategy, Fault> {
    let flattened = matches!(operation.attr("use_global_device_ids"), Some(Attr::Unit | Attr::Bool(true)))
        || matches!(operation.attr("replica_groups"), Some(Attr::ReplicaGroupMeshAxes(_)));
    match (channel(operation) > 0, flattened) {
        (_, true) => Ok(Strategy::FlattenedIds),
        (false, false) => Ok(Strategy::CrossReplica),
        (true, false) => Ok(Strategy::CrossReplicaAndPartition),
    }
}

/// The strategy of the collectives that move values without reducing.
pub(super) fn moving_strategy(operation: &Operation) -> Strategy {
    if matches!(operation.attr("replica_groups"), Some(Attr::ReplicaGroupMeshAxes(_))) {
        Strategy::FlattenedIds
    } else if channel(operation) > 0 {
        Strategy::CrossPartition
    } else {
        Strategy::CrossReplica
    }
}

/// The rows of `replica_groups`, padding left out.
pub(super) fn replica_groups(machine: &Machine<'_>, operation: &Operation) -> Result<Vec<Vec<usize>>, Fault> {
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
    let named;
    let mesh = match &groups.mesh {
        MeshReference::Mesh(mesh) => mesh,
        MeshReference::Symbol(symbol) => {
            named = named_mesh(machine, symbol)?;
            &named
        }
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

/// The `sdy.mesh` of this name.
fn named_mesh(machine: &Machine<'_>, symbol: &str) -> Result<Mesh, Fault> {
    let globals = machine.module.items.iter().filter_map(|item| match item {
        Item::Global(global) if global.name == "sdy.mesh" && global.symbol.as_deref() == Some(symbol) => Some(global),
        _ => None,
    });
    let mut texts = globals.filter_map(|global| match global.attrs.get("mesh") {
        Some(Attr::Opaque(text)) => Some(text.as_str()),
        _ => None,
    });
    let text = texts.next().ok_or_else(|| Fault::invalid(format!("there is no sdy.mesh @{symbol}")))?;
    read_mesh(text).map_err(|error| Fault::invalid(format!("@{symbol} is no mesh of named axes: {error}")))
}
