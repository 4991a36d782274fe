//! Repeats an activation on selected neurons, and what reduces over all neurons on all of them.

use std::collections::HashMap;

use hire_compiler::ir::{Attr, ElementType, Func, OpId, Opcode, TensorType, Type, ValueId};
use hire_compiler::rewrite::{Patch, Transplant};

use super::find::{Axis, Cone, Effect, elementwise_composite};
use crate::hire::emit::Emit;
use crate::hire::rewrite::narrow::{companion, uniform, with_size};

/// A value of the activation for the selected neurons.
#[derive(Clone, Copy, Debug)]
pub(super) struct Narrow {
    /// The value.
    pub value: ValueId,
    /// Which neuron each entry is of, i32 in the layout of `value`; unknown for numbers spread over neurons and
    /// for groups.
    pub positions: Option<ValueId>,
}

/// The walk through a cone.
pub(super) struct Walk<'a> {
    func: &'a Func,
    cone: &'a Cone,
    k_prime: u64,
    /// Values for the selected neurons.
    pub narrow: HashMap<ValueId, Narrow>,
    /// Values for all neurons.
    pub whole: HashMap<ValueId, ValueId>,
    free: Transplant,
    /// What the last top-k looked at: a scatter puts its values back there.
    ranked: Option<Narrow>,
}

impl<'a> Walk<'a> {
    /// A walk with `k_prime` selected neurons. The pre-activations must be put into `narrow`, and those that are
    /// needed of all neurons into `whole`.
    pub(super) fn new(func: &'a Func, cone: &'a Cone, k_prime: u64) -> Self {
        let (narrow, whole) = (HashMap::new(), HashMap::new());
        Self { func, cone, k_prime, narrow, whole, free: Transplant::new(), ranked: None }
    }

    /// Repeats everything.
    pub(super) fn run(&mut self, patch: &mut Patch) {
        for &(op, effect) in &self.cone.ops {
            match effect {
                Effect::Local(axis) if axis.dim().is_some() => {
                    let needed = self.func.ops[op].results.iter().any(|v| self.cone.whole.contains(v));
                    if needed {
                        self.on_all(patch, op);
                    }
                    self.on_selected(patch, op, axis);
                }
                Effect::Local(_) => self.verbatim(patch, op),
                Effect::Whole => self.on_all(patch, op),
                Effect::TopK { k, .. } => self.top_k(patch, op, k),
            }
        }
    }

    /// Repeats, on all neurons, what leads to operand 0 of `until`, and returns that operand.
    pub(super) fn run_whole(&mut self, patch: &mut Patch, until: OpId) -> ValueId {
        let wanted = self.func.ops[until].operands[0];
        for &(op, effect) in self.cone.ops.iter().take_while(|&&(op, _)| op != until) {
            match effect {
                Effect::Local(axis) if axis.dim().is_none() => self.verbatim(patch, op),
                _ => self.on_all(patch, op),
            }
        }
        self.whole.get(&wanted).copied().expect("a top-k ranks what the pre-activations lead to")
    }

    /// An operation on values without neurons.
    fn verbatim(&mut self, patch: &mut Patch, op: OpId) {
        patch.copy_of_target(self.func, &[op], &mut self.free);
    }

    /// An operation on all neurons.
    fn on_all(&mut self, patch: &mut Patch, op: OpId) {
        let operation = &self.func.ops[op];
        let mut copies = self.free.clone();
        for operand in &operation.operands {
            if let Some(&whole) = self.whole.get(operand) {
                copies.bind(*operand, whole);
            }
        }
        patch.copy_of_target(self.func, &[op], &mut copies);
        for &result in &operation.results {
            let copy = copies.value(result).expect("a copied operation binds its results");
            match self.cone.axes.get(&result).and_then(|a| a.dim()) {
                Some(_) => drop(self.whole.insert(result, copy)),
                None => self.free.bind(result, copy),
            }
        }
    }

