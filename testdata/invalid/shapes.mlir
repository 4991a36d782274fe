// error: broadcast_sizes
func.func @main(%arg0: tensor<2xf32>) {
  %0 = "stablehlo.broadcast"(%arg0) <{broadcast_sizes = array<i64: -3>}> : (tensor<2xf32>) -> tensor<3x2xf32>
  return
}

// -----

// error: broadcast_sizes
func.func @main(%arg0: tensor<2xf32>) {
  %0 = "stablehlo.broadcast"(%arg0) <{broadcast_sizes = array<i64: 3>}> : (tensor<2xf32>) -> tensor<2x3xf32>
  return
}

// -----

// error: broadcast_in_dim_c1
func.func @main(%arg0: tensor<2xf32>) {
  %0 = "stablehlo.broadcast_in_dim"(%arg0) <{broadcast_dimensions = array<i64: 0>}> : (tensor<2xf32>) -> tensor<2x3xi32>
  return
}

// -----

// error: broadcast_in_dim_c2
func.func @main(%arg0: tensor<2xf32>) {
  %0 = "stablehlo.broadcast_in_dim"(%arg0) <{broadcast_dimensions = array<i64: 0, 1>}> : (tensor<2xf32>) -> tensor<2x3xf32>
  return
}

// -----

// error: broadcast_in_dim_c3
func.func @main(%arg0: tensor<2xf32>) {
  %0 = "stablehlo.broadcast_in_dim"(%arg0) <{broadcast_dimensions = array<i64: 2>}> : (tensor<2xf32>) -> tensor<2x3xf32>
  return
}

// -----

// error: broadcast_in_dim_c3
func.func @main(%arg0: tensor<2xf32>) {
  %0 = "stablehlo.broadcast_in_dim"(%arg0) <{broadcast_dimensions = array<i64: -1>}> : (tensor<2xf32>) -> tensor<2x3xf32>
  return
}

// -----

// error: broadcast_in_dim_c4
func.func @main(%arg0: tensor<2x2xf32>) {
  %0 = "stablehlo.broadcast_in_dim"(%arg0) <{broadcast_dimensions = array<i64: 0, 0>}> : (tensor<2x2xf32>) -> tensor<2x3xf32>
  return
}

// -----

// error: broadcast_in_dim_c5
func.func @main(%arg0: tensor<2xf32>) {
  %0 = "stablehlo.broadcast_in_dim"(%arg0) <{broadcast_dimensions = array<i64: 1>}> : (tensor<2xf32>) -> tensor<2x3xf32>
  return
}

// -----

// error: concatenate_c1
func.func @main(%arg0: tensor<2xf32>, %arg1: tensor<2xi32>) {
  %0 = "stablehlo.concatenate"(%arg0, %arg1) <{dimension = 0 : i64}> : (tensor<2xf32>, tensor<2xi32>) -> tensor<4xf32>
  return
}

// -----

// error: concatenate_c2
func.func @main(%arg0: tensor<2x3xf32>, %arg1: tensor<2x4xf32>) {
  %0 = "stablehlo.concatenate"(%arg0, %arg1) <{dimension = 0 : i64}> : (tensor<2x3xf32>, tensor<2x4xf32>) -> tensor<4x3xf32>
  return
}

// -----

// error: concatenate_c2
func.func @main(%arg0: tensor<2x3xf32>, %arg1: tensor<2xf32>) {
  %0 = "stablehlo.concatenate"(%arg0, %arg1) <{dimension = 0 : i64}> : (tensor<2x3xf32>, tensor<2xf32>) -> tensor<4x3xf32>
  return
}

// -----

// error: concatenate_c3
func.func @main() {
  %0 = "stablehlo.concatenate"() <{dimension = 0 : i64}> : () -> tensor<4xf32>
  return
}

// -----

// error: concatenate_c4
func.func @main(%arg0: tensor<2xf32>, %arg1: tensor<2xf32>) {
  %0 = "stablehlo.concatenate"(%arg0, %arg1) <{dimension = 1 : i64}> : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>
  return
}

// -----

