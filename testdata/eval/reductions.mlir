// Reductions, whole and by window.

func.func @reduce_rows() {
    %operand = stablehlo.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
    %zero = stablehlo.constant dense<0.0> : tensor<f32>
    %result = stablehlo.reduce(%operand init: %zero) applies stablehlo.add across dimensions = [1] : (tensor<2x3xf32>, tensor<f32>) -> tensor<2xf32>
  check.expect_eq_const %result, dense<[6.0, 15.0]> : tensor<2xf32>
  func.return
}

// -----

func.func @reduce_columns_from_an_initial_value() {
    %operand = stablehlo.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
    %zero = stablehlo.constant dense<0.0> : tensor<f32>
    %start = stablehlo.constant dense<100.0> : tensor<f32>
    %result = stablehlo.reduce(%operand init: %start) across dimensions = [0] : (tensor<2x3xf32>, tensor<f32>) -> tensor<3xf32>
      reducer(%a: tensor<f32>, %b: tensor<f32>) {
        %c = stablehlo.subtract %a, %b : tensor<f32>
        stablehlo.return %c : tensor<f32>
      }
  check.expect_eq_const %result, dense<[95.0, 93.0, 91.0]> : tensor<3xf32>
  func.return
}

// -----

func.func @reduce_rounds_every_step() {
    %operand = stablehlo.constant dense<[256.0, 1.0, 1.0, 1.0]> : tensor<4xbf16>
    %zero = stablehlo.constant dense<0.0> : tensor<bf16>
    %result = stablehlo.reduce(%operand init: %zero) applies stablehlo.add across dimensions = [0] : (tensor<4xbf16>, tensor<bf16>) -> tensor<bf16>
  check.expect_eq_const %result, dense<256.0> : tensor<bf16>
  func.return
}

// -----

func.func @reduce_integers() {
    %operand = stablehlo.constant dense<[100, 100, -3]> : tensor<3xi8>
    %zero = stablehlo.constant dense<0> : tensor<i8>
    %result = stablehlo.reduce(%operand init: %zero) applies stablehlo.add across dimensions = [0] : (tensor<3xi8>, tensor<i8>) -> tensor<i8>
  check.expect_eq_const %result, dense<-59> : tensor<i8>
  func.return
}

// -----

func.func @reduce_predicates() {
    %operand = stablehlo.constant dense<[true, false, true]> : tensor<3xi1>
    %yes = stablehlo.constant dense<true> : tensor<i1>
    %result = stablehlo.reduce(%operand init: %yes) applies stablehlo.and across dimensions = [0] : (tensor<3xi1>, tensor<i1>) -> tensor<i1>
  check.expect_eq_const %result, dense<false> : tensor<i1>
  func.return
}

// -----

func.func @reduce_nothing_is_the_initial_value() {
    %operand = stablehlo.constant dense<> : tensor<2x0xf32>
    %start = stablehlo.constant dense<7.0> : tensor<f32>
    %result = stablehlo.reduce(%operand init: %start) applies stablehlo.add across dimensions = [1] : (tensor<2x0xf32>, tensor<f32>) -> tensor<2xf32>
  check.expect_eq_const %result, dense<7.0> : tensor<2xf32>
  func.return
}

// -----

func.func @reduce_finds_the_index_of_the_largest() {
    %values = stablehlo.constant dense<[3.0, 7.0, 7.0, 1.0]> : tensor<4xf32>
    %indices = stablehlo.iota dim = 0 : tensor<4xi32>
    %least = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %none = stablehlo.constant dense<0> : tensor<i32>
    %value, %index = stablehlo.reduce(%values init: %least), (%indices init: %none) across dimensions = [0] : (tensor<4xf32>, tensor<4xi32>, tensor<f32>, tensor<i32>) -> (tensor<f32>, tensor<i32>)
      reducer(%a: tensor<f32>, %b: tensor<f32>) (%i: tensor<i32>, %j: tensor<i32>) {
        %greater = stablehlo.compare GT, %a, %b, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
        %equal = stablehlo.compare EQ, %a, %b, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
        %earlier = stablehlo.compare LT, %i, %j, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
        %tie = stablehlo.and %equal, %earlier : tensor<i1>
        %keep = stablehlo.or %greater, %tie : tensor<i1>
        %v = stablehlo.select %keep, %a, %b : tensor<i1>, tensor<f32>
        %k = stablehlo.select %keep, %i, %j : tensor<i1>, tensor<i32>
        stablehlo.return %v, %k : tensor<f32>, tensor<i32>
      }
  check.expect_eq_const %value, dense<7.0> : tensor<f32>
  check.expect_eq_const %index, dense<1> : tensor<i32>
  func.return
}

// -----

