// Conversions between element types, by value and by bits; comparisons; selection.

func.func @to_f4E2M1FN() {
    %operand = stablehlo.constant dense<[0.1, -1.0e+09, 448.5, 3.5, -0.75, 0.001]> : tensor<6xf32>
    %narrow = stablehlo.convert %operand : (tensor<6xf32>) -> tensor<6xf4E2M1FN>
    %result = stablehlo.convert %narrow : (tensor<6xf4E2M1FN>) -> tensor<6xf64>
  check.expect_almost_eq_const %result, dense<[0.0, -6.0, 6.0, 4.0, -1.0, 0.0]> : tensor<6xf64>
  func.return
}

// -----

func.func @to_f6E2M3FN() {
    %operand = stablehlo.constant dense<[0.1, -1.0e+09, 448.5, 3.5, -0.75, 0.001]> : tensor<6xf32>
    %narrow = stablehlo.convert %operand : (tensor<6xf32>) -> tensor<6xf6E2M3FN>
    %result = stablehlo.convert %narrow : (tensor<6xf6E2M3FN>) -> tensor<6xf64>
  check.expect_almost_eq_const %result, dense<[0.125, -7.5, 7.5, 3.5, -0.75, 0.0]> : tensor<6xf64>
  func.return
}

// -----

func.func @to_f6E3M2FN() {
    %operand = stablehlo.constant dense<[0.1, -1.0e+09, 448.5, 3.5, -0.75, 0.001]> : tensor<6xf32>
    %narrow = stablehlo.convert %operand : (tensor<6xf32>) -> tensor<6xf6E3M2FN>
    %result = stablehlo.convert %narrow : (tensor<6xf6E3M2FN>) -> tensor<6xf64>
  check.expect_almost_eq_const %result, dense<[0.125, -28.0, 28.0, 3.5, -0.75, 0.0]> : tensor<6xf64>
  func.return
}

// -----

func.func @to_f8E3M4() {
    %operand = stablehlo.constant dense<[0.1, -1.0e+09, 448.5, 3.5, -0.75, 0.001]> : tensor<6xf32>
    %narrow = stablehlo.convert %operand : (tensor<6xf32>) -> tensor<6xf8E3M4>
    %result = stablehlo.convert %narrow : (tensor<6xf8E3M4>) -> tensor<6xf64>
  check.expect_almost_eq_const %result, dense<[0.09375, 0xFFF0000000000000, 0x7FF0000000000000, 3.5, -0.75, 0.0]> : tensor<6xf64>
  func.return
}

// -----

func.func @to_f8E4M3() {
    %operand = stablehlo.constant dense<[0.1, -1.0e+09, 448.5, 3.5, -0.75, 0.001]> : tensor<6xf32>
    %narrow = stablehlo.convert %operand : (tensor<6xf32>) -> tensor<6xf8E4M3>
    %result = stablehlo.convert %narrow : (tensor<6xf8E4M3>) -> tensor<6xf64>
  check.expect_almost_eq_const %result, dense<[0.1015625, 0xFFF0000000000000, 0x7FF0000000000000, 3.5, -0.75, 0.001953125]> : tensor<6xf64>
  func.return
}

// -----

func.func @to_f8E4M3FN() {
    %operand = stablehlo.constant dense<[0.1, -1.0e+09, 448.5, 3.5, -0.75, 0.001]> : tensor<6xf32>
    %narrow = stablehlo.convert %operand : (tensor<6xf32>) -> tensor<6xf8E4M3FN>
    %result = stablehlo.convert %narrow : (tensor<6xf8E4M3FN>) -> tensor<6xf64>
  check.expect_almost_eq_const %result, dense<[0.1015625, 0xFFF8000000000000, 448.0, 3.5, -0.75, 0.001953125]> : tensor<6xf64>
  func.return
}

// -----

func.func @to_f8E4M3FNUZ() {
    %operand = stablehlo.constant dense<[0.1, -1.0e+09, 448.5, 3.5, -0.75, 0.001]> : tensor<6xf32>
    %narrow = stablehlo.convert %operand : (tensor<6xf32>) -> tensor<6xf8E4M3FNUZ>
    %result = stablehlo.convert %narrow : (tensor<6xf8E4M3FNUZ>) -> tensor<6xf64>
  check.expect_almost_eq_const %result, dense<[0.1015625, 0xFFF8000000000000, 0xFFF8000000000000, 3.5, -0.75, 0.0009765625]> : tensor<6xf64>
  func.return
}

// -----

