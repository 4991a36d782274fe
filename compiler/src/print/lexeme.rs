//! Names and strings as MLIR's lexer wants them.

use std::fmt::{self, Write};

use crate::ir::bytes_of_text;

/// Whether a name can stand without quotes: a letter or `_`, then letters, digits, `_`, `$`, `.`.
fn is_bare(name: &str) -> bool {
    let tail = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$' | b'.');
    match name.as_bytes() {
        [first, rest @ ..] => (first.is_ascii_alphabetic() || *first == b'_') && rest.iter().all(|&b| tail(b)),
        [] => false,
    }
}

/// Writes a string in quotes; all that is not printable ASCII, and `"`, as `\XX`.
pub(crate) fn write_string(out: &mut dyn Write, text: &str) -> fmt::Result {
    let is_plain = |b: &u8| matches!(b, b' '..=b'~') && !matches!(b, b'"' | b'\\');
    out.write_char('"')?;
    if text.as_bytes().iter().all(is_plain) {
        out.write_str(text)?;
    } else {
        for byte in bytes_of_text(text).iter() {
            match byte {
                b'\\' => out.write_str("\\\\")?,
                byte if is_plain(byte) => out.write_char(char::from(*byte))?,
                byte => write!(out, "\\{byte:02X}")?,
            }
        }
    }
    out.write_char('"')
}

/// Writes the name of an attribute or a resource: bare where it can be, else as a string.
pub(crate) fn write_keyword(out: &mut dyn Write, name: &str) -> fmt::Result {
    if is_bare(name) { out.write_str(name) } else { write_string(out, name) }
}

/// Writes `@name`.
pub(crate) fn write_symbol(out: &mut dyn Write, name: &str) -> fmt::Result {
    out.write_char('@')?;
    write_keyword(out, name)
}
