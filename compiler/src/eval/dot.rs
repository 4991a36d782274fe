//! `dot_general`, `dot`, `einsum` and `unary_einsum`.

use smallvec::SmallVec;

use super::call::{Call, check_dims, sizes};
use super::error::Fault;
use super::float::FloatType;
use super::matmul::{Factor, Precision, factor, multiply, sizes_of};
use super::shape;
use super::tensor::{Shape, Tensor, element_count};
use crate::ir::{Attr, DotAlgorithm, ElementType};

/// Which dimensions of the two operands meet.
pub(super) struct Numbers {
    pub(super) lhs_batch: Shape,
    pub(super) rhs_batch: Shape,
    pub(super) lhs_contracting: Shape,
    pub(super) rhs_contracting: Shape,
}

impl Numbers {
    pub(super) fn new(batch: [&[i64]; 2], contracting: [&[i64]; 2]) -> Result<Self, Fault> {
        let dims = |list: &[i64]| sizes(list).ok_or_else(|| Fault::invalid("dimension numbers are negative"));
        Ok(Self {
            lhs_batch: dims(batch[0])?,
            rhs_batch: dims(batch[1])?,
            lhs_contracting: dims(contracting[0])?,
            rhs_contracting: dims(contracting[1])?,
        })
    }

    fn check(&self, lhs: &Tensor, rhs: &Tensor) -> Result<(), Fault> {
        let used = |batch: &[usize], contracting: &[usize]| [batch, contracting].concat();
        check_dims(&used(&self.lhs_batch, &self.lhs_contracting), lhs.shape().len(), "dot dimension numbers")?;
        check_dims(&used(&self.rhs_batch, &self.rhs_contracting), rhs.shape().len(), "dot dimension numbers")?;
        let agree = sizes_of(lhs, &self.lhs_batch) == sizes_of(rhs, &self.rhs_batch)
            && sizes_of(lhs, &self.lhs_contracting) == sizes_of(rhs, &self.rhs_contracting);
        let differ = || Fault::invalid(format!("{} and {} differ where they meet", lhs.ty(), rhs.ty()));
        agree.then_some(()).ok_or_else(differ)
    }
}

fn others(rank: usize, batch: &[usize], contracting: &[usize]) -> Shape {
    (0..rank).filter(|d| !batch.contains(d) && !contracting.contains(d)).collect()
}

pub(super) fn dot_general(call: &Call<'_>) -> Result<Tensor, Fault> {
    let Some(Attr::DotDimensionNumbers(numbers)) = call.attrs.get("dot_dimension_numbers") else {
        return Err(call.missing("dot_dimension_numbers"));
    };
    let numbers = Numbers::new(
        [&numbers.lhs_batching_dimensions, &numbers.rhs_batching_dimensions],
        [&numbers.lhs_contracting_dimensions, &numbers.rhs_contracting_dimensions],
    )?;
    let algorithm = match call.attrs.get("algorithm") {
        Some(Attr::DotAlgorithm(algorithm)) => Some(algorithm.as_ref()),
        _ => None,
    };
    contract(call, call.operand(0)?, call.operand(1)?, &numbers, algorithm)
}

pub(super) fn dot(call: &Call<'_>) -> Result<Tensor, Fault> {
    let (lhs, rhs) = (call.operand(0)?, call.operand(1)?);
    let last = lhs.shape().len() as i64 - 1;
    contract(call, lhs, rhs, &Numbers::new([&[], &[]], [&[last], &[0]])?, None)
}

/// The contraction of two tensors, with batch, left and right dimensions in this order.
pub(super) fn contract(
    call: &Call<'_>,
    lhs: &Tensor,
    rhs: &Tensor,
    numbers: &Numbers,
    algorithm: Option<&DotAlgorithm>,
) -> Result<Tensor, Fault> {
    numbers.check(lhs, rhs)?;
    let lhs_outer = others(lhs.shape().len(), &numbers.lhs_batch, &numbers.lhs_contracting);
    let rhs_outer = others(rhs.shape().len(), &numbers.rhs_batch, &numbers.rhs_contracting);
    let shape: Shape = sizes_of(lhs, &numbers.lhs_batch)
        .into_iter()
        .chain(sizes_of(lhs, &lhs_outer))
        .chain(sizes_of(rhs, &rhs_outer))
        .collect();
    let element = call.element()?;
    if element_count(&shape)? == 0 {
        return call.heap.build(element, &shape, |_| Ok(()));
    }
    let mut left = factor(lhs, &numbers.lhs_batch, &lhs_outer, &numbers.lhs_contracting);
    let mut right = factor(rhs, &numbers.rhs_batch, &rhs_outer, &numbers.rhs_contracting);
    let mut wide = false;
    if let Some(algorithm) = algorithm {
        left.precision = precision(&algorithm.lhs_precision_type, algorithm.lhs_component_count);
        right.precision = precision(&algorithm.rhs_precision_type, algorithm.rhs_component_count);
        wide = algorithm.accumulation_type == ElementType::F64;
    }
    multiply(call.heap, &left, &right, element, &shape, wide)
}

/// What an algorithm rounds an operand to. Operands that it splits into several components keep
/// all their bits, which is what the components together stand for.
fn precision(element: &ElementType, components: i64) -> Option<Precision> {
    if components > 1 {
        return None;
    }
    match element {
        ElementType::TF32 => Some(Precision::Tf32),
        other => FloatType::of(other).map(Precision::Type),
    }
}

