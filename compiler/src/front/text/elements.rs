//! `dense<…>`, `dense_resource<…>`: tensor constants.
//!
//! The type of a constant stands after its literal. The literal is therefore skipped at first, the
//! type read, and the literal then converted straight to the bytes of that type, in one pass over
//! the text. Memory is taken as elements are met, never by what the type claims.

use bytes::Bytes;
use smol_str::SmolStr;

use super::lexer::{Token, lex, skip_blank};
use super::numbers::{fit_integer, float_bits, hex, magnitude};
use super::parser::{Noted, Parse, Parser, error};
use crate::diag::Span;
use crate::ir::{DenseElements, ElementType, ElementsForm, FloatFormat, TensorType, Type};

impl Parser<'_> {
    /// `dense<literal> : type`.
    pub(super) fn parse_dense(&mut self) -> Parse<DenseElements> {
        let head = self.bump();
        let open = self.expect(b'<', "after `dense`")?;
        let literal = self.token;
        let close = self.skip_literal(open.start)?;
        self.seek(close);
        self.expect(b'>', "after the elements")?;
        let ty = self.parse_constant_type(head.span())?;
        let after = (self.token, self.last_end);
        let elements = if literal.kind == Token::String {
            self.seek(literal.start);
            self.parse_hex_elements(ty)?
        } else {
            let reader = Reader { parser: self, at: literal.start as usize, close: close as usize };
            reader.read(ty)?
        };
        (self.token, self.last_end) = after;
        Ok(elements)
    }

    /// `dense_resource<key> : type`.
    pub(super) fn parse_dense_resource(&mut self) -> Parse<DenseElements> {
        let head = self.bump();
        self.expect(b'<', "after `dense_resource`")?;
        let token = self.token;
        let key = match token.kind {
            Token::Word => {
                self.bump();
                SmolStr::new(self.text_of(token))
            }
            Token::String => self.parse_string("a key")?,
            _ => return Err(self.expected("the key of a resource")),
        };
        self.expect(b'>', "after the key")?;
        let ty = self.parse_constant_type(head.span())?;
        let data = self.resource(&key, token.span(), &ty)?;
        Ok(DenseElements { ty, data, splat: false, form: ElementsForm::Resource(key) })
    }

    /// The place of the `>` that ends the literal opened at `open`.
    fn skip_literal(&self, open: u32) -> Parse<u32> {
        let bytes = self.bytes();
        let never = || Err(error(Span::new(open, open + 1), "the literal opened here is never closed by `>`"));
        let mut at = open as usize + 1;
        while let Some(step) = memchr::memchr3(b'>', b'"', b'/', &bytes[at..]) {
            // No literal has a colon; one means that its end is missing before its type.
            if memchr::memchr(b':', &bytes[at..at + step]).is_some() {
                return never();
            }
            at += step;
            match bytes[at] {
                b'>' => return Ok(at as u32),
                b'"' => {
                    let string = lex(bytes, at);
                    if string.kind != Token::String {
                        return Err(error(string.span(), "string is not closed on its line"));
                    }
                    at = string.end as usize;
                }
                _ => at = skip_blank(bytes, at).max(at + 1),
            }
        }
        never()
    }

    /// `: tensor<…>`, ranked and static, of elements that a literal can give.
    fn parse_constant_type(&mut self, head: Span) -> Parse<TensorType> {
        self.expect(b':', "and a type after the elements")?;
        let start = self.token;
        let ty = self.parse_type()?;
        let span = Span::new(start.start, self.last_end);
        let refuse = |message: &str| Err(error(span, message.to_owned()).with_note(head, "the constant is here"));
        let ty = match ty {
            Type::Tensor(ty) => ty,
            other => return refuse(&format!("a constant's type is a tensor, not `{other}`")),
        };
        if ty.sizes().is_none() {
            return refuse("a constant's type has a rank and static sizes");
        }
        match &ty.element {
            ElementType::Quantized(_) => return refuse("a constant holds the storage type, not the quantized type"),
            ElementType::OtherInt { width, .. } if *width > 64 => {
                return refuse("constants of integers wider than 64 bits are not supported");
            }
            _ => {}
        }
        let bytes = ty.element_count().and_then(|n| n.checked_mul(ty.element.byte_size() as u64));
        if bytes.is_none_or(|b| b > i64::MAX as u64) {
            return refuse("the constant's size in bytes does not fit in 63 bits");
        }
        Ok(ty)
    }

    /// `"0x…"`: the bytes of all elements, or of one that stands for all.
    fn parse_hex_elements(&mut self, ty: TensorType) -> Parse<DenseElements> {
        let token = self.bump();
        let inner = &self.text_of(token)[1..];
        let digits = inner[..inner.len() - 1].strip_prefix("0x").ok_or_else(|| {
            error(token.span(), "expected a hexadecimal string such as \"0x00FF\"")
                .because("string elements are not part of StableHLO")
        })?;
        let size = ty.element.byte_size() as u64;
        let (given, count) = (digits.len() as u64 / 2, ty.element_count().unwrap_or(0));
        let splat = given == size && count != 1 && count != 0;
        if digits.len() % 2 != 0 || (given != count * size && !splat) {
            let message = format!(
                "the hexadecimal string has {} digits, but `{ty}` takes {} ({count} elements of {size} bytes)",
                digits.len(),
                u128::from(count) * u128::from(size) * 2
            );
            return Err(error(token.span(), message));
        }
        let mut data = decode_hex(digits.as_bytes()).map_err(|at| {
            let place = token.start + 3 + at as u32;
            error(Span::new(place, place + 1), "not a hexadecimal digit")
        })?;
        normalize(&mut data, &ty.element);
        let splat = splat || count == 1;
        Ok(DenseElements { ty, data: Bytes::from(data), splat, form: ElementsForm::Dense })
    }
}

