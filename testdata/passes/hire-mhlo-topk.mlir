// A top-k as a custom call of older exporters.
// passes: inline, simplify, cse, dce, hire-logits
// k-prime: 64
module @step {
  func.func public @main(%arg0: tensor<1x40xf32> loc("h"), %arg1: tensor<1024x40xf32> loc("params['head']")) -> (tensor<1x8xf32>, tensor<1x8xi32>) {
    %0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [1] x [1] : (tensor<1x40xf32>, tensor<1024x40xf32>) -> tensor<1x1024xf32>
    %1:2 = stablehlo.custom_call @mhlo.topk(%0) {mhlo.attributes = {k = 8 : i64, largest = true}, mhlo.version = 1 : i64} : (tensor<1x1024xf32>) -> (tensor<1x8xf32>, tensor<1x8xi32>)
    return %1#0, %1#1 : tensor<1x8xf32>, tensor<1x8xi32>
  }
}
