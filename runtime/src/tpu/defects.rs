//! Forms that cost what a rewrite was to save, found in the scheduled program.
//!
//! * A gathered weight that is copied whole: a reshape of the weight in the step, or a prefetch of it into VMEM. Its rows
//!   were to be read where they are.
//! * A gather that became a loop over slices of a weight.

use super::trips::trip_count;
use crate::hlo::{Computation, HloError, HloModule, Instruction};

/// Weights smaller than this may be copied: it takes no longer than the copy's fixed cost.
const SMALL_WEIGHT: f64 = 1_000_000.0;

/// One such form.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Defect {
    /// A gathered weight is copied whole.
    #[error("{op} copies all of {weight} ({bytes:.0} bytes), of which only rows are needed")]
    WholeCopy {
        /// The weight: the entry's parameter.
        weight: String,
        /// What copies it.
        op: String,
        /// Bytes of the weight.
        bytes: f64,
    },
    /// A gather became a loop.
    #[error("{op} loops over slices of {weight}{}, where one gather should take them", times(*trips))]
    Loop {
        /// The weight: the entry's parameter.
        weight: String,
        /// The loop.
        op: String,
        /// How often it runs, where libtpu says it.
        trips: Option<f64>,
    },
}

fn times(trips: Option<f64>) -> String {
    trips.map_or_else(String::new, |trips| format!(" {trips} times"))
}

/// The defects of a module's entry computation.
///
/// # Errors
/// When the module is damaged.
pub fn defects(module: &HloModule) -> Result<Vec<Defect>, HloError> {
    let entry = module.entry()?;
    let mut found = Vec::new();
    for instruction in &entry.instructions {
        match instruction.opcode.as_str() {
            "while" => found.extend(sliced_in_loop(module, entry, instruction)?),
            "gather" => found.extend(whole_copy(entry, instruction, 0)?),
            "fusion" => {
                for at in gathered_operands(module, instruction)? {
                    found.extend(whole_copy(entry, instruction, at)?);
                }
            }
            _ => {}
        }
    }
    found.dedup();
    Ok(found)
}

/// Which operands of a fusion are gathered from in it.
fn gathered_operands(module: &HloModule, fusion: &Instruction) -> Result<Vec<usize>, HloError> {
    let Some(&called) = fusion.called.first() else { return Ok(Vec::new()) };
    let computation = module.computation(called)?;
    let mut operands = Vec::new();
    for gather in computation.instructions.iter().filter(|i| i.opcode == "gather") {
        let mut source = gather.operands.first().map(|&id| computation.instruction(id)).transpose()?;
        while let Some(from) = source {
            match (from.opcode.as_str(), from.operands.first()) {
                ("parameter", _) => {
                    operands.push(usize::try_from(from.parameter_number).unwrap_or(usize::MAX));
                    break;
                }
                ("bitcast", Some(&id)) => source = Some(computation.instruction(id)?),
                _ => break,
            }
        }
    }
    Ok(operands)
}

/// Goes back from a gather's operand to the parameter it comes from; a copy on the way is a defect.
fn whole_copy(entry: &Computation, gather: &Instruction, at: usize) -> Result<Option<Defect>, HloError> {
    let mut copied: Option<&Instruction> = None;
    let mut next = gather.operands.get(at).copied();
    // Each step goes to an operand, which the schedule has before; a damaged one ends here.
    for _ in 0..entry.instructions.len() {
        let Some(id) = next else { return Ok(None) };
        let value = entry.instruction(id)?;
        match value.opcode.as_str() {
            "parameter" => {
                let bytes = value.shape.bytes();
                return Ok(copied.filter(|_| bytes >= SMALL_WEIGHT).map(|copy| Defect::WholeCopy {
                    weight: parameter_name(value),
                    op: copy.name.clone(),
                    bytes,
                }));
            }
            "bitcast" | "get-tuple-element" => {}
            "copy" | "reshape" | "transpose" | "convert" | "copy-done" | "copy-start" | "async-done"
            | "async-start" | "async-update" | "custom-call" | "fusion" => copied = Some(value),
            _ => return Ok(None),
        }
        next = value.operands.first().copied();
    }
    Ok(None)
}

/// The weight that a loop carries and takes slices of.
fn sliced_in_loop(module: &HloModule, entry: &Computation, whole: &Instruction) -> Result<Option<Defect>, HloError> {
    let slices = |i: &Instruction| -> Result<bool, HloError> {
        let inner = i.called.iter().map(|&id| module.computation(id)).collect::<Result<Vec<_>, _>>()?;
        let within = inner.iter().flat_map(|c| &c.instructions).any(|i| i.opcode == "dynamic-slice");
        Ok(i.opcode == "dynamic-slice" || within)
    };
    let mut any = false;
    for &called in &whole.called {
        for instruction in &module.computation(called)?.instructions {
            any |= slices(instruction)?;
        }
    }
    let Some(&carried) = whole.operands.first().filter(|_| any) else { return Ok(None) };
    for &id in &entry.instruction(carried)?.operands {
        let value = entry.instruction(id)?;
        let is_weight = value.opcode == "parameter" && value.shape.bytes() >= SMALL_WEIGHT;
        if is_weight {
            return Ok(Some(Defect::Loop {
                weight: parameter_name(value),
                op: whole.name.clone(),
                trips: trip_count(module, entry, whole)?,
            }));
        }
    }
    Ok(None)
}

/// What the program calls a parameter.
fn parameter_name(parameter: &Instruction) -> String {
    if parameter.op_name.is_empty() { parameter.name.clone() } else { parameter.op_name.clone() }
}
