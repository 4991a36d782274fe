//! CHLO: element-wise operations that broadcast, and `scan`.

use super::Outcome;
use crate::ir::{Attr, Dim, Dims, ElementType, TensorType, Type};
use crate::valid::compat::{Shape, compatible_elements, compatible_shapes};
use crate::valid::site::{Checked, OpCx, types_text};

/// Two shapes after stretching dimensions of size 1, aligned at the end; `None` when they contradict.
fn broadcast_dims(a: &[Dim], b: &[Dim]) -> Option<Dims> {
    let rank = a.len().max(b.len());
    let at = |dims: &[Dim], i: usize| (i + dims.len()).checked_sub(rank).map_or(Dim::Size(1), |i| dims[i]);
    let one = Dim::Size(1);
    (0..rank)
        .map(|i| match (at(a, i), at(b, i)) {
            (x, y) if x == y => Some(x),
            (x, y) if x == one => Some(y),
            (x, y) if y == one => Some(x),
            // A dynamic size may turn out to be 1, so that the known one decides.
            (Dim::Dynamic, y) => Some(y),
            (x, Dim::Dynamic) => Some(x),
            _ => None,
        })
        .collect()
}

/// The shape of two broadcast operands; `None` when it is not known or they contradict.
fn broadcast_shape(a: &TensorType, b: &TensorType, dimensions: Option<&[i64]>) -> Option<Dims> {
    let (a, b) = (a.dims.as_ref()?, b.dims.as_ref()?);
    let Some(dimensions) = dimensions.filter(|_| a.len() != b.len()) else { return broadcast_dims(a, b) };
    let (small, large) = if a.len() < b.len() { (a, b) } else { (b, a) };
    if dimensions.len() != small.len() {
        return None;
    }
    let mut shape = large.clone();
    for (&size, &to) in small.iter().zip(dimensions) {
        let to = usize::try_from(to).ok().filter(|&d| d < large.len())?;
        shape[to] = broadcast_dims(&[size], &[large[to]])?[0];
    }
    Some(shape)
}

/// The result of broadcasting operands 0 and 1, in this element type.
fn broadcast(cx: &mut OpCx<'_>, element: impl FnOnce(&ElementType) -> ElementType) -> Checked<Outcome> {
    let (lhs, rhs) = (cx.tensor(0)?, cx.tensor(1)?);
    cx.require_about(compatible_elements(&lhs.element, &rhs.element), "broadcast_elements", &[0, 1], || {
        format!("operands must have compatible element types, got `{}` and `{}`", lhs.element, rhs.element)
    })?;
    let dims = broadcast_shape(lhs, rhs, cx.attr("broadcast_dimensions").and_then(|a| a.as_i64s()));
    // Operands that cannot be broadcast make a result of unknown shape.
    Outcome::one(TensorType { dims, element: element(&lhs.element), encoding: None }, "broadcast_shape")
}

/// Binary operations that broadcast.
pub(super) fn broadcast_binary(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    broadcast(cx, Clone::clone)
}

/// `chlo.broadcast_compare`.
pub(super) fn broadcast_compare(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    broadcast(cx, |_| ElementType::I1)
}

/// `chlo.broadcast_complex`.
pub(super) fn broadcast_complex(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let double = cx.tensor(0)?.element == ElementType::F64;
    broadcast(cx, |_| if double { ElementType::ComplexF64 } else { ElementType::ComplexF32 })
}

/// `chlo.broadcast_select`.
pub(super) fn broadcast_select(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let (pred, on_true, on_false) = (cx.tensor(0)?, cx.tensor(1)?, cx.tensor(2)?);
    cx.require_about(on_true.element == on_false.element, "broadcast_elements", &[1, 2], || {
        format!(
            "on_true and on_false must have the same element type, got `{}` and `{}`",
            on_true.element, on_false.element
        )
    })?;
    let both = broadcast_shape(on_true, on_false, None);
    let dims = both.and_then(|dims| broadcast_shape(&Shape::from_dims(dims).plain(ElementType::I1), pred, None));
    Outcome::one(TensorType { dims, element: on_true.element.clone(), encoding: None }, "broadcast_shape")
}

/// The type of a `chlo.constant_like` value.
fn value_element(attr: &Attr) -> Option<ElementType> {
    match attr {
        Attr::Int(int) => Some(int.ty.clone()),
        Attr::Float(float) => Some(float.ty.clone()),
        Attr::Bool(_) => Some(ElementType::I1),
        _ => None,
    }
}

/// `chlo.constant_like`: the operand's shape in the value's type.
pub(super) fn constant_like(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let operand = cx.tensor(0)?;
    match cx.attr("value").and_then(value_element) {
        Some(element) => {
            Outcome::one(TensorType { encoding: None, ..operand.with_element(element) }, "constant_like_value")
        }
        None => Ok(Outcome::Stated),
    }
}

/// `chlo.constant_like`, of values whose type the attribute does not say.
pub(super) fn constant_like_results(cx: &mut OpCx<'_>) -> Checked {
    let (operand, result) = (cx.tensor(0)?, cx.result(0)?);
    cx.require_about(compatible_shapes(operand, result), "constant_like_c1", &[0], || {
        format!("operand and result must have the same shape, got `{operand}` and `{result}`")
    })
}

/// `chlo.scan`: the body takes slices of the inputs and the carries, and gives slices of the outputs and the
/// next carries.
pub(super) fn scan(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let (inputs, inits) = (cx.operand_group(0), cx.operand_group(1));
    let args = cx.region_args(0);
    let operands = cx.operands.len();
    cx.require(args.len() == operands, "scan_body", || {
        format!("the body must take an argument for each of the {operands} operands, but takes {}", types_text(&args))
    })?;
    let results = cx.region_results(0);
    cx.require(results.len() >= inits.len(), "scan_body", || {
        format!(
            "the body must return a value for each of the {} carries, but returns {}",
            inits.len(),
            types_text(&results)
        )
    })?;
    let dimension = cx.int("dimension");
    for (n, index) in inputs.enumerate() {
        let (input, dims) = cx.ranked(index)?;
        let along = cx.dim_in_range(dimension, dims.len(), "scan_dimension", "dimension", "the inputs")?;
        let slice = Shape::from_dims(dims.iter().enumerate().filter(|(d, _)| *d != along).map(|(_, d)| *d));
        let expected = slice.plain(input.element.clone());
        let fits =
            args[n].as_tensor().is_some_and(|t| compatible_shapes(t, &expected) && t.element == expected.element);
        cx.require_about(fits, "scan_body", &[index], || {
            format!("argument {n} of the body must be a slice of the input, `{expected}`, but is `{}`", args[n])
        })?;
    }
    let outputs = results.len() - inits.len();
    for (n, index) in inits.clone().enumerate() {
        let first = args.len() - inits.len();
        let (carried, given) = (args[first + n], results[outputs + n]);
        let init = Type::Tensor(cx.tensor(index)?.clone());
        let fits = crate::valid::compat::compatible(&init, carried) && crate::valid::compat::compatible(&init, given);
        cx.require_about(fits, "scan_body", &[index], || {
            format!("carry {n} must keep its type `{init}`, but the body takes `{carried}` and returns `{given}`")
        })?;
    }
    Ok(Outcome::Stated)
}
