//! `scatter`, `gather` and `torch_index_select`.

use smallvec::SmallVec;

use super::call::{Call, tensor_ints, tensor_sizes};
use super::elementwise::convert;
use super::error::{EvalError, Fault};
use super::machine::{Frame, Machine};
use super::number::{Kind, Scalar};
use super::reduce::check_outputs;
use super::regions::{body, kinds, result_elements};
use super::tensor::{Shape, Tensor};
use super::walk::{self, Indices, Layout, position, row_major};
use crate::ir::{Attr, Operation};

/// How start indices and windows address an operand: the common part of `gather` and `scatter`.
struct Addressing {
    /// Dimensions of the other tensor (gather's result, scatter's updates) that run over a window.
    window_dims: Shape,
    /// Its other dimensions, which run over the start indices.
    batch_dims: Shape,
    /// Dimensions of the operand that the window runs over.
    operand_window_dims: Shape,
    /// For each entry of an index vector, the dimension of the operand that it addresses.
    index_map: Shape,
    /// Pairs of a batching dimension of the operand, and which of `batch_dims` addresses it.
    batching: SmallVec<[(usize, usize); 2]>,
    /// Dimension of the start indices that holds an index vector.
    index_vector_dim: usize,
    /// Start indices as integers, and their shape.
    indices: SmallVec<[i64; 4]>,
    indices_shape: Shape,
}

/// The attribute's lists, under the names that `gather` and `scatter` share.
struct Numbers<'a> {
    window_dims: &'a [i64],
    dropped_dims: &'a [i64],
    operand_batching_dims: &'a [i64],
    indices_batching_dims: &'a [i64],
    index_map: &'a [i64],
    index_vector_dim: i64,
}

impl Addressing {
    fn new(numbers: &Numbers<'_>, operand_rank: usize, indices: &Tensor, other_rank: usize) -> Result<Self, Fault> {
        let dims = |list: &[i64], rank: usize, what: &str| -> Result<Shape, Fault> {
            let dims = super::call::sizes(list).ok_or_else(|| Fault::invalid(format!("{what} are negative")))?;
            super::call::check_dims(&dims, rank, what)?;
            Ok(dims)
        };
        let window_dims = dims(numbers.window_dims, other_rank, "window dimensions")?;
        let dropped = dims(numbers.dropped_dims, operand_rank, "dropped dimensions")?;
        let operand_batching = dims(numbers.operand_batching_dims, operand_rank, "batching dimensions")?;
        let index_map = dims(numbers.index_map, operand_rank, "indexed dimensions")?;
        let indices_shape: Shape = indices.shape().into();
        let indices_batching = dims(numbers.indices_batching_dims, indices_shape.len(), "batching dimensions")?;
        let index_vector_dim = usize::try_from(numbers.index_vector_dim)
            .ok()
            .filter(|&dim| dim <= indices_shape.len())
            .ok_or_else(|| Fault::invalid("`index_vector_dim` is no dimension of the indices"))?;
        let vector_size = indices_shape.get(index_vector_dim).copied().unwrap_or(1);
        let batch_dims: Shape = (0..other_rank).filter(|d| !window_dims.contains(d)).collect();
        let operand_window_dims: Shape =
            (0..operand_rank).filter(|d| !dropped.contains(d) && !operand_batching.contains(d)).collect();
        let vector_rank = usize::from(index_vector_dim < indices_shape.len());
        let batching = operand_batching.iter().zip(&indices_batching);
        let batching =
            batching.map(|(&dim, &from)| (dim, if from < index_vector_dim { from } else { from.wrapping_sub(1) }));
        let addressing = Self {
            batching: batching.collect(),
            index_vector_dim,
            indices: tensor_ints(indices)?,
            window_dims,
            batch_dims,
            operand_window_dims,
            index_map,
            indices_shape,
        };
        let consistent = addressing.batch_dims.len() == addressing.indices_shape.len() - vector_rank
            && addressing.window_dims.len() == addressing.operand_window_dims.len()
            && addressing.index_map.len() == vector_size
            && operand_batching.len() == indices_batching.len()
            && addressing.batching.iter().all(|&(_, from)| from < addressing.batch_dims.len());
        if consistent { Ok(addressing) } else { Err(Fault::invalid("the dimension numbers contradict the shapes")) }
    }

    /// The shape that the batch dimensions of the other tensor must have.
    fn batch_shape(&self) -> Shape {
        let dims = self.indices_shape.iter().enumerate();
        dims.filter(|(d, _)| *d != self.index_vector_dim).map(|(_, &size)| size).collect()
    }

