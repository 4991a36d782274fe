//! Symbols: each names one thing, and what refers to a function agrees with it.

use std::collections::HashMap;

use super::location::describe;
use super::site::types_text;
use super::structure::FuncCx;
use crate::diag::{Diagnostic, Span};
use crate::ir::{Attr, FuncId, Item, MeshReference, Module, OpId, Opcode, Type};

/// The symbols of a module: those of functions lead to them.
pub(super) type Symbols<'a> = HashMap<&'a str, Option<FuncId>>;

/// Checks that symbols are unique, and gives them.
pub(super) fn check_unique<'a>(module: &'a Module, errors: &mut Vec<Diagnostic>) -> Symbols<'a> {
    let mut symbols = Symbols::new();
    let mut first: HashMap<&str, Span> = HashMap::new();
    for item in &module.items {
        let (name, function, span, loc) = match item {
            Item::Func(id) => {
                let Some(func) = module.funcs.get(*id) else {
                    errors.push(Diagnostic::error(Span::NONE, format!("{id} does not exist")).tag("tables"));
                    continue;
                };
                (func.name.as_str(), Some(*id), func.span, func.loc)
            }
            Item::Global(global) => match &global.symbol {
                Some(symbol) => (symbol.as_str(), None, global.span, global.loc),
                None => continue,
            },
        };
        if let Some(&earlier) = first.get(name) {
            let mut error = Diagnostic::error(span, format!("symbol `@{name}` is defined twice")).tag("symbol");
            error.location = describe(&module.locs, loc);
            errors.push(error.note(earlier, format!("`@{name}` was defined here first")));
        } else {
            first.insert(name, span);
            symbols.insert(name, function);
        }
    }
    symbols
}

/// The tags for a kind of reference: no such function, operands and results that disagree.
struct Tags {
    missing: &'static str,
    operands: &'static str,
    results: &'static str,
}

/// Checks the references of an operation to functions.
pub(super) fn check_uses(cx: &mut FuncCx<'_>, op: OpId, symbols: &Symbols<'_>) {
    let operation = &cx.func.ops[op];
    match operation.opcode {
        Opcode::Call => {
            let tags = Tags { missing: "call_callee", operands: "call_operands", results: "call_results" };
            check_reference(cx, op, "callee", symbols, &tags);
        }
        Opcode::Composite => {
            let tags = Tags { missing: "composite_c2", operands: "composite_c3", results: "composite_c4" };
            check_reference(cx, op, "decomposition", symbols, &tags);
        }
        Opcode::RunParallel => check_programs(cx, op, symbols),
        _ => check_mesh(cx, op, symbols),
    }
}

/// The mesh that replica groups are axes of is a symbol of the module.
fn check_mesh(cx: &mut FuncCx<'_>, op: OpId, symbols: &Symbols<'_>) {
    let Some(Attr::ReplicaGroupMeshAxes(groups)) = cx.func.ops[op].attr("replica_groups") else { return };
    let MeshReference::Symbol(name) = &groups.mesh else { return };
    if !symbols.contains_key(name.as_str()) {
        cx.fail_at(op, "replica_groups_mesh", &format!("`@{name}` is no mesh of the module"));
    }
}

/// The function exists and has the operation's operand and result types.
fn check_reference(cx: &mut FuncCx<'_>, op: OpId, attribute: &str, symbols: &Symbols<'_>, tags: &Tags) {
    let (func, operation) = (cx.func, &cx.func.ops[op]);
    let Some(name) = operation.symbol_attr(attribute) else { return };
    let Some(&Some(callee)) = symbols.get(name) else {
        cx.fail_at(op, tags.missing, &format!("`@{name}` is no function of the module"));
        return;
    };
    let callee = &cx.module.funcs[callee];
    let types = |values: &[crate::ir::ValueId]| values.iter().map(|&v| func.value_type(v)).collect::<Vec<&Type>>();
    let pairs = [
        (types(&operation.operands), &callee.ty.inputs, tags.operands, "operands", "takes"),
        (types(&operation.results), &callee.ty.results, tags.results, "results", "returns"),
    ];
    for (given, declared, tag, what, verb) in pairs {
        if given.iter().copied().eq(declared) {
            continue;
        }
        let declared: Vec<&Type> = declared.iter().collect();
        let message = format!("{what} are {}, but `@{name}` {verb} {}", types_text(&given), types_text(&declared));
        cx.fail_at(op, tag, &message);
        if let Some(error) = cx.errors.last_mut() {
            *error = error.clone().note(callee.span, format!("`@{name}` is declared here"));
        }
    }
}

/// The programs of a `run_parallel` exist, and take and give together what the operation does.
fn check_programs(cx: &mut FuncCx<'_>, op: OpId, symbols: &Symbols<'_>) {
    let operation = &cx.func.ops[op];
    let names = crate::graph::symbols_of(operation.attr("programs").unwrap_or(&Attr::Unit));
    let infeed = crate::graph::symbols_of(operation.attr("infeed").unwrap_or(&Attr::Unit));
    let (mut inputs, mut results) = (0, 0);
    let mut missing = Vec::new();
    for name in names.iter().chain(&infeed) {
        if !matches!(symbols.get(name), Some(Some(_))) {
            missing.push(format!("`@{name}` is no function of the module"));
        }
    }
    for id in names.iter().filter_map(|name| *symbols.get(name)?) {
        inputs += cx.module.funcs[id].ty.inputs.len();
        results += cx.module.funcs[id].ty.results.len();
    }
    let (given, gives) = (operation.operands.len(), operation.results.len());
    let complete = missing.is_empty();
    for message in missing {
        cx.fail_at(op, "run_parallel_programs", &message);
    }
    if complete && inputs != given {
        cx.fail_at(
            op,
            "run_parallel_operands",
            &format!("has {given} operands, but the programs take {inputs} together"),
        );
    }
    if complete && results != gives {
        cx.fail_at(
            op,
            "run_parallel_results",
            &format!("has {gives} results, but the programs return {results} together"),
        );
    }
}
