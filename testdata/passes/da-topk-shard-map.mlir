// An explicit gather, a temperature, then a top-k, as JAX writes them for `shard_map`: the temperature moves to the
// shards, and two numbers travel for each of three entries.
// passes: da-topk

sdy.mesh @mesh = <["x"=4]>
func.func public @main(%arg: tensor<2x64xbf16> {sdy.sharding = #sdy.sharding<@mesh, [{}, {"x"}]>}) -> (tensor<2x3xf32>, tensor<2x3xi32>) {
  %0:2 = sdy.manual_computation(%arg) in_shardings=[<@mesh, [{}, {"x"}]>] out_shardings=[<@mesh, [{}, {}]>, <@mesh, [{}, {}]>] manual_axes={"x"} (%part: tensor<2x16xbf16>) {
  %z = "stablehlo.all_gather"(%part) <{all_gather_dim = 1 : i64, channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>, replica_groups = dense<[[0, 1, 2, 3]]> : tensor<1x4xi64>, use_global_device_ids}> : (tensor<2x16xbf16>) -> tensor<2x64xbf16>
  %scale = stablehlo.constant dense<2.0> : tensor<2x64xbf16>
  %scaled = stablehlo.divide %z, %scale : tensor<2x64xbf16>
  %f = stablehlo.convert %scaled : (tensor<2x64xbf16>) -> tensor<2x64xf32>
  %v, %i = chlo.top_k(%f, k = 3) : tensor<2x64xf32> -> (tensor<2x3xf32>, tensor<2x3xi32>)
  sdy.return %v, %i : tensor<2x3xf32>, tensor<2x3xi32>
  } : (tensor<2x64xbf16>) -> (tensor<2x3xf32>, tensor<2x3xi32>)
  return %0#0, %0#1 : tensor<2x3xf32>, tensor<2x3xi32>
}
