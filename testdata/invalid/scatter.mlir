// error: scatter_c1
func.func @main(%arg0: tensor<3x4x2xf32>, %arg1: tensor<3x4x3xf32>, %arg2: tensor<2x3x2xi64>, %arg3: tensor<2x3x1x2xf32>, %arg4: tensor<2x3x1x2xf32>) {
  %0:2 = "stablehlo.scatter"(%arg0, %arg1, %arg2, %arg3, %arg4) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [2, 3], inserted_window_dims = [0], scatter_dims_to_operand_dims = [1, 0], index_vector_dim = 2>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>, %x2: tensor<f32>, %x3: tensor<f32>):
      stablehlo.return %x0, %x1 : tensor<f32>, tensor<f32>
    }) : (tensor<3x4x2xf32>, tensor<3x4x3xf32>, tensor<2x3x2xi64>, tensor<2x3x1x2xf32>, tensor<2x3x1x2xf32>) -> (tensor<3x4x2xf32>, tensor<3x4x3xf32>)
  return
}

// -----

// error: scatter_c2
func.func @main(%arg0: tensor<3x4x2xf32>, %arg1: tensor<2x3x2xi64>, %arg2: tensor<2x3x1x2xf32>) {
  %0 = "stablehlo.scatter"(%arg0, %arg1, %arg2) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [2, 3], scatter_dims_to_operand_dims = [1, 0], index_vector_dim = 2>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<3x4x2xf32>, tensor<2x3x2xi64>, tensor<2x3x1x2xf32>) -> tensor<3x4x2xf32>
  return
}

// -----

// error: scatter_c3
func.func @main(%arg0: tensor<3x4x2xf32>, %arg1: tensor<3x4x2xf32>, %arg2: tensor<2x3x2xi64>, %arg3: tensor<2x3x1x2xf32>, %arg4: tensor<2x3x1x1xf32>) {
  %0:2 = "stablehlo.scatter"(%arg0, %arg1, %arg2, %arg3, %arg4) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [2, 3], inserted_window_dims = [0], scatter_dims_to_operand_dims = [1, 0], index_vector_dim = 2>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>, %x2: tensor<f32>, %x3: tensor<f32>):
      stablehlo.return %x0, %x1 : tensor<f32>, tensor<f32>
    }) : (tensor<3x4x2xf32>, tensor<3x4x2xf32>, tensor<2x3x2xi64>, tensor<2x3x1x2xf32>, tensor<2x3x1x1xf32>) -> (tensor<3x4x2xf32>, tensor<3x4x2xf32>)
  return
}

// -----

// error: scatter_c4
func.func @main(%arg0: tensor<3x4x2xf32>, %arg1: tensor<2x3x2xi64>, %arg2: tensor<2x3x2xf32>) {
  %0 = "stablehlo.scatter"(%arg0, %arg1, %arg2) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [2, 3], inserted_window_dims = [0], scatter_dims_to_operand_dims = [1, 0], index_vector_dim = 2>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<3x4x2xf32>, tensor<2x3x2xi64>, tensor<2x3x2xf32>) -> tensor<3x4x2xf32>
  return
}

// -----

// error: scatter_c4
func.func @main(%arg0: tensor<3x4x2xf32>, %arg1: tensor<2x3x2xi64>, %arg2: tensor<2x3x1x3xf32>) {
  %0 = "stablehlo.scatter"(%arg0, %arg1, %arg2) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [2, 3], inserted_window_dims = [0], scatter_dims_to_operand_dims = [1, 0], index_vector_dim = 2>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<3x4x2xf32>, tensor<2x3x2xi64>, tensor<2x3x1x3xf32>) -> tensor<3x4x2xf32>
  return
}

// -----

