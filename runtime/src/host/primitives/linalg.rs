//! `cholesky` and `triangular_solve`, on batches of matrices, in complex `f64` and rounded once.
//!
//! Only the half of a matrix that the operation reads is looked at; the other half of a factor is
//! zero, and NaN stands where a matrix is not positive definite.

use super::complex::{Complex64, divide};
use super::number::{Domain, Number};
use super::reduce::Elements;
use super::{Fault, Prepared, Shaped, Signature, invalid};

/// A row-major matrix.
struct Matrix {
    rows: usize,
    columns: usize,
    elements: Vec<Complex64>,
}

impl Matrix {
    fn load(from: Elements, bytes: &[u8], at: usize, [rows, columns]: [usize; 2]) -> Self {
        let first = at * rows * columns;
        let elements = (first..first + rows * columns).map(|i| from.load(bytes, i).complex()).collect();
        Self { rows, columns, elements }
    }

    fn store(&self, to: Elements, bytes: &mut [u8], at: usize) {
        let first = at * self.elements.len();
        self.elements.iter().enumerate().for_each(|(i, &z)| to.store(Number::Complex(z), bytes, first + i));
    }

    fn at(&self, row: usize, column: usize) -> Complex64 {
        self.elements[row * self.columns + column]
    }

    fn set(&mut self, row: usize, column: usize, value: Complex64) {
        self.elements[row * self.columns + column] = value;
    }

    fn transposed(&self) -> Self {
        let elements = (0..self.columns).flat_map(|c| (0..self.rows).map(move |r| self.at(r, c))).collect();
        Self { rows: self.columns, columns: self.rows, elements }
    }

    fn conjugated(mut self) -> Self {
        self.elements.iter_mut().for_each(|z| *z = z.conj());
        self
    }
}

/// The size of the matrices that a tensor ends in, and how many there are.
fn matrices(tensor: &Shaped) -> Result<([usize; 2], usize), Fault> {
    match (tensor.shape.as_slice(), Domain::of(tensor.dtype)) {
        ([outer @ .., rows, columns], Domain::Float(_) | Domain::Complex(_)) => {
            Ok(([*rows, *columns], outer.iter().product()))
        }
        _ => Err(invalid(format!("{} holds no matrices of floats", tensor.ty()))),
    }
}

pub(super) fn cholesky(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    let operand = signature.operand(0)?;
    let (size, count) = matrices(operand)?;
    let lower = signature.attribute("lower", false)?;
    if size[0] != size[1] || signature.result(0)? != operand {
        return Err(invalid(format!("{} holds no square matrices", operand.ty())));
    }
    let elements = Elements::of(operand);
    Ok(Prepared::new(move |operands, results| {
        for at in 0..count {
            let matrix = Matrix::load(elements, operands[0], at, size);
            let factor = if lower {
                factorize(&matrix)
            } else {
                factorize(&matrix.transposed().conjugated()).transposed().conjugated()
            };
            factor.store(elements, results[0], at);
        }
        Ok(())
    }))
}

/// The lower factor `l` of `a = l l*`.
fn factorize(a: &Matrix) -> Matrix {
    let n = a.rows;
    let mut l = Matrix { rows: n, columns: n, elements: vec![Complex64::default(); n * n] };
    for column in 0..n {
        for row in column..n {
            let known = (0..column).map(|k| l.at(row, k) * l.at(column, k).conj());
            let rest = known.fold(a.at(row, column), |rest, product| rest - product);
            let value = match row == column {
                true => Complex64::new(rest.re.sqrt(), 0.0),
                false => rest / l.at(column, column).re,
            };
            l.set(row, column, value);
        }
    }
    l
}

pub(super) fn triangular_solve(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    let (a, b) = (signature.operand(0)?, signature.operand(1)?);
    let ((size, count), (b_size, b_count)) = (matrices(a)?, matrices(b)?);
    let left = signature.attribute("left_side", true)?;
    let meets = size[0] == size[1] && count == b_count && size[0] == b_size[usize::from(!left)];
    if !meets || a.dtype != b.dtype || signature.result(0)? != b {
        return Err(invalid(format!("{} and {} make no linear systems", a.ty(), b.ty())));
    }
    let transpose: String = signature.attribute("transpose_a", "NO_TRANSPOSE".to_owned())?;
    let adjoint = transpose == "ADJOINT";
    let (lower, unit) = (signature.attribute("lower", true)?, signature.attribute("unit_diagonal", false)?);
    // A system `x a = b` is the system `aT xT = bT`.
    let flipped = (adjoint || transpose == "TRANSPOSE") == left;
    let elements = Elements::of(a);
    Ok(Prepared::new(move |operands, results| {
        for at in 0..count {
            let matrix = Matrix::load(elements, operands[0], at, size);
            let matrix = if flipped { matrix.transposed() } else { matrix };
            let matrix = if adjoint { matrix.conjugated() } else { matrix };
            let right = Matrix::load(elements, operands[1], at, b_size);
            let right = if left { right } else { right.transposed() };
            let solution = substitute(&matrix, right, lower != flipped, unit);
            let solution = if left { solution } else { solution.transposed() };
            solution.store(elements, results[0], at);
        }
        Ok(())
    }))
}

/// Forward substitution with a lower, backward with an upper triangular matrix.
fn substitute(a: &Matrix, mut x: Matrix, lower: bool, unit: bool) -> Matrix {
    for step in 0..a.rows {
        let row = if lower { step } else { a.rows - 1 - step };
        let known = if lower { 0..row } else { row + 1..a.rows };
        for column in 0..x.columns {
            let rest = known.clone().fold(x.at(row, column), |rest, k| rest - a.at(row, k) * x.at(k, column));
            x.set(row, column, if unit { rest } else { divide(rest, a.at(row, row)) });
        }
    }
    x
}
