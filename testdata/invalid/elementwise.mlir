// error: add_c1
func.func @main(%arg0: tensor<2xf32>, %arg1: tensor<2xi32>) {
  %0 = "stablehlo.add"(%arg0, %arg1) : (tensor<2xf32>, tensor<2xi32>) -> tensor<2xf32>
  return
}

// -----

// error: add_c1
func.func @main(%arg0: tensor<2xf32>, %arg1: tensor<3xf32>) {
  %0 = "stablehlo.add"(%arg0, %arg1) : (tensor<2xf32>, tensor<3xf32>) -> tensor<2xf32>
  return
}

// -----

// error: add_c1
func.func @main(%arg0: tensor<2xf32>, %arg1: tensor<2xf32>) {
  %0 = "stablehlo.add"(%arg0, %arg1) : (tensor<2xf32>, tensor<2xf32>) -> tensor<3xf32>
  return
}

// -----

// error: multiply_c1
func.func @main(%arg0: tensor<2x3xf32>, %arg1: tensor<3x2xf32>) {
  %0 = "stablehlo.multiply"(%arg0, %arg1) : (tensor<2x3xf32>, tensor<3x2xf32>) -> tensor<2x3xf32>
  return
}

// -----

// error: multiply_c1
func.func @main(%arg0: tensor<2xf32>, %arg1: tensor<2xf64>) {
  %0 = "stablehlo.multiply"(%arg0, %arg1) : (tensor<2xf32>, tensor<2xf64>) -> tensor<2xf32>
  return
}

// -----

// error: maximum_c1
func.func @main(%arg0: tensor<2xf32>, %arg1: tensor<2xf32>) {
  %0 = "stablehlo.maximum"(%arg0, %arg1) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf64>
  return
}

// -----

// error: abs_c1
func.func @main(%arg0: tensor<2xf32>) {
  %0 = "stablehlo.abs"(%arg0) : (tensor<2xf32>) -> tensor<3xf32>
  return
}

// -----

// error: abs_c2
func.func @main(%arg0: tensor<2xcomplex<f32>>) {
  %0 = "stablehlo.abs"(%arg0) : (tensor<2xcomplex<f32>>) -> tensor<2xf64>
  return
}

// -----

// error: real_c2
func.func @main(%arg0: tensor<2xcomplex<f64>>) {
  %0 = "stablehlo.real"(%arg0) : (tensor<2xcomplex<f64>>) -> tensor<2xf32>
  return
}

// -----

// error: imag_c1
func.func @main(%arg0: tensor<2xcomplex<f32>>) {
  %0 = "stablehlo.imag"(%arg0) : (tensor<2xcomplex<f32>>) -> tensor<4xf32>
  return
}

// -----

// error: is_finite_c1
func.func @main(%arg0: tensor<2xf32>) {
  %0 = "stablehlo.is_finite"(%arg0) : (tensor<2xf32>) -> tensor<3xi1>
  return
}

// -----

