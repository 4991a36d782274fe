//! Products in groups along a ragged dimension.

use hire_compiler::ir::{
    Attr, Builder, DotDimensionNumbers, EnumKind, Opcode, Operation, RaggedDotDimensionNumbers, TensorType, ValueId,
};
use hire_compiler::rewrite::{Context, RuleResult};

use crate::hire::emit::Emit;

/// `chlo.ragged_dot(lhs, rhs, sizes)`  =>  for each group, the product of lhs with all that is outside of
/// the group set to zero; their sum, or where the ragged dimension is contracted, all of them.
///
/// Not where a shape is dynamic, or more than one dimension of rhs is that of the groups.
pub(super) fn ragged_dot(c: &Context<'_>) -> RuleResult {
    let Some(operation) = c.is(Opcode::RaggedDot) else { return Ok(None) };
    let (Some(result), &[lhs, rhs, sizes]) = (c.result(), operation.operands.as_slice()) else { return Ok(None) };
    let Some(Attr::RaggedDotDimensionNumbers(dims)) = operation.attr("ragged_dot_dimension_numbers") else {
        return Ok(None);
    };
    let fixed = [lhs, rhs, sizes, result].into_iter().all(|v| c.tensor(v).is_some_and(|ty| ty.sizes().is_some()));
    let ([ragged], true) = (&dims.lhs_ragged_dimensions[..], fixed && dims.rhs_group_dimensions.len() <= 1) else {
        return Ok(None);
    };
    let ty = c.tensor(result).expect("the type is looked at above").clone();
    let mut patch = c.patch();
    let [lhs, rhs, sizes] = [lhs, rhs, sizes].map(|value| patch.tap(c.func, value));
    let mut b = patch.builder();
    let outer = outer_dimensions(b.sizes(lhs).len(), b.sizes(sizes).len(), *ragged, dims);
    let contracted = dims.lhs_contracting_dimensions.contains(ragged);
    let precision = precision(operation);
    let count = b.sizes(sizes).last().copied().unwrap_or(0);
    let mut start = None;
    let mut products = Vec::new();
    for group in 0..count {
        let size = group_size(&mut b, sizes, group);
        let end = start.map_or(size, |start| b.elementwise(Opcode::Add, &[start, size]));
        let part = keep(&mut b, lhs, *ragged, &outer, start, end);
        let (slice, numbers) = group_slice(&mut b, rhs, group, dims);
        products.push(product(&mut b, part, slice, numbers, &precision, &ty));
        start = Some(end);
    }
    let value = match (products.split_first(), contracted) {
        (None, _) => b.splat(&ty.sizes().unwrap_or_default(), ty.element.clone(), 0.0),
        (Some(_), true) => stack(&mut b, products, &ty),
        (Some((&first, rest)), false) => rest.iter().fold(first, |sum, &next| b.elementwise(Opcode::Add, &[sum, next])),
    };
    patch.replace(result, value);
    Ok(Some(patch))
}

/// The dimensions of lhs along which the sizes of the groups vary.
fn outer_dimensions(rank: usize, sizes_rank: usize, ragged: i64, dims: &RaggedDotDimensionNumbers) -> Vec<i64> {
    let (batch, contracted) = (&dims.lhs_batching_dimensions, &dims.lhs_contracting_dimensions);
    let before = |dims: &[i64]| dims.iter().copied().take_while(|&d| d != ragged).collect::<Vec<_>>();
    if sizes_rank <= 1 {
        Vec::new()
    } else if batch.contains(&ragged) {
        before(batch)
    } else if contracted.contains(&ragged) {
        [batch.clone(), before(contracted)].concat()
    } else {
        let free = (0..rank as i64).filter(|d| *d < ragged && !batch.contains(d) && !contracted.contains(d));
        batch.iter().copied().chain(free).collect()
    }
}

fn precision(operation: &Operation) -> Option<Attr> {
    let Some(Attr::Array(cases)) = operation.attr("precision_config") else { return None };
    let plain = |case: &Attr| match case {
        Attr::Enum { case, .. } => Attr::Enum { kind: EnumKind::Precision, case },
        other => other.clone(),
    };
    Some(Attr::Array(cases.iter().map(plain).collect()))
}

