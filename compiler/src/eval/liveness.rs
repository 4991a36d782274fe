//! Which operation uses a value last.
//!
//! The machine drops a value there, which bounds memory and lets an operation change the buffer of
//! an operand that nobody needs any more.

use smallvec::SmallVec;

use crate::ir::{Entity, Func, OpId, RegionId, ValueDef, ValueId};

/// For each operation, the values of its own region that are not used after it.
pub(super) struct Liveness {
    deaths: Vec<SmallVec<[ValueId; 2]>>,
}

impl Liveness {
    /// One walk over the function: a use inside a nested region counts for the operation of the
    /// value's own region that contains it.
    pub(super) fn of(func: &Func) -> Self {
        let mut parent: Vec<Option<RegionId>> = vec![None; func.ops.len()];
        let mut owner: Vec<Option<OpId>> = vec![None; func.regions.len()];
        let mut last: Vec<Option<OpId>> = vec![None; func.values.len()];
        func.walk(|region, op| {
            parent[op.index()] = Some(region);
            for &nested in &func.ops[op].regions {
                owner[nested.index()] = Some(op);
            }
            for &result in &func.ops[op].results {
                last[result.index()] = Some(op);
            }
            for &value in &func.ops[op].operands {
                let home = match func.values[value].def {
                    ValueDef::Argument { region, .. } => Some(region),
                    ValueDef::Result { op, .. } => parent[op.index()],
                };
                let mut user = Some(op);
                while let Some(at) = user.filter(|at| parent[at.index()] != home) {
                    user = parent[at.index()].and_then(|region| owner[region.index()]);
                }
                last[value.index()] = user;
            }
        });
        let mut deaths = vec![SmallVec::new(); func.ops.len()];
        for (value, op) in last.iter().enumerate() {
            if let Some(op) = op {
                deaths[op.index()].push(ValueId::new(value as u32));
            }
        }
        Self { deaths }
    }

    /// The values that nobody uses after this operation.
    pub(super) fn deaths(&self, op: OpId) -> &[ValueId] {
        &self.deaths[op.index()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::{Builder, ElementType, FunctionType, Opcode, Type};

    #[test]
    fn a_value_dies_at_the_operation_that_holds_its_last_use() {
        let ty = Type::tensor(&[], ElementType::F32);
        let mut func = Func::new("f", FunctionType { inputs: vec![ty.clone()], results: vec![ty.clone()] });
        let arg = func.args()[0];
        let mut builder = Builder::new(&mut func);
        let once = builder.value(Opcode::Negate, [arg], [], ty.clone());
        let region = builder.region([], |inner, _| {
            let sum = inner.value(Opcode::Add, [arg, once], [], Type::tensor(&[], ElementType::F32));
            inner.op(Opcode::Return, [sum], [], []);
        });
        let outer = builder.op_with_regions(Opcode::Case, [], [], [region], [ty]);
        let result = builder.func.ops[outer].results[0];
        let end = builder.op(Opcode::FuncReturn, [result], [], []);
        let liveness = Liveness::of(&func);
        assert_eq!(liveness.deaths(outer), [arg, once]);
        assert_eq!(liveness.deaths(end), [result]);
    }
}
