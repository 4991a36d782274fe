//! The section of large constants at the end of a file.
//!
//! ```mlir
//! {-# dialect_resources: { builtin: { key: "0x04000000…" } } #-}
//! ```
//!
//! A blob is hexadecimal: four bytes of alignment, then the data. The section stands after the
//! operations that use it, so it is looked for once, from the end, when a resource is first needed.

use std::borrow::Cow;
use std::collections::HashMap;

use bytes::Bytes;
use smol_str::SmolStr;

use super::elements::{decode_hex, normalize};
use super::lexer::Token;
use super::parser::{Noted, Parse, Parser, error};
use crate::diag::Span;
use crate::ir::{ElementType, TensorType};

/// The blobs of a file by key.
pub(super) type Blobs<'t> = HashMap<Cow<'t, str>, Blob>;

/// A blob: where its string stands, and its data once some constant has asked for it.
pub(super) struct Blob {
    place: Span,
    /// Types of a byte or more share the first entry; narrower ones differ in how bytes are extended.
    decoded: Vec<(ElementType, Bytes)>,
}

impl<'t> Parser<'t> {
    /// The data of a resource, for a constant of this type.
    pub(super) fn resource(&mut self, key: &SmolStr, span: Span, ty: &TensorType) -> Parse<Bytes> {
        if self.resources.is_none() {
            let found = self.find_resources()?;
            self.resources = Some(found);
        }
        let Some(blob) = self.resources.as_mut().and_then(|r| r.get_mut(key.as_str())) else {
            return Err(error(span, format!("no resource `{key}` in the file"))
                .because("resources stand at the end, in `{-# dialect_resources: { builtin: { … } } #-}`"));
        };
        let place = blob.place;
        let digits = self.text[place.range()].trim_matches('"').strip_prefix("0x").unwrap_or_default();
        let wanted = u128::from(ty.element_count().unwrap_or(0)) * ty.element.byte_size() as u128;
        if digits.len() < 8 || (digits.len() as u128 - 8) != wanted * 2 {
            let given = digits.len().saturating_sub(8);
            let message = format!("resource `{key}` has {} bytes, but `{ty}` takes {wanted}", given / 2);
            return Err(error(span, message).with_note(place, "the resource is here"));
        }
        let narrow = ty.element.bits() < 8;
        if let Some((_, data)) = blob.decoded.iter().find(|(element, _)| !narrow || *element == ty.element) {
            return Ok(data.clone());
        }
        let mut data = decode_hex(&digits.as_bytes()[8..]).map_err(|at| {
            let at = place.start() + 3 + 8 + at as u32;
            error(Span::new(at, at + 1), "not a hexadecimal digit")
        })?;
        normalize(&mut data, &ty.element);
        let data = Bytes::from(data);
        blob.decoded.push((ty.element.clone(), data.clone()));
        Ok(data)
    }

    /// Finds the section and indexes its blobs.
    fn find_resources(&mut self) -> Parse<Blobs<'t>> {
        let Some(open) = memchr::memmem::rfind(&self.bytes()[self.start..], b"{-#") else {
            return Ok(HashMap::new());
        };
        let back = (self.token, self.last_end);
        self.seek((self.start + open) as u32);
        let blobs = self.parse_resource_section()?;
        (self.token, self.last_end) = back;
        Ok(blobs)
    }

    /// `{-# … #-}`: blobs of the builtin dialect by key; other entries are read over.
    pub(super) fn parse_resource_section(&mut self) -> Parse<Blobs<'t>> {
        let mut blobs = HashMap::new();
        self.bump();
        while !self.eat_kind(Token::ResourcesClose) {
            let token = self.token;
            let section = self.parse_resource_key("`dialect_resources`, `external_resources` or `#-}`")?;
            self.expect(b':', "after the name of the section")?;
            match section.as_ref() {
                "dialect_resources" => self.parse_dialect_resources(&mut blobs)?,
                "external_resources" => self.parse_dialect_resources(&mut HashMap::new())?,
                other => return Err(error(token.span(), format!("unknown resource section `{other}`"))),
            }
            self.eat(b',');
        }
        Ok(blobs)
    }

    fn parse_dialect_resources(&mut self, blobs: &mut Blobs<'t>) -> Parse<()> {
        self.expect(b'{', "before the resources")?;
        self.list_until(b'}', "in the resources", |p| {
            let dialect = p.parse_resource_key("the name of a dialect")?;
            p.expect(b':', "after the dialect's name")?;
            p.expect(b'{', "before the dialect's resources")?;
            p.list_until(b'}', "in the dialect's resources", |p| {
                let key_token = p.token;
                let key = p.parse_resource_key("the key of a resource")?;
                p.expect(b':', "after the key")?;
                let value = p.token;
                match value.kind {
                    Token::String | Token::Integer => p.bump(),
                    Token::Word if matches!(p.text_of(value), "true" | "false") => p.bump(),
                    _ => return Err(p.expected("a resource: a string of hexadecimal digits")),
                };
                if dialect == "builtin"
                    && blobs.insert(key.clone(), Blob { place: value.span(), decoded: Vec::new() }).is_some()
                {
                    return Err(error(key_token.span(), format!("resource `{key}` is given twice")));
                }
                Ok(())
            })
        })
    }

    fn parse_resource_key(&mut self, what: &str) -> Parse<Cow<'t, str>> {
        match self.token.kind {
            Token::Word => {
                let token = self.bump();
                Ok(Cow::Borrowed(self.text_of(token)))
            }
            Token::String => {
                let token = self.bump();
                self.string_value(token)
            }
            _ => Err(self.expected(what)),
        }
    }
}
