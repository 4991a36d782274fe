// CHLO functions, computed directly.

func.func @acos_f64() {
    %operand = stablehlo.constant dense<[-0.5, 0.25, 1.0]> : tensor<3xf64>
    %result = chlo.acos %operand : tensor<3xf64> -> tensor<3xf64>
  %expectedresult = stablehlo.constant dense<[2.0943951023931957, 1.318116071652818, 0.0]> : tensor<3xf64>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xf64>, tensor<3xf64>
  func.return
}

// -----

func.func @acos_f32() {
    %operand = stablehlo.constant dense<[-0.5, 0.25, 1.0]> : tensor<3xf32>
    %result = chlo.acos %operand : tensor<3xf32> -> tensor<3xf32>
  %expectedresult = stablehlo.constant dense<[2.0943952, 1.3181161, 0.0]> : tensor<3xf32>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xf32>, tensor<3xf32>
  func.return
}

// -----

func.func @acosh_f64() {
    %operand = stablehlo.constant dense<[1.0, 1.5, 10.0]> : tensor<3xf64>
    %result = chlo.acosh %operand : tensor<3xf64> -> tensor<3xf64>
  %expectedresult = stablehlo.constant dense<[0.0, 0.9624236501192069, 2.993222846126381]> : tensor<3xf64>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xf64>, tensor<3xf64>
  func.return
}

// -----

func.func @acosh_f32() {
    %operand = stablehlo.constant dense<[1.0, 1.5, 10.0]> : tensor<3xf32>
    %result = chlo.acosh %operand : tensor<3xf32> -> tensor<3xf32>
  %expectedresult = stablehlo.constant dense<[0.0, 0.9624236, 2.993223]> : tensor<3xf32>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xf32>, tensor<3xf32>
  func.return
}

// -----

func.func @asin_f64() {
    %operand = stablehlo.constant dense<[-0.5, 0.25, 1.0]> : tensor<3xf64>
    %result = chlo.asin %operand : tensor<3xf64> -> tensor<3xf64>
  %expectedresult = stablehlo.constant dense<[-0.5235987755982989, 0.25268025514207865, 1.5707963267948966]> : tensor<3xf64>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xf64>, tensor<3xf64>
  func.return
}

// -----

func.func @asin_f32() {
    %operand = stablehlo.constant dense<[-0.5, 0.25, 1.0]> : tensor<3xf32>
    %result = chlo.asin %operand : tensor<3xf32> -> tensor<3xf32>
  %expectedresult = stablehlo.constant dense<[-0.5235988, 0.25268024, 1.5707964]> : tensor<3xf32>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xf32>, tensor<3xf32>
  func.return
}

// -----

func.func @asinh_f64() {
    %operand = stablehlo.constant dense<[-0.5, 0.25, 10.0]> : tensor<3xf64>
    %result = chlo.asinh %operand : tensor<3xf64> -> tensor<3xf64>
  %expectedresult = stablehlo.constant dense<[-0.48121182505960347, 0.24746646154726346, 2.99822295029797]> : tensor<3xf64>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xf64>, tensor<3xf64>
  func.return
}

// -----

func.func @asinh_f32() {
    %operand = stablehlo.constant dense<[-0.5, 0.25, 10.0]> : tensor<3xf32>
    %result = chlo.asinh %operand : tensor<3xf32> -> tensor<3xf32>
  %expectedresult = stablehlo.constant dense<[-0.4812118, 0.24746646, 2.998223]> : tensor<3xf32>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xf32>, tensor<3xf32>
  func.return
}

// -----

func.func @atan_f64() {
    %operand = stablehlo.constant dense<[-0.5, 0.25, 10.0]> : tensor<3xf64>
    %result = chlo.atan %operand : tensor<3xf64> -> tensor<3xf64>
  %expectedresult = stablehlo.constant dense<[-0.4636476090008061, 0.24497866312686414, 1.4711276743037347]> : tensor<3xf64>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xf64>, tensor<3xf64>
  func.return
}

// -----

func.func @atan_f32() {
    %operand = stablehlo.constant dense<[-0.5, 0.25, 10.0]> : tensor<3xf32>
    %result = chlo.atan %operand : tensor<3xf32> -> tensor<3xf32>
  %expectedresult = stablehlo.constant dense<[-0.4636476, 0.24497867, 1.4711276]> : tensor<3xf32>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xf32>, tensor<3xf32>
  func.return
}

// -----

func.func @atanh_f64() {
    %operand = stablehlo.constant dense<[-0.5, 0.25, 0.75]> : tensor<3xf64>
    %result = chlo.atanh %operand : tensor<3xf64> -> tensor<3xf64>
  %expectedresult = stablehlo.constant dense<[-0.5493061443340549, 0.25541281188299536, 0.9729550745276566]> : tensor<3xf64>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xf64>, tensor<3xf64>
  func.return
}

