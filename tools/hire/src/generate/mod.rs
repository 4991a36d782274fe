//! `hire generate`: continue a text, alone or side by side with the dense program.

mod against;
mod sample;
pub(crate) mod tokenizer;

use std::io::Write;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::cli::GenerateArgs;
use crate::decoder::{self, Decoder};
use crate::failure::{Failure, Outcome};
use crate::output;
use crate::progress::Progress;
use sample::Sampler;
use tokenizer::TextTokenizer;

/// What a run without `--against` tells as JSON.
#[derive(Debug, Serialize)]
struct Generated {
    tokens: usize,
    text: String,
    ms_per_token: f64,
}

/// Runs the command.
pub(crate) fn run(args: &GenerateArgs, progress: &Progress) -> Outcome {
    let prompt = prompt(args)?;
    progress.step(format!("loading {}", args.directory.display()));
    let mut decoder = Decoder::load(&args.directory, !args.no_verify)?;
    args.mesh.check(decoder.manifest().devices.as_ref())?;
    let tokenizer = TextTokenizer::read(&decoder::tokenizer_file(&args.directory)?)?;
    let tokens = prompt_tokens(&tokenizer, &decoder, &prompt, args.tokens)?;
    if let Some(dense) = &args.against {
        progress.step(format!("loading {}", dense.display()));
        let dense = Decoder::load(dense, !args.no_verify)?;
        return against::run(args, decoder, dense, &tokenizer, &tokens, progress);
    }
    let mut sampler = Sampler::new(args.temperature, args.top_k, args.seed)?;
    progress.step("generating");
    progress.count((tokens.len() + args.tokens) as u64);
    let (generated, times) = free_run(&mut decoder, &tokens, args.tokens, &mut sampler, progress)?;
    progress.clear();
    let answer =
        Generated { tokens: generated.len(), text: tokenizer.decode(&generated)?, ms_per_token: median_ms(times) };
    if args.json {
        return output::json(&answer);
    }
    output::write(None, |out: &mut dyn Write| writeln!(out, "{prompt}{}", answer.text))?;
    progress.note(&format!("{} tokens, {:.2} ms each (median)\n", answer.tokens, answer.ms_per_token));
    Ok(())
}

fn prompt(args: &GenerateArgs) -> Outcome<String> {
    match (&args.prompt, &args.prompt_file) {
        (Some(text), _) => Ok(text.clone()),
        (None, Some(file)) => std::fs::read_to_string(file).map_err(|e| {
            Failure::with_remedy(format!("cannot read {}: {e}", file.display()), "name a UTF-8 text file")
        }),
        (None, None) => Err(Failure::new("no prompt")),
    }
}

/// The prompt's tokens, which with `n` more must fit the cache.
fn prompt_tokens(tokenizer: &TextTokenizer, decoder: &Decoder, prompt: &str, n: usize) -> Outcome<Vec<u32>> {
    let description = decoder.description();
    let mut tokens: Vec<u32> = description.bos_token_id.filter(|_| description.add_bos).into_iter().collect();
    tokens.extend(tokenizer.encode(prompt)?);
    if tokens.is_empty() {
        return Err(Failure::with_remedy("the prompt has no tokens", "give a longer prompt"));
    }
    match description.cache {
        Some(cache) if tokens.len() + n > cache => Err(Failure::with_remedy(
            format!("the prompt's {} tokens and {n} more exceed the model's cache of {cache} positions", tokens.len()),
            "lower -n, shorten the prompt, or export with a larger --cache",
        )),
        _ => Ok(tokens),
    }
}

/// Feeds the prompt, then what the sampler chooses, until `n` tokens or the end of the text.
fn free_run(
    decoder: &mut Decoder,
    prompt: &[u32],
    n: usize,
    sampler: &mut Sampler,
    progress: &Progress,
) -> Outcome<(Vec<u32>, Vec<Duration>)> {
    let (mut generated, mut times) = (Vec::new(), Vec::new());
    let mut next = prompt[0];
    for position in 0..prompt.len() + n - 1 {
        let start = Instant::now();
        let candidates = decoder.step(next, position)?;
        times.push(start.elapsed());
        progress.advance();
        next = match prompt.get(position + 1) {
            Some(&token) => token,
            None => {
                let token = sampler.choose(&candidates)?;
                if decoder.description().eos_token_ids.contains(&token) {
                    break;
                }
                generated.push(token);
                token
            }
        };
    }
    Ok((generated, times))
}

/// The median of durations in milliseconds, 0 for none.
fn median_ms(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times.get(times.len() / 2).map_or(0.0, |t| t.as_secs_f64() * 1e3)
}
