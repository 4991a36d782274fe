//! Quantized tensors: `uniform_quantize`, `uniform_dequantize`, and every other operation on
//! quantized operands or results.
//!
//! A stored integer `q` means `(q - zero_point) * scale`. Operations that only move elements move
//! the stored integers. All others are computed on the numbers that the operands mean, in the
//! expressed type, and the result is quantized: the specification's `dequantize_op_quantize`.

use smallvec::SmallVec;

use super::call::Call;
use super::dispatch;
use super::error::Fault;
use super::float::FloatType;
use super::number::{Kind, Scalar};
use super::tensor::{Heap, Tensor};
use super::walk::Indices;
use crate::ir::{ElementType, Opcode, QuantizedType, TensorType};

/// Whether an operand or a result is quantized.
pub(super) fn involved(call: &Call<'_>) -> bool {
    let quantized = |element: &ElementType| matches!(element, ElementType::Quantized(_));
    call.operands.iter().any(|t| quantized(t.element())) || call.results.iter().any(|ty| quantized(&ty.element))
}

/// Evaluates an operation that involves quantized tensors.
pub(super) fn evaluate(call: &mut Call<'_>) -> Result<Vec<Tensor>, Fault> {
    let declared = call.results.clone();
    if moves_elements(call.opcode) {
        let results: Vec<TensorType> = declared.iter().map(|ty| ty.with_element(storage(&ty.element))).collect();
        let operands = std::mem::take(&mut call.operands)
            .into_iter()
            .map(|tensor| {
                let element = storage(tensor.element());
                tensor.with_element(element)
            })
            .collect::<Result<_, _>>()?;
        let moved = dispatch::evaluate(&mut inner(call, operands, &results))?;
        return moved.into_iter().zip(declared).map(|(t, ty)| t.with_element(ty.element.clone())).collect();
    }
    let results: Vec<TensorType> = declared.iter().map(|ty| ty.with_element(expressed(&ty.element))).collect();
    let operands =
        std::mem::take(&mut call.operands).iter().map(|t| dequantize(call.heap, t)).collect::<Result<Vec<_>, _>>()?;
    let computed = match call.opcode {
        Opcode::UniformQuantize | Opcode::UniformDequantize => operands,
        _ => dispatch::evaluate(&mut inner(call, operands, &results))?,
    };
    computed.iter().zip(declared).map(|(tensor, ty)| quantize(call.heap, tensor, &ty.element)).collect()
}

/// The same operation on other operands and results.
fn inner<'a>(call: &'a Call<'_>, operands: Vec<Tensor>, results: &'a [TensorType]) -> Call<'a> {
    Call { opcode: call.opcode, attrs: call.attrs, operands, results: results.iter().collect(), heap: call.heap }
}

/// Whether an operation moves elements without computing: of quantized tensors it moves the stored integers.
pub fn moves_elements(opcode: Opcode) -> bool {
    use Opcode::*;
    matches!(
        opcode,
        BitcastConvert
            | Broadcast
            | BroadcastInDim
            | Concatenate
            | DynamicBroadcastInDim
            | DynamicGather
            | DynamicPad
            | DynamicReshape
            | DynamicSlice
            | DynamicUpdateSlice
            | Gather
            | GetDimensionSize
            | Pad
            | RealDynamicSlice
            | Reshape
            | Reverse
            | Select
            | SetDimensionSize
            | Slice
            | TorchIndexSelect
            | Transpose
    )
}

/// The bytes of an element that means zero.
pub(super) fn zero_bytes(element: &ElementType) -> Result<Vec<u8>, Fault> {
    let kind = Kind::stored(element)?;
    let mut bytes = vec![0; kind.width()];
    if let ElementType::Quantized(quantized) = element {
        let zero = quantized.zero_points.first().copied().unwrap_or(0);
        kind.write(Scalar::Int(zero.into()), &mut bytes, 0);
    }
    Ok(bytes)
}

fn storage(element: &ElementType) -> ElementType {
    match element {
        ElementType::Quantized(quantized) => quantized.storage.clone(),
        other => other.clone(),
    }
}

fn expressed(element: &ElementType) -> ElementType {
    match element {
        ElementType::Quantized(quantized) => quantized.expressed.clone(),
        other => other.clone(),
    }
}

