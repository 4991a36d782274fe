//! Constraints on quantized types: what an operation may change of scales, zero points and the axis they
//! run along.

use super::Outcome;
use crate::ir::{Attr, Dim, ElementType, Opcode, QuantizedType, TensorType};
use crate::valid::compat::{Shape, element_count};
use crate::valid::site::{Checked, OpCx};

/// The quantized type of a tensor's elements.
fn quantized(ty: &TensorType) -> Option<&QuantizedType> {
    match &ty.element {
        ElementType::Quantized(q) => Some(q),
        _ => None,
    }
}

/// add_c2 to add_c7, of quantized numbers.
pub(super) fn add_results(cx: &mut OpCx<'_>) -> Checked {
    let (lhs, rhs, result) = (cx.tensor(0)?, cx.tensor(1)?, cx.result(0)?);
    let (l, r, out) = match (quantized(lhs), quantized(rhs), quantized(result)) {
        (None, None, None) => return Ok(()),
        (Some(l), Some(r), Some(out)) => (l, r, out),
        _ => {
            let message =
                format!("operands and result must all be quantized or none, got `{lhs}`, `{rhs}` and `{result}`");
            return Err(cx.fail_about("add_c2", &[0, 1], message));
        }
    };
    cx.require_about(l.storage == r.storage && l.storage == out.storage, "add_c3", &[0, 1], || {
        format!("operands and result must store the same type, got {}, {} and {}", l.storage, r.storage, out.storage)
    })?;
    cx.require_about(l.expressed == r.expressed && l.expressed == out.expressed, "add_c4", &[0, 1], || {
        format!(
            "operands and result must express the same type, got {}, {} and {}",
            l.expressed, r.expressed, out.expressed
        )
    })?;
    let axes = (l.quantization_dimension, r.quantization_dimension, out.quantization_dimension);
    cx.require((axes.0.is_some() || axes.1.is_some()) == axes.2.is_some(), "add_c5", || {
        format!("the result must be quantized per axis exactly when an operand is, got `{lhs}`, `{rhs}` and `{result}`")
    })?;
    for (index, axis, tag) in [(0, axes.0, "add_c6"), (1, axes.1, "add_c7")] {
        cx.require_about(axis.is_none() || axis == axes.2, tag, &[index], || {
            format!(
                "operand and result must have one quantization_dimension, got `{}` and `{result}`",
                [lhs, rhs][index]
            )
        })?;
    }
    Ok(())
}

/// Records an error unless two types quantized alike have the same scales and zero points.
fn same_parameters(cx: &mut OpCx<'_>, tag: &'static str) -> Checked {
    let (operand, result) = (cx.tensor(0)?, cx.result(0)?);
    let (Some(a), Some(b)) = (quantized(operand), quantized(result)) else { return Ok(()) };
    let same = match (a.quantization_dimension, b.quantization_dimension) {
        (None, None) => a == b,
        (Some(_), Some(_)) => {
            a.scales.len() == b.scales.len()
                && a.scales.iter().zip(&b.scales).all(|(a, b)| a == b)
                && a.zero_points == b.zero_points
        }
        _ => true,
    };
    cx.require_about(same, tag, &[0], || {
        format!("operand and result must have the same scale and zero_point, got `{operand}` and `{result}`")
    })
}

/// reshape_c1, reshape_c3, dynamic_reshape_c1, dynamic_reshape_c3.
pub(super) fn reshape_results(cx: &mut OpCx<'_>) -> Checked {
    same_parameters(cx, cx.c(1))?;
    let ((operand, from), (result, to)) = (cx.ranked(0)?, cx.ranked_result(0)?);
    let axis = |t: &TensorType| quantized(t).and_then(|q| q.quantization_dimension).map(|d| d as usize);
    let (Some(a), Some(b)) = (axis(operand), axis(result)) else { return Ok(()) };
    let (Some(&from_size), Some(&to_size)) = (from.get(a), to.get(b)) else { return Ok(()) };
    let sizes = from_size.size().zip(to_size.size()).is_none_or(|(a, b)| a == b);
    let known = from.iter().chain(to).all(|d| *d != Dim::Dynamic);
    let before = !known || element_count(&from[..a]) == element_count(&to[..b]);
    cx.require_about(sizes && before, cx.c(3), &[0], || {
        format!("reshaping must keep the dimension that scales run along, but it is dimension {a} of `{operand}` and {b} of `{result}`")
    })
}