// -----

func.func @atanh_f32() {
    %operand = stablehlo.constant dense<[-0.5, 0.25, 0.75]> : tensor<3xf32>
    %result = chlo.atanh %operand : tensor<3xf32> -> tensor<3xf32>
  %expectedresult = stablehlo.constant dense<[-0.54930615, 0.25541282, 0.97295505]> : tensor<3xf32>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xf32>, tensor<3xf32>
  func.return
}

// -----

func.func @bessel_i1e_f64() {
    %operand = stablehlo.constant dense<[-0.5, 0.25, 20.0]> : tensor<3xf64>
    %result = chlo.bessel_i1e %operand : tensor<3xf64> -> tensor<3xf64>
  %expectedresult = stablehlo.constant dense<[-0.1564208031848717, 0.09811262869736824, 0.08750622218328867]> : tensor<3xf64>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xf64>, tensor<3xf64>
  func.return
}

// -----

func.func @bessel_i1e_f32() {
    %operand = stablehlo.constant dense<[-0.5, 0.25, 20.0]> : tensor<3xf32>
    %result = chlo.bessel_i1e %operand : tensor<3xf32> -> tensor<3xf32>
  %expectedresult = stablehlo.constant dense<[-0.1564208, 0.09811263, 0.08750622]> : tensor<3xf32>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xf32>, tensor<3xf32>
  func.return
}

// -----

func.func @cosh_f64() {
    %operand = stablehlo.constant dense<[-0.5, 0.25, 5.0]> : tensor<3xf64>
    %result = chlo.cosh %operand : tensor<3xf64> -> tensor<3xf64>
  %expectedresult = stablehlo.constant dense<[1.1276259652063807, 1.0314130998795732, 74.20994852478785]> : tensor<3xf64>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xf64>, tensor<3xf64>
  func.return
}

// -----

func.func @cosh_f32() {
    %operand = stablehlo.constant dense<[-0.5, 0.25, 5.0]> : tensor<3xf32>
    %result = chlo.cosh %operand : tensor<3xf32> -> tensor<3xf32>
  %expectedresult = stablehlo.constant dense<[1.127626, 1.0314131, 74.209946]> : tensor<3xf32>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xf32>, tensor<3xf32>
  func.return
}

// -----

func.func @digamma_f32() {
    %operand = stablehlo.constant dense<[1.25, 3.25, -0.75]> : tensor<3xf32>
    %result = chlo.digamma %operand : tensor<3xf32> -> tensor<3xf32>
  %expectedresult = stablehlo.constant dense<[-0.22745353, 1.0169909, -2.8941202]> : tensor<3xf32>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xf32>, tensor<3xf32>
  func.return
}

// -----

func.func @erf_f64() {
    %operand = stablehlo.constant dense<[-0.5, 0.25, 3.0]> : tensor<3xf64>
    %result = chlo.erf %operand : tensor<3xf64> -> tensor<3xf64>
  %expectedresult = stablehlo.constant dense<[-0.5204998778130465, 0.27632639016823696, 0.9999779095030014]> : tensor<3xf64>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xf64>, tensor<3xf64>
  func.return
}

// -----

func.func @erf_f32() {
    %operand = stablehlo.constant dense<[-0.5, 0.25, 3.0]> : tensor<3xf32>
    %result = chlo.erf %operand : tensor<3xf32> -> tensor<3xf32>
  %expectedresult = stablehlo.constant dense<[-0.5204999, 0.2763264, 0.9999779]> : tensor<3xf32>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xf32>, tensor<3xf32>
  func.return
}

// -----

func.func @erfc_f64() {
    %operand = stablehlo.constant dense<[-0.5, 0.25, 5.0]> : tensor<3xf64>
    %result = chlo.erfc %operand : tensor<3xf64> -> tensor<3xf64>
  %expectedresult = stablehlo.constant dense<[1.5204998778130465, 0.7236736098317631, 1.537459794428035e-12]> : tensor<3xf64>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xf64>, tensor<3xf64>
  func.return
}

// -----

func.func @erfc_f32() {
    %operand = stablehlo.constant dense<[-0.5, 0.25, 5.0]> : tensor<3xf32>
    %result = chlo.erfc %operand : tensor<3xf32> -> tensor<3xf32>
  %expectedresult = stablehlo.constant dense<[1.5204998, 0.7236736, 1.5374598e-12]> : tensor<3xf32>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xf32>, tensor<3xf32>
  func.return
}

// -----

