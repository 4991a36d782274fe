//! What every back-end that generates code shares: the cut of a program into dispatches, and the
//! plan of the memory they work in.
//!
//! [`dispatch`] turns a program into one whose entry only calls kernels; [`plan`] says where each
//! of its values lies. Both results are modules: they are printed, parsed and verified like any
//! other stage, and the interpreter runs them. Code generators (the crate `hire-codegen`) take it
//! from there, one kernel for each function marked [`DISPATCH`].

pub mod dispatch;
pub mod plan;

use crate::diag::Diagnostics;
use crate::ir::{FuncId, Module, Visibility};

/// Marks a function that is one kernel; the attribute's string is the kernel's family.
pub const DISPATCH: &str = "hire.dispatch";
/// On an operation of the entry: where its results lie, one string each (see [`plan::Place`]).
pub const PLACES: &str = "hire.places";
/// On a planned entry: bytes of the arena.
pub const ARENA_BYTES: &str = "hire.arena_bytes";
/// On a planned entry: bytes of its constants.
pub const CONSTANT_BYTES: &str = "hire.constant_bytes";

/// Turns every public function into a planned dispatch program. All calls must have been inlined.
pub fn lower(module: &mut Module) {
    for id in entries(module) {
        dispatch::form(module, id);
        plan::annotate(module, id);
    }
}

/// Refuses a module that is no dispatch program, or whose plan does not hold.
pub fn check(module: &Module) -> Result<(), Diagnostics> {
    dispatch::check(module)?;
    entries(module).into_iter().try_for_each(|id| plan::check(module, id))
}

/// The functions that others may call.
fn entries(module: &Module) -> Vec<FuncId> {
    let is_entry = |id: &FuncId| {
        let func = &module.funcs[*id];
        func.visibility == Visibility::Public && func.body.is_some() && !func.attrs.contains(DISPATCH)
    };
    module.func_ids().filter(is_entry).collect()
}
