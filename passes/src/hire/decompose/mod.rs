//! The decompositions of the `hire.*` composites: what each means, in plain StableHLO.
//!
//! | composite | operands | result |
//! |---|---|---|
//! | `hire.predict` | h [B, d], scorer's tensors | scores [B, V] f32 |
//! | `hire.select` | scores [B, N] | positions [B, k'] i32, increasing, in whole groups |
//! | `hire.rescore` | h [B, d], positions [B, n], scorer's tensors | finer scores [B, n] f32 |
//! | `hire.upper_bounds` | h [B, d], scores [B, V], errors [V] | scores plus what they may lack [B, V] |
//! | `hire.select_bounded` | bounds [B, V] | positions [B, k'], and a bound [B, 1] on the rest |
//! | `hire.gather_dot` | h [B, d], W [V, d], positions [B, k'] | exact products [B, k'] |
//! | `hire.scatter_dot` | a [B, k'], W [F, d], positions [B, k'] | products of activations with their rows [B, d] |
//! | `hire.fill` | scores [B, V], positions [B, k'], exact [B, k'] | scores with the exact entries put in |
//!
//! The forms are those that XLA's CPU compiler turns into one pass over the predictor: a product of
//! one large matrix with one vector, whose matrix is converted inside the product, and nothing added
//! to the product before it is scaled. Hidden vectors are therefore taken one by one
//! ([`by_row`]) up to [`UNROLLED_ROWS`] of them.

mod block;
mod bounds;
mod fill;
mod gather;
mod gather_dot;
mod order;
mod predict;
mod rescore;
mod scatter_dot;
mod select;
pub(crate) mod tpu;
mod two_stage;
mod xla;

use hire_compiler::ir::{
    Attr, Builder, DotDimensionNumbers, Func, FunctionType, Opcode, TensorType, Type, ValueId, Visibility,
};

pub(crate) use block::{block_dot, block_sum};
pub(crate) use bounds::{select_bounded, upper_bounds};
pub(crate) use fill::fill;
pub(crate) use gather_dot::{GatherDot, gather_dot, swapped};
pub(crate) use predict::{ScorerTensors, pad, predict, scorer_tensors};
pub(crate) use rescore::{Survivors, rescore, rescorer_tensors};
pub(crate) use scatter_dot::scatter_dot;
pub(crate) use select::select;
pub(crate) use two_stage::{MOST_ENTRIES, select_two_stage};
pub(crate) use xla::accumulated_scatter_dot;

use super::emit::Emit;

/// Hidden vectors up to this many are multiplied one by one.
pub(crate) const UNROLLED_ROWS: u64 = 16;

/// A private function of these argument types; `fill` builds the body and gives the result.
pub(crate) fn function(
    name: &str,
    inputs: &[TensorType],
    fill: impl FnOnce(&mut Builder<'_>, &[ValueId]) -> ValueId,
) -> Func {
    function_with_results(name, inputs, |b, args| vec![fill(b, args)])
}

/// The same with several results.
fn function_with_results(
    name: &str,
    inputs: &[TensorType],
    fill: impl FnOnce(&mut Builder<'_>, &[ValueId]) -> Vec<ValueId>,
) -> Func {
    let inputs = inputs.iter().cloned().map(Type::Tensor).collect();
    let mut func = Func::new(name, FunctionType { inputs, results: Vec::new() });
    func.visibility = Visibility::Private;
    let args = func.args().to_vec();
    let mut builder = Builder::new(&mut func);
    let results = fill(&mut builder, &args);
    builder.op(Opcode::FuncReturn, results.iter().copied(), [], []);
    func.ty.results = results.iter().map(|&result| func.value_type(result).clone()).collect();
    func.result_attrs = vec![hire_compiler::ir::AttrMap::new(); results.len()];
    func
}

/// Contracts dimension `l` of the left with dimension `r` of the right operand.
pub(crate) fn contract(l: i64, r: i64) -> DotDimensionNumbers {
    DotDimensionNumbers {
        lhs_contracting_dimensions: vec![l],
        rhs_contracting_dimensions: vec![r],
        ..DotDimensionNumbers::default()
    }
}

/// Row `row` of a matrix [B, n] as a vector [n].
pub(crate) fn row(b: &mut Builder<'_>, matrix: ValueId, row: u64) -> ValueId {
    let sizes = b.sizes(matrix);
    let slice = if sizes[0] == 1 { matrix } else { slice(b, matrix, &[row, 0], &[row + 1, sizes[1]]) };
    b.reshape(slice, &[sizes[1]])
}

/// `operand[start..limit]` in every dimension.
pub(crate) fn slice(b: &mut Builder<'_>, operand: ValueId, start: &[u64], limit: &[u64]) -> ValueId {
    let sizes: Vec<u64> = start.iter().zip(limit).map(|(s, l)| l - s).collect();
    if b.sizes(operand) == sizes {
        return operand;
    }
    let ty = TensorType::new(&sizes, b.element(operand));
    let attrs = [
        ("start_indices", Attr::i64s(start.iter().map(|&s| s as i64))),
        ("limit_indices", Attr::i64s(limit.iter().map(|&l| l as i64))),
        ("strides", Attr::i64s(vec![1; sizes.len()])),
    ];
    b.value(Opcode::Slice, [operand], attrs, ty)
}

/// Computes a vector for each of `rows` and stacks them: [B, n].
pub(crate) fn by_row(
    b: &mut Builder<'_>,
    rows: u64,
    mut compute: impl FnMut(&mut Builder<'_>, u64) -> ValueId,
) -> ValueId {
    let mut stacked = Vec::new();
    for index in 0..rows {
        let vector = compute(b, index);
        let n = b.sizes(vector)[0];
        stacked.push(b.reshape(vector, &[1, n]));
    }
    if let [single] = stacked.as_slice() {
        return *single;
    }
    b.concatenate(&stacked, 0)
}
