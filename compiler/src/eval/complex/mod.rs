//! Complex functions in `f64`, with the special values of C99 Annex G.
//!
//! Most have each part within three units in the last place. Quotients, and what is made of them,
//! are that exact only as vectors, like products: one part may lose digits where its two products
//! cancel. Both are computed as C99 and the StableHLO reference do, digit for digit.
//!
//! Source: W. Kahan, "Branch cuts for complex elementary functions" (1987), for `sqrt`,
//! `tanh` and the branch cuts.

mod inverse;
mod precise;

use std::f64::consts::LN_2;

use super::number::Complex;

/// Beyond this, `x * x` may overflow or `1 + x` equals `x`.
const HUGE: f64 = 1e150;

impl Complex {
    pub(super) const ONE: Complex = Complex::new(1.0, 0.0);

    fn is_nan(self) -> bool {
        self.re.is_nan() || self.im.is_nan()
    }

    /// `i * z`.
    fn times_i(self) -> Self {
        Self::new(-self.im, self.re)
    }

    /// `-i * z`.
    fn over_i(self) -> Self {
        Self::new(self.im, -self.re)
    }

    /// Both parts negated.
    pub(super) fn negate(self) -> Self {
        Self::new(-self.re, -self.im)
    }

    /// The modulus.
    pub(super) fn abs(self) -> f64 {
        self.re.hypot(self.im)
    }

    /// The product, each of the six operations rounded by `round`.
    pub(super) fn multiply(self, other: Self, round: impl Fn(f64) -> f64) -> Self {
        let product = |a: f64, b: f64| round(a * b);
        Self::new(
            round(product(self.re, other.re) - product(self.im, other.im)),
            round(product(self.re, other.im) + product(self.im, other.re)),
        )
    }

    /// The quotient by Smith's algorithm, with both numbers scaled by powers of two so that nothing
    /// overflows on the way, and with the recovery of infinities of C99 Annex G.
    pub(super) fn divide(self, other: Self) -> Self {
        let (mut a, mut b, mut c, mut d) = (self.re, self.im, other.re, other.im);
        let (above, below) = (a.abs().max(b.abs()), c.abs().max(d.abs()));
        let exponent_of = |v: f64| if v.is_finite() && v > 0.0 { exponent(v) } else { 0 };
        let (up, down) = (exponent_of(above), exponent_of(below));
        let quotient = smith(self.scale(-up), other.scale(-down)).scale(up - down);
        if !quotient.re.is_nan() || !quotient.im.is_nan() {
            return quotient;
        }
        let boxed = |v: f64| if v.is_infinite() { 1.0f64.copysign(v) } else { 0.0f64.copysign(v) };
        if below == 0.0 && (!a.is_nan() || !b.is_nan()) {
            let infinity = f64::INFINITY.copysign(c);
            return Self::new(infinity * a, infinity * b);
        }
        if (a.is_infinite() || b.is_infinite()) && c.is_finite() && d.is_finite() {
            (a, b) = (boxed(a), boxed(b));
            return Self::new(f64::INFINITY * (a * c + b * d), f64::INFINITY * (b * c - a * d));
        }
        if below.is_infinite() && a.is_finite() && b.is_finite() {
            (c, d) = (boxed(c), boxed(d));
            return Self::new(0.0 * (a * c + b * d), 0.0 * (b * c - a * d));
        }
        quotient
    }

    /// Both parts times `2^exponent`.
    fn scale(self, exponent: i32) -> Self {
        Self::new(scale_by(self.re, exponent), scale_by(self.im, exponent))
    }

    /// `e^z`.
    pub(super) fn exp(self) -> Self {
        let Self { re, im } = self;
        if im == 0.0 {
            return Self::new(re.exp(), im);
        }
        if !im.is_finite() {
            return match re {
                f64::INFINITY => Self::new(re, f64::NAN),
                f64::NEG_INFINITY => Self::new(0.0, 0.0f64.copysign(im)),
                _ => Self::new(f64::NAN, f64::NAN),
            };
        }
        let (sin, cos) = im.sin_cos();
        if re.abs() > 700.0 {
            let half = (re / 2.0).exp();
            return Self::new(half * cos * half, half * sin * half);
        }
        let modulus = re.exp();
        Self::new(modulus * cos, modulus * sin)
    }

