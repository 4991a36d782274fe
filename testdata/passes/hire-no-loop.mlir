// The product is inside a loop.
// passes: dce, hire-logits
// unchanged
module @step {
  func.func public @main(%arg0: tensor<1x40xf32> loc("h"), %arg1: tensor<1024x40xf32> loc("params['head']"), %arg2: tensor<i1> loc("more")) -> tensor<1x1024xf32> {
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<1x1024xf32>
    %0 = stablehlo.while(%iterArg = %cst) : tensor<1x1024xf32>
    cond {
      stablehlo.return %arg2 : tensor<i1>
    } do {
      %1 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [1] x [1] : (tensor<1x40xf32>, tensor<1024x40xf32>) -> tensor<1x1024xf32>
      stablehlo.return %1 : tensor<1x1024xf32>
    }
    return %0 : tensor<1x1024xf32>
  }
}
