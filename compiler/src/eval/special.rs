//! Special functions of one real variable, and the Hurwitz zeta function.
//!
//! `erf`, `erfc` and `lgamma` come from the `libm` crate. Coefficients of the Bessel function are
//! those of S. Moshier, "Methods and Programs for Mathematical Functions" (1989), as CHLO uses.

use std::f64::consts::PI;

/// The inverse of `erf`: the rational start of M. Giles, "Approximating the erfinv function"
/// (2010), then Halley steps, so that the result is as good as `erf` itself.
pub(super) fn erf_inv(x: f64) -> f64 {
    if x.is_nan() || x.abs() > 1.0 {
        return f64::NAN;
    }
    if x.abs() == 1.0 {
        return f64::INFINITY.copysign(x);
    }
    if x == 0.0 {
        return x;
    }
    let tail = 1.0 - x.abs();
    let log = -(tail * (1.0 + x.abs())).ln();
    let mut y = giles_start(log) * x.abs();
    for _ in 0..3 {
        let slope = 2.0 / PI.sqrt() * (-y * y).exp();
        let error = if y < 0.5 { libm::erf(y) - x.abs() } else { tail - libm::erfc(y) };
        let step = error / slope;
        if slope == 0.0 || !step.is_finite() {
            break;
        }
        y -= step / (1.0 + y * step);
    }
    y.copysign(x)
}

