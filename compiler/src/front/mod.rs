//! The front end: from a file's bytes to a module.

pub mod bytecode;
pub mod text;

use bytes::Bytes;

use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::ir::Module;

/// Reads a module, in whatever form its first bytes say it has.
///
/// # Errors
/// When the bytes are no StableHLO module; errors in text have their place in it.
pub fn parse(bytes: Bytes) -> Result<Module, Diagnostics> {
    if bytes.starts_with(bytecode::MAGIC) {
        return bytecode::parse(bytes);
    }
    match std::str::from_utf8(&bytes) {
        Ok(text) => text::parse(text),
        Err(problem) => {
            let message = format!("neither text nor MLIR bytecode: byte {} is not UTF-8", problem.valid_up_to());
            Err(Diagnostic::error(Span::NONE, message).into())
        }
    }
}
