//! Products of tensors of types that kernels do not compute with: `dot`, `dot_general`, `einsum`,
//! `unary_einsum`.
//!
//! Each is a sum over some dimensions of products of two elements; a dimension is a size and a step
//! in both operands. Sums run in order and are rounded to the result's type, but never below `f32`.

use hire_artifact::ElementType;
use serde::Deserialize;

use super::format::Format;
use super::indexing::{Shaped, each_index, position};
use super::movement::dims;
use super::number::{Domain, Number};
use super::reduce::Elements;
use super::{Fault, Prepared, Signature, invalid};

/// How a sum of products grows.
#[derive(Clone, Copy)]
pub(super) struct Sum {
    domain: Domain,
    format: Format,
}

impl Sum {
    /// Sums for results of this type.
    pub(super) fn of(dtype: ElementType) -> Self {
        let domain = Domain::of(dtype);
        let wide = matches!(domain, Domain::Float(Format::F64) | Domain::Complex(Format::F64));
        Self { domain, format: if wide { Format::F64 } else { Format::F32 } }
    }

    pub(super) fn zero(self) -> Number {
        self.domain.convert(Number::Int(0))
    }

    /// `sum + a * b`, rounded after each step.
    pub(super) fn add_product(self, sum: Number, a: Number, b: Number) -> Number {
        let round = |value| self.format.round(value);
        match (self.domain, sum) {
            (Domain::Pred, _) => Number::Int((sum.is_true() || (a.is_true() && b.is_true())).into()),
            (_, Number::Int(sum)) => Number::Int(sum.wrapping_add(a.int().wrapping_mul(b.int()))),
            (_, Number::Float(sum)) => Number::Float(round(sum + round(a.float() * b.float()))),
            (_, Number::Complex(sum)) => {
                let (a, b) = (a.complex(), b.complex());
                let re = round(round(a.re * b.re) - round(a.im * b.im));
                let im = round(round(a.re * b.im) + round(a.im * b.re));
                Number::Complex(super::complex::Complex64::new(round(sum.re + re), round(sum.im + im)))
            }
        }
    }
}

/// A dimension: its size, and its steps in the left and the right operand.
type Dimension = (usize, usize, usize);

fn contraction(signature: &Signature<'_>, outer: &[Dimension], inner: &[Dimension]) -> Result<Prepared, Fault> {
    let result = signature.result(0)?.clone();
    let sizes = |dims: &[Dimension]| dims.iter().map(|d| d.0).collect::<Vec<_>>();
    let steps = |dims: &[Dimension]| -> (Vec<usize>, Vec<usize>) { dims.iter().map(|d| (d.1, d.2)).unzip() };
    signature.expect_shape(0, &sizes(outer))?;
    let (left, right) = steps(outer);
    let (inner_left, inner_right) = steps(inner);
    let mut terms = Vec::new();
    each_index(&sizes(inner), |_, at| terms.push((position(at, &inner_left), position(at, &inner_right))));
    let (sum, to) = (Sum::of(result.dtype), Elements::of(&result));
    let from = Elements::all(&signature.operands);
    let one = Number::Int(1);
    Ok(Prepared::new(move |operands, results| {
        each_index(&result.shape, |at, index| {
            let (left, right) = (position(index, &left), position(index, &right));
            let total = terms.iter().fold(sum.zero(), |total, &(l, r)| {
                let b = from.get(1).map_or(one, |from| from.load(operands[1], right + r));
                sum.add_product(total, from[0].load(operands[0], left + l), b)
            });
            to.store(total, results[0], at);
        });
        Ok(())
    }))
}

#[derive(Clone, Debug, Default, Deserialize)]
struct Numbers {
    #[serde(default)]
    lhs_batching_dimensions: Vec<i64>,
    #[serde(default)]
    rhs_batching_dimensions: Vec<i64>,
    #[serde(default)]
    lhs_contracting_dimensions: Vec<i64>,
    #[serde(default)]
    rhs_contracting_dimensions: Vec<i64>,
}

