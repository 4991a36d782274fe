//! The operations between the products of a feed-forward layer: the activation.
//!
//! They are found backwards from the second product. Those that a pre-activation reaches are the
//! cone, read forwards: each must work on neurons alone ([`Effect::Local`]), take the largest, or
//! reduce all of them to a number a row, as a statistical top-k does with mean and deviation.

use std::collections::{HashMap, HashSet};

use hire_compiler::graph::Uses;
use hire_compiler::ir::{Func, OpId, Opcode, ValueId};

use super::axis::{self, Axis, Effect};
use crate::hire::find::{Step, is_uniform_along};

/// The most operations that an activation may take.
pub(super) const MOST_OPERATIONS: usize = 512;

/// The activation of a feed-forward layer.
#[derive(Clone, Debug)]
pub struct Cone {
    /// The operations that pre-activations reach, in program order, with their effects.
    pub ops: Vec<(OpId, Effect)>,
    /// The operations that compute the activation, those that no pre-activation reaches included.
    pub slice: Vec<OpId>,
    /// How the values that pre-activations reach are laid out.
    pub axes: HashMap<ValueId, Axis>,
    /// The values that must be known of all neurons, as a mean or deviation is taken of them.
    pub whole: HashSet<ValueId>,
}

impl Cone {
    /// The first top-k, with what it takes.
    pub fn top_k(&self) -> Option<(OpId, u64, u64)> {
        self.ops.iter().find_map(|&(op, effect)| match effect {
            Effect::TopK { k, group } => Some((op, k, group)),
            _ => None,
        })
    }

    /// Neurons that only make sense together: the groups of a group top-k.
    pub fn group(&self) -> u64 {
        group_of(&self.axes)
    }

    /// The steps from a pre-activation to the last that depends on the neuron, such as a bias.
    pub fn prelude(&self, func: &Func, users: &Uses, gate: ValueId) -> Vec<Step> {
        let (mut steps, mut length, mut value) = (Vec::new(), 0, gate);
        while let Some(only) = users.single(value) {
            let operation = &func.ops[only.op];
            let companions: Vec<ValueId> = operation.operands.iter().copied().filter(|&v| v != value).collect();
            let Some(&(_, Effect::Local(to))) = self.ops.iter().find(|(op, _)| *op == only.op) else { break };
            let alone = companions.len() + 1 == operation.operands.len()
                && companions.iter().all(|v| !self.axes.contains_key(v))
                && operation.opcode != Opcode::Composite;
            let (Some(result), Axis::Flat { dim }, true) = (operation.result(), to, alone) else { break };
            let Some(operand) = operation.operands.iter().position(|&v| v == value) else { break };
            steps.push(Step { op: only.op, operand, vocabulary_dim: dim, keeps_order: false });
            if companions.iter().any(|&v| !is_uniform(func, v, dim)) {
                length = steps.len();
            }
            value = result;
        }
        steps.truncate(length);
        steps
    }
}

fn group_of(axes: &HashMap<ValueId, Axis>) -> u64 {
    let group = |axis: &Axis| match axis {
        Axis::Split { group, .. } | Axis::Groups { group, .. } => *group,
        _ => 1,
    };
    axes.values().map(group).max().unwrap_or(1)
}

fn is_uniform(func: &Func, value: ValueId, dim: usize) -> bool {
    let rank = func.value_type(value).as_tensor().and_then(|t| t.rank());
    rank == Some(0) || is_uniform_along(func, value, dim)
}

/// The operations that compute `value`, and the products where they start. `None` when they are too many.
pub(super) fn slice(func: &Func, value: ValueId) -> Option<(HashSet<OpId>, Vec<OpId>)> {
    let (mut ops, mut products, mut pending) = (HashSet::new(), Vec::new(), vec![value]);
    while let Some(op) = pending.pop().map(|v| func.defining_op(v)) {
        let Some(op) = op else { continue };
        let operation = &func.ops[op];
        if operation.opcode == Opcode::DotGeneral {
            if !products.contains(&op) {
                products.push(op);
            }
        } else if ops.insert(op) {
            pending.extend(operation.operands.iter().copied());
        }
        if ops.len() > MOST_OPERATIONS {
            return None;
        }
    }
    Some((ops, products))
}

