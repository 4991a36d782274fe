//! Drops operations that nothing needs and private functions that nothing reaches.
//!
//! An operation goes when no result that matters depends on it and it has no effects of its own;
//! [`hire_compiler::graph::Effects`] says what has. A loop is dropped even if it might not end.
//! The parameters and results of functions stay, used or not.

use hire_compiler::graph::Effects;
use hire_compiler::ir::{FuncId, Module};
use hire_compiler::rewrite::{compact, erase_dead, erase_functions, unreachable_functions};

use crate::{PassContext, PassError};

/// Dead code elimination: one change for each function that loses something, one for each that
/// goes.
pub fn dce(module: &mut Module, context: &mut PassContext<'_>) -> Result<(), PassError> {
    let dead: Vec<FuncId> =
        unreachable_functions(module).into_iter().take_while(|_| context.ledger.allow("dead-function")).collect();
    erase_functions(module, dead);
    let effects = Effects::of(module);
    for id in module.func_ids().collect::<Vec<_>>() {
        if context.ledger.is_exhausted() {
            break;
        }
        if erase_dead(&mut module.funcs[id], &effects) > 0 {
            let _ = context.ledger.allow("dead-ops");
        }
        compact(&mut module.funcs[id]);
    }
    Ok(())
}
