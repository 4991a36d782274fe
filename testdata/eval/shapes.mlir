// Operations that move elements.

func.func @broadcast_in_dim() {
    %operand = stablehlo.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
    %result = stablehlo.broadcast_in_dim %operand, dims = [0, 2] : (tensor<2x3xi32>) -> tensor<2x2x3xi32>
  check.expect_eq_const %result, dense<[[[1, 2, 3], [1, 2, 3]], [[4, 5, 6], [4, 5, 6]]]> : tensor<2x2x3xi32>
  func.return
}

// -----

func.func @broadcast_in_dim_of_size_one() {
    %operand = stablehlo.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
    %row = stablehlo.slice %operand [0:1, 0:3] : (tensor<2x3xi32>) -> tensor<1x3xi32>
    %result = stablehlo.broadcast_in_dim %row, dims = [1, 0] : (tensor<1x3xi32>) -> tensor<3x2xi32>
  check.expect_eq_const %result, dense<[[1, 1], [2, 2], [3, 3]]> : tensor<3x2xi32>
  func.return
}

// -----

func.func @broadcast() {
    %operand = stablehlo.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
    %result = "stablehlo.broadcast"(%operand) {broadcast_sizes = array<i64: 2>} : (tensor<2x3xi32>) -> tensor<2x2x3xi32>
  check.expect_eq_const %result, dense<[[[1, 2, 3], [4, 5, 6]], [[1, 2, 3], [4, 5, 6]]]> : tensor<2x2x3xi32>
  func.return
}

// -----

func.func @reshape() {
    %operand = stablehlo.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
    %result = stablehlo.reshape %operand : (tensor<2x3xi32>) -> tensor<3x2xi32>
  check.expect_eq_const %result, dense<[[1, 2], [3, 4], [5, 6]]> : tensor<3x2xi32>
  func.return
}

// -----

func.func @transpose() {
    %operand = stablehlo.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
    %result = stablehlo.transpose %operand, dims = [1, 0] : (tensor<2x3xi32>) -> tensor<3x2xi32>
  check.expect_eq_const %result, dense<[[1, 4], [2, 5], [3, 6]]> : tensor<3x2xi32>
  func.return
}

// -----

func.func @slice() {
    %operand = stablehlo.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
    %result = stablehlo.slice %operand [0:2, 0:3:2] : (tensor<2x3xi32>) -> tensor<2x2xi32>
  check.expect_eq_const %result, dense<[[1, 3], [4, 6]]> : tensor<2x2xi32>
  func.return
}

// -----

func.func @slice_to_nothing() {
    %operand = stablehlo.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
    %result = stablehlo.slice %operand [1:1, 0:3] : (tensor<2x3xi32>) -> tensor<0x3xi32>
  check.expect_eq_const %result, dense<> : tensor<0x3xi32>
  func.return
}

// -----

func.func @reverse() {
    %operand = stablehlo.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
    %result = stablehlo.reverse %operand, dims = [0, 1] : tensor<2x3xi32>
  check.expect_eq_const %result, dense<[[6, 5, 4], [3, 2, 1]]> : tensor<2x3xi32>
  func.return
}

// -----

func.func @concatenate() {
    %operand = stablehlo.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
    %result = stablehlo.concatenate %operand, %operand, dim = 1 : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x6xi32>
  check.expect_eq_const %result, dense<[[1, 2, 3, 1, 2, 3], [4, 5, 6, 4, 5, 6]]> : tensor<2x6xi32>
  func.return
}

// -----

func.func @pad() {
    %operand = stablehlo.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
    %padding = stablehlo.constant dense<0> : tensor<i32>
    %result = stablehlo.pad %operand, %padding, low = [0, 1], high = [1, -1], interior = [1, 2] : (tensor<2x3xi32>, tensor<i32>) -> tensor<4x7xi32>
  check.expect_eq_const %result, dense<[[0, 1, 0, 0, 2, 0, 0], [0, 0, 0, 0, 0, 0, 0], [0, 4, 0, 0, 5, 0, 0], [0, 0, 0, 0, 0, 0, 0]]> : tensor<4x7xi32>
  func.return
}

