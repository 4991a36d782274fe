// Complex functions: both parts, branch cuts, infinities.

func.func @cbrt_f64() {
    %operand = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f64>>
    %result = stablehlo.cbrt %operand : tensor<3xcomplex<f64>>
  %expectedresult = stablehlo.constant dense<[(1.158299245012345, -0.1247063242232913), (1.0668341024330164, 0.6763808635679436), (0.9193427200132839, 0.09897947512956998)]> : tensor<3xcomplex<f64>>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xcomplex<f64>>, tensor<3xcomplex<f64>>
  func.return
}

// -----

func.func @cbrt_f32() {
    %operand = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f32>>
    %result = stablehlo.cbrt %operand : tensor<3xcomplex<f32>>
  %expectedresult = stablehlo.constant dense<[(1.1582992, -0.12470633), (1.0668341, 0.6763809), (0.9193427, 0.09897947)]> : tensor<3xcomplex<f32>>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xcomplex<f32>>, tensor<3xcomplex<f32>>
  func.return
}

// -----

func.func @cosine_f64() {
    %operand = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f64>>
    %result = stablehlo.cosine %operand : tensor<3xcomplex<f64>>
  %expectedresult = stablehlo.constant dense<[(0.0797651053065419, 0.5197899547729212), (3.645238137997194, 0.8972996245648263), (0.7546734843925261, -0.1721903463957415)]> : tensor<3xcomplex<f64>>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xcomplex<f64>>, tensor<3xcomplex<f64>>
  func.return
}

// -----

func.func @cosine_f32() {
    %operand = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f32>>
    %result = stablehlo.cosine %operand : tensor<3xcomplex<f32>>
  %expectedresult = stablehlo.constant dense<[(0.079765104, 0.51978993), (3.6452382, 0.89729965), (0.7546735, -0.17219035)]> : tensor<3xcomplex<f32>>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xcomplex<f32>>, tensor<3xcomplex<f32>>
  func.return
}

// -----

func.func @exponential_f64() {
    %operand = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f64>>
    %result = stablehlo.exponential %operand : tensor<3xcomplex<f64>>
  %expectedresult = stablehlo.constant dense<[(3.9330521759433617, -2.1486361964033964), (-0.3240954821756024, 0.7081615480566543), (2.051187612857662, 0.5237541858518665)]> : tensor<3xcomplex<f64>>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xcomplex<f64>>, tensor<3xcomplex<f64>>
  func.return
}

// -----

func.func @exponential_f32() {
    %operand = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f32>>
    %result = stablehlo.exponential %operand : tensor<3xcomplex<f32>>
  %expectedresult = stablehlo.constant dense<[(3.933052, -2.148636), (-0.3240955, 0.70816153), (2.0511875, 0.5237542)]> : tensor<3xcomplex<f32>>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xcomplex<f32>>, tensor<3xcomplex<f32>>
  func.return
}

// -----

func.func @exponential_minus_one_f64() {
    %operand = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f64>>
    %result = stablehlo.exponential_minus_one %operand : tensor<3xcomplex<f64>>
  %expectedresult = stablehlo.constant dense<[(2.9330521759433617, -2.1486361964033964), (-1.3240954821756024, 0.7081615480566543), (1.0511876128576618, 0.5237541858518665)]> : tensor<3xcomplex<f64>>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xcomplex<f64>>, tensor<3xcomplex<f64>>
  func.return
}

// -----

func.func @exponential_minus_one_f32() {
    %operand = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f32>>
    %result = stablehlo.exponential_minus_one %operand : tensor<3xcomplex<f32>>
  %expectedresult = stablehlo.constant dense<[(2.933052, -2.148636), (-1.3240955, 0.70816153), (1.0511876, 0.5237542)]> : tensor<3xcomplex<f32>>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xcomplex<f32>>, tensor<3xcomplex<f32>>
  func.return
}

// -----

func.func @log_f64() {
    %operand = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f64>>
    %result = stablehlo.log %operand : tensor<3xcomplex<f64>>
  %expectedresult = stablehlo.constant dense<[(0.45814536593707755, -0.3217505543966422), (0.7008992738279279, 1.695151321341658), (-0.2350018146228678, 0.3217505543966422)]> : tensor<3xcomplex<f64>>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xcomplex<f64>>, tensor<3xcomplex<f64>>
  func.return
}

// -----

