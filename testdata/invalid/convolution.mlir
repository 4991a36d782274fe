// error: convolution_c1
func.func @main(%arg0: tensor<1x4x4x2xf32>, %arg1: tensor<3x3x2xf32>) {
  %0 = "stablehlo.convolution"(%arg0, %arg1) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>, feature_group_count = 1 : i64}> : (tensor<1x4x4x2xf32>, tensor<3x3x2xf32>) -> tensor<1x2x2x6xf32>
  return
}

// -----

// error: convolution_c2
func.func @main(%arg0: tensor<1x4x4x2xf32>, %arg1: tensor<3x3x2x6xf32>) {
  %0 = "stablehlo.convolution"(%arg0, %arg1) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>, feature_group_count = 1 : i64, window_strides = array<i64: 1>}> : (tensor<1x4x4x2xf32>, tensor<3x3x2x6xf32>) -> tensor<1x2x2x6xf32>
  return
}

// -----

// error: convolution_c3
func.func @main(%arg0: tensor<1x4x4x2xf32>, %arg1: tensor<3x3x2x6xf32>) {
  %0 = "stablehlo.convolution"(%arg0, %arg1) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>, feature_group_count = 1 : i64, window_strides = array<i64: 0, 1>}> : (tensor<1x4x4x2xf32>, tensor<3x3x2x6xf32>) -> tensor<1x2x2x6xf32>
  return
}

// -----

// error: convolution_c4
func.func @main(%arg0: tensor<1x4x4x2xf32>, %arg1: tensor<3x3x2x6xf32>) {
  %0 = "stablehlo.convolution"(%arg0, %arg1) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>, feature_group_count = 1 : i64, padding = dense<0> : tensor<1x2xi64>}> : (tensor<1x4x4x2xf32>, tensor<3x3x2x6xf32>) -> tensor<1x2x2x6xf32>
  return
}

// -----

// error: convolution_c4
func.func @main(%arg0: tensor<1x4x4x2xf32>, %arg1: tensor<3x3x2x6xf32>) {
  %0 = "stablehlo.convolution"(%arg0, %arg1) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>, feature_group_count = 1 : i64, padding = dense<0> : tensor<2x3xi64>}> : (tensor<1x4x4x2xf32>, tensor<3x3x2x6xf32>) -> tensor<1x2x2x6xf32>
  return
}

// -----

// error: convolution_c5
func.func @main(%arg0: tensor<1x4x4x2xf32>, %arg1: tensor<3x3x2x6xf32>) {
  %0 = "stablehlo.convolution"(%arg0, %arg1) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>, feature_group_count = 1 : i64, lhs_dilation = array<i64: 1>}> : (tensor<1x4x4x2xf32>, tensor<3x3x2x6xf32>) -> tensor<1x2x2x6xf32>
  return
}

// -----

// error: convolution_c6
func.func @main(%arg0: tensor<1x4x4x2xf32>, %arg1: tensor<3x3x2x6xf32>) {
  %0 = "stablehlo.convolution"(%arg0, %arg1) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>, feature_group_count = 1 : i64, lhs_dilation = array<i64: 1, 0>}> : (tensor<1x4x4x2xf32>, tensor<3x3x2x6xf32>) -> tensor<1x2x2x6xf32>
  return
}

// -----

// error: convolution_c7
func.func @main(%arg0: tensor<1x4x4x2xf32>, %arg1: tensor<3x3x2x6xf32>) {
  %0 = "stablehlo.convolution"(%arg0, %arg1) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>, feature_group_count = 1 : i64, rhs_dilation = array<i64: 1>}> : (tensor<1x4x4x2xf32>, tensor<3x3x2x6xf32>) -> tensor<1x2x2x6xf32>
  return
}

// -----

