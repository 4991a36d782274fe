// Operands that change nothing, as constants and as broadcasts of them.
// passes: simplify
module {
  func.func public @main(%arg0: tensor<4xf32>, %arg1: tensor<4xi32>, %arg2: tensor<4xi1>) -> (tensor<4xf32>, tensor<4xi32>, tensor<4xi1>) {
    %cst = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<4xf32>
    %1 = stablehlo.multiply %0, %arg0 : tensor<4xf32>
    %2 = stablehlo.divide %1, %0 : tensor<4xf32>
    %cst_0 = stablehlo.constant dense<-0.000000e+00> : tensor<4xf32>
    %3 = stablehlo.add %2, %cst_0 : tensor<4xf32>
    %cst_1 = stablehlo.constant dense<0.000000e+00> : tensor<4xf32>
    %4 = stablehlo.subtract %3, %cst_1 : tensor<4xf32>
    %cst_2 = stablehlo.constant dense<0xFF800000> : tensor<4xf32>
    %5 = stablehlo.maximum %cst_2, %4 : tensor<4xf32>
    %c = stablehlo.constant dense<0> : tensor<4xi32>
    %c_3 = stablehlo.constant dense<-1> : tensor<4xi32>
    %c_4 = stablehlo.constant dense<2147483647> : tensor<4xi32>
    %6 = stablehlo.add %arg1, %c : tensor<4xi32>
    %7 = stablehlo.and %c_3, %6 : tensor<4xi32>
    %8 = stablehlo.xor %7, %c : tensor<4xi32>
    %9 = stablehlo.shift_left %8, %c : tensor<4xi32>
    %10 = stablehlo.minimum %9, %c_4 : tensor<4xi32>
    %c_5 = stablehlo.constant dense<true> : tensor<4xi1>
    %c_6 = stablehlo.constant dense<false> : tensor<4xi1>
    %11 = stablehlo.and %arg2, %c_5 : tensor<4xi1>
    %12 = stablehlo.or %c_6, %11 : tensor<4xi1>
    return %5, %10, %12 : tensor<4xf32>, tensor<4xi32>, tensor<4xi1>
  }
}
