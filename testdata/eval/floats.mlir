// Real functions: one rounding to the element type, special values kept.

func.func @cbrt_f64() {
    %operand = stablehlo.constant dense<[-1.5, 0.25, 3.0, 0.0078125]> : tensor<4xf64>
    %result = stablehlo.cbrt %operand : tensor<4xf64>
  %expectedresult = stablehlo.constant dense<[-1.1447142425533319, 0.6299605249474366, 1.4422495703074083, 0.19842513149602495]> : tensor<4xf64>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<4xf64>, tensor<4xf64>
  func.return
}

// -----

func.func @cbrt_f32() {
    %operand = stablehlo.constant dense<[-1.5, 0.25, 3.0, 0.0078125]> : tensor<4xf32>
    %result = stablehlo.cbrt %operand : tensor<4xf32>
  %expectedresult = stablehlo.constant dense<[-1.1447142, 0.62996054, 1.4422495, 0.19842513]> : tensor<4xf32>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<4xf32>, tensor<4xf32>
  func.return
}

// -----

func.func @cbrt_bf16() {
    %operand = stablehlo.constant dense<[-1.5, 0.25, 3.0, 0.0078125]> : tensor<4xbf16>
    %result = stablehlo.cbrt %operand : tensor<4xbf16>
  %expectedresult = stablehlo.constant dense<[-1.1484375, 0.62890625, 1.4453125, 0.1982421875]> : tensor<4xbf16>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<4xbf16>, tensor<4xbf16>
  func.return
}

// -----

func.func @cosine_f64() {
    %operand = stablehlo.constant dense<[-1.5, 0.25, 3.0, 0.0078125]> : tensor<4xf64>
    %result = stablehlo.cosine %operand : tensor<4xf64>
  %expectedresult = stablehlo.constant dense<[0.0707372016677029, 0.9689124217106447, -0.9899924966004454, 0.9999694825770951]> : tensor<4xf64>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<4xf64>, tensor<4xf64>
  func.return
}

// -----

func.func @cosine_f32() {
    %operand = stablehlo.constant dense<[-1.5, 0.25, 3.0, 0.0078125]> : tensor<4xf32>
    %result = stablehlo.cosine %operand : tensor<4xf32>
  %expectedresult = stablehlo.constant dense<[0.0707372, 0.9689124, -0.9899925, 0.9999695]> : tensor<4xf32>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<4xf32>, tensor<4xf32>
  func.return
}

// -----

func.func @cosine_bf16() {
    %operand = stablehlo.constant dense<[-1.5, 0.25, 3.0, 0.0078125]> : tensor<4xbf16>
    %result = stablehlo.cosine %operand : tensor<4xbf16>
  %expectedresult = stablehlo.constant dense<[0.07080078125, 0.96875, -0.98828125, 1.0]> : tensor<4xbf16>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<4xbf16>, tensor<4xbf16>
  func.return
}

// -----

func.func @exponential_f64() {
    %operand = stablehlo.constant dense<[-1.5, 0.25, 3.0, 0.0078125]> : tensor<4xf64>
    %result = stablehlo.exponential %operand : tensor<4xf64>
  %expectedresult = stablehlo.constant dense<[0.22313016014842982, 1.2840254166877414, 20.085536923187668, 1.007843097206448]> : tensor<4xf64>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<4xf64>, tensor<4xf64>
  func.return
}

// -----

func.func @exponential_f32() {
    %operand = stablehlo.constant dense<[-1.5, 0.25, 3.0, 0.0078125]> : tensor<4xf32>
    %result = stablehlo.exponential %operand : tensor<4xf32>
  %expectedresult = stablehlo.constant dense<[0.22313017, 1.2840254, 20.085537, 1.0078431]> : tensor<4xf32>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<4xf32>, tensor<4xf32>
  func.return
}

// -----

func.func @exponential_bf16() {
    %operand = stablehlo.constant dense<[-1.5, 0.25, 3.0, 0.0078125]> : tensor<4xbf16>
    %result = stablehlo.exponential %operand : tensor<4xbf16>
  %expectedresult = stablehlo.constant dense<[0.22265625, 1.28125, 20.125, 1.0078125]> : tensor<4xbf16>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<4xbf16>, tensor<4xbf16>
  func.return
}

// -----

