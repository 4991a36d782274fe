// Sorting and the largest elements: stable, ties to the lower index, NaN in total order.

func.func @sort_pairs_is_stable() {
    %keys = stablehlo.constant dense<[[3, 1, 2], [1, 1, 0]]> : tensor<2x3xi32>
    %values = stablehlo.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
    %k, %v = "stablehlo.sort"(%keys, %values) ({
    ^bb0(%a: tensor<i32>, %b: tensor<i32>, %c: tensor<f32>, %d: tensor<f32>):
      %less = stablehlo.compare LT, %a, %b : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %less : tensor<i1>
    }) {dimension = 1 : i64, is_stable = true} : (tensor<2x3xi32>, tensor<2x3xf32>) -> (tensor<2x3xi32>, tensor<2x3xf32>)
  check.expect_eq_const %k, dense<[[1, 2, 3], [0, 1, 1]]> : tensor<2x3xi32>
  check.expect_eq_const %v, dense<[[2.0, 3.0, 1.0], [6.0, 4.0, 5.0]]> : tensor<2x3xf32>
  func.return
}

// -----

func.func @sort_along_the_first_dimension_descending() {
    %keys = stablehlo.constant dense<[[3, 1], [5, 1], [4, 2]]> : tensor<3x2xi32>
    %k = "stablehlo.sort"(%keys) ({
    ^bb0(%a: tensor<i32>, %b: tensor<i32>):
      %less = stablehlo.compare GT, %a, %b : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %less : tensor<i1>
    }) {dimension = 0 : i64} : (tensor<3x2xi32>) -> tensor<3x2xi32>
  check.expect_eq_const %k, dense<[[5, 2], [4, 1], [3, 1]]> : tensor<3x2xi32>
  func.return
}

// -----

func.func @sort_survives_a_comparator_that_contradicts_itself() {
    %keys = stablehlo.constant dense<[1, 2, 3]> : tensor<3xi32>
    %yes = stablehlo.constant dense<true> : tensor<i1>
    %k = "stablehlo.sort"(%keys) ({
    ^bb0(%a: tensor<i32>, %b: tensor<i32>):
      stablehlo.return %yes : tensor<i1>
    }) {dimension = 0 : i64} : (tensor<3xi32>) -> tensor<3xi32>
    %zero = stablehlo.constant dense<0> : tensor<i32>
    %sum = stablehlo.reduce(%k init: %zero) applies stablehlo.add across dimensions = [0] : (tensor<3xi32>, tensor<i32>) -> tensor<i32>
  check.expect_eq_const %sum, dense<6> : tensor<i32>
  func.return
}

// -----

func.func @top_k() {
    %operand = stablehlo.constant dense<[[3.0, 7.0, 7.0, 1.0], [0.0, -0.0, -5.0, 2.0]]> : tensor<2x4xf32>
    %values, %indices = chlo.top_k(%operand, k = 3) : tensor<2x4xf32> -> (tensor<2x3xf32>, tensor<2x3xi32>)
  %bitsvalues = stablehlo.bitcast_convert %values : (tensor<2x3xf32>) -> tensor<2x3xui32>
  check.expect_eq_const %bitsvalues, dense<[[1088421888, 1088421888, 1077936128], [1073741824, 0, 2147483648]]> : tensor<2x3xui32>
  check.expect_eq_const %indices, dense<[[1, 2, 0], [3, 0, 1]]> : tensor<2x3xi32>
  func.return
}

// -----

func.func @top_k_puts_nan_first() {
    %operand = stablehlo.constant dense<[3.0, 0x7FC00000, 7.0]> : tensor<3xf32>
    %values, %indices = chlo.top_k(%operand, k = 2) : tensor<3xf32> -> (tensor<2xf32>, tensor<2xi32>)
  check.expect_eq_const %indices, dense<[1, 2]> : tensor<2xi32>
  func.return
}

// -----

func.func @top_k_as_custom_calls() {
    %operand = stablehlo.constant dense<[3.0, 1.0, 7.0]> : tensor<3xf32>
    %values, %indices = stablehlo.custom_call @mhlo.topk(%operand) {mhlo.attributes = {k = 2 : i64, largest = true}} : (tensor<3xf32>) -> (tensor<2xf32>, tensor<2xi32>)
    %k = stablehlo.constant dense<1> : tensor<i32>
    %v, %i = stablehlo.custom_call @stablehlo.dynamic_top_k(%operand, %k) : (tensor<3xf32>, tensor<i32>) -> (tensor<1xf32>, tensor<1xi32>)
  check.expect_eq_const %values, dense<[7.0, 3.0]> : tensor<2xf32>
  check.expect_eq_const %indices, dense<[2, 0]> : tensor<2xi32>
  check.expect_eq_const %v, dense<7.0> : tensor<1xf32>
  check.expect_eq_const %i, dense<2> : tensor<1xi32>
  func.return
}

// -----

func.func private @greater(%a: tensor<f32>, %b: tensor<f32>, %i: tensor<i32>, %j: tensor<i32>) -> tensor<i1> {
  %0 = stablehlo.compare GT, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
  func.return %0 : tensor<i1>
}
func.func @approximate_top_k_is_exact() {
  %operand = stablehlo.constant dense<[[3.0, 1.0, 7.0, 5.0]]> : tensor<1x4xf32>
  %numbers = stablehlo.iota dim = 1 : tensor<1x4xi32>
  %least = stablehlo.constant dense<0xFF800000> : tensor<f32>
  %none = stablehlo.constant dense<-1> : tensor<i32>
  %values, %indices = stablehlo.custom_call @ApproxTopK(%operand, %numbers, %least, %none) {called_computations = [@greater], mhlo.backend_config = {aggregate_to_topk = true, recall_target = 0.95 : f32, reduction_dim = 1 : i64, reduction_input_size_override = -1 : i64, top_k = 2 : i64}} : (tensor<1x4xf32>, tensor<1x4xi32>, tensor<f32>, tensor<i32>) -> (tensor<1x2xf32>, tensor<1x2xi32>)
  check.expect_eq_const %values, dense<[[7.0, 5.0]]> : tensor<1x2xf32>
  check.expect_eq_const %indices, dense<[[2, 3]]> : tensor<1x2xi32>
  func.return
}
