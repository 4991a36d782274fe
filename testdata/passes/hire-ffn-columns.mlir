// Matrices on the left, neurons in the first dimension.
// passes: inline, fold, simplify, cse, dce, hire-ffn
#loc = loc(unknown)
#loc1 = loc("p['w1']")
#loc2 = loc("p['w2']")
#loc3 = loc("x")
module @jit_columns attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<128x16xf32> loc("p['w1']"), %arg1: tensor<16x128xf32> loc("p['w2']"), %arg2: tensor<2x16xf32> loc("x")) -> (tensor<2x16xf32> {jax.result_info = "result"}) {
    %0 = stablehlo.transpose %arg2, dims = [1, 0] : (tensor<2x16xf32>) -> tensor<16x2xf32> loc(#loc4)
    %1 = stablehlo.dot_general %arg0, %0, contracting_dims = [1] x [0], precision = [DEFAULT, DEFAULT] : (tensor<128x16xf32>, tensor<16x2xf32>) -> tensor<128x2xf32> loc(#loc5)
    %2 = call @relu(%1) : (tensor<128x2xf32>) -> tensor<128x2xf32> loc(#loc6)
    %3 = stablehlo.dot_general %arg1, %2, contracting_dims = [1] x [0], precision = [DEFAULT, DEFAULT] : (tensor<16x128xf32>, tensor<128x2xf32>) -> tensor<16x2xf32> loc(#loc5)
    %4 = stablehlo.transpose %3, dims = [1, 0] : (tensor<16x2xf32>) -> tensor<2x16xf32> loc(#loc4)
    return %4 : tensor<2x16xf32> loc(#loc7)
  } loc(#loc)
  func.func private @relu(%arg0: tensor<128x2xf32> loc(unknown)) -> tensor<128x2xf32> {
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32> loc(#loc)
    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<128x2xf32> loc(#loc9)
    %1 = stablehlo.maximum %arg0, %0 : tensor<128x2xf32> loc(#loc9)
    return %1 : tensor<128x2xf32> loc(#loc)
  } loc(#loc10)
} loc(#loc)
#loc4 = loc("jit(columns)/transpose")
#loc5 = loc("jit(columns)/dot_general")
#loc6 = loc("jit(columns)/jit(relu)")
#loc7 = loc("jit(columns)")
#loc8 = loc("jit")
#loc9 = loc("max")
#loc10 = loc("jit:"(#loc8))
