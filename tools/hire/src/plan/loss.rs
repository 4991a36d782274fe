//! `--max-loss-increase`: the cheapest plan by the loss that it costs.
//!
//! Recall is a proxy: it is known for each site and every plan, and needs no further run. What a plan costs the whole
//! program is measured. For each of [`RECALLS`] every site takes its cheapest plan of that recall; of these whole plans,
//! which rise in bytes and in recall, bisection finds the cheapest whose loss increase is small enough, compiling and
//! running those that it looks at. The increase is over the dense program, on the samples' own next tokens, at the held-out
//! positions that choose; for the plan that was chosen it is told at those that score, too.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;

use clap::Parser;
use serde::Serialize;
use tempfile::TempDir;

use super::choose::{self, Point};
use super::samples::{Samples, Windows};
use super::split::{Role, role, split};
use super::{Planned, plan_of, write_plan};
use crate::cli::{Cli, Command, PlanArgs};
use crate::compile;
use crate::decoder::Decoder;
use crate::eval::{Head, head, log_sum_exp};
use crate::failure::{Failure, Outcome};
use crate::progress::Progress;

/// The recalls whose cheapest plans are looked at.
const RECALLS: [f64; 16] = [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995, 0.999, 1.0];

/// The loss of a plan over that of the dense program, in nats a token.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct LossIncrease {
    /// The most that was allowed.
    pub allowed: f64,
    /// At the positions that choose.
    pub choosing: f64,
    /// At those that score.
    pub scoring: f64,
    /// Standard error of the latter.
    pub scoring_error: f64,
    /// How many whole plans were compiled and run.
    pub plans_run: usize,
}

/// A plan of all sites.
struct Candidate {
    chosen: Vec<Option<Point>>,
    /// That a step reads for the sites.
    bytes: u64,
}

/// Gives the sites the plans of the cheapest whole plan that costs no more loss than `allowed`.
///
/// # Errors
/// When none is good enough, or loss cannot be told.
pub(crate) fn choose(
    args: &PlanArgs,
    allowed: f64,
    planned: &mut [Planned],
    samples: &Samples,
    progress: &Progress,
) -> Outcome<LossIncrease> {
    let candidates = candidates(planned);
    let trials = Trials::new(args, samples, progress)?;
    let mut seen: BTreeMap<usize, Losses> = BTreeMap::new();
    // The last has the best recall: when even that is not good enough, the others are not.
    let (mut low, mut high, mut next) = (0, candidates.len() - 1, candidates.len() - 1);
    loop {
        progress.step(format!("measuring the loss of a plan of {:.1} MB", candidates[next].bytes as f64 / 1e6));
        let losses = trials.run(&candidates[next], planned)?;
        let fits = losses.choosing.mean() <= allowed;
        seen.insert(next, losses);
        match fits {
            true => high = next,
            false if next == high => return Err(unreachable(allowed, &candidates, &seen)),
            false => low = next + 1,
        }
        if low >= high {
            break;
        }
        next = (low + high) / 2;
    }
    let losses = &seen[&high];
    for (site, chosen) in planned.iter_mut().zip(&candidates[high].chosen) {
        site.chosen.clone_from(chosen);
    }
    let (choosing, scoring) = (losses.choosing.mean(), losses.scoring.mean());
    Ok(LossIncrease { allowed, choosing, scoring, scoring_error: losses.scoring.error(), plans_run: seen.len() })
}

/// Says what the best of the plans that were run costs.
fn unreachable(allowed: f64, candidates: &[Candidate], seen: &BTreeMap<usize, Losses>) -> Failure {
    let best = seen.iter().min_by(|a, b| a.1.choosing.mean().total_cmp(&b.1.choosing.mean()));
    let (&at, losses) = best.expect("one plan at least was run");
    Failure::with_remedy(
        format!(
            "no plan keeps the loss increase to {allowed} nats; the best has {:.6} at {} bytes a step for its sites",
            losses.choosing.mean(),
            candidates[at].bytes
        ),
        "raise --max-loss-increase, or add finer --candidates such as q8",
    )
}

/// The whole plans, in increasing order of recall.
fn candidates(planned: &[Planned]) -> Vec<Candidate> {
    let mut candidates: Vec<Candidate> = Vec::new();
    for recall in RECALLS {
        let of_site = |site: &Planned| {
            let dense = site.measure.probe.vocabulary * site.measure.probe.row_bytes;
            let point = choose::cheapest(&site.points, recall).or_else(|| choose::best(&site.points));
            point.filter(|point| point.bytes < dense).cloned()
        };
        let chosen: Vec<Option<Point>> = planned.iter().map(of_site).collect();
        let bytes = |(site, chosen): (&Planned, &Option<Point>)| {
            chosen.as_ref().map_or(site.measure.probe.vocabulary * site.measure.probe.row_bytes, |point| point.bytes)
        };
        let bytes = planned.iter().zip(&chosen).map(bytes).sum();
        let plans = |of: &[Option<Point>]| of.iter().map(|p| p.as_ref().map(|p| p.plan.clone())).collect::<Vec<_>>();
        if candidates.last().is_none_or(|last| plans(&last.chosen) != plans(&chosen)) {
            candidates.push(Candidate { chosen, bytes });
        }
    }
    candidates
}

/// Differences of the losses at some positions.
#[derive(Default)]
struct Increases(Vec<f64>);

