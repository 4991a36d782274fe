// Integer arithmetic: exact, modulo the width, rounded towards zero.

func.func @abs_wraps_at_the_least() {
    %operand = stablehlo.constant dense<[-128, -5, 7]> : tensor<3xi8>
    %result = stablehlo.abs %operand : tensor<3xi8>
  check.expect_eq_const %result, dense<[-128, 5, 7]> : tensor<3xi8>
  func.return
}

// -----

func.func @negate_unsigned_wraps() {
    %operand = stablehlo.constant dense<[0, 1, 255]> : tensor<3xui8>
    %result = stablehlo.negate %operand : tensor<3xui8>
  check.expect_eq_const %result, dense<[0, 255, 1]> : tensor<3xui8>
  func.return
}

// -----

func.func @sign() {
    %operand = stablehlo.constant dense<[-300, 0, 4]> : tensor<3xi16>
    %result = stablehlo.sign %operand : tensor<3xi16>
  check.expect_eq_const %result, dense<[-1, 0, 1]> : tensor<3xi16>
  func.return
}

// -----

func.func @not_signed() {
    %operand = stablehlo.constant dense<[0, -1, 5]> : tensor<3xi8>
    %result = stablehlo.not %operand : tensor<3xi8>
  check.expect_eq_const %result, dense<[-1, 0, -6]> : tensor<3xi8>
  func.return
}

// -----

func.func @not_narrow_unsigned() {
    %operand = stablehlo.constant dense<[0, 15, 5]> : tensor<3xui4>
    %result = stablehlo.not %operand : tensor<3xui4>
  check.expect_eq_const %result, dense<[15, 0, 10]> : tensor<3xui4>
  func.return
}

// -----

func.func @not_predicate() {
    %operand = stablehlo.constant dense<[true, false]> : tensor<2xi1>
    %result = stablehlo.not %operand : tensor<2xi1>
  check.expect_eq_const %result, dense<[false, true]> : tensor<2xi1>
  func.return
}

// -----

func.func @popcnt() {
    %operand = stablehlo.constant dense<[0, -1, 6]> : tensor<3xi32>
    %result = stablehlo.popcnt %operand : tensor<3xi32>
  check.expect_eq_const %result, dense<[0, 32, 2]> : tensor<3xi32>
  func.return
}

// -----

func.func @popcnt_narrow() {
    %operand = stablehlo.constant dense<[0, -1, 6]> : tensor<3xi4>
    %result = stablehlo.popcnt %operand : tensor<3xi4>
  check.expect_eq_const %result, dense<[0, 4, 2]> : tensor<3xi4>
  func.return
}

// -----

func.func @count_leading_zeros() {
    %operand = stablehlo.constant dense<[0, 1, -1, 255]> : tensor<4xi16>
    %result = stablehlo.count_leading_zeros %operand : tensor<4xi16>
  check.expect_eq_const %result, dense<[16, 15, 0, 8]> : tensor<4xi16>
  func.return
}

// -----

func.func @add_wraps() {
    %lhs = stablehlo.constant dense<[127, -128]> : tensor<2xi8>
    %rhs = stablehlo.constant dense<[1, -1]> : tensor<2xi8>
    %result = stablehlo.add %lhs, %rhs : tensor<2xi8>
  check.expect_eq_const %result, dense<[-128, 127]> : tensor<2xi8>
  func.return
}

// -----

func.func @add_narrow_wraps() {
    %lhs = stablehlo.constant dense<[7, -8]> : tensor<2xi4>
    %rhs = stablehlo.constant dense<[1, -1]> : tensor<2xi4>
    %result = stablehlo.add %lhs, %rhs : tensor<2xi4>
  check.expect_eq_const %result, dense<[-8, 7]> : tensor<2xi4>
  func.return
}

// -----

