// Operations whose result shapes are operands.

func.func @dynamic_broadcast_in_dim() {
    %operand = stablehlo.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
    %shape = stablehlo.constant dense<[2, 2, 3]> : tensor<3xi64>
    %result = stablehlo.dynamic_broadcast_in_dim %operand, %shape, dims = [0, 2] : (tensor<2x3xi32>, tensor<3xi64>) -> tensor<2x2x3xi32>
  check.expect_eq_const %result, dense<[[[1, 2, 3], [1, 2, 3]], [[4, 5, 6], [4, 5, 6]]]> : tensor<2x2x3xi32>
  func.return
}

// -----

func.func @dynamic_reshape() {
    %operand = stablehlo.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
    %shape = stablehlo.constant dense<[3, 2]> : tensor<2xi32>
    %unknown = stablehlo.dynamic_reshape %operand, %shape : (tensor<2x3xi32>, tensor<2xi32>) -> tensor<?x?xi32>
    %double = stablehlo.add %unknown, %unknown : tensor<?x?xi32>
    %result = stablehlo.reshape %double : (tensor<?x?xi32>) -> tensor<6xi32>
  check.expect_eq_const %result, dense<[2, 4, 6, 8, 10, 12]> : tensor<6xi32>
  func.return
}

// -----

func.func @dynamic_iota() {
    %operand = stablehlo.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
    %shape = stablehlo.constant dense<[2, 3]> : tensor<2xi64>
    %result = stablehlo.dynamic_iota %shape, dim = 1 : (tensor<2xi64>) -> tensor<2x3xi32>
  check.expect_eq_const %result, dense<[[0, 1, 2], [0, 1, 2]]> : tensor<2x3xi32>
  func.return
}

// -----

func.func @dynamic_pad() {
    %operand = stablehlo.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
    %value = stablehlo.constant dense<9> : tensor<i32>
    %low = stablehlo.constant dense<[1, -1]> : tensor<2xi64>
    %high = stablehlo.constant dense<[0, 1]> : tensor<2xi64>
    %interior = stablehlo.constant dense<[0, 0]> : tensor<2xi64>
    %result = stablehlo.dynamic_pad %operand, %value, %low, %high, %interior : (tensor<2x3xi32>, tensor<i32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>) -> tensor<3x3xi32>
  check.expect_eq_const %result, dense<[[9, 9, 9], [2, 3, 9], [5, 6, 9]]> : tensor<3x3xi32>
  func.return
}

// -----

func.func @real_dynamic_slice() {
    %operand = stablehlo.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
    %start = stablehlo.constant dense<[0, 1]> : tensor<2xi64>
    %limit = stablehlo.constant dense<[2, 3]> : tensor<2xi64>
    %stride = stablehlo.constant dense<[1, 2]> : tensor<2xi64>
    %result = stablehlo.real_dynamic_slice %operand, %start, %limit, %stride : (tensor<2x3xi32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>) -> tensor<2x1xi32>
  check.expect_eq_const %result, dense<[[2], [5]]> : tensor<2x1xi32>
  func.return
}

// -----

func.func @dynamic_gather() {
    %operand = stablehlo.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
    %indices = stablehlo.constant dense<[1, 0]> : tensor<2xi64>
    %sizes = stablehlo.constant dense<[1, 2]> : tensor<2xi64>
    %result = "stablehlo.dynamic_gather"(%operand, %indices, %sizes) {dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>} : (tensor<2x3xi32>, tensor<2xi64>, tensor<2xi64>) -> tensor<2x2xi32>
  check.expect_eq_const %result, dense<[[4, 5], [1, 2]]> : tensor<2x2xi32>
  func.return
}

// -----

func.func @dynamic_conv() {
    %lhs = stablehlo.constant dense<[[[1.0], [2.0], [3.0]]]> : tensor<1x3x1xf32>
    %rhs = stablehlo.constant dense<[[[1.0]], [[10.0]]]> : tensor<2x1x1xf32>
    %padding = stablehlo.constant dense<[[1, 0]]> : tensor<1x2xi64>
    %result = "stablehlo.dynamic_conv"(%lhs, %rhs, %padding) {batch_group_count = 1 : i64, feature_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, 0, f]x[0, i, o]->[b, 0, f]>} : (tensor<1x3x1xf32>, tensor<2x1x1xf32>, tensor<1x2xi64>) -> tensor<1x3x1xf32>
  check.expect_eq_const %result, dense<[[[10.0], [21.0], [32.0]]]> : tensor<1x3x1xf32>
  func.return
}
