//! The error function, its complement and its inverse.
//!
//! Rational approximations: for f64 those of S. Moshier, "Methods and Programs for Mathematical
//! Functions" (1989); for f32 his `erfc`, and the `erf` of XLA. `erf_inv` starts as M. Giles,
//! "Approximating the erfinv function" (2010).

use std::f64::consts::PI;

use hire_compiler::ir::ValueId;

use super::math::Math;

/// `erf x`.
pub(super) fn erf(m: &mut Math<'_, '_>, x: ValueId) -> ValueId {
    if !m.is_f64() {
        return erf_f32(m, x);
    }
    let magnitude = m.abs(x);
    let small = erf_below_one(m, x);
    let one = m.c(1.0);
    let complement = erfc_above_one(m, magnitude);
    let large = m.sub(one, complement);
    let sign = m.sign(x);
    let large = m.mul(large, sign);
    let is_small = m.compare_to("LT", magnitude, 1.0);
    m.select(is_small, small, large)
}

/// `erfc x`, without cancellation for large x.
pub(super) fn erfc(m: &mut Math<'_, '_>, x: ValueId) -> ValueId {
    let magnitude = m.abs(x);
    let one = m.c(1.0);
    let erf = erf_below_one(m, x);
    let small = m.sub(one, erf);
    let tail = erfc_above_one(m, magnitude);
    let two = m.c(2.0);
    let left = m.sub(two, tail);
    let negative = m.compare_to("LT", x, 0.0);
    let large = m.select(negative, left, tail);
    let is_small = m.compare_to("LT", magnitude, 1.0);
    m.select(is_small, small, large)
}

/// `erf x` for f32 everywhere: a rational function of x, which is ±1 beyond the bound.
fn erf_f32(m: &mut Math<'_, '_>, x: ValueId) -> ValueId {
    const BOUND: f64 = 3.743_986_813_127_595;
    let (low, high) = (m.c(-BOUND), m.c(BOUND));
    let x = m.op(hire_compiler::ir::Opcode::Clamp, [low, x, high]);
    let square = m.mul(x, x);
    let numerator = m.polynomial(square, &ERF_F32_NUMERATOR);
    let denominator = m.polynomial(square, &ERF_F32_DENOMINATOR);
    let product = m.mul(x, numerator);
    m.div(product, denominator)
}

/// `erf x` where |x| < 1.
fn erf_below_one(m: &mut Math<'_, '_>, x: ValueId) -> ValueId {
    let square = m.mul(x, x);
    if !m.is_f64() {
        let series = m.polynomial(square, &ERF_F32_BELOW_ONE);
        return m.mul(x, series);
    }
    let numerator = m.polynomial(square, &ERF_NUMERATOR);
    let denominator = m.polynomial(square, &ERF_DENOMINATOR);
    let product = m.mul(x, numerator);
    m.div(product, denominator)
}

/// `erfc x` where x >= 1.
fn erfc_above_one(m: &mut Math<'_, '_>, x: ValueId) -> ValueId {
    let decay = exp_of_minus_square(m, x);
    let (near, far, limit) = if m.is_f64() {
        let near_numerator = m.polynomial(x, &ERFC_NUMERATOR);
        let near_denominator = m.polynomial(x, &ERFC_DENOMINATOR);
        let far_numerator = m.polynomial(x, &ERFC_FAR_NUMERATOR);
        let far_denominator = m.polynomial(x, &ERFC_FAR_DENOMINATOR);
        (m.div(near_numerator, near_denominator), m.div(far_numerator, far_denominator), 8.0)
    } else {
        let one = m.c(1.0);
        let inverse = m.div(one, x);
        let square = m.mul(inverse, inverse);
        let near = m.polynomial(square, &ERFC_F32);
        let far = m.polynomial(square, &ERFC_F32_FAR);
        (m.mul(inverse, near), m.mul(inverse, far), 2.0)
    };
    let is_near = m.compare_to("LT", x, limit);
    let ratio = m.select(is_near, near, far);
    let value = m.mul(decay, ratio);
    // Far out the polynomials overflow, but the value has vanished.
    let vanished = m.compare_to("GT", x, if m.is_f64() { 27.5 } else { 10.5 });
    let zero = m.c(0.0);
    m.select(vanished, zero, value)
}

