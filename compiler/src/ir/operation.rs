//! Operations: an opcode of the table with its operands, results, attributes and regions.

use smallvec::SmallVec;
use smol_str::SmolStr;

use super::attrs::{Attr, AttrMap};
use super::dims::DotDimensionNumbers;
use super::entity::{LocId, RegionId, ValueId};
use super::ops::Opcode;
use crate::diag::Span;

/// An operation of a function.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Which operation of the table; [`Opcode::Foreign`] for one of an unknown dialect.
    pub opcode: Opcode,
    /// The full name of a foreign operation (`test.op`), `None` for all others.
    pub foreign_name: Option<SmolStr>,
    /// Operands, variadic groups flattened in the table's order.
    pub operands: SmallVec<[ValueId; 3]>,
    /// Results.
    pub results: SmallVec<[ValueId; 1]>,
    /// Inherent and discardable attributes.
    pub attrs: AttrMap,
    /// Regions.
    pub regions: SmallVec<[RegionId; 1]>,
    /// Where the program says it came from.
    pub loc: LocId,
    /// Where it stands in the source text, when it was read from text.
    pub span: Span,
}

impl Operation {
    /// The full name, `dialect.mnemonic`.
    pub fn name(&self) -> &str {
        match &self.foreign_name {
            Some(name) => name,
            None => self.opcode.info().name,
        }
    }

    /// The attribute of this name.
    pub fn attr(&self, name: &str) -> Option<&Attr> {
        self.attrs.get(name)
    }

    /// An integer attribute.
    pub fn i64_attr(&self, name: &str) -> Option<i64> {
        self.attr(name)?.as_i64()
    }

    /// An `array<i64: …>` attribute.
    pub fn i64s_attr(&self, name: &str) -> Option<&[i64]> {
        self.attr(name)?.as_i64s()
    }

    /// A string attribute.
    pub fn str_attr(&self, name: &str) -> Option<&str> {
        self.attr(name)?.as_str()
    }

    /// A flat symbol reference.
    pub fn symbol_attr(&self, name: &str) -> Option<&str> {
        self.attr(name)?.as_symbol()
    }

    /// An enumeration attribute's case.
    pub fn enum_attr(&self, name: &str) -> Option<&'static str> {
        self.attr(name)?.as_enum()
    }

    /// The `dot_dimension_numbers` attribute.
    pub fn dot_dimension_numbers(&self) -> Option<&DotDimensionNumbers> {
        match self.attr("dot_dimension_numbers")? {
            Attr::DotDimensionNumbers(d) => Some(d),
            _ => None,
        }
    }

    /// Whether every attribute is one that the op table declares. What the others mean is unknown here,
    /// so a rewrite that drops the operation would drop something that matters to somebody.
    pub fn has_only_declared_attrs(&self) -> bool {
        let info = self.opcode.info();
        self.attrs.iter().all(|(name, _)| info.attribute(name).is_some())
    }

    /// The single result, when there is exactly one.
    pub fn result(&self) -> Option<ValueId> {
        match self.results.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }
}
