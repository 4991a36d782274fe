// passes: refine-shapes
// unchanged

// Nothing follows: a size known when running only, a bound that is a promise, and a called function's types.
module {
  func.func @main(%x: tensor<?xf32>, %n: tensor<1xi32>, %y: tensor<?xf32, #stablehlo.bounds<4>>) -> (tensor<?xf32>, tensor<?xf32>, tensor<?xf32, #stablehlo.bounds<4>>) {
    %0 = stablehlo.dynamic_reshape %x, %n : (tensor<?xf32>, tensor<1xi32>) -> tensor<?xf32>
    %1 = stablehlo.abs %y : tensor<?xf32, #stablehlo.bounds<4>>
    %2 = call @f(%0) : (tensor<?xf32>) -> tensor<?xf32>
    return %0, %2, %1 : tensor<?xf32>, tensor<?xf32>, tensor<?xf32, #stablehlo.bounds<4>>
  }
  func.func private @f(%x: tensor<?xf32>) -> tensor<?xf32> {
    %shape = stablehlo.constant dense<4> : tensor<1xi32>
    %zero = stablehlo.constant dense<0.0> : tensor<f32>
    %0 = stablehlo.dynamic_broadcast_in_dim %zero, %shape, dims = [] : (tensor<f32>, tensor<1xi32>) -> tensor<?xf32>
    return %0 : tensor<?xf32>
  }
}
