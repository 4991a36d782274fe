//! The cut into kernels; what it means is written in [`hire_compiler::back`].

use hire_compiler::back;
use hire_compiler::ir::Module;

use crate::{PassContext, PassError};

/// Turns every public function into a planned dispatch program.
pub fn dispatch(module: &mut Module, context: &mut PassContext<'_>) -> Result<(), PassError> {
    if context.ledger.allow("cut") {
        back::lower(module);
    }
    Ok(())
}
