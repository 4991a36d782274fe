//! Arguments: the same in every run.

use half::{bf16, f16};
use hire_runtime::{ElementType, TensorType};

/// What an argument holds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fill {
    /// Every pattern of bits is as likely as another.
    Bits,
    /// The special numbers of the type, then ordinary ones; as the left (0) or right (1) operand of a pair, in
    /// which each special number meets each other one.
    Special(usize),
    /// The same without `NaN`.
    Ordered(usize),
    /// Numbers in [-1, 1), or small integers.
    Unit,
    /// Numbers in [0.5, 1.5).
    Positive,
    /// Integers from zero up to this one.
    Below(u64),
    /// A positive definite matrix.
    Definite,
}

/// A generator of reproducible numbers: xorshift64*.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A number in [0, 1).
    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// The special numbers of a float type: its largest and smallest normal one among them, and a subnormal one where
/// XLA's CPU code does not take it for zero, which is `f16`, computed as `f32`.
fn special_floats(dtype: ElementType) -> Vec<f64> {
    let (largest, normal, subnormal) = match dtype {
        ElementType::F16 => (65504.0, 6.103_515_625e-5, 1.0e-6),
        ElementType::Bf16 => (3.389_531_389_251_535_5e38, f64::from(f32::MIN_POSITIVE), 0.0),
        ElementType::F32 | ElementType::ComplexF32 => (f64::from(f32::MAX), f64::from(f32::MIN_POSITIVE), 0.0),
        _ => (f64::MAX, f64::MIN_POSITIVE, 0.0),
    };
    let finite = [0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 100.25, largest, normal, subnormal, f64::INFINITY];
    finite.iter().flat_map(|&x| [x, -x]).chain([f64::NAN]).collect()
}

fn special_integers(dtype: ElementType) -> Vec<i64> {
    let bits = dtype.bits();
    let extremes = [i64::MIN >> (64 - bits), i64::MAX >> (64 - bits)];
    [0, 1, 2, 3, 7, 8, 31, 64, -1, -2, -3, -7].into_iter().chain(extremes).collect()
}

/// The bytes of an argument.
pub(crate) fn bytes(ty: &TensorType, fill: &Fill) -> Vec<u8> {
    bytes_for(ty, fill, 0)
}

/// The bytes of an argument on one of several devices.
pub(crate) fn bytes_for(ty: &TensorType, fill: &Fill, device: u64) -> Vec<u8> {
    let count = ty.num_elements().expect("arguments are small");
    let mut random = Random(0x9E37_79B9_7F4A_7C15 ^ device << 20);
    // Operands of one operation differ.
    let position = if let Fill::Special(at) | Fill::Ordered(at) = fill { *at } else { 0 };
    (0..position).for_each(|_| {
        random.next();
    });
    let complex = matches!(ty.dtype, ElementType::ComplexF32 | ElementType::ComplexF64);
    let mut out = Vec::new();
    for i in 0..count * if complex { 2 } else { 1 } {
        match ty.dtype {
            ElementType::I1 => out.push((random.next() >> 40) as u8 & 1),
            ElementType::F16 | ElementType::Bf16 | ElementType::F32 | ElementType::F64
                if !matches!(fill, Fill::Bits) =>
            {
                push(ty.dtype, float(ty, fill, i, &mut random), &mut out);
            }
            ElementType::ComplexF32 => push(ElementType::F32, float(ty, fill, i, &mut random), &mut out),
            ElementType::ComplexF64 => push(ElementType::F64, float(ty, fill, i, &mut random), &mut out),
            dtype => {
                let value = integer(dtype, fill, i, &mut random);
                out.extend(&value.to_le_bytes()[..dtype.bits().div_ceil(8) as usize]);
            }
        }
    }
    out
}

fn float(ty: &TensorType, fill: &Fill, at: usize, random: &mut Random) -> f64 {
    let unit = random.unit();
    match fill {
        Fill::Special(position) | Fill::Ordered(position) => {
            let mut special = special_floats(ty.dtype);
            special.retain(|x| matches!(fill, Fill::Special(_)) || !x.is_nan());
            let n = special.len();
            if at < n * n {
                return special[if *position == 0 { at % n } else { at / n }];
            }
            let magnitude = 2f64.powi((random.next() % 16) as i32 - 10);
            (unit * 2.0 - 1.0) * magnitude * 3.0
        }
        Fill::Positive => unit + 0.5,
        Fill::Definite => {
            let size = *ty.shape.last().expect("a matrix") as usize;
            let diagonal = (at / size) % size == at % size;
            if diagonal { size as f64 + unit } else { unit - 0.5 }
        }
        _ => unit * 2.0 - 1.0,
    }
}

fn integer(dtype: ElementType, fill: &Fill, at: usize, random: &mut Random) -> i64 {
    let bits = random.next() as i64;
    match fill {
        Fill::Special(position) | Fill::Ordered(position) => {
            let special = special_integers(dtype);
            let n = special.len();
            if at < n * n { special[if *position == 0 { at % n } else { at / n }] } else { bits }
        }
        Fill::Below(limit) => ((bits as u64) % (limit + 1)) as i64,
        Fill::Unit | Fill::Positive => ((bits as u64) % 5) as i64,
        _ => bits,
    }
}

fn push(dtype: ElementType, value: f64, out: &mut Vec<u8>) {
    match dtype {
        ElementType::F16 => out.extend(f16::from_f64(value).to_le_bytes()),
        ElementType::Bf16 => out.extend(bf16::from_f64(value).to_le_bytes()),
        ElementType::F32 => out.extend((value as f32).to_le_bytes()),
        _ => out.extend(value.to_le_bytes()),
    }
}
