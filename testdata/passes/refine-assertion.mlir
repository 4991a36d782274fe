// passes: inline, refine-shapes, fold, cse, dce
// arguments: tensor<4x7xf32>, tensor<i32>
// fails

// The assertion about the width does not hold.
module {
  func.func public @main(%x: tensor<?x?xf32>, %n: tensor<i32>) -> tensor<?xf32> {
    %b = stablehlo.get_dimension_size %x, dim = 0 : (tensor<?x?xf32>) -> tensor<i32>
    %d = stablehlo.get_dimension_size %x, dim = 1 : (tensor<?x?xf32>) -> tensor<i32>
    %two = stablehlo.constant dense<2> : tensor<i32>
    %half = stablehlo.divide %d, %two : tensor<i32>
    %zero = stablehlo.constant dense<0> : tensor<i32>
    %rest = stablehlo.remainder %d, %two : tensor<i32>
    %even = stablehlo.compare EQ, %rest, %zero, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.custom_call @shape_assertion(%even, %d) {api_version = 2 : i32, error_message = "the width must be even, but is {0}", has_side_effect = true} : (tensor<i1>, tensor<i32>) -> ()
    %0 = call @body(%b, %half, %x, %n) : (tensor<i32>, tensor<i32>, tensor<?x?xf32>, tensor<i32>) -> tensor<?xf32>
    return %0 : tensor<?xf32>
  }
  func.func private @body(%b: tensor<i32>, %half: tensor<i32>, %x: tensor<?x?xf32>, %n: tensor<i32>) -> tensor<?xf32> {
    %b1 = stablehlo.reshape %b : (tensor<i32>) -> tensor<1xi32>
    %h1 = stablehlo.reshape %half : (tensor<i32>) -> tensor<1xi32>
    %two = stablehlo.constant dense<2> : tensor<1xi32>
    %shape = stablehlo.concatenate %b1, %h1, %two, dim = 0 : (tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<3xi32>
    %0 = stablehlo.dynamic_reshape %x, %shape : (tensor<?x?xf32>, tensor<3xi32>) -> tensor<?x?x2xf32>
    %zero = stablehlo.constant dense<0.0> : tensor<f32>
    %1 = stablehlo.reduce(%0 init: %zero) applies stablehlo.add across dimensions = [1, 2] : (tensor<?x?x2xf32>, tensor<f32>) -> tensor<?xf32>
    %start = stablehlo.constant dense<0> : tensor<i32>
    %one = stablehlo.constant dense<1> : tensor<i32>
    %2:2 = stablehlo.while(%i = %start, %state = %1) : tensor<i32>, tensor<?xf32>
    cond {
      %3 = stablehlo.compare LT, %i, %n, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %3 : tensor<i1>
    } do {
      %3 = stablehlo.add %i, %one : tensor<i32>
      %ones = stablehlo.constant dense<1.0> : tensor<f32>
      %4 = stablehlo.dynamic_broadcast_in_dim %ones, %b1, dims = [] : (tensor<f32>, tensor<1xi32>) -> tensor<?xf32>
      %5 = stablehlo.add %state, %4 : tensor<?xf32>
      stablehlo.return %3, %5 : tensor<i32>, tensor<?xf32>
    }
    %6 = stablehlo.custom_call @scaled(%2#1, %b1) {indices_of_shape_operands = dense<1> : tensor<1xi64>} : (tensor<?xf32>, tensor<1xi32>) -> tensor<?xf32>
    return %6 : tensor<?xf32>
  }
}
