//! The pretty form: an operation written by the directives of its assembly form.
//!
//! Blanks follow MLIR's rules: none before closing brackets and commas, none after opening ones,
//! and none between a word and the bracket that it opens.

use std::fmt;

use super::attr::Typed;
use super::op::{Printer, Scope, Within, present};
use crate::ir::ops::{AttrSpec, Directive, Format, Groups, Presence, Subject};
use crate::ir::{Attr, AttrKind, Opcode, Operation, Traits, Type, ValueId};

/// An operation with its operands and results sorted by declaration.
pub(super) struct Parts<'o> {
    pub(super) op: &'o Operation,
    operands: Groups,
    results: Groups,
}

impl<'o> Parts<'o> {
    /// The values that a subject stands for; none for attributes and regions.
    pub(super) fn values(&self, subject: Subject) -> &'o [ValueId] {
        match subject {
            Subject::Operand(index) => &self.op.operands[self.operands[index].clone()],
            Subject::Result(index) => &self.op.results[self.results[index].clone()],
            Subject::Operands => &self.op.operands,
            Subject::Results => &self.op.results,
            Subject::Attribute(_) | Subject::Region(_) => &[],
        }
    }

    /// The attribute that a subject stands for, if it is there.
    pub(super) fn attr(&self, subject: Subject) -> Option<&'o Attr> {
        let Subject::Attribute(index) = subject else { return None };
        self.op.attr(self.op.opcode.info().attributes[index].name)
    }

    fn is_present(&self, subject: Subject) -> bool {
        match subject {
            Subject::Attribute(index) => present(self.op, index).is_some(),
            Subject::Region(index) => index < self.op.regions.len(),
            values => !self.values(values).is_empty(),
        }
    }
}

/// What was written last, as far as it decides about blanks.
struct Blanks {
    /// A blank may follow.
    wanted: bool,
    /// It was punctuation.
    punctuation: bool,
}

