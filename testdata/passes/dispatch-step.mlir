// The cut of a small decoding step into kernels, with its state updated in place, and the plan of its memory.
// passes: all-kernels
module @step {
  func.func public @main(%arg0: tensor<32x16xf32> loc("params['w']"), %arg1: tensor<16xf32> loc("params['norm']"), %arg2: tensor<8x16xf32> {tf.aliasing_output = 1 : i32} loc("cache"), %arg3: tensor<1x16xf32> loc("h"), %arg4: tensor<i32> loc("position")) -> (tensor<1x32xf32>, tensor<8x16xf32>) {
    %zero = stablehlo.constant dense<0.0> : tensor<f32>
    %c0 = stablehlo.constant dense<0> : tensor<i32>
    %n = stablehlo.constant dense<16.0> : tensor<1x1xf32>
    %0 = stablehlo.multiply %arg3, %arg3 : tensor<1x16xf32>
    %1 = stablehlo.reduce(%0 init: %zero) applies stablehlo.add across dimensions = [1] : (tensor<1x16xf32>, tensor<f32>) -> tensor<1xf32>
    %2 = stablehlo.broadcast_in_dim %1, dims = [0] : (tensor<1xf32>) -> tensor<1x1xf32>
    %3 = stablehlo.divide %2, %n : tensor<1x1xf32>
    %4 = stablehlo.rsqrt %3 : tensor<1x1xf32>
    %5 = stablehlo.broadcast_in_dim %4, dims = [0, 1] : (tensor<1x1xf32>) -> tensor<1x16xf32>
    %6 = stablehlo.multiply %arg3, %5 : tensor<1x16xf32>
    %7 = stablehlo.broadcast_in_dim %arg1, dims = [1] : (tensor<16xf32>) -> tensor<1x16xf32>
    %8 = stablehlo.multiply %6, %7 : tensor<1x16xf32>
    %9 = stablehlo.dynamic_update_slice %arg2, %8, %arg4, %c0 : (tensor<8x16xf32>, tensor<1x16xf32>, tensor<i32>, tensor<i32>) -> tensor<8x16xf32>
    %10 = stablehlo.dot_general %8, %9, contracting_dims = [1] x [1] : (tensor<1x16xf32>, tensor<8x16xf32>) -> tensor<1x8xf32>
    %11 = stablehlo.dot_general %10, %9, contracting_dims = [1] x [0] : (tensor<1x8xf32>, tensor<8x16xf32>) -> tensor<1x16xf32>
    %12 = stablehlo.dot_general %11, %arg0, contracting_dims = [1] x [1] : (tensor<1x16xf32>, tensor<32x16xf32>) -> tensor<1x32xf32>
    %13 = stablehlo.tanh %12 : tensor<1x32xf32>
    return %13, %9 : tensor<1x32xf32>, tensor<8x16xf32>
  }
}
