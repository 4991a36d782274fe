//! Sums of products, the common core of `dot_general`, `convolution` and their relatives.
//!
//! Operands are addressed by tables of offsets, so that neither is transposed or copied as a
//! whole: element `(b, m, k)` of an operand is at `batch[b] + outer[m] + inner[k]`. Each result
//! element is the sum over `k` in order, starting from zero, with product and sum rounded
//! separately to the accumulator's type, so that results depend neither on the sizes nor on the
//! number of threads. Floats narrower than 32 bits accumulate in `f32`, as hardware does, and are
//! rounded once at the end.

use std::marker::PhantomData;

use rayon::prelude::*;

use super::elementwise::convert;
use super::error::Fault;
use super::float::{self, FloatType};
use super::number::{Complex, IntType, Kind, Scalar};
use super::tensor::{Heap, Shape, Tensor};
use crate::ir::ElementType;

/// Columns of a panel of the larger operand.
const COLUMNS: usize = 16;
/// Rows of the smaller operand that one pass over a panel serves.
const ROWS: usize = 2;
/// Rows of the smaller operand that are decoded at once.
const BLOCK: usize = 64;
/// Products below this are not worth other threads.
const SERIAL: usize = 1 << 18;

/// What an operand's elements are rounded to before they are multiplied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Precision {
    /// The 19-bit format that is no element type.
    Tf32,
    /// An element type.
    Type(FloatType),
}

impl Precision {
    fn round(self, value: Scalar) -> Scalar {
        match self {
            Precision::Tf32 => Scalar::Float(float::reduce_precision(FloatType::F32, value.float(), 8, 10)),
            Precision::Type(ty) => Scalar::Float(ty.round(value.float())),
        }
    }
}

/// One operand of a product and where its elements are, in elements.
pub(super) struct Factor<'a> {
    pub(super) tensor: &'a Tensor,
    pub(super) batch: Vec<usize>,
    pub(super) outer: Vec<usize>,
    pub(super) inner: Vec<usize>,
    /// What its elements are rounded to first, where an algorithm asks for it.
    pub(super) precision: Option<Precision>,
}

/// The offsets of all indices over some dimensions, in row-major order.
pub(super) fn offsets(dims: &[usize], shape: &[usize], strides: &[isize]) -> Vec<usize> {
    let mut offsets = vec![0];
    for &dim in dims {
        let steps = (0..shape[dim]).map(|i| i * strides[dim] as usize);
        offsets = offsets.iter().flat_map(|&base| steps.clone().map(move |step| base + step)).collect();
    }
    offsets
}

/// The products `result[b][m][n] = sum over k of lhs[b][m][k] * rhs[b][k][n]`.
///
/// `wide` makes floats accumulate in `f64`.
pub(super) fn multiply(
    heap: &Heap,
    lhs: &Factor<'_>,
    rhs: &Factor<'_>,
    element: &ElementType,
    shape: &[usize],
    wide: bool,
) -> Result<Tensor, Fault> {
    let kind = Kind::of(element)?;
    let kinds = [Kind::of(lhs.tensor.element())?, Kind::of(rhs.tensor.element())?];
    let is_wide = |kind: Kind| matches!(kind, Kind::Float(FloatType::F64) | Kind::Complex(FloatType::F64));
    let wide = wide || is_wide(kind) || kinds.into_iter().any(is_wide);
    match kind {
        Kind::Pred => run::<Logical>(heap, lhs, rhs, element, shape),
        Kind::Int(_) => run::<i64>(heap, lhs, rhs, element, shape),
        Kind::Float(_) if wide => run::<f64>(heap, lhs, rhs, element, shape),
        Kind::Float(_) => run::<f32>(heap, lhs, rhs, element, shape),
        Kind::Complex(_) if wide => run::<Pair<f64>>(heap, lhs, rhs, element, shape),
        Kind::Complex(_) => run::<Pair<f32>>(heap, lhs, rhs, element, shape),
    }
}

/// What is accumulated.
trait Ring: Copy + Send + Sync + PartialEq + 'static {
    const ZERO: Self;

    /// `self + a * b`, product and sum rounded separately.
    fn add_product(self, a: Self, b: Self) -> Self;

    /// The value of an element converted to the result's kind.
    fn from_scalar(value: Scalar) -> Self;

    fn to_scalar(self) -> Scalar;

    /// Decodes the elements at `base + inner[i]` of a common element type; false for the others.
    fn gather<'o>(_: Kind, _: &[u8], _: usize, _: &[usize], _: impl Iterator<Item = &'o mut Self>) -> bool {
        false
    }
}

impl Ring for f32 {
    const ZERO: Self = 0.0;

    #[inline(always)]
    fn add_product(self, a: Self, b: Self) -> Self {
        self + a * b
    }

    fn from_scalar(value: Scalar) -> Self {
        value.float() as f32
    }

    fn to_scalar(self) -> Scalar {
        Scalar::Float(self.into())
    }

