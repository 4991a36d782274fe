// a list that is too short
func.func @f() {
  %0 = stablehlo.constant dense<[1.0, 2.0]> : tensor<3xf32>
  return
}
// -----
// a row that is too long
func.func @f() {
  %0 = stablehlo.constant dense<[[1, 2], [3, 4, 5]]> : tensor<2x2xi32>
  return
}
// -----
// lists deeper than the rank
func.func @f() {
  %0 = stablehlo.constant dense<[[1]]> : tensor<1xi32>
  return
}
// -----
// a list too few
func.func @f() {
  %0 = stablehlo.constant dense<[1, 2]> : tensor<2x1xi32>
  return
}
// -----
// no elements for a type that has some
func.func @f() {
  %0 = stablehlo.constant dense<> : tensor<2xi32>
  return
}
// -----
// an integer where a float belongs
func.func @f() {
  %0 = stablehlo.constant dense<[1.0, 2]> : tensor<2xf32>
  return
}
// -----
// an exponent without a point
func.func @f() {
  %0 = stablehlo.constant dense<1e-5> : tensor<f32>
  return
}
// -----
// a float where an integer belongs
func.func @f() {
  %0 = stablehlo.constant dense<1.5> : tensor<i32>
  return
}
// -----
// a boolean where an integer belongs
func.func @f() {
  %0 = stablehlo.constant dense<true> : tensor<i32>
  return
}
// -----
// an integer too large for its type
func.func @f() {
  %0 = stablehlo.constant dense<[0, 256]> : tensor<2xui8>
  return
}
// -----
// an integer too small for its type
func.func @f() {
  %0 = stablehlo.constant dense<-9> : tensor<i4>
  return
}
// -----
// bits too many for a float
func.func @f() {
  %0 = stablehlo.constant dense<0x1FFFF> : tensor<bf16>
  return
}
// -----
// a minus before bits
func.func @f() {
  %0 = stablehlo.constant dense<-0x7F800000> : tensor<f32>
  return
}
// -----
// a real number where a complex one belongs
func.func @f() {
  %0 = stablehlo.constant dense<1.0> : tensor<complex<f32>>
  return
}
// -----
// a complex number with one part
func.func @f() {
  %0 = stablehlo.constant dense<(1.0)> : tensor<complex<f32>>
  return
}
// -----
// hexadecimal data of the wrong length
func.func @f() {
  %0 = stablehlo.constant dense<"0x00000000FF"> : tensor<2xf32>
  return
}
// -----
// hexadecimal data with a letter that is no digit
func.func @f() {
  %0 = stablehlo.constant dense<"0x0000G000"> : tensor<1xf32>
  return
}
// -----
// a string where hexadecimal data belongs
func.func @f() {
  %0 = stablehlo.constant dense<"hello"> : tensor<1xf32>
  return
}
// -----
// a literal that is never closed
func.func @f() {
  %0 = stablehlo.constant dense<[1, 2 : tensor<2xi32>
  return
}
// -----
// a type that is no tensor
func.func @f() {
  %0 = stablehlo.constant dense<1> : i32
  return
}
// -----
// a type with a dynamic dimension
func.func @f() {
  %0 = stablehlo.constant dense<1> : tensor<?xi32>
  return
}
// -----
// a type without a rank
func.func @f() {
  %0 = stablehlo.constant dense<1> : tensor<*xi32>
  return
}
// -----
// a quantized type
func.func @f() {
  %0 = stablehlo.constant dense<1> : tensor<2x!quant.uniform<i8:f32, 1.0>>
  return
}
// -----
// a size that does not fit
func.func @f() {
  %0 = stablehlo.constant dense<[1]> : tensor<9999999999x9999999999xi32>
  return
}
// -----
// a resource that is nowhere
func.func @f() {
  %0 = stablehlo.constant dense_resource<w> : tensor<2xi8>
  return
}
// -----
// a resource of another size
func.func @f() {
  %0 = stablehlo.constant dense_resource<w> : tensor<2xi8>
  return
}
{-#
  dialect_resources: {
    builtin: {
      w: "0x01000000FF"
    }
  }
#-}
// -----
// a resource given twice
module {}
{-# dialect_resources: { builtin: { w: "0x0100000000", w: "0x0100000000" } } #-}
// -----
// an unknown resource section
module {}
{-# files: {} #-}
