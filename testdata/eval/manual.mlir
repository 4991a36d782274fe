// Manual computations: each device of the mesh computes on its own parts.

sdy.mesh @line = <["x"=4]>
func.func @main() {
  %v = stablehlo.constant dense<[1, 2, 3, 4, 5, 6, 7, 8]> : tensor<8xi32>
  %0:2 = sdy.manual_computation(%v) in_shardings=[<@line, [{"x"}]>] out_shardings=[<@line, [{"x"}]>, <@line, [{}]>] manual_axes={"x"} (%a: tensor<2xi32>) {
    %id = stablehlo.partition_id : tensor<ui32>
    %i = stablehlo.convert %id : (tensor<ui32>) -> tensor<i32>
    %b = stablehlo.broadcast_in_dim %i, dims = [] : (tensor<i32>) -> tensor<2xi32>
    %c = stablehlo.multiply %a, %b : tensor<2xi32>
    %d = "stablehlo.all_gather"(%a) <{all_gather_dim = 0 : i64, channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>, replica_groups = dense<[[0, 1, 2, 3]]> : tensor<1x4xi64>, use_global_device_ids}> : (tensor<2xi32>) -> tensor<8xi32>
    sdy.return %c, %d : tensor<2xi32>, tensor<8xi32>
  } : (tensor<8xi32>) -> (tensor<8xi32>, tensor<8xi32>)
  check.expect_eq_const %0#0, dense<[0, 0, 3, 4, 10, 12, 21, 24]> : tensor<8xi32>
  check.expect_eq_const %0#1, dense<[1, 2, 3, 4, 5, 6, 7, 8]> : tensor<8xi32>
  return
}

// -----

// Two axes, the devices in another order; a result that is cut by one axis and copied along the other.
sdy.mesh @grid = <["x"=2, "y"=2], device_ids=[0, 2, 1, 3]>
func.func @main() {
  %v = stablehlo.constant dense<[[1, 2], [3, 4]]> : tensor<2x2xi32>
  %0:2 = sdy.manual_computation(%v) in_shardings=[<@grid, [{"x"}, {"y"}]>] out_shardings=[<@grid, [{"x"}, {"y"}]>, <@grid, [{"x"}, {}]>] manual_axes={"x", "y"} (%a: tensor<1x1xi32>) {
    %id = stablehlo.partition_id : tensor<ui32>
    %i = stablehlo.convert %id : (tensor<ui32>) -> tensor<i32>
    %b = stablehlo.reshape %i : (tensor<i32>) -> tensor<1x1xi32>
    %c = "stablehlo.all_reduce"(%a) <{channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>, replica_groups = dense<[[0, 2], [1, 3]]> : tensor<2x2xi64>, use_global_device_ids}> ({
    ^bb0(%p: tensor<i32>, %q: tensor<i32>):
      %s = stablehlo.add %p, %q : tensor<i32>
      stablehlo.return %s : tensor<i32>
    }) : (tensor<1x1xi32>) -> tensor<1x1xi32>
    sdy.return %b, %c : tensor<1x1xi32>, tensor<1x1xi32>
  } : (tensor<2x2xi32>) -> (tensor<2x2xi32>, tensor<2x1xi32>)
  check.expect_eq_const %0#0, dense<[[0, 2], [1, 3]]> : tensor<2x2xi32>
  check.expect_eq_const %0#1, dense<[[3], [7]]> : tensor<2x1xi32>
  return
}

// -----

// Manual along one axis only: the body sees whole tensors along the other.
sdy.mesh @grid = <["x"=2, "y"=2]>
func.func @main() {
  %v = stablehlo.constant dense<[[1, 2], [3, 4]]> : tensor<2x2xi32>
  %0 = sdy.manual_computation(%v) in_shardings=[<@grid, [{"x"}, {"y"}]>] out_shardings=[<@grid, [{"x"}, {?}]>] manual_axes={"x"} (%a: tensor<1x2xi32>) {
    %b = stablehlo.reverse %a, dims = [1] : tensor<1x2xi32>
    sdy.return %b : tensor<1x2xi32>
  } : (tensor<2x2xi32>) -> tensor<2x2xi32>
  %1 = sdy.all_gather [{"x"}, {}] %0 out_sharding = <@grid, [{}, {}]> : tensor<2x2xi32>
  %2 = sdy.all_slice [{"y"}, {}] %1 out_sharding = <@grid, [{"y"}, {}]> : tensor<2x2xi32>
  %3 = sdy.all_to_all [{"y"}: 0->1] %2 out_sharding = <@grid, [{}, {"y"}]> : tensor<2x2xi32>
  %4 = sdy.collective_permute %3 out_sharding = <@grid, [{}, {"x"}]> : tensor<2x2xi32>
  check.expect_eq_const %4, dense<[[2, 1], [4, 3]]> : tensor<2x2xi32>
  return
}
