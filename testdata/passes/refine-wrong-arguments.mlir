// passes: refine-shapes
// arguments: tensor<4x6xf32>
// fails

// A static size is not another one.
module {
  func.func public @main(%x: tensor<?x5xf32>) -> tensor<?x5xf32> {
    return %x : tensor<?x5xf32>
  }
}
