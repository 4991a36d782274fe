//! Functions of real numbers.
//!
//! In f32 `exp`, `log`, `tanh`, `logistic`, `sin` and `cos` are computed here, without calls; the
//! polynomials are those of Cephes (Moshier, *Methods and Programs for Mathematical Functions*, 1989),
//! within 2 units in the last place. `sin` and `cos` reduce their argument and compute in f64; beyond
//! 2^30 they lose accuracy. Everything else, and all of f64, calls the C library lane by lane.

use hire_compiler::ir::Opcode;

use super::code::{Num, Val};
use super::{Emitter, Fault};

const INT: Num = Num::Int { bits: 32, signed: true };

impl Emitter<'_> {
    /// A function of one float, f32 or f64.
    pub(super) fn function(&mut self, opcode: Opcode, x: Val) -> Result<Val, Fault> {
        use Opcode::*;
        Ok(match (opcode, x.ty) {
            (Exponential, Num::F32) => self.exp(x),
            (Log, Num::F32) => self.log(x),
            (Tanh, Num::F32) => self.tanh(x),
            (Logistic, Num::F32) => self.logistic(x),
            (Sine, Num::F32) => self.circular(x, false)?,
            (Cosine, Num::F32) => self.circular(x, true)?,
            (Logistic, _) => {
                let (minus, one) = (self.code.unary("arith.negf", x), self.code.float(x.ty, 1.0));
                let grown = self.code.libm("exp", &[minus]);
                let sum = self.code.binary("arith.addf", one, grown);
                self.code.binary("arith.divf", one, sum)
            }
            (Exponential, _) => self.code.libm("exp", &[x]),
            (Log, _) => self.code.libm("log", &[x]),
            (Tanh, _) => self.code.libm("tanh", &[x]),
            (Sine, _) => self.code.libm("sin", &[x]),
            (Cosine, _) => self.code.libm("cos", &[x]),
            (Tan, _) => self.code.libm("tan", &[x]),
            (Cbrt, _) => self.code.libm("cbrt", &[x]),
            (ExponentialMinusOne, _) => self.code.libm("expm1", &[x]),
            (LogPlusOne, _) => self.code.libm("log1p", &[x]),
            _ => return Err(Fault::unsupported(format!("`{}`", opcode.info().name))),
        })
    }

    /// Horner's scheme, the highest coefficient first.
    fn polynomial(&mut self, x: Val, coefficients: &[f64]) -> Val {
        let mut sum = self.code.float(x.ty, coefficients[0]);
        for &coefficient in &coefficients[1..] {
            let coefficient = self.code.float(x.ty, coefficient);
            sum = self.code.fma(sum, x, coefficient);
        }
        sum
    }

    fn bits(&mut self, x: Val) -> Val {
        self.code.cast("arith.bitcast", x, INT)
    }

    /// `2^n` for an integer of i32 within -126 and 127.
    fn power_of_two(&mut self, n: Val) -> Val {
        let (bias, shift) = (self.code.int(INT, 127), self.code.int(INT, 23));
        let biased = self.code.binary("arith.addi", n, bias);
        let bits = self.code.binary("arith.shli", biased, shift);
        self.code.cast("arith.bitcast", bits, Num::F32)
    }

    /// `e^x = 2^n e^r`, |r| <= ln 2 / 2. The power is applied in two steps, for results that are subnormal.
    fn exp(&mut self, x: Val) -> Val {
        let f = Num::F32;
        let (low, high) = (self.code.float(f, -104.0), self.code.float(f, 89.0));
        let bounded = self.code.binary("arith.maximumf", x, low);
        let bounded = self.code.binary("arith.minimumf", bounded, high);
        let log2e = self.code.float(f, std::f64::consts::LOG2_E);
        let scaled = self.code.binary("arith.mulf", bounded, log2e);
        let n = self.code.unary("math.roundeven", scaled);
        let (upper, lower) = (self.code.float(f, -0.693_359_375), self.code.float(f, 2.121_944_4e-4));
        let r = self.code.fma(n, upper, bounded);
        let r = self.code.fma(n, lower, r);
        let p = self.polynomial(
            r,
            &[1.987_569_15e-4, 1.398_199_95e-3, 8.333_451_9e-3, 4.166_579_6e-2, 1.666_666_55e-1, 5.000_000_1e-1],
        );
        let square = self.code.binary("arith.mulf", r, r);
        let sum = self.code.fma(p, square, r);
        let one = self.code.float(f, 1.0);
        let sum = self.code.binary("arith.addf", sum, one);
        let n = self.code.truncated(n, INT);
        let one = self.code.int(INT, 1);
        let half = self.code.binary("arith.shrsi", n, one);
        let rest = self.code.binary("arith.subi", n, half);
        let (first, second) = (self.power_of_two(half), self.power_of_two(rest));
        let scaled = self.code.binary("arith.mulf", sum, first);
        self.code.binary("arith.mulf", scaled, second)
    }

    fn logistic(&mut self, x: Val) -> Val {
        let minus = self.code.unary("arith.negf", x);
        let (grown, one) = (self.exp(minus), self.code.float(Num::F32, 1.0));
        let sum = self.code.binary("arith.addf", one, grown);
        self.code.binary("arith.divf", one, sum)
    }

    /// Near zero an odd polynomial, else `1 - 2 / (e^(2|x|) + 1)` with the sign of x.
    fn tanh(&mut self, x: Val) -> Val {
        let f = Num::F32;
        let size = self.code.unary("math.absf", x);
        let square = self.code.binary("arith.mulf", x, x);
        let p = self
            .polynomial(square, &[-5.704_988_73e-3, 2.063_908_9e-2, -5.373_971_6e-2, 1.333_144_2e-1, -3.333_328_2e-1]);
        let cubed = self.code.binary("arith.mulf", square, p);
        let near = self.code.fma(cubed, x, x);
        let twice = self.code.binary("arith.addf", size, size);
        let (grown, one, two) = (self.exp(twice), self.code.float(f, 1.0), self.code.float(f, 2.0));
        let below = self.code.binary("arith.addf", grown, one);
        let part = self.code.binary("arith.divf", two, below);
        let far = self.code.binary("arith.subf", one, part);
        let far = self.code.binary("math.copysign", far, x);
        let bound = self.code.float(f, 0.625);
        let is_near = self.code.compare("olt", size, bound);
        self.code.select(is_near, near, far)
    }

    /// `log x = n ln 2 + log m`, m between sqrt(1/2) and sqrt(2).
    fn log(&mut self, x: Val) -> Val {
        let f = Num::F32;
        let (tiny, scale) = (self.code.float(f, f64::from(f32::MIN_POSITIVE)), self.code.float(f, 8_388_608.0));
        let subnormal = self.code.compare("olt", x, tiny);
        let scaled = self.code.binary("arith.mulf", x, scale);
        let normal = self.code.select(subnormal, scaled, x);
        let bits = self.bits(normal);
        // The exponent counts from the mantissa sqrt(1/2), whose bits these are.
        let root = self.code.int(INT, 0x3f35_04f3);
        let offset = self.code.binary("arith.subi", bits, root);
        let shift = self.code.int(INT, 23);
        let exponent = self.code.binary("arith.shrsi", offset, shift);
        let back = self.code.binary("arith.shli", exponent, shift);
        let mantissa = self.code.binary("arith.subi", bits, back);
        let mantissa = self.code.cast("arith.bitcast", mantissa, f);
        let (none, extra) = (self.code.int(INT, 0), self.code.int(INT, -23));
        let correction = self.code.select(subnormal, extra, none);
        let exponent = self.code.binary("arith.addi", exponent, correction);
        let n = self.code.cast("arith.sitofp", exponent, f);
        let one = self.code.float(f, 1.0);
        let r = self.code.binary("arith.subf", mantissa, one);
        let p = self.polynomial(
            r,
            &[
                7.037_683_6e-2,
                -1.151_461_e-1,
                1.167_699_84e-1,
                -1.242_014_1e-1,
                1.424_932_3e-1,
                -1.666_805_8e-1,
                2.000_071_5e-1,
                -2.499_999_4e-1,
                3.333_333_1e-1,
            ],
        );
        let square = self.code.binary("arith.mulf", r, r);
        let cube = self.code.binary("arith.mulf", square, r);
        let y = self.code.binary("arith.mulf", p, cube);
        let (lower, half, upper) =
            (self.code.float(f, -2.121_944_4e-4), self.code.float(f, -0.5), self.code.float(f, 0.693_359_375));
        let y = self.code.fma(n, lower, y);
        let y = self.code.fma(square, half, y);
        let y = self.code.binary("arith.addf", r, y);
        let y = self.code.fma(n, upper, y);
        self.log_outside(x, y)
    }

    /// Zero, infinity, negative numbers and NaN.
    fn log_outside(&mut self, x: Val, y: Val) -> Val {
        let f = Num::F32;
        let (zero, infinity) = (self.code.float(f, 0.0), self.code.float(f, f64::INFINITY));
        let (least, nan) = (self.code.float(f, f64::NEG_INFINITY), self.code.float(f, f64::NAN));
        let (is_zero, is_infinite) = (self.code.compare("oeq", x, zero), self.code.compare("oeq", x, infinity));
        let is_outside = self.code.compare("ult", x, zero);
        let y = self.code.select(is_zero, least, y);
        let y = self.code.select(is_infinite, infinity, y);
        self.code.select(is_outside, nan, y)
    }

    /// `sin` or `cos`, by reduction to |r| <= pi / 4 in f64.
    fn circular(&mut self, x: Val, cosine: bool) -> Result<Val, Fault> {
        let d = Num::F64;
        let wide = self.convert(x, d)?;
        let ratio = self.code.float(d, std::f64::consts::FRAC_2_PI);
        let scaled = self.code.binary("arith.mulf", wide, ratio);
        let n = self.code.unary("math.roundeven", scaled);
        let (upper, lower) =
            (self.code.float(d, -std::f64::consts::FRAC_PI_2), self.code.float(d, -6.123_233_995_736_766e-17));
        let r = self.code.fma(n, upper, wide);
        let r = self.code.fma(n, lower, r);
        let square = self.code.binary("arith.mulf", r, r);
        let odd =
            self.polynomial(square, &[2.755_731_921e-6, -1.984_126_982e-4, 8.333_333_333e-3, -1.666_666_666_666_6e-1]);
        let cubed = self.code.binary("arith.mulf", square, odd);
        let sine = self.code.fma(cubed, r, r);
        let even = self.polynomial(
            square,
            &[-2.755_731_922e-7, 2.480_158_73e-5, -1.388_888_888_9e-3, 4.166_666_666_666e-2, -0.5, 1.0],
        );
        let long = Num::Int { bits: 64, signed: true };
        let turn = self.code.truncated(n, long);
        let (zero, one, two) = (self.code.int(long, 0), self.code.int(long, 1), self.code.int(long, 2));
        let turn = if cosine { self.code.binary("arith.addi", turn, one) } else { turn };
        let (low, high) = (self.code.binary("arith.andi", turn, one), self.code.binary("arith.andi", turn, two));
        let (is_even, is_back) = (self.code.compare("ne", low, zero), self.code.compare("ne", high, zero));
        let value = self.code.select(is_even, even, sine);
        let minus = self.code.unary("arith.negf", value);
        let value = self.code.select(is_back, minus, value);
        self.convert(value, Num::F32)
    }
}
