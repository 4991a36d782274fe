//! What a rule sees.

use super::patch::Patch;
use crate::graph::{Effects, Order, Uses};
use crate::ir::{DenseElements, Func, FuncId, Module, OpId, Opcode, Operation, TensorType, ValueId};

/// An operation in its surroundings, for a rule to look at.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The module.
    pub module: &'a Module,
    /// The function that holds the operation.
    pub func_id: FuncId,
    /// The same.
    pub func: &'a Func,
    /// The operation.
    pub op: OpId,
    /// Who uses what, in the function.
    pub uses: &'a Uses,
    /// What comes before what, in the function.
    pub order: &'a Order,
    /// Which functions of the module have effects.
    pub effects: &'a Effects,
}

impl<'a> Context<'a> {
    /// The operation itself.
    pub fn operation(&self) -> &'a Operation {
        &self.func.ops[self.op]
    }

    /// The operation, when it is an `opcode` that may be replaced: without discardable attributes.
    pub fn is(&self, opcode: Opcode) -> Option<&'a Operation> {
        Some(self.operation()).filter(|operation| operation.opcode == opcode && operation.has_only_declared_attrs())
    }

    /// Its operand of this index.
    pub fn operand(&self, index: usize) -> Option<ValueId> {
        self.operation().operands.get(index).copied()
    }

    /// Its only result.
    pub fn result(&self) -> Option<ValueId> {
        self.operation().result()
    }

    /// The operation that defines a value, when that is an `opcode`.
    pub fn definition(&self, value: ValueId, opcode: Opcode) -> Option<&'a Operation> {
        let op = self.func.defining_op(value)?;
        Some(&self.func.ops[op]).filter(|operation| operation.opcode == opcode)
    }

    /// The type of a value that is a tensor.
    pub fn tensor(&self, value: ValueId) -> Option<&'a TensorType> {
        self.func.value_type(value).as_tensor()
    }

    /// The elements of a value that is a constant.
    pub fn constant(&self, value: ValueId) -> Option<&'a DenseElements> {
        self.definition(value, Opcode::Constant)?.attr("value")?.as_elements()
    }

    /// An empty patch before the operation.
    pub fn patch(&self) -> Patch {
        Patch::before(self.op)
    }

    /// The patch that lets `value` take the place of the operation's only result.
    pub fn replace_with(&self, value: ValueId) -> Option<Patch> {
        let mut patch = self.patch();
        patch.replace_with(self.func, self.result()?, value);
        Some(patch)
    }
}
