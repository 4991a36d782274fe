// The matrix is an input of the step.
// passes: dce, hire-logits
// unchanged
module @step {
  func.func public @main(%arg0: tensor<1x40xf32> loc("h"), %arg1: tensor<1024x40xf32> loc("keys")) -> tensor<1x1024xf32> {
    %0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [1] x [1] : (tensor<1x40xf32>, tensor<1024x40xf32>) -> tensor<1x1024xf32>
    return %0 : tensor<1x1024xf32>
  }
}
