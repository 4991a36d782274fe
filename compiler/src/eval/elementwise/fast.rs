//! The commonest operations on the commonest types, without decoding.
//!
//! These give the same bits as the general path, `NaN` payloads aside; a test compares the two.

use super::Elementwise;
use crate::eval::float::FloatType;
use crate::eval::number::{IntType, Kind};
use crate::ir::Opcode;

const F32: Kind = Kind::Float(FloatType::F32);
const BF16: Kind = Kind::Float(FloatType::BF16);
const F16: Kind = Kind::Float(FloatType::F16);

/// Computes the operation if it is one of the common ones; all operands have all elements.
pub(super) fn apply(operation: &Elementwise, operands: &[&[u8]], out: &mut [u8]) -> bool {
    match (operation.opcode, operation.operands[0], operation.result) {
        (Opcode::Convert, from, to) if from == to => out.copy_from_slice(operands[0]),
        (Opcode::Convert, BF16, F32) => widen(operands[0], out, |b| half::bf16::from_le_bytes(b).to_f32()),
        (Opcode::Convert, F16, F32) => widen(operands[0], out, |b| half::f16::from_le_bytes(b).to_f32()),
        (opcode, F32, F32) => return f32s(opcode, operands, out),
        (opcode, Kind::Int(IntType { bits: 32, .. }), Kind::Int(_)) if operands.len() == 2 => {
            return u32s(opcode, operands, out);
        }
        _ => return false,
    }
    true
}

fn f32s(opcode: Opcode, operands: &[&[u8]], out: &mut [u8]) -> bool {
    match opcode {
        Opcode::Add => binary(operands, out, f32::from_le_bytes, |a, b| (a + b).to_le_bytes()),
        Opcode::Subtract => binary(operands, out, f32::from_le_bytes, |a, b| (a - b).to_le_bytes()),
        Opcode::Multiply => binary(operands, out, f32::from_le_bytes, |a, b| (a * b).to_le_bytes()),
        Opcode::Divide => binary(operands, out, f32::from_le_bytes, |a, b| (a / b).to_le_bytes()),
        _ => return false,
    }
    true
}

/// Integer operations that do not depend on the sign.
fn u32s(opcode: Opcode, operands: &[&[u8]], out: &mut [u8]) -> bool {
    match opcode {
        Opcode::Add => binary(operands, out, u32::from_le_bytes, |a, b| a.wrapping_add(b).to_le_bytes()),
        Opcode::Subtract => binary(operands, out, u32::from_le_bytes, |a, b| a.wrapping_sub(b).to_le_bytes()),
        Opcode::Multiply => binary(operands, out, u32::from_le_bytes, |a, b| a.wrapping_mul(b).to_le_bytes()),
        Opcode::And => binary(operands, out, u32::from_le_bytes, |a, b| (a & b).to_le_bytes()),
        Opcode::Or => binary(operands, out, u32::from_le_bytes, |a, b| (a | b).to_le_bytes()),
        Opcode::Xor => binary(operands, out, u32::from_le_bytes, |a, b| (a ^ b).to_le_bytes()),
        _ => return false,
    }
    true
}

fn binary<T>(operands: &[&[u8]], out: &mut [u8], load: impl Fn([u8; 4]) -> T, f: impl Fn(T, T) -> [u8; 4]) {
    let (lhs, rhs) = (operands[0].as_chunks::<4>().0, operands[1].as_chunks::<4>().0);
    for ((out, &a), &b) in out.as_chunks_mut::<4>().0.iter_mut().zip(lhs).zip(rhs) {
        *out = f(load(a), load(b));
    }
}

fn widen(operand: &[u8], out: &mut [u8], load: impl Fn([u8; 2]) -> f32) {
    for (out, &value) in out.as_chunks_mut::<4>().0.iter_mut().zip(operand.as_chunks::<2>().0) {
        *out = load(value).to_le_bytes();
    }
}
