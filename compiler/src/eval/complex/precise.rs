//! Exponentials and powers to twice the precision of `f64`.
//!
//! An error of one unit in the last place of `w ln z` is as many units in the last place of `z^w` as
//! that exponent is large, and `e^z - 1` cancels near the zeros of `e^z = 1`: both need more digits
//! than the result has.

use super::{exponent, two_product, two_sum};
use crate::eval::number::Complex;

/// An unevaluated sum of two numbers.
#[derive(Clone, Copy)]
struct Double {
    high: f64,
    low: f64,
}

impl Double {
    fn new(high: f64, low: f64) -> Self {
        let (high, low) = two_sum(high, low);
        Self { high, low }
    }

    fn add(self, other: Self) -> Self {
        let (sum, error) = two_sum(self.high, other.high);
        Self::new(sum, error + self.low + other.low)
    }

    fn times(self, factor: f64) -> Self {
        let (product, error) = two_product(self.high, factor);
        Self::new(product, self.low.mul_add(factor, error))
    }
}

pub(super) fn power(base: Complex, power: Complex) -> Complex {
    let plain = base.ln();
    let Some((modulus, angle)) = precise_logarithm(base, plain) else {
        return power.multiply(plain, |v| v).exp();
    };
    let re = modulus.times(power.re).add(angle.times(-power.im));
    let im = angle.times(power.re).add(modulus.times(power.im));
    if !re.high.is_finite() || !im.high.is_finite() {
        return power.multiply(plain, |v| v).exp();
    }
    let rough = Complex::new(re.high, im.high).exp();
    if !rough.re.is_finite() || !rough.im.is_finite() {
        return rough;
    }
    let (grow, turn) = (re.low, im.low);
    Complex::new(rough.re + (rough.re * grow - rough.im * turn), rough.im + (rough.im * grow + rough.re * turn))
}

/// Modulus and angle of `ln z`: one Newton step from the `f64` result, whose correction is the
/// logarithm of `z e^-ln(z)`, a number close to one.
fn precise_logarithm(z: Complex, plain: Complex) -> Option<(Double, Double)> {
    let scale = exponent(z.re.abs().max(z.im.abs()));
    if !plain.re.is_finite() || !plain.im.is_finite() || !(-500..500).contains(&scale) {
        return None;
    }
    let modulus = exp_double(plain.re)?;
    let (sin, cos) = sin_cos_double(plain.im);
    let (x, y) = (product(modulus, cos), product(modulus, sin));
    let (dx, dy) = (difference(z.re, x), difference(z.im, y));
    let square = z.re * z.re + z.im * z.im;
    let correction_re = (dx * z.re + dy * z.im) / square;
    let correction_im = (dy * z.re - dx * z.im) / square;
    Some((Double::new(plain.re, correction_re), Double::new(plain.im, correction_im)))
}

fn product(a: Double, b: Double) -> Double {
    let (high, error) = two_product(a.high, b.high);
    Double::new(high, error + (a.high * b.low + a.low * b.high))
}

fn difference(a: f64, b: Double) -> f64 {
    let (sum, error) = two_sum(a, -b.high);
    sum + (error - b.low)
}

const LN2: Double = Double { high: std::f64::consts::LN_2, low: 2.319_046_813_846_299_6e-17 };
const HALF_PI: Double = Double { high: std::f64::consts::FRAC_PI_2, low: 6.123_233_995_736_766e-17 };

/// `e^x` in double precision twice: reduction by multiples of `ln 2`, halving, Taylor series.
fn exp_double(x: f64) -> Option<Double> {
    if x.abs() > 600.0 {
        return None;
    }
    let twos = (x / LN2.high).round();
    let reduced = Double::new(x, 0.0).add(LN2.times(-twos));
    let small = Double { high: reduced.high / 256.0, low: reduced.low / 256.0 };
    let mut sum = Double::new(1.0, 0.0);
    let mut term = sum;
    for n in 1..=10 {
        term = product(term, small);
        term = quotient(term, f64::from(n));
        sum = sum.add(term);
    }
    for _ in 0..8 {
        sum = product(sum, sum);
    }
    let scale = f64::powi(2.0, twos as i32);
    Some(Double { high: sum.high * scale, low: sum.low * scale })
}

fn quotient(a: Double, divisor: f64) -> Double {
    let high = a.high / divisor;
    let (back, error) = two_product(high, divisor);
    Double::new(high, ((a.high - back) - error + a.low) / divisor)
}

/// Sine and cosine of an angle of at most a few turns, by quadrant reduction and Taylor series.
fn sin_cos_double(x: f64) -> (Double, Double) {
    let quadrant = (x / HALF_PI.high).round();
    let angle = Double::new(x, 0.0).add(HALF_PI.times(-quadrant));
    let series = |first: Double, start: i32| {
        let square = product(angle, angle);
        let (mut sum, mut term) = (first, first);
        for n in (start..start + 26).step_by(2) {
            term = quotient(product(term, square), -f64::from(n * (n + 1)));
            sum = sum.add(term);
        }
        sum
    };
    let (sin, cos) = (series(angle, 2), series(Double::new(1.0, 0.0), 1));
    let negate = |d: Double| Double { high: -d.high, low: -d.low };
    match (quadrant as i64).rem_euclid(4) {
        0 => (sin, cos),
        1 => (cos, negate(sin)),
        2 => (negate(sin), negate(cos)),
        _ => (negate(cos), sin),
    }
}

/// The real part of `e^z - 1`; `None` where `z` is too large.
pub(super) fn exp_m1_re(z: Complex) -> Option<f64> {
    if z.im.abs() > 1e5 {
        return None;
    }
    let (_, cos) = sin_cos_double(z.im);
    Some(-difference(1.0, product(exp_double(z.re)?, cos)))
}
