//! Lays out the arena and the constants.

use std::collections::HashMap;

use super::lifetimes::Lifetimes;
use super::moves::scratch_bytes;
use super::storage::{Origin, Storage, Storages, each_planned_op};
use super::{ALIGNMENT, Place};
use crate::back::{ARENA_BYTES, CONSTANT_BYTES, PLACES};
use crate::ir::{Attr, Func, FuncId, Module, OpId};

/// Plans the memory of the dispatch program whose entry is `id`, and writes the plan into it.
pub fn annotate(module: &mut Module, id: FuncId) {
    let func = &module.funcs[id];
    let lifetimes = Lifetimes::of(func);
    let storages = Storages::of(module, func, &lifetimes, &|_, _| true);
    let (mut places, arena) = arena(&storages.list);
    let constants = constants(func, &storages.list, &mut places);
    let mut planned: Vec<OpId> = Vec::new();
    each_planned_op(func, |op| planned.push(op));
    let scratch = scratch_bytes(func, &|value| storages.get(value).map_or(Place::None, |at| places[at]));
    let mut annotated = module.funcs[id].clone();
    for op in planned {
        let results = annotated.ops[op].results.clone();
        if results.is_empty() {
            continue;
        }
        let of = results.iter().map(|&result| storages.get(result).map_or(Place::None, |at| places[at]));
        let texts = of.map(|place| Attr::string(place.to_string())).collect();
        annotated.ops[op].attrs.set(PLACES, Attr::Array(texts));
    }
    let size = |bytes: u64| Attr::i64(i64::try_from(bytes).unwrap_or(i64::MAX));
    annotated.attrs.set(ARENA_BYTES, size(arena.saturating_add(scratch)));
    annotated.attrs.set(CONSTANT_BYTES, size(constants));
    module.funcs[id] = annotated;
}

/// A place for each piece of memory (constants excepted), and the size of the arena. The largest
/// pieces come first; each takes the lowest free offset.
fn arena(list: &[Storage]) -> (Vec<Place>, u64) {
    let mut places = vec![Place::None; list.len()];
    let mut order: Vec<usize> = (0..list.len()).collect();
    order.sort_by_key(|&at| (std::cmp::Reverse(list[at].bytes), list[at].lifetime.first, at));
    let mut laid: Vec<(u64, u64, usize)> = Vec::new();
    let mut size = 0;
    for at in order {
        match list[at].origin {
            Origin::Argument { index, .. } => places[at] = Place::Argument(index),
            Origin::Constant(_) => {}
            Origin::Arena => {
                let bytes = list[at].bytes.max(1).next_multiple_of(ALIGNMENT);
                let mut offset = 0;
                for &(start, end, other) in &laid {
                    if list[other].lifetime.meets(list[at].lifetime) {
                        if offset + bytes <= start {
                            break;
                        }
                        offset = offset.max(end);
                    }
                }
                places[at] = Place::Arena(offset);
                let position = laid.partition_point(|&(start, ..)| start <= offset);
                laid.insert(position, (offset, offset + bytes, at));
                size = size.max(offset + bytes);
            }
        }
    }
    (places, size)
}

/// Places of constants, equal ones once; returns the bytes of all.
fn constants(func: &Func, list: &[Storage], places: &mut [Place]) -> u64 {
    let mut known: HashMap<Vec<u8>, u64> = HashMap::new();
    let mut size = 0u64;
    for (at, storage) in list.iter().enumerate() {
        let Origin::Constant(op) = storage.origin else { continue };
        let value = func.ops[op].attr("value").and_then(Attr::as_elements);
        let key = value.map(|v| [&[u8::from(v.splat)][..], &storage.bytes.to_le_bytes()[..], &v.data].concat());
        let offset = *known.entry(key.unwrap_or_default()).or_insert(size);
        if offset == size {
            size += storage.bytes.max(1).next_multiple_of(ALIGNMENT);
        }
        places[at] = Place::Constant(offset);
    }
    size
}
