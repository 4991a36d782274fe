//! Weight compression: matrices are stored as int8 or int4, and computed with as floats.
//!
//! A decoding step reads every weight once, so its time is the weights' size. [`compress_weights`]
//! stores each large matrix among the parameters in fewer bits; `@prepare` makes the stored form, once, and the step
//! turns it back into f32 on its way into the product. Vectors and results are never quantized.
//!
//! | form | stored | bytes a weight | error of a normal distribution, relative |
//! |---|---|---|---|
//! | q8 | int8, one f32 scale a row of outputs | 1 | 0.8% |
//! | q4 | four bits in groups of 32 inputs, one f16 scale each | 0.5625 | 8 to 9% |
//!
//! A matrix is compressed where all its readers are products over one of its dimensions, or take whole rows (an
//! embedding, the rows that a HiRE rewrite selects). Rows that are taken singly are always q8: the layout of
//! q4 keeps 16 rows together. Otherwise [`Compression::Q4`] uses q4 for each matrix whose measured error stays
//! below its bound, and q8 for the others.
//!
//! The pass runs on legalized programs, where rewritten sites are plain operations. What an exact site
//! needs for its fallback is left alone: its readers are in regions.

mod error;
mod find;
mod quantize;
mod replace;

use hire_compiler::diag::Diagnostic;
use hire_compiler::graph::Uses;
use hire_compiler::ir::{FuncId, Module, TensorType, ValueId};
use smol_str::SmolStr;

use crate::hire::{finish, open_prepare, signature};
use crate::signature::Role;
use crate::{PassContext, PassError};

pub use error::relative_error;

use find::{Matrix, matrix};

/// The error up to which a matrix is stored as q4, where none is given.
pub const DEFAULT_BOUND: f64 = 0.1;

/// What weights are stored as.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Compression {
    /// int8 with a scale a row.
    Q8,
    /// int4 in groups of 32 where the relative error `||W - W'|| / ||W||` is at most `bound`, else int8.
    Q4 {
        /// The bound.
        bound: f64,
    },
}

/// How one matrix is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// int8 with a scale a row.
    Q8,
    /// int4 in groups of 32.
    Q4,
}

/// A matrix as it was compressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compressed {
    /// The parameter's name.
    pub name: SmolStr,
    /// What it is stored as.
    pub form: Form,
    /// Bytes that products over it read less than before, in a step.
    pub saved_bytes: u64,
}

/// The fewest elements of a matrix that is worth it.
const SMALLEST: u64 = 1 << 12;

/// Compresses the parameters of the entry function as the context asks for.
///
/// # Errors
/// When a patch does not apply, which is a mistake of this pass.
pub fn compress_weights(module: &mut Module, context: &mut PassContext<'_>) -> Result<(), PassError> {
    let Some(compression) = context.compression else { return Ok(()) };
    let Some(entry) = module.entry().filter(|&id| module.funcs[id].body.is_some()) else { return Ok(()) };
    let Some(mut prepare) = open_prepare(module, context) else { return Ok(()) };
    let signature = signature(module, entry, context);
    let uses = Uses::of(&module.funcs[entry]);
    let mut found: Vec<Matrix> = Vec::new();
    for argument in signature.arguments.iter().filter(|a| a.role == Role::Parameter) {
        match matrix(&module.funcs[entry], &uses, argument) {
            Some(Ok(matrix)) if matrix.outputs * matrix.inputs >= SMALLEST => found.push(matrix),
            Some(Err(reason)) => {
                let message = format!("`{}` is not compressed: {reason}", argument.name);
                context.remark(Diagnostic::warning(module.funcs[entry].span, message));
            }
            _ => {}
        }
    }
    let mut compressed: Vec<ValueId> = Vec::new();
    for matrix in &found {
        if !context.ledger.allow("compress-weights") {
            break;
        }
        let form = form(matrix, compression, context);
        replace::replace(module, entry, matrix, form, &mut prepare)?;
        context.compressed.push(summary(module, entry, matrix, form));
        compressed.push(matrix.parameter);
    }
    finish(module, entry, prepare, &compressed);
    Ok(())
}

fn summary(module: &Module, entry: FuncId, matrix: &Matrix, form: Form) -> Compressed {
    let count = matrix.outputs * matrix.inputs;
    let ty = module.funcs[entry].value_type(matrix.parameter).as_tensor();
    let before = ty.and_then(TensorType::packed_bytes).unwrap_or(0);
    let after = match form {
        Form::Q8 => count + 4 * matrix.outputs,
        Form::Q4 => count / 2 + count / 16,
    };
    let saved_bytes = if matrix.is_multiplied() { before.saturating_sub(after) } else { 0 };
    Compressed { name: matrix.name.clone(), form, saved_bytes }
}

/// How a matrix is stored.
fn form(matrix: &Matrix, compression: Compression, context: &PassContext<'_>) -> Form {
    let Compression::Q4 { bound } = compression else { return Form::Q8 };
    if !matrix.takes_groups() {
        return Form::Q8;
    }
    // Without weights, as where only shapes matter, nothing speaks against it.
    let weight = context.weights.and_then(|weights| weights.weight(&matrix.name));
    let error = weight.and_then(|weight| relative_error(&weight, matrix.is_transposed));
    if error.is_none_or(|error| error <= bound) { Form::Q4 } else { Form::Q8 }
}
