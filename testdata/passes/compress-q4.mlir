// A matrix that products alone read is stored in four bits; one whose rows are taken singly in eight.
// passes: compress-weights
// weights-as: q4
// weights: ones
#l0 = loc("params['embedding']")
#l1 = loc("params['up']")
#l2 = loc("token")
func.func public @main(%e: tensor<96x64xf32> loc(#l0), %u: tensor<128x64xf32> loc(#l1), %t: tensor<1xi32> loc(#l2))
    -> (tensor<1x96xf32>, tensor<1x128xf32>) {
  %h = "stablehlo.gather"(%e, %t) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0],
        start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1, 64>}>
       : (tensor<96x64xf32>, tensor<1xi32>) -> tensor<1x64xf32>
  %up = stablehlo.dot_general %h, %u, contracting_dims = [1] x [1] : (tensor<1x64xf32>, tensor<128x64xf32>) -> tensor<1x128xf32>
  %z = stablehlo.dot_general %h, %e, contracting_dims = [1] x [1] : (tensor<1x64xf32>, tensor<96x64xf32>) -> tensor<1x96xf32>
  return %z, %up : tensor<1x96xf32>, tensor<1x128xf32>
}
