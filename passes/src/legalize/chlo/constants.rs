//! Constants.

use hire_compiler::ir::{Attr, FloatFormat, Opcode};
use hire_compiler::rewrite::{Context, RuleResult};

use super::math::Math;

/// `chlo.constant v`  =>  `stablehlo.constant v`
pub(super) fn constant(c: &Context<'_>) -> RuleResult {
    let Some(operation) = c.is(Opcode::ChloConstant) else { return Ok(None) };
    let Some(result) = c.result() else { return Ok(None) };
    let Some(elements) = operation.attr("value") else { return Ok(None) };
    let mut patch = c.patch();
    let ty = c.func.value_type(result).clone();
    let value = patch.builder().value(Opcode::Constant, [], [("value", elements.clone())], ty);
    patch.replace(result, value);
    Ok(Some(patch))
}

/// `chlo.constant_like(x, v)`  =>  a constant of v's, broadcast at run time where x's shape is not static
///
/// Not where x has no rank.
pub(super) fn constant_like(c: &Context<'_>) -> RuleResult {
    let Some(operation) = c.is(Opcode::ConstantLike) else { return Ok(None) };
    let (Some(result), Some(operand)) = (c.result(), c.operand(0)) else { return Ok(None) };
    let Some(ty) = c.tensor(result).filter(|ty| ty.dims.is_some()) else { return Ok(None) };
    let width = ty.element.byte_size();
    let bytes = match operation.attr("value") {
        Some(Attr::Int(int)) => int.value.to_le_bytes()[..width].to_vec(),
        Some(Attr::Bool(value)) => vec![u8::from(*value)],
        Some(Attr::Float(float)) if FloatFormat::of(&ty.element).is_some() => {
            float.bits.to_le_bytes()[..width].to_vec()
        }
        Some(Attr::Elements(elements)) if elements.splat => elements.element(0).to_vec(),
        _ => return Ok(None),
    };
    let mut patch = c.patch();
    let like = patch.tap(c.func, operand);
    let mut b = patch.builder();
    let value = Math::new(&mut b, like, ty.element.clone()).splat(bytes, ty.element.clone());
    patch.replace(result, value);
    Ok(Some(patch))
}
