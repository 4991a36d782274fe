//! Copies operations, with all that their regions hold, from one function into another.

use std::collections::HashMap;

use crate::ir::{Func, OpId, Region, RegionId, ValueId};

/// A copy in progress: which value of the destination stands for which value of the source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transplant {
    values: HashMap<ValueId, ValueId>,
}

impl Transplant {
    /// A copy in which no value is bound yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets `to` of the destination stand for `from` of the source.
    pub fn bind(&mut self, from: ValueId, to: ValueId) {
        self.values.insert(from, to);
    }

    /// What stands for a value of the source.
    pub fn value(&self, from: ValueId) -> Option<ValueId> {
        self.values.get(&from).copied()
    }

    /// Copies `ops`, which must be in program order, and returns the copies, which are in no region
    /// yet. A value that neither they define nor [`bind`](Self::bind) has bound is a capture:
    /// `capture` gives what stands for it, once for each value.
    pub fn copy(
        &mut self,
        from: &Func,
        ops: &[OpId],
        to: &mut Func,
        mut capture: impl FnMut(&mut Func, ValueId) -> ValueId,
    ) -> Vec<OpId> {
        let mut nested = Vec::new();
        let copies = ops.iter().map(|&op| self.op(from, op, to, &mut capture, &mut nested)).collect();
        // Regions see what is defined outside of them, so all values around one are bound by its turn.
        while let Some((old, new)) = nested.pop() {
            for &op in &from.regions[old].ops {
                let copy = self.op(from, op, to, &mut capture, &mut nested);
                to.regions[new].ops.push(copy);
            }
        }
        copies
    }

    fn op(
        &mut self,
        from: &Func,
        op: OpId,
        to: &mut Func,
        capture: &mut impl FnMut(&mut Func, ValueId) -> ValueId,
        nested: &mut Vec<(RegionId, RegionId)>,
    ) -> OpId {
        let source = &from.ops[op];
        let mut copy = source.clone();
        for operand in &mut copy.operands {
            *operand = match self.values.get(operand) {
                Some(&value) => value,
                None => {
                    let value = capture(to, *operand);
                    self.bind(*operand, value);
                    value
                }
            };
        }
        copy.regions = source.regions.iter().map(|&region| self.region(from, region, to, nested)).collect();
        let types: Vec<_> = source.results.iter().map(|&result| from.value_type(result).clone()).collect();
        let copy = to.make_op(copy, types);
        for (&old, &new) in source.results.iter().zip(&to.ops[copy].results) {
            self.values.insert(old, new);
        }
        copy
    }

    fn region(
        &mut self,
        from: &Func,
        region: RegionId,
        to: &mut Func,
        nested: &mut Vec<(RegionId, RegionId)>,
    ) -> RegionId {
        let copy = to.regions.push(Region::default());
        for &arg in &from.regions[region].args {
            let value = &from.values[arg];
            let new = to.add_arg(copy, value.ty.clone(), value.loc);
            self.bind(arg, new);
        }
        nested.push((region, copy));
        copy
    }
}
