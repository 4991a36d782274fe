// Random bits, counter for counter as XLA makes them.

func.func @three_fry_ui32() {
    %state = stablehlo.constant dense<[12345678901234567890, 18446744073709551614]> : tensor<2xui64>
    %next, %bits = stablehlo.rng_bit_generator %state, algorithm = THREE_FRY : (tensor<2xui64>) -> (tensor<2xui64>, tensor<3xui32>)
  check.expect_eq_const %next, dense<[12345678901234567890, 0]> : tensor<2xui64>
  check.expect_eq_const %bits, dense<[120522297, 2196534800, 20234137]> : tensor<3xui32>
  func.return
}

// -----

func.func @three_fry_ui64() {
    %state = stablehlo.constant dense<[12345678901234567890, 18446744073709551614]> : tensor<2xui64>
    %next, %bits = stablehlo.rng_bit_generator %state, algorithm = THREE_FRY : (tensor<2xui64>) -> (tensor<2xui64>, tensor<2xui64>)
  check.expect_eq_const %next, dense<[12345678901234567890, 0]> : tensor<2xui64>
  check.expect_eq_const %bits, dense<[9434045130646423097, 4679624038769016729]> : tensor<2xui64>
  func.return
}

// -----

func.func @three_fry_ui16() {
    %state = stablehlo.constant dense<[12345678901234567890, 18446744073709551614]> : tensor<2xui64>
    %next, %bits = stablehlo.rng_bit_generator %state, algorithm = THREE_FRY : (tensor<2xui64>) -> (tensor<2xui64>, tensor<2x3xui16>)
  check.expect_eq_const %next, dense<[12345678901234567890, 1]> : tensor<2xui64>
  check.expect_eq_const %bits, dense<[[1593, 49049, 62677], [30224, 23877, 56727]]> : tensor<2x3xui16>
  func.return
}

// -----

func.func @three_fry_i8() {
    %state = stablehlo.constant dense<[12345678901234567890, 18446744073709551614]> : tensor<2xui64>
    %next, %bits = stablehlo.rng_bit_generator %state, algorithm = THREE_FRY : (tensor<2xui64>) -> (tensor<2xui64>, tensor<5xi8>)
  check.expect_eq_const %next, dense<[12345678901234567890, 1]> : tensor<2xui64>
  check.expect_eq_const %bits, dense<[57, 16, 153, 69, 213]> : tensor<5xi8>
  func.return
}

// -----

func.func @philox_ui32() {
    %state = stablehlo.constant dense<[12345678901234567890, 18446744073709551614]> : tensor<2xui64>
    %next, %bits = stablehlo.rng_bit_generator %state, algorithm = PHILOX : (tensor<2xui64>) -> (tensor<2xui64>, tensor<3xui32>)
  check.expect_eq_const %next, dense<[12345678901234567890, 18446744073709551615]> : tensor<2xui64>
  check.expect_eq_const %bits, dense<[1228830019, 3426305962, 1843973310]> : tensor<3xui32>
  func.return
}

// -----

func.func @philox_ui64() {
    %state = stablehlo.constant dense<[12345678901234567890, 18446744073709551614]> : tensor<2xui64>
    %next, %bits = stablehlo.rng_bit_generator %state, algorithm = PHILOX : (tensor<2xui64>) -> (tensor<2xui64>, tensor<2xui64>)
  check.expect_eq_const %next, dense<[12345678901234567890, 18446744073709551615]> : tensor<2xui64>
  check.expect_eq_const %bits, dense<[14715872054108648771, 17518173529137794238]> : tensor<2xui64>
  func.return
}

// -----

func.func @philox_ui16() {
    %state = stablehlo.constant dense<[12345678901234567890, 18446744073709551614]> : tensor<2xui64>
    %next, %bits = stablehlo.rng_bit_generator %state, algorithm = PHILOX : (tensor<2xui64>) -> (tensor<2xui64>, tensor<2x3xui16>)
  check.expect_eq_const %next, dense<[12345678901234567890, 0]> : tensor<2xui64>
  check.expect_eq_const %bits, dense<[[30019, 18346, 52414], [3586, 57878, 32068]]> : tensor<2x3xui16>
  func.return
}

// -----

func.func @philox_i8() {
    %state = stablehlo.constant dense<[12345678901234567890, 18446744073709551614]> : tensor<2xui64>
    %next, %bits = stablehlo.rng_bit_generator %state, algorithm = PHILOX : (tensor<2xui64>) -> (tensor<2xui64>, tensor<5xi8>)
  check.expect_eq_const %next, dense<[12345678901234567890, 0]> : tensor<2xui64>
  check.expect_eq_const %bits, dense<[67, 170, 190, 2, 22]> : tensor<5xi8>
  func.return
}

// -----

func.func @default_ui32() {
    %state = stablehlo.constant dense<[12345678901234567890, 18446744073709551614]> : tensor<2xui64>
    %next, %bits = stablehlo.rng_bit_generator %state, algorithm = DEFAULT : (tensor<2xui64>) -> (tensor<2xui64>, tensor<3xui32>)
  check.expect_eq_const %next, dense<[12345678901234567890, 18446744073709551615]> : tensor<2xui64>
  check.expect_eq_const %bits, dense<[1228830019, 3426305962, 1843973310]> : tensor<3xui32>
  func.return
}

// -----

func.func @default_ui64() {
    %state = stablehlo.constant dense<[12345678901234567890, 18446744073709551614]> : tensor<2xui64>
    %next, %bits = stablehlo.rng_bit_generator %state, algorithm = DEFAULT : (tensor<2xui64>) -> (tensor<2xui64>, tensor<2xui64>)
  check.expect_eq_const %next, dense<[12345678901234567890, 18446744073709551615]> : tensor<2xui64>
  check.expect_eq_const %bits, dense<[14715872054108648771, 17518173529137794238]> : tensor<2xui64>
  func.return
}

