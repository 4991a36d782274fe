//! The structured attributes of StableHLO, with the specification's field names.

use smol_str::SmolStr;

use super::elements::DenseElements;
use super::types::ElementType;

/// Which dimensions a `dot_general` batches over and which it contracts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
#[allow(missing_docs, reason = "fields are the specification's")]
pub struct DotDimensionNumbers {
    pub lhs_batching_dimensions: Vec<i64>,
    pub rhs_batching_dimensions: Vec<i64>,
    pub lhs_contracting_dimensions: Vec<i64>,
    pub rhs_contracting_dimensions: Vec<i64>,
}

/// How `gather` maps indices and offsets to operand positions.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
#[allow(missing_docs, reason = "fields are the specification's")]
pub struct GatherDimensionNumbers {
    pub offset_dims: Vec<i64>,
    pub collapsed_slice_dims: Vec<i64>,
    pub operand_batching_dims: Vec<i64>,
    pub start_indices_batching_dims: Vec<i64>,
    pub start_index_map: Vec<i64>,
    pub index_vector_dim: i64,
}

/// How `scatter` maps indices and windows to input positions.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
#[allow(missing_docs, reason = "fields are the specification's")]
pub struct ScatterDimensionNumbers {
    pub update_window_dims: Vec<i64>,
    pub inserted_window_dims: Vec<i64>,
    pub input_batching_dims: Vec<i64>,
    pub scatter_indices_batching_dims: Vec<i64>,
    pub scatter_dims_to_operand_dims: Vec<i64>,
    pub index_vector_dim: i64,
}

/// Which dimensions of a convolution's operands and result are batch, feature and space.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
#[allow(missing_docs, reason = "fields are the specification's")]
pub struct ConvDimensionNumbers {
    pub input_batch_dimension: i64,
    pub input_feature_dimension: i64,
    pub input_spatial_dimensions: Vec<i64>,
    pub kernel_input_feature_dimension: i64,
    pub kernel_output_feature_dimension: i64,
    pub kernel_spatial_dimensions: Vec<i64>,
    pub output_batch_dimension: i64,
    pub output_feature_dimension: i64,
    pub output_spatial_dimensions: Vec<i64>,
}

/// A communication channel. `channel_type` is 0 (invalid), 1 (device to device), 2 (device to
/// host) or 3 (host to device).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "fields are the specification's")]
pub struct ChannelHandle {
    pub handle: i64,
    pub channel_type: i64,
}

/// The arithmetic a `dot_general` must use.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "fields are the specification's")]
pub struct DotAlgorithm {
    pub lhs_precision_type: ElementType,
    pub rhs_precision_type: ElementType,
    pub accumulation_type: ElementType,
    pub lhs_component_count: i64,
    pub rhs_component_count: i64,
    pub num_primitive_operations: i64,
    pub allow_imprecise_accumulation: bool,
}

/// The accuracy asked of a transcendental function. Tolerances are the bits of f64 values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "fields are the specification's")]
pub struct ResultAccuracy {
    pub atol: u64,
    pub rtol: u64,
    pub ulps: i64,
    /// `DEFAULT`, `HIGHEST` or `TOLERANCE`.
    pub mode: &'static str,
}

/// That a custom call writes a result into an operand's buffer.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
#[allow(missing_docs, reason = "fields are the specification's")]
pub struct OutputOperandAlias {
    pub output_tuple_indices: Vec<i64>,
    pub operand_index: i64,
    pub operand_tuple_indices: Vec<i64>,
}

/// Which dimensions a `chlo.ragged_dot` batches over, contracts, and cuts into groups.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
#[allow(missing_docs, reason = "fields are the specification's")]
pub struct RaggedDotDimensionNumbers {
    pub lhs_batching_dimensions: Vec<i64>,
    pub rhs_batching_dimensions: Vec<i64>,
    pub lhs_contracting_dimensions: Vec<i64>,
    pub rhs_contracting_dimensions: Vec<i64>,
    pub lhs_ragged_dimensions: Vec<i64>,
    pub rhs_group_dimensions: Vec<i64>,
}

/// Process groups as axes of a device mesh: the devices that differ along `axes` only are a group.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "fields are the specification's")]
pub struct ReplicaGroupMeshAxes {
    pub mesh: MeshReference,
    pub axes: Vec<AxisRef>,
}

/// A device mesh, by name or spelled out.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum MeshReference {
    /// The symbol of a mesh of the module.
    Symbol(SmolStr),
    /// `#stablehlo.mesh<…>`.
    Mesh(Mesh),
}

/// A device mesh: named axes, the last changing fastest in the order of the devices.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Mesh {
    /// Name and size of each axis.
    pub axes: Vec<(SmolStr, i64)>,
    /// The devices in the mesh's order, where it is not 0, 1, 2, ….
    pub device_ids: Option<DenseElements>,
}

/// An axis of a mesh, or a part of one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AxisRef {
    /// The axis.
    pub name: SmolStr,
    /// For a part: the product of the parts before it, and its size.
    pub sub_axis_info: Option<(i64, i64)>,
}
