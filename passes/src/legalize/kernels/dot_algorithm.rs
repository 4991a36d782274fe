//! Products that state how they are to be computed.

use hire_compiler::ir::{Attr, Builder, DotAlgorithm, ElementType, Opcode, TensorType, Type, ValueId};
use hire_compiler::rewrite::{Context, RuleResult};

/// `dot_general(x, y) {algorithm}`  =>  the product, without the algorithm, of operands rounded to its precision types and
/// brought to its accumulation type, converted to the result's type
///
/// Operands that the algorithm splits into several components are not rounded: the components together
/// stand for all their bits. Not for types that are no floats, nor for quantized ones.
pub(super) fn dot_algorithm(c: &Context<'_>) -> RuleResult {
    let Some(operation) = c.is(Opcode::DotGeneral) else { return Ok(None) };
    let Some(Attr::DotAlgorithm(algorithm)) = operation.attr("algorithm") else { return Ok(None) };
    let (Some(left), Some(right), Some(result)) = (c.operand(0), c.operand(1), c.result()) else { return Ok(None) };
    let Some(ty) = c.tensor(result).filter(|ty| is_float(&ty.element)) else { return Ok(None) };
    let is_ready = |value| c.tensor(value).is_some_and(|ty| is_float(&ty.element));
    if !is_ready(left) || !is_ready(right) {
        return Ok(None);
    }
    let DotAlgorithm { lhs_precision_type, rhs_precision_type, lhs_component_count, rhs_component_count, .. } =
        algorithm.as_ref();
    let wide = if algorithm.accumulation_type == ElementType::F64 { ElementType::F64 } else { ElementType::F32 };
    let kept = ["dot_dimension_numbers", "precision_config"].into_iter();
    let attributes: Vec<_> = kept.filter_map(|name| Some((name, operation.attr(name)?.clone()))).collect();
    let mut patch = c.patch();
    let (left, right) = (patch.tap(c.func, left), patch.tap(c.func, right));
    let mut b = patch.builder();
    let left = operand(&mut b, left, lhs_precision_type, *lhs_component_count, &wide);
    let right = operand(&mut b, right, rhs_precision_type, *rhs_component_count, &wide);
    let sums = Type::Tensor(TensorType { element: wide, ..ty.clone() });
    let product = b.value(Opcode::DotGeneral, [left, right], attributes, sums);
    let product = convert(&mut b, product, &ty.element);
    patch.replace(result, product);
    Ok(Some(patch))
}

fn is_float(element: &ElementType) -> bool {
    matches!(element, ElementType::BF16 | ElementType::F16 | ElementType::F32 | ElementType::F64)
}

/// An operand, rounded and brought to the type of the sums.
fn operand(
    b: &mut Builder<'_>,
    value: ValueId,
    precision: &ElementType,
    components: i64,
    wide: &ElementType,
) -> ValueId {
    let value = match precision {
        _ if components > 1 => value,
        ElementType::TF32 => {
            let ty = Type::Tensor(b.tensor_type(value).clone());
            let attributes = [("exponent_bits", Attr::i32(8)), ("mantissa_bits", Attr::i32(10))];
            b.value(Opcode::ReducePrecision, [value], attributes, ty)
        }
        narrow if is_float(narrow) => convert(b, value, narrow),
        _ => value,
    };
    convert(b, value, wide)
}

fn convert(b: &mut Builder<'_>, value: ValueId, element: &ElementType) -> ValueId {
    let ty = b.tensor_type(value).clone();
    if ty.element == *element {
        return value;
    }
    b.value(Opcode::Convert, [value], [], Type::Tensor(TensorType { element: element.clone(), ..ty }))
}
