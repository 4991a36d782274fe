//! `hire.predict`: cheap scores for every entry of the vocabulary.

use hire_compiler::ir::{Attr, Builder, ElementType, Func, Opcode, TensorType, ValueId};

use super::{UNROLLED_ROWS, by_row, contract, function, row, slice};
use crate::hire::emit::Emit;
use crate::hire::predictor::{Q4_GROUP, Scorer};

/// The tensors that a scorer reads each step, by the last part of their names.
pub(crate) type ScorerTensors = Vec<(&'static str, TensorType)>;

/// The tensors of a scorer of all rows of W, V x d.
pub(crate) fn scorer_tensors(scorer: Scorer, vocabulary: u64, d: u64) -> ScorerTensors {
    use ElementType::{F32, I8, UI8};
    let groups = d.div_ceil(Q4_GROUP);
    match scorer {
        Scorer::Q8 => {
            vec![("rows", TensorType::new(&[vocabulary, d], I8)), ("scale", TensorType::new(&[vocabulary], F32))]
        }
        Scorer::Q4 => vec![
            ("planes", TensorType::new(&[groups, vocabulary, Q4_GROUP / 2], UI8)),
            ("scale", TensorType::new(&[groups, vocabulary], F32)),
        ],
        Scorer::Prefix { dims } => vec![("rows", TensorType::new(&[vocabulary, dims], F32))],
        Scorer::LowRank { rank, q8: false } => {
            vec![("a", TensorType::new(&[d, rank], F32)), ("b", TensorType::new(&[vocabulary, rank], F32))]
        }
        Scorer::LowRank { rank, q8: true } => vec![
            ("a", TensorType::new(&[d, rank], F32)),
            ("b", TensorType::new(&[vocabulary, rank], I8)),
            ("scale", TensorType::new(&[vocabulary], F32)),
        ],
    }
}

/// The decomposition: (h [B, d] of type `hidden`, scorer's tensors) -> scores [B, V] f32.
pub(crate) fn predict(name: &str, scorer: Scorer, hidden: &TensorType, vocabulary: u64, d: u64) -> Func {
    let mut inputs = vec![hidden.clone()];
    inputs.extend(scorer_tensors(scorer, vocabulary, d).into_iter().map(|(_, ty)| ty));
    function(name, &inputs, |b, args| {
        let h = b.convert(args[0], ElementType::F32);
        match scorer {
            Scorer::Q8 => scaled_products(b, h, args[1], Some(args[2])),
            Scorer::Q4 => grouped_products(b, h, args[1], args[2]),
            Scorer::Prefix { dims } => {
                let leading = leading(b, h, dims);
                scaled_products(b, leading, args[1], None)
            }
            Scorer::LowRank { q8, .. } => {
                let projected = b.dot(h, args[1], contract(1, 0), ElementType::F32);
                scaled_products(b, projected, args[2], q8.then(|| args[3]))
            }
        }
    })
}

/// The leading elements of each h: [B, d] -> [B, dims].
pub(super) fn leading(b: &mut Builder<'_>, h: ValueId, dims: u64) -> ValueId {
    let batch = b.sizes(h)[0];
    slice(b, h, &[0, 0], &[batch, dims])
}

/// `scale_j (rows_j . h)` for each h: the matrix is converted to f32 inside the product.
fn scaled_products(b: &mut Builder<'_>, h: ValueId, rows: ValueId, scale: Option<ValueId>) -> ValueId {
    let (batch, vocabulary) = (b.sizes(h)[0], b.sizes(rows)[0]);
    let matrix = b.convert(rows, ElementType::F32);
    if batch > UNROLLED_ROWS {
        let products = b.dot(h, matrix, contract(1, 1), ElementType::F32);
        let Some(scale) = scale else { return products };
        let scale = b.broadcast(scale, &[1], &[batch, vocabulary]);
        return b.elementwise(Opcode::Multiply, &[products, scale]);
    }
    by_row(b, batch, |b, index| {
        let vector = row(b, h, index);
        let products = b.dot(matrix, vector, contract(1, 0), ElementType::F32);
        match scale {
            Some(scale) => b.elementwise(Opcode::Multiply, &[products, scale]),
            None => products,
        }
    })
}

/// Scores from int4 rows in groups of [`Q4_GROUP`]: plane g of `planes` [G, V, 16] holds columns
/// 32 g + i in the low and 32 g + 16 + i in the high nibble of byte i, each plus 8.
///
/// `s_j = sum_g scale_gj (n_gj . h_g) - 8 sum_g scale_gj sum(h_g)` with nibbles n.
fn grouped_products(b: &mut Builder<'_>, h: ValueId, planes: ValueId, scale: ValueId) -> ValueId {
    let (groups, vocabulary) = (b.sizes(planes)[0], b.sizes(planes)[1]);
    let padded = pad_columns(b, h, groups * Q4_GROUP);
    let rows = b.sizes(h)[0];
    by_row(b, rows, |b, index| {
        let vector = row(b, padded, index);
        let mut total = None;
        for group in 0..groups {
            let products = plane_products(b, vector, planes, group);
            let scale = slice(b, scale, &[group, 0], &[group + 1, vocabulary]);
            let scale = b.reshape(scale, &[vocabulary]);
            let scaled = b.elementwise(Opcode::Multiply, &[products, scale]);
            total = Some(match total {
                Some(sum) => b.elementwise(Opcode::Add, &[sum, scaled]),
                None => scaled,
            });
        }
        let total = total.expect("a row has at least one group");
        let excess = excess(b, vector, scale, groups);
        b.elementwise(Opcode::Subtract, &[total, excess])
    })
}

/// Products of the nibbles of one plane with its part of the hidden vector: [V].
fn plane_products(b: &mut Builder<'_>, vector: ValueId, planes: ValueId, group: u64) -> ValueId {
    let (vocabulary, half) = (b.sizes(planes)[1], Q4_GROUP / 2);
    let plane = slice(b, planes, &[group, 0, 0], &[group + 1, vocabulary, half]);
    let plane = b.reshape(plane, &[vocabulary, half]);
    let sizes = [vocabulary, half];
    let mask = b.splat(&sizes, ElementType::UI8, 15.0);
    let four = b.splat(&sizes, ElementType::UI8, 4.0);
    let low = b.elementwise(Opcode::And, &[plane, mask]);
    let high = b.elementwise(Opcode::ShiftRightLogical, &[plane, four]);
    let start = group * Q4_GROUP;
    let part = |b: &mut Builder<'_>, nibbles: ValueId, from: u64| {
        let nibbles = b.convert(nibbles, ElementType::F32);
        let h = slice(b, vector, &[from], &[from + half]);
        let h = b.broadcast(h, &[1], &sizes);
        b.elementwise(Opcode::Multiply, &[nibbles, h])
    };
    let low = part(b, low, start);
    let high = part(b, high, start + half);
    let products = b.elementwise(Opcode::Add, &[low, high]);
    let ones = b.splat(&[half], ElementType::F32, 1.0);
    b.dot(products, ones, contract(1, 0), ElementType::F32)
}

