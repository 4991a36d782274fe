// error: gather_c1
func.func @main(%arg0: tensor<3x4x2xf32>, %arg1: tensor<2x3x2xi64>) {
  %0 = "stablehlo.gather"(%arg0, %arg1) <{dimension_numbers = #stablehlo.gather<offset_dims = [2], collapsed_slice_dims = [0], start_index_map = [1, 0], index_vector_dim = 2>, slice_sizes = array<i64: 1, 1, 2>}> : (tensor<3x4x2xf32>, tensor<2x3x2xi64>) -> tensor<2x3x2xf32>
  return
}

// -----

// error: gather_c2
func.func @main(%arg0: tensor<3x4x2xf32>, %arg1: tensor<2x3x2xi64>) {
  %0 = "stablehlo.gather"(%arg0, %arg1) <{dimension_numbers = #stablehlo.gather<offset_dims = [2, 3], collapsed_slice_dims = [0], start_index_map = [1, 0], index_vector_dim = 4>, slice_sizes = array<i64: 1, 1, 2>}> : (tensor<3x4x2xf32>, tensor<2x3x2xi64>) -> tensor<2x3x1x2xf32>
  return
}

// -----

// error: gather_c2
func.func @main(%arg0: tensor<3x4x2xf32>, %arg1: tensor<2x3x2xi64>) {
  %0 = "stablehlo.gather"(%arg0, %arg1) <{dimension_numbers = #stablehlo.gather<offset_dims = [2, 3], collapsed_slice_dims = [0], start_index_map = [1, 0], index_vector_dim = -1>, slice_sizes = array<i64: 1, 1, 2>}> : (tensor<3x4x2xf32>, tensor<2x3x2xi64>) -> tensor<2x3x1x2xf32>
  return
}

// -----

// error: gather_c3
func.func @main(%arg0: tensor<3x4x2xf32>, %arg1: tensor<2x3x2xi64>) {
  %0 = "stablehlo.gather"(%arg0, %arg1) <{dimension_numbers = #stablehlo.gather<offset_dims = [2, 3], collapsed_slice_dims = [0], start_index_map = [1], index_vector_dim = 2>, slice_sizes = array<i64: 1, 1, 2>}> : (tensor<3x4x2xf32>, tensor<2x3x2xi64>) -> tensor<2x3x1x2xf32>
  return
}

// -----

// error: gather_c4
func.func @main(%arg0: tensor<3x4x2xf32>, %arg1: tensor<2x3x2xi64>) {
  %0 = "stablehlo.gather"(%arg0, %arg1) <{dimension_numbers = #stablehlo.gather<offset_dims = [3, 2], collapsed_slice_dims = [0], start_index_map = [1, 0], index_vector_dim = 2>, slice_sizes = array<i64: 1, 1, 2>}> : (tensor<3x4x2xf32>, tensor<2x3x2xi64>) -> tensor<2x3x1x2xf32>
  return
}

// -----

// error: gather_c4
func.func @main(%arg0: tensor<3x4x2xf32>, %arg1: tensor<2x3x2xi64>) {
  %0 = "stablehlo.gather"(%arg0, %arg1) <{dimension_numbers = #stablehlo.gather<offset_dims = [2, 2], collapsed_slice_dims = [0], start_index_map = [1, 0], index_vector_dim = 2>, slice_sizes = array<i64: 1, 1, 2>}> : (tensor<3x4x2xf32>, tensor<2x3x2xi64>) -> tensor<2x3x1x2xf32>
  return
}

// -----

// error: gather_c5
func.func @main(%arg0: tensor<3x4x2xf32>, %arg1: tensor<2x3x2xi64>) {
  %0 = "stablehlo.gather"(%arg0, %arg1) <{dimension_numbers = #stablehlo.gather<offset_dims = [2, 4], collapsed_slice_dims = [0], start_index_map = [1, 0], index_vector_dim = 2>, slice_sizes = array<i64: 1, 1, 2>}> : (tensor<3x4x2xf32>, tensor<2x3x2xi64>) -> tensor<2x3x1x2xf32>
  return
}

// -----

// error: gather_c6
func.func @main(%arg0: tensor<3x4x2xf32>, %arg1: tensor<2x3x2xi64>) {
  %0 = "stablehlo.gather"(%arg0, %arg1) <{dimension_numbers = #stablehlo.gather<offset_dims = [2], collapsed_slice_dims = [0, 0], start_index_map = [1, 0], index_vector_dim = 2>, slice_sizes = array<i64: 1, 1, 2>}> : (tensor<3x4x2xf32>, tensor<2x3x2xi64>) -> tensor<2x3x2xf32>
  return
}

// -----

// error: gather_c7
func.func @main(%arg0: tensor<3x4x2xf32>, %arg1: tensor<2x3x2xi64>) {
  %0 = "stablehlo.gather"(%arg0, %arg1) <{dimension_numbers = #stablehlo.gather<offset_dims = [2], collapsed_slice_dims = [1, 0], start_index_map = [1, 0], index_vector_dim = 2>, slice_sizes = array<i64: 1, 1, 2>}> : (tensor<3x4x2xf32>, tensor<2x3x2xi64>) -> tensor<2x3x2xf32>
  return
}

// -----

// error: gather_c8
func.func @main(%arg0: tensor<3x4x2xf32>, %arg1: tensor<2x3x2xi64>) {
  %0 = "stablehlo.gather"(%arg0, %arg1) <{dimension_numbers = #stablehlo.gather<offset_dims = [2, 3], collapsed_slice_dims = [3], start_index_map = [1, 0], index_vector_dim = 2>, slice_sizes = array<i64: 1, 1, 2>}> : (tensor<3x4x2xf32>, tensor<2x3x2xi64>) -> tensor<2x3x1x2xf32>
  return
}

// -----

// error: gather_c9
func.func @main(%arg0: tensor<3x4x2xf32>, %arg1: tensor<2x3x2xi64>) {
  %0 = "stablehlo.gather"(%arg0, %arg1) <{dimension_numbers = #stablehlo.gather<offset_dims = [2, 3], collapsed_slice_dims = [0], start_index_map = [1, 0], index_vector_dim = 2>, slice_sizes = array<i64: 2, 1, 2>}> : (tensor<3x4x2xf32>, tensor<2x3x2xi64>) -> tensor<2x3x1x2xf32>
  return
}

// -----

// error: gather_c10
func.func @main(%arg0: tensor<2x3x4xf32>, %arg1: tensor<2x3x2xi64>) {
  %0 = "stablehlo.gather"(%arg0, %arg1) <{dimension_numbers = #stablehlo.gather<offset_dims = [2], operand_batching_dims = [1, 0], start_indices_batching_dims = [1, 0], start_index_map = [2, 2], index_vector_dim = 2>, slice_sizes = array<i64: 1, 1, 4>}> : (tensor<2x3x4xf32>, tensor<2x3x2xi64>) -> tensor<2x3x4xf32>
  return
}

// -----

// error: gather_c11
func.func @main(%arg0: tensor<3x4x2xf32>, %arg1: tensor<2x3x2xi64>) {
  %0 = "stablehlo.gather"(%arg0, %arg1) <{dimension_numbers = #stablehlo.gather<offset_dims = [2, 3], operand_batching_dims = [3], start_indices_batching_dims = [0], start_index_map = [1, 0], index_vector_dim = 2>, slice_sizes = array<i64: 1, 1, 2>}> : (tensor<3x4x2xf32>, tensor<2x3x2xi64>) -> tensor<2x3x1x2xf32>
  return
}

// -----

// error: gather_c12
func.func @main(%arg0: tensor<2x4x2xf32>, %arg1: tensor<2x3x2xi64>) {
  %0 = "stablehlo.gather"(%arg0, %arg1) <{dimension_numbers = #stablehlo.gather<offset_dims = [2, 3], operand_batching_dims = [0], start_indices_batching_dims = [0], start_index_map = [1, 2], index_vector_dim = 2>, slice_sizes = array<i64: 2, 1, 2>}> : (tensor<2x4x2xf32>, tensor<2x3x2xi64>) -> tensor<2x3x1x2xf32>
  return
}

// -----

// error: gather_c13
func.func @main(%arg0: tensor<2x2x2xf32>, %arg1: tensor<2x3x2xi64>) {
  %0 = "stablehlo.gather"(%arg0, %arg1) <{dimension_numbers = #stablehlo.gather<offset_dims = [2], operand_batching_dims = [0, 1], start_indices_batching_dims = [0, 0], start_index_map = [2, 2], index_vector_dim = 2>, slice_sizes = array<i64: 1, 1, 2>}> : (tensor<2x2x2xf32>, tensor<2x3x2xi64>) -> tensor<2x3x2xf32>
  return
}

// -----

// error: gather_c14
func.func @main(%arg0: tensor<2x4x2xf32>, %arg1: tensor<2x3x2xi64>) {
  %0 = "stablehlo.gather"(%arg0, %arg1) <{dimension_numbers = #stablehlo.gather<offset_dims = [2, 3], operand_batching_dims = [0], start_indices_batching_dims = [3], start_index_map = [1, 2], index_vector_dim = 2>, slice_sizes = array<i64: 1, 1, 2>}> : (tensor<2x4x2xf32>, tensor<2x3x2xi64>) -> tensor<2x3x1x2xf32>
  return
}

// -----

// error: gather_c15
func.func @main(%arg0: tensor<2x4x2xf32>, %arg1: tensor<2x3x2xi64>) {
  %0 = "stablehlo.gather"(%arg0, %arg1) <{dimension_numbers = #stablehlo.gather<offset_dims = [2, 3], operand_batching_dims = [0], start_indices_batching_dims = [2], start_index_map = [1, 2], index_vector_dim = 2>, slice_sizes = array<i64: 1, 1, 2>}> : (tensor<2x4x2xf32>, tensor<2x3x2xi64>) -> tensor<2x3x1x2xf32>
  return
}

// -----

// error: gather_c16
func.func @main(%arg0: tensor<2x4x2xf32>, %arg1: tensor<2x3x2xi64>) {
  %0 = "stablehlo.gather"(%arg0, %arg1) <{dimension_numbers = #stablehlo.gather<offset_dims = [2, 3], operand_batching_dims = [0], start_indices_batching_dims = [0, 1], start_index_map = [1, 2], index_vector_dim = 2>, slice_sizes = array<i64: 1, 1, 2>}> : (tensor<2x4x2xf32>, tensor<2x3x2xi64>) -> tensor<2x3x1x2xf32>
  return
}

// -----

// error: gather_c17
func.func @main(%arg0: tensor<3x4x2xf32>, %arg1: tensor<2x3x2xi64>) {
  %0 = "stablehlo.gather"(%arg0, %arg1) <{dimension_numbers = #stablehlo.gather<offset_dims = [2, 3], operand_batching_dims = [0], start_indices_batching_dims = [0], start_index_map = [1, 2], index_vector_dim = 2>, slice_sizes = array<i64: 1, 1, 2>}> : (tensor<3x4x2xf32>, tensor<2x3x2xi64>) -> tensor<2x3x1x2xf32>
  return
}

// -----

// error: gather_c18
func.func @main(%arg0: tensor<3x4x2xf32>, %arg1: tensor<2x3x2xi64>) {
  %0 = "stablehlo.gather"(%arg0, %arg1) <{dimension_numbers = #stablehlo.gather<offset_dims = [2, 3], collapsed_slice_dims = [0], start_index_map = [1, 1], index_vector_dim = 2>, slice_sizes = array<i64: 1, 1, 2>}> : (tensor<3x4x2xf32>, tensor<2x3x2xi64>) -> tensor<2x3x1x2xf32>
  return
}

// -----

// error: gather_c19
func.func @main(%arg0: tensor<3x4x2xf32>, %arg1: tensor<2x3x2xi64>) {
  %0 = "stablehlo.gather"(%arg0, %arg1) <{dimension_numbers = #stablehlo.gather<offset_dims = [2, 3], collapsed_slice_dims = [0], start_index_map = [1, 3], index_vector_dim = 2>, slice_sizes = array<i64: 1, 1, 2>}> : (tensor<3x4x2xf32>, tensor<2x3x2xi64>) -> tensor<2x3x1x2xf32>
  return
}

// -----

// error: gather_c20
func.func @main(%arg0: tensor<3x4x2xf32>, %arg1: tensor<2x3x2xi64>) {
  %0 = "stablehlo.gather"(%arg0, %arg1) <{dimension_numbers = #stablehlo.gather<offset_dims = [2, 3], collapsed_slice_dims = [0], start_index_map = [1, 0], index_vector_dim = 2>, slice_sizes = array<i64: 1, 1>}> : (tensor<3x4x2xf32>, tensor<2x3x2xi64>) -> tensor<2x3x1x2xf32>
  return
}

// -----

// error: gather_c21
func.func @main(%arg0: tensor<3x4x2xf32>, %arg1: tensor<2x3x2xi64>) {
  %0 = "stablehlo.gather"(%arg0, %arg1) <{dimension_numbers = #stablehlo.gather<offset_dims = [2, 3], collapsed_slice_dims = [0], start_index_map = [1, 0], index_vector_dim = 2>, slice_sizes = array<i64: 1, 1, 3>}> : (tensor<3x4x2xf32>, tensor<2x3x2xi64>) -> tensor<2x3x1x2xf32>
  return
}

// -----

// error: gather_c21
func.func @main(%arg0: tensor<3x4x2xf32>, %arg1: tensor<2x3x2xi64>) {
  %0 = "stablehlo.gather"(%arg0, %arg1) <{dimension_numbers = #stablehlo.gather<offset_dims = [2, 3], collapsed_slice_dims = [0], start_index_map = [1, 0], index_vector_dim = 2>, slice_sizes = array<i64: 1, -1, 2>}> : (tensor<3x4x2xf32>, tensor<2x3x2xi64>) -> tensor<2x3x1x2xf32>
  return
}

// -----

// error: gather_c22
func.func @main(%arg0: tensor<3x4x2xf32>, %arg1: tensor<2x3x2xi64>) {
  %0 = "stablehlo.gather"(%arg0, %arg1) <{dimension_numbers = #stablehlo.gather<offset_dims = [2, 3], collapsed_slice_dims = [0], start_index_map = [1, 0], index_vector_dim = 2>, slice_sizes = array<i64: 1, 1, 2>}> : (tensor<3x4x2xf32>, tensor<2x3x2xi64>) -> tensor<2x3x2x1xf32>
  return
}

// -----

// error: dynamic_gather_c20
func.func @main(%arg0: tensor<3x4x2xf32>, %arg1: tensor<2x3x2xi64>, %arg2: tensor<2xi32>) {
  %0 = "stablehlo.dynamic_gather"(%arg0, %arg1, %arg2) <{dimension_numbers = #stablehlo.gather<offset_dims = [2, 3], collapsed_slice_dims = [0], start_index_map = [1, 0], index_vector_dim = 2>}> : (tensor<3x4x2xf32>, tensor<2x3x2xi64>, tensor<2xi32>) -> tensor<2x3x1x2xf32>
  return
}

// -----

// error: dynamic_gather_c9
func.func @main(%arg0: tensor<3x4x2xf32>, %arg1: tensor<2x3x2xi64>) {
  %sizes = stablehlo.constant dense<[2, 1, 2]> : tensor<3xi32>
  %0 = "stablehlo.dynamic_gather"(%arg0, %arg1, %sizes) <{dimension_numbers = #stablehlo.gather<offset_dims = [2, 3], collapsed_slice_dims = [0], start_index_map = [1, 0], index_vector_dim = 2>}> : (tensor<3x4x2xf32>, tensor<2x3x2xi64>, tensor<3xi32>) -> tensor<2x3x1x2xf32>
  return
}
