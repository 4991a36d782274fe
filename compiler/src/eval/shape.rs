//! Operations that only move elements: broadcasts, slices, pads, transposes, and `iota`.

use smallvec::SmallVec;

use super::call::{Call, tensor_ints, tensor_sizes};
use super::elementwise::convert;
use super::error::Fault;
use super::number::{Kind, Scalar};
use super::tensor::{Heap, Shape, Tensor, element_count};
use super::walk::{self, Layout, row_major};
use crate::ir::ElementType;

pub(super) fn broadcast_in_dim(call: &Call<'_>) -> Result<Tensor, Fault> {
    let dims = call.sizes("broadcast_dimensions")?;
    broadcast_to(call, call.operand(0)?, &dims, &call.result_shape()?)
}

pub(super) fn dynamic_broadcast_in_dim(call: &Call<'_>) -> Result<Tensor, Fault> {
    let dims = call.sizes("broadcast_dimensions")?;
    broadcast_to(call, call.operand(0)?, &dims, &tensor_sizes(call.operand(1)?)?)
}

pub(super) fn broadcast(call: &Call<'_>) -> Result<Tensor, Fault> {
    let operand = call.operand(0)?;
    let mut shape = call.sizes("broadcast_sizes")?;
    let dims: Shape = (shape.len()..shape.len() + operand.shape().len()).collect();
    shape.extend_from_slice(operand.shape());
    broadcast_to(call, operand, &dims, &shape)
}

/// The operand with its dimension `i` along the result's `dims[i]`, repeated along all others and
/// along those where it has size one.
pub(super) fn broadcast_to(
    call: &Call<'_>,
    operand: &Tensor,
    dims: &[usize],
    shape: &[usize],
) -> Result<Tensor, Fault> {
    super::call::check_dims(dims, shape.len(), "broadcast_dimensions")?;
    let fits = |(&dim, &size): (&usize, &usize)| size == shape[dim] || size == 1;
    if dims.len() != operand.shape().len() || !dims.iter().zip(operand.shape()).all(fits) {
        return Err(Fault::invalid(format!("{} does not broadcast to {shape:?} along {dims:?}", operand.ty())));
    }
    let mut strides = SmallVec::from_elem(0, shape.len());
    for ((&dim, &size), stride) in dims.iter().zip(operand.shape()).zip(row_major(operand.shape())) {
        strides[dim] = if size == 1 { 0 } else { stride };
    }
    let width = operand.element().byte_size();
    call.heap.build(operand.element(), shape, |out| {
        if operand.len() == 1 {
            walk::fill(out, operand.bytes());
        } else {
            let from = Layout { offset: 0, strides };
            walk::copy(shape, operand.bytes(), &from, out, &Layout::whole(shape), width);
        }
        Ok(())
    })
}

pub(super) fn reshape(call: &mut Call<'_>) -> Result<Tensor, Fault> {
    let shape = call.result_shape()?;
    call.take_operand(0)?.with_shape(&shape)
}

pub(super) fn dynamic_reshape(call: &mut Call<'_>) -> Result<Tensor, Fault> {
    let shape = tensor_sizes(call.operand(1)?)?;
    call.take_operand(0)?.with_shape(&shape)
}

pub(super) fn transpose(call: &Call<'_>) -> Result<Tensor, Fault> {
    let operand = call.operand(0)?;
    let permutation = call.dims("permutation", operand.shape().len())?;
    if permutation.len() != operand.shape().len() {
        return Err(Fault::invalid(format!("{permutation:?} does not permute rank {}", operand.shape().len())));
    }
    permute(call, operand, &permutation)
}

/// The operand with its dimension `permutation[i]` as the result's dimension `i`.
pub(super) fn permute(call: &Call<'_>, operand: &Tensor, permutation: &[usize]) -> Result<Tensor, Fault> {
    let shape: Shape = permutation.iter().map(|&dim| operand.shape()[dim]).collect();
    let strides = row_major(operand.shape());
    let from = Layout { offset: 0, strides: permutation.iter().map(|&dim| strides[dim]).collect() };
    gather_layout(call, operand, &shape, &from)
}

/// A tensor of this shape whose elements stand in the operand's buffer as `from` says.
fn gather_layout(call: &Call<'_>, operand: &Tensor, shape: &[usize], from: &Layout) -> Result<Tensor, Fault> {
    call.heap.build(operand.element(), shape, |out| {
        walk::copy(shape, operand.bytes(), from, out, &Layout::whole(shape), operand.element().byte_size());
        Ok(())
    })
}