    /// `e^z - 1`.
    pub(super) fn exp_m1(self) -> Self {
        let Self { re, im } = self;
        if im == 0.0 {
            return Self::new(re.exp_m1(), im);
        }
        if !im.is_finite() || !re.is_finite() || re > 700.0 {
            let exp = self.exp();
            return Self::new(exp.re - 1.0, exp.im);
        }
        let half = (im / 2.0).sin();
        let rough = sum_of_products(re.exp_m1(), im.cos(), -2.0 * half, half);
        let cancels = rough.abs() < 0.1 * re.exp_m1().abs();
        let exact = if cancels { precise::exp_m1_re(self) } else { None };
        Self::new(exact.unwrap_or(rough), re.exp() * im.sin())
    }

    /// The principal logarithm.
    pub(super) fn ln(self) -> Self {
        Self::new(ln_modulus(self.re, self.im), self.im.atan2(self.re))
    }

    /// `ln(1 + z)`.
    pub(super) fn ln_1p(self) -> Self {
        let Self { re, im } = self;
        let modulus = if re.abs().max(im.abs()) > 0.5 || self.is_nan() {
            ln_modulus_shifted(re, im)
        } else {
            let (square, square_error) = two_product(re, re);
            let (other, other_error) = two_product(im, im);
            0.5 * sum_of([2.0 * re, square, other, square_error, other_error]).ln_1p()
        };
        Self::new(modulus, im.atan2(1.0 + re))
    }

    /// The principal square root.
    pub(super) fn sqrt(self) -> Self {
        let Self { re, im } = self;
        if re == 0.0 && im == 0.0 {
            return Self::new(0.0, im);
        }
        if im.is_infinite() {
            return Self::new(f64::INFINITY, im);
        }
        if re.is_infinite() {
            let rest = if im.is_nan() { f64::NAN } else { 0.0 };
            return if re > 0.0 {
                Self::new(re, rest.copysign(im))
            } else {
                Self::new(rest, f64::INFINITY.copysign(im))
            };
        }
        if self.is_nan() {
            return Self::new(f64::NAN, f64::NAN);
        }
        let scale = exponent(re.abs().max(im.abs())) & !1;
        let (x, y) = (scale_by(re, -scale), scale_by(im, -scale));
        let large = ((x.abs() + x.hypot(y)) / 2.0).sqrt();
        let small = y.abs() / (2.0 * large);
        let (large, small) = (scale_by(large, scale / 2), scale_by(small, scale / 2));
        if re >= 0.0 { Self::new(large, small.copysign(im)) } else { Self::new(small, large.copysign(im)) }
    }

    /// `1 / sqrt(z)`.
    pub(super) fn rsqrt(self) -> Self {
        Self::ONE.divide(self.sqrt())
    }

    /// The principal cube root, in polar form.
    pub(super) fn cbrt(self) -> Self {
        let angle = self.im.atan2(self.re) / 3.0;
        let modulus = self.abs().cbrt();
        Self::new(modulus * angle.cos(), modulus * angle.sin())
    }

    /// `e^(other ln z)`; a zero base gives zero for exponents of positive real part.
    pub(super) fn pow(self, other: Self) -> Self {
        if self.re == 0.0 && self.im == 0.0 {
            return match other {
                Self { re: 0.0, im: 0.0 } => Self::ONE,
                Self { re, .. } if re > 0.0 => Self::new(0.0, 0.0),
                Self { re, im: 0.0 } if re < 0.0 => Self::new(f64::INFINITY, 0.0),
                _ => Self::new(f64::NAN, f64::NAN),
            };
        }
        precise::power(self, other)
    }

    /// The hyperbolic sine.
    pub(super) fn sinh(self) -> Self {
        let Self { re, im } = self;
        if im == 0.0 {
            return Self::new(re.sinh(), im);
        }
        if !im.is_finite() {
            return match re {
                0.0 => Self::new(re, f64::NAN),
                re if re.is_infinite() => Self::new(re, f64::NAN),
                _ => Self::new(f64::NAN, f64::NAN),
            };
        }
        let (sin, cos) = im.sin_cos();
        if re.abs() > 700.0 {
            let half = (re.abs() / 2.0).exp();
            return Self::new((half * cos * 0.5 * half) * 1.0f64.copysign(re), half * sin * 0.5 * half);
        }
        Self::new(re.sinh() * cos, re.cosh() * sin)
    }

