//! Which values share memory, and how long each piece of memory is needed.

use std::collections::HashMap;

use super::lifetimes::{Lifetime, Lifetimes};
use super::{host_bytes, state_results, updated_operand};
use crate::back::dispatch::{Kind, kind};
use crate::ir::{Func, Module, OpId, Opcode, RegionId, ValueId};

/// What a piece of memory is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// An argument of the entry.
    Argument { index: u32, writable: bool },
    /// A constant.
    Constant(OpId),
    /// A part of the arena.
    Arena,
}

/// A piece of memory.
#[derive(Clone, Copy, Debug)]
pub(super) struct Storage {
    /// What it is.
    pub(super) origin: Origin,
    /// Its size.
    pub(super) bytes: u64,
    /// When it is needed.
    pub(super) lifetime: Lifetime,
}

/// The memory that each value lies in.
pub(super) struct Storages {
    /// All pieces.
    pub(super) list: Vec<Storage>,
    of: HashMap<ValueId, usize>,
}

/// Whether an update may be made in place: given the call, the operand's index.
type InPlace<'a> = dyn Fn(OpId, usize) -> bool + 'a;

impl Storages {
    /// The memory that `func` needs; `in_place` decides about updates that could be made in place.
    pub(super) fn of(module: &Module, func: &Func, lifetimes: &Lifetimes, in_place: &InPlace<'_>) -> Self {
        let groups = Groups::of(func, lifetimes);
        let mut storages = Self { list: Vec::new(), of: HashMap::new() };
        let states = state_results(func);
        for (index, &arg) in func.args().iter().enumerate() {
            let writable = states.iter().any(|&(state, _)| state == index as u32);
            storages.found(func, lifetimes, arg, Origin::Argument { index: index as u32, writable });
        }
        each_planned_op(func, |op| {
            let operation = &func.ops[op];
            match kind(func, op) {
                Kind::Constant => storages.found(func, lifetimes, operation.results[0], Origin::Constant(op)),
                Kind::View => storages.share(lifetimes, operation.results[0], operation.operands[0]),
                Kind::Control if operation.opcode == Opcode::While => storages.carry(func, lifetimes, op),
                _ => {
                    let updated = updated_operand(module, func, op).filter(|&index| {
                        let operand = operation.operands[index];
                        let last_reader = groups.last_use(operand) <= lifetimes.op(op).first;
                        let passed = operation.operands.iter().filter(|&&v| groups.same(v, operand)).count();
                        last_reader && passed == 1 && storages.is_writable(operand) && in_place(op, index)
                    });
                    match updated {
                        Some(index) => storages.share(lifetimes, operation.results[0], operation.operands[index]),
                        None => {
                            for &result in &operation.results {
                                storages.found(func, lifetimes, result, Origin::Arena);
                            }
                        }
                    }
                }
            }
        });
        storages
    }

    /// The memory of a value.
    pub(super) fn get(&self, value: ValueId) -> Option<usize> {
        self.of.get(&value).copied()
    }

    fn is_writable(&self, value: ValueId) -> bool {
        let origin = self.get(value).map(|at| self.list[at].origin);
        matches!(origin, Some(Origin::Arena | Origin::Argument { writable: true, .. }))
    }

    fn found(&mut self, func: &Func, lifetimes: &Lifetimes, value: ValueId, origin: Origin) {
        let Some(bytes) = host_bytes(func.value_type(value)) else { return };
        self.of.insert(value, self.list.len());
        self.list.push(Storage { origin, bytes, lifetime: lifetimes.value(value) });
    }

    fn share(&mut self, lifetimes: &Lifetimes, value: ValueId, with: ValueId) {
        let Some(at) = self.get(with) else { return };
        self.of.insert(value, at);
        self.list[at].lifetime = self.list[at].lifetime.join(lifetimes.value(value));
    }

    /// One piece for each carried value of a loop.
    fn carry(&mut self, func: &Func, lifetimes: &Lifetimes, op: OpId) {
        let operation = &func.ops[op];
        for (index, &result) in operation.results.iter().enumerate() {
            self.found(func, lifetimes, result, Origin::Arena);
            let Some(at) = self.get(result) else { continue };
            self.list[at].lifetime = self.list[at].lifetime.join(lifetimes.op(op));
            for &region in &operation.regions {
                self.of.insert(func.regions[region].args[index], at);
            }
        }
    }
}

/// Values that are the same bytes: an operation's result and its views.
struct Groups {
    leader: HashMap<ValueId, ValueId>,
    last: HashMap<ValueId, u32>,
}

impl Groups {
    fn of(func: &Func, lifetimes: &Lifetimes) -> Self {
        let mut groups = Self { leader: HashMap::new(), last: HashMap::new() };
        func.walk(|_, op| {
            if kind(func, op) == Kind::View {
                let leader = groups.leader(func.ops[op].operands[0]);
                groups.leader.insert(func.ops[op].results[0], leader);
            }
        });
        for value in func.values.keys() {
            let last = groups.last.entry(groups.leader.get(&value).copied().unwrap_or(value)).or_insert(0);
            *last = (*last).max(lifetimes.value(value).last);
        }
        groups
    }

    fn leader(&self, value: ValueId) -> ValueId {
        self.leader.get(&value).copied().unwrap_or(value)
    }

    fn same(&self, a: ValueId, b: ValueId) -> bool {
        self.leader(a) == self.leader(b)
    }

    fn last_use(&self, value: ValueId) -> u32 {
        self.last.get(&self.leader(value)).copied().unwrap_or(0)
    }
}

/// Visits the operations whose results lie somewhere: all of the entry but those in the regions of
/// primitives.
pub(super) fn each_planned_op(func: &Func, mut visit: impl FnMut(OpId)) {
    let mut stack: Vec<(RegionId, usize)> = func.body.map(|body| (body, 0)).into_iter().collect();
    while let Some((region, at)) = stack.pop() {
        let Some(&op) = func.regions[region].ops.get(at) else { continue };
        stack.push((region, at + 1));
        visit(op);
        if kind(func, op) == Kind::Control {
            stack.extend(func.ops[op].regions.iter().rev().map(|&region| (region, 0)));
        }
    }
}
