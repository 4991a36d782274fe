//! One operation on constants, by the reference interpreter.

use hire_compiler::eval::{self, Tensor};
use hire_compiler::ir::{
    Attr, Builder, DenseElements, ElementType, FloatFormat, Opcode, Operation, TensorType, ValueId,
};

/// The result, of type `ty`, of `operation` on these operands; `None` where the interpreter cannot
/// say, or where the specification leaves the result to the implementation.
pub(super) fn evaluate(operation: &Operation, operands: &[DenseElements], ty: &TensorType) -> Option<DenseElements> {
    if !is_settled(operation, operands, ty) {
        return None;
    }
    let operands: Option<Vec<Tensor>> = operands.iter().map(|x| Tensor::from_elements(x).ok()).collect();
    let results = eval::apply(operation.opcode, &operation.attrs, &operands?, std::slice::from_ref(ty)).ok()?;
    let elements = results.first()?.to_elements();
    (elements.ty == *ty).then(|| as_splat(elements))
}

/// A constant whose elements are all the same, as a splat.
fn as_splat(elements: DenseElements) -> DenseElements {
    let width = elements.ty.element.byte_size().max(1);
    let mut rest = elements.data.chunks_exact(width);
    match rest.next() {
        Some(first) if rest.all(|element| element == first) => {
            DenseElements::splat(elements.ty.clone(), elements.data.slice(..width))
        }
        _ => elements,
    }
}

/// Appends a constant.
pub(super) fn constant(build: &mut Builder<'_>, elements: DenseElements) -> ValueId {
    let ty = elements.ty.clone();
    build.value(Opcode::Constant, [], [("value", Attr::Elements(elements))], ty)
}

/// Whether the specification fixes the result: no integer division by zero or beyond the range, no
/// conversion of a float to an integer that does not hold it, no complex arithmetic that
/// implementations round in their own ways, nothing quantized.
fn is_settled(operation: &Operation, operands: &[DenseElements], ty: &TensorType) -> bool {
    let complex = ty.element.is_complex() || operands.iter().any(|x| x.ty.element.is_complex());
    let quantized = |ty: &TensorType| matches!(ty.element, ElementType::Quantized(_));
    if quantized(ty) || operands.iter().any(|x| quantized(&x.ty)) {
        return false;
    }
    match operation.opcode {
        Opcode::Abs | Opcode::Multiply | Opcode::Divide | Opcode::Sqrt | Opcode::Sign if complex => false,
        Opcode::Divide | Opcode::Remainder if !ty.element.is_float() => match operands {
            [_, divisor] => divisor.integers().is_some_and(|d| d.iter().all(|&d| d != 0 && d != -1)),
            _ => false,
        },
        Opcode::Convert => match operands {
            [x] => FloatFormat::of(&x.ty.element).is_none_or(|format| holds_all(&ty.element, format, x)),
            _ => false,
        },
        _ => true,
    }
}

/// Whether an element type holds every element of `x`, its fraction cut off. All types but integers
/// do.
fn holds_all(element: &ElementType, format: FloatFormat, x: &DenseElements) -> bool {
    if !element.is_integer() {
        return true;
    }
    let bits = element.bits() as i32;
    let (low, high) = match element.is_signed_integer() {
        true => (-2f64.powi(bits - 1), 2f64.powi(bits - 1)),
        false => (0.0, 2f64.powi(bits)),
    };
    let count = if x.splat { 1 } else { x.len() };
    (0..count).all(|index| {
        let mut wide = [0; 8];
        let bytes = x.element(index);
        wide[..bytes.len()].copy_from_slice(bytes);
        let value = format.decode(u64::from_le_bytes(wide)).trunc();
        low <= value && value < high
    })
}
