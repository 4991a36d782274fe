// error: reduce_window_c1
func.func @main() {
  "stablehlo.reduce_window"() <{window_dimensions = array<i64: 2, 2>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>, %x2: tensor<f32>, %x3: tensor<f32>):
      stablehlo.return %x0, %x1 : tensor<f32>, tensor<f32>
    }) : () -> ()
  return
}

// -----

// error: reduce_window_c2
func.func @main(%arg0: tensor<8x9xf32>, %arg1: tensor<8x8xf32>, %arg2: tensor<f32>, %arg3: tensor<f32>) {
  %0:2 = "stablehlo.reduce_window"(%arg0, %arg1, %arg2, %arg3) <{window_dimensions = array<i64: 2, 2>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>, %x2: tensor<f32>, %x3: tensor<f32>):
      stablehlo.return %x0, %x1 : tensor<f32>, tensor<f32>
    }) : (tensor<8x9xf32>, tensor<8x8xf32>, tensor<f32>, tensor<f32>) -> (tensor<7x8xf32>, tensor<7x8xf32>)
  return
}

// -----

// error: reduce_window_c4
func.func @main(%arg0: tensor<8x9xf32>, %arg1: tensor<f32>) {
  %0 = "stablehlo.reduce_window"(%arg0, %arg1) <{window_dimensions = array<i64: 2>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<8x9xf32>, tensor<f32>) -> tensor<7x8xf32>
  return
}

// -----

// error: reduce_window_c5
func.func @main(%arg0: tensor<8x9xf32>, %arg1: tensor<f32>) {
  %0 = "stablehlo.reduce_window"(%arg0, %arg1) <{window_dimensions = array<i64: 2, 0>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<8x9xf32>, tensor<f32>) -> tensor<7x8xf32>
  return
}

// -----

// error: reduce_window_c5
func.func @main(%arg0: tensor<8x9xf32>, %arg1: tensor<f32>) {
  %0 = "stablehlo.reduce_window"(%arg0, %arg1) <{window_dimensions = array<i64: -2, 2>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<8x9xf32>, tensor<f32>) -> tensor<7x8xf32>
  return
}

// -----

// error: reduce_window_c6
func.func @main(%arg0: tensor<8x9xf32>, %arg1: tensor<f32>) {
  %0 = "stablehlo.reduce_window"(%arg0, %arg1) <{window_dimensions = array<i64: 2, 2>, window_strides = array<i64: 1>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<8x9xf32>, tensor<f32>) -> tensor<7x8xf32>
  return
}

// -----

// error: reduce_window_c7
func.func @main(%arg0: tensor<8x9xf32>, %arg1: tensor<f32>) {
  %0 = "stablehlo.reduce_window"(%arg0, %arg1) <{window_dimensions = array<i64: 2, 2>, window_strides = array<i64: 1, 0>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<8x9xf32>, tensor<f32>) -> tensor<7x8xf32>
  return
}

// -----

// error: reduce_window_c8
func.func @main(%arg0: tensor<8x9xf32>, %arg1: tensor<f32>) {
  %0 = "stablehlo.reduce_window"(%arg0, %arg1) <{window_dimensions = array<i64: 2, 2>, base_dilations = array<i64: 1, 1, 1>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<8x9xf32>, tensor<f32>) -> tensor<7x8xf32>
  return
}

// -----

// error: reduce_window_c9
func.func @main(%arg0: tensor<8x9xf32>, %arg1: tensor<f32>) {
  %0 = "stablehlo.reduce_window"(%arg0, %arg1) <{window_dimensions = array<i64: 2, 2>, base_dilations = array<i64: 0, 1>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<8x9xf32>, tensor<f32>) -> tensor<7x8xf32>
  return
}

// -----

// error: reduce_window_c10
func.func @main(%arg0: tensor<8x9xf32>, %arg1: tensor<f32>) {
  %0 = "stablehlo.reduce_window"(%arg0, %arg1) <{window_dimensions = array<i64: 2, 2>, window_dilations = array<i64: 1>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<8x9xf32>, tensor<f32>) -> tensor<7x8xf32>
  return
}

// -----

// error: reduce_window_c11
func.func @main(%arg0: tensor<8x9xf32>, %arg1: tensor<f32>) {
  %0 = "stablehlo.reduce_window"(%arg0, %arg1) <{window_dimensions = array<i64: 2, 2>, window_dilations = array<i64: 1, -1>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<8x9xf32>, tensor<f32>) -> tensor<7x8xf32>
  return
}

// -----

