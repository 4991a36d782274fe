// Locations: files, ranges, names, call sites, fusions, aliases before and after their use.

#loc = loc(unknown)
#loc1 = loc("x")
#loc2 = loc("model.py":10:4)
#loc3 = loc("model.py":10:4 to :20)
#loc4 = loc("jit(main)/tanh"(#loc3))
module @located {
  func.func public @main(%arg0: tensor<2xf32> loc("x"), %arg1: tensor<2xf32> loc("params['layers'][0]")) -> tensor<2xf32> {
    %0 = stablehlo.add %arg0, %arg1 : tensor<2xf32> loc(#loc5)
    %1 = stablehlo.tanh %0 : tensor<2xf32> loc(callsite(#loc4 at #loc2))
    %2:2 = stablehlo.while(%iterArg = %1, %iterArg_0 = %0) : tensor<2xf32>, tensor<2xf32>
    cond {
      %c = stablehlo.constant dense<true> : tensor<i1> loc("condition"(#loc2))
      stablehlo.return %c : tensor<i1> loc(#loc)
    } do {
      stablehlo.return %iterArg, %iterArg_0 : tensor<2xf32>, tensor<2xf32> loc(fused["a", "b"(#loc2)])
    } loc(fused<"metadata">[#loc1, "model.py":12:1 to 14:3])
    %3 = "stablehlo.sort"(%2#0) <{dimension = 0 : i64}> ({
    ^bb0(%a: tensor<f32> loc("a"), %b: tensor<f32> loc(#loc6)):
      %4 = stablehlo.compare LT, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1> loc(#loc5)
      stablehlo.return %4 : tensor<i1> loc(unknown)
    }) : (tensor<2xf32>) -> tensor<2xf32> loc(#loc6)
    return %3 : tensor<2xf32> loc(#loc2)
  } loc(#loc2)
} loc(#loc)
#loc5 = loc("jit(main)/add"(#loc3))
#loc6 = loc(callsite(#loc4 at #loc5))