func.func @exponential_minus_one_f64() {
    %operand = stablehlo.constant dense<[-1.5, 0.25, 3.0, 0.0078125]> : tensor<4xf64>
    %result = stablehlo.exponential_minus_one %operand : tensor<4xf64>
  %expectedresult = stablehlo.constant dense<[-0.7768698398515702, 0.2840254166877415, 19.085536923187668, 0.007843097206447977]> : tensor<4xf64>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<4xf64>, tensor<4xf64>
  func.return
}

// -----

func.func @exponential_minus_one_f32() {
    %operand = stablehlo.constant dense<[-1.5, 0.25, 3.0, 0.0078125]> : tensor<4xf32>
    %result = stablehlo.exponential_minus_one %operand : tensor<4xf32>
  %expectedresult = stablehlo.constant dense<[-0.77686983, 0.28402543, 19.085537, 0.007843098]> : tensor<4xf32>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<4xf32>, tensor<4xf32>
  func.return
}

// -----

func.func @exponential_minus_one_bf16() {
    %operand = stablehlo.constant dense<[-1.5, 0.25, 3.0, 0.0078125]> : tensor<4xbf16>
    %result = stablehlo.exponential_minus_one %operand : tensor<4xbf16>
  %expectedresult = stablehlo.constant dense<[-0.77734375, 0.283203125, 19.125, 0.00787353515625]> : tensor<4xbf16>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<4xbf16>, tensor<4xbf16>
  func.return
}

// -----

func.func @log_f64() {
    %operand = stablehlo.constant dense<[0.5, 1.25, 3.0, 0.0078125]> : tensor<4xf64>
    %result = stablehlo.log %operand : tensor<4xf64>
  %expectedresult = stablehlo.constant dense<[-0.6931471805599453, 0.22314355131420976, 1.0986122886681098, -4.852030263919617]> : tensor<4xf64>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<4xf64>, tensor<4xf64>
  func.return
}

// -----

func.func @log_f32() {
    %operand = stablehlo.constant dense<[0.5, 1.25, 3.0, 0.0078125]> : tensor<4xf32>
    %result = stablehlo.log %operand : tensor<4xf32>
  %expectedresult = stablehlo.constant dense<[-0.6931472, 0.22314355, 1.0986123, -4.8520303]> : tensor<4xf32>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<4xf32>, tensor<4xf32>
  func.return
}

// -----

func.func @log_bf16() {
    %operand = stablehlo.constant dense<[0.5, 1.25, 3.0, 0.0078125]> : tensor<4xbf16>
    %result = stablehlo.log %operand : tensor<4xbf16>
  %expectedresult = stablehlo.constant dense<[-0.69140625, 0.22265625, 1.1015625, -4.84375]> : tensor<4xbf16>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<4xbf16>, tensor<4xbf16>
  func.return
}

// -----

func.func @log_plus_one_f64() {
    %operand = stablehlo.constant dense<[-0.75, 0.25, 3.0, 0.0078125]> : tensor<4xf64>
    %result = stablehlo.log_plus_one %operand : tensor<4xf64>
  %expectedresult = stablehlo.constant dense<[-1.3862943611198906, 0.22314355131420976, 1.3862943611198906, 0.007782140442054949]> : tensor<4xf64>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<4xf64>, tensor<4xf64>
  func.return
}

// -----

func.func @log_plus_one_f32() {
    %operand = stablehlo.constant dense<[-0.75, 0.25, 3.0, 0.0078125]> : tensor<4xf32>
    %result = stablehlo.log_plus_one %operand : tensor<4xf32>
  %expectedresult = stablehlo.constant dense<[-1.3862944, 0.22314355, 1.3862944, 0.0077821403]> : tensor<4xf32>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<4xf32>, tensor<4xf32>
  func.return
}

// -----

func.func @log_plus_one_bf16() {
    %operand = stablehlo.constant dense<[-0.75, 0.25, 3.0, 0.0078125]> : tensor<4xbf16>
    %result = stablehlo.log_plus_one %operand : tensor<4xbf16>
  %expectedresult = stablehlo.constant dense<[-1.3828125, 0.22265625, 1.3828125, 0.007781982421875]> : tensor<4xbf16>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<4xbf16>, tensor<4xbf16>
  func.return
}

