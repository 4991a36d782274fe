//! StableHLO, up to version 1.20: control flow, calls, constants, tuples, random numbers, and operations that apply a region to elements.

/// Hands these declarations on to the next macro.
macro_rules! structure_ops {
    ($next:ident $($rest:ident)*; $($declared:tt)*) => { $next! { $($rest)*; $($declared)*

    /// Runs the branch that `index` chooses; the last one when it is out of range.
    Case "stablehlo.case" (index: I32) -> (results: TensorPerAxisOrToken [variadic]) {
        regions: [branches [variadic]],
        traits: [],
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
    /// A tensor known when compiling.
    Constant "stablehlo.constant" () -> (output: StaticTensorOrPerAxis) {
        attributes: [value: Elements],
        traits: [PURE],
        assembly: "custom<Constant>($value)",
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
    /// Computes each result element by a function of the inputs' elements at the same place.
    Map "stablehlo.map" (inputs: Tensor [variadic]) -> (result: Tensor) {
        attributes: [dimensions: I64s],
        regions: [computation],
        traits: [SAME_SHAPE],
    }
    /// The operands, which no optimization may look through.
    OptimizationBarrier "stablehlo.optimization_barrier" (operand: TensorOrToken [variadic])
        -> (result: TensorOrToken [variadic]) {
        traits: [PURE],
        assembly: "attr-dict [ $operand : custom<PairwiseOpType>(operands, results) | ( ) ]",
    }
    /// Reduces the inputs along `dimensions`, starting from `init_values`.
    Reduce "stablehlo.reduce" (inputs: Tensor [variadic], init_values: Tensor [variadic])
        -> (results: Tensor [variadic]) {
        attributes: [dimensions: I64s],
        regions: [body],
        traits: [EQUAL_SEGMENTS],
        assembly: "custom<Reduce>($dimensions)",
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
    /// Ends a region, giving its results.
    Return "stablehlo.return" (results: TensorTokenOrBuffer [variadic]) -> () {
        traits: [PURE, TERMINATOR],
        assembly: "$results attr-dict [ : type($results) ]",
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
    /// Sorts the inputs together along `dimension`, by `comparator`.
    Sort "stablehlo.sort" (inputs: Tensor [variadic]) -> (results: Tensor [variadic]) {
        attributes: [dimension: I64 => [default Int(-1)], is_stable: Bool => [default B(false)]],
        regions: [comparator],
        traits: [SAME_SHAPE],
    }
    /// A tuple of values.
    Tuple "stablehlo.tuple" (val: TensorTokenBufferOrTuple [variadic]) -> (result: Tuple) {
        traits: [PURE],
        assembly: "$val attr-dict : custom<TupleOpType>(operands, results)",
    }
    /// Runs `body` as long as `cond` says so.
    While "stablehlo.while" (operand: TensorTokenOrBuffer [variadic]) -> (results: TensorTokenOrBuffer [variadic]) {
        regions: [cond, body],
        traits: [],
        assembly: "custom<While>",
    }
    } };
}
pub(in super::super) use structure_ops;
