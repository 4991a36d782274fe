//! Types.

use std::sync::Arc;

use smallvec::SmallVec;
use smol_str::SmolStr;

use super::lexer::{Token, skip_blank};
use super::parser::{Noted, Parse, Parser, error};
use crate::diag::Span;
use crate::ir::{Attr, Dim, Dims, ElementType, FunctionType, Signedness, TensorType, Type};

/// The widest integer type that MLIR has.
const WIDEST_INTEGER: u32 = (1 << 24) - 1;

impl Parser<'_> {
    /// A type.
    pub(super) fn parse_type(&mut self) -> Parse<Type> {
        match self.token.kind {
            Token::Word => self.parse_builtin_type(),
            Token::Bang => self.nested(Self::parse_dialect_type),
            Token::Punct(b'(') => {
                self.nested(|p| Ok(Type::Function(Box::new(p.parse_function_type("in a function type")?))))
            }
            _ => Err(self.expected("a type")),
        }
    }

    /// Whether a type starts here.
    pub(super) fn at_type(&self) -> bool {
        match self.token.kind {
            Token::Bang => true,
            Token::Word => {
                let word = self.text_of(self.token);
                matches!(word, "tensor" | "tuple" | "complex" | "memref" | "vector" | "none" | "index" | "f80" | "f128")
                    || ElementType::from_name(word).is_some()
                    || integer_type(word).is_some()
            }
            _ => false,
        }
    }

    fn parse_builtin_type(&mut self) -> Parse<Type> {
        let word = self.text_of(self.token);
        match word {
            "tensor" => Ok(Type::Tensor(self.parse_shaped("tensor")?)),
            "memref" if self.group_mentions(",") || self.group_mentions("*") => {
                Ok(Type::Builtin(self.parse_verbatim()?))
            }
            "memref" => Ok(Type::MemRef(self.parse_shaped("memref")?)),
            "vector" => Ok(Type::Builtin(self.parse_verbatim()?)),
            "f80" | "f128" => {
                self.bump();
                Ok(Type::Builtin(SmolStr::new(word)))
            }
            "tuple" => self.nested(|p| {
                p.bump();
                p.expect(b'<', "after `tuple`")?;
                Ok(Type::Tuple(p.parse_types_until(b'>', "in a tuple type")?))
            }),
            "none" => {
                self.bump();
                Ok(Type::None)
            }
            _ => Ok(Type::Scalar(self.parse_element_word()?)),
        }
    }

    /// `(a, b) -> c` or `(a, b) -> (c, d)`.
    pub(super) fn parse_function_type(&mut self, context: &str) -> Parse<FunctionType> {
        self.expect(b'(', context)?;
        let inputs = self.parse_types_until(b')', context)?;
        self.expect_arrow(context)?;
        Ok(FunctionType { inputs, results: self.parse_result_types()? })
    }

    /// What follows an arrow: one type, or any number in parentheses.
    pub(super) fn parse_result_types(&mut self) -> Parse<Vec<Type>> {
        if self.at(b'(') {
            self.bump();
            return self.parse_types_until(b')', "in the result types");
        }
        Ok(vec![self.parse_type()?])
    }

    /// Types separated by commas up to a closing mark.
    pub(super) fn parse_types_until(&mut self, close: u8, context: &str) -> Parse<Vec<Type>> {
        let mut types = Vec::new();
        self.list_until(close, context, |p| {
            p.charge(size_of::<Type>() as u64)?;
            types.push(p.parse_type()?);
            Ok(())
        })?;
        Ok(types)
    }

    /// One or more types separated by commas.
    pub(super) fn parse_type_list(&mut self) -> Parse<Vec<Type>> {
        let mut types = vec![self.parse_type()?];
        while self.eat(b',') {
            types.push(self.parse_type()?);
        }
        Ok(types)
    }

    /// `tensor<…>` or `memref<…>`; `what` is the word that comes next.
    ///
    /// The lexer would split `4x8xf32` wrongly, so dimensions, and the element types without
    /// parameters that almost all tensors have, are read from the bytes.
    fn parse_shaped(&mut self, what: &'static str) -> Parse<TensorType> {
        let bytes = self.bytes();
        let open = skip_blank(bytes, self.token.end as usize);
        if bytes.get(open) != Some(&b'<') {
            self.bump();
            return Err(self.expected(format_args!("`<` after `{what}`")));
        }
        let (dims, at) = self.parse_dimensions(skip_blank(bytes, open + 1))?;
        let end = word_end(bytes, at);
        if bytes.get(end) == Some(&b'>')
            && let Some(element) = common_element(&bytes[at..end])
        {
            self.seek(end as u32 + 1);
            return Ok(TensorType { dims, element, encoding: None });
        }
        self.seek(at as u32);
        self.nested(|p| p.parse_shaped_rest(what, dims))
    }

    /// Element type and encoding.
    fn parse_shaped_rest(&mut self, what: &'static str, dims: Option<Dims>) -> Parse<TensorType> {
        let element = self.parse_element(what)?;
        let encoding = if self.eat(b',') { Some(Box::new(self.parse_encoding(&dims)?)) } else { None };
        if !self.eat(b'>') {
            return Err(self.expected(format_args!("`>` at the end of a {what} type")));
        }
        Ok(TensorType { dims, element, encoding })
    }

    /// `4x?x`, or `*x` for an unranked tensor, and the place after it.
    fn parse_dimensions(&self, mut at: usize) -> Parse<(Option<Dims>, usize)> {
        let bytes = self.bytes();
        if bytes.get(at) == Some(&b'*') {
            return Ok((None, self.cross(at + 1)?));
        }
        let mut dims = Dims::new();
        loop {
            match bytes.get(at) {
                Some(b'?') => {
                    dims.push(Dim::Dynamic);
                    at = self.cross(at + 1)?;
                }
                Some(b'0'..=b'9') => {
                    let (size, end) = self.parse_size(at)?;
                    dims.push(Dim::Size(size));
                    at = self.cross(end)?;
                }
                _ => return Ok((Some(dims), at)),
            }
        }
    }

    fn parse_size(&self, start: usize) -> Parse<(u64, usize)> {
        let bytes = self.bytes();
        let (mut size, mut at) = (0u64, start);
        while let Some(digit) = bytes.get(at).filter(|b| b.is_ascii_digit()) {
            size = size
                .checked_mul(10)
                .and_then(|s| s.checked_add(u64::from(digit - b'0')))
                .filter(|&s| s <= i64::MAX as u64)
                .ok_or_else(|| {
                    let digits = bytes[start..].iter().take_while(|b| b.is_ascii_digit()).count();
                    error(Span::new(start as u32, (start + digits) as u32), "dimension is larger than 2^63 - 1")
                })?;
            at += 1;
        }
        Ok((size, at))
    }

    /// Steps over the `x` between dimensions.
    fn cross(&self, at: usize) -> Parse<usize> {
        if self.bytes().get(at) == Some(&b'x') && self.bytes().get(at + 1).is_some_and(u8::is_ascii_alphanumeric) {
            return Ok(at + 1);
        }
        let at = skip_blank(self.bytes(), at);
        if self.bytes().get(at) == Some(&b'x') {
            return Ok(skip_blank(self.bytes(), at + 1));
        }
        let end = self.text[at.min(self.text.len())..].chars().next().map_or(at, |c| at + c.len_utf8());
        Err(error(Span::new(at as u32, end as u32), "expected `x` after a dimension, as in `tensor<2x3xf32>`"))
    }

    /// The element type of a tensor.
    fn parse_element(&mut self, what: &str) -> Parse<ElementType> {
        if self.token.kind == Token::Word {
            let word = self.text_of(self.token);
            if let Some(element) = ElementType::from_name(word) {
                self.bump();
                return Ok(element);
            }
            if !matches!(word, "tensor" | "memref" | "vector" | "tuple" | "none") {
                return self.parse_element_word();
            }
        }
        let start = self.token;
        if !matches!(start.kind, Token::Word | Token::Bang) {
            return Err(self.expected(format_args!("the element type of a {what}, such as `f32`")));
        }
        match self.parse_type()? {
            Type::Scalar(element) => Ok(element),
            other => Err(error(Span::new(start.start, self.last_end), format!("`{other}` is no element type"))
                .because("tensors hold integers, floats, complex numbers or `!quant.uniform<…>`")),
        }
    }

    /// A scalar type that is a word: `f32`, `index`, `i7`, `complex<f64>`.
    fn parse_element_word(&mut self) -> Parse<ElementType> {
        let token = self.token;
        let word = self.text_of(token);
        if let Some(element) = ElementType::from_name(word) {
            self.bump();
            return Ok(element);
        }
        match word {
            "index" => {
                self.bump();
                return Ok(ElementType::Index);
            }
            "complex" => return self.nested(Self::parse_complex),
            _ => {}
        }
        if let Some((signedness, width)) = integer_type(word) {
            self.bump();
            return match width {
                Some(width) => Ok(ElementType::OtherInt { width, signedness }),
                None => Err(error(token.span(), format!("integer width is not within 1 to {WIDEST_INTEGER} bits"))),
            };
        }
        Err(error(token.span(), format!("unknown type `{word}`")))
    }

    fn parse_complex(&mut self) -> Parse<ElementType> {
        let start = self.bump();
        self.expect(b'<', "after `complex`")?;
        let part = self.parse_type()?;
        self.expect(b'>', "at the end of a complex type")?;
        match part {
            Type::Scalar(ElementType::F32) => Ok(ElementType::ComplexF32),
            Type::Scalar(ElementType::F64) => Ok(ElementType::ComplexF64),
            other => {
                let span = Span::new(start.start, self.last_end);
                Err(error(span, format!("`complex<{other}>` is not supported; the parts are `f32` or `f64`")))
            }
        }
    }

    /// What follows the comma in a tensor type.
    fn parse_encoding(&mut self, dims: &Option<Dims>) -> Parse<Attr> {
        let start = self.token;
        let encoding = self.parse_attr()?;
        if let (Attr::Bounds(bounds), Some(dims)) = (&encoding, dims)
            && bounds.len() != dims.len()
        {
            let span = Span::new(start.start, self.last_end);
            let message = format!("bounds have {} entries, but the tensor has rank {}", bounds.len(), dims.len());
            return Err(error(span, message));
        }
        Ok(encoding)
    }

    /// A type of a dialect, or a type alias.
    fn parse_dialect_type(&mut self) -> Parse<Type> {
        let token = self.token;
        let name = &self.text_of(token)[1..];
        let open = self.bytes().get(token.end as usize) == Some(&b'<');
        match name {
            "stablehlo.token" => {
                self.bump();
                Ok(Type::Token)
            }
            "stablehlo.future" => {
                self.bump();
                self.expect(b'<', "after `!stablehlo.future`")?;
                Ok(Type::Future(self.parse_types_until(b'>', "in a future type")?))
            }
            "quant.uniform" => {
                let quantized = self.parse_quantized()?;
                Ok(Type::Scalar(ElementType::Quantized(Arc::new(quantized))))
            }
            _ if open || name.contains('.') => Ok(Type::Opaque(self.parse_opaque()?)),
            _ => self.type_alias(token),
        }
    }

    /// The text of an attribute or type of a dialect, without its `#` or `!`, brackets balanced.
    pub(super) fn parse_opaque(&mut self) -> Parse<SmolStr> {
        let token = self.token;
        let end = match self.bytes().get(token.end as usize) {
            Some(b'<') => self.balanced_end(token.end)?,
            _ => token.end,
        };
        let text = self.expand_aliases(token.start as usize + 1..end as usize)?;
        self.seek(end);
        Ok(text)
    }

    /// The text of a word and the bracketed group that must follow it, as written but for aliases.
    pub(super) fn parse_verbatim(&mut self) -> Parse<SmolStr> {
        let word = self.token;
        if self.bytes().get(word.end as usize) != Some(&b'<') {
            self.bump();
            return Err(self.expected(format_args!("`<` after `{}`", self.text_of(word))));
        }
        let end = self.balanced_end(word.end)?;
        let text = self.expand_aliases(word.start as usize..end as usize)?;
        self.seek(end);
        Ok(text)
    }

    /// The text of the bracketed group that comes next, aliases in it replaced.
    pub(super) fn parse_bracketed_text(&mut self) -> Parse<SmolStr> {
        let open = self.token;
        let end = self.balanced_end(open.start)?;
        let text = self.expand_aliases(open.start as usize..end as usize)?;
        self.seek(end);
        Ok(text)
    }

    /// The place after the bracket that closes the one at `open`.
    fn balanced_end(&self, open: u32) -> Parse<u32> {
        let bytes = self.bytes();
        let mut closers: SmallVec<[(u8, u32); 16]> = SmallVec::new();
        let mut at = open as usize;
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'<' => closers.push((b'>', at as u32)),
                b'[' => closers.push((b']', at as u32)),
                b'(' => closers.push((b')', at as u32)),
                b'{' => closers.push((b'}', at as u32)),
                b'-' if bytes.get(at + 1) == Some(&b'>') => at += 1,
                // The constraint of an affine set, `(d0 >= 0)`.
                b'>' if bytes.get(at + 1) == Some(&b'=') && closers.last().is_some_and(|&(c, _)| c == b')') => at += 1,
                b'"' => at = self.string_end(at)? - 1,
                b'>' | b']' | b')' | b'}' => {
                    let (wanted, opened) = closers.pop().expect("the first byte opens a bracket");
                    if byte != wanted {
                        let message = format!("expected `{}`, found `{}`", char::from(wanted), char::from(byte));
                        return Err(error(Span::new(at as u32, at as u32 + 1), message)
                            .with_note(Span::new(opened, opened + 1), "to match this"));
                    }
                    if closers.is_empty() {
                        return Ok(at as u32 + 1);
                    }
                }
                _ => {}
            }
            at += 1;
        }
        let (wanted, opened) = closers.last().copied().unwrap_or((b'>', open));
        Err(error(Span::new(opened, opened + 1), format!("this is never closed by `{}`", char::from(wanted))))
    }

    /// Whether the brackets after the next token hold this text.
    pub(super) fn group_mentions(&self, text: &str) -> bool {
        let open = self.token.end;
        let group = (self.bytes().get(open as usize) == Some(&b'<')).then(|| self.balanced_end(open).ok()).flatten();
        group.is_some_and(|end| self.text[open as usize..end as usize].contains(text))
    }

    fn string_end(&self, open: usize) -> Parse<usize> {
        let lexeme = super::lexer::lex(self.bytes(), open);
        match lexeme.kind {
            Token::String => Ok(lexeme.end as usize),
            _ => Err(error(lexeme.span(), "string is not closed on its line")),
        }
    }
}

