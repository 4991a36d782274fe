//! Functions of complex numbers, by their parts.
//!
//! The inverse functions follow Hull, Fairgrieve and Tang, "Implementing the complex arcsine and
//! arccosine functions using exception handling" (1997), without exceptions: every case is computed,
//! and the right one selected.

use std::f64::consts::{FRAC_PI_2, LN_2};

use hire_compiler::ir::ValueId;

use super::hyperbolic::half_sum;
use super::math::Math;

/// The parts of a complex tensor.
#[derive(Clone, Copy)]
pub(super) struct Parts {
    pub(super) re: ValueId,
    pub(super) im: ValueId,
}

/// `i z`.
fn times_i(m: &mut Math<'_, '_>, z: Parts) -> Parts {
    Parts { re: m.neg(z.im), im: z.re }
}

/// `z / i`.
fn over_i(m: &mut Math<'_, '_>, z: Parts) -> Parts {
    Parts { re: z.im, im: m.neg(z.re) }
}

/// `z^2`: the real part is a product, so that it does not cancel; it is 0 where both parts are as large.
pub(super) fn square(m: &mut Math<'_, '_>, z: Parts) -> Parts {
    let (difference, sum) = (m.sub(z.re, z.im), m.add(z.re, z.im));
    let product = m.mul(difference, sum);
    let (x, y) = (m.abs(z.re), m.abs(z.im));
    let same = m.compare("EQ", x, y);
    let zero = m.c(0.0);
    let cross = m.mul(z.re, z.im);
    Parts { re: m.select(same, zero, product), im: m.scale(cross, 2.0) }
}

/// `cosh z = cosh x cos y + i sinh x sin y`.
pub(super) fn cosh(m: &mut Math<'_, '_>, z: Parts) -> Parts {
    let (sin, cos) = (m.sin(z.im), m.cos(z.im));
    let re = half_sum(m, z.re, 1.0, Some(cos));
    let im = odd_times(m, z.re, sin);
    // Zero times whatever the other factor is.
    let (sign_re, sign_im) = (m.sign(z.re), m.sign(z.im));
    let signs = m.mul(sign_re, sign_im);
    let vanishes = m.compare_to("EQ", signs, 0.0);
    let magnitude = m.abs(z.re);
    let re = infinite_where_turning(m, z, magnitude, re);
    Parts { re, im: m.select(vanishes, signs, im) }
}

/// `sinh z = sinh x cos y + i cosh x sin y`.
pub(super) fn sinh(m: &mut Math<'_, '_>, z: Parts) -> Parts {
    let (sin, cos) = (m.sin(z.im), m.cos(z.im));
    let re = odd_times(m, z.re, cos);
    let im = half_sum(m, z.re, 1.0, Some(sin));
    let imaginary = m.compare_to("EQ", z.re, 0.0);
    let re = m.select(imaginary, z.re, re);
    let real = m.compare_to("EQ", z.im, 0.0);
    let re = infinite_where_turning(m, z, z.re, re);
    Parts { re, im: m.select(real, z.im, im) }
}

/// `infinity`, the real part of z or its modulus, where that is infinite and the direction is not known.
fn infinite_where_turning(m: &mut Math<'_, '_>, z: Parts, infinity: ValueId, re: ValueId) -> ValueId {
    let magnitude = m.abs(z.re);
    let infinite = m.compare_to("EQ", magnitude, f64::INFINITY);
    let difference = m.sub(z.im, z.im);
    let turning = m.compare("NE", difference, difference);
    let both = m.and(infinite, turning);
    m.select(both, infinity, re)
}

/// `sinh(x) factor`.
fn odd_times(m: &mut Math<'_, '_>, x: ValueId, factor: ValueId) -> ValueId {
    let sign = m.sign(x);
    let signed = m.mul(sign, factor);
    let large = half_sum(m, x, -1.0, Some(signed));
    let e = m.expm1(x);
    let next = m.shift(e, 1.0);
    let quotient = m.div(e, next);
    let sum = m.add(e, quotient);
    let half = m.scale(sum, 0.5);
    let small = m.mul(half, factor);
    let magnitude = m.abs(x);
    let is_small = m.compare_to("LT", magnitude, 1.0);
    m.select(is_small, small, large)
}

/// What arc sine and arc cosine share: `re` with `asin x+iy = atan2(x, re)` and `acos x+iy = atan2(re,
/// x)` for their real parts, and `im`, the modulus of both imaginary parts.
pub(super) fn kernel(m: &mut Math<'_, '_>, z: Parts) -> Parts {
    let (x, y) = (m.abs(z.re), m.abs(z.im));
    let (left, right) = (m.shift(x, 1.0), m.shift(x, -1.0));
    let (r, s) = (m.hypot(left, y), m.hypot(right, y));
    let sum = m.add(r, s);
    let a = m.scale(sum, 0.5);
    let inside = m.compare_to("LE", x, 1.0);
    // s + |x - 1| = (s - |x - 1|)^-1 y^2, whichever side of 1 does not cancel.
    let distance = m.abs(right);
    let s_and_distance = m.add(s, distance);
    let (ratio_r, ratio_s) = (ratio(m, y, r, left), ratio(m, y, s, distance));
    let y_over_r = m.mul(y, ratio_r);
    let imaginary = {
        let ratios = m.add(ratio_r, ratio_s);
        let mean = m.scale(ratios, 0.5);
        let outer = m.add(y_over_r, s_and_distance);
        let outer_excess = m.scale(outer, 0.5);
        let inner_excess = m.mul(y, mean);
        let excess = m.select(inside, inner_excess, outer_excess);
        let next = m.shift(a, 1.0);
        // The square root of excess (a + 1), where the excess itself would be too small a number.
        let (root_y, product) = (m.sqrt(y), m.mul(mean, next));
        let root = m.sqrt(product);
        let inner_root = m.mul(root_y, root);
        let product = m.mul(outer_excess, next);
        let outer_root = m.sqrt(product);
        let root = m.select(inside, inner_root, outer_root);
        let whole = m.add(excess, root);
        m.log1p(whole)
    };
    let leg = {
        let next = m.add(a, x);
        let near = m.add(y_over_r, s_and_distance);
        let product = m.mul(next, near);
        let halved = m.scale(product, 0.5);
        let within = m.sqrt(halved);
        let far_r = m.add(r, left);
        let far = m.div(next, far_r);
        let near = m.div(next, s_and_distance);
        let both = m.add(far, near);
        let halved = m.scale(both, 0.5);
        let root = m.sqrt(halved);
        let outside = m.mul(y, root);
        m.select(inside, within, outside)
    };
    let large = m.max(x, y);
    let is_huge = m.compare_to("GT", large, (m.largest() * m.epsilon()).sqrt());
    let log = log_modulus(m, x, y);
    let far = m.shift(log, LN_2);
    Parts { re: m.select(is_huge, y, leg), im: m.select(is_huge, far, imaginary) }
}

