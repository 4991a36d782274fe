//! `fft`, in `f64` whatever the element type: mixed radix for lengths with small prime factors,
//! Bluestein's algorithm for large primes (L. Bluestein, "A linear filtering approach to the
//! computation of the discrete Fourier transform", 1970).

use std::f64::consts::PI;

use super::call::Call;
use super::error::Fault;
use super::number::{Complex, Kind, Scalar};
use super::tensor::{Shape, Tensor, element_count};
use super::walk::{Indices, position, row_major};
use crate::ir::Attr;

/// Prime factors up to this are transformed by their definition.
const LARGEST_RADIX: usize = 64;

pub(super) fn fft(call: &Call<'_>) -> Result<Tensor, Fault> {
    let operand = call.operand(0)?;
    let lengths = call.sizes("fft_length")?;
    let rank = operand.shape().len();
    if lengths.is_empty() || lengths.len() > rank {
        return Err(Fault::invalid(format!("{} cannot be transformed over {lengths:?}", operand.ty())));
    }
    let first = rank - lengths.len();
    let half = lengths[lengths.len() - 1] / 2 + 1;
    let kind = call.attrs.get("fft_type").and_then(Attr::as_enum).ok_or_else(|| call.missing("fft_type"))?;
    let mut spatial: Shape = lengths.clone();
    let mut result_shape: Shape = operand.shape().into();
    match kind {
        "RFFT" => result_shape[rank - 1] = half,
        "IRFFT" => {
            spatial[lengths.len() - 1] = half;
            result_shape[rank - 1] = lengths[lengths.len() - 1];
        }
        _ => {}
    }
    if operand.shape()[first..] != spatial[..] {
        return Err(Fault::invalid(format!("{} does not end in {spatial:?}", operand.ty())));
    }
    let (from, to) = (Kind::of(operand.element())?, Kind::of(call.element()?)?);
    let is_complex = |kind: Kind| matches!(kind, Kind::Complex(_));
    if is_complex(from) != (kind != "RFFT") || is_complex(to) != (kind != "IRFFT") {
        return Err(Fault::invalid(format!("{kind} does not turn {} into {}", operand.element(), call.element()?)));
    }
    let full: Shape = operand.shape()[..first].iter().chain(&lengths).copied().collect();
    call.heap.check(element_count(&full)?.saturating_mul(2 * size_of::<Complex>()))?;
    let mut values = read(operand, from, &full, kind == "IRFFT", first);
    let inverse = matches!(kind, "IFFT" | "IRFFT");
    let mut dims: Vec<usize> = (first..rank).collect();
    if !inverse {
        dims.reverse();
    }
    for dim in dims {
        transform_along(&mut values, &full, dim, inverse);
    }
    let strides = row_major(&full);
    call.heap.build(call.element()?, &result_shape, |out| {
        let mut indices = Indices::new(&result_shape);
        let mut at = 0;
        while let Some(index) = indices.next() {
            let z = values[position(index, &strides) as usize];
            to.write(if is_complex(to) { Scalar::Complex(z) } else { Scalar::Float(z.re) }, out, at);
            at += 1;
        }
        Ok(())
    })
}

/// All elements as complex numbers; of a half spectrum (`IRFFT`), the other half by symmetry:
/// `x[-i, -j] = conj(x[i, j])`.
fn read(operand: &Tensor, kind: Kind, full: &[usize], half: bool, first: usize) -> Vec<Complex> {
    let strides = row_major(operand.shape());
    let value = |at: usize| match kind.read(operand.bytes(), at) {
        Scalar::Complex(z) => z,
        other => Complex::new(other.float(), 0.0),
    };
    let mut values = Vec::with_capacity(operand.len());
    let mut indices = Indices::new(full);
    while let Some(index) = indices.next() {
        let last = index.len() - 1;
        if half && index[last] >= operand.shape()[last] {
            let mirrored: Shape =
                index.iter().enumerate().map(|(d, &i)| if d < first || i == 0 { i } else { full[d] - i }).collect();
            let z = value(position(&mirrored, &strides) as usize);
            values.push(Complex::new(z.re, -z.im));
        } else {
            values.push(value(position(index, &strides) as usize));
        }
    }
    values
}

fn transform_along(values: &mut [Complex], shape: &[usize], dim: usize, inverse: bool) {
    let length = shape[dim];
    if values.is_empty() || length < 2 {
        return;
    }
    let step = row_major(shape)[dim] as usize;
    let plan = Plan::new(length);
    let scale = if inverse { 1.0 / length as f64 } else { 1.0 };
    for start in (0..values.len()).filter(|at| (at / step).is_multiple_of(length)) {
        let conj = |z: Complex| if inverse { Complex::new(z.re, -z.im) } else { z };
        let line: Vec<Complex> = (0..length).map(|i| conj(values[start + i * step])).collect();
        for (i, z) in plan.forward(&line).into_iter().enumerate() {
            let z = conj(z);
            values[start + i * step] = if inverse { Complex::new(z.re * scale, z.im * scale) } else { z };
        }
    }
}

