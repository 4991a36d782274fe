// Branches that are decided when compiling take the place of the choice; a branch that does not exist is the last.
// passes: simplify
module {
  func.func public @main(%arg0: tensor<4xf32>, %arg1: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
    %c = stablehlo.constant dense<false> : tensor<i1>
    %0 = stablehlo.add %arg0, %arg1 : tensor<4xf32>
    %1 = "stablehlo.if"(%c) ({
      stablehlo.custom_call @log(%arg0) {has_side_effect = true} : (tensor<4xf32>) -> ()
      stablehlo.return %arg0 : tensor<4xf32>
    }, {
      %4 = stablehlo.tanh %0 : tensor<4xf32>
      stablehlo.custom_call @log(%4) {has_side_effect = true} : (tensor<4xf32>) -> ()
      stablehlo.return %4 : tensor<4xf32>
    }) : (tensor<i1>) -> tensor<4xf32>
    %c_0 = stablehlo.constant dense<1> : tensor<i32>
    %2 = "stablehlo.case"(%c_0) ({
      stablehlo.return %1 : tensor<4xf32>
    }, {
      stablehlo.return %arg1 : tensor<4xf32>
    }, {
      stablehlo.return %arg0 : tensor<4xf32>
    }) : (tensor<i32>) -> tensor<4xf32>
    %c_1 = stablehlo.constant dense<-1> : tensor<i32>
    %3 = "stablehlo.case"(%c_1) ({
      stablehlo.return %1 : tensor<4xf32>
    }, {
      %4 = stablehlo.negate %arg1 : tensor<4xf32>
      stablehlo.return %4 : tensor<4xf32>
    }) : (tensor<i32>) -> tensor<4xf32>
    return %1, %2, %3 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
  }
}