// error: scatter_c4
func.func @main(%arg0: tensor<3x4x2xf32>, %arg1: tensor<2x3x2xi64>, %arg2: tensor<2x4x1x2xf32>) {
  %0 = "stablehlo.scatter"(%arg0, %arg1, %arg2) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [2, 3], inserted_window_dims = [0], scatter_dims_to_operand_dims = [1, 0], index_vector_dim = 2>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<3x4x2xf32>, tensor<2x3x2xi64>, tensor<2x4x1x2xf32>) -> tensor<3x4x2xf32>
  return
}

// -----

// error: scatter_c7
func.func @main(%arg0: tensor<3x4x2xf32>, %arg1: tensor<2x3x2xi64>, %arg2: tensor<2x3x1x2xf32>) {
  %0 = "stablehlo.scatter"(%arg0, %arg1, %arg2) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [3, 2], inserted_window_dims = [0], scatter_dims_to_operand_dims = [1, 0], index_vector_dim = 2>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<3x4x2xf32>, tensor<2x3x2xi64>, tensor<2x3x1x2xf32>) -> tensor<3x4x2xf32>
  return
}

// -----

// error: scatter_c7
func.func @main(%arg0: tensor<3x4x2xf32>, %arg1: tensor<2x3x2xi64>, %arg2: tensor<2x3x1x2xf32>) {
  %0 = "stablehlo.scatter"(%arg0, %arg1, %arg2) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [2, 2], inserted_window_dims = [0], scatter_dims_to_operand_dims = [1, 0], index_vector_dim = 2>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<3x4x2xf32>, tensor<2x3x2xi64>, tensor<2x3x1x2xf32>) -> tensor<3x4x2xf32>
  return
}

// -----

// error: scatter_c8
func.func @main(%arg0: tensor<3x4x2xf32>, %arg1: tensor<2x3x2xi64>, %arg2: tensor<2x3x1x2xf32>) {
  %0 = "stablehlo.scatter"(%arg0, %arg1, %arg2) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [2, 4], inserted_window_dims = [0], scatter_dims_to_operand_dims = [1, 0], index_vector_dim = 2>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<3x4x2xf32>, tensor<2x3x2xi64>, tensor<2x3x1x2xf32>) -> tensor<3x4x2xf32>
  return
}

// -----

// error: scatter_c9
func.func @main(%arg0: tensor<3x4x2xf32>, %arg1: tensor<2x3x2xi64>, %arg2: tensor<2x3x2xf32>) {
  %0 = "stablehlo.scatter"(%arg0, %arg1, %arg2) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [2], inserted_window_dims = [0, 0], scatter_dims_to_operand_dims = [1, 0], index_vector_dim = 2>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<3x4x2xf32>, tensor<2x3x2xi64>, tensor<2x3x2xf32>) -> tensor<3x4x2xf32>
  return
}

// -----

// error: scatter_c10
func.func @main(%arg0: tensor<3x4x2xf32>, %arg1: tensor<2x3x2xi64>, %arg2: tensor<2x3x2xf32>) {
  %0 = "stablehlo.scatter"(%arg0, %arg1, %arg2) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [2], inserted_window_dims = [1, 0], scatter_dims_to_operand_dims = [1, 0], index_vector_dim = 2>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<3x4x2xf32>, tensor<2x3x2xi64>, tensor<2x3x2xf32>) -> tensor<3x4x2xf32>
  return
}

// -----

// error: scatter_c11
func.func @main(%arg0: tensor<3x4x2xf32>, %arg1: tensor<2x3x2xi64>, %arg2: tensor<2x3x1x2xf32>) {
  %0 = "stablehlo.scatter"(%arg0, %arg1, %arg2) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [2, 3], inserted_window_dims = [3], scatter_dims_to_operand_dims = [1, 0], index_vector_dim = 2>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<3x4x2xf32>, tensor<2x3x2xi64>, tensor<2x3x1x2xf32>) -> tensor<3x4x2xf32>
  return
}

// -----

