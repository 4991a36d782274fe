// Operations, attributes and types that StableHLO has had since 0.9.0.
module @oldest attributes {mhlo.num_partitions = 2 : i32, mhlo.num_replicas = 1 : i32} {
  func.func private @external(tensor<4xf32>, tensor<i1>) -> tensor<2x2xi8>

  func.func public @main(%arg0: tensor<4x8xf32> {mhlo.sharding = "{replicated}", tf.aliasing_output = 0 : i32}, %arg1: tensor<8x2xf32>) -> (tensor<4x2xf32> {jax.result_info = "result"}) attributes {jax.uses_shape_polymorphism = false} {
    %0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [1] x [0], precision = [HIGHEST, DEFAULT] : (tensor<4x8xf32>, tensor<8x2xf32>) -> tensor<4x2xf32>
    %1 = call @softmax(%0) : (tensor<4x2xf32>) -> tensor<4x2xf32>
    return %1 : tensor<4x2xf32>
  }

  func.func private @softmax(%arg0: tensor<4x2xf32>) -> tensor<4x2xf32> {
    %cst = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %zero = stablehlo.constant dense<0.0> : tensor<f32>
    %0 = stablehlo.reduce(%arg0 init: %cst) applies stablehlo.maximum across dimensions = [1] : (tensor<4x2xf32>, tensor<f32>) -> tensor<4xf32>
    %1 = stablehlo.broadcast_in_dim %0, dims = [0] : (tensor<4xf32>) -> tensor<4x2xf32>
    %2 = stablehlo.subtract %arg0, %1 : tensor<4x2xf32>
    %3 = stablehlo.exponential %2 : tensor<4x2xf32>
    %4 = stablehlo.reduce(%3 init: %zero) applies stablehlo.add across dimensions = [1] : (tensor<4x2xf32>, tensor<f32>) -> tensor<4xf32>
    %5 = stablehlo.broadcast_in_dim %4, dims = [0] : (tensor<4xf32>) -> tensor<4x2xf32>
    %6 = stablehlo.divide %3, %5 : tensor<4x2xf32>
    return %6 : tensor<4x2xf32>
  }

  func.func @constants() -> (tensor<5xi1>, tensor<3xi8>, tensor<9xi1>, tensor<2x2xui16>, tensor<2xcomplex<f32>>, tensor<0xf64>, tensor<3xbf16>, tensor<6xi4>, tensor<2xf8E5M2>) {
    %0 = stablehlo.constant dense<[true, false, true, true, false]> : tensor<5xi1>
    %1 = stablehlo.constant dense<[-1, 0, 127]> : tensor<3xi8>
    %2 = stablehlo.constant dense<true> : tensor<9xi1>
    %3 = stablehlo.constant dense<[[0, 1], [2, 65535]]> : tensor<2x2xui16>
    %4 = stablehlo.constant dense<[(1.0, -2.0), (0.5, 0.0)]> : tensor<2xcomplex<f32>>
    %5 = stablehlo.constant dense<> : tensor<0xf64>
    %6 = stablehlo.constant dense<[1.0, -0.0, 0x7FC0]> : tensor<3xbf16>
    %7 = stablehlo.constant dense<[-8, 7, 1, -1, 0, 3]> : tensor<6xi4>
    %8 = stablehlo.constant dense<[1.0, -57344.0]> : tensor<2xf8E5M2>
    return %0, %1, %2, %3, %4, %5, %6, %7, %8 : tensor<5xi1>, tensor<3xi8>, tensor<9xi1>, tensor<2x2xui16>, tensor<2xcomplex<f32>>, tensor<0xf64>, tensor<3xbf16>, tensor<6xi4>, tensor<2xf8E5M2>
  }

  func.func @control_flow(%arg0: tensor<i32>, %arg1: tensor<i64>) -> tensor<i64> {
    %limit = stablehlo.constant dense<10> : tensor<i64>
    %0 = stablehlo.while(%iterArg = %arg1) : tensor<i64>
    cond {
      %2 = stablehlo.compare LT, %iterArg, %limit, SIGNED : (tensor<i64>, tensor<i64>) -> tensor<i1>
      stablehlo.return %2 : tensor<i1>
    } do {
      %2 = stablehlo.add %iterArg, %iterArg : tensor<i64>
      stablehlo.return %2 : tensor<i64>
    }
    %1 = "stablehlo.case"(%arg0) ({
      stablehlo.return %0 : tensor<i64>
    }, {
      %2 = stablehlo.negate %0 : tensor<i64>
      stablehlo.return %2 : tensor<i64>
    }) : (tensor<i32>) -> tensor<i64>
    return %1 : tensor<i64>
  }

  func.func @indexing(%arg0: tensor<3x4x2xf32>, %arg1: tensor<2x3x2xi64>, %arg2: tensor<2x3x2x2xf32>) -> (tensor<2x3x2x2xf32>, tensor<3x4x2xf32>) {
    %0 = "stablehlo.gather"(%arg0, %arg1) {
      dimension_numbers = #stablehlo.gather<offset_dims = [2, 3], collapsed_slice_dims = [0], start_index_map = [1, 0], index_vector_dim = 2>,
      slice_sizes = array<i64: 1, 2, 2>, indices_are_sorted = true
    } : (tensor<3x4x2xf32>, tensor<2x3x2xi64>) -> tensor<2x3x2x2xf32>
    %1 = "stablehlo.scatter"(%arg0, %arg1, %arg2) ({
    ^bb0(%a: tensor<f32>, %b: tensor<f32>):
      %2 = stablehlo.add %a, %b : tensor<f32>
      stablehlo.return %2 : tensor<f32>
    }) {
      scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [2, 3], inserted_window_dims = [0], scatter_dims_to_operand_dims = [1, 0], index_vector_dim = 2>,
      unique_indices = true
    } : (tensor<3x4x2xf32>, tensor<2x3x2xi64>, tensor<2x3x2x2xf32>) -> tensor<3x4x2xf32>
    return %0, %1 : tensor<2x3x2x2xf32>, tensor<3x4x2xf32>
  }

  func.func @windows(%arg0: tensor<1x8x8x3xf32>, %arg1: tensor<3x3x3x4xf32>, %arg2: tensor<f32>) -> (tensor<1x8x8x4xf32>, tensor<1x4x4x3xf32>) {
    %0 = stablehlo.convolution(%arg0, %arg1) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {pad = [[1, 1], [1, 1]]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision HIGH>, #stablehlo<precision HIGH>]} : (tensor<1x8x8x3xf32>, tensor<3x3x3x4xf32>) -> tensor<1x8x8x4xf32>
    %1 = "stablehlo.reduce_window"(%arg0, %arg2) ({
    ^bb0(%a: tensor<f32>, %b: tensor<f32>):
      %2 = stablehlo.maximum %a, %b : tensor<f32>
      stablehlo.return %2 : tensor<f32>
    }) {window_dimensions = array<i64: 1, 2, 2, 1>, window_strides = array<i64: 1, 2, 2, 1>} : (tensor<1x8x8x3xf32>, tensor<f32>) -> tensor<1x4x4x3xf32>
    return %0, %1 : tensor<1x8x8x4xf32>, tensor<1x4x4x3xf32>
  }

  func.func @communication(%arg0: tensor<4xf32>, %arg1: !stablehlo.token) -> (tensor<8xf32>, tensor<4xf32>, !stablehlo.token) {
    %0 = "stablehlo.all_gather"(%arg0) {all_gather_dim = 0 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>, channel_handle = #stablehlo.channel_handle<handle = 5, type = 0>, use_global_device_ids} : (tensor<4xf32>) -> tensor<8xf32>
    %1 = "stablehlo.all_reduce"(%arg0) ({
    ^bb0(%a: tensor<f32>, %b: tensor<f32>):
      %4 = stablehlo.add %a, %b : tensor<f32>
      stablehlo.return %4 : tensor<f32>
    }) {replica_groups = dense<[[0], [1]]> : tensor<2x1xi64>} : (tensor<4xf32>) -> tensor<4xf32>
    %2 = "stablehlo.outfeed"(%1, %arg1) {outfeed_config = "config"} : (tensor<4xf32>, !stablehlo.token) -> !stablehlo.token
    %3 = "stablehlo.send"(%1, %2) {channel_handle = #stablehlo.channel_handle<handle = 1, type = 2>, is_host_transfer = true} : (tensor<4xf32>, !stablehlo.token) -> !stablehlo.token
    return %0, %1, %3 : tensor<8xf32>, tensor<4xf32>, !stablehlo.token
  }

  func.func @custom_calls(%arg0: tensor<2x3xf32>, %arg1: tuple<tensor<i32>, tuple<>>) -> tensor<2x3xf32> {
    %0 = stablehlo.custom_call @plain(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
    %1 = stablehlo.custom_call @full(%0) {api_version = 2 : i32, backend_config = "\08\FF\00bytes", called_computations = [@softmax], has_side_effect = true, operand_layouts = [dense<[0, 1]> : tensor<2xindex>], output_operand_aliases = [#stablehlo.output_operand_alias<output_tuple_indices = [], operand_index = 0, operand_tuple_indices = []>], result_layouts = [dense<[1, 0]> : tensor<2xindex>]} : (tensor<2x3xf32>) -> tensor<2x3xf32>
    %2 = stablehlo.get_tuple_element %arg1[0] : (tuple<tensor<i32>, tuple<>>) -> tensor<i32>
    return %1 : tensor<2x3xf32>
  }

  func.func @shapes(%arg0: tensor<?x4xf32>, %arg1: tensor<?x?xf32, #stablehlo.bounds<7, ?>>, %arg2: tensor<2xindex>, %arg3: tensor<*xf32>) -> tensor<?x4xf32> {
    %0 = stablehlo.dynamic_broadcast_in_dim %arg0, %arg2, dims = [0, 1] {known_expanding_dimensions = array<i64: 0>} : (tensor<?x4xf32>, tensor<2xindex>) -> tensor<?x4xf32>
    return %0 : tensor<?x4xf32>
  }

  func.func @quantized(%arg0: tensor<2x!quant.uniform<i8:f32, 0.5:-3>>, %arg1: tensor<2x!quant.uniform<u8<0:100>:f32, 1.250000e-01>>) -> tensor<2xf32> {
    %0 = stablehlo.uniform_dequantize %arg0 : (tensor<2x!quant.uniform<i8:f32, 0.5:-3>>) -> tensor<2xf32>
    return %0 : tensor<2xf32>
  }

  func.func @others(%arg0: tensor<4x4xf32>, %arg1: tensor<2xui64>, %arg2: tensor<16xi32>) -> tensor<4x4xf32> {
    %0 = stablehlo.cholesky %arg0, lower = true : tensor<4x4xf32>
    %1 = "stablehlo.triangular_solve"(%0, %arg0) <{left_side = true, lower = true, transpose_a = #stablehlo<transpose ADJOINT>, unit_diagonal = false}> : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
    %output_state, %output = stablehlo.rng_bit_generator %arg1, algorithm = THREE_FRY : (tensor<2xui64>) -> (tensor<2xui64>, tensor<4xui32>)
    %2 = "stablehlo.sort"(%arg2) <{dimension = 0 : i64, is_stable = true}> ({
    ^bb0(%a: tensor<i32>, %b: tensor<i32>):
      %7 = stablehlo.compare GT, %a, %b : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %7 : tensor<i1>
    }) : (tensor<16xi32>) -> tensor<16xi32>
    %3 = stablehlo.fft %arg0, type = RFFT, length = [4] : (tensor<4x4xf32>) -> tensor<4x3xcomplex<f32>>
    %4 = stablehlo.reduce_precision %1, format = e5m2 : tensor<4x4xf32>
    %5 = stablehlo.slice %4 [0:4, 0:4:1] : (tensor<4x4xf32>) -> tensor<4x4xf32>
    %6 = stablehlo.cosine %5 : tensor<4x4xf32>
    return %6 : tensor<4x4xf32>
  }
}
