//! Reshapes of reshapes.

use hire_compiler::ir::Opcode;
use hire_compiler::rewrite::{Context, RuleResult};

/// `reshape(reshape(x))`  =>  `reshape(x)`: both keep the row-major order of the elements;
/// or `x` where that has the result's type already.
pub(super) fn reshape_of_reshape(c: &Context<'_>) -> RuleResult {
    let Some(outer) = c.is(Opcode::Reshape) else { return Ok(None) };
    let Some(inner) = c.definition(outer.operands[0], Opcode::Reshape) else { return Ok(None) };
    let Some(result) = c.result() else { return Ok(None) };
    let ty = c.func.value_type(result).clone();
    let x = inner.operands[0];
    let mut patch = c.patch();
    let tap = patch.tap(c.func, x);
    let new = match *c.func.value_type(x) == ty {
        true => tap,
        false => patch.builder().value(Opcode::Reshape, [tap], [], ty),
    };
    patch.replace(result, new);
    Ok(Some(patch))
}
