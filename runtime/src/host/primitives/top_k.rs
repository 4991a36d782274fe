//! `top_k`: the `k` largest along the last dimension, descending, and their indices.
//!
//! The order is total: larger first, ties to the lower index; floats as in IEEE 754's `totalOrder`, so
//! that a positive NaN is the largest. One pass keeps a pool of candidates, at most twice `k` and a
//! few: an entry is looked at only where its block holds one that beats the `k`-th best so far,
//! which the compiler turns into vector comparisons. Of `n` entries in random order `k ln(n/k)` are
//! candidates, so the pass costs little more than reading. No memory is allocated.

use hire_artifact::ElementType;

use super::number::{Domain, Number};
use super::{Fault, Prepared, Signature, invalid};

/// Entries that are compared with the threshold at once.
const BLOCK: usize = 64;

pub(super) fn top_k(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    let (operand, values, indices) = (signature.operand(0)?.clone(), signature.result(0)?, signature.result(1)?);
    let length = *operand.shape.last().ok_or_else(|| invalid("it takes a tensor of at least rank 1"))?;
    let mut shape = operand.shape.clone();
    let k = values.shape.last().copied().unwrap_or(0);
    *shape.last_mut().expect("the rank is at least 1") = k;
    signature.expect_shape(0, &shape)?;
    signature.expect_shape(1, &shape)?;
    let complex = matches!(Domain::of(operand.dtype), Domain::Complex(_));
    if k > length || u32::try_from(length).is_err() || values.dtype != operand.dtype || complex {
        return Err(invalid(format!("there are no {k} largest of {}", operand.ty())));
    }
    let (width, index_width, index) = (operand.width, indices.width, Domain::of(indices.dtype));
    let select = selector(operand.dtype);
    let run = move |operands: &[&[u8]], results: &mut [&mut [u8]], pool: &mut [u128]| {
        let [values, indices] = results else { return Err(invalid("it gives values and indices")) };
        if k == 0 {
            return Ok(());
        }
        let rows = operands[0].chunks_exact(length * width);
        let outs = values.chunks_exact_mut(k * width).zip(indices.chunks_exact_mut(k * index_width));
        for (row, (values, indices)) in rows.zip(outs) {
            select(row, k, pool);
            let outs = values.chunks_exact_mut(width).zip(indices.chunks_exact_mut(index_width));
            for (&entry, (value, place)) in pool.iter().zip(outs) {
                let from = entry as u32 as usize;
                value.copy_from_slice(&row[from * width..][..width]);
                index.store(Number::Int(from as i128), place);
            }
        }
        Ok(())
    };
    Ok(Prepared { scratch: if k == 0 { 0 } else { 2 * k + BLOCK }, run: Box::new(run) })
}

/// Leaves the `k` best of a row at the start of the pool, in order.
type Select = fn(&[u8], usize, &mut [u128]);

/// By the key of an element type: integers that are ordered as its numbers are.
fn selector(dtype: ElementType) -> Select {
    use ElementType as T;
    match dtype {
        T::F32 => |row, k, pool| select(row, k, pool, |b| ordered32(u32::from_le_bytes(b))),
        T::Bf16 | T::F16 => |row, k, pool| select(row, k, pool, |b| ordered16(u16::from_le_bytes(b))),
        T::F64 => |row, k, pool| select(row, k, pool, |b| f64::from_le_bytes(b).to_bits().ordered()),
        T::I64 => |row, k, pool| select(row, k, pool, i64::from_le_bytes),
        T::Ui64 => |row, k, pool| select(row, k, pool, |b| u64::from_le_bytes(b) as i64 ^ i64::MIN),
        T::I32 => |row, k, pool| select(row, k, pool, i32::from_le_bytes),
        T::Ui32 => |row, k, pool| select(row, k, pool, |b| u32::from_le_bytes(b) as i32 ^ i32::MIN),
        T::I16 => |row, k, pool| select(row, k, pool, i16::from_le_bytes),
        T::Ui16 => |row, k, pool| select(row, k, pool, |b| i32::from(u16::from_le_bytes(b))),
        T::I8 | T::I4 | T::I2 => |row, k, pool| select(row, k, pool, i8::from_le_bytes),
        T::I1 | T::Ui8 | T::Ui4 | T::Ui2 => |row, k, pool| select(row, k, pool, |[b]| i16::from(b)),
        narrow => narrow_selector(narrow),
    }
}

/// The floats of at most a byte, by way of their values.
fn narrow_selector(dtype: ElementType) -> Select {
    macro_rules! selectors {
        ($($variant:ident)*) => {
            match dtype {
                $(ElementType::$variant => |row, k, pool| {
                    let domain = Domain::of(ElementType::$variant);
                    select(row, k, pool, |b: [u8; 1]| domain.load(&b).float().to_bits().ordered());
                },)*
                other => unreachable!("{other} is no float of at most a byte"),
            }
        };
    }
    selectors!(F4E2M1FN F6E2M3FN F6E3M2FN F8E3M4 F8E4M3 F8E4M3FN F8E4M3FNUZ F8E4M3B11FNUZ F8E5M2 F8E5M2FNUZ F8E8M0FNU)
}

