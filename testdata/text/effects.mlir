// Tokens, tuples, custom calls and talk with the host.

func.func @host(%x: tensor<2x2xi64>, %token: !stablehlo.token) -> !stablehlo.token {
  %0 = stablehlo.create_token : !stablehlo.token
  %1 = stablehlo.after_all %0, %token : !stablehlo.token
  %2 = stablehlo.after_all : !stablehlo.token
  %3:2 = "stablehlo.infeed"(%1) <{infeed_config = "configured", layout = [[0, 1]]}> : (!stablehlo.token) -> (tensor<2x2xi64>, !stablehlo.token)
  %4 = "stablehlo.outfeed"(%3#0, %3#1) <{outfeed_config = ""}> : (tensor<2x2xi64>, !stablehlo.token) -> !stablehlo.token
  %5 = "stablehlo.send"(%x, %4) <{channel_handle = #stablehlo.channel_handle<handle = 5, type = 2>, is_host_transfer = true}> : (tensor<2x2xi64>, !stablehlo.token) -> !stablehlo.token
  %6:2 = "stablehlo.recv"(%5) <{channel_handle = #stablehlo.channel_handle<handle = 6, type = 3>, is_host_transfer = true}> : (!stablehlo.token) -> (tensor<2x2xi64>, !stablehlo.token)
  return %6#1 : !stablehlo.token
}

func.func @tuples(%x: tensor<2xf32>, %token: !stablehlo.token) -> tensor<2xf32> {
  %0 = stablehlo.tuple %x, %token : tuple<tensor<2xf32>, !stablehlo.token>
  %1 = stablehlo.tuple %0 : tuple<tuple<tensor<2xf32>, !stablehlo.token>>
  %2 = stablehlo.get_tuple_element %1[0] : (tuple<tuple<tensor<2xf32>, !stablehlo.token>>) -> tuple<tensor<2xf32>, !stablehlo.token>
  %3 = stablehlo.get_tuple_element %2[0] : (tuple<tensor<2xf32>, !stablehlo.token>) -> tensor<2xf32>
  %4:2 = stablehlo.optimization_barrier {mhlo.note} %3, %token : tensor<2xf32>, !stablehlo.token
  stablehlo.optimization_barrier()
  return %4#0 : tensor<2xf32>
}

func.func @calls(%x: tensor<4x3xf32>) -> tensor<4x3xf32> {
  %0 = stablehlo.custom_call @Sharding(%x) {backend_config = "", mhlo.sharding = "{devices=[2,1]<=[2]}"} : (tensor<4x3xf32>) -> tensor<4x3xf32>
  %1 = stablehlo.custom_call @"target with blanks"(%0) {api_version = 4 : i32, backend_config = {rank = 3 : i64, scale = 5.000000e-01 : f32}, called_computations = [@calls], has_side_effect = true, operand_layouts = [dense<[1, 0]> : tensor<2xindex>], output_operand_aliases = [#stablehlo.output_operand_alias<output_tuple_indices = [], operand_index = 0, operand_tuple_indices = []>], result_layouts = [dense<[1, 0]> : tensor<2xindex>]} : (tensor<4x3xf32>) -> tensor<4x3xf32>
  %2:2 = stablehlo.custom_call @two(%1) {backend_config = "bytes \00\FF\22 and \\ text"} : (tensor<4x3xf32>) -> (tensor<4x3xf32>, tensor<i32>)
  stablehlo.custom_call @none() {has_side_effect = true} : () -> ()
  return %2#0 : tensor<4x3xf32>
}
