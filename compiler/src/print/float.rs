//! Floating-point numbers as MLIR writes them.
//!
//! MLIR first tries six significant digits (`1.000000e+00`; the seventh is a zero that fills up),
//! and takes them when they read back as the same number. If not, it writes as many digits as the
//! format needs (`0.333333343`, `3.40282347E+38`), and when these have no decimal point, or the
//! number is infinite or no number, the bits in hexadecimal. Texts agree with MLIR's to the
//! character, so this follows LLVM's way to digits step by step: the exact value as an integer times
//! a power of ten, cut (not rounded) to a few more digits than wanted, then rounded half up.

use std::fmt;

use smallvec::SmallVec;

use crate::ir::{ElementType, FloatFormat};

/// A number of a floating-point type, displayed as MLIR writes it, without the type.
pub(crate) struct FloatText<'a> {
    /// The bits, zero-extended.
    pub(crate) bits: u64,
    /// A real floating-point type.
    pub(crate) ty: &'a ElementType,
}

impl fmt::Display for FloatText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hex = |f: &mut fmt::Formatter<'_>| write!(f, "0x{:X}", self.bits);
        let Some(format) = FloatFormat::of(self.ty) else { return hex(f) };
        let value = format.decode(self.bits);
        if !value.is_finite() {
            return hex(f);
        }
        let short = Decimal::of(value, 6).scientific(6);
        if self.reads_back(format, &short) {
            return f.write_str(&short);
        }
        let digits = 2 + significant_bits(self.ty) * 59 / 196;
        let long = Decimal::of(value, digits).shortest(digits as usize);
        if long.contains('.') { f.write_str(&long) } else { hex(f) }
    }
}

impl FloatText<'_> {
    fn reads_back(&self, format: FloatFormat, text: &str) -> bool {
        match self.ty {
            ElementType::F32 => text.parse::<f32>().is_ok_and(|v| u64::from(v.to_bits()) == self.bits),
            _ => text.parse::<f64>().is_ok_and(|v| format.encode(v) == self.bits),
        }
    }
}

/// Bits of a format's significand, the implicit one included.
fn significant_bits(ty: &ElementType) -> u32 {
    use ElementType as T;
    match ty {
        T::F8E8M0FNU => 1,
        T::F4E2M1FN => 2,
        T::F6E3M2FN | T::F8E5M2 | T::F8E5M2FNUZ => 3,
        T::F8E3M4 => 5,
        T::BF16 => 8,
        T::F16 | T::TF32 => 11,
        T::F32 => 24,
        T::F64 => 53,
        _ => 4,
    }
}

/// Decimal digits, the most significant first and no trailing zeros, times a power of ten.
struct Decimal {
    negative: bool,
    digits: SmallVec<[u8; 24]>,
    exponent: i32,
}

impl Decimal {
    /// A finite value to at most `precision` digits.
    fn of(value: f64, precision: u32) -> Decimal {
        let bits = value.to_bits();
        let (fraction, biased) = (bits & ((1 << 52) - 1), ((bits >> 52) & 0x7ff) as i32);
        let significand = if biased == 0 { fraction } else { fraction | (1 << 52) };
        let negative = value.is_sign_negative();
        if significand == 0 {
            return Decimal { negative, digits: SmallVec::from_elem(0, 1), exponent: 0 };
        }
        let shift = significand.trailing_zeros();
        let binary_exponent = biased.max(1) - 1075 + shift as i32;
        let (integer, exponent) = cut(significand >> shift, binary_exponent, precision);
        let mut decimal = Decimal { negative, digits: SmallVec::new(), exponent };
        decimal.fill(integer);
        decimal.round(precision as usize);
        decimal
    }

    /// The digits of an integer, trailing zeros moved to the exponent.
    fn fill(&mut self, mut integer: u128) {
        while integer.is_multiple_of(10) {
            integer /= 10;
            self.exponent += 1;
        }
        while integer != 0 {
            self.digits.push((integer % 10) as u8);
            integer /= 10;
        }
        self.digits.reverse();
    }

    /// Rounds half up to at most `precision` digits.
    fn round(&mut self, precision: usize) {
        let Some(&next) = self.digits.get(precision) else { return };
        self.exponent += (self.digits.len() - precision) as i32;
        self.digits.truncate(precision);
        let dropped = if next < 5 { 0 } else { 9 };
        while self.digits.last() == Some(&dropped) {
            self.digits.pop();
            self.exponent += 1;
        }
        match self.digits.last_mut() {
            Some(last) if next >= 5 => *last += 1,
            Some(_) => {}
            None => self.digits.push(1),
        }
    }

    fn text(&self) -> String {
        let mut text = String::with_capacity(32);
        if self.negative {
            text.push('-');
        }
        text
    }

    fn push_digits(&self, text: &mut String, range: std::ops::Range<usize>) {
        text.extend(self.digits[range].iter().map(|&d| char::from(b'0' + d)));
    }

    /// `d.ddde+xx` with zeros up to `places` after the point.
    fn scientific(&self, places: usize) -> String {
        let count = self.digits.len();
        let mut text = self.text();
        self.push_digits(&mut text, 0..1);
        text.push('.');
        self.push_digits(&mut text, 1..count);
        text.extend(std::iter::repeat_n('0', places + 1 - count));
        let exponent = self.exponent + count as i32 - 1;
        let sign = if exponent < 0 { '-' } else { '+' };
        text.push_str(&format!("e{sign}{:02}", exponent.unsigned_abs()));
        text
    }

