//! A function's head against its body: arguments, results, and what donation promises.

use super::site::types_text;
use super::structure::FuncCx;
use crate::ir::{Attr, AttrMap, Opcode, Type, Visibility};

/// Checks a function's head. The tables are known to be consistent.
pub(super) fn check(cx: &mut FuncCx<'_>) {
    let func = cx.func;
    let (inputs, results) = (&func.ty.inputs, &func.ty.results);
    for (attrs, types, what) in [(&func.arg_attrs, inputs, "argument"), (&func.result_attrs, results, "result")] {
        if attrs.len() != types.len() {
            let message = format!("has {} {what}(s), but attributes for {}", types.len(), attrs.len());
            cx.fail("function_attributes", &message);
        }
        for (n, attrs) in attrs.iter().enumerate() {
            for (name, _) in attrs.iter().filter(|(name, _)| !name.contains('.')) {
                let message =
                    format!("{what} {n} has the attribute `{name}`, which lacks a dialect, as in `jax.{name}`");
                cx.fail("function_attributes", &message);
            }
        }
    }
    if func.name.is_empty() {
        cx.fail("symbol", "must have a name");
    }
    check_aliases(cx);
    let Some(body) = func.body else {
        if func.visibility == Visibility::Public {
            cx.fail("declaration", "has no body, so it must be private, not public");
        }
        return;
    };
    let args: Vec<&Type> = func.regions[body].args.iter().map(|&v| func.value_type(v)).collect();
    if !args.iter().copied().eq(inputs) {
        let inputs: Vec<&Type> = inputs.iter().collect();
        let message = format!("takes {}, but its body takes {}", types_text(&inputs), types_text(&args));
        cx.fail("function_arguments", &message);
    }
    let Some(last) = func.terminator(body).filter(|&op| func.ops[op].opcode == Opcode::FuncReturn) else { return };
    let returned: Vec<&Type> = func.ops[last].operands.iter().map(|&v| func.value_type(v)).collect();
    if !returned.iter().copied().eq(results) {
        let results: Vec<&Type> = results.iter().collect();
        let message =
            format!("returns {}, but the function's results are {}", types_text(&returned), types_text(&results));
        cx.fail_at(last, "function_results", &message);
        if let Some(error) = cx.errors.last_mut() {
            *error = error.clone().note(func.span, format!("the results of `@{}` are declared here", func.name));
        }
    }
}

/// `tf.aliasing_output` names a result, each at most once, of as many bytes.
fn check_aliases(cx: &mut FuncCx<'_>) {
    let func = cx.func;
    let mut taken: Vec<Option<usize>> = vec![None; func.ty.results.len()];
    for (n, attr) in aliases(&func.arg_attrs) {
        let index = attr.as_i64().and_then(|i| usize::try_from(i).ok()).filter(|&i| i < taken.len());
        let Some(index) = index else {
            let message =
                format!("argument {n} has tf.aliasing_output {attr}, which is no result: there are {}", taken.len());
            cx.fail("aliasing_output", &message);
            continue;
        };
        if let Some(other) = taken[index].replace(n) {
            cx.fail("aliasing_output", &format!("arguments {other} and {n} are both aliased to result {index}"));
        }
        let bytes = |ty: Option<&Type>| ty.and_then(Type::as_tensor).and_then(|t| t.packed_bytes());
        let (given, wanted) = (func.ty.inputs.get(n), func.ty.results.get(index));
        if let (Some(a), Some(b)) = (bytes(given), bytes(wanted))
            && a != b
        {
            let message = format!("argument {n} has {a} bytes and cannot be aliased to result {index}, which has {b}");
            cx.fail("aliasing_output", &message);
        }
    }
}

/// The arguments that are aliased to a result.
fn aliases(attrs: &[AttrMap]) -> Vec<(usize, &Attr)> {
    attrs.iter().enumerate().filter_map(|(n, map)| Some((n, map.get("tf.aliasing_output")?))).collect()
}