    fn gather<'o>(
        from: Kind,
        bytes: &[u8],
        base: usize,
        inner: &[usize],
        out: impl Iterator<Item = &'o mut Self>,
    ) -> bool {
        match from {
            Kind::Float(FloatType::F32) => pick(bytes, base, inner, out, f32::from_le_bytes),
            Kind::Float(FloatType::BF16) => pick(bytes, base, inner, out, |b| half::bf16::from_le_bytes(b).to_f32()),
            Kind::Float(FloatType::F16) => pick(bytes, base, inner, out, |b| half::f16::from_le_bytes(b).to_f32()),
            Kind::Int(IntType { bits: 8, signed: true }) => {
                pick(bytes, base, inner, out, |b| f32::from(i8::from_le_bytes(b)));
            }
            _ => return false,
        }
        true
    }
}

impl Ring for f64 {
    const ZERO: Self = 0.0;

    #[inline(always)]
    fn add_product(self, a: Self, b: Self) -> Self {
        self + a * b
    }

    fn from_scalar(value: Scalar) -> Self {
        value.float()
    }

    fn to_scalar(self) -> Scalar {
        Scalar::Float(self)
    }
}

/// Integers modulo `2^64`, of which the result keeps what its type holds.
impl Ring for i64 {
    const ZERO: Self = 0;

    #[inline(always)]
    fn add_product(self, a: Self, b: Self) -> Self {
        self.wrapping_add(a.wrapping_mul(b))
    }

    fn from_scalar(value: Scalar) -> Self {
        value.int() as i64
    }

    fn to_scalar(self) -> Scalar {
        Scalar::Int(self.into())
    }

    fn gather<'o>(
        from: Kind,
        bytes: &[u8],
        base: usize,
        inner: &[usize],
        out: impl Iterator<Item = &'o mut Self>,
    ) -> bool {
        match from {
            Kind::Int(IntType { bits: 8, signed: true }) => {
                pick(bytes, base, inner, out, |b| i8::from_le_bytes(b).into())
            }
            Kind::Int(IntType { bits: 32, signed: true }) => {
                pick(bytes, base, inner, out, |b| i32::from_le_bytes(b).into());
            }
            _ => return false,
        }
        true
    }
}

/// Predicates: sums are `or`, products `and`.
#[derive(Clone, Copy, PartialEq)]
struct Logical(bool);

impl Ring for Logical {
    const ZERO: Self = Logical(false);

    fn add_product(self, a: Self, b: Self) -> Self {
        Logical(self.0 | (a.0 & b.0))
    }

    fn from_scalar(value: Scalar) -> Self {
        Logical(value.is_true())
    }

    fn to_scalar(self) -> Scalar {
        Scalar::Int(self.0.into())
    }
}

/// A complex number whose parts are rounded after every operation.
#[derive(Clone, Copy, PartialEq)]
struct Pair<T>(T, T);

fn pick<'o, T: 'o, const N: usize>(
    bytes: &[u8],
    base: usize,
    inner: &[usize],
    out: impl Iterator<Item = &'o mut T>,
    decode: impl Fn([u8; N]) -> T,
) {
    let elements = bytes.as_chunks::<N>().0;
    out.zip(inner).for_each(|(out, at)| *out = decode(elements[base + at]));
}

macro_rules! complex_ring {
    ($part:ty) => {
        impl Ring for Pair<$part> {
            const ZERO: Self = Pair(0.0, 0.0);

            #[inline(always)]
            fn add_product(self, a: Self, b: Self) -> Self {
                Pair(self.0 + (a.0 * b.0 - a.1 * b.1), self.1 + (a.0 * b.1 + a.1 * b.0))
            }

            fn from_scalar(value: Scalar) -> Self {
                let value = value.complex();
                Pair(value.re as $part, value.im as $part)
            }

            fn to_scalar(self) -> Scalar {
                Scalar::Complex(Complex::new(self.0.into(), self.1.into()))
            }
        }
    };
}

complex_ring!(f32);
complex_ring!(f64);

