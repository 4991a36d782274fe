//! Attributes: the compile-time arguments of operations.

use smallvec::SmallVec;
use smol_str::SmolStr;

use super::dims::{
    ChannelHandle, ConvDimensionNumbers, DotAlgorithm, DotDimensionNumbers, GatherDimensionNumbers, OutputOperandAlias,
    RaggedDotDimensionNumbers, ReplicaGroupMeshAxes, ResultAccuracy, ScatterDimensionNumbers,
};
use super::elements::DenseElements;
use super::entity::LocId;
use super::ops::EnumKind;
use super::types::{ElementType, Type};

/// An integer with its type, such as `1 : i64`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IntAttr {
    /// The value; for unsigned types the zero-extended one.
    pub value: i128,
    /// An integer type or `index`.
    pub ty: ElementType,
}

/// A floating-point number with its type, such as `1.0 : f32`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FloatAttr {
    /// The bits of the value in its own type, zero-extended.
    pub bits: u64,
    /// A float type.
    pub ty: ElementType,
}

/// `array<i64: 1, 2>`: a flat array with no tensor type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each variant is the array of its element type")]
pub enum DenseArray {
    Bool(Vec<bool>),
    I8(Vec<i8>),
    I16(Vec<i16>),
    I32(Vec<i32>),
    I64(Vec<i64>),
    /// Bits of each element.
    F32(Vec<u32>),
    /// Bits of each element.
    F64(Vec<u64>),
}

/// Any attribute.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Attr {
    /// Present or absent, no value.
    Unit,
    /// `true` or `false`.
    Bool(bool),
    /// A typed integer.
    Int(IntAttr),
    /// A typed float.
    Float(FloatAttr),
    /// A string; its bytes are UTF-8.
    String(SmolStr),
    /// A type.
    Type(Type),
    /// `[a, b]`.
    Array(Vec<Attr>),
    /// `{a = 1, b}`.
    Dict(AttrMap),
    /// `@root::@nested`.
    Symbol(SmallVec<[SmolStr; 1]>),
    /// `dense<…>` or `dense_resource<…>`.
    Elements(DenseElements),
    /// `array<…>`.
    DenseArray(DenseArray),
    /// `#stablehlo<comparison_direction LT>` and its like; see [`EnumKind`].
    Enum {
        /// Which enumeration.
        kind: EnumKind,
        /// The case, one of [`EnumKind::cases`].
        case: &'static str,
    },
    /// `#stablehlo.dot<…>`.
    DotDimensionNumbers(Box<DotDimensionNumbers>),
    /// `#stablehlo.gather<…>`.
    GatherDimensionNumbers(Box<GatherDimensionNumbers>),
    /// `#stablehlo.scatter<…>`.
    ScatterDimensionNumbers(Box<ScatterDimensionNumbers>),
    /// `#stablehlo.conv<…>`.
    ConvDimensionNumbers(Box<ConvDimensionNumbers>),
    /// `#stablehlo.channel_handle<…>`.
    ChannelHandle(ChannelHandle),
    /// `#stablehlo.dot_algorithm<…>`.
    DotAlgorithm(Box<DotAlgorithm>),
    /// `#stablehlo.result_accuracy<…>`.
    ResultAccuracy(ResultAccuracy),
    /// `#stablehlo.output_operand_alias<…>`.
    OutputOperandAlias(Box<OutputOperandAlias>),
    /// `#chlo.ragged_dot<…>`.
    RaggedDotDimensionNumbers(Box<RaggedDotDimensionNumbers>),
    /// `#stablehlo.replica_group_mesh_axes<…>`.
    ReplicaGroupMeshAxes(Box<ReplicaGroupMeshAxes>),
    /// `#stablehlo.bounds<3, ?>`: the largest size of each dynamic dimension.
    Bounds(Vec<Option<u64>>),
    /// A location used as an attribute.
    Location(LocId),
    /// An attribute of another dialect, kept as written after the `#`, such as
    /// `sdy.sharding<@mesh, [{"x"}, {}]>`.
    Opaque(SmolStr),
    /// An attribute of MLIR's own that has no meaning here, kept as written: an affine map or set, a strided layout,
    /// an array of an element type that [`DenseArray`] lacks.
    Builtin(SmolStr),
}

