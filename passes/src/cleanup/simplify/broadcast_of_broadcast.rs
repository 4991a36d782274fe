//! Broadcasts of broadcasts.

use hire_compiler::ir::{Attr, Opcode};
use hire_compiler::rewrite::{Context, RuleResult};

/// `broadcast_in_dim(broadcast_in_dim(x, p), q)`  =>  `broadcast_in_dim(x, r)` with `r[i] =
/// q[p[i]]`: a dimension that either of them stretches has size 1 before, and is stretched at once.
///
/// A composition that keeps every dimension is left to the no-op rule.
pub(super) fn broadcast_of_broadcast(c: &Context<'_>) -> RuleResult {
    let Some(outer) = c.is(Opcode::BroadcastInDim) else { return Ok(None) };
    let Some(inner) = c.definition(outer.operands[0], Opcode::BroadcastInDim) else { return Ok(None) };
    let dimensions = (inner.i64s_attr("broadcast_dimensions"), outer.i64s_attr("broadcast_dimensions"));
    let (Some(p), Some(q)) = dimensions else { return Ok(None) };
    let composed: Option<Vec<i64>> = p.iter().map(|&i| q.get(usize::try_from(i).ok()?).copied()).collect();
    let (Some(dimensions), Some(result)) = (composed, c.result()) else { return Ok(None) };
    let ty = c.func.value_type(result).clone();
    let mut patch = c.patch();
    let x = patch.tap(c.func, inner.operands[0]);
    let attrs = [("broadcast_dimensions", Attr::i64s(dimensions))];
    let new = patch.builder().value(Opcode::BroadcastInDim, [x], attrs, ty);
    patch.replace(result, new);
    Ok(Some(patch))
}
