//! `rng_bit_generator` and `rng`.
//!
//! The bit generators are those of XLA, counter for counter: ThreeFry-2x32 with 20 rounds and
//! Philox-4x32 with 10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011). The
//! default algorithm is Philox, as on XLA's CPU. `rng` is implementation-defined: it draws from
//! Philox with the key that [`super::Options::seed`] gives and a counter that goes on through the
//! run.

use std::f64::consts::PI;

use super::call::{Call, single, tensor_sizes};
use super::error::Fault;
use super::number::{Kind, Scalar};
use super::tensor::{Shape, Tensor, element_count};
use crate::ir::Attr;

pub(super) fn rng_bit_generator(call: &Call<'_>) -> Result<Vec<Tensor>, Fault> {
    let state = call.operand(0)?;
    let words: Vec<u64> = state.bytes().as_chunks::<8>().0.iter().map(|&word| u64::from_le_bytes(word)).collect();
    let algorithm = call.attrs.get("rng_algorithm").and_then(Attr::as_enum).unwrap_or("DEFAULT");
    let output = call.results.get(1).ok_or_else(|| Fault::invalid("rng_bit_generator gives a state and bits"))?;
    let shape = super::tensor::static_shape(output)?;
    let bits = output.element.bits();
    let fits = match algorithm {
        "THREE_FRY" => words.len() == 2,
        _ => words.len() == 2 || words.len() == 3,
    };
    if state.bytes().len() % 8 != 0 || !fits || bits > 64 {
        return Err(Fault::invalid(format!("{algorithm} does not make {output} from a state of {}", state.ty())));
    }
    call.heap.check(element_count(&shape)?.saturating_mul(16))?;
    let (words, numbers) = match algorithm {
        "THREE_FRY" => three_fry_numbers(&words, &shape, bits)?,
        _ => philox_numbers(&words, element_count(&shape)?, bits),
    };
    let width = output.element.byte_size();
    let next = call.heap.build(state.element(), state.shape(), |out| {
        out.as_chunks_mut::<8>().0.iter_mut().zip(&words).for_each(|(out, word)| *out = word.to_le_bytes());
        Ok::<_, Fault>(())
    })?;
    let narrow = Kind::of(&output.element)?;
    let numbers = call.heap.build(&output.element, &shape, |out| {
        for (out, &number) in out.chunks_exact_mut(width).zip(&numbers) {
            let number = match narrow {
                Kind::Int(int) => int.wrap(i128::from(number)) as u64,
                _ if bits < 64 => number & ((1 << bits) - 1),
                _ => number,
            };
            out.copy_from_slice(&number.to_le_bytes()[..width]);
        }
        Ok::<_, Fault>(())
    })?;
    Ok(vec![next, numbers])
}

/// The next state and the numbers of a shape: 64-bit ones take a counter each, narrower ones are
/// made in pairs that stand next to each other along the first even dimension, or else the
/// longest.
fn three_fry_numbers(state: &[u64], shape: &[usize], bits: u32) -> Result<(Vec<u64>, Vec<u64>), Fault> {
    let key = halves(state[0]);
    let block = |counter: u64| three_fry(halves(state[1].wrapping_add(counter)), key);
    if bits == 64 {
        let count = element_count(shape)?;
        let numbers = (0..count as u64).map(|i| join(block(i))).collect();
        return Ok((vec![state[0], state[1].wrapping_add(count as u64)], numbers));
    }
    let split = shape
        .iter()
        .position(|size| size % 2 == 0)
        .or_else(|| (0..shape.len()).max_by_key(|&d| (shape[d], usize::MAX - d)));
    let Some(split) = split else {
        return Ok((vec![state[0], state[1].wrapping_add(1)], vec![u64::from(block(0)[0])]));
    };
    let mut half: Shape = shape.into();
    half[split] = half[split].div_ceil(2);
    let strides = super::walk::row_major(&half);
    let mut numbers = Vec::with_capacity(element_count(shape)?);
    let mut indices = super::walk::Indices::new(shape);
    while let Some(index) = indices.next() {
        let mut at: Shape = index.into();
        at[split] /= 2;
        let counter = super::walk::position(&at, &strides) as u64;
        numbers.push(u64::from(block(counter)[index[split] % 2]));
    }
    Ok((vec![state[0], state[1].wrapping_add(element_count(&half)? as u64)], numbers))
}

/// The next state and `count` numbers; every 128-bit counter makes four 32-bit numbers or two of
/// 64 bits. In a state of two words the key doubles as the high word of the counter.
fn philox_numbers(state: &[u64], count: usize, bits: u32) -> (Vec<u64>, Vec<u64>) {
    let wide = bits == 64;
    let key = halves(state[0]);
    let start = match *state {
        [_, low, high] => u128::from(low) | u128::from(high) << 64,
        _ => u128::from(state[1]) | u128::from(state[0]) << 64,
    };
    let per_counter = if wide { 2 } else { 4 };
    let counters = count.div_ceil(per_counter);
    let mut numbers = Vec::with_capacity(counters * per_counter);
    for i in 0..counters as u128 {
        let block = philox(words(start.wrapping_add(i)), key);
        if wide {
            numbers.extend([join([block[0], block[1]]), join([block[2], block[3]])]);
        } else {
            numbers.extend(block.map(u64::from));
        }
    }
    numbers.truncate(count);
    let next = start.wrapping_add(counters as u128);
    let mut state_words = vec![state[0], next as u64];
    if state.len() == 3 {
        state_words.push((next >> 64) as u64);
    }
    (state_words, numbers)
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
        let first = u64::from(state[0]) * 0xD251_1F53;
        let second = u64::from(state[2]) * 0xCD9E_8D57;
        state = [
            (second >> 32) as u32 ^ state[1] ^ key[0],
            second as u32,
            (first >> 32) as u32 ^ state[3] ^ key[1],
            first as u32,
        ];
        key = [key[0].wrapping_add(0x9E37_79B9), key[1].wrapping_add(0xBB67_AE85)];
    }
    state
}

/// `rng`: uniform in `[a, b)`, or normal with mean `a` and standard deviation `b`. `drawn` counts
/// the numbers that came before.
pub(super) fn rng(call: &Call<'_>, seed: u64, drawn: &mut u64) -> Result<Tensor, Fault> {
    let (a, b) = (single(call.operand(0)?)?, single(call.operand(1)?)?);
    let shape = tensor_sizes(call.operand(2)?)?;
    let element = call.operand(0)?.element().clone();
    let kind = Kind::of(&element)?;
    let normal = call.attrs.get("rng_distribution").and_then(Attr::as_enum) == Some("NORMAL");
    let key = halves(seed);
    call.heap.build(&element, &shape, |out| {
        for index in 0..element_count(&shape)? {
            let block = philox(words(u128::from(*drawn)), key);
            *drawn = drawn.wrapping_add(1);
            let (first, second) = (join([block[0], block[1]]), join([block[2], block[3]]));
            let value = match kind {
                Kind::Pred => Scalar::Int(i128::from(first & 1)),
                Kind::Int(_) => {
                    let span = (b.int() - a.int()).max(1);
                    Scalar::Int(a.int() + i128::from(first) % span)
                }
                Kind::Float(_) if normal => Scalar::Float(a.float() + b.float() * normal_number(first, second)),
                Kind::Float(ty) => {
                    let value = ty.round(a.float() + (b.float() - a.float()) * unit_number(first));
                    Scalar::Float(if value < b.float() { value } else { a.float() })
                }
                Kind::Complex(_) => return Err(Fault::invalid("rng gives no complex numbers")),
            };
            kind.write(value, out, index);
        }
        Ok(())
    })
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