/// Roots of unity for one length.
struct Plan {
    roots: Vec<Complex>,
}

impl Plan {
    fn new(length: usize) -> Self {
        Self { roots: (0..length).map(|k| unit(k, length)).collect() }
    }

    /// `e^(-2 pi i k / n)` for any `n` that divides the length.
    fn root(&self, k: usize, n: usize) -> Complex {
        self.roots[(k % n) * (self.roots.len() / n)]
    }

    /// The transform of a line whose length divides that of the plan.
    fn forward(&self, line: &[Complex]) -> Vec<Complex> {
        let n = line.len();
        if n < 2 {
            return line.to_vec();
        }
        let radix = smallest_factor(n);
        if radix > LARGEST_RADIX {
            return bluestein(line);
        }
        let rest = n / radix;
        let parts: Vec<Vec<Complex>> = (0..radix)
            .map(|r| self.forward(&line.iter().skip(r).step_by(radix).copied().collect::<Vec<_>>()))
            .collect();
        (0..n)
            .map(|k| {
                let terms = parts.iter().enumerate().map(|(r, part)| times(part[k % rest], self.root(r * k, n)));
                terms.fold(Complex::new(0.0, 0.0), plus)
            })
            .collect()
    }
}

/// `e^(-2 pi i k / n)`, by symmetry from an angle of at most an eighth of a turn.
fn unit(k: usize, n: usize) -> Complex {
    let k = k % n;
    let (octant, rest) = (8 * k / n, 8 * k % n);
    let angle = |numerator: usize| 2.0 * PI * numerator as f64 / (8.0 * n as f64);
    let (sin, cos) = if octant % 2 == 0 { angle(rest).sin_cos() } else { angle(n - rest).sin_cos() };
    let (re, im) = match octant {
        0 => (cos, sin),
        1 => (sin, cos),
        2 => (-sin, cos),
        3 => (-cos, sin),
        4 => (-cos, -sin),
        5 => (-sin, -cos),
        6 => (sin, -cos),
        _ => (cos, -sin),
    };
    Complex::new(re, -im)
}

fn times(a: Complex, b: Complex) -> Complex {
    a.multiply(b, |v| v)
}

fn plus(a: Complex, b: Complex) -> Complex {
    Complex::new(a.re + b.re, a.im + b.im)
}

fn smallest_factor(n: usize) -> usize {
    (2..).take_while(|p| p * p <= n).find(|p| n.is_multiple_of(*p)).unwrap_or(n)
}

/// A transform of any length as a convolution of a power of two.
fn bluestein(line: &[Complex]) -> Vec<Complex> {
    let n = line.len();
    let size = (2 * n - 1).next_power_of_two();
    let chirp: Vec<Complex> = (0..n).map(|k| unit((k * k) % (2 * n), 2 * n)).collect();
    let conj = |z: Complex| Complex::new(z.re, -z.im);
    let mut signal = vec![Complex::new(0.0, 0.0); size];
    let mut kernel = signal.clone();
    for k in 0..n {
        signal[k] = times(line[k], chirp[k]);
        kernel[k] = conj(chirp[k]);
        kernel[(size - k) % size] = conj(chirp[k]);
    }
    let plan = Plan::new(size);
    let product: Vec<Complex> =
        plan.forward(&signal).into_iter().zip(plan.forward(&kernel)).map(|(a, b)| conj(times(a, b))).collect();
    let back = plan.forward(&product);
    (0..n)
        .map(|k| {
            let z = conj(back[k]);
            times(Complex::new(z.re / size as f64, z.im / size as f64), chirp[k])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_agrees_with_the_definition() {
        for n in [1, 2, 3, 4, 6, 12, 16, 30, 67, 97, 134] {
            let line: Vec<Complex> = (0..n).map(|i| Complex::new((i * i % 7) as f64 - 3.0, (i % 5) as f64)).collect();
            let fast = Plan::new(n).forward(&line);
            for (k, z) in fast.iter().enumerate() {
                let exact =
                    line.iter().enumerate().map(|(i, &x)| times(x, unit(i * k, n))).fold(Complex::new(0.0, 0.0), plus);
                let error = Complex::new(z.re - exact.re, z.im - exact.im).abs();
                assert!(error < 1e-11, "{n} {k}: {error}");
            }
        }
    }
}
