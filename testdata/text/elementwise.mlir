// Operations that compute each element from the elements at the same place.

func.func @unary(%x: tensor<2x3xf32>, %n: tensor<4xi32>, %p: tensor<2xi1>, %z: tensor<2xcomplex<f32>>) {
  %0 = stablehlo.abs %x : tensor<2x3xf32>
  %1 = stablehlo.abs %z : (tensor<2xcomplex<f32>>) -> tensor<2xf32>
  %2 = stablehlo.cbrt %x : tensor<2x3xf32>
  %3 = stablehlo.ceil %x : tensor<2x3xf32>
  %4 = stablehlo.convert %x : (tensor<2x3xf32>) -> tensor<2x3xbf16>
  %5 = stablehlo.cosine %x : tensor<2x3xf32>
  %6 = stablehlo.count_leading_zeros %n : tensor<4xi32>
  %7 = stablehlo.exponential %x {result_accuracy = #stablehlo.result_accuracy<mode = #stablehlo.result_accuracy_mode<HIGHEST>>} : tensor<2x3xf32>
  %8 = stablehlo.exponential_minus_one %x {result_accuracy = #stablehlo.result_accuracy<atol = 1.000000e-05, ulps = 2, mode = #stablehlo.result_accuracy_mode<TOLERANCE>>} : tensor<2x3xf32>
  %9 = stablehlo.floor %x : tensor<2x3xf32>
  %10 = stablehlo.imag %z : (tensor<2xcomplex<f32>>) -> tensor<2xf32>
  %11 = stablehlo.is_finite %x : (tensor<2x3xf32>) -> tensor<2x3xi1>
  %12 = stablehlo.log %x : tensor<2x3xf32>
  %13 = stablehlo.log_plus_one %x : tensor<2x3xf32>
  %14 = stablehlo.logistic %x : tensor<2x3xf32>
  %15 = stablehlo.negate %n : tensor<4xi32>
  %16 = stablehlo.not %p : tensor<2xi1>
  %17 = stablehlo.popcnt %n : tensor<4xi32>
  %18 = stablehlo.real %z : (tensor<2xcomplex<f32>>) -> tensor<2xf32>
  %19 = stablehlo.reduce_precision %x, format = e5m10 : tensor<2x3xf32>
  %20 = stablehlo.round_nearest_afz %x : tensor<2x3xf32>
  %21 = stablehlo.round_nearest_even %x : tensor<2x3xf32>
  %22 = stablehlo.rsqrt %x : tensor<2x3xf32>
  %23 = stablehlo.sign %x : tensor<2x3xf32>
  %24 = stablehlo.sine %x : tensor<2x3xf32>
  %25 = stablehlo.sqrt %x : tensor<2x3xf32>
  %26 = stablehlo.tan %x : tensor<2x3xf32>
  %27 = stablehlo.tanh %x {mhlo.note = "discardable attributes stay"} : tensor<2x3xf32>
  return
}

func.func @binary(%a: tensor<2xf32>, %b: tensor<2xf32>, %n: tensor<4xi32>, %m: tensor<4xi32>) {
  %0 = stablehlo.add %a, %b : tensor<2xf32>
  %1 = stablehlo.and %n, %m : tensor<4xi32>
  %2 = stablehlo.atan2 %a, %b : tensor<2xf32>
  %3 = stablehlo.complex %a, %b : tensor<2xcomplex<f32>>
  %4 = stablehlo.divide %a, %b : tensor<2xf32>
  %5 = stablehlo.maximum %a, %b : tensor<2xf32>
  %6 = stablehlo.minimum %a, %b : tensor<2xf32>
  %7 = stablehlo.multiply %a, %b : tensor<2xf32>
  %8 = stablehlo.or %n, %m : tensor<4xi32>
  %9 = stablehlo.power %a, %b : tensor<2xf32>
  %10 = stablehlo.remainder %n, %m : tensor<4xi32>
  %11 = stablehlo.shift_left %n, %m : tensor<4xi32>
  %12 = stablehlo.shift_right_arithmetic %n, %m : tensor<4xi32>
  %13 = stablehlo.shift_right_logical %n, %m : tensor<4xi32>
  %14 = stablehlo.subtract %a, %b : tensor<2xf32>
  %15 = stablehlo.xor %n, %m : tensor<4xi32>
  %16 = stablehlo.compare LT, %a, %b : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xi1>
  %17 = stablehlo.compare EQ, %a, %b, TOTALORDER : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xi1>
  %18 = stablehlo.compare GE, %n, %m, SIGNED {mhlo.note} : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi1>
  %19 = stablehlo.select %16, %a, %b : tensor<2xi1>, tensor<2xf32>
  return
}

func.func @mixed(%scalar: tensor<f32>, %x: tensor<2xf32>, %y: tensor<?xf32>, %p: tensor<i1>) {
  %0 = stablehlo.clamp %scalar, %x, %scalar : (tensor<f32>, tensor<2xf32>, tensor<f32>) -> tensor<2xf32>
  %1 = stablehlo.clamp %x, %x, %x : tensor<2xf32>
  %2 = stablehlo.add %x, %y : (tensor<2xf32>, tensor<?xf32>) -> tensor<2xf32>
  %3 = stablehlo.select %p, %x, %y : (tensor<i1>, tensor<2xf32>, tensor<?xf32>) -> tensor<2xf32>
  return
}
