//! The weight side of a product: from the operand back to the module's parameters.

use std::collections::HashSet;

use hire_compiler::ir::{ElementType, Func, OpId, Opcode, Traits, ValueDef, ValueId};

use crate::hire::prepare::PREPARED_PREFIX;
use crate::signature::{Role, Signature};

/// Where the rows of a weight matrix come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WeightPath {
    /// A parameter stored [V, d], after these conversions (outermost last): its rows are gathered
    /// as they are, and converted after the gather.
    Rows {
        /// The parameter.
        parameter: ValueId,
        /// The conversions, in the order they apply.
        converts: Vec<OpId>,
    },
    /// Anything else that depends on parameters and constants only: computed once by `@prepare`,
    /// laid out [V, d].
    Computed {
        /// The operations to run, in program order.
        ops: Vec<OpId>,
        /// The parameters they read.
        parameters: Vec<ValueId>,
    },
}

impl WeightPath {
    /// The type of the elements that a step reads of `operand`, which this path computes.
    pub(crate) fn stored_element(&self, func: &Func, operand: ValueId) -> ElementType {
        let read = match self {
            WeightPath::Rows { parameter, .. } => *parameter,
            WeightPath::Computed { .. } => operand,
        };
        func.value_type(read).as_tensor().map_or(ElementType::F32, |t| t.element.clone())
    }
}

/// The most operations a weight-side computation may have before it is refused.
const LONGEST: usize = 256;

/// Traces `operand` back. `vocabulary_dim` is its dimension of V rows.
///
/// # Errors
/// A reason, when the operand depends on anything but parameters and constants.
pub(crate) fn trace(
    func: &Func,
    signature: &Signature,
    operand: ValueId,
    vocabulary_dim: usize,
) -> Result<WeightPath, String> {
    let (ops, parameters) = slice(func, signature, operand)?;
    if let ([parameter], 0) = (parameters.as_slice(), vocabulary_dim)
        && func.value_type(*parameter).as_tensor().and_then(|t| t.rank()) == Some(2)
        && ops.iter().all(|&op| func.ops[op].opcode == Opcode::Convert)
    {
        return Ok(WeightPath::Rows { parameter: *parameter, converts: ops });
    }
    Ok(WeightPath::Computed { ops, parameters })
}

/// The operations that compute `value`, in program order, and the parameters they read.
fn slice(func: &Func, signature: &Signature, value: ValueId) -> Result<(Vec<OpId>, Vec<ValueId>), String> {
    let (mut ops, mut parameters) = (HashSet::new(), Vec::new());
    let mut pending = vec![value];
    while let Some(value) = pending.pop() {
        match func.values[value].def {
            ValueDef::Argument { .. } => match signature.argument(value).map(|a| (a.role, &a.name)) {
                Some((Role::Parameter, name)) if name.starts_with(PREPARED_PREFIX) => {
                    return Err(format!("its matrix `{name}` is part of an earlier rewrite"));
                }
                Some((Role::Parameter, _)) if parameters.contains(&value) => {}
                Some((Role::Parameter, _)) => parameters.push(value),
                Some((Role::State { .. }, name)) => {
                    return Err(format!("its matrix is computed from the state `{name}`"));
                }
                Some((Role::Input, name)) => return Err(format!("its matrix is computed from the input `{name}`")),
                None => return Err("its matrix is carried by a loop".to_owned()),
            },
            ValueDef::Result { op, .. } => {
                let operation = &func.ops[op];
                if !operation.opcode.has(Traits::PURE) || !operation.regions.is_empty() {
                    return Err(format!("its matrix is computed by `{}`", operation.name()));
                }
                if ops.insert(op) {
                    pending.extend(operation.operands.iter().copied());
                }
            }
        }
        if ops.len() > LONGEST {
            return Err(format!("its matrix is computed by more than {LONGEST} operations"));
        }
    }
    if parameters.is_empty() {
        return Err("its matrix is a constant of the module, not a parameter".to_owned());
    }
    // Operations of a function are created before their users, whatever pass created them, only in
    // parsed modules; the region's list is the order that always holds.
    let body = func.body.expect("a function with operations has a body");
    let ordered: Vec<OpId> = func.regions[body].ops.iter().copied().filter(|op| ops.contains(op)).collect();
    if ordered.len() != ops.len() {
        return Err("its matrix is computed inside a nested region".to_owned());
    }
    Ok((ordered, parameters))
}
