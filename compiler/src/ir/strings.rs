//! Strings that need not be UTF-8.
//!
//! MLIR's strings are bytes; serialized protocol buffers in `backend_config` are the usual case of
//! bytes that are no UTF-8. [`super::Attr::String`] holds text. Bytes that are not part of valid
//! UTF-8 are therefore kept as the code points U+EF80 to U+EFFF of the private use area, one a byte;
//! those code points themselves, should a string have them, are kept as their three bytes. The
//! mapping loses nothing: [`bytes_of_text`] undoes [`text_of_bytes`].

use std::borrow::Cow;

/// U+EF80 stands for byte 0x80.
const FIRST: u32 = 0xef80;

/// Whether a character stands for a byte.
fn stands_for_byte(c: char) -> bool {
    (FIRST..FIRST + 0x80).contains(&(c as u32))
}

/// The text that stands for `bytes`: the same text where they are ordinary UTF-8.
pub fn text_of_bytes(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    let escape = |text: &mut String, bytes: &[u8]| {
        text.extend(bytes.iter().filter_map(|&b| char::from_u32(FIRST + u32::from(b) - 0x80)));
    };
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            if stands_for_byte(c) {
                escape(&mut text, c.encode_utf8(&mut [0; 4]).as_bytes());
            } else {
                text.push(c);
            }
        }
        escape(&mut text, chunk.invalid());
    }
    text
}

/// The bytes that `text` stands for.
pub fn bytes_of_text(text: &str) -> Cow<'_, [u8]> {
    if !text.contains(stands_for_byte) {
        return Cow::Borrowed(text.as_bytes());
    }
    let mut bytes = Vec::with_capacity(text.len());
    for c in text.chars() {
        if stands_for_byte(c) {
            bytes.push((c as u32 - FIRST + 0x80) as u8);
        } else {
            bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }
    Cow::Owned(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_bytes_survive() {
        let all: Vec<u8> =
            (0..=255).chain("é✓".bytes()).chain("\u{ef80}\u{efff}".bytes()).chain([0xef, 0xbe]).collect();
        let text = text_of_bytes(&all);
        assert_eq!(bytes_of_text(&text), all);
        assert_eq!(text_of_bytes("héllo".as_bytes()), "héllo");
    }
}
