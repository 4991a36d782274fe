// Shardings, as JAX writes them with Shardy.

sdy.mesh @mesh = <["x"=2, "y"=2]>
sdy.mesh @ordered = <["x"=2], device_ids=[1, 0]>
sdy.mesh @empty = <[]>

func.func public @main(%x: tensor<8x8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"x"}, {}]>}, %u: tensor<8x8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}, {}], unreduced={"y"}>}, %r: tensor<8x8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}, {}], replicated={"x"}>}) -> (tensor<8x8xf32> {jax.result_info = "result"}) {
  %0 = sdy.manual_computation(%x) in_shardings=[<@mesh, [{"x"}, {}]>] out_shardings=[<@mesh, [{"x"}, {}]>] manual_axes={"x"} (%a: tensor<4x8xf32>) {
    %21 = stablehlo.tanh %a : tensor<4x8xf32>
    sdy.return %21 : tensor<4x8xf32>
  } {mhlo.note} : (tensor<8x8xf32>) -> tensor<8x8xf32>
  %1 = sdy.sharding_constraint %0 <@mesh, [{"x"}, {?}]> : tensor<8x8xf32>
  %2 = sdy.constant dense<1.000000e+00> : tensor<8x8xf32>
  %3 = sdy.reshard %0 <@mesh, [{"x"}, {}]> : tensor<8x8xf32>
  sdy.sharding_group %0 group_id = 4 : tensor<8x8xf32>
  %4 = sdy.named_computation<"block">(%0) in_shardings=[<@mesh, [{"x"}, {}]>] out_shardings=[<@mesh, [{}, {}]>] (%a: tensor<8x8xf32>) {
    sdy.return %a : tensor<8x8xf32>
  } : (tensor<8x8xf32>) -> tensor<8x8xf32>
  %5 = sdy.propagation_barrier %0 allowed_direction = FORWARD : tensor<8x8xf32>
  %6 = stablehlo.add %0, %0 {sdy.sharding = #sdy.sharding_per_value<[<@mesh, [{"x"}, {}]>]>} : tensor<8x8xf32>
  %7 = sdy.data_flow_edge %6 sharding = <@mesh, [{"x"}, {}]> : tensor<8x8xf32>
  %8 = call @identity(%x) : (tensor<8x8xf32>) -> tensor<8x8xf32>
  %9 = sdy.func_data_flow_edge %8 : tensor<8x8xf32>
  return %1 : tensor<8x8xf32>
}

func.func private @identity(%x: tensor<8x8xf32>) -> tensor<8x8xf32> {
  return %x : tensor<8x8xf32>
}

func.func private @collectives(%x: tensor<8x8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"x"}, {}]>}, %u: tensor<8x8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}, {}], unreduced={"y"}>}, %r: tensor<8x8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}, {}], replicated={"x"}>}) {
  %0 = sdy.all_gather [{"x"}, {}] %x out_sharding = <@mesh, [{}, {}]> : tensor<8x8xf32>
  %1 = sdy.all_reduce {"y"} %u out_sharding = <@mesh, [{}, {}]> : tensor<8x8xf32>
  %2 = sdy.all_slice [{"y"}, {}] %x out_sharding = <@mesh, [{"x", "y"}, {}]> : tensor<8x8xf32>
  %3 = sdy.all_to_all [{"x"}: 0->1] %x out_sharding = <@mesh, [{}, {"x"}]> : tensor<8x8xf32>
  %4 = sdy.collective_permute %x out_sharding = <@mesh, [{"y"}, {}]> : tensor<8x8xf32>
  %5 = sdy.reduce_scatter [{"y"}, {}] %u out_sharding = <@mesh, [{"y"}, {}]> : tensor<8x8xf32>
  %6 = sdy.sharded_to_unreduced [{"x"}, {}] %x out_sharding = <@mesh, [{}, {}], unreduced={"x"}> : tensor<8x8xf32>
  %7 = sdy.replicated_to_unreduced {"x"} %r out_sharding = <@mesh, [{}, {}], unreduced={"x"}> : tensor<8x8xf32>
  return
}
