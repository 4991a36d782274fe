// error: send_c1
func.func @main(%arg0: tensor<f32>, %arg1: !stablehlo.token) {
  %0 = "stablehlo.send"(%arg0, %arg1) <{channel_handle = #stablehlo.channel_handle<handle = 1, type = 2>, is_host_transfer = false}> : (tensor<f32>, !stablehlo.token) -> !stablehlo.token
  return
}

// -----

// error: send_c1
func.func @main(%arg0: tensor<f32>, %arg1: !stablehlo.token) {
  %0 = "stablehlo.send"(%arg0, %arg1) <{channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>, is_host_transfer = true}> : (tensor<f32>, !stablehlo.token) -> !stablehlo.token
  return
}

// -----

// error: recv_c1
func.func @main(%arg0: !stablehlo.token) {
  %0:2 = "stablehlo.recv"(%arg0) <{channel_handle = #stablehlo.channel_handle<handle = 1, type = 2>, is_host_transfer = true}> : (!stablehlo.token) -> (tensor<f32>, !stablehlo.token)
  return
}

// -----

// error: recv_c2
func.func @main(%arg0: !stablehlo.token) {
  "stablehlo.recv"(%arg0) <{channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>}> : (!stablehlo.token) -> ()
  return
}

// -----

// error: recv_c3
func.func @main(%arg0: !stablehlo.token) {
  %0:2 = "stablehlo.recv"(%arg0) <{channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>}> : (!stablehlo.token) -> (!stablehlo.token, !stablehlo.token)
  return
}

// -----

// error: recv_c4
func.func @main(%arg0: !stablehlo.token) {
  %0 = "stablehlo.recv"(%arg0) <{channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>}> : (!stablehlo.token) -> tensor<f32>
  return
}

// -----

// error: infeed_c1
func.func @main(%arg0: !stablehlo.token) {
  "stablehlo.infeed"(%arg0) : (!stablehlo.token) -> ()
  return
}

// -----

// error: infeed_c2
func.func @main(%arg0: !stablehlo.token) {
  %0:2 = "stablehlo.infeed"(%arg0) : (!stablehlo.token) -> (!stablehlo.token, !stablehlo.token)
  return
}

// -----

// error: infeed_c3
func.func @main(%arg0: !stablehlo.token) {
  %0:2 = "stablehlo.infeed"(%arg0) : (!stablehlo.token) -> (tensor<f32>, tensor<f32>)
  return
}

// -----

// error: infeed_layout
func.func @main(%arg0: !stablehlo.token) {
  %0:2 = "stablehlo.infeed"(%arg0) <{layout = [[0, 1], [0]]}> : (!stablehlo.token) -> (tensor<2x2xf32>, !stablehlo.token)
  return
}

// -----

// error: infeed_layout
func.func @main(%arg0: !stablehlo.token) {
  %0:2 = "stablehlo.infeed"(%arg0) <{layout = [0]}> : (!stablehlo.token) -> (tensor<2x2xf32>, !stablehlo.token)
  return
}

// -----

// error: tuple_c1
func.func @main(%arg0: tensor<f32>, %arg1: tensor<i32>) {
  %0 = "stablehlo.tuple"(%arg0, %arg1) : (tensor<f32>, tensor<i32>) -> tuple<tensor<f32>, tensor<f32>>
  return
}

// -----

// error: get_tuple_element_c1
func.func @main(%arg0: tuple<tensor<f32>>) {
  %0 = "stablehlo.get_tuple_element"(%arg0) <{index = 1 : i32}> : (tuple<tensor<f32>>) -> tensor<f32>
  return
}

// -----

// error: get_tuple_element_c1
func.func @main(%arg0: tuple<tensor<f32>>) {
  %0 = "stablehlo.get_tuple_element"(%arg0) <{index = -1 : i32}> : (tuple<tensor<f32>>) -> tensor<f32>
  return
}

// -----

// error: get_tuple_element_c2
func.func @main(%arg0: tuple<tensor<f32>>) {
  %0 = "stablehlo.get_tuple_element"(%arg0) <{index = 0 : i32}> : (tuple<tensor<f32>>) -> tensor<i32>
  return
}

// -----

// error: replica_id_o1
func.func @main() {
  %0 = "stablehlo.replica_id"() : () -> tensor<2xui32>
  return
}
