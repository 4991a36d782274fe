//! Inverse trigonometric and hyperbolic functions.
//!
//! Source: Hull, Fairgrieve and Tang, "Implementing the complex arcsine and arccosine functions
//! using exception handling" (1997).

use std::f64::consts::{FRAC_PI_2, LN_2, PI};

use super::{HUGE, ln_modulus, sum_of_products};
use crate::eval::number::Complex;

impl Complex {
    pub(in crate::eval) fn asin(self) -> Self {
        let parts = ArcParts::of(self);
        Self::new(parts.asin_re().copysign(self.re), parts.im.copysign(self.im))
    }

    pub(in crate::eval) fn acos(self) -> Self {
        let parts = ArcParts::of(self);
        let re = parts.acos_re();
        Self::new(if self.re.is_sign_negative() { PI - re } else { re }, -parts.im.copysign(self.im))
    }

    /// What arc sine and arc cosine share, `chlo._asin_acos_kernel`: a real part `u` with `re asin z = atan2(re z, u)`
    /// and `re acos z = atan2(u, re z)`, and the modulus of both imaginary parts.
    pub(in crate::eval) fn asin_acos_kernel(self) -> Self {
        let parts = ArcParts::of(self);
        let leg = if parts.x.max(parts.y) > HUGE { parts.y } else { parts.leg() };
        Self::new(leg, parts.im)
    }

    pub(in crate::eval) fn asinh(self) -> Self {
        self.times_i().asin().over_i()
    }

    /// The branch with a non-negative real part.
    pub(in crate::eval) fn acosh(self) -> Self {
        let acos = self.acos();
        Self::new(acos.im.abs(), acos.re.copysign(self.im))
    }

    pub(in crate::eval) fn atanh(self) -> Self {
        let Self { re, im } = self;
        if re.abs().max(im.abs()) > HUGE {
            let modulus = self.abs();
            let small = if modulus.is_finite() { re / modulus / modulus } else { 0.0f64.copysign(re) };
            return Self::new(small, FRAC_PI_2.copysign(im));
        }
        let x = re.abs();
        let distance = (1.0 - x).mul_add(1.0 - x, im * im);
        let real = 0.25 * (4.0 * x / distance).ln_1p();
        let angle = 0.5 * (2.0 * im).atan2(sum_of_products(1.0 - x, 1.0 + x, -im, im));
        Self::new(real.copysign(re), angle)
    }

    pub(in crate::eval) fn atan(self) -> Self {
        self.times_i().atanh().over_i()
    }
}

/// The quantities that arc sine and arc cosine share, for the first quadrant.
struct ArcParts {
    x: f64,
    y: f64,
    /// Distances to `-1` and `1`, and half their sum.
    r: f64,
    s: f64,
    a: f64,
    /// The modulus of the imaginary part of both functions.
    im: f64,
}

impl ArcParts {
    fn of(z: Complex) -> Self {
        let (x, y) = (z.re.abs(), z.im.abs());
        let (r, s) = ((x + 1.0).hypot(y), (x - 1.0).hypot(y));
        let a = (r + s) / 2.0;
        let im = if x.max(y) > HUGE {
            LN_2 + ln_modulus(x, y)
        } else if a <= 1.5 {
            let excess = if x < 1.0 {
                0.5 * (y * (y / (r + (x + 1.0))) + y * (y / (s + (1.0 - x))))
            } else {
                0.5 * (y * (y / (r + (x + 1.0))) + (s + (x - 1.0)))
            };
            (excess + (excess * (a + 1.0)).sqrt()).ln_1p()
        } else {
            (a + sum_of_products(a, a, -1.0, 1.0).sqrt()).ln()
        };
        Self { x, y, r, s, a, im }
    }

    /// `sqrt(a^2 - x^2)`: the leg of the triangle of hypotenuse `a` whose angle is wanted. Exact also where `x / a` is
    /// close to one.
    fn leg(&self) -> f64 {
        let Self { x, y, r, s, a, .. } = *self;
        if x <= 1.0 {
            (0.5 * (a + x) * (y * (y / (r + x + 1.0)) + (s + (1.0 - x)))).sqrt()
        } else {
            y * (0.5 * ((a + x) / (r + x + 1.0) + (a + x) / (s + (x - 1.0)))).sqrt()
        }
    }

    fn asin_re(&self) -> f64 {
        if self.x.max(self.y) > HUGE {
            return self.x.atan2(self.y);
        }
        let b = self.x / self.a;
        if b <= 0.6417 { b.asin() } else { self.x.atan2(self.leg()) }
    }

    fn acos_re(&self) -> f64 {
        if self.x.max(self.y) > HUGE {
            return self.y.atan2(self.x);
        }
        let b = self.x / self.a;
        if b <= 0.6417 { b.acos() } else { self.leg().atan2(self.x) }
    }
}
