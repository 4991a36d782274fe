//! Windows that move over a tensor: `reduce_window`, `select_and_scatter`, and what convolutions
//! share with them.

use super::Outcome;
use super::reduce::{Initial, accumulators, check_reducer, same_shapes};
use crate::ir::{Attr, Dim, TensorType, Type};
use crate::valid::compat::{Bounds, Shape, compatible_shapes};
use crate::valid::site::{Checked, OpCx, scalar, types_text};

/// A window along one dimension.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    size: Dim,
    stride: i64,
    base_dilation: i64,
    window_dilation: i64,
    padding: (i64, i64),
}

impl Window {
    /// How many places the window takes along a dimension of this size.
    pub(super) fn positions(&self, input: Dim) -> Dim {
        match (input, self.size) {
            (Dim::Size(input), Dim::Size(size)) => {
                Dim::Size(u64::try_from(self.count(input, size)).unwrap_or(0).min(i64::MAX as u64))
            }
            _ => Dim::Dynamic,
        }
    }

    fn count(&self, input: u64, size: u64) -> i128 {
        let dilated = |n: u64, by: i64| if n == 0 { 0 } else { (i128::from(n) - 1) * i128::from(by) + 1 };
        let padded = dilated(input, self.base_dilation) + i128::from(self.padding.0) + i128::from(self.padding.1);
        let window = dilated(size, self.window_dilation);
        if padded <= 0 || window > padded { 0 } else { (padded - window) / i128::from(self.stride) + 1 }
    }
}

/// An optional list with its name, the constraint on its size and the one on its entries.
pub(super) type ListAttribute<'a> = (&'a [i64], &'static str, usize, usize);

/// What describes windows besides their sizes, and the numbers of the constraints on it.
pub(super) struct Attributes<'a> {
    pub strides: ListAttribute<'a>,
    pub base_dilations: ListAttribute<'a>,
    pub window_dilations: ListAttribute<'a>,
    pub padding: Vec<(i64, i64)>,
    pub padding_constraint: usize,
    pub size_constraint: usize,
}

/// The window along each dimension: lists have an entry a dimension, sizes and steps are positive.
pub(super) fn windows(cx: &mut OpCx<'_>, sizes: &[Dim], attributes: Attributes<'_>) -> Checked<Vec<Window>> {
    let count = sizes.len();
    for (values, name, size_constraint, _) in
        [attributes.strides, attributes.base_dilations, attributes.window_dilations]
    {
        cx.require(values.is_empty() || values.len() == count, cx.c(size_constraint), || {
            format!(
                "{name} must have an entry for each of the {count} dimensions of the window, but has {}",
                values.len()
            )
        })?;
    }
    let padding = &attributes.padding;
    cx.require(padding.is_empty() || padding.len() == count, cx.c(attributes.padding_constraint), || {
        format!("padding must have a row for each of the {count} dimensions of the window, but has {}", padding.len())
    })?;
    for (dim, &size) in sizes.iter().enumerate() {
        cx.require(size != Dim::Size(0), cx.c(attributes.size_constraint), || {
            format!("dimension {dim} of the window must have a positive size, got {size}")
        })?;
        for (values, name, _, constraint) in
            [attributes.strides, attributes.base_dilations, attributes.window_dilations]
        {
            let step = values.get(dim).copied().unwrap_or(1);
            cx.require(step > 0, cx.c(constraint), || format!("entry {dim} of {name} must be positive, got {step}"))?;
        }
    }
    let step = |list: ListAttribute<'_>, dim: usize| list.0.get(dim).copied().unwrap_or(1);
    let window = |(dim, &size): (usize, &Dim)| Window {
        size,
        stride: step(attributes.strides, dim),
        base_dilation: step(attributes.base_dilations, dim),
        window_dilation: step(attributes.window_dilations, dim),
        padding: padding.get(dim).copied().unwrap_or((0, 0)),
    };
    Ok(sizes.iter().enumerate().map(window).collect())
}

/// The `padding` attribute as pairs of low and high; its type must be `tensor<Nx2xi64>`.
pub(super) fn padding_pairs(cx: &mut OpCx<'_>, tag: &'static str) -> Checked<Vec<(i64, i64)>> {
    /// No tensor has more dimensions than this; a splat of an absurd shape is not expanded.
    const MOST: u64 = 1 << 16;
    let Some(Attr::Elements(elements)) = cx.attr("padding") else { return Ok(Vec::new()) };
    let shape = elements.ty.sizes().unwrap_or_default();
    let fits = matches!(shape.as_slice(), [rows, 2] if *rows <= MOST);
    cx.require(fits, tag, || format!("padding must be of type `tensor<Nx2xi64>`, but is `{}`", elements.ty))?;
    let flat = elements.to_i64s().unwrap_or_default();
    Ok(flat.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect())
}

/// Window sizes from an attribute, as dimensions.
fn size_attribute(cx: &mut OpCx<'_>, constraint: usize) -> Checked<Vec<Dim>> {
    let sizes = cx.i64s("window_dimensions");
    let positive: Option<Vec<Dim>> = sizes.iter().map(|&n| u64::try_from(n).ok().map(Dim::Size)).collect();
    positive.ok_or_else(|| {
        let wrong = sizes.iter().position(|&n| n < 0).unwrap_or(0);
        cx.fail(
            cx.c(constraint),
            format!("dimension {wrong} of the window must have a positive size, got {}", sizes[wrong]),
        )
    })
}

