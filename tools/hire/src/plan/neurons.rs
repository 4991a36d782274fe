//! What the recorded vectors tell of a feed-forward layer: how sparse its activations are, and for each candidate
//! predictor which share of the active neurons it selects, by itself and with neurons that are always computed.

use hire_passes::context::SecondMoment;
use hire_passes::hire::ffn::find::Sparsity;
use hire_passes::hire::ffn::most_active;
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

/// How many consecutive neurons may be selected together; eight is the paper's choice for TPUs.
const GROUPS: [u64; 4] = [1, 2, 4, 8];

/// A neuron is common when at least this share of the calibration positions has it active.
const COMMON: f32 = 0.9;

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
    let activity = activity(&rows(&recording.activations, neurons, &calibration), neurons);
    let moment = Moment { activity, ..Moment::of(&rows(&recording.hidden, d, &calibration), d) };
    let activations = rows(&recording.activations, neurons, &evaluation);
    let evaluated = activations.len() / neurons;
    let wanted = activations.iter().filter(|&&x| x != 0.0).count() / evaluated.max(1);
    let mut overlap = OverlapCount::of_active(neurons, wanted);
    let magnitudes = |row: &[f32]| row.iter().map(|x| x.abs()).collect::<Vec<f32>>();
    for (row, follows) in activations.chunks_exact(neurons).zip(neighbours(recording, &evaluation)) {
        let mut strongest = top(&magnitudes(row), wanted);
        strongest.retain(|&neuron| row[neuron as usize] != 0.0);
        overlap.add(&strongest, follows);
    }
    let mut measure = SiteMeasure::new(probe.clone(), moment, evaluated);
    measure.sparsity = Some(ActivationSparsity::of(&activations, neurons));
    measure.overlap = overlap.finish();
    measure.wanted = wanted;
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
    let forms = Form::of(layer, &measure.moment.activity);
    for candidate in kept {
        measure.curves.extend(curves(candidate, &scores, &forms, (&hidden, &activations), (d, neurons)));
    }
    Ok(measure)
}

/// The share of positions at which each neuron is active.
fn activity(activations: &[f32], neurons: usize) -> Vec<f32> {
    let mut times = vec![0u32; neurons];
    for row in activations.chunks_exact(neurons) {
        times.iter_mut().zip(row).for_each(|(times, &x)| *times += u32::from(x != 0.0));
    }
    let positions = (activations.len() / neurons).max(1) as f32;
    times.into_iter().map(|times| times as f32 / positions).collect()
}

/// The curves of a predictor, one for each form of selection.
fn curves(
    candidate: &Predictor,
    scores: &Scores<'_>,
    forms: &[Form],
    (hidden, activations): (&[f32], &[f32]),
    (d, neurons): (usize, usize),
) -> Vec<Curve> {
    let curve = |form: &Form| {
        let common = neurons - form.selected.len();
        Curve::new(candidate, None).in_groups(form.group as u64, common as u64)
    };
    let mut curves: Vec<Curve> = forms.iter().map(curve).collect();
    let evaluated = activations.len() / neurons;
    let mut buffer = vec![0.0; POSITIONS * neurons];
    let parts = hidden.chunks(POSITIONS * d).zip(activations.chunks(POSITIONS * neurons));
    for (part, (vectors, active)) in parts.enumerate() {
        let buffer = &mut buffer[..active.len()];
        scores.of(Some(candidate.first()), vectors, buffer);
        for (form, curve) in forms.iter().zip(&mut curves) {
            let found: Vec<Option<(u32, Vec<u32>)>> = buffer
                .par_chunks_exact(neurons)
                .zip(active.par_chunks_exact(neurons))
                .map(|(scores, active)| form.ranks(scores, active))
                .collect();
            for (index, found) in (part * POSITIONS..).zip(found) {
                if let Some((largest, ranks)) = found {
                    curve.add(role(index, evaluated), &[largest], &ranks, &ranks);
                }
            }
        }
    }
    curves.iter_mut().for_each(Curve::sort);
    curves
}

/// A way to select: some neurons always, the others in groups.
struct Form {
    by_magnitude: bool,
    group: usize,
    /// The neurons that are selected among, in increasing order; all others are common.
    selected: Vec<usize>,
}

impl Form {
    /// Every group that divides the neurons and holds whole groups of the model's own, without and with common neurons.
    fn of(layer: &Activations, activity: &[f32]) -> Vec<Form> {
        let neurons = activity.len() as u64;
        let own = if GROUPS.contains(&layer.group) { None } else { Some(layer.group) };
        let fits = |g: &u64| neurons.is_multiple_of(*g) && g.is_multiple_of(layer.group);
        let groups: Vec<u64> = GROUPS.into_iter().chain(own).filter(fits).collect();
        let widest = groups.iter().copied().max().unwrap_or(1) as usize;
        let often = activity.iter().filter(|&&share| share >= COMMON).count() / widest * widest;
        // A model that keeps whole groups ranks these, not neurons.
        let commons = if layer.group == 1 && often > 0 { vec![0, often] } else { vec![0] };
        let form = |common: usize, group: u64| {
            let always = most_active(activity, common);
            let selected = (0..activity.len()).filter(|n| always.binary_search(&(*n as u32)).is_err()).collect();
            Form { by_magnitude: layer.by_magnitude, group: group as usize, selected }
        };
        commons.iter().flat_map(|&common| groups.iter().map(move |&group| form(common, group))).collect()
    }

