// error: operand_count
func.func @main(%arg0: tensor<f32>, %arg1: tensor<f32>) {
  %0 = "stablehlo.negate"(%arg0, %arg1) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  return
}

// -----

// error: operand_count
func.func @main(%arg0: tensor<2xf32>) {
  %0 = "stablehlo.pad"(%arg0) <{edge_padding_low = array<i64: 0>, edge_padding_high = array<i64: 0>, interior_padding = array<i64: 0>}> : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

// error: result_count
func.func @main(%arg0: tensor<f32>) {
  %0:2 = "stablehlo.negate"(%arg0) : (tensor<f32>) -> (tensor<f32>, tensor<f32>)
  return
}

// -----

// error: negate_i1, negate_o1
func.func @main(%arg0: tensor<i1>) {
  %0 = "stablehlo.negate"(%arg0) : (tensor<i1>) -> tensor<i1>
  return
}

// -----

// error: negate_i1
func.func @main(%arg0: !stablehlo.token) {
  %0 = "stablehlo.negate"(%arg0) : (!stablehlo.token) -> tensor<f32>
  return
}

// -----

// error: negate_o1
func.func @main(%arg0: tensor<f32>) {
  %0 = "stablehlo.negate"(%arg0) : (tensor<f32>) -> !stablehlo.token
  return
}

// -----

// error: negate_i1, negate_o1
func.func @main(%arg0: tensor<*xf32>) {
  %0 = "stablehlo.negate"(%arg0) : (tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

// error: and_i1, and_i2
func.func @main(%arg0: tensor<f32>, %arg1: tensor<f32>) {
  %0 = "stablehlo.and"(%arg0, %arg1) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  return
}

// -----

// error: shift_left_i1, shift_left_i2, shift_left_o1
func.func @main(%arg0: tensor<f32>, %arg1: tensor<f32>) {
  %0 = "stablehlo.shift_left"(%arg0, %arg1) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  return
}

// -----

// error: cosine_i1, cosine_o1
func.func @main(%arg0: tensor<i32>) {
  %0 = "stablehlo.cosine"(%arg0) : (tensor<i32>) -> tensor<i32>
  return
}

// -----

// error: complex_i1, complex_i2
func.func @main(%arg0: tensor<f16>, %arg1: tensor<f16>) {
  %0 = "stablehlo.complex"(%arg0, %arg1) : (tensor<f16>, tensor<f16>) -> tensor<complex<f32>>
  return
}

// -----

// error: after_all_i1
func.func @main(%arg0: tensor<f32>) {
  %0 = "stablehlo.after_all"(%arg0) : (tensor<f32>) -> !stablehlo.token
  return
}

// -----

// error: select_i1
func.func @main(%arg0: tensor<i32>, %arg1: tensor<f32>, %arg2: tensor<f32>) {
  %0 = "stablehlo.select"(%arg0, %arg1, %arg2) : (tensor<i32>, tensor<f32>, tensor<f32>) -> tensor<f32>
  return
}

// -----

// error: dynamic_slice_i2
func.func @main(%arg0: tensor<4xf32>, %arg1: tensor<1xi32>) {
  %0 = "stablehlo.dynamic_slice"(%arg0, %arg1) <{slice_sizes = array<i64: 1>}> : (tensor<4xf32>, tensor<1xi32>) -> tensor<1xf32>
  return
}

// -----

// error: iota_o1
func.func @main() {
  %0 = "stablehlo.iota"() <{iota_dimension = 0 : i64}> : () -> tensor<?xi32>
  return
}

// -----

// error: reshape_o1
func.func @main(%arg0: tensor<4xf32>) {
  %0 = "stablehlo.reshape"(%arg0) : (tensor<4xf32>) -> tensor<?x2xf32>
  return
}

// -----

// error: get_tuple_element_i1
func.func @main(%arg0: tensor<f32>) {
  %0 = "stablehlo.get_tuple_element"(%arg0) <{index = 0 : i32}> : (tensor<f32>) -> tensor<f32>
  return
}

// -----

// error: concatenate_i2
func.func @main(%arg0: tensor<2xf32>, %arg1: tensor<2xf32>) {
  %0 = "stablehlo.concatenate"(%arg0, %arg1) : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>
  return
}

// -----

// error: concatenate_i2
func.func @main(%arg0: tensor<2xf32>, %arg1: tensor<2xf32>) {
  %0 = "stablehlo.concatenate"(%arg0, %arg1) <{dimension = 0 : i32}> : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>
  return
}

// -----

// error: compare_i3
func.func @main(%arg0: tensor<f32>, %arg1: tensor<f32>) {
  %0 = "stablehlo.compare"(%arg0, %arg1) : (tensor<f32>, tensor<f32>) -> tensor<i1>
  return
}

// -----

// error: slice_i3
func.func @main(%arg0: tensor<4xf32>) {
  %0 = "stablehlo.slice"(%arg0) <{start_indices = array<i64: 0>, limit_indices = dense<2> : tensor<2x2xi64>, strides = array<i64: 1>}> : (tensor<4xf32>) -> tensor<2xf32>
  return
}

// -----

// error: fft_i2
func.func @main(%arg0: tensor<4xcomplex<f32>>) {
  %0 = "stablehlo.fft"(%arg0) <{fft_type = "FFT", fft_length = array<i64: 4>}> : (tensor<4xcomplex<f32>>) -> tensor<4xcomplex<f32>>
  return
}

// -----

// error: region_count
func.func @main(%arg0: tensor<i1>) {
  %0 = "stablehlo.if"(%arg0) ({
      stablehlo.return %arg0 : tensor<i1>
    }) : (tensor<i1>) -> tensor<f32>
  return
}

// -----

// error: custom_call_i5
func.func @main(%arg0: tensor<f32>) {
  %0 = "stablehlo.custom_call"(%arg0) <{call_target_name = "target", api_version = 7 : i32}> : (tensor<f32>) -> tensor<f32>
  return
}
