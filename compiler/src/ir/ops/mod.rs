//! The op table: every operation, declared once.
//!
//! [`table`](self) declares an operation's name, operands, results, attributes, regions, traits and
//! assembly form. The parser, the printer, the bytecode reader and the verifier's structural
//! checks all read these declarations; adding an operation means adding it here, and teaching
//! `eval` to compute it. Constraints that relate several parts of an operation (the
//! specification's C1, C2, …) live in `valid`, under the specification's tags.

mod classes;
mod enums;
mod format;
mod groups;
mod table;

use std::sync::LazyLock;

use super::attrs::Attr;
pub use classes::TypeClass;
pub use enums::EnumKind;
pub use format::{Custom, Directive, Format, Subject};
pub use groups::{Groups, OPERAND_SEGMENT_SIZES, RESULT_SEGMENT_SIZES};
pub use table::Opcode;

/// How often an operand, result or attribute may appear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Exactly once.
    Required,
    /// At most once.
    Optional,
    /// Any number of times (operands, results and regions only).
    Variadic,
    /// At most once; absence means this value (attributes only).
    Default(DefaultValue),
}

/// The value that an absent attribute stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefaultValue {
    /// A boolean.
    Bool(bool),
    /// An integer of the attribute's width.
    Int(i64),
    /// The bits of an `f64`.
    F64(u64),
    /// The empty string.
    EmptyString,
    /// `[]`.
    EmptyArray,
    /// `#stablehlo.result_accuracy<mode = DEFAULT>`.
    DefaultAccuracy,
}

impl DefaultValue {
    /// Whether an attribute spells this value out.
    pub fn is(self, attr: &Attr) -> bool {
        match (self, attr) {
            (DefaultValue::Bool(value), Attr::Bool(given)) => value == *given,
            (DefaultValue::Int(value), Attr::Int(given)) => i128::from(value) == given.value,
            (DefaultValue::F64(bits), Attr::Float(given)) => bits == given.bits,
            (DefaultValue::EmptyString, Attr::String(given)) => given.is_empty(),
            (DefaultValue::EmptyArray, Attr::Array(given)) => given.is_empty(),
            (DefaultValue::DefaultAccuracy, Attr::ResultAccuracy(given)) => {
                (given.atol, given.rtol, given.ulps, given.mode) == (0, 0, 0, "DEFAULT")
            }
            _ => false,
        }
    }
}

/// What an attribute must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttrKind {
    /// `i64`.
    I64,
    /// `i32`.
    I32,
    /// `ui64`.
    UI64,
    /// `ui32`.
    UI32,
    /// A boolean.
    Bool,
    /// A unit attribute.
    Unit,
    /// A float of type `f32`.
    F32,
    /// A float of type `f64`.
    F64,
    /// A string.
    String,
    /// A symbol reference to a function.
    Symbol,
    /// An array of symbol references.
    Symbols,
    /// `array<i64: …>`.
    I64s,
    /// `array<i1: …>`.
    Bools,
    /// A tensor of `i64`.
    I64Elements,
    /// A tensor of any element type.
    Elements,
    /// An array of integer tensors (layouts).
    ElementsArray,
    /// An enumeration.
    Enum(EnumKind),
    /// An array of enumeration cases.
    Enums(EnumKind),
    /// An enumeration that is stored, and written, as an `i32` with this many cases.
    I32Enum(u32),
    /// An enumeration that is stored as an `i32` but whose cases the assembly form names.
    I32Cases(&'static [&'static str]),
    /// The process groups of a collective: a tensor of `i64` with a row a group, or
    /// `#stablehlo.replica_group_mesh_axes`.
    ReplicaGroups,
    /// `#chlo.ragged_dot`.
    RaggedDotDimensionNumbers,
    /// `#stablehlo.dot`.
    DotDimensionNumbers,
    /// `#stablehlo.gather`.
    GatherDimensionNumbers,
    /// `#stablehlo.scatter`.
    ScatterDimensionNumbers,
    /// `#stablehlo.conv`.
    ConvDimensionNumbers,
    /// `#stablehlo.channel_handle`.
    ChannelHandle,
    /// `#stablehlo.dot_algorithm`.
    DotAlgorithm,
    /// `#stablehlo.result_accuracy`.
    ResultAccuracy,
    /// An array of `#stablehlo.output_operand_alias`.
    OutputOperandAliases,
    /// A type.
    Type,
    /// An array.
    Array,
    /// A dictionary.
    Dict,
    /// Anything.
    Any,
}

