// The matrix is a constant of the module.
// passes: dce, hire-logits
// unchanged
module @step {
  func.func public @main(%arg0: tensor<1x40xf32> loc("h")) -> tensor<1x1024xf32> {
    %cst = stablehlo.constant dense<1.000000e+00> : tensor<1024x40xf32>
    %0 = stablehlo.dot_general %arg0, %cst, contracting_dims = [1] x [1] : (tensor<1x40xf32>, tensor<1024x40xf32>) -> tensor<1x1024xf32>
    return %0 : tensor<1x1024xf32>
  }
}