/// transpose_c1, transpose_c4.
pub(super) fn transpose_results(cx: &mut OpCx<'_>) -> Checked {
    super::shape_ops::same_element_as_result(cx, "transpose_c1")?;
    same_parameters(cx, "transpose_c1")?;
    let axis = |t: &TensorType| quantized(t).and_then(|q| q.quantization_dimension);
    let (Some(from), Some(to)) = (axis(cx.tensor(0)?), axis(cx.result(0)?)) else { return Ok(()) };
    let mapped = cx.i64s("permutation").get(to as usize).copied();
    cx.require_about(mapped == Some(i64::from(from)), "transpose_c4", &[0], || {
        format!(
            "scales of the operand run along its dimension {from} (quantization_dimension), but those of the result along {to}, \
             which permutation[{to}] takes from another"
        )
    })
}

/// broadcast_in_dim_c1, broadcast_in_dim_c6, dynamic_broadcast_in_dim_c1, dynamic_broadcast_in_dim_c6.
pub(super) fn broadcast_results(cx: &mut OpCx<'_>, mapped: &[usize]) -> Checked {
    let ((operand, from), (result, _)) = (cx.ranked(0)?, cx.ranked_result(0)?);
    let (Some(a), Some(b)) = (quantized(operand), quantized(result)) else { return Ok(()) };
    let (Some(from_axis), Some(to_axis)) = (a.quantization_dimension, b.quantization_dimension) else {
        return match (a.quantization_dimension, b.quantization_dimension) {
            (None, None) if cx.opcode == Opcode::BroadcastInDim => same_parameters(cx, "broadcast_in_dim_c1"),
            _ => Ok(()),
        };
    };
    let tag = cx.c(6);
    let target = mapped.get(from_axis as usize).copied();
    cx.require_about(target == Some(to_axis as usize), tag, &[0], || {
        format!(
            "scales of the operand run along its dimension {from_axis} (quantization_dimension), which broadcast_dimensions \
             puts elsewhere than {to_axis}, along which those of the result run"
        )
    })?;
    let (Some(&scale), Some(&zero)) = (a.scales.first(), a.zero_points.first()) else { return Ok(()) };
    let repeated = from.get(from_axis as usize) != Some(&Dim::Size(1))
        || b.scales.iter().all(|&s| s == scale) && b.zero_points.iter().all(|&z| z == zero);
    cx.require_about(repeated, tag, &[0], || {
        "the result's scales and zero points must all be those of the operand's single slice".to_owned()
    })
}

/// convolution_c28 to convolution_c34, and dynamic_conv's.
pub(super) fn convolution_results(cx: &mut OpCx<'_>) -> Checked {
    let (rhs, result) = (cx.tensor(1)?, cx.result(0)?);
    let Some(Attr::ConvDimensionNumbers(n)) = cx.attr("dimension_numbers") else { return Ok(()) };
    let axis = |t: &TensorType| quantized(t).and_then(|q| q.quantization_dimension).map(i64::from);
    for (ty, constraint, dim, what) in [
        (rhs, 29, n.kernel_output_feature_dimension, "kernel_output_feature_dimension"),
        (result, 30, n.output_feature_dimension, "output_feature_dimension"),
    ] {
        let along = axis(ty);
        cx.require(along.is_none_or(|d| d == dim), cx.c(constraint), || {
            format!("scales of `{ty}` must run along {what}, which is {dim}")
        })?;
    }
    products(cx, [28, 31, 32, 33, 34])
}

