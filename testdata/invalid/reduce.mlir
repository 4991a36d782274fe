// error: reduce_c1
func.func @main(%arg0: tensor<4x5xf32>, %arg1: tensor<4x6xf32>, %arg2: tensor<f32>, %arg3: tensor<f32>) {
  %0:2 = "stablehlo.reduce"(%arg0, %arg1, %arg2, %arg3) <{dimensions = array<i64: 0>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>, %x2: tensor<f32>, %x3: tensor<f32>):
      stablehlo.return %x0, %x1 : tensor<f32>, tensor<f32>
    }) : (tensor<4x5xf32>, tensor<4x6xf32>, tensor<f32>, tensor<f32>) -> (tensor<5xf32>, tensor<5xf32>)
  return
}

// -----

// error: reduce_c3
func.func @main() {
  "stablehlo.reduce"() <{dimensions = array<i64: 0>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>, %x2: tensor<f32>, %x3: tensor<f32>):
      stablehlo.return %x0, %x1 : tensor<f32>, tensor<f32>
    }) : () -> ()
  return
}

// -----

// error: operand_count
func.func @main(%arg0: tensor<4x5xf32>, %arg1: tensor<f32>, %arg2: tensor<f32>) {
  %0 = "stablehlo.reduce"(%arg0, %arg1, %arg2) <{dimensions = array<i64: 0>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<4x5xf32>, tensor<f32>, tensor<f32>) -> tensor<5xf32>
  return
}

// -----

// error: reduce_c4
func.func @main(%arg0: tensor<4x5xf32>, %arg1: tensor<f32>) {
  %0 = "stablehlo.reduce"(%arg0, %arg1) <{dimensions = array<i64: 2>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<4x5xf32>, tensor<f32>) -> tensor<5xf32>
  return
}

// -----

// error: reduce_c4
func.func @main(%arg0: tensor<4x5xf32>, %arg1: tensor<f32>) {
  %0 = "stablehlo.reduce"(%arg0, %arg1) <{dimensions = array<i64: -1>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<4x5xf32>, tensor<f32>) -> tensor<5xf32>
  return
}

// -----

// error: reduce_c5
func.func @main(%arg0: tensor<4x5xf32>, %arg1: tensor<f32>) {
  %0 = "stablehlo.reduce"(%arg0, %arg1) <{dimensions = array<i64: 0, 0>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<4x5xf32>, tensor<f32>) -> tensor<5xf32>
  return
}

// -----

// error: reduce_c6
func.func @main(%arg0: tensor<4x5xf32>, %arg1: tensor<f32>) {
  %0 = "stablehlo.reduce"(%arg0, %arg1) <{dimensions = array<i64: 0>}> ({
    ^bb0(%x0: tensor<f32>):
      stablehlo.return %x0 : tensor<f32>
    }) : (tensor<4x5xf32>, tensor<f32>) -> tensor<5xf32>
  return
}

// -----

// error: reduce_c6
func.func @main(%arg0: tensor<4x5xf32>, %arg1: tensor<f32>) {
  %0 = "stablehlo.reduce"(%arg0, %arg1) <{dimensions = array<i64: 0>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      stablehlo.return %x0, %x1 : tensor<f32>, tensor<f32>
    }) : (tensor<4x5xf32>, tensor<f32>) -> tensor<5xf32>
  return
}

// -----

// error: reduce_c6
func.func @main(%arg0: tensor<4x5xf32>, %arg1: tensor<f32>) {
  %0 = "stablehlo.reduce"(%arg0, %arg1) <{dimensions = array<i64: 0>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<i32>):
      stablehlo.return %x0 : tensor<f32>
    }) : (tensor<4x5xf32>, tensor<f32>) -> tensor<5xf32>
  return
}

// -----

// error: reduce_c6
func.func @main(%arg0: tensor<4x5xf32>, %arg1: tensor<i32>) {
  %0 = "stablehlo.reduce"(%arg0, %arg1) <{dimensions = array<i64: 0>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<4x5xf32>, tensor<i32>) -> tensor<5xf32>
  return
}

// -----

// error: reduce_c6
func.func @main(%arg0: tensor<4x5xf32>, %arg1: tensor<5xf32>) {
  %0 = "stablehlo.reduce"(%arg0, %arg1) <{dimensions = array<i64: 0>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<4x5xf32>, tensor<5xf32>) -> tensor<5xf32>
  return
}

// -----

// error: reduce_c6
func.func @main(%arg0: tensor<4x5xi64>, %arg1: tensor<i32>) {
  %0 = "stablehlo.reduce"(%arg0, %arg1) <{dimensions = array<i64: 0>}> ({
    ^bb0(%x0: tensor<i32>, %x1: tensor<i32>):
      %1 = stablehlo.add %x0, %x1 : tensor<i32>
      stablehlo.return %1 : tensor<i32>
    }) : (tensor<4x5xi64>, tensor<i32>) -> tensor<5xi32>
  return
}

// -----

// error: reduce_c6
func.func @main(%arg0: tensor<4x5xf32>, %arg1: tensor<f32>) {
  %0 = "stablehlo.reduce"(%arg0, %arg1) <{dimensions = array<i64: 0>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<7xf32>):
      stablehlo.return %x0 : tensor<f32>
    }) : (tensor<4x5xf32>, tensor<f32>) -> tensor<5xf32>
  return
}

// -----

// error: reduce_c7
func.func @main(%arg0: tensor<4x5xf32>, %arg1: tensor<f32>) {
  %0 = "stablehlo.reduce"(%arg0, %arg1) <{dimensions = array<i64: 0>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<4x5xf32>, tensor<f32>) -> tensor<4xf32>
  return
}

// -----

// error: map_c1
func.func @main(%arg0: tensor<2xf32>, %arg1: tensor<3xf32>) {
  %0 = "stablehlo.map"(%arg0, %arg1) <{dimensions = array<i64: 0>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<2xf32>, tensor<3xf32>) -> tensor<2xf32>
  return
}

// -----

// error: map_c3
func.func @main(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) {
  %0 = "stablehlo.map"(%arg0, %arg1) <{dimensions = array<i64: 1, 0>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

// error: map_c3
func.func @main(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) {
  %0 = "stablehlo.map"(%arg0, %arg1) <{dimensions = array<i64: 0>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

// error: map_c4
func.func @main(%arg0: tensor<2xf32>) {
  %0 = "stablehlo.map"(%arg0) <{dimensions = array<i64: 0>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

// error: map_c4
func.func @main(%arg0: tensor<2xf32>, %arg1: tensor<2xf32>) {
  %0 = "stablehlo.map"(%arg0, %arg1) <{dimensions = array<i64: 0>}> ({
    ^bb0(%x0: tensor<f64>, %x1: tensor<f64>):
      %1 = stablehlo.add %x0, %x1 : tensor<f64>
      stablehlo.return %1 : tensor<f64>
    }) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

// error: map_c4
func.func @main(%arg0: tensor<2xf32>, %arg1: tensor<2xf32>) {
  %0 = "stablehlo.map"(%arg0, %arg1) <{dimensions = array<i64: 0>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf64>
  return
}

// -----

// error: map_c4
func.func @main(%arg0: tensor<2xf32>, %arg1: tensor<2xf32>) {
  %0 = "stablehlo.map"(%arg0, %arg1) <{dimensions = array<i64: 0>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      stablehlo.return %x0, %x1 : tensor<f32>, tensor<f32>
    }) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return
}
