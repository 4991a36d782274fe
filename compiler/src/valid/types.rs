//! Types that are sound in themselves: bounds that fit their tensor, quantized types whose numbers fit
//! each other.

use super::compat::{bounds_of, integer_range, storage_range};
use crate::ir::{Dim, ElementType, QuantizedType, TensorType, Type};

/// What is wrong with a type.
pub(super) struct Fault {
    /// The tag of the constraint.
    pub tag: &'static str,
    /// What does not hold.
    pub message: String,
    /// Whether the type cannot even be printed or looked at further.
    pub fatal: bool,
}

/// Most dimensions of a tensor; some checks take time with their square. No device takes a hundred.
const MOST_DIMENSIONS: usize = 512;

fn wrong(tag: &'static str, message: String) -> Option<Fault> {
    Some(Fault { tag, message, fatal: false })
}

fn fatal(tag: &'static str, message: String) -> Option<Fault> {
    Some(Fault { tag, message, fatal: true })
}

/// The first fault of a type, its parts included.
pub(super) fn fault(ty: &Type) -> Option<Fault> {
    let mut rest = vec![ty];
    while let Some(ty) = rest.pop() {
        let found = match ty {
            Type::Tensor(t) | Type::MemRef(t) => tensor_fault(t),
            Type::Tuple(parts) | Type::Future(parts) => {
                rest.extend(parts);
                None
            }
            Type::Function(f) => {
                rest.extend(f.inputs.iter().chain(&f.results));
                None
            }
            Type::Scalar(e) => element_fault(e),
            Type::Token | Type::None | Type::Opaque(_) | Type::Builtin(_) => None,
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

fn tensor_fault(ty: &TensorType) -> Option<Fault> {
    let bounds = bounds_of(ty);
    let dims = ty.dims.as_deref().unwrap_or_default();
    if dims.len() > MOST_DIMENSIONS {
        return fatal("rank", format!("a tensor of rank {} has more dimensions than {MOST_DIMENSIONS}", dims.len()));
    }
    if !bounds.is_empty() && bounds.len() != dims.len() {
        return wrong("bounds", format!("{} bounds are given, but the tensor has rank {}", bounds.len(), dims.len()));
    }
    let both = dims.iter().zip(bounds).position(|(dim, bound)| *dim != Dim::Dynamic && bound.is_some());
    if let Some(dim) = both {
        return wrong("bounds", format!("dimension {dim} has a size and so cannot have a bound"));
    }
    if let Some(large) =
        dims.iter().filter_map(|d| d.size()).chain(bounds.iter().copied().flatten()).find(|&n| n > i64::MAX as u64)
    {
        return wrong("dimension_size", format!("a dimension of {large} is too large"));
    }
    element_fault(&ty.element).or_else(|| axis_fault(ty, dims))
}

/// quantized_type_c12 and c13 of a tensor: the axis is one of its dimensions, with a scale for each slice.
fn axis_fault(ty: &TensorType, dims: &[Dim]) -> Option<Fault> {
    let ElementType::Quantized(q) = &ty.element else { return None };
    let axis = q.quantization_dimension?;
    ty.dims.as_ref()?;
    let Some(dim) = dims.get(axis as usize) else {
        let message = format!("scales run along dimension {axis}, but the tensor has rank {}", dims.len());
        return wrong("quantized_type_c12", message);
    };
    dim.size().filter(|&size| size != q.scales.len() as u64)?;
    wrong(
        "quantized_type_c13",
        format!("there are {} scales for dimension {axis}, which has size {dim}", q.scales.len()),
    )
}

fn element_fault(element: &ElementType) -> Option<Fault> {
    match element {
        ElementType::Quantized(q) => quantized_fault(q),
        _ => None,
    }
}

/// quantized_type_c1 to quantized_type_c12.
fn quantized_fault(q: &QuantizedType) -> Option<Fault> {
    if q.scales.len() != q.zero_points.len() {
        let message = format!("there are {} scales, but {} zero points", q.scales.len(), q.zero_points.len());
        return fatal("quantized_type_c10", message);
    }
    let per_tensor = q.quantization_dimension.is_none() && q.block_sizes.is_empty();
    if q.scales.is_empty() || per_tensor && q.scales.len() != 1 {
        return fatal(
            "quantized_type_c11",
            format!("there must be one scale for the whole tensor, but there are {}", q.scales.len()),
        );
    }
    if !q.storage.is_integer() || q.storage.bits() > 32 {
        return wrong(
            "quantized_type_c1",
            format!("numbers cannot be stored as {}, but as integers of at most 32 bits", q.storage),
        );
    }
    if !q.expressed.is_float() {
        return wrong("quantized_type_c1", format!("numbers cannot express {}, but only floats", q.expressed));
    }
    let ((least, most), (low, high)) = (integer_range(&q.storage), storage_range(q));
    if !(least <= low && low < high && high <= most) {
        return wrong(
            "quantized_type_c4",
            format!("the storage range {low}:{high} is no part of {least}:{most}, the range of {}", q.storage),
        );
    }
    let (smallest, largest) = scale_range(&q.expressed);
    if let Some(scale) = q.scales.iter().find(|s| !(smallest..=largest).contains(*s)) {
        let message = format!("scale {scale:?} is not a positive number of type {}", q.expressed);
        return wrong("quantized_type_c6", message);
    }
    if let Some(zero) = q.zero_points.iter().find(|z| !(low..=high).contains(*z)) {
        return wrong("quantized_type_c8", format!("zero point {zero} is not in the storage range {low}:{high}"));
    }
    None
}

/// The smallest and the largest positive number of a float type.
fn scale_range(expressed: &ElementType) -> (f64, f64) {
    match expressed {
        ElementType::F16 => (2f64.powi(-24), 65504.0),
        ElementType::BF16 => (2f64.powi(-133), 2f64.powi(127) * (2.0 - 2f64.powi(-7))),
        ElementType::F32 => (f64::from(f32::from_bits(1)), f64::from(f32::MAX)),
        _ => (f64::from_bits(1), f64::MAX),
    }
}
