// Matrices of inputs by outputs are transposed on the way, and a bfloat16 product stays one for its users.
// passes: compress-weights
// weights-as: q8
#l0 = loc("params['down']")
#l1 = loc("hidden")
func.func public @main(%d: tensor<128x64xbf16> loc(#l0), %h: tensor<2x128xbf16> loc(#l1)) -> tensor<2x64xbf16> {
  %y = stablehlo.dot_general %h, %d, contracting_dims = [1] x [0] : (tensor<2x128xbf16>, tensor<128x64xbf16>) -> tensor<2x64xbf16>
  return %y : tensor<2x64xbf16>
}
