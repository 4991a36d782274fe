//! Operations that give back their operand.

use hire_compiler::ir::{Opcode, Operation, ValueId};
use hire_compiler::rewrite::{Context, RuleResult};

/// `op(x)`  =>  `x`, where the operation changes nothing: a `convert` or `reshape` to the same
/// type, a `broadcast_in_dim` or `transpose` that keeps every dimension in its place, a `slice` of
/// the whole, a `concatenate` of one, a `pad` by nothing.
///
/// Not when the types differ in anything, such as a bound or another encoding.
pub(super) fn no_op(c: &Context<'_>) -> RuleResult {
    let operation = c.operation();
    let Some(&x) = operation.operands.first() else { return Ok(None) };
    let Some(result) = c.result() else { return Ok(None) };
    if c.func.value_type(x) != c.func.value_type(result) || !operation.has_only_declared_attrs() {
        return Ok(None);
    }
    Ok(if keeps_everything(c, operation, x) { c.replace_with(x) } else { None })
}

/// Whether an operation whose first operand and result have the same type gives that operand back.
fn keeps_everything(c: &Context<'_>, operation: &Operation, x: ValueId) -> bool {
    let in_place = |name: &str| {
        let order = operation.i64s_attr(name);
        order.is_some_and(|order| order.iter().zip(0..).all(|(&dimension, place)| dimension == place))
    };
    let all = |name: &str, value: i64| operation.i64s_attr(name).is_some_and(|list| list.iter().all(|&v| v == value));
    match operation.opcode {
        Opcode::Convert | Opcode::Reshape => true,
        Opcode::BroadcastInDim => in_place("broadcast_dimensions"),
        Opcode::Transpose => in_place("permutation"),
        Opcode::Concatenate => operation.operands.len() == 1,
        Opcode::Slice => {
            // Equal static shapes leave no room for a start other than 0 or a stride other than 1.
            c.tensor(x).is_some_and(|ty| ty.sizes().is_some()) && all("start_indices", 0) && all("strides", 1)
        }
        Opcode::Pad => ["edge_padding_low", "edge_padding_high", "interior_padding"].iter().all(|name| all(name, 0)),
        _ => false,
    }
}