/// What the offset of 8 in each nibble adds to the scores: `8 sum_g scale_gj sum(h_g)`, [V].
fn excess(b: &mut Builder<'_>, vector: ValueId, scale: ValueId, groups: u64) -> ValueId {
    let grouped = b.reshape(vector, &[groups, Q4_GROUP]);
    let zero = b.splat(&[], ElementType::F32, 0.0);
    let sums = b.reduce(grouped, zero, 1, Opcode::Add);
    let eight = b.splat(&[groups], ElementType::F32, 8.0);
    let sums = b.elementwise(Opcode::Multiply, &[sums, eight]);
    b.dot(scale, sums, contract(0, 0), ElementType::F32)
}

/// A matrix with zero columns added up to `width`.
pub(super) fn pad_columns(b: &mut Builder<'_>, matrix: ValueId, width: u64) -> ValueId {
    let sizes = b.sizes(matrix);
    if sizes[1] == width {
        return matrix;
    }
    pad(b, matrix, &[0, (width - sizes[1]) as i64])
}

/// Zeros added after each dimension.
pub(crate) fn pad(b: &mut Builder<'_>, operand: ValueId, high: &[i64]) -> ValueId {
    let sizes: Vec<u64> = b.sizes(operand).iter().zip(high).map(|(s, h)| s + *h as u64).collect();
    let ty = TensorType::new(&sizes, b.element(operand));
    let zero = b.splat(&[], ty.element.clone(), 0.0);
    let none = vec![0; high.len()];
    let attrs = [
        ("edge_padding_low", Attr::i64s(none.iter().copied())),
        ("edge_padding_high", Attr::i64s(high.iter().copied())),
        ("interior_padding", Attr::i64s(none.iter().copied())),
    ];
    b.value(Opcode::Pad, [operand, zero], attrs, ty)
}