// error: convolution_c8
func.func @main(%arg0: tensor<1x4x4x2xf32>, %arg1: tensor<3x3x2x6xf32>) {
  %0 = "stablehlo.convolution"(%arg0, %arg1) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>, feature_group_count = 1 : i64, rhs_dilation = array<i64: 1, -2>}> : (tensor<1x4x4x2xf32>, tensor<3x3x2x6xf32>) -> tensor<1x2x2x6xf32>
  return
}

// -----

// error: convolution_c9
func.func @main(%arg0: tensor<1x4x4x2xf32>, %arg1: tensor<3x3x2x6xf32>) {
  %0 = "stablehlo.convolution"(%arg0, %arg1) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>, feature_group_count = 1 : i64, window_reversal = array<i1: true>}> : (tensor<1x4x4x2xf32>, tensor<3x3x2x6xf32>) -> tensor<1x2x2x6xf32>
  return
}

// -----

// error: convolution_c10
func.func @main(%arg0: tensor<3x4x4x2xf32>, %arg1: tensor<3x3x2x6xf32>) {
  %0 = "stablehlo.convolution"(%arg0, %arg1) <{batch_group_count = 2 : i64, dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>, feature_group_count = 1 : i64}> : (tensor<3x4x4x2xf32>, tensor<3x3x2x6xf32>) -> tensor<1x2x2x6xf32>
  return
}

// -----

// error: convolution_c11
func.func @main(%arg0: tensor<1x4x4x3xf32>, %arg1: tensor<3x3x2x6xf32>) {
  %0 = "stablehlo.convolution"(%arg0, %arg1) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>, feature_group_count = 2 : i64}> : (tensor<1x4x4x3xf32>, tensor<3x3x2x6xf32>) -> tensor<1x2x2x6xf32>
  return
}

// -----

// error: convolution_c12
func.func @main(%arg0: tensor<1x4x2x2xf32>, %arg1: tensor<3x2x6x1xf32>) {
  %0 = "stablehlo.convolution"(%arg0, %arg1) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, 0, f]x[0, i, o]->[b, 0, f]>, feature_group_count = 1 : i64}> : (tensor<1x4x2x2xf32>, tensor<3x2x6x1xf32>) -> tensor<1x2x2x6xf32>
  return
}

// -----

// error: convolution_c13
func.func @main(%arg0: tensor<4xf32>, %arg1: tensor<4xf32>) {
  %0 = "stablehlo.convolution"(%arg0, %arg1) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>, feature_group_count = 1 : i64}> : (tensor<4xf32>, tensor<4xf32>) -> tensor<1x2x2x6xf32>
  return
}

// -----

// error: convolution_c14
func.func @main(%arg0: tensor<1x4x4x2xf32>, %arg1: tensor<3x3x3x6xf32>) {
  %0 = "stablehlo.convolution"(%arg0, %arg1) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>, feature_group_count = 1 : i64}> : (tensor<1x4x4x2xf32>, tensor<3x3x3x6xf32>) -> tensor<1x2x2x6xf32>
  return
}

// -----

// error: convolution_c15
func.func @main(%arg0: tensor<2x4x4x2xf32>, %arg1: tensor<3x3x2x5xf32>) {
  %0 = "stablehlo.convolution"(%arg0, %arg1) <{batch_group_count = 2 : i64, dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>, feature_group_count = 1 : i64}> : (tensor<2x4x4x2xf32>, tensor<3x3x2x5xf32>) -> tensor<1x2x2x6xf32>
  return
}

// -----

// error: convolution_c16
func.func @main(%arg0: tensor<1x4x4x2xf32>, %arg1: tensor<3x3x1x5xf32>) {
  %0 = "stablehlo.convolution"(%arg0, %arg1) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>, feature_group_count = 2 : i64}> : (tensor<1x4x4x2xf32>, tensor<3x3x1x5xf32>) -> tensor<1x2x2x6xf32>
  return
}

// -----

// error: convolution_c21
func.func @main(%arg0: tensor<1x4x4x2xf32>, %arg1: tensor<3x3x2x6xf32>) {
  %0 = "stablehlo.convolution"(%arg0, %arg1) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>, feature_group_count = 0 : i64}> : (tensor<1x4x4x2xf32>, tensor<3x3x2x6xf32>) -> tensor<1x2x2x6xf32>
  return
}

