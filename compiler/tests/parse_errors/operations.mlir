// a misspelt operation
func.func @f(%a: tensor<2xf32>) {
  %0 = stablehlo.multipy %a, %a : tensor<2xf32>
  return
}
// -----
// a misspelt operation in generic form
func.func @f(%a: tensor<2xf32>) {
  %0 = "stablehlo.expnential"(%a) : (tensor<2xf32>) -> tensor<2xf32>
  return
}
// -----
// an operation without its dialect
func.func @f(%a: tensor<2xf32>) {
  %0 = add %a, %a : tensor<2xf32>
  return
}
// -----
// a generic operation without a dialect
func.func @f(%a: tensor<2xf32>) {
  %0 = "add"(%a, %a) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return
}
// -----
// a pretty operation of an unknown dialect
func.func @f(%a: tensor<2xf32>) {
  %0 = tosa.add %a, %a : tensor<2xf32>
  return
}
// -----
// an operation that has only a generic form
func.func @f(%a: tensor<2xf32>) {
  %0 = stablehlo.gather %a, %a : tensor<2xf32>
  return
}
// -----
// an operand too few
func.func @f(%a: tensor<2xf32>) {
  %0 = stablehlo.add %a : tensor<2xf32>
  return
}
// -----
// an operand too many
func.func @f(%a: tensor<2xf32>) {
  %0 = stablehlo.add %a, %a, %a : tensor<2xf32>
  return
}
// -----
// an operand too few for a list of all
func.func @f(%p: tensor<i1>, %a: tensor<2xf32>) {
  %0 = stablehlo.select %p, %a : tensor<i1>, tensor<2xf32>
  return
}
// -----
// no type
func.func @f(%a: tensor<2xf32>) {
  %0 = stablehlo.add %a, %a
  return
}
// -----
// a type where a functional type belongs
func.func @f(%a: tensor<2xf32>) {
  %0 = stablehlo.reshape %a : tensor<2x1xf32>
  return
}
// -----
// an unknown comparison
func.func @f(%a: tensor<2xf32>) {
  %0 = stablehlo.compare LESS, %a, %a : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xi1>
  return
}
// -----
// dimensions that are no list
func.func @f(%a: tensor<2xf32>) {
  %0 = stablehlo.transpose %a, dims = 0 : (tensor<2xf32>) -> tensor<2xf32>
  return
}
// -----
// an attribute both in the form and in the braces
func.func @f() {
  %0 = stablehlo.iota dim = 0 {iota_dimension = 0 : i64} : tensor<2xf32>
  return
}
// -----
// an attribute twice in the braces
func.func @f(%a: tensor<2xf32>) {
  %0 = stablehlo.abs %a {x, x} : tensor<2xf32>
  return
}
// -----
// an attribute in properties and in braces
func.func @f(%a: tensor<2xf32>) {
  %0 = "stablehlo.iota"() <{iota_dimension = 0 : i64}> {iota_dimension = 0 : i64} : () -> tensor<2xf32>
  return
}
// -----
// successors
func.func @f() {
  "cf.br"()[^bb1] : () -> ()
}
// -----
// a second block
func.func @f() {
  return
^bb1:
  return
}
// -----
// a label where arguments are named before the region
func.func @f(%a: tensor<f32>) {
^bb0(%b: tensor<f32>):
  return
}
// -----
// a region that is never closed
func.func @f(%p: tensor<i1>) {
  "stablehlo.if"(%p) ({
    stablehlo.return
  }, {
// -----
// an operation at the top level
"stablehlo.constant"() {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
// -----
// a foreign operation with regions at the top level
"foo.bar"() ({}) : () -> ()
