//! Attributes of operations as JSON, under StableHLO's names.

use hire_compiler::ir::{
    Attr, AttrMap, ConvDimensionNumbers, DenseArray, DenseElements, DotDimensionNumbers, ElementType, FloatFormat,
    GatherDimensionNumbers, QuantizedType, ScatterDimensionNumbers, TensorType,
};
use serde_json::{Map, Value, json};

/// All attributes that say what an operation computes. Those of other dialects, and those that only
/// advise (precisions, layouts, locations), are left out.
pub(super) fn attributes(attrs: &AttrMap) -> Map<String, Value> {
    let named = attrs.iter().filter(|(name, _)| !name.contains('.'));
    named.filter_map(|(name, attr)| Some((name.to_string(), value(attr)?))).collect()
}

/// One attribute; `None` for those that have no form here.
pub(super) fn value(attr: &Attr) -> Option<Value> {
    Some(match attr {
        Attr::Unit => json!(true),
        Attr::Bool(value) => json!(value),
        Attr::Int(int) => integer(int.value)?,
        Attr::Float(float) => json!(FloatFormat::of(&float.ty)?.decode(float.bits)),
        Attr::String(text) => json!(text.as_str()),
        Attr::Array(items) => Value::Array(items.iter().map(value).collect::<Option<_>>()?),
        Attr::Enum { case, .. } => json!(case),
        Attr::Elements(elements) => list(elements)?,
        Attr::DenseArray(array) => match array {
            DenseArray::Bool(values) => json!(values),
            DenseArray::I8(values) => json!(values),
            DenseArray::I16(values) => json!(values),
            DenseArray::I32(values) => json!(values),
            DenseArray::I64(values) => json!(values),
            DenseArray::F32(_) | DenseArray::F64(_) => return None,
        },
        Attr::DotDimensionNumbers(numbers) => dot(numbers),
        Attr::GatherDimensionNumbers(numbers) => gather(numbers),
        Attr::ScatterDimensionNumbers(numbers) => scatter(numbers),
        Attr::ConvDimensionNumbers(numbers) => convolution(numbers),
        _ => return None,
    })
}

fn integer(value: i128) -> Option<Value> {
    i64::try_from(value).map(Value::from).or_else(|_| u64::try_from(value).map(Value::from)).ok()
}

/// Integers or truth values, flat.
fn list(elements: &DenseElements) -> Option<Value> {
    let is_pred = elements.ty.element == ElementType::I1;
    let item = |value: i128| if is_pred { Some(json!(value != 0)) } else { integer(value) };
    Some(Value::Array(elements.integers()?.into_iter().map(item).collect::<Option<_>>()?))
}

/// The bytes of a tensor, elements narrower than a byte one to a byte.
pub(super) fn bytes(elements: &DenseElements) -> Value {
    let size = elements.ty.element.byte_size();
    let bytes: Vec<u8> = (0..elements.len()).flat_map(|at| elements.element(at)[..size].to_vec()).collect();
    json!(bytes)
}

fn dot(n: &DotDimensionNumbers) -> Value {
    json!({
        "lhs_batching_dimensions": n.lhs_batching_dimensions,
        "rhs_batching_dimensions": n.rhs_batching_dimensions,
        "lhs_contracting_dimensions": n.lhs_contracting_dimensions,
        "rhs_contracting_dimensions": n.rhs_contracting_dimensions,
    })
}

fn gather(n: &GatherDimensionNumbers) -> Value {
    json!({
        "offset_dims": n.offset_dims,
        "collapsed_slice_dims": n.collapsed_slice_dims,
        "operand_batching_dims": n.operand_batching_dims,
        "start_indices_batching_dims": n.start_indices_batching_dims,
        "start_index_map": n.start_index_map,
        "index_vector_dim": n.index_vector_dim,
    })
}

fn scatter(n: &ScatterDimensionNumbers) -> Value {
    json!({
        "update_window_dims": n.update_window_dims,
        "inserted_window_dims": n.inserted_window_dims,
        "input_batching_dims": n.input_batching_dims,
        "scatter_indices_batching_dims": n.scatter_indices_batching_dims,
        "scatter_dims_to_operand_dims": n.scatter_dims_to_operand_dims,
        "index_vector_dim": n.index_vector_dim,
    })
}

fn convolution(n: &ConvDimensionNumbers) -> Value {
    json!({
        "input_batch_dimension": n.input_batch_dimension,
        "input_feature_dimension": n.input_feature_dimension,
        "input_spatial_dimensions": n.input_spatial_dimensions,
        "kernel_input_feature_dimension": n.kernel_input_feature_dimension,
        "kernel_output_feature_dimension": n.kernel_output_feature_dimension,
        "kernel_spatial_dimensions": n.kernel_spatial_dimensions,
        "output_batch_dimension": n.output_batch_dimension,
        "output_feature_dimension": n.output_feature_dimension,
        "output_spatial_dimensions": n.output_spatial_dimensions,
    })
}

/// What a quantized tensor means; null for any other.
pub(super) fn quantization(ty: &TensorType) -> Option<Value> {
    let ElementType::Quantized(q) = &ty.element else { return Some(Value::Null) };
    let (low, high) = q.storage_range.or_else(|| storage_range(&q.storage))?;
    Some(json!({
        "expressed": q.expressed.name()?,
        "range": [low, high],
        "scales": q.scales,
        "zero_points": q.zero_points,
        "steps": steps(q, &ty.sizes()?),
    }))
}

fn storage_range(storage: &ElementType) -> Option<(i64, i64)> {
    let bits = storage.bits().checked_sub(u32::from(storage.is_signed_integer())).filter(|&bits| bits < 63)?;
    let high = (1i64 << bits) - 1;
    Some((if storage.is_signed_integer() { -high - 1 } else { 0 }, high))
}

/// For each dimension, by how much a block advances the scales, and the size of a block.
fn steps(q: &QuantizedType, sizes: &[u64]) -> Vec<[u64; 2]> {
    let mut steps = vec![[0, 1]; sizes.len()];
    if let Some(axis) = q.quantization_dimension.and_then(|axis| steps.get_mut(axis as usize)) {
        axis[0] = 1;
    }
    if !q.block_sizes.is_empty() {
        let mut entries = 1;
        for (dim, step) in steps.iter_mut().enumerate().rev() {
            let block = q.block_sizes.iter().find(|(axis, _)| *axis as usize == dim).map_or(1, |block| block.1).max(1);
            *step = [entries, block];
            entries *= sizes[dim].div_ceil(block).max(1);
        }
    }
    steps
}
