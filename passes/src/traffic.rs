//! How many bytes a step has to read.
//!
//! Decoding is bound by memory, so this is the first figure to know of a program: what it must read
//! of its parameters and its state in one run of the entry function. An argument counts whole,
//! unless nothing but gathers and dynamic slices read it, as it is or reshaped: then only what they
//! take counts, in a loop of a stated number of trips as often as it runs. What only the fallback of a certificate reads is not counted. Values
//! between operations are not counted; they are small in decoding and stay in caches.

use std::collections::{HashMap, HashSet};

use hire_compiler::ir::{Attr, Func, OpId, Opcode, RegionId, TensorType, ValueId};

use crate::signature::{Role, Signature};

/// The attribute of an `if` whose second branch is the rare fallback of a certificate.
pub const FALLBACK_ATTR: &str = "hire.fallback";

/// The attribute of a `while` that states how often its body runs.
pub const TRIPS_ATTR: &str = "hire.trips";

/// Bytes that one run reads of an argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traffic {
    /// For each argument of the function, in order.
    pub per_argument: Vec<u64>,
}

impl Traffic {
    /// Of a function whose calls and composites are expanded.
    pub fn of(func: &Func) -> Traffic {
        let mut users = Users::new();
        let mut fallbacks = HashSet::new();
        let mut trips: HashMap<RegionId, u64> = HashMap::new();
        func.walk(|region, op| {
            let operation = &func.ops[op];
            if fallbacks.contains(&region) {
                fallbacks.extend(operation.regions.iter().copied());
                return;
            }
            if operation.attr(FALLBACK_ATTR).is_some() {
                fallbacks.extend(operation.regions.get(1).copied());
            }
            let times = trips.get(&region).copied().unwrap_or(1);
            let more = operation.attr(TRIPS_ATTR).and_then(Attr::as_i64).and_then(|n| u64::try_from(n).ok());
            trips.extend(operation.regions.iter().map(|&region| (region, times.saturating_mul(more.unwrap_or(1)))));
            for (position, &operand) in operation.operands.iter().enumerate() {
                users.entry(operand).or_default().push(Use { op, position, times });
            }
        });
        let read = |&argument: &ValueId| {
            let Some(ty) = func.value_type(argument).as_tensor() else { return 0 };
            let whole = ty.packed_bytes().unwrap_or(0);
            parts(func, &users, argument, ty).map_or(whole, |bytes| bytes.min(whole))
        };
        Traffic { per_argument: func.args().iter().map(read).collect() }
    }

    /// Bytes over all parameters and state of `signature`, which must be the function's.
    pub fn total(&self, signature: &Signature) -> u64 {
        let counted = |role: Role| matches!(role, Role::Parameter | Role::State { .. });
        signature.arguments.iter().zip(&self.per_argument).filter(|(a, _)| counted(a.role)).map(|(_, b)| b).sum()
    }
}

/// An operation that reads a value, the place of the operand, and how often it runs.
struct Use {
    op: OpId,
    position: usize,
    times: u64,
}

/// The uses of each value.
type Users = HashMap<ValueId, Vec<Use>>;

/// Bytes that the users of `value` read of it; `None` when one may read all. A reshape moves nothing.
fn parts(func: &Func, users: &Users, value: ValueId, ty: &TensorType) -> Option<u64> {
    let mut pending = vec![value];
    let mut bytes: u64 = 0;
    while let Some(value) = pending.pop() {
        for &Use { op, position, times } in users.get(&value).into_iter().flatten() {
            match (func.ops[op].opcode, func.ops[op].result()) {
                (Opcode::Reshape, Some(result)) => pending.push(result),
                _ => bytes = bytes.saturating_add(part(func, op, position, ty)?.saturating_mul(times)),
            }
        }
    }
    Some(bytes)
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

    #[test]
    fn a_slice_of_a_reshape_counts_what_it_takes() {
        let matrix = Type::tensor(&[8, 4], ElementType::F32);
        let mut func = Func::new("main", FunctionType { inputs: vec![matrix], results: vec![] });
        let args = func.args().to_vec();
        let mut b = Builder::new(&mut func);
        let grouped = b.value(Opcode::Reshape, [args[0]], [], Type::tensor(&[2, 16], ElementType::F32));
        let slice = |limit: [i64; 2]| Attr::i64s(limit);
        let attrs = [("start_indices", slice([0, 0])), ("limit_indices", slice([1, 16])), ("strides", slice([1, 1]))];
        b.value(Opcode::Slice, [grouped], attrs, Type::tensor(&[1, 16], ElementType::F32));
        assert_eq!(Traffic::of(&func).per_argument, [64]);
    }

    #[test]
    fn a_slice_in_a_loop_counts_as_often_as_the_loop_runs() {
        let text = r#"func.func @main(%w: tensor<8x4xf32>) -> (tensor<i32>, tensor<1x4xf32>) {
            %i = stablehlo.constant dense<0> : tensor<i32>
            %y = stablehlo.constant dense<0.0> : tensor<1x4xf32>
            %r:2 = "stablehlo.while"(%i, %y) ({
            ^bb0(%a: tensor<i32>, %b: tensor<1x4xf32>):
              %end = stablehlo.constant dense<5> : tensor<i32>
              %c = stablehlo.compare LT, %a, %end : (tensor<i32>, tensor<i32>) -> tensor<i1>
              stablehlo.return %c : tensor<i1>
            }, {
            ^bb0(%a: tensor<i32>, %b: tensor<1x4xf32>):
              %one = stablehlo.constant dense<1> : tensor<i32>
              %n = stablehlo.add %a, %one : tensor<i32>
              %s = stablehlo.dynamic_slice %w, %a, %i, sizes = [1, 4] : (tensor<8x4xf32>, tensor<i32>, tensor<i32>) -> tensor<1x4xf32>
              %t = stablehlo.add %b, %s : tensor<1x4xf32>
              stablehlo.return %n, %t : tensor<i32>, tensor<1x4xf32>
            }) {hire.trips = 5 : i64} : (tensor<i32>, tensor<1x4xf32>) -> (tensor<i32>, tensor<1x4xf32>)
            return %r#0, %r#1 : tensor<i32>, tensor<1x4xf32>
          }"#;
        let module = hire_compiler::front::text::parse(text).unwrap();
        let func = &module.funcs[module.entry().unwrap()];
        assert_eq!(Traffic::of(func).per_argument, [5 * 16]);
    }

    #[test]
    fn a_fallback_counts_nothing() {
        let text = r#"func.func @main(%p: tensor<i1>, %w: tensor<8x4xf32>) -> tensor<1x4xf32> {
            %r = "stablehlo.if"(%p) ({
              %s = stablehlo.slice %w [0:1, 0:4] : (tensor<8x4xf32>) -> tensor<1x4xf32>
              stablehlo.return %s : tensor<1x4xf32>
            }, {
              %a = stablehlo.add %w, %w : tensor<8x4xf32>
              %s = stablehlo.slice %a [0:1, 0:4] : (tensor<8x4xf32>) -> tensor<1x4xf32>
              stablehlo.return %s : tensor<1x4xf32>
            }) {hire.fallback} : (tensor<i1>) -> tensor<1x4xf32>
            return %r : tensor<1x4xf32>
          }"#;
        let module = hire_compiler::front::text::parse(text).unwrap();
        let func = &module.funcs[module.entry().unwrap()];
        assert_eq!(Traffic::of(func).per_argument, [1, 16]);
    }
}
