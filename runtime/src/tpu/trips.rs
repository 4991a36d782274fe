//! How often a loop runs.
//!
//! Libtpu's scheduled programs seldom state it (`known_trip_count`); where they do not it is worked out for counted loops:
//! the condition compares a carried number with a limit, the body adds a constant to it, and both start at constants.

use super::backend_config;
use crate::hlo::{Computation, HloError, HloModule, Instruction, Shape};

/// How many copies and bitcasts a constant is looked for behind.
const FOLLOWED: usize = 8;

/// `PrimitiveType` of truth values, which conditions give.
const PRED: i64 = 1;

/// How often `whole`, a `while` of `computation`, runs; `None` where that depends on data.
pub(super) fn trip_count(
    module: &HloModule,
    computation: &Computation,
    whole: &Instruction,
) -> Result<Option<f64>, HloError> {
    if let Some(stated) = backend_config::trip_count(&whole.backend_config) {
        return Ok(Some(stated));
    }
    let (mut condition, mut body) = (None, None);
    for &called in &whole.called {
        let callee = module.computation(called)?;
        match &callee.root()?.shape {
            Shape::Array(array) if array.element_type == PRED => condition = Some(callee),
            _ => body = Some(callee),
        }
    }
    let (Some(condition), Some(body)) = (condition, body) else { return Ok(None) };
    let Some(&start) = whole.operands.first() else { return Ok(None) };
    let start = computation.instruction(start)?;
    let Some((counter, limit)) = compared(computation, start, condition)? else { return Ok(None) };
    let first = start.operands.get(counter).map(|&id| constant(computation, id)).transpose()?.flatten();
    let step = step(body, counter)?;
    Ok(match (first, step) {
        (Some(first), Some(step)) if step > 0 && limit >= first => {
            Some(((limit as f64 - first as f64) / step as f64).ceil())
        }
        _ => None,
    })
}

/// The carried element that a condition compares (less than) with a limit, and the limit.
fn compared(
    outer: &Computation,
    start: &Instruction,
    condition: &Computation,
) -> Result<Option<(usize, i64)>, HloError> {
    let root = condition.root()?;
    let (true, &[counter, limit]) = (root.comparison_direction == "LT", root.operands.as_slice()) else {
        return Ok(None);
    };
    let Some(counter) = carried(condition, counter)? else { return Ok(None) };
    let limit = match (constant(condition, limit)?, carried(condition, limit)?) {
        (Some(limit), _) => Some(limit),
        // A limit that the loop carries is taken to stay what it is.
        (None, Some(at)) => start.operands.get(at).map(|&id| constant(outer, id)).transpose()?.flatten(),
        (None, None) => None,
    };
    Ok(limit.map(|limit| (counter, limit)))
}

/// What a body adds to a carried element.
fn step(body: &Computation, counter: usize) -> Result<Option<i64>, HloError> {
    let Some(&next) = body.root()?.operands.get(counter) else { return Ok(None) };
    let next = body.instruction(next)?;
    let (true, &[a, b]) = (next.opcode == "add", next.operands.as_slice()) else { return Ok(None) };
    for (value, added) in [(a, b), (b, a)] {
        if carried(body, value)? == Some(counter) {
            return constant(body, added);
        }
    }
    Ok(None)
}

/// The value behind copies and bitcasts.
fn origin(computation: &Computation, id: i64) -> Result<&Instruction, HloError> {
    let mut value = computation.instruction(id)?;
    for _ in 0..FOLLOWED {
        match (value.opcode.as_str(), value.operands.first()) {
            ("copy" | "bitcast", Some(&operand)) => value = computation.instruction(operand)?,
            _ => break,
        }
    }
    Ok(value)
}

fn constant(computation: &Computation, id: i64) -> Result<Option<i64>, HloError> {
    Ok(origin(computation, id)?.integer)
}

/// Which element of a loop's tuple a value is.
fn carried(computation: &Computation, id: i64) -> Result<Option<usize>, HloError> {
    let value = origin(computation, id)?;
    Ok((value.opcode == "get-tuple-element").then(|| usize::try_from(value.tuple_index).ok()).flatten())
}
