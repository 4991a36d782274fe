// error: add_c1, multiply_c1, function_results
func.func @main(%arg0: tensor<2xf32>, %arg1: tensor<3xf32>) -> tensor<2xi32> {
  %0 = "stablehlo.add"(%arg0, %arg1) : (tensor<2xf32>, tensor<3xf32>) -> tensor<2xf32>
  %1 = "stablehlo.multiply"(%0, %arg1) : (tensor<2xf32>, tensor<3xf32>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// -----

// error: transpose_c2, dot_general_c10
module @program {
  func.func @main(%x: tensor<8x16xf32>, %w: tensor<32x8xf32>) {
    %0 = "stablehlo.transpose"(%w) <{permutation = array<i64: 0, 2>}> : (tensor<32x8xf32>) -> tensor<8x32xf32>
    %1 = stablehlo.tanh %x : tensor<8x16xf32>
    %2 = stablehlo.dot_general %1, %0, contracting_dims = [1] x [0] : (tensor<8x16xf32>, tensor<8x32xf32>) -> tensor<8x32xf32>
    return
  }
}
