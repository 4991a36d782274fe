//! Attributes and types that bytecode holds as assembly text, for want of an encoding.

use super::cursor::Cursor;
use super::error::Read;
use crate::diag::Diagnostics;
use crate::front::text;
use crate::ir::{Attr, Type, text_of_bytes};

/// The attribute whose text is left in `cursor`.
pub(super) fn attr(cursor: &mut Cursor<'_>) -> Read<Attr> {
    parse(cursor, "an attribute's text", text::parse_attr)
}

/// The type whose text is left in `cursor`.
pub(super) fn ty(cursor: &mut Cursor<'_>) -> Read<Type> {
    parse(cursor, "a type's text", text::parse_type)
}

fn parse<T>(
    cursor: &mut Cursor<'_>,
    what: &'static str,
    parse: impl FnOnce(&str) -> Result<T, Diagnostics>,
) -> Read<T> {
    let at = *cursor;
    let text = text_of_bytes(cursor.until_zero(what)?);
    parse(&text).map_err(|errors| {
        let excerpt: String = text.chars().take(80).collect();
        at.malformed(format!("{what} `{excerpt}` cannot be read: {errors}"))
    })
}
