//! StableHLO, up to version 1.20: shapes: what moves, picks or repeats elements, static and dynamic.

/// Hands these declarations on to the next macro.
macro_rules! shape_ops {
    ($next:ident $($rest:ident)*; $($declared:tt)*) => { $next! { $($rest)*; $($declared)*

    /// The same bits read as another element type.
    BitcastConvert "stablehlo.bitcast_convert" (operand: TensorOrPerAxis) -> (result: TensorOrPerAxis) {
        traits: [PURE],
        assembly: "operands attr-dict : functional-type",
    }
    /// Prepends dimensions of `broadcast_sizes`, along which the operand repeats.
    Broadcast "stablehlo.broadcast" (operand: Tensor) -> (result: TensorOrPerAxis) {
        attributes: [broadcast_sizes: I64s],
        traits: [PURE],
        assembly: "$operand , sizes = custom<I64Array>($broadcast_sizes) attr-dict : functional-type",
    }
    /// Each dimension of the operand becomes the result's dimension of `broadcast_dimensions`.
    BroadcastInDim "stablehlo.broadcast_in_dim" (operand: TensorOrPerAxis) -> (result: BoundedTensorOrPerAxis) {
        attributes: [broadcast_dimensions: I64s],
        traits: [PURE],
        assembly: "$operand , dims = custom<I64Array>($broadcast_dimensions) attr-dict : functional-type",
    }
    /// Joins the inputs along `dimension`.
    Concatenate "stablehlo.concatenate" (inputs: Tensor [variadic]) -> (result: Tensor) {
        attributes: [dimension: I64],
        traits: [PURE],
        assembly: "custom<VariadicOperandWithAttribute>($inputs) dim = $dimension attr-dict : functional-type",
    }
    /// `broadcast_in_dim` to a shape given when running.
    DynamicBroadcastInDim "stablehlo.dynamic_broadcast_in_dim" (operand: TensorOrPerAxis, output_dimensions: StaticDimensions)
        -> (result: TensorOrPerAxis) {
        attributes: [
            broadcast_dimensions: I64s,
            known_expanding_dimensions: I64s => [optional],
            known_nonexpanding_dimensions: I64s => [optional],
        ],
        traits: [PURE],
        assembly: "$operand , $output_dimensions , dims = custom<I64Array>($broadcast_dimensions) attr-dict : functional-type",
    }
    /// `gather` with slice sizes given when running.
    DynamicGather "stablehlo.dynamic_gather" (operand: Tensor, start_indices: Int, slice_sizes: StaticIntVector)
        -> (result: Tensor) {
        attributes: [dimension_numbers: GatherDimensionNumbers, indices_are_sorted: Bool => [default B(false)]],
        traits: [PURE],
    }
    /// `iota` of a shape given when running.
    DynamicIota "stablehlo.dynamic_iota" (output_shape: StaticDimensions) -> (result: Tensor) {
        attributes: [iota_dimension: I64],
        traits: [PURE],
        assembly: "$output_shape , dim = $iota_dimension attr-dict : functional-type",
    }
    /// `pad` with amounts given when running.
    DynamicPad "stablehlo.dynamic_pad" (
        operand: Tensor,
        padding_value: Scalar,
        edge_padding_low: StaticDimensions,
        edge_padding_high: StaticDimensions,
        interior_padding: StaticDimensions
    ) -> (result: Tensor) {
        traits: [PURE],
        assembly: "operands attr-dict : functional-type",
    }
    /// `reshape` to a shape given when running.
    DynamicReshape "stablehlo.dynamic_reshape" (operand: TensorOrPerAxis, output_shape: StaticDimensions) -> (result: TensorOrPerAxis) {
        traits: [PURE],
        assembly: "operands attr-dict : functional-type",
    }
    /// A slice of constant size whose start is given when running, moved inside where it would reach outside.
    DynamicSlice "stablehlo.dynamic_slice" (operand: Tensor, start_indices: ScalarInt [variadic]) -> (result: Tensor) {
        attributes: [slice_sizes: I64s],
        traits: [PURE],
        assembly: "$operand , custom<VariadicOperandWithAttribute>($start_indices) sizes = custom<I64Array>($slice_sizes) attr-dict : functional-type",
    }
    /// The operand with `update` written over it from a start given when running.
    DynamicUpdateSlice "stablehlo.dynamic_update_slice" (
        operand: Tensor,
        update: Tensor,
        start_indices: ScalarInt [variadic]
    ) -> (result: Tensor) {
        traits: [PURE],
        assembly: "operands attr-dict : functional-type",
    }
    /// Slices of the operand at the places that `start_indices` names.
    Gather "stablehlo.gather" (operand: Tensor, start_indices: Int) -> (result: Tensor) {
        attributes: [
            dimension_numbers: GatherDimensionNumbers,
            slice_sizes: I64s,
            indices_are_sorted: Bool => [default B(false)],
        ],
        traits: [PURE],
    }
    /// The size of a dimension.
    GetDimensionSize "stablehlo.get_dimension_size" (operand: TensorOrPerAxis) -> (result: I32) {
        attributes: [dimension: I64],
        traits: [PURE],
        assembly: "$operand , dim = $dimension attr-dict : functional-type",
    }
    /// Increasing numbers from zero along a dimension.
    Iota "stablehlo.iota" () -> (output: StaticIntFpComplexOrQuantized) {
        attributes: [iota_dimension: I64],
        traits: [PURE],
        assembly: "dim = $iota_dimension attr-dict : type($output)",
    }
    /// Puts `padding_value` around the operand and between its elements; negative amounts cut away.
    Pad "stablehlo.pad" (operand: Tensor, padding_value: Scalar) -> (result: Tensor) {
        attributes: [edge_padding_low: I64s, edge_padding_high: I64s, interior_padding: I64s],
        traits: [PURE],
        assembly: "$operand , $padding_value , low = custom<I64Array>($edge_padding_low) , high = custom<I64Array>($edge_padding_high) , interior = custom<I64Array>($interior_padding) attr-dict : functional-type",
    }
    /// `slice` with bounds and strides given when running.
    RealDynamicSlice "stablehlo.real_dynamic_slice" (
        operand: Tensor,
        start_indices: Dimensions,
        limit_indices: Dimensions,
        strides: Dimensions
    ) -> (result: Tensor) {
        traits: [PURE],
        assembly: "operands attr-dict : functional-type",
    }
    /// The same elements in the same order in another shape.
    Reshape "stablehlo.reshape" (operand: TensorOrPerAxis) -> (result: BoundedTensorOrPerAxis) {
        traits: [PURE],
        assembly: "operands attr-dict : functional-type",
    }
    /// Turns the order along `dimensions` round.
    Reverse "stablehlo.reverse" (operand: Tensor) -> (result: Tensor) {
        attributes: [dimensions: I64s],
        traits: [PURE, SAME_TYPE],
        assembly: "$operand , dims = custom<I64Array>($dimensions) attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// The inputs, with `updates` combined into them at the places that `scatter_indices` names.
    Scatter "stablehlo.scatter" (inputs: Tensor [variadic], scatter_indices: IntOrIndex, updates: Tensor [variadic])
        -> (results: Tensor [variadic]) {
        attributes: [
            scatter_dimension_numbers: ScatterDimensionNumbers,
            indices_are_sorted: Bool => [default B(false)],
            unique_indices: Bool => [default B(false)],
        ],
        regions: [update_computation],
        traits: [EQUAL_SEGMENTS],
    }
    /// The operand, of which only the first `size` along `dimension` count.
    SetDimensionSize "stablehlo.set_dimension_size" (operand: Tensor, size: I32) -> (result: Tensor) {
        attributes: [dimension: I64],
        traits: [PURE],
        assembly: "$operand , $size , dim = $dimension attr-dict : functional-type",
    }
    /// Every `strides`-th element from `start_indices` up to `limit_indices`.
    Slice "stablehlo.slice" (operand: Tensor) -> (result: Tensor) {
        attributes: [start_indices: I64s, limit_indices: I64s, strides: I64s],
        traits: [PURE],
        assembly: "$operand custom<SliceRanges>($start_indices, $limit_indices, $strides) attr-dict : functional-type",
    }
    /// Slices of the operand along `dim` by an index, after `batch_dims` common dimensions.
    TorchIndexSelect "stablehlo.torch_index_select" (operand: Tensor, index: Tensor) -> (result: Tensor) {
        attributes: [dim: I64, batch_dims: I64],
        traits: [PURE],
    }
    /// Permutes the dimensions.
    Transpose "stablehlo.transpose" (operand: TensorOrPerAxis) -> (result: TensorOrPerAxis) {
        attributes: [permutation: I64s],
        traits: [PURE],
        assembly: "$operand , dims = custom<I64Array>($permutation) attr-dict : functional-type",
    }
    } };
}
pub(in super::super) use shape_ops;
