//! Calls: of functions, of custom targets, of composites.

use smol_str::SmolStr;

use super::super::lexer::Token;
use super::super::parser::{Parse, Parser};
use super::super::pretty::Form;
use super::super::scope::Body;
use crate::ir::Attr;
use crate::ir::ops::Subject;

impl<'t> Parser<'t> {
    /// `@callee(operands) {attributes} : functional-type`.
    pub(super) fn parse_call(&mut self, body: &mut Body<'t>, form: &mut Form) -> Parse<()> {
        let mut path = smallvec::SmallVec::<[SmolStr; 1]>::new();
        path.push(self.parse_symbol("the function that is called, such as `@f`")?);
        while self.eat_kind(Token::Colons) {
            path.push(self.parse_symbol("a symbol after `::`")?);
        }
        form.parts.attr("callee", Attr::Symbol(path));
        form.parts.operands = self.parse_uses_in_parens(body, "and operands after the function's name")?;
        self.parse_attrs_and_type(body, form)
    }

    /// `{attributes} : functional-type`.
    pub(super) fn parse_attrs_and_type(&mut self, body: &mut Body<'t>, form: &mut Form) -> Parse<()> {
        if self.at(b'{') {
            self.parse_attr_entries(&mut form.parts.attrs)?;
        }
        self.expect(b':', "and the operation's type")?;
        form.parts.result_types = self.parse_functional_type(body, &form.parts.operands, form.parts.span)?;
        Ok(())
    }

    /// `@target`, kept as a string.
    pub(super) fn parse_custom_call_target(&mut self, form: &mut Form, subjects: &[Subject]) -> Parse<()> {
        let target = self.parse_symbol("the target of the custom call, such as `@target`")?;
        form.set_first(subjects, Attr::String(target));
        Ok(())
    }

    /// `"name" operands ({…}, {…}) {attributes} : functional-type`.
    pub(super) fn parse_composite(&mut self, body: &mut Body<'t>, form: &mut Form) -> Parse<()> {
        let name = self.parse_string("the composite's name in quotes")?;
        form.parts.attr("name", Attr::String(name));
        form.parts.operands = self.parse_uses(body)?;
        if self.eat(b'(') {
            self.list_until(b')', "in the composite's regions", |p| {
                form.parts.regions.push(p.parse_region(body)?);
                Ok(())
            })?;
        }
        self.parse_attrs_and_type(body, form)
    }
}
