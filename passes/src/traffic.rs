//! How many bytes a step has to read.
//!
//! Decoding is bound by memory, so this is the first figure to know of a program: what it must read
//! of its parameters and its state in one run of the entry function. An argument counts whole,
//! unless nothing but gathers and dynamic slices read it: then only what they take counts. Values
//! between operations are not counted; they are small in decoding and stay in caches.

use std::collections::HashMap;

use hire_compiler::ir::{Func, OpId, Opcode, TensorType, ValueId};

use crate::signature::{Role, Signature};

/// Bytes that one run reads of an argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traffic {
    /// For each argument of the function, in order.
    pub per_argument: Vec<u64>,
}

impl Traffic {
    /// Of a function whose calls and composites are expanded.
    pub fn of(func: &Func) -> Traffic {
        let mut users: HashMap<ValueId, Vec<(OpId, usize)>> = HashMap::new();
        func.walk(|_, op| {
            for (position, &operand) in func.ops[op].operands.iter().enumerate() {
                users.entry(operand).or_default().push((op, position));
            }
        });
        let none = Vec::new();
        let read = |&argument: &ValueId| {
            let Some(ty) = func.value_type(argument).as_tensor() else { return 0 };
            let whole = ty.packed_bytes().unwrap_or(0);
            let parts = users.get(&argument).unwrap_or(&none).iter().map(|&(op, at)| part(func, op, at, ty));
            parts.sum::<Option<u64>>().map_or(whole, |bytes| bytes.min(whole))
        };
        Traffic { per_argument: func.args().iter().map(read).collect() }
    }

    /// Bytes over all parameters and state of `signature`, which must be the function's.
    pub fn total(&self, signature: &Signature) -> u64 {
        let counted = |role: Role| matches!(role, Role::Parameter | Role::State { .. });
        signature.arguments.iter().zip(&self.per_argument).filter(|(a, _)| counted(a.role)).map(|(_, b)| b).sum()
    }
}

/// Bytes of the argument that `op` reads through operand `at`; `None` when it may read all.
fn part(func: &Func, op: OpId, at: usize, ty: &TensorType) -> Option<u64> {
    let operation = &func.ops[op];
    let taken = || func.value_type(operation.result()?).as_tensor()?.element_count();
    match operation.opcode {
        Opcode::Gather | Opcode::DynamicGather if at == 0 => Some(ty.element.packed_bytes(taken()?)),
        Opcode::DynamicSlice | Opcode::Slice if at == 0 => Some(ty.element.packed_bytes(taken()?)),
        // The rest of the operand is kept in place when it is donated.
        Opcode::DynamicUpdateSlice if at == 0 => Some(0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use hire_compiler::ir::{Attr, Builder, ElementType, FunctionType, Type};

    use super::*;

    #[test]
    fn a_slice_counts_what_it_takes_and_a_sum_counts_all() {
        let matrix = Type::tensor(&[8, 4], ElementType::F32);
        let mut func =
            Func::new("main", FunctionType { inputs: vec![matrix.clone(), matrix.clone()], results: vec![] });
        let args = func.args().to_vec();
        let mut b = Builder::new(&mut func);
        let slice = |at: i64| Attr::i64s([at, at]);
        let attrs = [("start_indices", slice(0)), ("limit_indices", slice(2)), ("strides", slice(1))];
        b.value(Opcode::Slice, [args[0]], attrs, Type::tensor(&[2, 2], ElementType::F32));
        b.value(Opcode::Add, [args[1], args[1]], [], matrix);
        assert_eq!(Traffic::of(&func).per_argument, [16, 128]);
    }
}
