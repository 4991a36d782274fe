// Quantized tensors: stored integers where elements move, the numbers they mean elsewhere.

func.func @quantize_rounds_to_even_and_saturates() {
  %x = stablehlo.constant dense<[0.25, 0.75, -1.0, 1000.0, -1000.0]> : tensor<5xf32>
  %q = stablehlo.uniform_quantize %x : (tensor<5xf32>) -> tensor<5x!quant.uniform<i8:f32, 0.5:1>>
  %stored = stablehlo.bitcast_convert %q : (tensor<5x!quant.uniform<i8:f32, 0.5:1>>) -> tensor<5xi8>
  %back = stablehlo.uniform_dequantize %q : (tensor<5x!quant.uniform<i8:f32, 0.5:1>>) -> tensor<5xf32>
  check.expect_eq_const %stored, dense<[2, 2, -1, 127, -128]> : tensor<5xi8>
  check.expect_eq_const %back, dense<[0.5, 0.5, -1.0, 63.0, -64.5]> : tensor<5xf32>
  func.return
}

// -----

func.func @operations_compute_on_what_is_meant() {
  %x = stablehlo.constant dense<[1.0, 2.5]> : tensor<2xf32>
  %y = stablehlo.constant dense<[0.5, -4.0]> : tensor<2xf32>
  %p = stablehlo.uniform_quantize %x : (tensor<2xf32>) -> tensor<2x!quant.uniform<i8:f32, 0.5:1>>
  %r = stablehlo.uniform_quantize %y : (tensor<2xf32>) -> tensor<2x!quant.uniform<i8:f32, 0.25:-3>>
  %r2 = stablehlo.uniform_quantize %r : (tensor<2x!quant.uniform<i8:f32, 0.25:-3>>) -> tensor<2x!quant.uniform<i8:f32, 0.5:1>>
  %sum = stablehlo.add %p, %r2 : tensor<2x!quant.uniform<i8:f32, 0.5:1>>
  %reversed = stablehlo.reverse %sum, dims = [0] : tensor<2x!quant.uniform<i8:f32, 0.5:1>>
  %less = stablehlo.compare LT, %p, %r2 : (tensor<2x!quant.uniform<i8:f32, 0.5:1>>, tensor<2x!quant.uniform<i8:f32, 0.5:1>>) -> tensor<2xi1>
  %result = stablehlo.uniform_dequantize %reversed : (tensor<2x!quant.uniform<i8:f32, 0.5:1>>) -> tensor<2xf32>
  check.expect_eq_const %result, dense<[-1.5, 1.5]> : tensor<2xf32>
  check.expect_eq_const %less, dense<false> : tensor<2xi1>
  func.return
}

// -----

func.func @scales_along_an_axis() {
  %x = stablehlo.constant dense<[[1.0, 1.0], [2.0, 3.0]]> : tensor<2x2xf32>
  %q = stablehlo.uniform_quantize %x : (tensor<2x2xf32>) -> tensor<2x2x!quant.uniform<i8:f32:1, {0.5, 0.25:2}>>
  %stored = stablehlo.bitcast_convert %q : (tensor<2x2x!quant.uniform<i8:f32:1, {0.5, 0.25:2}>>) -> tensor<2x2xi8>
  %turned = stablehlo.transpose %q, dims = [1, 0] : (tensor<2x2x!quant.uniform<i8:f32:1, {0.5, 0.25:2}>>) -> tensor<2x2x!quant.uniform<i8:f32:0, {0.5, 0.25:2}>>
  %back = stablehlo.uniform_dequantize %turned : (tensor<2x2x!quant.uniform<i8:f32:0, {0.5, 0.25:2}>>) -> tensor<2x2xf32>
  check.expect_eq_const %stored, dense<[[2, 6], [4, 14]]> : tensor<2x2xi8>
  check.expect_eq_const %back, dense<[[1.0, 2.0], [1.0, 3.0]]> : tensor<2x2xf32>
  func.return
}

// -----

