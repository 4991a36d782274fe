//! Puts the layers of a counted loop one after the other.
//!
//! `lax.scan` over stacked weights becomes a `while` that slices layer i off [L, ..] tensors. Unrolled, each layer's
//! matrices are slices at constants, which `@prepare` takes apart, and each layer has a predictor, a k' and a
//! name of its own. A loop counts when a comparison with a constant ends it, and the counter starts at a
//! constant and grows by one.

use std::collections::HashMap;

use hire_compiler::ir::{Attr, DenseElements, Func, FuncId, Module, OpId, Opcode, RegionId, ValueId};
use hire_compiler::rewrite::{Patch, PatchError, Transplant};

use crate::hire::emit::Emit;

/// The most iterations that are unrolled.
pub(super) const MOST_ITERATIONS: i64 = 256;

/// The most operations that an unrolled loop may have.
const MOST_OPERATIONS: usize = 1 << 17;

/// Unrolls the counted loops of a function that contain products, outer loops first; says how many.
///
/// # Errors
/// When a patch is refused, which is a mistake of this pass.
pub(super) fn unroll(module: &mut Module, entry: FuncId) -> Result<usize, PatchError> {
    let mut count = 0;
    while let Some(patch) = next(&module.funcs[entry]) {
        patch.apply(module, entry)?;
        count += 1;
    }
    Ok(count)
}

/// The patch for the first loop of the body that can be unrolled.
fn next(func: &Func) -> Option<Patch> {
    let body = func.body?;
    let loops = func.regions[body].ops.iter().filter(|&&op| func.ops[op].opcode == Opcode::While);
    loops.copied().find_map(|op| unrolled(func, op))
}

fn unrolled(func: &Func, op: OpId) -> Option<Patch> {
    let &[condition, body] = func.ops[op].regions.as_slice() else { return None };
    let counted = Counted::read(func, op, condition, body)?;
    if !has_product(func, body) || func.regions[body].ops.len() * counted.iterations as usize > MOST_OPERATIONS {
        return None;
    }
    let mut patch = Patch::before(op);
    let operation = &func.ops[op];
    let mut values: Vec<ValueId> = operation.operands.iter().map(|&v| patch.tap(func, v)).collect();
    for iteration in 0..counted.iterations {
        let mut copies = Transplant::new();
        for (index, &arg) in func.regions[body].args.iter().enumerate() {
            let value = match counted.counters.get(&index) {
                Some(&start) => constant(func, &mut patch, arg, start + iteration),
                None => values[index],
            };
            copies.bind(arg, value);
        }
        values = patch.splice_region(func, body, &mut copies)?;
    }
    for (&result, value) in operation.results.iter().zip(values) {
        patch.replace(result, value);
    }
    Some(patch)
}

fn has_product(func: &Func, region: RegionId) -> bool {
    func.regions[region].ops.iter().any(|&op| func.ops[op].opcode == Opcode::DotGeneral)
}

/// A scalar of the type of `like`.
fn constant(func: &Func, patch: &mut Patch, like: ValueId, value: i64) -> ValueId {
    let element = func.value_type(like).as_tensor().expect("a counter is a tensor").element.clone();
    patch.builder().splat(&[], element, value as f64)
}

/// A loop of which the number of iterations is known.
struct Counted {
    iterations: i64,
    /// Carried scalars that start at a constant and grow by one, with their starts.
    counters: HashMap<usize, i64>,
}

impl Counted {
    fn read(func: &Func, op: OpId, condition: RegionId, body: RegionId) -> Option<Counted> {
        let returned = &func.ops[func.terminator(body)?].operands;
        let grows = |index: usize| -> Option<i64> {
            let start = integer(func, func.ops[op].operands[index])?;
            let next = &func.ops[func.defining_op(returned[index])?];
            let arg = func.regions[body].args[index];
            let by_one = |v: &ValueId| integer(func, *v) == Some(1);
            let adds = next.opcode == Opcode::Add && next.operands.contains(&arg) && next.operands.iter().any(by_one);
            adds.then_some(start)
        };
        let count = func.ops[op].operands.len();
        let counters: HashMap<usize, i64> = (0..count).filter_map(|index| Some((index, grows(index)?))).collect();
        let test = &func.ops[func.defining_op(*func.ops[func.terminator(condition)?].operands.first()?)?];
        let less = test.opcode == Opcode::Compare && test.enum_attr("comparison_direction") == Some("LT");
        let &[counter, limit] = test.operands.as_slice() else { return None };
        let index = func.regions[condition].args.iter().position(|&arg| arg == counter).filter(|_| less)?;
        let iterations = integer(func, limit)?.checked_sub(*counters.get(&index)?)?;
        (1..=MOST_ITERATIONS).contains(&iterations).then_some(Counted { iterations, counters })
    }
}

/// The integer that a scalar constant holds.
fn integer(func: &Func, value: ValueId) -> Option<i64> {
    let operation = &func.ops[func.defining_op(value)?];
    let Attr::Elements(elements) = operation.attr("value").filter(|_| operation.opcode == Opcode::Constant)? else {
        return None;
    };
    let elements: &DenseElements = elements;
    let is_scalar = elements.ty.rank() == Some(0) && elements.ty.element.is_signed_integer();
    let bytes = is_scalar.then(|| elements.element(0))?;
    let mut wide = [if bytes.last()? & 0x80 == 0 { 0 } else { 0xff }; 8];
    wide.get_mut(..bytes.len())?.copy_from_slice(bytes);
    Some(i64::from_le_bytes(wide))
}