func.func @log_f32() {
    %operand = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f32>>
    %result = stablehlo.log %operand : tensor<3xcomplex<f32>>
  %expectedresult = stablehlo.constant dense<[(0.45814538, -0.32175055), (0.7008993, 1.6951513), (-0.23500182, 0.32175055)]> : tensor<3xcomplex<f32>>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xcomplex<f32>>, tensor<3xcomplex<f32>>
  func.return
}

// -----

func.func @log_plus_one_f64() {
    %operand = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f64>>
    %result = stablehlo.log_plus_one %operand : tensor<3xcomplex<f64>>
  %expectedresult = stablehlo.constant dense<[(0.9359010884507957, -0.19739555984988075), (0.7589353594543049, 1.2120256565243244), (0.5697171415941824, 0.14189705460416394)]> : tensor<3xcomplex<f64>>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xcomplex<f64>>, tensor<3xcomplex<f64>>
  func.return
}

// -----

func.func @log_plus_one_f32() {
    %operand = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f32>>
    %result = stablehlo.log_plus_one %operand : tensor<3xcomplex<f32>>
  %expectedresult = stablehlo.constant dense<[(0.9359011, -0.19739556), (0.75893533, 1.2120256), (0.56971717, 0.14189705)]> : tensor<3xcomplex<f32>>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xcomplex<f32>>, tensor<3xcomplex<f32>>
  func.return
}

// -----

func.func @logistic_f64() {
    %operand = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f64>>
    %result = stablehlo.logistic %operand : tensor<3xcomplex<f64>>
  %expectedresult = stablehlo.constant dense<[(0.8296106210672616, -0.07421465940354967), (0.29471301137172795, 0.7389462749840264), (0.6816394883625617, 0.05464844242202577)]> : tensor<3xcomplex<f64>>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xcomplex<f64>>, tensor<3xcomplex<f64>>
  func.return
}

// -----

func.func @logistic_f32() {
    %operand = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f32>>
    %result = stablehlo.logistic %operand : tensor<3xcomplex<f32>>
  %expectedresult = stablehlo.constant dense<[(0.82961065, -0.07421466), (0.29471302, 0.73894626), (0.6816395, 0.054648444)]> : tensor<3xcomplex<f32>>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xcomplex<f32>>, tensor<3xcomplex<f32>>
  func.return
}

// -----

func.func @negate_f64() {
    %operand = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f64>>
    %result = stablehlo.negate %operand : tensor<3xcomplex<f64>>
  %expectedresult = stablehlo.constant dense<[(-1.5, 0.5), (0.25, -2.0), (-0.75, -0.25)]> : tensor<3xcomplex<f64>>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xcomplex<f64>>, tensor<3xcomplex<f64>>
  func.return
}

// -----

func.func @negate_f32() {
    %operand = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f32>>
    %result = stablehlo.negate %operand : tensor<3xcomplex<f32>>
  %expectedresult = stablehlo.constant dense<[(-1.5, 0.5), (0.25, -2.0), (-0.75, -0.25)]> : tensor<3xcomplex<f32>>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xcomplex<f32>>, tensor<3xcomplex<f32>>
  func.return
}

// -----

func.func @rsqrt_f64() {
    %operand = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f64>>
    %result = stablehlo.rsqrt %operand : tensor<3xcomplex<f64>>
  %expectedresult = stablehlo.constant dense<[(0.7850017617921873, 0.12738824913169164), (0.4661547365512724, -0.5280517966522297), (1.1101601380132848, -0.18015418960900095)]> : tensor<3xcomplex<f64>>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xcomplex<f64>>, tensor<3xcomplex<f64>>
  func.return
}

// -----

func.func @rsqrt_f32() {
    %operand = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f32>>
    %result = stablehlo.rsqrt %operand : tensor<3xcomplex<f32>>
  %expectedresult = stablehlo.constant dense<[(0.78500175, 0.12738825), (0.46615472, -0.5280518), (1.1101601, -0.18015419)]> : tensor<3xcomplex<f32>>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xcomplex<f32>>, tensor<3xcomplex<f32>>
  func.return
}

// -----

func.func @sign_f64() {
    %operand = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f64>>
    %result = stablehlo.sign %operand : tensor<3xcomplex<f64>>
  %expectedresult = stablehlo.constant dense<[(0.9486832980505138, -0.31622776601683794), (-0.12403473458920845, 0.9922778767136676), (0.9486832980505138, 0.31622776601683794)]> : tensor<3xcomplex<f64>>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xcomplex<f64>>, tensor<3xcomplex<f64>>
  func.return
}

