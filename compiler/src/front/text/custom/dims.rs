//! Dimension lists and windows: `[0:2, 1:8:3]`, `window = {stride = [1]}`, `contracting_dims = [1] x [0]`.

use super::super::lexer::Token;
use super::super::parser::{Noted, Parse, Parser, error};
use super::super::pretty::Form;
use super::super::scope::Body;
use crate::ir::ops::Subject;
use crate::ir::{Attr, AttrKind, DenseElements, DotDimensionNumbers, EnumKind};

/// The attributes of a window, in the order of the form's subjects.
const WINDOW: [&str; 5] = ["stride", "pad", "lhs_dilate", "rhs_dilate", "reverse"];

impl<'t> Parser<'t> {
    /// `e8m7`.
    pub(super) fn parse_exponent_mantissa(&mut self, form: &mut Form, subjects: &[Subject]) -> Parse<()> {
        let token = self.token;
        let word = if token.kind == Token::Word { self.text_of(token) } else { "" };
        let digits = word.strip_prefix('e').and_then(|rest| rest.split_once('m'));
        let parsed = digits.and_then(|(e, m)| {
            let plain = |d: &str| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit());
            (plain(e) && plain(m)).then(|| Some((e.parse::<i32>().ok()?, m.parse::<i32>().ok()?)))?
        });
        let Some((exponent, mantissa)) = parsed else {
            return Err(self.expected("a format such as `e8m7`: exponent and mantissa bits"));
        };
        self.bump();
        for (subject, bits) in subjects.iter().zip([exponent, mantissa]) {
            form.set(*subject, Attr::i32(bits));
        }
        Ok(())
    }

    /// `[0:2, 1:8:3]`: start, limit and stride, which is 1 where it is not written.
    pub(super) fn parse_slice_ranges(&mut self, form: &mut Form, subjects: &[Subject]) -> Parse<()> {
        let (mut starts, mut limits, mut strides) = (Vec::new(), Vec::new(), Vec::new());
        self.expect(b'[', "before the ranges of the slice")?;
        self.list_until(b']', "in the ranges of the slice", |p| {
            starts.push(p.parse_i64("where the range starts")?);
            p.expect(b':', "between start and limit")?;
            limits.push(p.parse_i64("where the range ends")?);
            strides.push(if p.eat(b':') { p.parse_i64("the stride")? } else { 1 });
            Ok(())
        })?;
        for (subject, list) in subjects.iter().zip([starts, limits, strides]) {
            form.set(*subject, Attr::i64s(list));
        }
        Ok(())
    }

    /// `stride = [1], pad = [[0, 0]], lhs_dilate = [1], rhs_dilate = [1], reverse = [false]`.
    pub(super) fn parse_window_attributes(&mut self, form: &mut Form, subjects: &[Subject]) -> Parse<()> {
        let mut seen = 0u32;
        while self.token.kind == Token::Word {
            let token = self.token;
            let word = self.text_of(token);
            let Some(which) = WINDOW.iter().position(|name| *name == word) else {
                return Err(self.expected_window());
            };
            if seen & (1 << which) != 0 {
                return Err(error(token.span(), format!("`{word}` is given twice")));
            }
            seen |= 1 << which;
            self.bump();
            self.expect(b'=', &format!("after `{word}`"))?;
            let attr = match WINDOW[which] {
                "pad" => self.parse_padding()?,
                "reverse" => self.parse_attr_of(AttrKind::Bools)?,
                _ => Attr::i64s(self.parse_i64_list()?),
            };
            if let Some(subject) = subjects.get(which) {
                form.set(*subject, attr);
            }
            if !self.eat(b',') {
                return Ok(());
            }
            if self.token.kind != Token::Word {
                return Err(self.expected_window());
            }
        }
        Ok(())
    }

    fn expected_window(&self) -> Box<crate::diag::Diagnostic> {
        self.expected("an attribute of the window").because(format!("there are {}", WINDOW.join(", ")))
    }

    /// `[[0, 1], [2, 3]]`: low and high padding of each dimension.
    fn parse_padding(&mut self) -> Parse<Attr> {
        let mut values = Vec::new();
        self.expect(b'[', "before the padding")?;
        self.list_until(b']', "in the padding", |p| {
            let token = p.token;
            let pair = p.parse_i64_list()?;
            if pair.len() != 2 {
                return Err(error(
                    token.span(),
                    format!("expected low and high padding, found {} numbers", pair.len()),
                ));
            }
            values.extend(pair);
            Ok(())
        })?;
        let rows = values.len() as u64 / 2;
        Ok(Attr::Elements(DenseElements::i64s(&[rows, 2], &values)))
    }

    /// `batching_dims = [0] x [0], contracting_dims = [1] x [0]`.
    pub(super) fn parse_dot_dimension_numbers(&mut self, form: &mut Form, subjects: &[Subject]) -> Parse<()> {
        let mut d = DotDimensionNumbers::default();
        if self.eat_word("batching_dims") {
            (d.lhs_batching_dimensions, d.rhs_batching_dimensions) = self.parse_list_pair()?;
            self.expect(b',', "between the batching and the contracting dimensions")?;
        }
        self.expect_word("contracting_dims", "or `batching_dims` after the operands")?;
        (d.lhs_contracting_dimensions, d.rhs_contracting_dimensions) = self.parse_list_pair()?;
        form.set_first(subjects, Attr::DotDimensionNumbers(Box::new(d)));
        Ok(())
    }

    /// `= [0] x [0]`.
    fn parse_list_pair(&mut self) -> Parse<(Vec<i64>, Vec<i64>)> {
        self.expect(b'=', "before the dimensions")?;
        let lhs = self.parse_i64_list()?;
        self.expect_word("x", "between the dimensions of lhs and rhs")?;
        Ok((lhs, self.parse_i64_list()?))
    }

    /// `, precision = [DEFAULT, HIGHEST], algorithm = <…>`, each with its comma, each optional.
    pub(super) fn parse_precision_config_and_algorithm(&mut self, form: &mut Form, subjects: &[Subject]) -> Parse<()> {
        if !self.eat(b',') {
            return Ok(());
        }
        if self.at_word("precision") {
            self.bump();
            self.expect(b'=', "after `precision`")?;
            let config = self.parse_attr_of(AttrKind::Enums(EnumKind::Precision))?;
            form.set_first(subjects, config);
            if !self.eat(b',') {
                return Ok(());
            }
        }
        let Some(subject) = subjects.get(1) else {
            return Err(self.expected("`precision`"));
        };
        self.expect_word("algorithm", "or `precision` after the comma")?;
        self.expect(b'=', "after `algorithm`")?;
        if self.token.kind == Token::Hash {
            let attr = self.parse_attr()?;
            form.set(*subject, attr);
            return Ok(());
        }
        self.expect(b'<', "before the algorithm's fields")?;
        let algorithm = self.parse_dot_algorithm_fields()?;
        form.set(*subject, Attr::DotAlgorithm(Box::new(algorithm)));
        Ok(())
    }

    /// Values each of which a comma follows: `%a, %b,`.
    pub(super) fn parse_operands_with_commas(&mut self, body: &mut Body<'t>, form: &mut Form) -> Parse<()> {
        while self.at_value() {
            let used = self.parse_use(body)?;
            form.parts.operands.push(used);
            self.expect(b',', "after an operand")?;
        }
        Ok(())
    }
}
