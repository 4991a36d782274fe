//! Algebraic identities that hold bit for bit.
//!
//! Each rule's doc says why both sides are equal, up to the payload of a NaN (StableHLO leaves it
//! open) and to subnormals that a device may flush when it computes and keeps when it does not.
//! Operations that carry discardable attributes are left alone, for the attribute would be lost.

mod branch_known;
mod broadcast_of_broadcast;
mod broadcast_of_iota;
mod convert_of_convert;
mod double_inverse;
mod neutral_operand;
mod no_op;
mod reshape_of_reshape;
mod select_known;
mod transpose_of_transpose;

use hire_compiler::ir::Module;
use hire_compiler::rewrite::Driver;

use crate::{PassContext, PassError};

/// Applies all identities to a fixpoint.
pub fn simplify(module: &mut Module, context: &mut PassContext<'_>) -> Result<(), PassError> {
    let mut driver = Driver::new()
        .rule("no-op", no_op::no_op)
        .rule("neutral-operand", neutral_operand::neutral_operand)
        .rule("reshape-of-reshape", reshape_of_reshape::reshape_of_reshape)
        .rule("transpose-of-transpose", transpose_of_transpose::transpose_of_transpose)
        .rule("broadcast-of-broadcast", broadcast_of_broadcast::broadcast_of_broadcast)
        .rule("broadcast-of-iota", broadcast_of_iota::broadcast_of_iota)
        .rule("convert-of-convert", convert_of_convert::convert_of_convert)
        .rule("double-inverse", double_inverse::double_inverse)
        .rule("select-known", select_known::select_known)
        .rule("branch-known", branch_known::branch_known);
    Ok(driver.run_module(module, &mut context.ledger)?)
}
