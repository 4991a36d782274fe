// error: add_c2
func.func @main(%arg0: tensor<2x!quant.uniform<i8:f32, 1.0:0>>, %arg1: tensor<2xf32>) {
  %0 = "stablehlo.add"(%arg0, %arg1) : (tensor<2x!quant.uniform<i8:f32, 1.0:0>>, tensor<2xf32>) -> tensor<2x!quant.uniform<i8:f32, 1.0:0>>
  return
}

// -----

// error: add_c3
func.func @main(%arg0: tensor<2x!quant.uniform<i8:f32, 1.0:0>>, %arg1: tensor<2x!quant.uniform<i16:f32, 1.0:0>>) {
  %0 = "stablehlo.add"(%arg0, %arg1) : (tensor<2x!quant.uniform<i8:f32, 1.0:0>>, tensor<2x!quant.uniform<i16:f32, 1.0:0>>) -> tensor<2x!quant.uniform<i8:f32, 1.0:0>>
  return
}

// -----

// error: add_c4
func.func @main(%arg0: tensor<2x!quant.uniform<i8:f32, 1.0:0>>, %arg1: tensor<2x!quant.uniform<i8:f16, 1.0:0>>) {
  %0 = "stablehlo.add"(%arg0, %arg1) : (tensor<2x!quant.uniform<i8:f32, 1.0:0>>, tensor<2x!quant.uniform<i8:f16, 1.0:0>>) -> tensor<2x!quant.uniform<i8:f32, 1.0:0>>
  return
}

// -----

// error: add_c5
func.func @main(%arg0: tensor<2x!quant.uniform<i8:f32, 1.0:0>>, %arg1: tensor<2x!quant.uniform<i8:f32, 1.0:0>>) {
  %0 = "stablehlo.add"(%arg0, %arg1) : (tensor<2x!quant.uniform<i8:f32, 1.0:0>>, tensor<2x!quant.uniform<i8:f32, 1.0:0>>) -> tensor<2x!quant.uniform<i8:f32:0, {1.0:0, 2.0:0}>>
  return
}

// -----

// error: add_c6
func.func @main(%arg0: tensor<2x2x!quant.uniform<i8:f32:0, {1.0:0, 2.0:0}>>, %arg1: tensor<2x2x!quant.uniform<i8:f32:0, {1.0:0, 2.0:0}>>) {
  %0 = "stablehlo.add"(%arg0, %arg1) : (tensor<2x2x!quant.uniform<i8:f32:0, {1.0:0, 2.0:0}>>, tensor<2x2x!quant.uniform<i8:f32:0, {1.0:0, 2.0:0}>>) -> tensor<2x2x!quant.uniform<i8:f32:1, {1.0:0, 2.0:0}>>
  return
}

// -----

// error: ceil_c1
func.func @main(%arg0: tensor<2x!quant.uniform<i8:f32, 1.0:0>>) {
  %0 = "stablehlo.ceil"(%arg0) : (tensor<2x!quant.uniform<i8:f32, 1.0:0>>) -> tensor<2x!quant.uniform<i16:f32, 1.0:0>>
  return
}

// -----

// error: broadcast_in_dim_c1
func.func @main(%arg0: tensor<2x!quant.uniform<i8:f32, 1.0:0>>) {
  %0 = "stablehlo.broadcast_in_dim"(%arg0) <{broadcast_dimensions = array<i64: 0>}> : (tensor<2x!quant.uniform<i8:f32, 1.0:0>>) -> tensor<2x3x!quant.uniform<i8:f32, 2.0:0>>
  return
}

// -----

// error: broadcast_in_dim_c6
func.func @main(%arg0: tensor<2x2x!quant.uniform<i8:f32:0, {1.0:0, 2.0:0}>>) {
  %0 = "stablehlo.broadcast_in_dim"(%arg0) <{broadcast_dimensions = array<i64: 0, 1>}> : (tensor<2x2x!quant.uniform<i8:f32:0, {1.0:0, 2.0:0}>>) -> tensor<2x2x3x!quant.uniform<i8:f32:1, {1.0:0, 2.0:0}>>
  return
}

// -----

// error: broadcast_in_dim_c6
func.func @main(%arg0: tensor<1x2x!quant.uniform<i8:f32:0, {1.0:0}>>) {
  %0 = "stablehlo.broadcast_in_dim"(%arg0) <{broadcast_dimensions = array<i64: 0, 1>}> : (tensor<1x2x!quant.uniform<i8:f32:0, {1.0:0}>>) -> tensor<2x2x!quant.uniform<i8:f32:0, {1.0:0, 2.0:0}>>
  return
}

