//! What `hire plan` tells: JSON, and a table for people.

use std::fmt::Write;
use std::path::Path;

use hire_passes::hire::predictor::Scorer;
use serde::Serialize;

use super::Planned;
use super::choose::{Point, by_candidate};
use super::overlap::Overlap;

/// The whole answer. Shares are in 0..=1, bytes are those a step reads.
#[derive(Serialize)]
pub(crate) struct Answer {
    /// The module's file.
    pub model: String,
    /// The recall asked for.
    pub recall: f64,
    /// Of parameters and state in the whole step.
    pub bytes_per_step: StepBytes,
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
    /// How many entries the model takes; 0 for all.
    pub k: u64,
    /// Positions that made the second moment.
    pub calibration_positions: u64,
    /// Positions that judged.
    pub evaluation_positions: usize,
    /// How many of the largest dense logits were looked for.
    pub largest: usize,
    /// Rows of W that are zero.
    pub zero_rows: usize,
    /// Difference of the two largest dense logits: the 1st, 10th and 50th percentile of the positions.
    pub margin_percentiles: [f32; 3],
    /// How alike the selections of neighbouring tokens are.
    pub overlap: Overlap,
    /// Bytes that the dense product reads.
    pub dense_bytes: u64,
    /// The plan that was written.
    pub chosen: Point,
    /// All plans that were measured.
    pub measured: Vec<Point>,
    /// Remarks for people.
    pub remarks: Vec<String>,
}

/// Puts the answer together.
pub(crate) fn answer(model: &Path, recall: f64, dense: u64, planned: &[Planned]) -> Answer {
    let sites: Vec<SiteAnswer> = planned.iter().map(|p| site(p, recall)).collect();
    let saved: u64 = sites.iter().map(|s| s.dense_bytes.saturating_sub(s.chosen.bytes)).sum();
    let bytes_per_step = StepBytes { dense, planned: dense.saturating_sub(saved) };
    Answer { model: model.display().to_string(), recall, bytes_per_step, sites }
}

fn site(planned: &Planned, recall: f64) -> SiteAnswer {
    let measure = &planned.measure;
    let probe = &measure.probe;
    let percentile = |share: usize| measure.margins.get(measure.margins.len() * share / 100).copied().unwrap_or(0.0);
    SiteAnswer {
        name: probe.site.clone(),
        weight_shape: [probe.vocabulary, probe.d],
        k: probe.k,
        calibration_positions: measure.moment.count,
        evaluation_positions: measure.evaluated,
        largest: measure.wanted,
        zero_rows: measure.zero_rows,
        margin_percentiles: [percentile(1), percentile(10), percentile(50)],
        overlap: measure.overlap.clone(),
        dense_bytes: probe.vocabulary * probe.row_bytes,
        chosen: planned.chosen.clone(),
        measured: planned.points.clone(),
        remarks: remarks(planned, recall),
    }
}

fn remarks(planned: &Planned, recall: f64) -> Vec<String> {
    let (measure, probe) = (&planned.measure, &planned.measure.probe);
    let mut remarks = Vec::new();
    if measure.moment.count < probe.d {
        remarks.push(format!(
            "{} calibration positions for {} dimensions: their second moment is singular, low-rank factors take it plus a small multiple of the identity; more samples make better ones",
            measure.moment.count, probe.d
        ));
    }
    if recall < 1.0 && (measure.evaluated as f64) * (1.0 - recall) < 1.0 {
        remarks
            .push(format!("{} positions cannot tell a recall of {recall} from 1; more samples can", measure.evaluated));
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
    if planned.chosen.plan.predictor.scorers().contains(&Scorer::Q4) {
        remarks
            .push("q4 reads few bytes, but XLA's CPU compiler unpacks it slowly: compare by `hire bench`".to_owned());
    }
    if planned.chosen.bytes >= probe.vocabulary * probe.row_bytes {
        remarks.push("the plan reads more than the dense product; leave the site out of the plan".to_owned());
    }
    remarks
}

/// The table.
pub(crate) fn render(answer: &Answer) -> String {
    let mut text = String::new();
    let StepBytes { dense, planned } = &answer.bytes_per_step;
    writeln!(text, "whole step: {:.1} MB dense, {:.1} MB by the plan", megabytes(*dense), megabytes(*planned))
        .expect("writing to a string cannot fail");
    for site in &answer.sites {
        render_site(&mut text, answer.recall, site).expect("writing to a string cannot fail");
    }
    text
}

fn render_site(text: &mut String, recall: f64, site: &SiteAnswer) -> std::fmt::Result {
    let takes = if site.k == 0 { "all".to_owned() } else { site.k.to_string() };
    let [rows, d] = site.weight_shape;
    writeln!(text, "{}: W {rows} x {d}, takes {takes}; dense {:.1} MB a step", site.name, megabytes(site.dense_bytes))?;
    writeln!(
        text,
        "  {} positions calibrate, {} evaluate; of the {} largest logits, {:.0}% were the previous token's too",
        site.calibration_positions,
        site.evaluation_positions,
        site.overlap.largest,
        100.0 * site.overlap.with_previous
    )?;
    let top = format!("top-{}", site.largest);
    writeln!(
        text,
        "  {:<18} {:>9} {:>6} {:>9} {:>8} {:>8} {:>8}",
        "predictor", "survivors", "k'", "MB", "recall", "top-1", top
    )?;
    for point in by_candidate(&site.measured, recall) {
        let mark = if point == &site.chosen { "*" } else { " " };
        writeln!(
            text,
            "{mark} {:<18} {:>9} {:>6} {:>9.1} {:>8.4} {:>8.4} {:>8.4}",
            point.predictor,
            point.survivors.map_or(String::new(), |n| n.to_string()),
            point.k_prime,
            megabytes(point.bytes),
            point.recall,
            point.top1,
            point.largest
        )?;
    }
    for remark in &site.remarks {
        writeln!(text, "  {remark}")?;
    }
    Ok(())
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
