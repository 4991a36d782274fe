//! Element-wise operations: the result has the operands' shape, and an element type that follows.

use super::Outcome;
use crate::ir::{Attr, ElementType, ResultAccuracy, TensorType};
use crate::valid::compat::{Shape, compatible_shapes, most_specific};
use crate::valid::site::{Checked, OpCx, shape_text};

/// The most specific of the operands' types. (`*_c1` of most element-wise operations.)
pub(super) fn same_type(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let types = cx.operand_types();
    let tensors: Option<Vec<&TensorType>> = types.iter().map(|t| t.as_tensor()).collect();
    let Some(tensors) = tensors else {
        return match types.first() {
            Some(&first) => Outcome::one(first.clone(), cx.c(1)),
            None => Ok(Outcome::Stated),
        };
    };
    match most_specific(tensors.iter().copied()) {
        Ok(Some(ty)) => Outcome::one(ty, cx.c(1)),
        Ok(None) => Ok(Outcome::Stated),
        Err(conflict) => {
            Err(cx.fail_about(cx.c(1), &[0, 1], format!("the operands contradict each other: {conflict}")))
        }
    }
}

/// add_c1 (of numbers that are not quantized), add_c2 to add_c7 with the results.
pub(super) fn add(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let (lhs, rhs) = (cx.tensor(0)?, cx.tensor(1)?);
    let quantized = |t: &TensorType| matches!(t.element, ElementType::Quantized(_));
    if !quantized(lhs) && !quantized(rhs) {
        cx.require_about(lhs.element == rhs.element, "add_c1", &[0, 1], || {
            format!("operands must have the same element type, got `{}` and `{}`", lhs.element, rhs.element)
        })?;
    }
    cx.require_about(compatible_shapes(lhs, rhs), "add_c1", &[0, 1], || {
        format!("operands must have the same shape, got `{lhs}` and `{rhs}`")
    })?;
    match most_specific([lhs, rhs]) {
        Ok(Some(ty)) if quantized(lhs) || quantized(rhs) => Outcome::shape(ty, "add_c1"),
        Ok(Some(ty)) => Outcome::one(ty, "add_c1"),
        Ok(None) => Ok(Outcome::Stated),
        Err(conflict) => {
            Err(cx.fail_about("add_c1", &[0, 1], format!("the operands contradict each other: {conflict}")))
        }
    }
}

/// An elementwise function of floats that takes a `result_accuracy`.
pub(super) fn with_accuracy(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    if let Some(Attr::ResultAccuracy(accuracy)) = cx.attr("result_accuracy") {
        check_accuracy(cx, accuracy)?;
    }
    same_type(cx)
}

/// Tolerances are given exactly when the mode is `TOLERANCE`, and are not negative.
fn check_accuracy(cx: &mut OpCx<'_>, accuracy: &ResultAccuracy) -> Checked {
    let (atol, rtol) = (f64::from_bits(accuracy.atol), f64::from_bits(accuracy.rtol));
    let stated = atol != 0.0 || rtol != 0.0 || accuracy.ulps != 0;
    cx.require(accuracy.mode == "TOLERANCE" || !stated, "result_accuracy", || {
        format!("result_accuracy of mode {} must not state tolerances", accuracy.mode)
    })?;
    let negative = atol < 0.0 || rtol < 0.0 || accuracy.ulps < 0;
    cx.require(!negative, "result_accuracy", || "tolerances of result_accuracy must not be negative".to_owned())
}

/// abs_c2, real_c2, imag_c2: complex numbers become their part's type.
pub(super) fn real_part(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let operand = cx.tensor(0)?;
    let element = operand.element.complex_part().unwrap_or_else(|| operand.element.clone());
    Outcome::one(operand.with_element(element), cx.c(2))
}

/// compare_c1, compare_c2.
pub(super) fn compare(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    cx.same_elements(0..2, "compare_c1")?;
    let (lhs, dims) = cx.ranked(0)?;
    Outcome::one(
        Shape::from_dims(dims.iter().copied()).with(ElementType::I1, &TensorType { encoding: None, ..lhs.clone() }),
        "compare_c2",
    )
}

/// complex_c1, complex_c2, complex_c3.
pub(super) fn complex(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let (lhs, rhs) = (cx.tensor(0)?, cx.tensor(1)?);
    cx.require_about(lhs.element == rhs.element, "complex_c1", &[0, 1], || {
        format!("operands must have the same element type, got `{}` and `{}`", lhs.element, rhs.element)
    })?;
    let element = if lhs.element == ElementType::F64 { ElementType::ComplexF64 } else { ElementType::ComplexF32 };
    Outcome::one(lhs.with_element(element), "complex_c3")
}

/// is_finite_c1 and the like: an `i1` for each element.
pub(super) fn predicate(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let operand = cx.tensor(0)?;
    Outcome::one(operand.with_element(ElementType::I1), cx.c(1))
}

