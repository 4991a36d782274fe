// Small constants are computed: integers wrap, floats round to their type, elements move.
// passes: fold
module {
  func.func public @main() -> (tensor<3xi8>, tensor<2xbf16>, tensor<2x2xi32>, tensor<3xi1>, tensor<5xi64>, tensor<2xf32>, tensor<4xi32>) {
    %c = stablehlo.constant dense<[100, -100, 7]> : tensor<3xi8>
    %c_0 = stablehlo.constant dense<[100, -100, -3]> : tensor<3xi8>
    %0 = stablehlo.add %c, %c_0 : tensor<3xi8>
    %c_3 = stablehlo.constant dense<[5, -5, 2]> : tensor<3xi8>
    %1 = stablehlo.divide %0, %c_3 : tensor<3xi8>
    %2 = stablehlo.multiply %1, %c_0 : tensor<3xi8>
    %cst = stablehlo.constant dense<[1.000000e+00, 3.000000e+00]> : tensor<2xf32>
    %cst_1 = stablehlo.constant dense<[3.000000e+00, 2.560000e+02]> : tensor<2xf32>
    %3 = stablehlo.divide %cst, %cst_1 : tensor<2xf32>
    %4 = stablehlo.convert %3 : (tensor<2xf32>) -> tensor<2xbf16>
    %5 = stablehlo.sqrt %4 : tensor<2xbf16>
    %6 = stablehlo.iota dim = 0 : tensor<4xi32>
    %16 = stablehlo.add %6, %6 : tensor<4xi32>
    %7 = stablehlo.reshape %16 : (tensor<4xi32>) -> tensor<2x2xi32>
    %8 = stablehlo.transpose %7, dims = [1, 0] : (tensor<2x2xi32>) -> tensor<2x2xi32>
    %9 = stablehlo.compare LT, %c, %c_0, SIGNED : (tensor<3xi8>, tensor<3xi8>) -> tensor<3xi1>
    %10 = stablehlo.not %9 : tensor<3xi1>
    %11 = stablehlo.constant dense<[-1, 0]> : tensor<2xi64>
    %c_2 = stablehlo.constant dense<[10, 20, 30]> : tensor<3xi64>
    %12 = stablehlo.concatenate %11, %c_2, dim = 0 : (tensor<2xi64>, tensor<3xi64>) -> tensor<5xi64>
    %13 = stablehlo.reverse %12, dims = [0] : tensor<5xi64>
    %14 = stablehlo.slice %cst_1 [0:2] : (tensor<2xf32>) -> tensor<2xf32>
    %15 = stablehlo.floor %14 : tensor<2xf32>
    return %2, %5, %8, %10, %13, %15, %6 : tensor<3xi8>, tensor<2xbf16>, tensor<2x2xi32>, tensor<3xi1>, tensor<5xi64>, tensor<2xf32>, tensor<4xi32>
  }
}