/// The end of the word that starts at `at`.
fn word_end(bytes: &[u8], at: usize) -> usize {
    at + bytes[at.min(bytes.len())..].iter().take_while(|b| b.is_ascii_alphanumeric()).count()
}

/// The element types that are met most.
fn common_element(word: &[u8]) -> Option<ElementType> {
    Some(match word {
        b"f32" => ElementType::F32,
        b"bf16" => ElementType::BF16,
        b"f16" => ElementType::F16,
        b"f64" => ElementType::F64,
        b"i1" => ElementType::I1,
        b"i8" => ElementType::I8,
        b"i32" => ElementType::I32,
        b"i64" => ElementType::I64,
        b"ui8" => ElementType::UI8,
        b"ui32" => ElementType::UI32,
        _ => return None,
    })
}

/// `i7`, `si8`, `ui24`: signedness and width, the width `None` when out of range.
fn integer_type(word: &str) -> Option<(Signedness, Option<u32>)> {
    let (signedness, digits) = if let Some(digits) = word.strip_prefix("si") {
        (Signedness::Signed, digits)
    } else if let Some(digits) = word.strip_prefix("ui") {
        (Signedness::Unsigned, digits)
    } else {
        (Signedness::Signless, word.strip_prefix('i')?)
    };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let width = digits.parse().ok().filter(|w| (1..=WIDEST_INTEGER).contains(w));
    Some((signedness, width))
}
