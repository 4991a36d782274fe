//! Hyperbolic functions and their inverses, of real numbers.
//!
//! Away from 0 `cosh x` and `sinh x` come from one exponential. Where that overflows though the
//! result does not, the exponential of half the argument is multiplied in twice.

use std::f64::consts::LN_2;

use hire_compiler::ir::ValueId;

use super::math::Math;

/// `e^|x| / 2 + s e^-|x| / 2`, with `s` 1 for the cosine and -1 for the sine; `factor` is
/// multiplied in before anything overflows.
pub(super) fn half_sum(m: &mut Math<'_, '_>, x: ValueId, s: f64, factor: Option<ValueId>) -> ValueId {
    let magnitude = m.abs(x);
    let e = m.exp(magnitude);
    let grown = m.scale(e, 0.5);
    let half = m.c(0.5 * s);
    let decayed = m.div(half, e);
    let mut plain = m.add(grown, decayed);
    let half_argument = m.scale(magnitude, 0.5);
    let root = m.exp(half_argument);
    let mut partial = m.scale(root, 0.5);
    if let Some(factor) = factor {
        plain = m.mul(plain, factor);
        partial = m.mul(partial, factor);
    }
    let large = m.mul(partial, root);
    let limit = m.largest().ln() - 1.0;
    let is_large = m.compare_to("GT", magnitude, limit);
    m.select(is_large, large, plain)
}

/// `cosh x`.
pub(super) fn cosh(m: &mut Math<'_, '_>, x: ValueId) -> ValueId {
    half_sum(m, x, 1.0, None)
}

/// `sinh x`; below 1 from `e^x - 1`, which does not cancel.
pub(super) fn sinh(m: &mut Math<'_, '_>, x: ValueId) -> ValueId {
    let magnitude = m.abs(x);
    let large = half_sum(m, x, -1.0, None);
    let sign = m.sign(x);
    let large = m.mul(large, sign);
    let e = m.expm1(x);
    let next = m.shift(e, 1.0);
    let quotient = m.div(e, next);
    let sum = m.add(e, quotient);
    let small = m.scale(sum, 0.5);
    let is_small = m.compare_to("LT", magnitude, 1.0);
    m.select(is_small, small, large)
}

/// `asinh x`: `log1p(|x| + x^2 / (1 + sqrt(1 + x^2)))` with the sign of x; where the square
/// overflows, `log |x| + log 2`.
pub(super) fn asinh(m: &mut Math<'_, '_>, x: ValueId) -> ValueId {
    let magnitude = m.abs(x);
    let square = m.mul(magnitude, magnitude);
    let next = m.shift(square, 1.0);
    let root = m.sqrt(next);
    let divisor = m.shift(root, 1.0);
    let quotient = m.div(square, divisor);
    let excess = m.add(magnitude, quotient);
    let plain = m.log1p(excess);
    let log = m.log(magnitude);
    let large = m.shift(log, LN_2);
    let limit = m.largest().sqrt() / 2.0;
    let is_large = m.compare_to("GT", magnitude, limit);
    let value = m.select(is_large, large, plain);
    let sign = m.sign(x);
    m.mul(value, sign)
}

/// `acosh x`: with `t = x - 1`, `log1p(t + sqrt(t) sqrt(t + 2))`; where the sum overflows, `log x + log 2`.
pub(super) fn acosh(m: &mut Math<'_, '_>, x: ValueId) -> ValueId {
    let t = m.shift(x, -1.0);
    let next = m.shift(x, 1.0);
    let (root, next_root) = (m.sqrt(t), m.sqrt(next));
    let product = m.mul(root, next_root);
    let excess = m.add(t, product);
    let plain = m.log1p(excess);
    let log = m.log(x);
    let large = m.shift(log, LN_2);
    let limit = m.largest() / 4.0;
    let is_large = m.compare_to("GT", x, limit);
    m.select(is_large, large, plain)
}

/// `atanh x`: half of `log1p(2|x| / (1 - |x|))`, with the sign of x.
pub(super) fn atanh(m: &mut Math<'_, '_>, x: ValueId) -> ValueId {
    let magnitude = m.abs(x);
    let twice = m.scale(magnitude, 2.0);
    let one = m.c(1.0);
    let distance = m.sub(one, magnitude);
    let quotient = m.div(twice, distance);
    let log = m.log1p(quotient);
    let half = m.scale(log, 0.5);
    let sign = m.sign(x);
    m.mul(half, sign)
}