func.func @reduce_with_a_body_that_branches() {
    %operand = stablehlo.constant dense<[1.0, -2.0, 3.0]> : tensor<3xf32>
    %zero = stablehlo.constant dense<0.0> : tensor<f32>
    %result = "stablehlo.reduce"(%operand, %zero) ({
    ^bb0(%sum: tensor<f32>, %x: tensor<f32>):
      %positive = stablehlo.compare GT, %x, %zero, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %kept = "stablehlo.if"(%positive) ({
        stablehlo.return %x : tensor<f32>
      }, {
        stablehlo.return %zero : tensor<f32>
      }) : (tensor<i1>) -> tensor<f32>
      %next = stablehlo.add %sum, %kept : tensor<f32>
      stablehlo.return %next : tensor<f32>
    }) {dimensions = array<i64: 0>} : (tensor<3xf32>, tensor<f32>) -> tensor<f32>
  check.expect_eq_const %result, dense<4.0> : tensor<f32>
  func.return
}

// -----

func.func @map() {
    %lhs = stablehlo.constant dense<[1, 2, 3]> : tensor<3xi32>
    %rhs = stablehlo.constant dense<[10, 20, 30]> : tensor<3xi32>
    %result = "stablehlo.map"(%lhs, %rhs) ({
    ^bb0(%a: tensor<i32>, %b: tensor<i32>):
      %product = stablehlo.multiply %a, %b : tensor<i32>
      %sum = stablehlo.add %product, %a : tensor<i32>
      stablehlo.return %sum : tensor<i32>
    }) {dimensions = array<i64: 0>} : (tensor<3xi32>, tensor<3xi32>) -> tensor<3xi32>
  check.expect_eq_const %result, dense<[11, 42, 93]> : tensor<3xi32>
  func.return
}

// -----

func.func @reduce_window() {
    %operand = stablehlo.constant dense<[[8.0, 7.0, 6.0, 7.0], [-8.0, 6.0, 8.0, -5.0], [-6.0, -8.0, 6.0, 8.0], [2.0, 2.0, 5.0, -9.0]]> : tensor<4x4xf32>
    %init = stablehlo.constant dense<0.0> : tensor<f32>
    %result = "stablehlo.reduce_window"(%operand, %init) ({
    ^bb0(%a: tensor<f32>, %b: tensor<f32>):
      %c = stablehlo.add %a, %b : tensor<f32>
      stablehlo.return %c : tensor<f32>
    }) {window_dimensions = array<i64: 2, 2>, window_strides = array<i64: 2, 2>} : (tensor<4x4xf32>, tensor<f32>) -> tensor<2x2xf32>
  check.expect_eq_const %result, dense<[[13.0, 16.0], [-10.0, 10.0]]> : tensor<2x2xf32>
  func.return
}

// -----

func.func @reduce_window_padded() {
    %operand = stablehlo.constant dense<[7.0, -4.0, -5.0, -1.0]> : tensor<4xf32>
    %init = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %result = "stablehlo.reduce_window"(%operand, %init) ({
    ^bb0(%a: tensor<f32>, %b: tensor<f32>):
      %c = stablehlo.maximum %a, %b : tensor<f32>
      stablehlo.return %c : tensor<f32>
    }) {window_dimensions = array<i64: 2>, padding = dense<[[1, 1]]> : tensor<1x2xi64>} : (tensor<4xf32>, tensor<f32>) -> tensor<5xf32>
  check.expect_eq_const %result, dense<[7.0, 7.0, -4.0, -1.0, -1.0]> : tensor<5xf32>
  func.return
}

// -----

func.func @reduce_window_dilated() {
    %operand = stablehlo.constant dense<[-4.0, 5.0, -2.0]> : tensor<3xf32>
    %init = stablehlo.constant dense<0.0> : tensor<f32>
    %result = "stablehlo.reduce_window"(%operand, %init) ({
    ^bb0(%a: tensor<f32>, %b: tensor<f32>):
      %c = stablehlo.add %a, %b : tensor<f32>
      stablehlo.return %c : tensor<f32>
    }) {window_dimensions = array<i64: 2>, base_dilations = array<i64: 2>, window_dilations = array<i64: 2>, padding = dense<[[0, 1]]> : tensor<1x2xi64>} : (tensor<3xf32>, tensor<f32>) -> tensor<4xf32>
  check.expect_eq_const %result, dense<[1.0, 0.0, 3.0, 0.0]> : tensor<4xf32>
  func.return
}

// -----

