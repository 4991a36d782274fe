// A module as JAX writes it, by `jit` and by `shard_map` in one: meshes, shardings and manual computations come through
// the cleanup as they are. What is computed twice inside of a manual computation is computed once; a constant around
// it is not seen there, so its own copy stays.
// passes: inline, fold, simplify, cse, dce

module @jit_g attributes {mhlo.num_partitions = 4 : i32, mhlo.num_replicas = 1 : i32} {
  sdy.mesh @mesh = <["x"=4]> {stablehlo.mesh = {axes = [{name = "x", size = 4 : i64}]}}
  func.func public @main(%arg0: tensor<1x8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}, {}]>}, %arg1: tensor<64x8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"x"}, {}]>}, %arg2: tensor<4x4xf32> {mhlo.sharding = "{devices=[4,1]<=[4]}"}) -> (tensor<1x3xf32> {jax.result_info = "result[0][0]", sdy.sharding = #sdy.sharding<@mesh, [{}, {}]>}, tensor<1x3xi32>, tensor<1xi32>, tensor<f32>, tensor<4x4xf32>) {
    %one = stablehlo.constant dense<1.0> : tensor<f32>
    %0:4 = sdy.manual_computation(%arg0, %arg1) in_shardings=[<@mesh, [{}, {}]>, <@mesh, [{"x"}, {}]>] out_shardings=[<@mesh, [{}, {}]>, <@mesh, [{}, {}]>, <@mesh, [{}]>, <@mesh, []>] manual_axes={"x"} (%arg3: tensor<1x8xf32>, %arg4: tensor<16x8xf32>) {
      %1 = stablehlo.transpose %arg4, dims = [1, 0] : (tensor<16x8xf32>) -> tensor<8x16xf32>
      %2 = stablehlo.dot_general %arg3, %1, contracting_dims = [1] x [0] : (tensor<1x8xf32>, tensor<8x16xf32>) -> tensor<1x16xf32>
      %again = stablehlo.dot_general %arg3, %1, contracting_dims = [1] x [0] : (tensor<1x8xf32>, tensor<8x16xf32>) -> tensor<1x16xf32>
      %sum = stablehlo.add %2, %again : tensor<1x16xf32>
      %inner = stablehlo.constant dense<1.0> : tensor<f32>
      %3 = "stablehlo.all_gather"(%sum) <{all_gather_dim = 1 : i64, channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>, replica_groups = dense<[[0, 1, 2, 3]]> : tensor<1x4xi64>, use_global_device_ids}> : (tensor<1x16xf32>) -> tensor<1x64xf32>
      %values, %indices = chlo.top_k(%3, k = 3) : tensor<1x64xf32> -> (tensor<1x3xf32>, tensor<1x3xi32>)
      %8 = func.call @last(%indices) : (tensor<1x3xi32>) -> tensor<1xi32>
      sdy.return %values, %indices, %8, %inner : tensor<1x3xf32>, tensor<1x3xi32>, tensor<1xi32>, tensor<f32>
    } : (tensor<1x8xf32>, tensor<64x8xf32>) -> (tensor<1x3xf32>, tensor<1x3xi32>, tensor<1xi32>, tensor<f32>)
    %10 = stablehlo.add %0#3, %one : tensor<f32>
    %11 = sdy.sharding_constraint %arg2 <@mesh, [{}, {"x"}]> : tensor<4x4xf32>
    %12 = stablehlo.custom_call @Sharding(%11) {mhlo.sharding = "{devices=[1,4]<=[4]}"} : (tensor<4x4xf32>) -> tensor<4x4xf32>
    %13 = stablehlo.tanh %12 {sdy.sharding = #sdy.sharding_per_value<[<@mesh, [{"x"}, {?}]>]>} : tensor<4x4xf32>
    return %0#0, %0#1, %0#2, %10, %13 : tensor<1x3xf32>, tensor<1x3xi32>, tensor<1xi32>, tensor<f32>, tensor<4x4xf32>
  }
  func.func private @last(%arg0: tensor<1x3xi32>) -> tensor<1xi32> {
    %0 = stablehlo.slice %arg0 [0:1, 2:3] : (tensor<1x3xi32>) -> tensor<1x1xi32>
    %1 = stablehlo.reshape %0 : (tensor<1x1xi32>) -> tensor<1xi32>
    return %1 : tensor<1xi32>
  }
}