// -----

func.func @default_ui16() {
    %state = stablehlo.constant dense<[12345678901234567890, 18446744073709551614]> : tensor<2xui64>
    %next, %bits = stablehlo.rng_bit_generator %state, algorithm = DEFAULT : (tensor<2xui64>) -> (tensor<2xui64>, tensor<2x3xui16>)
  check.expect_eq_const %next, dense<[12345678901234567890, 0]> : tensor<2xui64>
  check.expect_eq_const %bits, dense<[[30019, 18346, 52414], [3586, 57878, 32068]]> : tensor<2x3xui16>
  func.return
}

// -----

func.func @default_i8() {
    %state = stablehlo.constant dense<[12345678901234567890, 18446744073709551614]> : tensor<2xui64>
    %next, %bits = stablehlo.rng_bit_generator %state, algorithm = DEFAULT : (tensor<2xui64>) -> (tensor<2xui64>, tensor<5xi8>)
  check.expect_eq_const %next, dense<[12345678901234567890, 0]> : tensor<2xui64>
  check.expect_eq_const %bits, dense<[67, 170, 190, 2, 22]> : tensor<5xi8>
  func.return
}

// -----

func.func @philox_with_a_long_state() {
    %state = stablehlo.constant dense<[1, 18446744073709551615, 7]> : tensor<3xui64>
    %next, %bits = stablehlo.rng_bit_generator %state, algorithm = PHILOX : (tensor<3xui64>) -> (tensor<3xui64>, tensor<6xui32>)
  check.expect_eq_const %next, dense<[1, 1, 8]> : tensor<3xui64>
  check.expect_eq_const %bits, dense<[2939814351, 3089645902, 2240701313, 4013425625, 2720442693, 2160174616]> : tensor<6xui32>
  func.return
}

// -----

func.func @bits_of_a_dynamic_shape() {
    %state = stablehlo.constant dense<[5, 6]> : tensor<2xui64>
    %shape = stablehlo.constant dense<[2, 2]> : tensor<2xi64>
    %a, %x = stablehlo.custom_call @stablehlo.dynamic_rng_bit_generator(%state, %shape) {rng_algorithm = #stablehlo<rng_algorithm THREE_FRY>} : (tensor<2xui64>, tensor<2xi64>) -> (tensor<2xui64>, tensor<2x2xui32>)
    %b, %y = stablehlo.rng_bit_generator %state, algorithm = THREE_FRY : (tensor<2xui64>) -> (tensor<2xui64>, tensor<2x2xui32>)
    check.expect_eq %a, %b : tensor<2xui64>
    check.expect_eq %x, %y : tensor<2x2xui32>
  func.return
}

// -----

func.func @uniform_numbers_are_in_range() {
    %low = stablehlo.constant dense<-1.0> : tensor<f32>
    %high = stablehlo.constant dense<2.0> : tensor<f32>
    %shape = stablehlo.constant dense<[1000]> : tensor<1xi64>
    %x = stablehlo.rng %low, %high, %shape, distribution = UNIFORM : (tensor<f32>, tensor<f32>, tensor<1xi64>) -> tensor<1000xf32>
    %least = stablehlo.reduce(%x init: %high) applies stablehlo.minimum across dimensions = [0] : (tensor<1000xf32>, tensor<f32>) -> tensor<f32>
    %most = stablehlo.reduce(%x init: %low) applies stablehlo.maximum across dimensions = [0] : (tensor<1000xf32>, tensor<f32>) -> tensor<f32>
    %a = stablehlo.compare GE, %least, %low : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %b = stablehlo.compare LT, %most, %high : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %zero = stablehlo.constant dense<0.0> : tensor<f32>
    %sum = stablehlo.reduce(%x init: %zero) applies stablehlo.add across dimensions = [0] : (tensor<1000xf32>, tensor<f32>) -> tensor<f32>
    %count = stablehlo.constant dense<1000.0> : tensor<f32>
    %mean = stablehlo.divide %sum, %count : tensor<f32>
    %half = stablehlo.constant dense<0.5> : tensor<f32>
    check.expect_almost_eq %mean, %half, tolerance = 0.1 : tensor<f32>
  check.expect_eq_const %a, dense<true> : tensor<i1>
  check.expect_eq_const %b, dense<true> : tensor<i1>
  func.return
}

// -----

func.func @normal_numbers_have_their_spread() {
    %mean = stablehlo.constant dense<3.0> : tensor<f64>
    %deviation = stablehlo.constant dense<2.0> : tensor<f64>
    %shape = stablehlo.constant dense<[2000]> : tensor<1xi64>
    %x = stablehlo.rng %mean, %deviation, %shape, distribution = NORMAL : (tensor<f64>, tensor<f64>, tensor<1xi64>) -> tensor<2000xf64>
    %means = stablehlo.broadcast_in_dim %mean, dims = [] : (tensor<f64>) -> tensor<2000xf64>
    %centered = stablehlo.subtract %x, %means : tensor<2000xf64>
    %squares = stablehlo.multiply %centered, %centered : tensor<2000xf64>
    %zero = stablehlo.constant dense<0.0> : tensor<f64>
    %sum = stablehlo.reduce(%squares init: %zero) applies stablehlo.add across dimensions = [0] : (tensor<2000xf64>, tensor<f64>) -> tensor<f64>
    %count = stablehlo.constant dense<2000.0> : tensor<f64>
    %variance = stablehlo.divide %sum, %count : tensor<f64>
    %expected = stablehlo.constant dense<4.0> : tensor<f64>
    check.expect_almost_eq %variance, %expected, tolerance = 0.5 : tensor<f64>
  func.return
}
