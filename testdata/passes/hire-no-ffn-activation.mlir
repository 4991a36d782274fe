// No activation between the products.
// passes: inline, fold, simplify, cse, dce, hire-ffn
// unchanged
#loc1 = loc("p['w1']")
#loc2 = loc("p['w2']")
#loc3 = loc("x")
module @jit_no_activation attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<16x128xf32> loc("p['w1']"), %arg1: tensor<128x16xf32> loc("p['w2']"), %arg2: tensor<1x16xf32> loc("x")) -> (tensor<1x16xf32> {jax.result_info = "result"}) {
    %0 = stablehlo.dot_general %arg2, %arg0, contracting_dims = [1] x [0], precision = [DEFAULT, DEFAULT] : (tensor<1x16xf32>, tensor<16x128xf32>) -> tensor<1x128xf32> loc(#loc4)
    %1 = stablehlo.dot_general %0, %arg1, contracting_dims = [1] x [0], precision = [DEFAULT, DEFAULT] : (tensor<1x128xf32>, tensor<128x16xf32>) -> tensor<1x16xf32> loc(#loc4)
    return %1 : tensor<1x16xf32> loc(#loc5)
  } loc(#loc)
} loc(#loc)
#loc = loc(unknown)
#loc4 = loc("jit(no_activation)/dot_general")
#loc5 = loc("jit(no_activation)")