// error: reduce_window_c12
func.func @main(%arg0: tensor<8x9xf32>, %arg1: tensor<f32>) {
  %0 = "stablehlo.reduce_window"(%arg0, %arg1) <{window_dimensions = array<i64: 2, 2>, padding = dense<0> : tensor<2x1xi64>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<8x9xf32>, tensor<f32>) -> tensor<7x8xf32>
  return
}

// -----

// error: reduce_window_c12
func.func @main(%arg0: tensor<8x9xf32>, %arg1: tensor<f32>) {
  %0 = "stablehlo.reduce_window"(%arg0, %arg1) <{window_dimensions = array<i64: 2, 2>, padding = dense<0> : tensor<1x2xi64>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<8x9xf32>, tensor<f32>) -> tensor<7x8xf32>
  return
}

// -----

// error: reduce_window_c13
func.func @main(%arg0: tensor<8x9xf32>, %arg1: tensor<f32>) {
  %0 = "stablehlo.reduce_window"(%arg0, %arg1) <{window_dimensions = array<i64: 2, 2>}> ({
    ^bb0(%x0: tensor<i32>, %x1: tensor<i32>):
      %1 = stablehlo.add %x0, %x1 : tensor<i32>
      stablehlo.return %1 : tensor<i32>
    }) : (tensor<8x9xf32>, tensor<f32>) -> tensor<7x8xf32>
  return
}

// -----

// error: reduce_window_c15
func.func @main(%arg0: tensor<8x9xf32>, %arg1: tensor<f32>) {
  %0 = "stablehlo.reduce_window"(%arg0, %arg1) <{window_dimensions = array<i64: 2, 2>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<8x9xf32>, tensor<f32>) -> tensor<8x9xf32>
  return
}

// -----

// error: select_and_scatter_c1
func.func @main(%arg0: tensor<4x4xf32>, %arg1: tensor<2x2xi32>, %arg2: tensor<i32>) {
  %0 = "stablehlo.select_and_scatter"(%arg0, %arg1, %arg2) <{window_dimensions = array<i64: 2, 2>, window_strides = array<i64: 2, 2>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.compare GE, %x0, %x1 : (tensor<f32>, tensor<f32>) -> tensor<i1>
      stablehlo.return %1 : tensor<i1>
    }, {
    ^bb0(%x0: tensor<i32>, %x1: tensor<i32>):
      %1 = stablehlo.add %x0, %x1 : tensor<i32>
      stablehlo.return %1 : tensor<i32>
    }) : (tensor<4x4xf32>, tensor<2x2xi32>, tensor<i32>) -> tensor<4x4xi32>
  return
}

// -----

// error: select_and_scatter_c2
func.func @main(%arg0: tensor<4x4xf32>, %arg1: tensor<2x3xf32>, %arg2: tensor<f32>) {
  %0 = "stablehlo.select_and_scatter"(%arg0, %arg1, %arg2) <{window_dimensions = array<i64: 2, 2>, window_strides = array<i64: 2, 2>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.compare GE, %x0, %x1 : (tensor<f32>, tensor<f32>) -> tensor<i1>
      stablehlo.return %1 : tensor<i1>
    }, {
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<4x4xf32>, tensor<2x3xf32>, tensor<f32>) -> tensor<4x4xf32>
  return
}

// -----

// error: select_and_scatter_c4
func.func @main(%arg0: tensor<4x4xf32>, %arg1: tensor<2x2xf32>, %arg2: tensor<f32>) {
  %0 = "stablehlo.select_and_scatter"(%arg0, %arg1, %arg2) <{window_dimensions = array<i64: 2>, window_strides = array<i64: 2, 2>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.compare GE, %x0, %x1 : (tensor<f32>, tensor<f32>) -> tensor<i1>
      stablehlo.return %1 : tensor<i1>
    }, {
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<4x4xf32>, tensor<2x2xf32>, tensor<f32>) -> tensor<4x4xf32>
  return
}

// -----

// error: select_and_scatter_c5
func.func @main(%arg0: tensor<4x4xf32>, %arg1: tensor<2x2xf32>, %arg2: tensor<f32>) {
  %0 = "stablehlo.select_and_scatter"(%arg0, %arg1, %arg2) <{window_dimensions = array<i64: 2, 0>, window_strides = array<i64: 2, 2>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.compare GE, %x0, %x1 : (tensor<f32>, tensor<f32>) -> tensor<i1>
      stablehlo.return %1 : tensor<i1>
    }, {
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<4x4xf32>, tensor<2x2xf32>, tensor<f32>) -> tensor<4x4xf32>
  return
}

// -----

