//! Reductions, the functions that reduce, and `map`.

use std::ops::Range;

use super::Outcome;
use crate::ir::{Dim, ElementType, TensorType, Type};
use crate::valid::compat::{Bounds, Shape, compatible_dim_lists, compatible_dims, compatible_shapes};
use crate::valid::site::{Checked, OpCx, Reported, list, scalar, types_text};

/// Records an error unless all these operands may have the same shape.
pub(super) fn same_shapes(cx: &mut OpCx<'_>, operands: Range<usize>, tag: &'static str) -> Checked {
    let first = operands.start;
    for index in operands.skip(1) {
        let (a, b) = (cx.tensor(first)?, cx.tensor(index)?);
        cx.require_about(compatible_shapes(a, b), tag, &[first, index], || {
            format!("all inputs must have the same shape, got `{a}` and `{b}`")
        })?;
    }
    Ok(())
}

/// What a region that accumulates returns; the region was checked to return tensors.
pub(super) fn accumulators<'a>(cx: &OpCx<'a>, region: usize) -> Vec<&'a TensorType> {
    cx.region_results(region).into_iter().filter_map(|t| t.as_tensor()).collect()
}

/// Whether an element type may be widened to another: the same kind, and no narrower. Floats of
/// any widths count as the same. (The specification's `is_promotable`.)
fn is_promotable(from: &ElementType, to: &ElementType) -> bool {
    let integer = |e: &ElementType| *e == ElementType::I1 || e.is_integer();
    match (from, to) {
        (a, b) if a.is_float() && b.is_float() => true,
        (a, b) if integer(a) && integer(b) => a.bits() <= b.bits(),
        (a, b) if a.is_complex() && b.is_complex() => a.bits() <= b.bits(),
        (ElementType::Quantized(a), ElementType::Quantized(b)) => {
            a.expressed == b.expressed && a.storage.bits() <= b.storage.bits()
        }
        _ => false,
    }
}

/// Whether a region's argument may take what the region returns.
fn fits_accumulator(arg: &Type, accumulator: &TensorType, any_float: bool) -> bool {
    let Type::Tensor(arg) = arg else { return false };
    let floats = any_float && arg.element.is_float() && accumulator.element.is_float();
    compatible_shapes(arg, accumulator) && (floats || arg.element == accumulator.element)
}

/// The function that a region stands for: twice as many tensors as inputs to as many, accumulators
/// first, of the inputs' element types or wider ones. reduce_c2, reduce_c6, all_reduce_c5,
/// reduce_scatter_c7, reduce_window_c13, scatter_c23, select_and_scatter_c10.
///
/// Each argument's dimensions must be among `allowed`, in order.
pub(super) fn check_reducer(
    cx: &mut OpCx<'_>,
    region: usize,
    inputs: Range<usize>,
    initial: Initial,
    allowed: &[Dim],
    tag: &'static str,
) -> Checked {
    let (count, args, results) = (inputs.len(), cx.region_args(region), cx.region_results(region));
    cx.require(args.len() == count * 2, tag, || {
        format!(
            "the region must take {} arguments, an accumulator and an element for each input, but takes {}",
            count * 2,
            args.len()
        )
    })?;
    cx.require(results.len() == count, tag, || {
        format!("the region must return {count} value(s), one for each input, but returns {}", results.len())
    })?;
    for (n, input) in inputs.enumerate() {
        let Type::Tensor(accumulator) = results[n] else {
            return Err(cx.fail(tag, format!("the region must return tensors, but returns {}", types_text(&results))));
        };
        for (arg, any_float) in [(n, false), (count + n, true)] {
            cx.require(fits_accumulator(args[arg], accumulator, any_float), tag, || {
                format!("argument {arg} of the region must have the type that it returns, `{accumulator}`, but has type `{}`", args[arg])
            })?;
        }
        check_initial(cx, &initial, n, accumulator, tag)?;
        let element = &cx.tensor(input)?.element;
        cx.require_about(is_promotable(element, &accumulator.element), tag, &[input], || {
            format!(
                "the element type `{element}` of input {n} cannot be widened to `{}`, which the region takes",
                accumulator.element
            )
        })?;
        let arg = args[count + n].as_tensor().and_then(|t| t.dims.as_deref()).unwrap_or_default();
        check_allowed(cx, count + n, arg, allowed, tag)?;
    }
    Ok(())
}

/// What the accumulator starts from.
pub(super) enum Initial {
    /// These operands.
    Operands(Range<usize>),
    /// The elements of these operands.
    ElementsOf(Range<usize>),
}

