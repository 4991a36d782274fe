//! When bodies of functions may be put in the place of references to them.
//!
//! Calls and composites are expanded with their callees first, which needs an order: functions
//! that refer to each other in a circle have none. And it needs room: a chain of functions, each
//! of which refers twice to the next, grows to two to the power of its length.

use std::collections::HashMap;

use hire_compiler::diag::{Diagnostic, Diagnostics, Span};
use hire_compiler::graph::CallGraph;
use hire_compiler::ir::{Func, FuncId, Module, OpId, Opcode, Operation};

/// The most operations that a function may have after an expansion.
pub(crate) const MOST_OPERATIONS: u64 = 1 << 22;

/// The symbol that an operation calls, when the call may be inlined: it is not marked `no_inline`,
/// and has no discardable attributes (a call may carry, say, where it is to run).
pub(crate) fn inlinable_callee(operation: &Operation) -> Option<&str> {
    let willing = operation.opcode == Opcode::Call
        && operation.has_only_declared_attrs()
        && !operation.attrs.contains("no_inline");
    operation.symbol_attr("callee").filter(|_| willing)
}

/// Refuses a module with a circle of references; the error names every step of each.
pub(crate) fn refuse_recursion(module: &Module, calls: &CallGraph) -> Result<(), Diagnostics> {
    let errors: Vec<Diagnostic> =
        calls.recursive().iter().filter_map(|members| recursion(module, calls, members)).collect();
    if errors.is_empty() { Ok(()) } else { Err(Diagnostics(errors)) }
}

fn recursion(module: &Module, calls: &CallGraph, members: &[FuncId]) -> Option<Diagnostic> {
    let start = *members.iter().min()?;
    let circle = calls.circle(start);
    let name = |id: FuncId| format!("@{}", module.funcs[id].name);
    let names: Vec<String> = circle.iter().map(|&(id, _)| name(id)).chain([name(start)]).collect();
    let span = |&(id, op): &(FuncId, OpId)| module.funcs[id].ops[op].span;
    let at = circle.first().map_or(module.funcs[start].span, span);
    let mut error = Diagnostic::error(at, format!("recursion cannot be inlined: {}", names.join(" calls ")))
        .at(format!("in {}", names[0]));
    for (i, call) in circle.iter().enumerate().skip(1) {
        error = error.note(span(call), format!("{} calls {} here", names[i], names[i + 1]));
    }
    Some(error.note(Span::NONE, "StableHLO has no recursion: write the repetition as `stablehlo.while`"))
}

/// Refuses a module in which a function would grow beyond [`MOST_OPERATIONS`] when every operation
/// for which `callee` names a function is replaced by that function's body.
pub(crate) fn refuse_growth(
    module: &Module,
    calls: &CallGraph,
    callee: impl Fn(&Func, OpId) -> Option<FuncId>,
) -> Result<(), Diagnostics> {
    let mut sizes: HashMap<FuncId, u64> = HashMap::new();
    for id in calls.callees_first() {
        let func = &module.funcs[id];
        let mut size = 0u64;
        func.walk(|_, op| {
            let grown = callee(func, op).and_then(|callee| sizes.get(&callee)).copied().unwrap_or(1);
            size = size.saturating_add(grown);
        });
        if size > MOST_OPERATIONS {
            let message = format!(
                "@{} would have {size} operations with its calls inlined; at most {MOST_OPERATIONS} are supported",
                func.name
            );
            return Err(Diagnostic::error(func.span, message).into());
        }
        sizes.insert(id, size);
    }
    Ok(())
}
