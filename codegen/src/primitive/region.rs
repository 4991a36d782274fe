//! Regions that compute scalars, as data for the runtime.
//!
//! A comparator or reducer becomes a list of element-wise steps; values are numbered, parameters
//! first, then one for each step. What a region does besides cannot be a primitive's.

use std::collections::HashMap;

use hire_compiler::ir::{Attr, Func, OpId, Opcode, RegionId, ValueId};
use serde_json::{Value, json};

use super::attributes::{attributes, bytes};

/// A region as JSON; `None` where it is not a straight line of element-wise operations on scalars.
pub(super) fn region(func: &Func, region: RegionId) -> Option<Value> {
    let mut numbers: HashMap<ValueId, usize> = HashMap::new();
    let mut parameters = Vec::new();
    for &arg in &func.regions[region].args {
        numbers.insert(arg, parameters.len());
        parameters.push(json!(element(func, arg)?));
    }
    let (mut steps, mut results) = (Vec::new(), Vec::new());
    for &op in &func.regions[region].ops {
        let operation = &func.ops[op];
        let operands: Vec<usize> = operation.operands.iter().map(|v| numbers.get(v).copied()).collect::<Option<_>>()?;
        if operation.opcode == Opcode::Return {
            results = operands;
            continue;
        }
        let &[result] = operation.results.as_slice() else { return None };
        // A view of a scalar is the scalar.
        if matches!(operation.opcode, Opcode::Reshape | Opcode::OptimizationBarrier | Opcode::BroadcastInDim) {
            numbers.insert(result, *operands.first()?);
            continue;
        }
        numbers.insert(result, parameters.len() + steps.len());
        steps.push(step(func, op, &operands, element(func, result)?)?);
    }
    Some(json!({"parameters": parameters, "steps": steps, "results": results}))
}

fn step(func: &Func, op: OpId, operands: &[usize], result: &str) -> Option<Value> {
    let operation = &func.ops[op];
    if operation.opcode == Opcode::Constant {
        let value = operation.attr("value").and_then(Attr::as_elements)?;
        return Some(json!({"op": "constant", "result": result, "value": bytes(value)}));
    }
    let name = operation.opcode.info().name.strip_prefix("stablehlo.")?;
    let has_regions = !operation.regions.is_empty();
    let attributes = attributes(&operation.attrs);
    (!has_regions).then(|| json!({"op": name, "operands": operands, "result": result, "attributes": attributes}))
}

/// The element type of a scalar.
fn element(func: &Func, value: ValueId) -> Option<&'static str> {
    let ty = func.value_type(value).as_tensor()?;
    (ty.element_count() == Some(1)).then(|| ty.element.name())?
}
