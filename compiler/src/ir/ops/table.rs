//! The table itself. Columns: opcode, full name, operands, results, attributes, regions, traits,
//! assembly form. Names are the specification's.

use super::{AttrKind, AttrSpec, DefaultValue, EnumKind, OpInfo, Presence, RegionSpec, Traits, TypeClass, ValueSpec};

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
    ($(
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
                presence: { #[allow(unused_imports)] use DefaultValue::{Bool as B, Int, Case}; presence!($($($attr_presence)+)?) },
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

ops! {
    /// Absolute value, element-wise; of complex numbers the modulus.
    Abs "stablehlo.abs" (operand: SIntFpOrComplex) -> (result: SIntOrFp) {
        traits: [PURE, ELEMENTWISE, SAME_SHAPE],
        assembly: "$operand attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// Sum, element-wise; logical or of `i1`.
    Add "stablehlo.add" (lhs: Tensor, rhs: Tensor) -> (result: Tensor) {
        traits: [PURE, ELEMENTWISE, COMMUTATIVE, SAME_TYPE],
        assembly: "$lhs , $rhs attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// Each dimension of the operand becomes the result's dimension of `broadcast_dimensions`.
    BroadcastInDim "stablehlo.broadcast_in_dim" (operand: Tensor) -> (result: Tensor) {
        attributes: [broadcast_dimensions: I64s],
        traits: [PURE],
        assembly: "$operand , dims = custom<I64Array>($broadcast_dimensions) attr-dict : functional-type",
    }
    /// Runs the branch that `index` chooses; the last one when it is out of range.
    Case "stablehlo.case" (index: ScalarI32) -> (results: TensorOrToken [variadic]) {
        regions: [branches [variadic]],
        traits: [],
    }
    /// Compares element-wise.
    Compare "stablehlo.compare" (lhs: Tensor, rhs: Tensor) -> (result: Pred) {
        attributes: [
            comparison_direction: Enum(EnumKind::ComparisonDirection),
            compare_type: Enum(EnumKind::ComparisonType) => [optional],
        ],
        traits: [PURE, ELEMENTWISE, SAME_SHAPE],
        assembly: "$comparison_direction , $lhs , $rhs [ , $compare_type ] attr-dict : functional-type",
    }
    /// Calls a decomposition by the name of the operation that it stands for.
    Composite "stablehlo.composite" (inputs: Value [variadic]) -> (results: Value [variadic]) {
        attributes: [
            name: String,
            composite_attributes: Dict => [optional],
            decomposition: Symbol,
            version: I32 => [default Int(0)],
        ],
        regions: [composite_regions [variadic]],
        traits: [],
        assembly: "custom<Composite>",
    }
    /// A tensor known when compiling.
    Constant "stablehlo.constant" () -> (output: Tensor) {
        attributes: [value: Elements],
        traits: [PURE],
        assembly: "custom<Constant>",
    }
    /// Sums of products over the contracting dimensions, for each pair of batching coordinates.
    DotGeneral "stablehlo.dot_general" (lhs: Tensor, rhs: Tensor) -> (result: Tensor) {
        attributes: [
            dot_dimension_numbers: DotDimensionNumbers,
            precision_config: Enums(EnumKind::Precision) => [optional],
            algorithm: DotAlgorithm => [optional],
        ],
        traits: [PURE],
        assembly: "$lhs , $rhs , custom<DotDimensionNumbers>($dot_dimension_numbers) custom<PrecisionConfigAndAlgorithm>($precision_config, $algorithm) attr-dict : functional-type",
    }
    /// Increasing numbers from zero along a dimension.
    Iota "stablehlo.iota" () -> (output: IntFpOrComplex) {
        attributes: [iota_dimension: I64],
        traits: [PURE],
        assembly: "dim = $iota_dimension attr-dict : type($output)",
    }
    /// Ends a region, giving its results.
    Return "stablehlo.return" (results: Any [variadic]) -> () {
        traits: [PURE, TERMINATOR],
        assembly: "$results attr-dict : type($results)",
    }
    /// Runs `body` as long as `cond` says so.
    While "stablehlo.while" (operand: TensorOrToken [variadic]) -> (results: TensorOrToken [variadic]) {
        regions: [cond, body],
        traits: [],
        assembly: "custom<While>",
    }
}
