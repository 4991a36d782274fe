//! Pretty forms, read by following the directives of the op table.
//!
//! See [`Format`](crate::ir::ops::Format) for what a directive says. Operands and result types are
//! collected in the order in which the form writes them, which is the order of the declaration (a
//! test reads every form of the table to be sure).

use smallvec::SmallVec;
use smol_str::SmolStr;

use super::lexer::{Lexeme, Token};
use super::op::{Parts, unknown_op};
use super::parser::{Noted, Parse, Parser, error};
use super::scope::{Body, plural};
use crate::ir::ops::{Directive, Presence, Subject, ValueSpec};
use crate::ir::{Attr, AttrKind, DenseArray, ElementType, IntAttr, OpInfo, Opcode, Traits, Type};

/// Dialects whose operations may be written without the dialect's name.
const DEFAULT_DIALECTS: [&str; 2] = ["func", "builtin"];

/// An operation being read by its form.
pub(super) struct Form {
    pub(super) info: &'static OpInfo,
    pub(super) parts: Parts,
    /// For each operand that the form has written: its number, and where its values are.
    groups: SmallVec<[(usize, usize, usize); 4]>,
    /// A type that the form has written, for operations whose operands and results share one.
    shared_type: Option<Type>,
}

impl<'t> Parser<'t> {
    /// An operation by its bare name.
    pub(super) fn parse_pretty(&mut self, body: &mut Body<'t>) -> Parse<Parts> {
        let token = self.token;
        let opcode = self.pretty_opcode(token)?;
        let info = opcode.info();
        let Some(format) = opcode.format() else {
            return Err(error(token.span(), format!("`{}` is only written in generic form", info.name))
                .because(format!("that is `\"{}\"(…) <{{…}}> : (…) -> …`", info.name)));
        };
        self.bump();
        let parts = Parts::new(opcode, token.span());
        let mut form = Form { info, parts, groups: SmallVec::new(), shared_type: None };
        self.parse_directives(body, &mut form, &format.directives)?;
        self.finish_form(body, form)
    }

    fn pretty_opcode(&self, token: Lexeme) -> Parse<Opcode> {
        let name = self.text_of(token);
        if let Some(opcode) = Opcode::from_name(name) {
            return Ok(opcode);
        }
        match name.split_once('.') {
            Some((dialect, _)) if Opcode::ALL.iter().any(|op| op.info().dialect() == dialect) => {
                Err(unknown_op(dialect, name, token.span()))
            }
            Some(_) => Err(error(token.span(), format!("unknown operation `{name}`"))
                .because(format!("operations of other dialects are kept when in generic form, `\"{name}\"(…) : …`"))),
            None if name == "return" => Ok(Opcode::FuncReturn),
            None => DEFAULT_DIALECTS
                .iter()
                .find_map(|dialect| Opcode::from_name(&format!("{dialect}.{name}")))
                .ok_or_else(|| {
                    let problem = error(token.span(), format!("unknown operation `{name}`"));
                    match Opcode::from_name(&format!("stablehlo.{name}")) {
                        Some(_) => problem.because(format!("there is `stablehlo.{name}`")),
                        None => problem,
                    }
                }),
        }
    }

    fn parse_directives(
        &mut self,
        body: &mut Body<'t>,
        form: &mut Form,
        directives: &'static [Directive],
    ) -> Parse<()> {
        directives.iter().try_for_each(|directive| self.parse_directive(body, form, directive))
    }

    fn parse_directive(&mut self, body: &mut Body<'t>, form: &mut Form, directive: &'static Directive) -> Parse<()> {
        match directive {
            Directive::Token(text) => self.expect_token(text, form.info),
            Directive::Item(subject) => self.parse_subject(body, form, *subject),
            Directive::AttrDict { keyword } => self.parse_form_attrs(form, *keyword),
            Directive::Type(subject) => self.parse_subject_type(body, form, *subject),
            Directive::FunctionalType => {
                form.parts.result_types = self.parse_functional_type(body, &form.parts.operands, form.parts.span)?;
                Ok(())
            }
            Directive::Custom(custom, subjects) => self.parse_custom(body, form, *custom, subjects),
            Directive::Stripped { subject, prefix, suffix } => {
                let attr = self.parse_stripped(prefix, suffix)?;
                form.set(*subject, attr);
                Ok(())
            }
            Directive::Optional { directives, otherwise, .. } => {
                let chosen = if self.starts(form.info, directives) { directives } else { otherwise };
                self.parse_directives(body, form, chosen)
            }
        }
    }