// -----

func.func @logistic_f64() {
    %operand = stablehlo.constant dense<[-1.5, 0.25, 3.0, 0.0078125]> : tensor<4xf64>
    %result = stablehlo.logistic %operand : tensor<4xf64>
  %expectedresult = stablehlo.constant dense<[0.18242552380635635, 0.5621765008857981, 0.9525741268224333, 0.5019531150659532]> : tensor<4xf64>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<4xf64>, tensor<4xf64>
  func.return
}

// -----

func.func @logistic_f32() {
    %operand = stablehlo.constant dense<[-1.5, 0.25, 3.0, 0.0078125]> : tensor<4xf32>
    %result = stablehlo.logistic %operand : tensor<4xf32>
  %expectedresult = stablehlo.constant dense<[0.18242553, 0.5621765, 0.95257413, 0.5019531]> : tensor<4xf32>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<4xf32>, tensor<4xf32>
  func.return
}

// -----

func.func @logistic_bf16() {
    %operand = stablehlo.constant dense<[-1.5, 0.25, 3.0, 0.0078125]> : tensor<4xbf16>
    %result = stablehlo.logistic %operand : tensor<4xbf16>
  %expectedresult = stablehlo.constant dense<[0.1826171875, 0.5625, 0.953125, 0.5]> : tensor<4xbf16>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<4xbf16>, tensor<4xbf16>
  func.return
}

// -----

func.func @rsqrt_f64() {
    %operand = stablehlo.constant dense<[0.5, 1.25, 3.0, 0.0078125]> : tensor<4xf64>
    %result = stablehlo.rsqrt %operand : tensor<4xf64>
  %expectedresult = stablehlo.constant dense<[1.4142135623730951, 0.8944271909999159, 0.5773502691896257, 11.313708498984761]> : tensor<4xf64>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<4xf64>, tensor<4xf64>
  func.return
}

// -----

func.func @rsqrt_f32() {
    %operand = stablehlo.constant dense<[0.5, 1.25, 3.0, 0.0078125]> : tensor<4xf32>
    %result = stablehlo.rsqrt %operand : tensor<4xf32>
  %expectedresult = stablehlo.constant dense<[1.4142135, 0.8944272, 0.57735026, 11.313708]> : tensor<4xf32>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<4xf32>, tensor<4xf32>
  func.return
}

// -----

func.func @rsqrt_bf16() {
    %operand = stablehlo.constant dense<[0.5, 1.25, 3.0, 0.0078125]> : tensor<4xbf16>
    %result = stablehlo.rsqrt %operand : tensor<4xbf16>
  %expectedresult = stablehlo.constant dense<[1.4140625, 0.89453125, 0.578125, 11.3125]> : tensor<4xbf16>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<4xbf16>, tensor<4xbf16>
  func.return
}

// -----

func.func @sine_f64() {
    %operand = stablehlo.constant dense<[-1.5, 0.25, 3.0, 0.0078125]> : tensor<4xf64>
    %result = stablehlo.sine %operand : tensor<4xf64>
  %expectedresult = stablehlo.constant dense<[-0.9974949866040544, 0.24740395925452294, 0.1411200080598672, 0.0078124205273828315]> : tensor<4xf64>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<4xf64>, tensor<4xf64>
  func.return
}

// -----

func.func @sine_f32() {
    %operand = stablehlo.constant dense<[-1.5, 0.25, 3.0, 0.0078125]> : tensor<4xf32>
    %result = stablehlo.sine %operand : tensor<4xf32>
  %expectedresult = stablehlo.constant dense<[-0.997495, 0.24740396, 0.14112, 0.0078124204]> : tensor<4xf32>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<4xf32>, tensor<4xf32>
  func.return
}

// -----

func.func @sine_bf16() {
    %operand = stablehlo.constant dense<[-1.5, 0.25, 3.0, 0.0078125]> : tensor<4xbf16>
    %result = stablehlo.sine %operand : tensor<4xbf16>
  %expectedresult = stablehlo.constant dense<[-0.99609375, 0.2470703125, 0.1416015625, 0.0078125]> : tensor<4xbf16>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<4xbf16>, tensor<4xbf16>
  func.return
}

// -----

