//! Operations whose regions have a syntax of their own: `reduce`, `while`, `chlo.scan`.

use smallvec::smallvec;

use super::super::lexer::{Lexeme, Token};
use super::super::op::Parts;
use super::super::parser::{Noted, Parse, Parser, error};
use super::super::pretty::Form;
use super::super::scope::{Body, Use, Uses, plural};
use crate::diag::Span;
use crate::ir::{Attr, DenseArray, LocId, Opcode, Region, RegionId, TensorType, Traits, Type};

/// An argument of a region that is named before the region opens.
struct Named {
    token: Lexeme,
    ty: Type,
    loc: LocId,
}

impl<'t> Parser<'t> {
    /// `(%x init: %i), … applies op across dimensions = [0] : type`, or with `reducer(…) {…}` after the type.
    pub(super) fn parse_reduce(&mut self, body: &mut Body<'t>, form: &mut Form) -> Parse<()> {
        let (mut inputs, inits) = self.parse_reduce_operands(body)?;
        let count = inputs.len();
        inputs.extend(inits);
        form.parts.operands = inputs;
        let applied = if self.eat_word("applies") { Some(self.parse_applied_op()?) } else { None };
        self.expect_word("across", "before the dimensions that are reduced")?;
        self.expect_word("dimensions", "after `across`")?;
        self.expect(b'=', "after `dimensions`")?;
        let dimensions = self.parse_i64_list()?;
        form.parts.attr("dimensions", Attr::i64s(dimensions));
        self.parse_attrs_and_type(body, form)?;
        form.parts.loc = self.parse_optional_location()?;
        let region = match applied {
            Some((opcode, token)) => self.build_reducer(body, form, opcode, token, count)?,
            None => self.parse_reducer(body, form, count)?,
        };
        form.parts.regions.push(region);
        Ok(())
    }

    /// `(%x init: %i), (%y init: %j)`.
    fn parse_reduce_operands(&mut self, body: &mut Body<'t>) -> Parse<(Uses, Uses)> {
        let (mut inputs, mut inits) = (Uses::new(), Uses::new());
        loop {
            self.expect(b'(', "before an input of the reduction")?;
            inputs.push(self.parse_use(body)?);
            self.expect_word("init", "after the input")?;
            self.expect(b':', "after `init`")?;
            inits.push(self.parse_use(body)?);
            self.expect(b')', "after the initial value")?;
            if !self.eat(b',') {
                return Ok((inputs, inits));
            }
        }
    }

    /// The operation after `applies`.
    fn parse_applied_op(&mut self) -> Parse<(Opcode, Lexeme)> {
        let token = self.token;
        let name = match token.kind {
            Token::Word => self.text_of(token),
            Token::String => self.text_of(token).trim_matches('"'),
            _ => return Err(self.expected("the operation that reduces, such as `stablehlo.add`")),
        };
        let opcode = Opcode::from_name(name);
        let suits = |op: &Opcode| {
            let info = op.info();
            info.operands.len() == 2 && info.results.len() == 1 && info.traits.contains(Traits::COMMUTATIVE)
        };
        match opcode.filter(suits) {
            Some(opcode) => {
                self.bump();
                Ok((opcode, token))
            }
            None => Err(error(token.span(), format!("`{name}` cannot be applied by a reduction"))
                .because("it must be commutative, with two operands and one result; write other reducers as a region")),
        }
    }

    /// The region that `applies` stands for: the operation of the two arguments, returned.
    fn build_reducer(
        &mut self,
        body: &mut Body<'t>,
        form: &Form,
        opcode: Opcode,
        token: Lexeme,
        count: usize,
    ) -> Parse<RegionId> {
        let first = form.parts.operands[0];
        let Type::Tensor(input) = body.func.value_type(first.value) else {
            return Err(error(first.span, "the input of a reduction is a tensor"));
        };
        if count != 1 {
            let message = format!("`applies` takes one input, but there are {count}");
            return Err(error(token.span(), message).because("write the reducer as a region"));
        }
        let ty = Type::Tensor(TensorType::scalar(input.element.clone()));
        let region = body.func.regions.push(Region::default());
        let loc = form.parts.loc;
        let args = [0, 1].map(|_| Use { value: body.func.add_arg(region, ty.clone(), loc), span: token.span() });
        let mut apply = Parts::new(opcode, token.span());
        apply.operands = Uses::from_slice(&args);
        apply.result_types = smallvec![ty];
        let op = self.add_op(body, region, apply, loc);
        let mut done = Parts::new(Opcode::Return, token.span());
        done.operands.push(Use { value: body.func.ops[op].results[0], span: token.span() });
        self.add_op(body, region, done, loc);
        Ok(region)
    }

