// What StableHLO gained from 0.16.0 to 1.17.0, with values that say more than their absence.
module @newer {
  func.func public @main(%arg0: tensor<4x8xf32>, %arg1: tensor<4x8x2xf32>) -> tensor<4x2xf32> {
    %0 = stablehlo.dot_general %arg0, %arg1, batching_dims = [0] x [0], contracting_dims = [1] x [1], algorithm = <lhs_precision_type = tf32, rhs_precision_type = tf32, accumulation_type = f32, lhs_component_count = 1, rhs_component_count = 1, num_primitive_operations = 3, allow_imprecise_accumulation = false> : (tensor<4x8xf32>, tensor<4x8x2xf32>) -> tensor<4x2xf32>
    %1 = stablehlo.exponential %0 {result_accuracy = #stablehlo.result_accuracy<atol = 1.000000e-05, rtol = 0.000000e+00, ulps = 1, mode = #stablehlo.result_accuracy_mode<TOLERANCE>>} : tensor<4x2xf32>
    %2 = stablehlo.tan %1 {result_accuracy = #stablehlo.result_accuracy<mode = #stablehlo.result_accuracy_mode<HIGHEST>>} : tensor<4x2xf32>
    %3 = stablehlo.composite "own.double" %2 {composite_attributes = {axis = 1 : i64, names = ["a", "b"], scale = 5.000000e-01 : f32}, decomposition = @double, version = 3 : i32} : (tensor<4x2xf32>) -> tensor<4x2xf32>
    return %3 : tensor<4x2xf32>
  }

  func.func private @double(%arg0: tensor<4x2xf32>) -> tensor<4x2xf32> {
    %0 = stablehlo.add %arg0, %arg0 : tensor<4x2xf32>
    return %0 : tensor<4x2xf32>
  }

  func.func @indexing(%arg0: tensor<2x3x4xf32>, %arg1: tensor<2x5x1xi64>, %arg2: tensor<2x5x4xf32>) -> (tensor<2x5x4xf32>, tensor<2x3x4xf32>) {
    %0 = "stablehlo.gather"(%arg0, %arg1) {
      dimension_numbers = #stablehlo.gather<offset_dims = [2], collapsed_slice_dims = [1], operand_batching_dims = [0], start_indices_batching_dims = [0], start_index_map = [1], index_vector_dim = 2>,
      slice_sizes = array<i64: 1, 1, 4>
    } : (tensor<2x3x4xf32>, tensor<2x5x1xi64>) -> tensor<2x5x4xf32>
    %1 = "stablehlo.scatter"(%arg0, %arg1, %arg2) ({
    ^bb0(%a: tensor<f32>, %b: tensor<f32>):
      stablehlo.return %b : tensor<f32>
    }) {
      scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [2], inserted_window_dims = [1], input_batching_dims = [0], scatter_indices_batching_dims = [0], scatter_dims_to_operand_dims = [1], index_vector_dim = 2>
    } : (tensor<2x3x4xf32>, tensor<2x5x1xi64>, tensor<2x5x4xf32>) -> tensor<2x3x4xf32>
    return %0, %1 : tensor<2x5x4xf32>, tensor<2x3x4xf32>
  }

  func.func @communication(%arg0: tensor<4xf32>, %arg1: tensor<2xf32>, %arg2: !stablehlo.token) -> (tensor<4xf32>, tensor<2xf32>, tensor<4xf32>) {
    %0:2 = "stablehlo.all_reduce"(%arg0, %arg1) ({
    ^bb0(%a: tensor<f32>, %b: tensor<f32>):
      %5 = stablehlo.add %a, %b : tensor<f32>
      stablehlo.return %5 : tensor<f32>
    }) {replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>, channel_handle = #stablehlo.channel_handle<handle = 1, type = 0>} : (tensor<4xf32>, tensor<2xf32>) -> (tensor<4xf32>, tensor<2xf32>)
    %1 = "stablehlo.collective_broadcast"(%0#0) {replica_groups = dense<[[1, 0]]> : tensor<1x2xi64>} : (tensor<4xf32>) -> tensor<4xf32>
    %2:2 = "stablehlo.recv"(%arg2) {channel_handle = #stablehlo.channel_handle<handle = 0, type = 1>, source_target_pairs = dense<[[0, 1], [1, 0]]> : tensor<2x2xi64>} : (!stablehlo.token) -> (tensor<4xf32>, !stablehlo.token)
    %3 = "stablehlo.async_start"(%1) ({
    ^bb0(%a: tensor<4xf32>):
      %5 = "stablehlo.collective_permute"(%a) {source_target_pairs = dense<[[0, 1]]> : tensor<1x2xi64>} : (tensor<4xf32>) -> tensor<4xf32>
      stablehlo.return %5 : tensor<4xf32>
    }) : (tensor<4xf32>) -> !stablehlo.future<tensor<4xf32>>
    %4 = "stablehlo.async_done"(%3) : (!stablehlo.future<tensor<4xf32>>) -> tensor<4xf32>
    return %2#0, %0#1, %4 : tensor<4xf32>, tensor<2xf32>, tensor<4xf32>
  }

  func.func @custom_calls(%arg0: tensor<2xf32>) -> tensor<2xf32> {
    %0 = stablehlo.custom_call @typed(%arg0) {api_version = 4 : i32, backend_config = {axis = 1 : i64, flag = true, name = "x"}} : (tensor<2xf32>) -> tensor<2xf32>
    %1 = stablehlo.custom_call @Pin(%0) {api_version = 4 : i32} : (tensor<2xf32>) -> memref<2xf32>
    %2 = stablehlo.custom_call @Unpin(%1) {api_version = 4 : i32} : (memref<2xf32>) -> tensor<2xf32>
    return %2 : tensor<2xf32>
  }

  func.func @types(%arg0: tensor<4xi2>, %arg1: tensor<4xui2>, %arg2: tensor<2x!quant.uniform<i8:f32:0, {0.5, 2.500000e-01:7}>>) -> (tensor<2xf8E4M3FNUZ>, tensor<2xf8E5M2FNUZ>, tensor<2xf8E4M3B11FNUZ>, tensor<2xf8E4M3>, tensor<2xf8E3M4>, tensor<3xf4E2M1FN>, tensor<3xf6E2M3FN>, tensor<3xf6E3M2FN>, tensor<2xf8E8M0FNU>, tensor<3xi2>) {
    %0 = stablehlo.constant dense<[1.0, -2.0]> : tensor<2xf8E4M3FNUZ>
    %1 = stablehlo.constant dense<[1.0, -2.0]> : tensor<2xf8E5M2FNUZ>
    %2 = stablehlo.constant dense<[1.0, -2.0]> : tensor<2xf8E4M3B11FNUZ>
    %3 = stablehlo.constant dense<[1.0, -2.0]> : tensor<2xf8E4M3>
    %4 = stablehlo.constant dense<[1.0, -2.0]> : tensor<2xf8E3M4>
    %5 = stablehlo.constant dense<[1.0, -2.0, 0.5]> : tensor<3xf4E2M1FN>
    %6 = stablehlo.constant dense<[1.0, -2.0, 0.5]> : tensor<3xf6E2M3FN>
    %7 = stablehlo.constant dense<[1.0, -2.0, 0.5]> : tensor<3xf6E3M2FN>
    %8 = stablehlo.constant dense<[1.0, 2.0]> : tensor<2xf8E8M0FNU>
    %9 = stablehlo.constant dense<[-2, 1, 0]> : tensor<3xi2>
    return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9 : tensor<2xf8E4M3FNUZ>, tensor<2xf8E5M2FNUZ>, tensor<2xf8E4M3B11FNUZ>, tensor<2xf8E4M3>, tensor<2xf8E3M4>, tensor<3xf4E2M1FN>, tensor<3xf6E2M3FN>, tensor<3xf6E3M2FN>, tensor<2xf8E8M0FNU>, tensor<3xi2>
  }
}
