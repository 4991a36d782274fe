//! `gather`, `dynamic_gather` and `torch_index_select`, and how `gather` and `scatter` address an
//! operand.

use serde::Deserialize;

use super::indexing::{Shaped, copy_element, each_index, position};
use super::movement::{dims, integers};
use super::{Fault, Prepared, Signature, invalid};

/// Dimension numbers of `gather` (the aliases) and of `scatter`.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Numbers {
    #[serde(alias = "offset_dims")]
    update_window_dims: Vec<i64>,
    #[serde(alias = "collapsed_slice_dims")]
    inserted_window_dims: Vec<i64>,
    #[serde(alias = "operand_batching_dims", default)]
    input_batching_dims: Vec<i64>,
    #[serde(alias = "start_indices_batching_dims", default)]
    scatter_indices_batching_dims: Vec<i64>,
    #[serde(alias = "start_index_map")]
    scatter_dims_to_operand_dims: Vec<i64>,
    index_vector_dim: usize,
}

/// How start indices and windows address an operand.
pub(super) struct Addressing {
    /// Dimensions of the other tensor (gather's result, scatter's updates) that run over a window.
    window: Vec<usize>,
    /// Its other dimensions, which run over the start indices.
    batch: Vec<usize>,
    /// Dimensions of the operand that a window runs over.
    pub(super) operand_window: Vec<usize>,
    /// For each entry of an index vector, the dimension of the operand that it addresses.
    map: Vec<usize>,
    /// A batching dimension of the operand, and which of `batch` addresses it.
    batching: Vec<(usize, usize)>,
    /// For each of `batch`, the stride among the start indices.
    index_strides: Vec<usize>,
    /// From one entry of an index vector to the next.
    vector_stride: usize,
    indices: Shaped,
}

impl Addressing {
    pub(super) fn new(numbers: &Numbers, operand: &Shaped, indices: &Shaped, other: &Shaped) -> Result<Self, Fault> {
        let all = |list: &[i64], rank: usize, what: &str| dims(list, list.len(), rank, what);
        let (rank, vector_dim) = (operand.rank(), numbers.index_vector_dim);
        let window = all(&numbers.update_window_dims, other.rank(), "window dimensions")?;
        let inserted = all(&numbers.inserted_window_dims, rank, "dropped dimensions")?;
        let operand_batching = all(&numbers.input_batching_dims, rank, "batching dimensions")?;
        let map = all(&numbers.scatter_dims_to_operand_dims, rank, "indexed dimensions")?;
        let from = all(&numbers.scatter_indices_batching_dims, indices.rank(), "batching dimensions")?;
        let batch: Vec<usize> = (0..other.rank()).filter(|d| !window.contains(d)).collect();
        let operand_window: Vec<usize> =
            (0..rank).filter(|d| !inserted.contains(d) && !operand_batching.contains(d)).collect();
        let index_dims: Vec<usize> = (0..indices.rank()).filter(|&d| d != vector_dim).collect();
        let batching: Vec<(usize, usize)> = operand_batching
            .iter()
            .zip(&from)
            .map(|(&dim, &from)| (dim, from - usize::from(from > vector_dim)))
            .collect();
        let vector_size = indices.shape.get(vector_dim).copied().unwrap_or(1);
        let consistent = batch.iter().map(|&d| other.shape[d]).eq(index_dims.iter().map(|&d| indices.shape[d]))
            && window.len() == operand_window.len()
            && map.len() == vector_size
            && vector_dim <= indices.rank()
            && operand_batching.len() == from.len()
            && batching.iter().all(|&(_, from)| from < batch.len());
        if !consistent {
            return Err(invalid("its dimension numbers contradict the shapes"));
        }
        Ok(Self {
            index_strides: index_dims.iter().map(|&d| indices.strides[d]).collect(),
            vector_stride: indices.strides.get(vector_dim).copied().unwrap_or(1),
            indices: indices.clone(),
            window,
            batch,
            operand_window,
            map,
            batching,
        })
    }

    /// Start indices as numbers.
    pub(super) fn integers(&self, bytes: &[u8]) -> Vec<i64> {
        integers(bytes, &self.indices)
    }

