// Each hidden vector meets another matrix.
// passes: dce, hire-logits
// unchanged
module @step {
  func.func public @main(%arg0: tensor<2x40xf32> loc("h"), %arg1: tensor<2x1024x40xf32> loc("params['head']")) -> tensor<2x1024xf32> {
    %0 = stablehlo.dot_general %arg0, %arg1, batching_dims = [0] x [0], contracting_dims = [1] x [2] : (tensor<2x40xf32>, tensor<2x1024x40xf32>) -> tensor<2x1024xf32>
    return %0 : tensor<2x1024xf32>
  }
}
