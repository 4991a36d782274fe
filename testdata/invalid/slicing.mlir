// error: slice_c2
func.func @main(%arg0: tensor<4x5xf32>) {
  %0 = "stablehlo.slice"(%arg0) <{start_indices = array<i64: 0>, limit_indices = array<i64: 2>, strides = array<i64: 1>}> : (tensor<4x5xf32>) -> tensor<2x2xf32>
  return
}

// -----

// error: slice_c2
func.func @main(%arg0: tensor<4x5xf32>) {
  %0 = "stablehlo.slice"(%arg0) <{start_indices = array<i64: 0, 0>, limit_indices = array<i64: 2>, strides = array<i64: 1, 1>}> : (tensor<4x5xf32>) -> tensor<2x2xf32>
  return
}

// -----

// error: slice_c3
func.func @main(%arg0: tensor<4x5xf32>) {
  %0 = "stablehlo.slice"(%arg0) <{start_indices = array<i64: -1, 0>, limit_indices = array<i64: 2, 2>, strides = array<i64: 1, 1>}> : (tensor<4x5xf32>) -> tensor<2x2xf32>
  return
}

// -----

// error: slice_c3
func.func @main(%arg0: tensor<4x5xf32>) {
  %0 = "stablehlo.slice"(%arg0) <{start_indices = array<i64: 0, 0>, limit_indices = array<i64: 2, 6>, strides = array<i64: 1, 1>}> : (tensor<4x5xf32>) -> tensor<2x2xf32>
  return
}

// -----

// error: slice_c3
func.func @main(%arg0: tensor<4x5xf32>) {
  %0 = "stablehlo.slice"(%arg0) <{start_indices = array<i64: 3, 0>, limit_indices = array<i64: 2, 2>, strides = array<i64: 1, 1>}> : (tensor<4x5xf32>) -> tensor<2x2xf32>
  return
}

// -----

// error: slice_c4
func.func @main(%arg0: tensor<4x5xf32>) {
  %0 = "stablehlo.slice"(%arg0) <{start_indices = array<i64: 0, 0>, limit_indices = array<i64: 2, 2>, strides = array<i64: 0, 1>}> : (tensor<4x5xf32>) -> tensor<2x2xf32>
  return
}

// -----

// error: slice_c5
func.func @main(%arg0: tensor<4x5xf32>) {
  %0 = "stablehlo.slice"(%arg0) <{start_indices = array<i64: 0, 0>, limit_indices = array<i64: 4, 4>, strides = array<i64: 2, 1>}> : (tensor<4x5xf32>) -> tensor<2x2xf32>
  return
}

// -----

