// W stored by columns, converted; logits soft-capped, masked by position and biased: the selection is by scores after all that.
// passes: inline, simplify, cse, dce, hire-logits
// k-prime: 64
module @step {
  func.func public @main(%arg0: tensor<1x40xf32> loc("h"), %arg1: tensor<40x1024xbf16> loc("params['head']"), %arg2: tensor<1024xf32> loc("params['bias']")) -> tensor<1xi32> {
    %w = stablehlo.convert %arg1 : (tensor<40x1024xbf16>) -> tensor<40x1024xf32>
    %z = stablehlo.dot_general %arg0, %w, contracting_dims = [1] x [0] : (tensor<1x40xf32>, tensor<40x1024xf32>) -> tensor<1x1024xf32>
    %cap = stablehlo.constant dense<3.000000e+01> : tensor<1x1024xf32>
    %d = stablehlo.divide %z, %cap : tensor<1x1024xf32>
    %t = stablehlo.tanh %d : tensor<1x1024xf32>
    %m = stablehlo.multiply %t, %cap : tensor<1x1024xf32>
    %b = stablehlo.broadcast_in_dim %arg2, dims = [1] : (tensor<1024xf32>) -> tensor<1x1024xf32>
    %a = stablehlo.add %m, %b : tensor<1x1024xf32>
    %i = stablehlo.iota dim = 1 : tensor<1x1024xi32>
    %n = stablehlo.constant dense<1000> : tensor<1x1024xi32>
    %p = stablehlo.compare LT, %i, %n, SIGNED : (tensor<1x1024xi32>, tensor<1x1024xi32>) -> tensor<1x1024xi1>
    %low = stablehlo.constant dense<0xFF800000> : tensor<1x1024xf32>
    %0 = stablehlo.select %p, %a, %low : tensor<1x1024xi1>, tensor<1x1024xf32>
    %1 = call @argmax(%0) : (tensor<1x1024xf32>) -> tensor<1xi32>
    return %1 : tensor<1xi32>
  }
  func.func private @argmax(%arg0: tensor<1x1024xf32>) -> tensor<1xi32> {
    %0 = stablehlo.iota dim = 1 : tensor<1x1024xi32>
    %cst = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %c = stablehlo.constant dense<0> : tensor<i32>
    %1:2 = stablehlo.reduce(%arg0 init: %cst), (%0 init: %c) across dimensions = [1] : (tensor<1x1024xf32>, tensor<1x1024xi32>, tensor<f32>, tensor<i32>) -> (tensor<1xf32>, tensor<1xi32>)
     reducer(%arg1: tensor<f32>, %arg3: tensor<f32>) (%arg2: tensor<i32>, %arg4: tensor<i32>)  {
      %2 = stablehlo.compare GT, %arg1, %arg3, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %3 = stablehlo.compare NE, %arg1, %arg1, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %4 = stablehlo.or %2, %3 : tensor<i1>
      %5 = stablehlo.compare EQ, %arg1, %arg3, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %6 = stablehlo.compare LT, %arg2, %arg4, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      %7 = stablehlo.and %5, %6 : tensor<i1>
      %8 = stablehlo.or %4, %7 : tensor<i1>
      %9 = stablehlo.select %4, %arg1, %arg3 : tensor<i1>, tensor<f32>
      %10 = stablehlo.select %8, %arg2, %arg4 : tensor<i1>, tensor<i32>
      stablehlo.return %9, %10 : tensor<f32>, tensor<i32>
    }
    return %1#1 : tensor<1xi32>
  }
}