    /// Where the window of a batch index starts in the operand, one entry for each dimension.
    fn start(&self, batch: &[usize], operand_rank: usize) -> SmallVec<[i64; 4]> {
        let mut index: Shape = batch.into();
        let vector = self.index_vector_dim < self.indices_shape.len();
        if vector {
            index.insert(self.index_vector_dim, 0);
        }
        let strides = row_major(&self.indices_shape);
        let at = position(&index, &strides);
        let step = if vector { strides[self.index_vector_dim] } else { 1 };
        let mut start: SmallVec<[i64; 4]> = SmallVec::from_elem(0, operand_rank);
        for (entry, &dim) in self.index_map.iter().enumerate() {
            start[dim] = self.indices[(at + entry as isize * step) as usize];
        }
        for &(dim, from) in &self.batching {
            start[dim] = batch[from] as i64;
        }
        start
    }
}

fn gather_numbers<'a>(call: &'a Call<'_>) -> Result<Numbers<'a>, Fault> {
    match call.attrs.get("dimension_numbers") {
        Some(Attr::GatherDimensionNumbers(numbers)) => Ok(Numbers {
            window_dims: &numbers.offset_dims,
            dropped_dims: &numbers.collapsed_slice_dims,
            operand_batching_dims: &numbers.operand_batching_dims,
            indices_batching_dims: &numbers.start_indices_batching_dims,
            index_map: &numbers.start_index_map,
            index_vector_dim: numbers.index_vector_dim,
        }),
        _ => Err(call.missing("dimension_numbers")),
    }
}

pub(super) fn gather(call: &Call<'_>) -> Result<Tensor, Fault> {
    gather_slices(call, &call.sizes("slice_sizes")?)
}

pub(super) fn dynamic_gather(call: &Call<'_>) -> Result<Tensor, Fault> {
    gather_slices(call, &tensor_sizes(call.operand(2)?)?)
}

fn gather_slices(call: &Call<'_>, slice_sizes: &[usize]) -> Result<Tensor, Fault> {
    let (operand, indices) = (call.operand(0)?, call.operand(1)?);
    let numbers = gather_numbers(call)?;
    let rank = operand.shape().len();
    if slice_sizes.len() != rank || slice_sizes.iter().zip(operand.shape()).any(|(size, whole)| size > whole) {
        return Err(Fault::invalid(format!("slices of {slice_sizes:?} do not fit {}", operand.ty())));
    }
    let dropped = numbers.dropped_dims.len() + numbers.operand_batching_dims.len();
    let vector_rank = usize::from((numbers.index_vector_dim as usize) < indices.shape().len());
    let result_rank = (indices.shape().len() - vector_rank) + rank.saturating_sub(dropped);
    let addressing = Addressing::new(&numbers, rank, indices, result_rank)?;
    let window: Shape = addressing.operand_window_dims.iter().map(|&d| slice_sizes[d]).collect();
    let batch = addressing.batch_shape();
    if (0..rank).any(|d| !addressing.operand_window_dims.contains(&d) && slice_sizes[d] != 1) {
        return Err(Fault::invalid("slices have size one along collapsed and batching dimensions"));
    }

    let mut shape: Shape = SmallVec::from_elem(0, result_rank);
    addressing.window_dims.iter().zip(&window).for_each(|(&d, &size)| shape[d] = size);
    addressing.batch_dims.iter().zip(&batch).for_each(|(&d, &size)| shape[d] = size);
    let (from_strides, to_strides) = (row_major(operand.shape()), row_major(&shape));
    let pick = |strides: &[isize], dims: &[usize]| dims.iter().map(|&d| strides[d]).collect::<walk::Strides>();
    let (batch_strides, window_strides) =
        (pick(&to_strides, &addressing.batch_dims), pick(&to_strides, &addressing.window_dims));
    let operand_strides = pick(&from_strides, &addressing.operand_window_dims);
    let width = operand.element().byte_size();
    call.heap.build(operand.element(), &shape, |out| {
        let mut batch = Indices::new(&batch);
        while let Some(batch) = batch.next() {
            let start = addressing.start(batch, rank);
            let last = |d: usize| (operand.shape()[d] - slice_sizes[d]) as i64;
            let clamped: Shape = start.iter().enumerate().map(|(d, &at)| at.clamp(0, last(d)) as usize).collect();
            let from = Layout { offset: position(&clamped, &from_strides), strides: operand_strides.clone() };
            let to = Layout { offset: position(batch, &batch_strides), strides: window_strides.clone() };
            walk::copy(&window, operand.bytes(), &from, out, &to, width);
        }
        Ok(())
    })
}

