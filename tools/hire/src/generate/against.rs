//! `hire generate --against`: both programs on the same tokens.
//!
//! The dense program leads: both are fed the prompt and then the tokens that it chooses, in turns,
//! and what they choose is compared after each token fed. Each step of one is timed next to the
//! same step of the other, so that a change of the machine's speed meets both.

use std::io::Write;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::sample::Sampler;
use super::tokenizer::TextTokenizer;
use super::{free_run, median_ms};
use crate::cli::GenerateArgs;
use crate::decoder::Decoder;
use crate::failure::{Failure, Outcome};
use crate::output;
use crate::progress::Progress;

/// The comparison, as JSON shows it.
#[derive(Debug, Serialize)]
struct Comparison {
    /// Steps compared.
    tokens: usize,
    /// Share of them at which both chose the same token.
    agreement: f64,
    ms_per_token: f64,
    against_ms_per_token: f64,
    text: String,
    against_text: String,
    #[serde(skip)]
    equal: usize,
    #[serde(skip)]
    speedup: f64,
}

/// Runs the comparison.
pub(super) fn run(
    args: &GenerateArgs,
    mut ours: Decoder,
    mut dense: Decoder,
    tokenizer: &TextTokenizer,
    prompt: &[u32],
    progress: &Progress,
) -> Outcome {
    if ours.manifest().model.fingerprint != dense.manifest().model.fingerprint {
        return Err(Failure::with_remedy(
            "the two artifacts were compiled from different models",
            "compile both from the same module and weights, one with --dense",
        ));
    }
    progress.step("comparing");
    progress.count((prompt.len() + args.tokens) as u64);
    let lockstep = lockstep(&mut ours, &mut dense, prompt, args.tokens, progress)?;
    let (text, against_text) = texts(&mut ours, tokenizer, prompt, args.tokens, &lockstep, progress)?;
    progress.clear();
    let comparison = Comparison {
        tokens: lockstep.tokens,
        agreement: lockstep.equal as f64 / lockstep.tokens as f64,
        ms_per_token: median_ms(lockstep.times.iter().map(|t| t.0).collect()),
        against_ms_per_token: median_ms(lockstep.times.iter().map(|t| t.1).collect()),
        text,
        against_text,
        equal: lockstep.equal,
        speedup: median_ratio(&lockstep.times),
    };
    if args.json { output::json(&comparison) } else { table(&comparison, &ours, &dense) }
}

/// What the common run saw.
struct Lockstep {
    tokens: usize,
    equal: usize,
    /// Time of a step of ours, and of the dense one.
    times: Vec<(Duration, Duration)>,
    /// What the dense program generated after the prompt.
    generated: Vec<u32>,
    /// Whether all choices after the prompt were equal.
    same_text: bool,
}

fn lockstep(
    ours: &mut Decoder,
    dense: &mut Decoder,
    prompt: &[u32],
    n: usize,
    progress: &Progress,
) -> Outcome<Lockstep> {
    let mut seen = Lockstep { tokens: 0, equal: 0, times: Vec::new(), generated: Vec::new(), same_text: true };
    let mut next = prompt[0];
    for position in 0..prompt.len() + n - 1 {
        let start = Instant::now();
        let chosen = ours.step(next, position)?;
        let middle = Instant::now();
        let expected = dense.step(next, position)?;
        seen.times.push((middle - start, middle.elapsed()));
        let equal = chosen.tokens.first() == expected.tokens.first();
        seen.tokens += 1;
        seen.equal += usize::from(equal);
        progress.advance();
        next = match prompt.get(position + 1) {
            Some(&token) => token,
            None => {
                seen.same_text &= equal;
                let token = *expected.tokens.first().ok_or_else(|| Failure::new("the model gave no token"))?;
                if dense.description().eos_token_ids.contains(&token) {
                    break;
                }
                seen.generated.push(token);
                token
            }
        };
    }
    Ok(seen)
}

/// Our own text, by a run of its own where it differs, and the dense program's.
fn texts(
    ours: &mut Decoder,
    tokenizer: &TextTokenizer,
    prompt: &[u32],
    n: usize,
    seen: &Lockstep,
    progress: &Progress,
) -> Outcome<(String, String)> {
    let against = tokenizer.decode(&seen.generated)?;
    if seen.same_text {
        return Ok((against.clone(), against));
    }
    ours.reset()?;
    let (generated, _) = free_run(ours, prompt, n, &mut Sampler::new(0.0, None, 0)?, progress)?;
    Ok((tokenizer.decode(&generated)?, against))
}

/// The median over steps of dense time over ours.
fn median_ratio(times: &[(Duration, Duration)]) -> f64 {
    let mut ratios: Vec<f64> = times.iter().map(|(ours, dense)| dense.as_secs_f64() / ours.as_secs_f64()).collect();
    ratios.sort_by(f64::total_cmp);
    ratios.get(ratios.len() / 2).copied().unwrap_or(0.0)
}

fn table(comparison: &Comparison, ours: &Decoder, dense: &Decoder) -> Outcome {
    let megabytes = |d: &Decoder| format!("{:.1}", d.manifest().bytes_per_step.total as f64 / 1e6);
    let bytes_ratio = ours.manifest().bytes_per_step.total as f64 / dense.manifest().bytes_per_step.total as f64;
    output::write(None, |out: &mut dyn Write| {
        writeln!(out, "dense: {}\n", comparison.against_text.trim())?;
        if comparison.text == comparison.against_text {
            writeln!(out, "HiRE:  the same text\n")?;
        } else {
            writeln!(out, "HiRE:  {}\n", comparison.text.trim())?;
        }
        writeln!(out, "{:<24} {:>10} {:>10} {:>10}", "", "dense", "HiRE", "ratio")?;
        writeln!(
            out,
            "{:<24} {:>10.2} {:>10.2} {:>9.2}x",
            "ms per token (median)", comparison.against_ms_per_token, comparison.ms_per_token, comparison.speedup
        )?;
        writeln!(
            out,
            "{:<24} {:>10} {:>10} {:>10.2}",
            "MB read per step",
            megabytes(dense),
            megabytes(ours),
            bytes_ratio
        )?;
        let equal = format!("{} of {}", comparison.equal, comparison.tokens);
        writeln!(out, "{:<24} {:>21} {:>9.1}%", "tokens equal", equal, 100.0 * comparison.agreement)
    })
}
