//! Binary operations that stretch their operands to a common shape.

use hire_compiler::ir::{Attr, Builder, Dim, ElementType, EnumKind, Opcode, Operation, TensorType, ValueId};
use hire_compiler::rewrite::{Context, RuleResult};

use super::math::{compare, join, size_of};

/// `chlo.broadcast_X(a, b)`  =>  `X(broadcast(a), broadcast(b))`. Sizes that are known at run time only
/// are computed: that of a operand where the other's is 1.
///
/// Not of unranked tensors.
pub(super) fn broadcast(c: &Context<'_>) -> RuleResult {
    let operation = c.operation();
    let Some(opcode) = operation.opcode.without_broadcast() else { return Ok(None) };
    let Some(result) = c.result().filter(|_| operation.has_only_declared_attrs()) else { return Ok(None) };
    let Some(ty) = c.tensor(result) else { return Ok(None) };
    let Some(rank) = ty.rank() else { return Ok(None) };
    let Some(dims) = mappings(c, operation, rank) else { return Ok(None) };
    let mut patch = c.patch();
    let taps: Vec<ValueId> = operation.operands.iter().map(|&operand| patch.tap(c.func, operand)).collect();
    let mut b = patch.builder();
    let shape = (ty.sizes().is_none()).then(|| common_shape(&mut b, ty, &taps, &dims));
    let operands: Vec<ValueId> =
        taps.iter().zip(&dims).map(|(&tap, dims)| stretch(&mut b, tap, dims, ty, shape)).collect();
    let value = b.value(opcode, operands, attributes(operation), ty.clone());
    patch.replace(result, value);
    Ok(Some(patch))
}

/// Which dimension of the result each dimension of each operand is.
fn mappings(c: &Context<'_>, operation: &Operation, rank: usize) -> Option<Vec<Vec<i64>>> {
    let stated = operation.i64s_attr("broadcast_dimensions");
    let mapping = |&operand: &ValueId| {
        let own = c.tensor(operand)?.rank()?;
        let leading = rank.checked_sub(own)?;
        match stated.filter(|dims| own < rank && dims.len() == own) {
            Some(dims) => Some(dims.to_vec()),
            None => Some((leading..rank).map(|d| d as i64).collect()),
        }
    };
    operation.operands.iter().map(mapping).collect()
}

/// The attributes of a comparison, in StableHLO's own enumerations.
fn attributes(operation: &Operation) -> Vec<(&'static str, Attr)> {
    let names = [("comparison_direction", EnumKind::ComparisonDirection), ("compare_type", EnumKind::ComparisonType)];
    let stated = names.into_iter().filter_map(|(name, kind)| Some((name, kind, operation.enum_attr(name)?)));
    stated.map(|(name, kind, case)| (name, Attr::Enum { kind, case })).collect()
}

/// The sizes of the result, a vector of i32.
fn common_shape(b: &mut Builder<'_>, ty: &TensorType, operands: &[ValueId], dims: &[Vec<i64>]) -> ValueId {
    let rank = ty.rank().unwrap_or(0);
    let sizes = (0..rank).map(|d| {
        let mut sizes = Vec::new();
        for (&operand, dims) in operands.iter().zip(dims) {
            if let Some(own) = dims.iter().position(|&to| to == d as i64) {
                sizes.push(size_of(b, operand, own));
            }
        }
        let larger = |first: ValueId, second: ValueId| {
            let one = super::math::i32s(b, &[1], &[1]);
            let stretches = compare(b, "EQ", first, one);
            let vector = TensorType::new(&[1], ElementType::I32);
            b.value(Opcode::Select, [stretches, second, first], [], vector)
        };
        sizes.into_iter().reduce(larger).expect("every dimension of the result is one of an operand")
    });
    let sizes = sizes.collect();
    join(b, sizes)
}

/// An operand in the result's shape.
fn stretch(b: &mut Builder<'_>, value: ValueId, dims: &[i64], ty: &TensorType, shape: Option<ValueId>) -> ValueId {
    let from = b.tensor_type(value).clone();
    let to = ty.with_element(from.element.clone());
    let whole = dims.iter().enumerate().all(|(i, &d)| i as i64 == d);
    let known = |ty: &TensorType| ty.dims.iter().flatten().all(|dim| dim.size().is_some());
    let attrs = [("broadcast_dimensions", Attr::i64s(dims.iter().copied()))];
    match shape {
        None if known(&from) && from.dims == to.dims && whole => value,
        None if known(&from) => b.value(Opcode::BroadcastInDim, [value], attrs, to),
        None => {
            let sizes: Vec<i32> = to.dims.iter().flatten().filter_map(|d: &Dim| d.size().map(|s| s as i32)).collect();
            let shape = super::math::i32s(b, &[sizes.len() as u64], &sizes);
            b.value(Opcode::DynamicBroadcastInDim, [value, shape], attrs, to)
        }
        Some(shape) => b.value(Opcode::DynamicBroadcastInDim, [value, shape], attrs, to),
    }
}