func.func @add_two_bits() {
    %lhs = stablehlo.constant dense<[3, 2]> : tensor<2xui2>
    %rhs = stablehlo.constant dense<1> : tensor<2xui2>
    %result = stablehlo.add %lhs, %rhs : tensor<2xui2>
  check.expect_eq_const %result, dense<[0, 3]> : tensor<2xui2>
  func.return
}

// -----

func.func @add_predicates_is_or() {
    %lhs = stablehlo.constant dense<[false, false, true, true]> : tensor<4xi1>
    %rhs = stablehlo.constant dense<[false, true, false, true]> : tensor<4xi1>
    %result = stablehlo.add %lhs, %rhs : tensor<4xi1>
  check.expect_eq_const %result, dense<[false, true, true, true]> : tensor<4xi1>
  func.return
}

// -----

func.func @subtract_unsigned_wraps() {
    %lhs = stablehlo.constant dense<[0, 5]> : tensor<2xui64>
    %rhs = stablehlo.constant dense<[1, 7]> : tensor<2xui64>
    %result = stablehlo.subtract %lhs, %rhs : tensor<2xui64>
  check.expect_eq_const %result, dense<[18446744073709551615, 18446744073709551614]> : tensor<2xui64>
  func.return
}

// -----

func.func @multiply_wraps() {
    %lhs = stablehlo.constant dense<[4611686018427387904, -3]> : tensor<2xi64>
    %rhs = stablehlo.constant dense<[2, 5]> : tensor<2xi64>
    %result = stablehlo.multiply %lhs, %rhs : tensor<2xi64>
  check.expect_eq_const %result, dense<[-9223372036854775808, -15]> : tensor<2xi64>
  func.return
}

// -----

func.func @multiply_predicates_is_and() {
    %lhs = stablehlo.constant dense<[false, false, true, true]> : tensor<4xi1>
    %rhs = stablehlo.constant dense<[false, true, false, true]> : tensor<4xi1>
    %result = stablehlo.multiply %lhs, %rhs : tensor<4xi1>
  check.expect_eq_const %result, dense<[false, false, false, true]> : tensor<4xi1>
  func.return
}

// -----

func.func @divide_truncates() {
    %lhs = stablehlo.constant dense<[17, -17, 17, -17]> : tensor<4xi32>
    %rhs = stablehlo.constant dense<[3, 3, -3, -3]> : tensor<4xi32>
    %result = stablehlo.divide %lhs, %rhs : tensor<4xi32>
  check.expect_eq_const %result, dense<[5, -5, -5, 5]> : tensor<4xi32>
  func.return
}

// -----

func.func @divide_by_zero_gives_all_ones() {
    %lhs = stablehlo.constant dense<[5, -2147483648]> : tensor<2xi32>
    %rhs = stablehlo.constant dense<[0, -1]> : tensor<2xi32>
    %result = stablehlo.divide %lhs, %rhs : tensor<2xi32>
  check.expect_eq_const %result, dense<[-1, -2147483648]> : tensor<2xi32>
  func.return
}

// -----

func.func @divide_unsigned() {
    %lhs = stablehlo.constant dense<[255, 254]> : tensor<2xui8>
    %rhs = stablehlo.constant dense<[2, 255]> : tensor<2xui8>
    %result = stablehlo.divide %lhs, %rhs : tensor<2xui8>
  check.expect_eq_const %result, dense<[127, 0]> : tensor<2xui8>
  func.return
}

// -----

func.func @remainder_has_the_sign_of_the_dividend() {
    %lhs = stablehlo.constant dense<[17, -17, 17, -17]> : tensor<4xi32>
    %rhs = stablehlo.constant dense<[3, 3, -3, -3]> : tensor<4xi32>
    %result = stablehlo.remainder %lhs, %rhs : tensor<4xi32>
  check.expect_eq_const %result, dense<[2, -2, 2, -2]> : tensor<4xi32>
  func.return
}

// -----