/// Einstein summation: dimensions of one label meet; labels that the result lacks are summed over.
pub(super) fn einsum(call: &Call<'_>) -> Result<Tensor, Fault> {
    let config = call.attrs.get("einsum_config").and_then(Attr::as_str).ok_or_else(|| call.missing("einsum_config"))?;
    let (inputs, output) = config.split_once("->").ok_or_else(|| Fault::invalid("`einsum_config` has no `->`"))?;
    let labels: Vec<Vec<char>> = inputs.split(',').map(|part| part.trim().chars().collect()).collect();
    if labels.len() != call.operands.len() || config.contains('.') {
        return Err(Fault::unsupported(format!("`{config}` does not label every dimension of every operand")));
    }
    let output: Vec<char> = output.trim().chars().collect();
    let one = Tensor::new(&crate::ir::TensorType::scalar(call.element()?.clone()), one_bytes(call.element()?)?)?;
    let (mut lhs, mut lhs_labels) = diagonal(call, call.operand(0)?, &labels[0])?;
    let (rhs, rhs_labels) = match labels.get(1) {
        Some(labels) => diagonal(call, call.operand(1)?, labels)?,
        None => (one, Vec::new()),
    };
    let shared = |label: &char| rhs_labels.contains(label);
    let place = |labels: &[char], label: char| labels.iter().position(|&l| l == label).map_or(0, |at| at as i64);
    let only_summed: Vec<char> = lhs_labels.iter().filter(|l| !shared(l) && !output.contains(l)).copied().collect();
    if !only_summed.is_empty() {
        (lhs, lhs_labels) = sum_out(call, &lhs, &lhs_labels, &only_summed)?;
    }
    let rhs_summed: Vec<char> =
        rhs_labels.iter().filter(|l| !lhs_labels.contains(l) && !output.contains(l)).copied().collect();
    let (rhs, rhs_labels) =
        if rhs_summed.is_empty() { (rhs, rhs_labels) } else { sum_out(call, &rhs, &rhs_labels, &rhs_summed)? };
    let (mut batch, mut contracting) = ([Vec::new(), Vec::new()], [Vec::new(), Vec::new()]);
    let mut order: Vec<char> = Vec::new();
    for &label in lhs_labels.iter().filter(|l| rhs_labels.contains(l)) {
        let group = if output.contains(&label) { &mut batch } else { &mut contracting };
        group[0].push(place(&lhs_labels, label));
        group[1].push(place(&rhs_labels, label));
        if output.contains(&label) {
            order.push(label);
        }
    }
    order.extend(lhs_labels.iter().filter(|l| !rhs_labels.contains(l)));
    order.extend(rhs_labels.iter().filter(|l| !lhs_labels.contains(l)));
    let numbers = Numbers::new([&batch[0], &batch[1]], [&contracting[0], &contracting[1]])?;
    let product = contract(call, &lhs, &rhs, &numbers, None)?;
    let permutation: Option<Shape> = output.iter().map(|label| order.iter().position(|l| l == label)).collect();
    let permutation = permutation.filter(|p| p.len() == order.len());
    let permutation =
        permutation.ok_or_else(|| Fault::invalid(format!("`{config}` has labels that no operand has")))?;
    shape::permute(call, &product, &permutation)
}

fn one_bytes(element: &ElementType) -> Result<Vec<u8>, Fault> {
    use super::elementwise::convert;
    use super::number::{Kind, Scalar};
    let kind = Kind::of(element)?;
    let mut bytes = vec![0; kind.width()];
    kind.write(convert(Scalar::Int(1), kind), &mut bytes, 0);
    Ok(bytes)
}

/// The operand with dimensions of equal labels joined into their diagonal.
fn diagonal(call: &Call<'_>, operand: &Tensor, labels: &[char]) -> Result<(Tensor, Vec<char>), Fault> {
    if labels.len() != operand.shape().len() {
        return Err(Fault::invalid(format!("{} labels for {}", labels.len(), operand.ty())));
    }
    let mut unique: Vec<char> = Vec::new();
    let mut shape = Shape::new();
    let mut strides: SmallVec<[isize; 4]> = SmallVec::new();
    for ((&label, &size), stride) in labels.iter().zip(operand.shape()).zip(super::walk::row_major(operand.shape())) {
        match unique.iter().position(|&l| l == label) {
            Some(at) if shape[at] == size => strides[at] += stride,
            Some(_) => return Err(Fault::invalid(format!("label {label} has two sizes"))),
            None => {
                unique.push(label);
                shape.push(size);
                strides.push(stride);
            }
        }
    }
    let from = super::walk::Layout { offset: 0, strides };
    let tensor = call.heap.build(operand.element(), &shape, |out| {
        let to = super::walk::Layout::whole(&shape);
        super::walk::copy(&shape, operand.bytes(), &from, out, &to, operand.element().byte_size());
        Ok::<_, Fault>(())
    })?;
    Ok((tensor, unique))
}

/// Sums over the dimensions of some labels.
fn sum_out(call: &Call<'_>, operand: &Tensor, labels: &[char], summed: &[char]) -> Result<(Tensor, Vec<char>), Fault> {
    let dims = |keep: bool| (0..labels.len()).filter(|&d| summed.contains(&labels[d]) != keep).collect::<Shape>();
    let (kept, gone) = (dims(true), dims(false));
    let ones = Tensor::new(&crate::ir::TensorType::scalar(operand.element().clone()), one_bytes(operand.element())?)?;
    let left = factor(operand, &[], &kept, &gone);
    let right =
        Factor { tensor: &ones, batch: vec![0], outer: vec![0], inner: vec![0; left.inner.len()], precision: None };
    let sum = multiply(call.heap, &left, &right, operand.element(), &sizes_of(operand, &kept), false)?;
    Ok((sum, kept.iter().map(|&d| labels[d]).collect()))
}
