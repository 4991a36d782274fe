// error: quantized_type_c8
func.func @main(%arg0: tensor<2x!quant.uniform<i8:f32, 1.0:300>>) {
  %0 = "stablehlo.negate"(%arg0) : (tensor<2x!quant.uniform<i8:f32, 1.0:300>>) -> tensor<2x!quant.uniform<i8:f32, 1.0:300>>
  return
}

// -----

// error: quantized_type_c13
func.func @main(%arg0: tensor<2x!quant.uniform<i8:f32:0, {1.0, 2.0, 3.0}>>) {
  %0 = "stablehlo.uniform_dequantize"(%arg0) : (tensor<2x!quant.uniform<i8:f32:0, {1.0, 2.0, 3.0}>>) -> tensor<2xf32>
  return
}

// -----

// error: quantized_type_c12
func.func @main(%arg0: tensor<2x!quant.uniform<i8:f32:1, {1.0, 2.0}>>) {
  %0 = "stablehlo.uniform_dequantize"(%arg0) : (tensor<2x!quant.uniform<i8:f32:1, {1.0, 2.0}>>) -> tensor<2xf32>
  return
}