fn run<T: Ring>(
    heap: &Heap,
    lhs: &Factor<'_>,
    rhs: &Factor<'_>,
    element: &ElementType,
    shape: &[usize],
) -> Result<Tensor, Fault> {
    let (m, n, k) = (lhs.outer.len(), rhs.outer.len(), lhs.inner.len());
    let kind = Kind::of(element)?;
    let swapped = m > n;
    let (small, large) = if swapped { (rhs, lhs) } else { (lhs, rhs) };
    let (small_reader, large_reader) = (Reader::<T>::new(small, kind)?, Reader::<T>::new(large, kind)?);
    heap.check(k.saturating_mul((BLOCK + COLUMNS) * size_of::<T>()))?;
    heap.build(element, shape, |out| {
        let mut block = vec![T::ZERO; k * BLOCK.min(small.outer.len())];
        for b in 0..lhs.batch.len() {
            for first in (0..small.outer.len()).step_by(BLOCK) {
                let rows = &small.outer[first..(first + BLOCK).min(small.outer.len())];
                for (row, out) in rows.iter().zip(block.chunks_exact_mut(k.max(1))) {
                    small_reader.gather(small.batch[b] + row, &small.inner, out.iter_mut());
                }
                let panel = |at: usize| {
                    let columns = &large.outer[at..(at + COLUMNS).min(large.outer.len())];
                    panel(&large_reader, large.batch[b], columns, &large.inner, &block[..rows.len() * k], rows.len())
                };
                let starts: Vec<usize> = (0..large.outer.len()).step_by(COLUMNS).collect();
                let work = rows.len().saturating_mul(k).saturating_mul(large.outer.len());
                let sums: Vec<Vec<[T; COLUMNS]>> = if work < SERIAL {
                    starts.iter().map(|&at| panel(at)).collect()
                } else {
                    starts.par_iter().map(|&at| panel(at)).collect()
                };
                for (&start, sums) in starts.iter().zip(&sums) {
                    for (row, sums) in sums.iter().enumerate() {
                        for (column, sum) in sums.iter().enumerate().take(large.outer.len() - start) {
                            let (small_at, large_at) = (first + row, start + column);
                            let at = if swapped { large_at * n + small_at } else { small_at * n + large_at };
                            kind.write(sum.to_scalar(), out, b * m * n + at);
                        }
                    }
                }
            }
        }
        Ok(())
    })
}

/// The sums for some columns of the larger operand and all rows of the block.
fn panel<T: Ring>(
    reader: &Reader<'_, T>,
    base: usize,
    columns: &[usize],
    inner: &[usize],
    block: &[T],
    rows: usize,
) -> Vec<[T; COLUMNS]> {
    let k = inner.len();
    let mut packed = vec![[T::ZERO; COLUMNS]; k];
    for (column, &offset) in columns.iter().enumerate() {
        reader.gather(base + offset, inner, packed.iter_mut().map(|row| &mut row[column]));
    }
    let mut sums = vec![[T::ZERO; COLUMNS]; rows];
    let mut pairs = sums.chunks_exact_mut(ROWS);
    for (at, pair) in pairs.by_ref().enumerate() {
        let (first, second) = block[at * ROWS * k..(at + 1) * ROWS * k].split_at(k);
        let (mut sum0, mut sum1) = ([T::ZERO; COLUMNS], [T::ZERO; COLUMNS]);
        for ((column, &a0), &a1) in packed.iter().zip(first).zip(second) {
            for j in 0..COLUMNS {
                sum0[j] = sum0[j].add_product(a0, column[j]);
                sum1[j] = sum1[j].add_product(a1, column[j]);
            }
        }
        pair.copy_from_slice(&[sum0, sum1]);
    }
    for last in pairs.into_remainder() {
        for (column, &a) in packed.iter().zip(&block[(rows - 1) * k..]) {
            for j in 0..COLUMNS {
                last[j] = last[j].add_product(a, column[j]);
            }
        }
    }
    sums
}

/// Decodes elements of a factor.
struct Reader<'a, T> {
    bytes: &'a [u8],
    from: Kind,
    to: Kind,
    precision: Option<Precision>,
    ring: PhantomData<T>,
}

impl<'a, T: Ring> Reader<'a, T> {
    fn new(factor: &Factor<'a>, to: Kind) -> Result<Self, Fault> {
        let from = Kind::of(factor.tensor.element())?;
        let needed = |precision: &Precision| match (precision, from) {
            (Precision::Type(ty), Kind::Float(from)) => *ty != from,
            (Precision::Tf32, Kind::Float(from)) => from == FloatType::F32 || from == FloatType::F64,
            _ => false,
        };
        let precision = factor.precision.filter(needed);
        Ok(Self { bytes: factor.tensor.bytes(), from, to, precision, ring: PhantomData })
    }

    fn element(&self, at: usize) -> T {
        let value = self.from.read(self.bytes, at);
        let value = match self.precision {
            Some(precision) => precision.round(value),
            None => value,
        };
        T::from_scalar(convert(value, self.to))
    }

    /// Decodes the elements at `base + inner[i]`.
    fn gather<'o>(&self, base: usize, inner: &[usize], mut out: impl Iterator<Item = &'o mut T>) {
        if self.precision.is_none() && T::gather(self.from, self.bytes, base, inner, out.by_ref()) {
            return;
        }
        out.zip(inner).for_each(|(out, at)| *out = self.element(base + at));
    }
}

/// How the dimensions of a tensor fall into batch, outer and inner ones.
pub(super) fn factor<'a>(tensor: &'a Tensor, batch: &[usize], outer: &[usize], inner: &[usize]) -> Factor<'a> {
    let strides = super::walk::row_major(tensor.shape());
    let offsets = |dims: &[usize]| offsets(dims, tensor.shape(), &strides);
    Factor { tensor, batch: offsets(batch), outer: offsets(outer), inner: offsets(inner), precision: None }
}

/// The sizes of some dimensions.
pub(super) fn sizes_of(tensor: &Tensor, dims: &[usize]) -> Shape {
    dims.iter().map(|&d| tensor.shape()[d]).collect()
}
