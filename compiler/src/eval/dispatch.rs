//! Which function computes which operation, for operations on tensors without regions.

use super::call::Call;
use super::elementwise::{self, Elementwise};
use super::error::Fault;
use super::number::Kind;
use super::tensor::Tensor;
use super::{batch_norm, broadcast, convolution, dot, fft, linalg, quantized, ragged, rng, scatter, shape, sort};
use crate::ir::Opcode;

/// Computes a pure operation without regions.
///
/// # Errors
/// When the operation is none of these, or its parts contradict each other.
pub(super) fn evaluate(call: &mut Call<'_>) -> Result<Vec<Tensor>, Fault> {
    if quantized::involved(call) {
        return quantized::evaluate(call);
    }
    if let Some(result) = elementwise(call)? {
        return Ok(vec![result]);
    }
    let result = match call.opcode {
        Opcode::BatchNormGrad => return batch_norm::grad(call),
        Opcode::BatchNormInference => return batch_norm::inference(call),
        Opcode::BatchNormTraining => return batch_norm::training(call),
        Opcode::RngBitGenerator => return rng::rng_bit_generator(call),
        Opcode::TopK => return sort::top_k(call),
        Opcode::Constant | Opcode::ChloConstant | Opcode::SdyConstant => constant(call),
        Opcode::BitcastConvert => shape::bitcast_convert(call),
        Opcode::Broadcast => shape::broadcast(call),
        Opcode::BroadcastInDim => shape::broadcast_in_dim(call),
        Opcode::Cholesky => linalg::cholesky(call),
        Opcode::Concatenate => shape::concatenate(call),
        Opcode::ConstantLike => broadcast::constant_like(call),
        Opcode::Convolution => convolution::convolution(call),
        Opcode::Dot => dot::dot(call),
        Opcode::DotGeneral => dot::dot_general(call),
        Opcode::DynamicBroadcastInDim => shape::dynamic_broadcast_in_dim(call),
        Opcode::DynamicConv => convolution::dynamic_conv(call),
        Opcode::DynamicGather => scatter::dynamic_gather(call),
        Opcode::DynamicIota => shape::dynamic_iota(call),
        Opcode::DynamicPad => shape::dynamic_pad(call),
        Opcode::DynamicReshape => shape::dynamic_reshape(call),
        Opcode::DynamicSlice => shape::dynamic_slice(call),
        Opcode::DynamicUpdateSlice => shape::dynamic_update_slice(call),
        Opcode::Einsum | Opcode::UnaryEinsum => dot::einsum(call),
        Opcode::Fft => fft::fft(call),
        Opcode::Gather => scatter::gather(call),
        Opcode::GetDimensionSize => shape::get_dimension_size(call),
        Opcode::Iota => shape::iota(call),
        Opcode::Pad => shape::pad(call),
        Opcode::RaggedDot => ragged::ragged_dot(call),
        Opcode::RealDynamicSlice => shape::real_dynamic_slice(call),
        Opcode::Reshape => shape::reshape(call),
        Opcode::Reverse => shape::reverse(call),
        Opcode::SetDimensionSize => shape::set_dimension_size(call),
        Opcode::Slice => shape::slice(call),
        Opcode::TorchIndexSelect => scatter::torch_index_select(call),
        Opcode::Transpose => shape::transpose(call),
        Opcode::TriangularSolve => linalg::triangular_solve(call),
        opcode => match opcode.without_broadcast() {
            Some(plain) => broadcast::evaluate(call, plain),
            None => Err(Fault::unsupported(format!("the interpreter does not compute {}", opcode.info().name))),
        },
    };
    Ok(vec![result?])
}

fn constant(call: &Call<'_>) -> Result<Tensor, Fault> {
    let value = call.attrs.get("value").and_then(|attr| attr.as_elements()).ok_or_else(|| call.missing("value"))?;
    Tensor::from_elements_in(call.heap, value)
}

/// The result of an element-wise operation; `None` for all others.
fn elementwise(call: &mut Call<'_>) -> Result<Option<Tensor>, Fault> {
    if !elementwise::is_elementwise(call.opcode) {
        return Ok(None);
    }
    let kinds = call.operands.iter().map(|t| Kind::of(t.element())).collect::<Result<Vec<_>, _>>()?;
    let Some(operation) = Elementwise::of(call.opcode, call.attrs, &kinds, Kind::of(call.element()?)?)? else {
        return Ok(None);
    };
    let broadcasts = matches!(call.opcode, Opcode::Select | Opcode::Clamp);
    if !broadcasts && call.operands.iter().any(|t| t.shape() != call.operands[0].shape()) {
        return Err(Fault::invalid("the operands' shapes differ"));
    }
    if call.opcode == Opcode::Convert && kinds[0] == operation.result {
        return Ok(Some(call.take_operand(0)?));
    }
    let operands: Vec<&Tensor> = call.operands.iter().collect();
    elementwise::apply(call.heap, &operation, &operands, call.element()?).map(Some)
}