/// convert_c1: any element type, the same shape.
pub(super) fn convert(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let (operand, dims) = cx.ranked(0)?;
    Outcome::shape(Shape::from_dims(dims.iter().copied()).plain(operand.element.clone()), "convert_c1")
}

/// clamp_c1 to clamp_c4.
pub(super) fn clamp(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let operand = cx.tensor(1)?;
    let mut outcome = cx.same_elements(0..3, "clamp_c3");
    for (index, tag, name) in [(0, "clamp_c1", "min"), (2, "clamp_c2", "max")] {
        let (limit, dims) = cx.ranked(index)?;
        outcome = outcome.and(cx.require_about(
            dims.is_empty() || compatible_shapes(limit, operand),
            tag,
            &[index, 1],
            || {
                let shape = shape_text(operand.dims.as_deref().unwrap_or_default());
                format!(
                    "{name} must be a scalar or have the operand's shape {shape}, but has shape {}",
                    shape_text(dims)
                )
            },
        ));
    }
    outcome?;
    Outcome::one(operand.clone(), "clamp_c4")
}

/// select_c1, select_c2.
pub(super) fn select(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let ((pred, pred_dims), on_true, on_false) = (cx.ranked(0)?, cx.tensor(1)?, cx.tensor(2)?);
    let same = on_true.element == on_false.element && compatible_shapes(on_true, on_false);
    cx.require_about(same, "select_c2", &[1, 2], || {
        format!("on_true and on_false must have compatible types, got `{on_true}` and `{on_false}`")
    })?;
    cx.require_about(pred_dims.is_empty() || compatible_shapes(pred, on_true), "select_c1", &[0, 1], || {
        let shape = shape_text(on_true.dims.as_deref().unwrap_or_default());
        format!("pred must be a scalar or have the shape {shape} of on_true, but has shape {}", shape_text(pred_dims))
    })?;
    match most_specific([on_true, on_false]) {
        Ok(Some(ty)) => Outcome::one(ty, "select_c2"),
        Ok(None) => Ok(Outcome::Stated),
        Err(conflict) => {
            Err(cx.fail_about("select_c2", &[1, 2], format!("on_true and on_false contradict each other: {conflict}")))
        }
    }
}

/// reduce_precision_c1, reduce_precision_c2, reduce_precision_c3.
pub(super) fn reduce_precision(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let (exponent, mantissa) = (cx.int("exponent_bits"), cx.int("mantissa_bits"));
    let exponent = cx
        .require(exponent >= 1, "reduce_precision_c2", || format!("exponent_bits must be at least 1, got {exponent}"));
    let mantissa = cx.require(mantissa >= 0, "reduce_precision_c3", || {
        format!("mantissa_bits must not be negative, got {mantissa}")
    });
    exponent.and(mantissa)?;
    same_type(cx)
}

/// bitcast_convert_c1, bitcast_convert_c2.
pub(super) fn bitcast_convert(cx: &mut OpCx<'_>) -> Checked {
    let ((operand, operand_dims), (result, result_dims)) = (cx.ranked(0)?, cx.ranked_result(0)?);
    cx.require(operand.element.is_complex() == result.element.is_complex(), "bitcast_convert_c2", || {
        format!("cannot convert between real and complex numbers, got `{operand}` and `{result}`")
    })?;
    let (from, to) = (operand.element.bits(), result.element.bits());
    let (narrow, wide) = if from < to { (operand_dims, result_dims) } else { (result_dims, operand_dims) };
    let prefix = if from == to {
        cx.require(narrow.len() == wide.len(), "bitcast_convert_c1", || {
            format!("shapes must match where element types have the same width, got `{operand}` and `{result}`")
        })?;
        narrow
    } else {
        let (few, many) = (from.min(to), from.max(to));
        cx.require(narrow.len() == wide.len() + 1, "bitcast_convert_c1", || {
            format!(
                "the tensor of the narrower element type must have one dimension more than the other, got `{operand}` and `{result}`"
            )
        })?;
        let (last, prefix) = narrow.split_last().unwrap_or((&crate::ir::Dim::Dynamic, &[]));
        let fits = last.size().is_none_or(|size| u128::from(size) * u128::from(few) == u128::from(many));
        cx.require(fits, "bitcast_convert_c1", || {
            format!("elements must take the same bits: {last} elements of {few} bits are not one of {many} bits, in `{operand}` and `{result}`")
        })?;
        prefix
    };
    let same = prefix.iter().zip(wide).all(|(&a, &b)| crate::valid::compat::compatible_dims(a, b));
    cx.require(same, "bitcast_convert_c1", || {
        format!(
            "shapes must match except for the innermost dimension of the narrower type, got `{operand}` and `{result}`"
        )
    })
}
