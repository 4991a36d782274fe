//! A function while it is read: its arenas and the names of its values.
//!
//! Values must be defined before they are used: regions have one block, so text order is dominance.
//! A name that a region defines is forgotten at its end, and may not repeat one that is visible.

use smallvec::{SmallVec, smallvec};

use super::lexer::{Lexeme, Token};
use super::parser::{Noted, Parse, Parser, error};
use crate::diag::Span;
use crate::ir::{Func, LocId, RegionId, Type, Value, ValueDef, ValueId};

/// A function being read.
pub(super) struct Body<'t> {
    pub(super) func: Func,
    names: Names<'t>,
    /// Visible names in order of definition.
    order: Vec<&'t str>,
    /// Values made up for names that are not defined, with the number of the error that says so.
    /// Their types are not checked.
    made_up: foldhash::HashMap<ValueId, usize>,
}

/// Visible names.
pub(super) type Names<'t> = foldhash::HashMap<&'t str, Named>;

/// A name stands for one value, or several numbered ones (`%0:2`).
#[derive(Clone, Copy)]
pub(super) struct Named {
    first: ValueId,
    count: u32,
    span: Span,
}

/// A value where it is used.
#[derive(Clone, Copy, Debug)]
pub(super) struct Use {
    pub(super) value: ValueId,
    pub(super) span: Span,
}

/// The values an operation uses.
pub(super) type Uses = SmallVec<[Use; 4]>;

impl<'t> Body<'t> {
    /// A body without names; `names` lends its memory.
    pub(super) fn new(func: Func, mut names: Names<'t>) -> Self {
        names.clear();
        Body { func, names, order: Vec::new(), made_up: Default::default() }
    }

    /// The function, and the memory of the names for the next one.
    pub(super) fn finish(self) -> (Func, Names<'t>) {
        (self.func, self.names)
    }

    /// Where the names of a region begin; give it to [`Self::leave`] at the region's end.
    pub(super) fn enter(&self) -> usize {
        self.order.len()
    }

    /// Forgets the names defined since [`Self::enter`].
    pub(super) fn leave(&mut self, mark: usize) {
        for name in self.order.drain(mark..) {
            self.names.remove(name);
        }
    }
}

impl<'t> Parser<'t> {
    /// Gives a name to `count` values from `first` on.
    pub(super) fn define(&mut self, body: &mut Body<'t>, name: Lexeme, first: ValueId, count: u32) -> Parse<()> {
        let text = self.text_of(name);
        let named = Named { first, count, span: name.span() };
        self.charge(size_of::<Named>() as u64 + 2 * size_of::<&str>() as u64)?;
        match body.names.insert(text, named) {
            None => {
                body.order.push(text);
                Ok(())
            }
            Some(old) if let Some(&number) = body.made_up.get(&old.first) => {
                self.note_error(number, name.span(), "it is defined here, after its use");
                Ok(())
            }
            Some(old) => {
                body.names.insert(text, old);
                self.record(
                    error(name.span(), format!("`{text}` is defined twice")).with_note(old.span, "first defined here"),
                )
            }
        }
    }

    /// Whether a value comes next.
    pub(super) fn at_value(&self) -> bool {
        self.token.kind == Token::Value
    }

    /// `%name` or `%name#1`.
    pub(super) fn parse_use(&mut self, body: &mut Body<'t>) -> Parse<Use> {
        if self.token.kind != Token::Value {
            return Err(self.expected("a value such as `%0`"));
        }
        let name = self.bump();
        let text = self.text_of(name);
        let mut span = name.span();
        let mut number = 0;
        if self.token.kind == Token::Hash && self.bytes()[self.token.start as usize + 1].is_ascii_digit() {
            let token = self.bump();
            span = span.to(token.span());
            number = self.text_of(token)[1..]
                .parse()
                .map_err(|_| error(token.span(), "result number does not fit in 32 bits"))?;
        }
        match body.names.get(text).copied() {
            Some(named) if body.made_up.contains_key(&named.first) => Ok(Use { value: named.first, span }),
            Some(named) if number < named.count => {
                // Names stand for values that follow one another in the function's arena.
                Ok(Use { value: nth(named.first, number), span })
            }
            Some(named) => {
                let has = plural(named.count as usize, "value");
                let message = format!("`{text}` stands for {has}, so there is no `#{number}`");
                self.record(error(span, message).with_note(named.span, "defined here"))?;
                Ok(Use { value: self.make_up(body), span })
            }
            None => {
                self.record(error(span, format!("`{text}` is not defined here")).because(
                    "values are defined before they are used, and those of a region are not visible outside it",
                ))?;
                let value = self.make_up(body);
                body.names.insert(text, Named { first: value, count: 1, span: name.span() });
                body.order.push(text);
                Ok(Use { value, span })
            }
        }
    }

