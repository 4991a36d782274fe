//! Operations of StableHLO's own tests, which the interpreter runs.

use crate::ir::Attr;
use crate::valid::site::{Checked, OpCx, list};

/// A constant is compared with a tensor of its own type.
pub(super) fn expect_const(cx: &mut OpCx<'_>) -> Checked {
    let Some(Attr::Elements(value)) = cx.attr("value") else { return Ok(()) };
    let actual = cx.tensor(0)?;
    let stored = match &actual.element {
        crate::ir::ElementType::Quantized(q) => actual.with_element(q.storage.clone()),
        _ => actual.clone(),
    };
    let compatible = crate::valid::compat::compatible(&stored.clone().into(), &value.ty.clone().into());
    cx.require_about(compatible, "check_value", &[0], || {
        format!("the expected value must have the type `{actual}` of what is checked, but has `{}`", value.ty)
    })
}

/// `programs` is a grid: rows of equal length, of symbols.
pub(super) fn run_parallel(cx: &mut OpCx<'_>) -> Checked {
    let Some(Attr::Array(rows)) = cx.attr("programs") else { return Ok(()) };
    cx.require(!rows.is_empty(), "run_parallel_programs", || "programs must not be empty".to_owned())?;
    let width = |row: &Attr| match row {
        Attr::Array(cells) if !cells.is_empty() && cells.iter().all(|c| c.as_symbol().is_some()) => Some(cells.len()),
        _ => None,
    };
    let first = width(&rows[0]);
    cx.require(first.is_some() && rows.iter().all(|row| width(row) == first), "run_parallel_programs", || {
        let lengths: Vec<i64> = rows.iter().map(|row| width(row).map_or(0, |n| n as i64)).collect();
        format!("programs must be rows of equal length of function symbols, got rows of {}", list(&lengths))
    })
}
