//! Operations that are little more than a constant: `constant` and the tests' `check` operations.

use smallvec::smallvec;

use super::super::parser::{Noted, Parse, Parser, error};
use super::super::pretty::Form;
use super::super::scope::Body;
use crate::diag::Span;
use crate::ir::{Attr, DenseElements, Type};

impl<'t> Parser<'t> {
    /// `dense<…> : tensor<…>`; or `() {value = …} : () -> type` where the result is quantized.
    pub(super) fn parse_constant(&mut self, form: &mut Form) -> Parse<()> {
        if self.at(b'(') {
            return self.parse_generic_constant(form);
        }
        if self.at(b'{') {
            self.parse_attr_entries(&mut form.parts.attrs)?;
        }
        let value = self.parse_elements(form)?;
        form.parts.result_types.push(Type::Tensor(value.ty.clone()));
        self.set_value(form, value)
    }

    fn parse_generic_constant(&mut self, form: &mut Form) -> Parse<()> {
        self.bump();
        self.expect(b')', "as a constant has no operands")?;
        if self.eat(b'<') {
            self.parse_attr_entries(&mut form.parts.attrs)?;
            self.expect(b'>', "after the properties")?;
        }
        if self.at(b'{') {
            self.parse_attr_entries(&mut form.parts.attrs)?;
        }
        self.expect(b':', "and the constant's type")?;
        self.expect(b'(', "before the constant's type")?;
        self.expect(b')', "as a constant has no operands")?;
        self.expect_arrow("before the constant's type")?;
        form.parts.result_types = smallvec![self.parse_type()?];
        Ok(())
    }

    /// A tensor constant; a bare number or boolean with a tensor type is none.
    fn parse_elements(&mut self, form: &Form) -> Parse<DenseElements> {
        let start = self.token;
        match self.parse_attr()? {
            Attr::Elements(value) => Ok(value),
            _ => {
                let message = format!("`{}` needs a tensor constant", form.info.name);
                Err(error(Span::new(start.start, self.last_end), message).because("such as `dense<1.0> : tensor<f32>`"))
            }
        }
    }

    fn set_value(&mut self, form: &mut Form, value: DenseElements) -> Parse<()> {
        if form.parts.attrs.iter().any(|(name, _)| name == "value") {
            return Err(error(form.parts.span, "attribute `value` is given twice"));
        }
        form.parts.attr("value", Attr::Elements(value));
        Ok(())
    }

    /// `%operand, dense<…> : tensor<…> {attributes}`.
    pub(super) fn parse_check(&mut self, body: &mut Body<'t>, form: &mut Form) -> Parse<()> {
        let operand = self.parse_use(body)?;
        form.parts.operands.push(operand);
        self.expect(b',', "between operand and constant")?;
        let value = self.parse_elements(form)?;
        self.check_type(body, operand, &Type::Tensor(value.ty.clone()))?;
        if self.at(b'{') {
            self.parse_attr_entries(&mut form.parts.attrs)?;
        }
        self.set_value(form, value)
    }
}
