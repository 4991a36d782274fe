// A top-k as a portable artifact has it; its decomposition goes with it.
// passes: inline, simplify, cse, dce, hire-logits
// k-prime: 64
module @step {
  func.func public @main(%arg0: tensor<1x40xf32> loc("h"), %arg1: tensor<1024x40xf32> loc("params['head']")) -> (tensor<1x8xf32>, tensor<1x8xi32>) {
    %0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [1] x [1] : (tensor<1x40xf32>, tensor<1024x40xf32>) -> tensor<1x1024xf32>
    %1, %2 = stablehlo.composite "chlo.top_k" %0 {composite_attributes = {k = 8 : i64, largest = true}, decomposition = @chlo.top_k.impl} : (tensor<1x1024xf32>) -> (tensor<1x8xf32>, tensor<1x8xi32>)
    return %1, %2 : tensor<1x8xf32>, tensor<1x8xi32>
  }
  func.func private @chlo.top_k.impl(%arg0: tensor<1x1024xf32>) -> (tensor<1x8xf32>, tensor<1x8xi32>) {
    %0, %1 = chlo.top_k(%arg0, k = 8) : tensor<1x1024xf32> -> (tensor<1x8xf32>, tensor<1x8xi32>)
    return %0, %1 : tensor<1x8xf32>, tensor<1x8xi32>
  }
}
