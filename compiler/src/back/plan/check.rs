//! Reads a plan and proves that it holds.

use super::lifetimes::Lifetimes;
use super::moves::scratch_bytes;
use super::storage::{Origin, Storages, each_planned_op};
use super::{ALIGNMENT, Place, Places, host_bytes};
use crate::back::dispatch::{Kind, kind};
use crate::back::{ARENA_BYTES, CONSTANT_BYTES, PLACES};
use crate::diag::{Diagnostic, Diagnostics};
use crate::ir::{Attr, Func, FuncId, Module, OpId, Opcode, ValueId};

/// Reads the places that `module` states for its entry.
pub(super) fn read(module: &Module, id: FuncId) -> Result<Places, Diagnostics> {
    let func = &module.funcs[id];
    let size = |name: &str| {
        let stated = func.attrs.get(name).and_then(Attr::as_i64).and_then(|bytes| u64::try_from(bytes).ok());
        let missing = || Diagnostic::error(func.span, format!("@{} has no plan: it states no `{name}`", func.name));
        stated.ok_or_else(|| Diagnostics::from(missing()))
    };
    let mut places =
        Places { arena_bytes: size(ARENA_BYTES)?, constant_bytes: size(CONSTANT_BYTES)?, ..Places::default() };
    places.of.extend(func.args().iter().enumerate().map(|(index, &arg)| (arg, Place::Argument(index as u32))));
    let mut found = Vec::new();
    each_planned_op(func, |op| {
        if let Err(what) = read_op(func, op, &mut places) {
            found.push(Diagnostic::error(func.ops[op].span, what).at(format!("in @{}", func.name)));
        }
    });
    if !found.is_empty() {
        return Err(Diagnostics(found));
    }
    let scratch = scratch_bytes(func, &|value| places.get(value));
    places.scratch = places.arena_bytes.saturating_sub(scratch);
    Ok(places)
}

fn read_op(func: &Func, op: OpId, places: &mut Places) -> Result<(), String> {
    let operation = &func.ops[op];
    let stated = match operation.attr(PLACES) {
        Some(Attr::Array(stated)) => stated.as_slice(),
        _ => &[],
    };
    if stated.len() != operation.results.len() {
        let (name, count) = (operation.name(), operation.results.len());
        return Err(format!("`{name}` has {count} results, and `{PLACES}` {} entries", stated.len()));
    }
    for (index, (&result, stated)) in operation.results.iter().zip(stated).enumerate() {
        let place: Place = stated.as_str().unwrap_or("").parse().map_err(|e: super::UnknownPlace| e.to_string())?;
        if host_bytes(func.value_type(result)).is_some() == (place == Place::None) {
            return Err(format!("result {index} of `{}` cannot lie at `{place}`", operation.name()));
        }
        places.of.insert(result, place);
        if operation.opcode == Opcode::While {
            for &region in &operation.regions {
                places.of.insert(func.regions[region].args[index], place);
            }
        }
    }
    Ok(())
}

/// Proves that the plan in `module` gives every value memory of its own for as long as it is
/// needed: inside the arena, aligned, and shared with another value only where one is a view of
/// the other, or the update in place of a tensor that is not read afterwards.
pub fn check(module: &Module, id: FuncId) -> Result<(), Diagnostics> {
    let func = &module.funcs[id];
    let places = read(module, id)?;
    let lifetimes = Lifetimes::of(func);
    let stated_in_place = |op: OpId, index: usize| {
        let operation = &func.ops[op];
        places.get(operation.results[0]) == places.get(operation.operands[index])
    };
    let storages = Storages::of(module, func, &lifetimes, &stated_in_place);
    let mut found = Vec::new();
    let mut refuse = |op: Option<OpId>, what: String| {
        let span = op.map_or(func.span, |op| func.ops[op].span);
        found.push(Diagnostic::error(span, what).at(format!("in @{}", func.name)));
    };
    let mut arena: Vec<(u64, u64, usize, ValueId)> = Vec::new();
    for value in func.values.keys() {
        let Some(at) = storages.get(value) else { continue };
        let (op, storage) = (func.defining_op(value), storages.list[at]);
        match (storage.origin, places.get(value)) {
            (Origin::Arena, Place::Arena(offset)) => {
                let end = offset.checked_add(storage.bytes);
                if offset % ALIGNMENT != 0 || end.is_none_or(|end| end > places.scratch) {
                    refuse(op, format!("a value of {} bytes does not fit at `arena {offset}`", storage.bytes));
                } else if !arena.iter().any(|&(start, _, other, _)| (start, other) == (offset, at)) {
                    arena.push((offset, offset + storage.bytes, at, value));
                }
            }
            (Origin::Constant(_), Place::Constant(offset)) => {
                let end = offset.checked_add(storage.bytes);
                if offset % ALIGNMENT != 0 || end.is_none_or(|end| end > places.constant_bytes) {
                    refuse(op, format!("a constant of {} bytes does not fit at `constant {offset}`", storage.bytes));
                }
            }
            (Origin::Argument { index, .. }, Place::Argument(stated)) if index == stated => {}
            (_, place) => refuse(op, format!("a value lies at `{place}`, where it cannot")),
        }
    }
    for (i, &(start, end, one, value)) in arena.iter().enumerate() {
        for &(other_start, other_end, other, _) in &arena[..i] {
            let together = storages.list[one].lifetime.meets(storages.list[other].lifetime);
            if one == other || (together && start < other_end && other_start < end) {
                refuse(func.defining_op(value), format!("a value at `arena {start}` overwrites one that is needed"));
            }
        }
    }
    func.walk(|_, op| {
        if kind(func, op) == Kind::View && places.get(func.ops[op].results[0]) != places.get(func.ops[op].operands[0]) {
            refuse(Some(op), "a reshape does not lie where its operand does".to_owned());
        }
    });
    if found.is_empty() { Ok(()) } else { Err(Diagnostics(found)) }
}