/// The sizes of a group, one for each outer position.
fn group_size(b: &mut Builder<'_>, sizes: ValueId, group: u64) -> ValueId {
    let shape = b.sizes(sizes);
    let last = shape.len() - 1;
    let slice = slice_along(b, sizes, last, group);
    b.reshape(slice, &shape[..last])
}

/// The slice of size 1 at a position of a dimension.
fn slice_along(b: &mut Builder<'_>, value: ValueId, dimension: usize, at: u64) -> ValueId {
    let mut sizes = b.sizes(value);
    let mut starts = vec![0; sizes.len()];
    let mut limits: Vec<i64> = sizes.iter().map(|&size| size as i64).collect();
    (starts[dimension], limits[dimension], sizes[dimension]) = (at as i64, at as i64 + 1, 1);
    let attrs = [
        ("strides", Attr::i64s(vec![1; starts.len()])),
        ("start_indices", Attr::i64s(starts)),
        ("limit_indices", Attr::i64s(limits)),
    ];
    let ty = TensorType::new(&sizes, b.element(value));
    b.value(Opcode::Slice, [value], attrs, ty)
}

/// lhs with everything before `start` and from `end` on along the ragged dimension set to zero.
fn keep(
    b: &mut Builder<'_>,
    lhs: ValueId,
    ragged: i64,
    outer: &[i64],
    start: Option<ValueId>,
    end: ValueId,
) -> ValueId {
    let sizes = b.sizes(lhs);
    let ty = TensorType::new(&sizes, b.element(end));
    let position = b.value(Opcode::Iota, [], [("iota_dimension", Attr::i64(ragged))], ty);
    let end = b.broadcast(end, outer, &sizes);
    let mut inside = b.compare("LT", position, end);
    if let Some(start) = start {
        let start = b.broadcast(start, outer, &sizes);
        let after = b.compare("GE", position, start);
        inside = b.elementwise(Opcode::And, &[inside, after]);
    }
    let element = b.element(lhs);
    let zero = b.splat(&sizes, element, 0.0);
    b.select(inside, lhs, zero)
}

/// The part of rhs that a group meets, and the numbers of the dimensions that are left.
fn group_slice(
    b: &mut Builder<'_>,
    rhs: ValueId,
    group: u64,
    dims: &RaggedDotDimensionNumbers,
) -> (ValueId, DotDimensionNumbers) {
    let mut numbers = DotDimensionNumbers {
        lhs_batching_dimensions: dims.lhs_batching_dimensions.clone(),
        rhs_batching_dimensions: dims.rhs_batching_dimensions.clone(),
        lhs_contracting_dimensions: dims.lhs_contracting_dimensions.clone(),
        rhs_contracting_dimensions: dims.rhs_contracting_dimensions.clone(),
    };
    let Some(&dimension) = dims.rhs_group_dimensions.first() else { return (rhs, numbers) };
    let slice = slice_along(b, rhs, dimension as usize, group);
    let mut sizes = b.sizes(slice);
    sizes.remove(dimension as usize);
    for list in [&mut numbers.rhs_batching_dimensions, &mut numbers.rhs_contracting_dimensions] {
        list.iter_mut().filter(|d| **d > dimension).for_each(|d| *d -= 1);
    }
    (b.reshape(slice, &sizes), numbers)
}

fn product(
    b: &mut Builder<'_>,
    lhs: ValueId,
    rhs: ValueId,
    numbers: DotDimensionNumbers,
    precision: &Option<Attr>,
    ty: &TensorType,
) -> ValueId {
    let value = b.dot(lhs, rhs, numbers, ty.element.clone());
    if let (Some(precision), Some(op)) = (precision, b.func.defining_op(value)) {
        b.func.ops[op].attrs.set("precision_config", precision.clone());
    }
    value
}

/// Products side by side along a new first dimension.
fn stack(b: &mut Builder<'_>, products: Vec<ValueId>, ty: &TensorType) -> ValueId {
    let one_each = products.into_iter().map(|product| {
        let sizes: Vec<u64> = std::iter::once(1).chain(b.sizes(product)).collect();
        b.reshape(product, &sizes)
    });
    let parts: Vec<ValueId> = one_each.collect();
    b.value(Opcode::Concatenate, parts, [("dimension", Attr::i64(0))], ty.clone())
}
