//! What is cut into kernels for one device: plain StableHLO on tensors, and `chlo.top_k`.
//!
//! | rule | before | after |
//! |---|---|---|
//! | `expand-composite` | a composite of others than this project | its decomposition |
//! | `expand-custom-call` | `custom_call @mhlo.f` | `chlo.f` or `stablehlo.f` |
//! | [`one-device`](one_device) | shardings, barriers, collectives of one device | their operands |
//! | [`inline-region`](inline_region) | computations that are named or asynchronous | their operations |
//! | [`tuple-element`](tuple_element) | an element of a tuple | what was put there |
//! | [`dot-algorithm`](dot_algorithm) | a product with an algorithm | a product of rounded operands |
//!
//! CHLO is then written out, and what nothing needs any more (the tuples, the shardings' groups) is dropped.

mod custom_call;
mod dot_algorithm;
mod inline_region;
mod one_device;
mod tuple_element;

use hire_compiler::ir::Module;
use hire_compiler::rewrite::Driver;

use super::chlo::expand_chlo_functions;
use super::stablehlo::{PREFIX, expand_composites};
use crate::cleanup::dce;
use crate::{PassContext, PassError};

/// Leaves only what kernels and the runtime compute, as far as this project knows how.
pub fn kernels(module: &mut Module, context: &mut PassContext<'_>) -> Result<(), PassError> {
    expand_composites(module, context, |name| !name.starts_with(PREFIX))?;
    let mut driver = Driver::new()
        .rule("expand-custom-call", custom_call::custom_call)
        .rule("one-device", one_device::one_device)
        .rule("one-device-identity", one_device::identity)
        .rule("one-device-constant", one_device::constant)
        .rule("inline-region", inline_region::inline_region)
        .rule("tuple-element", tuple_element::tuple_element)
        .rule("dot-algorithm", dot_algorithm::dot_algorithm);
    driver.run_module(module, &mut context.ledger)?;
    expand_chlo_functions(module, context)?;
    dce(module, context)
}
