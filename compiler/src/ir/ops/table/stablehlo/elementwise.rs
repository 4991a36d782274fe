//! StableHLO, up to version 1.20: one result element for each place of the operands.

/// Hands these declarations on to the next macro.
macro_rules! elementwise_ops {
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
    /// Logical or bitwise and, element-wise.
    And "stablehlo.and" (lhs: PredOrInt, rhs: PredOrInt) -> (result: Tensor) {
        traits: [PURE, ELEMENTWISE, COMMUTATIVE, SAME_TYPE],
        assembly: "$lhs , $rhs attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// The angle of the point (`rhs`, `lhs`), element-wise.
    Atan2 "stablehlo.atan2" (lhs: FpComplexOrQuantized, rhs: FpComplexOrQuantized) -> (result: FpComplexOrQuantized) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$lhs , $rhs attr-dict : custom<SameOperandsAndResultType>(operands, results)",
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
    /// Each element, but at least `min` and at most `max`; these may be scalars.
    Clamp "stablehlo.clamp" (min: Tensor, operand: Tensor, max: Tensor) -> (result: Tensor) {
        traits: [PURE],
        assembly: "$min , $operand , $max attr-dict : custom<SameOperandsAndResultType>(operands, results)",
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
    /// The same numbers in another element type, element-wise.
    Convert "stablehlo.convert" (operand: NotQuantized) -> (result: NotQuantized) {
        traits: [PURE, ELEMENTWISE, SAME_SHAPE],
        assembly: "$operand attr-dict : custom<SameOperandsAndResultType>(operands, results)",
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
    /// Quotient, element-wise; of integers rounded towards zero.
    Divide "stablehlo.divide" (lhs: IntFpComplexOrQuantized, rhs: IntFpComplexOrQuantized)
        -> (result: IntFpComplexOrQuantized) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$lhs , $rhs attr-dict : custom<SameOperandsAndResultType>(operands, results)",
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
    /// Greatest integer not above, element-wise.
    Floor "stablehlo.floor" (operand: FpOrQuantized) -> (result: FpOrQuantized) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$operand attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// Imaginary part, element-wise; zero of real numbers.
    Imag "stablehlo.imag" (operand: FpOrComplex) -> (result: Fp) {
        traits: [PURE, ELEMENTWISE, SAME_SHAPE],
        assembly: "$operand attr-dict : custom<SameOperandsAndResultType>(operands, results)",
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
    /// Logical or bitwise or, element-wise.
    Or "stablehlo.or" (lhs: PredOrInt, rhs: PredOrInt) -> (result: Tensor) {
        traits: [PURE, ELEMENTWISE, COMMUTATIVE, SAME_TYPE],
        assembly: "$lhs , $rhs attr-dict : custom<SameOperandsAndResultType>(operands, results)",
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
    /// Rounds to a format of fewer bits and back, element-wise.
    ReducePrecision "stablehlo.reduce_precision" (operand: FpOrQuantized) -> (output: FpOrQuantized) {
        attributes: [exponent_bits: I32, mantissa_bits: I32],
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$operand , format = custom<ExponentMantissa>($exponent_bits, $mantissa_bits) attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    /// Remainder of the division rounded towards zero, element-wise.
    Remainder "stablehlo.remainder" (lhs: IntFpComplexOrQuantized, rhs: IntFpComplexOrQuantized)
        -> (result: IntFpComplexOrQuantized) {
        traits: [PURE, ELEMENTWISE, SAME_TYPE],
        assembly: "$lhs , $rhs attr-dict : custom<SameOperandsAndResultType>(operands, results)",
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
    /// `on_true` where `pred` holds, else `on_false`, element-wise; `pred` may be a scalar.
    Select "stablehlo.select" (pred: Pred, on_true: Tensor, on_false: Tensor) -> (result: Tensor) {
        traits: [PURE],
        assembly: "operands attr-dict : custom<SelectOpType>(operands, results)",
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
    /// Logical or bitwise exclusive or, element-wise.
    Xor "stablehlo.xor" (lhs: PredOrInt, rhs: PredOrInt) -> (result: Tensor) {
        traits: [PURE, ELEMENTWISE, COMMUTATIVE, SAME_TYPE],
        assembly: "$lhs , $rhs attr-dict : custom<SameOperandsAndResultType>(operands, results)",
    }
    } };
}
pub(in super::super) use elementwise_ops;
