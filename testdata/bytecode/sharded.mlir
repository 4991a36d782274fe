// A sharded program as JAX writes it: operations of the `sdy` dialect among StableHLO's, and locations.
module @sharded attributes {mhlo.num_partitions = 8 : i32} {
  sdy.mesh @mesh = <["x"=4, "y"=2]>
  func.func public @main(%arg0: tensor<8x16xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"x"}, {}]>} loc("params['w']"), %arg1: tensor<16x8xf32>) -> (tensor<8x8xf32> {jax.result_info = ""}) {
    %0 = stablehlo.dot %arg0, %arg1 {sdy.sharding = #sdy.sharding_per_value<[<@mesh, [{"x"}, {"y"}]>]>} : (tensor<8x16xf32>, tensor<16x8xf32>) -> tensor<8x8xf32> loc(#loc5)
    %1 = sdy.sharding_constraint %0 <@mesh, [{}, {"y"}]> : tensor<8x8xf32> loc(#loc4)
    %2 = sdy.manual_computation(%1) in_shardings=[<@mesh, [{"x"}, {}]>] out_shardings=[<@mesh, [{"x"}, {}]>] manual_axes={"x"} (%arg2: tensor<2x8xf32>) {
      %3 = stablehlo.negate %arg2 : tensor<2x8xf32>
      sdy.return %3 : tensor<2x8xf32>
    } : (tensor<8x8xf32>) -> tensor<8x8xf32>
    return %2 : tensor<8x8xf32>
  } loc(#loc3)
}
#loc1 = loc("model.py":12:4)
#loc2 = loc("model.py":30:8 to 31:2)
#loc3 = loc("main"(#loc1))
#loc4 = loc(callsite(#loc2 at #loc3))
#loc5 = loc(fused<"dot">[#loc1, #loc4])
