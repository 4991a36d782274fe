// passes: expand-chlo
// unchanged

// Constants of a formula have no shape to take from a tensor without rank, and what an unknown attribute means
// is for somebody else to know.
module {
  func.func @main(%x: tensor<*xf32>, %y: tensor<2xf32>) -> (tensor<*xf32>, tensor<2xf32>) {
    %0 = chlo.erf %x : tensor<*xf32> -> tensor<*xf32>
    %1 = chlo.erf %y {mhlo.frontend_attributes = {place = "near"}} : tensor<2xf32> -> tensor<2xf32>
    return %0, %1 : tensor<*xf32>, tensor<2xf32>
  }
}
