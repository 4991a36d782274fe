// Not equal, or not to be merged: other operand order of a difference, other attributes, another zero, other
// regions, siblings that do not dominate each other, custom calls, collectives.
// passes: cse
// unchanged
module {
  func.func public @main(%arg0: tensor<4xf32>, %arg1: tensor<4xf32>, %arg2: tensor<i1>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<f32>, tensor<f32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %cst_0 = stablehlo.constant dense<-0.000000e+00> : tensor<f32>
    %0 = stablehlo.subtract %arg0, %arg1 : tensor<4xf32>
    %1 = stablehlo.subtract %arg1, %arg0 : tensor<4xf32>
    %2 = stablehlo.add %arg0, %arg1 : tensor<4xf32>
    %3 = stablehlo.add %arg0, %arg1 {mhlo.sharding = "{replicated}"} : tensor<4xf32>
    %4 = stablehlo.reduce(%arg0 init: %cst) applies stablehlo.add across dimensions = [0] : (tensor<4xf32>, tensor<f32>) -> tensor<f32>
    %5 = stablehlo.reduce(%arg0 init: %cst_0) applies stablehlo.maximum across dimensions = [0] : (tensor<4xf32>, tensor<f32>) -> tensor<f32>
    %6 = "stablehlo.if"(%arg2) ({
      %11 = stablehlo.tanh %arg0 : tensor<4xf32>
      stablehlo.return %11 : tensor<4xf32>
    }, {
      %11 = stablehlo.tanh %arg0 : tensor<4xf32>
      stablehlo.return %11 : tensor<4xf32>
    }) : (tensor<i1>) -> tensor<4xf32>
    %7 = stablehlo.custom_call @unknown(%arg0) : (tensor<4xf32>) -> tensor<4xf32>
    %8 = stablehlo.custom_call @unknown(%arg0) : (tensor<4xf32>) -> tensor<4xf32>
    %9 = "stablehlo.all_reduce"(%arg0) <{replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> ({
    ^bb0(%arg3: tensor<f32>, %arg4: tensor<f32>):
      %11 = stablehlo.add %arg3, %arg4 : tensor<f32>
      stablehlo.return %11 : tensor<f32>
    }) : (tensor<4xf32>) -> tensor<4xf32>
    %10 = "stablehlo.all_reduce"(%arg0) <{replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> ({
    ^bb0(%arg3: tensor<f32>, %arg4: tensor<f32>):
      %11 = stablehlo.add %arg3, %arg4 : tensor<f32>
      stablehlo.return %11 : tensor<f32>
    }) : (tensor<4xf32>) -> tensor<4xf32>
    return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<f32>, tensor<f32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
  }
}
