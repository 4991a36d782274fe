// The whole pipeline on a step as JAX writes it: a normalization, a product, a masked softmax; helpers as private functions.
// passes: all
module @jit_step attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<8x16xf32> loc("params['w']"), %arg1: tensor<16xf32> loc("params['norm']"), %arg2: tensor<4xf32> loc("params['unused']"), %arg3: tensor<1x8x16xf32> {tf.aliasing_output = 1 : i32} loc("cache"), %arg4: tensor<1x16xf32> loc("x"), %arg5: tensor<1xi32> loc("positions")) -> (tensor<1x8xf32> {jax.result_info = "result[0]"}, tensor<1x8x16xf32> {jax.result_info = "result[1]"}) {
    %0 = call @rms_norm(%arg4, %arg1) : (tensor<1x16xf32>, tensor<16xf32>) -> tensor<1x16xf32>
    %1 = stablehlo.dot_general %0, %arg0, contracting_dims = [1] x [1], precision = [DEFAULT, DEFAULT] : (tensor<1x16xf32>, tensor<8x16xf32>) -> tensor<1x8xf32>
    %2 = call @_where(%arg5, %1) : (tensor<1xi32>, tensor<1x8xf32>) -> tensor<1x8xf32>
    %cst = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %3 = stablehlo.reduce(%2 init: %cst) applies stablehlo.maximum across dimensions = [1] : (tensor<1x8xf32>, tensor<f32>) -> tensor<1xf32>
    %cst_0 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %4 = stablehlo.broadcast_in_dim %cst_0, dims = [] : (tensor<f32>) -> tensor<1xf32>
    %5 = stablehlo.maximum %4, %3 : tensor<1xf32>
    %6 = stablehlo.broadcast_in_dim %5, dims = [0] : (tensor<1xf32>) -> tensor<1x1xf32>
    %7 = stablehlo.broadcast_in_dim %6, dims = [0, 1] : (tensor<1x1xf32>) -> tensor<1x8xf32>
    %8 = stablehlo.subtract %2, %7 : tensor<1x8xf32>
    %9 = stablehlo.exponential %8 : tensor<1x8xf32>
    %10 = stablehlo.reshape %0 : (tensor<1x16xf32>) -> tensor<16xf32>
    %11 = stablehlo.reshape %10 : (tensor<16xf32>) -> tensor<1x1x16xf32>
    %c = stablehlo.constant dense<0> : tensor<i32>
    %c_1 = stablehlo.constant dense<0> : tensor<i32>
    %12 = stablehlo.reshape %arg5 : (tensor<1xi32>) -> tensor<i32>
    %13 = stablehlo.dynamic_update_slice %arg3, %11, %c, %12, %c_1 : (tensor<1x8x16xf32>, tensor<1x1x16xf32>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<1x8x16xf32>
    return %9, %13 : tensor<1x8xf32>, tensor<1x8x16xf32>
  }
  func.func private @rms_norm(%arg0: tensor<1x16xf32>, %arg1: tensor<16xf32>) -> tensor<1x16xf32> {
    %0 = stablehlo.multiply %arg0, %arg0 : tensor<1x16xf32>
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %1 = stablehlo.reduce(%0 init: %cst) applies stablehlo.add across dimensions = [1] : (tensor<1x16xf32>, tensor<f32>) -> tensor<1xf32>
    %2 = stablehlo.broadcast_in_dim %1, dims = [0] : (tensor<1xf32>) -> tensor<1x1xf32>
    %cst_0 = stablehlo.constant dense<1.600000e+01> : tensor<f32>
    %3 = stablehlo.broadcast_in_dim %cst_0, dims = [] : (tensor<f32>) -> tensor<1x1xf32>
    %4 = stablehlo.divide %2, %3 : tensor<1x1xf32>
    %cst_1 = stablehlo.constant dense<9.99999997E-7> : tensor<f32>
    %5 = stablehlo.broadcast_in_dim %cst_1, dims = [] : (tensor<f32>) -> tensor<1x1xf32>
    %6 = stablehlo.add %4, %5 : tensor<1x1xf32>
    %7 = stablehlo.rsqrt %6 : tensor<1x1xf32>
    %8 = stablehlo.broadcast_in_dim %7, dims = [0, 1] : (tensor<1x1xf32>) -> tensor<1x16xf32>
    %9 = stablehlo.multiply %arg0, %8 : tensor<1x16xf32>
    %cst_2 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %10 = stablehlo.broadcast_in_dim %cst_2, dims = [] : (tensor<f32>) -> tensor<16xf32>
    %11 = stablehlo.add %10, %arg1 : tensor<16xf32>
    %12 = stablehlo.broadcast_in_dim %11, dims = [1] : (tensor<16xf32>) -> tensor<1x16xf32>
    %13 = stablehlo.multiply %9, %12 : tensor<1x16xf32>
    return %13 : tensor<1x16xf32>
  }
  func.func private @_where(%arg0: tensor<1xi32>, %arg1: tensor<1x8xf32>) -> tensor<1x8xf32> {
    %0 = stablehlo.iota dim = 0 : tensor<8xi32>
    %1 = stablehlo.broadcast_in_dim %0, dims = [1] : (tensor<8xi32>) -> tensor<1x8xi32>
    %2 = stablehlo.broadcast_in_dim %arg0, dims = [0] : (tensor<1xi32>) -> tensor<1x1xi32>
    %3 = stablehlo.broadcast_in_dim %2, dims = [0, 1] : (tensor<1x1xi32>) -> tensor<1x8xi32>
    %4 = stablehlo.compare LE, %1, %3, SIGNED : (tensor<1x8xi32>, tensor<1x8xi32>) -> tensor<1x8xi1>
    %cst = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %5 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<1x8xf32>
    %6 = stablehlo.select %4, %arg1, %5 : tensor<1x8xi1>, tensor<1x8xf32>
    return %6 : tensor<1x8xf32>
  }
}
