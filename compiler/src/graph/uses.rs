//! Def-use chains: for each value, the operands that are that value.

use smallvec::SmallVec;

use crate::ir::{Entity, Func, OpId, ValueId};

/// One use of a value: operand `index` of `op`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Use {
    /// The user, in the region of the value's definition or in one nested in it.
    pub op: OpId,
    /// Which of its operands.
    pub index: u32,
}

/// The users of every value of a function, those in nested regions and terminators included.
///
/// Operations that are in no region do not count. The uses of a value stand in program order until
/// an edit removes one, afterwards in no promised order.
#[derive(Clone, Debug)]
pub struct Uses {
    users: Vec<SmallVec<[Use; 2]>>,
}

impl Uses {
    /// The uses of all values of `func`.
    pub fn of(func: &Func) -> Self {
        let mut uses = Self { users: vec![SmallVec::new(); func.values.len()] };
        func.walk(|_, op| uses.add(func, op));
        uses
    }

    /// The uses of a value; none for a value made after the view.
    pub fn get(&self, value: ValueId) -> &[Use] {
        self.users.get(value.index()).map_or(&[], |uses| uses)
    }

    /// Whether nothing uses the value.
    pub fn is_unused(&self, value: ValueId) -> bool {
        self.get(value).is_empty()
    }

    /// The single use of a value, when there is exactly one.
    pub fn single(&self, value: ValueId) -> Option<Use> {
        match self.get(value) {
            [one] => Some(*one),
            _ => None,
        }
    }

    /// Counts the operands of an operation that has come into a region (not those of operations in
    /// its own regions).
    pub fn add(&mut self, func: &Func, op: OpId) {
        if self.users.len() < func.values.len() {
            self.users.resize(func.values.len(), SmallVec::new());
        }
        for (index, &operand) in func.ops[op].operands.iter().enumerate() {
            self.users[operand.index()].push(Use { op, index: index as u32 });
        }
    }

    /// Forgets the operands of an operation that leaves its region (not those of operations in its
    /// own regions).
    pub fn remove(&mut self, func: &Func, op: OpId) {
        for &operand in &func.ops[op].operands {
            let users = &mut self.users[operand.index()];
            if let Some(at) = users.iter().rposition(|u| u.op == op) {
                users.swap_remove(at);
            }
        }
    }

    /// Makes every user of `old` use `new` instead and returns those uses.
    pub fn replace(&mut self, func: &mut Func, old: ValueId, new: ValueId) -> SmallVec<[Use; 2]> {
        if old == new || self.is_unused(old) {
            return SmallVec::new();
        }
        if self.users.len() < func.values.len() {
            self.users.resize(func.values.len(), SmallVec::new());
        }
        let moved = std::mem::take(&mut self.users[old.index()]);
        for use_ in &moved {
            func.ops[use_.op].operands[use_.index as usize] = new;
        }
        self.users[new.index()].extend(moved.iter().copied());
        moved
    }
}
