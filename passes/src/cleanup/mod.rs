//! Cleanup: what makes any program smaller and plainer without changing what it computes.

mod cse;
mod dce;
mod dead_arguments;
mod fold;
mod inline;
mod known;
mod refine;
mod simplify;

pub use cse::cse;
pub use dce::dce;
pub use dead_arguments::dead_arguments;
pub use fold::fold;
pub use inline::inline;
pub use refine::refine_shapes;
pub use simplify::simplify;

use hire_compiler::ir::Module;

use crate::{PassContext, PassError};

/// The cleanup that keeps the stage of a program: [`fold`], [`simplify`], [`cse`] and [`dce`].
pub fn tidy(module: &mut Module, context: &mut PassContext<'_>) -> Result<(), PassError> {
    fold(module, context)?;
    simplify(module, context)?;
    cse(module, context)?;
    dce(module, context)
}
