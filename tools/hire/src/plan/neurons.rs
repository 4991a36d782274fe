//! What the recorded vectors tell of a feed-forward layer: how sparse its activations are, and for each candidate
//! predictor which share of the active neurons it selects.

use hire_passes::context::SecondMoment;
use hire_passes::hire::ffn::find::Sparsity;
use hire_passes::hire::predictor::{Predictor, Scorer};
use hire_passes::instrument::{Activations, Probe};
use rayon::prelude::*;

use super::matrix::SiteMatrix;
use super::measure::{Curve, POSITIONS, SiteMeasure, fits, neighbours};
use super::overlap::OverlapCount;
use super::ranks::{ranks, top};
use super::record::Recording;
use super::scores::Scores;
use super::sparsity::ActivationSparsity;
use super::split::{role, rows, split};
use crate::calibration::Moment;
use crate::failure::Outcome;

/// The most consecutive neurons that are selected together, the paper's choice for TPUs.
const USUAL_GROUP: u64 = 8;

/// Measures a layer. Layers with a smooth gate or a predictor of their own have no curves.
pub(crate) fn measure_layer(
    probe: &Probe,
    layer: &Activations,
    recording: &Recording,
    matrix: &SiteMatrix,
    candidates: &[Predictor],
) -> Outcome<SiteMeasure> {
    let (d, neurons) = (probe.d as usize, probe.vocabulary as usize);
    let (calibration, evaluation) = split(recording.hidden.len() / d);
    let moment = Moment::of(&rows(&recording.hidden, d, &calibration), d);
    let activations = rows(&recording.activations, neurons, &evaluation);
    let mut overlap = OverlapCount::new(neurons);
    let magnitudes = |row: &[f32]| row.iter().map(|x| x.abs()).collect::<Vec<f32>>();
    for (row, follows) in activations.chunks_exact(neurons).zip(neighbours(recording, &evaluation)) {
        overlap.add(&top(&magnitudes(row), overlap.largest()), follows);
    }
    let evaluated = activations.len() / neurons;
    let mut measure = SiteMeasure::new(probe.clone(), moment, evaluated);
    measure.sparsity = Some(ActivationSparsity::of(&activations, neurons));
    measure.overlap = overlap.finish();
    measure.group = usual_group(probe.vocabulary, layer.group);
    measure.wanted = activations.iter().filter(|&&x| x != 0.0).count() / evaluated.max(1);
    if layer.sparsity == Sparsity::Gate || layer.own_predictor {
        return Ok(measure);
    }
    let single = |c: &&Predictor| c.finer().is_empty();
    let (kept, skipped): (Vec<&Predictor>, Vec<&Predictor>) =
        candidates.iter().filter(single).partition(|c| fits(c, probe.d));
    measure.skipped = skipped.into_iter().cloned().collect();
    let scorers: Vec<Scorer> = kept.iter().map(|c| c.first()).collect();
    let seconds = SecondMoment { values: &measure.moment.values, count: measure.moment.count };
    let scores = Scores::new(matrix, &scorers, seconds)?;
    measure.zero_rows = scores.zero_rows;
    let hidden = rows(&recording.hidden, d, &evaluation);
    for candidate in kept {
        let mut curve = Curve::new(candidate, None);
        let mut buffer = vec![0.0; POSITIONS * neurons];
        let mut index = 0;
        for (vectors, active) in hidden.chunks(POSITIONS * d).zip(activations.chunks(POSITIONS * neurons)) {
            let buffer = &mut buffer[..active.len()];
            scores.of(Some(candidate.first()), vectors, buffer);
            let found: Vec<Option<(u32, Vec<u32>)>> = buffer
                .par_chunks_exact(neurons)
                .zip(active.par_chunks_exact(neurons))
                .map(|(scores, active)| active_ranks(scores, active, layer.by_magnitude, measure.group))
                .collect();
            for found in found {
                if let Some((largest, ranks)) = found {
                    curve.add(role(index, evaluated), &[largest], &ranks, &ranks);
                }
                index += 1;
            }
        }
        curve.sort();
        measure.curves.push(curve);
    }
    Ok(measure)
}

/// The largest group that divides the neurons and holds whole groups of the model's own.
fn usual_group(neurons: u64, own: u64) -> u64 {
    (1..=USUAL_GROUP).rev().find(|g| neurons.is_multiple_of(*g) && g.is_multiple_of(own)).unwrap_or(own)
}

/// Where the group of each active neuron stands, in neurons: of the one with the largest activation, and of all.
fn active_ranks(scores: &[f32], active: &[f32], by_magnitude: bool, group: u64) -> Option<(u32, Vec<u32>)> {
    let key = |x: &f32| if by_magnitude { x.abs() } else { *x };
    let best: Vec<f32> =
        scores.chunks(group as usize).map(|g| g.iter().map(key).fold(f32::NEG_INFINITY, f32::max)).collect();
    let neurons: Vec<usize> = (0..active.len()).filter(|&n| active[n] != 0.0).collect();
    let wanted: Vec<u32> = neurons.iter().map(|&n| (n as u64 / group) as u32).collect();
    let ranks: Vec<u32> = ranks(&best, &wanted).into_iter().map(|rank| rank * group as u32).collect();
    let largest = (0..neurons.len()).max_by(|&a, &b| active[neurons[a]].abs().total_cmp(&active[neurons[b]].abs()))?;
    Some((ranks[largest], ranks))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_rank_by_their_best_and_count_in_neurons() {
        let scores = [0.1, 0.9, -3.0, 0.2, 0.5, 0.4];
        let active = [0.0, 2.0, 0.0, 1.0, 0.0, -5.0];
        // By value the groups' best are 0.9, 0.2, 0.5; by magnitude 0.9, 3, 0.5.
        assert_eq!(active_ranks(&scores, &active, false, 2), Some((2, vec![0, 4, 2])));
        assert_eq!(active_ranks(&scores, &active, true, 2), Some((4, vec![2, 0, 4])));
        assert_eq!(active_ranks(&scores, &[0.0; 6], false, 2), None);
    }

    #[test]
    fn groups_divide_the_neurons_and_hold_the_models_own() {
        assert_eq!(
            [usual_group(2048, 1), usual_group(100, 1), usual_group(96, 3), usual_group(1000, 20)],
            [8, 5, 6, 20]
        );
    }
}