func.func @reduce_window_counts_its_padding() {
    %operand = stablehlo.constant dense<[1.0, 2.0]> : tensor<2xf32>
    %init = stablehlo.constant dense<10.0> : tensor<f32>
    %result = "stablehlo.reduce_window"(%operand, %init) ({
    ^bb0(%a: tensor<f32>, %b: tensor<f32>):
      %c = stablehlo.add %a, %b : tensor<f32>
      stablehlo.return %c : tensor<f32>
    }) {window_dimensions = array<i64: 2>, padding = dense<[[1, 0]]> : tensor<1x2xi64>} : (tensor<2xf32>, tensor<f32>) -> tensor<2xf32>
  check.expect_eq_const %result, dense<[21.0, 13.0]> : tensor<2xf32>
  func.return
}

// -----

func.func @select_and_scatter() {
    %operand = stablehlo.constant dense<[[1, 5], [2, 5], [3, 6], [4, 4]]> : tensor<4x2xi64>
    %source = stablehlo.constant dense<[[5, 6], [7, 8]]> : tensor<2x2xi64>
    %init = stablehlo.constant dense<0> : tensor<i64>
    %result = "stablehlo.select_and_scatter"(%operand, %source, %init) ({
    ^bb0(%a: tensor<i64>, %b: tensor<i64>):
      %keep = stablehlo.compare GE, %a, %b, SIGNED : (tensor<i64>, tensor<i64>) -> tensor<i1>
      stablehlo.return %keep : tensor<i1>
    }, {
    ^bb0(%a: tensor<i64>, %b: tensor<i64>):
      %sum = stablehlo.add %a, %b : tensor<i64>
      stablehlo.return %sum : tensor<i64>
    }) {window_dimensions = array<i64: 3, 1>, window_strides = array<i64: 2, 1>, padding = dense<[[0, 1], [0, 0]]> : tensor<2x2xi64>} : (tensor<4x2xi64>, tensor<2x2xi64>, tensor<i64>) -> tensor<4x2xi64>
  check.expect_eq_const %result, dense<[[0, 0], [0, 0], [5, 14], [7, 0]]> : tensor<4x2xi64>
  func.return
}

// -----

func.func @scan() {
    %inputs = stablehlo.constant dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]> : tensor<3x2xf32>
    %init = stablehlo.constant dense<[0.0, 10.0]> : tensor<2xf32>
    %sums, %last = "chlo.scan"(%inputs, %init) ({
    ^bb0(%x: tensor<2xf32>, %carry: tensor<2xf32>):
      %next = stablehlo.add %carry, %x : tensor<2xf32>
      stablehlo.return %next, %next : tensor<2xf32>, tensor<2xf32>
    }) {dimension = 0 : i64, is_reverse = false, operandSegmentSizes = array<i32: 1, 1>, resultSegmentSizes = array<i32: 1, 1>} : (tensor<3x2xf32>, tensor<2xf32>) -> (tensor<3x2xf32>, tensor<2xf32>)
    %backwards, %first = "chlo.scan"(%inputs, %init) ({
    ^bb0(%x: tensor<2xf32>, %carry: tensor<2xf32>):
      %next = stablehlo.add %carry, %x : tensor<2xf32>
      stablehlo.return %next, %next : tensor<2xf32>, tensor<2xf32>
    }) {dimension = 0 : i64, is_reverse = true, operandSegmentSizes = array<i32: 1, 1>, resultSegmentSizes = array<i32: 1, 1>} : (tensor<3x2xf32>, tensor<2xf32>) -> (tensor<3x2xf32>, tensor<2xf32>)
  check.expect_eq_const %sums, dense<[[1.0, 12.0], [4.0, 16.0], [9.0, 22.0]]> : tensor<3x2xf32>
  check.expect_eq_const %last, dense<[9.0, 22.0]> : tensor<2xf32>
  check.expect_eq_const %backwards, dense<[[9.0, 22.0], [8.0, 20.0], [5.0, 16.0]]> : tensor<3x2xf32>
  check.expect_eq_const %first, dense<[9.0, 22.0]> : tensor<2xf32>
  func.return
}

// -----

func.func @batch_norm_training() {
    %operand = stablehlo.constant dense<[[1.0, 2.0], [3.0, 6.0], [5.0, -2.0]]> : tensor<3x2xf64>
    %scale = stablehlo.constant dense<[2.0, -1.0]> : tensor<2xf64>
    %offset = stablehlo.constant dense<[0.5, 1.0]> : tensor<2xf64>
    %output, %mean, %variance = "stablehlo.batch_norm_training"(%operand, %scale, %offset) {epsilon = 0.5 : f32, feature_index = 1 : i64} : (tensor<3x2xf64>, tensor<2xf64>, tensor<2xf64>) -> (tensor<3x2xf64>, tensor<2xf64>, tensor<2xf64>)
  check.expect_almost_eq_const %output, dense<[[-1.7478059477960657, 1.0], [0.5, -0.19701120332915933], [2.7478059477960657, 2.1970112033291596]]> : tensor<3x2xf64>
  check.expect_almost_eq_const %mean, dense<[3.0, 2.0]> : tensor<2xf64>
  check.expect_almost_eq_const %variance, dense<[2.6666666666666665, 10.666666666666666]> : tensor<2xf64>
  func.return
}

