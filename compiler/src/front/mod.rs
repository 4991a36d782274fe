//! The front end: from a file's bytes to a module.

pub mod text;

use bytes::Bytes;

use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::ir::Module;

/// The first bytes of an MLIR bytecode file, StableHLO portable artifacts included.
const BYTECODE_MAGIC: [u8; 4] = *b"ML\xefR";

/// Reads a module, in whatever form its first bytes say it has.
///
/// # Errors
/// When the bytes are no StableHLO module; errors in text have their place in it.
pub fn parse(bytes: Bytes) -> Result<Module, Diagnostics> {
    if bytes.starts_with(&BYTECODE_MAGIC) {
        return Err(Diagnostic::error(Span::NONE, "MLIR bytecode is not read yet; convert it to text").into());
    }
    match std::str::from_utf8(&bytes) {
        Ok(text) => text::parse(text),
        Err(problem) => {
            let message = format!("neither text nor MLIR bytecode: byte {} is not UTF-8", problem.valid_up_to());
            Err(Diagnostic::error(Span::NONE, message).into())
        }
    }
}