func.func @erf_inv_f64() {
    %operand = stablehlo.constant dense<[-0.5, 0.25, 0.9375]> : tensor<3xf64>
    %result = chlo.erf_inv %operand : tensor<3xf64> -> tensor<3xf64>
  %expectedresult = stablehlo.constant dense<[-0.4769362762044699, 0.2253120550121781, 1.3171503349861307]> : tensor<3xf64>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xf64>, tensor<3xf64>
  func.return
}

// -----

func.func @erf_inv_f32() {
    %operand = stablehlo.constant dense<[-0.5, 0.25, 0.9375]> : tensor<3xf32>
    %result = chlo.erf_inv %operand : tensor<3xf32> -> tensor<3xf32>
  %expectedresult = stablehlo.constant dense<[-0.47693628, 0.22531205, 1.3171504]> : tensor<3xf32>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xf32>, tensor<3xf32>
  func.return
}

// -----

func.func @lgamma_f64() {
    %operand = stablehlo.constant dense<[0.5, 3.25, -0.75]> : tensor<3xf64>
    %result = chlo.lgamma %operand : tensor<3xf64> -> tensor<3xf64>
  %expectedresult = stablehlo.constant dense<[0.5723649429247001, 0.9358019311087253, 1.5757045971498584]> : tensor<3xf64>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xf64>, tensor<3xf64>
  func.return
}

// -----

func.func @lgamma_f32() {
    %operand = stablehlo.constant dense<[0.5, 3.25, -0.75]> : tensor<3xf32>
    %result = chlo.lgamma %operand : tensor<3xf32> -> tensor<3xf32>
  %expectedresult = stablehlo.constant dense<[0.5723649, 0.9358019, 1.5757046]> : tensor<3xf32>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xf32>, tensor<3xf32>
  func.return
}

// -----

func.func @sinh_f64() {
    %operand = stablehlo.constant dense<[-0.5, 0.25, 5.0]> : tensor<3xf64>
    %result = chlo.sinh %operand : tensor<3xf64> -> tensor<3xf64>
  %expectedresult = stablehlo.constant dense<[-0.5210953054937474, 0.2526123168081683, 74.20321057778875]> : tensor<3xf64>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xf64>, tensor<3xf64>
  func.return
}

// -----

func.func @sinh_f32() {
    %operand = stablehlo.constant dense<[-0.5, 0.25, 5.0]> : tensor<3xf32>
    %result = chlo.sinh %operand : tensor<3xf32> -> tensor<3xf32>
  %expectedresult = stablehlo.constant dense<[-0.5210953, 0.25261232, 74.20321]> : tensor<3xf32>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xf32>, tensor<3xf32>
  func.return
}

// -----

func.func @square_f64() {
    %operand = stablehlo.constant dense<[-1.5, 0.25, 3.0]> : tensor<3xf64>
    %result = chlo.square %operand : tensor<3xf64> -> tensor<3xf64>
  %expectedresult = stablehlo.constant dense<[2.25, 0.0625, 9.0]> : tensor<3xf64>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xf64>, tensor<3xf64>
  func.return
}

// -----

func.func @square_f32() {
    %operand = stablehlo.constant dense<[-1.5, 0.25, 3.0]> : tensor<3xf32>
    %result = chlo.square %operand : tensor<3xf32> -> tensor<3xf32>
  %expectedresult = stablehlo.constant dense<[2.25, 0.0625, 9.0]> : tensor<3xf32>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xf32>, tensor<3xf32>
  func.return
}

// -----

func.func @tan_f64() {
    %operand = stablehlo.constant dense<[-0.5, 0.25, 1.5]> : tensor<3xf64>
    %result = chlo.tan %operand : tensor<3xf64> -> tensor<3xf64>
  %expectedresult = stablehlo.constant dense<[-0.5463024898437905, 0.25534192122103627, 14.101419947171719]> : tensor<3xf64>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xf64>, tensor<3xf64>
  func.return
}

// -----

func.func @tan_f32() {
    %operand = stablehlo.constant dense<[-0.5, 0.25, 1.5]> : tensor<3xf32>
    %result = chlo.tan %operand : tensor<3xf32> -> tensor<3xf32>
  %expectedresult = stablehlo.constant dense<[-0.5463025, 0.25534192, 14.10142]> : tensor<3xf32>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xf32>, tensor<3xf32>
  func.return
}

// -----

func.func @conj_f32() {
    %operand = stablehlo.constant dense<[-1.5, 2.0]> : tensor<2xf32>
    %result = chlo.conj %operand : tensor<2xf32> -> tensor<2xf32>
  %expectedresult = stablehlo.constant dense<[-1.5, 2.0]> : tensor<2xf32>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<2xf32>, tensor<2xf32>
  func.return
}

// -----