// error: slice_c3
func.func @main(%arg0: tensor<?xf32, #stablehlo.bounds<4>>) {
  %0 = "stablehlo.slice"(%arg0) <{start_indices = array<i64: 0>, limit_indices = array<i64: 5>, strides = array<i64: 1>}> : (tensor<?xf32, #stablehlo.bounds<4>>) -> tensor<5xf32>
  return
}

// -----

// error: dynamic_slice_c2
func.func @main(%arg0: tensor<4x5xf32>, %arg1: tensor<i32>, %arg2: tensor<i32>) {
  %0 = "stablehlo.dynamic_slice"(%arg0, %arg1, %arg2) <{slice_sizes = array<i64: 2>}> : (tensor<4x5xf32>, tensor<i32>, tensor<i32>) -> tensor<2x2xf32>
  return
}

// -----

// error: dynamic_slice_c2
func.func @main(%arg0: tensor<4x5xf32>, %arg1: tensor<i32>) {
  %0 = "stablehlo.dynamic_slice"(%arg0, %arg1) <{slice_sizes = array<i64: 2, 2>}> : (tensor<4x5xf32>, tensor<i32>) -> tensor<2x2xf32>
  return
}

// -----

// error: dynamic_slice_c3
func.func @main(%arg0: tensor<4x5xf32>, %arg1: tensor<i32>, %arg2: tensor<i64>) {
  %0 = "stablehlo.dynamic_slice"(%arg0, %arg1, %arg2) <{slice_sizes = array<i64: 2, 2>}> : (tensor<4x5xf32>, tensor<i32>, tensor<i64>) -> tensor<2x2xf32>
  return
}

// -----

// error: dynamic_slice_c4
func.func @main(%arg0: tensor<4x5xf32>, %arg1: tensor<i32>, %arg2: tensor<i32>) {
  %0 = "stablehlo.dynamic_slice"(%arg0, %arg1, %arg2) <{slice_sizes = array<i64: 2, 6>}> : (tensor<4x5xf32>, tensor<i32>, tensor<i32>) -> tensor<2x6xf32>
  return
}

// -----

// error: dynamic_slice_c4
func.func @main(%arg0: tensor<4x5xf32>, %arg1: tensor<i32>, %arg2: tensor<i32>) {
  %0 = "stablehlo.dynamic_slice"(%arg0, %arg1, %arg2) <{slice_sizes = array<i64: 2, -1>}> : (tensor<4x5xf32>, tensor<i32>, tensor<i32>) -> tensor<2x2xf32>
  return
}

// -----

// error: dynamic_slice_c5
func.func @main(%arg0: tensor<4x5xf32>, %arg1: tensor<i32>, %arg2: tensor<i32>) {
  %0 = "stablehlo.dynamic_slice"(%arg0, %arg1, %arg2) <{slice_sizes = array<i64: 2, 2>}> : (tensor<4x5xf32>, tensor<i32>, tensor<i32>) -> tensor<2x3xf32>
  return
}

// -----

// error: dynamic_update_slice_c1
func.func @main(%arg0: tensor<4xf32>, %arg1: tensor<2xf32>, %arg2: tensor<i32>) {
  %0 = "stablehlo.dynamic_update_slice"(%arg0, %arg1, %arg2) : (tensor<4xf32>, tensor<2xf32>, tensor<i32>) -> tensor<2xf32>
  return
}

// -----

// error: dynamic_update_slice_c2
func.func @main(%arg0: tensor<4xf32>, %arg1: tensor<2xf64>, %arg2: tensor<i32>) {
  %0 = "stablehlo.dynamic_update_slice"(%arg0, %arg1, %arg2) : (tensor<4xf32>, tensor<2xf64>, tensor<i32>) -> tensor<4xf32>
  return
}

// -----

// error: dynamic_update_slice_c3
func.func @main(%arg0: tensor<4xf32>, %arg1: tensor<2x1xf32>, %arg2: tensor<i32>) {
  %0 = "stablehlo.dynamic_update_slice"(%arg0, %arg1, %arg2) : (tensor<4xf32>, tensor<2x1xf32>, tensor<i32>) -> tensor<4xf32>
  return
}

// -----

// error: dynamic_update_slice_c4
func.func @main(%arg0: tensor<4xf32>, %arg1: tensor<2xf32>, %arg2: tensor<i32>, %arg3: tensor<i32>) {
  %0 = "stablehlo.dynamic_update_slice"(%arg0, %arg1, %arg2, %arg3) : (tensor<4xf32>, tensor<2xf32>, tensor<i32>, tensor<i32>) -> tensor<4xf32>
  return
}

// -----

// error: dynamic_update_slice_c5
func.func @main(%arg0: tensor<4x4xf32>, %arg1: tensor<2x2xf32>, %arg2: tensor<i32>, %arg3: tensor<i64>) {
  %0 = "stablehlo.dynamic_update_slice"(%arg0, %arg1, %arg2, %arg3) : (tensor<4x4xf32>, tensor<2x2xf32>, tensor<i32>, tensor<i64>) -> tensor<4x4xf32>
  return
}

// -----

// error: dynamic_update_slice_c6
func.func @main(%arg0: tensor<4xf32>, %arg1: tensor<5xf32>, %arg2: tensor<i32>) {
  %0 = "stablehlo.dynamic_update_slice"(%arg0, %arg1, %arg2) : (tensor<4xf32>, tensor<5xf32>, tensor<i32>) -> tensor<4xf32>
  return
}

// -----

// error: pad_c1
func.func @main(%arg0: tensor<2xf32>, %arg1: tensor<f64>) {
  %0 = "stablehlo.pad"(%arg0, %arg1) <{edge_padding_low = array<i64: 1>, edge_padding_high = array<i64: 1>, interior_padding = array<i64: 0>}> : (tensor<2xf32>, tensor<f64>) -> tensor<4xf32>
  return
}

// -----

// error: pad_c2
func.func @main(%arg0: tensor<2xf32>, %arg1: tensor<f32>) {
  %0 = "stablehlo.pad"(%arg0, %arg1) <{edge_padding_low = array<i64: 1, 1>, edge_padding_high = array<i64: 1, 1>, interior_padding = array<i64: 0, 0>}> : (tensor<2xf32>, tensor<f32>) -> tensor<4xf32>
  return
}

// -----

// error: pad_c2
func.func @main(%arg0: tensor<2xf32>, %arg1: tensor<f32>) {
  %0 = "stablehlo.pad"(%arg0, %arg1) <{edge_padding_low = array<i64: 1>, edge_padding_high = array<i64: 1, 0>, interior_padding = array<i64: 0>}> : (tensor<2xf32>, tensor<f32>) -> tensor<4xf32>
  return
}

// -----

// error: pad_c3
func.func @main(%arg0: tensor<2xf32>, %arg1: tensor<f32>) {
  %0 = "stablehlo.pad"(%arg0, %arg1) <{edge_padding_low = array<i64: 1>, edge_padding_high = array<i64: 1>, interior_padding = array<i64: -1>}> : (tensor<2xf32>, tensor<f32>) -> tensor<4xf32>
  return
}

// -----

// error: pad_c4
func.func @main(%arg0: tensor<2xf32>, %arg1: tensor<f32>) {
  %0 = "stablehlo.pad"(%arg0, %arg1) <{edge_padding_low = array<i64: -3>, edge_padding_high = array<i64: 0>, interior_padding = array<i64: 0>}> : (tensor<2xf32>, tensor<f32>) -> tensor<0xf32>
  return
}

// -----

// error: pad_c4
func.func @main(%arg0: tensor<2xf32>, %arg1: tensor<f32>) {
  %0 = "stablehlo.pad"(%arg0, %arg1) <{edge_padding_low = array<i64: 1>, edge_padding_high = array<i64: 1>, interior_padding = array<i64: 0>}> : (tensor<2xf32>, tensor<f32>) -> tensor<5xf32>
  return
}

// -----

// error: pad_i2
func.func @main(%arg0: tensor<2xf32>, %arg1: tensor<1xf32>) {
  %0 = "stablehlo.pad"(%arg0, %arg1) <{edge_padding_low = array<i64: 1>, edge_padding_high = array<i64: 1>, interior_padding = array<i64: 0>}> : (tensor<2xf32>, tensor<1xf32>) -> tensor<4xf32>
  return
}
