//! Numbers and strings: from their spelling to a value.

use std::borrow::Cow;

use smol_str::SmolStr;

use super::lexer::{Lexeme, Token};
use super::parser::{Parse, Parser, error};
use crate::diag::Span;
use crate::ir::{ElementType, FloatFormat, Signedness};

impl<'t> Parser<'t> {
    /// A decimal or hexadecimal integer with an optional minus sign.
    pub(super) fn parse_i64(&mut self, what: &str) -> Parse<i64> {
        let start = self.token;
        let negative = self.eat(b'-');
        if self.token.kind != Token::Integer {
            return Err(self.expected(what));
        }
        let token = self.bump();
        let magnitude = magnitude(self.text_of(token));
        let value = magnitude.map(|m| if negative { -m } else { m }).and_then(|v| i64::try_from(v).ok());
        value.ok_or_else(|| error(start.span().to(token.span()), "integer does not fit in 64 bits"))
    }

    /// A non-negative integer of at most 32 bits.
    pub(super) fn parse_u32(&mut self, what: &str) -> Parse<u32> {
        if self.token.kind != Token::Integer {
            return Err(self.expected(what));
        }
        let token = self.bump();
        let value = magnitude(self.text_of(token)).and_then(|m| u32::try_from(m).ok());
        value.ok_or_else(|| error(token.span(), "integer does not fit in 32 bits"))
    }

    /// A string.
    pub(super) fn parse_string(&mut self, what: &str) -> Parse<SmolStr> {
        if self.token.kind != Token::String {
            return Err(self.expected(what));
        }
        let token = self.bump();
        Ok(SmolStr::from(self.string_value(token)?))
    }

    /// What a string token, or the quoted part of a symbol, stands for.
    pub(super) fn string_value(&self, token: Lexeme) -> Parse<Cow<'t, str>> {
        let text = self.text_of(token);
        let inner = text.trim_start_matches('@');
        let inner = &inner[1..inner.len() - 1];
        if memchr::memchr2(b'\\', 0xef, inner.as_bytes()).is_none() {
            return Ok(Cow::Borrowed(inner));
        }
        let start = token.end as usize - 1 - inner.len();
        Ok(Cow::Owned(crate::ir::text_of_bytes(&unescape(inner.as_bytes(), start)?)))
    }

    /// The name behind `@`.
    pub(super) fn parse_symbol(&mut self, what: &str) -> Parse<SmolStr> {
        if self.token.kind != Token::Symbol {
            return Err(self.expected(what));
        }
        let token = self.bump();
        let text = self.text_of(token);
        if text.as_bytes()[1] == b'"' {
            let name = self.string_value(token)?;
            if name.is_empty() {
                return Err(error(token.span(), "a symbol's name is not empty"));
            }
            return Ok(SmolStr::from(name));
        }
        Ok(SmolStr::new(&text[1..]))
    }
}

/// The bytes behind `\\`, `\"`, `\n`, `\t` and `\0A`.
fn unescape(text: &[u8], start: usize) -> Parse<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(step) = memchr::memchr(b'\\', &text[at..]) {
        out.extend_from_slice(&text[at..at + step]);
        at += step;
        let pair = text.get(at + 1..at + 3).and_then(|pair| Some(hex(pair[0])? << 4 | hex(pair[1])?));
        match (text.get(at + 1), pair) {
            (Some(b'n'), _) => out.push(b'\n'),
            (Some(b't'), _) => out.push(b'\t'),
            (Some(&c @ (b'"' | b'\\')), _) => out.push(c),
            (_, Some(byte)) => {
                out.push(byte);
                at += 1;
            }
            _ => {
                let span = Span::new((start + at) as u32, (start + at + 1) as u32);
                return Err(error(span, "unknown escape; there are `\\n`, `\\t`, `\\\"`, `\\\\` and two hex digits"));
            }
        }
        at += 2;
    }
    out.extend_from_slice(&text[at..]);
    Ok(out)
}

/// The value of a hexadecimal digit.
pub(super) fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

/// The value of decimal or `0x` digits, when it fits in 127 bits.
pub(super) fn magnitude(digits: &str) -> Option<i128> {
    match digits.strip_prefix("0x") {
        Some(hex) => i128::from_str_radix(hex, 16).ok(),
        None => digits.parse().ok(),
    }
}

/// Whether a literal is hexadecimal.
pub(super) fn is_hex(digits: &str) -> bool {
    digits.starts_with("0x")
}

/// An integer as the type stores it, or what is wrong with it.
///
/// A signless type takes both its signed and its unsigned range; the value comes back signed.
pub(super) fn fit_integer(value: i128, element: &ElementType) -> Result<i128, String> {
    let width = element.bits().min(127);
    let (low, high) = match element {
        ElementType::I1 => (-1, 1),
        ElementType::OtherInt { signedness: Signedness::Signed, .. } => {
            (-(1i128 << (width - 1)), (1 << (width - 1)) - 1)
        }
        _ if is_unsigned(element) => (0, unsigned_limit(width)),
        _ => (-(1i128 << (width - 1)), unsigned_limit(width)),
    };
    if !(low..=high).contains(&value) {
        return Err(format!("{value} does not fit in `{element}`"));
    }
    if *element == ElementType::I1 {
        return Ok(value & 1);
    }
    let wraps = !is_unsigned(element) && width < 127 && value >= 1i128 << (width - 1);
    Ok(if wraps { value - (1i128 << width) } else { value })
}

fn unsigned_limit(width: u32) -> i128 {
    if width >= 127 { i128::MAX } else { (1 << width) - 1 }
}

fn is_unsigned(element: &ElementType) -> bool {
    element.is_unsigned_integer() || matches!(element, ElementType::OtherInt { signedness: Signedness::Unsigned, .. })
}

/// The bits of a float literal: a decimal with a point, or hexadecimal bits of the type's width.
pub(super) fn float_bits(literal: &str, kind: Token, negative: bool, element: &ElementType) -> Result<u64, String> {
    let format = FloatFormat::of(element).ok_or_else(|| format!("`{element}` is no float type"))?;
    if kind == Token::Integer {
        if !is_hex(literal) {
            return Err(format!(
                "expected a floating-point number, found the integer `{literal}`; write `{literal}.0`"
            ));
        }
        if negative {
            return Err("hexadecimal float bits take no minus sign".to_owned());
        }
        let width = element.bits();
        let fits = |&bits: &u64| width == 64 || bits >> width == 0;
        return u64::from_str_radix(&literal[2..], 16)
            .ok()
            .filter(fits)
            .ok_or_else(|| format!("`{literal}` has more than the {width} bits of `{element}`"));
    }
    let magnitude: f64 = literal.parse().map_err(|_| format!("`{literal}` is no floating-point number"))?;
    Ok(format.encode(if negative { -magnitude } else { magnitude }))
}
