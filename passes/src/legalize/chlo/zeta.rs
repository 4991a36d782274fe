//! The Hurwitz zeta function and the derivatives of the digamma function.
//!
//! `zeta(x, q)`, the sum of `(q + k)^-x`, is the sum of its first ten terms and the Euler-Maclaurin formula
//! for the rest. For q below -9 the formula is used left of poles, where it does not hold.

use hire_compiler::ir::ValueId;

use super::gamma::{digamma, lgamma};
use super::math::Math;

/// `(2k)! / B_2k`: divisors of the terms of the formula.
const DIVISORS: [f64; 12] = [
    12.0,
    -720.0,
    30_240.0,
    -1_209_600.0,
    47_900_160.0,
    -1_307_674_368_000.0 / 691.0,
    74_724_249_600.0,
    -10_670_622_842_880_000.0 / 3_617.0,
    5_109_094_217_170_944_000.0 / 43_867.0,
    -802_857_662_698_291_200_000.0 / 174_611.0,
    14_101_100_039_391_805_440_000.0 / 77_683.0,
    -1_693_824_136_731_743_669_452_800_000.0 / 236_364_091.0,
];

/// `zeta(x, q)`. NaN for `x < 1`, infinite at `x = 1` and where a term is.
pub(super) fn zeta(m: &mut Math<'_, '_>, x: ValueId, q: ValueId) -> ValueId {
    let exponent = m.neg(x);
    let (mut a, mut term) = (q, m.pow(q, exponent));
    let mut sum = term;
    for _ in 0..9 {
        a = m.shift(a, 1.0);
        term = m.pow(a, exponent);
        sum = m.add(sum, term);
    }
    // The integral, a^(1-x) / (x - 1), and half of the last term less than was added.
    let before = m.shift(x, -1.0);
    let whole = m.mul(term, a);
    let integral = m.div(whole, before);
    let half = m.scale(term, 0.5);
    let mut rest = m.sub(integral, half);
    let square = m.mul(a, a);
    let mut factor = m.div(term, a);
    factor = m.mul(factor, x);
    for (k, divisor) in DIVISORS.into_iter().enumerate() {
        if k > 0 {
            let (one, two) = (m.shift(x, 2.0 * k as f64 - 1.0), m.shift(x, 2.0 * k as f64));
            factor = m.mul(factor, one);
            factor = m.mul(factor, two);
            factor = m.div(factor, square);
        }
        let correction = m.scale(factor, 1.0 / divisor);
        rest = m.add(rest, correction);
    }
    let whole = m.add(sum, rest);
    // Where the last term has vanished already, the corrections are zero times infinity.
    let epsilon = m.epsilon() / 2.0;
    let (last, size) = (m.abs(term), m.abs(sum));
    let bound = m.scale(size, epsilon);
    let vanished = m.compare("LT", last, bound);
    let value = m.select(vanished, sum, whole);
    restrict(m, x, q, value)
}

/// What the sum is where it does not converge, or a term is no number.
fn restrict(m: &mut Math<'_, '_>, x: ValueId, q: ValueId, value: ValueId) -> ValueId {
    let (undefined, infinity) = (m.c(f64::NAN), m.c(f64::INFINITY));
    let not_positive = m.compare_to("LE", q, 0.0);
    let floor = m.floor(q);
    let whole = m.compare("EQ", q, floor);
    let floor = m.floor(x);
    let fractional = m.compare("NE", x, floor);
    let no_power = m.and(not_positive, fractional);
    let value = m.select(no_power, undefined, value);
    let pole = m.and(not_positive, whole);
    let value = m.select(pole, infinity, value);
    let at_one = m.compare_to("EQ", x, 1.0);
    let value = m.select(at_one, infinity, value);
    let below = m.compare_to("LT", x, 1.0);
    let both = m.add(x, q);
    let no_number = m.compare("NE", both, both);
    let outside = m.or(below, no_number);
    m.select(outside, undefined, value)
}

/// The `n`-th derivative of `digamma` at x: `(-1)^(n+1) n! zeta(n + 1, x)`; NaN unless n is a whole number.
pub(super) fn polygamma(m: &mut Math<'_, '_>, n: ValueId, x: ValueId) -> ValueId {
    let next = m.shift(n, 1.0);
    let log_factorial = lgamma(m, next);
    let factorial = m.exp(log_factorial);
    let zeta = zeta(m, next, x);
    let magnitude = m.mul(factorial, zeta);
    let half = m.scale(n, 0.5);
    let floor = m.floor(half);
    let even = m.compare("EQ", half, floor);
    let minus = m.neg(magnitude);
    let derived = m.select(even, minus, magnitude);
    let plain = digamma(m, x);
    let is_zero = m.compare_to("EQ", n, 0.0);
    let value = m.select(is_zero, plain, derived);
    let floor = m.floor(n);
    let fractional = m.compare("NE", n, floor);
    let negative = m.compare_to("LT", n, 0.0);
    let no_order = m.or(fractional, negative);
    let undefined = m.c(f64::NAN);
    m.select(no_order, undefined, value)
}
