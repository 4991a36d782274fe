//! Puts the bodies of private functions in the place of their calls.
//!
//! `call @f(x)`  =>  the body of `@f`, with `x` for its argument
//!
//! Callees come first, so each body is copied in its final form, once for each call. Not inlined
//! are calls of public functions (others may rely on them), of declarations, and those that say no:
//! they are marked `no_inline` or carry attributes of others. A program whose functions refer to
//! each other in a circle is refused: StableHLO has no recursion, and it has no inlined form. So is
//! one that would grow beyond four million operations.

use std::collections::HashMap;

use hire_compiler::graph::{CallGraph, Effects};
use hire_compiler::ir::{Func, FuncId, Module, OpId, Visibility};
use hire_compiler::rewrite::{Context, Driver, Editor, Patch, RuleResult};
use smol_str::SmolStr;

use crate::expansion::{inlinable_callee, refuse_growth, refuse_recursion};
use crate::{PassContext, PassError};

/// The functions whose calls are inlined, by symbol.
type Inlinable = HashMap<SmolStr, FuncId>;

/// Inlines private calls.
pub fn inline(module: &mut Module, context: &mut PassContext<'_>) -> Result<(), PassError> {
    let calls = CallGraph::of(module);
    refuse_recursion(module, &calls)?;
    let inlinable: Inlinable = module
        .func_ids()
        .map(|id| (id, &module.funcs[id]))
        .filter(|(_, func)| func.visibility != Visibility::Public && func.body.is_some())
        .map(|(id, func)| (func.name.clone(), id))
        .collect();
    refuse_growth(module, &calls, |func, op| callee(func, op, &inlinable))?;
    let mut effects = Effects::of(module);
    let mut driver = Driver::new().rule("inline-call", |c: &Context<'_>| inline_call(c, &inlinable));
    for id in calls.callees_first() {
        let mut editor = Editor::with_effects(module, id, effects);
        driver.run(&mut editor, &mut context.ledger)?;
        effects = editor.into_effects();
    }
    Ok(())
}

/// The function that an operation calls, when the call is to be inlined.
fn callee(func: &Func, op: OpId, inlinable: &Inlinable) -> Option<FuncId> {
    inlinable.get(inlinable_callee(&func.ops[op])?).copied()
}

fn inline_call(c: &Context<'_>, inlinable: &Inlinable) -> RuleResult {
    let Some(callee) = callee(c.func, c.op, inlinable) else { return Ok(None) };
    Ok(Patch::inline(c.module, c.func_id, c.op, callee))
}
