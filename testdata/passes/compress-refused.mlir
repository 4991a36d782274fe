// A matrix that something else reads, one that two products read along different dimensions, and a small one.
// passes: compress-weights
// weights-as: q8
// unchanged
#l0 = loc("params['added']")
#l1 = loc("params['both']")
#l2 = loc("params['small']")
#l3 = loc("hidden")
func.func public @main(%a: tensor<64x64xf32> loc(#l0), %b: tensor<64x64xf32> loc(#l1), %s: tensor<8x64xf32> loc(#l2), %h: tensor<1x64xf32> loc(#l3))
    -> (tensor<64x64xf32>, tensor<1x64xf32>, tensor<1x8xf32>) {
  %0 = stablehlo.add %a, %a : tensor<64x64xf32>
  %1 = stablehlo.dot_general %h, %b, contracting_dims = [1] x [1] : (tensor<1x64xf32>, tensor<64x64xf32>) -> tensor<1x64xf32>
  %2 = stablehlo.dot_general %1, %b, contracting_dims = [1] x [0] : (tensor<1x64xf32>, tensor<64x64xf32>) -> tensor<1x64xf32>
  %3 = stablehlo.dot_general %2, %s, contracting_dims = [1] x [1] : (tensor<1x64xf32>, tensor<8x64xf32>) -> tensor<1x8xf32>
  return %0, %2, %3 : tensor<64x64xf32>, tensor<1x64xf32>, tensor<1x8xf32>
}
