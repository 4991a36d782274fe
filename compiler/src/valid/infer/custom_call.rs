//! `custom_call`, and the part of `composite` that needs no other function.

use super::Outcome;
use crate::ir::{Attr, OutputOperandAlias, TensorType, Type};
use crate::valid::site::{Checked, OpCx, list};

/// Layouts, aliases and the configuration. The specification has no constraints.
pub(super) fn custom_call(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let layouts = check_layouts(cx);
    let aliases = check_aliases(cx);
    let config = check_config(cx);
    layouts.and(aliases).and(config)?;
    Ok(Outcome::Stated)
}

/// Operands and results have layouts, or neither.
fn check_layouts(cx: &mut OpCx<'_>) -> Checked {
    let (operands, results) = match (cx.attr("operand_layouts"), cx.attr("result_layouts")) {
        (Some(Attr::Array(operands)), Some(Attr::Array(results))) => (operands, results),
        (None, None) => return Ok(()),
        _ => return Err(cx.fail("custom_call_layouts", "operand_layouts and result_layouts must be given together")),
    };
    check_layout_list(cx, &cx.operand_types(), operands, "operand")?;
    let stated = cx.result_types();
    match stated.as_slice() {
        [Type::Tuple(parts)] => check_layout_list(cx, &parts.iter().collect::<Vec<_>>(), results, "result"),
        _ => check_layout_list(cx, &stated, results, "result"),
    }
}

/// A layout orders the dimensions of its tensor, and is empty for what is no tensor.
fn check_layout_list(cx: &mut OpCx<'_>, types: &[&Type], layouts: &[Attr], what: &str) -> Checked {
    let tag = "custom_call_layouts";
    cx.require(types.len() == layouts.len(), tag, || {
        format!("{what}_layouts must have an entry for each of the {} {what}s, but has {}", types.len(), layouts.len())
    })?;
    for (n, (ty, layout)) in types.iter().zip(layouts).enumerate() {
        let Attr::Elements(layout) = layout else { continue };
        let rank = match ty {
            Type::Tuple(_) => return Err(cx.fail(tag, format!("{what} {n} is a tuple, which can have no layout"))),
            Type::Tensor(TensorType { dims, .. }) | Type::MemRef(TensorType { dims, .. }) => match dims {
                Some(dims) => dims.len(),
                None => continue,
            },
            _ => 0,
        };
        let order = if layout.len() == rank as u64 { layout.to_i64s().unwrap_or_default() } else { Vec::new() };
        let mut sorted = order.clone();
        sorted.sort_unstable();
        let fits = layout.len() == rank as u64 && sorted.iter().enumerate().all(|(i, &d)| d == i as i64);
        cx.require(fits, tag, || {
            format!("the layout of {what} {n}, `{ty}`, must order the dimensions in [0, {rank}), got {}", list(&order))
        })?;
    }
    Ok(())
}

/// The part of a type that tuple indices lead to.
fn part<'t>(ty: &'t Type, indices: &[i64]) -> Option<&'t Type> {
    indices.iter().try_fold(ty, |ty, &index| match ty {
        Type::Tuple(parts) => parts.get(usize::try_from(index).ok()?),
        _ => None,
    })
}

/// An aliased output has the type of its operand.
fn check_aliases(cx: &mut OpCx<'_>) -> Checked {
    let Some(Attr::Array(aliases)) = cx.attr("output_operand_aliases") else { return Ok(()) };
    let results = cx.result_types();
    let output = match (cx.results, results.as_slice()) {
        (None, _) => return Ok(()),
        (_, [one]) => (*one).clone(),
        (_, many) => Type::Tuple(many.iter().map(|t| (*t).clone()).collect()),
    };
    for alias in aliases {
        if let Attr::OutputOperandAlias(alias) = alias {
            check_alias(cx, alias, &output)?;
        }
    }
    Ok(())
}

fn check_alias(cx: &mut OpCx<'_>, alias: &OutputOperandAlias, output: &Type) -> Checked {
    let (tag, count) = ("custom_call_aliases", cx.operands.len());
    let index = cx.dim_in_range(alias.operand_index, count, tag, "operand_index", "the call, its operands")?;
    let operand = part(cx.operand_type(index), &alias.operand_tuple_indices);
    let Some(operand) = operand else {
        return Err(cx.fail(
            tag,
            format!("operand_tuple_indices {} lead nowhere in operand {index}", list(&alias.operand_tuple_indices)),
        ));
    };
    let Some(output) = part(output, &alias.output_tuple_indices) else {
        return Err(cx.fail(
            tag,
            format!("output_tuple_indices {} lead nowhere in the results", list(&alias.output_tuple_indices)),
        ));
    };
    cx.require_about(operand == output, tag, &[index], || {
        format!("an output and the operand that it aliases must have the same type, got `{output}` and `{operand}`")
    })
}

/// The configuration is a dictionary for the typed interface, a string for the others.
fn check_config(cx: &mut OpCx<'_>) -> Checked {
    const TYPED_FFI: i64 = 4;
    let Some(config) = cx.attr("backend_config") else { return Ok(()) };
    let typed = cx.int("api_version") == TYPED_FFI;
    let fits = if typed { matches!(config, Attr::Dict(_)) } else { matches!(config, Attr::String(_)) };
    cx.require(fits, "custom_call_backend_config", || match typed {
        true => "backend_config must be a dictionary where api_version is 4".to_owned(),
        false => "backend_config must be a string unless api_version is 4".to_owned(),
    })
}

/// composite_c1: a name in a dialect. The rest of its constraints are those of a symbol.
pub(super) fn composite(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let name = cx.attr("name").and_then(|n| n.as_str()).unwrap_or_default();
    cx.require(is_namespaced(name), "composite_c1", || {
        format!("name must be that of an operation in a dialect, such as \"my_dialect.my_op\", got \"{name}\"")
    })?;
    Ok(Outcome::Stated)
}

/// `dialect.op`: letters, digits and `_`, then parts behind dots that may also have `$`.
fn is_namespaced(name: &str) -> bool {
    let mut parts = name.split('.');
    let plain = |part: &str, extra: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || extra.contains(c))
    };
    let dialect = parts.next().is_some_and(|d| plain(d, "_") && d.starts_with(|c: char| c.is_ascii_alphabetic()));
    let mut rest = parts.peekable();
    dialect && rest.peek().is_some() && rest.all(|part| plain(part, "_$"))
}