    /// Where the window of an index of the other tensor starts in the operand.
    pub(super) fn start(&self, index: &[usize], starts: &[i64], out: &mut [i64]) {
        out.fill(0);
        let at: usize = self.batch.iter().zip(&self.index_strides).map(|(&d, &stride)| index[d] * stride).sum();
        for (entry, &dim) in self.map.iter().enumerate() {
            out[dim] = starts[at + entry * self.vector_stride];
        }
        for &(dim, from) in &self.batching {
            out[dim] = index[self.batch[from]] as i64;
        }
    }

    /// Adds what an index of the other tensor is within its window.
    pub(super) fn add_window(&self, index: &[usize], place: &mut [i64]) {
        for (&from, &to) in self.window.iter().zip(&self.operand_window) {
            place[to] = place[to].saturating_add(index[from] as i64);
        }
    }
}

pub(super) fn gather(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    let (operand, result) = (signature.operand(0)?.clone(), signature.result(0)?.clone());
    let numbers: Option<Numbers> = signature.attribute("dimension_numbers", None)?;
    let numbers = numbers.ok_or_else(|| invalid("`dimension_numbers` are missing"))?;
    let addressing = Addressing::new(&numbers, &operand, signature.operand(1)?, &result)?;
    // A slice is as large as the window dimensions of the result, and 1 elsewhere.
    let mut slice = vec![1; operand.rank()];
    for (&from, &to) in addressing.window.iter().zip(&addressing.operand_window) {
        slice[to] = result.shape[from];
    }
    let fits = slice.iter().zip(&operand.shape).all(|(slice, whole)| slice <= whole);
    if operand.dtype != result.dtype || (!fits && result.len() > 0) {
        return Err(invalid(format!("slices of {slice:?} do not fit {}", operand.ty())));
    }
    Ok(Prepared::new(move |operands, results| {
        let starts = addressing.integers(operands[1]);
        let mut place = vec![0; operand.rank()];
        each_index(&result.shape, |at, index| {
            addressing.start(index, &starts, &mut place);
            for (place, (&slice, &whole)) in place.iter_mut().zip(slice.iter().zip(&operand.shape)) {
                *place = (*place).clamp(0, (whole - slice) as i64);
            }
            addressing.add_window(index, &mut place);
            let from = place.iter().zip(&operand.strides).map(|(&i, &stride)| i as usize * stride).sum();
            copy_element(operands[0], from, results[0], at, operand.width);
        });
        Ok(())
    }))
}

/// `result[b.., i.., o..] = operand[b.., index[b.., i..], o..]`, the indexed dimension being `dim`.
pub(super) fn torch_index_select(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    let (operand, index) = (signature.operand(0)?.clone(), signature.operand(1)?.clone());
    let result = signature.result(0)?.clone();
    let (dim, batch): (usize, usize) = (signature.attribute("dim", 0)?, signature.attribute("batch_dims", 0)?);
    if dim >= operand.rank() || batch > dim || batch > index.rank() || operand.dtype != result.dtype {
        return Err(invalid("`dim` and `batch_dims` do not fit its operands"));
    }
    let mut shape = operand.shape[..dim].to_vec();
    shape.extend_from_slice(&index.shape[batch..]);
    shape.extend_from_slice(&operand.shape[dim + 1..]);
    signature.expect_shape(0, &shape)?;
    if result.len() > 0 && (operand.shape[dim] == 0 || operand.shape[..batch] != index.shape[..batch]) {
        return Err(invalid(format!("{} and {} differ in their batch", operand.ty(), index.ty())));
    }
    let inner = dim + index.rank() - batch;
    Ok(Prepared::new(move |operands, results| {
        let picks = integers(operands[1], &index);
        each_index(&result.shape, |at, place| {
            let pick = position(&place[..batch], &index.strides[..batch])
                + position(&place[dim..inner], &index.strides[batch..]);
            let picked = picks[pick].clamp(0, operand.shape[dim] as i64 - 1) as usize;
            let from = position(&place[..dim], &operand.strides[..dim])
                + picked * operand.strides[dim]
                + position(&place[inner..], &operand.strides[dim + 1..]);
            copy_element(operands[0], from, results[0], at, operand.width);
        });
        Ok(())
    }))
}
