//! What travels: for each entry its value and what stands beside it, packed into one tensor of 32-bit lanes.

use hire_compiler::ir::{Attr, Builder, ElementType, Opcode, TensorType, ValueId};

use crate::hire::emit::Emit;

/// A tensor of selected entries, along `dim`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stream {
    /// The tensor.
    pub(super) value: ValueId,
    /// Whether it holds positions along the dimension, counted from where the shard begins.
    pub(super) positional: bool,
}

/// Lanes of 32 bits that an element takes.
pub(super) fn lanes(element: &ElementType) -> u64 {
    if element.bits() > 32 { u64::from(element.bits()) / 32 } else { 1 }
}

/// Whether elements of a type can be packed: numbers of 8 to 64 bits.
pub(super) fn can_pack(element: &ElementType) -> bool {
    (element.is_float() || element.is_integer()) && matches!(element.bits(), 8 | 16 | 32 | 64)
}

/// The unsigned integer of as many bits.
fn carrier(element: &ElementType) -> ElementType {
    match element.bits() {
        8 => ElementType::UI8,
        16 => ElementType::UI16,
        _ => ElementType::UI32,
    }
}

/// Streams [B.., k], their dimension last, as one ui32 tensor [B.., lanes].
pub(super) fn pack(b: &mut Builder<'_>, streams: &[Stream]) -> ValueId {
    let parts: Vec<ValueId> = streams
        .iter()
        .map(|stream| {
            let element = b.element(stream.value);
            let mut sizes = b.sizes(stream.value);
            let wide = lanes(&element);
            if wide > 1 {
                sizes.push(wide);
            }
            let bits = bitcast(b, stream.value, &sizes, carrier(&element));
            let bits = b.convert(bits, ElementType::UI32);
            if wide > 1 {
                sizes.pop();
                *sizes.last_mut().expect("streams have a dimension") *= wide;
            }
            b.reshape(bits, &sizes)
        })
        .collect();
    let last = b.sizes(parts[0]).len() - 1;
    if parts.len() == 1 { parts[0] } else { b.concatenate(&parts, last) }
}

/// Takes streams of these element types and `k` entries each out of `packed` [B.., n, lanes]: [B.., n, k].
pub(super) fn unpack(b: &mut Builder<'_>, packed: ValueId, elements: &[ElementType], k: u64) -> Vec<ValueId> {
    let whole = b.sizes(packed);
    let last = whole.len() - 1;
    let mut start = 0;
    elements
        .iter()
        .map(|element| {
            let wide = lanes(element);
            let part = slice(b, packed, last, start, start + wide * k);
            start += wide * k;
            let bits = b.convert(part, carrier(element));
            let mut sizes = whole.clone();
            sizes[last] = k;
            if wide > 1 {
                sizes.push(wide);
            }
            let bits = b.reshape(bits, &sizes);
            sizes.truncate(last + 1);
            bitcast(b, bits, &sizes, element.clone())
        })
        .collect()
}

fn bitcast(b: &mut Builder<'_>, value: ValueId, sizes: &[u64], element: ElementType) -> ValueId {
    if b.element(value) == element {
        return value;
    }
    b.value(Opcode::BitcastConvert, [value], [], TensorType::new(sizes, element))
}

/// Entries `start` to `limit` along `dim`.
pub(super) fn slice(b: &mut Builder<'_>, value: ValueId, dim: usize, start: u64, limit: u64) -> ValueId {
    let mut sizes = b.sizes(value);
    if (start, limit) == (0, sizes[dim]) {
        return value;
    }
    let (mut starts, mut limits) = (vec![0; sizes.len()], sizes.iter().map(|&s| s as i64).collect::<Vec<_>>());
    (starts[dim], limits[dim]) = (start as i64, limit as i64);
    let attrs = [
        ("start_indices", Attr::i64s(starts)),
        ("limit_indices", Attr::i64s(limits)),
        ("strides", Attr::i64s(vec![1; sizes.len()])),
    ];
    sizes[dim] = limit - start;
    let ty = TensorType::new(&sizes, b.element(value));
    b.value(Opcode::Slice, [value], attrs, ty)
}

/// The tensor with `dim` moved to the end, or back from there.
pub(super) fn move_last(b: &mut Builder<'_>, value: ValueId, dim: usize, back: bool) -> ValueId {
    let rank = b.sizes(value).len();
    let mut order: Vec<i64> = (0..rank as i64).collect();
    let (from, to) = if back { (rank - 1, dim) } else { (dim, rank - 1) };
    if from == to {
        return value;
    }
    let moved = order.remove(from);
    order.insert(to, moved);
    b.transpose(value, &order)
}
