//! `hire.rescore`: finer scores for the survivors of a coarser scorer.

use hire_compiler::ir::{Builder, ElementType, Func, Opcode, TensorType, ValueId};

use super::gather::rows_at;
use super::predict::{leading, pad_columns};
use super::{ScorerTensors, UNROLLED_ROWS, by_row, contract, function, row, scorer_tensors};
use crate::hire::emit::Emit;
use crate::hire::predictor::{Q4_GROUP, Scorer};

/// The tensors of a scorer of survivors: those of a scorer of all rows, stored so that what belongs
/// to a row lies together.
pub(crate) fn rescorer_tensors(scorer: Scorer, vocabulary: u64, d: u64) -> ScorerTensors {
    let groups = d.div_ceil(Q4_GROUP);
    let matrix = |width, element| TensorType::new(&[vocabulary, width], element);
    match scorer {
        Scorer::Q4 => vec![
            ("planes", matrix(groups * Q4_GROUP / 2, ElementType::UI8)),
            ("scale", matrix(groups, ElementType::F32)),
        ],
        Scorer::Q8 | Scorer::LowRank { .. } | Scorer::Prefix { .. } => scorer_tensors(scorer, vocabulary, d),
    }
}

/// Which rows are scored: survivors [B, n] i32 of V, in whole groups of `group`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Survivors {
    /// V.
    pub vocabulary: u64,
    /// n.
    pub count: u64,
    /// g.
    pub group: u64,
}

/// The decomposition: (h [B, d] of type `hidden`, positions [B, n], scorer's tensors) -> [B, n] f32.
pub(crate) fn rescore(name: &str, scorer: Scorer, hidden: &TensorType, survivors: Survivors) -> Func {
    let sizes = hidden.sizes().expect("the matcher admits only static shapes");
    let (batch, d) = (sizes[0], sizes[1]);
    let positions = TensorType::new(&[batch, survivors.count], ElementType::I32);
    let mut inputs = vec![hidden.clone(), positions];
    inputs.extend(rescorer_tensors(scorer, survivors.vocabulary, d).into_iter().map(|(_, ty)| ty));
    function(name, &inputs, |b, args| {
        let h = b.convert(args[0], ElementType::F32);
        let tensors = &args[2..];
        let rows = |b: &mut Builder<'_>, table, positions| rows_at(b, table, positions, survivors.group);
        match scorer {
            Scorer::Q8 => products(b, h, args[1], tensors[0], Some(tensors[1]), rows),
            Scorer::Prefix { dims } => {
                let leading = leading(b, h, dims);
                products(b, leading, args[1], tensors[0], None, rows)
            }
            Scorer::LowRank { q8, .. } => {
                let projected = b.dot(h, tensors[0], contract(1, 0), ElementType::F32);
                products(b, projected, args[1], tensors[1], q8.then(|| tensors[2]), rows)
            }
            Scorer::Q4 => by_row(b, batch, |b, index| {
                let positions = row(b, args[1], index);
                let vector = row(b, h, index);
                let (planes, scale) = (rows(b, tensors[0], positions), rows(b, tensors[1], positions));
                grouped_products(b, vector, planes, scale)
            }),
        }
    })
}

/// `scale_j (rows_j . h)` of the rows at `positions`.
fn products(
    b: &mut Builder<'_>,
    h: ValueId,
    positions: ValueId,
    table: ValueId,
    scale: Option<ValueId>,
    rows: impl Fn(&mut Builder<'_>, ValueId, ValueId) -> ValueId,
) -> ValueId {
    let batch = b.sizes(h)[0];
    if batch > UNROLLED_ROWS {
        let taken = rows(b, table, positions);
        let taken = b.convert(taken, ElementType::F32);
        let mut dims = contract(2, 1);
        dims.lhs_batching_dimensions = vec![0];
        dims.rhs_batching_dimensions = vec![0];
        let products = b.dot(taken, h, dims, ElementType::F32);
        return scaled(b, products, scale, positions);
    }
    by_row(b, batch, |b, index| {
        let positions = row(b, positions, index);
        let taken = rows(b, table, positions);
        let taken = b.convert(taken, ElementType::F32);
        let vector = row(b, h, index);
        let products = b.dot(taken, vector, contract(1, 0), ElementType::F32);
        scaled(b, products, scale, positions)
    })
}

fn scaled(b: &mut Builder<'_>, products: ValueId, scale: Option<ValueId>, positions: ValueId) -> ValueId {
    let Some(scale) = scale else { return products };
    let scale = b.take(scale, positions);
    b.elementwise(Opcode::Multiply, &[products, scale])
}

/// Scores from gathered int4 rows: byte i of plane g of `planes` [n, G * 16] holds columns 32 g + i
/// in the low and 32 g + 16 + i in the high nibble, each plus 8; `scale` is [n, G].
fn grouped_products(b: &mut Builder<'_>, vector: ValueId, planes: ValueId, scale: ValueId) -> ValueId {
    let (count, groups, half) = (b.sizes(planes)[0], b.sizes(scale)[1], Q4_GROUP / 2);
    let width = b.sizes(vector)[0];
    let vector = b.reshape(vector, &[1, width]);
    let vector = pad_columns(b, vector, groups * Q4_GROUP);
    let vector = b.reshape(vector, &[groups, 2, half]);
    let sizes = [count, groups, 2, half];
    let bytes = b.reshape(planes, &[count, groups, half]);
    let mask = b.splat(&[count, groups, half], ElementType::UI8, 15.0);
    let four = b.splat(&[count, groups, half], ElementType::UI8, 4.0);
    let low = b.elementwise(Opcode::And, &[bytes, mask]);
    let high = b.elementwise(Opcode::ShiftRightLogical, &[bytes, four]);
    let low = b.reshape(low, &[count, groups, 1, half]);
    let high = b.reshape(high, &[count, groups, 1, half]);
    let nibbles = b.concatenate(&[low, high], 2);
    let nibbles = b.convert(nibbles, ElementType::F32);
    let eight = b.splat(&sizes, ElementType::F32, 8.0);
    let centred = b.elementwise(Opcode::Subtract, &[nibbles, eight]);
    let scale = b.broadcast(scale, &[0, 1], &sizes);
    let weights = b.elementwise(Opcode::Multiply, &[centred, scale]);
    let weights = b.reshape(weights, &[count, groups * Q4_GROUP]);
    let vector = b.reshape(vector, &[groups * Q4_GROUP]);
    b.dot(weights, vector, contract(1, 0), ElementType::F32)
}
