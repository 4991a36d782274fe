// Private calls go, nested ones and those in regions too. Calls of public functions, of declarations and
// those marked no_inline stay.
// passes: inline
module @calls {
  func.func public @main(%arg0: tensor<4xf32> loc("x"), %arg1: tensor<i32> loc("n")) -> (tensor<4xf32>, tensor<4xf32>) {
    %0 = call @outer(%arg0) : (tensor<4xf32>) -> tensor<4xf32> loc("first")
    %1 = call @outer(%0) : (tensor<4xf32>) -> tensor<4xf32>
    %2 = call @entry(%1) : (tensor<4xf32>) -> tensor<4xf32>
    %3 = call @elsewhere(%2) : (tensor<4xf32>) -> tensor<4xf32>
    %4 = "func.call"(%3) <{callee = @inner, no_inline}> : (tensor<4xf32>) -> tensor<4xf32>
    %5:2 = stablehlo.while(%iterArg = %arg1, %iterArg_0 = %4) : tensor<i32>, tensor<4xf32>
    cond {
      %c = stablehlo.constant dense<0> : tensor<i32>
      %6 = stablehlo.compare GT, %iterArg, %c, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %6 : tensor<i1>
    } do {
      %c = stablehlo.constant dense<1> : tensor<i32>
      %6 = stablehlo.subtract %iterArg, %c : tensor<i32>
      %7 = func.call @inner(%iterArg_0) : (tensor<4xf32>) -> tensor<4xf32>
      stablehlo.return %6, %7 : tensor<i32>, tensor<4xf32>
    }
    return %5#1, %1 : tensor<4xf32>, tensor<4xf32>
  }
  func.func private @outer(%arg0: tensor<4xf32>) -> tensor<4xf32> {
    %0 = call @inner(%arg0) : (tensor<4xf32>) -> tensor<4xf32>
    %1 = stablehlo.add %0, %arg0 : tensor<4xf32>
    return %1 : tensor<4xf32>
  }
  func.func private @inner(%arg0: tensor<4xf32>) -> tensor<4xf32> {
    %0 = stablehlo.tanh %arg0 : tensor<4xf32> loc("inner tanh")
    return %0 : tensor<4xf32>
  }
  func.func public @entry(%arg0: tensor<4xf32>) -> tensor<4xf32> {
    return %arg0 : tensor<4xf32>
  }
  func.func private @elsewhere(tensor<4xf32>) -> tensor<4xf32>
}
