//! Element-wise operations on complex numbers, in `f64`.

pub(super) use num_complex::Complex64;

use super::format::Format;

/// A function of one complex number.
pub(super) type Unary = fn(Complex64) -> Complex64;
/// A function of two complex numbers whose parts have a format.
pub(super) type Binary = fn(Complex64, Complex64, Format) -> Complex64;

const ONE: Complex64 = Complex64::new(1.0, 0.0);

/// The function of an operation of one operand.
pub(super) fn unary(name: &str) -> Option<Unary> {
    Some(match name {
        "cbrt" => |z| Complex64::from_polar(z.norm().cbrt(), z.arg() / 3.0),
        "cosine" => |z| z.cos(),
        "exponential" => exp,
        "exponential_minus_one" => exp_m1,
        "log" => ln,
        "log_plus_one" => ln_1p,
        "logistic" => |z| divide(ONE, ONE + exp(-z)),
        "negate" => |z| -z,
        "rsqrt" => |z| divide(ONE, z.sqrt()),
        "sign" => sign,
        "sine" => |z| z.sin(),
        "sqrt" => |z| z.sqrt(),
        "tan" => tan,
        "tanh" => tanh,
        _ => return None,
    })
}

/// The function of an operation of two operands. Each step of a product is rounded to the format.
pub(super) fn binary(name: &str) -> Option<Binary> {
    Some(match name {
        "add" => |a, b, _| a + b,
        "atan2" => |a, b, _| {
            let i = Complex64::new(0.0, 1.0);
            -i * divide(b + i * a, (a * a + b * b).sqrt()).ln()
        },
        "divide" => |a, b, _| divide(a, b),
        "maximum" => |a, b, _| greater(a, b),
        "minimum" => |a, b, _| lesser(a, b),
        "multiply" => multiply,
        "power" => |a, b, _| power(a, b),
        "subtract" => |a, b, _| a - b,
        _ => return None,
    })
}

fn multiply(a: Complex64, b: Complex64, format: Format) -> Complex64 {
    let product = |x: f64, y: f64| format.round(x * y);
    Complex64::new(product(a.re, b.re) - product(a.im, b.im), product(a.re, b.im) + product(a.im, b.re))
}

/// By Smith's algorithm ("Algorithm 116: complex division", 1962), with infinities and zeros as in C99's
/// Annex G.
pub(super) fn divide(a: Complex64, b: Complex64) -> Complex64 {
    let quotient = if b.re.abs() < b.im.abs() {
        let ratio = b.re / b.im;
        let denominator = b.re * ratio + b.im;
        Complex64::new((a.re * ratio + a.im) / denominator, (a.im * ratio - a.re) / denominator)
    } else {
        let ratio = b.im / b.re;
        let denominator = b.im * ratio + b.re;
        Complex64::new((a.im * ratio + a.re) / denominator, (a.im - a.re * ratio) / denominator)
    };
    if !(quotient.re.is_nan() && quotient.im.is_nan()) {
        return quotient;
    }
    let boxed = |v: f64| if v.is_infinite() { 1.0f64.copysign(v) } else { 0.0f64.copysign(v) };
    let boxes = |z: Complex64| Complex64::new(boxed(z.re), boxed(z.im));
    let turned = |a: Complex64, b: Complex64| Complex64::new(a.re * b.re + a.im * b.im, a.im * b.re - a.re * b.im);
    if b.re == 0.0 && b.im == 0.0 && (!a.re.is_nan() || !a.im.is_nan()) {
        return a.scale(f64::INFINITY.copysign(b.re));
    }
    if (a.re.is_infinite() || a.im.is_infinite()) && b.is_finite() {
        return turned(boxes(a), b).scale(f64::INFINITY);
    }
    if (b.re.is_infinite() || b.im.is_infinite()) && a.is_finite() {
        return turned(a, boxes(b)).scale(0.0);
    }
    quotient
}

fn exp(z: Complex64) -> Complex64 {
    if z.im == 0.0 { Complex64::new(z.re.exp(), z.im) } else { z.exp() }
}

/// `e^z - 1`, without the cancellation near zero.
fn exp_m1(z: Complex64) -> Complex64 {
    if z.im == 0.0 {
        return Complex64::new(z.re.exp_m1(), z.im);
    }
    if !z.is_finite() {
        return z.exp() - ONE;
    }
    let half = (z.im / 2.0).sin();
    let re = z.re.exp_m1().mul_add(z.im.cos(), -2.0 * half * half);
    Complex64::new(re, z.re.exp() * z.im.sin())
}

/// The error of a rounded product.
fn product_error(a: f64, b: f64) -> f64 {
    a.mul_add(b, -(a * b))
}

