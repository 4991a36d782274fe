// Quantized types: per tensor, per axis, with a narrowed range.

func.func @quantize(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %0 = stablehlo.uniform_quantize %x : (tensor<2x4xf32>) -> tensor<2x4x!quant.uniform<i8:f32, 5.000000e-01:15>>
  %1 = stablehlo.add %0, %0 : tensor<2x4x!quant.uniform<i8:f32, 5.000000e-01:15>>
  %2 = stablehlo.uniform_quantize %1 : (tensor<2x4x!quant.uniform<i8:f32, 5.000000e-01:15>>) -> tensor<2x4x!quant.uniform<i8<-127:127>:f32, 1.000000e-01>>
  %3 = stablehlo.uniform_dequantize %2 : (tensor<2x4x!quant.uniform<i8<-127:127>:f32, 1.000000e-01>>) -> tensor<2x4xf32>
  %4 = stablehlo.uniform_quantize %x : (tensor<2x4xf32>) -> tensor<2x4x!quant.uniform<i8:f32:0, {1.000000e-01:-30,5.000000e-01:-20}>>
  %5 = stablehlo.uniform_dequantize %4 : (tensor<2x4x!quant.uniform<i8:f32:0, {1.000000e-01:-30,5.000000e-01:-20}>>) -> tensor<2x4xf32>
  %6 = stablehlo.constant() <{value = dense<[1, -2]> : tensor<2xi8>}> : () -> tensor<2x!quant.uniform<i8:f32, 2.000000e+00>>
  %7 = stablehlo.uniform_quantize %x : (tensor<2x4xf32>) -> tensor<2x4x!quant.uniform<i4:f32, 3.4028234663852886E+38:-1>>
  %8 = stablehlo.uniform_quantize %x : (tensor<2x4xf32>) -> tensor<2x4x!quant.uniform<i8:f32, 0x4170000010000000>>
  return %3 : tensor<2x4xf32>
}
