//! Structured attributes, taken apart.
//!
//! Where StableHLO has one attribute of several fields (`#stablehlo.gather<…>`), VHLO has one
//! attribute a field, named as the field is.

use crate::ir::{AttrKind, Opcode, ops::AttrSpec};

/// The fields of `dot_dimension_numbers`.
pub(crate) const DOT: &[&str] =
    &["lhs_batching_dimensions", "rhs_batching_dimensions", "lhs_contracting_dimensions", "rhs_contracting_dimensions"];

/// The fields of `algorithm`; each is the type `none` where there is no algorithm.
pub(crate) const DOT_ALGORITHM: &[&str] = &[
    "lhs_precision_type",
    "rhs_precision_type",
    "accumulation_type",
    "lhs_component_count",
    "rhs_component_count",
    "num_primitive_operations",
    "allow_imprecise_accumulation",
];

/// The fields of a gather's `dimension_numbers`.
pub(crate) const GATHER: &[&str] = &[
    "offset_dims",
    "collapsed_slice_dims",
    "operand_batching_dims",
    "start_indices_batching_dims",
    "start_index_map",
    "index_vector_dim",
];

/// The fields of `scatter_dimension_numbers`.
pub(crate) const SCATTER: &[&str] = &[
    "update_window_dims",
    "inserted_window_dims",
    "input_batching_dims",
    "scatter_indices_batching_dims",
    "scatter_dims_to_operand_dims",
    "index_vector_dim",
];

/// The fields of a convolution's `dimension_numbers`.
pub(crate) const CONV: &[&str] = &[
    "input_batch_dimension",
    "input_feature_dimension",
    "input_spatial_dimensions",
    "kernel_input_feature_dimension",
    "kernel_output_feature_dimension",
    "kernel_spatial_dimensions",
    "output_batch_dimension",
    "output_feature_dimension",
    "output_spatial_dimensions",
];

/// The names under which VHLO keeps an attribute of the table.
pub(crate) fn names(opcode: Opcode, spec: &'static AttrSpec) -> &'static [&'static str] {
    match spec.kind {
        AttrKind::DotDimensionNumbers => DOT,
        AttrKind::DotAlgorithm => DOT_ALGORITHM,
        AttrKind::GatherDimensionNumbers => GATHER,
        AttrKind::ScatterDimensionNumbers => SCATTER,
        AttrKind::ConvDimensionNumbers => CONV,
        AttrKind::ChannelHandle if has_channel_type(opcode) => &["channel_id", "channel_type"],
        AttrKind::ChannelHandle => &["channel_id"],
        _ => std::slice::from_ref(&spec.name),
    }
}

/// Whether the operation keeps the type of its channel, not only its number.
pub(crate) fn has_channel_type(opcode: Opcode) -> bool {
    matches!(opcode, Opcode::Send | Opcode::Recv)
}