/// `ln z`. Near the unit circle `|z|^2 - 1 = (x - 1)(x + 1) + y^2` cancels; there it is summed with the errors of its
/// products.
fn ln(z: Complex64) -> Complex64 {
    let (large, small) = (z.re.abs().max(z.im.abs()), z.re.abs().min(z.im.abs()));
    if !(0.5..=2.0).contains(&large) || z.is_nan() {
        return z.ln();
    }
    // Both are exact: the first by Sterbenz's lemma, the second but for its last bit, whose error is added.
    let (below, above) = (large - 1.0, large + 1.0);
    let above_error = large - (above - 1.0);
    let (square, other) = (below * above, small * small);
    let errors = product_error(below, above) + product_error(small, small) + below * above_error;
    let sum = square + other;
    let sum_error = if square.abs() > other { (square - sum) + other } else { (other - sum) + square };
    let excess = sum + (sum_error + errors);
    if excess < -0.5 {
        return z.ln();
    }
    Complex64::new(0.5 * excess.ln_1p(), z.im.atan2(z.re))
}

/// `ln(1 + z)`, without the cancellation near zero.
fn ln_1p(z: Complex64) -> Complex64 {
    if z.re.abs().max(z.im.abs()) > 0.5 {
        return (ONE + z).ln();
    }
    let square = z.re.mul_add(z.re, z.im * z.im);
    Complex64::new(0.5 * (2.0 * z.re + square).ln_1p(), z.im.atan2(1.0 + z.re))
}

/// By Kahan's formula ("Branch cuts for complex elementary functions", 1987).
fn tanh(z: Complex64) -> Complex64 {
    if z.re.abs() > 22.0 && z.im.is_finite() {
        let decay = (-z.re.abs()).exp();
        return Complex64::new(1.0f64.copysign(z.re), 4.0 * z.im.sin() * z.im.cos() * decay * decay);
    }
    let (sinh, cosh, (sin, cos)) = (z.re.sinh(), z.re.cosh(), z.im.sin_cos());
    let denominator = sinh * sinh + cos * cos;
    Complex64::new(sinh * cosh / denominator, sin * cos / denominator)
}

fn tan(z: Complex64) -> Complex64 {
    let turned = tanh(Complex64::new(-z.im, z.re));
    Complex64::new(turned.im, -turned.re)
}

/// The number over its modulus; zero stays, and a NaN part makes both NaN.
fn sign(z: Complex64) -> Complex64 {
    if z.re.is_nan() || z.im.is_nan() {
        return Complex64::new(f64::NAN, f64::NAN);
    }
    if z.re == 0.0 && z.im == 0.0 { Complex64::new(0.0, 0.0) } else { z.unscale(z.re.hypot(z.im)) }
}

/// `e^(b ln a)`; a zero base gives zero for exponents of positive real part.
fn power(a: Complex64, b: Complex64) -> Complex64 {
    if a.re != 0.0 || a.im != 0.0 {
        return exp(b * a.ln());
    }
    match b {
        Complex64 { re: 0.0, im: 0.0 } => ONE,
        Complex64 { re, .. } if re > 0.0 => Complex64::new(0.0, 0.0),
        Complex64 { re, im: 0.0 } if re < 0.0 => Complex64::new(f64::INFINITY, 0.0),
        _ => Complex64::new(f64::NAN, f64::NAN),
    }
}

/// The greater in lexicographic order of real and imaginary part.
pub(super) fn greater(a: Complex64, b: Complex64) -> Complex64 {
    if if a.re == b.re { a.im > b.im } else { a.re > b.re } { a } else { b }
}

/// The lesser in lexicographic order of real and imaginary part.
pub(super) fn lesser(a: Complex64, b: Complex64) -> Complex64 {
    if if a.re == b.re { a.im < b.im } else { a.re < b.re } { a } else { b }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_near_zero_keep_their_digits() {
        let z = Complex64::new(1e-9, -2e-9);
        assert!((ln_1p(exp_m1(z)) - z).norm() < 1e-24);
        assert!((divide(multiply(z, z, Format::F64), z) - z).norm() < 1e-24);
        assert!((tan(z) - z).norm() < 1e-24);
    }

    #[test]
    fn logarithms_near_the_unit_circle_keep_their_digits() {
        // Computed with 60 decimal digits.
        for (x, y, exact) in [
            (0.6, 0.8, 2.220_446_049_250_313e-17),
            (0.75, 0.66, -9.509_036_447_981_386e-4),
            (0.707, 0.7073, 6.114_126_159_375_283e-5),
            (1.0, 1e-9, 5e-19),
        ] {
            let found = ln(Complex64::new(-x, y));
            assert!((found.re / exact - 1.0).abs() < 4e-16, "{x} {y}: {} {exact}", found.re);
            assert_eq!(found.im, y.atan2(-x));
        }
    }

    #[test]
    fn quotients_with_zero_and_infinity_follow_annex_g() {
        let one = divide(ONE, Complex64::new(0.0, 0.0));
        assert_eq!(one.re, f64::INFINITY);
        assert_eq!(divide(ONE, Complex64::new(f64::INFINITY, 2.0)), Complex64::new(0.0, 0.0));
    }
}
