//! Loops over a dimension.

use hire_compiler::ir::ops::{OPERAND_SEGMENT_SIZES, RESULT_SEGMENT_SIZES};
use hire_compiler::ir::{
    Attr, Builder, DenseArray, DenseElements, ElementType, Func, Opcode, Operation, RegionId, TensorType, Type, ValueId,
};
use hire_compiler::rewrite::{Context, Patch, RuleResult, Transplant};

use super::math::compare;

/// What a scan is about.
struct Scan {
    dimension: usize,
    length: u64,
    reverse: bool,
    /// How many operands are inputs, and how many results are outputs; the others are carried.
    inputs: usize,
    outputs: usize,
}

/// `chlo.scan`  =>  `stablehlo.while`, which slices the inputs, runs the body on the slices, and puts what it
/// gives into the outputs
///
/// Not where a shape is dynamic.
pub(super) fn scan(c: &Context<'_>) -> RuleResult {
    let operation = c.operation();
    let segments = |name: &str| [OPERAND_SEGMENT_SIZES, RESULT_SEGMENT_SIZES].contains(&name);
    let known = |name: &str| operation.opcode.info().attribute(name).is_some() || segments(name);
    if operation.opcode != Opcode::Scan || !operation.attrs.iter().all(|(name, _)| known(name)) {
        return Ok(None);
    }
    let Some(scan) = Scan::of(c, operation) else { return Ok(None) };
    let body = operation.regions[0];
    let types: Vec<TensorType> = operation.results.iter().filter_map(|&result| c.tensor(result).cloned()).collect();
    let mut patch = c.patch();
    let operands: Vec<ValueId> = operation.operands.iter().map(|&operand| patch.tap(c.func, operand)).collect();
    let (inputs, inits) = operands.split_at(scan.inputs);
    let mut b = patch.builder();
    let mut state = vec![index(&mut b, 0)];
    state.extend(types[..scan.outputs].iter().map(|ty| zeros(&mut b, ty)));
    state.extend(inits);
    if scan.length == 0 {
        operation.results.iter().zip(&state[1..]).for_each(|(&result, &value)| patch.replace(result, value));
        return Ok(Some(patch));
    }
    let state_types: Vec<Type> = state.iter().map(|&value| b.func.value_type(value).clone()).collect();
    let condition = b.region(state_types.clone(), |b, args| {
        let end = index(b, scan.length);
        let goes_on = compare(b, "LT", args[0], end);
        b.op(Opcode::Return, [goes_on], [], []);
    });
    let step = b.region(state_types.clone(), |_, _| {});
    let args = b.func.regions[step].args.clone();
    let mut b = Builder { region: step, ..b };
    let at = scan.position(&mut b, args[0]);
    let mut copies = Transplant::new();
    for (&input, &argument) in inputs.iter().zip(&c.func.regions[body].args) {
        let slice = scan.slice(&mut b, input, at, c.func.value_type(argument));
        copies.bind(argument, slice);
    }
    let carried = &c.func.regions[body].args[scan.inputs..];
    carried.iter().zip(&args[1 + scan.outputs..]).for_each(|(&argument, &value)| copies.bind(argument, value));
    let Some(given) = splice_into(&mut patch, c.func, body, step, &mut copies) else { return Ok(None) };
    let mut b = Builder { region: step, ..patch.builder() };
    let one = index(&mut b, 1);
    let ty = b.tensor_type(one).clone();
    let mut next = vec![b.value(Opcode::Add, [args[0], one], [], ty)];
    for (output, &piece) in given[..scan.outputs].iter().enumerate() {
        next.push(scan.put(&mut b, args[1 + output], piece, at));
    }
    next.extend(&given[scan.outputs..]);
    b.op(Opcode::Return, next, [], []);
    let mut b = patch.builder();
    let op = b.op_with_regions(Opcode::While, state, [], [condition, step], state_types);
    let results = b.func.ops[op].results[1..].to_vec();
    operation.results.iter().zip(results).for_each(|(&result, value)| patch.replace(result, value));
    Ok(Some(patch))
}