// -----

func.func @sign_f32() {
    %operand = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f32>>
    %result = stablehlo.sign %operand : tensor<3xcomplex<f32>>
  %expectedresult = stablehlo.constant dense<[(0.9486833, -0.31622776), (-0.12403473, 0.99227786), (0.9486833, 0.31622776)]> : tensor<3xcomplex<f32>>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xcomplex<f32>>, tensor<3xcomplex<f32>>
  func.return
}

// -----

func.func @sine_f64() {
    %operand = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f64>>
    %result = stablehlo.sine %operand : tensor<3xcomplex<f64>>
  %expectedresult = stablehlo.constant dense<[(1.1248012470579227, -0.03686082371280446), (-0.9307821094643965, 3.514110100973512), (0.7030511464737356, 0.18483362034896397)]> : tensor<3xcomplex<f64>>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xcomplex<f64>>, tensor<3xcomplex<f64>>
  func.return
}

// -----

func.func @sine_f32() {
    %operand = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f32>>
    %result = stablehlo.sine %operand : tensor<3xcomplex<f32>>
  %expectedresult = stablehlo.constant dense<[(1.1248013, -0.036860824), (-0.9307821, 3.51411), (0.70305115, 0.18483362)]> : tensor<3xcomplex<f32>>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xcomplex<f32>>, tensor<3xcomplex<f32>>
  func.return
}

// -----

func.func @sqrt_f64() {
    %operand = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f64>>
    %result = stablehlo.sqrt %operand : tensor<3xcomplex<f64>>
  %expectedresult = stablehlo.constant dense<[(1.2411967672541266, -0.2014185071985562), (0.9395649091666411, 1.064322422265602), (0.877658650912214, 0.14242439229657053)]> : tensor<3xcomplex<f64>>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xcomplex<f64>>, tensor<3xcomplex<f64>>
  func.return
}

// -----

func.func @sqrt_f32() {
    %operand = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f32>>
    %result = stablehlo.sqrt %operand : tensor<3xcomplex<f32>>
  %expectedresult = stablehlo.constant dense<[(1.2411968, -0.2014185), (0.9395649, 1.0643225), (0.87765867, 0.14242439)]> : tensor<3xcomplex<f32>>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xcomplex<f32>>, tensor<3xcomplex<f32>>
  func.return
}

// -----

func.func @tan_f64() {
    %operand = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f64>>
    %result = stablehlo.tan %operand : tensor<3xcomplex<f64>>
  %expectedresult = stablehlo.constant dense<[(0.2551492218136517, -2.1247991277429965), (-0.017009461384601497, 0.968214572183509), (0.8323812131225699, 0.43483922061207736)]> : tensor<3xcomplex<f64>>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xcomplex<f64>>, tensor<3xcomplex<f64>>
  func.return
}

// -----

func.func @tan_f32() {
    %operand = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f32>>
    %result = stablehlo.tan %operand : tensor<3xcomplex<f32>>
  %expectedresult = stablehlo.constant dense<[(0.25514922, -2.124799), (-0.017009461, 0.9682146), (0.8323812, 0.43483922)]> : tensor<3xcomplex<f32>>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xcomplex<f32>>, tensor<3xcomplex<f32>>
  func.return
}

// -----

func.func @tanh_f64() {
    %operand = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f64>>
    %result = stablehlo.tanh %operand : tensor<3xcomplex<f64>>
  %expectedresult = stablehlo.constant dense<[(0.9443729864226215, -0.07932445480395668), (-1.099398135211779, -1.5966892107707558), (0.659221242134523, 0.14842931880709934)]> : tensor<3xcomplex<f64>>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xcomplex<f64>>, tensor<3xcomplex<f64>>
  func.return
}

// -----

func.func @tanh_f32() {
    %operand = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f32>>
    %result = stablehlo.tanh %operand : tensor<3xcomplex<f32>>
  %expectedresult = stablehlo.constant dense<[(0.944373, -0.079324454), (-1.0993981, -1.5966892), (0.65922123, 0.14842932)]> : tensor<3xcomplex<f32>>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xcomplex<f32>>, tensor<3xcomplex<f32>>
  func.return
}

