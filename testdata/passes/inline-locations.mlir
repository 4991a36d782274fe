// Inlined operations keep where they come from, and say where they were called; what a rule makes has the fused
// location of what it replaces.
// passes: inline, simplify
// locations
module {
  func.func public @main(%arg0: tensor<4xf32> loc("x")) -> tensor<2x2xf32> {
    %0 = call @f(%arg0) : (tensor<4xf32>) -> tensor<4x1xf32> loc("model.py":7:3)
    %1 = stablehlo.reshape %0 : (tensor<4x1xf32>) -> tensor<2x2xf32> loc("jit(step)/head/reshape"("model.py":8:3))
    return %1 : tensor<2x2xf32> loc("model.py":9:3)
  } loc("main")
  func.func private @f(%arg0: tensor<4xf32> loc("inner x")) -> tensor<4x1xf32> {
    %0 = stablehlo.tanh %arg0 : tensor<4xf32> loc("f/tanh"("model.py":2:3))
    %1 = stablehlo.reshape %0 : (tensor<4xf32>) -> tensor<4x1xf32> loc("f/reshape")
    return %1 : tensor<4x1xf32>
  }
}
