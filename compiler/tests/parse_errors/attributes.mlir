// an undefined attribute alias
module attributes {a = #b} {}
// -----
// an alias that leads back to itself
#a = [#b]
#b = [#a]
module attributes {a = #a} {}
// -----
// an alias defined twice
#a = 1
#a = 2
module attributes {a = #a} {}
// -----
// a number whose type is an alias of a tensor type
!t = tensor<2xf32>
module attributes {a = 1 : !t} {}
// -----
// an attribute alias used as a location
#a = 1
module {} loc(#a)
// -----
// an undefined location alias
module {} loc(#loc7)
// -----
// something that is no location
module {} loc(here)
// -----
// a location without a line
module {} loc("model.py":)
// -----
// a call site without its caller
module {} loc(callsite("a"))
// -----
// a line number that does not fit
module {} loc("f.py":4294967296:1)
// -----
// an integer with a float's value
module attributes {a = 1.5 : i32} {}
// -----
// a float with an integer's value
module attributes {a = 1 : f32} {}
// -----
// an integer out of range
module attributes {a = 300 : i8} {}
// -----
// a number of a tensor type
module attributes {a = 1 : tensor<i32>} {}
// -----
// an array of no known element type
module attributes {a = array<index: 1>} {}
// -----
// an array element out of range
module attributes {a = array<i8: 1, 200, 300>} {}
// -----
// a boolean array of something else
module attributes {a = array<i1: yes>} {}
// -----
// an attribute without a value
module attributes {a = } {}
// -----
// attributes without a comma
module attributes {a = 1 b = 2} {}
// -----
// an unknown field of a structured attribute
module attributes {a = #stablehlo.gather<offset_dim = [0]>} {}
// -----
// a field given twice
module attributes {a = #stablehlo.gather<offset_dims = [0], offset_dims = [1]>} {}
// -----
// a case that an enumeration lacks
module attributes {a = #stablehlo<precision BEST>} {}
// -----
// an unknown accuracy mode
module attributes {a = #stablehlo.result_accuracy<mode = FAST>} {}
// -----
// an attribute without a place here
module attributes {a = distinct[0]<1>} {}
// -----
// mesh axes without a mesh
module attributes {a = #stablehlo.replica_group_mesh_axes<axes = []>} {}
// -----
// a channel handle of words
module attributes {a = #stablehlo.channel_handle<handle = one>} {}
