// A composite whose decomposition has no body cannot be expanded.
// passes: legalize-stablehlo
// fails
module {
  func.func public @main(%arg0: tensor<4xf32>) -> tensor<4xf32> {
    %0 = stablehlo.composite "hire.predict" %arg0 {decomposition = @nowhere} : (tensor<4xf32>) -> tensor<4xf32>
    return %0 : tensor<4xf32>
  }
  func.func private @nowhere(tensor<4xf32>) -> tensor<4xf32>
}
