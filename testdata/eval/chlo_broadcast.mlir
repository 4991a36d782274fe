// CHLO operations that broadcast their operands to a common shape.

func.func @add() {
    %lhs = stablehlo.constant dense<[1.0, 2.0]> : tensor<2xf32>
    %rhs = stablehlo.constant dense<[[10.0], [20.0]]> : tensor<2x1xf32>
    %result = chlo.broadcast_add %lhs, %rhs : (tensor<2xf32>, tensor<2x1xf32>) -> tensor<2x2xf32>
  %expectedresult = stablehlo.constant dense<[[11.0, 12.0], [21.0, 22.0]]> : tensor<2x2xf32>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<2x2xf32>, tensor<2x2xf32>
  func.return
}

// -----

func.func @subtract() {
    %lhs = stablehlo.constant dense<[1.0, 2.0]> : tensor<2xf32>
    %rhs = stablehlo.constant dense<[[10.0], [20.0]]> : tensor<2x1xf32>
    %result = chlo.broadcast_subtract %lhs, %rhs : (tensor<2xf32>, tensor<2x1xf32>) -> tensor<2x2xf32>
  %expectedresult = stablehlo.constant dense<[[-9.0, -8.0], [-19.0, -18.0]]> : tensor<2x2xf32>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<2x2xf32>, tensor<2x2xf32>
  func.return
}

// -----

func.func @multiply() {
    %lhs = stablehlo.constant dense<[1.0, 2.0]> : tensor<2xf32>
    %rhs = stablehlo.constant dense<[[10.0], [20.0]]> : tensor<2x1xf32>
    %result = chlo.broadcast_multiply %lhs, %rhs : (tensor<2xf32>, tensor<2x1xf32>) -> tensor<2x2xf32>
  %expectedresult = stablehlo.constant dense<[[10.0, 20.0], [20.0, 40.0]]> : tensor<2x2xf32>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<2x2xf32>, tensor<2x2xf32>
  func.return
}

// -----

func.func @divide() {
    %lhs = stablehlo.constant dense<[1.0, 2.0]> : tensor<2xf32>
    %rhs = stablehlo.constant dense<[[2.0], [4.0]]> : tensor<2x1xf32>
    %result = chlo.broadcast_divide %lhs, %rhs : (tensor<2xf32>, tensor<2x1xf32>) -> tensor<2x2xf32>
  %expectedresult = stablehlo.constant dense<[[0.5, 1.0], [0.25, 0.5]]> : tensor<2x2xf32>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<2x2xf32>, tensor<2x2xf32>
  func.return
}

// -----

func.func @maximum() {
    %lhs = stablehlo.constant dense<[1, 5]> : tensor<2xi32>
    %rhs = stablehlo.constant dense<[[3], [4]]> : tensor<2x1xi32>
    %result = chlo.broadcast_maximum %lhs, %rhs : (tensor<2xi32>, tensor<2x1xi32>) -> tensor<2x2xi32>
  check.expect_eq_const %result, dense<[[3, 5], [4, 5]]> : tensor<2x2xi32>
  func.return
}

// -----

func.func @minimum() {
    %lhs = stablehlo.constant dense<[1, 5]> : tensor<2xi32>
    %rhs = stablehlo.constant dense<[[3], [4]]> : tensor<2x1xi32>
    %result = chlo.broadcast_minimum %lhs, %rhs : (tensor<2xi32>, tensor<2x1xi32>) -> tensor<2x2xi32>
  check.expect_eq_const %result, dense<[[1, 3], [1, 4]]> : tensor<2x2xi32>
  func.return
}

// -----

func.func @power() {
    %lhs = stablehlo.constant dense<[2, 3]> : tensor<2xi32>
    %rhs = stablehlo.constant dense<[[1], [2]]> : tensor<2x1xi32>
    %result = chlo.broadcast_power %lhs, %rhs : (tensor<2xi32>, tensor<2x1xi32>) -> tensor<2x2xi32>
  check.expect_eq_const %result, dense<[[2, 3], [4, 9]]> : tensor<2x2xi32>
  func.return
}

