//! The logarithm of the gamma function and its derivative, by the approximation of C. Lanczos, "A
//! Precision Approximation of the Gamma Function" (1964), with `g = 7` and nine coefficients.
//!
//! Left of 1/2 the reflection formulas apply. Near their zeros the functions have an absolute, no
//! relative accuracy.

use std::f64::consts::PI;

use hire_compiler::ir::ValueId;

use super::math::Math;

const G: f64 = 7.0;
const BASE: f64 = 0.999_999_999_999_809_9;
const COEFFICIENTS: [f64; 8] = [
    676.520_368_121_885_1,
    -1_259.139_216_722_402_8,
    771.323_428_777_653_1,
    -176.615_029_162_140_6,
    12.507_343_278_686_905,
    -0.138_571_095_265_720_12,
    9.984_369_578_019_572e-6,
    1.505_632_735_149_311_6e-7,
];

/// The argument after reflection less one, whether it was reflected, and `t = z + g + 1/2` with its logarithm.
struct Reflected {
    z: ValueId,
    reflected: ValueId,
    t: ValueId,
    log_t: ValueId,
}

fn reflect(m: &mut Math<'_, '_>, x: ValueId) -> Reflected {
    let reflected = m.compare_to("LT", x, 0.5);
    let (minus, less) = (m.neg(x), m.shift(x, -1.0));
    let z = m.select(reflected, minus, less);
    let t = m.shift(z, G + 0.5);
    let ratio = m.scale(z, 1.0 / (G + 0.5));
    let log1p = m.log1p(ratio);
    let log_t = m.shift(log1p, (G + 0.5).ln());
    Reflected { z, reflected, t, log_t }
}

/// `log |gamma(x)|`; infinite at the poles and at both infinities.
pub(super) fn lgamma(m: &mut Math<'_, '_>, x: ValueId) -> ValueId {
    let Reflected { z, reflected, t, log_t } = reflect(m, x);
    let mut sum = m.c(BASE);
    for (i, coefficient) in COEFFICIENTS.into_iter().enumerate() {
        let (numerator, denominator) = (m.c(coefficient), m.shift(z, i as f64 + 1.0));
        let term = m.div(numerator, denominator);
        sum = m.add(sum, term);
    }
    // (z + 1/2) log t - t, with t taken inside, so that the difference of large numbers is of small ones.
    let half = m.shift(z, 0.5);
    let quotient = m.div(t, log_t);
    let difference = m.sub(half, quotient);
    let main = m.mul(difference, log_t);
    let log_sum = m.log(sum);
    let main = m.shift(main, 0.5 * (2.0 * PI).ln());
    let value = m.add(main, log_sum);
    // log pi - log |sin pi x| - log gamma(1 - x), with x reduced to half a period.
    let magnitude = m.abs(x);
    let floor = m.floor(magnitude);
    let fraction = m.sub(magnitude, floor);
    let one = m.c(1.0);
    let other = m.sub(one, fraction);
    let beyond = m.compare_to("GT", fraction, 0.5);
    let reduced = m.select(beyond, other, fraction);
    let angle = m.scale(reduced, PI);
    let sine = m.sin(angle);
    let log_sine = m.log(sine);
    let log_pi = m.c(PI.ln());
    let remaining = m.sub(log_pi, log_sine);
    let mirrored = m.sub(remaining, value);
    let infinity = m.c(f64::INFINITY);
    let at_pole = m.compare_to("EQ", fraction, 0.0);
    let mirrored = m.select(at_pole, infinity, mirrored);
    let chosen = m.select(reflected, mirrored, value);
    let infinite = m.compare("EQ", magnitude, infinity);
    m.select(infinite, infinity, chosen)
}

/// The derivative of `log gamma(x)`; NaN at the poles.
pub(super) fn digamma(m: &mut Math<'_, '_>, x: ValueId) -> ValueId {
    let Reflected { z, reflected, t, log_t } = reflect(m, x);
    let (mut numerator, mut denominator) = (m.c(0.0), m.c(BASE));
    for (i, coefficient) in COEFFICIENTS.into_iter().enumerate() {
        let (coefficient, at) = (m.c(coefficient), m.shift(z, i as f64 + 1.0));
        let term = m.div(coefficient, at);
        let derived = m.div(term, at);
        numerator = m.sub(numerator, derived);
        denominator = m.add(denominator, term);
    }
    let ratio = m.div(numerator, denominator);
    let g = m.c(G);
    let shrink = m.div(g, t);
    let main = m.add(log_t, ratio);
    let value = m.sub(main, shrink);
    // Less pi / tan(pi x), with x reduced to a period around 0.
    let shifted = m.shift(x, 0.5);
    let nearest = m.floor(shifted);
    let reduced = m.sub(x, nearest);
    let angle = m.scale(reduced, PI);
    let (sine, cosine) = (m.sin(angle), m.cos(angle));
    let pi_cosine = m.scale(cosine, PI);
    let cotangent = m.div(pi_cosine, sine);
    let mirrored = m.sub(value, cotangent);
    let chosen = m.select(reflected, mirrored, value);
    let floor = m.floor(x);
    let (whole, not_positive) = (m.compare("EQ", x, floor), m.compare_to("LE", x, 0.0));
    let at_pole = m.and(whole, not_positive);
    let undefined = m.c(f64::NAN);
    m.select(at_pole, undefined, chosen)
}
