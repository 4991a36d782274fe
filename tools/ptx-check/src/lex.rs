//! PTX text to tokens.

use crate::fault::Unreadable;

/// A piece of text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Token {
    /// A name with its dots: an instruction, a register, a directive, a label.
    Word(String),
    /// An integer, or the bits of a float (`0f3F800000`, `0d…`).
    Number(u64),
    /// A string's content.
    Text(String),
    /// One character.
    Mark(char),
}

/// Tokens, each with its line.
pub(crate) fn tokens(text: &str) -> Result<Vec<(Token, u32)>, Unreadable> {
    let mut found = Vec::new();
    let mut in_comment = false;
    for (at, line) in text.lines().enumerate() {
        let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
        let mut rest = line;
        loop {
            if in_comment {
                let Some(end) = rest.find("*/") else { break };
                rest = &rest[end + 2..];
                in_comment = false;
            }
            rest = rest.trim_start();
            if rest.is_empty() || rest.starts_with("//") {
                break;
            }
            if let Some(inner) = rest.strip_prefix("/*") {
                (rest, in_comment) = (inner, true);
                continue;
            }
            let (token, after) = token(rest).ok_or_else(|| {
                let shown: String = rest.chars().take(20).collect();
                Unreadable { line: number, what: format!("`{shown}` is no PTX") }
            })?;
            found.push((token, number));
            rest = after;
        }
    }
    Ok(found)
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '%' | '.')
}

fn token(text: &str) -> Option<(Token, &str)> {
    let first = text.chars().next()?;
    if let Some(inner) = text.strip_prefix('"') {
        let end = inner.find('"')?;
        return Some((Token::Text(inner[..end].to_owned()), &inner[end + 1..]));
    }
    if first.is_ascii_digit() {
        let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '.').unwrap_or(text.len());
        return Some((number(&text[..end])?, &text[end..]));
    }
    if is_word(first) {
        let end = text.find(|c| !is_word(c)).unwrap_or(text.len());
        return Some((Token::Word(text[..end].to_owned()), &text[end..]));
    }
    let known = "{}[]()<>,;:|+-@!=".contains(first);
    known.then(|| (Token::Mark(first), &text[first.len_utf8()..]))
}

/// `12`, `0x1F`, `0f3F800000`, `0d3FF0000000000000`; versions such as `7.8` are words.
fn number(text: &str) -> Option<Token> {
    let hexadecimal = |digits: &str| u64::from_str_radix(digits, 16).ok().map(Token::Number);
    if text.len() > 2 {
        let (prefix, digits) = text.split_at(2);
        match prefix {
            "0x" | "0X" => return hexadecimal(digits.trim_end_matches(['U', 'u'])),
            "0f" | "0F" if digits.len() == 8 => return hexadecimal(digits),
            "0d" | "0D" if digits.len() == 16 => return hexadecimal(digits),
            _ => {}
        }
    }
    if text.contains('.') {
        return Some(Token::Word(text.to_owned()));
    }
    text.trim_end_matches(['U', 'u']).parse().ok().map(Token::Number)
}
