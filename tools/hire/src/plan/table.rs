//! What `hire plan` tells: JSON, and a table for people.

use std::fmt::Write;
use std::path::Path;

use hire_passes::hire::ffn::find::Sparsity;
use hire_passes::hire::predictor::Scorer;
use serde::Serialize;

use super::Planned;
use super::choose::{Point, Staged, best, by_candidate};
use super::loss::LossIncrease;
use super::overlap::Overlap;
use super::sparsity::{ActivationSparsity, SHARES};

/// The whole answer. Shares are in 0..=1, bytes are those a step reads.
#[derive(Serialize)]
pub(crate) struct Answer {
    /// The module's file.
    pub model: String,
    /// Of parameters and state in the whole step.
    pub bytes_per_step: StepBytes,
    /// What the plan costs in loss, where that chose it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loss_increase: Option<LossIncrease>,
    /// The sites.
    pub sites: Vec<SiteAnswer>,
}

/// Bytes that a whole step reads.
#[derive(Serialize)]
pub(crate) struct StepBytes {
    /// As the model is.
    pub dense: u64,
    /// By the plan.
    pub planned: u64,
}

/// A site.
#[derive(Serialize)]
pub(crate) struct SiteAnswer {
    /// Its name.
    pub name: String,
    /// [V, d].
    pub weight_shape: [u64; 2],
    /// The recall asked for.
    pub recall: f64,
    /// How many entries the model takes; 0 for all.
    pub k: u64,
    /// Positions that made the second moment.
    pub calibration_positions: u64,
    /// Positions that calibrated nothing.
    pub evaluation_positions: usize,
    /// Of these, how many scored plans and chose none.
    pub scoring_positions: usize,
    /// How many of the largest dense logits were looked for; of a feed-forward layer, the mean number of active neurons.
    pub largest: usize,
    /// Rows of W that are zero.
    pub zero_rows: usize,
    /// Difference of the two largest dense logits: the 1st, 10th and 50th percentile of the positions.
    pub margin_percentiles: [f32; 3],
    /// How alike the selections of neighbouring tokens are.
    pub overlap: Overlap,
    /// Bytes that the dense product reads.
    pub dense_bytes: u64,
    /// Of a feed-forward layer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sparsity: Option<ActivationSparsity>,
    /// The plan that was written; none leaves the site dense.
    pub chosen: Option<Point>,
    /// All plans that were measured.
    pub measured: Vec<Point>,
    /// Remarks for people.
    pub remarks: Vec<String>,
}

/// Puts the answer together.
pub(crate) fn answer(model: &Path, dense: u64, planned: &[Planned], loss_increase: Option<LossIncrease>) -> Answer {
    let sites: Vec<SiteAnswer> = planned.iter().map(site).collect();
    let saved: u64 = sites.iter().map(|s| s.dense_bytes.saturating_sub(s.planned_bytes())).sum();
    let bytes_per_step = StepBytes { dense, planned: dense.saturating_sub(saved) };
    Answer { model: model.display().to_string(), bytes_per_step, loss_increase, sites }
}

impl SiteAnswer {
    /// Bytes that the site reads by the plan.
    pub(crate) fn planned_bytes(&self) -> u64 {
        self.chosen.as_ref().map_or(self.dense_bytes, |point| point.bytes)
    }

    /// What the last column of shares is about.
    pub(crate) fn last_column(&self) -> String {
        if self.sparsity.is_some() { "active".to_owned() } else { format!("top-{}", self.largest) }
    }
}

fn site(planned: &Planned) -> SiteAnswer {
    let measure = &planned.measure;
    let probe = &measure.probe;
    let percentile = |share: usize| measure.margins.get(measure.margins.len() * share / 100).copied().unwrap_or(0.0);
    SiteAnswer {
        name: probe.site.clone(),
        weight_shape: [probe.vocabulary, probe.d],
        recall: planned.target,
        k: probe.k,
        calibration_positions: measure.moment.count,
        evaluation_positions: measure.evaluated,
        scoring_positions: measure.scoring(),
        largest: measure.wanted,
        zero_rows: measure.zero_rows,
        margin_percentiles: [percentile(1), percentile(10), percentile(50)],
        overlap: measure.overlap.clone(),
        dense_bytes: probe.vocabulary * probe.row_bytes,
        sparsity: measure.sparsity.clone(),
        chosen: planned.chosen.clone(),
        measured: planned.points.clone(),
        remarks: remarks(planned),
    }
}

fn remarks(planned: &Planned) -> Vec<String> {
    let (measure, probe, recall) = (&planned.measure, &planned.measure.probe, planned.target);
    let mut remarks = Vec::new();
    if measure.moment.count < probe.d {
        remarks.push(format!(
            "{} calibration positions for {} dimensions: their second moment is singular, low-rank factors take it plus a small multiple of the identity; more samples make better ones",
            measure.moment.count, probe.d
        ));
    }
    let choosing = measure.evaluated - measure.scoring();
    if recall < 1.0 && probe.ffn.is_none() && (choosing as f64) * (1.0 - recall) < 1.0 {
        remarks.push(format!("{choosing} positions cannot tell a recall of {recall} from 1; more samples can"));
    }
    if !measure.skipped.is_empty() {
        let skipped: Vec<String> = measure.skipped.iter().map(ToString::to_string).collect();
        remarks.push(format!("not measured, as their rank exceeds {} dimensions: {}", probe.d, skipped.join(", ")));
    }
    if measure.zero_rows > 0 {
        remarks.push(format!(
            "{} rows of the matrix are zero; every predictor scores them 0, as they are",
            measure.zero_rows
        ));
    }
    if probe.reordered {
        remarks.push(
            "a bias, mask or scale stands between the product and the selection: recall was measured on the products"
                .to_owned(),
        );
    }
    let Some(chosen) = &planned.chosen else {
        remarks.push(dense_because(planned));
        return remarks;
    };
    if chosen.plan.predictor.scorers().contains(&Scorer::Q4) {
        remarks
            .push("q4 reads few bytes, but XLA's CPU compiler unpacks it slowly: compare by `hire bench`".to_owned());
    }
    remarks.push(format!(
        "the plan's recall on the {} positions that chose nothing: {:.4}",
        measure.scoring(),
        chosen.scored_recall
    ));
    if let Some(Staged { stages, select_recall, expected_recall }) = chosen.two_stage {
        remarks.push(format!(
            "it selects in two stages, {} of each of {} buckets, which are expected to find {select_recall:.4} of what an exact selection does: a recall of {expected_recall:.4} on these positions",
            stages.per_bucket, stages.buckets
        ));
    }
    if chosen.bytes >= probe.vocabulary * probe.row_bytes {
        remarks.push("the plan reads more than the dense product; leave the site out of the plan".to_owned());
    }
    remarks
}

