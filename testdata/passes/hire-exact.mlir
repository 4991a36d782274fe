// passes: hire-logits, legalize-stablehlo, tidy
// k-prime: 64
// guarantee: exact
// The dense product stands in the branch that runs where the certificate fails.
func.func public @main(%h: tensor<1x40xf32> loc("h"), %w: tensor<1024x40xf32> loc("params['head']")) -> tensor<1xi32> {
  %z = stablehlo.dot_general %h, %w, contracting_dims = [1] x [1] : (tensor<1x40xf32>, tensor<1024x40xf32>) -> tensor<1x1024xf32>
  %init = stablehlo.constant dense<0xFF800000> : tensor<f32>
  %none = stablehlo.constant dense<0> : tensor<i32>
  %iota = stablehlo.iota dim = 1 : tensor<1x1024xi32>
  %cap = stablehlo.constant dense<3.000000e+01> : tensor<1x1024xf32>
  %y = stablehlo.divide %z, %cap : tensor<1x1024xf32>
  %t:2 = stablehlo.reduce(%y init: %init), (%iota init: %none) across dimensions = [1] : (tensor<1x1024xf32>, tensor<1x1024xi32>, tensor<f32>, tensor<i32>) -> (tensor<1xf32>, tensor<1xi32>)
    reducer(%a: tensor<f32>, %b: tensor<f32>) (%c: tensor<i32>, %d: tensor<i32>)  {
      %1 = stablehlo.compare GT, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %2 = stablehlo.compare NE, %a, %a : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %3 = stablehlo.or %1, %2 : tensor<i1>
      %4 = stablehlo.compare EQ, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %5 = stablehlo.compare LT, %c, %d : (tensor<i32>, tensor<i32>) -> tensor<i1>
      %6 = stablehlo.and %4, %5 : tensor<i1>
      %7 = stablehlo.or %3, %6 : tensor<i1>
      %8 = stablehlo.select %3, %a, %b : tensor<i1>, tensor<f32>
      %9 = stablehlo.select %7, %c, %d : tensor<i1>, tensor<i32>
      stablehlo.return %8, %9 : tensor<f32>, tensor<i32>
    }
  return %t#1 : tensor<1xi32>
}
