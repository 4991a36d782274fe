// an undefined value
func.func @f(%a: tensor<2xf32>) {
  %0 = stablehlo.add %a, %b : tensor<2xf32>
  return
}
// -----
// a value used before its definition
func.func @f(%a: tensor<2xf32>) {
  %0 = stablehlo.add %a, %1 : tensor<2xf32>
  %1 = stablehlo.abs %a : tensor<2xf32>
  return
}
// -----
// a value of a region used outside it
func.func @f(%p: tensor<i1>, %a: tensor<2xf32>) -> tensor<2xf32> {
  %0 = "stablehlo.if"(%p) ({
    %1 = stablehlo.abs %a : tensor<2xf32>
    stablehlo.return %1 : tensor<2xf32>
  }, {
    stablehlo.return %a : tensor<2xf32>
  }) : (tensor<i1>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}
// -----
// a value of another function
func.func @f(%a: tensor<2xf32>) { return }
func.func @g() -> tensor<2xf32> { return %a : tensor<2xf32> }
// -----
// a name defined twice
func.func @f(%a: tensor<2xf32>) {
  %0 = stablehlo.abs %a : tensor<2xf32>
  %0 = stablehlo.negate %a : tensor<2xf32>
  return
}
// -----
// an argument of a region that hides a value
func.func @f(%a: tensor<f32>, %i: tensor<f32>) {
  %0 = stablehlo.while(%a = %i) : tensor<f32> cond { return } do { return }
  return
}
// -----
// a use with another type than the definition
func.func @f(%a: tensor<2xf32>) {
  %0 = stablehlo.abs %a : tensor<3xf32>
  return
}
// -----
// an operand of a generic operation with another type
func.func @f(%a: tensor<2xf32>, %b: tensor<2xi32>) {
  %0 = "stablehlo.add"(%a, %b) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return
}
// -----
// more types than operands
func.func @f(%a: tensor<2xf32>) {
  %0 = "stablehlo.abs"(%a) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return
}
// -----
// more names than results
func.func @f(%a: tensor<2xf32>) {
  %0, %1 = stablehlo.abs %a : tensor<2xf32>
  return
}
// -----
// a pack of another size than the results
func.func @f(%a: tensor<2xf32>) {
  %0:3 = stablehlo.optimization_barrier %a, %a : tensor<2xf32>, tensor<2xf32>
  return
}
// -----
// names for an operation without results
func.func @f(%a: tensor<2xf32>) -> tensor<2xf32> {
  %0 = return %a : tensor<2xf32>
}
// -----
// a result number past the last
func.func @f(%a: tensor<2xf32>) {
  %0:2 = stablehlo.optimization_barrier %a, %a : tensor<2xf32>, tensor<2xf32>
  %1 = stablehlo.abs %0#2 : tensor<2xf32>
  return
}
// -----
// a pack of no results
func.func @f(%a: tensor<2xf32>) {
  %0:0 = stablehlo.abs %a : tensor<2xf32>
  return
}
// -----
// several errors at once
func.func @f(%a: tensor<2xf32>) {
  %0 = stablehlo.abs %x : tensor<2xf32>
  %1 = stablehlo.abs %a : tensor<2xi32>
  %1 = stablehlo.abs %y : tensor<2xf32>
  return
}