/// Why a feed-forward layer is not in the plan.
fn dense_because(planned: &Planned) -> String {
    match &planned.measure.probe.ffn {
        Some(layer) if layer.sparsity == Sparsity::Gate => {
            "its gate is smooth, so leaving neurons out is a loss; the plan leaves the layer dense".to_owned()
        }
        Some(layer) if layer.own_predictor => {
            "the model predicts by itself what is active, which is not measured; the plan leaves the layer dense"
                .to_owned()
        }
        _ => match best(&planned.points) {
            Some(best) => format!(
                "nothing cheaper than the dense layer reaches a recall of {}; the best is {} with k' = {}: {:.4} at {} bytes",
                planned.target, best.predictor, best.k_prime, best.recall, best.bytes
            ),
            None => "no candidate fits; the plan leaves the layer dense".to_owned(),
        },
    }
}

/// The table.
pub(crate) fn render(answer: &Answer) -> String {
    let mut text = String::new();
    let StepBytes { dense, planned } = &answer.bytes_per_step;
    writeln!(text, "whole step: {:.1} MB dense, {:.1} MB by the plan", megabytes(*dense), megabytes(*planned))
        .expect("writing to a string cannot fail");
    if let Some(LossIncrease { allowed, choosing, scoring, scoring_error, plans_run }) = &answer.loss_increase {
        writeln!(
            text,
            "loss increase in nats, at most {allowed} asked for: {choosing:.6} where {plans_run} plans were compared, {scoring:.6} ± {scoring_error:.6} at other positions"
        )
        .expect("writing to a string cannot fail");
    }
    for site in &answer.sites {
        render_site(&mut text, site).expect("writing to a string cannot fail");
    }
    text
}

fn render_site(text: &mut String, site: &SiteAnswer) -> std::fmt::Result {
    let recall = site.recall;
    let takes = if site.k == 0 { "all".to_owned() } else { site.k.to_string() };
    let [rows, d] = site.weight_shape;
    writeln!(text, "{}: W {rows} x {d}, takes {takes}; dense {:.1} MB a step", site.name, megabytes(site.dense_bytes))?;
    writeln!(
        text,
        "  {} positions calibrate, {} choose, {} score; of the {} largest entries, {:.0}% were the previous token's too",
        site.calibration_positions,
        site.evaluation_positions - site.scoring_positions,
        site.scoring_positions,
        site.overlap.largest,
        100.0 * site.overlap.with_previous
    )?;
    if let Some(sparsity) = &site.sparsity {
        let energy: Vec<String> =
            SHARES.iter().zip(sparsity.energy).map(|(s, e)| format!("{:.0}%: {:.3}", 100.0 * s, e)).collect();
        writeln!(text, "  zeros {:.1}%, energy of the largest {}", 100.0 * sparsity.zeros, energy.join(", "))?;
    }
    if site.measured.is_empty() {
        return write_remarks(text, site);
    }
    writeln!(
        text,
        "  {:<18} {:>9} {:>6} {:>9} {:>8} {:>8} {:>8}",
        "predictor",
        "survivors",
        "k'",
        "MB",
        "recall",
        "top-1",
        site.last_column()
    )?;
    for point in by_candidate(&site.measured, recall) {
        // A loss may have chosen another than the recall would.
        let point = site.chosen.as_ref().filter(|chosen| chosen.predictor == point.predictor).unwrap_or(point);
        let mark = if site.chosen.as_ref().is_some_and(|chosen| chosen.plan == point.plan) { "*" } else { " " };
        writeln!(
            text,
            "{mark} {:<18} {:>9} {:>6} {:>9.1} {:>8.4} {:>8.4} {:>8.4}",
            label(point),
            point.survivors.map_or(String::new(), |n| n.to_string()),
            point.k_prime,
            megabytes(point.bytes),
            point.recall,
            point.top1,
            point.largest
        )?;
    }
    write_remarks(text, site)
}

/// The predictor, what is selected together, how many neurons are always, and the buckets of two stages.
fn label(point: &Point) -> String {
    let group = if point.group > 1 { format!(" g={}", point.group) } else { String::new() };
    let common = if point.common > 0 { format!(" +{}", point.common) } else { String::new() };
    let stages = point.two_stage.map_or(String::new(), |s| format!(" {}x{}", s.stages.buckets, s.stages.per_bucket));
    format!("{}{group}{common}{stages}", point.predictor)
}

fn write_remarks(text: &mut String, site: &SiteAnswer) -> std::fmt::Result {
    site.remarks.iter().try_for_each(|remark| writeln!(text, "  {remark}"))
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