    /// How many are selected before each active neuron is: of the one with the largest activation, and of all. Common
    /// neurons come first.
    fn ranks(&self, scores: &[f32], active: &[f32]) -> Option<(u32, Vec<u32>)> {
        let key = |&n: &usize| if self.by_magnitude { scores[n].abs() } else { scores[n] };
        let best: Vec<f32> =
            self.selected.chunks(self.group).map(|g| g.iter().map(key).fold(f32::NEG_INFINITY, f32::max)).collect();
        let common = (active.len() - self.selected.len()) as u32;
        let places: Vec<usize> = (0..self.selected.len()).filter(|&at| active[self.selected[at]] != 0.0).collect();
        let wanted: Vec<u32> = places.iter().map(|&at| (at / self.group) as u32).collect();
        let mut ranks: Vec<u32> =
            ranks(&best, &wanted).into_iter().map(|rank| common + rank * self.group as u32).collect();
        let neurons = active.iter().filter(|&&x| x != 0.0).count();
        let strongest = (0..active.len()).max_by(|&a, &b| active[a].abs().total_cmp(&active[b].abs()))?;
        let first = places.iter().position(|&at| self.selected[at] == strongest).map_or(0, |at| ranks[at]);
        ranks.resize(neurons, 0);
        (neurons > 0).then_some((first, ranks))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(by_magnitude: bool, group: usize, selected: &[usize]) -> Form {
        Form { by_magnitude, group, selected: selected.to_vec() }
    }

    #[test]
    fn groups_rank_by_their_best_and_count_in_neurons() {
        let scores = [0.1, 0.9, -3.0, 0.2, 0.5, 0.4];
        let active = [0.0, 2.0, 0.0, 1.0, 0.0, -5.0];
        let all = [0, 1, 2, 3, 4, 5];
        // By value the groups' best are 0.9, 0.2, 0.5; by magnitude 0.9, 3, 0.5.
        assert_eq!(form(false, 2, &all).ranks(&scores, &active), Some((2, vec![0, 4, 2])));
        assert_eq!(form(true, 2, &all).ranks(&scores, &active), Some((4, vec![2, 0, 4])));
        assert_eq!(form(false, 2, &all).ranks(&scores, &[0.0; 6]), None);
    }

    #[test]
    fn common_neurons_come_before_all_others() {
        let scores = [0.1, 0.9, -3.0, 0.2, 0.5, 0.4];
        let active = [0.0, 2.0, 0.0, 1.0, 0.0, -5.0];
        // Neurons 1 and 5 are common; 0, 2, 3 and 4 are selected, in pairs of which the second has the best score.
        assert_eq!(form(false, 2, &[0, 2, 3, 4]).ranks(&scores, &active), Some((0, vec![2, 0, 0])));
        assert_eq!(form(false, 1, &[0, 2, 3, 4]).ranks(&scores, &active), Some((0, vec![3, 0, 0])));
    }

    #[test]
    fn forms_divide_the_neurons_and_hold_the_models_own_groups() {
        let layer = |group| Activations {
            result: 0,
            sparsity: Sparsity::Threshold,
            by_magnitude: false,
            group,
            own_predictor: false,
        };
        let groups = |neurons: usize, own| -> Vec<usize> {
            Form::of(&layer(own), &vec![0.0; neurons]).iter().map(|form| form.group).collect()
        };
        assert_eq!(groups(2048, 1), [1, 2, 4, 8]);
        assert_eq!(groups(100, 1), [1, 2, 4]);
        assert_eq!(groups(96, 4), [4, 8]);
        assert_eq!(groups(1000, 20), [20]);
    }

    #[test]
    fn the_neurons_that_are_nearly_always_active_are_common() {
        let mut activity = vec![0.1; 32];
        (0..11).for_each(|n| activity[2 * n] = 0.95);
        let layer = Activations {
            result: 0,
            sparsity: Sparsity::Threshold,
            by_magnitude: false,
            group: 1,
            own_predictor: false,
        };
        let forms = Form::of(&layer, &activity);
        let common: Vec<usize> = forms.iter().map(|form| 32 - form.selected.len()).collect();
        assert_eq!(common, [0, 0, 0, 0, 8, 8, 8, 8], "eleven, in whole groups of eight");
        assert!(forms[4].selected.contains(&16) && !forms[4].selected.contains(&14), "the lower of equals are taken");
    }
}
