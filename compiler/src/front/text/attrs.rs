//! Attributes: literals, arrays, dictionaries, symbols, and those of dialects.

use std::collections::HashSet;

use smallvec::SmallVec;
use smol_str::SmolStr;

use super::lexer::{Lexeme, Token};
use super::numbers::{fit_integer, float_bits, magnitude};
use super::parser::{Noted, Parse, Parser, error};
use crate::diag::Span;
use crate::ir::{Attr, AttrMap, DenseArray, ElementType, EnumKind, FloatAttr, FloatFormat, IntAttr, Type};

impl Parser<'_> {
    /// An attribute; numbers may be followed by `: type`.
    pub(super) fn parse_attr(&mut self) -> Parse<Attr> {
        match self.token.kind {
            Token::Integer | Token::Float | Token::Punct(b'-') => self.parse_number_attr(None),
            Token::String => {
                let text = self.parse_string("a string")?;
                if self.at(b':') {
                    self.bump();
                    self.parse_type()?;
                }
                Ok(Attr::String(text))
            }
            Token::Symbol => self.parse_symbol_attr(),
            Token::Hash => self.nested(Self::parse_hash_attr),
            Token::Punct(b'[') => self.nested(Self::parse_array_attr),
            Token::Punct(b'{') => Ok(Attr::Dict(self.parse_attr_dict()?)),
            Token::Word => self.parse_word_attr(),
            Token::Bang | Token::Punct(b'(') => Ok(Attr::Type(self.parse_type()?)),
            _ => Err(self.expected("an attribute")),
        }
    }

    fn parse_word_attr(&mut self) -> Parse<Attr> {
        let word = self.text_of(self.token);
        match word {
            "true" | "false" => {
                self.bump();
                Ok(Attr::Bool(word == "true"))
            }
            "unit" => {
                self.bump();
                Ok(Attr::Unit)
            }
            "dense" => Ok(Attr::Elements(self.parse_dense()?)),
            "dense_resource" => Ok(Attr::Elements(self.parse_dense_resource()?)),
            "array" => self.parse_dense_array(),
            "loc" => Ok(Attr::Location(self.parse_location()?)),
            "affine_map" | "affine_set" | "strided" => Ok(Attr::Builtin(self.parse_verbatim()?)),
            "sparse" | "opaque" | "distinct" => {
                Err(error(self.token.span(), format!("`{word}` attributes are not part of StableHLO programs")))
            }
            _ if self.at_type() => Ok(Attr::Type(self.parse_type()?)),
            _ => Err(self.expected("an attribute")),
        }
    }

    /// A number, of the given type or of the one that follows a colon; else `i64` or `f64`.
    pub(super) fn parse_number_attr(&mut self, ty: Option<ElementType>) -> Parse<Attr> {
        let negative = self.eat(b'-');
        let token = self.token;
        if !matches!(token.kind, Token::Integer | Token::Float) {
            return Err(self.expected("a number"));
        }
        self.bump();
        let ty = match ty {
            Some(ty) => ty,
            None if self.eat(b':') => self.parse_number_type()?,
            None if token.kind == Token::Float => ElementType::F64,
            None => ElementType::I64,
        };
        self.number_attr(token, negative, ty)
    }

    fn parse_number_type(&mut self) -> Parse<ElementType> {
        let start = self.token;
        match self.parse_type()? {
            Type::Scalar(element) if !element.is_complex() && !matches!(element, ElementType::Quantized(_)) => {
                Ok(element)
            }
            other => {
                let span = Span::new(start.start, self.last_end);
                Err(error(span, format!("a number has an integer, `index` or float type, not `{other}`")))
            }
        }
    }

    fn number_attr(&self, token: Lexeme, negative: bool, ty: ElementType) -> Parse<Attr> {
        let literal = self.text_of(token);
        let wrong = |message: String| error(token.span(), message);
        if FloatFormat::of(&ty).is_some() {
            let bits = float_bits(literal, token.kind, negative, &ty).map_err(wrong)?;
            return Ok(Attr::Float(FloatAttr { bits, ty }));
        }
        if token.kind == Token::Float {
            return Err(wrong(format!("`{literal}` is a floating-point number, but its type is `{ty}`")));
        }
        let value = magnitude(literal).map(|m| if negative { -m } else { m });
        let value = value.ok_or_else(|| wrong(format!("`{literal}` does not fit in `{ty}`")))?;
        let value = fit_integer(value, &ty).map_err(wrong)?;
        Ok(if ty == ElementType::I1 { Attr::Bool(value != 0) } else { Attr::Int(IntAttr { value, ty }) })
    }

    fn parse_symbol_attr(&mut self) -> Parse<Attr> {
        let mut path: SmallVec<[SmolStr; 1]> = SmallVec::new();
        path.push(self.parse_symbol("a symbol")?);
        while self.eat_kind(Token::Colons) {
            path.push(self.parse_symbol("a symbol after `::`")?);
        }
        Ok(Attr::Symbol(path))
    }

    fn parse_array_attr(&mut self) -> Parse<Attr> {
        self.bump();
        let mut items = Vec::new();
        self.list_until(b']', "in an array", |p| {
            // Twice, as a growing vector holds up to twice its items.
            p.charge(2 * size_of::<Attr>() as u64)?;
            items.push(p.parse_attr()?);
            Ok(())
        })?;
        items.shrink_to_fit();
        Ok(Attr::Array(items))
    }

    /// `{a = 1, b, "c d" = 2}`.
    pub(super) fn parse_attr_dict(&mut self) -> Parse<AttrMap> {
        self.nested(|p| {
            let mut entries = Vec::new();
            p.parse_attr_entries(&mut entries)?;
            entries.shrink_to_fit();
            Ok(AttrMap::from_unique(entries))
        })
    }

    /// Appends the entries of `{…}` to others whose names they must not repeat.
    pub(super) fn parse_attr_entries(&mut self, entries: &mut Vec<(SmolStr, Attr)>) -> Parse<()> {
        /// Past this many entries a hash set finds duplicates.
        const FEW: usize = 16;
        let mut seen: HashSet<SmolStr> = HashSet::new();
        self.expect(b'{', "before attributes")?;
        self.list_until(b'}', "in the attributes", |p| {
            let token = p.token;
            let name = p.parse_attr_name()?;
            if entries.len() == FEW {
                seen = entries.iter().map(|(n, _)| n.clone()).collect();
            }
            let known =
                if entries.len() < FEW { entries.iter().any(|(n, _)| *n == name) } else { !seen.insert(name.clone()) };
            if known {
                return Err(error(token.span(), format!("attribute `{name}` is given twice")));
            }
            let growth = if entries.len() < FEW { 1 } else { 2 };
            p.charge(growth * size_of::<(SmolStr, Attr)>() as u64)?;
            let value = if p.eat(b'=') { p.parse_attr()? } else { Attr::Unit };
            entries.push((name, value));
            Ok(())
        })
    }

    fn parse_attr_name(&mut self) -> Parse<SmolStr> {
        match self.token.kind {
            Token::Word => {
                let token = self.bump();
                Ok(SmolStr::new(self.text_of(token)))
            }
            Token::String => {
                let token = self.token;
                let name = self.parse_string("an attribute name")?;
                if name.is_empty() { Err(error(token.span(), "an attribute's name is not empty")) } else { Ok(name) }
            }
            _ => Err(self.expected("an attribute name")),
        }
    }

    /// `array<i64: 1, 2>`.
    fn parse_dense_array(&mut self) -> Parse<Attr> {
        let start = self.token.start;
        self.bump();
        self.expect(b'<', "after `array`")?;
        let name = if self.token.kind == Token::Word { self.text_of(self.token) } else { "" };
        let mut array = match name {
            "i1" => DenseArray::Bool(Vec::new()),
            "i8" => DenseArray::I8(Vec::new()),
            "i16" => DenseArray::I16(Vec::new()),
            "i32" => DenseArray::I32(Vec::new()),
            "i64" => DenseArray::I64(Vec::new()),
            "f32" => DenseArray::F32(Vec::new()),
            "f64" => DenseArray::F64(Vec::new()),
            _ if is_array_element(name) => {
                self.seek(start);
                return Ok(Attr::Builtin(self.parse_verbatim()?));
            }
            _ => return Err(self.expected("the element type of an array: an integer or float type of whole bytes")),
        };
        self.bump();
        if !self.eat(b':') {
            self.expect(b'>', "or `:` after the element type of an array")?;
            return Ok(Attr::DenseArray(array));
        }
        self.list_until(b'>', "in an array", |p| p.parse_array_element(&mut array))?;
        Ok(Attr::DenseArray(array))
    }

    fn parse_array_element(&mut self, array: &mut DenseArray) -> Parse<()> {
        if let DenseArray::Bool(values) = array {
            values.push(self.parse_bool()?);
            return Ok(());
        }
        let ty = match array {
            DenseArray::Bool(_) => ElementType::I1,
            DenseArray::I8(_) => ElementType::I8,
            DenseArray::I16(_) => ElementType::I16,
            DenseArray::I32(_) => ElementType::I32,
            DenseArray::I64(_) => ElementType::I64,
            DenseArray::F32(_) => ElementType::F32,
            DenseArray::F64(_) => ElementType::F64,
        };
        let (value, bits) = match self.parse_number_attr(Some(ty))? {
            Attr::Int(int) => (int.value, 0),
            Attr::Float(float) => (0, float.bits),
            _ => (0, 0),
        };
        match array {
            DenseArray::Bool(_) => {}
            DenseArray::I8(values) => values.push(value as i8),
            DenseArray::I16(values) => values.push(value as i16),
            DenseArray::I32(values) => values.push(value as i32),
            DenseArray::I64(values) => values.push(value as i64),
            DenseArray::F32(values) => values.push(bits as u32),
            DenseArray::F64(values) => values.push(bits),
        }
        Ok(())
    }

    /// `true`, `false`, `1` or `0`.
    pub(super) fn parse_bool(&mut self) -> Parse<bool> {
        let text = match self.token.kind {
            Token::Word | Token::Integer => self.text_of(self.token),
            _ => "",
        };
        let value = match text {
            "true" | "1" => true,
            "false" | "0" => false,
            _ => return Err(self.expected("`true` or `false`")),
        };
        self.bump();
        Ok(value)
    }

    /// An attribute alias or an attribute of a dialect.
    fn parse_hash_attr(&mut self) -> Parse<Attr> {
        let token = self.token;
        let name = &self.text_of(token)[1..];
        let open = self.bytes().get(token.end as usize) == Some(&b'<');
        match name.split_once('.') {
            None if !open => self.attr_alias(token),
            None if matches!(name, "stablehlo" | "chlo") => self.parse_bracketed_attr(name),
            Some((dialect @ ("stablehlo" | "chlo"), mnemonic)) => self.parse_known_attr(dialect, mnemonic, token),
            _ => Ok(Attr::Opaque(self.parse_opaque()?)),
        }
    }

    /// `#stablehlo<comparison_direction LT>`.
    fn parse_bracketed_attr(&mut self, dialect: &str) -> Parse<Attr> {
        let start = self.token;
        self.bump();
        self.bump();
        if self.token.kind != Token::Word {
            return Err(self.expected(format_args!("the name of an attribute of `{dialect}`")));
        }
        let token = self.token;
        let mnemonic = self.text_of(token);
        let attr = match EnumKind::from_mnemonic(dialect, mnemonic) {
            Some(kind) => {
                self.bump();
                self.parse_case(kind)?
            }
            None => match self.parse_structured(dialect, mnemonic)? {
                Some(attr) => attr,
                None => {
                    self.seek(start.start);
                    return Ok(Attr::Opaque(self.parse_opaque()?));
                }
            },
        };
        self.expect(b'>', "at the end of the attribute")?;
        Ok(attr)
    }

    /// `#stablehlo.dot<…>` and its like; others are kept as text.
    fn parse_known_attr(&mut self, dialect: &str, mnemonic: &str, token: Lexeme) -> Parse<Attr> {
        if let Some(kind) = EnumKind::from_mnemonic(dialect, mnemonic) {
            self.bump();
            self.expect(b'<', "before the case")?;
            let case = self.parse_case(kind)?;
            self.expect(b'>', "after the case")?;
            return Ok(case);
        }
        match self.parse_structured(dialect, mnemonic)? {
            Some(attr) => Ok(attr),
            None => {
                self.seek(token.start);
                Ok(Attr::Opaque(self.parse_opaque()?))
            }
        }
    }

    /// A case of an enumeration, bare.
    pub(super) fn parse_case(&mut self, kind: EnumKind) -> Parse<Attr> {
        let token = self.token;
        let found = if token.kind == Token::Word { kind.case(self.text_of(token)) } else { None };
        match found {
            Some(case) => {
                self.bump();
                Ok(Attr::Enum { kind, case })
            }
            None => {
                let known: Vec<&str> = kind.cases().iter().copied().filter(|c| !c.is_empty()).collect();
                let what = format!("a case of `{}`", kind.mnemonic());
                Err(self.expected(what).because(format!("the cases are {}", known.join(", "))))
            }
        }
    }
}

/// Whether MLIR has arrays of this element type, other than those of [`DenseArray`].
fn is_array_element(name: &str) -> bool {
    ElementType::from_name(name).is_some_and(|e| (e.is_integer() || e.is_float()) && e.bits() % 8 == 0)
}
