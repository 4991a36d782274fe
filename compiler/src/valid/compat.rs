//! When two types may stand for each other, and what follows from several types together.
//!
//! Types are *compatible* when no run of the program need contradict them: a dynamic dimension
//! agrees with any size that its bound allows, an unranked tensor with any shape. Quantized element
//! types agree when they store and mean the same types, whatever their scales. Of several
//! compatible types the *most specific* keeps what any of them knows (the operands of an
//! element-wise operation), the *least specific* what all of them know (the branches of a
//! conditional).

use smallvec::SmallVec;

use crate::ir::{Attr, Dim, Dims, ElementType, QuantizedType, TensorType, Type};

/// The largest size of each dynamic dimension, where one is known.
pub(super) type Bounds = SmallVec<[Option<u64>; 4]>;

/// A shape: sizes, and bounds of the dynamic ones. `bounds` is empty, or has an entry a dimension.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct Shape {
    pub dims: Dims,
    pub bounds: Bounds,
}

impl Shape {
    /// The shape of a ranked tensor.
    pub(super) fn of(ty: &TensorType) -> Option<Shape> {
        Some(Shape { dims: ty.dims.clone()?, bounds: bounds_of(ty).into() })
    }

    /// A shape without bounds.
    pub(super) fn from_dims(dims: impl IntoIterator<Item = Dim>) -> Shape {
        Shape { dims: dims.into_iter().collect(), bounds: Bounds::new() }
    }

    /// The bound of a dimension.
    pub(super) fn bound(&self, dim: usize) -> Option<u64> {
        self.bounds.get(dim).copied().flatten()
    }

    /// The tensor type of this shape; without bounds it keeps the encoding of `prototype`.
    pub(super) fn with(self, element: ElementType, prototype: &TensorType) -> TensorType {
        let encoding = match self.bounds.as_slice() {
            [] => prototype.encoding.clone(),
            bounds if bounds.iter().all(|b| b.is_none()) => None,
            bounds => Some(Box::new(Attr::Bounds(bounds.to_vec()))),
        };
        TensorType { dims: Some(self.dims), element, encoding }
    }

    /// The tensor type of this shape, with no other encoding.
    pub(super) fn plain(self, element: ElementType) -> TensorType {
        self.with(element, &TensorType::scalar(ElementType::I1))
    }
}

/// The bounds in a tensor's type; empty where there are none.
pub(super) fn bounds_of(ty: &TensorType) -> &[Option<u64>] {
    match ty.encoding.as_deref() {
        Some(Attr::Bounds(bounds)) => bounds,
        _ => &[],
    }
}

/// Whether two dimensions may be equal when running.
pub(super) fn compatible_dims(a: Dim, b: Dim) -> bool {
    a == b || a == Dim::Dynamic || b == Dim::Dynamic
}

/// Whether two lists of dimensions may be equal when running.
pub(super) fn compatible_dim_lists(a: &[Dim], b: &[Dim]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(&a, &b)| compatible_dims(a, b))
}

/// Whether two tensors may have the same shape, bounds left aside.
pub(super) fn compatible_shapes(a: &TensorType, b: &TensorType) -> bool {
    match (&a.dims, &b.dims) {
        (Some(a), Some(b)) => compatible_dim_lists(a, b),
        _ => true,
    }
}

/// Whether two tensors may have the same shape, and no known size exceeds the other's bound.
fn compatible_with_bounds(a: &TensorType, b: &TensorType) -> bool {
    let (Some(a_dims), Some(b_dims)) = (&a.dims, &b.dims) else { return true };
    let within = |dims: &Dims, bounds: &[Option<u64>]| {
        dims.iter()
            .zip(bounds)
            .all(|(dim, bound)| !matches!((dim.size(), bound), (Some(size), Some(bound)) if size > *bound))
    };
    compatible_dim_lists(a_dims, b_dims) && within(a_dims, bounds_of(b)) && within(b_dims, bounds_of(a))
}

/// The storage range of a quantized type, the storage type's own where none is written.
pub(super) fn storage_range(q: &QuantizedType) -> (i64, i64) {
    q.storage_range.unwrap_or_else(|| integer_range(&q.storage))
}

/// The least and the greatest value of an integer type of at most 63 bits.
pub(super) fn integer_range(ty: &ElementType) -> (i64, i64) {
    let bits = ty.bits().clamp(1, 63);
    match ty.is_unsigned_integer() {
        true => (0, (1i64 << bits) - 1),
        false => (-(1i64 << (bits - 1)), (1i64 << (bits - 1)) - 1),
    }
}

