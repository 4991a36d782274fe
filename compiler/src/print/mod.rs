//! Printing: StableHLO text, pretty and generic.
//!
//! The text is what MLIR would print for the same module, but for blanks in places and the names of
//! some values: any StableHLO parser reads it back as the same module. Output is streamed; a
//! constant is never held as text.
//!
//! An operation whose pretty form cannot say what the operation holds (a missing attribute, operands
//! of odd number or type) is printed in generic form, so that unverified modules can be shown.

mod attr;
mod custom;
mod elements;
mod float;
mod func;
mod lexeme;
mod location;
mod module;
mod names;
mod op;
mod pretty;

use std::fmt;
use std::io;

pub(crate) use float::FloatText;
pub use names::{Name, Names};

use crate::ir::Module;

/// Which of MLIR's two forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Form {
    /// Each operation as its dialect writes it.
    #[default]
    Pretty,
    /// `"dialect.op"(operands) <{properties}> ({regions}) {attributes} : type`.
    Generic,
}

/// How to print.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Pretty or generic.
    pub form: Form,
    /// Whether locations follow operations and arguments.
    pub locations: bool,
    /// Constants of more elements than this lose their value: for reading, not for reading back.
    pub elide_above: Option<u64>,
}

/// The module as text.
pub fn print_module(module: &Module, options: &Options) -> String {
    let mut text = String::new();
    module::write(module, options, &mut text).expect("a string takes all that is written to it");
    text
}

/// Writes the module as text.
///
/// # Errors
/// When `out` fails.
pub fn write_module(out: &mut dyn io::Write, module: &Module, options: &Options) -> io::Result<()> {
    let mut sink = Sink { out, buffer: Vec::with_capacity(Sink::FULL), error: None };
    let written = module::write(module, options, &mut sink);
    let flushed = sink.flush();
    match (sink.error, written) {
        (Some(error), _) => Err(error),
        (None, Err(fmt::Error)) => Err(io::Error::other("printing the module failed")),
        (None, Ok(())) => flushed.map_err(io::Error::other),
    }
}

/// Collects text and hands it on in large pieces.
struct Sink<'w> {
    out: &'w mut dyn io::Write,
    buffer: Vec<u8>,
    error: Option<io::Error>,
}

impl Sink<'_> {
    const FULL: usize = 1 << 16;

    fn flush(&mut self) -> fmt::Result {
        let result = self.out.write_all(&self.buffer);
        self.buffer.clear();
        result.map_err(|error| {
            self.error.get_or_insert(error);
            fmt::Error
        })
    }
}

impl fmt::Write for Sink<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.buffer.extend_from_slice(text.as_bytes());
        if self.buffer.len() < Self::FULL { Ok(()) } else { self.flush() }
    }
}
