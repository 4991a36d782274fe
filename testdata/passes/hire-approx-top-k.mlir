// The approximate top-k of TPUs, exact after the rewrite: few entries are left.
// passes: inline, simplify, cse, dce, hire-logits
// k-prime: 64
module @step {
  func.func public @main(%arg0: tensor<1x40xf32> loc("h"), %arg1: tensor<1024x40xf32> loc("params['head']")) -> (tensor<1x8xf32>, tensor<1x8xi32>) {
    %0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [1] x [1] : (tensor<1x40xf32>, tensor<1024x40xf32>) -> tensor<1x1024xf32>
    %1 = stablehlo.iota dim = 1 : tensor<1x1024xi32>
    %cst = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %c = stablehlo.constant dense<-1> : tensor<i32>
    %2:2 = stablehlo.custom_call @ApproxTopK(%0, %1, %cst, %c) {called_computations = [@top_k_gt_f32_comparator], has_side_effect = false, mhlo.backend_config = {aggregate_to_topk = true, recall_target = 0.95 : f32, reduction_dim = 1 : i64, reduction_input_size_override = -1 : i64, top_k = 8 : i64}} : (tensor<1x1024xf32>, tensor<1x1024xi32>, tensor<f32>, tensor<i32>) -> (tensor<1x8xf32>, tensor<1x8xi32>)
    return %2#0, %2#1 : tensor<1x8xf32>, tensor<1x8xi32>
  }
  func.func private @top_k_gt_f32_comparator(%arg0: tensor<f32>, %arg1: tensor<f32>, %arg2: tensor<i32>, %arg3: tensor<i32>) -> tensor<i1> {
    %0 = stablehlo.compare GT, %arg0, %arg1 : (tensor<f32>, tensor<f32>) -> tensor<i1>
    return %0 : tensor<i1>
  }
}