/// Decodes hexadecimal digits; the error is the place of one that is none.
pub(super) fn decode_hex(digits: &[u8]) -> Result<Vec<u8>, usize> {
    const NONE: u8 = 0xff;
    const VALUE: [u8; 256] = {
        let mut table = [NONE; 256];
        let mut i = 0;
        while i < 16 {
            table[b"0123456789abcdef"[i] as usize] = i as u8;
            table[b"0123456789ABCDEF"[i] as usize] = i as u8;
            i += 1;
        }
        table
    };
    let mut data = Vec::with_capacity(digits.len() / 2);
    let mut bad = 0u8;
    data.extend(digits.chunks_exact(2).map(|pair| {
        let (high, low) = (VALUE[pair[0] as usize], VALUE[pair[1] as usize]);
        bad |= high | low;
        (high << 4) | (low & 0xf)
    }));
    if bad & 0xf0 == 0 {
        return Ok(data);
    }
    Err(digits.iter().position(|&d| hex(d).is_none()).unwrap_or(0))
}

/// Brings types narrower than their bytes to the form the IR keeps: extended from their width.
pub(in crate::front) fn normalize(data: &mut [u8], element: &ElementType) {
    let width = element.bits();
    if width >= 8 {
        return;
    }
    let (mask, sign) = ((1u8 << width) - 1, 1u8 << (width - 1));
    let signed = element.is_signed_integer();
    for byte in data {
        let value = *byte & mask;
        *byte = if signed && value & sign != 0 { value | !mask } else { value };
    }
}

/// Reads the literal of a constant whose type is known.
struct Reader<'p, 't> {
    parser: &'p Parser<'t>,
    at: usize,
    close: usize,
}

impl Reader<'_, '_> {
    fn read(mut self, ty: TensorType) -> Parse<DenseElements> {
        let start = skip_blank(self.parser.bytes(), self.at);
        let sizes = ty.sizes().unwrap_or_default();
        let mut data = Vec::new();
        self.at = start;
        let listed = self.peek() == Some(b'[');
        if start >= self.close {
            if ty.element_count() != Some(0) {
                return Err(error(self.here(), format!("no elements are given, but `{ty}` has some")));
            }
        } else if listed {
            self.list(&sizes, &ty, &mut data)?;
        } else {
            self.element(&ty.element, &mut data)?;
        }
        self.blank();
        if self.at < self.close {
            return Err(error(self.here(), format!("expected `>` after the elements, found {}", self.found())));
        }
        let size = ty.element.byte_size();
        let splat = !data.is_empty() && (!listed || data.chunks_exact(size).all(|e| e == &data[..size]));
        if splat {
            data.truncate(size);
            data.shrink_to_fit();
        }
        Ok(DenseElements { ty, data: Bytes::from(data), splat, form: ElementsForm::Dense })
    }

    /// Nested lists, iteratively: `counts[d]` is how many items of the open list at depth `d` are done.
    fn list(&mut self, sizes: &[u64], ty: &TensorType, data: &mut Vec<u8>) -> Parse<()> {
        let mut counts: Vec<(u64, usize)> = Vec::new();
        loop {
            self.blank();
            if self.peek() == Some(b'[') {
                if counts.len() == sizes.len() {
                    return Err(error(self.here(), format!("lists nest deeper than the rank of `{ty}`")));
                }
                counts.push((0, self.at));
                self.at += 1;
                self.blank();
                if self.peek() != Some(b']') {
                    continue;
                }
            } else {
                if counts.len() != sizes.len() {
                    let message =
                        format!("expected `[`, as `{ty}` has rank {}: one list for each dimension", sizes.len());
                    return Err(error(self.here(), message));
                }
                self.element(&ty.element, data)?;
                self.item_done(&mut counts);
            }
            if !self.close_lists(&mut counts, sizes, ty)? {
                return Ok(());
            }
        }
    }