    /// `reducer(%a: T, %b: T) (%c: U, %d: U) {…}`: for each input its element and its accumulator.
    fn parse_reducer(&mut self, body: &mut Body<'t>, form: &Form, count: usize) -> Parse<RegionId> {
        let head = self.expect_word("reducer", "and the region that reduces (or `applies` and an operation)")?;
        let (mut elements, mut accumulators) = (Vec::new(), Vec::new());
        while self.at(b'(') {
            let open = self.bump();
            let mut pair = self.parse_named_args("in the arguments of the reducer")?;
            if pair.len() != 2 {
                let message =
                    format!("expected an element and an accumulator, found {}", plural(pair.len(), "argument"));
                return Err(error(open.span(), message));
            }
            accumulators.extend(pair.pop());
            elements.extend(pair.pop());
        }
        if elements.len() != count {
            let (pairs, inputs) = (plural(elements.len(), "pair"), plural(count, "input"));
            let message = format!("the reducer has {pairs} of arguments, but there are {inputs}");
            return Err(error(head.span(), message).with_note(form.parts.span, "of this reduction"));
        }
        elements.extend(accumulators);
        self.parse_region_named(body, elements)
    }

    /// `%a: type loc(…), …` up to `)`.
    fn parse_named_args(&mut self, context: &str) -> Parse<Vec<Named>> {
        let mut args = Vec::new();
        self.list_until(b')', context, |p| {
            if !p.at_value() {
                return Err(p.expected("an argument such as `%arg0: tensor<f32>`"));
            }
            let token = p.bump();
            p.expect(b':', "and a type after the argument's name")?;
            let ty = p.parse_type()?;
            let loc = p.parse_optional_location()?;
            args.push(Named { token, ty, loc });
            Ok(())
        })?;
        Ok(args)
    }

    fn parse_region_named(&mut self, body: &mut Body<'t>, args: Vec<Named>) -> Parse<RegionId> {
        self.parse_region_with(body, |p, body, region| {
            args.into_iter().try_for_each(|arg| p.add_argument(body, region, arg.token, arg.ty, arg.loc))
        })
    }

    /// A region in braces after its arguments, `(%a: type, …) {…}`.
    pub(super) fn parse_headed_region(&mut self, body: &mut Body<'t>) -> Parse<RegionId> {
        self.expect(b'(', "before the region's arguments")?;
        let args = self.parse_named_args("in the region's arguments")?;
        self.parse_region_named(body, args)
    }

    /// `(%arg = %init, …) : types attributes {…} cond {…} do {…}`.
    pub(super) fn parse_while(&mut self, body: &mut Body<'t>, form: &mut Form) -> Parse<()> {
        self.expect(b'(', "before the loop's values")?;
        let mut names = Vec::new();
        self.list_until(b')', "in the loop's values", |p| {
            if !p.at_value() {
                return Err(p.expected("a loop value such as `%iterArg = %0`"));
            }
            names.push(p.bump());
            p.expect(b'=', "and the initial value")?;
            let used = p.parse_use(body)?;
            form.parts.operands.push(used);
            Ok(())
        })?;
        let mut types = Vec::new();
        if !names.is_empty() {
            self.expect(b':', "and the types of the loop's values")?;
            types = self.parse_type_list()?;
            self.check_types(body, &form.parts.operands, &types, form.parts.span)?;
        }
        if self.eat_word("attributes") {
            self.parse_attr_entries(&mut form.parts.attrs)?;
        }
        for (keyword, context) in [("cond", "and the loop's condition"), ("do", "and the loop's body")] {
            self.expect_word(keyword, context)?;
            let named = names.iter().zip(&types);
            let args = named.map(|(&token, ty)| Named { token, ty: ty.clone(), loc: LocId::UNKNOWN }).collect();
            let region = self.parse_region_named(body, args)?;
            form.parts.regions.push(region);
        }
        form.parts.result_types.extend(types);
        Ok(())
    }

    /// `(inputs) inits (inits) dimension=0 attributes {…} {…} : functional-type`.
    pub(super) fn parse_scan(&mut self, body: &mut Body<'t>, form: &mut Form) -> Parse<()> {
        let mut operands = self.parse_uses_in_parens(body, "before the inputs")?;
        let inputs = operands.len();
        self.expect_word("inits", "after the inputs")?;
        let inits = self.parse_uses_in_parens(body, "before the initial values")?;
        let carries = inits.len();
        operands.extend(inits);
        form.parts.operands = operands;
        self.expect_word("dimension", "after the initial values")?;
        self.expect(b'=', "after `dimension`")?;
        let dimension = self.parse_i64("the dimension along which to scan")?;
        form.parts.attr("dimension", Attr::i64(dimension));
        if self.eat_word("attributes") {
            self.parse_attr_entries(&mut form.parts.attrs)?;
        }
        let region = self.parse_region(body)?;
        form.parts.regions.push(region);
        let start = self.token;
        self.parse_attrs_and_type(body, form)?;
        let results = form.parts.result_types.len();
        let Some(outputs) = results.checked_sub(carries) else {
            let message = format!("{} given for {}", plural(results, "result"), plural(carries, "carried value"));
            return Err(error(Span::new(start.start, self.last_end), message));
        };
        let sizes = |first: usize, second: usize| Attr::DenseArray(DenseArray::I32(vec![first as i32, second as i32]));
        form.parts.attr("operandSegmentSizes", sizes(inputs, carries));
        form.parts.attr("resultSegmentSizes", sizes(outputs, carries));
        Ok(())
    }
}