/// dot_general_c14 to dot_general_c20.
pub(super) fn dot_general_results(cx: &mut OpCx<'_>) -> Checked {
    let rhs = cx.tensor(1)?;
    let any = [cx.tensor(0)?, rhs, cx.result(0)?].iter().any(|t| quantized(t).is_some());
    if let (true, Some(q)) = (any, quantized(rhs)) {
        cx.require_about(q.zero_points.iter().all(|&z| z == 0), "dot_general_c15", &[1], || {
            format!("zero points of rhs must be 0, got `{}`", rhs.element)
        })?;
        let contracted = match cx.attr("dot_dimension_numbers") {
            Some(Attr::DotDimensionNumbers(n)) => n.rhs_contracting_dimensions.as_slice(),
            _ => &[],
        };
        let along = q.quantization_dimension.map(i64::from);
        cx.require_about(along.is_none_or(|d| !contracted.contains(&d)), "dot_general_c16", &[1], || {
            format!(
                "scales of rhs must not run along a contracting dimension, but run along {}",
                along.unwrap_or_default()
            )
        })?;
    }
    products(cx, [14, 17, 18, 19, 20])
}

/// How the quantized types of a product relate; the numbers of its constraints in the order of
/// `dot_general`'s (C14), (C17), (C18), (C19), (C20).
fn products(cx: &mut OpCx<'_>, constraints: [usize; 5]) -> Checked {
    let (lhs, rhs, result) = (cx.tensor(0)?, cx.tensor(1)?, cx.result(0)?);
    let [kinds, storage, expressed, granularity, hybrid] = constraints.map(|n| cx.c(n));
    let (l, r, out) = (quantized(lhs), quantized(rhs), quantized(result));
    if l.is_none() && r.is_none() && out.is_none() {
        return Ok(());
    }
    let Some(r) = r.filter(|_| l.is_some() == out.is_some()) else {
        let message =
            format!("rhs must be quantized, and the result exactly when lhs is, got `{lhs}`, `{rhs}` and `{result}`");
        return Err(cx.fail_about(kinds, &[0, 1], message));
    };
    let (Some(l), Some(out)) = (l, out) else {
        let same = lhs.element == r.expressed && lhs.element == result.element;
        return cx.require_about(same, hybrid, &[0, 1], || {
            format!(
                "lhs and result must have the type that rhs expresses, {}, but have {} and {}",
                r.expressed, lhs.element, result.element
            )
        });
    };
    cx.require_about(l.storage == r.storage, storage, &[0, 1], || {
        format!("lhs and rhs must store the same type, got {} and {}", l.storage, r.storage)
    })?;
    cx.require_about(l.expressed == r.expressed && l.expressed == out.expressed, expressed, &[0, 1], || {
        format!(
            "lhs, rhs and result must express the same type, got {}, {} and {}",
            l.expressed, r.expressed, out.expressed
        )
    })?;
    cx.require_about(
        r.quantization_dimension.is_some() || out.quantization_dimension.is_none(),
        granularity,
        &[1],
        || "the result must be quantized per tensor where rhs is".to_owned(),
    )
}

/// uniform_dequantize_c1, uniform_dequantize_c2.
pub(super) fn uniform_dequantize(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let (operand, dims) = cx.ranked(0)?;
    let Some(q) = quantized(operand) else { return Ok(Outcome::Stated) };
    Outcome::one(Shape::from_dims(dims.iter().copied()).plain(q.expressed.clone()), "uniform_dequantize_c2")
}

/// uniform_quantize_c1.
pub(super) fn uniform_quantize(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let (operand, dims) = cx.ranked(0)?;
    Outcome::shape(Shape::from_dims(dims.iter().copied()).plain(operand.element.clone()), "uniform_quantize_c1")
}

/// uniform_quantize_c2.
pub(super) fn uniform_quantize_results(cx: &mut OpCx<'_>) -> Checked {
    let (operand, result) = (cx.tensor(0)?, cx.result(0)?);
    let meant = quantized(operand).map_or(&operand.element, |q| &q.expressed);
    let Some(out) = quantized(result) else { return Ok(()) };
    cx.require_about(out.expressed == *meant, "uniform_quantize_c2", &[0], || {
        format!("the result must express {meant}, what the operand means, but expresses {}", out.expressed)
    })
}
