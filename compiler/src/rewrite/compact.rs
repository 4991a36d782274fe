//! Drops dead arena entries, so that handles are dense and in program order again.

use crate::ir::{Arena, Entity, Func, OpId, Region, RegionId, Value, ValueDef, ValueId};

/// Rebuilds the arenas of `func` with only what its body reaches, numbered in program order:
/// a region's arguments, then each operation's results before what its regions hold.
///
/// All handles into the function change. Operands must be defined in the body, as the verifier
/// requires.
pub fn compact(func: &mut Func) {
    let Some(body) = func.body else { return };
    let mut moved = Moved {
        values: vec![None; func.values.len()],
        new_values: Arena::new(),
        new_ops: Arena::new(),
        new_regions: Arena::new(),
    };
    let new_body = moved.region(func, body);
    let mut stack = vec![(body, new_body, 0usize)];
    while let Some((old, new, at)) = stack.pop() {
        let Some(&op) = func.regions[old].ops.get(at) else { continue };
        stack.push((old, new, at + 1));
        let new_op = moved.op(func, op);
        moved.new_regions[new].ops.push(new_op);
        let nested = func.ops[op].regions.iter().copied().zip(moved.new_ops[new_op].regions.iter().copied());
        let nested: Vec<_> = nested.map(|(old, new)| (old, new, 0)).collect();
        stack.extend(nested.into_iter().rev());
    }
    (func.values, func.ops, func.regions) = (moved.new_values, moved.new_ops, moved.new_regions);
    func.body = Some(new_body);
}

struct Moved {
    values: Vec<Option<ValueId>>,
    new_values: Arena<ValueId, Value>,
    new_ops: Arena<OpId, crate::ir::Operation>,
    new_regions: Arena<RegionId, Region>,
}

impl Moved {
    fn value(&mut self, func: &Func, old: ValueId, def: ValueDef) -> ValueId {
        let new = self.new_values.push(Value { def, ..func.values[old].clone() });
        self.values[old.index()] = Some(new);
        new
    }

    fn region(&mut self, func: &Func, old: RegionId) -> RegionId {
        let region = self.new_regions.push(Region::default());
        for (index, &arg) in func.regions[old].args.iter().enumerate() {
            let arg = self.value(func, arg, ValueDef::Argument { region, index: index as u32 });
            self.new_regions[region].args.push(arg);
        }
        region
    }

    fn op(&mut self, func: &Func, old: OpId) -> OpId {
        let id = self.new_ops.next_key();
        let mut op = func.ops[old].clone();
        for operand in &mut op.operands {
            *operand = self.values[operand.index()].expect("the verifier requires definitions before uses");
        }
        for (index, result) in op.results.iter_mut().enumerate() {
            *result = self.value(func, *result, ValueDef::Result { op: id, index: index as u32 });
        }
        let old_regions = std::mem::take(&mut op.regions);
        self.new_ops.push(op);
        let regions = old_regions.into_iter().map(|region| self.region(func, region)).collect();
        self.new_ops[id].regions = regions;
        id
    }
}
