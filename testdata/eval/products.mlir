// Sums of products.

func.func @dot() {
    %lhs = stablehlo.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
    %rhs = stablehlo.constant dense<[[1.0, -1.0], [0.5, 2.0], [-2.0, 1.0]]> : tensor<3x2xf32>
    %result = stablehlo.dot %lhs, %rhs : (tensor<2x3xf32>, tensor<3x2xf32>) -> tensor<2x2xf32>
  check.expect_eq_const %result, dense<[[-4.0, 6.0], [-5.5, 12.0]]> : tensor<2x2xf32>
  func.return
}

// -----

func.func @dot_general_contracts_two_dimensions() {
    %lhs = stablehlo.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
    %rhs = stablehlo.constant dense<[[1.0, -1.0], [0.5, 2.0], [-2.0, 1.0]]> : tensor<3x2xf32>
    %result = stablehlo.dot_general %lhs, %rhs, contracting_dims = [0, 1] x [1, 0] : (tensor<2x3xf32>, tensor<3x2xf32>) -> tensor<f32>
  check.expect_eq_const %result, dense<8.0> : tensor<f32>
  func.return
}

// -----

func.func @dot_general_batches() {
    %lhs = stablehlo.constant dense<[[[1, 2, 3], [4, 5, 6]], [[7, 8, 9], [10, 11, 12]]]> : tensor<2x2x3xi32>
    %rhs = stablehlo.constant dense<[[[-4, -3], [-2, -1], [0, 1]], [[2, 3], [4, 5], [6, 7]]]> : tensor<2x3x2xi32>
    %result = stablehlo.dot_general %lhs, %rhs, batching_dims = [0] x [0], contracting_dims = [2] x [1] : (tensor<2x2x3xi32>, tensor<2x3x2xi32>) -> tensor<2x2x2xi32>
  check.expect_eq_const %result, dense<[[[-8, -2], [-26, -11]], [[100, 124], [136, 169]]]> : tensor<2x2x2xi32>
  func.return
}

// -----

func.func @dot_general_widens() {
    %lhs = stablehlo.constant dense<127> : tensor<1x2xi8>
    %rhs = stablehlo.constant dense<127> : tensor<2x1xi8>
    %wide = stablehlo.dot_general %lhs, %rhs, contracting_dims = [1] x [0] : (tensor<1x2xi8>, tensor<2x1xi8>) -> tensor<1x1xi32>
    %narrow = stablehlo.dot_general %lhs, %rhs, contracting_dims = [1] x [0] : (tensor<1x2xi8>, tensor<2x1xi8>) -> tensor<1x1xi8>
  check.expect_eq_const %wide, dense<32258> : tensor<1x1xi32>
  check.expect_eq_const %narrow, dense<2> : tensor<1x1xi8>
  func.return
}

// -----

func.func @dot_general_accumulates_half_precision_in_single() {
    %lhs = stablehlo.constant dense<[[256.0, 1.0, 1.0, 1.0]]> : tensor<1x4xbf16>
    %rhs = stablehlo.constant dense<1.0> : tensor<4x1xbf16>
    %result = stablehlo.dot_general %lhs, %rhs, contracting_dims = [1] x [0] : (tensor<1x4xbf16>, tensor<4x1xbf16>) -> tensor<1x1xbf16>
  check.expect_eq_const %result, dense<260.0> : tensor<1x1xbf16>
  func.return
}

// -----

func.func @dot_general_predicates() {
    %lhs = stablehlo.constant dense<[[true, false], [false, false]]> : tensor<2x2xi1>
    %rhs = stablehlo.constant dense<[[true, false], [true, true]]> : tensor<2x2xi1>
    %result = stablehlo.dot_general %lhs, %rhs, contracting_dims = [1] x [0] : (tensor<2x2xi1>, tensor<2x2xi1>) -> tensor<2x2xi1>
  check.expect_eq_const %result, dense<[[true, false], [false, false]]> : tensor<2x2xi1>
  func.return
}

// -----

func.func @dot_general_complex() {
    %lhs = stablehlo.constant dense<[[(1.0, 2.0), (3.0, -1.0)]]> : tensor<1x2xcomplex<f64>>
    %rhs = stablehlo.constant dense<[[(2.0, -1.0)], [(0.0, 1.0)]]> : tensor<2x1xcomplex<f64>>
    %result = stablehlo.dot_general %lhs, %rhs, contracting_dims = [1] x [0] : (tensor<1x2xcomplex<f64>>, tensor<2x1xcomplex<f64>>) -> tensor<1x1xcomplex<f64>>
  check.expect_eq_const %result, dense<(5.0, 6.0)> : tensor<1x1xcomplex<f64>>
  func.return
}

// -----

func.func @dot_general_with_an_algorithm() {
    %lhs = stablehlo.constant dense<[[1.0039062, 1.0]]> : tensor<1x2xf32>
    %rhs = stablehlo.constant dense<[[1.0], [0.0]]> : tensor<2x1xf32>
    %rounded = stablehlo.dot_general %lhs, %rhs, contracting_dims = [1] x [0], algorithm = <lhs_precision_type = bf16, rhs_precision_type = bf16, accumulation_type = f32, lhs_component_count = 1, rhs_component_count = 1, num_primitive_operations = 1, allow_imprecise_accumulation = false> : (tensor<1x2xf32>, tensor<2x1xf32>) -> tensor<1x1xf32>
    %kept = stablehlo.dot_general %lhs, %rhs, contracting_dims = [1] x [0], algorithm = <lhs_precision_type = tf32, rhs_precision_type = tf32, accumulation_type = f32, lhs_component_count = 1, rhs_component_count = 1, num_primitive_operations = 1, allow_imprecise_accumulation = false> : (tensor<1x2xf32>, tensor<2x1xf32>) -> tensor<1x1xf32>
  check.expect_eq_const %rounded, dense<1.0> : tensor<1x1xf32>
  check.expect_eq_const %kept, dense<1.0039062> : tensor<1x1xf32>
  func.return
}

