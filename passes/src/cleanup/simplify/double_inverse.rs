//! Operations that undo themselves.

use hire_compiler::ir::Opcode;
use hire_compiler::rewrite::{Context, RuleResult};

/// `negate(negate(x))`  =>  `x`, `not(not(x))`  =>  `x`, `reverse(reverse(x, d), d)`  =>  `x`.
///
/// Negation flips the sign bit of floats and is modular on integers, so twice is nothing at all,
/// for the smallest integer too.
pub(super) fn double_inverse(c: &Context<'_>) -> RuleResult {
    let outer = c.operation();
    if !matches!(outer.opcode, Opcode::Negate | Opcode::Not | Opcode::Reverse) || !outer.has_only_declared_attrs() {
        return Ok(None);
    }
    let Some(inner) = c.definition(outer.operands[0], outer.opcode) else { return Ok(None) };
    let Some(result) = c.result() else { return Ok(None) };
    let x = inner.operands[0];
    let same_dimensions = inner.i64s_attr("dimensions") == outer.i64s_attr("dimensions");
    if !same_dimensions || c.func.value_type(x) != c.func.value_type(result) {
        return Ok(None);
    }
    Ok(c.replace_with(x))
}
