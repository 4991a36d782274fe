//! Modules, functions, regions, operations, types, attributes and locations.

mod attrs;
mod builder;
mod dims;
mod elements;
mod entity;
mod equal;
mod floats;
mod function;
mod location;
mod module;
mod operation;
pub mod ops;
mod strings;
mod types;

pub use attrs::{Attr, AttrMap, DenseArray, FloatAttr, IntAttr};
pub use builder::Builder;
pub use dims::{
    AxisRef, ChannelHandle, ConvDimensionNumbers, DotAlgorithm, DotDimensionNumbers, GatherDimensionNumbers, Mesh,
    MeshReference, OutputOperandAlias, RaggedDotDimensionNumbers, ReplicaGroupMeshAxes, ResultAccuracy,
    ScatterDimensionNumbers,
};
pub use elements::{DenseElements, ElementsForm};
pub use entity::{Arena, Entity, FuncId, LocId, OpId, RegionId, ValueId};
pub use equal::{Difference, attrs_equal, equal};
pub use floats::FloatFormat;
pub use function::{Func, Region, Value, ValueDef, Visibility};
pub use location::{Location, Locations};
pub use module::{Global, Item, Module};
pub use operation::Operation;
pub use ops::{AttrKind, EnumKind, OpInfo, Opcode, Traits, TypeClass};
pub use strings::{bytes_of_text, text_of_bytes};
pub use types::{Dim, Dims, ElementType, FunctionType, QuantizedType, Signedness, TensorType, Type};
