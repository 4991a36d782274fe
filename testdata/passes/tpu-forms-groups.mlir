// Whoever gathers whole groups reads the groups' numbers; a stride of another size stays what it is.
// passes: tpu-forms
func.func public @main(%arg0: tensor<1x3xi32>) -> (tensor<3xi32>, tensor<6xi32>) {
  %c = stablehlo.constant dense<4> : tensor<1x3x4xi32>
  %c_0 = stablehlo.constant dense<4> : tensor<3xi32>
  %c_1 = stablehlo.constant dense<2> : tensor<6xi32>
  %0 = stablehlo.broadcast_in_dim %arg0, dims = [0, 1] : (tensor<1x3xi32>) -> tensor<1x3x4xi32>
  %1 = stablehlo.multiply %0, %c : tensor<1x3x4xi32>
  %2 = stablehlo.iota dim = 2 : tensor<1x3x4xi32>
  %3 = stablehlo.add %1, %2 : tensor<1x3x4xi32>
  %4 = stablehlo.reshape %3 : (tensor<1x3x4xi32>) -> tensor<12xi32>
  %5 = stablehlo.slice %4 [0:12:4] : (tensor<12xi32>) -> tensor<3xi32>
  %6 = stablehlo.divide %5, %c_0 : tensor<3xi32>
  %7 = stablehlo.slice %4 [0:12:2] : (tensor<12xi32>) -> tensor<6xi32>
  %8 = stablehlo.divide %7, %c_1 : tensor<6xi32>
  return %6, %8 : tensor<3xi32>, tensor<6xi32>
}