    /// A value for a use whose error has just been recorded.
    fn make_up(&self, body: &mut Body<'t>) -> ValueId {
        let def = ValueDef::Argument { region: crate::ir::Entity::new(0), index: u32::MAX };
        let value = body.func.values.push(Value { ty: Type::None, def, loc: LocId::UNKNOWN });
        body.made_up.insert(value, self.error_count() - 1);
        value
    }

    /// Values separated by commas; none when no value comes next.
    pub(super) fn parse_uses(&mut self, body: &mut Body<'t>) -> Parse<Uses> {
        let mut uses = Uses::new();
        if !self.at_value() {
            return Ok(uses);
        }
        loop {
            uses.push(self.parse_use(body)?);
            if !(self.at(b',') && self.second().kind == Token::Value) {
                return Ok(uses);
            }
            self.bump();
        }
    }

    /// Values in parentheses.
    pub(super) fn parse_uses_in_parens(&mut self, body: &mut Body<'t>, context: &str) -> Parse<Uses> {
        self.expect(b'(', context)?;
        let mut uses = Uses::new();
        self.list_until(b')', context, |p| {
            uses.push(p.parse_use(body)?);
            Ok(())
        })?;
        Ok(uses)
    }

    /// Requires that a value has the type that its user gives it.
    pub(super) fn check_type(&mut self, body: &Body<'t>, used: Use, ty: &Type) -> Parse<()> {
        let actual = body.func.value_type(used.value);
        if actual == ty || body.made_up.contains_key(&used.value) {
            return Ok(());
        }
        let text = &self.text[used.span.range()];
        let name = text.split('#').next().unwrap_or(text).trim_end();
        let message = format!("`{text}` has type `{actual}`, but is used as `{ty}`");
        let mut problem = error(used.span, message);
        if let Some(named) = body.names.get(name) {
            problem = problem.with_note(named.span, "defined here");
        }
        self.record(problem)
    }

    /// Requires as many values as types, and that they agree.
    pub(super) fn check_types(&mut self, body: &Body<'t>, uses: &[Use], types: &[Type], at: Span) -> Parse<()> {
        if uses.len() != types.len() {
            let message = format!("{} used, but {} given", plural(uses.len(), "operand"), plural(types.len(), "type"));
            return Err(error(at, message));
        }
        uses.iter().zip(types).try_for_each(|(used, ty)| self.check_type(body, *used, ty))
    }

    /// `(operand types) -> result types`: the former checked against the values, the latter returned.
    pub(super) fn parse_functional_type(
        &mut self,
        body: &Body<'t>,
        uses: &[Use],
        at: Span,
    ) -> Parse<SmallVec<[Type; 1]>> {
        self.expect(b'(', "before the operand types")?;
        let mut count = 0;
        self.list_until(b')', "in the operand types", |p| {
            let ty = p.parse_type()?;
            if let Some(used) = uses.get(count) {
                p.check_type(body, *used, &ty)?;
            }
            count += 1;
            Ok(())
        })?;
        if count != uses.len() {
            let message = format!("{} used, but {} given", plural(uses.len(), "operand"), plural(count, "type"));
            return Err(error(at, message));
        }
        self.expect_arrow("before the result types")?;
        if !self.at(b'(') {
            return Ok(smallvec![self.parse_type()?]);
        }
        Ok(SmallVec::from_vec(self.parse_result_types()?))
    }

    /// An argument of a region: `%name: type loc(…)`.
    pub(super) fn add_argument(
        &mut self,
        body: &mut Body<'t>,
        region: RegionId,
        name: Lexeme,
        ty: Type,
        loc: LocId,
    ) -> Parse<()> {
        self.charge(size_of::<Value>() as u64)?;
        let value = body.func.add_arg(region, ty, loc);
        self.define(body, name, value, 1)
    }
}

/// The value `number` places after `first`.
fn nth(first: ValueId, number: u32) -> ValueId {
    use crate::ir::Entity;
    ValueId::new(first.index() as u32 + number)
}

/// `1 operand`, `2 operands`.
pub(super) fn plural(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
