// passes: refine-shapes

// Shapes that constants say: every operation that takes one as an operand becomes the one that has it as an
// attribute.
module {
  func.func @main(%x: tensor<2x3xf32>, %y: tensor<1x8x8x4xf32>, %k: tensor<3x3x4x5xf32>, %i: tensor<2xi32>) -> (tensor<?x?xf32>, tensor<?x?xf32>, tensor<?xi32>, tensor<?x?xf32>, tensor<?x?xf32>, tensor<?x?xf32>, tensor<?x?x?x?xf32>) {
    %shape = stablehlo.constant dense<[4, 3]> : tensor<2xi64>
    %row = stablehlo.constant dense<[1, 0]> : tensor<2xi32>
    %ones = stablehlo.constant dense<1> : tensor<2xi32>
    %twos = stablehlo.constant dense<2> : tensor<2xi32>
    %zero = stablehlo.constant dense<0.0> : tensor<f32>
    %padding = stablehlo.constant dense<1> : tensor<2x2xi64>
    %0 = stablehlo.dynamic_broadcast_in_dim %zero, %shape, dims = [] : (tensor<f32>, tensor<2xi64>) -> tensor<?x?xf32>
    %six = stablehlo.multiply %twos, %row : tensor<2xi32>
    %limits = stablehlo.constant dense<[2, 3]> : tensor<2xi32>
    %sum = stablehlo.add %six, %limits : tensor<2xi32>
    %1 = stablehlo.dynamic_reshape %x, %limits : (tensor<2x3xf32>, tensor<2xi32>) -> tensor<?x?xf32>
    %length = stablehlo.get_dimension_size %1, dim = 1 : (tensor<?x?xf32>) -> tensor<i32>
    %vector = stablehlo.reshape %length : (tensor<i32>) -> tensor<1xi32>
    %2 = stablehlo.dynamic_iota %vector, dim = 0 : (tensor<1xi32>) -> tensor<?xi32>
    %3 = stablehlo.real_dynamic_slice %0, %row, %limits, %ones : (tensor<?x?xf32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>) -> tensor<?x?xf32>
    %4 = stablehlo.dynamic_pad %3, %zero, %row, %ones, %ones : (tensor<?x?xf32>, tensor<f32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>) -> tensor<?x?xf32>
    %5 = "stablehlo.dynamic_gather"(%0, %i, %ones) {dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>} : (tensor<?x?xf32>, tensor<2xi32>, tensor<2xi32>) -> tensor<?x?xf32>
    %6 = "stablehlo.dynamic_conv"(%y, %k, %padding) {dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>, feature_group_count = 1 : i64, batch_group_count = 1 : i64} : (tensor<1x8x8x4xf32>, tensor<3x3x4x5xf32>, tensor<2x2xi64>) -> tensor<?x?x?x?xf32>
    %7 = stablehlo.abs %1 : tensor<?x?xf32>
    return %0, %7, %2, %3, %4, %5, %6 : tensor<?x?xf32>, tensor<?x?xf32>, tensor<?xi32>, tensor<?x?xf32>, tensor<?x?xf32>, tensor<?x?xf32>, tensor<?x?x?x?xf32>
  }
}