// error: scatter_c12
func.func @main(%arg0: tensor<2x3x4xf32>, %arg1: tensor<2x3x2xi64>, %arg2: tensor<2x3x4xf32>) {
  %0 = "stablehlo.scatter"(%arg0, %arg1, %arg2) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [2], input_batching_dims = [1, 0], scatter_indices_batching_dims = [1, 0], scatter_dims_to_operand_dims = [2, 2], index_vector_dim = 2>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<2x3x4xf32>, tensor<2x3x2xi64>, tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  return
}

// -----

// error: scatter_c13
func.func @main(%arg0: tensor<3x4x2xf32>, %arg1: tensor<2x3x2xi64>, %arg2: tensor<2x3x1x2xf32>) {
  %0 = "stablehlo.scatter"(%arg0, %arg1, %arg2) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [2, 3], input_batching_dims = [3], scatter_indices_batching_dims = [0], scatter_dims_to_operand_dims = [1, 0], index_vector_dim = 2>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<3x4x2xf32>, tensor<2x3x2xi64>, tensor<2x3x1x2xf32>) -> tensor<3x4x2xf32>
  return
}

// -----

// error: scatter_c14
func.func @main(%arg0: tensor<2x2x2xf32>, %arg1: tensor<2x3x2xi64>, %arg2: tensor<2x3x2xf32>) {
  %0 = "stablehlo.scatter"(%arg0, %arg1, %arg2) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [2], input_batching_dims = [0, 1], scatter_indices_batching_dims = [0, 0], scatter_dims_to_operand_dims = [2, 2], index_vector_dim = 2>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<2x2x2xf32>, tensor<2x3x2xi64>, tensor<2x3x2xf32>) -> tensor<2x2x2xf32>
  return
}

// -----

// error: scatter_c15
func.func @main(%arg0: tensor<2x4x2xf32>, %arg1: tensor<2x3x2xi64>, %arg2: tensor<2x3x1x2xf32>) {
  %0 = "stablehlo.scatter"(%arg0, %arg1, %arg2) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [2, 3], input_batching_dims = [0], scatter_indices_batching_dims = [3], scatter_dims_to_operand_dims = [1, 2], index_vector_dim = 2>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<2x4x2xf32>, tensor<2x3x2xi64>, tensor<2x3x1x2xf32>) -> tensor<2x4x2xf32>
  return
}

// -----

// error: scatter_c16
func.func @main(%arg0: tensor<2x4x2xf32>, %arg1: tensor<2x3x2xi64>, %arg2: tensor<2x3x1x2xf32>) {
  %0 = "stablehlo.scatter"(%arg0, %arg1, %arg2) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [2, 3], input_batching_dims = [0], scatter_indices_batching_dims = [2], scatter_dims_to_operand_dims = [1, 2], index_vector_dim = 2>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<2x4x2xf32>, tensor<2x3x2xi64>, tensor<2x3x1x2xf32>) -> tensor<2x4x2xf32>
  return
}

// -----

// error: scatter_c17
func.func @main(%arg0: tensor<2x4x2xf32>, %arg1: tensor<2x3x2xi64>, %arg2: tensor<2x3x1x2xf32>) {
  %0 = "stablehlo.scatter"(%arg0, %arg1, %arg2) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [2, 3], input_batching_dims = [0], scatter_indices_batching_dims = [0, 1], scatter_dims_to_operand_dims = [1, 2], index_vector_dim = 2>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<2x4x2xf32>, tensor<2x3x2xi64>, tensor<2x3x1x2xf32>) -> tensor<2x4x2xf32>
  return
}

// -----

// error: scatter_c18
func.func @main(%arg0: tensor<3x4x2xf32>, %arg1: tensor<2x3x2xi64>, %arg2: tensor<2x3x1x2xf32>) {
  %0 = "stablehlo.scatter"(%arg0, %arg1, %arg2) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [2, 3], input_batching_dims = [0], scatter_indices_batching_dims = [0], scatter_dims_to_operand_dims = [1, 2], index_vector_dim = 2>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<3x4x2xf32>, tensor<2x3x2xi64>, tensor<2x3x1x2xf32>) -> tensor<3x4x2xf32>
  return
}

