//! The region operations of the `sdy` dialect.

use super::super::parser::{Parse, Parser};
use super::super::pretty::Form;
use super::super::scope::Body;
use crate::ir::Attr;

impl<'t> Parser<'t> {
    /// `(operands) in_shardings=[…] out_shardings=[…] manual_axes={…} (%arg: type, …) {…} : type`.
    pub(super) fn parse_manual_computation(&mut self, body: &mut Body<'t>, form: &mut Form) -> Parse<()> {
        form.parts.operands = self.parse_uses_in_parens(body, "and operands")?;
        for name in ["in_shardings", "out_shardings"] {
            self.expect_word(name, "in `sdy.manual_computation`")?;
            self.parse_shardings(form, name)?;
        }
        self.expect_word("manual_axes", "in `sdy.manual_computation`")?;
        self.expect(b'=', "after `manual_axes`")?;
        let axes = self.parse_stripped("sdy<manual_axes", ">")?;
        form.parts.attr("manual_axes", axes);
        self.parse_computation(body, form)
    }

    /// `<"name">(operands) in_shardings=[…] out_shardings=[…] (%arg: type, …) {…} : type`.
    pub(super) fn parse_named_computation(&mut self, body: &mut Body<'t>, form: &mut Form) -> Parse<()> {
        self.expect(b'<', "before the computation's name")?;
        let name = self.parse_string("the computation's name in quotes")?;
        form.parts.attr("name", Attr::String(name));
        self.expect(b'>', "after the computation's name")?;
        form.parts.operands = self.parse_uses_in_parens(body, "and operands")?;
        for name in ["in_shardings", "out_shardings"] {
            if self.eat_word(name) {
                self.parse_shardings(form, name)?;
            }
        }
        self.parse_computation(body, form)
    }

    /// `=[<@mesh, [{"x"}]>, …]`.
    fn parse_shardings(&mut self, form: &mut Form, name: &'static str) -> Parse<()> {
        self.expect(b'=', "before the shardings")?;
        let shardings = self.parse_stripped("sdy.sharding_per_value<", ">")?;
        form.parts.attr(name, shardings);
        Ok(())
    }

    /// `(%arg: type, …) {…} {attributes} : functional-type`.
    fn parse_computation(&mut self, body: &mut Body<'t>, form: &mut Form) -> Parse<()> {
        let region = self.parse_headed_region(body)?;
        form.parts.regions.push(region);
        self.parse_attrs_and_type(body, form)
    }
}