func.func @sqrt_f64() {
    %operand = stablehlo.constant dense<[0.5, 1.25, 3.0, 0.0078125]> : tensor<4xf64>
    %result = stablehlo.sqrt %operand : tensor<4xf64>
  %expectedresult = stablehlo.constant dense<[0.7071067811865476, 1.118033988749895, 1.7320508075688772, 0.08838834764831845]> : tensor<4xf64>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<4xf64>, tensor<4xf64>
  func.return
}

// -----

func.func @sqrt_f32() {
    %operand = stablehlo.constant dense<[0.5, 1.25, 3.0, 0.0078125]> : tensor<4xf32>
    %result = stablehlo.sqrt %operand : tensor<4xf32>
  %expectedresult = stablehlo.constant dense<[0.70710677, 1.118034, 1.7320508, 0.088388346]> : tensor<4xf32>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<4xf32>, tensor<4xf32>
  func.return
}

// -----

func.func @sqrt_bf16() {
    %operand = stablehlo.constant dense<[0.5, 1.25, 3.0, 0.0078125]> : tensor<4xbf16>
    %result = stablehlo.sqrt %operand : tensor<4xbf16>
  %expectedresult = stablehlo.constant dense<[0.70703125, 1.1171875, 1.734375, 0.08837890625]> : tensor<4xbf16>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<4xbf16>, tensor<4xbf16>
  func.return
}

// -----

func.func @tan_f64() {
    %operand = stablehlo.constant dense<[-1.5, 0.25, 3.0, 0.0078125]> : tensor<4xf64>
    %result = stablehlo.tan %operand : tensor<4xf64>
  %expectedresult = stablehlo.constant dense<[-14.101419947171719, 0.25534192122103627, -0.1425465430742778, 0.007812658949600008]> : tensor<4xf64>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<4xf64>, tensor<4xf64>
  func.return
}

// -----

func.func @tan_f32() {
    %operand = stablehlo.constant dense<[-1.5, 0.25, 3.0, 0.0078125]> : tensor<4xf32>
    %result = stablehlo.tan %operand : tensor<4xf32>
  %expectedresult = stablehlo.constant dense<[-14.10142, 0.25534192, -0.14254655, 0.007812659]> : tensor<4xf32>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<4xf32>, tensor<4xf32>
  func.return
}

// -----

func.func @tan_bf16() {
    %operand = stablehlo.constant dense<[-1.5, 0.25, 3.0, 0.0078125]> : tensor<4xbf16>
    %result = stablehlo.tan %operand : tensor<4xbf16>
  %expectedresult = stablehlo.constant dense<[-14.125, 0.255859375, -0.142578125, 0.0078125]> : tensor<4xbf16>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<4xbf16>, tensor<4xbf16>
  func.return
}

// -----

func.func @tanh_f64() {
    %operand = stablehlo.constant dense<[-1.5, 0.25, 3.0, 0.0078125]> : tensor<4xf64>
    %result = stablehlo.tanh %operand : tensor<4xf64>
  %expectedresult = stablehlo.constant dense<[-0.9051482536448664, 0.24491866240370913, 0.9950547536867305, 0.007812341058161014]> : tensor<4xf64>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<4xf64>, tensor<4xf64>
  func.return
}

// -----

func.func @tanh_f32() {
    %operand = stablehlo.constant dense<[-1.5, 0.25, 3.0, 0.0078125]> : tensor<4xf32>
    %result = stablehlo.tanh %operand : tensor<4xf32>
  %expectedresult = stablehlo.constant dense<[-0.90514827, 0.24491866, 0.9950548, 0.007812341]> : tensor<4xf32>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<4xf32>, tensor<4xf32>
  func.return
}

// -----

func.func @tanh_bf16() {
    %operand = stablehlo.constant dense<[-1.5, 0.25, 3.0, 0.0078125]> : tensor<4xbf16>
    %result = stablehlo.tanh %operand : tensor<4xbf16>
  %expectedresult = stablehlo.constant dense<[-0.90625, 0.2451171875, 0.99609375, 0.0078125]> : tensor<4xbf16>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<4xbf16>, tensor<4xbf16>
  func.return
}

// -----

