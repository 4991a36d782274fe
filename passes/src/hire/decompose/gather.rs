//! Rows of a matrix at selected positions, singly or by whole groups.

use hire_compiler::ir::{Attr, Builder, ElementType, GatherDimensionNumbers, Opcode, TensorType, ValueId};

use crate::hire::emit::Emit;

/// Rows of `table` [V, d], or stored by groups [V / g, g, d], at `positions` [.., n], which come in whole groups of `group` consecutive
/// increasing entries: [.., n, d]. One vector of positions is taken to be increasing throughout.
pub(super) fn rows_at(b: &mut Builder<'_>, table: ValueId, positions: ValueId, group: u64) -> ValueId {
    let sorted = b.sizes(positions).len() == 1;
    if group == 1 {
        return b.gather_rows(table, positions, sorted);
    }
    let sizes = b.sizes(table);
    let width = sizes[sizes.len() - 1];
    let grouped = if sizes.len() == 3 { table } else { b.reshape(table, &[sizes[0] / group, group, width]) };
    let groups = groups_of(b, positions, group);
    let taken = gather_groups(b, grouped, groups, sorted);
    let sizes: Vec<u64> = b.sizes(positions).into_iter().chain([width]).collect();
    b.reshape(taken, &sizes)
}

/// The groups that `positions` [.., n] are the members of: [.., n / g].
fn groups_of(b: &mut Builder<'_>, positions: ValueId, group: u64) -> ValueId {
    let sizes = b.sizes(positions);
    let last = sizes.len() - 1;
    let mut strides = vec![1; sizes.len()];
    strides[last] = group as i64;
    let mut narrow = sizes.clone();
    narrow[last] /= group;
    let attrs = [
        ("start_indices", Attr::i64s(vec![0; sizes.len()])),
        ("limit_indices", Attr::i64s(sizes.iter().map(|&s| s as i64))),
        ("strides", Attr::i64s(strides)),
    ];
    let first = b.value(Opcode::Slice, [positions], attrs, TensorType::new(&narrow, ElementType::I32));
    let size = b.splat(&narrow, ElementType::I32, group as f64);
    b.elementwise(Opcode::Divide, &[first, size])
}

/// Whole groups of `table` [V / g, g, d] at `groups` [.., n]: [.., n, g, d].
fn gather_groups(b: &mut Builder<'_>, table: ValueId, groups: ValueId, sorted: bool) -> ValueId {
    let (table_sizes, picked) = (b.sizes(table), b.sizes(groups));
    let rank = picked.len() as i64;
    let dims = GatherDimensionNumbers {
        offset_dims: vec![rank, rank + 1],
        collapsed_slice_dims: vec![0],
        start_index_map: vec![0],
        index_vector_dim: rank,
        ..GatherDimensionNumbers::default()
    };
    let attrs = [
        ("dimension_numbers", Attr::GatherDimensionNumbers(Box::new(dims))),
        ("slice_sizes", Attr::i64s([1, table_sizes[1] as i64, table_sizes[2] as i64])),
        ("indices_are_sorted", Attr::Bool(sorted)),
    ];
    let sizes: Vec<u64> = picked.into_iter().chain([table_sizes[1], table_sizes[2]]).collect();
    let ty = TensorType::new(&sizes, b.element(table));
    b.value(Opcode::Gather, [table, groups], attrs, ty)
}