/// The accumulator has the shape of the initial value, and is at least as wide.
fn check_initial(
    cx: &mut OpCx<'_>,
    initial: &Initial,
    n: usize,
    accumulator: &TensorType,
    tag: &'static str,
) -> Checked {
    let (operand, what, init) = match initial {
        Initial::Operands(range) => {
            let operand = range.start + n;
            (operand, "the initial value", cx.tensor(operand)?.clone())
        }
        Initial::ElementsOf(range) => {
            let operand = range.start + n;
            (operand, "an element", scalar(&cx.tensor(operand)?.element))
        }
    };
    cx.require_about(compatible_shapes(&init, accumulator), tag, &[operand], || {
        format!("the region must return as value {n} the shape of {what}, `{init}`, but returns `{accumulator}`")
    })?;
    cx.require_about(is_promotable(&init.element, &accumulator.element), tag, &[operand], || {
        format!(
            "the element type `{}` of {what} cannot be widened to `{}`, which the region returns as value {n}",
            init.element, accumulator.element
        )
    })
}

/// An argument's dimensions are some of the allowed ones, in order.
fn check_allowed(cx: &mut OpCx<'_>, index: usize, arg: &[Dim], allowed: &[Dim], tag: &'static str) -> Checked {
    let mut rest = arg.iter();
    let mut next = rest.next();
    for &dim in allowed {
        if next.is_some_and(|&d| compatible_dims(d, dim)) {
            next = rest.next();
        }
    }
    cx.require(next.is_none(), tag, || {
        let shape = crate::valid::site::shape_text(arg);
        format!("argument {index} of the region has shape {shape}, which is no part of what is reduced")
    })
}

/// reduce_c1 to reduce_c8.
pub(super) fn reduce(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let (inputs, inits) = (cx.operand_group(0), cx.operand_group(1));
    cx.require(!inputs.is_empty(), "reduce_c3", || "needs at least one input".to_owned())?;
    same_shapes(cx, inputs.clone(), "reduce_c1")?;
    let (input, dims) = cx.ranked(inputs.start)?;
    let dimensions = cx.i64s("dimensions");
    let reduced = cx.dims_in_range(dimensions, dims.len(), "reduce_c4", "dimensions", "the inputs")?;
    cx.unique(dimensions, "reduce_c5", "dimensions")?;
    let shape = Shape::of(input).unwrap_or_default();
    let kept: Vec<usize> = (0..dims.len()).filter(|d| !reduced.contains(d)).collect();
    let bounds: Bounds =
        if shape.bounds.is_empty() { Bounds::new() } else { kept.iter().map(|&d| shape.bound(d)).collect() };
    let result = Shape { dims: kept.iter().map(|&d| dims[d]).collect(), bounds };
    check_reducer(cx, 0, inputs, Initial::Operands(inits), &result.dims, "reduce_c6")?;
    let types = accumulators(cx, 0).into_iter().map(|t| Type::Tensor(result.clone().plain(t.element.clone())));
    Outcome::all(types, "reduce_c7")
}

/// map_c1 to map_c4.
pub(super) fn map(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    cx.require(!cx.operands.is_empty(), "map_c2", || "needs at least one input".to_owned())?;
    let (args, results, inputs) = (cx.region_args(0), cx.region_results(0), cx.operands.len());
    cx.require(args.len() == inputs, "map_c4", || {
        format!("the computation must take an argument for each of the {inputs} inputs, but takes {}", args.len())
    })?;
    for (index, arg) in args.iter().enumerate() {
        let expected = Type::Tensor(scalar(&cx.tensor(index)?.element));
        cx.require_about(**arg == expected, "map_c4", &[index], || {
            format!("argument {index} of the computation must be of type `{expected}`, but is `{arg}`")
        })?;
    }
    let result = match results.as_slice() {
        [Type::Tensor(t)] if t.rank() == Some(0) => t,
        _ => return Err(not_one_scalar(cx, &results)),
    };
    let dimensions = cx.i64s("dimensions");
    let (first, dims) = cx.ranked(0)?;
    let all = dimensions.len() == dims.len() && dimensions.iter().enumerate().all(|(i, &d)| d == i as i64);
    cx.require_about(all, "map_c3", &[0], || {
        format!("dimensions must name all dimensions of `{first}` in order, got {}", list(dimensions))
    })?;
    for index in 1..cx.operands.len() {
        let (other, other_dims) = cx.ranked(index)?;
        cx.require_about(compatible_dim_lists(dims, other_dims), "map_c1", &[0, index], || {
            format!("all inputs must have the same shape, got `{first}` and `{other}`")
        })?;
    }
    Outcome::one(Shape::from_dims(dims.iter().copied()).plain(result.element.clone()), "map_c4")
}

fn not_one_scalar(cx: &mut OpCx<'_>, results: &[&Type]) -> Reported {
    cx.fail("map_c4", format!("the computation must return one scalar, but returns {}", types_text(results)))
}
