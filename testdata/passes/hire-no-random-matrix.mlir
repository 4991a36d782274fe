// The matrix is computed by something else than arithmetic.
// passes: dce, hire-logits
// unchanged
module @step {
  func.func public @main(%arg0: tensor<1x40xf32> loc("h")) -> tensor<1x1024xf32> {
    %c = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %c_0 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %s = stablehlo.constant dense<[1024, 40]> : tensor<2xi64>
    %r = stablehlo.rng %c, %c_0, %s, distribution = UNIFORM : (tensor<f32>, tensor<f32>, tensor<2xi64>) -> tensor<1024x40xf32>
    %0 = stablehlo.dot_general %arg0, %r, contracting_dims = [1] x [1] : (tensor<1x40xf32>, tensor<1024x40xf32>) -> tensor<1x1024xf32>
    return %0 : tensor<1x1024xf32>
  }
}
