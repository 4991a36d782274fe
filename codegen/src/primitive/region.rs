//! Regions that compute scalars, as data for the runtime.
//!
//! A comparator or reducer becomes a list of steps; values are numbered: parameters first, then the results
//! of each step. Constants from outside of the region become steps. An operation with regions of its own
//! is a step whose regions number on from where it stands; they may use what was numbered before. What is
//! no operation on scalars cannot be a primitive's.

use std::collections::HashMap;

use hire_compiler::ir::{Attr, ElementType, Func, OpId, Opcode, RegionId, ValueId};
use serde_json::{Value, json};

use super::attributes::{attributes, bytes, quantization};

/// A region as JSON; `None` where it does more than compute scalars of its own.
pub(super) fn region(func: &Func, region: RegionId) -> Option<Value> {
    Walk { func, numbers: HashMap::new(), next: 0 }.region(region)
}

struct Walk<'f> {
    func: &'f Func,
    numbers: HashMap<ValueId, usize>,
    /// The number of the next value.
    next: usize,
}

impl Walk<'_> {
    fn region(&mut self, region: RegionId) -> Option<Value> {
        let func = self.func;
        let mut parameters = Vec::new();
        for &arg in &func.regions[region].args {
            parameters.push(json!(element(func, arg)?));
            self.define(arg);
        }
        let (mut steps, mut results) = (Vec::new(), Vec::new());
        for &op in &func.regions[region].ops {
            let operation = &func.ops[op];
            let operands = self.operands(&operation.operands, &mut steps)?;
            match operation.opcode {
                Opcode::Return | Opcode::FuncReturn => results = operands,
                Opcode::If | Opcode::Case | Opcode::While => {
                    steps.push(self.control(op, &operands)?);
                    operation.results.iter().for_each(|&result| self.define(result));
                }
                // A view of a scalar is the scalar.
                Opcode::Reshape | Opcode::OptimizationBarrier | Opcode::BroadcastInDim => {
                    let &[result] = operation.results.as_slice() else { return None };
                    element(func, result)?;
                    self.numbers.insert(result, *operands.first()?);
                }
                _ => {
                    let &[result] = operation.results.as_slice() else { return None };
                    steps.push(step(func, op, &operands, result)?);
                    self.define(result);
                }
            }
        }
        Some(json!({"parameters": parameters, "steps": steps, "results": results}))
    }

    fn define(&mut self, value: ValueId) {
        self.numbers.insert(value, self.next);
        self.next += 1;
    }

    /// The numbers of values; of constants from outside, after a step that makes them.
    fn operands(&mut self, values: &[ValueId], steps: &mut Vec<Value>) -> Option<Vec<usize>> {
        let number = |&value: &ValueId| {
            if let Some(&number) = self.numbers.get(&value) {
                return Some(number);
            }
            let op = self.func.defining_op(value).filter(|&op| self.func.ops[op].opcode == Opcode::Constant)?;
            steps.push(step(self.func, op, &[], value)?);
            self.define(value);
            self.numbers.get(&value).copied()
        };
        values.iter().map(number).collect()
    }

    fn control(&mut self, op: OpId, operands: &[usize]) -> Option<Value> {
        let operation = &self.func.ops[op];
        let mut regions = Vec::new();
        for &region in &operation.regions {
            let inner = Walk { func: self.func, numbers: self.numbers.clone(), next: self.next }.region(region)?;
            regions.push(inner);
        }
        let results: Vec<&str> = operation.results.iter().map(|&v| element(self.func, v)).collect::<Option<_>>()?;
        let name = operation.opcode.info().mnemonic();
        Some(json!({"op": name, "operands": operands, "results": results, "regions": regions}))
    }
}

fn step(func: &Func, op: OpId, operands: &[usize], result: ValueId) -> Option<Value> {
    let operation = &func.ops[op];
    let results = [element(func, result)?];
    if operation.opcode == Opcode::Constant {
        let value = operation.attr("value").and_then(Attr::as_elements)?;
        return Some(json!({"op": "constant", "results": results, "value": bytes(value)}));
    }
    let name = operation.opcode.info().name.strip_prefix("stablehlo.").filter(|_| operation.regions.is_empty())?;
    let attributes = attributes(&operation.attrs);
    let mut step = json!({"op": name, "operands": operands, "results": results, "attributes": attributes});
    let quantized = |&value: &ValueId| is_quantized(func, value);
    if operation.operands.iter().any(quantized) || quantized(&result) {
        let meaning = |&value: &ValueId| quantization(func.value_type(value).as_tensor()?);
        let operands: Vec<Value> = operation.operands.iter().map(meaning).collect::<Option<_>>()?;
        step["quantization"] = json!({"operands": operands, "results": [meaning(&result)?]});
    }
    Some(step)
}

/// Whether a value is a quantized tensor.
pub(super) fn is_quantized(func: &Func, value: ValueId) -> bool {
    func.value_type(value).as_tensor().is_some_and(|ty| matches!(ty.element, ElementType::Quantized(_)))
}

/// The element type of a scalar; of a quantized one, that of what is stored.
fn element(func: &Func, value: ValueId) -> Option<&'static str> {
    let ty = func.value_type(value).as_tensor().filter(|ty| ty.element_count() == Some(1))?;
    match &ty.element {
        ElementType::Quantized(quantized) => quantized.storage.name(),
        other => other.name(),
    }
}
