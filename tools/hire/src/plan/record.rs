//! Runs the instrumented program on samples and keeps the hidden vectors that reach its sites.

use std::path::Path;

use hire_artifact::{Argument, ElementType, Target};
use hire_compiler::print;
use hire_passes::instrument::{Instrumented, Probe};
use hire_passes::signature::Signature;
use hire_runtime::{HostTensor, Session, device};

use super::samples::{Inputs, Samples, Windows};
use crate::compile::manifest::interface;
use crate::decoder::step_inputs;
use crate::failure::{Failure, Outcome};
use crate::progress::Progress;
use crate::weights_file::WeightsFile;

/// The hidden vectors of a site, window after window.
pub(crate) struct Recording {
    /// [positions, d], row-major.
    pub hidden: Vec<f32>,
    /// Of a feed-forward layer, [positions, F], row-major.
    pub activations: Vec<f32>,
    /// The positions that begin a window, in increasing order.
    pub starts: Vec<usize>,
}

/// A session of the instrumented program.
pub(crate) struct Recorder<'a> {
    session: Session,
    probes: &'a [Probe],
    outputs: Vec<Output>,
    file: &'a Path,
}

/// A result of the instrumented program.
struct Output {
    rows: usize,
    width: usize,
}

/// The results that probes name, in the program's order.
fn outputs(probes: &[Probe]) -> Vec<Output> {
    let of = |probe: &Probe| {
        let (rows, width) = (probe.rows as usize, probe.d as usize);
        let activations = probe.ffn.as_ref().map(|_| Output { rows, width: probe.vocabulary as usize });
        [Some(Output { rows, width }), activations].into_iter().flatten()
    };
    probes.iter().flat_map(of).collect()
}

/// Vectors by output, then by window.
type Vectors = Vec<Vec<Vec<f32>>>;

impl<'a> Recorder<'a> {
    /// Compiles the program for `target` and binds its weights.
    pub(crate) fn new(
        instrumented: &'a Instrumented,
        file: &'a Path,
        weights: &WeightsFile,
        target: &Target,
    ) -> Outcome<Self> {
        let module = &instrumented.module;
        let entry = module.entry().expect("the instrumented program has the entry of the dense one");
        let is_weight = |name: &str| weights.get(name).is_some();
        let signature = Signature::of(module, &module.funcs[entry], Some(&is_weight));
        let interface = interface(module, &signature)?;
        let text = print::print_module(module, &print::Options::default());
        let device = device::open(target).map_err(Failure::new)?;
        let session = Session::new(device.as_ref(), text.as_bytes(), interface, Some(weights.file()));
        let probes = &instrumented.probes;
        Ok(Self { session: session.map_err(Failure::new)?, probes, outputs: outputs(probes), file })
    }

    /// The inputs that a step takes.
    pub(crate) fn inputs(&self) -> impl Iterator<Item = &Argument> {
        self.session.inputs()
    }

    /// Runs all samples.
    pub(crate) fn run(mut self, samples: &Samples, progress: &Progress) -> Outcome<Vec<Recording>> {
        let vectors = match samples {
            Samples::Tokens(windows) => self.tokens(windows, progress)?,
            Samples::Tensors(sequences) => self.tensors(sequences, progress)?,
        };
        let mut vectors = vectors.into_iter();
        let mut next = || vectors.next().expect("a probe has as many outputs as were run");
        self.probes
            .iter()
            .map(|probe| {
                let recording = join(probe, next())?;
                let activations = if probe.ffn.is_some() { next().concat() } else { Vec::new() };
                check_finite(probe, probe.vocabulary as usize, &activations)?;
                Ok(Recording { activations, ..recording })
            })
            .collect()
    }

