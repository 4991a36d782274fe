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
        let value = match self.ty {
            ElementType::F32 => f64::from(f32::from_bits(self.bits as u32)),
            _ => format.decode(self.bits),
        };
        if !value.is_finite() {
            return hex(f);
        }
        let (exact, bits) = (Exact::of(value), significant_bits(self.ty));
        let normal = match self.ty {
            ElementType::F32 => value.abs() >= f64::from(f32::MIN_POSITIVE),
            ElementType::F64 => value.is_normal(),
            _ => false,
        };
        if !normal || may_have_six_digits(value, bits) {
            let short = exact.digits(6).scientific();
            if self.reads_back(format, short.as_str()) {
                return f.write_str(short.as_str());
            }
        }
        let precision = 2 + bits * 59 / 196;
        let long = exact.digits(precision).shortest(precision);
        if long.as_str().contains('.') { f.write_str(long.as_str()) } else { hex(f) }
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

/// Powers of ten that are exact, or nearly, as `f64`.
const TENS: [f64; 64] = {
    let mut tens = [1.0; 64];
    let mut power = 1;
    while power < 64 {
        tens[power] = tens[power - 1] * 10.0;
        power += 1;
    }
    tens
};

/// False only when no decimal of six digits reads back as the value: a quick test that spares most
/// numbers the first attempt. Scales the value to an integer of six or seven digits and looks
/// whether the nearest integer lies within half a unit in the last of its `bits`.
fn may_have_six_digits(value: f64, bits: u32) -> bool {
    let binary = ((value.to_bits() >> 52) & 0x7ff) as i32 - 1023;
    let decimal = (binary * 1233) >> 12;
    let scaled = match TENS.get((5 - decimal).unsigned_abs() as usize) {
        Some(power) if decimal <= 5 => value.abs() * power,
        Some(power) => value.abs() / power,
        None => return true,
    };
    let tolerance = scaled * (1.0 / (1u64 << bits) as f64 + 1e-14);
    (scaled - scaled.round()).abs() <= tolerance || !(9e4..1e8).contains(&scaled)
}

/// A short text on the stack; what does not fit is cut off.
struct Text {
    bytes: [u8; 40],
    length: usize,
}

impl Text {
    fn new(negative: bool) -> Self {
        let mut text = Text { bytes: [0; 40], length: 0 };
        if negative {
            text.push(b"-");
        }
        text
    }

    fn push(&mut self, bytes: &[u8]) {
        let end = (self.length + bytes.len()).min(self.bytes.len());
        self.bytes[self.length..end].copy_from_slice(&bytes[..end - self.length]);
        self.length = end;
    }

    fn push_zeros(&mut self, count: usize) {
        (0..count).for_each(|_| self.push(b"0"));
    }

    /// A number of at least `width` digits.
    fn push_number(&mut self, number: u32, width: usize) {
        let mut digits = [b'0'; 10];
        let (mut at, mut rest) = (digits.len(), number);
        while rest > 0 {
            at -= 1;
            digits[at] += (rest % 10) as u8;
            rest /= 10;
        }
        self.push(&digits[at.min(digits.len() - width)..]);
    }

    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.length]).expect("only ASCII is pushed")
    }
}

/// A finite number: an odd significand (or zero) times a power of two.
struct Exact {
    negative: bool,
    significand: u64,
    exponent: i32,
}

impl Exact {
    fn of(value: f64) -> Exact {
        let bits = value.to_bits();
        let (fraction, biased) = (bits & ((1 << 52) - 1), ((bits >> 52) & 0x7ff) as i32);
        let significand = if biased == 0 { fraction } else { fraction | (1 << 52) };
        let shift = if significand == 0 { 0 } else { significand.trailing_zeros() };
        let exponent = biased.max(1) - 1075 + shift as i32;
        Exact { negative: value.is_sign_negative(), significand: significand >> shift, exponent }
    }

    /// The number to at most `precision` digits.
    fn digits(&self, precision: u32) -> Decimal {
        let mut decimal = Decimal { negative: self.negative, digits: [b'0'; 20], count: 1, exponent: 0 };
        if self.significand != 0 {
            let (integer, exponent) = self.cut(precision);
            decimal.fill(integer, exponent);
            decimal.round(precision as usize);
        }
        decimal
    }

    /// The number as an integer times a power of ten, low digits cut away as long as enough bits for
    /// `precision` digits remain. 196/59 is a little more than the bits of a digit.
    fn cut(&self, precision: u32) -> (u64, i32) {
        let wanted = (precision * 196).div_ceil(59);
        let spare = |bits: u32| bits.saturating_sub(wanted) * 59 / 196;
        if let Some(integer) = self.small_integer() {
            let tens = spare(128 - integer.leading_zeros());
            return (divide(integer, tens), self.exponent.min(0) + tens as i32);
        }
        let mut number = Natural::new(self.significand);
        match u32::try_from(self.exponent) {
            Ok(shift) => number.shift_left(shift),
            Err(_) => number.multiply_by_power_of_five(self.exponent.unsigned_abs()),
        }
        let tens = spare(number.bits());
        number.divide_by_power_of_ten(tens);
        (number.low(), self.exponent.min(0) + tens as i32)
    }

