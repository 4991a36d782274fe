// 61 entries over 4 devices: padded with what the total order puts last. A sort by another order is left alone.
// passes: da-topk

sdy.mesh @mesh = <["x"=4]>
func.func public @main(%arg: tensor<61xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"x"}]>}) -> (tensor<4xf32>, tensor<4xi32>, tensor<2xf32>) {
  %v, %i = chlo.top_k(%arg, k = 4) : tensor<61xf32> -> (tensor<4xf32>, tensor<4xi32>)
  %0 = "stablehlo.sort"(%arg) <{dimension = 0 : i64, is_stable = true}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %lt = stablehlo.compare LT, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
    stablehlo.return %lt : tensor<i1>
  }) : (tensor<61xf32>) -> tensor<61xf32>
  %1 = stablehlo.slice %0 [0:2] : (tensor<61xf32>) -> tensor<2xf32>
  return %v, %i, %1 : tensor<4xf32>, tensor<4xi32>, tensor<2xf32>
}