impl Printer<'_> {
    /// Writes an operation in its pretty form; false, and nothing written, when it has none that
    /// says all.
    pub(super) fn pretty_op(&mut self, scope: &Scope<'_>, op: &Operation, within: Within) -> Result<bool, fmt::Error> {
        let Some(format) = op.opcode.format() else { return Ok(false) };
        let (Some(operands), Some(results)) = (op.operand_groups(), op.result_groups()) else { return Ok(false) };
        let parts = Parts { op, operands, results };
        let name = op.opcode.info().name;
        let short = match within {
            Within::Function => name.strip_prefix("func."),
            Within::Operation => None,
        };
        if matches!(op.opcode, Opcode::Constant | Opcode::SdyConstant | Opcode::ChloConstant)
            && !constant_fits(scope, op)
        {
            self.out.write_str(name)?;
            self.generic_rest(scope, op)?;
            return Ok(true);
        }
        if !attributes_fit(op, format)
            || !types_follow(scope, &parts, format)
            || !self.customs_fit(scope, &parts, format)
        {
            return Ok(false);
        }
        self.out.write_str(short.unwrap_or(name))?;
        self.directives(scope, &parts, &format.directives, &mut Blanks { wanted: true, punctuation: false }, format)?;
        Ok(true)
    }

    fn directives(
        &mut self,
        scope: &Scope<'_>,
        parts: &Parts<'_>,
        directives: &[Directive],
        blanks: &mut Blanks,
        format: &Format,
    ) -> fmt::Result {
        for directive in directives {
            match directive {
                Directive::Token(token) => self.token(token, blanks)?,
                Directive::Item(Subject::Attribute(index)) => {
                    self.blank(blanks)?;
                    self.attribute(parts.op, *index)?;
                }
                Directive::Item(subject) => {
                    let values = parts.values(*subject);
                    if !values.is_empty() {
                        self.blank(blanks)?;
                        self.operands(scope, values)?;
                    }
                }
                Directive::AttrDict { keyword } => self.attr_dict(parts.op, format, *keyword)?,
                Directive::Type(subject) => {
                    self.blank(blanks)?;
                    self.types(&scope.types(parts.values(*subject)))?;
                }
                Directive::FunctionalType => {
                    self.blank(blanks)?;
                    self.functional_type(scope, parts.op)?;
                }
                Directive::Custom(custom, subjects) => {
                    if custom.starts_with_blank() {
                        self.blank(blanks)?;
                    }
                    self.custom(scope, parts, *custom, subjects, format)?;
                }
                Directive::Stripped { subject, prefix, suffix } => {
                    self.blank(blanks)?;
                    self.out.write_str(stripped(parts.attr(*subject), prefix, suffix).unwrap_or(""))?;
                }
                Directive::Optional { anchor, directives, otherwise } => {
                    let chosen = if parts.is_present(*anchor) { directives } else { otherwise };
                    self.directives(scope, parts, chosen, blanks, format)?;
                }
            }
        }
        Ok(())
    }

    fn blank(&mut self, blanks: &mut Blanks) -> fmt::Result {
        if blanks.wanted || !blanks.punctuation {
            self.out.write_char(' ')?;
        }
        *blanks = Blanks { wanted: true, punctuation: false };
        Ok(())
    }

    fn token(&mut self, token: &str, blanks: &mut Blanks) -> fmt::Result {
        let first = token.chars().next().unwrap_or(' ');
        let glued = if blanks.punctuation { ">)}],".contains(first) } else { "<>(){}[],".contains(first) };
        if blanks.wanted && !(glued && token.len() == 1) {
            self.out.write_char(' ')?;
        }
        let opens = token.len() == 1 && "<({[".contains(first);
        *blanks = Blanks { wanted: !opens, punctuation: first != '_' && !first.is_ascii_alphabetic() };
        self.out.write_str(token)
    }

    /// An attribute where the form names it: its kind fixes the type.
    fn attribute(&mut self, op: &Operation, index: usize) -> fmt::Result {
        let spec = &op.opcode.info().attributes[index];
        match (op.attr(spec.name), spec.kind) {
            (Some(Attr::Enum { case, .. }), AttrKind::Enum(_)) => self.out.write_str(case),
            (Some(Attr::Int(int)), AttrKind::I32Cases(cases)) => {
                let case = usize::try_from(int.value).ok().and_then(|at| cases.get(at));
                self.out.write_str(case.copied().unwrap_or(""))
            }
            (Some(attr), _) => self.style.write(self.out, attr, Typed::No),
            (None, _) => Ok(()),
        }
    }

    /// ` {…}`: the attributes that the form does not write and that are no defaults.
    pub(super) fn attr_dict(&mut self, op: &Operation, format: &Format, keyword: bool) -> fmt::Result {
        self.attrs_left(op, format, keyword, true)
    }

    /// ` {…}`: the attributes that the form does not write; those that are defaults unless they are left out.
    pub(super) fn attrs_left(
        &mut self,
        op: &Operation,
        format: &Format,
        keyword: bool,
        omit_defaults: bool,
    ) -> fmt::Result {
        let info = op.opcode.info();
        let is_left = |name: &str, attr: &Attr| match info.attributes.iter().position(|spec| spec.name == name) {
            Some(index) => {
                !(format.writes_attribute(index) || omit_defaults && info.attributes[index].is_default(attr))
            }
            None => !(info.traits.contains(Traits::SEGMENTED) && name.ends_with("SegmentSizes")),
        };
        let left: Vec<_> = op.attrs.iter().filter(|(name, attr)| is_left(name, attr)).collect();
        if left.is_empty() {
            return Ok(());
        }
        self.out.write_str(if keyword { " attributes " } else { " " })?;
        self.style.write_dict(self.out, left.into_iter())
    }
}

/// The bracketed group of a foreign attribute between a prefix and a suffix.
pub(super) fn stripped<'a>(attr: Option<&'a Attr>, prefix: &str, suffix: &str) -> Option<&'a str> {
    match attr {
        Some(Attr::Opaque(text)) => text.strip_prefix(prefix)?.strip_suffix(suffix),
        _ => None,
    }
}

/// Whether a constant's result has the type of its value.
fn constant_fits(scope: &Scope<'_>, op: &Operation) -> bool {
    match (op.attr("value"), op.result().map(|result| scope.func.value_type(result))) {
        (Some(Attr::Elements(value)), Some(Type::Tensor(ty))) => value.ty == *ty,
        _ => false,
    }
}

