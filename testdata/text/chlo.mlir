// The CHLO dialect.

func.func @unary(%x: tensor<4xf32>, %z: tensor<4xcomplex<f32>>) {
  %0 = chlo.acos %x : tensor<4xf32> -> tensor<4xf32>
  %1 = chlo.acosh %x : tensor<4xf32> -> tensor<4xf32>
  %2 = chlo._asin_acos_kernel %z : tensor<4xcomplex<f32>> -> tensor<4xcomplex<f32>>
  %3 = chlo.asin %x : tensor<4xf32> -> tensor<4xf32>
  %4 = chlo.asinh %x : tensor<4xf32> -> tensor<4xf32>
  %5 = chlo.atan %x : tensor<4xf32> -> tensor<4xf32>
  %6 = chlo.atanh %x : tensor<4xf32> -> tensor<4xf32>
  %7 = chlo.bessel_i1e %x : tensor<4xf32> -> tensor<4xf32>
  %8 = chlo.conj %z : tensor<4xcomplex<f32>> -> tensor<4xcomplex<f32>>
  %9 = chlo.cosh %x : tensor<4xf32> -> tensor<4xf32>
  %10 = chlo.digamma %x : tensor<4xf32> -> tensor<4xf32>
  %11 = chlo.erf %x : tensor<4xf32> -> tensor<4xf32>
  %12 = chlo.erf_inv %x : tensor<4xf32> -> tensor<4xf32>
  %13 = chlo.erfc %x : tensor<4xf32> -> tensor<4xf32>
  %14 = chlo.is_inf %x : tensor<4xf32> -> tensor<4xi1>
  %15 = chlo.is_neg_inf %x : tensor<4xf32> -> tensor<4xi1>
  %16 = chlo.is_pos_inf %x : tensor<4xf32> -> tensor<4xi1>
  %17 = chlo.lgamma %x : tensor<4xf32> -> tensor<4xf32>
  %18 = chlo.sinh %x : tensor<4xf32> -> tensor<4xf32>
  %19 = chlo.square %x : tensor<4xf32> -> tensor<4xf32>
  %20 = chlo.tan %x {mhlo.note} : tensor<4xf32> -> tensor<4xf32>
  return
}

func.func @binary(%x: tensor<4xf32>, %n: tensor<4xi32>) {
  %0 = chlo.mulhi %n, %n : tensor<4xi32>, tensor<4xi32> -> tensor<4xi32>
  %1 = chlo.next_after %x, %x : tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
  %2 = chlo.polygamma %x, %x : tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
  %3 = chlo.zeta %x, %x : tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
  return
}

func.func @broadcasting(%x: tensor<4xf32>, %y: tensor<2x4xf32>, %n: tensor<4xi32>, %p: tensor<4xi1>) {
  %0 = chlo.broadcast_add %x, %y {broadcast_dimensions = array<i64: 1>} : (tensor<4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %1 = chlo.broadcast_and %n, %n : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi32>
  %2 = chlo.broadcast_atan2 %x, %y : (tensor<4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %3 = chlo.broadcast_compare %x, %y {compare_type = #chlo<comparison_type FLOAT>, comparison_direction = #chlo<comparison_direction EQ>} : (tensor<4xf32>, tensor<2x4xf32>) -> tensor<2x4xi1>
  %4 = chlo.broadcast_complex %x, %y : (tensor<4xf32>, tensor<2x4xf32>) -> tensor<2x4xcomplex<f32>>
  %5 = chlo.broadcast_divide %x, %y : (tensor<4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %6 = chlo.broadcast_maximum %x, %y : (tensor<4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %7 = chlo.broadcast_minimum %x, %y : (tensor<4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %8 = chlo.broadcast_multiply %x, %y : (tensor<4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %9 = chlo.broadcast_next_after %x, %y : (tensor<4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %10 = chlo.broadcast_or %n, %n : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi32>
  %11 = chlo.broadcast_polygamma %x, %y : (tensor<4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %12 = chlo.broadcast_power %x, %y : (tensor<4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %13 = chlo.broadcast_remainder %x, %y : (tensor<4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %14 = chlo.broadcast_select %p, %x, %y : (tensor<4xi1>, tensor<4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %15 = chlo.broadcast_shift_left %n, %n : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi32>
  %16 = chlo.broadcast_shift_right_arithmetic %n, %n : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi32>
  %17 = chlo.broadcast_shift_right_logical %n, %n : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi32>
  %18 = chlo.broadcast_subtract %x, %y : (tensor<4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %19 = chlo.broadcast_xor %n, %n : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi32>
  %20 = chlo.broadcast_zeta %x, %y : (tensor<4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  return
}

func.func @others(%x: tensor<3x4xf32>, %i: tensor<3xf32>, %lhs: tensor<11x5xf32>, %rhs: tensor<3x5x7xf32>, %sizes: tensor<3xi64>) {
  %0:2 = chlo.top_k(%x, k = 2) : tensor<3x4xf32> -> (tensor<3x2xf32>, tensor<3x2xi32>)
  %1 = chlo.constant dense<1.000000e+00> : tensor<4xf32>
  %2 = "chlo.constant_like"(%x) <{value = 1.000000e+00 : f32}> : (tensor<3x4xf32>) -> tensor<3x4xf32>
  %3 = "chlo.ragged_dot"(%lhs, %rhs, %sizes) <{precision_config = [#chlo<precision DEFAULT>, #chlo<precision HIGHEST>], ragged_dot_dimension_numbers = #chlo.ragged_dot<lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [1], lhs_ragged_dimensions = [0], rhs_group_dimensions = [0]>}> : (tensor<11x5xf32>, tensor<3x5x7xf32>, tensor<3xi64>) -> tensor<11x7xf32>
  %4:2 = chlo.scan(%x) inits (%i) dimension=1 attributes {is_associative = false, is_reverse = true} {
  ^bb0(%input: tensor<3xf32>, %carry: tensor<3xf32>):
    %6 = stablehlo.add %input, %carry : tensor<3xf32>
    stablehlo.return %6, %6 : tensor<3xf32>, tensor<3xf32>
  } : (tensor<3x4xf32>, tensor<3xf32>) -> (tensor<3x4xf32>, tensor<3xf32>)
  return
}
