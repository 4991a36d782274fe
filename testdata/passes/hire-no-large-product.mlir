// No product is over a dimension of 1024 or more.
// passes: dce, hire-logits
// unchanged
module @step {
  func.func public @main(%arg0: tensor<1x40xf32> loc("h"), %arg1: tensor<1023x40xf32> loc("params['head']")) -> tensor<1x1023xf32> {
    %0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [1] x [1] : (tensor<1x40xf32>, tensor<1023x40xf32>) -> tensor<1x1023xf32>
    return %0 : tensor<1x1023xf32>
  }
}
