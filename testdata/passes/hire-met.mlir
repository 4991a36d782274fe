// The second of two products whose sum is taken is refused; `rejected` shows why.
// passes: inline, simplify, cse, dce, hire-logits
// k-prime: 64
module @step {
  func.func public @main(%arg0: tensor<1x40xf32> loc("h"), %arg1: tensor<1024x40xf32> loc("params['head']"), %arg2: tensor<1x40xf32> loc("g")) -> (tensor<1x8xf32>, tensor<1x8xi32>) {
    %0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [1] x [1] : (tensor<1x40xf32>, tensor<1024x40xf32>) -> tensor<1x1024xf32>
    %2 = stablehlo.dot_general %arg2, %arg1, contracting_dims = [1] x [1] : (tensor<1x40xf32>, tensor<1024x40xf32>) -> tensor<1x1024xf32>
    %3 = stablehlo.add %0, %2 : tensor<1x1024xf32>
    %4, %5 = chlo.top_k(%3, k = 8) : tensor<1x1024xf32> -> (tensor<1x8xf32>, tensor<1x8xi32>)
    return %4, %5 : tensor<1x8xf32>, tensor<1x8xi32>
  }
}
