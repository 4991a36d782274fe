// error: custom_call_layouts
func.func @main(%arg0: tensor<2x3xf32>) {
  %0 = "stablehlo.custom_call"(%arg0) <{call_target_name = "target", operand_layouts = [dense<[1, 0]> : tensor<2xindex>]}> : (tensor<2x3xf32>) -> tensor<f32>
  return
}

// -----

// error: custom_call_layouts
func.func @main(%arg0: tensor<2x3xf32>) {
  %0 = "stablehlo.custom_call"(%arg0) <{call_target_name = "target", operand_layouts = [], result_layouts = [dense<> : tensor<0xindex>]}> : (tensor<2x3xf32>) -> tensor<f32>
  return
}

// -----

// error: custom_call_layouts
func.func @main(%arg0: tensor<2x3xf32>) {
  %0 = "stablehlo.custom_call"(%arg0) <{call_target_name = "target", operand_layouts = [dense<[0, 0]> : tensor<2xindex>], result_layouts = [dense<> : tensor<0xindex>]}> : (tensor<2x3xf32>) -> tensor<f32>
  return
}

// -----

// error: custom_call_layouts
func.func @main(%arg0: tensor<2x3xf32>) {
  %0 = "stablehlo.custom_call"(%arg0) <{call_target_name = "target", operand_layouts = [dense<0> : tensor<1xindex>], result_layouts = [dense<> : tensor<0xindex>]}> : (tensor<2x3xf32>) -> tensor<f32>
  return
}

// -----

// error: custom_call_layouts
func.func @main(%arg0: tensor<2x3xf32>) {
  %0 = "stablehlo.custom_call"(%arg0) <{call_target_name = "target", operand_layouts = [dense<[1, 0]> : tensor<2xi64>], result_layouts = [dense<> : tensor<0xindex>]}> : (tensor<2x3xf32>) -> tensor<f32>
  return
}

// -----

// error: custom_call_aliases
func.func @main(%arg0: tensor<f32>) {
  %0 = "stablehlo.custom_call"(%arg0) <{call_target_name = "target", output_operand_aliases = [#stablehlo.output_operand_alias<output_tuple_indices = [], operand_index = 1, operand_tuple_indices = []>]}> : (tensor<f32>) -> tensor<f32>
  return
}

// -----

// error: custom_call_aliases
func.func @main(%arg0: tensor<f32>) {
  %0 = "stablehlo.custom_call"(%arg0) <{call_target_name = "target", output_operand_aliases = [#stablehlo.output_operand_alias<output_tuple_indices = [0], operand_index = 0, operand_tuple_indices = []>]}> : (tensor<f32>) -> tensor<f32>
  return
}

// -----

// error: custom_call_aliases
func.func @main(%arg0: tensor<f32>) {
  %0 = "stablehlo.custom_call"(%arg0) <{call_target_name = "target", output_operand_aliases = [#stablehlo.output_operand_alias<output_tuple_indices = [], operand_index = 0, operand_tuple_indices = [0]>]}> : (tensor<f32>) -> tensor<f32>
  return
}

// -----

// error: custom_call_aliases
func.func @main(%arg0: tensor<f32>) {
  %0 = "stablehlo.custom_call"(%arg0) <{call_target_name = "target", output_operand_aliases = [#stablehlo.output_operand_alias<output_tuple_indices = [], operand_index = 0, operand_tuple_indices = []>]}> : (tensor<f32>) -> tensor<i32>
  return
}

// -----

// error: custom_call_backend_config
func.func @main(%arg0: tensor<f32>) {
  %0 = "stablehlo.custom_call"(%arg0) <{call_target_name = "target", backend_config = {a = 1 : i32}}> : (tensor<f32>) -> tensor<f32>
  return
}

// -----

// error: custom_call_backend_config
func.func @main(%arg0: tensor<f32>) {
  %0 = "stablehlo.custom_call"(%arg0) <{call_target_name = "target", backend_config = "text", api_version = 4 : i32}> : (tensor<f32>) -> tensor<f32>
  return
}

// -----

// error: custom_call_buffers
func.func @main(%arg0: memref<2xf32>) {
  %0 = "stablehlo.custom_call"(%arg0) <{call_target_name = "target"}> : (memref<2xf32>) -> memref<2xf32>
  return
}

// -----

// error: custom_call_buffers
func.func @main(%arg0: memref<2xf32>) {
  %0 = "stablehlo.custom_call"(%arg0) <{call_target_name = "Pin"}> : (memref<2xf32>) -> memref<2xf32>
  return
}

// -----

// error: custom_call_buffers
func.func @main(%arg0: tensor<2xf32>) {
  %0 = "stablehlo.custom_call"(%arg0) <{call_target_name = "Pin"}> : (tensor<2xf32>) -> memref<3xf32>
  return
}

// -----

// error: custom_call_buffers
func.func @main(%arg0: tensor<2xf32>) {
  %0 = "stablehlo.custom_call"(%arg0) <{call_target_name = "CreateBuffer"}> : (tensor<2xf32>) -> memref<2xf32>
  return
}