// -----

func.func @chlo_acos() {
    %operand = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f64>>
    %result = chlo.acos %operand : tensor<3xcomplex<f64>> -> tensor<3xcomplex<f64>>
  %expectedresult = stablehlo.constant dense<[(0.39963906733652416, 1.0693110431581105), (1.6822742521633784, -1.449208152255119), (0.7853981633974483, -0.34657359027997264)]> : tensor<3xcomplex<f64>>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xcomplex<f64>>, tensor<3xcomplex<f64>>
  func.return
}

// -----

func.func @chlo_acosh() {
    %operand = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f64>>
    %result = chlo.acosh %operand : tensor<3xcomplex<f64>> -> tensor<3xcomplex<f64>>
  %expectedresult = stablehlo.constant dense<[(1.0693110431581105, -0.39963906733652416), (1.449208152255119, 1.6822742521633784), (0.34657359027997264, 0.7853981633974483)]> : tensor<3xcomplex<f64>>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xcomplex<f64>>, tensor<3xcomplex<f64>>
  func.return
}

// -----

func.func @chlo_asin() {
    %operand = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f64>>
    %result = chlo.asin %operand : tensor<3xcomplex<f64>> -> tensor<3xcomplex<f64>>
  %expectedresult = stablehlo.constant dense<[(1.1711572594583726, -1.0693110431581105), (-0.11147792536848175, 1.449208152255119), (0.7853981633974483, 0.34657359027997264)]> : tensor<3xcomplex<f64>>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xcomplex<f64>>, tensor<3xcomplex<f64>>
  func.return
}

// -----

func.func @chlo_asinh() {
    %operand = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f64>>
    %result = chlo.asinh %operand : tensor<3xcomplex<f64>> -> tensor<3xcomplex<f64>>
  %expectedresult = stablehlo.constant dense<[(1.226456871251406, -0.27348729014155687), (-1.3287633703408075, 1.427924144520526), (0.7052894487791671, 0.19986691917327254)]> : tensor<3xcomplex<f64>>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xcomplex<f64>>, tensor<3xcomplex<f64>>
  func.return
}

// -----

func.func @chlo_atan() {
    %operand = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f64>>
    %result = chlo.atan %operand : tensor<3xcomplex<f64>> -> tensor<3xcomplex<f64>>
  %expectedresult = stablehlo.constant dense<[(1.0172219678978514, -0.14694666622552977), (-1.489877611175685, 0.5358800995910896), (0.6629088318340163, 0.15899719167999918)]> : tensor<3xcomplex<f64>>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xcomplex<f64>>, tensor<3xcomplex<f64>>
  func.return
}

// -----

func.func @chlo_atanh() {
    %operand = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f64>>
    %result = chlo.atanh %operand : tensor<3xcomplex<f64>> -> tensor<3xcomplex<f64>>
  %expectedresult = stablehlo.constant dense<[(0.6412373393653842, -1.2767950250211129), (-0.04954423214593718, 1.1121113339878292), (0.8047189562170501, 0.4636476090008061)]> : tensor<3xcomplex<f64>>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xcomplex<f64>>, tensor<3xcomplex<f64>>
  func.return
}

// -----

func.func @chlo_cosh() {
    %operand = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f64>>
    %result = chlo.cosh %operand : tensor<3xcomplex<f64>> -> tensor<3xcomplex<f64>>
  %expectedresult = stablehlo.constant dense<[(2.064433656760715, -1.0208309495976968), (-0.42921929868816616, -0.22969972965814134), (1.2544347167045338, 0.20344441524216453)]> : tensor<3xcomplex<f64>>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xcomplex<f64>>, tensor<3xcomplex<f64>>
  func.return
}

// -----

func.func @chlo_sinh() {
    %operand = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f64>>
    %result = chlo.sinh %operand : tensor<3xcomplex<f64>> -> tensor<3xcomplex<f64>>
  %expectedresult = stablehlo.constant dense<[(1.8686185191826468, -1.1278052468056998), (0.10512381651256376, 0.9378612777147958), (0.7967528961531282, 0.320309770609702)]> : tensor<3xcomplex<f64>>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xcomplex<f64>>, tensor<3xcomplex<f64>>
  func.return
}

// -----

