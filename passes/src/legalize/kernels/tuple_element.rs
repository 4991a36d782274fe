//! Elements of tuples.

use hire_compiler::ir::Opcode;
use hire_compiler::rewrite::{Context, RuleResult};

/// `get_tuple_element(tuple(x, y, …), i)`  =>  the i-th of them
pub(super) fn tuple_element(c: &Context<'_>) -> RuleResult {
    let Some(operation) = c.is(Opcode::GetTupleElement) else { return Ok(None) };
    let Some(tuple) = c.operand(0).and_then(|tuple| c.definition(tuple, Opcode::Tuple)) else { return Ok(None) };
    let Some(index) = operation.i64_attr("index").and_then(|index| usize::try_from(index).ok()) else {
        return Ok(None);
    };
    Ok(tuple.operands.get(index).and_then(|&element| c.replace_with(element)))
}