    /// Whether directives fit the tokens that come next.
    fn starts(&self, info: &OpInfo, directives: &[Directive]) -> bool {
        let Some(first) = directives.first() else { return false };
        let second = match (first, directives.get(1)) {
            (Directive::Token(","), Some(second)) => Some(second),
            _ => None,
        };
        self.fits(info, first, self.token) && second.is_none_or(|d| self.fits(info, d, self.second()))
    }

    fn fits(&self, info: &OpInfo, directive: &Directive, lexeme: Lexeme) -> bool {
        match directive {
            Directive::Token(text) => lexeme.kind != Token::End && self.text_of(lexeme) == *text,
            Directive::Item(Subject::Operand(_) | Subject::Operands) => lexeme.kind == Token::Value,
            Directive::Item(Subject::Attribute(index)) => match info.attributes[*index].kind {
                AttrKind::Enum(kind) => kind.case(self.text_of(lexeme)).is_some(),
                _ => true,
            },
            _ => true,
        }
    }

    /// Requires a token of a form.
    fn expect_token(&mut self, text: &str, info: &OpInfo) -> Parse<()> {
        if self.token.kind != Token::End && self.text_of(self.token) == text {
            self.bump();
            return Ok(());
        }
        let problem = self.expected(format_args!("`{text}` in `{}`", info.name));
        let operands: Vec<&str> = info.operands.iter().map(|operand| operand.name).collect();
        if operands.is_empty() {
            return Err(problem);
        }
        Err(problem.because(format!(
            "its {} {}",
            if operands.len() == 1 { "operand is" } else { "operands are" },
            operands.join(", ")
        )))
    }

    fn parse_subject(&mut self, body: &mut Body<'t>, form: &mut Form, subject: Subject) -> Parse<()> {
        match subject {
            Subject::Operand(index) => {
                let start = form.parts.operands.len();
                match form.info.operands[index].presence {
                    Presence::Variadic => {
                        let uses = self.parse_uses(body)?;
                        form.parts.operands.extend(uses);
                    }
                    _ => {
                        let used = self.parse_use(body)?;
                        form.parts.operands.push(used);
                    }
                }
                form.groups.push((index, start, form.parts.operands.len()));
            }
            Subject::Operands => {
                form.parts.operands = self.parse_uses(body)?;
                form.check_operand_count()?;
            }
            Subject::Attribute(index) => {
                let attr = self.parse_attr_of(form.info.attributes[index].kind)?;
                form.set(subject, attr);
            }
            Subject::Region(_) => {
                let region = self.parse_region(body)?;
                form.parts.regions.push(region);
            }
            Subject::Result(_) | Subject::Results => {}
        }
        Ok(())
    }

    fn parse_form_attrs(&mut self, form: &mut Form, keyword: bool) -> Parse<()> {
        let here = if keyword { self.eat_word("attributes") } else { self.at(b'{') };
        if here { self.parse_attr_entries(&mut form.parts.attrs) } else { Ok(()) }
    }

    fn parse_subject_type(&mut self, body: &mut Body<'t>, form: &mut Form, subject: Subject) -> Parse<()> {
        let many = match subject {
            Subject::Operand(index) => form.info.operands[index].presence == Presence::Variadic,
            Subject::Result(index) => form.info.results[index].presence == Presence::Variadic,
            Subject::Operands | Subject::Results => true,
            _ => false,
        };
        let types = if many { self.parse_type_list()? } else { vec![self.parse_type()?] };
        match subject {
            Subject::Operand(index) => {
                let group = form.groups.iter().find(|(which, ..)| *which == index);
                let (start, end) = group.map_or((0, 0), |&(_, start, end)| (start, end));
                self.check_types(body, &form.parts.operands[start..end], &types, form.parts.span)?;
            }
            Subject::Operands => self.check_types(body, &form.parts.operands, &types, form.parts.span)?,
            _ => form.parts.result_types.extend(types.iter().cloned()),
        }
        form.shared_type = types.into_iter().next();
        Ok(())
    }

    /// An attribute as a form writes it: without its type where the kind fixes it.
    pub(super) fn parse_attr_of(&mut self, kind: AttrKind) -> Parse<Attr> {
        match kind {
            AttrKind::I64 => self.parse_number_attr(Some(ElementType::I64)),
            AttrKind::I32 | AttrKind::I32Enum(_) => self.parse_number_attr(Some(ElementType::I32)),
            AttrKind::UI64 => self.parse_number_attr(Some(ElementType::UI64)),
            AttrKind::UI32 => self.parse_number_attr(Some(ElementType::UI32)),
            AttrKind::F32 => self.parse_number_attr(Some(ElementType::F32)),
            AttrKind::F64 => self.parse_number_attr(Some(ElementType::F64)),
            AttrKind::Bool => Ok(Attr::Bool(self.parse_bool()?)),
            AttrKind::String => Ok(Attr::String(self.parse_string("a string")?)),
            AttrKind::I64s => Ok(Attr::i64s(self.parse_i64_list()?)),
            AttrKind::Bools => Ok(Attr::DenseArray(DenseArray::Bool(self.parse_bool_list()?))),
            AttrKind::Enum(kind) => self.parse_case(kind),
            AttrKind::Enums(kind) => {
                self.expect(b'[', "before the cases")?;
                let mut cases = Vec::new();
                self.list_until(b']', "in the list of cases", |p| {
                    cases.push(p.parse_case(kind)?);
                    Ok(())
                })?;
                Ok(Attr::Array(cases))
            }
            AttrKind::I32Cases(cases) => self.parse_i32_case(cases),
            _ => self.parse_attr(),
        }
    }

