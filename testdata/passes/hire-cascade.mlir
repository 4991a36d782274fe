// passes: hire-logits
// predictor: q4>q8
// k-prime: 64
// group: 8
// A bias may reorder entries, so it is added to the scores of all rows and again to those of the survivors.
func.func public @main(%h: tensor<1x32xf32> loc("h"), %w: tensor<4096x32xf32> loc("params['w']"), %b: tensor<4096xf32> loc("params['b']")) -> (tensor<1x4xf32>, tensor<1x4xi32>) {
  %y = stablehlo.dot_general %h, %w, contracting_dims = [1] x [1] : (tensor<1x32xf32>, tensor<4096x32xf32>) -> tensor<1x4096xf32>
  %bias = stablehlo.broadcast_in_dim %b, dims = [1] : (tensor<4096xf32>) -> tensor<1x4096xf32>
  %z = stablehlo.add %y, %bias : tensor<1x4096xf32>
  %values, %indices = chlo.top_k(%z, k = 4) : tensor<1x4096xf32> -> (tensor<1x4xf32>, tensor<1x4xi32>)
  return %values, %indices : tensor<1x4xf32>, tensor<1x4xi32>
}