impl Increases {
    fn mean(&self) -> f64 {
        self.0.iter().sum::<f64>() / self.0.len().max(1) as f64
    }

    /// The standard error of the mean.
    fn error(&self) -> f64 {
        let (mean, count) = (self.mean(), self.0.len() as f64);
        let squares: f64 = self.0.iter().map(|x| (x - mean).powi(2)).sum();
        (squares / (count - 1.0).max(1.0) / count.max(1.0)).sqrt()
    }
}

/// What a plan costs at the held-out positions.
struct Losses {
    choosing: Increases,
    scoring: Increases,
}

/// Compiles and runs whole plans.
struct Trials<'a> {
    args: &'a PlanArgs,
    windows: &'a Windows,
    folder: TempDir,
    /// By position of the samples; `None` where the text has no next token.
    dense: Vec<Option<f64>>,
}

impl<'a> Trials<'a> {
    /// Runs the dense program.
    fn new(args: &'a PlanArgs, samples: &'a Samples, progress: &Progress) -> Outcome<Self> {
        let Samples::Tokens(windows) = samples else {
            return Err(Failure::with_remedy(
                "the loss on a text needs a text, and the samples are tensors",
                "give --samples a text or a .tokens file",
            ));
        };
        let parent = args.output.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folder = tempfile::Builder::new().prefix(".hire-plan-").tempdir_in(parent);
        let folder = folder.map_err(|e| Failure::new(format!("cannot write to {}: {e}", parent.display())))?;
        progress.step("measuring the dense program's loss");
        let mut trials = Self { args, windows, folder, dense: Vec::new() };
        trials.dense = trials.losses(&["--dense".into()])?;
        Ok(trials)
    }

    /// What a plan costs.
    fn run(&self, candidate: &Candidate, planned: &[Planned]) -> Outcome<Losses> {
        let path = self.folder.path().join("plan.json");
        write_plan(&path, planned, &plan_of(&path, planned, &candidate.chosen))?;
        let ours = self.losses(&["--plan".into(), path.into()])?;
        let increases: Vec<Option<f64>> =
            ours.iter().zip(&self.dense).map(|(ours, dense)| Some((*ours)? - (*dense)?)).collect();
        let (_, evaluation) = split(increases.len());
        let held_out: Vec<usize> = evaluation.into_iter().flatten().collect();
        let of = |wanted: Role| {
            let has_role = |(index, _): &(usize, &usize)| role(*index, held_out.len()) == wanted;
            Increases(held_out.iter().enumerate().filter(has_role).filter_map(|(_, &at)| increases[at]).collect())
        };
        Ok(Losses { choosing: of(Role::Chooses), scoring: of(Role::Scores) })
    }

    /// The losses of the model compiled with some options, position after position.
    fn losses(&self, options: &[OsString]) -> Outcome<Vec<Option<f64>>> {
        let directory = self.folder.path().join("artifact");
        let mut words: Vec<OsString> = vec!["hire".into(), "compile".into(), self.args.file.clone().into()];
        words.extend(["--weights".into(), self.args.weights.clone().into()]);
        words.extend(["--target".into(), self.args.target.to_string().into(), "-o".into(), directory.clone().into()]);
        words.extend_from_slice(options);
        let parsed = Cli::try_parse_from(words).map_err(Failure::new)?;
        let Command::Compile(compile) = parsed.command else { unreachable!("the words are those of `hire compile`") };
        compile::run(&compile, &Progress::new(true))?;
        let mut decoder = Decoder::load(&directory, false)?;
        let mut losses = Vec::new();
        for window in self.windows {
            decoder.reset()?;
            for (position, &token) in window.iter().enumerate() {
                let next = window.get(position + 1);
                let head = head(&decoder.feed(token, position)?)?;
                losses.push(next.map(|&next| loss(&head, next)).transpose()?);
            }
        }
        std::fs::remove_dir_all(&directory).map_err(|e| Failure::new(format!("{}: {e}", directory.display())))?;
        Ok(losses)
    }
}

/// The loss on a token, in nats.
fn loss(head: &Head, token: u32) -> Outcome<f64> {
    let Head::Logits(logits) = head else {
        return Err(Failure::with_remedy(
            "the model gives tokens, which tell no loss",
            "export it with --head logits; its plan is good for other heads, too",
        ));
    };
    let norm = log_sum_exp(logits);
    let chosen = logits.get(token as usize).filter(|_| norm.is_finite());
    let chosen = chosen.ok_or_else(|| Failure::new(format!("the model gives no finite loss for the token {token}")))?;
    Ok(norm - f64::from(*chosen))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_and_their_errors() {
        let increases = Increases(vec![1.0, 2.0, 3.0]);
        assert_eq!(increases.mean(), 2.0);
        assert!((increases.error() - (1.0f64 / 3.0).sqrt()).abs() < 1e-12);
        assert_eq!((Increases::default().mean(), Increases::default().error()), (0.0, 0.0));
    }

    #[test]
    fn only_logits_tell_a_loss() {
        let halves = Head::Logits(vec![0.0, 0.0]);
        assert!((loss(&halves, 1).unwrap() - std::f64::consts::LN_2).abs() < 1e-6);
        assert!(loss(&halves, 2).is_err() && loss(&Head::Token(1), 1).is_err());
        assert!(loss(&Head::Logits(vec![f32::NAN]), 0).is_err());
    }
}
