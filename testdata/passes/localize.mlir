// A program that is one manual computation becomes that of one device: parts for arguments, replicas for partitions.
// passes: localize
// localize

sdy.mesh @mesh = <["x"=4]>
func.func public @main(%arg0: tensor<1x8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}, {}]>} loc("h"), %arg1: tensor<64x8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"x"}, {}]>} loc("params['w']")) -> (tensor<1x3xf32> {jax.result_info = "values"}, tensor<1x3xi32>, tensor<ui32>) {
  %c = stablehlo.constant dense<2.0> : tensor<f32>
  %0:3 = sdy.manual_computation(%c, %arg0, %arg1) in_shardings=[<@mesh, []>, <@mesh, [{}, {}]>, <@mesh, [{"x"}, {}]>] out_shardings=[<@mesh, [{}, {}]>, <@mesh, [{}, {}]>, <@mesh, []>] manual_axes={"x"} (%t: tensor<f32>, %h: tensor<1x8xf32>, %w: tensor<16x8xf32>) {
    %1 = stablehlo.dot_general %h, %w, contracting_dims = [1] x [1] : (tensor<1x8xf32>, tensor<16x8xf32>) -> tensor<1x16xf32>
    %s = stablehlo.broadcast_in_dim %t, dims = [] : (tensor<f32>) -> tensor<1x16xf32>
    %y = stablehlo.divide %1, %s : tensor<1x16xf32>
    %2 = "stablehlo.all_gather"(%y) <{all_gather_dim = 1 : i64, channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>, replica_groups = dense<[[0, 1, 2, 3]]> : tensor<1x4xi64>, use_global_device_ids}> : (tensor<1x16xf32>) -> tensor<1x64xf32>
    %v, %i = chlo.top_k(%2, k = 3) : tensor<1x64xf32> -> (tensor<1x3xf32>, tensor<1x3xi32>)
    %id = stablehlo.partition_id : tensor<ui32>
    sdy.return %v, %i, %id : tensor<1x3xf32>, tensor<1x3xi32>, tensor<ui32>
  } : (tensor<f32>, tensor<1x8xf32>, tensor<64x8xf32>) -> (tensor<1x3xf32>, tensor<1x3xi32>, tensor<ui32>)
  return %0#0, %0#1, %0#2 : tensor<1x3xf32>, tensor<1x3xi32>, tensor<ui32>
}