fn ordered32(bits: u32) -> i32 {
    let bits = bits as i32;
    bits ^ (((bits >> 31) as u32) >> 1) as i32
}

fn ordered16(bits: u16) -> i16 {
    let bits = bits as i16;
    bits ^ (((bits >> 15) as u16) >> 1) as i16
}

trait Ordered {
    /// Bits of an `f64` as an integer that is ordered as `totalOrder` is.
    fn ordered(self) -> i64;
}

impl Ordered for u64 {
    fn ordered(self) -> i64 {
        let bits = self as i64;
        bits ^ (((bits >> 63) as u64) >> 1) as i64
    }
}

/// An entry of the pool: better ones are smaller.
fn entry(key: i64, index: usize) -> u128 {
    u128::from(!(key as u64 ^ (1 << 63))) << 32 | index as u128
}

fn select<const W: usize, K: Copy + Ord + Into<i64>>(
    row: &[u8],
    k: usize,
    pool: &mut [u128],
    key: impl Fn([u8; W]) -> K,
) {
    let row = row.as_chunks::<W>().0;
    let (mut count, mut threshold) = (0, None);
    for (block, entries) in row.chunks(BLOCK).enumerate() {
        if let Some(threshold) = threshold {
            let beats = |beaten, &bytes| beaten | (key(bytes) > threshold);
            if !entries.iter().fold(false, beats) {
                continue;
            }
        }
        for (at, &bytes) in entries.iter().enumerate() {
            let key = key(bytes);
            if threshold.is_none_or(|threshold| key > threshold) {
                pool[count] = entry(key.into(), block * BLOCK + at);
                count += 1;
            }
        }
        // Below, there is room for one more block.
        if count >= 2 * k {
            pool[..count].select_nth_unstable(k - 1);
            count = k;
            threshold = Some(key(row[pool[k - 1] as u32 as usize]));
        }
    }
    if count > k {
        pool[..count].select_nth_unstable(k - 1);
    }
    pool[..k].sort_unstable();
}

#[cfg(test)]
mod tests {
    use serde_json::Map;

    use super::*;
    use hire_artifact::TensorType;

    fn run(dtype: ElementType, bytes: &[u8], shape: &[u64], k: u64) -> (Vec<u8>, Vec<i32>) {
        let ty = TensorType::new(dtype, shape);
        let mut out = shape.to_vec();
        *out.last_mut().unwrap() = k;
        let results = [TensorType::new(dtype, out.clone()), TensorType::new(ElementType::I32, out)];
        let primitive = super::super::load("top_k", &Map::new(), &[ty], &results).unwrap();
        let mut scratch = vec![0; primitive.scratch_words()];
        let mut values = vec![0; results[0].host_bytes().unwrap()];
        let mut indices = vec![0; results[1].host_bytes().unwrap()];
        primitive.run(&[bytes], &mut [&mut values, &mut indices], &mut scratch).unwrap();
        (values, indices.as_chunks::<4>().0.iter().map(|&b| i32::from_le_bytes(b)).collect())
    }

    fn f32s(values: &[f32]) -> Vec<u8> {
        values.iter().flat_map(|v| v.to_le_bytes()).collect()
    }

    #[test]
    fn the_order_is_total_and_ties_go_to_the_lower_index() {
        let values = [1.0, f32::NAN, -0.0, 0.0, f32::INFINITY, 1.0, -f32::NAN, f32::NEG_INFINITY];
        assert_eq!(run(ElementType::F32, &f32s(&values), &[8], 8).1, [1, 4, 0, 5, 3, 2, 7, 6]);
        let ones = f32s(&[1.0; 300]);
        assert_eq!(run(ElementType::F32, &ones, &[300], 5).1, [0, 1, 2, 3, 4]);
        assert_eq!(run(ElementType::Ui64, &[u64::MAX, 3, u64::MAX].map(u64::to_le_bytes).concat(), &[3], 2).1, [0, 2]);
    }

    #[test]
    fn every_row_agrees_with_a_sort() {
        let mut state = 7u64;
        let mut random = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            ((state >> 40) as i32 % 900 - 450) as f32
        };
        let (rows, length) = (3, 5000);
        let values: Vec<f32> = (0..rows * length).map(|_| random()).collect();
        for k in [0, 1, 7, 64, 100, 2500, 5000] {
            let (_, indices) = run(ElementType::F32, &f32s(&values), &[rows as u64, length as u64], k as u64);
            for row in 0..rows {
                let line = &values[row * length..][..length];
                let mut order: Vec<i32> = (0..length as i32).collect();
                order.sort_by(|&a, &b| line[b as usize].total_cmp(&line[a as usize]));
                assert_eq!(indices[row * k..][..k], order[..k], "k = {k}");
            }
        }
    }

    #[test]
    fn bytes_are_ordered_as_their_values() {
        let (values, indices) = run(ElementType::F8E4M3FN, &[0x38, 0xb8, 0x40, 0x00], &[4], 3);
        assert_eq!((values, indices), (vec![0x40, 0x38, 0x00], vec![2, 0, 3]));
    }
}