// error: compare_c1
func.func @main(%arg0: tensor<2xf32>, %arg1: tensor<2xf64>) {
  %0 = "stablehlo.compare"(%arg0, %arg1) <{comparison_direction = #stablehlo<comparison_direction EQ>}> : (tensor<2xf32>, tensor<2xf64>) -> tensor<2xi1>
  return
}

// -----

// error: compare_c2
func.func @main(%arg0: tensor<2xf32>, %arg1: tensor<3xf32>) {
  %0 = "stablehlo.compare"(%arg0, %arg1) <{comparison_direction = #stablehlo<comparison_direction EQ>}> : (tensor<2xf32>, tensor<3xf32>) -> tensor<2xi1>
  return
}

// -----

// error: complex_c1
func.func @main(%arg0: tensor<2xf32>, %arg1: tensor<2xf64>) {
  %0 = "stablehlo.complex"(%arg0, %arg1) : (tensor<2xf32>, tensor<2xf64>) -> tensor<2xcomplex<f32>>
  return
}

// -----

// error: complex_c2
func.func @main(%arg0: tensor<2xf32>, %arg1: tensor<2xf32>) {
  %0 = "stablehlo.complex"(%arg0, %arg1) : (tensor<2xf32>, tensor<2xf32>) -> tensor<3xcomplex<f32>>
  return
}

// -----

// error: complex_c3
func.func @main(%arg0: tensor<2xf32>, %arg1: tensor<2xf32>) {
  %0 = "stablehlo.complex"(%arg0, %arg1) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xcomplex<f64>>
  return
}

// -----

// error: convert_c1
func.func @main(%arg0: tensor<2xf32>) {
  %0 = "stablehlo.convert"(%arg0) : (tensor<2xf32>) -> tensor<3xi32>
  return
}

// -----

// error: clamp_c1
func.func @main(%arg0: tensor<3xf32>, %arg1: tensor<2xf32>, %arg2: tensor<2xf32>) {
  %0 = "stablehlo.clamp"(%arg0, %arg1, %arg2) : (tensor<3xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

// error: clamp_c2
func.func @main(%arg0: tensor<f32>, %arg1: tensor<2xf32>, %arg2: tensor<1xf32>) {
  %0 = "stablehlo.clamp"(%arg0, %arg1, %arg2) : (tensor<f32>, tensor<2xf32>, tensor<1xf32>) -> tensor<2xf32>
  return
}

// -----

// error: clamp_c3
func.func @main(%arg0: tensor<f32>, %arg1: tensor<2xf32>, %arg2: tensor<f64>) {
  %0 = "stablehlo.clamp"(%arg0, %arg1, %arg2) : (tensor<f32>, tensor<2xf32>, tensor<f64>) -> tensor<2xf32>
  return
}

// -----

// error: clamp_c4
func.func @main(%arg0: tensor<f32>, %arg1: tensor<2xf32>, %arg2: tensor<f32>) {
  %0 = "stablehlo.clamp"(%arg0, %arg1, %arg2) : (tensor<f32>, tensor<2xf32>, tensor<f32>) -> tensor<3xf32>
  return
}

// -----

// error: select_c1
func.func @main(%arg0: tensor<3xi1>, %arg1: tensor<2xf32>, %arg2: tensor<2xf32>) {
  %0 = "stablehlo.select"(%arg0, %arg1, %arg2) : (tensor<3xi1>, tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

// error: select_c2
func.func @main(%arg0: tensor<2xi1>, %arg1: tensor<2xf32>, %arg2: tensor<2xi32>) {
  %0 = "stablehlo.select"(%arg0, %arg1, %arg2) : (tensor<2xi1>, tensor<2xf32>, tensor<2xi32>) -> tensor<2xf32>
  return
}

// -----

// error: select_c2
func.func @main(%arg0: tensor<i1>, %arg1: tensor<2xf32>, %arg2: tensor<3xf32>) {
  %0 = "stablehlo.select"(%arg0, %arg1, %arg2) : (tensor<i1>, tensor<2xf32>, tensor<3xf32>) -> tensor<2xf32>
  return
}

// -----

// error: select_c2
func.func @main(%arg0: tensor<i1>, %arg1: tensor<2xf32>, %arg2: tensor<2xf32>) {
  %0 = "stablehlo.select"(%arg0, %arg1, %arg2) : (tensor<i1>, tensor<2xf32>, tensor<2xf32>) -> tensor<2xf64>
  return
}

// -----

// error: reduce_precision_c2
func.func @main(%arg0: tensor<2xf32>) {
  %0 = "stablehlo.reduce_precision"(%arg0) <{exponent_bits = 0 : i32, mantissa_bits = 3 : i32}> : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

// error: reduce_precision_c3
func.func @main(%arg0: tensor<2xf32>) {
  %0 = "stablehlo.reduce_precision"(%arg0) <{exponent_bits = 3 : i32, mantissa_bits = -1 : i32}> : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

// error: bitcast_convert_c1
func.func @main(%arg0: tensor<2xf32>) {
  %0 = "stablehlo.bitcast_convert"(%arg0) : (tensor<2xf32>) -> tensor<2xi8>
  return
}

// -----

// error: bitcast_convert_c1
func.func @main(%arg0: tensor<2xf32>) {
  %0 = "stablehlo.bitcast_convert"(%arg0) : (tensor<2xf32>) -> tensor<2x2xi8>
  return
}

// -----

// error: bitcast_convert_c1
func.func @main(%arg0: tensor<2x3xf32>) {
  %0 = "stablehlo.bitcast_convert"(%arg0) : (tensor<2x3xf32>) -> tensor<3x3xi32>
  return
}

// -----

// error: bitcast_convert_c2
func.func @main(%arg0: tensor<2xf64>) {
  %0 = "stablehlo.bitcast_convert"(%arg0) : (tensor<2xf64>) -> tensor<2xcomplex<f32>>
  return
}

// -----

// error: bitcast_convert_c1
// upstream: accepts
func.func @main(%arg0: tensor<2xf32>) {
  %0 = "stablehlo.bitcast_convert"(%arg0) : (tensor<2xf32>) -> tensor<2x1xi32>
  return
}

// -----

// error: result_accuracy
func.func @main(%arg0: tensor<2xf32>) {
  %0 = "stablehlo.cosine"(%arg0) <{result_accuracy = #stablehlo.result_accuracy<atol = 1.0, mode = #stablehlo.result_accuracy_mode<DEFAULT>>}> : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

// error: result_accuracy
func.func @main(%arg0: tensor<2xf32>) {
  %0 = "stablehlo.cosine"(%arg0) <{result_accuracy = #stablehlo.result_accuracy<rtol = -1.0, mode = #stablehlo.result_accuracy_mode<TOLERANCE>>}> : (tensor<2xf32>) -> tensor<2xf32>
  return
}