fn dot_with(signature: &Signature<'_>, numbers: &Numbers) -> Result<Prepared, Fault> {
    let (lhs, rhs) = (signature.operand(0)?, signature.operand(1)?);
    let pairs = |left: &[i64], right: &[i64]| -> Result<Vec<(usize, usize)>, Fault> {
        let left = dims(left, left.len(), lhs.rank(), "dimensions of the left operand")?;
        let right = dims(right, left.len(), rhs.rank(), "dimensions of the right operand")?;
        Ok(left.into_iter().zip(right).collect())
    };
    let batch = pairs(&numbers.lhs_batching_dimensions, &numbers.rhs_batching_dimensions)?;
    let inner = pairs(&numbers.lhs_contracting_dimensions, &numbers.rhs_contracting_dimensions)?;
    let both = |&(l, r): &(usize, usize)| (lhs.shape[l], lhs.strides[l], rhs.strides[r]);
    if batch.iter().chain(&inner).any(|&(l, r)| lhs.shape[l] != rhs.shape[r]) {
        return Err(invalid(format!("{} and {} do not meet", lhs.ty(), rhs.ty())));
    }
    let mut outer: Vec<Dimension> = batch.iter().map(both).collect();
    let free = |rank: usize, used: &dyn Fn(usize) -> bool| (0..rank).filter(|&d| !used(d)).collect::<Vec<_>>();
    let used = || batch.iter().chain(&inner);
    let left = free(lhs.rank(), &|d| used().any(|pair| pair.0 == d));
    let right = free(rhs.rank(), &|d| used().any(|pair| pair.1 == d));
    outer.extend(left.iter().map(|&d| (lhs.shape[d], lhs.strides[d], 0)));
    outer.extend(right.iter().map(|&d| (rhs.shape[d], 0, rhs.strides[d])));
    contraction(signature, &outer, &inner.iter().map(both).collect::<Vec<_>>())
}

pub(super) fn dot_general(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    dot_with(signature, &signature.attribute("dot_dimension_numbers", Numbers::default())?)
}

pub(super) fn dot(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    let last = signature.operand(0)?.rank() as i64 - 1;
    let numbers =
        Numbers { lhs_contracting_dimensions: vec![last], rhs_contracting_dimensions: vec![0], ..Numbers::default() };
    dot_with(signature, &numbers)
}

/// Dimensions of one label meet; labels that the result lacks are summed over.
pub(super) fn einsum(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    let config: String = signature.attribute("einsum_config", String::new())?;
    let labels = |part: &str| part.trim().chars().collect::<Vec<_>>();
    let (inputs, output) = config.split_once("->").ok_or_else(|| invalid("`einsum_config` has no `->`"))?;
    let (inputs, output): (Vec<_>, _) = (inputs.split(',').map(labels).collect(), labels(output));
    let named = inputs.len() == signature.operands.len()
        && inputs.iter().zip(&signature.operands).all(|(labels, operand)| labels.len() == operand.rank());
    if !named || !(1..=2).contains(&inputs.len()) {
        return Err(invalid(format!("`{config}` does not label every dimension")));
    }
    let mut found: Vec<(char, Dimension)> = Vec::new();
    for (at, (labels, operand)) in inputs.iter().zip(&signature.operands).enumerate() {
        for (d, &label) in labels.iter().enumerate() {
            add_label(&mut found, label, operand, d, at == 0)?;
        }
    }
    let dimension = |label: &char| found.iter().find(|(found, _)| found == label).map(|found| found.1);
    let outer: Option<Vec<Dimension>> = output.iter().map(dimension).collect();
    let outer = outer.ok_or_else(|| invalid(format!("`{config}` has labels that no operand has")))?;
    let inner: Vec<Dimension> =
        found.iter().filter(|(label, _)| !output.contains(label)).map(|found| found.1).collect();
    contraction(signature, &outer, &inner)
}

fn add_label(
    found: &mut Vec<(char, Dimension)>,
    label: char,
    operand: &Shaped,
    d: usize,
    is_left: bool,
) -> Result<(), Fault> {
    let (size, stride) = (operand.shape[d], operand.strides[d]);
    let at = found.iter().position(|(found, _)| *found == label).unwrap_or_else(|| {
        found.push((label, (size, 0, 0)));
        found.len() - 1
    });
    let (known, left, right) = &mut found[at].1;
    if *known != size {
        return Err(invalid(format!("the label {label} has two sizes")));
    }
    *(if is_left { left } else { right }) += stride;
    Ok(())
}
