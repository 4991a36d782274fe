// an empty operation where text ends
func.func @f(%a: tensor<f32>) {
// -----
// a string that its line does not close
module attributes {a = "open
} {}
// -----
// a character outside the language
func.func @f() { § }
// -----
// an unknown escape
module attributes {a = "a\qb"} {}
// -----
// an end inside an attribute
module attributes {a = [1, 2
// -----
// brackets of an opaque attribute that do not match
module attributes {a = #foo.bar<[1, 2}>} {}
// -----
// an opaque attribute that is never closed
module attributes {a = #foo.bar<{1, 2>} {}
// -----
// a text after the module
module {}
nonsense
// -----
// something else than a function
hello
// -----
// a function of an older syntax
func @f() { return }
// -----
// two modules in one text
module @a {}
module @b {}
// -----
// a module beside a function of an outer one
module @a {
  func.func private @f()
  module @b {}
}
// -----
// a module that is never closed
module @a {
  func.func private @f()
