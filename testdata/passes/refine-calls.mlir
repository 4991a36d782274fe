// passes: refine-shapes

// Custom calls whose shapes are operands: random bits and the largest entries become the operations that they stand
// for; a window keeps the function that it calls, and its result's shape follows.
module {
  func.func @main(%x: tensor<2x7xf32>, %state: tensor<2xui64>) -> (tensor<2x?xf32>, tensor<2x?xi32>, tensor<2xui64>, tensor<?x?xui32>, tensor<?x?xf32>) {
    %k = stablehlo.constant dense<3> : tensor<i32>
    %shape = stablehlo.constant dense<[4, 5]> : tensor<2xi64>
    %zero = stablehlo.constant dense<0.0> : tensor<f32>
    %size = stablehlo.constant dense<[1, 3]> : tensor<2xi64>
    %stride = stablehlo.constant dense<[1, 2]> : tensor<2xi64>
    %ones = stablehlo.constant dense<1> : tensor<2xi64>
    %padding = stablehlo.constant dense<[[0, 0], [1, 1]]> : tensor<2x2xi64>
    %0:2 = stablehlo.custom_call @stablehlo.dynamic_top_k(%x, %k) : (tensor<2x7xf32>, tensor<i32>) -> (tensor<2x?xf32>, tensor<2x?xi32>)
    %1:2 = stablehlo.custom_call @stablehlo.dynamic_rng_bit_generator(%state, %shape) {rng_algorithm = #stablehlo<rng_algorithm PHILOX>} : (tensor<2xui64>, tensor<2xi64>) -> (tensor<2xui64>, tensor<?x?xui32>)
    %2 = stablehlo.custom_call @stablehlo.dynamic_reduce_window(%x, %zero, %size, %stride, %ones, %ones, %padding) {called_computations = [@sum]} : (tensor<2x7xf32>, tensor<f32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>, tensor<2x2xi64>) -> tensor<?x?xf32>
    return %0#0, %0#1, %1#0, %1#1, %2 : tensor<2x?xf32>, tensor<2x?xi32>, tensor<2xui64>, tensor<?x?xui32>, tensor<?x?xf32>
  }
  func.func private @sum(%a: tensor<f32>, %b: tensor<f32>) -> tensor<f32> {
    %0 = stablehlo.add %a, %b : tensor<f32>
    return %0 : tensor<f32>
  }
}
