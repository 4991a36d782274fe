// Convolutions; expectations from XLA.

func.func @plain() {
    %lhs = stablehlo.constant dense<[[[[2.0], [3.0], [-4.0], [3.0]], [[0.0], [0.0], [1.0], [-2.0]], [[4.0], [-4.0], [-2.0], [-1.0]], [[1.0], [-1.0], [-3.0], [-4.0]]]]> : tensor<1x4x4x1xf32>
    %rhs = stablehlo.constant dense<[[[[-4.0, -4.0]], [[-3.0, 4.0]]], [[[-3.0, 1.0]], [[2.0, -2.0]]]]> : tensor<2x2x1x2xf32>
    %result = stablehlo.convolution(%lhs, %rhs) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x4x4x1xf32>, tensor<2x2x1x2xf32>) -> tensor<1x3x3x2xf32>
  check.expect_eq_const %result, dense<[[[[-17.0, 4.0], [2.0, -30.0], [0.0, 33.0]], [[-20.0, 12.0], [5.0, 4.0], [6.0, -12.0]], [[-9.0, -29.0], [19.0, 13.0], [12.0, 9.0]]]]> : tensor<1x3x3x2xf32>
  func.return
}

// -----

func.func @strided_and_padded() {
    %lhs = stablehlo.constant dense<[[[4.0], [-1.0], [-3.0], [2.0], [3.0]]]> : tensor<1x5x1xf32>
    %rhs = stablehlo.constant dense<[[[-2.0]], [[-1.0]], [[-4.0]]]> : tensor<3x1x1xf32>
    %result = stablehlo.convolution(%lhs, %rhs) dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f], window = {stride = [2], pad = [[1, 1]]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x5x1xf32>, tensor<3x1x1xf32>) -> tensor<1x3x1xf32>
  check.expect_eq_const %result, dense<[[[0.0], [-3.0], [-7.0]]]> : tensor<1x3x1xf32>
  func.return
}

// -----

func.func @dilated() {
    %lhs = stablehlo.constant dense<[[[4.0], [1.0], [2.0]]]> : tensor<1x3x1xf32>
    %rhs = stablehlo.constant dense<[[[4.0]], [[1.0]]]> : tensor<2x1x1xf32>
    %result = stablehlo.convolution(%lhs, %rhs) dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f], window = {pad = [[2, 0]], lhs_dilate = [2], rhs_dilate = [2]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x3x1xf32>, tensor<2x1x1xf32>) -> tensor<1x5x1xf32>
  check.expect_eq_const %result, dense<[[[4.0], [0.0], [17.0], [0.0], [6.0]]]> : tensor<1x5x1xf32>
  func.return
}

// -----

func.func @cut_off_by_negative_padding() {
    %lhs = stablehlo.constant dense<[[[-4.0], [2.0], [-3.0], [-2.0], [4.0]]]> : tensor<1x5x1xf32>
    %rhs = stablehlo.constant dense<[[[-3.0]], [[1.0]]]> : tensor<2x1x1xf32>
    %result = stablehlo.convolution(%lhs, %rhs) dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f], window = {pad = [[-1, 0]]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x5x1xf32>, tensor<2x1x1xf32>) -> tensor<1x3x1xf32>
  check.expect_eq_const %result, dense<[[[-9.0], [7.0], [10.0]]]> : tensor<1x3x1xf32>
  func.return
}

// -----

func.func @feature_groups() {
    %lhs = stablehlo.constant dense<[[[-3.0, 3.0, 1.0, -1.0], [-4.0, 2.0, -1.0, 3.0], [-1.0, 1.0, -3.0, 0.0]]]> : tensor<1x3x4xf32>
    %rhs = stablehlo.constant dense<[[[-4.0, 2.0], [-4.0, 2.0]], [[2.0, 0.0], [3.0, 1.0]]]> : tensor<2x2x2xf32>
    %result = stablehlo.convolution(%lhs, %rhs) dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f], window = {} {batch_group_count = 1 : i64, feature_group_count = 2 : i64} : (tensor<1x3x4xf32>, tensor<2x2x2xf32>) -> tensor<1x2x2xf32>
  check.expect_eq_const %result, dense<[[[-2.0, 3.0], [9.0, 4.0]]]> : tensor<1x2x2xf32>
  func.return
}

// -----

func.func @batch_groups() {
    %lhs = stablehlo.constant dense<[[[1.0], [-2.0], [4.0]], [[4.0], [-4.0], [-3.0]]]> : tensor<2x3x1xf32>
    %rhs = stablehlo.constant dense<[[[-3.0, -3.0]], [[1.0, -1.0]]]> : tensor<2x1x2xf32>
    %result = stablehlo.convolution(%lhs, %rhs) dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f], window = {} {batch_group_count = 2 : i64, feature_group_count = 1 : i64} : (tensor<2x3x1xf32>, tensor<2x1x2xf32>) -> tensor<1x2x2xf32>
  check.expect_eq_const %result, dense<[[[-5.0, -8.0], [10.0, 15.0]]]> : tensor<1x2x2xf32>
  func.return
}

// -----

func.func @reversed_window() {
    %lhs = stablehlo.constant dense<[[[4.0], [2.0], [2.0]]]> : tensor<1x3x1xf32>
    %rhs = stablehlo.constant dense<[[[3.0]], [[-2.0]]]> : tensor<2x1x1xf32>
    %result = stablehlo.convolution(%lhs, %rhs) dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f], window = {reverse = [true]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x3x1xf32>, tensor<2x1x1xf32>) -> tensor<1x2x1xf32>
  check.expect_eq_const %result, dense<[[[-2.0], [2.0]]]> : tensor<1x2x1xf32>
  func.return
}

// -----

func.func @other_layout() {
    %lhs = stablehlo.constant dense<[[[1.0, -2.0, 4.0, 4.0]]]> : tensor<1x1x4xf32>
    %rhs = stablehlo.constant dense<[[[-4.0, -3.0]]]> : tensor<1x1x2xf32>
    %result = stablehlo.convolution(%lhs, %rhs) dim_numbers = [f, b, 0]x[o, i, 0]->[0, f, b], window = {} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x1x4xf32>, tensor<1x1x2xf32>) -> tensor<3x1x1xf32>
  check.expect_eq_const %result, dense<[[[2.0]], [[-4.0]], [[-28.0]]]> : tensor<3x1x1xf32>
  func.return
}

// -----

func.func @integers() {
    %lhs = stablehlo.constant dense<[[[2], [-2], [-2]]]> : tensor<1x3x1xi32>
    %rhs = stablehlo.constant dense<[[[4]], [[-3]]]> : tensor<2x1x1xi32>
    %result = stablehlo.convolution(%lhs, %rhs) dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f], window = {} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x3x1xi32>, tensor<2x1x1xi32>) -> tensor<1x2x1xi32>
  check.expect_eq_const %result, dense<[[[14], [-2]]]> : tensor<1x2x1xi32>
  func.return
}