// -----

// error: reshape_c1
func.func @main(%arg0: tensor<2x2x!quant.uniform<i8:f32, 1.0:0>>) {
  %0 = "stablehlo.reshape"(%arg0) : (tensor<2x2x!quant.uniform<i8:f32, 1.0:0>>) -> tensor<4x!quant.uniform<i8:f32, 3.0:0>>
  return
}

// -----

// error: reshape_c3
func.func @main(%arg0: tensor<2x2x!quant.uniform<i8:f32:0, {1.0:0, 2.0:0}>>) {
  %0 = "stablehlo.reshape"(%arg0) : (tensor<2x2x!quant.uniform<i8:f32:0, {1.0:0, 2.0:0}>>) -> tensor<2x2x1x!quant.uniform<i8:f32:1, {1.0:0, 2.0:0}>>
  return
}

// -----

// error: transpose_c1
func.func @main(%arg0: tensor<2x2x!quant.uniform<i8:f32, 1.0:0>>) {
  %0 = "stablehlo.transpose"(%arg0) <{permutation = array<i64: 1, 0>}> : (tensor<2x2x!quant.uniform<i8:f32, 1.0:0>>) -> tensor<2x2x!quant.uniform<i8:f32, 3.0:0>>
  return
}

// -----

// error: transpose_c4
func.func @main(%arg0: tensor<2x2x!quant.uniform<i8:f32:0, {1.0:0, 2.0:0}>>) {
  %0 = "stablehlo.transpose"(%arg0) <{permutation = array<i64: 1, 0>}> : (tensor<2x2x!quant.uniform<i8:f32:0, {1.0:0, 2.0:0}>>) -> tensor<2x2x!quant.uniform<i8:f32:0, {1.0:0, 2.0:0}>>
  return
}

// -----