/// A declared operand or result.
#[derive(Clone, Copy, Debug)]
pub struct ValueSpec {
    /// The specification's name.
    pub name: &'static str,
    /// What its type must be.
    pub class: TypeClass,
    /// How often it appears.
    pub presence: Presence,
}

/// A declared attribute.
#[derive(Clone, Copy, Debug)]
pub struct AttrSpec {
    /// The specification's name.
    pub name: &'static str,
    /// What it must be.
    pub kind: AttrKind,
    /// Whether it may be absent.
    pub presence: Presence,
}

impl AttrSpec {
    /// Whether the attribute only says what its absence would say, too.
    pub fn is_default(&self, attr: &Attr) -> bool {
        matches!(self.presence, Presence::Default(value) if value.is(attr))
    }
}

/// A declared region.
#[derive(Clone, Copy, Debug)]
pub struct RegionSpec {
    /// The specification's name.
    pub name: &'static str,
    /// Whether there is one or any number.
    pub presence: Presence,
}

/// Facts about an operation that hold for all its uses: a set of flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Traits(u16);

impl Traits {
    /// Nothing in particular.
    pub const NONE: Traits = Traits(0);
    /// Has no effect but its results: may be moved, duplicated, merged or dropped.
    pub const PURE: Traits = Traits(1);
    /// Must run, once, in program order.
    pub const SIDE_EFFECT: Traits = Traits(1 << 1);
    /// Ends a region.
    pub const TERMINATOR: Traits = Traits(1 << 2);
    /// Operands may be swapped.
    pub const COMMUTATIVE: Traits = Traits(1 << 3);
    /// Computes each result element from the operands' elements at the same place.
    pub const ELEMENTWISE: Traits = Traits(1 << 4);
    /// Operands and results have compatible types (the specification's `baseline_type` equality).
    pub const SAME_TYPE: Traits = Traits(1 << 5);
    /// Operands and results have the same shape.
    pub const SAME_SHAPE: Traits = Traits(1 << 6);
    /// Its regions may not use values from outside.
    pub const ISOLATED: Traits = Traits(1 << 7);
    /// Several variadic groups, told apart by an `operandSegmentSizes` attribute.
    pub const SEGMENTED: Traits = Traits(1 << 8);
    /// Several variadic groups, all of the same size.
    pub const EQUAL_SEGMENTS: Traits = Traits(1 << 9);
    /// Talks to other devices.
    pub const COLLECTIVE: Traits = Traits(1 << 10);

    /// Whether all flags of `other` are set.
    pub const fn contains(self, other: Traits) -> bool {
        self.0 & other.0 == other.0
    }

    /// The flags of both.
    pub const fn union(self, other: Traits) -> Traits {
        Traits(self.0 | other.0)
    }
}

/// The declaration of an operation.
#[derive(Clone, Copy, Debug)]
pub struct OpInfo {
    /// Its opcode.
    pub opcode: Opcode,
    /// Its full name, `dialect.mnemonic`.
    pub name: &'static str,
    /// What it does.
    pub doc: &'static str,
    /// Operands in order.
    pub operands: &'static [ValueSpec],
    /// Results in order.
    pub results: &'static [ValueSpec],
    /// Inherent attributes.
    pub attributes: &'static [AttrSpec],
    /// Regions in order.
    pub regions: &'static [RegionSpec],
    /// Facts.
    pub traits: Traits,
    /// The pretty form, see [`Format`]; an operation without one is printed in generic form.
    pub assembly: Option<&'static str>,
}

