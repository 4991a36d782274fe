//! Operations: names of results, the generic form, regions.

use smallvec::SmallVec;
use smol_str::SmolStr;

use super::lexer::{Lexeme, Token};
use super::parser::{Noted, Parse, Parser, error};
use super::scope::{Body, Uses, plural};
use super::upgrade::upgrade;
use crate::diag::Span;
use crate::ir::{Attr, AttrMap, LocId, OpId, Opcode, Operation, Region, RegionId, Type, Value};

/// The parts of an operation that its form gives; the location follows all forms alike.
pub(super) struct Parts {
    pub(super) opcode: Opcode,
    /// The name of an operation that the table does not know.
    pub(super) foreign_name: Option<SmolStr>,
    /// Where the name stands.
    pub(super) span: Span,
    pub(super) operands: Uses,
    pub(super) result_types: SmallVec<[Type; 1]>,
    pub(super) attrs: Vec<(SmolStr, Attr)>,
    pub(super) regions: SmallVec<[RegionId; 1]>,
    /// The location, where a form had to read it before its end.
    pub(super) loc: LocId,
}

impl Parts {
    pub(super) fn new(opcode: Opcode, span: Span) -> Self {
        Parts {
            opcode,
            foreign_name: None,
            span,
            operands: Uses::new(),
            result_types: SmallVec::new(),
            attrs: Vec::new(),
            regions: SmallVec::new(),
            loc: LocId::UNKNOWN,
        }
    }

    /// Adds an attribute that is known to be new.
    pub(super) fn attr(&mut self, name: &'static str, attr: Attr) {
        if self.attrs.is_empty() {
            self.attrs.reserve_exact(1);
        }
        self.attrs.push((SmolStr::new_static(name), attr));
    }

    /// The full name.
    pub(super) fn name(&self) -> &str {
        self.foreign_name.as_deref().unwrap_or(self.opcode.info().name)
    }
}

/// `%a`, or `%a:2`.
struct ResultName {
    token: Lexeme,
    count: u32,
}

impl<'t> Parser<'t> {
    /// An operation, appended to a region.
    pub(super) fn parse_op(&mut self, body: &mut Body<'t>, region: RegionId) -> Parse<()> {
        let names = if self.at_value() { self.parse_result_names()? } else { SmallVec::new() };
        let mut parts = match self.token.kind {
            Token::Word => self.parse_pretty(body)?,
            Token::String => self.parse_generic(body)?,
            _ => return Err(self.expected("an operation")),
        };
        upgrade(&mut parts);
        if self.at_word("loc") {
            parts.loc = self.parse_location()?;
        }
        self.finish_op(body, region, parts, &names)
    }

    fn finish_op(
        &mut self,
        body: &mut Body<'t>,
        region: RegionId,
        mut parts: Parts,
        names: &[ResultName],
    ) -> Parse<()> {
        self.check_result_count(&parts, names)?;
        parts.attrs.shrink_to_fit();
        self.charge((size_of::<Operation>() + parts.result_types.len() * size_of::<Value>()) as u64)?;
        let loc = parts.loc;
        let op = self.add_op(body, region, parts, loc);
        let mut next = 0;
        for name in names {
            let first = body.func.ops[op].results[next];
            self.define(body, name.token, first, name.count)?;
            next += name.count as usize;
        }
        Ok(())
    }

    /// Makes the operation and appends it to the region.
    pub(super) fn add_op(&mut self, body: &mut Body<'t>, region: RegionId, parts: Parts, loc: LocId) -> OpId {
        let op = Operation {
            opcode: parts.opcode,
            foreign_name: parts.foreign_name,
            operands: parts.operands.iter().map(|used| used.value).collect(),
            results: SmallVec::new(),
            attrs: AttrMap::from_unique(parts.attrs),
            regions: parts.regions,
            loc,
            span: parts.span,
        };
        let op = body.func.make_op(op, parts.result_types);
        body.func.regions[region].ops.push(op);
        op
    }

    fn check_result_count(&mut self, parts: &Parts, names: &[ResultName]) -> Parse<()> {
        let (Some(first), Some(last)) = (names.first(), names.last()) else { return Ok(()) };
        let named: u64 = names.iter().map(|n| u64::from(n.count)).sum();
        let given = parts.result_types.len();
        if named == given as u64 {
            return Ok(());
        }
        let span = first.token.span().to(last.token.span());
        let (named, given) = (plural(named as usize, "result"), plural(given, "result"));
        Err(error(span, format!("{named} named, but `{}` has {given}", parts.name()))
            .with_note(parts.span, "of this operation"))
    }

    /// `%a, %b:2 =`.
    fn parse_result_names(&mut self) -> Parse<SmallVec<[ResultName; 1]>> {
        let mut names = SmallVec::new();
        loop {
            if self.token.kind != Token::Value {
                return Err(self.expected("the name of a result, such as `%0`"));
            }
            let token = self.bump();
            let mut count = 1;
            if self.eat(b':') {
                let number = self.token;
                count = self.parse_u32("how many results the name stands for")?;
                if count == 0 {
                    return Err(error(number.span(), "a name stands for at least one result"));
                }
            }
            names.push(ResultName { token, count });
            if !self.eat(b',') {
                break;
            }
        }
        self.expect(b'=', "after the names of results")?;
        Ok(names)
    }

