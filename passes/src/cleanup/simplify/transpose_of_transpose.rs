//! Transposes of transposes.

use hire_compiler::ir::{Attr, Opcode};
use hire_compiler::rewrite::{Context, RuleResult};

/// `transpose(transpose(x, p), q)`  =>  `transpose(x, r)` with `r[i] = p[q[i]]`.
///
/// A composition that keeps every dimension is left to the no-op rule.
pub(super) fn transpose_of_transpose(c: &Context<'_>) -> RuleResult {
    let Some(outer) = c.is(Opcode::Transpose) else { return Ok(None) };
    let Some(inner) = c.definition(outer.operands[0], Opcode::Transpose) else { return Ok(None) };
    let (Some(p), Some(q)) = (inner.i64s_attr("permutation"), outer.i64s_attr("permutation")) else { return Ok(None) };
    let composed: Option<Vec<i64>> = q.iter().map(|&i| p.get(usize::try_from(i).ok()?).copied()).collect();
    let (Some(permutation), Some(result)) = (composed, c.result()) else { return Ok(None) };
    let ty = c.func.value_type(result).clone();
    let mut patch = c.patch();
    let x = patch.tap(c.func, inner.operands[0]);
    let attrs = [("permutation", Attr::i64s(permutation))];
    let new = patch.builder().value(Opcode::Transpose, [x], attrs, ty);
    patch.replace(result, new);
    Ok(Some(patch))
}