/// Whether the attributes that the form writes are there and of the kind that it can write.
fn attributes_fit(op: &Operation, format: &Format) -> bool {
    let fits = |spec: &AttrSpec| match op.attr(spec.name) {
        Some(attr) => spec.is_default(attr) || kind_fits(spec.kind, attr),
        None => spec.presence != Presence::Required,
    };
    let written = op.opcode.info().attributes.iter().enumerate().filter(|(index, _)| format.writes_attribute(*index));
    written.into_iter().all(|(_, spec)| fits(spec)) && stripped_fit(op, &format.directives)
}

fn stripped_fit(op: &Operation, directives: &[Directive]) -> bool {
    let attributes = op.opcode.info().attributes;
    directives.iter().all(|directive| match directive {
        Directive::Stripped { subject: Subject::Attribute(index), prefix, suffix } => {
            let spec = &attributes[*index];
            match op.attr(spec.name) {
                Some(attr) => stripped(Some(attr), prefix, suffix).is_some_and(|group| !group.is_empty()),
                None => spec.presence != Presence::Required,
            }
        }
        Directive::Optional { directives, otherwise, .. } => {
            stripped_fit(op, directives) && stripped_fit(op, otherwise)
        }
        _ => true,
    })
}

/// Whether a form can write an attribute of this kind without its type.
fn kind_fits(kind: AttrKind, attr: &Attr) -> bool {
    use crate::ir::{DenseArray, ElementType as T};
    let int = |ty: T| matches!(attr, Attr::Int(int) if int.ty == ty);
    let float = |ty: T| matches!(attr, Attr::Float(float) if float.ty == ty);
    match kind {
        AttrKind::I64 => int(T::I64),
        AttrKind::I32 | AttrKind::I32Enum(_) => int(T::I32),
        AttrKind::I32Cases(cases) => {
            matches!(attr, Attr::Int(i) if i.ty == T::I32 && usize::try_from(i.value).is_ok_and(|at| at < cases.len()))
        }
        AttrKind::UI64 => int(T::UI64),
        AttrKind::UI32 => int(T::UI32),
        AttrKind::F32 => float(T::F32),
        AttrKind::F64 => float(T::F64),
        AttrKind::Bool => matches!(attr, Attr::Bool(_)),
        AttrKind::String => matches!(attr, Attr::String(_)),
        AttrKind::Symbol => attr.as_symbol().is_some(),
        AttrKind::I64s => matches!(attr, Attr::DenseArray(DenseArray::I64(_))),
        AttrKind::Bools => matches!(attr, Attr::DenseArray(DenseArray::Bool(_))),
        AttrKind::I64Elements => matches!(attr, Attr::Elements(e) if e.ty.element == T::I64),
        AttrKind::Elements => matches!(attr, Attr::Elements(_)),
        AttrKind::Enum(kind) => matches!(attr, Attr::Enum { kind: given, .. } if *given == kind),
        AttrKind::Enums(kind) => match attr {
            Attr::Array(items) => items.iter().all(|i| matches!(i, Attr::Enum { kind: given, .. } if *given == kind)),
            _ => false,
        },
        AttrKind::DotDimensionNumbers => matches!(attr, Attr::DotDimensionNumbers(_)),
        AttrKind::ConvDimensionNumbers => matches!(attr, Attr::ConvDimensionNumbers(_)),
        AttrKind::DotAlgorithm => matches!(attr, Attr::DotAlgorithm(_)),
        _ => true,
    }
}

/// Whether the types that the form does not write follow from those it writes.
fn types_follow(scope: &Scope<'_>, parts: &Parts<'_>, format: &Format) -> bool {
    let mut written: Vec<ValueId> = Vec::new();
    for directive in &format.directives {
        match directive {
            Directive::FunctionalType | Directive::Custom(..) => return true,
            Directive::Type(subject) if parts.values(*subject).is_empty() => return false,
            Directive::Type(subject) => written.extend(parts.values(*subject)),
            Directive::Optional { directives, .. } => {
                for inner in directives {
                    match inner {
                        Directive::Type(subject) => written.extend(parts.values(*subject)),
                        Directive::Custom(..) => return true,
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    let mut all = parts.op.operands.iter().chain(&parts.op.results);
    if all.clone().all(|value| written.contains(value)) {
        return true;
    }
    let ty = |value: ValueId| scope.func.value_type(value);
    written.first().is_some_and(|&first| all.all(|&value| ty(value) == ty(first)))
}
