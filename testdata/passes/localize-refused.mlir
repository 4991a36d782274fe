// What a partitioner would have to cut is no program of one device.
// passes: localize
// localize
// fails

sdy.mesh @mesh = <["x"=4]>
func.func public @main(%arg: tensor<64xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"x"}]>}) -> tensor<64xf32> {
  %0 = stablehlo.tanh %arg : tensor<64xf32>
  return %0 : tensor<64xf32>
}
