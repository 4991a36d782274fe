// A product of one row with a large matrix is padded, one with a small matrix is not; two vectors of one type become
// rows of one weight, the third has no companion.
// passes: tpu-forms
module @tpu_forms {
  func.func public @main(%arg0: tensor<1x512xbf16> loc("x"), %arg1: tensor<512x256xbf16> loc("params['w']"), %arg2: tensor<256xf32> loc("params['a']"), %arg3: tensor<256xf32> loc("params['b']"), %arg4: tensor<8xf32> loc("params['c']"), %arg5: tensor<256x8xbf16> loc("params['v']")) -> tensor<1x8xf32> {
    %0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [1] x [0] : (tensor<1x512xbf16>, tensor<512x256xbf16>) -> tensor<1x256xf32>
    %1 = stablehlo.broadcast_in_dim %arg2, dims = [1] : (tensor<256xf32>) -> tensor<1x256xf32>
    %2 = stablehlo.broadcast_in_dim %arg3, dims = [1] : (tensor<256xf32>) -> tensor<1x256xf32>
    %3 = stablehlo.multiply %0, %1 : tensor<1x256xf32>
    %4 = stablehlo.add %3, %2 : tensor<1x256xf32>
    %5 = stablehlo.convert %4 : (tensor<1x256xf32>) -> tensor<1x256xbf16>
    %6 = stablehlo.dot_general %5, %arg5, contracting_dims = [1] x [0] : (tensor<1x256xbf16>, tensor<256x8xbf16>) -> tensor<1x8xf32>
    %7 = stablehlo.broadcast_in_dim %arg4, dims = [1] : (tensor<8xf32>) -> tensor<1x8xf32>
    %8 = stablehlo.add %6, %7 : tensor<1x8xf32>
    return %8 : tensor<1x8xf32>
  }
}
