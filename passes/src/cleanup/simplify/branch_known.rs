//! Branches that are decided when compiling.

use hire_compiler::ir::{Opcode, RegionId};
use hire_compiler::rewrite::{Context, RuleResult, Transplant};

use super::super::known::splat_element;

/// `if(true, a, b)`  =>  the operations of `a`; `case(n, …)`  =>  those of branch n, of the last
/// one when there is no branch n. The other branches would not have run, so their effects are not
/// lost.
///
/// Not when a branch gives a type that differs from the result's, as in its bounds.
pub(super) fn branch_known(c: &Context<'_>) -> RuleResult {
    let Some(region) = taken(c) else { return Ok(None) };
    let mut patch = c.patch();
    let Some(given) = patch.splice_region(c.func, region, &mut Transplant::new()) else { return Ok(None) };
    let results = &c.operation().results;
    let types = given.iter().map(|&value| patch.fragment().value_type(value));
    if given.len() != results.len() || !types.eq(results.iter().map(|&result| c.func.value_type(result))) {
        return Ok(None);
    }
    for (&old, new) in results.iter().zip(given) {
        patch.replace(old, new);
    }
    patch.erase(c.op);
    Ok(Some(patch))
}

/// The region that runs, where that is known.
fn taken(c: &Context<'_>) -> Option<RegionId> {
    let operation = c.is(Opcode::If).or_else(|| c.is(Opcode::Case))?;
    let element = splat_element(c, *operation.operands.first()?)?;
    if operation.opcode == Opcode::If {
        return operation.regions.get(usize::from(element == [0])).copied();
    }
    let index = usize::try_from(i32::from_le_bytes(element.try_into().ok()?));
    index.ok().and_then(|index| operation.regions.get(index)).or(operation.regions.last()).copied()
}
