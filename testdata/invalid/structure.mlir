// error: terminator
func.func @main(%arg0: tensor<i32>) {
  %0 = stablehlo.negate %arg0 : tensor<i32>
}

// -----

// error: terminator, terminator
func.func @main(%arg0: tensor<i32>) {
  "func.return"() : () -> ()
  %0 = stablehlo.negate %arg0 : tensor<i32>
}

// -----

// error: terminator
func.func @main(%arg0: tensor<i1>, %arg1: tensor<f32>) {
  %0 = "stablehlo.if"(%arg0) ({
    "func.return"(%arg1) : (tensor<f32>) -> ()
  }, {
    stablehlo.return %arg1 : tensor<f32>
  }) : (tensor<i1>) -> tensor<f32>
  return
}

// -----

// error: terminator
func.func @main(%arg0: tensor<i1>, %arg1: tensor<f32>) {
  %0 = "stablehlo.if"(%arg0) ({
    %1 = stablehlo.negate %arg1 : tensor<f32>
  }, {
    stablehlo.return %arg1 : tensor<f32>
  }) : (tensor<i1>) -> tensor<f32>
  return
}

// -----

// error: terminator
func.func @main(%arg0: tensor<4xf32>) {
  %0 = "stablehlo.sort"(%arg0) ({
  }) : (tensor<4xf32>) -> tensor<4xf32>
  return
}
