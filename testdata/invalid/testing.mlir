// error: expect_eq_c1
func.func @main(%arg0: tensor<2xf32>, %arg1: tensor<3xf32>) {
  "check.expect_eq"(%arg0, %arg1) : (tensor<2xf32>, tensor<3xf32>) -> ()
  return
}

// -----

// error: check_value
func.func @main(%arg0: tensor<2xf32>) {
  "check.expect_eq_const"(%arg0) <{value = dense<1.0> : tensor<3xf32>}> : (tensor<2xf32>) -> ()
  return
}