impl OpInfo {
    /// The dialect, before the dot.
    pub fn dialect(&self) -> &'static str {
        self.name.split_once('.').map_or("", |(dialect, _)| dialect)
    }

    /// The name after the dialect.
    pub fn mnemonic(&self) -> &'static str {
        self.name.split_once('.').map_or(self.name, |(_, mnemonic)| mnemonic)
    }

    /// The declaration of the attribute of this name.
    pub fn attribute(&self, name: &str) -> Option<&'static AttrSpec> {
        self.attributes.iter().find(|a| a.name == name)
    }
}

static BY_NAME: LazyLock<foldhash::HashMap<&'static str, Opcode>> =
    LazyLock::new(|| Opcode::ALL.iter().map(|op| (op.info().name, *op)).collect());

static FORMATS: LazyLock<Vec<Option<Format>>> = LazyLock::new(|| {
    let parse = |info: &'static OpInfo| {
        let text = info.assembly?;
        Some(Format::parse(text, info).expect("assembly forms of the op table parse; a test reads them all"))
    };
    Opcode::ALL.iter().map(|op| parse(op.info())).collect()
});

impl Opcode {
    /// The operation of this full name.
    pub fn from_name(name: &str) -> Option<Opcode> {
        BY_NAME.get(name).copied()
    }

    /// The operation on operands of one shape that a broadcasting one of CHLO stands for.
    pub fn without_broadcast(self) -> Option<Opcode> {
        Some(match self {
            Opcode::BroadcastAdd => Opcode::Add,
            Opcode::BroadcastAnd => Opcode::And,
            Opcode::BroadcastAtan2 => Opcode::Atan2,
            Opcode::BroadcastCompare => Opcode::Compare,
            Opcode::BroadcastComplex => Opcode::Complex,
            Opcode::BroadcastDivide => Opcode::Divide,
            Opcode::BroadcastMaximum => Opcode::Maximum,
            Opcode::BroadcastMinimum => Opcode::Minimum,
            Opcode::BroadcastMultiply => Opcode::Multiply,
            Opcode::BroadcastNextAfter => Opcode::NextAfter,
            Opcode::BroadcastOr => Opcode::Or,
            Opcode::BroadcastPolygamma => Opcode::Polygamma,
            Opcode::BroadcastPower => Opcode::Power,
            Opcode::BroadcastRemainder => Opcode::Remainder,
            Opcode::BroadcastSelect => Opcode::Select,
            Opcode::BroadcastShiftLeft => Opcode::ShiftLeft,
            Opcode::BroadcastShiftRightArithmetic => Opcode::ShiftRightArithmetic,
            Opcode::BroadcastShiftRightLogical => Opcode::ShiftRightLogical,
            Opcode::BroadcastSubtract => Opcode::Subtract,
            Opcode::BroadcastXor => Opcode::Xor,
            Opcode::BroadcastZeta => Opcode::Zeta,
            _ => return None,
        })
    }

    /// The pretty form.
    pub fn format(self) -> Option<&'static Format> {
        FORMATS.get(self as usize)?.as_ref()
    }

    /// Whether the operation has all these traits.
    pub fn has(self, traits: Traits) -> bool {
        self.info().traits.contains(traits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_leads_back_to_its_opcode() {
        for &op in Opcode::ALL {
            assert_eq!(Opcode::from_name(op.info().name), Some(op), "{}", op.info().name);
            assert_eq!(op.info().opcode, op);
        }
    }

    #[test]
    fn every_assembly_form_parses() {
        for &op in Opcode::ALL {
            if let Some(text) = op.info().assembly {
                Format::parse(text, op.info()).unwrap_or_else(|e| panic!("{}: {e}", op.info().name));
            }
        }
    }
}
