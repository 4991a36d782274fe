// error: function_results
func.func @main(%arg0: tensor<4xf32>) -> tensor<4xi32> {
  return %arg0 : tensor<4xf32>
}

// -----

// error: function_results
func.func @main(%arg0: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  return %arg0 : tensor<4xf32>
}

// -----

// error: declaration
func.func @main(tensor<4xf32>) -> tensor<4xf32>

// -----

// error: call_callee
func.func @main(%arg0: tensor<4xf32>) {
  %0 = call @missing(%arg0) : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

// error: call_operands
func.func private @callee(tensor<4xf32>, tensor<i32>) -> tensor<4xf32>
func.func @main(%arg0: tensor<4xf32>) {
  %0 = call @callee(%arg0) : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

// error: call_operands
func.func private @callee(tensor<?xf32>) -> tensor<4xf32>
func.func @main(%arg0: tensor<4xf32>) {
  %0 = call @callee(%arg0) : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

// error: call_results
func.func private @callee(tensor<4xf32>) -> tensor<4xf32>
func.func @main(%arg0: tensor<4xf32>) {
  %0 = call @callee(%arg0) : (tensor<4xf32>) -> tensor<4xf64>
  return
}

// -----

// error: aliasing_output
// upstream: accepts
func.func @main(%arg0: tensor<4xf32> {tf.aliasing_output = 1 : i32}) -> tensor<4xf32> {
  return %arg0 : tensor<4xf32>
}

// -----

// error: aliasing_output
// upstream: accepts
func.func @main(%arg0: tensor<4xf32> {tf.aliasing_output = 0 : i32}, %arg1: tensor<4xf32> {tf.aliasing_output = 0 : i32}) -> tensor<4xf32> {
  return %arg0 : tensor<4xf32>
}

// -----

// error: aliasing_output
// upstream: accepts
func.func @main(%arg0: tensor<8xf32> {tf.aliasing_output = 0 : i32}, %arg1: tensor<4xf32>) -> tensor<4xf32> {
  return %arg1 : tensor<4xf32>
}

// -----

// error: composite_c1
func.func private @decomposition(%arg0: tensor<f32>) -> tensor<f32> {
  return %arg0 : tensor<f32>
}
func.func @main(%arg0: tensor<f32>) {
  %0 = stablehlo.composite "unnamespaced" %arg0 {decomposition = @decomposition} : (tensor<f32>) -> tensor<f32>
  return
}

// -----

// error: composite_c2
func.func @main(%arg0: tensor<f32>) {
  %0 = stablehlo.composite "my.op" %arg0 {decomposition = @missing} : (tensor<f32>) -> tensor<f32>
  return
}

// -----

// error: composite_c3
func.func private @decomposition(%arg0: tensor<f64>) -> tensor<f32> {
  %0 = stablehlo.convert %arg0 : (tensor<f64>) -> tensor<f32>
  return %0 : tensor<f32>
}
func.func @main(%arg0: tensor<f32>) {
  %0 = stablehlo.composite "my.op" %arg0 {decomposition = @decomposition} : (tensor<f32>) -> tensor<f32>
  return
}

// -----

// error: composite_c4
func.func private @decomposition(%arg0: tensor<f32>) -> tensor<f32> {
  return %arg0 : tensor<f32>
}
func.func @main(%arg0: tensor<f32>) {
  %0:2 = stablehlo.composite "my.op" %arg0 {decomposition = @decomposition} : (tensor<f32>) -> (tensor<f32>, tensor<f32>)
  return
}

// -----

// error: run_parallel_programs
func.func @main() {
  "interpreter.run_parallel"() <{programs = [[@missing]]}> : () -> ()
  return
}

// -----

// error: run_parallel_programs
func.func private @program() {
  return
}
func.func @main() {
  "interpreter.run_parallel"() <{programs = [[@program, @program], [@program]]}> : () -> ()
  return
}

// -----

// error: run_parallel_operands
func.func private @program(%arg0: tensor<f32>) {
  return
}
func.func @main(%arg0: tensor<f32>) {
  "interpreter.run_parallel"(%arg0) <{programs = [[@program, @program]]}> : (tensor<f32>) -> ()
  return
}

// -----

// error: module_attributes
module attributes {mhlo.num_partitions = 1 : i32, note} {
  func.func private @main()
}

// -----

// error: function_attributes, function_attributes
func.func private @main(tensor<2xf32> {note}, tensor<f32> {jax.note}) -> (tensor<2xf32> {note = 1 : i32})