/// Copies the operations of a region of the target to the end of a region of the fragment; what stands
/// there for what the region returns.
fn splice_into(
    patch: &mut Patch,
    target: &Func,
    from: RegionId,
    to: RegionId,
    copies: &mut Transplant,
) -> Option<Vec<ValueId>> {
    let before = {
        let b = patch.builder();
        b.func.regions[b.region].ops.len()
    };
    let given = patch.splice_region(target, from, copies)?;
    let b = patch.builder();
    let moved = b.func.regions[b.region].ops.split_off(before);
    b.func.regions[to].ops.extend(moved);
    Some(given)
}

impl Scan {
    fn of(c: &Context<'_>, operation: &Operation) -> Option<Self> {
        let is_static = |&value: &ValueId| c.tensor(value).is_some_and(|ty| ty.sizes().is_some());
        if !operation.operands.iter().chain(&operation.results).all(is_static) {
            return None;
        }
        let segments = |name: &str| -> Option<usize> {
            let sizes = match operation.attr(name)? {
                Attr::DenseArray(DenseArray::I32(sizes)) => sizes.first().copied(),
                _ => None,
            };
            usize::try_from(sizes?).ok()
        };
        let inputs = segments(OPERAND_SEGMENT_SIZES).unwrap_or(operation.operands.len() / 2);
        let outputs = operation.results.len().checked_sub(operation.operands.len().checked_sub(inputs)?)?;
        let dimension = usize::try_from(operation.i64_attr("dimension")?).ok()?;
        let length = match operation.operands[..inputs].first() {
            Some(&input) => c.tensor(input)?.sizes()?.get(dimension).copied()?,
            None => u64::try_from(operation.i64_attr("scan_dim_size")?).ok()?,
        };
        let reverse = operation.attr("is_reverse").and_then(Attr::as_bool).unwrap_or(false);
        Some(Self { dimension, length, reverse, inputs, outputs })
    }

    /// Where a step is.
    fn position(&self, b: &mut Builder<'_>, step: ValueId) -> ValueId {
        if !self.reverse {
            return step;
        }
        let last = index(b, self.length - 1);
        let ty = b.tensor_type(last).clone();
        b.value(Opcode::Subtract, [last, step], [], ty)
    }

    fn starts(&self, b: &mut Builder<'_>, rank: usize, at: ValueId) -> Vec<ValueId> {
        let zero = index(b, 0);
        (0..rank).map(|d| if d == self.dimension { at } else { zero }).collect()
    }

    /// The slice of an input that a step takes, as the body wants it: with the dimension, of size 1, or without.
    fn slice(&self, b: &mut Builder<'_>, input: ValueId, at: ValueId, wanted: &Type) -> ValueId {
        let from = b.tensor_type(input).clone();
        let mut sizes = from.sizes().unwrap_or_default();
        sizes[self.dimension] = 1;
        let mut operands = vec![input];
        operands.extend(self.starts(b, sizes.len(), at));
        let attrs = [("slice_sizes", Attr::i64s(sizes.iter().map(|&size| size as i64)))];
        let slice = b.value(Opcode::DynamicSlice, operands, attrs, TensorType::new(&sizes, from.element));
        if b.func.value_type(slice) == wanted {
            return slice;
        }
        b.value(Opcode::Reshape, [slice], [], wanted.clone())
    }

    /// An output with a step's piece in its place.
    fn put(&self, b: &mut Builder<'_>, output: ValueId, piece: ValueId, at: ValueId) -> ValueId {
        let ty = b.tensor_type(output).clone();
        let mut sizes = ty.sizes().unwrap_or_default();
        sizes[self.dimension] = 1;
        let whole = TensorType::new(&sizes, ty.element.clone());
        let piece = if *b.tensor_type(piece) == whole { piece } else { b.value(Opcode::Reshape, [piece], [], whole) };
        let mut operands = vec![output, piece];
        operands.extend(self.starts(b, sizes.len(), at));
        b.value(Opcode::DynamicUpdateSlice, operands, [], ty)
    }
}

/// A scalar of i64.
fn index(b: &mut Builder<'_>, value: u64) -> ValueId {
    let ty = TensorType::scalar(ElementType::I64);
    let elements = DenseElements::splat(ty.clone(), value.to_le_bytes().to_vec());
    b.value(Opcode::Constant, [], [("value", Attr::Elements(elements))], ty)
}

fn zeros(b: &mut Builder<'_>, ty: &TensorType) -> ValueId {
    let elements = DenseElements::splat(ty.clone(), vec![0; ty.element.byte_size()]);
    b.value(Opcode::Constant, [], [("value", Attr::Elements(elements))], ty.clone())
}
