//! The largest elements of rows.

use hire_compiler::ir::{Attr, Builder, ElementType, EnumKind, Opcode, TensorType, Type, ValueId};
use hire_compiler::rewrite::{Context, RuleResult};

use super::math::{i32s, join, shape_of, size_of};

/// `chlo.top_k(x, k)`  =>  a stable sort of x and its indices, descending by the total order of floats,
/// and the first k of both. Sorting whole rows takes longer than finding the largest: devices that know
/// `chlo.top_k` should be given that.
///
/// Not of unranked tensors.
pub(super) fn top_k(c: &Context<'_>) -> RuleResult {
    let Some(operation) = c.is(Opcode::TopK) else { return Ok(None) };
    let [operand] = operation.operands[..] else { return Ok(None) };
    let Some(ty) = c.tensor(operand).filter(|ty| ty.rank().is_some_and(|rank| rank > 0)) else { return Ok(None) };
    let Some(k) = operation.i64_attr("k").and_then(|k| i32::try_from(k).ok()) else { return Ok(None) };
    let mut patch = c.patch();
    let values = patch.tap(c.func, operand);
    let mut b = patch.builder();
    let indices = positions(&mut b, values, ty);
    let sorted = sort_descending(&mut b, values, indices, ty);
    let mut taken = Vec::new();
    for (&result, sorted) in operation.results.iter().zip(sorted) {
        let to = c.tensor(result).expect("the verifier requires tensors").clone();
        taken.push((result, first(&mut b, sorted, k, to)));
    }
    for (result, value) in taken {
        patch.replace(result, value);
    }
    Ok(Some(patch))
}

/// The position of each element in its row.
fn positions(b: &mut Builder<'_>, operand: ValueId, ty: &TensorType) -> ValueId {
    let dimension = ("iota_dimension", Attr::i64(ty.rank().unwrap_or(1) as i64 - 1));
    let to = ty.with_element(ElementType::I32);
    if ty.sizes().is_some() {
        return b.value(Opcode::Iota, [], [dimension], to);
    }
    let shape = shape_of(b, operand);
    b.value(Opcode::DynamicIota, [shape], [dimension], to)
}

fn sort_descending(b: &mut Builder<'_>, values: ValueId, indices: ValueId, ty: &TensorType) -> Vec<ValueId> {
    let scalar = |element: &ElementType| Type::tensor(&[], element.clone());
    let (value, index) = (scalar(&ty.element), scalar(&ElementType::I32));
    let comparator = b.region([value.clone(), value, index.clone(), index], |b, args| {
        let is_float = ty.element.is_float();
        let direction = Attr::Enum { kind: EnumKind::ComparisonDirection, case: "GT" };
        let order = Attr::Enum { kind: EnumKind::ComparisonType, case: "TOTALORDER" };
        let attrs = [("comparison_direction", direction), ("compare_type", order)];
        let attrs = attrs.into_iter().take(if is_float { 2 } else { 1 });
        let larger = b.value(Opcode::Compare, [args[0], args[1]], attrs, TensorType::scalar(ElementType::I1));
        b.op(Opcode::Return, [larger], [], []);
    });
    let last = ty.rank().unwrap_or(1) as i64 - 1;
    let attrs = [("dimension", Attr::i64(last)), ("is_stable", Attr::Bool(true))];
    let types = [Type::Tensor(ty.clone()), Type::Tensor(ty.with_element(ElementType::I32))];
    let op = b.op_with_regions(Opcode::Sort, [values, indices], attrs, [comparator], types);
    b.func.ops[op].results.to_vec()
}

/// The first k of each row.
fn first(b: &mut Builder<'_>, sorted: ValueId, k: i32, to: TensorType) -> ValueId {
    let from = b.tensor_type(sorted).clone();
    let rank = from.rank().unwrap_or(1);
    if let Some(sizes) = from.sizes() {
        let mut limits: Vec<i64> = sizes.iter().map(|&size| size as i64).collect();
        limits[rank - 1] = i64::from(k);
        let attrs = [
            ("start_indices", Attr::i64s(vec![0; rank])),
            ("limit_indices", Attr::i64s(limits)),
            ("strides", Attr::i64s(vec![1; rank])),
        ];
        return b.value(Opcode::Slice, [sorted], attrs, to);
    }
    let mut limits: Vec<ValueId> = (0..rank - 1).map(|dimension| size_of(b, sorted, dimension)).collect();
    limits.push(i32s(b, &[1], &[k]));
    let limits = join(b, limits);
    let starts = i32s(b, &[rank as u64], &vec![0; rank]);
    let strides = i32s(b, &[rank as u64], &vec![1; rank]);
    b.value(Opcode::RealDynamicSlice, [sorted, starts, limits, strides], [], to)
}
