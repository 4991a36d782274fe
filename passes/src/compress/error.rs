//! What storing a matrix as q4 loses.

use half::{bf16, f16};
use hire_compiler::ir::ElementType;

use super::quantize::{FACTORS, GROUP};
use crate::context::Weight;

/// Rows that are looked at, evenly spread.
const SAMPLED: usize = 256;

/// `||W - W'|| / ||W||` of a matrix and its q4 form, measured on some of its rows; `is_transposed` says that groups
/// run along the first dimension. `None` for what is no matrix of f32, bf16 or f16.
pub fn relative_error(weight: &Weight<'_>, is_transposed: bool) -> Option<f64> {
    let [rows, columns] = *weight.ty.sizes()? else { return None };
    let (rows, columns) = (usize::try_from(rows).ok()?, usize::try_from(columns).ok()?);
    let (outputs, inputs) = if is_transposed { (columns, rows) } else { (rows, columns) };
    let read = reader(&weight.ty.element)?;
    let (mut lost, mut all) = (0.0, 0.0);
    let mut group = Vec::new();
    for output in (0..outputs).step_by((outputs / SAMPLED).max(1)) {
        for start in (0..inputs).step_by(GROUP as usize) {
            let end = (start + GROUP as usize).min(inputs);
            let at = |input: usize| if is_transposed { input * outputs + output } else { output * inputs + input };
            group.clear();
            group.extend((start..end).map(|input| read(weight.data, at(input))));
            lost += smallest_error(&group);
            all += group.iter().map(|&x| f64::from(x) * f64::from(x)).sum::<f64>();
        }
    }
    Some(if all > 0.0 { (lost / all).sqrt() } else { 0.0 })
}

/// Reads an element of a tensor's bytes.
fn reader(element: &ElementType) -> Option<fn(&[u8], usize) -> f32> {
    match element {
        ElementType::F32 => Some(|data, at| {
            let b = &data[at * 4..][..4];
            f32::from_le_bytes([b[0], b[1], b[2], b[3]])
        }),
        ElementType::BF16 => Some(|data, at| bf16::from_le_bytes([data[at * 2], data[at * 2 + 1]]).to_f32()),
        ElementType::F16 => Some(|data, at| f16::from_le_bytes([data[at * 2], data[at * 2 + 1]]).to_f32()),
        _ => None,
    }
}

/// The square error of a group with the best of its scales.
fn smallest_error(group: &[f32]) -> f64 {
    let most = group.iter().copied().fold(0.0, f32::max);
    let least = group.iter().copied().fold(0.0, f32::min);
    let extreme = if most > -least { most } else { least };
    let error = |factor: f64| {
        let scale = f16::from_f32(extreme * (-factor / 8.0) as f32).to_f32();
        let inverse = if scale == 0.0 { 1.0 } else { 1.0 / scale };
        let lost = |&x: &f32| f64::from(x - (x * inverse).round_ties_even().clamp(-8.0, 7.0) * scale).powi(2);
        group.iter().map(lost).sum::<f64>()
    };
    FACTORS.into_iter().map(error).fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests {
    use hire_compiler::ir::TensorType;

    use super::*;

    fn weight(data: &[u8], rows: u64, columns: u64) -> Weight<'_> {
        Weight { ty: TensorType::new(&[rows, columns], ElementType::F32), data }
    }

    #[test]
    fn what_four_bits_hold_is_not_lost_and_a_distribution_is_in_part() {
        let exact: Vec<u8> = (0..4 * 64).flat_map(|i| ((i % 16) as f32 - 8.0).to_le_bytes()).collect();
        assert_eq!(relative_error(&weight(&exact, 4, 64), false), Some(0.0));
        // A triangular distribution: sums of two uniform ones.
        let mut state = 7u32;
        let mut uniform = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 24) as f32 - 0.5
        };
        let spread: Vec<u8> = (0..64 * 64).flat_map(|_| (uniform() + uniform()).to_le_bytes()).collect();
        for is_transposed in [false, true] {
            let error = relative_error(&weight(&spread, 64, 64), is_transposed).unwrap();
            assert!((0.05..0.1).contains(&error), "{error}");
        }
    }
}