// -----

func.func @remainder() {
    %lhs = stablehlo.constant dense<[7, 9]> : tensor<2xi32>
    %rhs = stablehlo.constant dense<[[4], [5]]> : tensor<2x1xi32>
    %result = chlo.broadcast_remainder %lhs, %rhs : (tensor<2xi32>, tensor<2x1xi32>) -> tensor<2x2xi32>
  check.expect_eq_const %result, dense<[[3, 1], [2, 4]]> : tensor<2x2xi32>
  func.return
}

// -----

func.func @and() {
    %lhs = stablehlo.constant dense<[6, 3]> : tensor<2xi32>
    %rhs = stablehlo.constant dense<[[2], [5]]> : tensor<2x1xi32>
    %result = chlo.broadcast_and %lhs, %rhs : (tensor<2xi32>, tensor<2x1xi32>) -> tensor<2x2xi32>
  check.expect_eq_const %result, dense<[[2, 2], [4, 1]]> : tensor<2x2xi32>
  func.return
}

// -----

func.func @or() {
    %lhs = stablehlo.constant dense<[6, 3]> : tensor<2xi32>
    %rhs = stablehlo.constant dense<[[2], [5]]> : tensor<2x1xi32>
    %result = chlo.broadcast_or %lhs, %rhs : (tensor<2xi32>, tensor<2x1xi32>) -> tensor<2x2xi32>
  check.expect_eq_const %result, dense<[[6, 3], [7, 7]]> : tensor<2x2xi32>
  func.return
}

// -----

func.func @xor() {
    %lhs = stablehlo.constant dense<[6, 3]> : tensor<2xi32>
    %rhs = stablehlo.constant dense<[[2], [5]]> : tensor<2x1xi32>
    %result = chlo.broadcast_xor %lhs, %rhs : (tensor<2xi32>, tensor<2x1xi32>) -> tensor<2x2xi32>
  check.expect_eq_const %result, dense<[[4, 1], [3, 6]]> : tensor<2x2xi32>
  func.return
}

// -----

func.func @shift_left() {
    %lhs = stablehlo.constant dense<[1, 3]> : tensor<2xi32>
    %rhs = stablehlo.constant dense<[[1], [2]]> : tensor<2x1xi32>
    %result = chlo.broadcast_shift_left %lhs, %rhs : (tensor<2xi32>, tensor<2x1xi32>) -> tensor<2x2xi32>
  check.expect_eq_const %result, dense<[[2, 6], [4, 12]]> : tensor<2x2xi32>
  func.return
}

// -----

func.func @shift_right_arithmetic() {
    %lhs = stablehlo.constant dense<[-8, 8]> : tensor<2xi32>
    %rhs = stablehlo.constant dense<[[1], [2]]> : tensor<2x1xi32>
    %result = chlo.broadcast_shift_right_arithmetic %lhs, %rhs : (tensor<2xi32>, tensor<2x1xi32>) -> tensor<2x2xi32>
  check.expect_eq_const %result, dense<[[-4, 4], [-2, 2]]> : tensor<2x2xi32>
  func.return
}

// -----

func.func @shift_right_logical() {
    %lhs = stablehlo.constant dense<[-8, 8]> : tensor<2xi32>
    %rhs = stablehlo.constant dense<[[1], [29]]> : tensor<2x1xi32>
    %result = chlo.broadcast_shift_right_logical %lhs, %rhs : (tensor<2xi32>, tensor<2x1xi32>) -> tensor<2x2xi32>
  check.expect_eq_const %result, dense<[[2147483644, 4], [7, 0]]> : tensor<2x2xi32>
  func.return
}

// -----

func.func @atan2() {
    %lhs = stablehlo.constant dense<[0.0, 1.0]> : tensor<2xf32>
    %rhs = stablehlo.constant dense<[[1.0], [-1.0]]> : tensor<2x1xf32>
    %result = chlo.broadcast_atan2 %lhs, %rhs : (tensor<2xf32>, tensor<2x1xf32>) -> tensor<2x2xf32>
  %expectedresult = stablehlo.constant dense<[[0.0, 0.7853982], [3.1415927, 2.3561945]]> : tensor<2x2xf32>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<2x2xf32>, tensor<2x2xf32>
  func.return
}

