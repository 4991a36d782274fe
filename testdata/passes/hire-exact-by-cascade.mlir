// The rows that the first scorer of a cascade drops are bounded by its error alone, which is too large for a low rank.
// passes: hire-logits
// predictor: prefix:8>q8
// k-prime: 64
// guarantee: exact
// fails
func.func public @main(%h: tensor<1x40xf32> loc("h"), %w: tensor<1024x40xf32> loc("params['head']")) -> (tensor<1x8xf32>, tensor<1x8xi32>) {
  %z = stablehlo.dot_general %h, %w, contracting_dims = [1] x [1] : (tensor<1x40xf32>, tensor<1024x40xf32>) -> tensor<1x1024xf32>
  %v, %i = chlo.top_k(%z, k = 8) : tensor<1x1024xf32> -> (tensor<1x8xf32>, tensor<1x8xi32>)
  return %v, %i : tensor<1x8xf32>, tensor<1x8xi32>
}
