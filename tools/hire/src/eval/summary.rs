//! What `hire eval` tells.

use std::io::Write;

use hire_artifact::Manifest;
use hire_artifact::manifest::Site as ManifestSite;
use serde::Serialize;

use super::compare::Comparison;
use crate::failure::Outcome;
use crate::output;
use crate::plan::samples::Windows;
use crate::statistics::{self, SiteStatistics, Statistics};

/// The whole answer. Shares are in 0..=1.
#[derive(Debug, Serialize)]
pub(crate) struct Summary {
    model: String,
    /// Texts' windows, each from an empty state.
    windows: usize,
    /// Tokens fed.
    tokens: u64,
    /// Share of tokens after which both have the same most likely next one.
    top1_agreement: f64,
    /// Share of tokens after which everything both gave is the same.
    identical: f64,
    /// How many of the dense program's largest logits were looked for.
    largest: usize,
    /// Mean share of them that the other has too.
    largest_share: f64,
    /// Where the model gives all logits.
    #[serde(skip_serializing_if = "Option::is_none")]
    likelihood: Option<Likelihood>,
    sites: Vec<Site>,
    /// Of exact sites, where the artifact counts their candidates.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    exact_sites: Vec<SiteStatistics>,
    bytes_per_step: u64,
    dense_bytes_per_step: u64,
}

/// What all logits tell.
#[derive(Debug, Serialize)]
struct Likelihood {
    /// `exp` of the mean loss on the text's own next token.
    perplexity: f64,
    dense_perplexity: f64,
    perplexity_ratio: f64,
    /// Mean difference of the losses, ours less dense, in nats, and its standard error.
    loss_increase: f64,
    loss_increase_error: f64,
    /// Mean of KL(dense || ours), in nats.
    kl_divergence: f64,
}

/// A rewritten site.
#[derive(Debug, Serialize)]
struct Site {
    name: String,
    predictor: String,
    k: u64,
    k_prime: u64,
    /// What its plan was measured to have.
    planned: String,
    /// Share of the entries that the model takes, or of a layer's active neurons, that were selected, where the outputs
    /// show it or the program counts them.
    recall: Option<f64>,
    bytes: u64,
    dense_bytes: u64,
}

/// Puts the answer together.
pub(super) fn summary(
    seen: &Comparison,
    windows: &Windows,
    ours: &Manifest,
    dense: &Manifest,
    counted: &Statistics,
) -> Summary {
    let share = |part: u64, of: u64| part as f64 / of.max(1) as f64;
    let top1_agreement = share(seen.equal, seen.steps);
    let largest_share = share(seen.shared, seen.steps * seen.largest as u64);
    // Outputs show what a site selected only where it is the one rewritten, and its entries are the outputs.
    let shown = |site: &ManifestSite| {
        let entries = site.shapes.get("weight").and_then(|shape| shape.first()).copied();
        let is_head = match seen.vocabulary {
            Some(vocabulary) => entries == Some(vocabulary as u64),
            None => site.k == seen.largest as u64,
        };
        (ours.sites.len() == 1 && is_head).then_some(if site.k > 1 { largest_share } else { top1_agreement })
    };
    let site = |site: &ManifestSite| Site {
        name: site.name.clone(),
        predictor: site.predictor.clone(),
        k: site.k,
        k_prime: site.k_prime,
        planned: site.guarantee.clone(),
        recall: counted.recall(&site.name).or_else(|| shown(site)),
        bytes: site.bytes.predicted,
        dense_bytes: site.bytes.dense,
    };
    Summary {
        model: ours.model.name.clone(),
        windows: windows.len(),
        tokens: seen.steps,
        top1_agreement,
        identical: share(seen.identical, seen.steps),
        largest: seen.largest,
        largest_share,
        likelihood: likelihood(seen),
        sites: ours.sites.iter().map(site).collect(),
        exact_sites: counted.summary(),
        bytes_per_step: ours.bytes_per_step.total,
        dense_bytes_per_step: dense.bytes_per_step.total,
    }
}

fn likelihood(seen: &Comparison) -> Option<Likelihood> {
    let logits = &seen.logits;
    let count = logits.losses.len() as f64;
    if logits.losses.is_empty() {
        return None;
    }
    let mean = |of: fn(&(f64, f64)) -> f64| logits.losses.iter().map(of).sum::<f64>() / count;
    let (ours, dense) = (mean(|l| l.0), mean(|l| l.1));
    let increase = ours - dense;
    let squares: f64 = logits.losses.iter().map(|(a, b)| (a - b - increase).powi(2)).sum();
    Some(Likelihood {
        perplexity: ours.exp(),
        dense_perplexity: dense.exp(),
        perplexity_ratio: increase.exp(),
        loss_increase: increase,
        loss_increase_error: (squares / (count - 1.0).max(1.0) / count).sqrt(),
        kl_divergence: logits.divergence / logits.steps as f64,
    })
}

/// The table.
pub(super) fn table(summary: &Summary) -> Outcome {
    output::write(None, |out: &mut dyn Write| {
        writeln!(out, "{}: {} tokens in {} windows", summary.model, summary.tokens, summary.windows)?;
        let percent = |share: f64| format!("{:.2}%", 100.0 * share);
        writeln!(out, "{:<34} {:>12}", "top-1 agreement", percent(summary.top1_agreement))?;
        writeln!(out, "{:<34} {:>12}", "outputs identical", percent(summary.identical))?;
        if summary.largest > 1 {
            let name = format!("dense top-{} also in ours", summary.largest);
            writeln!(out, "{name:<34} {:>12}", percent(summary.largest_share))?;
        }
        match &summary.likelihood {
            Some(l) => {
                writeln!(out, "{:<34} {:>12.3}", "perplexity, dense", l.dense_perplexity)?;
                writeln!(out, "{:<34} {:>12.3}", "perplexity", l.perplexity)?;
                writeln!(out, "{:<34} {:>12.5}", "perplexity over dense", l.perplexity_ratio)?;
                writeln!(
                    out,
                    "{:<34} {:>12} ± {:.6}",
                    "loss increase (nats)",
                    format!("{:.6}", l.loss_increase),
                    l.loss_increase_error
                )?;
                writeln!(out, "{:<34} {:>12.6}", "KL(dense || ours) (nats)", l.kl_divergence)?;
            }
            None => writeln!(out, "perplexity and KL divergence need a model that gives all logits")?,
        }
        let (bytes, dense) = (summary.bytes_per_step as f64 / 1e6, summary.dense_bytes_per_step as f64 / 1e6);
        writeln!(out, "{:<34} {bytes:>12.1} (dense {dense:.1})", "MB per step")?;
        for site in &summary.sites {
            let recall =
                site.recall.map_or("not counted (compile with --statistics)".to_owned(), |r| format!("{r:.4}"));
            writeln!(
                out,
                "{}: {} with k' = {}, recall {recall}, planned {}",
                site.name, site.predictor, site.k_prime, site.planned
            )?;
        }
        statistics::write(out, &summary.exact_sites)
    })
}