func.func @chlo_square() {
    %operand = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f64>>
    %result = chlo.square %operand : tensor<3xcomplex<f64>> -> tensor<3xcomplex<f64>>
  %expectedresult = stablehlo.constant dense<[(2.0, -1.5), (-3.9375, -1.0), (0.5, 0.375)]> : tensor<3xcomplex<f64>>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xcomplex<f64>>, tensor<3xcomplex<f64>>
  func.return
}

// -----

func.func @chlo_conj() {
    %operand = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f64>>
    %result = chlo.conj %operand : tensor<3xcomplex<f64>> -> tensor<3xcomplex<f64>>
  %expectedresult = stablehlo.constant dense<[(1.5, 0.5), (-0.25, -2.0), (0.75, -0.25)]> : tensor<3xcomplex<f64>>
  check.expect_close %result, %expectedresult, max_ulp_difference = 2 : tensor<3xcomplex<f64>>, tensor<3xcomplex<f64>>
  func.return
}

// -----

func.func @add() {
    %lhs = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f64>>
    %rhs = stablehlo.constant dense<[(0.5, 1.0), (1.25, -0.75), (-2.0, 0.0)]> : tensor<3xcomplex<f64>>
    %result = stablehlo.add %lhs, %rhs : tensor<3xcomplex<f64>>
  check.expect_almost_eq_const %result, dense<[(2.0, 0.5), (1.0, 1.25), (-1.25, 0.25)]> : tensor<3xcomplex<f64>>
  func.return
}

// -----

func.func @subtract() {
    %lhs = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f64>>
    %rhs = stablehlo.constant dense<[(0.5, 1.0), (1.25, -0.75), (-2.0, 0.0)]> : tensor<3xcomplex<f64>>
    %result = stablehlo.subtract %lhs, %rhs : tensor<3xcomplex<f64>>
  check.expect_almost_eq_const %result, dense<[(1.0, -1.5), (-1.5, 2.75), (2.75, 0.25)]> : tensor<3xcomplex<f64>>
  func.return
}

// -----

func.func @multiply() {
    %lhs = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f64>>
    %rhs = stablehlo.constant dense<[(0.5, 1.0), (1.25, -0.75), (-2.0, 0.0)]> : tensor<3xcomplex<f64>>
    %result = stablehlo.multiply %lhs, %rhs : tensor<3xcomplex<f64>>
  check.expect_almost_eq_const %result, dense<[(1.25, 1.25), (1.1875, 2.6875), (-1.5, -0.5)]> : tensor<3xcomplex<f64>>
  func.return
}

// -----

func.func @divide() {
    %lhs = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f64>>
    %rhs = stablehlo.constant dense<[(0.5, 1.0), (1.25, -0.75), (-2.0, 0.0)]> : tensor<3xcomplex<f64>>
    %result = stablehlo.divide %lhs, %rhs : tensor<3xcomplex<f64>>
  check.expect_almost_eq_const %result, dense<[(0.2, -1.4), (-0.8529411764705882, 1.088235294117647), (-0.375, -0.125)]> : tensor<3xcomplex<f64>>
  func.return
}

// -----

func.func @power() {
    %lhs = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f64>>
    %rhs = stablehlo.constant dense<[(0.5, 1.0), (1.25, -0.75), (-2.0, 0.0)]> : tensor<3xcomplex<f64>>
    %result = stablehlo.power %lhs, %rhs : tensor<3xcomplex<f64>>
  check.expect_almost_eq_const %result, dense<[(1.6585968294944609, 0.5081072118979042), (-0.19238757643122553, 8.561155319147003), (1.28, -0.96)]> : tensor<3xcomplex<f64>>
  func.return
}

// -----

func.func @atan2() {
    %lhs = stablehlo.constant dense<[(1.5, -0.5), (-0.25, 2.0), (0.75, 0.25)]> : tensor<3xcomplex<f64>>
    %rhs = stablehlo.constant dense<[(0.5, 1.0), (1.25, -0.75), (-2.0, 0.0)]> : tensor<3xcomplex<f64>>
    %result = stablehlo.atan2 %lhs, %rhs : tensor<3xcomplex<f64>>
  check.expect_almost_eq_const %result, dense<[(1.380543138238714, -0.8418239574966185), (-1.030824053596458, 0.48360394240739457), (2.7782714832489304, -0.10984166494596143)]> : tensor<3xcomplex<f64>>
  func.return
}

// -----