/// reduce_window_c1 to reduce_window_c16.
pub(super) fn reduce_window(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let (inputs, inits) = (cx.operand_group(0), cx.operand_group(1));
    cx.require(!inputs.is_empty(), "reduce_window_c1", || "needs at least one input".to_owned())?;
    same_shapes(cx, inputs.clone(), "reduce_window_c2")?;
    let padding = padding_pairs(cx, "reduce_window_c12")?;
    let (input, dims) = cx.ranked(inputs.start)?;
    let sizes = size_attribute(cx, 5)?;
    cx.require_about(sizes.len() == dims.len(), "reduce_window_c4", &[inputs.start], || {
        format!("window_dimensions must have an entry for each dimension of `{input}`, but has {}", sizes.len())
    })?;
    let attributes = Attributes {
        strides: (cx.i64s("window_strides"), "window_strides", 6, 7),
        base_dilations: (cx.i64s("base_dilations"), "base_dilations", 8, 9),
        window_dilations: (cx.i64s("window_dilations"), "window_dilations", 10, 11),
        padding,
        padding_constraint: 12,
        size_constraint: 5,
    };
    let windows = windows(cx, &sizes, attributes)?;
    check_reducer(cx, 0, inputs.clone(), Initial::Operands(inits), &sizes, "reduce_window_c13")?;
    let elements = accumulators(cx, 0);
    let mut types = Vec::new();
    for (index, element) in inputs.zip(elements) {
        let (input, dims) = cx.ranked(index)?;
        let mut shape = Shape::from_dims(dims.iter().zip(&windows).map(|(&d, w)| w.positions(d)));
        let bounds: Bounds = crate::valid::compat::bounds_of(input).into();
        shape.bounds =
            bounds.iter().zip(&windows).map(|(b, w)| b.and_then(|b| w.positions(Dim::Size(b)).size())).collect();
        types.push(Type::Tensor(shape.with(element.element.clone(), input)));
    }
    Outcome::all(types, "reduce_window_c15")
}

/// select_and_scatter_c1 to select_and_scatter_c12.
pub(super) fn select_and_scatter(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let ((operand, dims), source) = (cx.ranked(0)?, cx.tensor(1)?);
    check_selector(cx, operand)?;
    check_reducer(cx, 1, 1..2, Initial::Operands(2..3), &[], "select_and_scatter_c10")?;
    let sizes = size_attribute(cx, 5)?;
    cx.require_about(sizes.len() == dims.len(), "select_and_scatter_c4", &[0], || {
        format!("window_dimensions must have an entry for each dimension of `{operand}`, but has {}", sizes.len())
    })?;
    let attributes = Attributes {
        strides: (cx.i64s("window_strides"), "window_strides", 6, 7),
        base_dilations: (&[], "base_dilations", 8, 8),
        window_dilations: (&[], "window_dilations", 8, 8),
        padding: padding_pairs(cx, "select_and_scatter_c8")?,
        padding_constraint: 8,
        size_constraint: 5,
    };
    let windows = windows(cx, &sizes, attributes)?;
    let expected =
        Shape::from_dims(dims.iter().zip(&windows).map(|(&d, w)| w.positions(d))).plain(operand.element.clone());
    cx.require_about(compatible_shapes(&expected, source), "select_and_scatter_c2", &[0, 1], || {
        format!("source must have an element for each place of the window, that is the shape of `{expected}`, but is `{source}`")
    })?;
    cx.require_about(same_kind(operand, source), "select_and_scatter_c1", &[0, 1], || {
        format!(
            "operand and source must have the same element type, got `{}` and `{}`; the source must be `{expected}`",
            operand.element, source.element
        )
    })?;
    let element = accumulators(cx, 1).first().map_or(operand.element.clone(), |t| t.element.clone());
    Outcome::one(operand.with_element(element), "select_and_scatter_c11")
}

/// Whether two tensors have the same element type, or both have floats.
fn same_kind(a: &TensorType, b: &TensorType) -> bool {
    a.element == b.element || a.element.is_float() && b.element.is_float()
}

/// select_and_scatter_c9: two scalars of the operand's element type to an `i1`.
fn check_selector(cx: &mut OpCx<'_>, operand: &TensorType) -> Checked {
    let (args, results) = (cx.region_args(0), cx.region_results(0));
    let element = scalar(&operand.element);
    let takes = |ty: &Type| ty.as_tensor().is_some_and(|t| compatible_shapes(t, &element) && same_kind(t, &element));
    cx.require_about(args.len() == 2 && args.iter().all(|ty| takes(ty)), "select_and_scatter_c9", &[0], || {
        format!("the select region must take two arguments of type `{element}`, but takes {}", types_text(&args))
    })?;
    let gives = |ty: &Type| *ty == Type::tensor(&[], crate::ir::ElementType::I1);
    cx.require(results.len() == 1 && gives(results[0]), "select_and_scatter_c9", || {
        format!("the select region must return one `tensor<i1>`, but returns {}", types_text(&results))
    })
}
