// a function without a name
func.func (%a: tensor<f32>)
// -----
// a function without parentheses
func.func @f { return }
// -----
// an argument without a type
func.func @f(%a) { return }
// -----
// names for some arguments only
func.func private @f(%a: tensor<f32>, tensor<f32>)
// -----
// a body without argument names
func.func @f(tensor<f32>) { return }
// -----
// two functions of one name
func.func private @f()
func.func private @f()
// -----
// a mesh and a function of one name
sdy.mesh @f = <["x"=2]>
func.func private @f()
// -----
// a mesh without axes
sdy.mesh @m
// -----
// attributes without the keyword
func.func @f() {a = 1} { return }
// -----
// a generic function without a name
"func.func"() <{function_type = () -> ()}> ({
  "func.return"() : () -> ()
}) : () -> ()
// -----
// a generic function whose region has other arguments than its type
"func.func"() <{function_type = (tensor<f32>) -> (), sym_name = "f"}> ({
^bb0(%a: tensor<i32>):
  "func.return"() : () -> ()
}) : () -> ()
// -----
// a generic function with attributes for too many arguments
"func.func"() <{arg_attrs = [{}, {}], function_type = () -> (), sym_name = "f"}> ({
}) : () -> ()
// -----
// a generic function of unknown visibility
"func.func"() <{function_type = () -> (), sym_name = "f", sym_visibility = "hidden"}> ({
}) : () -> ()
// -----
// a symbol that is empty
func.func private @""()
