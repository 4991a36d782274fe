// error: get_dimension_size_c1
func.func @main(%arg0: tensor<?x2xf32>) {
  %0 = "stablehlo.get_dimension_size"(%arg0) <{dimension = 2 : i64}> : (tensor<?x2xf32>) -> tensor<i32>
  return
}

// -----

// error: get_dimension_size_c1
func.func @main(%arg0: tensor<?x2xf32>) {
  %0 = "stablehlo.get_dimension_size"(%arg0) <{dimension = -1 : i64}> : (tensor<?x2xf32>) -> tensor<i32>
  return
}

// -----

// error: set_dimension_size_dimension
func.func @main(%arg0: tensor<4xf32>, %arg1: tensor<i32>) {
  %0 = "stablehlo.set_dimension_size"(%arg0, %arg1) <{dimension = 1 : i64}> : (tensor<4xf32>, tensor<i32>) -> tensor<?xf32, #stablehlo.bounds<4>>
  return
}

// -----

// error: set_dimension_size_i2
func.func @main(%arg0: tensor<4xf32>, %arg1: tensor<1xi32>) {
  %0 = "stablehlo.set_dimension_size"(%arg0, %arg1) <{dimension = 0 : i64}> : (tensor<4xf32>, tensor<1xi32>) -> tensor<?xf32, #stablehlo.bounds<4>>
  return
}

// -----

// error: set_dimension_size_result
func.func @main(%arg0: tensor<4x2xf32>, %arg1: tensor<i32>) {
  %0 = "stablehlo.set_dimension_size"(%arg0, %arg1) <{dimension = 0 : i64}> : (tensor<4x2xf32>, tensor<i32>) -> tensor<?x3xf32>
  return
}

// -----

// error: dynamic_broadcast_in_dim_c1
func.func @main(%arg0: tensor<?xf32>, %arg1: tensor<2xindex>) {
  %0 = "stablehlo.dynamic_broadcast_in_dim"(%arg0, %arg1) <{broadcast_dimensions = array<i64: 1>}> : (tensor<?xf32>, tensor<2xindex>) -> tensor<?x?xf64>
  return
}

// -----

// error: dynamic_broadcast_in_dim_c1
// upstream: accepts
func.func @main(%arg0: tensor<?xf32>, %arg1: tensor<2xindex>) {
  %0 = "stablehlo.dynamic_broadcast_in_dim"(%arg0, %arg1) <{broadcast_dimensions = array<i64: 1>}> : (tensor<?xf32>, tensor<2xindex>) -> tensor<?x?x!quant.uniform<i8:f32, 1.0>>
  return
}

// -----

// error: dynamic_broadcast_in_dim_c2
func.func @main(%arg0: tensor<?xf32>, %arg1: tensor<2xindex>) {
  %0 = "stablehlo.dynamic_broadcast_in_dim"(%arg0, %arg1) <{broadcast_dimensions = array<i64: 0, 1>}> : (tensor<?xf32>, tensor<2xindex>) -> tensor<?x?xf32>
  return
}

// -----

// error: dynamic_broadcast_in_dim_c3
func.func @main(%arg0: tensor<?x?xf32>, %arg1: tensor<1xindex>) {
  %0 = "stablehlo.dynamic_broadcast_in_dim"(%arg0, %arg1) <{broadcast_dimensions = array<i64: 0, 0>}> : (tensor<?x?xf32>, tensor<1xindex>) -> tensor<?xf32>
  return
}

// -----

// error: dynamic_broadcast_in_dim_c4
func.func @main(%arg0: tensor<?x?xf32>, %arg1: tensor<2xindex>) {
  %0 = "stablehlo.dynamic_broadcast_in_dim"(%arg0, %arg1) <{broadcast_dimensions = array<i64: 1, 1>}> : (tensor<?x?xf32>, tensor<2xindex>) -> tensor<?x?xf32>
  return
}

// -----

// error: dynamic_broadcast_in_dim_c5
func.func @main(%arg0: tensor<?xf32>, %arg1: tensor<2xindex>) {
  %0 = "stablehlo.dynamic_broadcast_in_dim"(%arg0, %arg1) <{broadcast_dimensions = array<i64: 2>}> : (tensor<?xf32>, tensor<2xindex>) -> tensor<?x?xf32>
  return
}

// -----