func.func @products_of_quantized_matrices() {
  %x = stablehlo.constant dense<[[1.0, 2.0]]> : tensor<1x2xf32>
  %w = stablehlo.constant dense<[[0.5, -1.0], [1.5, 2.0]]> : tensor<2x2xf32>
  %qx = stablehlo.uniform_quantize %x : (tensor<1x2xf32>) -> tensor<1x2x!quant.uniform<i8:f32, 0.5>>
  %qw = stablehlo.uniform_quantize %w : (tensor<2x2xf32>) -> tensor<2x2x!quant.uniform<i8:f32:1, {0.5, 1.0}>>
  %y = stablehlo.dot_general %qx, %qw, contracting_dims = [1] x [0] : (tensor<1x2x!quant.uniform<i8:f32, 0.5>>, tensor<2x2x!quant.uniform<i8:f32:1, {0.5, 1.0}>>) -> tensor<1x2x!quant.uniform<i32:f32:1, {0.25, 0.5}>>
  %result = stablehlo.uniform_dequantize %y : (tensor<1x2x!quant.uniform<i32:f32:1, {0.25, 0.5}>>) -> tensor<1x2xf32>
  %hybrid = stablehlo.dot_general %x, %qw, contracting_dims = [1] x [0] : (tensor<1x2xf32>, tensor<2x2x!quant.uniform<i8:f32:1, {0.5, 1.0}>>) -> tensor<1x2xf32>
  check.expect_eq_const %result, dense<[[3.5, 3.0]]> : tensor<1x2xf32>
  check.expect_eq_const %hybrid, dense<[[3.5, 3.0]]> : tensor<1x2xf32>
  func.return
}

// -----

func.func @regions_of_quantized_scalars() {
  %x = stablehlo.constant dense<[1.0, 2.5, -1.0]> : tensor<3xf32>
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %q = stablehlo.uniform_quantize %x : (tensor<3xf32>) -> tensor<3x!quant.uniform<i8:f32, 0.5:1>>
  %init = stablehlo.uniform_quantize %zero : (tensor<f32>) -> tensor<!quant.uniform<i8:f32, 0.5:1>>
  %sum = "stablehlo.reduce"(%q, %init) ({
  ^bb0(%a: tensor<!quant.uniform<i8:f32, 0.5:1>>, %b: tensor<!quant.uniform<i8:f32, 0.5:1>>):
    %c = stablehlo.add %a, %b : tensor<!quant.uniform<i8:f32, 0.5:1>>
    stablehlo.return %c : tensor<!quant.uniform<i8:f32, 0.5:1>>
  }) {dimensions = array<i64: 0>} : (tensor<3x!quant.uniform<i8:f32, 0.5:1>>, tensor<!quant.uniform<i8:f32, 0.5:1>>) -> tensor<!quant.uniform<i8:f32, 0.5:1>>
  %result = stablehlo.uniform_dequantize %sum : (tensor<!quant.uniform<i8:f32, 0.5:1>>) -> tensor<f32>
  check.expect_eq_const %result, dense<2.5> : tensor<f32>
  func.return
}

// -----

// A tie is broken by the number that is stored, the zero point included.
func.func @ties_of_quantization() {
  %x = stablehlo.constant dense<[0.25, 0.75, 1.25, -0.25, -0.75]> : tensor<5xf32>
  %even = stablehlo.uniform_quantize %x : (tensor<5xf32>) -> tensor<5x!quant.uniform<i8:f32, 0.5:4>>
  %odd = stablehlo.uniform_quantize %x : (tensor<5xf32>) -> tensor<5x!quant.uniform<i8:f32, 0.5:3>>
  %even_bits = stablehlo.bitcast_convert %even : (tensor<5x!quant.uniform<i8:f32, 0.5:4>>) -> tensor<5xi8>
  %odd_bits = stablehlo.bitcast_convert %odd : (tensor<5x!quant.uniform<i8:f32, 0.5:3>>) -> tensor<5xi8>
  check.expect_eq_const %even_bits, dense<[4, 6, 6, 4, 2]> : tensor<5xi8>
  check.expect_eq_const %odd_bits, dense<[4, 4, 6, 2, 2]> : tensor<5xi8>
  func.return
}