func.func @ceil() {
    %operand = stablehlo.constant dense<[-1.5, -0.5, 0.5, 2.0]> : tensor<4xf32>
    %result = stablehlo.ceil %operand : tensor<4xf32>
  %bitsresult = stablehlo.bitcast_convert %result : (tensor<4xf32>) -> tensor<4xui32>
  check.expect_eq_const %bitsresult, dense<[3212836864, 2147483648, 1065353216, 1073741824]> : tensor<4xui32>
  func.return
}

// -----

func.func @floor() {
    %operand = stablehlo.constant dense<[-1.5, -0.5, 0.5, 2.0]> : tensor<4xf32>
    %result = stablehlo.floor %operand : tensor<4xf32>
  %bitsresult = stablehlo.bitcast_convert %result : (tensor<4xf32>) -> tensor<4xui32>
  check.expect_eq_const %bitsresult, dense<[3221225472, 3212836864, 0, 1073741824]> : tensor<4xui32>
  func.return
}

// -----

func.func @round_ties_away() {
    %operand = stablehlo.constant dense<[-2.5, -0.5, 0.5, 2.5]> : tensor<4xf32>
    %result = stablehlo.round_nearest_afz %operand : tensor<4xf32>
  %bitsresult = stablehlo.bitcast_convert %result : (tensor<4xf32>) -> tensor<4xui32>
  check.expect_eq_const %bitsresult, dense<[3225419776, 3212836864, 1065353216, 1077936128]> : tensor<4xui32>
  func.return
}

// -----

func.func @round_ties_to_even() {
    %operand = stablehlo.constant dense<[-2.5, -0.5, 0.5, 3.5]> : tensor<4xf32>
    %result = stablehlo.round_nearest_even %operand : tensor<4xf32>
  %bitsresult = stablehlo.bitcast_convert %result : (tensor<4xf32>) -> tensor<4xui32>
  check.expect_eq_const %bitsresult, dense<[3221225472, 2147483648, 0, 1082130432]> : tensor<4xui32>
  func.return
}

// -----

func.func @sign_keeps_zeros() {
    %operand = stablehlo.constant dense<[-3.0, -0.0, 0.0, 0x7F800000]> : tensor<4xf32>
    %result = stablehlo.sign %operand : tensor<4xf32>
  %bitsresult = stablehlo.bitcast_convert %result : (tensor<4xf32>) -> tensor<4xui32>
  check.expect_eq_const %bitsresult, dense<[3212836864, 2147483648, 0, 1065353216]> : tensor<4xui32>
  func.return
}

// -----

func.func @negate_zeros() {
    %operand = stablehlo.constant dense<[-0.0, 0.0, 0x7F800000, 1.5]> : tensor<4xf32>
    %result = stablehlo.negate %operand : tensor<4xf32>
  %bitsresult = stablehlo.bitcast_convert %result : (tensor<4xf32>) -> tensor<4xui32>
  check.expect_eq_const %bitsresult, dense<[0, 2147483648, 4286578688, 3217031168]> : tensor<4xui32>
  func.return
}

// -----

func.func @abs_of_zero() {
    %operand = stablehlo.constant dense<[-0.0, 0xFF800000, 2.5, -1.0]> : tensor<4xf32>
    %result = stablehlo.abs %operand : tensor<4xf32>
  %bitsresult = stablehlo.bitcast_convert %result : (tensor<4xf32>) -> tensor<4xui32>
  check.expect_eq_const %bitsresult, dense<[0, 2139095040, 1075838976, 1065353216]> : tensor<4xui32>
  func.return
}

// -----

func.func @add_rounds_to_even() {
    %lhs = stablehlo.constant dense<[256.0, 258.0, 1.0]> : tensor<3xbf16>
    %rhs = stablehlo.constant dense<[1.0, 1.0, 0.001953125]> : tensor<3xbf16>
    %result = stablehlo.add %lhs, %rhs : tensor<3xbf16>
  %bitsresult = stablehlo.bitcast_convert %result : (tensor<3xbf16>) -> tensor<3xui16>
  check.expect_eq_const %bitsresult, dense<[17280, 17282, 16256]> : tensor<3xui16>
  func.return
}

// -----

func.func @add_overflows() {
    %lhs = stablehlo.constant dense<65504.0> : tensor<2xf16>
    %rhs = stablehlo.constant dense<[16.0, 8.0]> : tensor<2xf16>
    %result = stablehlo.add %lhs, %rhs : tensor<2xf16>
  %bitsresult = stablehlo.bitcast_convert %result : (tensor<2xf16>) -> tensor<2xui16>
  check.expect_eq_const %bitsresult, dense<[31744, 31743]> : tensor<2xui16>
  func.return
}

