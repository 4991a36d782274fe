// Shardings and the collectives that a partitioner makes of them: operands and results are the whole tensors, which no
// layout over devices changes.

sdy.mesh @mesh = <["x"=2, "y"=2]>

func.func @collectives_keep_the_whole_tensor() {
  %x = stablehlo.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %0 = sdy.all_gather [{"x"}, {}] %x out_sharding = <@mesh, [{}, {}]> : tensor<2x2xf32>
  %1 = sdy.all_reduce {"y"} %0 out_sharding = <@mesh, [{}, {}]> : tensor<2x2xf32>
  %2 = sdy.all_slice [{"y"}, {}] %1 out_sharding = <@mesh, [{"y"}, {}]> : tensor<2x2xf32>
  %3 = sdy.all_to_all [{"y"}: 0->1] %2 out_sharding = <@mesh, [{}, {"y"}]> : tensor<2x2xf32>
  %4 = sdy.collective_permute %3 out_sharding = <@mesh, [{}, {"x"}]> : tensor<2x2xf32>
  %5 = sdy.sharded_to_unreduced [{}, {"x"}] %4 out_sharding = <@mesh, [{}, {}], unreduced={"x"}> : tensor<2x2xf32>
  %6 = sdy.reduce_scatter [{"x"}, {}] %5 out_sharding = <@mesh, [{"x"}, {}]> : tensor<2x2xf32>
  %7 = sdy.replicated_to_unreduced {"y"} %6 out_sharding = <@mesh, [{"x"}, {}], unreduced={"y"}> : tensor<2x2xf32>
  check.expect_eq_const %7, dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  func.return
}

// -----

// Each device sees its shard, and collectives name devices by their place in the mesh.
sdy.mesh @mesh = <["x"=2, "y"=2], device_ids=[3, 2, 1, 0]>

func.func @manual_computation() {
  %x = stablehlo.constant dense<[[1, 2], [3, 4], [5, 6], [7, 8]]> : tensor<4x2xi32>
  %rows, %ids, %sums = sdy.manual_computation(%x) in_shardings=[<@mesh, [{"x", "y"}, {}]>] out_shardings=[<@mesh, [{"x", "y"}, {}]>, <@mesh, [{"x", "y"}]>, <@mesh, [{"x"}, {}]>] manual_axes={"x", "y"} (%row: tensor<1x2xi32>) {
    %doubled = stablehlo.add %row, %row : tensor<1x2xi32>
    %partition = stablehlo.partition_id : tensor<ui32>
    %id = stablehlo.reshape %partition : (tensor<ui32>) -> tensor<1xui32>
    %sum = "stablehlo.all_reduce"(%row) <{channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>, replica_groups = dense<[[0, 1], [2, 3]]> : tensor<2x2xi64>, use_global_device_ids}> ({
    ^bb0(%a: tensor<i32>, %b: tensor<i32>):
      %c = stablehlo.add %a, %b : tensor<i32>
      stablehlo.return %c : tensor<i32>
    }) : (tensor<1x2xi32>) -> tensor<1x2xi32>
    sdy.return %doubled, %id, %sum : tensor<1x2xi32>, tensor<1xui32>, tensor<1x2xi32>
  } : (tensor<4x2xi32>) -> (tensor<4x2xi32>, tensor<4xui32>, tensor<2x2xi32>)
  check.expect_eq_const %rows, dense<[[2, 4], [6, 8], [10, 12], [14, 16]]> : tensor<4x2xi32>
  check.expect_eq_const %ids, dense<[3, 2, 1, 0]> : tensor<4xui32>
  check.expect_eq_const %sums, dense<[[4, 6], [12, 14]]> : tensor<2x2xi32>
  func.return
}

// -----

// Axes that are not manual cut nothing; a part of an axis cuts as much as it has.
sdy.mesh @mesh = <["x"=4, "y"=2]>

func.func @parts_of_axes() {
  %x = stablehlo.constant dense<[1, 2, 3, 4]> : tensor<4xi32>
  %0 = sdy.manual_computation(%x) in_shardings=[<@mesh, [{"x":(1)2, "y"}]>] out_shardings=[<@mesh, [{"x":(1)2, "y"}]>] manual_axes={"x"} (%half: tensor<2xi32>) {
    %turned = stablehlo.reverse %half, dims = [0] : tensor<2xi32>
    sdy.return %turned : tensor<2xi32>
  } : (tensor<4xi32>) -> tensor<4xi32>
  check.expect_eq_const %0, dense<[2, 1, 4, 3]> : tensor<4xi32>
  func.return
}