// error: dynamic_broadcast_in_dim_c5
func.func @main(%arg0: tensor<3xf32>, %arg1: tensor<2xindex>) {
  %0 = "stablehlo.dynamic_broadcast_in_dim"(%arg0, %arg1) <{broadcast_dimensions = array<i64: 1>}> : (tensor<3xf32>, tensor<2xindex>) -> tensor<?x4xf32>
  return
}

// -----

// error: dynamic_broadcast_in_dim_c7
// upstream: accepts
func.func @main(%arg0: tensor<?xf32>, %arg1: tensor<3xindex>) {
  %0 = "stablehlo.dynamic_broadcast_in_dim"(%arg0, %arg1) <{broadcast_dimensions = array<i64: 1>}> : (tensor<?xf32>, tensor<3xindex>) -> tensor<?x?xf32>
  return
}

// -----

// error: dynamic_broadcast_in_dim_c7
func.func @main(%arg0: tensor<?xf32>) {
  %shape = stablehlo.constant dense<[2, 3]> : tensor<2xi64>
  %0 = stablehlo.dynamic_broadcast_in_dim %arg0, %shape, dims = [1] : (tensor<?xf32>, tensor<2xi64>) -> tensor<2x4xf32>
  return
}

// -----

// error: dynamic_broadcast_in_dim_c8
func.func @main(%arg0: tensor<?x?xf32>, %arg1: tensor<2xindex>) {
  %0 = "stablehlo.dynamic_broadcast_in_dim"(%arg0, %arg1) <{broadcast_dimensions = array<i64: 0, 1>, known_expanding_dimensions = array<i64: 0>, known_nonexpanding_dimensions = array<i64: 0>}> : (tensor<?x?xf32>, tensor<2xindex>) -> tensor<?x?xf32>
  return
}

// -----

// error: dynamic_broadcast_in_dim_c9
func.func @main(%arg0: tensor<?x?xf32>, %arg1: tensor<2xindex>) {
  %0 = "stablehlo.dynamic_broadcast_in_dim"(%arg0, %arg1) <{broadcast_dimensions = array<i64: 0, 1>, known_expanding_dimensions = array<i64: 2>}> : (tensor<?x?xf32>, tensor<2xindex>) -> tensor<?x?xf32>
  return
}

// -----

// error: dynamic_broadcast_in_dim_c10
func.func @main(%arg0: tensor<?x?xf32>, %arg1: tensor<2xindex>) {
  %0 = "stablehlo.dynamic_broadcast_in_dim"(%arg0, %arg1) <{broadcast_dimensions = array<i64: 0, 1>, known_nonexpanding_dimensions = array<i64: -1>}> : (tensor<?x?xf32>, tensor<2xindex>) -> tensor<?x?xf32>
  return
}

// -----

// error: dynamic_iota_c1
func.func @main(%arg0: tensor<1xi64>) {
  %0 = "stablehlo.dynamic_iota"(%arg0) <{iota_dimension = 1 : i64}> : (tensor<1xi64>) -> tensor<?xi32>
  return
}

// -----

// error: dynamic_iota_c2
func.func @main() {
  %shape = stablehlo.constant dense<[4]> : tensor<1xi64>
  %0 = stablehlo.dynamic_iota %shape, dim = 0 : (tensor<1xi64>) -> tensor<5xi32>
  return
}

// -----

