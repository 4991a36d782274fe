//! `custom_call`, and the part of `composite` that needs no other function.

use std::collections::HashSet;

use super::Outcome;
use crate::ir::{Attr, ElementType, OutputOperandAlias, TensorType, Type};
use crate::valid::compat::compatible;
use crate::valid::site::{Checked, OpCx, list, types_text};

/// Layouts, aliases and the configuration. The specification has no constraints.
pub(super) fn custom_call(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let layouts = check_layouts(cx);
    let aliases = check_aliases(cx);
    let config = check_config(cx);
    let buffers = check_buffers(cx);
    layouts.and(aliases).and(config).and(buffers)?;
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
        let vector = layout.ty.element == ElementType::Index && layout.ty.rank() == Some(1);
        cx.require(vector, tag, || {
            format!("entry {n} of {what}_layouts must be a vector of index, but is `{}`", layout.ty)
        })?;
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
    let index = cx.dim_in_range(
        alias.operand_index,
        count,
        tag,
        "operand_index of output_operand_aliases",
        "the call, its operands",
    )?;
    let operand = part(cx.operand_type(index), &alias.operand_tuple_indices);
    let Some(operand) = operand else {
        return Err(cx.fail(
            tag,
            format!(
                "operand_tuple_indices {} of output_operand_aliases lead nowhere in operand {index}",
                list(&alias.operand_tuple_indices)
            ),
        ));
    };
    let Some(output) = part(output, &alias.output_tuple_indices) else {
        return Err(cx.fail(
            tag,
            format!(
                "output_tuple_indices {} of output_operand_aliases lead nowhere in the results",
                list(&alias.output_tuple_indices)
            ),
        ));
    };
    cx.require_about(operand == output, tag, &[index], || {
        format!("an output and the operand that it aliases by output_operand_aliases must have the same type, got `{output}` and `{operand}`")
    })
}

/// Buffers come from `CreateBuffer` or, with a tensor's value, from `Pin`, and end in `Unpin`; other calls only
/// hand on the buffers that they take.
fn check_buffers(cx: &mut OpCx<'_>) -> Checked {
    let (operands, results) = (cx.operand_types(), cx.result_types());
    if cx.results.is_none() {
        return Ok(());
    }
    let buffer = |ty: &Type| matches!(ty, Type::MemRef(_));
    let target = cx.attr("call_target_name").and_then(|n| n.as_str()).unwrap_or_default();
    let (takes, gives) = match target {
        "Pin" => (Some(false), true),
        "Unpin" => (Some(true), false),
        "CreateBuffer" => (None, true),
        _ => return check_buffer_outputs(cx, &results),
    };
    let kind = |is_buffer: bool| if is_buffer { "a memref" } else { "a tensor" };
    let takes_fit = match (takes, operands.as_slice()) {
        (Some(wanted), [Type::MemRef(_) | Type::Tensor(_)]) => buffer(operands[0]) == wanted,
        (None, []) => true,
        _ => false,
    };
    cx.require(takes_fit, "custom_call_buffers", || {
        format!("{target} must take {}, but takes {}", takes.map_or("nothing", kind), types_text(&operands))
    })?;
    let gives_fit = matches!(results.as_slice(), [ty @ (Type::MemRef(_) | Type::Tensor(_))] if buffer(ty) == gives);
    cx.require(gives_fit, "custom_call_buffers", || {
        format!("{target} must return {}, but returns {}", kind(gives), types_text(&results))
    })?;
    let [Type::MemRef(a) | Type::Tensor(a)] = operands.as_slice() else { return Ok(()) };
    let [Type::MemRef(b) | Type::Tensor(b)] = results.as_slice() else { return Ok(()) };
    cx.require_about(compatible(&a.clone().into(), &b.clone().into()), "custom_call_buffers", &[0], || {
        format!("{target} must return the shape and element type that it takes, got `{b}` and `{a}`")
    })
}

/// Every buffer among the outputs is that of an operand.
fn check_buffer_outputs(cx: &mut OpCx<'_>, results: &[&Type]) -> Checked {
    let outputs: Vec<&Type> = match results {
        [Type::Tuple(parts)] => parts.iter().collect(),
        other => other.to_vec(),
    };
    let aliases = match cx.attr("output_operand_aliases") {
        Some(Attr::Array(aliases)) => aliases.as_slice(),
        _ => &[],
    };
    let path = |a: &Attr| match a {
        Attr::OutputOperandAlias(alias) => Some(alias.output_tuple_indices.clone()),
        _ => None,
    };
    let paths: HashSet<Vec<i64>> = aliases.iter().filter_map(path).collect();
    let nested = results.len() > 1 || matches!(results, [Type::Tuple(_)]);
    let aliased = |n: usize| paths.contains(&if nested { vec![n as i64] } else { vec![] });
    let stray =
        outputs.iter().enumerate().find(|(n, ty)| matches!(ty, Type::MemRef(_)) && !aliased(*n)).map(|(n, _)| n);
    match stray {
        Some(n) => Err(cx.fail(
            "custom_call_buffers",
            format!("output {n} is a memref, so output_operand_aliases must name the operand whose buffer it is"),
        )),
        None => Ok(()),
    }
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
