// What nothing needs goes: chains of operations, loops, calls without effects, operations in regions, functions that
// only unused functions call. Parameters stay.
// passes: dce
module {
  func.func public @main(%arg0: tensor<4xf32>, %arg1: tensor<i32>) -> tensor<i32> {
    %0 = stablehlo.tanh %arg0 : tensor<4xf32>
    %1 = stablehlo.add %0, %0 : tensor<4xf32>
    %2 = stablehlo.custom_call @unknown(%1) : (tensor<4xf32>) -> tensor<4xf32>
    %3 = call @used(%arg0) : (tensor<4xf32>) -> tensor<4xf32>
    %4 = stablehlo.while(%iterArg = %arg1) : tensor<i32>
    cond {
      %c = stablehlo.constant dense<true> : tensor<i1>
      stablehlo.return %c : tensor<i1>
    } do {
      stablehlo.return %iterArg : tensor<i32>
    }
    %5 = stablehlo.while(%iterArg = %arg1) : tensor<i32>
    cond {
      %c = stablehlo.constant dense<0> : tensor<i32>
      %c_0 = stablehlo.constant dense<7> : tensor<i32>
      %6 = stablehlo.compare GT, %iterArg, %c, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %6 : tensor<i1>
    } do {
      %c = stablehlo.constant dense<1> : tensor<i32>
      %6 = stablehlo.subtract %iterArg, %c : tensor<i32>
      %7 = stablehlo.add %iterArg, %c : tensor<i32>
      stablehlo.return %6 : tensor<i32>
    }
    return %5 : tensor<i32>
  }
  func.func private @used(%arg0: tensor<4xf32>) -> tensor<4xf32> {
    %0 = stablehlo.negate %arg0 : tensor<4xf32>
    return %arg0 : tensor<4xf32>
  }
  func.func private @unused(%arg0: tensor<4xf32>) -> tensor<4xf32> {
    %0 = call @only_of_unused(%arg0) : (tensor<4xf32>) -> tensor<4xf32>
    return %0 : tensor<4xf32>
  }
  func.func private @only_of_unused(%arg0: tensor<4xf32>) -> tensor<4xf32> {
    return %arg0 : tensor<4xf32>
  }
}
