//! Operations that the runtime computes.
//!
//! One row of [`call`] an operation: the primitive's name in the runtime's table
//! (`hire_runtime::host::primitives`) and the attributes it needs, as JSON, named as in StableHLO. An
//! operation without a row cannot be compiled for a CPU.

use hire_compiler::ir::{Func, OpId, Opcode};
use serde_json::{Map, Value, json};

/// A primitive, before its operands have places.
#[derive(Clone, Debug, Default)]
pub struct Primitive {
    /// Its name.
    pub name: &'static str,
    /// Its attributes.
    pub attributes: Map<String, Value>,
}

/// The primitive that computes an operation, if there is one.
pub fn primitive(func: &Func, op: OpId) -> Option<Primitive> {
    let operation = &func.ops[op];
    let (name, attributes) = match operation.opcode {
        Opcode::TopK => ("top_k", json!({"k": operation.i64_attr("k")?})),
        _ => return None,
    };
    let Value::Object(attributes) = attributes else { return None };
    Some(Primitive { name, attributes })
}
