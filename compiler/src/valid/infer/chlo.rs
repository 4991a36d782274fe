//! CHLO: element-wise operations that broadcast, and `scan`.

use std::ops::Range;

use super::Outcome;
use crate::ir::{Attr, Dim, ElementType, TensorType, Type};
use crate::valid::compat::{
    Bounds, Extent, Shape, compatible, compatible_dims, compatible_elements, compatible_shapes,
};
use crate::valid::site::{Checked, OpCx, types_text};

/// A dimension that both extents stretch to; `None` when they contradict, or when that is not known.
fn stretched(a: Extent, b: Extent) -> Option<Extent> {
    let one = (Dim::Size(1), None);
    match (a, b) {
        (a, b) if a == b => Some(a),
        (a, other) | (other, a) if a == one => Some(other),
        // A dynamic size may turn out to be 1, so that a known one decides.
        ((Dim::Dynamic, None), (Dim::Size(size), _)) | ((Dim::Size(size), _), (Dim::Dynamic, None)) if size > 0 => {
            Some((Dim::Size(size), None))
        }
        _ => None,
    }
}

/// Two shapes after stretching dimensions of size 1, aligned at the end.
fn broadcast_shapes(a: &Shape, b: &Shape) -> Option<Shape> {
    let rank = a.dims.len().max(b.dims.len());
    let at = |shape: &Shape, i: usize| match (i + shape.dims.len()).checked_sub(rank) {
        Some(i) => (shape.dims[i], shape.bound(i)),
        None => (Dim::Size(1), None),
    };
    let extents: Option<Vec<Extent>> = (0..rank).map(|i| stretched(at(a, i), at(b, i))).collect();
    Some(shape_of(&extents?))
}

/// The shape of these extents.
fn shape_of(extents: &[Extent]) -> Shape {
    let bounded = extents.iter().any(|(_, bound)| bound.is_some());
    let bounds = if bounded { extents.iter().map(|(_, bound)| *bound).collect() } else { Bounds::new() };
    Shape { dims: extents.iter().map(|(dim, _)| *dim).collect(), bounds }
}

/// The shape of two broadcast operands; `None` when it is not known or they contradict.
fn broadcast_shape(a: &Shape, b: &Shape, dimensions: Option<&[i64]>) -> Option<Shape> {
    let Some(dimensions) = dimensions.filter(|_| a.dims.len() != b.dims.len()) else { return broadcast_shapes(a, b) };
    let (small, large) = if a.dims.len() < b.dims.len() { (a, b) } else { (b, a) };
    if dimensions.len() != small.dims.len() {
        return None;
    }
    let mut extents: Vec<Extent> = (0..large.dims.len()).map(|i| (large.dims[i], large.bound(i))).collect();
    for (i, &to) in dimensions.iter().enumerate() {
        let to = usize::try_from(to).ok().filter(|&d| d < extents.len())?;
        extents[to] = stretched((small.dims[i], small.bound(i)), extents[to])?;
    }
    Some(shape_of(&extents))
}

/// A tensor type of this shape, unranked where it is not known.
fn tensor_of(shape: Option<Shape>, element: ElementType) -> TensorType {
    match shape {
        Some(shape) => shape.plain(element),
        None => TensorType { dims: None, element, encoding: None },
    }
}

