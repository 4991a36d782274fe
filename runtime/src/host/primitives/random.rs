//! `rng_bit_generator` and `rng`.
//!
//! The bit generators are those of XLA, counter for counter: ThreeFry-2x32 with 20 rounds and
//! Philox-4x32 with 10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011). The
//! default algorithm is Philox. What `rng` gives is for an implementation to choose: here Philox
//! with the attribute `stream` as key, and a counter that goes on from call to call.

use std::f64::consts::PI;
use std::sync::atomic::{AtomicU64, Ordering};

use super::indexing::{Shaped, each_index, position, row_major};
use super::number::{Domain, Number};
use super::reduce::Elements;
use super::{Fault, Prepared, Signature, invalid};

pub(super) fn rng_bit_generator(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    let (state, output) = (signature.operand(0)?, signature.result(1)?.clone());
    let algorithm: String = signature.attribute("rng_algorithm", "DEFAULT".to_owned())?;
    let bytes = state.len() * state.width;
    let three_fry = algorithm == "THREE_FRY";
    let is_int = matches!(Domain::of(output.dtype), Domain::Int(_));
    if !(bytes == 16 || (bytes == 24 && !three_fry)) || signature.result(0)? != state || !is_int {
        return Err(invalid(format!("{algorithm} does not make {} from a state of {}", output.ty(), state.ty())));
    }
    Ok(Prepared::new(move |operands, results| {
        let words: Vec<u64> = operands[0].as_chunks::<8>().0.iter().map(|&word| u64::from_le_bytes(word)).collect();
        let [next, out] = results else { return Err(invalid("it gives a state and bits")) };
        let words = if three_fry { three_fry_bits(&words, &output, out) } else { philox_bits(&words, &output, out) };
        next.copy_from_slice(&words.into_iter().flat_map(u64::to_le_bytes).collect::<Vec<u8>>());
        Ok(())
    }))
}

/// 64-bit numbers take a counter each; narrower ones are made in pairs that stand next to each other
/// along the first even dimension, or else the longest.
fn three_fry_bits(state: &[u64], output: &Shaped, out: &mut [u8]) -> Vec<u64> {
    let (domain, width) = (Domain::of(output.dtype), output.width);
    let block = |counter: u64| three_fry(halves(state[1].wrapping_add(counter)), halves(state[0]));
    let mut store = |at: usize, bits: u64| {
        domain.store(Number::Int(bits.into()), &mut out[at * width..][..width]);
    };
    let shape = &output.shape;
    let split = shape.iter().position(|size| size % 2 == 0);
    let split = split.or_else(|| (0..shape.len()).max_by_key(|&d| (shape[d], usize::MAX - d)));
    let used = match split {
        _ if output.dtype.bits() == 64 => {
            (0..output.len()).for_each(|at| store(at, join(block(at as u64))));
            output.len()
        }
        None => {
            store(0, block(0)[0].into());
            1
        }
        Some(split) => {
            let mut half = shape.clone();
            half[split] = half[split].div_ceil(2);
            let strides = row_major(&half);
            each_index(shape, |at, index| {
                let mut pair = index.to_vec();
                pair[split] /= 2;
                store(at, block(position(&pair, &strides) as u64)[index[split] % 2].into());
            });
            half.iter().product()
        }
    };
    vec![state[0], state[1].wrapping_add(used as u64)]
}

/// Every 128-bit counter makes four 32-bit numbers or two of 64 bits. In a state of two words the
/// key doubles as the high word of the counter.
fn philox_bits(state: &[u64], output: &Shaped, out: &mut [u8]) -> Vec<u64> {
    let (domain, width, wide) = (Domain::of(output.dtype), output.width, output.dtype.bits() == 64);
    let high = state.get(2).copied();
    let (low, high_word) = if let Some(high) = high { (state[1], high) } else { (state[1], state[0]) };
    let start = u128::from(low) | u128::from(high_word) << 64;
    let per_counter = if wide { 2 } else { 4 };
    for (counter, out) in (0u128..).zip(out.chunks_mut(per_counter * width)) {
        let block = philox(words(start.wrapping_add(counter)), halves(state[0]));
        let numbers =
            if wide { [join([block[0], block[1]]), join([block[2], block[3]]), 0, 0] } else { block.map(u64::from) };
        for (out, number) in out.chunks_exact_mut(width).zip(numbers) {
            domain.store(Number::Int(number.into()), out);
        }
    }
    let next = start.wrapping_add(output.len().div_ceil(per_counter) as u128);
    let mut words = vec![state[0], next as u64];
    words.extend(high.map(|_| (next >> 64) as u64));
    words
}