// error: concatenate_c4
func.func @main(%arg0: tensor<2xf32>, %arg1: tensor<2xf32>) {
  %0 = "stablehlo.concatenate"(%arg0, %arg1) <{dimension = -1 : i64}> : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>
  return
}

// -----

// error: concatenate_c4
func.func @main(%arg0: tensor<f32>, %arg1: tensor<f32>) {
  %0 = "stablehlo.concatenate"(%arg0, %arg1) <{dimension = 0 : i64}> : (tensor<f32>, tensor<f32>) -> tensor<2xf32>
  return
}

// -----

// error: concatenate_c6
func.func @main(%arg0: tensor<2xf32>, %arg1: tensor<3xf32>) {
  %0 = "stablehlo.concatenate"(%arg0, %arg1) <{dimension = 0 : i64}> : (tensor<2xf32>, tensor<3xf32>) -> tensor<6xf32>
  return
}

// -----

// error: constant_c1
func.func @main() {
  %0 = "stablehlo.constant"() <{value = dense<1.0> : tensor<2xf32>}> : () -> tensor<3xf32>
  return
}

// -----

// error: iota_c1
func.func @main() {
  %0 = "stablehlo.iota"() <{iota_dimension = 1 : i64}> : () -> tensor<3xi32>
  return
}

// -----

// error: iota_c1
func.func @main() {
  %0 = "stablehlo.iota"() <{iota_dimension = -1 : i64}> : () -> tensor<3xi32>
  return
}

// -----

// error: iota_c1
func.func @main() {
  %0 = "stablehlo.iota"() <{iota_dimension = 0 : i64}> : () -> tensor<i32>
  return
}

// -----

// error: reshape_c1
func.func @main(%arg0: tensor<4xf32>) {
  %0 = "stablehlo.reshape"(%arg0) : (tensor<4xf32>) -> tensor<2x2xf64>
  return
}

// -----

// error: reshape_c2
func.func @main(%arg0: tensor<4xf32>) {
  %0 = "stablehlo.reshape"(%arg0) : (tensor<4xf32>) -> tensor<2x3xf32>
  return
}

// -----

// error: reverse_c1
func.func @main(%arg0: tensor<4xf32>) {
  %0 = "stablehlo.reverse"(%arg0) <{dimensions = array<i64: 0>}> : (tensor<4xf32>) -> tensor<4xi32>
  return
}

// -----

// error: reverse_c2
func.func @main(%arg0: tensor<4x4xf32>) {
  %0 = "stablehlo.reverse"(%arg0) <{dimensions = array<i64: 0, 0>}> : (tensor<4x4xf32>) -> tensor<4x4xf32>
  return
}

// -----

// error: reverse_c3
func.func @main(%arg0: tensor<4x4xf32>) {
  %0 = "stablehlo.reverse"(%arg0) <{dimensions = array<i64: 2>}> : (tensor<4x4xf32>) -> tensor<4x4xf32>
  return
}

// -----

// error: reverse_c3
func.func @main(%arg0: tensor<4x4xf32>) {
  %0 = "stablehlo.reverse"(%arg0) <{dimensions = array<i64: -1>}> : (tensor<4x4xf32>) -> tensor<4x4xf32>
  return
}

// -----

// error: transpose_c1
func.func @main(%arg0: tensor<2x3xf32>) {
  %0 = "stablehlo.transpose"(%arg0) <{permutation = array<i64: 1, 0>}> : (tensor<2x3xf32>) -> tensor<3x2xf64>
  return
}

// -----

// error: transpose_c2
func.func @main(%arg0: tensor<2x3xf32>) {
  %0 = "stablehlo.transpose"(%arg0) <{permutation = array<i64: 1>}> : (tensor<2x3xf32>) -> tensor<3x2xf32>
  return
}

// -----

// error: transpose_c2
func.func @main(%arg0: tensor<2x3xf32>) {
  %0 = "stablehlo.transpose"(%arg0) <{permutation = array<i64: 1, 1>}> : (tensor<2x3xf32>) -> tensor<3x2xf32>
  return
}

// -----

// error: transpose_c3
func.func @main(%arg0: tensor<2x3xf32>) {
  %0 = "stablehlo.transpose"(%arg0) <{permutation = array<i64: 1, 0>}> : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}
