//! The operations of the StableHLO dialect, up to version 1.20.

/// Hands the dialect's declarations on to the next macro.
macro_rules! stablehlo_ops {
    ($next:ident $($rest:ident)*; $($declared:tt)*) => { $next! { $($rest)*; $($declared)*

    /// Absolute value, element-wise; of complex numbers the modulus.
    Abs "stablehlo.abs" (operand: SIntFpComplexOrQuantized) -> (result: SIntFpOrQuantized) {
        traits: [PURE, ELEMENTWISE, SAME_SHAPE],
        assembly: "$operand attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// Sum, element-wise; logical or of `i1`.
    Add "stablehlo.add" (lhs: TensorOrPerAxis, rhs: TensorOrPerAxis) -> (result: TensorOrPerAxis) {
        traits: [PURE, ELEMENTWISE, COMMUTATIVE, SAME_TYPE],
        assembly: "$lhs , $rhs attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// A token that exists only when all `inputs` do.
    AfterAll "stablehlo.after_all" (inputs: Token [variadic]) -> (result: Token) {
        traits: [PURE],
        assembly: "$inputs attr-dict : custom<VariadicSameOperandsAndResultType>(operands, results)",
    }
    /// Concatenates the operands of a process group along `all_gather_dim`.
    AllGather "stablehlo.all_gather" (operands: Tensor [variadic]) -> (results: Tensor [variadic]) {
        attributes: [
            all_gather_dim: I64,
            replica_groups: ReplicaGroups,
            channel_handle: ChannelHandle => [optional],
            use_global_device_ids: Unit => [optional],
        ],
        traits: [COLLECTIVE],
    }
    /// Reduces the operands of a process group element by element.
    AllReduce "stablehlo.all_reduce" (operands: Tensor [variadic]) -> (results: Tensor [variadic]) {
        attributes: [
            replica_groups: ReplicaGroups,
            channel_handle: ChannelHandle => [optional],
            use_global_device_ids: Unit => [optional],
        ],
        regions: [computation],
        traits: [COLLECTIVE],
    }
    /// Splits each operand along `split_dimension`, exchanges the parts within a process group and
    /// concatenates what arrives along `concat_dimension`.
    AllToAll "stablehlo.all_to_all" (operands: Tensor [variadic]) -> (results: Tensor [variadic]) {
        attributes: [
            split_dimension: I64,
            concat_dimension: I64,
            split_count: I64,
            replica_groups: ReplicaGroups,
            channel_handle: ChannelHandle => [optional],
        ],
        traits: [COLLECTIVE],
    }
    /// Logical or bitwise and, element-wise.
    And "stablehlo.and" (lhs: PredOrInt, rhs: PredOrInt) -> (result: Tensor) {
        traits: [PURE, ELEMENTWISE, COMMUTATIVE, SAME_TYPE],
        assembly: "$lhs , $rhs attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// Waits for the operation that gave the future, and gives its results.
    AsyncDone "stablehlo.async_done" (operand: Future) -> (results: Tensor [variadic]) {
        traits: [COLLECTIVE],
    }
    /// Starts the one collective in `body`, gives a future of its results.
    AsyncStart "stablehlo.async_start" (operands: Tensor [variadic]) -> (result: Future) {
        regions: [body],
        traits: [COLLECTIVE],
    }
    /// The angle of the point (`rhs`, `lhs`), element-wise.
    Atan2 "stablehlo.atan2" (lhs: FpComplexOrQuantized, rhs: FpComplexOrQuantized) -> (result: FpComplexOrQuantized) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$lhs , $rhs attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
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
    /// Runs the branch that `index` chooses; the last one when it is out of range.
    Case "stablehlo.case" (index: I32) -> (results: TensorPerAxisOrToken [variadic]) {
        regions: [branches [variadic]],
        traits: [],
    }
    /// Cubic root, element-wise.
    Cbrt "stablehlo.cbrt" (operand: FpComplexOrQuantized) -> (result: FpComplexOrQuantized) {
        attributes: [result_accuracy: ResultAccuracy => [default DefaultAccuracy]],
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$operand attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// Least integer not below, element-wise.
    Ceil "stablehlo.ceil" (operand: FpOrQuantized) -> (result: FpOrQuantized) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$operand attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// Cholesky factors of a batch of matrices, of which only the `lower` or upper half is read.
    Cholesky "stablehlo.cholesky" (a: FpComplexOrQuantized) -> (result: FpComplexOrQuantized) {
        attributes: [lower: Bool => [default B(false)]],
        traits: [PURE, SAME_TYPE],
        assembly: "$a [ , lower = $lower ] attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// Each element, but at least `min` and at most `max`; these may be scalars.
    Clamp "stablehlo.clamp" (min: Tensor, operand: Tensor, max: Tensor) -> (result: Tensor) {
        traits: [PURE],
        assembly: "$min , $operand , $max attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// Sends the operand of a process group's first process, or of the one that `root` names, to all of the group.
    CollectiveBroadcast "stablehlo.collective_broadcast" (operand: Tensor, root: Tensor [optional]) -> (result: Tensor) {
        attributes: [
            replica_groups: ReplicaGroups,
            channel_handle: ChannelHandle => [optional],
            has_dynamic_root: Unit => [optional],
        ],
        traits: [COLLECTIVE],
    }
    /// Sends the operand from each source process to its target; processes that nobody sends to get zeros.
    CollectivePermute "stablehlo.collective_permute" (operand: Tensor) -> (result: Tensor) {
        attributes: [source_target_pairs: I64Elements, channel_handle: ChannelHandle => [optional]],
        traits: [COLLECTIVE],
    }
    /// Reduces the operands of a process group into the group's first process, or the one that `root` names.
    CollectiveReduce "stablehlo.collective_reduce" (operand: Tensor, root: Tensor [optional]) -> (result: Tensor) {
        attributes: [
            replica_groups: ReplicaGroups,
            channel_handle: ChannelHandle => [optional],
            use_global_device_ids: Unit => [optional],
            has_dynamic_root: Unit => [optional],
        ],
        regions: [computation],
        traits: [COLLECTIVE],
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
    /// Complex numbers from their real and imaginary parts, element-wise.
    Complex "stablehlo.complex" (lhs: Fp32Or64, rhs: Fp32Or64) -> (result: Complex) {
        traits: [PURE, ELEMENTWISE, SAME_SHAPE],
        assembly: "operands attr-dict : custom<ComplexOpType>(operands, results)",
    }
    /// Calls a decomposition by the name of the operation that it stands for.
    Composite "stablehlo.composite" (inputs: TensorTokenOrTuple [variadic]) -> (results: TensorTokenOrTuple [variadic]) {
        attributes: [
            name: String,
            composite_attributes: Dict => [optional],
            decomposition: Symbol,
            version: I32 => [default Int(0)],
        ],
        regions: [composite_regions [variadic]],
        traits: [],
        assembly: "custom<Composite>($name)",
    }
    /// Joins the inputs along `dimension`.
    Concatenate "stablehlo.concatenate" (inputs: Tensor [variadic]) -> (result: Tensor) {
        attributes: [dimension: I64],
        traits: [PURE],
        assembly: "custom<VariadicOperandWithAttribute>($inputs) dim = $dimension attr-dict : functional-type",
    }
    /// A tensor known when compiling.
    Constant "stablehlo.constant" () -> (output: StaticTensorOrPerAxis) {
        attributes: [value: Elements],
        traits: [PURE],
        assembly: "custom<Constant>($value)",
    }
    /// The same numbers in another element type, element-wise.
    Convert "stablehlo.convert" (operand: NotQuantized) -> (result: NotQuantized) {
        traits: [PURE, ELEMENTWISE, SAME_SHAPE],
        assembly: "$operand attr-dict : custom<SameOperandsAndResultType>(operands, results)",
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
    /// Cosine, element-wise.
    Cosine "stablehlo.cosine" (operand: FpComplexOrQuantized) -> (result: FpComplexOrQuantized) {
        attributes: [result_accuracy: ResultAccuracy => [default DefaultAccuracy]],
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$operand attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// How many leading bits are zero, element-wise.
    CountLeadingZeros "stablehlo.count_leading_zeros" (operand: Int) -> (result: Int) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$operand attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// A token that depends on nothing.
    CreateToken "stablehlo.create_token" () -> (output: Token) {
        traits: [PURE],
        assembly: "attr-dict : type(results)",
    }
    /// Sums the operands of a process group.
    CrossReplicaSum "stablehlo.cross-replica-sum" (operand: Tensor) -> (result: Tensor) {
        attributes: [replica_groups: I64Elements],
        traits: [COLLECTIVE],
    }
    /// Something that only the target knows. Must run when `has_side_effect` is set.
    CustomCall "stablehlo.custom_call" (inputs: Value [variadic]) -> (results: Value [variadic]) {
        attributes: [
            call_target_name: String,
            has_side_effect: Bool => [default B(false)],
            backend_config: Any => [optional],
            api_version: I32Enum(5) => [default Int(1)],
            called_computations: Symbols => [default EmptyArray],
            operand_layouts: ElementsArray => [optional],
            result_layouts: ElementsArray => [optional],
            result_tilings: Array => [optional],
            output_operand_aliases: OutputOperandAliases => [default EmptyArray],
        ],
        traits: [],
        assembly: "custom<CustomCallTarget>($call_target_name) ( $inputs ) attr-dict : functional-type",
    }
    /// Quotient, element-wise; of integers rounded towards zero.
    Divide "stablehlo.divide" (lhs: IntFpComplexOrQuantized, rhs: IntFpComplexOrQuantized)
        -> (result: IntFpComplexOrQuantized) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$lhs , $rhs attr-dict : custom<SameOperandsAndResultType>(operands, results)",
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
    /// Einstein summation of two tensors.
    Einsum "stablehlo.einsum" (lhs: Tensor, rhs: Tensor) -> (result: Tensor) {
        attributes: [einsum_config: String],
        traits: [PURE],
        assembly: "$lhs , $rhs , config = $einsum_config attr-dict : functional-type",
    }
    /// Exponential function, element-wise.
    Exponential "stablehlo.exponential" (operand: FpComplexOrQuantized) -> (result: FpComplexOrQuantized) {
        attributes: [result_accuracy: ResultAccuracy => [default DefaultAccuracy]],
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$operand attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// Exponential function less one, element-wise.
    ExponentialMinusOne "stablehlo.exponential_minus_one" (operand: FpComplexOrQuantized)
        -> (result: FpComplexOrQuantized) {
        attributes: [result_accuracy: ResultAccuracy => [default DefaultAccuracy]],
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$operand attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// Fourier transform over the last dimensions.
    Fft "stablehlo.fft" (operand: FpOrComplex) -> (result: FpOrComplex) {
        attributes: [fft_type: Enum(EnumKind::FftType), fft_length: I64s],
        traits: [PURE],
        assembly: "$operand , type = $fft_type , length = custom<I64Array>($fft_length) attr-dict : functional-type",
    }
    /// Greatest integer not above, element-wise.
    Floor "stablehlo.floor" (operand: FpOrQuantized) -> (result: FpOrQuantized) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$operand attr-dict : custom<SameOperandsAndResultType>(operands, results)",
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
    /// One part of a tuple.
    GetTupleElement "stablehlo.get_tuple_element" (operand: Tuple) -> (result: TensorTokenBufferOrTuple) {
        attributes: [index: I32],
        traits: [PURE],
        assembly: "$operand `[` $index `]` attr-dict : functional-type",
    }
    /// Runs one of two branches.
    If "stablehlo.if" (pred: Pred) -> (results: TensorPerAxisOrToken [variadic]) {
        regions: [true_branch, false_branch],
        traits: [],
    }
    /// Imaginary part, element-wise; zero of real numbers.
    Imag "stablehlo.imag" (operand: FpOrComplex) -> (result: Fp) {
        traits: [PURE, ELEMENTWISE, SAME_SHAPE],
        assembly: "$operand attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// Reads tensors that the host sends; the last result is a token.
    Infeed "stablehlo.infeed" (token: Token) -> (results: StaticTensorOrToken [variadic]) {
        attributes: [infeed_config: String => [default EmptyString], layout: Array => [optional]],
        traits: [SIDE_EFFECT],
    }
    /// Increasing numbers from zero along a dimension.
    Iota "stablehlo.iota" () -> (output: StaticIntFpComplexOrQuantized) {
        attributes: [iota_dimension: I64],
        traits: [PURE],
        assembly: "dim = $iota_dimension attr-dict : type($output)",
    }
    /// Whether a number is neither infinite nor NaN, element-wise.
    IsFinite "stablehlo.is_finite" (x: FpOrQuantized) -> (y: Pred) {
        traits: [PURE, ELEMENTWISE, SAME_SHAPE],
        assembly: "operands attr-dict : functional-type",
    }
    /// Natural logarithm, element-wise.
    Log "stablehlo.log" (operand: FpComplexOrQuantized) -> (result: FpComplexOrQuantized) {
        attributes: [result_accuracy: ResultAccuracy => [default DefaultAccuracy]],
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$operand attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// Natural logarithm of one more, element-wise.
    LogPlusOne "stablehlo.log_plus_one" (operand: FpComplexOrQuantized) -> (result: FpComplexOrQuantized) {
        attributes: [result_accuracy: ResultAccuracy => [default DefaultAccuracy]],
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$operand attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// `1 / (1 + exp(-x))`, element-wise.
    Logistic "stablehlo.logistic" (operand: FpComplexOrQuantized) -> (result: FpComplexOrQuantized) {
        attributes: [result_accuracy: ResultAccuracy => [default DefaultAccuracy]],
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$operand attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// Computes each result element by a function of the inputs' elements at the same place.
    Map "stablehlo.map" (inputs: Tensor [variadic]) -> (result: Tensor) {
        attributes: [dimensions: I64s],
        regions: [computation],
        traits: [SAME_SHAPE],
    }
    /// The greater, element-wise.
    Maximum "stablehlo.maximum" (lhs: Tensor, rhs: Tensor) -> (result: Tensor) {
        traits: [PURE, ELEMENTWISE, COMMUTATIVE, SAME_TYPE],
        assembly: "$lhs , $rhs attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// The lesser, element-wise.
    Minimum "stablehlo.minimum" (lhs: Tensor, rhs: Tensor) -> (result: Tensor) {
        traits: [PURE, ELEMENTWISE, COMMUTATIVE, SAME_TYPE],
        assembly: "$lhs , $rhs attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// Product, element-wise; logical and of `i1`.
    Multiply "stablehlo.multiply" (lhs: Tensor, rhs: Tensor) -> (result: Tensor) {
        traits: [PURE, ELEMENTWISE, COMMUTATIVE, SAME_TYPE],
        assembly: "$lhs , $rhs attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// The opposite, element-wise.
    Negate "stablehlo.negate" (operand: IntFpComplexOrQuantized) -> (result: IntFpComplexOrQuantized) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$operand attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// Logical or bitwise complement, element-wise.
    Not "stablehlo.not" (operand: PredOrInt) -> (result: PredOrInt) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$operand attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// The operands, which no optimization may look through.
    OptimizationBarrier "stablehlo.optimization_barrier" (operand: TensorOrToken [variadic])
        -> (result: TensorOrToken [variadic]) {
        traits: [PURE],
        assembly: "attr-dict [ $operand : custom<PairwiseOpType>(operands, results) | ( ) ]",
    }
    /// Logical or bitwise or, element-wise.
    Or "stablehlo.or" (lhs: PredOrInt, rhs: PredOrInt) -> (result: Tensor) {
        traits: [PURE, ELEMENTWISE, COMMUTATIVE, SAME_TYPE],
        assembly: "$lhs , $rhs attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// Sends tensors to the host.
    Outfeed "stablehlo.outfeed" (inputs: TensorOrPerAxis [variadic], token: Token) -> (result: Token) {
        attributes: [outfeed_config: String => [default EmptyString]],
        traits: [SIDE_EFFECT],
    }
    /// Puts `padding_value` around the operand and between its elements; negative amounts cut away.
    Pad "stablehlo.pad" (operand: Tensor, padding_value: Scalar) -> (result: Tensor) {
        attributes: [edge_padding_low: I64s, edge_padding_high: I64s, interior_padding: I64s],
        traits: [PURE],
        assembly: "$operand , $padding_value , low = custom<I64Array>($edge_padding_low) , high = custom<I64Array>($edge_padding_high) , interior = custom<I64Array>($interior_padding) attr-dict : functional-type",
    }
    /// The number of this process's partition.
    PartitionId "stablehlo.partition_id" () -> (result: UI32) {
        traits: [PURE],
        assembly: "attr-dict : type(results)",
    }
    /// How many bits are set, element-wise.
    Popcnt "stablehlo.popcnt" (operand: Int) -> (result: Int) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$operand attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// `lhs` to the power of `rhs`, element-wise.
    Power "stablehlo.power" (lhs: IntFpComplexOrQuantized, rhs: IntFpComplexOrQuantized)
        -> (result: IntFpComplexOrQuantized) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$lhs , $rhs attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// Real part, element-wise.
    Real "stablehlo.real" (operand: FpOrComplex) -> (result: Fp) {
        traits: [PURE, ELEMENTWISE, SAME_SHAPE],
        assembly: "$operand attr-dict : custom<SameOperandsAndResultType>(operands, results)",
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
    /// Reads tensors from a channel; the last result is a token.
    Recv "stablehlo.recv" (token: Token) -> (results: StaticTensorOrToken [variadic]) {
        attributes: [
            channel_handle: ChannelHandle,
            is_host_transfer: Bool => [default B(false)],
            source_target_pairs: I64Elements => [optional],
        ],
        traits: [SIDE_EFFECT],
    }
    /// Reduces the inputs along `dimensions`, starting from `init_values`.
    Reduce "stablehlo.reduce" (inputs: Tensor [variadic], init_values: Tensor [variadic])
        -> (results: Tensor [variadic]) {
        attributes: [dimensions: I64s],
        regions: [body],
        traits: [EQUAL_SEGMENTS],
        assembly: "custom<Reduce>($dimensions)",
    }
    /// Rounds to a format of fewer bits and back, element-wise.
    ReducePrecision "stablehlo.reduce_precision" (operand: FpOrQuantized) -> (output: FpOrQuantized) {
        attributes: [exponent_bits: I32, mantissa_bits: I32],
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$operand , format = custom<ExponentMantissa>($exponent_bits, $mantissa_bits) attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// Reduces the operands of a process group and gives each process its part along `scatter_dimension`.
    ReduceScatter "stablehlo.reduce_scatter" (operand: Tensor) -> (result: Tensor) {
        attributes: [
            scatter_dimension: I64,
            replica_groups: ReplicaGroups,
            channel_handle: ChannelHandle => [optional],
            use_global_device_ids: Unit => [optional],
        ],
        regions: [computation],
        traits: [COLLECTIVE],
    }
    /// Reduces each window of the inputs, starting from `init_values`.
    ReduceWindow "stablehlo.reduce_window" (inputs: Tensor [variadic], init_values: Tensor [variadic])
        -> (results: Tensor [variadic]) {
        attributes: [
            window_dimensions: I64s,
            window_strides: I64s => [optional],
            base_dilations: I64s => [optional],
            window_dilations: I64s => [optional],
            padding: I64Elements => [optional],
        ],
        regions: [body],
        traits: [EQUAL_SEGMENTS],
    }
    /// Remainder of the division rounded towards zero, element-wise.
    Remainder "stablehlo.remainder" (lhs: IntFpComplexOrQuantized, rhs: IntFpComplexOrQuantized)
        -> (result: IntFpComplexOrQuantized) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$lhs , $rhs attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// The number of this process's replica.
    ReplicaId "stablehlo.replica_id" () -> (result: UI32) {
        traits: [PURE],
        assembly: "attr-dict : type(results)",
    }
    /// The same elements in the same order in another shape.
    Reshape "stablehlo.reshape" (operand: TensorOrPerAxis) -> (result: BoundedTensorOrPerAxis) {
        traits: [PURE],
        assembly: "operands attr-dict : functional-type",
    }
    /// Ends a region, giving its results.
    Return "stablehlo.return" (results: TensorTokenOrBuffer [variadic]) -> () {
        traits: [PURE, TERMINATOR],
        assembly: "$results attr-dict [ : type($results) ]",
    }
    /// Turns the order along `dimensions` round.
    Reverse "stablehlo.reverse" (operand: Tensor) -> (result: Tensor) {
        attributes: [dimensions: I64s],
        traits: [PURE, SAME_TYPE],
        assembly: "$operand , dims = custom<I64Array>($dimensions) attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// Random numbers of a distribution with parameters `a` and `b`.
    Rng "stablehlo.rng" (a: ScalarPredIntOrFp, b: ScalarPredIntOrFp, shape: StaticDimensions) -> (result: PredIntOrFp) {
        attributes: [rng_distribution: Enum(EnumKind::RngDistribution)],
        traits: [SIDE_EFFECT],
        assembly: "$a , $b , $shape , distribution = $rng_distribution attr-dict : functional-type",
    }
    /// Random bits from a generator's state, and its next state.
    RngBitGenerator "stablehlo.rng_bit_generator" (initial_state: IntOrFp) -> (output_state: IntOrFp, output: StaticIntOrFp) {
        attributes: [rng_algorithm: Enum(EnumKind::RngAlgorithm)],
        traits: [PURE],
        assembly: "$initial_state , algorithm = $rng_algorithm attr-dict : functional-type",
    }
    /// The nearest integer, ties away from zero, element-wise.
    RoundNearestAfz "stablehlo.round_nearest_afz" (operand: FpOrQuantized) -> (result: FpOrQuantized) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$operand attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// The nearest integer, ties to even, element-wise.
    RoundNearestEven "stablehlo.round_nearest_even" (operand: FpOrQuantized) -> (result: FpOrQuantized) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$operand attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// Reciprocal of the square root, element-wise.
    Rsqrt "stablehlo.rsqrt" (operand: FpComplexOrQuantized) -> (result: FpComplexOrQuantized) {
        attributes: [result_accuracy: ResultAccuracy => [default DefaultAccuracy]],
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$operand attr-dict : custom<SameOperandsAndResultType>(operands, results)",
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
    /// `on_true` where `pred` holds, else `on_false`, element-wise; `pred` may be a scalar.
    Select "stablehlo.select" (pred: Pred, on_true: Tensor, on_false: Tensor) -> (result: Tensor) {
        traits: [PURE],
        assembly: "operands attr-dict : custom<SelectOpType>(operands, results)",
    }
    /// Combines each element of `source` into the place that `select` finds in the operand's window.
    SelectAndScatter "stablehlo.select_and_scatter" (operand: Tensor, source: Tensor, init_value: Tensor)
        -> (result: Tensor) {
        attributes: [
            window_dimensions: I64s => [optional],
            window_strides: I64s => [optional],
            padding: I64Elements => [optional],
        ],
        regions: [select, scatter],
        traits: [],
    }
    /// Writes tensors to a channel.
    Send "stablehlo.send" (inputs: TensorOrPerAxis [variadic], token: Token) -> (result: Token) {
        attributes: [
            channel_handle: ChannelHandle,
            is_host_transfer: Bool => [default B(false)],
            source_target_pairs: I64Elements => [optional],
        ],
        traits: [SIDE_EFFECT],
    }
    /// The operand, of which only the first `size` along `dimension` count.
    SetDimensionSize "stablehlo.set_dimension_size" (operand: Tensor, size: I32) -> (result: Tensor) {
        attributes: [dimension: I64],
        traits: [PURE],
        assembly: "$operand , $size , dim = $dimension attr-dict : functional-type",
    }
    /// Bits shifted left, element-wise.
    ShiftLeft "stablehlo.shift_left" (lhs: Int, rhs: Int) -> (result: Int) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$lhs , $rhs attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// Bits shifted right, the sign kept, element-wise.
    ShiftRightArithmetic "stablehlo.shift_right_arithmetic" (lhs: Int, rhs: Int) -> (result: Int) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$lhs , $rhs attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// Bits shifted right, zeros coming in, element-wise.
    ShiftRightLogical "stablehlo.shift_right_logical" (lhs: Int, rhs: Int) -> (result: Int) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$lhs , $rhs attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// Minus one, zero or one by the sign, element-wise; of complex numbers the direction.
    Sign "stablehlo.sign" (operand: SIntFpComplexOrQuantized) -> (result: SIntFpComplexOrQuantized) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$operand attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// Sine, element-wise.
    Sine "stablehlo.sine" (operand: FpComplexOrQuantized) -> (result: FpComplexOrQuantized) {
        attributes: [result_accuracy: ResultAccuracy => [default DefaultAccuracy]],
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$operand attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// Every `strides`-th element from `start_indices` up to `limit_indices`.
    Slice "stablehlo.slice" (operand: Tensor) -> (result: Tensor) {
        attributes: [start_indices: I64s, limit_indices: I64s, strides: I64s],
        traits: [PURE],
        assembly: "$operand custom<SliceRanges>($start_indices, $limit_indices, $strides) attr-dict : functional-type",
    }
    /// Sorts the inputs together along `dimension`, by `comparator`.
    Sort "stablehlo.sort" (inputs: Tensor [variadic]) -> (results: Tensor [variadic]) {
        attributes: [dimension: I64 => [default Int(-1)], is_stable: Bool => [default B(false)]],
        regions: [comparator],
        traits: [SAME_SHAPE],
    }
    /// Square root, element-wise.
    Sqrt "stablehlo.sqrt" (operand: FpComplexOrQuantized) -> (result: FpComplexOrQuantized) {
        attributes: [result_accuracy: ResultAccuracy => [default DefaultAccuracy]],
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$operand attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// Difference, element-wise.
    Subtract "stablehlo.subtract" (lhs: IntFpComplexOrQuantized, rhs: IntFpComplexOrQuantized)
        -> (result: IntFpComplexOrQuantized) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$lhs , $rhs attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// Tangent, element-wise.
    Tan "stablehlo.tan" (operand: FpComplexOrQuantized) -> (result: FpComplexOrQuantized) {
        attributes: [result_accuracy: ResultAccuracy => [default DefaultAccuracy]],
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$operand attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// Hyperbolic tangent, element-wise.
    Tanh "stablehlo.tanh" (operand: FpComplexOrQuantized) -> (result: FpComplexOrQuantized) {
        attributes: [result_accuracy: ResultAccuracy => [default DefaultAccuracy]],
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$operand attr-dict : custom<SameOperandsAndResultType>(operands, results)",
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
    /// A tuple of values.
    Tuple "stablehlo.tuple" (val: TensorTokenBufferOrTuple [variadic]) -> (result: Tuple) {
        traits: [PURE],
        assembly: "$val attr-dict : custom<TupleOpType>(operands, results)",
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
    /// Runs `body` as long as `cond` says so.
    While "stablehlo.while" (operand: TensorTokenOrBuffer [variadic]) -> (results: TensorTokenOrBuffer [variadic]) {
        regions: [cond, body],
        traits: [],
        assembly: "custom<While>",
    }
    /// Logical or bitwise exclusive or, element-wise.
    Xor "stablehlo.xor" (lhs: PredOrInt, rhs: PredOrInt) -> (result: Tensor) {
        traits: [PURE, ELEMENTWISE, COMMUTATIVE, SAME_TYPE],
        assembly: "$lhs , $rhs attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    } };
}
pub(super) use stablehlo_ops;
