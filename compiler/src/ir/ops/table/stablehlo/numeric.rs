//! StableHLO, up to version 1.20: linear algebra, convolution, normalization and quantization.

/// Hands these declarations on to the next macro.
macro_rules! numeric_ops {
    ($next:ident $($rest:ident)*; $($declared:tt)*) => { $next! { $($rest)*; $($declared)*

    /// Gradients of `batch_norm_training` for its operand, scale and offset.
    BatchNormGrad "stablehlo.batch_norm_grad" (operand: FpOrQuantized, scale: FpOrQuantizedVector, mean: FpOrQuantizedVector, variance: FpOrQuantizedVector, grad_output: FpOrQuantized)
        -> (grad_operand: FpOrQuantized, grad_scale: FpOrQuantizedVector, grad_offset: FpOrQuantizedVector) {
        attributes: [epsilon: F32, feature_index: I64],
        traits: [PURE],
    }
    /// Normalizes along all dimensions but `feature_index`, with given mean and variance.
    BatchNormInference "stablehlo.batch_norm_inference" (operand: FpOrQuantized, scale: FpOrQuantizedVector, offset: FpOrQuantizedVector, mean: FpOrQuantizedVector, variance: FpOrQuantizedVector)
        -> (result: FpOrQuantized) {
        attributes: [epsilon: F32, feature_index: I64],
        traits: [PURE],
    }
    /// Normalizes along all dimensions but `feature_index`, and gives the mean and variance it found.
    BatchNormTraining "stablehlo.batch_norm_training" (operand: FpOrQuantized, scale: FpOrQuantizedVector, offset: FpOrQuantizedVector)
        -> (output: FpOrQuantized, batch_mean: FpOrQuantizedVector, batch_var: FpOrQuantizedVector) {
        attributes: [epsilon: F32, feature_index: I64],
        traits: [PURE],
    }
    /// Cholesky factors of a batch of matrices, of which only the `lower` or upper half is read.
    Cholesky "stablehlo.cholesky" (a: FpComplexOrQuantized) -> (result: FpComplexOrQuantized) {
        attributes: [lower: Bool => [default B(false)]],
        traits: [PURE, SAME_TYPE],
        assembly: "$a [ , lower = $lower ] attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// Products of the kernel `rhs` with windows of `lhs`.
    Convolution "stablehlo.convolution" (lhs: Tensor, rhs: TensorOrPerAxis) -> (result: TensorOrPerAxis) {
        attributes: [
            window_strides: I64s => [optional],
            padding: I64Elements => [optional],
            lhs_dilation: I64s => [optional],
            rhs_dilation: I64s => [optional],
            window_reversal: Bools => [optional],
            dimension_numbers: ConvDimensionNumbers,
            feature_group_count: I64,
            batch_group_count: I64,
            precision_config: Enums(EnumKind::Precision) => [optional],
        ],
        traits: [PURE],
        assembly: "( operands ) dim_numbers = custom<ConvolutionDimensions>($dimension_numbers) , window = { custom<WindowAttributes>($window_strides, $padding, $lhs_dilation, $rhs_dilation, $window_reversal) } attr-dict : functional-type",
    }
    /// Product of vectors and matrices: contracts the last dimension of `lhs` with the first of `rhs`.
    Dot "stablehlo.dot" (lhs: Tensor, rhs: TensorOrPerAxis) -> (result: TensorOrPerAxis) {
        attributes: [precision_config: Enums(EnumKind::Precision) => [optional]],
        traits: [PURE],
        assembly: "$lhs , $rhs custom<PrecisionConfigAndAlgorithm>($precision_config) attr-dict : functional-type",
    }
    /// Sums of products over the contracting dimensions, for each pair of batching coordinates.
    DotGeneral "stablehlo.dot_general" (lhs: Tensor, rhs: TensorOrPerAxis) -> (result: TensorOrPerAxis) {
        attributes: [
            dot_dimension_numbers: DotDimensionNumbers,
            precision_config: Enums(EnumKind::Precision) => [optional],
            algorithm: DotAlgorithm => [optional],
        ],
        traits: [PURE],
        assembly: "$lhs , $rhs , custom<DotDimensionNumbers>($dot_dimension_numbers) custom<PrecisionConfigAndAlgorithm>($precision_config, $algorithm) attr-dict : functional-type",
    }
    /// `convolution` with padding given when running.
    DynamicConv "stablehlo.dynamic_conv" (lhs: Tensor, rhs: Tensor, padding: StaticIntMatrix) -> (result: Tensor) {
        attributes: [
            window_strides: I64s => [optional],
            lhs_dilation: I64s => [optional],
            rhs_dilation: I64s => [optional],
            window_reversal: Bools => [optional],
            dimension_numbers: ConvDimensionNumbers,
            feature_group_count: I64,
            batch_group_count: I64,
            precision_config: Enums(EnumKind::Precision) => [optional],
        ],
        traits: [PURE],
    }
    /// Einstein summation of two tensors.
    Einsum "stablehlo.einsum" (lhs: Tensor, rhs: Tensor) -> (result: Tensor) {
        attributes: [einsum_config: String],
        traits: [PURE],
        assembly: "$lhs , $rhs , config = $einsum_config attr-dict : functional-type",
    }
    /// Fourier transform over the last dimensions.
    Fft "stablehlo.fft" (operand: FpOrComplex) -> (result: FpOrComplex) {
        attributes: [fft_type: Enum(EnumKind::FftType), fft_length: I64s],
        traits: [PURE],
        assembly: "$operand , type = $fft_type , length = custom<I64Array>($fft_length) attr-dict : functional-type",
    }
    /// Solves batches of linear systems with triangular matrices.
    TriangularSolve "stablehlo.triangular_solve" (a: FpOrComplex, b: FpOrComplex) -> (result: FpOrComplex) {
        attributes: [
            left_side: Bool,
            lower: Bool,
            unit_diagonal: Bool,
            transpose_a: Enum(EnumKind::Transpose),
        ],
        traits: [PURE],
    }
    /// Einstein summation of one tensor.
    UnaryEinsum "stablehlo.unary_einsum" (operand: Tensor) -> (result: Tensor) {
        attributes: [einsum_config: String],
        traits: [PURE],
        assembly: "$operand , config = $einsum_config attr-dict : functional-type",
    }
    /// The numbers that quantized numbers mean, element-wise.
    UniformDequantize "stablehlo.uniform_dequantize" (operand: Quantized) -> (result: Fp) {
        traits: [PURE, ELEMENTWISE, SAME_SHAPE],
        assembly: "$operand attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// Quantizes numbers, or quantized numbers anew, by the result's type, element-wise.
    UniformQuantize "stablehlo.uniform_quantize" (operand: FpQuantizedOrPerAxis) -> (result: Quantized) {
        traits: [PURE, ELEMENTWISE, SAME_SHAPE],
        assembly: "$operand attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    } };
}
pub(in super::super) use numeric_ops;
