// contracting dimensions left out
func.func @f(%a: tensor<2xf32>) {
  %0 = stablehlo.dot_general %a, %a : (tensor<2xf32>, tensor<2xf32>) -> tensor<f32>
  return
}
// -----
// batching dimensions alone
func.func @f(%a: tensor<2xf32>) {
  %0 = stablehlo.dot_general %a, %a, batching_dims = [0] x [0] : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return
}
// -----
// an unknown precision
func.func @f(%a: tensor<2xf32>) {
  %0 = stablehlo.dot_general %a, %a, contracting_dims = [0] x [0], precision = [BEST, BEST] : (tensor<2xf32>, tensor<2xf32>) -> tensor<f32>
  return
}
// -----
// a dot algorithm without a field
func.func @f(%a: tensor<2xf32>) {
  %0 = stablehlo.dot_general %a, %a, contracting_dims = [0] x [0], algorithm = <lhs_precision_type = tf32> : (tensor<2xf32>, tensor<2xf32>) -> tensor<f32>
  return
}
// -----
// a convolution's letter given twice
func.func @f(%a: tensor<1x1x1xf32>) {
  %0 = stablehlo.convolution(%a, %a) dim_numbers = [b, 0, b]x[0, i, o]->[b, 0, f], window = {} : (tensor<1x1x1xf32>, tensor<1x1x1xf32>) -> tensor<1x1x1xf32>
  return
}
// -----
// a convolution's letter left out
func.func @f(%a: tensor<1x1x1xf32>) {
  %0 = stablehlo.convolution(%a, %a) dim_numbers = [b, 0]x[0, i, o]->[b, 0, f], window = {} : (tensor<1x1x1xf32>, tensor<1x1x1xf32>) -> tensor<1x1x1xf32>
  return
}
// -----
// a convolution's spatial dimensions with a gap
func.func @f(%a: tensor<1x1x1x1xf32>) {
  %0 = stablehlo.convolution(%a, %a) dim_numbers = [b, 0, 2, f]x[0, 1, i, o]->[b, 0, 1, f], window = {} : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
  return
}
// -----
// an unknown attribute of a window
func.func @f(%a: tensor<1x1x1xf32>) {
  %0 = stablehlo.convolution(%a, %a) dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f], window = {strides = [1]} : (tensor<1x1x1xf32>, tensor<1x1x1xf32>) -> tensor<1x1x1xf32>
  return
}
// -----
// padding that is no pair
func.func @f(%a: tensor<1x1x1xf32>) {
  %0 = stablehlo.convolution(%a, %a) dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f], window = {pad = [[0, 0, 1]]} : (tensor<1x1x1xf32>, tensor<1x1x1xf32>) -> tensor<1x1x1xf32>
  return
}
// -----
// a format without mantissa bits
func.func @f(%a: tensor<2xf32>) {
  %0 = stablehlo.reduce_precision %a, format = e5 : tensor<2xf32>
  return
}
// -----
// a slice without a limit
func.func @f(%a: tensor<2xf32>) {
  %0 = stablehlo.slice %a [0] : (tensor<2xf32>) -> tensor<2xf32>
  return
}
// -----
// a reduction by an operation that does not commute
func.func @f(%a: tensor<2xf32>, %i: tensor<f32>) {
  %0 = stablehlo.reduce(%a init: %i) applies stablehlo.subtract across dimensions = [0] : (tensor<2xf32>, tensor<f32>) -> tensor<f32>
  return
}
// -----
// a reduction of two inputs by one operation
func.func @f(%a: tensor<2xf32>, %i: tensor<f32>) {
  %0:2 = stablehlo.reduce(%a init: %i), (%a init: %i) applies stablehlo.add across dimensions = [0] : (tensor<2xf32>, tensor<2xf32>, tensor<f32>, tensor<f32>) -> (tensor<f32>, tensor<f32>)
  return
}
// -----
// a reduction without a reducer
func.func @f(%a: tensor<2xf32>, %i: tensor<f32>) {
  %0 = stablehlo.reduce(%a init: %i) across dimensions = [0] : (tensor<2xf32>, tensor<f32>) -> tensor<f32>
  return
}
// -----
// a reducer with a pair too few
func.func @f(%a: tensor<2xf32>, %i: tensor<f32>) {
  %0:2 = stablehlo.reduce(%a init: %i), (%a init: %i) across dimensions = [0] : (tensor<2xf32>, tensor<2xf32>, tensor<f32>, tensor<f32>) -> (tensor<f32>, tensor<f32>)
   reducer(%x: tensor<f32>, %y: tensor<f32>) { stablehlo.return %x, %x : tensor<f32>, tensor<f32> }
  return
}
// -----
// a loop without a body
func.func @f(%a: tensor<f32>) {
  %0 = stablehlo.while(%x = %a) : tensor<f32> cond { stablehlo.return }
  return
}
// -----
// a loop with a type too few
func.func @f(%a: tensor<f32>) {
  %0:2 = stablehlo.while(%x = %a, %y = %a) : tensor<f32> cond { stablehlo.return } do { stablehlo.return }
  return
}
// -----
// a call of no symbol
func.func @f(%a: tensor<f32>) {
  %0 = call "g"(%a) : (tensor<f32>) -> tensor<f32>
  return
}
// -----
// a tuple of something else
func.func @f(%a: tensor<f32>) {
  %0 = stablehlo.tuple %a : tensor<f32>
  return
}
// -----
// a complex result that is real
func.func @f(%a: tensor<f32>) {
  %0 = stablehlo.complex %a, %a : tensor<f32>
  return
}
// -----
// a constant that is no tensor
func.func @f() {
  %0 = stablehlo.constant 1.0 : f32
  return
}
// -----
// a channel handle without its type
func.func @f(%a: tensor<f32>) attributes {c = #stablehlo.channel_handle<handle = 1>} {
  return
}