// error: dot_general_c14
func.func @main(%arg0: tensor<2x2x!quant.uniform<i8:f32, 1.0:0>>, %arg1: tensor<2x2xf32>) {
  %0 = "stablehlo.dot_general"(%arg0, %arg1) <{dot_dimension_numbers = #stablehlo.dot<lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [0]>}> : (tensor<2x2x!quant.uniform<i8:f32, 1.0:0>>, tensor<2x2xf32>) -> tensor<2x2x!quant.uniform<i8:f32, 1.0:0>>
  return
}

// -----

// error: dot_general_c14
func.func @main(%arg0: tensor<2x2x!quant.uniform<i8:f32, 1.0:0>>, %arg1: tensor<2x2x!quant.uniform<i8:f32, 1.0:0>>) {
  %0 = "stablehlo.dot_general"(%arg0, %arg1) <{dot_dimension_numbers = #stablehlo.dot<lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [0]>}> : (tensor<2x2x!quant.uniform<i8:f32, 1.0:0>>, tensor<2x2x!quant.uniform<i8:f32, 1.0:0>>) -> tensor<2x2xf32>
  return
}

// -----

// error: dot_general_c15
func.func @main(%arg0: tensor<2x2x!quant.uniform<i8:f32, 1.0:0>>, %arg1: tensor<2x2x!quant.uniform<i8:f32, 1.0:5>>) {
  %0 = "stablehlo.dot_general"(%arg0, %arg1) <{dot_dimension_numbers = #stablehlo.dot<lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [0]>}> : (tensor<2x2x!quant.uniform<i8:f32, 1.0:0>>, tensor<2x2x!quant.uniform<i8:f32, 1.0:5>>) -> tensor<2x2x!quant.uniform<i8:f32, 1.0:0>>
  return
}

// -----

// error: dot_general_c16
func.func @main(%arg0: tensor<2x2x!quant.uniform<i8:f32, 1.0:0>>, %arg1: tensor<2x2x!quant.uniform<i8:f32:0, {1.0:0, 2.0:0}>>) {
  %0 = "stablehlo.dot_general"(%arg0, %arg1) <{dot_dimension_numbers = #stablehlo.dot<lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [0]>}> : (tensor<2x2x!quant.uniform<i8:f32, 1.0:0>>, tensor<2x2x!quant.uniform<i8:f32:0, {1.0:0, 2.0:0}>>) -> tensor<2x2x!quant.uniform<i8:f32:1, {1.0:0, 2.0:0}>>
  return
}

// -----

// error: dot_general_c17
func.func @main(%arg0: tensor<2x2x!quant.uniform<i16:f32, 1.0:0>>, %arg1: tensor<2x2x!quant.uniform<i8:f32, 1.0:0>>) {
  %0 = "stablehlo.dot_general"(%arg0, %arg1) <{dot_dimension_numbers = #stablehlo.dot<lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [0]>}> : (tensor<2x2x!quant.uniform<i16:f32, 1.0:0>>, tensor<2x2x!quant.uniform<i8:f32, 1.0:0>>) -> tensor<2x2x!quant.uniform<i8:f32, 1.0:0>>
  return
}

// -----

// error: dot_general_c18
func.func @main(%arg0: tensor<2x2x!quant.uniform<i8:f32, 1.0:0>>, %arg1: tensor<2x2x!quant.uniform<i8:f32, 1.0:0>>) {
  %0 = "stablehlo.dot_general"(%arg0, %arg1) <{dot_dimension_numbers = #stablehlo.dot<lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [0]>}> : (tensor<2x2x!quant.uniform<i8:f32, 1.0:0>>, tensor<2x2x!quant.uniform<i8:f32, 1.0:0>>) -> tensor<2x2x!quant.uniform<i8:f16, 1.0:0>>
  return
}

// -----

// error: dot_general_c19
func.func @main(%arg0: tensor<2x2x!quant.uniform<i8:f32, 1.0:0>>, %arg1: tensor<2x2x!quant.uniform<i8:f32, 1.0:0>>) {
  %0 = "stablehlo.dot_general"(%arg0, %arg1) <{dot_dimension_numbers = #stablehlo.dot<lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [0]>}> : (tensor<2x2x!quant.uniform<i8:f32, 1.0:0>>, tensor<2x2x!quant.uniform<i8:f32, 1.0:0>>) -> tensor<2x2x!quant.uniform<i8:f32:1, {1.0:0, 2.0:0}>>
  return
}

// -----

// error: dot_general_c20
func.func @main(%arg0: tensor<2x2xf16>, %arg1: tensor<2x2x!quant.uniform<i8:f32, 1.0:0>>) {
  %0 = "stablehlo.dot_general"(%arg0, %arg1) <{dot_dimension_numbers = #stablehlo.dot<lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [0]>}> : (tensor<2x2xf16>, tensor<2x2x!quant.uniform<i8:f32, 1.0:0>>) -> tensor<2x2xf16>
  return
}

// -----

// error: convolution_c28
func.func @main(%arg0: tensor<1x4x2x!quant.uniform<i8:f32, 1.0:0>>, %arg1: tensor<3x2x2xf32>) {
  %0 = "stablehlo.convolution"(%arg0, %arg1) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, 0, f]x[0, i, o]->[b, 0, f]>, feature_group_count = 1 : i64}> : (tensor<1x4x2x!quant.uniform<i8:f32, 1.0:0>>, tensor<3x2x2xf32>) -> tensor<1x2x2x!quant.uniform<i8:f32, 1.0:0>>
  return
}

// -----

// error: convolution_c29
func.func @main(%arg0: tensor<1x4x2x!quant.uniform<i8:f32, 1.0:0>>, %arg1: tensor<3x2x2x!quant.uniform<i8:f32:1, {1.0:0, 2.0:0}>>) {
  %0 = "stablehlo.convolution"(%arg0, %arg1) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, 0, f]x[0, i, o]->[b, 0, f]>, feature_group_count = 1 : i64}> : (tensor<1x4x2x!quant.uniform<i8:f32, 1.0:0>>, tensor<3x2x2x!quant.uniform<i8:f32:1, {1.0:0, 2.0:0}>>) -> tensor<1x2x2x!quant.uniform<i8:f32:2, {1.0:0, 2.0:0}>>
  return
}

// -----

// error: convolution_c30
func.func @main(%arg0: tensor<1x4x2x!quant.uniform<i8:f32, 1.0:0>>, %arg1: tensor<3x2x2x!quant.uniform<i8:f32:2, {1.0:0, 2.0:0}>>) {
  %0 = "stablehlo.convolution"(%arg0, %arg1) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, 0, f]x[0, i, o]->[b, 0, f]>, feature_group_count = 1 : i64}> : (tensor<1x4x2x!quant.uniform<i8:f32, 1.0:0>>, tensor<3x2x2x!quant.uniform<i8:f32:2, {1.0:0, 2.0:0}>>) -> tensor<1x2x2x!quant.uniform<i8:f32:1, {1.0:0, 2.0:0}>>
  return
}

// -----

// error: convolution_c31
func.func @main(%arg0: tensor<1x4x2x!quant.uniform<i16:f32, 1.0:0>>, %arg1: tensor<3x2x2x!quant.uniform<i8:f32, 1.0:0>>) {
  %0 = "stablehlo.convolution"(%arg0, %arg1) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, 0, f]x[0, i, o]->[b, 0, f]>, feature_group_count = 1 : i64}> : (tensor<1x4x2x!quant.uniform<i16:f32, 1.0:0>>, tensor<3x2x2x!quant.uniform<i8:f32, 1.0:0>>) -> tensor<1x2x2x!quant.uniform<i8:f32, 1.0:0>>
  return
}

