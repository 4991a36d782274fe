//! Broadcasts of increasing numbers.

use hire_compiler::ir::{Attr, Opcode};
use hire_compiler::rewrite::{Context, RuleResult};

/// `broadcast_in_dim(iota(d), p)`  =>  `iota(p[d])`.
///
/// Not when the dimension that the numbers run along is stretched: then all of it is zero. Nor when
/// it is dynamic.
pub(super) fn broadcast_of_iota(c: &Context<'_>) -> RuleResult {
    let Some(broadcast) = c.is(Opcode::BroadcastInDim) else { return Ok(None) };
    let Some(iota) = c.definition(broadcast.operands[0], Opcode::Iota) else { return Ok(None) };
    let Some(from) = iota.i64_attr("iota_dimension").and_then(|d| usize::try_from(d).ok()) else { return Ok(None) };
    let Some(&to) = broadcast.i64s_attr("broadcast_dimensions").and_then(|p| p.get(from)) else { return Ok(None) };
    let Some(result) = c.result() else { return Ok(None) };
    let size = |value, dimension: usize| c.tensor(value)?.dims.as_ref()?.get(dimension)?.size();
    let Some(count) = size(broadcast.operands[0], from) else { return Ok(None) };
    if usize::try_from(to).ok().and_then(|to| size(result, to)) != Some(count) {
        return Ok(None);
    }
    let ty = c.func.value_type(result).clone();
    let mut patch = c.patch();
    let new = patch.builder().value(Opcode::Iota, [], [("iota_dimension", Attr::i64(to))], ty);
    patch.replace(result, new);
    Ok(Some(patch))
}
