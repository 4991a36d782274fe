//! Positions of elements, as index arithmetic that folds what is known.

use super::Fault;
use super::code::Code;

/// An index: `%v + add`, the same for all lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Term {
    /// An MLIR value of type `index`.
    pub(super) value: Option<u32>,
    /// A number that the value is known to be a multiple of.
    multiple: i64,
    /// What is added to it.
    add: i64,
}

/// An index that may differ between lanes: `base + stride * lane`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Ix {
    /// The index of lane 0.
    pub(super) base: Term,
    /// How much it grows from lane to lane.
    pub(super) stride: i64,
}

impl Term {
    pub(super) const ZERO: Term = Term::known(0);

    /// A number.
    pub(super) const fn known(add: i64) -> Term {
        Term { value: None, multiple: 0, add }
    }

    /// An MLIR value, which is a multiple of `multiple`.
    pub(super) fn value(value: u32, multiple: i64) -> Term {
        Term { value: Some(value), multiple, add: 0 }
    }

    pub(super) fn is_multiple_of(self, n: i64) -> bool {
        self.add % n == 0 && (self.value.is_none() || self.multiple % n == 0)
    }

    pub(super) fn plus(self, other: Term, code: &mut Code) -> Term {
        let add = self.add + other.add;
        match (self.value, other.value) {
            (Some(a), Some(b)) => {
                let value = code.assign(format_args!("arith.addi %v{a}, %v{b} : index"));
                Term { value: Some(value), multiple: gcd(self.multiple, other.multiple), add }
            }
            (Some(_), None) => Term { add, ..self },
            _ => Term { add, ..other },
        }
    }

    pub(super) fn times(self, n: i64, code: &mut Code) -> Term {
        match self.value {
            _ if n == 0 => Term::ZERO,
            None => Term::known(self.add * n),
            Some(_) if n == 1 => self,
            Some(value) => {
                let factor = code.index(n);
                let value = code.assign(format_args!("arith.muli %v{value}, %v{factor} : index"));
                Term { value: Some(value), multiple: self.multiple * n, add: self.add * n }
            }
        }
    }

    /// Quotient and remainder by `n`; the index is not negative.
    fn divided(self, n: i64, code: &mut Code) -> (Term, Term) {
        let Some(value) = self.value else { return (Term::known(self.add / n), Term::known(self.add % n)) };
        if n == 1 {
            return (self, Term::ZERO);
        }
        if self.multiple % n == 0 && (0..n).contains(&self.add) {
            let divisor = code.index(n);
            let quotient = code.assign(format_args!("arith.divui %v{value}, %v{divisor} : index"));
            return (
                Term { value: Some(quotient), multiple: (self.multiple / n).max(1), add: 0 },
                Term::known(self.add),
            );
        }
        let whole = self.materialize(code);
        let divisor = code.index(n);
        let quotient = code.assign(format_args!("arith.divui %v{whole}, %v{divisor} : index"));
        let remainder = code.assign(format_args!("arith.remui %v{whole}, %v{divisor} : index"));
        let known = gcd(gcd(self.multiple, self.add), n);
        (Term::value(quotient, 1), Term::value(remainder, known))
    }

    /// An MLIR value of type `index`.
    pub(super) fn materialize(self, code: &mut Code) -> u32 {
        match (self.value, self.add) {
            (None, add) => code.index(add),
            (Some(value), 0) => value,
            (Some(value), add) => {
                let add = code.index(add);
                code.assign(format_args!("arith.addi %v{value}, %v{add} : index"))
            }
        }
    }
}

impl Ix {
    pub(super) const ZERO: Ix = Ix { base: Term::ZERO, stride: 0 };

    /// The same for all lanes.
    pub(super) fn uniform(base: Term) -> Ix {
        Ix { base, stride: 0 }
    }

    pub(super) fn plus(self, other: Ix, code: &mut Code) -> Ix {
        Ix { base: self.base.plus(other.base, code), stride: self.stride + other.stride }
    }

    pub(super) fn times(self, n: i64, code: &mut Code) -> Ix {
        Ix { base: self.base.times(n, code), stride: self.stride * n }
    }
}

/// Row-major strides.
pub(super) fn strides(shape: &[i64]) -> Vec<i64> {
    let mut strides = vec![1; shape.len()];
    for at in (1..shape.len()).rev() {
        strides[at - 1] = strides[at] * shape[at];
    }
    strides
}

/// The row-major position of an element.
pub(super) fn linear(dims: &[Ix], shape: &[i64], code: &mut Code) -> Ix {
    let mut sum = Ix::ZERO;
    for (&index, stride) in dims.iter().zip(strides(shape)) {
        let part = index.times(stride, code);
        sum = sum.plus(part, code);
    }
    sum
}

/// The indices of the element at a row-major position.
///
/// # Errors
/// [`Fault::Lanes`] when it is not certain that the lanes' elements lie along one dimension.
pub(super) fn delinearized(position: Ix, shape: &[i64], lanes: usize, code: &mut Code) -> Result<Vec<Ix>, Fault> {
    let mut dims = vec![Ix::ZERO; shape.len()];
    let mut rest = position;
    for at in (0..shape.len()).rev() {
        let size = shape[at];
        if size == 1 {
            continue;
        }
        if shape[..at].iter().all(|&outer| outer == 1) {
            dims[at] = rest;
            break;
        }
        let lane_count = lanes as i64;
        if rest.stride == 0 {
            let (quotient, remainder) = rest.base.divided(size, code);
            (dims[at], rest) = (Ix::uniform(remainder), Ix::uniform(quotient));
        } else if rest.stride == 1 && size % lane_count == 0 && rest.base.is_multiple_of(lane_count) {
            let (quotient, remainder) = rest.base.divided(size, code);
            (dims[at], rest) = (Ix { base: remainder, stride: 1 }, Ix::uniform(quotient));
        } else if rest.stride % size == 0 {
            let (quotient, remainder) = rest.base.divided(size, code);
            (dims[at], rest) = (Ix::uniform(remainder), Ix { base: quotient, stride: rest.stride / size });
        } else {
            return Err(Fault::Lanes);
        }
    }
    Ok(dims)
}

fn gcd(a: i64, b: i64) -> i64 {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}
