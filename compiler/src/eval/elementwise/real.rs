//! Functions of floats, computed in `f64`; the caller rounds the result to the element type.

use crate::eval::float::FloatType;
use crate::eval::special;
use crate::ir::Opcode;

/// A function of one float.
pub(super) type Float1 = fn(f64) -> f64;
/// A function of two floats of a type.
pub(super) type Float2 = fn(f64, f64, FloatType) -> f64;

/// The float function of an operation of one operand.
pub(super) fn unary(opcode: Opcode) -> Option<Float1> {
    Some(match opcode {
        Opcode::Abs => f64::abs,
        Opcode::Acos => f64::acos,
        Opcode::Acosh => libm::acosh,
        Opcode::Asin => f64::asin,
        Opcode::Asinh => f64::asinh,
        Opcode::Atan => f64::atan,
        Opcode::Atanh => libm::atanh,
        Opcode::BesselI1e => special::bessel_i1e,
        Opcode::Cbrt => f64::cbrt,
        Opcode::Ceil => f64::ceil,
        Opcode::Conj | Opcode::Real => |x| x,
        Opcode::Cosh => f64::cosh,
        Opcode::Cosine => f64::cos,
        Opcode::Digamma => special::digamma,
        Opcode::Erf => libm::erf,
        Opcode::ErfInv => special::erf_inv,
        Opcode::Erfc => libm::erfc,
        Opcode::Exponential => f64::exp,
        Opcode::ExponentialMinusOne => f64::exp_m1,
        Opcode::Floor => f64::floor,
        Opcode::Imag => |_| 0.0,
        Opcode::Lgamma => special::lgamma,
        Opcode::Log => f64::ln,
        Opcode::LogPlusOne => f64::ln_1p,
        Opcode::Logistic => |x| 1.0 / (1.0 + (-x).exp()),
        Opcode::Negate => |x| -x,
        Opcode::RoundNearestAfz => f64::round,
        Opcode::RoundNearestEven => f64::round_ties_even,
        Opcode::Rsqrt => |x| 1.0 / x.sqrt(),
        Opcode::Sign => sign,
        Opcode::Sine => f64::sin,
        Opcode::Sinh => f64::sinh,
        Opcode::Sqrt => f64::sqrt,
        Opcode::Square => |x| x * x,
        Opcode::Tan | Opcode::ChloTan => f64::tan,
        Opcode::Tanh => f64::tanh,
        _ => return None,
    })
}

/// The float function of an operation of two operands.
pub(super) fn binary(opcode: Opcode) -> Option<Float2> {
    Some(match opcode {
        Opcode::Add => |a, b, _| a + b,
        Opcode::Atan2 => |a, b, _| a.atan2(b),
        Opcode::Divide => |a, b, _| a / b,
        Opcode::Maximum => |a, b, _| maximum(a, b),
        Opcode::Minimum => |a, b, _| minimum(a, b),
        Opcode::Multiply => |a, b, _| a * b,
        Opcode::NextAfter => next_after,
        Opcode::Polygamma => |n, x, _| special::polygamma(n, x),
        Opcode::Power => |a, b, _| a.powf(b),
        Opcode::Remainder => |a, b, _| a % b,
        Opcode::Subtract => |a, b, _| a - b,
        Opcode::Zeta => |x, q, _| special::zeta(x, q),
        _ => return None,
    })
}

/// The sign of zeros and `NaN`s is kept.
fn sign(x: f64) -> f64 {
    if x == 0.0 || x.is_nan() { x } else { 1.0f64.copysign(x) }
}

/// IEEE 754-2019 `maximum`: `NaN` wins, then the positive of two zeros.
pub(in crate::eval) fn maximum(a: f64, b: f64) -> f64 {
    if a.is_nan() || a > b || (a == b && b.is_sign_negative()) { a } else { b }
}

/// IEEE 754-2019 `minimum`: `NaN` wins, then the negative of two zeros.
pub(in crate::eval) fn minimum(a: f64, b: f64) -> f64 {
    if a.is_nan() || a < b || (a == b && a.is_sign_negative()) { a } else { b }
}

/// The neighbour of `x` towards `y` in the type: from zero the smallest value of `y`'s sign.
fn next_after(x: f64, y: f64, ty: FloatType) -> f64 {
    if x.is_nan() || y.is_nan() {
        return f64::NAN;
    }
    if x == y {
        return y;
    }
    if x == 0.0 {
        return ty.decode(1).copysign(y);
    }
    let bits = ty.encode(x);
    let away = (y > x) == (x > 0.0);
    ty.decode(if away { bits + 1 } else { bits - 1 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extremes_order_zeros_and_keep_nan() {
        assert!(maximum(f64::NAN, 1.0).is_nan() && maximum(1.0, f64::NAN).is_nan());
        assert!(minimum(f64::NAN, 1.0).is_nan() && minimum(1.0, f64::NAN).is_nan());
        assert!(maximum(-0.0, 0.0).is_sign_positive() && maximum(0.0, -0.0).is_sign_positive());
        assert!(minimum(-0.0, 0.0).is_sign_negative() && minimum(0.0, -0.0).is_sign_negative());
        assert_eq!((maximum(2.0, 1.0), minimum(2.0, 1.0)), (2.0, 1.0));
    }

    #[test]
    fn neighbours_are_one_step_away_in_the_type() {
        let f32_next = |x: f32, y: f32| next_after(f64::from(x), f64::from(y), FloatType::F32) as f32;
        assert_eq!(f32_next(1.0, 2.0), 1.0f32.next_up());
        assert_eq!(f32_next(-1.0, 2.0), (-1.0f32).next_up());
        assert_eq!(f32_next(1.0, 0.0), 1.0f32.next_down());
        assert_eq!(f32_next(0.0, -1.0), -f32::from_bits(1));
        assert_eq!(f32_next(f32::MAX, f32::INFINITY), f32::INFINITY);
        assert_eq!(next_after(1.0, 2.0, FloatType::BF16), 1.0078125);
    }
}