// -----

func.func @batch_norm_inference() {
    %operand = stablehlo.constant dense<[[1.0, 2.0], [3.0, 6.0], [5.0, -2.0]]> : tensor<3x2xf64>
    %scale = stablehlo.constant dense<[2.0, -1.0]> : tensor<2xf64>
    %offset = stablehlo.constant dense<[0.5, 1.0]> : tensor<2xf64>
    %mean = stablehlo.constant dense<[1.0, 2.0]> : tensor<2xf64>
    %variance = stablehlo.constant dense<[0.5, 3.5]> : tensor<2xf64>
    %result = "stablehlo.batch_norm_inference"(%operand, %scale, %offset, %mean, %variance) {epsilon = 0.5 : f32, feature_index = 1 : i64} : (tensor<3x2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>) -> tensor<3x2xf64>
  check.expect_almost_eq_const %result, dense<[[0.5, 1.0], [4.5, -1.0], [8.5, 3.0]]> : tensor<3x2xf64>
  func.return
}

// -----

func.func @batch_norm_grad() {
    %operand = stablehlo.constant dense<[[1.0, 2.0], [3.0, 6.0], [5.0, -2.0]]> : tensor<3x2xf64>
    %scale = stablehlo.constant dense<[2.0, -1.0]> : tensor<2xf64>
    %mean = stablehlo.constant dense<[3.0, 2.0]> : tensor<2xf64>
    %variance = stablehlo.constant dense<[2.6666666666666665, 10.666666666666666]> : tensor<2xf64>
    %gradient = stablehlo.constant dense<[[1.0, -1.0], [0.5, 2.0], [-2.0, 1.0]]> : tensor<3x2xf64>
    %operand_grad, %scale_grad, %offset_grad = "stablehlo.batch_norm_grad"(%operand, %scale, %mean, %variance, %gradient) {epsilon = 0.5 : f32, feature_index = 1 : i64} : (tensor<3x2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<3x2xf64>) -> (tensor<3x2xf64>, tensor<2xf64>, tensor<2xf64>)
  check.expect_almost_eq_const %operand_grad, dense<[[-0.10844677818314374, 0.4987546680538164], [0.7492686492653552, -0.2560770235977804], [-0.6408218710822116, -0.24267764445603604]]> : tensor<3x2xf64>
  check.expect_almost_eq_const %scale_grad, dense<[-3.3717089216940987, 1.1970112033291593]> : tensor<2xf64>
  check.expect_almost_eq_const %offset_grad, dense<[-0.5, 2.0]> : tensor<2xf64>
  func.return
}

// -----

func.func @reduce_window_as_a_custom_call() {
  %x = stablehlo.constant dense<[[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]]> : tensor<3x4xi32>
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %size = stablehlo.constant dense<[2, 1]> : tensor<2xi64>
  %stride = stablehlo.constant dense<[1, 2]> : tensor<2xi64>
  %base = stablehlo.constant dense<[2, 1]> : tensor<2xi64>
  %dilation = stablehlo.constant dense<[2, 1]> : tensor<2xi64>
  %padding = stablehlo.constant dense<[[1, 0], [0, 1]]> : tensor<2x2xi64>
  %0 = stablehlo.custom_call @stablehlo.dynamic_reduce_window(%x, %zero, %size, %stride, %base, %dilation, %padding) {called_computations = [@sum]} : (tensor<3x4xi32>, tensor<i32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>, tensor<2x2xi64>) -> tensor<4x3xi32>
  %1 = "stablehlo.reduce_window"(%x, %zero) ({
  ^bb0(%a: tensor<i32>, %b: tensor<i32>):
    %2 = stablehlo.add %a, %b : tensor<i32>
    stablehlo.return %2 : tensor<i32>
  }) {window_dimensions = array<i64: 2, 1>, window_strides = array<i64: 1, 2>, base_dilations = array<i64: 2, 1>, window_dilations = array<i64: 2, 1>, padding = dense<[[1, 0], [0, 1]]> : tensor<2x2xi64>} : (tensor<3x4xi32>, tensor<i32>) -> tensor<4x3xi32>
  check.expect_eq %0, %1 : tensor<4x3xi32>
  check.expect_eq_const %1, dense<[[0, 0, 0], [6, 10, 0], [0, 0, 0], [14, 18, 0]]> : tensor<4x3xi32>
  func.return
}
func.func private @sum(%a: tensor<i32>, %b: tensor<i32>) -> tensor<i32> {
  %0 = stablehlo.add %a, %b : tensor<i32>
  func.return %0 : tensor<i32>
}
