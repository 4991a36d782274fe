// passes: hire-logits
// k-prime: 64
// guarantee: exact
// fails
// Logits that are used whole are not all exact.
func.func public @main(%h: tensor<1x40xf32> loc("h"), %w: tensor<1024x40xf32> loc("params['head']")) -> tensor<1x1024xf32> {
  %z = stablehlo.dot_general %h, %w, contracting_dims = [1] x [1] : (tensor<1x40xf32>, tensor<1024x40xf32>) -> tensor<1x1024xf32>
  return %z : tensor<1x1024xf32>
}