pub(super) fn reverse(call: &Call<'_>) -> Result<Tensor, Fault> {
    let operand = call.operand(0)?;
    let dims = call.dims("dimensions", operand.shape().len())?;
    let mut from = Layout::whole(operand.shape());
    if operand.is_empty() {
        return Ok(operand.clone());
    }
    for &dim in &dims {
        from.offset += (operand.shape()[dim] - 1) as isize * from.strides[dim];
        from.strides[dim] = -from.strides[dim];
    }
    gather_layout(call, operand, operand.shape(), &from)
}

pub(super) fn slice(call: &Call<'_>) -> Result<Tensor, Fault> {
    let (start, limit, strides) = (call.sizes("start_indices")?, call.sizes("limit_indices")?, call.sizes("strides")?);
    slice_of(call, call.operand(0)?, &start, &limit, &strides)
}

pub(super) fn real_dynamic_slice(call: &Call<'_>) -> Result<Tensor, Fault> {
    let bounds = [1, 2, 3].map(|i| call.operand(i).and_then(tensor_sizes));
    let [start, limit, strides] = bounds;
    slice_of(call, call.operand(0)?, &start?, &limit?, &strides?)
}

fn slice_of(
    call: &Call<'_>,
    operand: &Tensor,
    start: &[usize],
    limit: &[usize],
    step: &[usize],
) -> Result<Tensor, Fault> {
    let shape = operand.shape();
    let ranks_agree = [start.len(), limit.len(), step.len()].iter().all(|&len| len == shape.len());
    let inside = |d: usize| start[d] <= limit[d] && limit[d] <= shape[d] && step[d] > 0;
    if !ranks_agree || !(0..shape.len()).all(inside) {
        return Err(Fault::invalid(format!("{start:?} to {limit:?} by {step:?} is no slice of {}", operand.ty())));
    }
    let sizes: Shape = (0..shape.len()).map(|d| (limit[d] - start[d]).div_ceil(step[d])).collect();
    let strides = row_major(shape);
    let from = Layout {
        offset: walk::position(start, &strides),
        strides: strides.iter().zip(step).map(|(&stride, &step)| stride.wrapping_mul(step as isize)).collect(),
    };
    gather_layout(call, operand, &sizes, &from)
}

pub(super) fn dynamic_slice(call: &Call<'_>) -> Result<Tensor, Fault> {
    let operand = call.operand(0)?;
    let sizes = call.sizes("slice_sizes")?;
    let start = clamped_start(call, 1, operand.shape(), &sizes)?;
    let limit: Shape = start.iter().zip(&sizes).map(|(&start, &size)| start + size).collect();
    slice_of(call, operand, &start, &limit, &SmallVec::<[usize; 4]>::from_elem(1, sizes.len()))
}

pub(super) fn dynamic_update_slice(call: &mut Call<'_>) -> Result<Tensor, Fault> {
    let update = call.operand(1)?.clone();
    let start = clamped_start(call, 2, call.operand(0)?.shape(), update.shape())?;
    let heap = call.heap;
    let mut operand = call.take_operand(0)?;
    if update.element() != operand.element() {
        return Err(Fault::invalid(format!("{} cannot be written over {}", update.ty(), operand.ty())));
    }
    let strides = row_major(operand.shape());
    let to = Layout { offset: walk::position(&start, &strides), strides };
    let width = operand.element().byte_size();
    let from = Layout::whole(update.shape());
    walk::copy(update.shape(), update.bytes(), &from, operand.bytes_mut(heap)?, &to, width);
    Ok(operand)
}

/// The start of a dynamic slice from scalar operands, moved so that the slice is inside `shape`.
fn clamped_start(call: &Call<'_>, first: usize, shape: &[usize], sizes: &[usize]) -> Result<Shape, Fault> {
    let indices = call.operands.get(first..).unwrap_or(&[]);
    let inside = shape.len() == sizes.len() && sizes.iter().zip(shape).all(|(size, whole)| size <= whole);
    if indices.len() != shape.len() || !inside {
        return Err(Fault::invalid(format!(
            "{} start indices and sizes {sizes:?} do not fit a shape of {shape:?}",
            indices.len()
        )));
    }
    let start = |(dim, index): (usize, &Tensor)| {
        let at = super::call::single(index)?.int();
        Ok(at.clamp(0, (shape[dim] - sizes[dim]) as i128) as usize)
    };
    indices.iter().enumerate().map(start).collect()
}

pub(super) fn concatenate(call: &Call<'_>) -> Result<Tensor, Fault> {
    let first = call.operand(0)?;
    let dim = call.dim("dimension", first.shape().len())?;
    concatenate_along(call, &call.operands, dim)
}

