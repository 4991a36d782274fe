// Factorizations, triangular systems, Fourier transforms.

func.func @cholesky() {
    %a = stablehlo.constant dense<[[4.0, 2.0, -2.0], [2.0, 10.0, 2.0], [-2.0, 2.0, 6.0]]> : tensor<3x3xf64>
    %lower = stablehlo.cholesky %a, lower = true : tensor<3x3xf64>
    %upper = stablehlo.cholesky %a : tensor<3x3xf64>
  check.expect_almost_eq_const %lower, dense<[[2.0, 0.0, 0.0], [1.0, 3.0, 0.0], [-1.0, 1.0, 2.0]]> : tensor<3x3xf64>
  check.expect_almost_eq_const %upper, dense<[[2.0, 1.0, -1.0], [0.0, 3.0, 1.0], [0.0, 0.0, 2.0]]> : tensor<3x3xf64>
  func.return
}

// -----

func.func @cholesky_complex() {
    %a = stablehlo.constant dense<[[(4.0, 0.0), (1.0, -1.0)], [(1.0, 1.0), (3.0, 0.0)]]> : tensor<2x2xcomplex<f64>>
    %lower = stablehlo.cholesky %a, lower = true : tensor<2x2xcomplex<f64>>
  check.expect_almost_eq_const %lower, dense<[[(2.0, 0.0), (0.0, 0.0)], [(0.5, 0.5), (1.5811388300841898, 0.0)]]> : tensor<2x2xcomplex<f64>>
  func.return
}

// -----

func.func @triangular_solve_reads_the_lower_half() {
    %a = stablehlo.constant dense<[[2.0, 9.0], [1.0, 4.0]]> : tensor<2x2xf64>
    %b = stablehlo.constant dense<[[2.0, 4.0, 6.0], [9.0, 10.0, 11.0]]> : tensor<2x3xf64>
    %x = "stablehlo.triangular_solve"(%a, %b) {left_side = true, lower = true, unit_diagonal = false, transpose_a = #stablehlo<transpose NO_TRANSPOSE>} : (tensor<2x2xf64>, tensor<2x3xf64>) -> tensor<2x3xf64>
  check.expect_almost_eq_const %x, dense<[[1.0, 2.0, 3.0], [2.0, 2.0, 2.0]]> : tensor<2x3xf64>
  func.return
}

// -----

func.func @triangular_solve_transposed() {
    %a = stablehlo.constant dense<[[2.0, 9.0], [1.0, 4.0]]> : tensor<2x2xf64>
    %b = stablehlo.constant dense<[[2.0, 4.0, 6.0], [9.0, 10.0, 11.0]]> : tensor<2x3xf64>
    %x = "stablehlo.triangular_solve"(%a, %b) {left_side = true, lower = true, unit_diagonal = false, transpose_a = #stablehlo<transpose TRANSPOSE>} : (tensor<2x2xf64>, tensor<2x3xf64>) -> tensor<2x3xf64>
  check.expect_almost_eq_const %x, dense<[[-0.125, 0.75, 1.625], [2.25, 2.5, 2.75]]> : tensor<2x3xf64>
  func.return
}

// -----

func.func @triangular_solve_from_the_right() {
    %a = stablehlo.constant dense<[[2.0, 9.0], [1.0, 4.0]]> : tensor<2x2xf64>
    %b = stablehlo.constant dense<[[2.0, 9.0], [4.0, 10.0], [6.0, 11.0]]> : tensor<3x2xf64>
    %x = "stablehlo.triangular_solve"(%a, %b) {left_side = false, lower = false, unit_diagonal = false, transpose_a = #stablehlo<transpose NO_TRANSPOSE>} : (tensor<2x2xf64>, tensor<3x2xf64>) -> tensor<3x2xf64>
  check.expect_almost_eq_const %x, dense<[[1.0, -1.249000902703301e-16], [2.0, -2.0], [3.0, -4.0]]> : tensor<3x2xf64>
  func.return
}

// -----

func.func @triangular_solve_with_unit_diagonal() {
    %a = stablehlo.constant dense<[[2.0, 9.0], [1.0, 4.0]]> : tensor<2x2xf64>
    %b = stablehlo.constant dense<[[2.0, 4.0, 6.0], [9.0, 10.0, 11.0]]> : tensor<2x3xf64>
    %x = "stablehlo.triangular_solve"(%a, %b) {left_side = true, lower = false, unit_diagonal = true, transpose_a = #stablehlo<transpose NO_TRANSPOSE>} : (tensor<2x2xf64>, tensor<2x3xf64>) -> tensor<2x3xf64>
  check.expect_almost_eq_const %x, dense<[[-79.0, -86.0, -93.0], [9.0, 10.0, 11.0]]> : tensor<2x3xf64>
  func.return
}

// -----

func.func @fft() {
    %x = stablehlo.constant dense<[(1.0, 2.0), (3.0, -1.0), (-2.0, 0.5), (0.0, 0.25), (1.0, 0.0), (2.0, -2.0)]> : tensor<6xcomplex<f64>>
    %y = stablehlo.fft %x, type = FFT, length = [6] : (tensor<6xcomplex<f64>>) -> tensor<6xcomplex<f64>>
    %z = stablehlo.fft %y, type = IFFT, length = [6] : (tensor<6xcomplex<f64>>) -> tensor<6xcomplex<f64>>
    check.expect_almost_eq %z, %x : tensor<6xcomplex<f64>>
  check.expect_almost_eq_const %y, dense<[(5.0, -0.25), (5.299038105676658, 1.7320508075688772), (-0.5669872981077807, 0.035898384862245614), (-5.0, 5.249999999999999), (-1.4330127018922192, 6.964101615137754), (2.700961894323342, -1.7320508075688765)]> : tensor<6xcomplex<f64>>
  func.return
}

// -----

func.func @rfft() {
    %x = stablehlo.constant dense<[[1.0, 2.0, 3.0, 4.0], [0.0, -1.0, 2.0, 0.5]]> : tensor<2x4xf64>
    %y = stablehlo.fft %x, type = RFFT, length = [2, 4] : (tensor<2x4xf64>) -> tensor<2x3xcomplex<f64>>
    %z = stablehlo.fft %y, type = IRFFT, length = [2, 4] : (tensor<2x3xcomplex<f64>>) -> tensor<2x4xf64>
    check.expect_almost_eq %z, %x : tensor<2x4xf64>
  check.expect_almost_eq_const %y, dense<[[(11.5, 0.0), (-4.0, 3.5), (0.5, 0.0)], [(8.5, 0.0), (0.0, 0.5), (-4.5, 0.0)]]> : tensor<2x3xcomplex<f64>>
  func.return
}