    /// `"name"(operands) <{properties}> ({regions}) {attributes} : type`.
    fn parse_generic(&mut self, body: &mut Body<'t>) -> Parse<Parts> {
        let token = self.token;
        let name = self.parse_string("an operation's name")?;
        let mut parts = Parts::new(Opcode::from_name(&name).unwrap_or(Opcode::Foreign), token.span());
        if parts.opcode == Opcode::Foreign {
            self.check_foreign_name(&name, token)?;
            parts.foreign_name = Some(name);
        }
        parts.operands = self.parse_uses_in_parens(body, "and operands after the operation's name")?;
        if self.at(b'[') {
            return Err(error(self.token.span(), "successors are not part of StableHLO: regions have one block"));
        }
        if self.at(b'<') {
            self.bump();
            self.parse_attr_entries(&mut parts.attrs)?;
            self.expect(b'>', "after the properties")?;
        }
        if self.at(b'(') {
            self.bump();
            self.list_until(b')', "in the list of regions", |p| {
                parts.regions.push(p.parse_region(body)?);
                Ok(())
            })?;
        }
        if self.at(b'{') {
            self.parse_attr_entries(&mut parts.attrs)?;
        }
        self.expect(b':', "and the operation's type")?;
        parts.result_types = self.parse_functional_type(body, &parts.operands, parts.span)?;
        Ok(parts)
    }

    /// Refuses misspelt names of the dialects that the table covers.
    fn check_foreign_name(&self, name: &str, token: Lexeme) -> Parse<()> {
        match name.split_once('.') {
            None => Err(error(token.span(), format!("operation name `{name}` has no dialect, as in `stablehlo.add`"))),
            Some((dialect @ ("stablehlo" | "chlo"), _)) => Err(unknown_op(dialect, name, token.span())),
            Some(_) => Ok(()),
        }
    }

    /// `{ ^bb0(%a: type): operations }`.
    pub(super) fn parse_region(&mut self, body: &mut Body<'t>) -> Parse<RegionId> {
        self.parse_region_with(body, |_, _, _| Ok(()))
    }

    /// A region whose first arguments `define` adds, before those the text gives.
    pub(super) fn parse_region_with(
        &mut self,
        body: &mut Body<'t>,
        define: impl FnOnce(&mut Self, &mut Body<'t>, RegionId) -> Parse<()>,
    ) -> Parse<RegionId> {
        self.nested(|p| {
            p.charge(2 * size_of::<Region>() as u64)?;
            let region = body.func.regions.push(Region::default());
            let mark = body.enter();
            define(p, body, region)?;
            p.parse_block(body, region, !body.func.regions[region].args.is_empty())?;
            body.leave(mark);
            Ok(region)
        })
    }

    /// `{ … }`, the contents appended to a region; `headed` when its arguments are named before it.
    pub(super) fn parse_block(&mut self, body: &mut Body<'t>, region: RegionId, headed: bool) -> Parse<()> {
        let open = self.expect(b'{', "before the operations of a region")?;
        if self.token.kind == Token::Block {
            if headed {
                return Err(error(self.token.span(), "a label in a region whose arguments are named before it"));
            }
            self.parse_block_label(body, region)?;
        }
        loop {
            match self.token.kind {
                Token::Punct(b'}') => {
                    self.bump();
                    return Ok(());
                }
                Token::Block => {
                    return Err(error(self.token.span(), "a second block: regions of StableHLO have one block"));
                }
                Token::End => {
                    return Err(self.expected("`}` at the end of the region").with_note(open.span(), "opened here"));
                }
                _ => self.parse_op(body, region)?,
            }
        }
    }

    /// `^bb0(%a: type loc(…), …):`.
    fn parse_block_label(&mut self, body: &mut Body<'t>, region: RegionId) -> Parse<()> {
        self.bump();
        if self.eat(b'(') {
            self.list_until(b')', "in the block's arguments", |p| {
                if p.token.kind != Token::Value {
                    return Err(p.expected("an argument such as `%arg0: tensor<f32>`"));
                }
                let name = p.bump();
                p.expect(b':', "and a type after the argument's name")?;
                let ty = p.parse_type()?;
                let loc = p.parse_optional_location()?;
                p.add_argument(body, region, name, ty, loc)
            })?;
        }
        self.expect(b':', "after the block's label")?;
        Ok(())
    }
}

/// An operation that its dialect does not have, with the nearest name it does have.
pub(super) fn unknown_op(dialect: &str, name: &str, span: Span) -> Box<crate::diag::Diagnostic> {
    let problem = error(span, format!("dialect `{dialect}` has no operation `{name}`"));
    let prefix = format!("{dialect}.");
    let known = Opcode::ALL.iter().map(|op| op.info().name).filter(|known| known.starts_with(&prefix));
    let nearest = known.map(|known| (distance(known, name), known)).min();
    match nearest {
        Some((far, known)) if far <= 3 => problem.because(format!("there is `{known}`")),
        _ => problem,
    }
}

/// How many letters must be added, dropped or changed to make one word of the other.
fn distance(a: &str, b: &str) -> usize {
    /// Longer names are no misspelling of an operation's.
    const LONGEST: usize = 80;
    if b.len() > LONGEST {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.bytes().enumerate() {
            let change = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = change.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
