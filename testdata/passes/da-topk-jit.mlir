// Selections from logits whose product is sharded over the vocabulary, as JAX writes them for `jit`: a top-k, an argmax
// and an approximate top-k. The logits carry no annotation; it spreads from the matrix.
// passes: inline, simplify, cse, dce, da-topk

module @jit_f attributes {mhlo.num_partitions = 4 : i32, mhlo.num_replicas = 1 : i32} {
  sdy.mesh @mesh = <["x"=4]>
  func.func public @main(%h: tensor<1x8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}, {}]>}, %w: tensor<64x8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"x"}, {}]>}) -> (tensor<1x3xf32>, tensor<1x3xi32>, tensor<1xi32>, tensor<1x3xf32>, tensor<1x3xi32>) {
    %0 = stablehlo.transpose %w, dims = [1, 0] : (tensor<64x8xf32>) -> tensor<8x64xf32>
    %1 = stablehlo.dot_general %h, %0, contracting_dims = [1] x [0], precision = [DEFAULT, DEFAULT] : (tensor<1x8xf32>, tensor<8x64xf32>) -> tensor<1x64xf32>
    %values, %indices = chlo.top_k(%1, k = 3) : tensor<1x64xf32> -> (tensor<1x3xf32>, tensor<1x3xi32>)
    %2 = call @argmax(%1) : (tensor<1x64xf32>) -> tensor<1xi32>
    %3 = stablehlo.iota dim = 1 : tensor<1x64xi32>
    %c = stablehlo.constant dense<-1> : tensor<i32>
    %cst = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %4:2 = stablehlo.custom_call @ApproxTopK(%1, %3, %cst, %c) {backend_config = "", called_computations = [@top_k_gt_f32_comparator], mhlo.backend_config = {aggregate_to_topk = true, is_fallback = true, recall_target = 0.949999988 : f32, reduction_dim = 1 : i64, reduction_input_size_override = -1 : i64, top_k = 3 : i64}} : (tensor<1x64xf32>, tensor<1x64xi32>, tensor<f32>, tensor<i32>) -> (tensor<1x3xf32>, tensor<1x3xi32>)
    return %values, %indices, %2, %4#0, %4#1 : tensor<1x3xf32>, tensor<1x3xi32>, tensor<1xi32>, tensor<1x3xf32>, tensor<1x3xi32>
  }
  func.func private @top_k_gt_f32_comparator(%a: tensor<f32>, %b: tensor<f32>, %i: tensor<i32>, %j: tensor<i32>) -> tensor<i1> {
    %0 = stablehlo.compare GT, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
    return %0 : tensor<i1>
  }
  func.func private @argmax(%arg0: tensor<1x64xf32>) -> tensor<1xi32> {
    %0 = stablehlo.iota dim = 1 : tensor<1x64xi32>
    %cst = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %c = stablehlo.constant dense<0> : tensor<i32>
    %1:2 = stablehlo.reduce(%arg0 init: %cst), (%0 init: %c) across dimensions = [1] : (tensor<1x64xf32>, tensor<1x64xi32>, tensor<f32>, tensor<i32>) -> (tensor<1xf32>, tensor<1xi32>)
     reducer(%arg1: tensor<f32>, %arg3: tensor<f32>) (%arg2: tensor<i32>, %arg4: tensor<i32>)  {
      %2 = stablehlo.compare GT, %arg1, %arg3, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %3 = stablehlo.compare NE, %arg1, %arg1, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %4 = stablehlo.or %2, %3 : tensor<i1>
      %5 = stablehlo.compare EQ, %arg1, %arg3, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %6 = stablehlo.compare LT, %arg2, %arg4, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      %7 = stablehlo.and %5, %6 : tensor<i1>
      %8 = stablehlo.or %4, %7 : tensor<i1>
      %9 = stablehlo.select %4, %arg1, %arg3 : tensor<i1>, tensor<f32>
      %10 = stablehlo.select %8, %arg2, %arg4 : tensor<i1>, tensor<i32>
      stablehlo.return %9, %10 : tensor<f32>, tensor<i32>
    }
    return %1#1 : tensor<1xi32>
  }
}
