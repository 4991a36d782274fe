// error: acos_c1
func.func @main(%arg0: tensor<2xf32>) {
  %0 = "chlo.acos"(%arg0) : (tensor<2xf32>) -> tensor<3xf32>
  return
}

// -----

// error: elementwise
func.func @main(%arg0: tensor<*xf32>) {
  %0 = "chlo.erf"(%arg0) : (tensor<*xf32>) -> tensor<3xf32>
  return
}

// -----

// error: broadcast_elements
func.func @main(%arg0: tensor<2xf32>, %arg1: tensor<2xi32>) {
  %0 = "chlo.broadcast_add"(%arg0, %arg1) : (tensor<2xf32>, tensor<2xi32>) -> tensor<2xf32>
  return
}

// -----

// error: broadcast_shape
func.func @main(%arg0: tensor<2xf32>, %arg1: tensor<3x2xf32>) {
  %0 = "chlo.broadcast_add"(%arg0, %arg1) : (tensor<2xf32>, tensor<3x2xf32>) -> tensor<2x3xf32>
  return
}

// -----

// error: broadcast_shape
func.func @main(%arg0: tensor<2xf32>, %arg1: tensor<2xf32>) {
  %0 = "chlo.broadcast_compare"(%arg0, %arg1) <{comparison_direction = #chlo<comparison_direction EQ>}> : (tensor<2xf32>, tensor<2xf32>) -> tensor<3xi1>
  return
}

// -----

// error: broadcast_elements
func.func @main(%arg0: tensor<i1>, %arg1: tensor<2xf32>, %arg2: tensor<2xi32>) {
  %0 = "chlo.broadcast_select"(%arg0, %arg1, %arg2) : (tensor<i1>, tensor<2xf32>, tensor<2xi32>) -> tensor<2xf32>
  return
}

// -----

// error: broadcast_shape
func.func @main(%arg0: tensor<3x1xi1>, %arg1: tensor<2xf32>, %arg2: tensor<2xf32>) {
  %0 = "chlo.broadcast_select"(%arg0, %arg1, %arg2) : (tensor<3x1xi1>, tensor<2xf32>, tensor<2xf32>) -> tensor<2x3xf32>
  return
}

// -----

// error: broadcast_shape
func.func @main(%arg0: tensor<2xf32>, %arg1: tensor<2xf32>) {
  %0 = "chlo.broadcast_complex"(%arg0, %arg1) : (tensor<2xf32>, tensor<2xf32>) -> tensor<3xcomplex<f32>>
  return
}

// -----

// error: constant_like_value
func.func @main(%arg0: tensor<2xf32>) {
  %0 = "chlo.constant_like"(%arg0) <{value = 1.0 : f32}> : (tensor<2xf32>) -> tensor<2xi32>
  return
}

// -----

// error: constant_like_c1
func.func @main(%arg0: tensor<2xf32>) {
  %0 = "chlo.constant_like"(%arg0) <{value = 1.0 : f32}> : (tensor<2xf32>) -> tensor<3xf32>
  return
}

// -----

// error: constant_c1
func.func @main() {
  %0 = "chlo.constant"() <{value = dense<1.0> : tensor<2xf32>}> : () -> tensor<3xf32>
  return
}

// -----

// error: is_inf_c1
func.func @main(%arg0: tensor<2xf32>) {
  %0 = "chlo.is_inf"(%arg0) : (tensor<2xf32>) -> tensor<3xi1>
  return
}

// -----

// error: top_k_k
func.func @main(%arg0: tensor<4xf32>) {
  %0:2 = "chlo.top_k"(%arg0) <{k = 5 : i64}> : (tensor<4xf32>) -> (tensor<5xf32>, tensor<5xi32>)
  return
}

// -----

// error: top_k_k
func.func @main(%arg0: tensor<4xf32>) {
  %0:2 = "chlo.top_k"(%arg0) <{k = -1 : i64}> : (tensor<4xf32>) -> (tensor<4xf32>, tensor<4xi32>)
  return
}

// -----

// error: top_k_operand
func.func @main(%arg0: tensor<f32>) {
  %0:2 = "chlo.top_k"(%arg0) <{k = 1 : i64}> : (tensor<f32>) -> (tensor<f32>, tensor<i32>)
  return
}

// -----

// error: top_k_result
func.func @main(%arg0: tensor<4xf32>) {
  %0:2 = "chlo.top_k"(%arg0) <{k = 2 : i64}> : (tensor<4xf32>) -> (tensor<2xf32>, tensor<2xi64>)
  return
}

// -----

// error: ragged_dot_c2
func.func @main(%arg0: tensor<11x5xf32>, %arg1: tensor<3x5x7xf32>, %arg2: tensor<3xi64>) {
  %0 = "chlo.ragged_dot"(%arg0, %arg1, %arg2) <{ragged_dot_dimension_numbers = #chlo.ragged_dot<lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [1, 2], lhs_ragged_dimensions = [0], rhs_group_dimensions = [0]>}> : (tensor<11x5xf32>, tensor<3x5x7xf32>, tensor<3xi64>) -> tensor<11x7xf32>
  return
}

// -----

// error: ragged_dot_c10
func.func @main(%arg0: tensor<11x5xf32>, %arg1: tensor<3x4x7xf32>, %arg2: tensor<3xi64>) {
  %0 = "chlo.ragged_dot"(%arg0, %arg1, %arg2) <{ragged_dot_dimension_numbers = #chlo.ragged_dot<lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [1], lhs_ragged_dimensions = [0], rhs_group_dimensions = [0]>}> : (tensor<11x5xf32>, tensor<3x4x7xf32>, tensor<3xi64>) -> tensor<11x7xf32>
  return
}

// -----

// error: ragged_dot_lhs_ragged_dimensions
func.func @main(%arg0: tensor<11x5xf32>, %arg1: tensor<3x5x7xf32>, %arg2: tensor<3xi64>) {
  %0 = "chlo.ragged_dot"(%arg0, %arg1, %arg2) <{ragged_dot_dimension_numbers = #chlo.ragged_dot<lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [1], lhs_ragged_dimensions = [0, 1], rhs_group_dimensions = [0]>}> : (tensor<11x5xf32>, tensor<3x5x7xf32>, tensor<3xi64>) -> tensor<11x7xf32>
  return
}

// -----

// error: ragged_dot_lhs_ragged_dimensions
func.func @main(%arg0: tensor<11x5xf32>, %arg1: tensor<3x5x7xf32>, %arg2: tensor<3xi64>) {
  %0 = "chlo.ragged_dot"(%arg0, %arg1, %arg2) <{ragged_dot_dimension_numbers = #chlo.ragged_dot<lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [1], lhs_ragged_dimensions = [2], rhs_group_dimensions = [0]>}> : (tensor<11x5xf32>, tensor<3x5x7xf32>, tensor<3xi64>) -> tensor<11x7xf32>
  return
}

// -----

// error: ragged_dot_group_sizes
func.func @main(%arg0: tensor<11x5xf32>, %arg1: tensor<3x5x7xf32>, %arg2: tensor<2x3xi64>) {
  %0 = "chlo.ragged_dot"(%arg0, %arg1, %arg2) <{ragged_dot_dimension_numbers = #chlo.ragged_dot<lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [1], lhs_ragged_dimensions = [0], rhs_group_dimensions = [0]>}> : (tensor<11x5xf32>, tensor<3x5x7xf32>, tensor<2x3xi64>) -> tensor<11x7xf32>
  return
}

// -----

// error: ragged_dot_rhs_group_dimensions
func.func @main(%arg0: tensor<11x5xf32>, %arg1: tensor<3x5x7xf32>, %arg2: tensor<4xi64>) {
  %0 = "chlo.ragged_dot"(%arg0, %arg1, %arg2) <{ragged_dot_dimension_numbers = #chlo.ragged_dot<lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [1], lhs_ragged_dimensions = [0], rhs_group_dimensions = [0]>}> : (tensor<11x5xf32>, tensor<3x5x7xf32>, tensor<4xi64>) -> tensor<11x7xf32>
  return
}

// -----

// error: ragged_dot_rhs_group_dimensions
func.func @main(%arg0: tensor<11x5xf32>, %arg1: tensor<3x5x7xf32>, %arg2: tensor<3xi64>) {
  %0 = "chlo.ragged_dot"(%arg0, %arg1, %arg2) <{ragged_dot_dimension_numbers = #chlo.ragged_dot<lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [1], lhs_ragged_dimensions = [0]>}> : (tensor<11x5xf32>, tensor<3x5x7xf32>, tensor<3xi64>) -> tensor<11x7xf32>
  return
}

// -----

// error: ragged_dot_rhs_group_dimensions
func.func @main(%arg0: tensor<11x5xf32>, %arg1: tensor<3x5x7xf32>, %arg2: tensor<3xi64>) {
  %0 = "chlo.ragged_dot"(%arg0, %arg1, %arg2) <{ragged_dot_dimension_numbers = #chlo.ragged_dot<lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [1], lhs_ragged_dimensions = [0], rhs_group_dimensions = [1]>}> : (tensor<11x5xf32>, tensor<3x5x7xf32>, tensor<3xi64>) -> tensor<11x7xf32>
  return
}

// -----

// error: ragged_dot_result
func.func @main(%arg0: tensor<11x5xf32>, %arg1: tensor<3x5x7xf32>, %arg2: tensor<3xi64>) {
  %0 = "chlo.ragged_dot"(%arg0, %arg1, %arg2) <{ragged_dot_dimension_numbers = #chlo.ragged_dot<lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [1], lhs_ragged_dimensions = [0], rhs_group_dimensions = [0]>}> : (tensor<11x5xf32>, tensor<3x5x7xf32>, tensor<3xi64>) -> tensor<7x11xf32>
  return
}

// -----

// error: scan_body
func.func @main(%arg0: tensor<2x4xf32>, %arg1: tensor<3xf32>) {
  %0:2 = "chlo.scan"(%arg0, %arg1) <{dimension = 1 : i64, operandSegmentSizes = array<i32: 1, 1>, resultSegmentSizes = array<i32: 1, 1>}> ({
    ^bb0(%x0: tensor<3xf32>, %x1: tensor<3xf32>):
      %1 = stablehlo.add %x0, %x1 : tensor<3xf32>
      stablehlo.return %1, %1 : tensor<3xf32>, tensor<3xf32>
    }) : (tensor<2x4xf32>, tensor<3xf32>) -> (tensor<3x4xf32>, tensor<3xf32>)
  return
}

// -----

// error: scan_dimension
func.func @main(%arg0: tensor<3x4xf32>, %arg1: tensor<3xf32>) {
  %0:2 = "chlo.scan"(%arg0, %arg1) <{dimension = 2 : i64, operandSegmentSizes = array<i32: 1, 1>, resultSegmentSizes = array<i32: 1, 1>}> ({
    ^bb0(%x0: tensor<3xf32>, %x1: tensor<3xf32>):
      %1 = stablehlo.add %x0, %x1 : tensor<3xf32>
      stablehlo.return %1, %1 : tensor<3xf32>, tensor<3xf32>
    }) : (tensor<3x4xf32>, tensor<3xf32>) -> (tensor<3x4xf32>, tensor<3xf32>)
  return
}

// -----

// error: scan_results
func.func @main(%arg0: tensor<3x4xf32>, %arg1: tensor<3xf32>) {
  %0:2 = "chlo.scan"(%arg0, %arg1) <{dimension = 1 : i64, operandSegmentSizes = array<i32: 1, 1>, resultSegmentSizes = array<i32: 1, 1>}> ({
    ^bb0(%x0: tensor<3xf32>, %x1: tensor<3xf32>):
      %1 = stablehlo.add %x0, %x1 : tensor<3xf32>
      stablehlo.return %1, %1 : tensor<3xf32>, tensor<3xf32>
    }) : (tensor<3x4xf32>, tensor<3xf32>) -> (tensor<4x3xf32>, tensor<3xf32>)
  return
}

// -----

// error: scan_body
func.func @main(%arg0: tensor<3x4xf32>, %arg1: tensor<3xf32>) {
  %0:2 = "chlo.scan"(%arg0, %arg1) <{dimension = 1 : i64, operandSegmentSizes = array<i32: 1, 1>, resultSegmentSizes = array<i32: 1, 1>}> ({
    ^bb0(%x0: tensor<3xf32>):
      stablehlo.return %x0, %x0 : tensor<3xf32>, tensor<3xf32>
    }) : (tensor<3x4xf32>, tensor<3xf32>) -> (tensor<3x4xf32>, tensor<3xf32>)
  return
}

// -----

// error: broadcast_complex_elements
func.func @main(%arg0: tensor<2xbf16>, %arg1: tensor<bf16>) {
  %0 = chlo.broadcast_complex %arg0, %arg1 : (tensor<2xbf16>, tensor<bf16>) -> tensor<2xcomplex<f32>>
  return
}
