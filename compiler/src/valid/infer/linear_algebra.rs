//! Factorizations, triangular systems, Fourier transforms and batch normalization.

use std::ops::Range;

use super::Outcome;
use crate::ir::{Dim, ElementType, Type};
use crate::valid::compat::{Shape, compatible_dim_lists, compatible_dims, compatible_elements};
use crate::valid::site::{Checked, OpCx, list, shape_text};

/// cholesky_c1, cholesky_c2, cholesky_c3.
pub(super) fn cholesky(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let (a, dims) = cx.ranked(0)?;
    let [.., rows, columns] = dims else {
        return Err(cx.fail_about(
            "cholesky_c2",
            &[0],
            format!("a must be a matrix or a batch of them, so of rank 2 at least, but is `{a}`"),
        ));
    };
    cx.require_about(compatible_dims(*rows, *columns), "cholesky_c3", &[0], || {
        format!("the matrices of a must be square, but are {rows} by {columns}")
    })?;
    Outcome::one(a.clone(), "cholesky_c1")
}

/// triangular_solve_c1 to triangular_solve_c4.
pub(super) fn triangular_solve(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let ((a, a_dims), (b, b_dims)) = (cx.ranked(0)?, cx.ranked(1)?);
    cx.require_about(a.element == b.element, "triangular_solve_c1", &[0, 1], || {
        format!("a and b must have the same element type, got `{}` and `{}`", a.element, b.element)
    })?;
    let [batch @ .., rows, columns] = a_dims else {
        return Err(cx.fail_about(
            "triangular_solve_c2",
            &[0],
            format!("a must be a matrix or a batch of them, so of rank 2 at least, but is `{a}`"),
        ));
    };
    cx.require_about(compatible_dims(*rows, *columns), "triangular_solve_c3", &[0], || {
        format!("the matrices of a must be square, but are {rows} by {columns}")
    })?;
    cx.require_about(a_dims.len() == b_dims.len(), "triangular_solve_c2", &[0, 1], || {
        format!("a and b must have the same rank, got {} and {}", a_dims.len(), b_dims.len())
    })?;
    let (b_batch, b_matrix) = b_dims.split_at(batch.len());
    let shared = if cx.flag("left_side") { b_matrix[0] } else { b_matrix[1] };
    cx.require_about(compatible_dims(*columns, shared), "triangular_solve_c3", &[0, 1], || {
        format!("the matrices of a are {rows} by {columns}, but the side of b that they act on has size {shared}")
    })?;
    cx.require_about(compatible_dim_lists(batch, b_batch), "triangular_solve_c3", &[0, 1], || {
        format!("a and b must have the same batch dimensions, got {} and {}", shape_text(batch), shape_text(b_batch))
    })?;
    let transpose = cx.attr("transpose_a").and_then(|t| t.as_enum());
    cx.require(transpose != Some("TRANSPOSE_INVALID"), "triangular_solve_i6", || {
        "transpose_a must be NO_TRANSPOSE, TRANSPOSE or ADJOINT".to_owned()
    })?;
    Outcome::one(b.clone(), "triangular_solve_c4")
}

/// fft_c1 to fft_c5.
pub(super) fn fft(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let ((operand, dims), lengths) = (cx.ranked(0)?, cx.i64s("fft_length"));
    let kind = cx.attr("fft_type").and_then(|t| t.as_enum()).unwrap_or("FFT");
    cx.require((1..=3).contains(&lengths.len()), "fft_c3", || {
        format!("fft_length must have one to three entries, but has {}", lengths.len())
    })?;
    let element = match (kind, &operand.element) {
        ("RFFT", ElementType::F32) => ElementType::ComplexF32,
        ("RFFT", ElementType::F64) => ElementType::ComplexF64,
        ("RFFT", other) => {
            return Err(cx.fail_about("fft_c2", &[0], format!("RFFT takes f32 or f64 numbers, got `{other}`")));
        }
        ("IRFFT", e) if e.is_complex() => e.complex_part().unwrap_or(ElementType::F32),
        (_, e) if e.is_complex() => e.clone(),
        (_, other) => {
            return Err(cx.fail_about("fft_c2", &[0], format!("{kind} takes complex numbers, got `{other}`")));
        }
    };
    cx.require_about(dims.len() >= lengths.len(), "fft_c1", &[0], || {
        format!(
            "the operand must have no smaller rank than fft_length has entries, got `{operand}` and {}",
            list(lengths)
        )
    })?;
    let transformed = &dims[dims.len() - lengths.len()..];
    let mut shape = Shape::of(operand).unwrap_or_default();
    let last = lengths[lengths.len() - 1];
    let half = u64::try_from(last / 2 + 1).unwrap_or(0);
    let exact = match kind {
        "RFFT" => transformed.len(),
        "IRFFT" => transformed.len() - 1,
        _ => 0,
    };
    let equal = |dim: Dim, length: i64| dim.size().is_none_or(|size| i64::try_from(size) == Ok(length));
    let fits = transformed.iter().zip(lengths).take(exact).all(|(&d, &l)| equal(d, l));
    cx.require_about(fits, "fft_c4", &[0], || {
        format!(
            "the operand's last dimensions must be fft_length, got {} and {}",
            shape_text(transformed),
            list(lengths)
        )
    })?;
    let bound = shape.bounds.last_mut();
    match (kind, shape.dims.last_mut()) {
        ("RFFT", Some(size)) => {
            if last != 0 {
                *size = Dim::Size(half);
            }
            bound.into_iter().for_each(|b| *b = None);
        }
        ("IRFFT", Some(size)) => {
            let empty = compatible_dims(*size, Dim::Size(0)) && last == 0;
            let spectrum = *size;
            *size = u64::try_from(last).map_or(Dim::Dynamic, Dim::Size);
            bound.into_iter().for_each(|b| *b = None);
            cx.require_about(empty || compatible_dims(spectrum, Dim::Size(half)), "fft_c5", &[0], || {
                format!("the operand's last dimension must have size {half}, that is fft_length[-1] / 2 + 1 for fft_length {}, but has size {spectrum}", list(lengths))
            })?;
        }
        _ => {}
    }
    Outcome::one(shape.with(element, operand), "fft_c5")
}

