// passes: expand-chlo

// One operation of each kind. What a formula computes is tested by `passes/tests/chlo.rs`.
module {
  func.func @broadcast(%x: tensor<4xf32>, %y: tensor<2x1xf32>) -> tensor<2x4xi1> {
    %0 = chlo.broadcast_multiply %x, %y : (tensor<4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
    %1 = chlo.broadcast_compare %0, %x {comparison_direction = #chlo<comparison_direction LT>} : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xi1>
    return %1 : tensor<2x4xi1>
  }
  func.func @dynamic_broadcast(%x: tensor<?xf32>, %y: tensor<?x1xf32>) -> tensor<?x?xf32> {
    %0 = chlo.broadcast_add %x, %y : (tensor<?xf32>, tensor<?x1xf32>) -> tensor<?x?xf32>
    %1 = chlo.atan %0 : tensor<?x?xf32> -> tensor<?x?xf32>
    return %1 : tensor<?x?xf32>
  }
  func.func @functions(%x: tensor<8xbf16>, %z: tensor<8xcomplex<f32>>) -> (tensor<8xbf16>, tensor<8xcomplex<f32>>, tensor<8xi1>) {
    %0 = chlo.erf %x : tensor<8xbf16> -> tensor<8xbf16>
    %1 = chlo.square %z : tensor<8xcomplex<f32>> -> tensor<8xcomplex<f32>>
    %2 = chlo.is_inf %x : tensor<8xbf16> -> tensor<8xi1>
    return %0, %1, %2 : tensor<8xbf16>, tensor<8xcomplex<f32>>, tensor<8xi1>
  }
  func.func @bits(%a: tensor<4xui64>, %b: tensor<4xi8>, %x: tensor<4xf32>) -> (tensor<4xui64>, tensor<4xi8>, tensor<4xf32>) {
    %0 = chlo.mulhi %a, %a : tensor<4xui64>, tensor<4xui64> -> tensor<4xui64>
    %1 = chlo.mulhi %b, %b : tensor<4xi8>, tensor<4xi8> -> tensor<4xi8>
    %2 = "chlo.constant_like"(%x) <{value = 0x7F800000 : f32}> : (tensor<4xf32>) -> tensor<4xf32>
    %3 = chlo.next_after %x, %2 : tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
    return %0, %1, %3 : tensor<4xui64>, tensor<4xi8>, tensor<4xf32>
  }
  func.func @top_k(%x: tensor<3x16xf32>, %n: tensor<?x16xi32>) -> (tensor<3x4xf32>, tensor<3x4xi32>, tensor<?x4xi32>) {
    %0:2 = chlo.top_k(%x, k = 4) : tensor<3x16xf32> -> (tensor<3x4xf32>, tensor<3x4xi32>)
    %1:2 = chlo.top_k(%n, k = 4) : tensor<?x16xi32> -> (tensor<?x4xi32>, tensor<?x4xi32>)
    return %0#0, %0#1, %1#0 : tensor<3x4xf32>, tensor<3x4xi32>, tensor<?x4xi32>
  }
  func.func @ragged_dot(%lhs: tensor<11x5xf32>, %rhs: tensor<2x5x7xf32>, %sizes: tensor<2xi64>) -> tensor<11x7xf32> {
    %0 = "chlo.ragged_dot"(%lhs, %rhs, %sizes) <{precision_config = [#chlo<precision DEFAULT>, #chlo<precision HIGHEST>], ragged_dot_dimension_numbers = #chlo.ragged_dot<lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [1], lhs_ragged_dimensions = [0], rhs_group_dimensions = [0]>}> : (tensor<11x5xf32>, tensor<2x5x7xf32>, tensor<2xi64>) -> tensor<11x7xf32>
    return %0 : tensor<11x7xf32>
  }
  func.func @scan(%x: tensor<3x4xf32>, %init: tensor<3xf32>) -> (tensor<3x4xf32>, tensor<3xf32>) {
    %0:2 = chlo.scan(%x) inits (%init) dimension=1 attributes {is_reverse = true} {
    ^bb0(%input: tensor<3xf32>, %carry: tensor<3xf32>):
      %1 = stablehlo.add %input, %carry : tensor<3xf32>
      stablehlo.return %1, %1 : tensor<3xf32>, tensor<3xf32>
    } : (tensor<3x4xf32>, tensor<3xf32>) -> (tensor<3x4xf32>, tensor<3xf32>)
    return %0#0, %0#1 : tensor<3x4xf32>, tensor<3xf32>
  }
}
