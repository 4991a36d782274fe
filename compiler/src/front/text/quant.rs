//! `!quant.uniform<…>`: per tensor, per axis and sub-channel.

use super::lexer::Token;
use super::numbers::is_hex;
use super::parser::{Noted, Parse, Parser, error};
use crate::diag::Span;
use crate::ir::{ElementType, QuantizedType};

/// A scale with its zero point.
struct Entry {
    scale: f64,
    zero_point: i64,
}

impl Parser<'_> {
    /// The type, from its name on.
    pub(super) fn parse_quantized(&mut self) -> Parse<QuantizedType> {
        let start = self.bump();
        self.expect(b'<', "after `!quant.uniform`")?;
        let storage = self.parse_storage()?;
        let storage_range = self.parse_storage_range(&storage)?;
        self.expect(b':', "after the storage type")?;
        let expressed = self.parse_expressed()?;
        let mut quantized = QuantizedType {
            storage,
            storage_range,
            expressed,
            quantization_dimension: None,
            block_sizes: Vec::new(),
            scale_shape: Vec::new(),
            scales: Vec::new(),
            zero_points: Vec::new(),
        };
        if self.eat(b':') {
            self.parse_axes(&mut quantized)?;
        }
        self.expect(b',', "before the scales")?;
        self.parse_scales(&mut quantized, Span::new(start.start, start.end))?;
        self.expect(b'>', "at the end of a quantized type")?;
        Ok(quantized)
    }

    /// `i8` or `u8`.
    fn parse_storage(&mut self) -> Parse<ElementType> {
        let token = self.token;
        let word = if token.kind == Token::Word { self.text_of(token) } else { "" };
        let unsigned = word.strip_prefix('u').filter(|w| !w.starts_with('i'));
        let element = match unsigned {
            Some(width) => ElementType::from_name(&format!("ui{width}")),
            None => ElementType::from_name(word),
        };
        match element {
            Some(element) if element.is_integer() => {
                self.bump();
                Ok(element)
            }
            _ => Err(self.expected("a storage type: `i2` to `i64` or `u2` to `u64`")),
        }
    }

    /// `<-127:127>`; `None` also where it is the storage type's own range.
    fn parse_storage_range(&mut self, storage: &ElementType) -> Parse<Option<(i64, i64)>> {
        if !self.eat(b'<') {
            return Ok(None);
        }
        let start = self.token;
        let low = self.parse_i64("the smallest stored value")?;
        self.expect(b':', "in the storage range")?;
        let high = self.parse_i64("the largest stored value")?;
        let span = Span::new(start.start, self.last_end);
        let width = storage.bits();
        let own = match storage.is_unsigned_integer() {
            true => (0, ((1u128 << width) - 1) as i128),
            false => (-(1i128 << (width - 1)), (1 << (width - 1)) - 1),
        };
        if low > high {
            return Err(error(span, format!("storage range is empty: {low} is larger than {high}")));
        }
        if i128::from(low) < own.0 || i128::from(high) > own.1 {
            return Err(error(
                span,
                format!("storage range is not within that of the storage type, {}:{}", own.0, own.1),
            ));
        }
        self.expect(b'>', "at the end of the storage range")?;
        Ok(Some((low, high)).filter(|&(low, high)| (i128::from(low), i128::from(high)) != own))
    }

    fn parse_expressed(&mut self) -> Parse<ElementType> {
        let token = self.token;
        let element = if token.kind == Token::Word { ElementType::from_name(self.text_of(token)) } else { None };
        match element {
            Some(element) if element.is_float() => {
                self.bump();
                Ok(element)
            }
            _ => Err(self.expected("an expressed type such as `f32`")),
        }
    }

    /// `1` or `{0:2, 1:4}`.
    fn parse_axes(&mut self, quantized: &mut QuantizedType) -> Parse<()> {
        if !self.eat(b'{') {
            quantized.quantization_dimension = Some(self.parse_u32("the quantization dimension")?);
            return Ok(());
        }
        self.list_until(b'}', "in the block sizes", |p| {
            let axis = p.parse_u32("an axis")?;
            p.expect(b':', "between axis and block size")?;
            let token = p.token;
            let size = p.parse_i64("a block size")?;
            let size = u64::try_from(size).map_err(|_| error(token.span(), "block size is negative"))?;
            quantized.block_sizes.push((axis, size));
            Ok(())
        })
    }

    fn parse_scales(&mut self, quantized: &mut QuantizedType, head: Span) -> Parse<()> {
        let mut push = |entry: Entry| {
            quantized.scales.push(entry.scale);
            quantized.zero_points.push(entry.zero_point);
        };
        if !quantized.block_sizes.is_empty() {
            quantized.scale_shape = self.parse_nested_scales(&mut push)?;
            return Ok(());
        }
        if !self.at(b'{') {
            if quantized.quantization_dimension.is_some() {
                return Err(self.expected("`{` and one scale for each slice of the quantization dimension"));
            }
            push(self.parse_scale()?);
            return Ok(());
        }
        let open = self.bump();
        if quantized.quantization_dimension.is_none() {
            return Err(error(open.span(), "several scales need a quantization dimension")
                .with_note(head, "written after the expressed type, as in `!quant.uniform<i8:f32:1, {…}>`"));
        }
        self.list_until(b'}', "in the scales", |p| {
            push(p.parse_scale()?);
            Ok(())
        })?;
        if quantized.scales.is_empty() {
            return Err(error(open.span(), "a per-axis type needs at least one scale"));
        }
        Ok(())
    }

    /// Nested braces; returns the shape.
    fn parse_nested_scales(&mut self, push: &mut dyn FnMut(Entry)) -> Parse<Vec<u64>> {
        if !self.at(b'{') {
            push(self.parse_scale()?);
            return Ok(Vec::new());
        }
        let open = self.bump();
        let (mut shape, mut count) = (None, 0);
        self.nested(|p| {
            p.list_until(b'}', "in the scales", |p| {
                let start = p.token;
                let inner = p.parse_nested_scales(push)?;
                count += 1;
                match &shape {
                    Some(first) if *first != inner => Err(error(
                        start.span(),
                        format!("ragged scales: this part has shape {inner:?}, the first has {first:?}"),
                    )),
                    Some(_) => Ok(()),
                    None => {
                        shape = Some(inner);
                        Ok(())
                    }
                }
            })
        })?;
        let mut shape = shape.ok_or_else(|| error(open.span(), "a sub-channel type needs at least one scale"))?;
        shape.insert(0, count);
        Ok(shape)
    }

    /// `0.5` or `0.5:3`.
    fn parse_scale(&mut self) -> Parse<Entry> {
        let negative = self.eat(b'-');
        let is_bits = self.token.kind == Token::Integer && is_hex(self.text_of(self.token));
        if self.token.kind == Token::Integer && !is_bits {
            let token = self.token;
            let message = format!("a scale is a floating-point number; write `{}.0`", self.text_of(token));
            return Err(error(token.span(), message));
        }
        if self.token.kind != Token::Float && !is_bits {
            return Err(self.expected("a scale, such as `0.5` or `0.5:3` with a zero point"));
        }
        let token = self.bump();
        let text = self.text_of(token);
        let magnitude = match text.strip_prefix("0x") {
            Some(bits) => u64::from_str_radix(bits, 16).map_or(f64::NAN, f64::from_bits),
            None => text.parse::<f64>().unwrap_or(f64::NAN),
        };
        let scale = if negative { -magnitude } else { magnitude };
        if !scale.is_finite() {
            return Err(error(token.span(), "scale is not a finite number"));
        }
        let zero_point = if self.eat(b':') { self.parse_i64("a zero point")? } else { 0 };
        Ok(Entry { scale, zero_point })
    }
}