/// `e^(-x^2)`. The square is split into that of x's upper half, which is exact, and the rest: its
/// rounding error would be as many units of the result as the square is large.
fn exp_of_minus_square(m: &mut Math<'_, '_>, x: ValueId) -> ValueId {
    let split = if m.is_f64() { 134_217_729.0 } else { 4097.0 };
    let scaled = m.scale(x, split);
    let rest = m.sub(scaled, x);
    let upper = m.sub(scaled, rest);
    let lower = m.sub(x, upper);
    let square = m.mul(upper, upper);
    let minus = m.neg(square);
    let sum = m.add(x, upper);
    let cross = m.mul(lower, sum);
    let minus_cross = m.neg(cross);
    let (first, second) = (m.exp(minus), m.exp(minus_cross));
    m.mul(first, second)
}

/// `erf_inv x`: a polynomial in `w = -log(1 - x^2)`; for f64 two Halley steps follow. ±inf at ±1, NaN
/// beyond.
pub(super) fn erf_inv(m: &mut Math<'_, '_>, x: ValueId) -> ValueId {
    let magnitude = m.abs(x);
    let one = m.c(1.0);
    let (tail, above) = (m.sub(one, magnitude), m.add(one, magnitude));
    let product = m.mul(tail, above);
    let log = m.log(product);
    let w = m.neg(log);
    let near = m.shift(w, -2.5);
    let near = m.polynomial(near, &ERF_INV_NEAR);
    let root = m.sqrt(w);
    let far = m.shift(root, -3.0);
    let far = m.polynomial(far, &ERF_INV_FAR);
    let is_near = m.compare_to("LT", w, 5.0);
    let slope = m.select(is_near, near, far);
    let mut y = m.mul(slope, magnitude);
    if m.is_f64() {
        for _ in 0..2 {
            y = halley(m, y, magnitude, tail);
        }
    }
    let sign = m.sign(x);
    let value = m.mul(y, sign);
    let infinity = m.c(f64::INFINITY);
    let signed = m.mul(infinity, sign);
    let at_end = m.compare("EQ", magnitude, one);
    m.select(at_end, signed, value)
}

/// A better y with `erf y = x`, for x that is not negative; `tail = 1 - x`.
fn halley(m: &mut Math<'_, '_>, y: ValueId, x: ValueId, tail: ValueId) -> ValueId {
    let erf = erf_below_one(m, y);
    let near = m.sub(erf, x);
    let one = m.c(1.0);
    let inner = m.sub(one, erf);
    let outer = erfc_above_one(m, y);
    let is_below_one = m.compare_to("LT", y, 1.0);
    let erfc = m.select(is_below_one, inner, outer);
    let far = m.sub(tail, erfc);
    let is_near = m.compare_to("LT", y, 0.5);
    let error = m.select(is_near, near, far);
    let decay = exp_of_minus_square(m, y);
    let derivative = m.scale(decay, 2.0 / PI.sqrt());
    let step = m.div(error, derivative);
    let curvature = m.mul(y, step);
    let divisor = m.shift(curvature, 1.0);
    let step = m.div(step, divisor);
    m.sub(y, step)
}

const ERF_NUMERATOR: [f64; 5] =
    [9.604_973_739_870_516, 90.026_019_720_384_27, 2_232.005_345_946_843, 7_003.325_141_128_051, 55_592.301_301_039_49];
