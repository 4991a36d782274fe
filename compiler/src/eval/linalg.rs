//! `cholesky` and `triangular_solve`, on batches of matrices.
//!
//! Matrices are decoded to complex `f64`, solved there, and rounded once. Only the half that the
//! operation reads is looked at; of the factor's other half, zeros are given.

use super::call::Call;
use super::error::Fault;
use super::number::{Complex, Kind, Scalar};
use super::tensor::{Heap, Shape, Tensor};
use crate::ir::Attr;

/// A square or rectangular matrix, row-major.
struct Matrix {
    rows: usize,
    columns: usize,
    elements: Vec<Complex>,
}

impl Matrix {
    fn read(tensor: &Tensor, kind: Kind, at: usize, rows: usize, columns: usize) -> Self {
        let first = at * rows * columns;
        let element = |i| match kind.read(tensor.bytes(), first + i) {
            Scalar::Complex(z) => z,
            other => Complex::new(other.float(), 0.0),
        };
        Self { rows, columns, elements: (0..rows * columns).map(element).collect() }
    }

    fn at(&self, row: usize, column: usize) -> Complex {
        self.elements[row * self.columns + column]
    }

    fn set(&mut self, row: usize, column: usize, value: Complex) {
        self.elements[row * self.columns + column] = value;
    }

    /// The matrix with rows and columns exchanged and, where asked, conjugated.
    fn transposed(&self, conjugate: bool) -> Self {
        let mut result = Self { rows: self.columns, columns: self.rows, elements: self.elements.clone() };
        for row in 0..self.rows {
            for column in 0..self.columns {
                let z = self.at(row, column);
                result.set(column, row, if conjugate { conj(z) } else { z });
            }
        }
        result
    }

    fn write(&self, kind: Kind, out: &mut [u8], at: usize) {
        let first = at * self.rows * self.columns;
        for (i, &z) in self.elements.iter().enumerate() {
            let value = if let Kind::Complex(_) = kind { Scalar::Complex(z) } else { Scalar::Float(z.re) };
            kind.write(value, out, first + i);
        }
    }
}

fn conj(z: Complex) -> Complex {
    Complex::new(z.re, -z.im)
}

/// `a - b * c`.
fn subtract_product(a: Complex, b: Complex, c: Complex) -> Complex {
    let product = b.multiply(c, |v| v);
    Complex::new(a.re - product.re, a.im - product.im)
}

/// The kind of a float or complex tensor whose last two dimensions are matrices, those dimensions,
/// and how many matrices there are.
fn batch(tensor: &Tensor) -> Result<(Kind, usize, usize, usize), Fault> {
    let kind = Kind::of(tensor.element())?;
    match (kind, tensor.shape()) {
        (Kind::Float(_) | Kind::Complex(_), [outer @ .., rows, columns]) => {
            Ok((kind, outer.iter().product(), *rows, *columns))
        }
        _ => Err(Fault::invalid(format!("{} holds no matrices of floats", tensor.ty()))),
    }
}

fn work_space(heap: &Heap, elements: usize) -> Result<(), Fault> {
    heap.check(elements.saturating_mul(3 * size_of::<Complex>()))
}

pub(super) fn cholesky(call: &Call<'_>) -> Result<Tensor, Fault> {
    let a = call.operand(0)?;
    let (kind, count, rows, columns) = batch(a)?;
    if rows != columns {
        return Err(Fault::invalid(format!("{} holds no square matrices", a.ty())));
    }
    let lower = call.flag("lower", false);
    work_space(call.heap, rows * columns)?;
    call.heap.build(a.element(), a.shape(), |out| {
        for at in 0..count {
            let matrix = Matrix::read(a, kind, at, rows, columns);
            let matrix = if lower { matrix } else { matrix.transposed(true) };
            let factor = factorize(&matrix);
            let factor = if lower { factor } else { factor.transposed(true) };
            factor.write(kind, out, at);
        }
        Ok(())
    })
}

/// The lower factor `l` of `a = l l*`; `NaN` where `a` is not positive definite.
fn factorize(a: &Matrix) -> Matrix {
    let n = a.rows;
    let mut l = Matrix { rows: n, columns: n, elements: vec![Complex::new(0.0, 0.0); n * n] };
    for column in 0..n {
        for row in column..n {
            let mut sum = a.at(row, column);
            for k in 0..column {
                sum = subtract_product(sum, l.at(row, k), conj(l.at(column, k)));
            }
            let value = if row == column {
                Complex::new(sum.re.sqrt(), 0.0)
            } else {
                let pivot = l.at(column, column).re;
                Complex::new(sum.re / pivot, sum.im / pivot)
            };
            l.set(row, column, value);
        }
    }
    l
}

pub(super) fn triangular_solve(call: &Call<'_>) -> Result<Tensor, Fault> {
    let (a, b) = (call.operand(0)?, call.operand(1)?);
    let ((kind, count, n, columns), (b_kind, b_count, b_rows, b_columns)) = (batch(a)?, batch(b)?);
    let left = call.flag("left_side", true);
    let outer = |tensor: &Tensor| -> Shape { tensor.shape()[..tensor.shape().len() - 2].into() };
    let meets = if left { b_rows } else { b_columns } == n;
    if n != columns || kind != b_kind || count != b_count || outer(a) != outer(b) || !meets {
        return Err(Fault::invalid(format!("{} and {} make no linear systems", a.ty(), b.ty())));
    }
    let (transpose, adjoint) = match call.attrs.get("transpose_a").and_then(Attr::as_enum) {
        Some("TRANSPOSE") => (true, false),
        Some("ADJOINT") => (true, true),
        _ => (false, false),
    };
    let (lower, unit) = (call.flag("lower", true), call.flag("unit_diagonal", false));
    work_space(call.heap, n * n + b_rows * b_columns)?;
    call.heap.build(b.element(), b.shape(), |out| {
        for at in 0..count {
            let matrix = Matrix::read(a, kind, at, n, n);
            // A system `x a = b` is the system `aT xT = bT`.
            let flipped = transpose == left;
            let conjugate = adjoint;
            let matrix = if flipped { matrix.transposed(conjugate) } else { conjugated(matrix, conjugate) };
            let right = Matrix::read(b, kind, at, b_rows, b_columns);
            let right = if left { right } else { right.transposed(false) };
            let solution = substitute(&matrix, right, lower != flipped, unit);
            let solution = if left { solution } else { solution.transposed(false) };
            solution.write(kind, out, at);
        }
        Ok(())
    })
}

fn conjugated(mut matrix: Matrix, conjugate: bool) -> Matrix {
    if conjugate {
        matrix.elements.iter_mut().for_each(|z| *z = conj(*z));
    }
    matrix
}

/// Forward substitution with a lower, backward with an upper triangular matrix.
fn substitute(a: &Matrix, mut x: Matrix, lower: bool, unit: bool) -> Matrix {
    for step in 0..a.rows {
        let row = if lower { step } else { a.rows - 1 - step };
        let known = if lower { 0..row } else { row + 1..a.rows };
        for column in 0..x.columns {
            let mut sum = x.at(row, column);
            for k in known.clone() {
                sum = subtract_product(sum, a.at(row, k), x.at(k, column));
            }
            x.set(row, column, if unit { sum } else { sum.divide(a.at(row, row)) });
        }
    }
    x
}