    /// The hyperbolic cosine.
    pub(super) fn cosh(self) -> Self {
        let Self { re, im } = self;
        if im == 0.0 {
            return Self::new(re.cosh(), im * 1.0f64.copysign(re));
        }
        if !im.is_finite() {
            return match re {
                0.0 => Self::new(f64::NAN, 0.0),
                re if re.is_infinite() => Self::new(f64::INFINITY, f64::NAN),
                _ => Self::new(f64::NAN, f64::NAN),
            };
        }
        let (sin, cos) = im.sin_cos();
        if re.abs() > 700.0 {
            let half = (re.abs() / 2.0).exp();
            return Self::new(half * cos * 0.5 * half, (half * sin * 0.5 * half) * 1.0f64.copysign(re));
        }
        Self::new(re.cosh() * cos, re.sinh() * sin)
    }

    /// The hyperbolic tangent.
    pub(super) fn tanh(self) -> Self {
        let Self { re, im } = self;
        if re.is_infinite() {
            let zero = if im.is_finite() { (2.0 * im).sin() } else { im };
            return Self::new(1.0f64.copysign(re), 0.0f64.copysign(zero));
        }
        if !im.is_finite() {
            return Self::new(if re == 0.0 { re } else { f64::NAN }, f64::NAN);
        }
        if im == 0.0 {
            return Self::new(re.tanh(), im);
        }
        let (sin, cos) = im.sin_cos();
        if re.abs() > 22.0 {
            let decay = (-re.abs()).exp();
            return Self::new(1.0f64.copysign(re), 4.0 * sin * cos * decay * decay);
        }
        let (sinh, cosh) = (re.sinh(), re.cosh());
        let denominator = sinh * sinh + cos * cos;
        Self::new(sinh * cosh / denominator, sin * cos / denominator)
    }

    pub(super) fn sin(self) -> Self {
        self.times_i().sinh().over_i()
    }

    pub(super) fn cos(self) -> Self {
        self.times_i().cosh()
    }

    pub(super) fn tan(self) -> Self {
        self.times_i().tanh().over_i()
    }

    /// `1 / (1 + e^-z)`.
    pub(super) fn logistic(self) -> Self {
        let exp = self.negate().exp();
        Self::ONE.divide(Self::new(1.0 + exp.re, exp.im))
    }

    /// The square; its real part does not cancel.
    pub(super) fn square(self) -> Self {
        let Self { re, im } = self;
        let real = if re.abs() == im.abs() { 0.0 } else { (re - im) * (re + im) };
        Self::new(real, 2.0 * (re * im))
    }

    /// The angle of `self` over `other` by `-i ln((x + i y) / sqrt(x^2 + y^2))`.
    pub(super) fn atan2(self, other: Self) -> Self {
        let exact = |v| v;
        let numerator = Self::new(other.re - self.im, other.im + self.re);
        let (xx, yy) = (other.multiply(other, exact), self.multiply(self, exact));
        let modulus = Self::new(xx.re + yy.re, xx.im + yy.im).sqrt();
        numerator.divide(modulus).ln().over_i()
    }
}

/// The quotient of numbers of moderate size (R. Smith, "Algorithm 116: complex division", 1962).
fn smith(numerator: Complex, divisor: Complex) -> Complex {
    let (Complex { re: a, im: b }, Complex { re: c, im: d }) = (numerator, divisor);
    if c.abs() < d.abs() {
        let ratio = c / d;
        let denominator = c * ratio + d;
        return Complex::new((a * ratio + b) / denominator, (b * ratio - a) / denominator);
    }
    let ratio = d / c;
    let denominator = d * ratio + c;
    Complex::new((b * ratio + a) / denominator, (b - a * ratio) / denominator)
}

/// `ln |x + iy|`, exact to the last places where the modulus is close to one.
fn ln_modulus(x: f64, y: f64) -> f64 {
    let (large, small) = (x.abs().max(y.abs()), x.abs().min(y.abs()));
    if x.is_infinite() || y.is_infinite() {
        return f64::INFINITY;
    }
    if x.is_nan() || y.is_nan() {
        return f64::NAN;
    }
    if !(1e-100..HUGE).contains(&large) && large > 0.0 {
        let scale = exponent(large);
        return ln_modulus(scale_by(x, -scale), scale_by(y, -scale)) + f64::from(scale) * LN_2;
    }
    if !(0.5..=2.0).contains(&large) || small > 2.0 {
        return x.hypot(y).ln();
    }
    let (square, square_error) = two_product(large - 1.0, large + 1.0);
    let (_, shift_error) = two_sum(large, 1.0);
    let (other, other_error) = two_product(small, small);
    let rest = square_error + other_error + (large - 1.0) * shift_error;
    let excess = sum_of([square, other, rest]);
    if excess < -0.5 { x.hypot(y).ln() } else { 0.5 * excess.ln_1p() }
}

