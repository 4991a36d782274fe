// Functions that call each other in a circle have no inlined form.
// passes: inline
// fails
module {
  func.func public @main(%arg0: tensor<f32>) -> tensor<f32> {
    %0 = call @ping(%arg0) : (tensor<f32>) -> tensor<f32>
    return %0 : tensor<f32>
  }
  func.func private @ping(%arg0: tensor<f32>) -> tensor<f32> {
    %0 = call @pong(%arg0) : (tensor<f32>) -> tensor<f32>
    return %0 : tensor<f32>
  }
  func.func private @pong(%arg0: tensor<f32>) -> tensor<f32> {
    %0 = call @ping(%arg0) : (tensor<f32>) -> tensor<f32>
    return %0 : tensor<f32>
  }
}
