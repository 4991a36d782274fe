//! How a matrix is stored, in `@prepare`, and how it becomes f32 again, in the step.

use hire_compiler::ir::{Builder, ElementType, Opcode, ValueId};

use crate::hire::decompose::slice;
use crate::hire::emit::Emit;

/// Inputs that share a scale in q4.
pub(super) const GROUP: u64 = 32;
/// Rows that lie together in q4: the lanes of a vector.
pub(super) const ROWS: u64 = 16;
/// What the scale of a group, chosen so that its largest element becomes -8, is multiplied with in search of the
/// smallest square error.
pub(super) const FACTORS: [f64; 8] = [1.0, 0.97, 0.94, 0.91, 0.88, 0.84, 0.8, 1.06];

/// W [N, K] f32 as nibbles [N / 16, K / 32, 16, 16] ui8 and scales [N / 16, K / 32, 16] f16.
///
/// Byte (b, g, i, r) holds `W[16 b + r, 32 g + i]` in its low and `W[16 b + r, 32 g + 16 + i]` in its high nibble,
/// each plus 8. A kernel reads the bytes in order: its lanes are rows, so that no sum crosses lanes.
pub(super) fn quantize_q4(b: &mut Builder<'_>, matrix: ValueId) -> [ValueId; 2] {
    let [n, k] = b.sizes(matrix)[..] else { unreachable!("a matrix has two dimensions") };
    let (blocks, groups) = (n / ROWS, k / GROUP);
    let split = b.reshape(matrix, &[blocks, ROWS, groups, GROUP]);
    let grouped = b.transpose(split, &[0, 2, 3, 1]);
    let scale = best_scale(b, grouped);
    let numbers = nearest(b, grouped, scale);
    let eight = b.splat(&[blocks, groups, GROUP, ROWS], ElementType::F32, 8.0);
    let shifted = b.elementwise(Opcode::Add, &[numbers, eight]);
    let nibbles = b.convert(shifted, ElementType::UI8);
    let half = GROUP / 2;
    let low = slice(b, nibbles, &[0, 0, 0, 0], &[blocks, groups, half, ROWS]);
    let high = slice(b, nibbles, &[0, 0, half, 0], &[blocks, groups, GROUP, ROWS]);
    let four = b.splat(&[blocks, groups, half, ROWS], ElementType::UI8, 4.0);
    let high = b.elementwise(Opcode::ShiftLeft, &[high, four]);
    [b.elementwise(Opcode::Or, &[low, high]), scale]
}

/// The scales [B, G, R] f16 of groups [B, G, 32, R]: of those that [`FACTORS`] give, the first with the smallest
/// square error.
fn best_scale(b: &mut Builder<'_>, grouped: ValueId) -> ValueId {
    let sizes = b.sizes(grouped);
    let outer = [sizes[0], sizes[1], sizes[3]];
    let (low, high) = (b.splat(&[], ElementType::F32, 0.0), b.splat(&[], ElementType::F32, 0.0));
    let most = b.reduce(grouped, high, 2, Opcode::Maximum);
    let least = b.reduce(grouped, low, 2, Opcode::Minimum);
    let depth = b.elementwise(Opcode::Negate, &[least]);
    let is_positive = b.compare("GT", most, depth);
    let extreme = b.select(is_positive, most, least);
    let mut best: Option<(ValueId, ValueId)> = None;
    for factor in FACTORS {
        let factor = b.splat(&outer, ElementType::F32, -factor / 8.0);
        let scale = b.elementwise(Opcode::Multiply, &[extreme, factor]);
        let scale = b.convert(scale, ElementType::F16);
        let numbers = nearest(b, grouped, scale);
        let wide = b.convert(scale, ElementType::F32);
        let wide = b.broadcast(wide, &[0, 1, 3], &sizes);
        let back = b.elementwise(Opcode::Multiply, &[numbers, wide]);
        let lost = b.elementwise(Opcode::Subtract, &[grouped, back]);
        let square = b.elementwise(Opcode::Multiply, &[lost, lost]);
        let zero = b.splat(&[], ElementType::F32, 0.0);
        let error = b.reduce(square, zero, 2, Opcode::Add);
        best = Some(match best {
            None => (scale, error),
            Some((other, least)) => {
                let is_better = b.compare("LT", error, least);
                (b.select(is_better, scale, other), b.select(is_better, error, least))
            }
        });
    }
    best.expect("there are factors").0
}

/// The nearest of -8 to 7 to each element over its group's scale, as f32; 0 where the scale is.
fn nearest(b: &mut Builder<'_>, grouped: ValueId, scale: ValueId) -> ValueId {
    let (sizes, outer) = (b.sizes(grouped), b.sizes(scale));
    let scale = b.convert(scale, ElementType::F32);
    let zero = b.splat(&outer, ElementType::F32, 0.0);
    let one = b.splat(&outer, ElementType::F32, 1.0);
    let is_zero = b.compare("EQ", scale, zero);
    let divisor = b.select(is_zero, one, scale);
    let inverse = b.elementwise(Opcode::Divide, &[one, divisor]);
    let inverse = b.broadcast(inverse, &[0, 1, 3], &sizes);
    let scaled = b.elementwise(Opcode::Multiply, &[grouped, inverse]);
    let rounded = b.elementwise(Opcode::RoundNearestEven, &[scaled]);
    let (least, most) = (b.splat(&sizes, ElementType::F32, -8.0), b.splat(&sizes, ElementType::F32, 7.0));
    let low = b.elementwise(Opcode::Maximum, &[rounded, least]);
    b.elementwise(Opcode::Minimum, &[low, most])
}

/// The matrix [N / 16, K / 32, 32, 16] f32 that [`quantize_q4`] stored.
pub(super) fn dequantized_q4(b: &mut Builder<'_>, packed: ValueId, scale: ValueId) -> ValueId {
    let packed_sizes = b.sizes(packed);
    let mut sizes = packed_sizes.clone();
    sizes[2] = GROUP;
    let mask = b.splat(&packed_sizes, ElementType::UI8, 15.0);
    let four = b.splat(&packed_sizes, ElementType::UI8, 4.0);
    let low = b.elementwise(Opcode::And, &[packed, mask]);
    let high = b.elementwise(Opcode::ShiftRightLogical, &[packed, four]);
    let nibbles = b.concatenate(&[low, high], 2);
    let numbers = b.convert(nibbles, ElementType::F32);
    let eight = b.splat(&sizes, ElementType::F32, 8.0);
    let numbers = b.elementwise(Opcode::Subtract, &[numbers, eight]);
    // Broadcast first, so that the conversion is part of the product, not a pass over the scales.
    let scale = b.broadcast(scale, &[0, 1, 3], &sizes);
    let scale = b.convert(scale, ElementType::F32);
    b.elementwise(Opcode::Multiply, &[numbers, scale])
}
