//! The copies at the end of regions.
//!
//! What a region returns is moved to where it is expected, all at once: no move may overwrite what
//! another has yet to read. Moves are put into an order in which none does; where they form a
//! circle (a loop that swaps two carried values), one source is set aside in the scratch space at
//! the arena's end.

use super::storage::each_planned_op;
use super::{ALIGNMENT, Place, Places, host_bytes, state_results};
use crate::ir::{Func, OpId, Opcode, RegionId, ValueId};

/// A copy of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// From where.
    pub from: Place,
    /// To where.
    pub to: Place,
    /// How many bytes.
    pub bytes: u64,
}

/// The copies at the end of a region of `op` (`while`, `if` or `case`), in order. For a loop's
/// body and for branches these bring what it returns to the operation's results.
pub fn region_moves(func: &Func, op: OpId, region: RegionId, places: &Places) -> Vec<Move> {
    ordered(wanted(func, op, region, &|value| places.get(value)), places.scratch).0
}

/// The copies before the first turn of a loop: initial values to the carried values' places.
pub fn entry_moves(func: &Func, op: OpId, places: &Places) -> Vec<Move> {
    ordered(initial(func, op, &|value| places.get(value)), places.scratch).0
}

/// The copies at the end of the entry: outputs to the results, state to its arguments.
pub fn return_moves(func: &Func, places: &Places) -> Vec<Move> {
    ordered(returned(func, &|value| places.get(value)), places.scratch).0
}

/// Bytes of scratch space that the moves of `func` need.
pub(super) fn scratch_bytes(func: &Func, place: &dyn Fn(ValueId) -> Place) -> u64 {
    let mut most = ordered(returned(func, place), 0).1;
    each_planned_op(func, |op| {
        if func.ops[op].opcode == Opcode::While {
            most = most.max(ordered(initial(func, op, place), 0).1);
        }
        for &region in &func.ops[op].regions {
            most = most.max(ordered(wanted(func, op, region, place), 0).1);
        }
    });
    most
}

fn wanted(func: &Func, op: OpId, region: RegionId, place: &dyn Fn(ValueId) -> Place) -> Vec<Move> {
    let operation = &func.ops[op];
    let is_condition = operation.opcode == Opcode::While && operation.regions.first() == Some(&region);
    if is_condition || !matches!(operation.opcode, Opcode::While | Opcode::If | Opcode::Case) {
        return Vec::new();
    }
    let Some(end) = func.terminator(region) else { return Vec::new() };
    moves(func, func.ops[end].operands.iter().copied().zip(operation.results.iter().map(|&r| place(r))), place)
}

fn initial(func: &Func, op: OpId, place: &dyn Fn(ValueId) -> Place) -> Vec<Move> {
    let operation = &func.ops[op];
    moves(func, operation.operands.iter().copied().zip(operation.results.iter().map(|&r| place(r))), place)
}

fn returned(func: &Func, place: &dyn Fn(ValueId) -> Place) -> Vec<Move> {
    let Some(end) = func.body.and_then(|body| func.terminator(body)) else { return Vec::new() };
    let states = state_results(func);
    let destination = |index: usize| {
        let state = states.iter().find(|&&(_, result)| result as usize == index);
        state.map_or(Place::Result(index as u32), |&(argument, _)| Place::Argument(argument))
    };
    let operands = func.ops[end].operands.iter().copied().enumerate();
    moves(func, operands.map(|(index, value)| (value, destination(index))), place)
}

fn moves(func: &Func, pairs: impl Iterator<Item = (ValueId, Place)>, place: &dyn Fn(ValueId) -> Place) -> Vec<Move> {
    let with_bytes = pairs.filter_map(|(value, to)| {
        let bytes = host_bytes(func.value_type(value))?;
        Some(Move { from: place(value), to, bytes })
    });
    with_bytes.filter(|m| m.from != m.to && m.bytes > 0).collect()
}

/// The moves in an order that overwrites nothing too early, and the scratch bytes they use, which
/// start at `scratch`.
fn ordered(mut pending: Vec<Move>, scratch: u64) -> (Vec<Move>, u64) {
    let mut done = Vec::new();
    let mut used = 0;
    while !pending.is_empty() {
        let free = (0..pending.len()).find(|&at| {
            let to = pending[at].to;
            pending.iter().enumerate().all(|(other, m)| other == at || m.from != to)
        });
        match free {
            Some(at) => done.push(pending.remove(at)),
            None => {
                let blocked = pending[0].from;
                let bytes = pending.iter().filter(|m| m.from == blocked).map(|m| m.bytes).max().unwrap_or(0);
                let aside = Place::Arena(scratch + used);
                used += bytes.next_multiple_of(ALIGNMENT);
                done.push(Move { from: blocked, to: aside, bytes });
                pending.iter_mut().filter(|m| m.from == blocked).for_each(|m| m.from = aside);
            }
        }
    }
    (done, used)
}