/// The tensors one after another along `dim`.
pub(super) fn concatenate_along(call: &Call<'_>, parts: &[Tensor], dim: usize) -> Result<Tensor, Fault> {
    let Some(first) = parts.first() else { return Err(Fault::invalid("nothing to concatenate")) };
    let mut shape: Shape = first.shape().into();
    let agrees = |part: &&Tensor| {
        part.element() == first.element()
            && part.shape().len() == shape.len()
            && (0..shape.len()).all(|d| d == dim || part.shape()[d] == shape[d])
    };
    if let Some(odd) = parts.iter().find(|part| !agrees(part)) {
        return Err(Fault::invalid(format!("{} and {} do not join along {dim}", first.ty(), odd.ty())));
    }
    let total = parts.iter().try_fold(0usize, |sum, part| sum.checked_add(part.shape()[dim]));
    shape[dim] = total.ok_or_else(|| Fault::invalid("the joined dimension is too large"))?;
    let width = first.element().byte_size();
    call.heap.build(first.element(), &shape, |out| {
        let mut to = Layout::whole(&shape);
        for part in parts {
            walk::copy(part.shape(), part.bytes(), &Layout::whole(part.shape()), out, &to, width);
            to.offset += part.shape()[dim] as isize * to.strides[dim];
        }
        Ok(())
    })
}

pub(super) fn pad(call: &Call<'_>) -> Result<Tensor, Fault> {
    let amount = |name: &str| call.ints(name)?.ok_or_else(|| call.missing(name));
    let (low, high) = (amount("edge_padding_low")?, amount("edge_padding_high")?);
    pad_by(call, &low, &high, &amount("interior_padding")?)
}

pub(super) fn dynamic_pad(call: &Call<'_>) -> Result<Tensor, Fault> {
    let amounts = [2, 3, 4].map(|i| call.operand(i).and_then(tensor_ints));
    let [low, high, interior] = amounts;
    pad_by(call, &low?, &high?, &interior?)
}

fn pad_by(call: &Call<'_>, low: &[i64], high: &[i64], interior: &[i64]) -> Result<Tensor, Fault> {
    let (operand, value) = (call.operand(0)?, call.operand(1)?);
    if value.len() != 1 || value.element() != operand.element() {
        return Err(Fault::invalid(format!("{} cannot be padded with {}", operand.ty(), value.ty())));
    }
    pad_tensor(call.heap, operand, value.bytes(), low, high, interior)
}

/// The operand with `low` and `high` elements added at the ends of each dimension and `interior`
/// between elements, all of them `value`; negative ends cut off.
pub(super) fn pad_tensor(
    heap: &Heap,
    operand: &Tensor,
    value: &[u8],
    low: &[i64],
    high: &[i64],
    interior: &[i64],
) -> Result<Tensor, Fault> {
    let rank = operand.shape().len();
    if [low.len(), high.len(), interior.len()].iter().any(|&len| len != rank) {
        return Err(Fault::invalid(format!("padding does not fit {}", operand.ty())));
    }
    let too_large = || Fault::invalid("the padded shape is negative or too large");
    let mut shape = Shape::new();
    let (mut first, mut last) = (Shape::new(), Shape::new());
    for d in 0..rank {
        let size = operand.shape()[d] as i128;
        let step = i128::from(interior[d]) + 1;
        if step < 1 {
            return Err(Fault::invalid(format!("interior padding {} is negative", interior[d])));
        }
        let spread = if size == 0 { 0 } else { (size - 1) * step + 1 };
        let padded = spread + i128::from(low[d]) + i128::from(high[d]);
        shape.push(usize::try_from(padded).ok().filter(|&s| s <= isize::MAX as usize).ok_or_else(too_large)?);
        let begin = (-i128::from(low[d])).max(0).div_ceil_by(step).min(size);
        let end = ((padded - i128::from(low[d]) - 1).div_euclid(step) + 1).clamp(begin, size);
        first.push(begin as usize);
        last.push(end as usize);
    }
    let from_strides = row_major(operand.shape());
    let from = Layout { offset: walk::position(&first, &from_strides), strides: from_strides };
    let to_strides = row_major(&shape);
    let place = |d: usize| (first[d] as i64 * (interior[d] + 1) + low[d]) as isize * to_strides[d];
    let kept: Shape = first.iter().zip(&last).map(|(first, last)| last - first).collect();
    let to = if kept.contains(&0) {
        Layout { offset: 0, strides: to_strides }
    } else {
        Layout {
            offset: (0..rank).map(place).sum(),
            strides: (0..rank).map(|d| to_strides[d].wrapping_mul(interior[d] as isize + 1)).collect(),
        }
    };
    let width = operand.element().byte_size();
    heap.build(operand.element(), &shape, |out| {
        walk::fill(out, value);
        walk::copy(&kept, operand.bytes(), &from, out, &to, width);
        Ok(())
    })
}

/// Division rounded up, for non-negative dividends.
trait DivCeil {
    fn div_ceil_by(self, divisor: Self) -> Self;
}

impl DivCeil for i128 {
    fn div_ceil_by(self, divisor: Self) -> Self {
        (self + divisor - 1) / divisor
    }
}

