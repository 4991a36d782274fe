//! StableHLO as text: MLIR's syntax, pretty and generic.
//!
//! The lexer cuts bytes into tokens; the parser is recursive descent with one token of lookahead.
//! Operations are read by the op table: the generic form needs only the names in it, the pretty form
//! follows its [`Format`](crate::ir::ops::Format). What MLIR resolves lazily is resolved here by
//! looking ahead: aliases by one scan for their definitions, constants by reading the type before
//! the elements.
//!
//! The result is well-formed (every operand is a value that is visible at its use and has the type
//! the text says), but need not be valid: that is [`valid`](crate)'s to decide.
//!
//! # Limits
//!
//! Texts of 4 GiB and more are refused, as are nesting deeper than 200 levels, modules in modules, and
//! regions of several blocks. Input of any content ends in a module or in errors: memory stays
//! proportional to the text, and no loop runs without consuming it.

mod aliases;
mod attrs;
mod custom;
mod dims;
mod elements;
mod func;
mod lexer;
mod location;
mod mesh;
mod module;
mod numbers;
mod op;
mod parser;
mod pretty;
mod quant;
mod resources;
mod scope;
#[cfg(test)]
mod tests;
mod types;
mod upgrade;

use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::ir::{Attr, Module, Type};
pub(super) use elements::normalize;
pub(super) use upgrade::upgraded;

/// Reads one module.
///
/// A text without `module` is the contents of one.
///
/// # Errors
/// When the text is not StableHLO in MLIR's syntax; every error has its place in `text`.
pub fn parse(text: &str) -> Result<Module, Diagnostics> {
    parse_part(text, 0)
}

/// Reads types, separated by commas, that are the whole of a text.
///
/// # Errors
/// When the text is something else; every error has its place in it.
pub fn parse_types(text: &str) -> Result<Vec<Type>, Diagnostics> {
    parse_whole(text, |parser| {
        let mut types = vec![parser.parse_type()?];
        while parser.eat(b',') {
            types.push(parser.parse_type()?);
        }
        Ok(types)
    })
}

/// Reads an attribute that is the whole of a text.
pub(super) fn parse_attr(text: &str) -> Result<Attr, Diagnostics> {
    parse_whole(text, |parser| parser.parse_attr())
}

/// Reads a type that is the whole of a text.
pub(super) fn parse_type(text: &str) -> Result<Type, Diagnostics> {
    parse_whole(text, |parser| parser.parse_type())
}

fn parse_whole<T>(
    text: &str,
    rule: impl FnOnce(&mut parser::Parser<'_>) -> parser::Parse<T>,
) -> Result<T, Diagnostics> {
    let mut parser = parser(text, 0)?;
    let value = rule(&mut parser);
    let at_end = parser.token.kind == lexer::Token::End;
    let value = value.and_then(|value| if at_end { Ok(value) } else { Err(parser.expected("the end of the text")) });
    parser.finish(value)
}

/// Reads the modules of a text that lines holding `// -----` separate.
///
/// Each module is read on its own, so an error in one does not keep others from being read. Places
/// in errors and modules count from the start of `text`.
pub fn parse_many(text: &str) -> Vec<Result<Module, Diagnostics>> {
    split(text).into_iter().map(|(start, part)| parse_part(&text[..start + part.len()], start)).collect()
}

/// The parts between separator lines, each with the byte it starts at.
pub fn split(text: &str) -> Vec<(usize, &str)> {
    let (mut parts, mut start, mut at) = (Vec::new(), 0, 0);
    for line in text.split_inclusive('\n') {
        if line.trim_end() == "// -----" {
            parts.push((start, &text[start..at]));
            start = at + line.len();
        }
        at += line.len();
    }
    parts.push((start, &text[start..]));
    parts
}

/// Reads the module from byte `start` to the end of `text`.
fn parse_part(text: &str, start: usize) -> Result<Module, Diagnostics> {
    let mut parser = parser(text, start)?;
    let module = parser.parse_file();
    parser.finish(module)
}

/// A parser of `text` from byte `start` on, unless the text is too long for its places.
fn parser(text: &str, start: usize) -> Result<parser::Parser<'_>, Diagnostics> {
    if u32::try_from(text.len()).is_ok_and(|len| len < u32::MAX) {
        return Ok(parser::Parser::new(text, start));
    }
    let message = "texts of 4 GiB and more cannot be read; store large constants in bytecode or as arguments";
    Err(Diagnostic::error(Span::NONE, message).into())
}