/// Whether two element types may stand for each other.
pub(super) fn compatible_elements(a: &ElementType, b: &ElementType) -> bool {
    match (a, b) {
        (ElementType::Quantized(a), ElementType::Quantized(b)) => {
            a.storage == b.storage
                && a.expressed == b.expressed
                && storage_range(a) == storage_range(b)
                && a.quantization_dimension.is_some() == b.quantization_dimension.is_some()
        }
        _ => a == b,
    }
}

/// Whether two types may stand for each other.
pub(super) fn compatible(a: &Type, b: &Type) -> bool {
    match (a, b) {
        (Type::Tensor(a), Type::Tensor(b)) | (Type::MemRef(a), Type::MemRef(b)) => {
            compatible_with_bounds(a, b) && compatible_elements(&a.element, &b.element)
        }
        _ => a == b,
    }
}

/// Whether two lists of types may stand for each other.
pub(super) fn compatible_lists(a: &[&Type], b: &[&Type]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| compatible(a, b))
}

/// Size and bound of one dimension.
pub(super) type Extent = (Dim, Option<u64>);

/// Why two dimensions contradict each other.
pub(super) type Conflict = String;

/// What is known of a dimension that both `a` and `b` describe.
pub(super) fn most_specific_extent(a: Extent, b: Extent, dim: usize) -> Result<Extent, Conflict> {
    match (a, b) {
        ((Dim::Size(a), _), (Dim::Size(b), _)) if a != b => Err(format!("sizes {a} and {b} of dimension {dim} differ")),
        ((Dim::Size(size), bound), (_, other)) | ((_, other), (Dim::Size(size), bound)) => match bound.or(other) {
            Some(bound) if size > bound => Err(format!("size {size} of dimension {dim} exceeds the bound {bound}")),
            _ => Ok((Dim::Size(size), None)),
        },
        ((Dim::Dynamic, a), (Dim::Dynamic, b)) => Ok((Dim::Dynamic, a.zip(b).map(|(a, b)| a.min(b)).or(a).or(b))),
    }
}

/// What is known of a dimension that is either `a` or `b`.
pub(super) fn least_specific_extent(a: Extent, b: Extent, dim: usize) -> Result<Extent, Conflict> {
    match (a, b) {
        ((Dim::Size(a), _), (Dim::Size(b), _)) if a != b => Err(format!("sizes {a} and {b} of dimension {dim} differ")),
        ((Dim::Size(size), _), (Dim::Size(_), _)) => Ok((Dim::Size(size), None)),
        ((Dim::Size(size), _), (Dim::Dynamic, bound)) | ((Dim::Dynamic, bound), (Dim::Size(size), _)) => {
            Ok((Dim::Dynamic, bound.map(|b| b.max(size))))
        }
        ((Dim::Dynamic, a), (Dim::Dynamic, b)) => Ok((Dim::Dynamic, a.zip(b).map(|(a, b)| a.max(b)))),
    }
}

/// The size of two dimensions joined end to end. `Err` when it exceeds what a dimension can be.
pub(super) fn concatenated_extent(a: Extent, b: Extent) -> Result<Extent, Conflict> {
    let sum = |a: u64, b: u64| {
        a.checked_add(b)
            .filter(|s| *s <= i64::MAX as u64)
            .ok_or_else(|| format!("the sizes {a} and {b} together are too large"))
    };
    match (a, b) {
        ((Dim::Size(a), _), (Dim::Size(b), _)) => Ok((Dim::Size(sum(a, b)?), None)),
        _ => {
            let most = |(size, bound): Extent| size.size().or(bound);
            let bound = most(a).zip(most(b)).map(|(a, b)| sum(a, b)).transpose()?;
            Ok((Dim::Dynamic, bound))
        }
    }
}