    fn item_done(&self, counts: &mut [(u64, usize)]) {
        if let Some((count, _)) = counts.last_mut() {
            *count += 1;
        }
    }

    /// After an item: steps over `]`s and one `,`. False when the outermost list is closed.
    fn close_lists(&mut self, counts: &mut Vec<(u64, usize)>, sizes: &[u64], ty: &TensorType) -> Parse<bool> {
        loop {
            self.blank();
            match self.peek() {
                Some(b',') => {
                    self.at += 1;
                    return Ok(true);
                }
                Some(b']') => {
                    self.at += 1;
                    let (count, opened) = counts.pop().expect("a list is open while elements are read");
                    let depth = counts.len();
                    if count != sizes[depth] {
                        let message =
                            format!("this list has {count} items, but dimension {depth} of `{ty}` is {}", sizes[depth]);
                        return Err(error(Span::new(opened as u32, self.at as u32), message));
                    }
                    if counts.is_empty() {
                        return Ok(false);
                    }
                    self.item_done(counts);
                }
                _ => {
                    return Err(error(
                        self.here(),
                        format!("expected `,` or `]` after an element, found {}", self.found()),
                    ));
                }
            }
        }
    }

    fn element(&mut self, element: &ElementType, data: &mut Vec<u8>) -> Parse<()> {
        let Some(part) = element.complex_part() else {
            return self.number(element, data);
        };
        if self.peek() != Some(b'(') {
            return Err(error(
                self.here(),
                format!("expected a complex number such as `(1.0, 0.0)`, found {}", self.found()),
            ));
        }
        self.at += 1;
        self.blank();
        self.number(&part, data)?;
        self.punct(b',', "between the parts of a complex number")?;
        self.number(&part, data)?;
        self.punct(b')', "after a complex number")
    }

    fn punct(&mut self, punct: u8, context: &str) -> Parse<()> {
        self.blank();
        if self.peek() != Some(punct) {
            let message = format!("expected `{}` {context}, found {}", char::from(punct), self.found());
            return Err(error(self.here(), message));
        }
        self.at += 1;
        self.blank();
        Ok(())
    }

    fn number(&mut self, element: &ElementType, data: &mut Vec<u8>) -> Parse<()> {
        let bytes = self.parser.bytes();
        let start = self.at;
        let negative = self.peek() == Some(b'-');
        let lexeme = lex(bytes, self.at + usize::from(negative));
        let literal = self.parser.text_of(lexeme);
        let span = Span::new(start as u32, lexeme.end);
        let size = element.byte_size();
        match lexeme.kind {
            Token::Integer if matches!(bytes.get(lexeme.end as usize), Some(b'e' | b'E')) => {
                let message = format!("a number with an exponent needs a point; write `{literal}.0e…`");
                return Err(error(span, message));
            }
            Token::Integer | Token::Float if FloatFormat::of(element).is_some() => {
                let bits = float_bits(literal, lexeme.kind, negative, element).map_err(|m| error(span, m))?;
                data.extend_from_slice(&bits.to_le_bytes()[..size]);
            }
            Token::Integer => {
                let value = magnitude(literal).map(|m| if negative { -m } else { m });
                let value = value.ok_or_else(|| error(span, format!("`{literal}` does not fit in `{element}`")))?;
                let value = fit_integer(value, element).map_err(|m| error(span, m))?;
                data.extend_from_slice(&value.to_le_bytes()[..size]);
            }
            Token::Word if matches!(literal, "true" | "false") && !negative => {
                if *element != ElementType::I1 {
                    return Err(error(span, format!("`{literal}` is an element of `i1`, not of `{element}`")));
                }
                data.push(u8::from(literal == "true"));
            }
            Token::Float => {
                return Err(error(span, format!("expected an integer for `{element}`, found `{literal}`")));
            }
            _ => return Err(error(self.here(), format!("expected an element of `{element}`, found {}", self.found()))),
        }
        self.at = lexeme.end as usize;
        Ok(())
    }

    fn peek(&self) -> Option<u8> {
        self.parser.bytes().get(self.at).copied()
    }

    fn blank(&mut self) {
        self.at = skip_blank(self.parser.bytes(), self.at);
    }

    fn here(&self) -> Span {
        lex(self.parser.bytes(), self.at).span()
    }

    fn found(&self) -> String {
        self.parser.describe(lex(self.parser.bytes(), self.at))
    }
}
