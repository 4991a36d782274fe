//! Tokens of MLIR's text format.
//!
//! The lexer works on bytes and makes a token a kind with a range; what a number or string means is
//! decided where it is used. It never fails: bytes that start no token become [`Token::Unknown`],
//! unfinished strings [`Token::OpenString`]. Shapes such as `4x8xf32` are no tokens; the type parser
//! reads them from the bytes.

use crate::diag::Span;

/// The kind of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// The end of the input.
    End,
    /// A bare identifier, dots included: `stablehlo.add`, `loc`, `i32`.
    Word,
    /// Decimal or `0x` hexadecimal digits.
    Integer,
    /// Digits with a point and perhaps an exponent.
    Float,
    /// A string with its quotes.
    String,
    /// A string whose closing quote is missing on its line.
    OpenString,
    /// `%name`.
    Value,
    /// `@name` or `@"name"`.
    Symbol,
    /// `#name`.
    Hash,
    /// `!name`.
    Bang,
    /// `^name`.
    Block,
    /// `->`.
    Arrow,
    /// `::`.
    Colons,
    /// `...`.
    Ellipsis,
    /// `{-#`.
    ResourcesOpen,
    /// `#-}`.
    ResourcesClose,
    /// One of `( ) { } [ ] < > = , : ? * + - / |`.
    Punct(u8),
    /// A byte that starts no token.
    Unknown,
}

/// A token with its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lexeme {
    pub(super) kind: Token,
    pub(super) start: u32,
    pub(super) end: u32,
}

impl Lexeme {
    pub(super) fn span(self) -> Span {
        Span::new(self.start, self.end)
    }
}

const LETTER: u8 = 1;
const DIGIT: u8 = 2;
const WORD: u8 = 4;
const SUFFIX: u8 = 8;
const BLANK: u8 = 16;

/// What each byte may be part of.
const CLASS: [u8; 256] = {
    let mut class = [0u8; 256];
    let mut byte = 0;
    while byte < 256 {
        let b = byte as u8;
        let mut bits = 0;
        if b.is_ascii_alphabetic() || b == b'_' {
            bits |= LETTER | WORD | SUFFIX;
        }
        if b.is_ascii_digit() {
            bits |= DIGIT | WORD | SUFFIX;
        }
        if matches!(b, b'$' | b'.') {
            bits |= WORD | SUFFIX;
        }
        if b == b'-' {
            bits |= SUFFIX;
        }
        if matches!(b, b' ' | b'\t' | b'\n' | b'\r') {
            bits |= BLANK;
        }
        class[byte] = bits;
        byte += 1;
    }
    class
};

fn is(byte: u8, class: u8) -> bool {
    CLASS[byte as usize] & class != 0
}

/// Reads the token that starts at or after `at`.
pub(super) fn lex(bytes: &[u8], at: usize) -> Lexeme {
    let start = skip_blank(bytes, at);
    let (kind, end) = match bytes.get(start) {
        None => (Token::End, start),
        Some(&byte) => token(bytes, start, byte),
    };
    Lexeme { kind, start: start as u32, end: end as u32 }
}

/// The first place at or after `at` that is neither blank nor comment.
pub(super) fn skip_blank(bytes: &[u8], mut at: usize) -> usize {
    while let Some(&byte) = bytes.get(at) {
        if is(byte, BLANK) {
            at += 1;
        } else if byte == b'/' && bytes.get(at + 1) == Some(&b'/') {
            at = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |n| at + n);
        } else {
            break;
        }
    }
    at
}

fn token(bytes: &[u8], start: usize, byte: u8) -> (Token, usize) {
    match byte {
        b'%' => prefixed(bytes, start, Token::Value),
        b'^' => prefixed(bytes, start, Token::Block),
        b'!' => prefixed(bytes, start, Token::Bang),
        b'#' if bytes[start..].starts_with(b"#-}") => (Token::ResourcesClose, start + 3),
        b'#' => prefixed(bytes, start, Token::Hash),
        b'@' => symbol(bytes, start),
        b'"' => string(bytes, start, Token::String),
        b'-' if bytes.get(start + 1) == Some(&b'>') => (Token::Arrow, start + 2),
        b':' if bytes.get(start + 1) == Some(&b':') => (Token::Colons, start + 2),
        b'{' if bytes[start..].starts_with(b"{-#") => (Token::ResourcesOpen, start + 3),
        b'.' if bytes[start..].starts_with(b"...") => (Token::Ellipsis, start + 3),
        b'(' | b')' | b'{' | b'}' | b'[' | b']' | b'<' | b'>' | b'=' | b',' | b':' | b'?' | b'*' | b'+' | b'-'
        | b'/' | b'|' => (Token::Punct(byte), start + 1),
        _ if is(byte, LETTER) => (Token::Word, run(bytes, start + 1, WORD)),
        _ if is(byte, DIGIT) => number(bytes, start),
        _ => (Token::Unknown, next_char(bytes, start)),
    }
}