// -----

// error: convolution_c32
func.func @main(%arg0: tensor<1x4x2x!quant.uniform<i8:f32, 1.0:0>>, %arg1: tensor<3x2x2x!quant.uniform<i8:f32, 1.0:0>>) {
  %0 = "stablehlo.convolution"(%arg0, %arg1) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, 0, f]x[0, i, o]->[b, 0, f]>, feature_group_count = 1 : i64}> : (tensor<1x4x2x!quant.uniform<i8:f32, 1.0:0>>, tensor<3x2x2x!quant.uniform<i8:f32, 1.0:0>>) -> tensor<1x2x2x!quant.uniform<i8:f16, 1.0:0>>
  return
}

// -----

// error: convolution_c33
func.func @main(%arg0: tensor<1x4x2x!quant.uniform<i8:f32, 1.0:0>>, %arg1: tensor<3x2x2x!quant.uniform<i8:f32, 1.0:0>>) {
  %0 = "stablehlo.convolution"(%arg0, %arg1) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, 0, f]x[0, i, o]->[b, 0, f]>, feature_group_count = 1 : i64}> : (tensor<1x4x2x!quant.uniform<i8:f32, 1.0:0>>, tensor<3x2x2x!quant.uniform<i8:f32, 1.0:0>>) -> tensor<1x2x2x!quant.uniform<i8:f32:2, {1.0:0, 2.0:0}>>
  return
}

// -----

// error: convolution_c34
func.func @main(%arg0: tensor<1x4x2xf16>, %arg1: tensor<3x2x2x!quant.uniform<i8:f32, 1.0:0>>) {
  %0 = "stablehlo.convolution"(%arg0, %arg1) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, 0, f]x[0, i, o]->[b, 0, f]>, feature_group_count = 1 : i64}> : (tensor<1x4x2xf16>, tensor<3x2x2x!quant.uniform<i8:f32, 1.0:0>>) -> tensor<1x2x2xf16>
  return
}

// -----

// error: uniform_quantize_c1
func.func @main(%arg0: tensor<2xf32>) {
  %0 = "stablehlo.uniform_quantize"(%arg0) : (tensor<2xf32>) -> tensor<3x!quant.uniform<i8:f32, 1.0:0>>
  return
}

// -----

// error: uniform_quantize_c2
func.func @main(%arg0: tensor<2xf16>) {
  %0 = "stablehlo.uniform_quantize"(%arg0) : (tensor<2xf16>) -> tensor<2x!quant.uniform<i8:f32, 1.0:0>>
  return
}

// -----

// error: uniform_dequantize_c1
func.func @main(%arg0: tensor<2x!quant.uniform<i8:f32, 1.0:0>>) {
  %0 = "stablehlo.uniform_dequantize"(%arg0) : (tensor<2x!quant.uniform<i8:f32, 1.0:0>>) -> tensor<3xf32>
  return
}

// -----

// error: uniform_dequantize_c2
func.func @main(%arg0: tensor<2x!quant.uniform<i8:f32, 1.0:0>>) {
  %0 = "stablehlo.uniform_dequantize"(%arg0) : (tensor<2x!quant.uniform<i8:f32, 1.0:0>>) -> tensor<2xf16>
  return
}

// -----

// error: reverse_c1
func.func @main(%arg0: tensor<2x!quant.uniform<i8:f32, 0.5>>) {
  %0 = "stablehlo.reverse"(%arg0) <{dimensions = array<i64: 0>}> : (tensor<2x!quant.uniform<i8:f32, 0.5>>) -> tensor<2x!quant.uniform<i8:f32, 0.25>>
  return
}