func.func @remainder_by_zero_is_the_dividend() {
    %lhs = stablehlo.constant dense<[5, -7]> : tensor<2xi16>
    %rhs = stablehlo.constant dense<0> : tensor<2xi16>
    %result = stablehlo.remainder %lhs, %rhs : tensor<2xi16>
  check.expect_eq_const %result, dense<[5, -7]> : tensor<2xi16>
  func.return
}

// -----

func.func @power_wraps() {
    %lhs = stablehlo.constant dense<[2, 3, -2, 7]> : tensor<4xi8>
    %rhs = stablehlo.constant dense<[7, 5, 3, 0]> : tensor<4xi8>
    %result = stablehlo.power %lhs, %rhs : tensor<4xi8>
  check.expect_eq_const %result, dense<[-128, -13, -8, 1]> : tensor<4xi8>
  func.return
}

// -----

func.func @power_with_negative_exponents() {
    %lhs = stablehlo.constant dense<[2, 1, -1, -1]> : tensor<4xi32>
    %rhs = stablehlo.constant dense<[-1, -5, -3, -2]> : tensor<4xi32>
    %result = stablehlo.power %lhs, %rhs : tensor<4xi32>
  check.expect_eq_const %result, dense<[0, 1, -1, 1]> : tensor<4xi32>
  func.return
}

// -----

func.func @maximum_signed() {
    %lhs = stablehlo.constant dense<[-1, 5]> : tensor<2xi8>
    %rhs = stablehlo.constant dense<[1, -5]> : tensor<2xi8>
    %result = stablehlo.maximum %lhs, %rhs : tensor<2xi8>
  check.expect_eq_const %result, dense<[1, 5]> : tensor<2xi8>
  func.return
}

// -----

func.func @maximum_unsigned() {
    %lhs = stablehlo.constant dense<[255, 5]> : tensor<2xui8>
    %rhs = stablehlo.constant dense<[1, 250]> : tensor<2xui8>
    %result = stablehlo.maximum %lhs, %rhs : tensor<2xui8>
  check.expect_eq_const %result, dense<[255, 250]> : tensor<2xui8>
  func.return
}

// -----

func.func @minimum_signed() {
    %lhs = stablehlo.constant dense<[-1, 5]> : tensor<2xi8>
    %rhs = stablehlo.constant dense<[1, -5]> : tensor<2xi8>
    %result = stablehlo.minimum %lhs, %rhs : tensor<2xi8>
  check.expect_eq_const %result, dense<[-1, -5]> : tensor<2xi8>
  func.return
}

// -----

func.func @minimum_predicates_is_and() {
    %lhs = stablehlo.constant dense<[false, false, true, true]> : tensor<4xi1>
    %rhs = stablehlo.constant dense<[false, true, false, true]> : tensor<4xi1>
    %result = stablehlo.minimum %lhs, %rhs : tensor<4xi1>
  check.expect_eq_const %result, dense<[false, false, false, true]> : tensor<4xi1>
  func.return
}

// -----

func.func @and() {
    %lhs = stablehlo.constant dense<[12, -1]> : tensor<2xi32>
    %rhs = stablehlo.constant dense<[10, 255]> : tensor<2xi32>
    %result = stablehlo.and %lhs, %rhs : tensor<2xi32>
  check.expect_eq_const %result, dense<[8, 255]> : tensor<2xi32>
  func.return
}

// -----

func.func @or() {
    %lhs = stablehlo.constant dense<[12, 1]> : tensor<2xui16>
    %rhs = stablehlo.constant dense<[10, 256]> : tensor<2xui16>
    %result = stablehlo.or %lhs, %rhs : tensor<2xui16>
  check.expect_eq_const %result, dense<[14, 257]> : tensor<2xui16>
  func.return
}

// -----

