// Rows of logits are permuted and then biased.
// passes: dce, hire-logits
// unchanged
module @step {
  func.func public @main(%arg0: tensor<2x3x40xf32> loc("h"), %arg1: tensor<1024x40xf32> loc("params['head']"), %arg2: tensor<3x2x1024xf32> loc("noise")) -> (tensor<3x2x2xf32>, tensor<3x2x2xi32>) {
    %0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [2] x [1] : (tensor<2x3x40xf32>, tensor<1024x40xf32>) -> tensor<2x3x1024xf32>
    %1 = stablehlo.transpose %0, dims = [1, 0, 2] : (tensor<2x3x1024xf32>) -> tensor<3x2x1024xf32>
    %2 = stablehlo.add %1, %arg2 : tensor<3x2x1024xf32>
    %3, %4 = chlo.top_k(%2, k = 2) : tensor<3x2x1024xf32> -> (tensor<3x2x2xf32>, tensor<3x2x2xi32>)
    return %3, %4 : tensor<3x2x2xf32>, tensor<3x2x2xi32>
  }
}