func.func @to_f8E4M3B11FNUZ() {
    %operand = stablehlo.constant dense<[0.1, -1.0e+09, 448.5, 3.5, -0.75, 0.001]> : tensor<6xf32>
    %narrow = stablehlo.convert %operand : (tensor<6xf32>) -> tensor<6xf8E4M3B11FNUZ>
    %result = stablehlo.convert %narrow : (tensor<6xf8E4M3B11FNUZ>) -> tensor<6xf64>
  check.expect_almost_eq_const %result, dense<[0.1015625, 0xFFF8000000000000, 0xFFF8000000000000, 3.5, -0.75, 0.0009765625]> : tensor<6xf64>
  func.return
}

// -----

func.func @to_f8E5M2() {
    %operand = stablehlo.constant dense<[0.1, -1.0e+09, 448.5, 3.5, -0.75, 0.001]> : tensor<6xf32>
    %narrow = stablehlo.convert %operand : (tensor<6xf32>) -> tensor<6xf8E5M2>
    %result = stablehlo.convert %narrow : (tensor<6xf8E5M2>) -> tensor<6xf64>
  check.expect_almost_eq_const %result, dense<[0.09375, 0xFFF0000000000000, 448.0, 3.5, -0.75, 0.0009765625]> : tensor<6xf64>
  func.return
}

// -----

func.func @to_f8E5M2FNUZ() {
    %operand = stablehlo.constant dense<[0.1, -1.0e+09, 448.5, 3.5, -0.75, 0.001]> : tensor<6xf32>
    %narrow = stablehlo.convert %operand : (tensor<6xf32>) -> tensor<6xf8E5M2FNUZ>
    %result = stablehlo.convert %narrow : (tensor<6xf8E5M2FNUZ>) -> tensor<6xf64>
  check.expect_almost_eq_const %result, dense<[0.09375, 0xFFF8000000000000, 448.0, 3.5, -0.75, 0.0009765625]> : tensor<6xf64>
  func.return
}

// -----

func.func @to_bf16() {
    %operand = stablehlo.constant dense<[0.1, -1.0e+09, 448.5, 3.5, -0.75, 0.001]> : tensor<6xf32>
    %narrow = stablehlo.convert %operand : (tensor<6xf32>) -> tensor<6xbf16>
    %result = stablehlo.convert %narrow : (tensor<6xbf16>) -> tensor<6xf64>
  check.expect_almost_eq_const %result, dense<[0.10009765625, -998244352.0, 448.0, 3.5, -0.75, 0.00099945068359375]> : tensor<6xf64>
  func.return
}

// -----

func.func @to_f16() {
    %operand = stablehlo.constant dense<[0.1, -1.0e+09, 448.5, 3.5, -0.75, 0.001]> : tensor<6xf32>
    %narrow = stablehlo.convert %operand : (tensor<6xf32>) -> tensor<6xf16>
    %result = stablehlo.convert %narrow : (tensor<6xf16>) -> tensor<6xf64>
  check.expect_almost_eq_const %result, dense<[0.0999755859375, 0xFFF0000000000000, 448.5, 3.5, -0.75, 0.0010004043579101562]> : tensor<6xf64>
  func.return
}

// -----

func.func @to_f64() {
    %operand = stablehlo.constant dense<[0.1, -1.0e+09, 448.5, 3.5, -0.75, 0.001]> : tensor<6xf32>
    %narrow = stablehlo.convert %operand : (tensor<6xf32>) -> tensor<6xf64>
    %result = stablehlo.convert %narrow : (tensor<6xf64>) -> tensor<6xf64>
  check.expect_almost_eq_const %result, dense<[0.10000000149011612, -1000000000.0, 448.5, 3.5, -0.75, 0.0010000000474974513]> : tensor<6xf64>
  func.return
}

// -----

func.func @to_f8E8M0FNU() {
    %operand = stablehlo.constant dense<[1.0, 1.5, 3.0, 0.7]> : tensor<4xf32>
    %scale = stablehlo.convert %operand : (tensor<4xf32>) -> tensor<4xf8E8M0FNU>
    %result = stablehlo.convert %scale : (tensor<4xf8E8M0FNU>) -> tensor<4xf32>
  check.expect_eq_const %result, dense<[1.0, 2.0, 4.0, 0.5]> : tensor<4xf32>
  func.return
}

// -----

func.func @floats_to_integers_saturate() {
    %operand = stablehlo.constant dense<[300.7, -300.7, 2.9, 0x7FC00000]> : tensor<4xf32>
    %signed = stablehlo.convert %operand : (tensor<4xf32>) -> tensor<4xi8>
    %unsigned = stablehlo.convert %operand : (tensor<4xf32>) -> tensor<4xui8>
    %predicate = stablehlo.convert %operand : (tensor<4xf32>) -> tensor<4xi1>
  check.expect_eq_const %signed, dense<[127, -128, 2, 0]> : tensor<4xi8>
  check.expect_eq_const %unsigned, dense<[255, 0, 2, 0]> : tensor<4xui8>
  check.expect_eq_const %predicate, dense<true> : tensor<4xi1>
  func.return
}