func.func @extremes_are_lexicographic() {
    %lhs = stablehlo.constant dense<(1.0, 2.0)> : tensor<2xcomplex<f32>>
    %rhs = stablehlo.constant dense<[(1.0, 3.0), (0.0, 9.0)]> : tensor<2xcomplex<f32>>
    %max = stablehlo.maximum %lhs, %rhs : tensor<2xcomplex<f32>>
    %min = stablehlo.minimum %lhs, %rhs : tensor<2xcomplex<f32>>
  check.expect_eq_const %max, dense<[(1.0, 3.0), (1.0, 2.0)]> : tensor<2xcomplex<f32>>
  check.expect_eq_const %min, dense<[(1.0, 2.0), (0.0, 9.0)]> : tensor<2xcomplex<f32>>
  func.return
}

// -----

func.func @parts() {
    %operand = stablehlo.constant dense<[(3.0, -4.0), (5.0, 12.0)]> : tensor<2xcomplex<f32>>
    %modulus = stablehlo.abs %operand : (tensor<2xcomplex<f32>>) -> tensor<2xf32>
    %re = stablehlo.real %operand : (tensor<2xcomplex<f32>>) -> tensor<2xf32>
    %im = stablehlo.imag %operand : (tensor<2xcomplex<f32>>) -> tensor<2xf32>
    %again = stablehlo.complex %re, %im : tensor<2xcomplex<f32>>
    check.expect_eq %again, %operand : tensor<2xcomplex<f32>>
  check.expect_eq_const %modulus, dense<[5.0, 13.0]> : tensor<2xf32>
  check.expect_eq_const %re, dense<[3.0, 5.0]> : tensor<2xf32>
  check.expect_eq_const %im, dense<[-4.0, 12.0]> : tensor<2xf32>
  func.return
}

// -----

func.func @branch_cuts_follow_the_sign_of_zero() {
    %above = stablehlo.constant dense<(-4.0, 0.0)> : tensor<1xcomplex<f64>>
    %below = stablehlo.constant dense<(-4.0, -0.0)> : tensor<1xcomplex<f64>>
    %up = stablehlo.sqrt %above : tensor<1xcomplex<f64>>
    %down = stablehlo.sqrt %below : tensor<1xcomplex<f64>>
  check.expect_eq_const %up, dense<(0.0, 2.0)> : tensor<1xcomplex<f64>>
  check.expect_eq_const %down, dense<(-0.0, -2.0)> : tensor<1xcomplex<f64>>
  func.return
}

// -----

func.func @quotients_of_large_numbers() {
    %lhs = stablehlo.constant dense<(1.0e+300, 1.0e+300)> : tensor<1xcomplex<f64>>
    %rhs = stablehlo.constant dense<(1.0e+300, -1.0e+300)> : tensor<1xcomplex<f64>>
    %result = stablehlo.divide %lhs, %rhs : tensor<1xcomplex<f64>>
  check.expect_eq_const %result, dense<(0.0, 1.0)> : tensor<1xcomplex<f64>>
  func.return
}

// -----

// Real parts first, then imaginary ones.
func.func @order() {
  %x = stablehlo.constant dense<[(1.0, 2.0), (1.0, 3.0), (2.0, 0.0), (0x7FC00000, 0.0), (1.0, 2.0)]> : tensor<5xcomplex<f32>>
  %y = stablehlo.constant dense<[(1.0, 3.0), (1.0, 2.0), (1.0, 9.0), (1.0, 0.0), (1.0, 2.0)]> : tensor<5xcomplex<f32>>
  %lt = stablehlo.compare LT, %x, %y, FLOAT : (tensor<5xcomplex<f32>>, tensor<5xcomplex<f32>>) -> tensor<5xi1>
  %ge = stablehlo.compare GE, %x, %y, FLOAT : (tensor<5xcomplex<f32>>, tensor<5xcomplex<f32>>) -> tensor<5xi1>
  %ne = stablehlo.compare NE, %x, %y, FLOAT : (tensor<5xcomplex<f32>>, tensor<5xcomplex<f32>>) -> tensor<5xi1>
  check.expect_eq_const %lt, dense<[true, false, false, false, false]> : tensor<5xi1>
  check.expect_eq_const %ge, dense<[false, true, true, false, true]> : tensor<5xi1>
  check.expect_eq_const %ne, dense<[true, true, true, true, false]> : tensor<5xi1>
  func.return
}