// error: dynamic_pad_c1
func.func @main(%arg0: tensor<?xf32>, %arg1: tensor<f64>, %arg2: tensor<1xi64>, %arg3: tensor<1xi64>, %arg4: tensor<1xi64>) {
  %0 = "stablehlo.dynamic_pad"(%arg0, %arg1, %arg2, %arg3, %arg4) : (tensor<?xf32>, tensor<f64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<?xf32>
  return
}

// -----

// error: dynamic_pad_c2
func.func @main(%arg0: tensor<?xf32>, %arg1: tensor<f32>, %arg2: tensor<2xi64>, %arg3: tensor<2xi64>, %arg4: tensor<2xi64>) {
  %0 = "stablehlo.dynamic_pad"(%arg0, %arg1, %arg2, %arg3, %arg4) : (tensor<?xf32>, tensor<f32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>) -> tensor<?xf32>
  return
}

// -----

// error: dynamic_pad_c2
func.func @main(%arg0: tensor<?xf32>, %arg1: tensor<f32>, %arg2: tensor<1xi64>, %arg3: tensor<1xi32>, %arg4: tensor<1xi64>) {
  %0 = "stablehlo.dynamic_pad"(%arg0, %arg1, %arg2, %arg3, %arg4) : (tensor<?xf32>, tensor<f32>, tensor<1xi64>, tensor<1xi32>, tensor<1xi64>) -> tensor<?xf32>
  return
}

// -----

// error: dynamic_pad_c3
func.func @main(%arg0: tensor<?xf32>, %arg1: tensor<f32>, %arg2: tensor<1xi64>) {
  %interior = stablehlo.constant dense<-1> : tensor<1xi64>
  %0 = stablehlo.dynamic_pad %arg0, %arg1, %arg2, %arg2, %interior : (tensor<?xf32>, tensor<f32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<?xf32>
  return
}

// -----

// error: dynamic_pad_c4
func.func @main(%arg0: tensor<4xf32>, %arg1: tensor<f32>) {
  %one = stablehlo.constant dense<1> : tensor<1xi64>
  %0 = stablehlo.dynamic_pad %arg0, %arg1, %one, %one, %one : (tensor<4xf32>, tensor<f32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<8xf32>
  return
}

// -----

// error: dynamic_reshape_c1
func.func @main(%arg0: tensor<?xf32>, %arg1: tensor<2xindex>) {
  %0 = "stablehlo.dynamic_reshape"(%arg0, %arg1) : (tensor<?xf32>, tensor<2xindex>) -> tensor<?x?xf64>
  return
}

// -----

// error: dynamic_reshape_c2
func.func @main(%arg0: tensor<4xf32>, %arg1: tensor<2xindex>) {
  %0 = "stablehlo.dynamic_reshape"(%arg0, %arg1) : (tensor<4xf32>, tensor<2xindex>) -> tensor<2x3xf32>
  return
}

// -----

// error: dynamic_reshape_c4
func.func @main(%arg0: tensor<?xf32>, %arg1: tensor<2xindex>) {
  %0 = "stablehlo.dynamic_reshape"(%arg0, %arg1) : (tensor<?xf32>, tensor<2xindex>) -> tensor<?x?x?xf32>
  return
}

// -----

// error: dynamic_reshape_c2
func.func @main(%arg0: tensor<4xf32>) {
  %shape = stablehlo.constant dense<[2, 3]> : tensor<2xi64>
  %0 = stablehlo.dynamic_reshape %arg0, %shape : (tensor<4xf32>, tensor<2xi64>) -> tensor<?x?xf32>
  return
}

// -----

// error: dynamic_reshape_c4
func.func @main(%arg0: tensor<?xf32>) {
  %shape = stablehlo.constant dense<[2, 3]> : tensor<2xi64>
  %0 = stablehlo.dynamic_reshape %arg0, %shape : (tensor<?xf32>, tensor<2xi64>) -> tensor<2x4xf32>
  return
}

// -----

// error: real_dynamic_slice_indices
func.func @main(%arg0: tensor<?xf32>, %arg1: tensor<2xindex>, %arg2: tensor<2xindex>, %arg3: tensor<2xindex>) {
  %0 = "stablehlo.real_dynamic_slice"(%arg0, %arg1, %arg2, %arg3) : (tensor<?xf32>, tensor<2xindex>, tensor<2xindex>, tensor<2xindex>) -> tensor<?xf32>
  return
}

// -----

// error: real_dynamic_slice_indices
func.func @main(%arg0: tensor<?xf32>, %arg1: tensor<1xi64>, %arg2: tensor<1xi64>, %arg3: tensor<1xi32>) {
  %0 = "stablehlo.real_dynamic_slice"(%arg0, %arg1, %arg2, %arg3) : (tensor<?xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi32>) -> tensor<?xf32>
  return
}

// -----

// error: add_c1
func.func @main(%arg0: tensor<?xf32, #stablehlo.bounds<3>>, %arg1: tensor<4xf32>) {
  %0 = "stablehlo.add"(%arg0, %arg1) : (tensor<?xf32, #stablehlo.bounds<3>>, tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

// error: concatenate_c6
func.func @main(%arg0: tensor<?xf32, #stablehlo.bounds<3>>, %arg1: tensor<4xf32>) {
  %0 = "stablehlo.concatenate"(%arg0, %arg1) <{dimension = 0 : i64}> : (tensor<?xf32, #stablehlo.bounds<3>>, tensor<4xf32>) -> tensor<8xf32>
  return
}
