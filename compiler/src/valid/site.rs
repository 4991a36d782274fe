//! The operation under check: its parts, and where errors about it go.
//!
//! A check returns [`Checked`]: an `Err` carries no message but the proof that one was recorded, so
//! that a caller can only go on with values that the check established, and no failure is silent.

use std::ops::Deref;

use super::location::LazyNames;
use super::tags;
use crate::diag::{Diagnostic, Span};
use crate::ir::{
    Attr, AttrMap, Dim, ElementType, Func, Locations, OpId, Opcode, RegionId, TensorType, Type, ValueDef, ValueId,
};

/// Proof that an error was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reported;

/// The outcome of a check.
pub(super) type Checked<T = ()> = Result<T, Reported>;

/// The parts of an operation, in its function or about to be made.
#[derive(Clone, Copy)]
pub(super) struct Site<'a> {
    pub func: &'a Func,
    pub opcode: Opcode,
    pub name: &'a str,
    pub operands: &'a [ValueId],
    /// `None` for an operation that is about to be made, whose results are inferred.
    pub results: Option<&'a [ValueId]>,
    pub attrs: &'a AttrMap,
    pub regions: &'a [RegionId],
    pub span: Span,
    /// Which operation of the function, and what names its surroundings; `None` where `results` is.
    pub context: Option<Context<'a>>,
}

/// An operation's place among others.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub op: OpId,
    pub locs: &'a Locations,
    pub names: &'a LazyNames,
}

impl<'a> Site<'a> {
    /// An operation of a function.
    pub(super) fn of(func: &'a Func, op: OpId, locs: &'a Locations, names: &'a LazyNames) -> Self {
        let operation = &func.ops[op];
        Self {
            func,
            opcode: operation.opcode,
            name: operation.name(),
            operands: &operation.operands,
            results: Some(&operation.results),
            attrs: &operation.attrs,
            regions: &operation.regions,
            span: operation.span,
            context: Some(Context { op, locs, names }),
        }
    }

    /// The type of an operand.
    pub(super) fn operand_type(&self, index: usize) -> &'a Type {
        self.func.value_type(self.operands[index])
    }

    /// The types of all operands.
    pub(super) fn operand_types(&self) -> Vec<&'a Type> {
        self.operands.iter().map(|&v| self.func.value_type(v)).collect()
    }

    /// The types of all results; none for an operation that is about to be made.
    pub(super) fn result_types(&self) -> Vec<&'a Type> {
        self.results.unwrap_or_default().iter().map(|&v| self.func.value_type(v)).collect()
    }

    /// The types of a region's arguments.
    pub(super) fn region_args(&self, index: usize) -> Vec<&'a Type> {
        self.func.regions[self.regions[index]].args.iter().map(|&v| self.func.value_type(v)).collect()
    }

    /// The types that a region returns.
    pub(super) fn region_results(&self, index: usize) -> Vec<&'a Type> {
        let terminator = self.func.terminator(self.regions[index]);
        let values = terminator.map_or(&[][..], |op| &self.func.ops[op].operands);
        values.iter().map(|&v| self.func.value_type(v)).collect()
    }

    /// The attribute of this name.
    pub(super) fn attr(&self, name: &str) -> Option<&'a Attr> {
        self.attrs.get(name)
    }

    /// An integer attribute that the table requires, zero where it is absent.
    pub(super) fn int(&self, name: &str) -> i64 {
        self.attr(name).and_then(Attr::as_i64).unwrap_or(0)
    }

    /// A boolean or unit attribute; false where it is absent.
    pub(super) fn flag(&self, name: &str) -> bool {
        matches!(self.attr(name), Some(Attr::Unit | Attr::Bool(true)))
    }

    /// An `array<i64>` attribute; empty where it is absent.
    pub(super) fn i64s(&self, name: &str) -> &'a [i64] {
        self.attr(name).and_then(Attr::as_i64s).unwrap_or(&[])
    }

    /// The integers of an operand that is a constant vector or scalar of `len` elements.
    pub(super) fn constant_operand(&self, index: usize, len: usize) -> Option<Vec<i64>> {
        constant_i64s(self.func, self.operands[index], len)
    }

    /// What `place` calls itself in messages: `operand 1`, with its name in the table.
    pub(super) fn operand_label(&self, index: usize) -> String {
        let specs = self.opcode.info().operands;
        match specs {
            [one] if self.operands.len() == 1 => format!("`{}`", one.name),
            _ if specs.len() == self.operands.len() && specs.get(index).is_some() => {
                format!("operand {index} (`{}`)", specs[index].name)
            }
            _ => format!("operand {index}"),
        }
    }

    /// An error about the operation.
    pub(super) fn error(&self, tag: &'static str, message: impl AsRef<str>) -> Diagnostic {
        let mut diagnostic = Diagnostic::error(self.span, format!("`{}`: {}", self.name, message.as_ref())).tag(tag);
        if let (Some(context), false) = (self.context, self.span.is_some()) {
            diagnostic.location = Some(context.names.place(self.func, context.op, context.locs));
        }
        diagnostic
    }

    /// Where an operand was defined, as a note.
    fn definition_note(&self, index: usize, diagnostic: Diagnostic) -> Diagnostic {
        let Some(&value) = self.operands.get(index) else { return diagnostic };
        let ty = self.func.value_type(value);
        let (span, what) = match self.func.values[value].def {
            ValueDef::Result { op, .. } => (self.func.ops[op].span, "was defined here"),
            ValueDef::Argument { region, .. } if Some(region) == self.func.body => {
                (self.func.span, "is an argument of this function")
            }
            ValueDef::Argument { .. } => (Span::NONE, "is an argument of a region"),
        };
        let label = self.operand_label(index);
        match (span.is_some() || self.span.is_some(), self.context) {
            (false, Some(context)) => {
                let name = context.names.get(self.func).get(self.func, value);
                diagnostic.note(Span::NONE, format!("{label} is `{name}`, of type `{ty}`"))
            }
            _ => diagnostic.note(span, format!("{label} of type `{ty}` {what}")),
        }
    }
}

