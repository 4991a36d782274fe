// error: case_i1
func.func @main(%arg0: tensor<1xi32>, %arg1: tensor<f32>) {
  %0 = "stablehlo.case"(%arg0) ({
    stablehlo.return %arg1 : tensor<f32>
  }) : (tensor<1xi32>) -> tensor<f32>
  return
}

// -----

// error: case_c1
func.func @main(%arg0: tensor<i32>) {
  "stablehlo.case"(%arg0) : (tensor<i32>) -> ()
  return
}

// -----

// error: case_c2
func.func @main(%arg0: tensor<i32>, %arg1: tensor<f32>) {
  %0 = "stablehlo.case"(%arg0) ({
  ^bb0(%x: tensor<f32>):
    stablehlo.return %arg1 : tensor<f32>
  }) : (tensor<i32>) -> tensor<f32>
  return
}

// -----

// error: case_c3
func.func @main(%arg0: tensor<i32>, %arg1: tensor<f32>, %arg2: tensor<2xf32>) {
  %0 = "stablehlo.case"(%arg0) ({
    stablehlo.return %arg1 : tensor<f32>
  }, {
    stablehlo.return %arg2 : tensor<2xf32>
  }) : (tensor<i32>) -> tensor<f32>
  return
}

// -----

// error: case_c4
func.func @main(%arg0: tensor<i32>, %arg1: tensor<f32>) {
  %0 = "stablehlo.case"(%arg0) ({
    stablehlo.return %arg1 : tensor<f32>
  }) : (tensor<i32>) -> tensor<i32>
  return
}

// -----

// error: if_i1
func.func @main(%arg0: tensor<2xi1>, %arg1: tensor<f32>) {
  %0 = "stablehlo.if"(%arg0) ({
    stablehlo.return %arg1 : tensor<f32>
  }, {
    stablehlo.return %arg1 : tensor<f32>
  }) : (tensor<2xi1>) -> tensor<f32>
  return
}

// -----

// error: if_c1
func.func @main(%arg0: tensor<i1>, %arg1: tensor<f32>) {
  %0 = "stablehlo.if"(%arg0) ({
    stablehlo.return %arg1 : tensor<f32>
  }, {
  ^bb0(%x: tensor<f32>):
    stablehlo.return %x : tensor<f32>
  }) : (tensor<i1>) -> tensor<f32>
  return
}

// -----

// error: if_c2
func.func @main(%arg0: tensor<i1>, %arg1: tensor<f32>) {
  %0 = "stablehlo.if"(%arg0) ({
    stablehlo.return %arg1 : tensor<f32>
  }, {
    stablehlo.return %arg1, %arg1 : tensor<f32>, tensor<f32>
  }) : (tensor<i1>) -> tensor<f32>
  return
}

// -----

// error: if_c3
func.func @main(%arg0: tensor<i1>, %arg1: tensor<f32>) {
  %0:2 = "stablehlo.if"(%arg0) ({
    stablehlo.return %arg1 : tensor<f32>
  }, {
    stablehlo.return %arg1 : tensor<f32>
  }) : (tensor<i1>) -> (tensor<f32>, tensor<f32>)
  return
}

// -----

// error: while_c1
func.func @main(%arg0: tensor<i32>, %arg1: tensor<i1>, %arg2: tensor<i64>) {
  %0 = "stablehlo.while"(%arg0) ({
  ^bb0(%x: tensor<i64>):
    %c = stablehlo.not %arg1 : tensor<i1>
    stablehlo.return %c : tensor<i1>
  }, {
  ^bb0(%x: tensor<i32>):
    stablehlo.return %arg0 : tensor<i32>
  }) : (tensor<i32>) -> tensor<i32>
  return
}

// -----

// error: while_c1
func.func @main(%arg0: tensor<i32>, %arg1: tensor<i1>, %arg2: tensor<i64>) {
  %0 = "stablehlo.while"(%arg0) ({
  ^bb0(%x: tensor<i32>):
    %c = stablehlo.not %arg1 : tensor<i1>
    stablehlo.return %arg0 : tensor<i32>
  }, {
  ^bb0(%x: tensor<i32>):
    stablehlo.return %arg0 : tensor<i32>
  }) : (tensor<i32>) -> tensor<i32>
  return
}

// -----

// error: while_c1
func.func @main(%arg0: tensor<i32>, %arg1: tensor<i1>, %arg2: tensor<i64>) {
  %0 = "stablehlo.while"(%arg0) ({
  ^bb0(%x: tensor<i32>):
    %c = stablehlo.not %arg1 : tensor<i1>
    stablehlo.return %c, %c : tensor<i1>, tensor<i1>
  }, {
  ^bb0(%x: tensor<i32>):
    stablehlo.return %arg0 : tensor<i32>
  }) : (tensor<i32>) -> tensor<i32>
  return
}

// -----

// error: while_c2
func.func @main(%arg0: tensor<i32>, %arg1: tensor<i1>, %arg2: tensor<i64>) {
  %0 = "stablehlo.while"(%arg0) ({
  ^bb0(%x: tensor<i32>):
    %c = stablehlo.not %arg1 : tensor<i1>
    stablehlo.return %c : tensor<i1>
  }, {
  ^bb0(%x: tensor<i64>):
    stablehlo.return %arg0 : tensor<i32>
  }) : (tensor<i32>) -> tensor<i32>
  return
}

// -----

// error: while_c2
func.func @main(%arg0: tensor<i32>, %arg1: tensor<i1>, %arg2: tensor<i64>) {
  %0 = "stablehlo.while"(%arg0) ({
  ^bb0(%x: tensor<i32>):
    %c = stablehlo.not %arg1 : tensor<i1>
    stablehlo.return %c : tensor<i1>
  }, {
  ^bb0(%x: tensor<i32>):
    stablehlo.return %arg2 : tensor<i64>
  }) : (tensor<i32>) -> tensor<i32>
  return
}

// -----

// error: while_c3
func.func @main(%arg0: tensor<i32>, %arg1: tensor<i1>, %arg2: tensor<i64>) {
  %0 = "stablehlo.while"(%arg0) ({
  ^bb0(%x: tensor<i32>):
    %c = stablehlo.not %arg1 : tensor<i1>
    stablehlo.return %c : tensor<i1>
  }, {
  ^bb0(%x: tensor<i32>):
    stablehlo.return %arg0 : tensor<i32>
  }) : (tensor<i32>) -> tensor<i64>
  return
}

// -----

// error: optimization_barrier_c1
func.func @main(%arg0: tensor<f32>, %arg1: tensor<i32>) {
  %0:2 = "stablehlo.optimization_barrier"(%arg0, %arg1) : (tensor<f32>, tensor<i32>) -> (tensor<i32>, tensor<f32>)
  return
}

// -----

// error: optimization_barrier_c1
func.func @main(%arg0: tensor<f32>, %arg1: tensor<i32>) {
  %0 = "stablehlo.optimization_barrier"(%arg0, %arg1) : (tensor<f32>, tensor<i32>) -> tensor<f32>
  return
}
