//! An operation with its operands, as the operations' own files see it.

use smallvec::SmallVec;

use super::error::Fault;
use super::number::{Kind, Scalar};
use super::tensor::{Heap, Shape, Tensor, static_shape};
use crate::ir::{Attr, AttrMap, DenseArray, ElementType, Opcode, TensorType, Type};

/// An operation on tensors that is about to be computed.
pub(super) struct Call<'a> {
    pub(super) opcode: Opcode,
    pub(super) attrs: &'a AttrMap,
    pub(super) operands: Vec<Tensor>,
    /// The declared types of the results; dynamic sizes are found when running.
    pub(super) results: Vec<&'a TensorType>,
    pub(super) heap: &'a Heap,
}

impl<'a> Call<'a> {
    pub(super) fn operand(&self, index: usize) -> Result<&Tensor, Fault> {
        let name = self.opcode.info().name;
        self.operands.get(index).ok_or_else(|| Fault::invalid(format!("{name} lacks operand {index}")))
    }

    /// Takes an operand out, so that its buffer may be changed in place.
    pub(super) fn take_operand(&mut self, index: usize) -> Result<Tensor, Fault> {
        if index >= self.operands.len() {
            return self.operand(index).cloned();
        }
        Ok(self.operands.remove(index))
    }

    /// The declared type of the only result, or of the first.
    pub(super) fn result(&self) -> Result<&'a TensorType, Fault> {
        let name = self.opcode.info().name;
        self.results.first().copied().ok_or_else(|| Fault::invalid(format!("{name} has no tensor as its result")))
    }

    /// The declared element type of the result.
    pub(super) fn element(&self) -> Result<&'a ElementType, Fault> {
        Ok(&self.result()?.element)
    }

    /// The declared shape of the result, which must be static.
    pub(super) fn result_shape(&self) -> Result<Shape, Fault> {
        static_shape(self.result()?)
    }

    pub(super) fn missing(&self, name: &str) -> Fault {
        Fault::invalid(format!("{} lacks the attribute `{name}`", self.opcode.info().name))
    }

    /// An integer attribute.
    pub(super) fn int(&self, name: &str) -> Result<i64, Fault> {
        self.attrs.get(name).and_then(Attr::as_i64).ok_or_else(|| self.missing(name))
    }

    /// A boolean attribute, or its default.
    pub(super) fn flag(&self, name: &str, default: bool) -> bool {
        match self.attrs.get(name) {
            Some(Attr::Bool(value)) => *value,
            Some(Attr::Unit) => true,
            _ => default,
        }
    }

    /// An attribute that is a list of integers, where present.
    pub(super) fn ints(&self, name: &str) -> Result<Option<SmallVec<[i64; 4]>>, Fault> {
        self.attrs
            .get(name)
            .map(|attr| attr_ints(attr).ok_or_else(|| Fault::invalid(format!("`{name}` is no list of integers"))))
            .transpose()
    }

    /// An attribute that is a list of `rank` integers; absence means `default` for each.
    pub(super) fn ints_or(&self, name: &str, rank: usize, default: i64) -> Result<SmallVec<[i64; 4]>, Fault> {
        let values = self.ints(name)?.unwrap_or_else(|| SmallVec::from_elem(default, rank));
        if values.len() != rank {
            return Err(Fault::invalid(format!("`{name}` has {} entries for {rank} dimensions", values.len())));
        }
        Ok(values)
    }

    /// A required attribute that is a list of non-negative integers.
    pub(super) fn sizes(&self, name: &str) -> Result<Shape, Fault> {
        let values = self.ints(name)?.ok_or_else(|| self.missing(name))?;
        sizes(&values).ok_or_else(|| Fault::invalid(format!("`{name}` must not be negative")))
    }

    /// A required attribute that names distinct dimensions of a tensor of this rank.
    pub(super) fn dims(&self, name: &str, rank: usize) -> Result<Shape, Fault> {
        let dims = self.sizes(name)?;
        check_dims(&dims, rank, name)?;
        Ok(dims)
    }

    /// A required attribute that names a dimension of a tensor of this rank.
    pub(super) fn dim(&self, name: &str, rank: usize) -> Result<usize, Fault> {
        let dim = self.int(name)?;
        usize::try_from(dim).ok().filter(|&dim| dim < rank).ok_or_else(|| {
            Fault::invalid(format!("`{name}` is {dim}, which is no dimension of a tensor of rank {rank}"))
        })
    }

    /// Pairs such as padding, from a tensor of two columns; absence means `(0, 0)` for each.
    pub(super) fn pairs_or_zero(&self, name: &str, rank: usize) -> Result<Vec<(i64, i64)>, Fault> {
        let flat = self.ints_or(name, 2 * rank, 0)?;
        Ok(flat.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect())
    }
}

/// Fails unless the dimensions are distinct and of a tensor of this rank.
pub(super) fn check_dims(dims: &[usize], rank: usize, name: &str) -> Result<(), Fault> {
    let good = dims.iter().enumerate().all(|(i, dim)| *dim < rank && !dims[..i].contains(dim));
    if good {
        Ok(())
    } else {
        Err(Fault::invalid(format!("`{name}` = {dims:?} are not distinct dimensions of rank {rank}")))
    }
}

/// The integers of an array or tensor attribute.
pub(super) fn attr_ints(attr: &Attr) -> Option<SmallVec<[i64; 4]>> {
    match attr {
        Attr::DenseArray(DenseArray::I64(values)) => Some(values.as_slice().into()),
        Attr::DenseArray(DenseArray::I32(values)) => Some(values.iter().map(|&v| v.into()).collect()),
        Attr::DenseArray(DenseArray::Bool(values)) => Some(values.iter().map(|&v| v.into()).collect()),
        Attr::Elements(elements) => elements.to_i64s().map(SmallVec::from_vec),
        Attr::Array(items) => items.iter().map(Attr::as_i64).collect(),
        _ => None,
    }
}

/// Non-negative integers as sizes.
pub(super) fn sizes(values: &[i64]) -> Option<Shape> {
    values.iter().map(|&v| usize::try_from(v).ok()).collect()
}

/// The elements of an integer tensor.
pub(super) fn tensor_ints(tensor: &Tensor) -> Result<SmallVec<[i64; 4]>, Fault> {
    let kind = Kind::of(tensor.element())?;
    (0..tensor.len())
        .map(|index| match kind.read(tensor.bytes(), index) {
            Scalar::Int(value) => i64::try_from(value).ok(),
            _ => None,
        })
        .collect::<Option<_>>()
        .ok_or_else(|| Fault::invalid(format!("expected 64-bit integers, not {}", tensor.ty())))
}

/// The elements of an integer tensor that are sizes.
pub(super) fn tensor_sizes(tensor: &Tensor) -> Result<Shape, Fault> {
    let values = tensor_ints(tensor)?;
    sizes(&values).ok_or_else(|| Fault::invalid(format!("{values:?} are no sizes: some are negative")))
}

/// The only element of a rank-0 (or one-element) tensor.
pub(super) fn single(tensor: &Tensor) -> Result<Scalar, Fault> {
    if tensor.len() != 1 {
        return Err(Fault::invalid(format!("expected one element, not {}", tensor.ty())));
    }
    Ok(Kind::of(tensor.element())?.read(tensor.bytes(), 0))
}

/// The tensor types of results, all of which must be tensors.
pub(super) fn tensor_types<'a>(types: impl IntoIterator<Item = &'a Type>) -> Option<Vec<&'a TensorType>> {
    types.into_iter().map(Type::as_tensor).collect()
}