/// Operands of batch normalization: `wide` ones share a shape, `narrow` ones are vectors with an entry a feature.
/// Gives the type of the vectors.
fn batch_norm(cx: &mut OpCx<'_>, wide: &[usize], narrow: Range<usize>, sizes: usize) -> Checked<Type> {
    let (operand, dims) = cx.ranked(0)?;
    for index in 1..cx.operands.len() {
        let other = cx.tensor(index)?;
        let label = cx.operand_label(index);
        cx.require_about(compatible_elements(&operand.element, &other.element), cx.c(2), &[0, index], || {
            format!(
                "all operands must have the same element type, got `{}` for operand and `{}` for {label}",
                operand.element, other.element
            )
        })?;
    }
    for &index in wide {
        let (other, other_dims) = cx.ranked(index)?;
        cx.require_about(compatible_dim_lists(dims, other_dims), cx.c(3), &[0, index], || {
            format!("operand and grad_output must have the same shape, got `{operand}` and `{other}`")
        })?;
    }
    let feature = cx.dim_in_range(cx.int("feature_index"), dims.len(), cx.c(1), "feature_index", "the operand")?;
    let first = narrow.start;
    for (n, index) in narrow.enumerate() {
        let ((vector, lengths), (reference, expected)) = (cx.ranked(index)?, cx.ranked(first)?);
        let label = cx.operand_label(index);
        cx.require_about(compatible_dim_lists(lengths, expected), cx.c(sizes + n), &[first, index], || {
            format!("all vectors must have the same size, got `{reference}` and `{vector}`")
        })?;
        let length = lengths.first().copied().unwrap_or(Dim::Dynamic);
        cx.require_about(compatible_dims(length, dims[feature]), cx.c(sizes + n), &[0, index], || {
            format!("{label} must have an entry for each of the {} features, but has {length}", dims[feature])
        })?;
    }
    let whole = Shape::of(operand).unwrap_or_default();
    let bounds =
        if whole.bounds.is_empty() { Default::default() } else { [whole.bound(feature)].into_iter().collect() };
    let vector = Shape { dims: [dims[feature]].into_iter().collect(), bounds };
    Ok(vector.plain(operand.element.clone()).into())
}

/// batch_norm_grad_c1 to batch_norm_grad_c5.
pub(super) fn batch_norm_grad(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let vector = batch_norm(cx, &[4], 1..2, 5)?;
    let operand = cx.tensor(0)?.clone();
    for index in 2..4 {
        let ((a, a_dims), (b, b_dims)) = (cx.ranked(1)?, cx.ranked(index)?);
        cx.require_about(compatible_dim_lists(a_dims, b_dims), "batch_norm_grad_c4", &[1, index], || {
            format!("scale, mean and variance must have the same size, got `{a}` and `{b}`")
        })?;
    }
    Outcome::all([operand.into(), vector.clone(), vector], "batch_norm_grad_c3")
}

/// batch_norm_inference_c1 to batch_norm_inference_c7.
pub(super) fn batch_norm_inference(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    batch_norm(cx, &[], 1..5, 3)?;
    Outcome::one(cx.tensor(0)?.clone(), "batch_norm_inference_c7")
}

/// batch_norm_training_c1 to batch_norm_training_c7.
pub(super) fn batch_norm_training(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let vector = batch_norm(cx, &[], 1..3, 3)?;
    let operand = cx.tensor(0)?.clone();
    Outcome::all([operand.into(), vector.clone(), vector], "batch_norm_training_c7")
}