/// The integers of a value that is the result of a constant of exactly `len` elements.
pub(super) fn constant_i64s(func: &Func, value: ValueId, len: usize) -> Option<Vec<i64>> {
    let op = func.ops.get(func.defining_op(value)?)?;
    if !matches!(op.opcode, Opcode::Constant | Opcode::ChloConstant | Opcode::SdyConstant) {
        return None;
    }
    let elements = op.attr("value")?.as_elements()?;
    (elements.ty.element_count()? == len as u64).then(|| elements.to_i64s()).flatten()
}

/// An operation under check, and the errors found so far.
pub(super) struct OpCx<'a> {
    pub site: Site<'a>,
    pub errors: Vec<Diagnostic>,
}

impl<'a> Deref for OpCx<'a> {
    type Target = Site<'a>;
    fn deref(&self) -> &Site<'a> {
        &self.site
    }
}

impl<'a> OpCx<'a> {
    pub(super) fn new(site: Site<'a>) -> Self {
        Self { site, errors: Vec::new() }
    }

    /// The tag of the operation's constraint (C`n`).
    pub(super) fn c(&self, n: usize) -> &'static str {
        tags::constraint(self.opcode, n)
    }

    /// Records an error.
    pub(super) fn fail(&mut self, tag: &'static str, message: impl AsRef<str>) -> Reported {
        self.fail_about(tag, &[], message)
    }

    /// Records an error, with notes where the operands in question come from.
    pub(super) fn fail_about(&mut self, tag: &'static str, operands: &[usize], message: impl AsRef<str>) -> Reported {
        let mut diagnostic = self.site.error(tag, message);
        for &index in operands {
            diagnostic = self.site.definition_note(index, diagnostic);
        }
        self.errors.push(diagnostic);
        Reported
    }

    /// Records an error unless the condition holds.
    pub(super) fn require(&mut self, holds: bool, tag: &'static str, message: impl FnOnce() -> String) -> Checked {
        if holds { Ok(()) } else { Err(self.fail(tag, message())) }
    }

    /// Records an error unless the condition holds, with notes on operands.
    pub(super) fn require_about(
        &mut self,
        holds: bool,
        tag: &'static str,
        operands: &[usize],
        message: impl FnOnce() -> String,
    ) -> Checked {
        if holds { Ok(()) } else { Err(self.fail_about(tag, operands, message())) }
    }

    /// A tensor operand.
    pub(super) fn tensor(&mut self, index: usize) -> Checked<&'a TensorType> {
        let Some(&value) = self.operands.get(index) else {
            return Err(self.fail("operand_count", format!("operand {index} is missing")));
        };
        match self.func.value_type(value) {
            Type::Tensor(t) => Ok(t),
            other => Err(self
                .fail(tags::input(self.opcode, index + 1), format!("operand {index} must be a tensor, not `{other}`"))),
        }
    }

    /// A tensor operand and its dimensions.
    pub(super) fn ranked(&mut self, index: usize) -> Checked<(&'a TensorType, &'a [Dim])> {
        let tensor = self.tensor(index)?;
        match &tensor.dims {
            Some(dims) => Ok((tensor, dims)),
            None => Err(self
                .fail(tags::input(self.opcode, index + 1), format!("operand {index} must be ranked, not `{tensor}`"))),
        }
    }

    /// A tensor result. Only for operations that have results.
    pub(super) fn result(&mut self, index: usize) -> Checked<&'a TensorType> {
        let value = self.results.unwrap_or_default().get(index);
        match value.map(|&v| self.func.value_type(v)) {
            Some(Type::Tensor(t)) => Ok(t),
            _ => Err(self.fail(tags::output(self.opcode, index + 1), format!("result {index} must be a tensor"))),
        }
    }

    /// A tensor result and its dimensions.
    pub(super) fn ranked_result(&mut self, index: usize) -> Checked<(&'a TensorType, &'a [Dim])> {
        let tensor = self.result(index)?;
        match &tensor.dims {
            Some(dims) => Ok((tensor, dims)),
            None => Err(self
                .fail(tags::output(self.opcode, index + 1), format!("result {index} must be ranked, not `{tensor}`"))),
        }
    }

    /// Records an error unless `dim` is a dimension of a tensor of this rank; gives it as an index.
    pub(super) fn dim_in_range(
        &mut self,
        dim: i64,
        rank: usize,
        tag: &'static str,
        name: &str,
        of: &str,
    ) -> Checked<usize> {
        match usize::try_from(dim) {
            Ok(index) if index < rank => Ok(index),
            _ => Err(self.fail(tag, format!("{name} is {dim}, but must be in [0, {rank}), the dimensions of {of}"))),
        }
    }

    /// Records an error unless all of `dims` are dimensions of a tensor of this rank; gives them as indices.
    pub(super) fn dims_in_range(
        &mut self,
        dims: &[i64],
        rank: usize,
        tag: &'static str,
        name: &str,
        of: &str,
    ) -> Checked<Vec<usize>> {
        let indices: Option<Vec<usize>> = dims.iter().map(|&d| usize::try_from(d).ok().filter(|&d| d < rank)).collect();
        match indices {
            Some(indices) => Ok(indices),
            None => {
                let wrong = dims.iter().find(|&&d| d < 0 || d as u64 >= rank as u64).copied().unwrap_or_default();
                let message = format!("{name} holds {wrong}, but must be in [0, {rank}), the dimensions of {of}");
                Err(self.fail(tag, message))
            }
        }
    }

    /// Records an error when a number occurs twice in a list.
    pub(super) fn unique(&mut self, numbers: &[i64], tag: &'static str, name: &str) -> Checked {
        match first_repeated(numbers.iter().copied()) {
            Some(twice) => {
                Err(self.fail(tag, format!("{name} must not repeat, but holds {twice} twice: {}", list(numbers))))
            }
            None => Ok(()),
        }
    }

    /// Records an error when a list does not ascend.
    pub(super) fn sorted(&mut self, numbers: &[i64], tag: &'static str, name: &str) -> Checked {
        self.require(numbers.is_sorted(), tag, || format!("{name} must be sorted, got {}", list(numbers)))
    }

    /// Records an error unless the element types of these operands are compatible with the first one's.
    pub(super) fn same_elements(&mut self, operands: std::ops::Range<usize>, tag: &'static str) -> Checked {
        let first = operands.start;
        let Some(reference) = (!operands.is_empty()).then(|| self.tensor(first)).transpose()? else { return Ok(()) };
        for index in operands.skip(1) {
            let element = &self.tensor(index)?.element;
            if !super::compat::compatible_elements(&reference.element, element) {
                let (a, b) = (self.operand_label(first), self.operand_label(index));
                let message = format!(
                    "{a} and {b} must have compatible element types, got `{}` and `{element}`",
                    reference.element
                );
                return Err(self.fail_about(tag, &[first, index], message));
            }
        }
        Ok(())
    }
}