/// The end of the run of bytes of a class.
pub(super) fn run(bytes: &[u8], mut at: usize, class: u8) -> usize {
    while bytes.get(at).is_some_and(|&b| is(b, class)) {
        at += 1;
    }
    at
}

fn prefixed(bytes: &[u8], start: usize, kind: Token) -> (Token, usize) {
    let first = start + 1;
    let end = match bytes.get(first) {
        Some(&b) if is(b, DIGIT) => run(bytes, first, DIGIT),
        Some(&b) if is(b, SUFFIX) => run(bytes, first, SUFFIX),
        _ => return (Token::Unknown, first),
    };
    (kind, end)
}

fn symbol(bytes: &[u8], start: usize) -> (Token, usize) {
    match bytes.get(start + 1) {
        Some(b'"') => string(bytes, start + 1, Token::Symbol),
        Some(&b) if is(b, LETTER) => (Token::Symbol, run(bytes, start + 1, WORD)),
        _ => (Token::Unknown, start + 1),
    }
}

/// A string that opens at `open`; strings end on the line they start on.
fn string(bytes: &[u8], open: usize, kind: Token) -> (Token, usize) {
    let mut at = open + 1;
    while let Some(step) = memchr::memchr3(b'"', b'\\', b'\n', &bytes[at..]) {
        match bytes[at + step] {
            b'"' => return (kind, at + step + 1),
            b'\n' => return (Token::OpenString, at + step),
            _ => at += step + 1,
        }
        // The byte after a backslash does not close the string; a line break does even there.
        match bytes.get(at) {
            None | Some(b'\n') => return (Token::OpenString, at),
            Some(_) => at += 1,
        }
    }
    (Token::OpenString, bytes.len())
}

fn number(bytes: &[u8], start: usize) -> (Token, usize) {
    if bytes[start] == b'0'
        && bytes.get(start + 1) == Some(&b'x')
        && bytes.get(start + 2).is_some_and(u8::is_ascii_hexdigit)
    {
        let digits = bytes[start + 2..].iter().take_while(|b| b.is_ascii_hexdigit()).count();
        return (Token::Integer, start + 2 + digits);
    }
    let whole = run(bytes, start, DIGIT);
    if bytes.get(whole) != Some(&b'.') {
        return (Token::Integer, whole);
    }
    let fraction = run(bytes, whole + 1, DIGIT);
    let mut exponent = fraction;
    if matches!(bytes.get(exponent), Some(b'e' | b'E')) {
        exponent += 1;
        if matches!(bytes.get(exponent), Some(b'+' | b'-')) {
            exponent += 1;
        }
        let end = run(bytes, exponent, DIGIT);
        if end > exponent {
            return (Token::Float, end);
        }
    }
    (Token::Float, fraction)
}

/// The start of the character after the one at `at`.
fn next_char(bytes: &[u8], at: usize) -> usize {
    let rest = bytes[at + 1..].iter().take_while(|&&b| b & 0xc0 == 0x80).count();
    at + 1 + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(Token, &str)> {
        let (mut at, mut out) = (0, Vec::new());
        loop {
            let lexeme = lex(text.as_bytes(), at);
            if lexeme.kind == Token::End {
                return out;
            }
            at = lexeme.end as usize;
            out.push((lexeme.kind, &text[lexeme.span().range()]));
        }
    }

    #[test]
    fn an_operation_falls_into_its_tokens() {
        use Token::*;
        let text =
            "%0:2 = \"a.b\"(%arg_0#1) {x = 1.5e-3 : f32} : (i32) -> !q.t // done\n#loc1 @f @\"a b\" ^bb0 0x1F 1.5e";
        let expected = [
            (Value, "%0"),
            (Punct(b':'), ":"),
            (Integer, "2"),
            (Punct(b'='), "="),
            (String, "\"a.b\""),
            (Punct(b'('), "("),
            (Value, "%arg_0"),
            (Hash, "#1"),
            (Punct(b')'), ")"),
            (Punct(b'{'), "{"),
            (Word, "x"),
            (Punct(b'='), "="),
            (Float, "1.5e-3"),
            (Punct(b':'), ":"),
            (Word, "f32"),
            (Punct(b'}'), "}"),
            (Punct(b':'), ":"),
            (Punct(b'('), "("),
            (Word, "i32"),
            (Punct(b')'), ")"),
            (Arrow, "->"),
            (Bang, "!q.t"),
            (Hash, "#loc1"),
            (Symbol, "@f"),
            (Symbol, "@\"a b\""),
            (Block, "^bb0"),
            (Integer, "0x1F"),
            (Float, "1.5"),
            (Word, "e"),
        ];
        assert_eq!(kinds(text), expected);
    }

    #[test]
    fn broken_input_still_makes_progress() {
        assert_eq!(kinds("\"ab\ncd\\"), [(Token::OpenString, "\"ab"), (Token::Word, "cd"), (Token::Unknown, "\\")]);
        assert_eq!(kinds("é%"), [(Token::Unknown, "é"), (Token::Unknown, "%")]);
        assert_eq!(kinds("\"x\\"), [(Token::OpenString, "\"x\\")]);
    }
}
