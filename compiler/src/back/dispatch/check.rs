//! Whether a module is a dispatch program.

use super::kind::{Kind, kind};
use crate::back::DISPATCH;
use crate::diag::{Diagnostic, Diagnostics};
use crate::ir::{Attr, Func, Module, OpId, Opcode, Visibility};

/// The families of kernels.
const FAMILIES: [&str; 4] = ["map", "reduce", "dot", "update"];

/// Refuses what a dispatch program must not hold; reports every offence.
///
/// An entry (a public function) holds no operation that belongs into a dispatch, and calls nothing but dispatches. A
/// dispatch holds only operations of kernels, at most one of them a product, a reduction or an
/// update, and its family is that one's. Other functions are what primitives refer to, such as the
/// comparator of a custom call.
pub fn check(module: &Module) -> Result<(), Diagnostics> {
    let mut found = Vec::new();
    for id in module.func_ids() {
        let func = &module.funcs[id];
        match func.attrs.get(DISPATCH).and_then(Attr::as_str) {
            Some(family) => check_dispatch(func, family, &mut found),
            None if func.visibility == Visibility::Public => {
                func.walk(|_, op| found.extend(check_entry(module, func, op)));
            }
            None => {}
        }
    }
    if found.is_empty() { Ok(()) } else { Err(Diagnostics(found)) }
}

fn check_entry(module: &Module, func: &Func, op: OpId) -> Option<Diagnostic> {
    let operation = &func.ops[op];
    let what = if operation.opcode == Opcode::Call {
        let callee = operation.symbol_attr("callee").and_then(|name| module.func_by_name(name));
        if callee.is_some_and(|id| module.funcs[id].attrs.contains(DISPATCH)) {
            return None;
        }
        "calls a function that is no dispatch".to_owned()
    } else if kind(func, op).is_dispatched() && !is_in_primitive(func, op) {
        format!("holds `{}` outside of a dispatch", operation.name())
    } else {
        return None;
    };
    Some(Diagnostic::error(operation.span, format!("the dispatch program {what}")).at(format!("in @{}", func.name)))
}

/// Whether an operation stands in the region of a primitive (the comparator of a sort).
fn is_in_primitive(func: &Func, op: OpId) -> bool {
    let order = crate::graph::Order::of(func);
    let mut at = order.parent_op(op);
    while let Some(parent) = at {
        if kind(func, parent) == Kind::Primitive {
            return true;
        }
        at = order.parent_op(parent);
    }
    false
}

fn check_dispatch(func: &Func, family: &str, found: &mut Vec<Diagnostic>) {
    let mut refuse = |what: String| {
        found.push(Diagnostic::error(func.span, format!("the dispatch {what}")).at(format!("in @{}", func.name)));
    };
    let Some(body) = func.body else { return refuse("has no body".to_owned()) };
    if !FAMILIES.contains(&family) {
        return refuse(format!("is of the unknown family `{family}`"));
    }
    let mut anchors = Vec::new();
    for &op in &func.regions[body].ops {
        let kind = kind(func, op);
        if kind.is_anchor() {
            anchors.push(kind);
        }
        if !kind.is_dispatched() && !matches!(kind, Kind::Constant | Kind::View | Kind::Terminator) {
            refuse(format!("holds `{}`, which is no operation of kernels", func.ops[op].name()));
        }
    }
    match anchors.as_slice() {
        [] if family == "map" => {}
        [one] if super::family(*one) == family => {}
        _ => refuse(format!("of family `{family}` has {} products, reductions and updates", anchors.len())),
    }
}