// -----

func.func @add_eight_bits() {
    %lhs = stablehlo.constant dense<[1.0, 448.0, 240.0]> : tensor<3xf8E4M3FN>
    %rhs = stablehlo.constant dense<[0.0625, 16.0, 16.0]> : tensor<3xf8E4M3FN>
    %result = stablehlo.add %lhs, %rhs : tensor<3xf8E4M3FN>
  %bitsresult = stablehlo.bitcast_convert %result : (tensor<3xf8E4M3FN>) -> tensor<3xui8>
  check.expect_eq_const %bitsresult, dense<[56, 126, 120]> : tensor<3xui8>
  func.return
}

// -----

func.func @subtract() {
    %lhs = stablehlo.constant dense<[1.0, 0.1]> : tensor<2xf64>
    %rhs = stablehlo.constant dense<[5.551115123125783e-17, 0.3]> : tensor<2xf64>
    %result = stablehlo.subtract %lhs, %rhs : tensor<2xf64>
  %bitsresult = stablehlo.bitcast_convert %result : (tensor<2xf64>) -> tensor<2xui64>
  check.expect_eq_const %bitsresult, dense<[4607182418800017408, 13819745816549104025]> : tensor<2xui64>
  func.return
}

// -----

func.func @multiply_underflows() {
    %lhs = stablehlo.constant dense<[1.0e-30, -1.0e-30]> : tensor<2xf32>
    %rhs = stablehlo.constant dense<1.0e-30> : tensor<2xf32>
    %result = stablehlo.multiply %lhs, %rhs : tensor<2xf32>
  %bitsresult = stablehlo.bitcast_convert %result : (tensor<2xf32>) -> tensor<2xui32>
  check.expect_eq_const %bitsresult, dense<[0, 2147483648]> : tensor<2xui32>
  func.return
}

// -----

func.func @multiply_four_bits() {
    %lhs = stablehlo.constant dense<[1.5, 2.0, 6.0]> : tensor<3xf4E2M1FN>
    %rhs = stablehlo.constant dense<[1.5, 0.5, 6.0]> : tensor<3xf4E2M1FN>
    %result = stablehlo.multiply %lhs, %rhs : tensor<3xf4E2M1FN>
  check.expect_eq_const %result, dense<[2.0, 1.0, 6.0]> : tensor<3xf4E2M1FN>
  func.return
}

// -----

func.func @divide() {
    %lhs = stablehlo.constant dense<[1.0, -1.0, 0.0, 1.0]> : tensor<4xf32>
    %rhs = stablehlo.constant dense<[3.0, 0.0, 5.0, -0.0]> : tensor<4xf32>
    %result = stablehlo.divide %lhs, %rhs : tensor<4xf32>
  %bitsresult = stablehlo.bitcast_convert %result : (tensor<4xf32>) -> tensor<4xui32>
  check.expect_eq_const %bitsresult, dense<[1051372203, 4286578688, 0, 4286578688]> : tensor<4xui32>
  func.return
}

// -----

func.func @maximum_orders_zeros() {
    %lhs = stablehlo.constant dense<[-0.0, 0.0, 0xFF800000]> : tensor<3xf32>
    %rhs = stablehlo.constant dense<[0.0, -0.0, 1.0]> : tensor<3xf32>
    %result = stablehlo.maximum %lhs, %rhs : tensor<3xf32>
  %bitsresult = stablehlo.bitcast_convert %result : (tensor<3xf32>) -> tensor<3xui32>
  check.expect_eq_const %bitsresult, dense<[0, 0, 1065353216]> : tensor<3xui32>
  func.return
}

// -----

func.func @minimum_orders_zeros() {
    %lhs = stablehlo.constant dense<[-0.0, 0.0, 0xFF800000]> : tensor<3xf32>
    %rhs = stablehlo.constant dense<[0.0, -0.0, 1.0]> : tensor<3xf32>
    %result = stablehlo.minimum %lhs, %rhs : tensor<3xf32>
  %bitsresult = stablehlo.bitcast_convert %result : (tensor<3xf32>) -> tensor<3xui32>
  check.expect_eq_const %bitsresult, dense<[2147483648, 2147483648, 4286578688]> : tensor<3xui32>
  func.return
}

