// Two become one: reshapes, transposes, broadcasts (of iotas too), conversions through a wider type, inverses.
// passes: simplify
module {
  func.func public @main(%arg0: tensor<2x3x4xbf16>, %arg1: tensor<3xf32>, %arg2: tensor<4xi32>) -> (tensor<24xbf16>, tensor<2x3x4xbf16>, tensor<4x2x3xbf16>, tensor<2x3x5xf32>, tensor<2x3x4xbf16>, tensor<2x3x4xf64>, tensor<4xi32>, tensor<2x3x4xi32>) {
    %0 = stablehlo.reshape %arg0 : (tensor<2x3x4xbf16>) -> tensor<6x4xbf16>
    %1 = stablehlo.reshape %0 : (tensor<6x4xbf16>) -> tensor<24xbf16>
    %2 = stablehlo.reshape %1 : (tensor<24xbf16>) -> tensor<2x3x4xbf16>
    %3 = stablehlo.transpose %arg0, dims = [1, 2, 0] : (tensor<2x3x4xbf16>) -> tensor<3x4x2xbf16>
    %4 = stablehlo.transpose %3, dims = [1, 2, 0] : (tensor<3x4x2xbf16>) -> tensor<4x2x3xbf16>
    %5 = stablehlo.broadcast_in_dim %arg1, dims = [0] : (tensor<3xf32>) -> tensor<3x1xf32>
    %6 = stablehlo.broadcast_in_dim %5, dims = [1, 2] : (tensor<3x1xf32>) -> tensor<2x3x5xf32>
    %7 = stablehlo.convert %arg0 : (tensor<2x3x4xbf16>) -> tensor<2x3x4xf32>
    %8 = stablehlo.convert %7 : (tensor<2x3x4xf32>) -> tensor<2x3x4xbf16>
    %9 = stablehlo.convert %7 : (tensor<2x3x4xf32>) -> tensor<2x3x4xf64>
    %10 = stablehlo.negate %arg2 : tensor<4xi32>
    %11 = stablehlo.negate %10 : tensor<4xi32>
    %12 = stablehlo.reverse %11, dims = [0] : tensor<4xi32>
    %13 = stablehlo.reverse %12, dims = [0] : tensor<4xi32>
    %14 = stablehlo.iota dim = 0 : tensor<3xi32>
    %15 = stablehlo.broadcast_in_dim %14, dims = [1] : (tensor<3xi32>) -> tensor<2x3x4xi32>
    return %1, %2, %4, %6, %8, %9, %13, %15 : tensor<24xbf16>, tensor<2x3x4xbf16>, tensor<4x2x3xbf16>, tensor<2x3x5xf32>, tensor<2x3x4xbf16>, tensor<2x3x4xf64>, tensor<4xi32>, tensor<2x3x4xi32>
  }
}