    /// Feeds token windows, as many at a time as a step has rows.
    fn tokens(&mut self, windows: &Windows, progress: &Progress) -> Outcome<Vectors> {
        let (tokens, positions, batch) = step_inputs(&self.session, self.file)?;
        progress.count(windows.chunks(batch as usize).map(longest).sum::<usize>() as u64);
        let mut vectors = self.empty();
        for group in windows.chunks(batch as usize) {
            self.session.reset().map_err(Failure::new)?;
            let first = vectors.first().map_or(0, Vec::len);
            vectors.iter_mut().for_each(|site| site.resize(first + group.len(), Vec::new()));
            for position in 0..longest(group) {
                // Rows beside shorter windows get some token; what they give is not kept.
                let fed = |row: usize| group.get(row).and_then(|w| w.get(position).or(w.last())).copied().unwrap_or(0);
                let row: Outcome<Vec<i32>> = (0..batch as usize)
                    .map(|row| i32::try_from(fed(row)).map_err(|_| Failure::new("a token exceeds 31 bits")))
                    .collect();
                let token = HostTensor::from_slice(&[batch], &row?).map_err(Failure::new)?;
                let at = HostTensor::from_slice(&[batch], &vec![position as i32; batch as usize]);
                let at = at.map_err(Failure::new)?;
                let results = self.step(&[(tokens.as_str(), &token), (positions.as_str(), &at)])?;
                for (site, (output, values)) in vectors.iter_mut().zip(self.outputs.iter().zip(results)) {
                    let &Output { rows, width } = output;
                    // Where the site does not see one vector for each row of the batch, the first window takes all.
                    let per_row = if rows == batch as usize { width } else { rows * width };
                    for (row, part) in values.chunks_exact(per_row).enumerate().take(group.len()) {
                        if position < group[row].len() {
                            site[first + row].extend_from_slice(part);
                        }
                    }
                }
                progress.advance();
            }
        }
        Ok(vectors)
    }

    /// Feeds named inputs.
    fn tensors(&mut self, sequences: &[Vec<Inputs>], progress: &Progress) -> Outcome<Vectors> {
        progress.count(sequences.iter().map(Vec::len).sum::<usize>() as u64);
        let mut vectors = self.empty();
        for sequence in sequences {
            self.session.reset().map_err(Failure::new)?;
            vectors.iter_mut().for_each(|site| site.push(Vec::new()));
            for inputs in sequence {
                let given: Vec<(&str, &HostTensor)> = inputs.iter().map(|(name, t)| (name.as_str(), t)).collect();
                let results = self.step(&given)?;
                for (site, values) in vectors.iter_mut().zip(results) {
                    site.last_mut().expect("a window was just begun").extend(values);
                }
                progress.advance();
            }
        }
        Ok(vectors)
    }

    fn empty(&self) -> Vectors {
        vec![Vec::new(); self.outputs.len()]
    }

    /// One step: the hidden vectors of each site.
    fn step(&mut self, given: &[(&str, &HostTensor)]) -> Outcome<Vec<Vec<f32>>> {
        let results = self.session.step(given).map_err(Failure::new)?;
        debug_assert!(results.iter().all(|r| r.dtype() == ElementType::F32));
        results.iter().map(|r| r.to_vec::<f32>().map_err(Failure::new)).collect()
    }
}

fn longest(group: &[Vec<u32>]) -> usize {
    group.iter().map(Vec::len).max().unwrap_or(0)
}

/// Joins the windows of a site.
fn join(probe: &Probe, windows: Vec<Vec<f32>>) -> Outcome<Recording> {
    let d = probe.d as usize;
    let mut recording = Recording { hidden: Vec::new(), activations: Vec::new(), starts: Vec::new() };
    for window in windows.into_iter().filter(|w| !w.is_empty()) {
        recording.starts.push(recording.hidden.len() / d);
        recording.hidden.extend(window);
    }
    check_finite(probe, d, &recording.hidden)?;
    Ok(recording)
}

fn check_finite(probe: &Probe, width: usize, values: &[f32]) -> Outcome {
    match values.iter().position(|x| !x.is_finite()) {
        Some(at) => Err(Failure::with_remedy(
            format!("at position {} of the samples, site `{}` gets values that are not finite", at / width, probe.site),
            "check the weights and the samples by `hire run` on the dense artifact",
        )),
        None => Ok(()),
    }
}
