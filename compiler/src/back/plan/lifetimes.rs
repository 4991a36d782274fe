//! When values of a dispatch program are needed.
//!
//! Operations are numbered in program order, those in regions after their parent. A value is
//! needed from the operation that makes it to the last one that reads it. What a loop reads from
//! outside is needed until the loop ends, for the next turn reads it again; the same holds for
//! whatever other operation runs its regions an unknown number of times.

use std::collections::HashMap;

use crate::graph::Order;
use crate::ir::{Func, OpId, Opcode, ValueDef, ValueId};

/// First and last position at which something is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lifetime {
    /// Where it is made.
    pub(super) first: u32,
    /// Where it is read last.
    pub(super) last: u32,
}

impl Lifetime {
    /// The shortest lifetime that covers both.
    pub(super) fn join(self, other: Lifetime) -> Lifetime {
        Lifetime { first: self.first.min(other.first), last: self.last.max(other.last) }
    }

    /// Whether there is a position in both.
    pub(super) fn meets(self, other: Lifetime) -> bool {
        self.first <= other.last && other.first <= self.last
    }
}

/// Lifetimes of all values and extents of all operations of a function.
pub(super) struct Lifetimes {
    ops: HashMap<OpId, Lifetime>,
    values: HashMap<ValueId, Lifetime>,
}

impl Lifetimes {
    /// Those of `func`.
    pub(super) fn of(func: &Func) -> Self {
        let order = Order::of(func);
        let mut found = Self { ops: HashMap::new(), values: HashMap::new() };
        let mut at = 0;
        func.walk(|_, op| {
            at += 1;
            found.ops.insert(op, Lifetime { first: at, last: at });
            let mut parent = order.parent_op(op);
            while let Some(op) = parent {
                found.ops.entry(op).and_modify(|extent| extent.last = at);
                parent = order.parent_op(op);
            }
        });
        func.walk(|_, op| {
            for &operand in &func.ops[op].operands {
                let last = found.position_of_use(func, &order, op, operand);
                let made = found.made(func, &order, operand);
                let lifetime = found.values.entry(operand).or_insert(made);
                lifetime.last = lifetime.last.max(last);
            }
        });
        for value in func.values.keys() {
            let made = found.made(func, &order, value);
            found.values.entry(value).or_insert(made);
        }
        found
    }

    /// Positions of an operation and all in its regions.
    pub(super) fn op(&self, op: OpId) -> Lifetime {
        self.ops.get(&op).copied().unwrap_or(Lifetime { first: 0, last: 0 })
    }

    /// When a value is needed.
    pub(super) fn value(&self, value: ValueId) -> Lifetime {
        self.values.get(&value).copied().unwrap_or(Lifetime { first: 0, last: 0 })
    }

    fn made(&self, func: &Func, order: &Order, value: ValueId) -> Lifetime {
        let op = match func.values[value].def {
            ValueDef::Result { op, .. } => Some(op),
            ValueDef::Argument { region, .. } => order.parent(region),
        };
        let first = op.map_or(0, |op| self.op(op).first);
        Lifetime { first, last: first }
    }

    /// Where `op` reads `value`, which may be defined outside of the regions around `op`.
    fn position_of_use(&self, func: &Func, order: &Order, op: OpId, value: ValueId) -> u32 {
        let home = match func.values[value].def {
            ValueDef::Result { op, .. } => order.region_of(op),
            ValueDef::Argument { region, .. } => Some(region),
        };
        let mut position = self.op(op).first;
        let mut at = op;
        while order.region_of(at) != home {
            let Some(parent) = order.parent_op(at) else { break };
            if !matches!(func.ops[parent].opcode, Opcode::If | Opcode::Case) {
                position = position.max(self.op(parent).last);
            }
            at = parent;
        }
        position
    }
}