// -----

// error: scatter_c19
func.func @main(%arg0: tensor<3x4x2xf32>, %arg1: tensor<2x3x2xi64>, %arg2: tensor<2x3x1x2xf32>) {
  %0 = "stablehlo.scatter"(%arg0, %arg1, %arg2) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [2, 3], inserted_window_dims = [0], scatter_dims_to_operand_dims = [1], index_vector_dim = 2>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<3x4x2xf32>, tensor<2x3x2xi64>, tensor<2x3x1x2xf32>) -> tensor<3x4x2xf32>
  return
}

// -----

// error: scatter_c20
func.func @main(%arg0: tensor<3x4x2xf32>, %arg1: tensor<2x3x2xi64>, %arg2: tensor<2x3x1x2xf32>) {
  %0 = "stablehlo.scatter"(%arg0, %arg1, %arg2) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [2, 3], inserted_window_dims = [0], scatter_dims_to_operand_dims = [1, 1], index_vector_dim = 2>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<3x4x2xf32>, tensor<2x3x2xi64>, tensor<2x3x1x2xf32>) -> tensor<3x4x2xf32>
  return
}

// -----

// error: scatter_c21
func.func @main(%arg0: tensor<3x4x2xf32>, %arg1: tensor<2x3x2xi64>, %arg2: tensor<2x3x1x2xf32>) {
  %0 = "stablehlo.scatter"(%arg0, %arg1, %arg2) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [2, 3], inserted_window_dims = [0], scatter_dims_to_operand_dims = [1, 3], index_vector_dim = 2>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<3x4x2xf32>, tensor<2x3x2xi64>, tensor<2x3x1x2xf32>) -> tensor<3x4x2xf32>
  return
}

// -----

// error: scatter_c22
func.func @main(%arg0: tensor<3x4x2xf32>, %arg1: tensor<2x3x2xi64>, %arg2: tensor<2x3x1x2xf32>) {
  %0 = "stablehlo.scatter"(%arg0, %arg1, %arg2) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [2, 3], inserted_window_dims = [0], scatter_dims_to_operand_dims = [1, 0], index_vector_dim = 4>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<3x4x2xf32>, tensor<2x3x2xi64>, tensor<2x3x1x2xf32>) -> tensor<3x4x2xf32>
  return
}

// -----

// error: scatter_c23
func.func @main(%arg0: tensor<3x4x2xf32>, %arg1: tensor<2x3x2xi64>, %arg2: tensor<2x3x1x2xf32>) {
  %0 = "stablehlo.scatter"(%arg0, %arg1, %arg2) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [2, 3], inserted_window_dims = [0], scatter_dims_to_operand_dims = [1, 0], index_vector_dim = 2>}> ({
    ^bb0(%x0: tensor<i32>, %x1: tensor<i32>):
      %1 = stablehlo.add %x0, %x1 : tensor<i32>
      stablehlo.return %1 : tensor<i32>
    }) : (tensor<3x4x2xf32>, tensor<2x3x2xi64>, tensor<2x3x1x2xf32>) -> tensor<3x4x2xf32>
  return
}

// -----

// error: scatter_c24
func.func @main(%arg0: tensor<3x4x2xf32>, %arg1: tensor<2x3x2xi64>, %arg2: tensor<2x3x1x2xf32>) {
  %0 = "stablehlo.scatter"(%arg0, %arg1, %arg2) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [2, 3], inserted_window_dims = [0], scatter_dims_to_operand_dims = [1, 0], index_vector_dim = 2>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<3x4x2xf32>, tensor<2x3x2xi64>, tensor<2x3x1x2xf32>) -> tensor<3x4x3xf32>
  return
}