// error: select_and_scatter_c6
func.func @main(%arg0: tensor<4x4xf32>, %arg1: tensor<2x2xf32>, %arg2: tensor<f32>) {
  %0 = "stablehlo.select_and_scatter"(%arg0, %arg1, %arg2) <{window_dimensions = array<i64: 2, 2>, window_strides = array<i64: 2>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.compare GE, %x0, %x1 : (tensor<f32>, tensor<f32>) -> tensor<i1>
      stablehlo.return %1 : tensor<i1>
    }, {
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<4x4xf32>, tensor<2x2xf32>, tensor<f32>) -> tensor<4x4xf32>
  return
}

// -----

// error: select_and_scatter_c7
func.func @main(%arg0: tensor<4x4xf32>, %arg1: tensor<2x2xf32>, %arg2: tensor<f32>) {
  %0 = "stablehlo.select_and_scatter"(%arg0, %arg1, %arg2) <{window_dimensions = array<i64: 2, 2>, window_strides = array<i64: 2, 0>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.compare GE, %x0, %x1 : (tensor<f32>, tensor<f32>) -> tensor<i1>
      stablehlo.return %1 : tensor<i1>
    }, {
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<4x4xf32>, tensor<2x2xf32>, tensor<f32>) -> tensor<4x4xf32>
  return
}

// -----

// error: select_and_scatter_c8
func.func @main(%arg0: tensor<4x4xf32>, %arg1: tensor<2x2xf32>, %arg2: tensor<f32>) {
  %0 = "stablehlo.select_and_scatter"(%arg0, %arg1, %arg2) <{window_dimensions = array<i64: 2, 2>, window_strides = array<i64: 2, 2>, padding = dense<0> : tensor<3x2xi64>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.compare GE, %x0, %x1 : (tensor<f32>, tensor<f32>) -> tensor<i1>
      stablehlo.return %1 : tensor<i1>
    }, {
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<4x4xf32>, tensor<2x2xf32>, tensor<f32>) -> tensor<4x4xf32>
  return
}

// -----

// error: select_and_scatter_c9
func.func @main(%arg0: tensor<4x4xf32>, %arg1: tensor<2x2xf32>, %arg2: tensor<f32>) {
  %0 = "stablehlo.select_and_scatter"(%arg0, %arg1, %arg2) <{window_dimensions = array<i64: 2, 2>, window_strides = array<i64: 2, 2>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }, {
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<4x4xf32>, tensor<2x2xf32>, tensor<f32>) -> tensor<4x4xf32>
  return
}

// -----

// error: select_and_scatter_c9
func.func @main(%arg0: tensor<4x4xf32>, %arg1: tensor<2x2xf32>, %arg2: tensor<f32>) {
  %0 = "stablehlo.select_and_scatter"(%arg0, %arg1, %arg2) <{window_dimensions = array<i64: 2, 2>, window_strides = array<i64: 2, 2>}> ({
    ^bb0(%x0: tensor<f32>):
      %1 = stablehlo.compare GE, %x0, %x0 : (tensor<f32>, tensor<f32>) -> tensor<i1>
      stablehlo.return %1 : tensor<i1>
    }, {
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<4x4xf32>, tensor<2x2xf32>, tensor<f32>) -> tensor<4x4xf32>
  return
}

// -----

// error: select_and_scatter_c10
func.func @main(%arg0: tensor<4x4xf32>, %arg1: tensor<2x2xf32>, %arg2: tensor<f32>) {
  %0 = "stablehlo.select_and_scatter"(%arg0, %arg1, %arg2) <{window_dimensions = array<i64: 2, 2>, window_strides = array<i64: 2, 2>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.compare GE, %x0, %x1 : (tensor<f32>, tensor<f32>) -> tensor<i1>
      stablehlo.return %1 : tensor<i1>
    }, {
    ^bb0(%x0: tensor<i32>, %x1: tensor<i32>):
      %1 = stablehlo.add %x0, %x1 : tensor<i32>
      stablehlo.return %1 : tensor<i32>
    }) : (tensor<4x4xf32>, tensor<2x2xf32>, tensor<f32>) -> tensor<4x4xf32>
  return
}

// -----

// error: select_and_scatter_c11
func.func @main(%arg0: tensor<4x4xf32>, %arg1: tensor<2x2xf32>, %arg2: tensor<f32>) {
  %0 = "stablehlo.select_and_scatter"(%arg0, %arg1, %arg2) <{window_dimensions = array<i64: 2, 2>, window_strides = array<i64: 2, 2>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.compare GE, %x0, %x1 : (tensor<f32>, tensor<f32>) -> tensor<i1>
      stablehlo.return %1 : tensor<i1>
    }, {
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<4x4xf32>, tensor<2x2xf32>, tensor<f32>) -> tensor<4x5xf32>
  return
}
