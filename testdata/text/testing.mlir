// The dialects of StableHLO's own tests.

func.func @checks(%x: tensor<3xf64>, %y: tensor<3xf64>) {
  check.expect_eq %x, %y : tensor<3xf64>
  check.expect_eq_const %x, dense<[1.000000e+00, 2.000000e+00, 3.000000e+00]> : tensor<3xf64>
  check.expect_almost_eq %x, %y : tensor<3xf64>
  check.expect_almost_eq %x, %y, tolerance = 1.000000e-01 : tensor<3xf64>
  check.expect_almost_eq_const %x, dense<5.000000e+00> : tensor<3xf64>
  check.expect_almost_eq_const %x, dense<5.000000e+00> : tensor<3xf64> {tolerance = 1.000000e-01 : f64}
  check.expect_close %x, %y : tensor<3xf64>, tensor<3xf64>
  check.expect_close %x, %y, max_ulp_difference = 3, min_ulp_difference = 1 : tensor<3xf64>, tensor<3xf64>
  check.expect_serialized_eq %x, probe_id = "probe0", iter = 1 : tensor<3xf64>
  return
}

func.func @one(%x: tensor<2xi32>) -> tensor<2xi32> {
  %0 = interpreter.probe %x, probe_id = "probe0" : tensor<2xi32>
  interpreter.print %0 : tensor<2xi32>
  return %0 : tensor<2xi32>
}

func.func @main(%x: tensor<2xi32>) {
  %0:2 = "interpreter.run_parallel"(%x, %x) <{infeed = [@queue], programs = [[@one], [@one]]}> : (tensor<2xi32>, tensor<2xi32>) -> (tensor<2xi32>, tensor<2xi32>)
  return
}

func.func @queue() -> tensor<2xi32> {
  %0 = stablehlo.constant dense<[1, 2]> : tensor<2xi32>
  return %0 : tensor<2xi32>
}