/// The first number that occurs a second time.
pub(super) fn first_repeated(numbers: impl IntoIterator<Item = i64>) -> Option<i64> {
    let mut seen = std::collections::HashSet::new();
    numbers.into_iter().find(|n| !seen.insert(*n))
}

/// Numbers as `[1, 2]`; long lists are cut.
pub(super) fn list(numbers: &[i64]) -> String {
    const MOST: usize = 16;
    let shown: Vec<String> = numbers.iter().take(MOST).map(|n| n.to_string()).collect();
    let rest = if numbers.len() > MOST { ", …" } else { "" };
    format!("[{}{rest}]", shown.join(", "))
}

/// Dimensions as `2x?x3`, or `scalar`.
pub(super) fn shape_text(dims: &[Dim]) -> String {
    match dims {
        [] => "scalar".to_owned(),
        dims => dims.iter().map(|d| d.to_string()).collect::<Vec<_>>().join("x"),
    }
}

/// Types separated by commas, in parentheses; long lists are cut.
pub(super) fn types_text(types: &[&Type]) -> String {
    const MOST: usize = 16;
    let shown: Vec<String> = types.iter().take(MOST).map(|t| t.to_string()).collect();
    let rest = types.len().saturating_sub(MOST);
    let rest = if rest > 0 { format!(", and {rest} more") } else { String::new() };
    format!("({}{rest})", shown.join(", "))
}

/// The scalar tensor type of an element type.
pub(super) fn scalar(element: &ElementType) -> TensorType {
    TensorType::scalar(element.clone())
}
