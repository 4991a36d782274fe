//! What is known of values: small integer tensors that follow from constants.

use std::collections::HashMap;

use hire_compiler::ir::{DenseElements, Dim, ElementType, Func, OpId, Opcode, TensorType, ValueId};

use super::super::fold;

/// Values that are known, beside those that constants define.
#[derive(Default)]
pub(super) struct Known {
    computed: HashMap<ValueId, DenseElements>,
}

impl Known {
    /// The elements of a value.
    pub(super) fn elements<'k>(&'k self, func: &'k Func, value: ValueId) -> Option<&'k DenseElements> {
        if let Some(elements) = self.computed.get(&value) {
            return Some(elements);
        }
        let operation = &func.ops[func.defining_op(value)?];
        operation.attr("value")?.as_elements().filter(|_| operation.opcode == Opcode::Constant)
    }

    /// The elements of an integer value.
    pub(super) fn integers(&self, func: &Func, value: ValueId) -> Option<Vec<i128>> {
        let elements = self.elements(func, value)?;
        if elements.ty.element == ElementType::I1 && elements.len() == 1 {
            return Some(vec![i128::from(elements.element(0).first().is_some_and(|&b| b != 0))]);
        }
        (elements.len() <= fold::MOST_ELEMENTS).then(|| elements.integers())?
    }

    /// The elements as sizes, none of them negative.
    pub(super) fn sizes(&self, func: &Func, value: ValueId) -> Option<Vec<Dim>> {
        let sizes = self.integers(func, value)?;
        sizes.into_iter().map(|size| u64::try_from(size).ok().map(Dim::Size)).collect()
    }

    /// The elements as 64-bit integers.
    pub(super) fn i64s(&self, func: &Func, value: ValueId) -> Option<Vec<i64>> {
        self.integers(func, value)?.into_iter().map(|v| i64::try_from(v).ok()).collect()
    }

    /// Notes what an operation computes, where that follows.
    pub(super) fn learn(&mut self, func: &Func, op: OpId) {
        let operation = &func.ops[op];
        let Some(result) = operation.result() else { return };
        let Some(ty) = func.value_type(result).as_tensor() else { return };
        let elements = match operation.opcode {
            Opcode::GetDimensionSize => dimension_size(func, op),
            _ if !(ty.element.is_integer() || ty.element == ElementType::I1) => None,
            _ => {
                let operands: Option<Vec<DenseElements>> =
                    operation.operands.iter().map(|&value| self.elements(func, value).cloned()).collect();
                operands.and_then(|operands| fold::result_of(operation, &operands, ty))
            }
        };
        if let Some(elements) = elements {
            self.computed.insert(result, elements);
        }
    }

    /// Whether the operation is to become the constant that it computes: all other constants are folding's.
    pub(super) fn replaces(&self, func: &Func, op: OpId) -> bool {
        func.ops[op].opcode == Opcode::GetDimensionSize && self.of_result(func, op).is_some()
    }

    /// What the only result of an operation is.
    pub(super) fn of_result(&self, func: &Func, op: OpId) -> Option<&DenseElements> {
        self.computed.get(&func.ops[op].result()?)
    }
}

/// The size of a static dimension.
fn dimension_size(func: &Func, op: OpId) -> Option<DenseElements> {
    let operation = &func.ops[op];
    let dimension = usize::try_from(operation.i64_attr("dimension")?).ok()?;
    let ty = func.value_type(*operation.operands.first()?).as_tensor()?;
    let size = i32::try_from(ty.dims.as_ref()?.get(dimension)?.size()?).ok()?;
    Some(DenseElements::splat(TensorType::scalar(ElementType::I32), size.to_le_bytes().to_vec()))
}
