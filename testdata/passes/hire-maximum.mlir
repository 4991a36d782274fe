// The largest logit alone, of two hidden vectors.
// passes: inline, simplify, cse, dce, hire-logits
// k-prime: 64
module @step {
  func.func public @main(%arg0: tensor<2x40xf32> loc("h"), %arg1: tensor<1024x40xf32> loc("params['head']")) -> tensor<2xf32> {
    %0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [1] x [1] : (tensor<2x40xf32>, tensor<1024x40xf32>) -> tensor<2x1024xf32>
    %cst = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %1 = stablehlo.reduce(%0 init: %cst) applies stablehlo.maximum across dimensions = [1] : (tensor<2x1024xf32>, tensor<f32>) -> tensor<2xf32>
    return %1 : tensor<2xf32>
  }
}