// -----

func.func @explicit_dimensions() {
    %lhs = stablehlo.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
    %rhs = stablehlo.constant dense<[10.0, 20.0]> : tensor<2xf32>
    %result = chlo.broadcast_add %lhs, %rhs {broadcast_dimensions = array<i64: 0>} : (tensor<2x3xf32>, tensor<2xf32>) -> tensor<2x3xf32>
  check.expect_eq_const %result, dense<[[11.0, 12.0, 13.0], [24.0, 25.0, 26.0]]> : tensor<2x3xf32>
  func.return
}

// -----

func.func @compare() {
    %lhs = stablehlo.constant dense<[1.0, 2.0]> : tensor<2xf32>
    %rhs = stablehlo.constant dense<1.5> : tensor<f32>
    %result = chlo.broadcast_compare %lhs, %rhs {comparison_direction = #chlo<comparison_direction LT>} : (tensor<2xf32>, tensor<f32>) -> tensor<2xi1>
  check.expect_eq_const %result, dense<[true, false]> : tensor<2xi1>
  func.return
}

// -----

func.func @complex() {
    %lhs = stablehlo.constant dense<[1.0, 2.0]> : tensor<2xf32>
    %rhs = stablehlo.constant dense<1.5> : tensor<f32>
    %result = chlo.broadcast_complex %lhs, %rhs : (tensor<2xf32>, tensor<f32>) -> tensor<2xcomplex<f32>>
  check.expect_eq_const %result, dense<[(1.0, 1.5), (2.0, 1.5)]> : tensor<2xcomplex<f32>>
  func.return
}

// -----

func.func @next_after() {
    %lhs = stablehlo.constant dense<[1.0, 2.0]> : tensor<2xf32>
    %rhs = stablehlo.constant dense<1.5> : tensor<f32>
    %result = chlo.broadcast_next_after %lhs, %rhs : (tensor<2xf32>, tensor<f32>) -> tensor<2xf32>
  %bitsresult = stablehlo.bitcast_convert %result : (tensor<2xf32>) -> tensor<2xui32>
  check.expect_eq_const %bitsresult, dense<[1065353217, 1073741823]> : tensor<2xui32>
  func.return
}

// -----

func.func @polygamma() {
    %lhs = stablehlo.constant dense<1.0> : tensor<f64>
    %rhs = stablehlo.constant dense<[0.5, 4.0]> : tensor<2xf64>
    %result = chlo.broadcast_polygamma %lhs, %rhs : (tensor<f64>, tensor<2xf64>) -> tensor<2xf64>
  %expectedresult = stablehlo.constant dense<[4.934802200544679, 0.2838229557371153]> : tensor<2xf64>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<2xf64>, tensor<2xf64>
  func.return
}

// -----

func.func @zeta() {
    %lhs = stablehlo.constant dense<2.0> : tensor<f64>
    %rhs = stablehlo.constant dense<[0.5, 4.0]> : tensor<2xf64>
    %result = chlo.broadcast_zeta %lhs, %rhs : (tensor<f64>, tensor<2xf64>) -> tensor<2xf64>
  %expectedresult = stablehlo.constant dense<[4.934802200544679, 0.2838229557371153]> : tensor<2xf64>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<2xf64>, tensor<2xf64>
  func.return
}

// -----

func.func @select() {
    %pred = stablehlo.constant dense<true> : tensor<i1>
    %yes = stablehlo.constant dense<[1.0, 2.0]> : tensor<2xf32>
    %no = stablehlo.constant dense<[[-1.0], [-2.0]]> : tensor<2x1xf32>
    %result = chlo.broadcast_select %pred, %yes, %no : (tensor<i1>, tensor<2xf32>, tensor<2x1xf32>) -> tensor<2x2xf32>
  check.expect_eq_const %result, dense<[[1.0, 2.0], [1.0, 2.0]]> : tensor<2x2xf32>
  func.return
}
