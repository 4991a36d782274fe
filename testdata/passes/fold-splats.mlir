// One element repeated is computed once, whatever the size; small results are constants, large ones the broadcast of
// a scalar.
// passes: fold
module {
  func.func public @main() -> (tensor<2x64xf32>, tensor<1024x1024xf32>, tensor<1024x1024xi1>, tensor<64x2xbf16>) {
    %cst = stablehlo.constant dense<8.000000e+00> : tensor<f32>
    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<2x64xf32>
    %cst_0 = stablehlo.constant dense<3.000000e+00> : tensor<2x64xf32>
    %1 = stablehlo.multiply %0, %cst_0 : tensor<2x64xf32>
    %2 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<1024x1024xf32>
    %cst_1 = stablehlo.constant dense<5.000000e-01> : tensor<1024x1024xf32>
    %3 = stablehlo.subtract %2, %cst_1 : tensor<1024x1024xf32>
    %4 = stablehlo.compare GT, %3, %cst_1, FLOAT : (tensor<1024x1024xf32>, tensor<1024x1024xf32>) -> tensor<1024x1024xi1>
    %5 = stablehlo.convert %1 : (tensor<2x64xf32>) -> tensor<2x64xbf16>
    %6 = stablehlo.transpose %5, dims = [1, 0] : (tensor<2x64xbf16>) -> tensor<64x2xbf16>
    return %1, %3, %4, %6 : tensor<2x64xf32>, tensor<1024x1024xf32>, tensor<1024x1024xi1>, tensor<64x2xbf16>
  }
}
