// Reading and writing at computed places.

func.func @gather_rows_clamps() {
    %operand = stablehlo.constant dense<[[1, 2, 3], [4, 5, 6], [7, 8, 9]]> : tensor<3x3xi32>
    %indices = stablehlo.constant dense<[[2], [0], [9], [-1]]> : tensor<4x1xi32>
    %result = "stablehlo.gather"(%operand, %indices) {dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1, 2>} : (tensor<3x3xi32>, tensor<4x1xi32>) -> tensor<4x2xi32>
  check.expect_eq_const %result, dense<[[7, 8], [1, 2], [7, 8], [1, 2]]> : tensor<4x2xi32>
  func.return
}

// -----

func.func @gather_elements() {
    %operand = stablehlo.constant dense<[[1, 2, 3], [4, 5, 6], [7, 8, 9]]> : tensor<3x3xi32>
    %indices = stablehlo.constant dense<[[0, 2, 1], [2, 0, 1]]> : tensor<2x3xi64>
    %result = "stablehlo.gather"(%operand, %indices) {dimension_numbers = #stablehlo.gather<collapsed_slice_dims = [0, 1], start_index_map = [0, 1], index_vector_dim = 0>, slice_sizes = array<i64: 1, 1>} : (tensor<3x3xi32>, tensor<2x3xi64>) -> tensor<3xi32>
  check.expect_eq_const %result, dense<[3, 7, 5]> : tensor<3xi32>
  func.return
}

// -----

func.func @gather_in_batches() {
    %operand = stablehlo.constant dense<[[1, 2, 3], [4, 5, 6], [7, 8, 9]]> : tensor<3x3xi32>
    %indices = stablehlo.constant dense<[[1], [0], [2]]> : tensor<3x1xi64>
    %result = "stablehlo.gather"(%operand, %indices) {dimension_numbers = #stablehlo.gather<collapsed_slice_dims = [1], operand_batching_dims = [0], start_indices_batching_dims = [0], start_index_map = [1], index_vector_dim = 1>, slice_sizes = array<i64: 1, 1>} : (tensor<3x3xi32>, tensor<3x1xi64>) -> tensor<3xi32>
  check.expect_eq_const %result, dense<[2, 4, 9]> : tensor<3xi32>
  func.return
}

// -----

func.func @scatter_adds_every_update() {
    %operand = stablehlo.constant dense<[[1, 2, 3], [4, 5, 6], [7, 8, 9]]> : tensor<3x3xi32>
    %indices = stablehlo.constant dense<[[0], [2], [0]]> : tensor<3x1xi32>
    %updates = stablehlo.constant dense<[[10, 10, 10], [20, 20, 20], [30, 30, 30]]> : tensor<3x3xi32>
    %result = "stablehlo.scatter"(%operand, %indices, %updates) ({
    ^bb0(%old: tensor<i32>, %new: tensor<i32>):
      %sum = stablehlo.add %old, %new : tensor<i32>
      stablehlo.return %sum : tensor<i32>
    }) {scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [1], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>, unique_indices = false} : (tensor<3x3xi32>, tensor<3x1xi32>, tensor<3x3xi32>) -> tensor<3x3xi32>
    check.expect_eq_const %operand, dense<[[1, 2, 3], [4, 5, 6], [7, 8, 9]]> : tensor<3x3xi32>
  check.expect_eq_const %result, dense<[[41, 42, 43], [4, 5, 6], [27, 28, 29]]> : tensor<3x3xi32>
  func.return
}

// -----

func.func @scatter_drops_what_is_outside() {
    %operand = stablehlo.constant dense<[[1, 2, 3], [4, 5, 6], [7, 8, 9]]> : tensor<3x3xi32>
    %indices = stablehlo.constant dense<[[1], [5], [-1]]> : tensor<3x1xi32>
    %updates = stablehlo.constant dense<[[10, 10], [20, 20], [30, 30]]> : tensor<3x2xi32>
    %result = "stablehlo.scatter"(%operand, %indices, %updates) ({
    ^bb0(%old: tensor<i32>, %new: tensor<i32>):
      stablehlo.return %new : tensor<i32>
    }) {scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [1], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>, unique_indices = false} : (tensor<3x3xi32>, tensor<3x1xi32>, tensor<3x2xi32>) -> tensor<3x3xi32>
    check.expect_eq_const %operand, dense<[[1, 2, 3], [4, 5, 6], [7, 8, 9]]> : tensor<3x3xi32>
  check.expect_eq_const %result, dense<[[1, 2, 3], [10, 10, 6], [7, 8, 9]]> : tensor<3x3xi32>
  func.return
}

// -----

func.func @scatter_windows_reach_out() {
    %operand = stablehlo.constant dense<[[1, 2, 3], [4, 5, 6], [7, 8, 9]]> : tensor<3x3xi32>
    %indices = stablehlo.constant dense<[[1, 2]]> : tensor<1x2xi32>
    %updates = stablehlo.constant dense<[[[10, 20], [30, 40]]]> : tensor<1x2x2xi32>
    %result = "stablehlo.scatter"(%operand, %indices, %updates) ({
    ^bb0(%old: tensor<i32>, %new: tensor<i32>):
      stablehlo.return %new : tensor<i32>
    }) {scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [1, 2], scatter_dims_to_operand_dims = [0, 1], index_vector_dim = 1>, unique_indices = false} : (tensor<3x3xi32>, tensor<1x2xi32>, tensor<1x2x2xi32>) -> tensor<3x3xi32>
    check.expect_eq_const %operand, dense<[[1, 2, 3], [4, 5, 6], [7, 8, 9]]> : tensor<3x3xi32>
  check.expect_eq_const %result, dense<[[1, 2, 3], [4, 5, 10], [7, 8, 30]]> : tensor<3x3xi32>
  func.return
}

// -----

func.func @scatter_in_batches() {
    %operand = stablehlo.constant dense<[[1, 2, 3], [4, 5, 6], [7, 8, 9]]> : tensor<3x3xi32>
    %indices = stablehlo.constant dense<[[1], [0], [2]]> : tensor<3x1xi32>
    %updates = stablehlo.constant dense<[10, 20, 30]> : tensor<3xi32>
    %result = "stablehlo.scatter"(%operand, %indices, %updates) ({
    ^bb0(%old: tensor<i32>, %new: tensor<i32>):
      stablehlo.return %new : tensor<i32>
    }) {scatter_dimension_numbers = #stablehlo.scatter<inserted_window_dims = [1], input_batching_dims = [0], scatter_indices_batching_dims = [0], scatter_dims_to_operand_dims = [1], index_vector_dim = 1>, unique_indices = false} : (tensor<3x3xi32>, tensor<3x1xi32>, tensor<3xi32>) -> tensor<3x3xi32>
    check.expect_eq_const %operand, dense<[[1, 2, 3], [4, 5, 6], [7, 8, 9]]> : tensor<3x3xi32>
  check.expect_eq_const %result, dense<[[1, 10, 3], [20, 5, 6], [7, 8, 30]]> : tensor<3x3xi32>
  func.return
}

// -----

func.func @scatter_of_two_inputs() {
    %a = stablehlo.constant dense<[1, 2, 3]> : tensor<3xi32>
    %b = stablehlo.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
    %indices = stablehlo.constant dense<1> : tensor<1x1xi32>
    %x = stablehlo.constant dense<5> : tensor<1xi32>
    %y = stablehlo.constant dense<7.0> : tensor<1xf32>
    %p, %q = "stablehlo.scatter"(%a, %b, %indices, %x, %y) ({
    ^bb0(%i: tensor<i32>, %f: tensor<f32>, %j: tensor<i32>, %g: tensor<f32>):
      %sum = stablehlo.add %i, %j : tensor<i32>
      %product = stablehlo.multiply %f, %g : tensor<f32>
      stablehlo.return %sum, %product : tensor<i32>, tensor<f32>
    }) {scatter_dimension_numbers = #stablehlo.scatter<inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>} : (tensor<3xi32>, tensor<3xf32>, tensor<1x1xi32>, tensor<1xi32>, tensor<1xf32>) -> (tensor<3xi32>, tensor<3xf32>)
  check.expect_eq_const %p, dense<[1, 7, 3]> : tensor<3xi32>
  check.expect_eq_const %q, dense<[1.0, 14.0, 3.0]> : tensor<3xf32>
  func.return
}

// -----

func.func @torch_index_select() {
    %operand = stablehlo.constant dense<[[1, 2, 3], [4, 5, 6], [7, 8, 9]]> : tensor<3x3xi32>
    %index = stablehlo.constant dense<[[2, 0], [1, 1], [0, 2]]> : tensor<3x2xi32>
    %rows = stablehlo.constant dense<[2, 0]> : tensor<2xi32>
    %batched = "stablehlo.torch_index_select"(%operand, %index) {dim = 1 : i64, batch_dims = 1 : i64} : (tensor<3x3xi32>, tensor<3x2xi32>) -> tensor<3x2xi32>
    %plain = "stablehlo.torch_index_select"(%operand, %rows) {dim = 0 : i64, batch_dims = 0 : i64} : (tensor<3x3xi32>, tensor<2xi32>) -> tensor<2x3xi32>
  check.expect_eq_const %batched, dense<[[3, 1], [5, 5], [7, 9]]> : tensor<3x2xi32>
  check.expect_eq_const %plain, dense<[[7, 8, 9], [1, 2, 3]]> : tensor<2x3xi32>
  func.return
}
