// Left alone: what implementations approximate, integer division by zero and beyond the range, floats that no integer
// holds, large results, broadcasts of scalars to large tensors, moved iotas, operations with attributes of others.
// passes: fold
// unchanged
module {
  func.func public @main() -> (tensor<2xf32>, tensor<2xi32>, tensor<2xi8>, tensor<2xi32>, tensor<4096xi32>, tensor<4096xf32>, tensor<2xf32>, tensor<f32>, tensor<2x2xi32>) {
    %cst = stablehlo.constant dense<[1.000000e+00, 3.000000e+38]> : tensor<2xf32>
    %0 = stablehlo.exponential %cst : tensor<2xf32>
    %c = stablehlo.constant dense<[1, 0]> : tensor<2xi32>
    %1 = stablehlo.divide %c, %c : tensor<2xi32>
    %c_0 = stablehlo.constant dense<[-128, 5]> : tensor<2xi8>
    %c_1 = stablehlo.constant dense<-1> : tensor<2xi8>
    %2 = stablehlo.divide %c_0, %c_1 : tensor<2xi8>
    %3 = stablehlo.convert %cst : (tensor<2xf32>) -> tensor<2xi32>
    %4 = stablehlo.iota dim = 0 : tensor<4096xi32>
    %5 = stablehlo.negate %4 : tensor<4096xi32>
    %cst_2 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %6 = stablehlo.broadcast_in_dim %cst_2, dims = [] : (tensor<f32>) -> tensor<4096xf32>
    %7 = stablehlo.add %cst, %cst {mhlo.sharding = "{replicated}"} : tensor<2xf32>
    %8 = stablehlo.reduce(%cst init: %cst_2) applies stablehlo.add across dimensions = [0] : (tensor<2xf32>, tensor<f32>) -> tensor<f32>
    %9 = stablehlo.iota dim = 0 : tensor<4xi32>
    %10 = stablehlo.reshape %9 : (tensor<4xi32>) -> tensor<2x2xi32>
    return %0, %1, %2, %3, %5, %6, %7, %8, %10 : tensor<2xf32>, tensor<2xi32>, tensor<2xi8>, tensor<2xi32>, tensor<4096xi32>, tensor<4096xf32>, tensor<2xf32>, tensor<f32>, tensor<2x2xi32>
  }
}
