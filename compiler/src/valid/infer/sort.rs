//! `sort` and `chlo.top_k`.

use super::Outcome;
use crate::ir::{Dim, ElementType, Type};
use crate::valid::compat::Shape;
use crate::valid::site::{Checked, OpCx, scalar, types_text};

/// sort_c1 to sort_c5.
pub(super) fn sort(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let count = cx.operands.len();
    cx.require(count > 0, "sort_c1", || "needs at least one input".to_owned())?;
    let (_, dims) = cx.ranked(0)?;
    let (rank, dimension) = (dims.len() as i64, cx.attr("dimension").and_then(|a| a.as_i64()).unwrap_or(-1));
    cx.require_about((-rank..rank).contains(&dimension), "sort_c4", &[0], || {
        format!("dimension is {dimension}, but must be in [-{rank}, {rank}), the dimensions of the inputs")
    })?;
    let args = cx.region_args(0);
    cx.require(args.len() == count * 2, "sort_c5", || {
        format!("the comparator must take {} arguments, two for each input, but takes {}", count * 2, args.len())
    })?;
    for (n, arg) in args.iter().enumerate() {
        let expected = Type::Tensor(scalar(&cx.tensor(n / 2)?.element));
        cx.require_about(**arg == expected, "sort_c5", &[n / 2], || {
            format!("argument {n} of the comparator must be of type `{expected}`, but is `{arg}`")
        })?;
    }
    let results = cx.region_results(0);
    let is_pred = |ty: &Type| ty.as_tensor().is_some_and(|t| t.rank() == Some(0) && t.element == ElementType::I1);
    cx.require(results.len() == 1 && is_pred(results[0]), "sort_c5", || {
        format!("the comparator must return one `tensor<i1>`, but returns {}", types_text(&results))
    })?;
    let types: Vec<Type> = cx.operand_types().into_iter().cloned().collect();
    Outcome::all(types, "sort_c2")
}

/// `chlo.top_k`: the last dimension becomes `k`, and indices are `i32`.
pub(super) fn top_k(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let (operand, k) = (cx.tensor(0)?, cx.int("k"));
    let Ok(size) = u64::try_from(k) else {
        return Err(cx.fail("top_k_k", format!("k must not be negative, got {k}")));
    };
    let Some(mut shape) = Shape::of(operand) else {
        let indices = operand.with_element(ElementType::I32);
        return Outcome::all([operand.clone().into(), indices.into()], "top_k_result");
    };
    let Some(last) = shape.dims.last_mut() else {
        return Err(cx.fail_about(
            "top_k_operand",
            &[0],
            "the operand must have a dimension to choose along, but is a scalar",
        ));
    };
    let most = last.size();
    *last = Dim::Size(size);
    if let Some(bound) = shape.bounds.last_mut() {
        *bound = None;
    }
    cx.require_about(most.is_none_or(|most| size <= most), "top_k_k", &[0], || {
        format!("k is {k}, more than the size {} of the operand's last dimension", most.unwrap_or_default())
    })?;
    let values = shape.with(operand.element.clone(), operand);
    let indices = values.with_element(ElementType::I32);
    Outcome::all([values.into(), indices.into()], "top_k_result")
}