pub(super) fn iota(call: &Call<'_>) -> Result<Tensor, Fault> {
    iota_of(call, &call.result_shape()?)
}

pub(super) fn dynamic_iota(call: &Call<'_>) -> Result<Tensor, Fault> {
    iota_of(call, &tensor_sizes(call.operand(0)?)?)
}

fn iota_of(call: &Call<'_>, shape: &[usize]) -> Result<Tensor, Fault> {
    let dim = call.dim("iota_dimension", shape.len())?;
    let element = call.element()?;
    let kind = Kind::of(element)?;
    let inner = element_count(&shape[dim + 1..])? * kind.width();
    call.heap.build(element, shape, |out| {
        if inner == 0 || shape[dim] == 0 {
            return Ok(());
        }
        for block in out.chunks_exact_mut(inner * shape[dim]) {
            for (at, run) in block.chunks_exact_mut(inner).enumerate() {
                let mut bytes = [0; 16];
                kind.write(convert(Scalar::Int(at as i128), kind), &mut bytes, 0);
                walk::fill(run, &bytes[..kind.width()]);
            }
        }
        Ok(())
    })
}

/// The same bits as elements of another type, low bits first where sizes differ.
pub(super) fn bitcast_convert(call: &mut Call<'_>) -> Result<Tensor, Fault> {
    let to = call.element()?.clone();
    let operand = call.take_operand(0)?;
    let (from_bits, to_bits) = (operand.element().bits() as usize, to.bits() as usize);
    let whole = from_bits % 8 == 0 && to_bits % 8 == 0;
    let mut shape: Shape = operand.shape().into();
    if from_bits > to_bits && from_bits % to_bits == 0 {
        shape.push(from_bits / to_bits);
    } else if to_bits > from_bits && to_bits % from_bits == 0 {
        if shape.pop() != Some(to_bits / from_bits) {
            return Err(Fault::invalid(format!("{} does not hold whole elements of {to}", operand.ty())));
        }
    } else if from_bits != to_bits {
        return Err(Fault::invalid(format!("{} and {to} have no common size", operand.element())));
    }
    if whole && from_bits == to_bits {
        return operand.with_element(to);
    }
    call.heap.build(&to, &shape, |out| {
        if whole {
            out.copy_from_slice(operand.bytes());
        } else {
            repack(operand.bytes(), operand.element(), out, &to);
        }
        Ok(())
    })
}

/// Moves bits between element types narrower than a byte and others.
fn repack(src: &[u8], from: &ElementType, dst: &mut [u8], to: &ElementType) {
    let (from_bits, to_bits) = (from.bits(), to.bits());
    let (mut bits, mut held) = (0u128, 0);
    let mut elements = src.chunks_exact(from.byte_size());
    for out in dst.chunks_exact_mut(to.byte_size()) {
        while held < to_bits {
            let Some(element) = elements.next() else { return };
            let mut wide = [0; 16];
            wide[..element.len()].copy_from_slice(element);
            bits |= (u128::from_le_bytes(wide) & mask(from_bits)) << held;
            held += from_bits;
        }
        let mut value = bits & mask(to_bits);
        if to.is_signed_integer() && value >> (to_bits - 1) == 1 {
            value |= !mask(to_bits);
        }
        out.copy_from_slice(&value.to_le_bytes()[..out.len()]);
        bits = if to_bits == 128 { 0 } else { bits >> to_bits };
        held -= to_bits;
    }
}

fn mask(bits: u32) -> u128 {
    if bits >= 128 { u128::MAX } else { (1 << bits) - 1 }
}

pub(super) fn get_dimension_size(call: &Call<'_>) -> Result<Tensor, Fault> {
    let operand = call.operand(0)?;
    let size = operand.shape()[call.dim("dimension", operand.shape().len())?];
    let size = i32::try_from(size).map_err(|_| Fault::invalid(format!("a dimension of {size} does not fit i32")))?;
    Tensor::i32s(&[], &[size])
}

/// The operand with only the first `size` elements along `dimension`.
pub(super) fn set_dimension_size(call: &Call<'_>) -> Result<Tensor, Fault> {
    let operand = call.operand(0)?;
    let dim = call.dim("dimension", operand.shape().len())?;
    let size = super::call::single(call.operand(1)?)?.int();
    let start: Shape = SmallVec::from_elem(0, operand.shape().len());
    let mut limit: Shape = operand.shape().into();
    limit[dim] = usize::try_from(size)
        .ok()
        .filter(|&size| size <= limit[dim])
        .ok_or_else(|| Fault::Assertion(format!("a dimension of {} cannot be set to {size}", limit[dim])))?;
    slice_of(call, operand, &start, &limit, &SmallVec::<[usize; 4]>::from_elem(1, limit.len()))
}
