//! `hire sites`: what can be rewritten, what it costs, and why the rest cannot.

use std::io::Write;

use hire_passes::context::{Calibration, PassContext, Weights};
use hire_passes::hire::RewrittenSite;
use hire_passes::hire::recall::TwoStage;
use hire_passes::pipeline;
use serde::Serialize;

use crate::cli::SitesArgs;
use crate::failure::Outcome;
use crate::module_file::ModuleFile;
use crate::opt::{calibration, hire_options, run_passes};
use crate::output;
use crate::progress::Progress;
use crate::weights_file::WeightsFile;

/// A site, as JSON shows it. Shapes are [rows of W, elements of a row]; bytes are those a step reads.
#[derive(Debug, Serialize)]
struct SiteRow {
    name: String,
    weight_shape: [u64; 2],
    rows_per_step: u64,
    k: u64,
    k_prime: u64,
    predictor: String,
    /// How the first selection is approximated, and the share of an exact one's that it is expected to find.
    #[serde(skip_serializing_if = "Option::is_none")]
    two_stage: Option<TwoStage>,
    select_recall: f64,
    dense_bytes: u64,
    predicted_bytes: u64,
}

/// The whole answer.
#[derive(Debug, Serialize)]
struct Answer {
    sites: Vec<SiteRow>,
    not_rewritten: Vec<String>,
}

/// Runs the command.
pub(crate) fn run(args: &SitesArgs, progress: &Progress) -> Outcome {
    progress.step(format!("reading {}", args.file.display()));
    let mut input = ModuleFile::read(&args.file)?;
    let weights = args.weights.as_deref().map(WeightsFile::open).transpose()?;
    let mut context = PassContext { hire: hire_options(&args.rewrite)?, ..PassContext::new() };
    let calibration = calibration(&args.rewrite, &context.hire)?;
    context.weights = weights.as_ref().map(|w| w as &dyn Weights);
    context.calibration = calibration.as_ref().map(|c| c as &dyn Calibration);
    let mut module = std::mem::take(&mut input.module);
    run_passes(&input, &mut module, &pipeline::for_target(None), &mut context, |_, _| {})?;
    progress.clear();
    let answer = Answer {
        sites: context.rewritten.iter().map(row).collect(),
        not_rewritten: context.rejected.iter().map(|d| d.message.clone()).collect(),
    };
    if args.json { output::json(&answer) } else { table(&answer) }
}

fn row(site: &RewrittenSite) -> SiteRow {
    SiteRow {
        name: site.name.clone(),
        weight_shape: [site.vocabulary, site.d],
        rows_per_step: site.rows,
        k: site.k,
        k_prime: site.plan.k_prime,
        predictor: site.plan.predictor.to_string(),
        two_stage: site.plan.two_stage,
        select_recall: site.plan.select_recall(site.vocabulary),
        dense_bytes: site.dense_bytes,
        predicted_bytes: site.predicted_bytes,
    }
}

/// What a selection in two stages does and finds.
pub(crate) fn two_stages(stages: TwoStage, recall: f64) -> String {
    format!(
        "selects in two stages, {} of each of {} buckets: expected to find {recall:.4} of what an exact selection finds",
        stages.per_bucket, stages.buckets
    )
}

fn table(answer: &Answer) -> Outcome {
    output::write(None, |out: &mut dyn Write| {
        for site in &answer.sites {
            let k = if site.k == 0 { "all".to_owned() } else { site.k.to_string() };
            writeln!(out, "{}", site.name)?;
            writeln!(
                out,
                "  W {} x {}, {} row(s) a step, takes {k}",
                site.weight_shape[0], site.weight_shape[1], site.rows_per_step
            )?;
            writeln!(
                out,
                "  dense {:.1} MB a step; {} with k' = {}: {:.1} MB ({:.0}%)",
                site.dense_bytes as f64 / 1e6,
                site.predictor,
                site.k_prime,
                site.predicted_bytes as f64 / 1e6,
                100.0 * site.predicted_bytes as f64 / site.dense_bytes as f64
            )?;
            if let Some(stages) = site.two_stage {
                writeln!(out, "  {}", two_stages(stages, site.select_recall))?;
            }
        }
        if answer.sites.is_empty() {
            writeln!(out, "no sites")?;
        }
        for reason in &answer.not_rewritten {
            writeln!(out, "{reason}")?;
        }
        Ok(())
    })
}
