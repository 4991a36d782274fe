// Almost identities: x + 0.0 turns -0 into 0; x - (-0.0) too; 0 - x; a conversion through a narrower type rounds; a
// reversal of other dimensions; attributes of others.
// passes: simplify
// unchanged
module {
  func.func public @main(%arg0: tensor<2x2xf32>, %arg1: tensor<2x2xi32>, %arg2: tensor<2x2xcomplex<f32>>) -> (tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xi32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xcomplex<f32>>) {
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<2x2xf32>
    %cst_0 = stablehlo.constant dense<-0.000000e+00> : tensor<2x2xf32>
    %0 = stablehlo.add %arg0, %cst : tensor<2x2xf32>
    %1 = stablehlo.subtract %arg0, %cst_0 : tensor<2x2xf32>
    %2 = stablehlo.subtract %cst, %arg0 : tensor<2x2xf32>
    %3 = stablehlo.convert %arg0 : (tensor<2x2xf32>) -> tensor<2x2xbf16>
    %4 = stablehlo.convert %3 : (tensor<2x2xbf16>) -> tensor<2x2xf32>
    %5 = stablehlo.convert %arg1 : (tensor<2x2xi32>) -> tensor<2x2xf32>
    %6 = stablehlo.convert %5 : (tensor<2x2xf32>) -> tensor<2x2xi32>
    %7 = stablehlo.reverse %arg0, dims = [0] : tensor<2x2xf32>
    %8 = stablehlo.reverse %7, dims = [1] : tensor<2x2xf32>
    %cst_1 = stablehlo.constant dense<1.000000e+00> : tensor<2x2xf32>
    %9 = stablehlo.multiply %arg0, %cst_1 {mhlo.sharding = "{replicated}"} : tensor<2x2xf32>
    %cst_2 = stablehlo.constant dense<(1.000000e+00,0.000000e+00)> : tensor<2x2xcomplex<f32>>
    %10 = stablehlo.multiply %arg2, %cst_2 : tensor<2x2xcomplex<f32>>
    return %0, %1, %2, %4, %6, %8, %9, %10 : tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xi32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xcomplex<f32>>
  }
}