/// `y / (h + d)`, 0 where y is.
fn ratio(m: &mut Math<'_, '_>, y: ValueId, h: ValueId, d: ValueId) -> ValueId {
    let sum = m.add(h, d);
    let quotient = m.div(y, sum);
    let is_zero = m.compare_to("EQ", y, 0.0);
    m.select(is_zero, y, quotient)
}

/// The logarithm of `sqrt(x^2 + y^2)` for parts that are not negative.
fn log_modulus(m: &mut Math<'_, '_>, x: ValueId, y: ValueId) -> ValueId {
    let (large, small) = (m.max(x, y), m.min(x, y));
    let ratio = m.div(small, large);
    let square = m.mul(ratio, ratio);
    let log1p = m.log1p(square);
    let half = m.scale(log1p, 0.5);
    let log = m.log(large);
    let sum = m.add(log, half);
    let infinite = m.compare_to("EQ", large, f64::INFINITY);
    m.select(infinite, large, sum)
}

/// `asin z`.
pub(super) fn asin(m: &mut Math<'_, '_>, z: Parts) -> Parts {
    let parts = kernel(m, z);
    Parts { re: m.atan2(z.re, parts.re), im: m.with_sign_of(parts.im, z.im) }
}

/// `acos z`.
pub(super) fn acos(m: &mut Math<'_, '_>, z: Parts) -> Parts {
    let parts = kernel(m, z);
    let im = m.with_sign_of(parts.im, z.im);
    Parts { re: m.atan2(parts.re, z.re), im: m.neg(im) }
}

/// `asinh z = asin(i z) / i`.
pub(super) fn asinh(m: &mut Math<'_, '_>, z: Parts) -> Parts {
    let turned = times_i(m, z);
    let value = asin(m, turned);
    over_i(m, value)
}

/// `acosh z`: `acos z` turned by a quarter, so that the real part is not negative.
pub(super) fn acosh(m: &mut Math<'_, '_>, z: Parts) -> Parts {
    let parts = kernel(m, z);
    let angle = m.atan2(parts.re, z.re);
    Parts { re: parts.im, im: m.with_sign_of(angle, z.im) }
}

/// `atanh z`: a quarter of `log1p(4 x / ((1 - x)^2 + y^2))`, and half of the angle of `1 - z^2`'s like.
/// At `x = 1` and small y, whose square may vanish, half of `log(hypot(2, y) / y)`.
pub(super) fn atanh(m: &mut Math<'_, '_>, z: Parts) -> Parts {
    let (x, y) = (m.abs(z.re), m.abs(z.im));
    let one = m.c(1.0);
    let (below, above) = (m.sub(one, x), m.add(one, x));
    let (below_square, y_square) = (m.mul(below, below), m.mul(y, y));
    let distance = m.add(below_square, y_square);
    let four = m.scale(x, 4.0);
    let quotient = m.div(four, distance);
    let log = m.log1p(quotient);
    let plain = m.scale(log, 0.25);
    let at_one = {
        let two = m.c(2.0);
        let modulus = m.hypot(two, y);
        let (log, log_y) = (m.log(modulus), m.log(y));
        let difference = m.sub(log, log_y);
        m.scale(difference, 0.5)
    };
    let (is_one, small) = (m.compare("EQ", x, one), m.compare_to("LT", y, 1.0));
    let close = m.and(is_one, small);
    let near = m.select(close, at_one, plain);
    let product = m.mul(below, above);
    let cosine = m.sub(product, y_square);
    let twice = m.scale(z.im, 2.0);
    let angle = m.atan2(twice, cosine);
    let angle = m.scale(angle, 0.5);
    // Far away 1 / z is all that matters of the real part: x / |z|^2.
    let large = m.max(x, y);
    let is_huge = m.compare_to("GT", large, (m.largest() * m.epsilon()).sqrt());
    let modulus = m.hypot(x, y);
    let ratio = m.div(x, modulus);
    let small = m.div(ratio, modulus);
    let infinite = m.compare_to("EQ", modulus, f64::INFINITY);
    let zero = m.c(0.0);
    let small = m.select(infinite, zero, small);
    let real = m.select(is_huge, small, near);
    let right = m.c(FRAC_PI_2);
    let right = m.with_sign_of(right, z.im);
    Parts { re: m.with_sign_of(real, z.re), im: m.select(is_huge, right, angle) }
}

/// `atan z = atanh(i z) / i`.
pub(super) fn atan(m: &mut Math<'_, '_>, z: Parts) -> Parts {
    let turned = times_i(m, z);
    let value = atanh(m, turned);
    over_i(m, value)
}
