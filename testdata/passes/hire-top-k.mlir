// A top-k of bf16 logits.
// passes: inline, simplify, cse, dce, hire-logits
// k-prime: 64
module @step {
  func.func public @main(%arg0: tensor<1x40xbf16> loc("h"), %arg1: tensor<1024x40xbf16> loc("params['head']")) -> (tensor<1x8xbf16>, tensor<1x8xi32>) {
    %0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [1] x [1] : (tensor<1x40xbf16>, tensor<1024x40xbf16>) -> tensor<1x1024xbf16>
    %1, %2 = chlo.top_k(%0, k = 8) : tensor<1x1024xbf16> -> (tensor<1x8xbf16>, tensor<1x8xi32>)
    return %1, %2 : tensor<1x8xbf16>, tensor<1x8xi32>
  }
}
