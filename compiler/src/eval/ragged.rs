//! CHLO's `ragged_dot`: a product in groups along one ragged dimension of `lhs`.
//!
//! The sizes of the groups are the last operand; groups follow one another, and what lies after
//! the last belongs to none. Three modes by what the ragged dimension is:
//!
//! | dimension | result |
//! |---|---|
//! | outer | `[b.., m.., n..]`; each group of rows meets its own slice of `rhs` |
//! | contracting | `[g, b.., m.., n..]`; each group gives its own product |
//! | batch | `[b.., m.., n..]`; batches of no group give zero |
//!
//! Each group's product is that of `lhs` with everything outside the group set to zero, as CHLO's
//! own expansion does it.

use super::call::{Call, sizes, tensor_sizes};
use super::dot::{Numbers, contract};
use super::elementwise::{self, Elementwise};
use super::error::Fault;
use super::number::Kind;
use super::shape;
use super::tensor::{Shape, Tensor, element_count};
use super::walk::{Indices, position, row_major};
use crate::ir::{Attr, AttrMap, Opcode};

pub(super) fn ragged_dot(call: &Call<'_>) -> Result<Tensor, Fault> {
    let Some(Attr::RaggedDotDimensionNumbers(ragged)) = call.attrs.get("ragged_dot_dimension_numbers") else {
        return Err(call.missing("ragged_dot_dimension_numbers"));
    };
    let numbers = Numbers::new(
        [&ragged.lhs_batching_dimensions, &ragged.rhs_batching_dimensions],
        [&ragged.lhs_contracting_dimensions, &ragged.rhs_contracting_dimensions],
    )?;
    let dims = |list: &[i64]| sizes(list).ok_or_else(|| Fault::invalid("dimension numbers are negative"));
    let (lhs, rhs) = (call.operand(0)?, call.operand(1)?);
    let ragged_dim = match dims(&ragged.lhs_ragged_dimensions)?.as_slice() {
        [one] if *one < lhs.shape().len() => *one,
        _ => return Err(Fault::invalid("ragged_dot has one ragged dimension of `lhs`")),
    };
    let groups = Groups::of(call, lhs, ragged_dim, &numbers)?;
    let group_dim = dims(&ragged.rhs_group_dimensions)?;
    let contracting = numbers.lhs_contracting.contains(&ragged_dim);
    let products = (0..groups.count).map(|group| {
        let part = groups.keep(call, lhs, group)?;
        match group_dim.as_slice() {
            [] => contract(call, &part, rhs, &numbers, None),
            [dim] => {
                let (slice, numbers) = group_slice(call, rhs, *dim, group, &numbers)?;
                contract(call, &part, &slice, &numbers, None)
            }
            _ => Err(Fault::invalid("ragged_dot has at most one group dimension of `rhs`")),
        }
    });
    if contracting {
        let stack = |product: Result<Tensor, Fault>| {
            let product = product?;
            let mut shape: Shape = product.shape().into();
            shape.insert(0, 1);
            product.with_shape(&shape)
        };
        return shape::concatenate_along(call, &products.map(stack).collect::<Result<Vec<_>, _>>()?, 0);
    }
    let kind = Kind::of(call.element()?)?;
    let add = Elementwise::of(Opcode::Add, &AttrMap::new(), &[kind, kind], kind)?
        .ok_or_else(|| Fault::invalid("sums are element-wise"))?;
    products
        .reduce(|sum, product| elementwise::apply(call.heap, &add, &[&sum?, &product?], call.element()?))
        .unwrap_or_else(|| Err(Fault::invalid("ragged_dot has no groups")))
}

/// Where each group starts and ends along the ragged dimension.
struct Groups {
    count: usize,
    ragged: usize,
    /// The dimensions of `lhs` that the sizes vary along; none when one list serves all.
    outer: Shape,
    sizes: Shape,
}

impl Groups {
    fn of(call: &Call<'_>, lhs: &Tensor, ragged: usize, numbers: &Numbers) -> Result<Self, Fault> {
        let tensor = call.operand(2)?;
        let (Some(&count), sizes) = (tensor.shape().last(), tensor_sizes(tensor)?) else {
            return Err(Fault::invalid("group sizes are a list, or lists"));
        };
        let before = |dims: &[usize]| dims.iter().copied().take_while(|&d| d != ragged).collect::<Shape>();
        let outer: Shape = if tensor.shape().len() == 1 {
            Shape::new()
        } else if numbers.lhs_batch.contains(&ragged) {
            before(&numbers.lhs_batch)
        } else if numbers.lhs_contracting.contains(&ragged) {
            numbers.lhs_batch.iter().copied().chain(before(&numbers.lhs_contracting)).collect()
        } else {
            let free = |d: &usize| !numbers.lhs_batch.contains(d) && !numbers.lhs_contracting.contains(d);
            numbers.lhs_batch.iter().copied().chain((0..ragged).filter(free)).collect()
        };
        let expected: Shape = outer.iter().map(|&d| lhs.shape()[d]).collect();
        if tensor.shape()[..tensor.shape().len() - 1] != expected[..] {
            return Err(Fault::invalid(format!("group sizes {} do not fit {}", tensor.ty(), lhs.ty())));
        }
        Ok(Self { count, ragged, outer, sizes })
    }

    /// The tensor with everything outside a group set to zero.
    fn keep(&self, call: &Call<'_>, lhs: &Tensor, group: usize) -> Result<Tensor, Fault> {
        let width = lhs.element().byte_size();
        let outer_shape: Shape = self.outer.iter().map(|&d| lhs.shape()[d]).collect();
        let strides = row_major(&outer_shape);
        call.heap.build(lhs.element(), lhs.shape(), |out| {
            let mut indices = Indices::new(lhs.shape());
            let mut at = 0;
            while let Some(index) = indices.next() {
                let outer: Shape = self.outer.iter().map(|&d| index[d]).collect();
                let first = position(&outer, &strides) as usize * self.count;
                let start: usize = self.sizes[first..first + group].iter().sum();
                if (start..start + self.sizes[first + group]).contains(&index[self.ragged]) {
                    out[at..at + width].copy_from_slice(&lhs.bytes()[at..at + width]);
                }
                at += width;
            }
            Ok(())
        })
    }
}

/// The slice of `rhs` for a group, and the dimension numbers without the group dimension.
fn group_slice(
    call: &Call<'_>,
    rhs: &Tensor,
    dim: usize,
    group: usize,
    numbers: &Numbers,
) -> Result<(Tensor, Numbers), Fault> {
    if rhs.shape().get(dim).is_none_or(|&size| group >= size) {
        return Err(Fault::invalid(format!("{} has no slice for group {group}", rhs.ty())));
    }
    let mut shape: Shape = rhs.shape().into();
    shape.remove(dim);
    let inner = element_count(&shape[dim..])? * rhs.element().byte_size();
    let slice = call.heap.build(rhs.element(), &shape, |out| {
        for (at, out) in out.chunks_exact_mut(inner.max(1)).enumerate() {
            let from = (at * rhs.shape()[dim] + group) * inner;
            out.copy_from_slice(&rhs.bytes()[from..from + inner]);
        }
        Ok::<_, Fault>(())
    })?;
    let shift = |dims: &[usize]| dims.iter().map(|&d| if d > dim { d - 1 } else { d }).collect::<Shape>();
    let numbers = Numbers {
        lhs_batch: numbers.lhs_batch.clone(),
        rhs_batch: shift(&numbers.rhs_batch),
        lhs_contracting: numbers.lhs_contracting.clone(),
        rhs_contracting: shift(&numbers.rhs_contracting),
    };
    Ok((slice, numbers))
}
