//! Operations: results, the generic form, regions; the pretty form is in [`super::pretty`].

use std::fmt::{self, Write};

use super::attr::{AttrStyle, write_list};
use super::lexeme::write_string;
use super::location::Aliases;
use super::{Form, Name, Names};
use crate::ir::ops::{OPERAND_SEGMENT_SIZES, RESULT_SEGMENT_SIZES};
use crate::ir::{Attr, Func, LocId, OpId, Opcode, Operation, RegionId, Type, ValueId};

/// Writes a module to `out`.
pub(super) struct Printer<'a> {
    pub(super) out: &'a mut dyn Write,
    pub(super) form: Form,
    pub(super) style: AttrStyle<'a>,
    /// Names of locations, where locations are written.
    pub(super) aliases: Option<&'a Aliases>,
    /// How many levels the current line is indented.
    pub(super) indent: usize,
}

/// A function and the names of its values.
pub(super) struct Scope<'f> {
    pub(super) func: &'f Func,
    pub(super) names: Names,
}

impl Scope<'_> {
    pub(super) fn name(&self, value: ValueId) -> Name {
        self.names.get(self.func, value)
    }

    pub(super) fn types(&self, values: &[ValueId]) -> Vec<&Type> {
        values.iter().map(|&value| self.func.value_type(value)).collect()
    }
}

/// What a region belongs to: directly in a function, `func.` is left out.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Within {
    Function,
    Operation,
}

impl Printer<'_> {
    pub(super) fn start_line(&mut self) -> fmt::Result {
        (0..self.indent).try_for_each(|_| self.out.write_str("  "))
    }

    /// ` loc(#loc3)`, where locations are written.
    pub(super) fn location(&mut self, location: LocId) -> fmt::Result {
        let Some(aliases) = self.aliases else { return Ok(()) };
        self.out.write_str(" loc(")?;
        aliases.write(self.out, location)?;
        self.out.write_char(')')
    }

    /// A line with an operation.
    fn op(&mut self, scope: &Scope<'_>, id: OpId, within: Within) -> fmt::Result {
        let op = &scope.func.ops[id];
        self.start_line()?;
        let names = scope.names.results(scope.func, id);
        if !names.is_empty() {
            write_list(self.out, &names, |out, name| write!(out, "{name}"))?;
            if names.len() < op.results.len() {
                write!(self.out, ":{}", op.results.len())?;
            }
            self.out.write_str(" = ")?;
        }
        if self.form == Form::Generic || !self.pretty_op(scope, op, within)? {
            write_string(self.out, op.name())?;
            self.generic_rest(scope, op)?;
        }
        self.location(op.loc)?;
        self.out.write_char('\n')
    }

    /// The generic form after the name.
    pub(super) fn generic_rest(&mut self, scope: &Scope<'_>, op: &Operation) -> fmt::Result {
        self.out.write_char('(')?;
        self.operands(scope, &op.operands)?;
        self.out.write_char(')')?;
        let known = op.opcode != Opcode::Foreign;
        let (properties, discardable): (Vec<_>, Vec<_>) =
            op.attrs.iter().partition(|(name, _)| known && is_inherent(op, name));
        if !properties.is_empty() {
            self.out.write_str(" <")?;
            self.style.write_dict(self.out, properties.into_iter())?;
            self.out.write_char('>')?;
        }
        if !op.regions.is_empty() {
            self.out.write_str(" (")?;
            for (index, &region) in op.regions.iter().enumerate() {
                self.out.write_str(if index > 0 { ", " } else { "" })?;
                self.region(scope, region, Within::Operation)?;
            }
            self.out.write_char(')')?;
        }
        if !discardable.is_empty() {
            self.out.write_char(' ')?;
            self.style.write_dict(self.out, discardable.into_iter())?;
        }
        self.out.write_str(" : ")?;
        self.functional_type(scope, op)
    }

    /// `%a, %b`.
    pub(super) fn operands(&mut self, scope: &Scope<'_>, operands: &[ValueId]) -> fmt::Result {
        write_list(self.out, operands, |out, &operand| write!(out, "{}", scope.name(operand)))
    }

    /// Types with commas between.
    pub(super) fn types(&mut self, types: &[&Type]) -> fmt::Result {
        write_list(self.out, types, |out, ty| write!(out, "{ty}"))
    }

    /// `(operand types) -> result types`.
    pub(super) fn functional_type(&mut self, scope: &Scope<'_>, op: &Operation) -> fmt::Result {
        self.out.write_char('(')?;
        self.types(&scope.types(&op.operands))?;
        self.out.write_str(") -> ")?;
        match scope.types(&op.results).as_slice() {
            [one] if !matches!(one, Type::Function(_)) => write!(self.out, "{one}"),
            several => {
                self.out.write_char('(')?;
                self.types(several)?;
                self.out.write_char(')')
            }
        }
    }

    /// `{ ^bb0(…): operations }`, the label only where there are arguments.
    pub(super) fn region(&mut self, scope: &Scope<'_>, region: RegionId, within: Within) -> fmt::Result {
        self.out.write_str("{\n")?;
        let args = &scope.func.regions[region].args;
        if !args.is_empty() {
            self.start_line()?;
            self.out.write_str("^bb0(")?;
            for (index, &arg) in args.iter().enumerate() {
                self.out.write_str(if index > 0 { ", " } else { "" })?;
                self.argument(scope, arg)?;
            }
            self.out.write_str("):\n")?;
        }
        self.region_ops(scope, region, within)?;
        self.start_line()?;
        self.out.write_char('}')
    }

    /// `%arg: type loc(…)`.
    pub(super) fn argument(&mut self, scope: &Scope<'_>, arg: ValueId) -> fmt::Result {
        write!(self.out, "{}: {}", scope.name(arg), scope.func.value_type(arg))?;
        self.location(scope.func.values[arg].loc)
    }

    /// `{ operations }` without the arguments.
    pub(super) fn region_without_args(&mut self, scope: &Scope<'_>, region: RegionId) -> fmt::Result {
        self.out.write_str("{\n")?;
        self.region_ops(scope, region, Within::Operation)?;
        self.start_line()?;
        self.out.write_char('}')
    }

    pub(super) fn region_ops(&mut self, scope: &Scope<'_>, region: RegionId, within: Within) -> fmt::Result {
        self.indent += 1;
        for &op in &scope.func.regions[region].ops {
            self.op(scope, op, within)?;
        }
        self.indent -= 1;
        Ok(())
    }
}

/// Whether an attribute is one of the table's, or sizes of operand groups.
fn is_inherent(op: &Operation, name: &str) -> bool {
    let info = op.opcode.info();
    info.attribute(name).is_some() || name == OPERAND_SEGMENT_SIZES || name == RESULT_SEGMENT_SIZES
}

/// Whether an attribute counts as present: there, and not just its default.
pub(super) fn present(op: &Operation, index: usize) -> Option<&Attr> {
    let spec = op.opcode.info().attributes.get(index)?;
    op.attr(spec.name).filter(|attr| !spec.is_default(attr))
}