// -----

// error: convolution_c22
func.func @main(%arg0: tensor<1x4x4x2xf32>, %arg1: tensor<3x3x2x6xf32>) {
  %0 = "stablehlo.convolution"(%arg0, %arg1) <{batch_group_count = 0 : i64, dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>, feature_group_count = 1 : i64}> : (tensor<1x4x4x2xf32>, tensor<3x3x2x6xf32>) -> tensor<1x2x2x6xf32>
  return
}

// -----

// error: convolution_c23
func.func @main(%arg0: tensor<2x4x4x2xf32>, %arg1: tensor<3x3x2x6xf32>) {
  %0 = "stablehlo.convolution"(%arg0, %arg1) <{batch_group_count = 2 : i64, dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>, feature_group_count = 2 : i64}> : (tensor<2x4x4x2xf32>, tensor<3x3x2x6xf32>) -> tensor<1x2x2x6xf32>
  return
}

// -----

// error: convolution_c24
func.func @main(%arg0: tensor<1x4x4x2xf32>, %arg1: tensor<3x3x2x6xf32>) {
  %0 = "stablehlo.convolution"(%arg0, %arg1) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]}> : (tensor<1x4x4x2xf32>, tensor<3x3x2x6xf32>) -> tensor<1x2x2x6xf32>
  return
}

// -----

// error: convolution_c25
func.func @main(%arg0: tensor<1x4x4x2xf32>, %arg1: tensor<3x3x2x6xf32>) {
  %0 = "stablehlo.convolution"(%arg0, %arg1) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>, feature_group_count = 1 : i64}> : (tensor<1x4x4x2xf32>, tensor<3x3x2x6xf32>) -> tensor<1x3x3x6xf32>
  return
}

// -----

// error: convolution_c27
func.func @main(%arg0: tensor<1x4x4x2xf32>, %arg1: tensor<3x3x2x6xf64>) {
  %0 = "stablehlo.convolution"(%arg0, %arg1) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>, feature_group_count = 1 : i64}> : (tensor<1x4x4x2xf32>, tensor<3x3x2x6xf64>) -> tensor<1x2x2x6xf32>
  return
}

// -----

// error: dynamic_conv_c4
func.func @main(%arg0: tensor<1x4x4x2xf32>, %arg1: tensor<3x3x2x6xf32>, %arg2: tensor<1x2xi64>) {
  %0 = "stablehlo.dynamic_conv"(%arg0, %arg1, %arg2) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>, feature_group_count = 1 : i64}> : (tensor<1x4x4x2xf32>, tensor<3x3x2x6xf32>, tensor<1x2xi64>) -> tensor<1x2x2x6xf32>
  return
}

// -----

// error: dynamic_conv_i3
func.func @main(%arg0: tensor<1x4x4x2xf32>, %arg1: tensor<3x3x2x6xf32>, %arg2: tensor<2xi64>) {
  %0 = "stablehlo.dynamic_conv"(%arg0, %arg1, %arg2) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>, feature_group_count = 1 : i64}> : (tensor<1x4x4x2xf32>, tensor<3x3x2x6xf32>, tensor<2xi64>) -> tensor<1x2x2x6xf32>
  return
}

// -----

// error: dynamic_conv_c2
// upstream: accepts
func.func @main(%arg0: tensor<1x4x4x2xf32>, %arg1: tensor<3x3x2x6xf32>, %arg2: tensor<2x2xi64>) {
  %0 = "stablehlo.dynamic_conv"(%arg0, %arg1, %arg2) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>, feature_group_count = 1 : i64, window_strides = array<i64: 1>}> : (tensor<1x4x4x2xf32>, tensor<3x3x2x6xf32>, tensor<2x2xi64>) -> tensor<1x2x2x6xf32>
  return
}