const ERF_DENOMINATOR: [f64; 6] = [
    1.0,
    33.561_714_164_750_31,
    521.357_949_780_152_7,
    4_594.323_829_709_801,
    22_629.000_061_389_095,
    49_267.394_260_863_59,
];
const ERFC_NUMERATOR: [f64; 9] = [
    2.461_969_814_735_305e-10,
    0.564_189_564_831_068_7,
    7.463_210_564_422_699,
    48.637_197_098_568_14,
    196.520_832_956_077_1,
    526.445_194_995_477_4,
    934.528_527_171_957_6,
    1_027.551_886_895_157_2,
    557.535_335_369_399_3,
];
const ERFC_DENOMINATOR: [f64; 9] = [
    1.0,
    13.228_195_115_474_5,
    86.707_214_088_598_97,
    354.937_778_887_819_9,
    975.708_501_743_205_5,
    1_823.909_166_879_097_5,
    2_246.337_608_187_109_7,
    1_656.663_091_941_613_4,
    557.535_340_817_727_7,
];
const ERFC_FAR_NUMERATOR: [f64; 6] = [
    0.564_189_583_547_755_1,
    1.275_366_707_599_781,
    5.019_050_422_511_805,
    6.160_210_979_930_536,
    7.409_742_699_504_489,
    2.978_866_653_721_002_2,
];
const ERFC_FAR_DENOMINATOR: [f64; 7] = [
    1.0,
    2.260_528_632_201_172_6,
    9.396_035_249_380_015,
    12.048_953_980_809_666,
    17.081_445_074_756_59,
    9.608_968_090_632_859,
    3.369_076_451_000_815,
];
const ERF_F32_BELOW_ONE: [f64; 7] = [
    7.853_861_353_153_693e-5,
    -0.000_801_019_362_518_490_3,
    0.005_188_327_685_732_524,
    -0.026_853_811_935_298_56,
    0.112_835_851_486_141_8,
    -0.376_126_258_242_33,
    1.128_379_165_726_71,
];
const ERF_F32_NUMERATOR: [f64; 5] = [
    0.000_229_050_658_613_506_46,
    0.003_408_291_010_710_950_7,
    0.050_955_695_062_380_86,
    0.185_208_322_399_761_45,
    1.128_379_143_519_084,
];
const ERF_F32_DENOMINATOR: [f64; 7] = [
    -1.179_160_295_436_169_7e-7,
    2.354_796_647_131_318_3e-5,
    0.001_017_962_527_891_488_4,
    0.014_070_470_171_167_667,
    0.110_985_051_782_853_62,
    0.497_469_251_100_675_36,
    1.0,
];
const ERFC_F32: [f64; 9] = [
    0.023_268_199_700_683_86,
    -0.138_703_938_874_065_7,
    0.368_742_467_459_710_5,
    -0.582_473_302_727_866_6,
    0.621_000_462_174_598_3,
    -0.494_451_532_327_414_5,
    0.340_487_993_766_587_2,
    -0.274_112_702_818_465_6,
    0.563_825_942_738_647_2,
];
const ERFC_F32_FAR: [f64; 8] = [
    -10.477_663_999_362_49,
    12.977_199_553_725_16,
    -7.495_518_717_768_503,
    2.921_019_019_210_786,
    -1.015_265_279_202_7,
    0.421_846_335_820_494_8,
    -0.282_076_743_974_051_4,
    0.564_189_506_775_407_5,
];
const ERF_INV_NEAR: [f64; 9] = [
    2.810_226_36e-8,
    3.432_739_39e-7,
    -3.523_387_7e-6,
    -4.391_506_54e-6,
    0.000_218_580_87,
    -0.001_253_725_03,
    -0.004_177_681_64,
    0.246_640_727,
    1.501_409_41,
];
const ERF_INV_FAR: [f64; 9] = [
    -0.000_200_214_257,
    0.000_100_950_558,
    0.001_349_343_22,
    -0.003_673_428_44,
    0.005_739_507_73,
    -0.007_622_461_3,
    0.009_438_870_47,
    1.001_674_06,
    2.832_976_82,
];
