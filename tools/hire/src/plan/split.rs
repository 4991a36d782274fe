//! Which positions calibrate, which choose a plan, and which score it.

use std::ops::Range;

/// Positions of a block, at most.
const BLOCK: usize = 32;

/// The fewest positions that can be split.
pub(crate) const FEWEST: usize = 16;

/// Ranges of positions that are used for calibration, and those that are held out for evaluation: blocks in turn, so that
/// both halves have seen all texts, and neighbours, which resemble each other, mostly stay on one side.
pub(crate) fn split(positions: usize) -> (Vec<Range<usize>>, Vec<Range<usize>>) {
    let block = BLOCK.min(positions / 4).max(1);
    let blocks = (0..positions).step_by(block).map(|start| start..(start + block).min(positions));
    let (calibration, evaluation): (Vec<_>, Vec<_>) = blocks.enumerate().partition(|(index, _)| index % 2 == 0);
    let ranges = |part: Vec<(usize, Range<usize>)>| part.into_iter().map(|(_, range)| range).collect();
    (ranges(calibration), ranges(evaluation))
}

/// What a position that is held out does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Plans are chosen by their recall on it.
    Chooses,
    /// The chosen plan is scored on it. The best of many plans looks better than it is on what chose it.
    Scores,
}

/// What the `index`th of so many held-out positions does: blocks in turn.
pub(crate) fn role(index: usize, held_out: usize) -> Role {
    let block = BLOCK.min(held_out / 2).max(1);
    if (index / block).is_multiple_of(2) { Role::Chooses } else { Role::Scores }
}

/// The rows of a matrix [positions, d] that the ranges name.
pub(crate) fn rows(values: &[f32], d: usize, ranges: &[Range<usize>]) -> Vec<f32> {
    ranges.iter().flat_map(|r| values[r.start * d..r.end * d].iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_position_is_on_one_side() {
        for positions in [FEWEST, 17, 63, 1000] {
            let (calibration, evaluation) = split(positions);
            let mut seen: Vec<usize> = calibration.iter().chain(&evaluation).flat_map(Clone::clone).collect();
            seen.sort_unstable();
            assert_eq!(seen, (0..positions).collect::<Vec<_>>());
            let held_out: usize = evaluation.iter().map(ExactSizeIterator::len).sum();
            assert!(3 * held_out >= positions, "{held_out} of {positions}");
            let scores = (0..held_out).filter(|&at| role(at, held_out) == Role::Scores).count();
            assert!(3 * scores >= held_out && 3 * (held_out - scores) >= held_out, "{scores} of {held_out}");
        }
        assert_eq!(rows(&[0.0, 1.0, 2.0, 3.0], 1, &[1..2, 3..4]), [1.0, 3.0]);
    }
}
