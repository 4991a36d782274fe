//! `fft`, in `f64` whatever the element type: radix 2 for powers of two, Bluestein's algorithm for
//! all other lengths (L. Bluestein, "A linear filtering approach to the computation of the discrete
//! Fourier transform", 1970).

use std::f64::consts::PI;

use super::complex::Complex64;
use super::indexing::{each_index, position, row_major};
use super::number::{Domain, Number};
use super::reduce::Elements;
use super::{Fault, Prepared, Signature, invalid};

pub(super) fn fft(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    let (operand, result) = (signature.operand(0)?.clone(), signature.result(0)?.clone());
    let kind: String = signature.attribute("fft_type", String::new())?;
    let lengths: Vec<usize> = signature.attribute("fft_length", Vec::new())?;
    let rank = operand.rank();
    if lengths.is_empty() || lengths.len() > rank || !["FFT", "IFFT", "RFFT", "IRFFT"].contains(&kind.as_str()) {
        return Err(invalid(format!("{} cannot be transformed over {lengths:?}", operand.ty())));
    }
    let (first, last) = (rank - lengths.len(), rank - 1);
    let mut full = operand.shape.clone();
    full[first..].copy_from_slice(&lengths);
    let mut half = full.clone();
    half[last] = full[last] / 2 + 1;
    let (reads_half, gives_half) = (kind == "IRFFT", kind == "RFFT");
    if operand.shape != *(if reads_half { &half } else { &full }) {
        return Err(invalid(format!("{} does not have the lengths {lengths:?}", operand.ty())));
    }
    signature.expect_shape(0, if gives_half { &half } else { &full })?;
    let is_complex = |dtype| matches!(Domain::of(dtype), Domain::Complex(_));
    if is_complex(operand.dtype) == gives_half || is_complex(result.dtype) == reads_half {
        return Err(invalid(format!("{kind} does not turn {} into {}", operand.ty(), result.ty())));
    }
    let inverse = kind.starts_with('I');
    let (from, to) = (Elements::of(&operand), Elements::of(&result));
    Ok(Prepared::new(move |operands, results| {
        let load = |index: &[usize]| from.load(operands[0], position(index, &operand.strides)).complex();
        let mut values = Vec::with_capacity(full.iter().product());
        each_index(&full, |_, index| {
            // Half a spectrum stands for a whole one: `x[-i, -j] = conj(x[i, j])`.
            values.push(if reads_half && index[last] >= half[last] {
                let mirror = |(d, &i): (usize, &usize)| if d < first || i == 0 { i } else { full[d] - i };
                load(&index.iter().enumerate().map(mirror).collect::<Vec<_>>()).conj()
            } else {
                load(index)
            });
        });
        (first..rank).for_each(|dim| transform_along(&mut values, &full, dim, inverse));
        let strides = row_major(&full);
        each_index(&result.shape, |at, index| {
            to.store(Number::Complex(values[position(index, &strides)]), results[0], at);
        });
        Ok(())
    }))
}

fn transform_along(values: &mut [Complex64], shape: &[usize], dim: usize, inverse: bool) {
    let (length, step) = (shape[dim], row_major(shape)[dim]);
    if length < 2 {
        return;
    }
    let mut line = vec![Complex64::default(); length];
    for start in (0..values.len()).filter(|at| (at / step).is_multiple_of(length)) {
        let flip = |z: Complex64| if inverse { z.conj() } else { z };
        for (i, z) in line.iter_mut().enumerate() {
            *z = flip(values[start + i * step]);
        }
        transform(&mut line);
        for (i, &z) in line.iter().enumerate() {
            values[start + i * step] = if inverse { z.conj() / length as f64 } else { z };
        }
    }
}

/// `e^(-2 pi i k / n)`.
fn unit(k: usize, n: usize) -> Complex64 {
    Complex64::cis(-2.0 * PI * (k % n) as f64 / n as f64)
}

/// The forward transform of a line of any length.
fn transform(line: &mut [Complex64]) {
    let n = line.len();
    if n.is_power_of_two() {
        return radix_2(line);
    }
    // As a convolution with a chirp, of a power of two.
    let size = (2 * n - 1).next_power_of_two();
    let chirp: Vec<Complex64> = (0..n).map(|k| unit((k * k) % (2 * n), 2 * n)).collect();
    let (mut signal, mut kernel) = (vec![Complex64::default(); size], vec![Complex64::default(); size]);
    for k in 0..n {
        signal[k] = line[k] * chirp[k];
        kernel[k] = chirp[k].conj();
        kernel[(size - k) % size] = chirp[k].conj();
    }
    radix_2(&mut signal);
    radix_2(&mut kernel);
    // The inverse transform of the product, by conjugation.
    signal.iter_mut().zip(&kernel).for_each(|(a, &b)| *a = (*a * b).conj());
    radix_2(&mut signal);
    for (k, z) in line.iter_mut().enumerate() {
        *z = signal[k].conj() / size as f64 * chirp[k];
    }
}

/// Cooley and Tukey's algorithm in place, for powers of two.
fn radix_2(line: &mut [Complex64]) {
    let n = line.len();
    let shift = usize::BITS - n.trailing_zeros();
    for i in 1..n {
        let j = i.reverse_bits() >> shift;
        if i < j {
            line.swap(i, j);
        }
    }
    let roots: Vec<Complex64> = (0..n / 2).map(|k| unit(k, n)).collect();
    let mut half = 1;
    while half < n {
        for block in line.chunks_exact_mut(2 * half) {
            let (low, high) = block.split_at_mut(half);
            for (k, (a, b)) in low.iter_mut().zip(high).enumerate() {
                let turned = *b * roots[k * (n / (2 * half))];
                (*a, *b) = (*a + turned, *a - turned);
            }
        }
        half *= 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_agrees_with_the_definition() {
        for n in [1, 2, 3, 4, 6, 7, 12, 16, 30, 67, 97] {
            let line: Vec<Complex64> =
                (0..n).map(|i| Complex64::new((i * i % 7) as f64 - 3.0, (i % 5) as f64)).collect();
            let mut fast = line.clone();
            transform(&mut fast);
            for (k, z) in fast.iter().enumerate() {
                let exact: Complex64 = line.iter().enumerate().map(|(i, &x)| x * unit(i * k, n)).sum();
                assert!((z - exact).norm() < 1e-11, "{n} {k}");
            }
        }
    }
}