/// The result of broadcasting operands 0 and 1, in this element type.
fn broadcast(cx: &mut OpCx<'_>, element: impl FnOnce(&ElementType) -> ElementType) -> Checked<Outcome> {
    let (lhs, rhs) = (cx.tensor(0)?, cx.tensor(1)?);
    cx.require_about(compatible_elements(&lhs.element, &rhs.element), "broadcast_elements", &[0, 1], || {
        format!("operands must have compatible element types, got `{}` and `{}`", lhs.element, rhs.element)
    })?;
    let dimensions = cx.attr("broadcast_dimensions").and_then(|a| a.as_i64s());
    if let Some(negative) = dimensions.and_then(|dims| dims.iter().find(|&&d| d < 0)) {
        return Err(
            cx.fail("broadcast_dimensions", format!("broadcast_dimensions must not be negative, got {negative}"))
        );
    }
    let shape = Shape::of(lhs).zip(Shape::of(rhs)).and_then(|(a, b)| broadcast_shape(&a, &b, dimensions));
    // Operands that cannot be broadcast make a result of unknown shape.
    Outcome::one(tensor_of(shape, element(&lhs.element)), "broadcast_shape")
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
    let part = cx.tensor(0)?.element.clone();
    cx.require(matches!(part, ElementType::F32 | ElementType::F64), "broadcast_complex_elements", || {
        format!("complex numbers are made of `f32` or `f64`, got `{part}`")
    })?;
    broadcast(cx, |part| if *part == ElementType::F64 { ElementType::ComplexF64 } else { ElementType::ComplexF32 })
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
    let both = Shape::of(on_true).zip(Shape::of(on_false)).and_then(|(a, b)| broadcast_shapes(&a, &b));
    let shape = both.zip(Shape::of(pred)).and_then(|(both, pred)| broadcast_shapes(&both, &pred));
    Outcome::one(tensor_of(shape, on_true.element.clone()), "broadcast_shape")
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
        Some(element) => Outcome::one(operand.with_element(element), "constant_like_value"),
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
    let (args, results, operands) = (cx.region_args(0), cx.region_results(0), cx.operands.len());
    cx.require(args.len() == operands, "scan_body", || {
        format!("the body must take an argument for each of the {operands} operands, but takes {}", types_text(&args))
    })?;
    cx.require(results.len() >= inits.len(), "scan_body", || {
        format!(
            "the body must return a value for each of the {} carries, but returns {}",
            inits.len(),
            types_text(&results)
        )
    })?;
    let length = scanned_length(cx, inputs)?;
    let (outputs, carries) = results.split_at(results.len() - inits.len());
    let mut types = Vec::with_capacity(results.len());
    for output in outputs {
        types.push(stacked(cx, output, length)?);
    }
    for (n, index) in inits.enumerate() {
        let init = Type::Tensor(cx.tensor(index)?.clone());
        cx.require_about(
            compatible(&init, args[index]) && compatible(&init, carries[n]),
            "scan_body",
            &[index],
            || {
                format!(
                    "carry {n} must keep its type `{init}`, but the body takes `{}` and returns `{}`",
                    args[index], carries[n]
                )
            },
        )?;
        types.push(init);
    }
    Outcome::all(types, "scan_results")
}

/// How many steps a scan takes: the inputs' size along its dimension, each of whose slices the body takes.
fn scanned_length(cx: &mut OpCx<'_>, inputs: Range<usize>) -> Checked<Dim> {
    let stated = cx.attr("scan_dim_size").and_then(|a| a.as_i64()).and_then(|n| u64::try_from(n).ok());
    let mut length = stated.map_or(Dim::Dynamic, Dim::Size);
    let args = cx.region_args(0);
    for index in inputs {
        let (input, dims) = cx.ranked(index)?;
        let along = cx.dim_in_range(cx.int("dimension"), dims.len(), "scan_dimension", "dimension", "the inputs")?;
        cx.require_about(compatible_dims(dims[along], length), "scan_dimension", &[index], || {
            format!(
                "dimension {along} of the input, along which it is scanned, must have size {length}, but has {}",
                dims[along]
            )
        })?;
        length = if length == Dim::Dynamic { dims[along] } else { length };
        let slice = Shape::from_dims(dims.iter().enumerate().filter(|(d, _)| *d != along).map(|(_, d)| *d));
        let expected = Type::Tensor(slice.plain(input.element.clone()));
        let arg = args[index];
        cx.require_about(compatible(arg, &expected), "scan_body", &[index], || {
            format!("argument {index} of the body must be a slice of the input, `{expected}`, but is `{arg}`")
        })?;
    }
    Ok(length)
}

/// The type of slices stacked along the dimension of a scan.
fn stacked(cx: &mut OpCx<'_>, slice: &Type, length: Dim) -> Checked<Type> {
    let Some((tensor, dims)) = slice.as_tensor().and_then(|t| Some((t, t.dims.as_ref()?))) else {
        return Err(cx.fail("scan_body", format!("the body must return ranked tensors, but returns `{slice}`")));
    };
    let along = cx.dim_in_range(cx.int("dimension"), dims.len() + 1, "scan_dimension", "dimension", "the outputs")?;
    let mut dims = dims.clone();
    dims.insert(along, length);
    Ok(Shape::from_dims(dims).plain(tensor.element.clone()).into())
}