    /// The number without its power of ten, `significand * 2^e` or `significand * 5^-e`, where it
    /// fits.
    fn small_integer(&self) -> Option<u128> {
        let (significand, power) = (u128::from(self.significand), self.exponent.unsigned_abs());
        if self.exponent >= 0 {
            return (power < significand.leading_zeros()).then(|| significand << power);
        }
        significand.checked_mul(*FIVES.get(power as usize)?)
    }
}

/// Powers of five below 2^128.
const FIVES: [u128; 56] = {
    let mut fives = [1; 56];
    let mut power = 1;
    while power < fives.len() {
        fives[power] = fives[power - 1] * 5;
        power += 1;
    }
    fives
};

/// `integer / 10^tens`, which must be below 2^64.
fn divide(integer: u128, tens: u32) -> u64 {
    // A division by 2^n is a shift, and one by at most 5^27 goes by a number of 64 bits.
    let (first, rest) = (tens.min(27), tens.saturating_sub(27));
    let quotient = (integer >> tens) / u128::from(FIVES[first as usize] as u64);
    (quotient / FIVES[rest as usize]) as u64
}

/// Decimal digits, the most significant first and no trailing zeros, times a power of ten.
struct Decimal {
    negative: bool,
    digits: [u8; 20],
    count: usize,
    exponent: i32,
}

impl Decimal {
    /// The digits of an integer, trailing zeros moved to the exponent.
    fn fill(&mut self, integer: u64, exponent: i32) {
        let (mut at, mut rest) = (self.digits.len(), integer);
        while rest > 0 {
            at -= 1;
            self.digits[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        self.digits.copy_within(at.., 0);
        self.count = self.digits.len() - at;
        self.exponent = exponent;
        self.drop_trailing(b'0');
    }

    fn drop_trailing(&mut self, digit: u8) {
        while self.count > 0 && self.digits[self.count - 1] == digit {
            self.count -= 1;
            self.exponent += 1;
        }
    }

    /// Rounds half up to at most `precision` digits.
    fn round(&mut self, precision: usize) {
        if self.count <= precision {
            return;
        }
        let up = self.digits[precision] >= b'5';
        self.exponent += (self.count - precision) as i32;
        self.count = precision;
        self.drop_trailing(if up { b'9' } else { b'0' });
        match (up, self.count) {
            (false, _) => {}
            (true, 0) => (self.digits[0], self.count) = (b'1', 1),
            (true, count) => self.digits[count - 1] += 1,
        }
    }

    /// The power of ten of the first digit.
    fn leading(&self) -> i32 {
        self.exponent + self.count as i32 - 1
    }

    /// `d.dddddde+xx`, six places.
    fn scientific(&self) -> Text {
        let mut text = Text::new(self.negative);
        text.push(&self.digits[..1]);
        text.push(b".");
        text.push(&self.digits[1..self.count]);
        text.push_zeros(7 - self.count);
        text.push(if self.leading() < 0 { b"e-" } else { b"e+" });
        text.push_number(self.leading().unsigned_abs(), 2);
        text
    }

    /// Plain where at most three zeros have to be added, else `d.dddE+x`.
    fn shortest(&self, precision: u32) -> Text {
        const MOST_PADDING: i32 = 3;
        let (count, leading) = (self.count, self.leading());
        let scientific = match self.exponent {
            0.. => self.exponent > MOST_PADDING || leading >= precision as i32,
            _ => leading < -MOST_PADDING,
        };
        let mut text = Text::new(self.negative);
        if scientific {
            text.push(&self.digits[..1]);
            text.push(if count == 1 { b".0" } else { b"." });
            text.push(&self.digits[1..count]);
            text.push(if leading < 0 { b"E-" } else { b"E+" });
            text.push_number(leading.unsigned_abs(), 1);
        } else if self.exponent >= 0 {
            text.push(&self.digits[..count]);
            text.push_zeros(self.exponent as usize);
        } else if leading >= 0 {
            text.push(&self.digits[..leading as usize + 1]);
            text.push(b".");
            text.push(&self.digits[leading as usize + 1..count]);
        } else {
            text.push(b"0.");
            text.push_zeros((-leading - 1) as usize);
            text.push(&self.digits[..count]);
        }
        text
    }
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

    /// The lowest 64 bits.
    fn low(&self) -> u64 {
        self.0.iter().rev().fold(0, |n, &limb| (n << 32) | u64::from(limb))
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
