// Shapes known only when running.

func.func @shapes(%x: tensor<?x3xf32>, %s: tensor<f32>, %i: tensor<2xi64>, %size: tensor<i32>, %v: tensor<1x3xf32>) {
  %0 = stablehlo.dynamic_broadcast_in_dim %v, %i, dims = [0, 1] {known_expanding_dimensions = array<i64: 0>, known_nonexpanding_dimensions = array<i64: 1>} : (tensor<1x3xf32>, tensor<2xi64>) -> tensor<?x3xf32>
  %1 = stablehlo.dynamic_iota %i, dim = 0 : (tensor<2xi64>) -> tensor<?x?xi32>
  %2 = stablehlo.dynamic_pad %x, %s, %i, %i, %i : (tensor<?x3xf32>, tensor<f32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>) -> tensor<?x?xf32>
  %3 = stablehlo.dynamic_reshape %x, %i : (tensor<?x3xf32>, tensor<2xi64>) -> tensor<?x?xf32>
  %4 = stablehlo.real_dynamic_slice %x, %i, %i, %i : (tensor<?x3xf32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>) -> tensor<?x?xf32>
  %5 = stablehlo.get_dimension_size %x, dim = 0 : (tensor<?x3xf32>) -> tensor<i32>
  %6 = stablehlo.set_dimension_size %v, %size, dim = 1 : (tensor<1x3xf32>, tensor<i32>) -> tensor<1x?xf32, #stablehlo.bounds<?, 3>>
  %7 = stablehlo.add %x, %x : tensor<?x3xf32>
  return
}

func.func @bounded(%x: tensor<?x4xf32, #stablehlo.bounds<8, ?>>) -> tensor<?x4xf32, #stablehlo.bounds<8, ?>> {
  %0 = stablehlo.tanh %x : tensor<?x4xf32, #stablehlo.bounds<8, ?>>
  return %0 : tensor<?x4xf32, #stablehlo.bounds<8, ?>>
}