/// Reads the cone from the pre-activations `ups` (with the dimension of their neurons) to
/// `activation`, which `down` takes.
///
/// # Errors
/// Why it cannot be repeated on a selection of neurons.
pub(super) fn read(
    func: &Func,
    users: &Uses,
    slice: Vec<OpId>,
    ups: &[(ValueId, usize)],
    down: OpId,
    neurons: u64,
) -> Result<Cone, String> {
    let mut axes: HashMap<ValueId, Axis> = ups.iter().map(|&(v, dim)| (v, Axis::Flat { dim })).collect();
    let mut ops = Vec::new();
    let mut placed = Placed { values: ups.iter().map(|&(v, _)| v).collect(), ranked: None };
    for &op in &slice {
        let operation = &func.ops[op];
        if !operation.operands.iter().any(|v| axes.contains_key(v)) {
            continue;
        }
        let effect = axis::effect(func, op, (neurons, group_of(&axes)), &|v| axes.get(&v).copied())?;
        if let Effect::Local(to) = effect {
            refuse_companions(func, op, to, &axes, &placed)?;
        }
        placed.follow(func, op, effect);
        for (index, &result) in operation.results.iter().enumerate() {
            let axis = match effect {
                Effect::Local(axis) => axis,
                Effect::Whole => Axis::Free,
                Effect::TopK { .. } if index == 0 => Axis::Free,
                Effect::TopK { .. } => Axis::Places,
            };
            axes.insert(result, axis);
        }
        ops.push((op, effect));
    }
    if !func.ops[down].operands.iter().any(|v| placed.values.contains(v)) {
        return Err("its activation does not say which neuron is which".to_owned());
    }
    stays_inside(func, users, ups, &ops, down)?;
    let whole = whole_values(func, &ops, &axes)?;
    Ok(Cone { ops, slice, axes, whole })
}

/// The values of which the neuron of each entry is known, when only some neurons are selected: not a threshold that
/// is spread over them.
struct Placed {
    values: HashSet<ValueId>,
    /// What the last top-k looked at.
    ranked: Option<ValueId>,
}

impl Placed {
    fn follow(&mut self, func: &Func, op: OpId, effect: Effect) {
        let operation = &func.ops[op];
        let from = |v: &&ValueId| self.values.contains(*v);
        match effect {
            Effect::TopK { .. } => self.ranked = operation.operands.first().filter(from).copied(),
            // A scatter puts entries back where a top-k found them, if its result is laid out as what that looked at.
            Effect::Local(Axis::Flat { .. }) if operation.opcode == Opcode::Scatter => {
                let shape = |v: ValueId| func.value_type(v).as_tensor().map(|t| t.dims.clone());
                if self.ranked.is_some_and(|ranked| shape(ranked) == shape(operation.results[0])) {
                    self.values.extend(&operation.results);
                }
            }
            Effect::Local(Axis::Flat { .. } | Axis::Split { .. }) if operation.operands.iter().any(|v| from(&v)) => {
                self.values.extend(&operation.results);
            }
            _ => {}
        }
    }
}

/// Refuses what stands beside neurons and cannot be picked for the selected ones: what differs from group to group, or
/// stands beside a number that is spread over the neurons.
fn refuse_companions(
    func: &Func,
    op: OpId,
    axis: Axis,
    axes: &HashMap<ValueId, Axis>,
    placed: &Placed,
) -> Result<(), String> {
    let Some(dim) = axis.dim() else { return Ok(()) };
    let is_placed = func.ops[op].operands.iter().any(|v| placed.values.contains(v));
    if matches!(axis, Axis::Flat { .. }) && is_placed {
        return Ok(());
    }
    let operands = func.ops[op].operands.iter().filter(|v| !axes.contains_key(v));
    if operands.copied().all(|v| is_uniform(func, v, dim)) {
        return Ok(());
    }
    Err(format!("its neurons meet values of their own in `{}`", func.ops[op].name()))
}

/// Refuses activations that something else uses too: they would have to be computed anyway.
fn stays_inside(
    func: &Func,
    users: &Uses,
    ups: &[(ValueId, usize)],
    ops: &[(OpId, Effect)],
    down: OpId,
) -> Result<(), String> {
    let inside: HashSet<OpId> = ops.iter().map(|&(op, _)| op).chain([down]).collect();
    let results = ops.iter().flat_map(|&(op, _)| func.ops[op].results.iter().copied());
    for value in ups.iter().map(|&(v, _)| v).chain(results) {
        if let Some(other) = users.get(value).iter().find(|u| !inside.contains(&u.op)) {
            return Err(format!("its activations are used by `{}` too", func.ops[other.op].name()));
        }
    }
    Ok(())
}

/// The values that reductions over all neurons need.
fn whole_values(
    func: &Func,
    ops: &[(OpId, Effect)],
    axes: &HashMap<ValueId, Axis>,
) -> Result<HashSet<ValueId>, String> {
    let mut whole: HashSet<ValueId> = HashSet::new();
    for &(op, effect) in ops.iter().rev() {
        let operation = &func.ops[op];
        let needed = effect == Effect::Whole || operation.results.iter().any(|v| whole.contains(v));
        if !needed {
            continue;
        }
        if let Effect::TopK { .. } = effect {
            return Err("it reduces over all neurons after a top-k".to_owned());
        }
        whole.extend(operation.operands.iter().copied().filter(|v| axes.contains_key(v)));
    }
    Ok(whole)
}
