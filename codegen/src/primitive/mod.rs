//! Operations that the runtime computes.
//!
//! What is no kernel is called by its StableHLO name and with its own attributes, as JSON, in the
//! runtime's table (`hire_runtime::host::primitives`). Regions are the attribute `regions`: lists of
//! steps on scalars ([`region`]). Quantized tensors are passed as their storage types; the attribute
//! `quantization` says what they mean. An operation that gives `None` cannot be compiled for a CPU.

mod attributes;
mod custom_call;
mod region;

use hire_artifact::{ElementType, TensorType};
use hire_compiler::eval::moves_elements;
use hire_compiler::ir::{Attr, ElementType as IrElement, Func, Module, OpId, Opcode, Type, ValueId};
use serde_json::{Map, Value, json};

use attributes::{attributes, quantization};
use region::{is_quantized, region};

/// A primitive, before its operands have places.
#[derive(Clone, Debug)]
pub struct Primitive {
    /// Its name in the runtime's table.
    pub name: String,
    /// Its attributes.
    pub attributes: Map<String, Value>,
}

/// The primitive that computes an operation, if there is one.
pub fn primitive(module: &Module, func: &Func, op: OpId) -> Option<Primitive> {
    let operation = &func.ops[op];
    if operation.opcode == Opcode::CustomCall {
        return custom_call::primitive(module, func, op);
    }
    let full = operation.opcode.info().name;
    let name = full.strip_prefix("stablehlo.").or_else(|| full.strip_prefix("check."));
    let name = name.or_else(|| (operation.opcode == Opcode::TopK).then_some("top_k"))?;
    let mut attributes = attributes(&operation.attrs);
    match operation.opcode {
        Opcode::ExpectEqConst | Opcode::ExpectAlmostEqConst => {
            let expected = operation.attr("value").and_then(Attr::as_elements)?;
            attributes.insert("value".to_owned(), attributes::bytes(expected));
        }
        Opcode::Rng => {
            attributes.insert("stream".to_owned(), json!(stream(func, op)));
        }
        Opcode::AllReduce | Opcode::ReduceScatter | Opcode::AllGather | Opcode::AllToAll => return None,
        _ => {}
    }
    if !operation.regions.is_empty() {
        let regions: Vec<Value> = operation.regions.iter().map(|&at| region(func, at)).collect::<Option<_>>()?;
        attributes.insert("regions".to_owned(), json!(regions));
    }
    // What has regions moves stored integers; the regions know what they mean.
    let mut values = operation.operands.iter().chain(&operation.results);
    let moves = takes_stored(operation.opcode) || !operation.regions.is_empty();
    if !moves && values.any(|&value| is_quantized(func, value)) {
        let meanings = |values: &[ValueId]| -> Option<Vec<Value>> {
            values.iter().map(|&v| quantization(func.value_type(v).as_tensor()?)).collect()
        };
        let (operands, results) = (meanings(&operation.operands)?, meanings(&operation.results)?);
        attributes.insert("quantization".to_owned(), json!({"operands": operands, "results": results}));
    }
    Some(Primitive { name: name.to_owned(), attributes })
}

/// The type of a tensor as the runtime stores it; `None` for what is no static tensor.
pub fn stored_type(ty: &Type) -> Option<TensorType> {
    let ty = ty.as_tensor()?;
    let element = match &ty.element {
        IrElement::Quantized(quantized) => &quantized.storage,
        other => other,
    };
    let dtype = element.name()?.parse::<ElementType>().ok()?;
    Some(TensorType::new(dtype, ty.sizes()?.to_vec()))
}

/// Which of a function's random operations this is: each draws from a stream of its own.
fn stream(func: &Func, op: OpId) -> u64 {
    let mut before = 0;
    func.walk(|_, other| before += u64::from(func.ops[other].opcode == Opcode::Rng && other < op));
    before
}

/// Operations on quantized tensors that take the stored integers for what they are.
fn takes_stored(opcode: Opcode) -> bool {
    moves_elements(opcode) || matches!(opcode, Opcode::ExpectEq | Opcode::ExpectEqConst | Opcode::OptimizationBarrier)
}
