//! CHLO into plain StableHLO, for consumers that know no CHLO: portable artifacts, and back-ends that
//! have no kernels of their own for it.
//!
//! | operations | become | accuracy |
//! |---|---|---|
//! | `broadcast_*`, `constant*`, `conj`, `is_*`, `square`, `tan`, `mulhi`, `next_after`, `top_k`, `scan` | what they stand for | exact |
//! | the other functions of real numbers | rational functions and series ([`erf`], [`gamma`], [`zeta`], [`bessel`]), or other elementary functions ([`hyperbolic`], [`circular`]) | a few units in the last place; `tests/chlo.rs` lists each |
//! | the same of complex numbers | functions of their parts ([`complex`]) | likewise |
//! | `ragged_dot` | one masked product a group | that of the products |
//!
//! Numbers narrower than f32 are computed in f32 and rounded once. PJRT plugins know CHLO, and
//! have `top_k` as one fast operation: programs for them are left as they are.

mod bessel;
mod bits;
mod broadcast;
mod circular;
mod complex;
mod constants;
mod erf;
mod functions;
mod gamma;
mod hyperbolic;
mod math;
mod ragged_dot;
mod scan;
mod top_k;
mod zeta;

use hire_compiler::ir::Module;
use hire_compiler::rewrite::Driver;

use crate::{PassContext, PassError};

/// Leaves no operation of CHLO, but those on unranked tensors and those with discardable attributes.
pub fn expand_chlo(module: &mut Module, context: &mut PassContext<'_>) -> Result<(), PassError> {
    let mut driver = functions_driver().rule("expand-top-k", top_k::top_k);
    Ok(driver.run_module(module, &mut context.ledger)?)
}

/// The same, but leaves `chlo.top_k`, for runtimes that have one.
pub(super) fn expand_chlo_functions(module: &mut Module, context: &mut PassContext<'_>) -> Result<(), PassError> {
    Ok(functions_driver().run_module(module, &mut context.ledger)?)
}

/// The expansions of everything but `top_k`.
fn functions_driver() -> Driver<'static> {
    Driver::new()
        .rule("expand-broadcast", broadcast::broadcast)
        .rule("expand-constant", constants::constant)
        .rule("expand-constant-like", constants::constant_like)
        .rule("expand-function", functions::function)
        .rule("expand-predicate", functions::predicate)
        .rule("expand-bits", functions::bits)
        .rule("expand-ragged-dot", ragged_dot::ragged_dot)
        .rule("expand-scan", scan::scan)
}