func.func @zeta_f64() {
    %lhs = stablehlo.constant dense<[2.0, 3.5, 1.25]> : tensor<3xf64>
    %rhs = stablehlo.constant dense<[1.0, 0.5, 4.0]> : tensor<3xf64>
    %result = chlo.zeta %lhs, %rhs : tensor<3xf64>, tensor<3xf64> -> tensor<3xf64>
  %expectedresult = stablehlo.constant dense<[1.6449340668482264, 11.620804663441895, 2.921385056332222]> : tensor<3xf64>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xf64>, tensor<3xf64>
  func.return
}

// -----

func.func @polygamma_f64() {
    %lhs = stablehlo.constant dense<[0.0, 1.0, 3.0]> : tensor<3xf64>
    %rhs = stablehlo.constant dense<[1.5, 0.5, 4.0]> : tensor<3xf64>
    %result = chlo.polygamma %lhs, %rhs : tensor<3xf64>, tensor<3xf64> -> tensor<3xf64>
  %expectedresult = stablehlo.constant dense<[0.03648997397857652, 4.934802200544679, 0.04486532819275507]> : tensor<3xf64>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xf64>, tensor<3xf64>
  func.return
}

// -----

func.func @next_after() {
    %x = stablehlo.constant dense<[1.0, 1.0, 0.0, -1.0]> : tensor<4xf32>
    %y = stablehlo.constant dense<[2.0, 0.0, -1.0, -1.0]> : tensor<4xf32>
    %result = chlo.next_after %x, %y : tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
  %bitsresult = stablehlo.bitcast_convert %result : (tensor<4xf32>) -> tensor<4xui32>
  check.expect_eq_const %bitsresult, dense<[1065353217, 1065353215, 2147483649, 3212836864]> : tensor<4xui32>
  func.return
}

// -----

func.func @infinities() {
    %operand = stablehlo.constant dense<[1.0, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<4xf32>
    %any = chlo.is_inf %operand : tensor<4xf32> -> tensor<4xi1>
    %positive = chlo.is_pos_inf %operand : tensor<4xf32> -> tensor<4xi1>
    %negative = chlo.is_neg_inf %operand : tensor<4xf32> -> tensor<4xi1>
  check.expect_eq_const %any, dense<[false, true, true, false]> : tensor<4xi1>
  check.expect_eq_const %positive, dense<[false, true, false, false]> : tensor<4xi1>
  check.expect_eq_const %negative, dense<[false, false, true, false]> : tensor<4xi1>
  func.return
}

// -----

func.func @constants() {
    %constant = "chlo.constant"() {value = dense<[1, 2]> : tensor<2xi32>} : () -> tensor<2xi32>
    %like = "chlo.constant_like"(%constant) {value = 7 : i32} : (tensor<2xi32>) -> tensor<2xi32>
  check.expect_eq_const %constant, dense<[1, 2]> : tensor<2xi32>
  check.expect_eq_const %like, dense<7> : tensor<2xi32>
  func.return
}

// -----

func.func @asin_acos_kernel() {
  %z = stablehlo.constant dense<[(0.5, 0.25), (-2.0, -3.0), (1.0, 0.0), (0.0, 1.0e300)]> : tensor<4xcomplex<f64>>
  %kernel = chlo._asin_acos_kernel %z : tensor<4xcomplex<f64>> -> tensor<4xcomplex<f64>>
  %u = stablehlo.real %kernel : (tensor<4xcomplex<f64>>) -> tensor<4xf64>
  %v = stablehlo.imag %kernel : (tensor<4xcomplex<f64>>) -> tensor<4xf64>
  %expected_u = stablehlo.constant dense<[0.911754327326162, 3.1157990841033647, 0.0, 1.0e300]> : tensor<4xf64>
  %expected_v = stablehlo.constant dense<[0.28139605624529274, 1.9833870299165355, 0.0, 691.4686750787736]> : tensor<4xf64>
  check.expect_close %u, %expected_u, max_ulp_difference = 4 : tensor<4xf64>, tensor<4xf64>
  check.expect_close %v, %expected_v, max_ulp_difference = 4 : tensor<4xf64>, tensor<4xf64>
  %x = stablehlo.real %z : (tensor<4xcomplex<f64>>) -> tensor<4xf64>
  %asin = chlo.asin %z : tensor<4xcomplex<f64>> -> tensor<4xcomplex<f64>>
  %asin_x = stablehlo.real %asin : (tensor<4xcomplex<f64>>) -> tensor<4xf64>
  %angle = stablehlo.atan2 %x, %u : tensor<4xf64>
  check.expect_close %angle, %asin_x, max_ulp_difference = 2 : tensor<4xf64>, tensor<4xf64>
  func.return
}
