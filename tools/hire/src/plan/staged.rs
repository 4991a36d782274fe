//! The recall of a plan that selects in two stages, measured with its own selection.
//!
//! The ranks that curves hold tell what an exact selection finds. Which entries share a bucket they do not tell; so a
//! chosen plan's selection is repeated, entry by entry, at the positions that score. What the formula expects
//! (`hire_passes::hire::recall`) is beside it in what `hire plan` tells.

use hire_passes::context::SecondMoment;
use hire_passes::hire::plan::SitePlan;
use hire_passes::hire::predictor::Scorer;
use hire_passes::hire::recall::TwoStage;
use hire_passes::instrument::Probe;
use rayon::prelude::*;

use super::matrix::SiteMatrix;
use super::measure::POSITIONS;
use super::ranks::{best_of, top};
use super::record::Recording;
use super::scores::Scores;
use super::split::{Role, role, rows, split};
use crate::calibration::Moment;
use crate::failure::Outcome;

/// The share of what the model takes, or of the active neurons, that the plan selects at the positions that score.
pub(crate) fn recall(
    plan: &SitePlan,
    probe: &Probe,
    recording: &Recording,
    matrix: &SiteMatrix,
    moment: &Moment,
) -> Outcome<f64> {
    let (d, entries) = (probe.d as usize, probe.vocabulary as usize);
    let moment = SecondMoment { values: &moment.values, count: moment.count };
    let scores = Scores::new(matrix, plan.predictor.scorers(), moment)?;
    let hidden = scoring(&recording.hidden, d);
    let activations = scoring(&recording.activations, entries);
    let (mut found, mut wanted) = (0, 0);
    for (part, hidden) in hidden.chunks(POSITIONS * d).enumerate() {
        let count = hidden.len() / d;
        let of = |scorer: Option<Scorer>| {
            let mut values = vec![0.0; count * entries];
            scores.of(scorer, hidden, &mut values);
            values
        };
        let coarse = of(Some(plan.predictor.first()));
        let fine = plan.predictor.finer().last().map(|&scorer| of(Some(scorer)));
        let judged = match &probe.ffn {
            None => of(None),
            Some(_) => activations[part * POSITIONS * entries..][..count * entries].to_vec(),
        };
        let row = |values: &[f32], at: usize| values[at * entries..(at + 1) * entries].to_vec();
        let seen = (0..count).into_par_iter().map(|at| {
            let fine = fine.as_ref().map(|fine| row(fine, at));
            let selected = selected(plan, &keys(probe, row(&coarse, at)), fine.as_deref());
            let wanted = taken(probe, &row(&judged, at));
            (wanted.iter().filter(|entry| selected.binary_search(entry).is_ok()).count(), wanted.len())
        });
        let (more_found, more_wanted) = seen.reduce(|| (0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
        (found, wanted) = (found + more_found, wanted + more_wanted);
    }
    Ok(found as f64 / wanted.max(1) as f64)
}

/// The rows [n, width] of the positions that score.
fn scoring(values: &[f32], width: usize) -> Vec<f32> {
    let (_, evaluation) = split(values.len() / width);
    let held_out = rows(values, width, &evaluation);
    let count = held_out.len() / width;
    let scores = |&at: &usize| role(at, count) == Role::Scores;
    (0..count).filter(scores).flat_map(|at| held_out[at * width..(at + 1) * width].to_vec()).collect()
}

/// What selections compare of scores.
fn keys(probe: &Probe, scores: Vec<f32>) -> Vec<f32> {
    match &probe.ffn {
        Some(layer) if layer.by_magnitude => scores.into_iter().map(f32::abs).collect(),
        _ => scores,
    }
}

/// What is to be found: the active neurons, or as many of the largest logits as the model takes.
fn taken(probe: &Probe, judged: &[f32]) -> Vec<u32> {
    match &probe.ffn {
        Some(_) => (0..judged.len() as u32).filter(|&neuron| judged[neuron as usize] != 0.0).collect(),
        None => top(judged, (probe.k as usize).max(1)),
    }
}

/// The entries that a plan selects, in increasing order, by the scores of its first scorer and of its last, where that is
/// another.
fn selected(plan: &SitePlan, coarse: &[f32], fine: Option<&[f32]>) -> Vec<u32> {
    let group = plan.group as usize;
    let best: Vec<f32> = coarse.chunks(group).map(|g| g.iter().copied().fold(f32::NEG_INFINITY, f32::max)).collect();
    let wanted = |at: usize| plan.selections()[at] as usize / group;
    let all: Vec<u32> = (0..best.len() as u32).collect();
    let candidates = plan.two_stage.map_or(all, |stages| survivors(&best, stages));
    let mut groups = best_of(&best, candidates, wanted(0));
    if let Some(fine) = fine {
        let best: Vec<f32> = fine.chunks(group).map(|g| g.iter().copied().fold(f32::NEG_INFINITY, f32::max)).collect();
        groups = best_of(&best, groups, wanted(1));
    }
    let mut entries: Vec<u32> =
        groups.iter().flat_map(|g| g * plan.group as u32..(g + 1) * plan.group as u32).collect();
    entries.sort_unstable();
    entries
}

/// What the first stage leaves: the largest of each bucket, entry i in bucket i mod B.
fn survivors(scores: &[f32], stages: TwoStage) -> Vec<u32> {
    let bucket = |bucket: u64| {
        let members = (bucket as u32..scores.len() as u32).step_by(stages.buckets as usize).collect();
        best_of(scores, members, stages.per_bucket as usize)
    };
    (0..stages.buckets).flat_map(bucket).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(predictor: &str, k_prime: u64) -> SitePlan {
        SitePlan::new(predictor.parse().unwrap(), k_prime)
    }

    #[test]
    fn a_bucket_keeps_its_largest_and_loses_the_next() {
        // Buckets of even and of odd entries; the two largest are both even.
        let scores = [9.0, 1.0, 8.0, 2.0, 0.0, 3.0];
        assert_eq!(selected(&plan("q8", 2), &scores, None), [0, 2]);
        let stages = |per_bucket| Some(TwoStage { buckets: 2, per_bucket });
        assert_eq!(selected(&SitePlan { two_stage: stages(1), ..plan("q8", 2) }, &scores, None), [0, 5]);
        assert_eq!(selected(&SitePlan { two_stage: stages(2), ..plan("q8", 2) }, &scores, None), [0, 2]);
    }

    #[test]
    fn groups_are_selected_whole_and_the_finer_scorer_has_the_last_word() {
        let scores = [9.0, 1.0, 8.0, 2.0, 0.0, 3.0];
        let grouped = SitePlan { group: 2, ..plan("q8", 2) };
        assert_eq!(selected(&grouped, &scores, None), [0, 1]);
        let cascade = SitePlan { survivors: vec![3], ..plan("q4>q8", 1) };
        assert_eq!(selected(&cascade, &scores, Some(&[0.0, 7.0, 1.0, 7.0, 7.0, 2.0])), [5]);
    }
}