// -----

func.func @dot_general_of_nothing_is_zero() {
    %lhs = stablehlo.constant dense<> : tensor<2x0xf32>
    %rhs = stablehlo.constant dense<> : tensor<0x2xf32>
    %result = stablehlo.dot_general %lhs, %rhs, contracting_dims = [1] x [0] : (tensor<2x0xf32>, tensor<0x2xf32>) -> tensor<2x2xf32>
  check.expect_eq_const %result, dense<0.0> : tensor<2x2xf32>
  func.return
}

// -----

func.func @einsum() {
    %lhs = stablehlo.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
    %rhs = stablehlo.constant dense<[[1.0, -1.0], [0.5, 2.0], [-2.0, 1.0]]> : tensor<3x2xf32>
    %result = stablehlo.einsum %lhs, %rhs, config = "ij,jk->ki" : (tensor<2x3xf32>, tensor<3x2xf32>) -> tensor<2x2xf32>
    %outer = stablehlo.einsum %lhs, %rhs, config = "ij,kl->i" : (tensor<2x3xf32>, tensor<3x2xf32>) -> tensor<2xf32>
  check.expect_eq_const %result, dense<[[-4.0, -5.5], [6.0, 12.0]]> : tensor<2x2xf32>
  check.expect_eq_const %outer, dense<[9.0, 22.5]> : tensor<2xf32>
  func.return
}

// -----

func.func @unary_einsum() {
    %operand = stablehlo.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
    %trace = stablehlo.unary_einsum %operand, config = "ii->" : (tensor<2x2xf32>) -> tensor<f32>
    %columns = stablehlo.unary_einsum %operand, config = "ij->j" : (tensor<2x2xf32>) -> tensor<2xf32>
  check.expect_eq_const %trace, dense<5.0> : tensor<f32>
  check.expect_eq_const %columns, dense<[4.0, 6.0]> : tensor<2xf32>
  func.return
}

// -----

func.func @ragged_dot_outer() {
    %lhs = stablehlo.constant dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [7.0, 8.0]]> : tensor<4x2xf32>
    %rhs = stablehlo.constant dense<[[[1.0, 0.0], [0.0, 1.0]], [[2.0, 1.0], [1.0, -1.0]]]> : tensor<2x2x2xf32>
    %sizes = stablehlo.constant dense<[1, 2]> : tensor<2xi64>
    %result = "chlo.ragged_dot"(%lhs, %rhs, %sizes) {ragged_dot_dimension_numbers = #chlo.ragged_dot<lhs_batching_dimensions = [], rhs_batching_dimensions = [], lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [1], lhs_ragged_dimensions = [0], rhs_group_dimensions = [0]>} : (tensor<4x2xf32>, tensor<2x2x2xf32>, tensor<2xi64>) -> tensor<4x2xf32>
  check.expect_eq_const %result, dense<[[1.0, 2.0], [10.0, -1.0], [16.0, -1.0], [0.0, 0.0]]> : tensor<4x2xf32>
  func.return
}

// -----

func.func @ragged_dot_contracting() {
    %lhs = stablehlo.constant dense<[[1.0, 3.0, 5.0, 7.0], [2.0, 4.0, 6.0, 8.0]]> : tensor<2x4xf32>
    %rhs = stablehlo.constant dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [7.0, 8.0]]> : tensor<4x2xf32>
    %sizes = stablehlo.constant dense<[1, 2]> : tensor<2xi64>
    %result = "chlo.ragged_dot"(%lhs, %rhs, %sizes) {ragged_dot_dimension_numbers = #chlo.ragged_dot<lhs_batching_dimensions = [], rhs_batching_dimensions = [], lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [0], lhs_ragged_dimensions = [1], rhs_group_dimensions = []>} : (tensor<2x4xf32>, tensor<4x2xf32>, tensor<2xi64>) -> tensor<2x2x2xf32>
  check.expect_eq_const %result, dense<[[[1.0, 2.0], [2.0, 4.0]], [[34.0, 42.0], [42.0, 52.0]]]> : tensor<2x2x2xf32>
  func.return
}

// -----

func.func @ragged_dot_batch() {
    %lhs = stablehlo.constant dense<[[[0.0, 1.0]], [[2.0, 3.0]], [[4.0, 5.0]]]> : tensor<3x1x2xf32>
    %rhs = stablehlo.constant dense<[[[1.0], [2.0]], [[3.0], [4.0]], [[5.0], [6.0]]]> : tensor<3x2x1xf32>
    %sizes = stablehlo.constant dense<1> : tensor<2xi64>
    %result = "chlo.ragged_dot"(%lhs, %rhs, %sizes) {ragged_dot_dimension_numbers = #chlo.ragged_dot<lhs_batching_dimensions = [0], rhs_batching_dimensions = [0], lhs_contracting_dimensions = [2], rhs_contracting_dimensions = [1], lhs_ragged_dimensions = [0], rhs_group_dimensions = []>} : (tensor<3x1x2xf32>, tensor<3x2x1xf32>, tensor<2xi64>) -> tensor<3x1x1xf32>
  check.expect_eq_const %result, dense<[[[2.0]], [[18.0]], [[0.0]]]> : tensor<3x1x1xf32>
  func.return
}