fn giles_start(w: f64) -> f64 {
    let polynomial =
        |coefficients: [f64; 9], t: f64| coefficients.into_iter().fold(0.0, |sum: f64, c| sum.mul_add(t, c));
    if w < 5.0 {
        let coefficients = [
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
        polynomial(coefficients, w - 2.5)
    } else {
        let coefficients = [
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
        polynomial(coefficients, w.sqrt() - 3.0)
    }
}

/// `ln |Γ(x)|`; infinite at zero and the negative integers.
pub(super) fn lgamma(x: f64) -> f64 {
    if x.is_infinite() { f64::INFINITY } else { libm::lgamma(x) }
}

/// The derivative of `lgamma`: reflection for negative arguments, recurrence up to 10, then the
/// asymptotic series. `NaN` at zero and the negative integers.
pub(super) fn digamma(x: f64) -> f64 {
    if x.is_nan() || x == f64::INFINITY {
        return x;
    }
    if x == f64::NEG_INFINITY || (x <= 0.0 && x.floor() == x) {
        return f64::NAN;
    }
    if x < 0.5 {
        let offset = x - x.round();
        return digamma(1.0 - x) - PI / (PI * offset).tan();
    }
    const ROOT: f64 = 1.461_632_144_968_362_2;
    if (x - ROOT).abs() < 0.1 {
        return digamma_near_root(x - ROOT);
    }
    let steps = (10.0 - x).ceil().max(0.0);
    let shifted = x + steps;
    let below: f64 = (0..steps as u32).rev().map(|i| 1.0 / (x + f64::from(i))).sum();
    let inverse = 1.0 / (shifted * shifted);
    const SERIES: [f64; 8] = [
        -3617.0 / 8160.0,
        1.0 / 12.0,
        -691.0 / 32760.0,
        1.0 / 132.0,
        -1.0 / 240.0,
        1.0 / 252.0,
        -1.0 / 120.0,
        1.0 / 12.0,
    ];
    let tail = SERIES.into_iter().fold(0.0, |sum: f64, c| sum.mul_add(inverse, c)) * inverse;
    shifted.ln() - 0.5 / shifted - tail - below
}

/// Taylor series of `digamma` at its positive root, so that it has relative accuracy there. The
/// coefficients are `polygamma(n, root) / n!`.
fn digamma_near_root(offset: f64) -> f64 {
    const ROOT: f64 = 1.461_632_144_968_362_2;
    const ROOT_LOW: f64 = 9.654_9e-17;
    let t = offset - ROOT_LOW;
    let mut sum = 0.0;
    for n in (1..=16).rev() {
        let sign = if n % 2 == 1 { 1.0 } else { -1.0 };
        sum = (sum + sign * zeta(f64::from(n) + 1.0, ROOT)) * t;
    }
    sum
}

/// The Hurwitz zeta function, `sum over k >= 0 of (q + k)^-x`, by Euler-Maclaurin summation.
/// `NaN` for `x < 1`; infinite at `x = 1` and where a term is.
pub(super) fn zeta(x: f64, q: f64) -> f64 {
    if x.is_nan() || q.is_nan() || x < 1.0 {
        return f64::NAN;
    }
    if x == 1.0 {
        return f64::INFINITY;
    }
    if q <= 0.0 {
        if q == q.floor() {
            return f64::INFINITY;
        }
        if x != x.floor() {
            return f64::NAN;
        }
    }
    let (mut sum, mut a) = (0.0, q);
    let mut count = 0;
    while count < 9 || a <= 9.0 {
        let term = a.powf(-x);
        sum += term;
        a += 1.0;
        count += 1;
        if (term / sum).abs() < f64::EPSILON / 2.0 || count > 10_000 {
            return sum;
        }
    }
    sum += a.powf(1.0 - x) / (x - 1.0) + 0.5 * a.powf(-x);
    const BERNOULLI: [f64; 12] = [
        12.0,
        -720.0,
        30240.0,
        -1_209_600.0,
        47_900_160.0,
        -1_307_674_368_000.0 / 691.0,
        74_724_249_600.0,
        -10_670_622_842_880_000.0 / 3617.0,
        5_109_094_217_170_944_000.0 / 43867.0,
        -802_857_662_698_291_200_000.0 / 174_611.0,
        14_101_100_039_391_805_440_000.0 / 77683.0,
        -1_693_824_136_731_743_669_452_800_000.0 / 236_364_091.0,
    ];
    let (mut rising, mut power, mut factor) = (1.0, a.powf(-x) / a, x);
    for (n, denominator) in BERNOULLI.into_iter().enumerate() {
        rising *= factor;
        let term = rising * power / denominator;
        sum += term;
        if (term / sum).abs() < f64::EPSILON / 2.0 {
            break;
        }
        let next = x + 2.0 * n as f64 + 1.0;
        rising *= next;
        factor = next + 1.0;
        power /= a * a;
    }
    sum
}

/// The `n`-th derivative of `digamma`, `n` a non-negative integer; else `NaN`.
pub(super) fn polygamma(n: f64, x: f64) -> f64 {
    if n < 0.0 || n != n.floor() {
        return f64::NAN;
    }
    if n == 0.0 {
        return digamma(x);
    }
    let sign = if n % 2.0 == 0.0 { -1.0 } else { 1.0 };
    let factorial = if n < 171.0 { (1..=n as u32).map(f64::from).product() } else { f64::INFINITY };
    sign * factorial * zeta(n + 1.0, x)
}

/// `e^-|x| I1(x)`, the exponentially scaled modified Bessel function of order one.
pub(super) fn bessel_i1e(x: f64) -> f64 {
    let z = x.abs();
    let value = if z <= 8.0 {
        z * chebyshev(z / 2.0 - 2.0, &I1E_SMALL)
    } else {
        chebyshev(32.0 / z - 2.0, &I1E_LARGE) / z.sqrt()
    };
    if x < 0.0 { -value } else { value }
}

/// Clenshaw's recurrence, highest coefficient first, the last one halved.
fn chebyshev(x: f64, coefficients: &[f64]) -> f64 {
    let (mut b0, mut b1, mut b2) = (0.0, 0.0, 0.0);
    for &c in coefficients {
        (b2, b1) = (b1, b0);
        b0 = x.mul_add(b1, c - b2);
    }
    0.5 * (b0 - b2)
}

const I1E_SMALL: [f64; 29] = [
    2.777_914_112_761_046e-18,
    -2.111_421_214_358_166e-17,
    1.553_631_957_736_200_5e-16,
    -1.105_596_947_735_386_3e-15,
    7.600_684_294_735_408e-15,
    -5.042_185_504_727_912e-14,
    3.223_793_365_945_575e-13,
    -1.983_974_397_764_943_7e-12,
    1.173_618_629_889_090_1e-11,
    -6.663_489_723_502_027e-11,
    3.625_590_281_552_117e-10,
    -1.887_249_751_722_829_4e-9,
    9.381_537_386_495_773e-9,
    -4.445_059_128_796_328e-8,
    2.003_294_753_552_135_3e-7,
    -8.568_720_264_695_455e-7,
    3.470_251_308_137_678_5e-6,
    -1.327_316_365_603_943_6e-5,
    4.781_565_107_550_054e-5,
    -1.617_608_158_258_967_4e-4,
    5.122_859_561_685_758e-4,
    -1.513_572_450_631_253_2e-3,
    4.156_422_944_312_888e-3,
    -1.056_408_489_462_619_8e-2,
    2.472_644_903_062_651_6e-2,
    -5.294_598_120_809_499e-2,
    1.026_436_586_898_471e-1,
    -1.764_165_183_578_340_6e-1,
    2.525_871_864_436_336_5e-1,
];

const I1E_LARGE: [f64; 25] = [
    7.517_296_310_842_105e-18,
    4.414_348_323_071_708e-18,
    -4.650_305_368_489_358e-17,
    -3.209_525_921_993_424e-17,
    2.962_628_997_645_95e-16,
    3.308_202_310_920_928_3e-16,
    -1.880_354_775_510_782_4e-15,
    -3.814_403_072_437_007_8e-15,
    1.042_027_698_412_880_3e-14,
    4.272_440_016_711_951e-14,
    -2.101_541_842_772_664_3e-14,
    -4.083_551_111_092_197_3e-13,
    -7.198_551_776_245_908e-13,
    2.035_628_544_147_089_5e-12,
    1.412_580_743_661_378e-11,
    3.252_603_583_015_488e-11,
    -1.897_495_812_350_541_2e-11,
    -5.589_743_462_196_584e-10,
    -3.835_380_385_964_237e-9,
    -2.631_468_846_889_519_6e-8,
    -2.512_236_237_870_209e-7,
    -3.882_564_808_877_691e-6,
    -1.105_889_387_626_237_2e-4,
    -9.761_097_491_361_469e-3,
    7.785_762_350_182_801e-1,
];

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_close(actual: f64, expected: f64) {
        assert!((actual - expected).abs() <= 4e-15 * expected.abs().max(0.1), "{actual:e} {expected:e}");
    }

    #[test]
    fn values_match_tables() {
        assert_close(erf_inv(0.5), 0.476_936_276_204_469_9);
        assert_close(erf_inv(-0.999_999), -3.458_910_737_275_499);
        assert_close(digamma(1.0), -0.577_215_664_901_532_9);
        assert_close(digamma(-0.5), 0.036_489_973_978_576_52);
        assert_close(digamma(1.5), 0.036_489_973_978_576_52);
        assert_close(zeta(2.0, 1.0), PI * PI / 6.0);
        assert_close(zeta(3.0, 0.5), 8.414_398_322_117_16);
        assert_close(polygamma(1.0, 1.0), PI * PI / 6.0);
        assert_close(bessel_i1e(1.0), 0.207_910_415_349_708_45);
        assert_close(bessel_i1e(-20.0), -0.087_506_222_183_288_66);
        assert_close(lgamma(0.5), 0.572_364_942_924_700_1);
    }

    #[test]
    fn erf_inv_inverts_erf() {
        for i in 1..200 {
            let x = f64::from(i) / 200.0;
            assert!((libm::erf(erf_inv(x)) - x).abs() < 3e-16 * 4.0, "{x}");
        }
    }
}