// -----

func.func @integers_to_floats_round_once() {
    %operand = stablehlo.constant dense<[1152921573326323713, -1152921573326323713, 16777217]> : tensor<3xi64>
    %single = stablehlo.convert %operand : (tensor<3xi64>) -> tensor<3xf32>
    %half = stablehlo.convert %operand : (tensor<3xi64>) -> tensor<3xbf16>
  check.expect_eq_const %single, dense<[1.1529216e+18, -1.1529216e+18, 1.6777216e+07]> : tensor<3xf32>
  check.expect_eq_const %half, dense<[1.152921504606847e+18, -1.152921504606847e+18, 16777216.0]> : tensor<3xbf16>
  func.return
}

// -----

func.func @to_and_from_complex() {
    %operand = stablehlo.constant dense<[1.5, -2.0]> : tensor<2xf32>
    %z = stablehlo.convert %operand : (tensor<2xf32>) -> tensor<2xcomplex<f64>>
    %back = stablehlo.convert %z : (tensor<2xcomplex<f64>>) -> tensor<2xi32>
  check.expect_eq_const %z, dense<[(1.5, 0.0), (-2.0, 0.0)]> : tensor<2xcomplex<f64>>
  check.expect_eq_const %back, dense<[1, -2]> : tensor<2xi32>
  func.return
}

// -----

func.func @bitcast_same_size() {
    %operand = stablehlo.constant dense<[1.0, -0.0]> : tensor<2xf32>
    %result = stablehlo.bitcast_convert %operand : (tensor<2xf32>) -> tensor<2xi32>
  check.expect_eq_const %result, dense<[1065353216, -2147483648]> : tensor<2xi32>
  func.return
}

// -----

func.func @bitcast_to_smaller_and_back() {
    %operand = stablehlo.constant dense<81985529216486895> : tensor<1xi64>
    %parts = stablehlo.bitcast_convert %operand : (tensor<1xi64>) -> tensor<1x4xui16>
    %result = stablehlo.bitcast_convert %parts : (tensor<1x4xui16>) -> tensor<1xi64>
  check.expect_eq_const %parts, dense<[[52719, 35243, 17767, 291]]> : tensor<1x4xui16>
  check.expect_eq_const %result, dense<81985529216486895> : tensor<1xi64>
  func.return
}

// -----

func.func @bitcast_nibbles() {
    %operand = stablehlo.constant dense<[31, -128]> : tensor<2xi8>
    %parts = stablehlo.bitcast_convert %operand : (tensor<2xi8>) -> tensor<2x2xi4>
    %result = stablehlo.bitcast_convert %parts : (tensor<2x2xi4>) -> tensor<2xi8>
  check.expect_eq_const %parts, dense<[[-1, 1], [0, -8]]> : tensor<2x2xi4>
  check.expect_eq_const %result, dense<[31, -128]> : tensor<2xi8>
  func.return
}

// -----

func.func @compare_EQ() {
    %lhs = stablehlo.constant dense<[1.0, -0.0, 3.0, 0x7FC00000]> : tensor<4xf32>
    %rhs = stablehlo.constant dense<[2.0, 0.0, 2.0, 0x7FC00000]> : tensor<4xf32>
    %result = stablehlo.compare EQ, %lhs, %rhs, FLOAT : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  check.expect_eq_const %result, dense<[false, true, false, false]> : tensor<4xi1>
  func.return
}

// -----

func.func @compare_NE() {
    %lhs = stablehlo.constant dense<[1.0, -0.0, 3.0, 0x7FC00000]> : tensor<4xf32>
    %rhs = stablehlo.constant dense<[2.0, 0.0, 2.0, 0x7FC00000]> : tensor<4xf32>
    %result = stablehlo.compare NE, %lhs, %rhs, FLOAT : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  check.expect_eq_const %result, dense<[true, false, true, true]> : tensor<4xi1>
  func.return
}

// -----

func.func @compare_LT() {
    %lhs = stablehlo.constant dense<[1.0, -0.0, 3.0, 0x7FC00000]> : tensor<4xf32>
    %rhs = stablehlo.constant dense<[2.0, 0.0, 2.0, 0x7FC00000]> : tensor<4xf32>
    %result = stablehlo.compare LT, %lhs, %rhs, FLOAT : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  check.expect_eq_const %result, dense<[true, false, false, false]> : tensor<4xi1>
  func.return
}

// -----