impl Attr {
    /// A 64-bit signless integer.
    pub fn i64(value: i64) -> Self {
        Attr::Int(IntAttr { value: i128::from(value), ty: ElementType::I64 })
    }

    /// A 32-bit signless integer.
    pub fn i32(value: i32) -> Self {
        Attr::Int(IntAttr { value: i128::from(value), ty: ElementType::I32 })
    }

    /// `array<i64: …>`.
    pub fn i64s(values: impl IntoIterator<Item = i64>) -> Self {
        Attr::DenseArray(DenseArray::I64(values.into_iter().collect()))
    }

    /// A reference to a top-level symbol.
    pub fn symbol(name: impl Into<SmolStr>) -> Self {
        Attr::Symbol(SmallVec::from_elem(name.into(), 1))
    }

    /// A string.
    pub fn string(text: impl Into<SmolStr>) -> Self {
        Attr::String(text.into())
    }

    /// The integer's value as i64, when it is an integer that fits.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Attr::Int(int) => i64::try_from(int.value).ok(),
            _ => None,
        }
    }

    /// The boolean, when it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Attr::Bool(b) => Some(*b),
            _ => None,
        }
    }

    /// The string, when it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Attr::String(s) => Some(s),
            _ => None,
        }
    }

    /// The name, when it is a flat symbol reference.
    pub fn as_symbol(&self) -> Option<&str> {
        match self {
            Attr::Symbol(path) if path.len() == 1 => Some(&path[0]),
            _ => None,
        }
    }

    /// The elements of `array<i64: …>`.
    pub fn as_i64s(&self) -> Option<&[i64]> {
        match self {
            Attr::DenseArray(DenseArray::I64(values)) => Some(values),
            _ => None,
        }
    }

    /// The tensor constant, when it is one.
    pub fn as_elements(&self) -> Option<&DenseElements> {
        match self {
            Attr::Elements(elements) => Some(elements),
            _ => None,
        }
    }

    /// The case name, when it is an enumeration's.
    pub fn as_enum(&self) -> Option<&'static str> {
        match self {
            Attr::Enum { case, .. } => Some(case),
            _ => None,
        }
    }
}

/// Named attributes in the order they were given; names are unique.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct AttrMap(Vec<(SmolStr, Attr)>);

impl AttrMap {
    /// No attributes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Attributes whose names the caller knows to differ from one another.
    pub fn from_unique(entries: Vec<(SmolStr, Attr)>) -> Self {
        Self(entries)
    }

    /// The entries, in order.
    pub fn into_entries(self) -> Vec<(SmolStr, Attr)> {
        self.0
    }

    /// The attribute of this name.
    pub fn get(&self, name: &str) -> Option<&Attr> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, a)| a)
    }

    /// Whether there is an attribute of this name.
    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Adds or replaces an attribute; returns the one it replaced.
    pub fn set(&mut self, name: impl Into<SmolStr>, attr: Attr) -> Option<Attr> {
        let name = name.into();
        match self.0.iter_mut().find(|(n, _)| *n == name) {
            Some((_, old)) => Some(std::mem::replace(old, attr)),
            None => {
                self.0.push((name, attr));
                None
            }
        }
    }

    /// Removes and returns the attribute of this name.
    pub fn remove(&mut self, name: &str) -> Option<Attr> {
        let at = self.0.iter().position(|(n, _)| n == name)?;
        Some(self.0.remove(at).1)
    }

    /// Name and attribute, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&SmolStr, &Attr)> {
        self.0.iter().map(|(n, a)| (n, a))
    }

    /// How many attributes there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<N: Into<SmolStr>> FromIterator<(N, Attr)> for AttrMap {
    fn from_iter<I: IntoIterator<Item = (N, Attr)>>(iter: I) -> Self {
        let mut map = Self::new();
        for (name, attr) in iter {
            map.set(name, attr);
        }
        map
    }
}
