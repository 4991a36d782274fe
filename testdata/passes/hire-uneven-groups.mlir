// passes: hire-logits
// k-prime: 64
// group: 7
// fails
func.func public @main(%h: tensor<2x32xf32> loc("h"), %w: tensor<1024x32xf32> loc("params['w']")) -> tensor<2x1024xf32> {
  %z = stablehlo.dot_general %h, %w, contracting_dims = [1] x [1] : (tensor<2x32xf32>, tensor<1024x32xf32>) -> tensor<2x1024xf32>
  return %z : tensor<2x1024xf32>
}
