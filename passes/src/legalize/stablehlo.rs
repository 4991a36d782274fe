//! Expands the `hire.*` composites into their decompositions, for consumers that know only
//! StableHLO.
//!
//! `composite "hire.x" x {decomposition = @d}`  =>  the body of `@d`, with `x` for its argument
//!
//! All other composites are kept: their names mean something to the consumer. Decompositions that
//! nothing needs any more are dropped.

use std::collections::HashMap;

use hire_compiler::diag::Diagnostic;
use hire_compiler::graph::{CallGraph, Effects};
use hire_compiler::ir::{Func, FuncId, Module, OpId, Opcode};
use hire_compiler::rewrite::{Context, Driver, Editor, Patch, RuleResult, erase_functions, unreachable_functions};
use smol_str::SmolStr;

use crate::expansion::{refuse_growth, refuse_recursion};
use crate::{PassContext, PassError};

/// The prefix of the composites that this project makes.
pub(super) const PREFIX: &str = "hire.";

/// Leaves no composite whose name starts with `hire.`.
pub fn stablehlo(module: &mut Module, context: &mut PassContext<'_>) -> Result<(), PassError> {
    expand_composites(module, context, |name| name.starts_with(PREFIX))
}

/// Leaves no composite whose name is wanted.
pub(super) fn expand_composites(
    module: &mut Module,
    context: &mut PassContext<'_>,
    wanted: impl Fn(&str) -> bool,
) -> Result<(), PassError> {
    let calls = CallGraph::of(module);
    refuse_recursion(module, &calls)?;
    let functions: HashMap<SmolStr, FuncId> = module.func_ids().map(|id| (module.funcs[id].name.clone(), id)).collect();
    refuse_growth(module, &calls, |func, op| functions.get(decomposition(func, op, &wanted)?.1).copied())?;
    let mut effects = Effects::of(module);
    let mut driver = Driver::new().rule("expand-composite", |c: &Context<'_>| expand(c, &functions, &wanted));
    for id in calls.callees_first() {
        let mut editor = Editor::with_effects(module, id, effects);
        driver.run(&mut editor, &mut context.ledger)?;
        effects = editor.into_effects();
    }
    if !context.ledger.is_exhausted() {
        erase_functions(module, unreachable_functions(module));
    }
    Ok(())
}

/// Name and decomposition of an operation that is a composite of a wanted name.
fn decomposition<'f>(func: &'f Func, op: OpId, wanted: &impl Fn(&str) -> bool) -> Option<(&'f str, &'f str)> {
    let operation = &func.ops[op];
    let name = operation.str_attr("name").filter(|_| operation.opcode == Opcode::Composite)?;
    Some((name, operation.symbol_attr("decomposition").unwrap_or(""))).filter(|_| wanted(name))
}

fn expand(c: &Context<'_>, functions: &HashMap<SmolStr, FuncId>, wanted: &impl Fn(&str) -> bool) -> RuleResult {
    let Some((name, symbol)) = decomposition(c.func, c.op, wanted) else { return Ok(None) };
    let patch = functions.get(symbol).and_then(|&callee| Patch::inline(c.module, c.func_id, c.op, callee));
    let missing = || Diagnostic::error(c.operation().span, format!("the composite `{name}` has no decomposition"));
    patch.ok_or_else(missing).map(Some)
}
