//! MLIR bytecode: StableHLO portable artifacts, and StableHLO as MLIR writes it.
//!
//! A file is a header, a few sections, and in them tables of strings, dialects, attributes, types,
//! resources and properties that operations refer to by number (MLIR's `docs/BytecodeFormat.md`).
//! The container has had versions 0 to 6; all are read. A *portable artifact* is a file whose
//! producer is `StableHLO_vX.Y.Z` and whose operations are of the `vhlo` dialect ([`crate::vhlo`]):
//! its operations of any version since 0.9.0 become those of today. Shardings and other foreign
//! attributes inside are kept as text.
//!
//! Nothing is copied that need not be: constants borrow from the file, so that a memory-mapped
//! artifact costs only its tables. Booleans, which are packed to bits, are unpacked.
//!
//! # Limits
//!
//! A file of any content ends in a module or in one error that names the section and the byte.
//! Counts are checked against the bytes that are left before anything is reserved; regions nest up
//! to 200 levels, attributes and types up to 128, locations up to 1000. Orders of uses are read and
//! dropped: they say nothing about a program.

mod assembly;
mod builtin;
mod cursor;
mod entries;
mod error;
mod heads;
mod ops;
mod quant;
mod raise;
mod schema;
mod sdy;
mod stablehlo;
mod tables;
#[cfg(test)]
mod tests;
mod values;
mod vhlo;

use bytes::Bytes;

use crate::diag::Diagnostics;
use crate::ir::Module;

/// The first bytes of every MLIR bytecode file.
pub const MAGIC: &[u8; 4] = b"ML\xefR";

/// Reads a module from MLIR bytecode of any version, portable artifacts included.
///
/// Constants of the module borrow from `bytes`.
///
/// # Errors
/// One diagnostic when the bytes are no bytecode, or hold what a StableHLO program does not.
pub fn parse(bytes: Bytes) -> Result<Module, Diagnostics> {
    let header = tables::Header::read(&bytes).map_err(|error| error.diagnostic(None))?;
    let producer = header.producer.clone();
    let read = tables::Tables::read(header).and_then(|tables| ops::OpReader::new(tables, &bytes).read());
    read.map_err(|error| error.diagnostic(Some(&producer)).into())
}