/// Combines ranked shapes of equal rank dimension by dimension.
fn combine<'t>(
    types: impl IntoIterator<Item = &'t TensorType>,
    extent: impl Fn(Extent, Extent, usize) -> Result<Extent, Conflict>,
) -> Result<Option<TensorType>, Conflict> {
    let mut types = types.into_iter();
    let Some(first) = types.next() else { return Ok(None) };
    let Some(mut shape) = Shape::of(first) else { return Ok(Some(first.clone())) };
    for ty in types {
        let Some(next) = Shape::of(ty) else { return Ok(Some(ty.clone())) };
        if next.dims.len() != shape.dims.len() {
            return Err(format!("ranks {} and {} differ", shape.dims.len(), next.dims.len()));
        }
        if !next.bounds.is_empty() {
            shape.bounds.resize(shape.dims.len(), None);
        }
        for dim in 0..shape.dims.len() {
            let ours = (shape.dims[dim], shape.bound(dim));
            let (size, bound) = extent(ours, (next.dims[dim], next.bound(dim)), dim)?;
            shape.dims[dim] = size;
            if let Some(slot) = shape.bounds.get_mut(dim) {
                *slot = bound;
            }
        }
    }
    Ok(Some(shape.with(first.element.clone(), first)))
}

/// The most specific of several tensor types; unranked ones say nothing.
pub(super) fn most_specific<'t>(
    types: impl IntoIterator<Item = &'t TensorType> + Clone,
) -> Result<Option<TensorType>, Conflict> {
    let ranked = combine(types.clone().into_iter().filter(|t| t.dims.is_some()), most_specific_extent)?;
    Ok(ranked.or_else(|| types.into_iter().next().cloned()))
}

/// The least specific of several types, part by part in tuples; an unranked tensor swallows the others.
pub(super) fn least_specific(types: &[&Type]) -> Result<Option<Type>, Conflict> {
    let tensors: Option<Vec<&TensorType>> = types.iter().map(|t| t.as_tensor()).collect();
    match tensors {
        Some(tensors) => Ok(combine(tensors, least_specific_extent)?.map(Type::Tensor)),
        None => Ok(types.first().map(|t| (*t).clone())),
    }
}

/// How many elements a list of known sizes stands for; `None` when one is dynamic or the product
/// exceeds 128 bits.
pub(super) fn element_count(dims: &[Dim]) -> Option<u128> {
    let sizes: SmallVec<[u64; 4]> = dims.iter().map(|d| d.size()).collect::<Option<_>>()?;
    if sizes.contains(&0) {
        return Some(0);
    }
    sizes.iter().try_fold(1u128, |n, &s| n.checked_mul(u128::from(s)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const D: Dim = Dim::Dynamic;
    const fn s(size: u64) -> Dim {
        Dim::Size(size)
    }

    fn bounded(dims: &[Dim], bounds: &[Option<u64>]) -> TensorType {
        let encoding = (!bounds.is_empty()).then(|| Box::new(Attr::Bounds(bounds.to_vec())));
        TensorType { dims: Some(dims.iter().copied().collect()), element: ElementType::F32, encoding }
    }

    #[test]
    fn a_known_size_must_stay_within_the_other_bound() {
        let five = Type::Tensor(bounded(&[s(5)], &[]));
        let at_most = |n| Type::Tensor(bounded(&[D], &[Some(n)]));
        assert!(compatible(&five, &at_most(5)) && !compatible(&five, &at_most(4)));
        assert!(compatible(&at_most(3), &at_most(4)));
    }

    #[test]
    fn most_specific_keeps_sizes_and_the_smaller_bound() {
        let a = bounded(&[D, D, s(4)], &[Some(5), None, None]);
        let b = bounded(&[D, s(3), D], &[Some(7), None, None]);
        let both = most_specific([&a, &b]).expect("no conflict").expect("two types");
        assert_eq!(both, bounded(&[D, s(3), s(4)], &[Some(5), None, None]));
    }

    #[test]
    fn least_specific_forgets_what_only_one_knows() {
        let a = Type::Tensor(bounded(&[D, s(3), D], &[Some(5), None, None]));
        let b = Type::Tensor(bounded(&[s(9), D, D], &[None, None, Some(2)]));
        let either = least_specific(&[&a, &b]).expect("no conflict").expect("two types");
        assert_eq!(either, Type::Tensor(bounded(&[D, D, D], &[Some(9), None, None])));
    }

    #[test]
    fn counts_do_not_overflow() {
        assert_eq!(element_count(&[s(i64::MAX as u64), s(i64::MAX as u64), s(i64::MAX as u64)]), None);
        assert_eq!(element_count(&[s(i64::MAX as u64), s(i64::MAX as u64), s(i64::MAX as u64), s(0)]), Some(0));
        assert_eq!(element_count(&[s(2), D]), None);
    }
}
