//! The forms that libtpu runs best, for dense and rewritten programs alike.
//!
//! * `pad_product`: a product of one row runs on the vector unit, five times slower than on the matrix unit.
//! * `groups_of_members`: what gathers whole groups reads the groups' numbers instead of working them out again.
//! * `split`: a matrix that VMEM cannot hold becomes several that it can, and is fetched faster.
//! * `pack`: small weights become rows of one, because libtpu converts and prefetches each by an operation of its own.
//!
//! Scores, selections and gathers have forms of their own from the start (`hire::decompose::tpu`).

mod groups_of_members;
mod pack;
mod pad_product;
mod split;

use hire_compiler::graph::Effects;
use hire_compiler::ir::Module;
use hire_compiler::rewrite::{Driver, Editor};

use crate::{PassContext, PassError, cleanup};

/// Brings the entry function into the forms of TPUs.
///
/// # Errors
/// When a rule makes a bad patch, which is a mistake of this pass.
pub fn tpu(module: &mut Module, context: &mut PassContext<'_>) -> Result<(), PassError> {
    let Some(entry) = module.entry().filter(|&id| module.funcs[id].body.is_some()) else { return Ok(()) };
    split::split(module, entry, context)?;
    let mut driver = Driver::new()
        .rule("groups-of-members", groups_of_members::groups_of_members)
        .rule("pad-product", pad_product::pad_product);
    let effects = Effects::of(module);
    let mut editor = Editor::with_effects(module, entry, effects);
    driver.run(&mut editor, &mut context.ledger)?;
    pack::pack(module, entry, context)?;
    cleanup::tidy(module, context)
}
