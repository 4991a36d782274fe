//! `hire eval`: what a rewrite costs in quality.
//!
//! Both artifacts are fed the same text, token by token, whatever they would have chosen (teacher forcing), in windows as
//! long as the model's cache. After each token their outputs are compared. What can be said depends on what the model
//! gives: all logits tell perplexity and divergence, the k largest tell which are missing, a token tells whether it is the
//! same.

mod compare;
mod summary;

use hire_artifact::manifest::TOKENIZER;
use hire_artifact::{ElementType, Manifest};
use hire_runtime::HostTensor;

use crate::cli::EvalArgs;
use crate::decoder::Decoder;
use crate::failure::{Failure, Outcome};
use crate::output;
use crate::plan::samples::{TextOptions, Windows, windows};
use crate::progress::Progress;
use compare::Comparison;
pub(crate) use compare::log_sum_exp;

/// What a step gives, for the first row of its batch.
pub(crate) enum Head {
    /// The most likely token.
    Token(u32),
    /// The most likely tokens.
    Largest(Vec<u32>),
    /// All logits.
    Logits(Vec<f32>),
}

/// Runs the command.
pub(crate) fn run(args: &EvalArgs, progress: &Progress) -> Outcome {
    progress.step(format!("loading {}", args.directory.display()));
    let mut ours = Decoder::load(&args.directory, !args.no_verify)?;
    progress.step(format!("loading {}", args.against.display()));
    let mut dense = Decoder::load(&args.against, !args.no_verify)?;
    check(ours.manifest(), dense.manifest())?;
    let options = TextOptions {
        tokenizer: &args.directory.join(TOKENIZER),
        description: ours.description(),
        window: args.window,
        limit: args.positions,
    };
    let windows = windows(&args.text, &options)?;
    progress.step("comparing");
    progress.count(windows.iter().map(Vec::len).sum::<usize>() as u64);
    let comparison = compare(&mut ours, &mut dense, &windows, progress)?;
    progress.clear();
    let counted = std::mem::take(ours.statistics());
    let summary = summary::summary(&comparison, &windows, ours.manifest(), dense.manifest(), &counted);
    if args.json { output::json(&summary) } else { summary::table(&summary) }
}

/// Both must come from one model, and the second must be dense.
fn check(ours: &Manifest, dense: &Manifest) -> Outcome {
    if ours.model.fingerprint != dense.model.fingerprint {
        return Err(Failure::with_remedy(
            "the two artifacts were compiled from different models",
            "compile both from the same module and weights, one with --dense",
        ));
    }
    match dense.sites.first() {
        Some(site) => Err(Failure::with_remedy(
            format!("the artifact to compare with is not dense: site `{}` is rewritten", site.name),
            "compile the same module and weights with --dense, and name that by --against",
        )),
        None => Ok(()),
    }
}

/// Feeds both the same windows.
fn compare(ours: &mut Decoder, dense: &mut Decoder, windows: &Windows, progress: &Progress) -> Outcome<Comparison> {
    let mut comparison = Comparison::default();
    for window in windows {
        ours.reset()?;
        dense.reset()?;
        for (position, &token) in window.iter().enumerate() {
            let found = head(&ours.feed(token, position)?)?;
            let expected = head(&dense.feed(token, position)?)?;
            comparison.add(&found, &expected, window.get(position + 1).copied())?;
            progress.advance();
        }
    }
    Ok(comparison)
}

/// Reads the first row of a step's outputs.
pub(crate) fn head(outputs: &[HostTensor]) -> Outcome<Head> {
    let row = |t: &HostTensor| t.shape().get(1).map_or(1, |&n| n as usize);
    let tokens = |t: &HostTensor, count: usize| -> Outcome<Vec<u32>> {
        let values = t.to_vec::<i32>().map_err(Failure::new)?;
        let token = |v: i32| u32::try_from(v).map_err(|_| Failure::new("the model gave a negative token"));
        values.into_iter().take(count).map(token).collect()
    };
    match outputs {
        [token] if token.dtype() == ElementType::I32 => {
            let token = tokens(token, 1)?.into_iter().next();
            token.map(Head::Token).ok_or_else(|| Failure::new("the model gave no token"))
        }
        [_, positions] if positions.dtype() == ElementType::I32 => tokens(positions, row(positions)).map(Head::Largest),
        [logits] => {
            let values = logits.to_f64().map_err(Failure::new)?;
            Ok(Head::Logits(values.into_iter().take(row(logits)).map(|x| x as f32).collect()))
        }
        _ => Err(Failure::with_remedy(
            "the program's outputs are no decode step's: expected a token, or values and tokens, or logits",
            "export with --head argmax, topk:K or logits",
        )),
    }
}