fn halves(word: u64) -> [u32; 2] {
    [word as u32, (word >> 32) as u32]
}

fn join(halves: [u32; 2]) -> u64 {
    u64::from(halves[0]) | u64::from(halves[1]) << 32
}

fn words(counter: u128) -> [u32; 4] {
    [0, 32, 64, 96].map(|shift| (counter >> shift) as u32)
}

fn three_fry(input: [u32; 2], key: [u32; 2]) -> [u32; 2] {
    const ROTATIONS: [[u32; 4]; 2] = [[13, 15, 26, 6], [17, 29, 16, 24]];
    let keys = [key[0], key[1], 0x1BD1_1BDA ^ key[0] ^ key[1]];
    let [mut a, mut b] = [input[0].wrapping_add(keys[0]), input[1].wrapping_add(keys[1])];
    for round in 0..5 {
        for rotation in ROTATIONS[round % 2] {
            a = a.wrapping_add(b);
            b = b.rotate_left(rotation) ^ a;
        }
        a = a.wrapping_add(keys[(round + 1) % 3]);
        b = b.wrapping_add(keys[(round + 2) % 3]).wrapping_add(round as u32 + 1);
    }
    [a, b]
}

fn philox(mut state: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    for _ in 0..10 {
        let (first, second) = (u64::from(state[0]) * 0xD251_1F53, u64::from(state[2]) * 0xCD9E_8D57);
        let mixed = [(second >> 32) as u32 ^ state[1] ^ key[0], (first >> 32) as u32 ^ state[3] ^ key[1]];
        state = [mixed[0], second as u32, mixed[1], first as u32];
        key = [key[0].wrapping_add(0x9E37_79B9), key[1].wrapping_add(0xBB67_AE85)];
    }
    state
}

/// Uniform in `[a, b)`, or normal with mean `a` and standard deviation `b`.
pub(super) fn rng(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    let (a, b, result) = (signature.operand(0)?, signature.operand(1)?, signature.result(0)?.clone());
    let domain = Domain::of(result.dtype);
    if a.len() != 1 || b.len() != 1 || a.dtype != result.dtype || matches!(domain, Domain::Complex(_)) {
        return Err(invalid(format!("it does not draw {} between {} and {}", result.ty(), a.ty(), b.ty())));
    }
    let normal = signature.attribute("rng_distribution", String::new())? == "NORMAL";
    let key = halves(signature.attribute("stream", 0)?);
    let (bounds, to, drawn) = (Elements::of(a), Elements::of(&result), AtomicU64::new(0));
    Ok(Prepared::new(move |operands, results| {
        let count = result.len();
        let first = drawn.fetch_add(count as u64, Ordering::Relaxed);
        let (a, b) = (bounds.load(operands[0], 0), bounds.load(operands[1], 0));
        for at in 0..count {
            let block = philox(words(first.wrapping_add(at as u64).into()), key);
            let (one, two) = (join([block[0], block[1]]), join([block[2], block[3]]));
            let value = match domain {
                Domain::Pred => Number::Int((one & 1).into()),
                Domain::Float(_) if normal => Number::Float(a.float() + b.float() * normal_number(one, two)),
                Domain::Float(format) => {
                    let value = format.round(a.float() + (b.float() - a.float()) * unit_number(one));
                    Number::Float(if value < b.float() { value } else { a.float() })
                }
                _ => Number::Int(a.int() + i128::from(one) % (b.int() - a.int()).max(1)),
            };
            to.store(value, results[0], at);
        }
        Ok(())
    }))
}

/// In `[0, 1)`.
fn unit_number(bits: u64) -> f64 {
    (bits >> 11) as f64 * f64::powi(2.0, -53)
}

/// By the transform of Box and Muller.
fn normal_number(first: u64, second: u64) -> f64 {
    (-2.0 * (1.0 - unit_number(first)).ln()).sqrt() * (2.0 * PI * unit_number(second)).cos()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_match_the_published_test_vectors() {
        assert_eq!(three_fry([0, 0], [0, 0]), [0x6b20_0159, 0x99ba_4efe]);
        assert_eq!(three_fry([u32::MAX; 2], [u32::MAX; 2]), [0x1cb9_96fc, 0xbb00_2be7]);
        assert_eq!(philox([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(philox([u32::MAX; 4], [u32::MAX; 2]), [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]);
    }
}
