// Operations that move elements about.

func.func @moves(%x: tensor<4x6xf32>, %v: tensor<3xf32>, %s: tensor<f32>, %i: tensor<i32>, %index: tensor<2x1xi64>) {
  %0 = stablehlo.broadcast %v, sizes = [1, 2] : (tensor<3xf32>) -> tensor<1x2x3xf32>
  %1 = stablehlo.broadcast_in_dim %v, dims = [1] : (tensor<3xf32>) -> tensor<2x3xf32>
  %2 = stablehlo.broadcast_in_dim %s, dims = [] : (tensor<f32>) -> tensor<2x3xf32>
  %3 = stablehlo.concatenate %x, %x, dim = 1 : (tensor<4x6xf32>, tensor<4x6xf32>) -> tensor<4x12xf32>
  %4 = stablehlo.dynamic_slice %x, %i, %i, sizes = [1, 2] : (tensor<4x6xf32>, tensor<i32>, tensor<i32>) -> tensor<1x2xf32>
  %5 = stablehlo.dynamic_update_slice %x, %4, %i, %i : (tensor<4x6xf32>, tensor<1x2xf32>, tensor<i32>, tensor<i32>) -> tensor<4x6xf32>
  %6 = stablehlo.iota dim = 1 : tensor<4x6xi32>
  %7 = stablehlo.pad %x, %s, low = [0, -1], high = [2, 1], interior = [1, 0] : (tensor<4x6xf32>, tensor<f32>) -> tensor<9x6xf32>
  %8 = stablehlo.reshape %x : (tensor<4x6xf32>) -> tensor<2x12xf32>
  %9 = stablehlo.reverse %x, dims = [0, 1] : tensor<4x6xf32>
  %10 = stablehlo.slice %x [1:3, 0:6:2] : (tensor<4x6xf32>) -> tensor<2x3xf32>
  %11 = stablehlo.slice %s [] : (tensor<f32>) -> tensor<f32>
  %12 = stablehlo.transpose %x, dims = [1, 0] : (tensor<4x6xf32>) -> tensor<6x4xf32>
  %13 = stablehlo.bitcast_convert %x : (tensor<4x6xf32>) -> tensor<4x6x4xi8>
  %14 = "stablehlo.torch_index_select"(%x, %index) <{batch_dims = 0 : i64, dim = 0 : i64}> : (tensor<4x6xf32>, tensor<2x1xi64>) -> tensor<2x1x6xf32>
  return
}

func.func @gathers(%x: tensor<3x4x2xi32>, %indices: tensor<2x3x2xi64>, %updates: tensor<2x3x2x2xi32>, %sizes: tensor<3xi64>) {
  %0 = "stablehlo.gather"(%x, %indices) <{dimension_numbers = #stablehlo.gather<offset_dims = [2, 3], collapsed_slice_dims = [0], start_index_map = [1, 0], index_vector_dim = 2>, indices_are_sorted = false, slice_sizes = array<i64: 1, 2, 2>}> : (tensor<3x4x2xi32>, tensor<2x3x2xi64>) -> tensor<2x3x2x2xi32>
  %1 = "stablehlo.dynamic_gather"(%x, %indices, %sizes) <{dimension_numbers = #stablehlo.gather<offset_dims = [2, 3], collapsed_slice_dims = [0], start_index_map = [1, 0], index_vector_dim = 2>}> : (tensor<3x4x2xi32>, tensor<2x3x2xi64>, tensor<3xi64>) -> tensor<2x3x?x?xi32>
  %2 = "stablehlo.scatter"(%x, %indices, %updates) <{indices_are_sorted = true, scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [2, 3], inserted_window_dims = [0], scatter_dims_to_operand_dims = [1, 0], index_vector_dim = 2>, unique_indices = false}> ({
  ^bb0(%a: tensor<i32>, %b: tensor<i32>):
    %3 = stablehlo.add %a, %b : tensor<i32>
    stablehlo.return %3 : tensor<i32>
  }) : (tensor<3x4x2xi32>, tensor<2x3x2xi64>, tensor<2x3x2x2xi32>) -> tensor<3x4x2xi32>
  return
}

func.func @batched_gather(%x: tensor<2x3x4x2xi32>, %indices: tensor<2x2x3x2xi64>) -> tensor<2x2x3x1x1xi32> {
  %0 = "stablehlo.gather"(%x, %indices) <{dimension_numbers = #stablehlo.gather<offset_dims = [3, 4], collapsed_slice_dims = [1], operand_batching_dims = [0], start_indices_batching_dims = [1], start_index_map = [2, 1], index_vector_dim = 3>, slice_sizes = array<i64: 1, 1, 1, 1>}> : (tensor<2x3x4x2xi32>, tensor<2x2x3x2xi64>) -> tensor<2x2x3x1x1xi32>
  return %0 : tensor<2x2x3x1x1xi32>
}
