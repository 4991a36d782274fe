// an unknown type
func.func private @f(tensr<2xf32>)
// -----
// an unknown element type
func.func private @f(tensor<2xfloat>)
// -----
// a tensor without an element type
func.func private @f(tensor<2x3>)
// -----
// a tensor with commas between dimensions
func.func private @f(tensor<2,3xf32>)
// -----
// a negative dimension
func.func private @f(tensor<-2xf32>)
// -----
// a dimension that does not fit
func.func private @f(tensor<99999999999999999999xf32>)
// -----
// a tensor that is not closed
func.func private @f(tensor<2xf32)
// -----
// a tensor of tensors
func.func private @f(tensor<2xtensor<f32>>)
// -----
// a complex number of integers
func.func private @f(tensor<complex<i32>>)
// -----
// an integer of no width
func.func private @f(tensor<i0>)
// -----
// an undefined type alias
func.func private @f(!t)
// -----
// bounds of another rank
func.func private @f(tensor<?x?xf32, #stablehlo.bounds<3>>)
// -----
// a negative bound
func.func private @f(tensor<?xf32, #stablehlo.bounds<-3>>)
// -----
// a function type without an arrow
module attributes {a = (i32, i32)} {}
// -----
// a quantized type of floats
func.func private @f(tensor<!quant.uniform<f32:f32, 1.0>>)
// -----
// a quantized type that means integers
func.func private @f(tensor<!quant.uniform<i8:i32, 1.0>>)
// -----
// an integer scale
func.func private @f(tensor<!quant.uniform<i8:f32, 1:0>>)
// -----
// an empty storage range
func.func private @f(tensor<!quant.uniform<i8<5:-5>:f32, 1.0>>)
// -----
// a storage range wider than the type
func.func private @f(tensor<!quant.uniform<i8<0:255>:f32, 1.0>>)
// -----
// several scales without an axis
func.func private @f(tensor<!quant.uniform<i8:f32, {1.0, 2.0}>>)
// -----
// one scale for an axis
func.func private @f(tensor<!quant.uniform<i8:f32:0, 1.0>>)
// -----
// no scale for an axis
func.func private @f(tensor<!quant.uniform<i8:f32:0, {}>>)
// -----
// ragged scales
func.func private @f(tensor<!quant.uniform<i8:f32:{0:1, 1:1}, {{1.0, 2.0}, {3.0}}>>)