// -----

func.func @pad_cuts_off() {
    %operand = stablehlo.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
    %padding = stablehlo.constant dense<0> : tensor<i32>
    %result = stablehlo.pad %operand, %padding, low = [-1, -2], high = [0, 1], interior = [0, 1] : (tensor<2x3xi32>, tensor<i32>) -> tensor<1x4xi32>
  check.expect_eq_const %result, dense<[[5, 0, 6, 0]]> : tensor<1x4xi32>
  func.return
}

// -----

func.func @iota() {
    %rows = stablehlo.iota dim = 0 : tensor<2x3xi32>
    %columns = stablehlo.iota dim = 1 : tensor<2x3xf16>
    %complex = stablehlo.iota dim = 0 : tensor<2xcomplex<f32>>
  check.expect_eq_const %rows, dense<[[0, 0, 0], [1, 1, 1]]> : tensor<2x3xi32>
  check.expect_eq_const %columns, dense<[[0.0, 1.0, 2.0], [0.0, 1.0, 2.0]]> : tensor<2x3xf16>
  check.expect_eq_const %complex, dense<[(0.0, 0.0), (1.0, 0.0)]> : tensor<2xcomplex<f32>>
  func.return
}

// -----

func.func @dynamic_slice_stays_inside() {
    %operand = stablehlo.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
    %row = stablehlo.constant dense<5> : tensor<i32>
    %column = stablehlo.constant dense<-1> : tensor<i32>
    %result = stablehlo.dynamic_slice %operand, %row, %column, sizes = [1, 2] : (tensor<2x3xi32>, tensor<i32>, tensor<i32>) -> tensor<1x2xi32>
  check.expect_eq_const %result, dense<[[4, 5]]> : tensor<1x2xi32>
  func.return
}

// -----

func.func @dynamic_update_slice() {
    %operand = stablehlo.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
    %row = stablehlo.constant dense<5> : tensor<i32>
    %column = stablehlo.constant dense<-1> : tensor<i32>
    %update = stablehlo.constant dense<[[-1, -2]]> : tensor<1x2xi32>
    %result = stablehlo.dynamic_update_slice %operand, %update, %row, %column : (tensor<2x3xi32>, tensor<1x2xi32>, tensor<i32>, tensor<i32>) -> tensor<2x3xi32>
    check.expect_eq_const %operand, dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
  check.expect_eq_const %result, dense<[[1, 2, 3], [-1, -2, 6]]> : tensor<2x3xi32>
  func.return
}

// -----

func.func @get_dimension_size() {
    %operand = stablehlo.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
    %result = stablehlo.get_dimension_size %operand, dim = 1 : (tensor<2x3xi32>) -> tensor<i32>
  check.expect_eq_const %result, dense<3> : tensor<i32>
  func.return
}

// -----

func.func @set_dimension_size() {
    %operand = stablehlo.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
    %size = stablehlo.constant dense<2> : tensor<i32>
    %short = stablehlo.set_dimension_size %operand, %size, dim = 1 : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x?xi32, #stablehlo.bounds<?, 3>>
    %result = stablehlo.get_dimension_size %short, dim = 1 : (tensor<2x?xi32, #stablehlo.bounds<?, 3>>) -> tensor<i32>
    %zero = stablehlo.constant dense<0> : tensor<i32>
    %sum = stablehlo.reduce(%short init: %zero) applies stablehlo.add across dimensions = [0, 1] : (tensor<2x?xi32, #stablehlo.bounds<?, 3>>, tensor<i32>) -> tensor<i32>
  check.expect_eq_const %result, dense<2> : tensor<i32>
  check.expect_eq_const %sum, dense<12> : tensor<i32>
  func.return
}