func.func @compare_LE() {
    %lhs = stablehlo.constant dense<[1.0, -0.0, 3.0, 0x7FC00000]> : tensor<4xf32>
    %rhs = stablehlo.constant dense<[2.0, 0.0, 2.0, 0x7FC00000]> : tensor<4xf32>
    %result = stablehlo.compare LE, %lhs, %rhs, FLOAT : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  check.expect_eq_const %result, dense<[true, true, false, false]> : tensor<4xi1>
  func.return
}

// -----

func.func @compare_GT() {
    %lhs = stablehlo.constant dense<[1.0, -0.0, 3.0, 0x7FC00000]> : tensor<4xf32>
    %rhs = stablehlo.constant dense<[2.0, 0.0, 2.0, 0x7FC00000]> : tensor<4xf32>
    %result = stablehlo.compare GT, %lhs, %rhs, FLOAT : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  check.expect_eq_const %result, dense<[false, false, true, false]> : tensor<4xi1>
  func.return
}

// -----

func.func @compare_GE() {
    %lhs = stablehlo.constant dense<[1.0, -0.0, 3.0, 0x7FC00000]> : tensor<4xf32>
    %rhs = stablehlo.constant dense<[2.0, 0.0, 2.0, 0x7FC00000]> : tensor<4xf32>
    %result = stablehlo.compare GE, %lhs, %rhs, FLOAT : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  check.expect_eq_const %result, dense<[false, true, true, false]> : tensor<4xi1>
  func.return
}

// -----

func.func @compare_in_total_order() {
    %lhs = stablehlo.constant dense<[0xFFC00000, 0xFF800000, -0.0, 0x7F800000, 0x7FC00000]> : tensor<5xf32>
    %rhs = stablehlo.constant dense<[0xFF800000, -1.0, 0.0, 0x7FC00000, 0x7FC00000]> : tensor<5xf32>
    %less = stablehlo.compare LT, %lhs, %rhs, TOTALORDER : (tensor<5xf32>, tensor<5xf32>) -> tensor<5xi1>
    %equal = stablehlo.compare EQ, %lhs, %rhs, TOTALORDER : (tensor<5xf32>, tensor<5xf32>) -> tensor<5xi1>
  check.expect_eq_const %less, dense<[true, true, true, true, false]> : tensor<5xi1>
  check.expect_eq_const %equal, dense<[false, false, false, false, true]> : tensor<5xi1>
  func.return
}

// -----

func.func @compare_integers() {
    %lhs = stablehlo.constant dense<[255, 1]> : tensor<2xui8>
    %rhs = stablehlo.constant dense<[1, 255]> : tensor<2xui8>
    %result = stablehlo.compare GT, %lhs, %rhs, UNSIGNED : (tensor<2xui8>, tensor<2xui8>) -> tensor<2xi1>
  check.expect_eq_const %result, dense<[true, false]> : tensor<2xi1>
  func.return
}

// -----

func.func @compare_complex() {
    %lhs = stablehlo.constant dense<(1.0, 2.0)> : tensor<2xcomplex<f32>>
    %rhs = stablehlo.constant dense<[(1.0, 2.0), (1.0, -2.0)]> : tensor<2xcomplex<f32>>
    %result = stablehlo.compare EQ, %lhs, %rhs, FLOAT : (tensor<2xcomplex<f32>>, tensor<2xcomplex<f32>>) -> tensor<2xi1>
  check.expect_eq_const %result, dense<[true, false]> : tensor<2xi1>
  func.return
}

// -----

func.func @select() {
    %pred = stablehlo.constant dense<[true, false, true]> : tensor<3xi1>
    %scalar = stablehlo.constant dense<false> : tensor<i1>
    %yes = stablehlo.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
    %no = stablehlo.constant dense<[-1.0, -2.0, -3.0]> : tensor<3xf32>
    %mixed = stablehlo.select %pred, %yes, %no : tensor<3xi1>, tensor<3xf32>
    %whole = stablehlo.select %scalar, %yes, %no : tensor<i1>, tensor<3xf32>
  check.expect_eq_const %mixed, dense<[1.0, -2.0, 3.0]> : tensor<3xf32>
  check.expect_eq_const %whole, dense<[-1.0, -2.0, -3.0]> : tensor<3xf32>
  func.return
}

// -----

func.func @clamp() {
    %low = stablehlo.constant dense<0.0> : tensor<f32>
    %operand = stablehlo.constant dense<[-1.0, 0.5, 9.0, 0x7FC00000]> : tensor<4xf32>
    %high = stablehlo.constant dense<[1.0, 1.0, 2.0, 1.0]> : tensor<4xf32>
    %result = stablehlo.clamp %low, %operand, %high : (tensor<f32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  check.expect_almost_eq_const %result, dense<[0.0, 0.5, 2.0, 0x7FC00000]> : tensor<4xf32>
  func.return
}