/// The numbers that a tensor means, in the expressed type; a tensor that is not quantized as it is.
pub(super) fn dequantize(heap: &Heap, tensor: &Tensor) -> Result<Tensor, Fault> {
    let ElementType::Quantized(quantized) = tensor.element() else { return Ok(tensor.clone()) };
    let (stored, float) = (Kind::of(&quantized.storage)?, expressed_type(quantized)?);
    let parameters = Parameters::of(quantized, float, tensor.shape())?;
    heap.build(&quantized.expressed, tensor.shape(), |out| {
        let mut indices = Indices::new(tensor.shape());
        let mut at = 0;
        while let Some(index) = indices.next() {
            let (scale, zero_point) = parameters.at(index);
            let offset = stored.read(tensor.bytes(), at).int() as f64 - zero_point;
            Kind::Float(float).write(Scalar::Float(float.round(offset) * scale), out, at);
            at += 1;
        }
        Ok(())
    })
}

/// The tensor in a quantized element type; as it is when that is not quantized.
pub(super) fn quantize(heap: &Heap, tensor: &Tensor, element: &ElementType) -> Result<Tensor, Fault> {
    let ElementType::Quantized(quantized) = element else { return Ok(tensor.clone()) };
    let Kind::Int(stored) = Kind::of(&quantized.storage)? else {
        return Err(Fault::invalid(format!("{element} is not stored as integers")));
    };
    let float = expressed_type(quantized)?;
    let from = Kind::of(tensor.element())?;
    if !matches!(from, Kind::Float(_)) {
        return Err(Fault::invalid(format!("{} cannot be quantized to {element}", tensor.ty())));
    }
    let parameters = Parameters::of(quantized, float, tensor.shape())?;
    let limits = quantized.storage_range.map(|(low, high)| (low as f64, high as f64));
    let (low, high) = limits.unwrap_or((stored.min() as f64, stored.max() as f64));
    heap.build(element, tensor.shape(), |out| {
        let mut indices = Indices::new(tensor.shape());
        let mut at = 0;
        while let Some(index) = indices.next() {
            let (scale, zero_point) = parameters.at(index);
            let scaled = float.round(from.read(tensor.bytes(), at).float() / scale);
            // The zero point is added first: a tie is broken by the number that is stored.
            let shifted = float.round(scaled + zero_point).clamp(low, high).round_ties_even();
            Kind::Int(stored).write(Scalar::Int(shifted as i128), out, at);
            at += 1;
        }
        Ok(())
    })
}

fn expressed_type(quantized: &QuantizedType) -> Result<FloatType, Fault> {
    FloatType::of(&quantized.expressed)
        .ok_or_else(|| Fault::invalid(format!("{} is no float type to quantize", quantized.expressed)))
}

/// Scales and zero points by index: one for all, one for each slice of an axis, or one for each
/// block.
struct Parameters {
    scales: Vec<f64>,
    zero_points: Vec<f64>,
    /// For each dimension, by how much an index advances the table, and the size of a block.
    steps: SmallVec<[(usize, usize); 4]>,
}

impl Parameters {
    fn of(quantized: &QuantizedType, float: FloatType, shape: &[usize]) -> Result<Self, Fault> {
        let mut steps: SmallVec<[(usize, usize); 4]> = SmallVec::from_elem((0, 1), shape.len());
        let misfit = || Fault::invalid(format!("{quantized} does not fit a shape of {shape:?}"));
        let mut entries = 1;
        if !quantized.block_sizes.is_empty() {
            for (dim, step) in steps.iter_mut().enumerate().rev() {
                let block = quantized.block_sizes.iter().find(|(axis, _)| *axis as usize == dim);
                let block = block.map_or(Some(1), |(_, size)| usize::try_from(*size).ok()).filter(|&size| size > 0);
                *step = (entries, block.ok_or_else(misfit)?);
                entries *= shape[dim].div_ceil(step.1).max(1);
            }
        } else if let Some(axis) = quantized.quantization_dimension {
            steps.get_mut(axis as usize).ok_or_else(misfit)?.0 = 1;
            entries = shape[axis as usize];
        }
        if quantized.scales.len() != entries.max(1) && entries > 0
            || quantized.zero_points.len() != quantized.scales.len()
        {
            return Err(misfit());
        }
        Ok(Self {
            scales: quantized.scales.iter().map(|&scale| float.round(scale)).collect(),
            zero_points: quantized.zero_points.iter().map(|&zero| zero as f64).collect(),
            steps,
        })
    }

    fn at(&self, index: &[usize]) -> (f64, f64) {
        let at: usize = index.iter().zip(&self.steps).map(|(&i, &(step, block))| i / block * step).sum();
        (self.scales[at], self.zero_points[at])
    }
}
