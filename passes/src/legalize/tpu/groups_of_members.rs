//! The groups that members were made of.

use hire_compiler::ir::{Attr, DenseElements, Opcode, ValueId};
use hire_compiler::rewrite::{Context, RuleResult};

use crate::hire::emit::Emit;

/// `slice(reshape(groups * g + member), stride g) / g`  =>  `groups`, reshaped.
///
/// That is what a gather of whole groups makes of the positions of all members (`hire.select`): the first member of each
/// group, over the group's size. Sums and products of positions fit in their type, as positions do.
pub(super) fn groups_of_members(c: &Context<'_>) -> RuleResult {
    let Some(divide) = c.is(Opcode::Divide) else { return Ok(None) };
    let Some(size) = splat(c, divide.operands[1]) else { return Ok(None) };
    let Some(slice) = c.definition(divide.operands[0], Opcode::Slice) else { return Ok(None) };
    let strided = slice.attr("strides").and_then(integers).is_some_and(|strides| strides.last() == Some(&size));
    let whole = slice.attr("start_indices").and_then(integers).is_some_and(|starts| starts.iter().all(|&s| s == 0));
    if !strided || !whole || size < 1 {
        return Ok(None);
    }
    let mut members = slice.operands[0];
    while let Some(reshape) = c.definition(members, Opcode::Reshape) {
        members = reshape.operands[0];
    }
    let Some(add) = c.definition(members, Opcode::Add) else { return Ok(None) };
    let [first, member] = [add.operands[0], add.operands[1]];
    let Some(multiply) = c.definition(first, Opcode::Multiply) else { return Ok(None) };
    let last = c.tensor(members).and_then(|ty| ty.rank()).map(|rank| rank as i64 - 1);
    let counts = c.definition(member, Opcode::Iota).and_then(|iota| iota.attr("iota_dimension")?.as_i64()) == last;
    if splat(c, multiply.operands[1]) != Some(size) || !counts {
        return Ok(None);
    }
    let Some(broadcast) = c.definition(multiply.operands[0], Opcode::BroadcastInDim) else { return Ok(None) };
    let (groups, Some(result)) = (broadcast.operands[0], c.result()) else { return Ok(None) };
    let (Some(from), Some(to)) = (elements(c, groups), elements(c, result)) else { return Ok(None) };
    let Some(sizes) = c.tensor(result).and_then(|ty| Some(ty.sizes()?.to_vec())) else { return Ok(None) };
    if from != to {
        return Ok(None);
    }
    let mut patch = c.patch();
    let groups = patch.tap(c.func, groups);
    let reshaped = patch.builder().reshape(groups, &sizes);
    patch.replace(result, reshaped);
    Ok(Some(patch))
}

fn elements(c: &Context<'_>, value: ValueId) -> Option<u64> {
    Some(c.tensor(value)?.sizes()?.iter().product())
}

fn integers(attr: &Attr) -> Option<Vec<i64>> {
    attr.as_i64s().map(|values| values.to_vec())
}

/// The value of a constant whose elements are all the same i32.
fn splat(c: &Context<'_>, value: ValueId) -> Option<i64> {
    let elements: &DenseElements = c.constant(value)?;
    let is_i32 = elements.ty.element.byte_size() == 4 && elements.ty.element.is_signed_integer();
    let first = i32::from_le_bytes(is_i32.then(|| elements.element(0))?.try_into().ok()?);
    let same = elements.splat || (1..elements.len()).all(|at| elements.element(at) == elements.element(0));
    same.then(|| first.into())
}
