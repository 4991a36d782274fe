// Parameters that nothing reads are reported, with the names that the program gives them.
// passes: dead-arguments
// unchanged
module {
  func.func public @main(%arg0: tensor<4xf32> loc("params['w']"), %arg1: tensor<8xbf16> loc("params['unused']"), %arg2: tensor<i32>) -> tensor<4xf32> {
    return %arg0 : tensor<4xf32>
  }
}
