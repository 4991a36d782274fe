// Two dimensions are contracted.
// passes: dce, hire-logits
// unchanged
module @step {
  func.func public @main(%arg0: tensor<1x5x8xf32> loc("h"), %arg1: tensor<1024x5x8xf32> loc("params['head']")) -> tensor<1x1024xf32> {
    %0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [1, 2] x [1, 2] : (tensor<1x5x8xf32>, tensor<1024x5x8xf32>) -> tensor<1x1024xf32>
    return %0 : tensor<1x1024xf32>
  }
}
