// Two layers of which the second reads the first as it is.
// passes: inline, fold, simplify, cse, dce, hire-ffn
#loc = loc(unknown)
#loc1 = loc("p['w1']")
#loc2 = loc("p['w2']")
#loc3 = loc("x")
module @jit_chain attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<16x128xf32> loc("p['w1']"), %arg1: tensor<128x16xf32> loc("p['w2']"), %arg2: tensor<1x16xf32> loc("x")) -> (tensor<1x16xf32> {jax.result_info = "result"}) {
    %0 = stablehlo.dot_general %arg2, %arg0, contracting_dims = [1] x [0], precision = [DEFAULT, DEFAULT] : (tensor<1x16xf32>, tensor<16x128xf32>) -> tensor<1x128xf32> loc(#loc4)
    %1 = call @relu(%0) : (tensor<1x128xf32>) -> tensor<1x128xf32> loc(#loc5)
    %2 = stablehlo.dot_general %1, %arg1, contracting_dims = [1] x [0], precision = [DEFAULT, DEFAULT] : (tensor<1x128xf32>, tensor<128x16xf32>) -> tensor<1x16xf32> loc(#loc4)
    %3 = stablehlo.dot_general %2, %arg0, contracting_dims = [1] x [0], precision = [DEFAULT, DEFAULT] : (tensor<1x16xf32>, tensor<16x128xf32>) -> tensor<1x128xf32> loc(#loc4)
    %4 = call @relu(%3) : (tensor<1x128xf32>) -> tensor<1x128xf32> loc(#loc5)
    %5 = stablehlo.dot_general %4, %arg1, contracting_dims = [1] x [0], precision = [DEFAULT, DEFAULT] : (tensor<1x128xf32>, tensor<128x16xf32>) -> tensor<1x16xf32> loc(#loc4)
    return %5 : tensor<1x16xf32> loc(#loc6)
  } loc(#loc)
  func.func private @relu(%arg0: tensor<1x128xf32> loc(unknown)) -> tensor<1x128xf32> {
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32> loc(#loc)
    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<1x128xf32> loc(#loc8)
    %1 = stablehlo.maximum %arg0, %0 : tensor<1x128xf32> loc(#loc8)
    return %1 : tensor<1x128xf32> loc(#loc)
  } loc(#loc9)
} loc(#loc)
#loc4 = loc("jit(chain)/dot_general")
#loc5 = loc("jit(chain)/jit(relu)")
#loc6 = loc("jit(chain)")
#loc7 = loc("jit")
#loc8 = loc("max")
#loc9 = loc("jit:"(#loc7))
