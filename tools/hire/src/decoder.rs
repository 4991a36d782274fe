//! A compiled decode step: tokens and positions in, the next token out.

use std::path::Path;

use hire_artifact::manifest::{MODEL, TOKENIZER};
use hire_artifact::{Artifact, Check, ElementType, Manifest};
use hire_runtime::{HostTensor, Session, device};
use serde::Deserialize;

use crate::failure::{Failure, Outcome};
use crate::statistics::Statistics;

/// What `model.json` says of a model.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct ModelDescription {
    /// Token that begins a text.
    pub bos_token_id: Option<u32>,
    /// Tokens that end one.
    #[serde(default)]
    pub eos_token_ids: Vec<u32>,
    /// Whether a prompt begins with `bos_token_id`.
    #[serde(default)]
    pub add_bos: bool,
    /// Positions of the KV cache.
    pub cache: Option<usize>,
}

/// A model on a device, fed token by token. All rows of a batch get the same token.
pub(crate) struct Decoder {
    session: Session,
    manifest: Manifest,
    tokens: String,
    positions: String,
    batch: u64,
    description: ModelDescription,
    statistics: Statistics,
}

/// Candidates for the next token, most likely first.
pub(crate) struct Candidates {
    /// The tokens.
    pub tokens: Vec<u32>,
    /// Their logits; empty when the model gives only the token.
    pub logits: Vec<f64>,
}

impl Decoder {
    /// Loads an artifact onto the device of its target.
    pub(crate) fn load(directory: &Path, verify: bool) -> Outcome<Self> {
        let artifact = open(directory, verify)?;
        let manifest = artifact.manifest().clone();
        let device = device::open_for(&manifest.target, manifest.devices.as_ref()).map_err(Failure::new)?;
        let session = Session::load(device.as_ref(), &artifact).map_err(Failure::new)?;
        let (tokens, positions, batch) = step_inputs(&session, directory)?;
        let description = match artifact.file(MODEL) {
            Some(path) => read_json(&path)?,
            None => ModelDescription::default(),
        };
        let statistics = Statistics::of(session.outputs());
        Ok(Self { session, manifest, tokens, positions, batch, description, statistics })
    }

    /// The artifact's manifest.
    pub(crate) fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// What is known of the model.
    pub(crate) fn description(&self) -> &ModelDescription {
        &self.description
    }

    /// What exact sites counted in the steps so far.
    pub(crate) fn statistics(&mut self) -> &mut Statistics {
        &mut self.statistics
    }

    /// Forgets everything it was fed.
    pub(crate) fn reset(&mut self) -> Outcome {
        self.session.reset().map_err(Failure::new)
    }

    /// Feeds a token at a position; gives what could follow.
    pub(crate) fn step(&mut self, token: u32, position: usize) -> Outcome<Candidates> {
        candidates(&self.feed(token, position)?)
    }

    /// Feeds a token at a position; gives what the program gives, but for what exact sites count.
    pub(crate) fn feed(&mut self, token: u32, position: usize) -> Outcome<Vec<HostTensor>> {
        let row = |value: i32| HostTensor::from_slice(&[self.batch], &vec![value; self.batch as usize]);
        let out_of_range = |_| Failure::new("a token or position exceeds 31 bits");
        let tokens = row(i32::try_from(token).map_err(out_of_range)?).map_err(Failure::new)?;
        let positions = row(i32::try_from(position).map_err(out_of_range)?).map_err(Failure::new)?;
        let given = [(self.tokens.as_str(), &tokens), (self.positions.as_str(), &positions)];
        self.statistics.take(self.session.step(&given).map_err(Failure::new)?)
    }
}

/// Opens an artifact.
pub(crate) fn open(directory: &Path, verify: bool) -> Outcome<Artifact> {
    let check = if verify { Check::Digests } else { Check::Sizes };
    Ok(Artifact::open(directory, check)?)
}

/// The tokenizer's file of an artifact.
pub(crate) fn tokenizer_file(directory: &Path) -> Outcome<std::path::PathBuf> {
    let path = directory.join(TOKENIZER);
    if path.is_file() {
        return Ok(path);
    }
    Err(Failure::with_remedy(
        format!("{} has no {TOKENIZER}", directory.display()),
        "compile a module that has its tokenizer.json beside it",
    ))
}

/// Reads a JSON file.
pub(crate) fn read_json<T: serde::de::DeserializeOwned>(path: &Path) -> Outcome<T> {
    let text = std::fs::read(path).map_err(|e| Failure::new(format!("cannot read {}: {e}", path.display())))?;
    serde_json::from_slice(&text).map_err(|e| Failure::new(format!("{}: {e}", path.display())))
}

/// The inputs of a decode step: i32 vectors of one length, `tokens` and `positions` by name or in
/// this order.
pub(crate) fn step_inputs(session: &Session, directory: &Path) -> Outcome<(String, String, u64)> {
    let inputs: Vec<_> = session.inputs().collect();
    let vectors = inputs.iter().all(|i| i.dtype == ElementType::I32 && i.shape.len() == 1);
    let named = |name: &str| inputs.iter().position(|i| i.name == name);
    match (inputs.as_slice(), named("tokens").or(Some(0)), named("positions").or(Some(1))) {
        ([a, b], Some(tokens), Some(positions)) if vectors && a.shape == b.shape && tokens != positions => {
            Ok((inputs[tokens].name.clone(), inputs[positions].name.clone(), a.shape[0]))
        }
        _ => {
            let found: Vec<String> = inputs.iter().map(|i| format!("{} {}", i.name, i.ty())).collect();
            Err(Failure::with_remedy(
                format!(
                    "{}: a decode step takes `tokens` and `positions`, i32 vectors of one length; this program takes {}",
                    directory.display(),
                    if found.is_empty() { "nothing".to_owned() } else { found.join(", ") }
                ),
                "export a decode step, or use `hire run`",
            ))
        }
    }
}

/// Reads the first row of a step's outputs: a token; values and their tokens; or all logits.
fn candidates(outputs: &[HostTensor]) -> Outcome<Candidates> {
    let integers = |t: &HostTensor| -> Outcome<Vec<u32>> {
        let values = t.to_vec::<i32>().map_err(Failure::new)?;
        values
            .into_iter()
            .map(|v| u32::try_from(v).map_err(|_| Failure::new("the model gave a negative token")))
            .collect()
    };
    let row = |t: &HostTensor| t.shape().get(1).map_or(1, |&n| n as usize);
    match outputs {
        [token] if token.dtype() == ElementType::I32 => {
            Ok(Candidates { tokens: integers(token)?.into_iter().take(1).collect(), logits: Vec::new() })
        }
        [values, tokens] if tokens.dtype() == ElementType::I32 => {
            let n = row(tokens);
            let logits = values.to_f64().map_err(Failure::new)?;
            Ok(Candidates {
                tokens: integers(tokens)?.into_iter().take(n).collect(),
                logits: logits.into_iter().take(n).collect(),
            })
        }
        [logits] => {
            let all: Vec<f64> = logits.to_f64().map_err(Failure::new)?.into_iter().take(row(logits)).collect();
            let mut tokens: Vec<u32> = (0..all.len() as u32).collect();
            tokens.sort_by(|&a, &b| all[b as usize].total_cmp(&all[a as usize]));
            let logits = tokens.iter().map(|&t| all[t as usize]).collect();
            Ok(Candidates { tokens, logits })
        }
        _ => Err(Failure::with_remedy(
            "the program's outputs are no decode step's: expected a token, or values and tokens, or logits",
            "export with --head argmax, topk:K or logits",
        )),
    }
}
