//! The table itself. Columns: opcode, full name, operands, results, attributes, regions, traits,
//! assembly form. Names are the specification's.
//!
//! Each file declares a dialect's operations, or a family of StableHLO's, as a macro that appends them to what it
//! was handed; chained, they give one list, and so one [`Opcode`].

mod chlo;
mod other;
mod stablehlo;

use super::{AttrKind, AttrSpec, DefaultValue, EnumKind, OpInfo, Presence, RegionSpec, Traits, TypeClass, ValueSpec};
use chlo::chlo_ops;
use other::other_ops;
use stablehlo::{collective_ops, elementwise_ops, numeric_ops, shape_ops, structure_ops};

macro_rules! presence {
    () => {
        Presence::Required
    };
    (optional) => {
        Presence::Optional
    };
    (variadic) => {
        Presence::Variadic
    };
    (default $value:expr) => {
        Presence::Default($value)
    };
}

macro_rules! ops {
    (; $(
        $(#[doc = $doc:literal])+
        $opcode:ident $name:literal
        ($($operand:ident: $operand_class:ident $([$($operand_presence:tt)+])?),*)
        -> ($($result:ident: $result_class:ident $([$($result_presence:tt)+])?),*)
        {
            $(attributes: [$($attr:ident: $attr_kind:expr $(=> [$($attr_presence:tt)+])?),* $(,)?],)?
            $(regions: [$($region:ident $([$($region_presence:tt)+])?),*],)?
            traits: [$($trait:ident),*],
            $(assembly: $assembly:literal,)?
        }
    )*) => {
        /// An operation of the table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u16)]
        pub enum Opcode {
            $($(#[doc = $doc])+ $opcode,)*
            /// An operation of a dialect that the table does not know, kept in generic form.
            Foreign,
        }

        impl Opcode {
            /// Every operation of the table, [`Opcode::Foreign`] excluded, in the order of the enum.
            pub const ALL: &'static [Opcode] = &[$(Opcode::$opcode,)*];

            /// The declaration.
            pub fn info(self) -> &'static OpInfo {
                &TABLE[self as usize]
            }
        }

        static TABLE: &[OpInfo] = &[$(OpInfo {
            opcode: Opcode::$opcode,
            name: $name,
            doc: concat!($($doc, "\n"),+),
            operands: &[$(ValueSpec {
                name: stringify!($operand),
                class: TypeClass::$operand_class,
                presence: presence!($($($operand_presence)+)?),
            }),*],
            results: &[$(ValueSpec {
                name: stringify!($result),
                class: TypeClass::$result_class,
                presence: presence!($($($result_presence)+)?),
            }),*],
            attributes: &[$($(AttrSpec {
                name: stringify!($attr),
                kind: { use AttrKind::*; $attr_kind },
                presence: { #[allow(unused_imports)] use DefaultValue::*; #[allow(unused_imports)] use DefaultValue::Bool as B; presence!($($($attr_presence)+)?) },
            }),*)?],
            regions: &[$($(RegionSpec {
                name: stringify!($region),
                presence: presence!($($($region_presence)+)?),
            }),*)?],
            traits: Traits::NONE$(.union(Traits::$trait))*,
            assembly: optional_literal!($($assembly)?),
        },)* OpInfo {
            opcode: Opcode::Foreign,
            name: "",
            doc: "An operation of a dialect that the table does not know.",
            operands: &[],
            results: &[],
            attributes: &[],
            regions: &[],
            traits: Traits::SIDE_EFFECT,
            assembly: None,
        }];
    };
}

macro_rules! optional_literal {
    () => {
        None
    };
    ($text:literal) => {
        Some($text)
    };
}

elementwise_ops!(shape_ops numeric_ops structure_ops collective_ops chlo_ops other_ops ops;);