    fn parse_bool_list(&mut self) -> Parse<Vec<bool>> {
        let mut values = Vec::new();
        self.expect(b'[', "before a list of booleans")?;
        self.list_until(b']', "in a list of booleans", |p| {
            values.push(p.parse_bool()?);
            Ok(())
        })?;
        Ok(values)
    }

    fn parse_i32_case(&mut self, cases: &[&str]) -> Parse<Attr> {
        let word = if self.token.kind == Token::Word { self.text_of(self.token) } else { "" };
        let Some(index) = cases.iter().position(|c| *c == word) else {
            return Err(self.expected("a case").because(format!("the cases are {}", cases.join(", "))));
        };
        self.bump();
        Ok(Attr::Int(IntAttr { value: index as i128, ty: ElementType::I32 }))
    }

    /// A bracketed group that stands for the attribute `#prefix group suffix`.
    pub(super) fn parse_stripped(&mut self, prefix: &str, suffix: &str) -> Parse<Attr> {
        if self.token.kind == Token::Hash {
            return self.parse_attr();
        }
        if !matches!(self.token.kind, Token::Punct(b'<' | b'[' | b'{' | b'(')) {
            return Err(self.expected(format_args!("the bracketed part of `#{prefix}…{suffix}`")));
        }
        let group = self.parse_bracketed_text()?;
        Ok(Attr::Opaque(SmolStr::from(format!("{prefix}{group}{suffix}"))))
    }

    fn finish_form(&mut self, body: &mut Body<'t>, mut form: Form) -> Parse<Parts> {
        form.check_operand_count()?;
        let (info, parts) = (form.info, &mut form.parts);
        let missing = info.results.len().saturating_sub(parts.result_types.len());
        if missing > 0 && fixed(info.results) && info.traits.contains(Traits::SAME_TYPE) {
            let shared =
                form.shared_type.or_else(|| parts.operands.first().map(|u| body.func.value_type(u.value).clone()));
            if let Some(shared) = shared {
                parts.result_types.extend(std::iter::repeat_n(shared, missing));
            }
        }
        Ok(form.parts)
    }
}

/// Whether there is exactly one value for each declaration.
fn fixed(specs: &[ValueSpec]) -> bool {
    specs.iter().all(|spec| spec.presence == Presence::Required)
}

impl Form {
    /// Requires the declared number of operands, where that is fixed.
    fn check_operand_count(&self) -> Parse<()> {
        let (declared, given) = (self.info.operands, self.parts.operands.len());
        if !fixed(declared) || given == declared.len() {
            return Ok(());
        }
        let names: Vec<&str> = declared.iter().map(|operand| operand.name).collect();
        let message = format!("`{}` takes {}, but {given} given", self.info.name, plural(declared.len(), "operand"));
        Err(error(self.parts.span, message).because(format!("they are {}", names.join(", "))))
    }

    /// Adds the attribute that a subject names.
    pub(super) fn set(&mut self, subject: Subject, attr: Attr) {
        if let Subject::Attribute(index) = subject {
            self.parts.attr(self.info.attributes[index].name, attr);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers of the operands, and of the results' types, in the order a form writes them.
    fn written(directives: &[Directive], operands: &mut Vec<usize>, results: &mut Vec<usize>) {
        for directive in directives {
            match directive {
                Directive::Item(Subject::Operand(n)) => operands.push(*n),
                Directive::Type(Subject::Result(n)) => results.push(*n),
                Directive::Optional { directives, .. } => written(directives, operands, results),
                _ => {}
            }
        }
    }

    #[test]
    fn forms_write_operands_and_results_in_the_order_of_declaration() {
        for op in Opcode::ALL {
            let Some(format) = op.format() else { continue };
            let (mut operands, mut results) = (Vec::new(), Vec::new());
            written(&format.directives, &mut operands, &mut results);
            assert!(operands.is_sorted() && results.is_sorted(), "{}", op.info().name);
        }
    }
}