pub(super) fn scatter<'m>(
    machine: &mut Machine<'m>,
    frame: &mut Frame<'m>,
    operation: &Operation,
    operands: &[&Tensor],
) -> Result<Vec<Tensor>, EvalError> {
    let count = operands.len() / 2;
    let (Some(inputs), Some(&indices), Some(updates)) =
        (operands.get(..count), operands.get(count), operands.get(count + 1..))
    else {
        return Err(Fault::invalid("scatter takes inputs, indices and updates").into());
    };
    let Some(Attr::ScatterDimensionNumbers(numbers)) = operation.attr("scatter_dimension_numbers") else {
        return Err(Fault::invalid("scatter lacks `scatter_dimension_numbers`").into());
    };
    let same = |tensors: &[&Tensor]| tensors.iter().all(|t| t.shape() == tensors[0].shape());
    if inputs.is_empty() || updates.len() != count || !same(inputs) || !same(updates) {
        return Err(Fault::invalid("scatter takes as many updates as inputs, each of one shape").into());
    }
    let numbers = Numbers {
        window_dims: &numbers.update_window_dims,
        dropped_dims: &numbers.inserted_window_dims,
        operand_batching_dims: &numbers.input_batching_dims,
        indices_batching_dims: &numbers.scatter_indices_batching_dims,
        index_map: &numbers.scatter_dims_to_operand_dims,
        index_vector_dim: numbers.index_vector_dim,
    };
    let (shape, update_shape) = (inputs[0].shape(), updates[0].shape());
    let addressing = Addressing::new(&numbers, shape.len(), indices, update_shape.len())?;
    if addressing.batch_dims.iter().map(|&d| update_shape[d]).ne(addressing.batch_shape()) {
        return Err(Fault::invalid("the updates have not one window for each index").into());
    }
    let (input_kinds, update_kinds) = (kinds(inputs)?, kinds(updates)?);
    let elements = result_elements(frame, operation, count)?;
    let heap = machine.heap.clone();
    let mut results: Vec<Tensor> = inputs.iter().map(|&input| input.clone()).collect();
    if results.iter().zip(&elements).any(|(result, element)| result.element() != element) {
        return Err(Fault::invalid("scatter gives its inputs' element types").into());
    }
    let mut buffers = results.iter_mut().map(|result| result.bytes_mut(&heap)).collect::<Result<Vec<_>, _>>()?;

    let mut body = body(machine, frame, operation, 0, 2 * count)?;
    let args = body.args.clone();
    let strides = row_major(shape);
    let mut outputs = SmallVec::new();
    let mut update = Indices::new(update_shape);
    let mut at = 0;
    while let Some(update) = update.next() {
        let batch: Shape = addressing.batch_dims.iter().map(|&d| update[d]).collect();
        let mut place = addressing.start(&batch, shape.len());
        for (&from, &to) in addressing.window_dims.iter().zip(&addressing.operand_window_dims) {
            place[to] = place[to].saturating_add(update[from] as i64);
        }
        let place: Option<Shape> =
            place.iter().zip(shape).map(|(&p, &size)| usize::try_from(p).ok().filter(|&p| p < size)).collect();
        if let Some(place) = place {
            let place = position(&place, &strides) as usize;
            let read = |i: usize, kind: Kind, bytes: &[u8], index: usize| convert(kind.read(bytes, index), args[i]);
            let mut operands: SmallVec<[Scalar; 4]> =
                (0..count).map(|i| read(i, input_kinds[i], buffers[i], place)).collect();
            operands.extend((0..count).map(|i| read(count + i, update_kinds[i], updates[i].bytes(), at)));
            body.call(&operands, &mut outputs)?;
            check_outputs(&outputs, count)?;
            for ((buffer, kind), &value) in buffers.iter_mut().zip(&input_kinds).zip(&outputs) {
                kind.write(value, buffer, place);
            }
        }
        at += 1;
    }
    Ok(results)
}

/// `result[b.., i.., o..] = operand[b.., index[b.., i..], o..]` with the indexed dimension at `dim`.
pub(super) fn torch_index_select(call: &Call<'_>) -> Result<Tensor, Fault> {
    let (operand, index) = (call.operand(0)?, call.operand(1)?);
    let shape = operand.shape();
    let dim = call.dim("dim", shape.len())?;
    let batch = usize::try_from(call.int("batch_dims")?).ok().filter(|&b| b <= dim && b <= index.shape().len());
    let batch = batch.ok_or_else(|| Fault::invalid("`batch_dims` exceeds `dim` or the rank of the index"))?;
    if shape[..batch] != index.shape()[..batch] {
        return Err(Fault::invalid(format!("{} and {} differ in their batch", operand.ty(), index.ty())));
    }
    let picks = tensor_ints(index)?;
    let mut result: Shape = shape[..dim].into();
    result.extend_from_slice(&index.shape()[batch..]);
    result.extend_from_slice(&shape[dim + 1..]);
    let product = |sizes: &[usize]| sizes.iter().product::<usize>();
    let inner = product(&shape[dim + 1..]) * operand.element().byte_size();
    let (middle, per_batch) = (product(&shape[batch..dim]), product(&index.shape()[batch..]));
    call.heap.build(operand.element(), &result, |out| {
        if inner == 0 || shape[dim] == 0 {
            return Ok(());
        }
        for (at, out) in out.chunks_exact_mut(inner).enumerate() {
            let (outer, pick) = (at / per_batch, at % per_batch);
            let picked = picks[(outer / middle) * per_batch + pick].clamp(0, shape[dim] as i64 - 1) as usize;
            let from = (outer * shape[dim] + picked) * inner;
            out.copy_from_slice(&operand.bytes()[from..from + inner]);
        }
        Ok(())
    })
}
