//! Picks the cheapest plan that meets the recall asked for.

use std::cmp::Reverse;

use hire_passes::hire::plan::SitePlan;
use hire_passes::hire::recall::TwoStage;
use serde::Serialize;

use super::measure::{Curve, SiteMeasure};

/// What k' may be. Fewer rows than the least save nothing that would show.
const K_PRIME: [u64; 9] = [64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384];

/// What k' may be of the neurons of a feed-forward layer, in 64ths.
const NEURONS: [u64; 14] = [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 48];

/// A selection in two stages, and what the formula says of it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct Staged {
    /// B, K'.
    #[serde(flatten)]
    pub stages: TwoStage,
    /// Share of what an exact selection selects that it is expected to select.
    pub select_recall: f64,
    /// The recall to expect at the positions that score: that of an exact selection, which was measured there, times this
    /// share.
    pub expected_recall: f64,
}

/// A plan for a site with what was measured of it on held-out positions, those that choose unless it says otherwise.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Point {
    /// The predictor, as `--predictor` takes it.
    pub predictor: String,
    /// Entries that the first scorer of a cascade leaves to the second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub survivors: Option<usize>,
    /// k'.
    pub k_prime: u64,
    /// Consecutive entries that are selected together.
    pub group: u64,
    /// How many neurons are selected for every token.
    pub common: u64,
    /// How the first selection is approximated, where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub two_stage: Option<Staged>,
    /// Bytes that a step reads for the site.
    pub bytes: u64,
    /// Share of the logits that the model takes, or of the active neurons, that are among the k' selected; of a selection
    /// in two stages, the share that it is expected to find of an exact one's.
    pub recall: f64,
    /// The same at held-out positions that choose nothing: the recall to expect of a plan that was chosen. That of a chosen
    /// selection in two stages is measured, not computed.
    pub scored_recall: f64,
    /// Share of positions whose largest logit, or most active neuron, is among them.
    pub top1: f64,
    /// Mean share of the largest logits (as many as were looked for) that are.
    pub largest: f64,
    #[serde(skip)]
    pub(crate) plan: SitePlan,
}

/// Every plan that was measured, candidate after candidate. With `select_recall` they select in two stages that are
/// expected to find so much of what an exact selection finds, where that is cheaper.
pub(crate) fn points(measure: &SiteMeasure, select_recall: Option<f64>) -> Vec<Point> {
    measure.curves.iter().flat_map(|curve| on_curve(measure, curve, select_recall)).collect()
}

/// The plans of a curve, k' rising.
fn on_curve(measure: &SiteMeasure, curve: &Curve, select_recall: Option<f64>) -> Vec<Point> {
    let probe = &measure.probe;
    let least = probe.k.max(1);
    // A vocabulary, or a cascade, that is smaller than the grid still has its largest k'.
    let most = curve.survivors.map_or(probe.vocabulary, |n| n as u64);
    let point = |k_prime| {
        let survivors = curve.survivors.map(|n| vec![n as u64]).unwrap_or_default();
        let (group, common) = (curve.group, curve.common);
        let plan = SitePlan { survivors, group, common, ..SitePlan::new(curve.predictor.clone(), k_prime) };
        // Buckets would have to divide both all neurons and those that are not common.
        let plan = plan.with_select_recall(select_recall.filter(|_| common == 0), probe.vocabulary);
        let share = plan.select_recall(probe.vocabulary);
        let expected_recall = share * curve.scored(k_prime);
        let staged = |stages| Staged { stages, select_recall: share, expected_recall };
        Point {
            predictor: curve.predictor.to_string(),
            survivors: curve.survivors,
            k_prime,
            group,
            common,
            two_stage: plan.two_stage.map(staged),
            bytes: plan.bytes(probe.vocabulary, probe.d, probe.rows, probe.row_bytes),
            recall: share * curve.recall(k_prime),
            scored_recall: expected_recall,
            top1: curve.top1(k_prime),
            largest: curve.share(k_prime),
            plan,
        }
    };
    let fits = |&k_prime: &u64| k_prime >= least && k_prime <= most / 2;
    match probe.ffn {
        None => K_PRIME.into_iter().filter(fits).map(point).collect(),
        Some(_) => {
            shares(probe.vocabulary, curve.group).filter(|&n| n >= least && n > curve.common).map(point).collect()
        }
    }
}

/// Parts of a layer's neurons, in whole groups.
fn shares(neurons: u64, group: u64) -> impl Iterator<Item = u64> {
    let mut last = 0;
    let rounded = NEURONS.into_iter().map(move |part| (neurons * part / 64).next_multiple_of(group));
    rounded.filter(move |&k_prime| k_prime < neurons && std::mem::replace(&mut last, k_prime) < k_prime)
}

/// The cheapest of the plans with at least this recall; of several the one with the widest groups, which reads its rows in
/// the longest runs.
pub(crate) fn cheapest(points: &[Point], recall: f64) -> Option<&Point> {
    points.iter().filter(|p| p.recall >= recall).min_by_key(|p| (p.bytes, Reverse(p.group)))
}

/// The plan with the highest recall, the cheapest of several.
pub(crate) fn best(points: &[Point]) -> Option<&Point> {
    points.iter().max_by(|a, b| a.recall.total_cmp(&b.recall).then(b.bytes.cmp(&a.bytes)))
}

/// For each candidate, its cheapest plan with at least this recall, or else its best.
pub(crate) fn by_candidate(points: &[Point], recall: f64) -> Vec<&Point> {
    let mut rows = Vec::new();
    for part in points.chunk_by(|a, b| a.predictor == b.predictor) {
        rows.extend(cheapest(part, recall).or_else(|| best(part)));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(predictor: &str, bytes: u64, recall: f64) -> Point {
        let plan = SitePlan::new(predictor.parse().unwrap(), 64);
        let predictor = predictor.to_owned();
        Point {
            predictor,
            survivors: None,
            k_prime: 64,
            group: 1,
            common: 0,
            two_stage: None,
            bytes,
            recall,
            scored_recall: recall,
            top1: recall,
            largest: recall,
            plan,
        }
    }

    #[test]
    fn the_cheapest_that_meets_the_target_is_taken() {
        let points = [point("q8", 100, 1.0), point("q8", 110, 1.0), point("q4", 60, 0.99), point("lr:8", 20, 0.9)];
        assert_eq!(cheapest(&points, 0.95).unwrap().predictor, "q4");
        assert_eq!(cheapest(&points, 0.999).unwrap().bytes, 100);
        assert_eq!(cheapest(&points[2..], 0.999), None);
        assert_eq!(best(&points).unwrap().bytes, 100);
        assert_eq!(by_candidate(&points, 0.95).iter().map(|p| p.bytes).collect::<Vec<_>>(), [100, 60, 20]);
    }
}