    /// Plain where at most three zeros have to be added, else `d.dddE+x`.
    fn shortest(&self, precision: usize) -> String {
        const MOST_PADDING: i32 = 3;
        let count = self.digits.len();
        let leading = self.exponent + count as i32 - 1;
        let scientific = match self.exponent {
            0.. => self.exponent > MOST_PADDING || count as i32 + self.exponent > precision as i32,
            _ => leading < -MOST_PADDING,
        };
        let mut text = self.text();
        if scientific {
            self.push_digits(&mut text, 0..1);
            text.push('.');
            if count == 1 {
                text.push('0');
            }
            self.push_digits(&mut text, 1..count);
            let sign = if leading < 0 { '-' } else { '+' };
            text.push_str(&format!("E{sign}{}", leading.unsigned_abs()));
        } else if self.exponent >= 0 {
            self.push_digits(&mut text, 0..count);
            text.extend(std::iter::repeat_n('0', self.exponent as usize));
        } else if leading >= 0 {
            let whole = leading as usize + 1;
            self.push_digits(&mut text, 0..whole);
            text.push('.');
            self.push_digits(&mut text, whole..count);
        } else {
            text.push_str("0.");
            text.extend(std::iter::repeat_n('0', (-leading - 1) as usize));
            self.push_digits(&mut text, 0..count);
        }
        text
    }
}

/// `significand * 2^exponent` as an integer times a power of ten, low digits cut away as long as
/// enough bits for `precision` digits remain. 196/59 is a little more than the bits of a digit.
fn cut(significand: u64, exponent: i32, precision: u32) -> (u128, i32) {
    let mut number = Natural::new(significand);
    let mut decimal_exponent = 0;
    if exponent >= 0 {
        number.shift_left(exponent as u32);
    } else {
        number.multiply_by_power_of_five(exponent.unsigned_abs());
        decimal_exponent = exponent;
    }
    let (bits, wanted) = (number.bits(), (precision * 196).div_ceil(59));
    if bits > wanted {
        let tens = (bits - wanted) * 59 / 196;
        number.divide_by_power_of_ten(tens);
        decimal_exponent += tens as i32;
    }
    (number.low(), decimal_exponent)
}

/// A natural number in limbs of 32 bits, the lowest first, no zero limb at the end.
struct Natural(SmallVec<[u32; 8]>);

impl Natural {
    fn new(value: u64) -> Self {
        let mut number = Natural(SmallVec::from_slice(&[value as u32, (value >> 32) as u32]));
        number.trim();
        number
    }

    fn trim(&mut self) {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }

    fn bits(&self) -> u32 {
        self.0.last().map_or(0, |top| 32 * self.0.len() as u32 - top.leading_zeros())
    }

    fn shift_left(&mut self, by: u32) {
        self.multiply(1 << (by % 32));
        self.0.insert_many(0, std::iter::repeat_n(0, by as usize / 32));
    }

    fn multiply(&mut self, by: u32) {
        let mut carry = 0u64;
        for limb in &mut self.0 {
            carry += u64::from(*limb) * u64::from(by);
            *limb = carry as u32;
            carry >>= 32;
        }
        if carry != 0 {
            self.0.push(carry as u32);
        }
    }

    fn multiply_by_power_of_five(&mut self, power: u32) {
        (0..power / 13).for_each(|_| self.multiply(5u32.pow(13)));
        self.multiply(5u32.pow(power % 13));
    }

    fn divide(&mut self, by: u32) {
        let mut rest = 0u64;
        for limb in self.0.iter_mut().rev() {
            rest = (rest << 32) | u64::from(*limb);
            *limb = (rest / u64::from(by)) as u32;
            rest %= u64::from(by);
        }
        self.trim();
    }

    fn divide_by_power_of_ten(&mut self, power: u32) {
        (0..power / 9).for_each(|_| self.divide(10u32.pow(9)));
        self.divide(10u32.pow(power % 9));
    }

    /// The number, which must be below 2^128.
    fn low(&self) -> u128 {
        self.0.iter().rev().fold(0, |n, &limb| (n << 32) | u128::from(limb))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Element type, bits in hexadecimal, and the text that MLIR writes, from jaxlib 0.10.2.
    const CASES: &str = include_str!("float_cases.tsv");

    fn check(cases: &str) -> usize {
        for case in cases.lines() {
            let fields: Vec<&str> = case.split('\t').collect();
            let ty = ElementType::from_name(fields[0]).expect("an element type");
            let bits = u64::from_str_radix(fields[1], 16).expect("hexadecimal digits");
            assert_eq!(FloatText { bits, ty: &ty }.to_string(), fields[2], "{case}");
        }
        cases.lines().count()
    }

    #[test]
    fn numbers_are_written_as_mlir_writes_them() {
        assert!(check(CASES) > 500);
    }

    #[test]
    fn extremes_are_written_exactly() {
        let text = |value: f64| FloatText { bits: value.to_bits(), ty: &ElementType::F64 }.to_string();
        assert_eq!(text(f64::MAX), "1.7976931348623157E+308");
        assert_eq!(text(f64::MIN_POSITIVE), "2.2250738585072014E-308");
        assert_eq!(text(5e-324), "4.940660e-324");
        assert_eq!(text(-0.0), "-0.000000e+00");
        assert_eq!(text(1e23), "9.9999999999999991E+22");
        assert_eq!(text(123.0), "1.230000e+02");
        assert_eq!(text(f64::INFINITY), "0x7FF0000000000000");
    }
}