func.func @xor() {
    %lhs = stablehlo.constant dense<[12, -1]> : tensor<2xi64>
    %rhs = stablehlo.constant dense<[10, 255]> : tensor<2xi64>
    %result = stablehlo.xor %lhs, %rhs : tensor<2xi64>
  check.expect_eq_const %result, dense<[6, -256]> : tensor<2xi64>
  func.return
}

// -----

func.func @xor_predicates() {
    %lhs = stablehlo.constant dense<[false, false, true, true]> : tensor<4xi1>
    %rhs = stablehlo.constant dense<[false, true, false, true]> : tensor<4xi1>
    %result = stablehlo.xor %lhs, %rhs : tensor<4xi1>
  check.expect_eq_const %result, dense<[false, true, true, false]> : tensor<4xi1>
  func.return
}

// -----

func.func @shift_left() {
    %lhs = stablehlo.constant dense<[1, 1, -1, 3]> : tensor<4xi8>
    %rhs = stablehlo.constant dense<[7, 8, 4, -1]> : tensor<4xi8>
    %result = stablehlo.shift_left %lhs, %rhs : tensor<4xi8>
  check.expect_eq_const %result, dense<[-128, 0, -16, 0]> : tensor<4xi8>
  func.return
}

// -----

func.func @shift_right_logical() {
    %lhs = stablehlo.constant dense<[-1, -1, -128, 64]> : tensor<4xi8>
    %rhs = stablehlo.constant dense<[1, 8, 7, 3]> : tensor<4xi8>
    %result = stablehlo.shift_right_logical %lhs, %rhs : tensor<4xi8>
  check.expect_eq_const %result, dense<[127, 0, 1, 8]> : tensor<4xi8>
  func.return
}

// -----

func.func @shift_right_arithmetic() {
    %lhs = stablehlo.constant dense<[-1, -128, -128, 64]> : tensor<4xi8>
    %rhs = stablehlo.constant dense<[1, 8, 3, 3]> : tensor<4xi8>
    %result = stablehlo.shift_right_arithmetic %lhs, %rhs : tensor<4xi8>
  check.expect_eq_const %result, dense<[-1, -1, -16, 8]> : tensor<4xi8>
  func.return
}

// -----

func.func @mulhi() {
    %lhs = stablehlo.constant dense<[9223372036854775807, -2]> : tensor<2xi64>
    %rhs = stablehlo.constant dense<[4, 3]> : tensor<2xi64>
    %result = chlo.mulhi %lhs, %rhs : tensor<2xi64>, tensor<2xi64> -> tensor<2xi64>
    %a = stablehlo.constant dense<[18446744073709551615, 7]> : tensor<2xui64>
    %b = stablehlo.constant dense<[18446744073709551615, 2]> : tensor<2xui64>
    %unsigned = chlo.mulhi %a, %b : tensor<2xui64>, tensor<2xui64> -> tensor<2xui64>
  check.expect_eq_const %result, dense<[1, -1]> : tensor<2xi64>
  check.expect_eq_const %unsigned, dense<[18446744073709551614, 0]> : tensor<2xui64>
  func.return
}

// -----

func.func @conversions() {
    %wide = stablehlo.constant dense<[300, -1, 127]> : tensor<3xi32>
    %narrow = stablehlo.convert %wide : (tensor<3xi32>) -> tensor<3xi8>
    %unsigned = stablehlo.convert %wide : (tensor<3xi32>) -> tensor<3xui16>
    %nibble = stablehlo.convert %wide : (tensor<3xi32>) -> tensor<3xi4>
    %predicate = stablehlo.convert %wide : (tensor<3xi32>) -> tensor<3xi1>
  check.expect_eq_const %narrow, dense<[44, -1, 127]> : tensor<3xi8>
  check.expect_eq_const %unsigned, dense<[300, 65535, 127]> : tensor<3xui16>
  check.expect_eq_const %nibble, dense<[-4, -1, -1]> : tensor<3xi4>
  check.expect_eq_const %predicate, dense<true> : tensor<3xi1>
  func.return
}