/// `ln |1 + x + iy|` for arguments that are not small.
fn ln_modulus_shifted(x: f64, y: f64) -> f64 {
    let (shifted, lost) = two_sum(1.0, x);
    let modulus = ln_modulus(shifted, y);
    let square = shifted * shifted + y * y;
    if lost == 0.0 || !square.is_finite() { modulus } else { modulus + shifted * lost / square }
}

/// `a b + c d` with one rounding error that matters (Kahan).
fn sum_of_products(a: f64, b: f64, c: f64, d: f64) -> f64 {
    let product = c * d;
    if !product.is_finite() {
        return a * b + product;
    }
    let error = c.mul_add(d, -product);
    a.mul_add(b, product) + error
}

/// The product and its rounding error.
fn two_product(a: f64, b: f64) -> (f64, f64) {
    let product = a * b;
    (product, a.mul_add(b, -product))
}

/// The sum and its rounding error.
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let back = sum - a;
    (sum, (a - (sum - back)) + (b - back))
}

/// The sum of a few numbers with the rounding errors carried along.
fn sum_of<const N: usize>(terms: [f64; N]) -> f64 {
    let (sum, errors) = terms.into_iter().fold((0.0, 0.0), |(sum, errors), term| {
        let (sum, error) = two_sum(sum, term);
        (sum, errors + error)
    });
    sum + errors
}

/// The exponent of a positive finite number, as `2^e <= value < 2^(e+1)` for normal ones.
fn exponent(value: f64) -> i32 {
    if value < f64::MIN_POSITIVE {
        return exponent(value * f64::from_bits(0x4350_0000_0000_0000)) - 54;
    }
    ((value.to_bits() >> 52) & 0x7ff) as i32 - 1023
}

/// `value * 2^exponent`.
fn scale_by(value: f64, exponent: i32) -> f64 {
    libm::ldexp(value, exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: Complex, b: Complex) -> bool {
        let near =
            |a: f64, b: f64| a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-14 * b.abs().max(1e-300);
        near(a.re, b.re) && near(a.im, b.im)
    }

    #[test]
    fn inverse_functions_invert() {
        let points = [(0.3, 0.7), (-1.2, 0.4), (2.5, -3.0), (-0.1, -0.9), (1e-3, 0.5)];
        for z in points.map(|(re, im)| Complex::new(re, im)) {
            for back in [
                z.asin().sin(),
                z.acos().cos(),
                z.atan().tan(),
                z.asinh().sinh(),
                z.acosh().cosh(),
                z.atanh().tanh(),
                z.ln().exp(),
                z.ln_1p().exp_m1(),
                z.sqrt().multiply(z.sqrt(), |v| v),
            ] {
                let error = Complex::new(back.re - z.re, back.im - z.im).abs() / z.abs();
                assert!(error < 1e-14, "{z:?} {back:?} {error:e}");
            }
        }
    }

    #[test]
    fn powers_of_integers_are_exact() {
        let z = Complex::new(1.25, -0.75);
        let cube = z.multiply(z, |v| v).multiply(z, |v| v);
        assert!(close(z.pow(Complex::new(3.0, 0.0)), cube), "{:?} {cube:?}", z.pow(Complex::new(3.0, 0.0)));
    }

    #[test]
    fn special_values_follow_annex_g() {
        let inf = f64::INFINITY;
        assert_eq!(Complex::new(-inf, 3.0).sqrt(), Complex::new(0.0, inf));
        assert_eq!(Complex::new(inf, 0.0).exp(), Complex::new(inf, 0.0));
        assert_eq!(Complex::ONE.divide(Complex::new(inf, 2.0)), Complex::new(0.0, -0.0));
        assert_eq!(Complex::new(-inf, 1.0).tanh(), Complex::new(-1.0, 0.0));
        assert_eq!(Complex::new(inf, 1.0).ln().re, inf);
    }
}
