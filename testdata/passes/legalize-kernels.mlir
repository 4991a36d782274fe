// What matters to several devices only, composites, tuples and algorithms of products are gone; the same operations where
// they do matter are kept.
// passes: legalize-kernels
module @kernels {
  sdy.mesh @mesh = <["x"=2]>
  func.func private @square(%x: tensor<2xf32>) -> tensor<2xf32> {
    %0 = chlo.square %x : tensor<2xf32> -> tensor<2xf32>
    func.return %0 : tensor<2xf32>
  }
  func.func public @main(%x: tensor<2xf32>, %w: tensor<2x3xf32>) -> (tensor<2xf32>, tensor<3xf32>, tensor<3xf64>, tensor<ui32>, tensor<2xf32>, tensor<4xf32>) {
    %placed = stablehlo.custom_call @Sharding(%x) {mhlo.sharding = "{replicated}"} : (tensor<2xf32>) -> tensor<2xf32>
    %constrained = sdy.sharding_constraint %placed <@mesh, [{}]> : tensor<2xf32>
    sdy.sharding_group %constrained group_id = 3 : tensor<2xf32>
    %named = sdy.named_computation<"double">(%constrained) (%arg: tensor<2xf32>) {
      %sum = stablehlo.add %arg, %arg : tensor<2xf32>
      sdy.return %sum : tensor<2xf32>
    } : (tensor<2xf32>) -> tensor<2xf32>
    %pair = stablehlo.tuple %named, %x : tuple<tensor<2xf32>, tensor<2xf32>>
    %first = stablehlo.get_tuple_element %pair[0] : (tuple<tensor<2xf32>, tensor<2xf32>>) -> tensor<2xf32>
    %squared = stablehlo.composite "example.square" %first {decomposition = @square} : (tensor<2xf32>) -> tensor<2xf32>
    %kept, %other = stablehlo.optimization_barrier %squared, %x : tensor<2xf32>, tensor<2xf32>
    %rounded = stablehlo.dot_general %kept, %w, contracting_dims = [0] x [0], algorithm = <lhs_precision_type = bf16, rhs_precision_type = bf16, accumulation_type = f32, lhs_component_count = 1, rhs_component_count = 1, num_primitive_operations = 1, allow_imprecise_accumulation = false> : (tensor<2xf32>, tensor<2x3xf32>) -> tensor<3xf32>
    %wide = stablehlo.convert %w : (tensor<2x3xf32>) -> tensor<2x3xf64>
    %z = stablehlo.convert %other : (tensor<2xf32>) -> tensor<2xf64>
    %tf32 = stablehlo.dot_general %z, %wide, contracting_dims = [0] x [0], algorithm = <lhs_precision_type = tf32, rhs_precision_type = tf32, accumulation_type = f32, lhs_component_count = 1, rhs_component_count = 1, num_primitive_operations = 3, allow_imprecise_accumulation = false> : (tensor<2xf64>, tensor<2x3xf64>) -> tensor<3xf64>
    %replica = stablehlo.replica_id : tensor<ui32>
    %gathered = "stablehlo.all_gather"(%squared) {all_gather_dim = 0 : i64, channel_handle = #stablehlo.channel_handle<handle = 1, type = 0>, replica_groups = dense<0> : tensor<1x1xi64>} : (tensor<2xf32>) -> tensor<2xf32>
    %erf = stablehlo.custom_call @mhlo.erf(%gathered) : (tensor<2xf32>) -> tensor<2xf32>
    %signs = stablehlo.sign %erf : tensor<2xf32>
    %both = "stablehlo.all_gather"(%signs) {all_gather_dim = 0 : i64, channel_handle = #stablehlo.channel_handle<handle = 1, type = 0>, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>} : (tensor<2xf32>) -> tensor<4xf32>
    func.return %squared, %rounded, %tf32, %replica, %gathered, %both : tensor<2xf32>, tensor<3xf32>, tensor<3xf64>, tensor<ui32>, tensor<2xf32>, tensor<4xf32>
  }
}