// -----

func.func @remainder() {
    %lhs = stablehlo.constant dense<[17.1, -17.1, 5.5, -0.0]> : tensor<4xf64>
    %rhs = stablehlo.constant dense<[3.0, 3.0, -2.0, 1.0]> : tensor<4xf64>
    %result = stablehlo.remainder %lhs, %rhs : tensor<4xf64>
  %bitsresult = stablehlo.bitcast_convert %result : (tensor<4xf64>) -> tensor<4xui64>
  check.expect_eq_const %bitsresult, dense<[4611911198408756432, 13835283235263532240, 4609434218613702656, 9223372036854775808]> : tensor<4xui64>
  func.return
}

// -----

func.func @power() {
    %lhs = stablehlo.constant dense<[2.0, -2.0, 0.0, 4.0]> : tensor<4xf32>
    %rhs = stablehlo.constant dense<[0.5, 3.0, -1.0, -0.5]> : tensor<4xf32>
    %result = stablehlo.power %lhs, %rhs : tensor<4xf32>
  %bitsresult = stablehlo.bitcast_convert %result : (tensor<4xf32>) -> tensor<4xui32>
  check.expect_eq_const %bitsresult, dense<[1068827891, 3238002688, 2139095040, 1056964608]> : tensor<4xui32>
  func.return
}

// -----

func.func @atan2() {
    %lhs = stablehlo.constant dense<[0.0, -0.0, 1.0, -1.0]> : tensor<4xf32>
    %rhs = stablehlo.constant dense<[-1.0, -1.0, 1.0, 0.0]> : tensor<4xf32>
    %result = stablehlo.atan2 %lhs, %rhs : tensor<4xf32>
  %bitsresult = stablehlo.bitcast_convert %result : (tensor<4xf32>) -> tensor<4xui32>
  check.expect_eq_const %bitsresult, dense<[1078530011, 3226013659, 1061752795, 3217625051]> : tensor<4xui32>
  func.return
}

// -----

func.func @nan_wins() {
    %lhs = stablehlo.constant dense<[0x7FC00000, 1.0]> : tensor<2xf32>
    %rhs = stablehlo.constant dense<[1.0, 0x7FC00000]> : tensor<2xf32>
    %greater = stablehlo.maximum %lhs, %rhs : tensor<2xf32>
    %lesser = stablehlo.minimum %lhs, %rhs : tensor<2xf32>
    %expected = stablehlo.constant dense<0x7FC00000> : tensor<2xf32>
    check.expect_almost_eq %greater, %expected : tensor<2xf32>
    check.expect_almost_eq %lesser, %expected : tensor<2xf32>
  func.return
}

// -----

func.func @is_finite() {
    %operand = stablehlo.constant dense<[1.0, 0x7C00, 0xFC00, 0x7E00]> : tensor<4xf16>
    %result = stablehlo.is_finite %operand : (tensor<4xf16>) -> tensor<4xi1>
  check.expect_eq_const %result, dense<[true, false, false, false]> : tensor<4xi1>
  func.return
}

// -----

func.func @reduce_precision() {
    %operand = stablehlo.constant dense<[1.0009766, 65520.0, -6.0e-05, 3.0]> : tensor<4xf32>
    %result = stablehlo.reduce_precision %operand, format = e5m10 : tensor<4xf32>
  %bitsresult = stablehlo.bitcast_convert %result : (tensor<4xf32>) -> tensor<4xui32>
  check.expect_eq_const %bitsresult, dense<[1065361408, 2139095040, 2147483648, 1077936128]> : tensor<4xui32>
  func.return
}

// -----

func.func @real_and_imaginary_part_of_a_real() {
    %operand = stablehlo.constant dense<[1.5, -2.0]> : tensor<2xf32>
    %re = stablehlo.real %operand : tensor<2xf32>
    %im = stablehlo.imag %operand : tensor<2xf32>
  check.expect_eq_const %re, dense<[1.5, -2.0]> : tensor<2xf32>
  check.expect_eq_const %im, dense<0.0> : tensor<2xf32>
  func.return
}
