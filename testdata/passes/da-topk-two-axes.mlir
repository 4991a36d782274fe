// Over two axes the inner one is merged first: 8 devices would each receive 7 times 4 entries at once, and receive 3 times
// 4 and then 4. Rows stay cut along the third axis, whose devices form groups of their own.
// passes: da-topk

sdy.mesh @mesh = <["d"=2, "x"=2, "y"=4]>
func.func public @main(%arg: tensor<2x128xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"d"}, {"x", "y"}]>}) -> (tensor<2x4xf32>, tensor<2x4xi32>) {
  %v, %i = chlo.top_k(%arg, k = 4) : tensor<2x128xf32> -> (tensor<2x4xf32>, tensor<2x4xi32>)
  return %v, %i : tensor<2x4xf32>, tensor<2x4xi32>
}
