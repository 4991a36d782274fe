//! The operations of the CHLO dialect.

/// Hands the dialect's declarations on to the next macro.
macro_rules! chlo_ops {
    ($next:ident $($rest:ident)*; $($declared:tt)*) => { $next! { $($rest)*; $($declared)*

    /// Inverse cosine, element-wise.
    Acos "chlo.acos" (operand: AnyRankFpOrComplex) -> (result: AnyRankFpOrComplex) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$operand attr-dict : type($operand) -> type($result)",
    }
    /// Inverse hyperbolic cosine, element-wise.
    Acosh "chlo.acosh" (operand: AnyRankFpOrComplex) -> (result: AnyRankFpOrComplex) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$operand attr-dict : type($operand) -> type($result)",
    }
    /// Inverse sine, element-wise.
    Asin "chlo.asin" (operand: AnyRankFpOrComplex) -> (result: AnyRankFpOrComplex) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$operand attr-dict : type($operand) -> type($result)",
    }
    /// The part that the inverse sine and cosine of complex numbers share, element-wise.
    AsinAcosKernel "chlo._asin_acos_kernel" (operand: AnyRankComplex) -> (result: AnyRankComplex) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$operand attr-dict : type($operand) -> type($result)",
    }
    /// Inverse hyperbolic sine, element-wise.
    Asinh "chlo.asinh" (operand: AnyRankFpOrComplex) -> (result: AnyRankFpOrComplex) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$operand attr-dict : type($operand) -> type($result)",
    }
    /// Inverse tangent, element-wise.
    Atan "chlo.atan" (operand: AnyRankFpOrComplex) -> (result: AnyRankFpOrComplex) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$operand attr-dict : type($operand) -> type($result)",
    }
    /// Inverse hyperbolic tangent, element-wise.
    Atanh "chlo.atanh" (operand: AnyRankFpOrComplex) -> (result: AnyRankFpOrComplex) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$operand attr-dict : type($operand) -> type($result)",
    }
    /// Modified Bessel function of order 1, scaled by `exp(-|x|)`, element-wise.
    BesselI1e "chlo.bessel_i1e" (operand: AnyRankFpOrComplex) -> (result: AnyRankFpOrComplex) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$operand attr-dict : type($operand) -> type($result)",
    }
    /// `add` after broadcasting the operands to a common shape.
    BroadcastAdd "chlo.broadcast_add" (lhs: AnyRankTensor, rhs: AnyRankTensor) -> (result: AnyRankTensor) {
        attributes: [broadcast_dimensions: I64s => [optional]],
        traits: [PURE, COMMUTATIVE],
        assembly: "$lhs , $rhs attr-dict : functional-type",
    }
    /// `and` after broadcasting the operands to a common shape.
    BroadcastAnd "chlo.broadcast_and" (lhs: AnyRankPredOrInt, rhs: AnyRankPredOrInt) -> (result: AnyRankTensor) {
        attributes: [broadcast_dimensions: I64s => [optional]],
        traits: [PURE, COMMUTATIVE],
        assembly: "$lhs , $rhs attr-dict : functional-type",
    }
    /// `atan2` after broadcasting the operands to a common shape.
    BroadcastAtan2 "chlo.broadcast_atan2" (lhs: AnyRankTensor, rhs: AnyRankTensor) -> (result: AnyRankTensor) {
        attributes: [broadcast_dimensions: I64s => [optional]],
        traits: [PURE],
        assembly: "$lhs , $rhs attr-dict : functional-type",
    }
    /// `compare` after broadcasting the operands to a common shape.
    BroadcastCompare "chlo.broadcast_compare" (lhs: AnyRankTensor, rhs: AnyRankTensor) -> (result: AnyRankPred) {
        attributes: [
            broadcast_dimensions: I64s => [optional],
            comparison_direction: Enum(EnumKind::ChloComparisonDirection),
            compare_type: Enum(EnumKind::ChloComparisonType) => [optional],
        ],
        traits: [PURE],
        assembly: "$lhs , $rhs attr-dict : functional-type",
    }
    /// `complex` after broadcasting the operands to a common shape.
    BroadcastComplex "chlo.broadcast_complex" (lhs: AnyRankFp, rhs: AnyRankFp) -> (result: AnyRankComplex) {
        attributes: [broadcast_dimensions: I64s => [optional]],
        traits: [PURE],
        assembly: "$lhs , $rhs attr-dict : functional-type",
    }
    /// `divide` after broadcasting the operands to a common shape.
    BroadcastDivide "chlo.broadcast_divide" (lhs: AnyRankTensor, rhs: AnyRankTensor) -> (result: AnyRankTensor) {
        attributes: [broadcast_dimensions: I64s => [optional]],
        traits: [PURE],
        assembly: "$lhs , $rhs attr-dict : functional-type",
    }
    /// `maximum` after broadcasting the operands to a common shape.
    BroadcastMaximum "chlo.broadcast_maximum" (lhs: AnyRankTensor, rhs: AnyRankTensor) -> (result: AnyRankTensor) {
        attributes: [broadcast_dimensions: I64s => [optional]],
        traits: [PURE, COMMUTATIVE],
        assembly: "$lhs , $rhs attr-dict : functional-type",
    }
    /// `minimum` after broadcasting the operands to a common shape.
    BroadcastMinimum "chlo.broadcast_minimum" (lhs: AnyRankTensor, rhs: AnyRankTensor) -> (result: AnyRankTensor) {
        attributes: [broadcast_dimensions: I64s => [optional]],
        traits: [PURE, COMMUTATIVE],
        assembly: "$lhs , $rhs attr-dict : functional-type",
    }
    /// `multiply` after broadcasting the operands to a common shape.
    BroadcastMultiply "chlo.broadcast_multiply" (lhs: AnyRankTensor, rhs: AnyRankTensor) -> (result: AnyRankTensor) {
        attributes: [broadcast_dimensions: I64s => [optional]],
        traits: [PURE, COMMUTATIVE],
        assembly: "$lhs , $rhs attr-dict : functional-type",
    }
    /// `chlo.next_after` after broadcasting the operands to a common shape.
    BroadcastNextAfter "chlo.broadcast_next_after" (lhs: AnyRankTensor, rhs: AnyRankTensor) -> (result: AnyRankTensor) {
        attributes: [broadcast_dimensions: I64s => [optional]],
        traits: [PURE],
        assembly: "$lhs , $rhs attr-dict : functional-type",
    }
    /// `or` after broadcasting the operands to a common shape.
    BroadcastOr "chlo.broadcast_or" (lhs: AnyRankPredOrInt, rhs: AnyRankPredOrInt) -> (result: AnyRankTensor) {
        attributes: [broadcast_dimensions: I64s => [optional]],
        traits: [PURE, COMMUTATIVE],
        assembly: "$lhs , $rhs attr-dict : functional-type",
    }
    /// `chlo.polygamma` after broadcasting the operands to a common shape.
    BroadcastPolygamma "chlo.broadcast_polygamma" (lhs: AnyRankTensor, rhs: AnyRankTensor) -> (result: AnyRankTensor) {
        attributes: [broadcast_dimensions: I64s => [optional]],
        traits: [PURE],
        assembly: "$lhs , $rhs attr-dict : functional-type",
    }
    /// `power` after broadcasting the operands to a common shape.
    BroadcastPower "chlo.broadcast_power" (lhs: AnyRankTensor, rhs: AnyRankTensor) -> (result: AnyRankTensor) {
        attributes: [broadcast_dimensions: I64s => [optional]],
        traits: [PURE],
        assembly: "$lhs , $rhs attr-dict : functional-type",
    }
    /// `remainder` after broadcasting the operands to a common shape.
    BroadcastRemainder "chlo.broadcast_remainder" (lhs: AnyRankTensor, rhs: AnyRankTensor) -> (result: AnyRankTensor) {
        attributes: [broadcast_dimensions: I64s => [optional]],
        traits: [PURE],
        assembly: "$lhs , $rhs attr-dict : functional-type",
    }
    /// `select` after broadcasting the operands to a common shape.
    BroadcastSelect "chlo.broadcast_select" (pred: Pred, on_true: AnyRankTensor, on_false: AnyRankTensor) -> (result: AnyRankTensor) {
        traits: [PURE],
        assembly: "$pred , $on_true , $on_false attr-dict : functional-type",
    }
    /// `shift_left` after broadcasting the operands to a common shape.
    BroadcastShiftLeft "chlo.broadcast_shift_left" (lhs: AnyRankTensor, rhs: AnyRankTensor) -> (result: AnyRankTensor) {
        attributes: [broadcast_dimensions: I64s => [optional]],
        traits: [PURE],
        assembly: "$lhs , $rhs attr-dict : functional-type",
    }
    /// `shift_right_arithmetic` after broadcasting the operands to a common shape.
    BroadcastShiftRightArithmetic "chlo.broadcast_shift_right_arithmetic" (lhs: AnyRankTensor, rhs: AnyRankTensor) -> (result: AnyRankTensor) {
        attributes: [broadcast_dimensions: I64s => [optional]],
        traits: [PURE],
        assembly: "$lhs , $rhs attr-dict : functional-type",
    }
    /// `shift_right_logical` after broadcasting the operands to a common shape.
    BroadcastShiftRightLogical "chlo.broadcast_shift_right_logical" (lhs: AnyRankTensor, rhs: AnyRankTensor) -> (result: AnyRankTensor) {
        attributes: [broadcast_dimensions: I64s => [optional]],
        traits: [PURE],
        assembly: "$lhs , $rhs attr-dict : functional-type",
    }
    /// `subtract` after broadcasting the operands to a common shape.
    BroadcastSubtract "chlo.broadcast_subtract" (lhs: AnyRankTensor, rhs: AnyRankTensor) -> (result: AnyRankTensor) {
        attributes: [broadcast_dimensions: I64s => [optional]],
        traits: [PURE],
        assembly: "$lhs , $rhs attr-dict : functional-type",
    }
    /// `xor` after broadcasting the operands to a common shape.
    BroadcastXor "chlo.broadcast_xor" (lhs: AnyRankPredOrInt, rhs: AnyRankPredOrInt) -> (result: AnyRankTensor) {
        attributes: [broadcast_dimensions: I64s => [optional]],
        traits: [PURE, COMMUTATIVE],
        assembly: "$lhs , $rhs attr-dict : functional-type",
    }
    /// `chlo.zeta` after broadcasting the operands to a common shape.
    BroadcastZeta "chlo.broadcast_zeta" (lhs: AnyRankFp, rhs: AnyRankFp) -> (result: AnyRankFp) {
        attributes: [broadcast_dimensions: I64s => [optional]],
        traits: [PURE],
        assembly: "$lhs , $rhs attr-dict : functional-type",
    }
    /// Complex conjugate, element-wise.
    Conj "chlo.conj" (operand: AnyRankFpOrComplex) -> (result: AnyRankFpOrComplex) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$operand attr-dict : type($operand) -> type($result)",
    }
    /// A tensor known when compiling.
    ChloConstant "chlo.constant" () -> (output: StaticTensor) {
        attributes: [value: Elements],
        traits: [PURE],
        assembly: "custom<Constant>($value)",
    }
    /// A tensor of the operand's shape with all elements `value`.
    ConstantLike "chlo.constant_like" (operand: AnyRankTensor) -> (result: AnyRankTensor) {
        attributes: [value: Any],
        traits: [PURE, SAME_SHAPE],
    }
    /// Hyperbolic cosine, element-wise.
    Cosh "chlo.cosh" (operand: AnyRankFpOrComplex) -> (result: AnyRankFpOrComplex) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$operand attr-dict : type($operand) -> type($result)",
    }
    /// Logarithmic derivative of the gamma function, element-wise.
    Digamma "chlo.digamma" (operand: AnyRankFp) -> (result: AnyRankFp) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$operand attr-dict : type($operand) -> type($result)",
    }
    /// Error function, element-wise.
    Erf "chlo.erf" (operand: AnyRankFp) -> (result: AnyRankFp) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$operand attr-dict : type($operand) -> type($result)",
    }
    /// Inverse of the error function, element-wise.
    ErfInv "chlo.erf_inv" (operand: AnyRankFp) -> (result: AnyRankFp) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$operand attr-dict : type($operand) -> type($result)",
    }
    /// Complement of the error function, element-wise.
    Erfc "chlo.erfc" (operand: AnyRankFp) -> (result: AnyRankFp) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$operand attr-dict : type($operand) -> type($result)",
    }
    /// Whether a number is infinite, element-wise.
    IsInf "chlo.is_inf" (operand: AnyRankFp) -> (result: AnyRankPred) {
        traits: [PURE, ELEMENTWISE, SAME_SHAPE],
        assembly: "$operand attr-dict : type($operand) -> type($result)",
    }
    /// Whether a number is minus infinity, element-wise.
    IsNegInf "chlo.is_neg_inf" (operand: AnyRankFp) -> (result: AnyRankPred) {
        traits: [PURE, ELEMENTWISE, SAME_SHAPE],
        assembly: "$operand attr-dict : type($operand) -> type($result)",
    }
    /// Whether a number is plus infinity, element-wise.
    IsPosInf "chlo.is_pos_inf" (operand: AnyRankFp) -> (result: AnyRankPred) {
        traits: [PURE, ELEMENTWISE, SAME_SHAPE],
        assembly: "$operand attr-dict : type($operand) -> type($result)",
    }
    /// Logarithm of the absolute value of the gamma function, element-wise.
    Lgamma "chlo.lgamma" (operand: AnyRankFp) -> (result: AnyRankFp) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$operand attr-dict : type($operand) -> type($result)",
    }
    /// The upper half of the product's bits, element-wise.
    Mulhi "chlo.mulhi" (lhs: Int, rhs: Int) -> (result: Int) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$lhs , $rhs attr-dict : type($lhs) , type($rhs) -> type($result)",
    }
    /// The number after `x` in the direction of `y`, element-wise.
    NextAfter "chlo.next_after" (x: AnyRankFp, y: AnyRankFp) -> (result: AnyRankFp) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$x , $y attr-dict : type($x) , type($y) -> type($result)",
    }
    /// Derivatives of the digamma function, element-wise.
    Polygamma "chlo.polygamma" (n: AnyRankFp, x: AnyRankFp) -> (result: AnyRankFp) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$n , $x attr-dict : type($n) , type($x) -> type($result)",
    }
    /// Matrix products of groups of rows (or of contracting or batching elements), whose sizes are given when running.
    RaggedDot "chlo.ragged_dot" (lhs: AnyRankTensor, rhs: AnyRankTensor, group_sizes: Int) -> (result: AnyRankTensor) {
        attributes: [
            ragged_dot_dimension_numbers: RaggedDotDimensionNumbers,
            precision_config: Enums(EnumKind::ChloPrecision) => [optional],
        ],
        traits: [PURE],
    }
    /// Carries values through `body` along `dimension` of the inputs, and stacks what it gives.
    Scan "chlo.scan" (inputs: Tensor [variadic], inits: Tensor [variadic])
        -> (outputs: Tensor [variadic], carries: Tensor [variadic]) {
        attributes: [
            dimension: I64,
            scan_dim_size: I64 => [optional],
            is_reverse: Bool => [default B(false)],
            is_associative: Bool => [optional],
        ],
        regions: [body],
        traits: [SEGMENTED],
        assembly: "custom<Scan>($dimension)",
    }
    /// Hyperbolic sine, element-wise.
    Sinh "chlo.sinh" (operand: AnyRankFpOrComplex) -> (result: AnyRankFpOrComplex) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$operand attr-dict : type($operand) -> type($result)",
    }
    /// Product with itself, element-wise.
    Square "chlo.square" (operand: AnyRankFpOrComplex) -> (result: AnyRankFpOrComplex) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$operand attr-dict : type($operand) -> type($result)",
    }
    /// Tangent, element-wise.
    ChloTan "chlo.tan" (operand: AnyRankFpOrComplex) -> (result: AnyRankFpOrComplex) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$operand attr-dict : type($operand) -> type($result)",
    }
    /// The `k` largest along the last dimension, in descending order, and their indices.
    TopK "chlo.top_k" (operand: AnyRankTensor) -> (values: AnyRankTensor, indices: AnyRankTensor) {
        attributes: [k: I64],
        traits: [PURE],
        assembly: "( $operand , k = $k ) attr-dict : type($operand) -> ( type($values) , type($indices) )",
    }
    /// Hurwitz zeta function, element-wise.
    Zeta "chlo.zeta" (x: AnyRankFp, q: AnyRankFp) -> (result: AnyRankFp) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$x , $q attr-dict : type($x) , type($q) -> type($result)",
    }
    } };
}
pub(super) use chlo_ops;