    fn top_k(&mut self, patch: &mut Patch, op: OpId, k: u64) {
        let operation = &self.func.ops[op];
        let ranked = self.narrow[&operation.operands[0]];
        let (values, places) = patch.builder().top_k(ranked.value, k);
        for (&result, value) in operation.results.iter().zip([values, places]) {
            self.free.bind(result, value);
        }
        self.ranked = Some(ranked);
    }

    /// How many entries stand for the selected neurons along an axis.
    fn count(&self, axis: Axis) -> u64 {
        match axis {
            Axis::Split { group, .. } | Axis::Groups { group, .. } => self.k_prime / group,
            _ => self.k_prime,
        }
    }

    /// An operation on each neuron, for the selected ones: the same with smaller types.
    fn on_selected(&mut self, patch: &mut Patch, op: OpId, axis: Axis) {
        let operation = &self.func.ops[op];
        let known = operation.operands.iter().filter_map(|v| self.narrow.get(v)).find_map(|n| n.positions);
        let mut copies = self.free.clone();
        let mut operands = Vec::new();
        for &operand in &operation.operands {
            let value = self.operand(patch, operand, axis, known);
            if let Some(value) = value {
                copies.bind(operand, value);
                operands.push(value);
            }
        }
        let result = operation.results[0];
        let ty = self.func.value_type(result).as_tensor().expect("activations are tensors");
        let ty = with_size(ty, axis.dim().expect("an axis of neurons"), self.count(axis));
        let value = match elementwise_composite(self.func, op) {
            Some(opcode) if operation.opcode == Opcode::Composite => {
                patch.builder().value(opcode, [operands[0]], [], ty.clone())
            }
            _ => {
                patch.copy_of_target(self.func, &[op], &mut copies);
                let value = copies.value(result).expect("a copied operation binds its results");
                patch.builder().func.values[value].ty = Type::Tensor(ty.clone());
                value
            }
        };
        let positions = self.moved_positions(patch, op, axis, known, &ty);
        self.narrow.insert(result, Narrow { value, positions });
    }

    /// What stands for an operand among the selected neurons; `None` for one that the copy taps or binds itself.
    fn operand(&self, patch: &mut Patch, operand: ValueId, axis: Axis, known: Option<ValueId>) -> Option<ValueId> {
        if let Some(narrow) = self.narrow.get(&operand) {
            return Some(narrow.value);
        }
        let ty = self.func.value_type(operand).as_tensor().expect("activations are tensors");
        if self.cone.axes.contains_key(&operand) || ty.rank() == Some(0) {
            return None;
        }
        let dim = axis.dim().expect("an axis of neurons");
        match known.filter(|_| matches!(axis, Axis::Flat { .. })) {
            Some(positions) => Some(companion(self.func, patch, operand, dim, Some(positions))),
            None => {
                let defining = self.func.defining_op(operand).expect("uniform values are computed");
                let narrow = with_size(ty, dim, self.count(axis));
                Some(uniform(self.func, patch, &self.func.ops[defining], narrow))
            }
        }
    }

    /// The positions in the layout of an operation's result.
    fn moved_positions(
        &self,
        patch: &mut Patch,
        op: OpId,
        axis: Axis,
        known: Option<ValueId>,
        result: &TensorType,
    ) -> Option<ValueId> {
        let operation = &self.func.ops[op];
        if operation.opcode == Opcode::Scatter {
            return self.ranked.and_then(|ranked| ranked.positions);
        }
        let known = known.filter(|_| !matches!(axis, Axis::Groups { .. }))?;
        if !matches!(operation.opcode, Opcode::Transpose | Opcode::Reshape | Opcode::BroadcastInDim) {
            return Some(known);
        }
        let attrs: Vec<(_, Attr)> = operation.attrs.iter().map(|(n, a)| (n.clone(), a.clone())).collect();
        let mut b = patch.builder();
        let value = b.value(operation.opcode, [known], [], result.with_element(ElementType::I32));
        let moved = b.func.defining_op(value).expect("just made by an operation");
        b.func.ops[moved].attrs = attrs.into_iter().collect();
        Some(value)
    }
}
