// Effects keep what nothing uses: custom calls that say so, in regions and in callees too, and operations that
// talk to the host. Decompositions are reached through their composites.
// passes: dce
// unchanged
module {
  func.func public @main(%arg0: tensor<4xf32>, %arg1: tensor<i1>, %arg2: !stablehlo.token) -> tensor<4xf32> {
    stablehlo.custom_call @log(%arg0) {has_side_effect = true} : (tensor<4xf32>) -> ()
    %0 = call @logs(%arg0) : (tensor<4xf32>) -> tensor<4xf32>
    %1 = "stablehlo.if"(%arg1) ({
      %4 = stablehlo.tanh %arg0 : tensor<4xf32>
      stablehlo.custom_call @log(%4) {has_side_effect = true} : (tensor<4xf32>) -> ()
      stablehlo.return %arg0 : tensor<4xf32>
    }, {
      stablehlo.return %arg0 : tensor<4xf32>
    }) : (tensor<i1>) -> tensor<4xf32>
    %2 = "stablehlo.outfeed"(%arg0, %arg2) <{outfeed_config = ""}> : (tensor<4xf32>, !stablehlo.token) -> !stablehlo.token
    %3 = stablehlo.composite "hire.keep" %arg0 {decomposition = @keep} : (tensor<4xf32>) -> tensor<4xf32>
    return %3 : tensor<4xf32>
  }
  func.func private @logs(%arg0: tensor<4xf32>) -> tensor<4xf32> {
    stablehlo.custom_call @log(%arg0) {has_side_effect = true} : (tensor<4xf32>) -> ()
    return %arg0 : tensor<4xf32>
  }
  func.func private @keep(%arg0: tensor<4xf32>) -> tensor<4xf32> {
    return %arg0 : tensor<4xf32>
  }
}
