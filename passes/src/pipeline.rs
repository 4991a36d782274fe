//! The pipeline: the one ordered table of passes, and what runs it.
//!
//! [`PASSES`] is the whole story of what happens to a program, in order. A run takes some of its
//! rows (all those of a target, or those that the user names), in the table's order. After each row
//! the verifier runs, and where the row promises a new stage, that stage's [boundary
//! check](Stage::check). So the first pass that breaks something is the one that is named.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use hire_compiler::diag::{Diagnostic, Diagnostics};
use hire_compiler::ir::Module;
use hire_compiler::rewrite::{DriveError, PatchError};
use hire_compiler::valid;

use crate::context::PassContext;
use crate::stage::{Stage, Target};
use crate::{cleanup, compress, legalize};

/// A row of the table.
#[derive(Debug)]
pub struct Pass {
    /// The name on the command line.
    pub name: &'static str,
    /// What it does, in a line.
    pub description: &'static str,
    /// The stage that it needs.
    pub stage_in: Stage,
    /// The stage after it.
    pub stage_out: Stage,
    /// Why it stands where it stands.
    pub reason: &'static str,
    /// Does it.
    pub run: fn(&mut Module, &mut PassContext<'_>) -> Result<(), PassError>,
}

/// Every pass, in the order in which they run.
pub const PASSES: &[Pass] = &[
    Pass {
        name: "inline",
        description: "put the bodies of private functions in the place of their calls",
        stage_in: Stage::Imported,
        stage_out: Stage::Imported,
        reason: "first: every later pass looks at one function, and calls hide what it looks for",
        run: cleanup::inline,
    },
    Pass {
        name: "refine-shapes",
        description: "make shapes static that follow from constants and from the entry's argument types",
        stage_in: Stage::Imported,
        stage_out: Stage::Imported,
        reason: "after inlining: functions that are called keep their types; before everything that needs static shapes",
        run: cleanup::refine_shapes,
    },
    Pass {
        name: "fold",
        description: "compute what depends on small constants only, where every implementation agrees on the bits",
        stage_in: Stage::Imported,
        stage_out: Stage::Imported,
        reason: "after inlining, which brings the constants of callers to the operations of callees",
        run: cleanup::fold,
    },
    Pass {
        name: "simplify",
        description: "apply identities that hold bit for bit, such as x * 1 = x and reshape of reshape",
        stage_in: Stage::Imported,
        stage_out: Stage::Imported,
        reason: "after folding, which makes the constants that identities look for; before cse, which then \
                 sees one form of what was written in several",
        run: cleanup::simplify,
    },
    Pass {
        name: "cse",
        description: "compute what is computed twice only once",
        stage_in: Stage::Imported,
        stage_out: Stage::Imported,
        reason: "after everything that makes equal things look equal",
        run: cleanup::cse,
    },
    Pass {
        name: "dce",
        description: "drop operations that nothing needs and private functions that nothing reaches",
        stage_in: Stage::Imported,
        stage_out: Stage::Clean,
        reason: "the last change of the cleanup: the passes before it leave unused operations and functions behind",
        run: cleanup::dce,
    },
    Pass {
        name: "dead-arguments",
        description: "report the parameters of public functions that nothing reads; changes nothing",
        stage_in: Stage::Clean,
        stage_out: Stage::Clean,
        reason: "after dce, which removes the last readers; before the rewrites, which add parameters",
        run: cleanup::dead_arguments,
    },
    Pass {
        name: "localize",
        description: "make a program that is one manual computation over a mesh the program of one device, where asked to",
        stage_in: Stage::Clean,
        stage_out: Stage::Clean,
        reason: "after inlining, which leaves the computation alone in its function; before the rewrites, which look at \
                 the entry's own operations and parameters",
        run: crate::distribute::localize,
    },
    Pass {
        name: "da-topk",
        description: "select from shards and exchange what was selected, instead of gathering a sharded dimension",
        stage_in: Stage::Clean,
        stage_out: Stage::Clean,
        reason: "before the HiRE rewrites: what is selected on a device is then a selection like any other",
        run: crate::distribute::da_topk,
    },
    Pass {
        name: "hire-ffn",
        description: "rewrite feed-forward layers: predict which neurons are active, compute only those exactly",
        stage_in: Stage::Clean,
        stage_out: Stage::Clean,
        reason: "after the cleanup, which inlines activations; before the softmax layers, whose pass checks that a \
                 plan names no site that neither has",
        run: crate::hire::hire_ffn,
    },
    Pass {
        name: "hire-logits",
        description: "rewrite softmax layers: predict the largest logits, compute only those exactly",
        stage_in: Stage::Clean,
        stage_out: Stage::Rewritten,
        reason: "after the cleanup: an argmax is recognised only once its call is inlined",
        run: crate::hire::hire_logits,
    },
    Pass {
        name: "legalize-stablehlo",
        description: "expand the composites `hire.*` into plain StableHLO",
        stage_in: Stage::Rewritten,
        stage_out: Stage::Legalized(Target::StableHlo),
        reason: "after the rewrites, which make the composites",
        run: legalize::stablehlo,
    },
    Pass {
        name: "tidy",
        description: "cleanup once more, on what legalization expanded",
        stage_in: Stage::Legalized(Target::StableHlo),
        stage_out: Stage::Legalized(Target::StableHlo),
        reason: "after legalization: decompositions repeat constants and shapes that the program has already",
        run: cleanup::tidy,
    },
    Pass {
        name: "compress-weights",
        description: "store the matrices among the weights as int8 or int4, where that is asked for",
        stage_in: Stage::Legalized(Target::StableHlo),
        stage_out: Stage::Legalized(Target::StableHlo),
        reason: "after legalization, which shows every reader of a weight as a plain operation; before the forms of \
                 targets, which hide them again",
        run: compress::compress_weights,
    },
    Pass {
        name: "tpu-forms",
        description: "pad products for the matrix unit, pack small weights, take groups by their numbers",
        stage_in: Stage::Legalized(Target::StableHlo),
        stage_out: Stage::Legalized(Target::Tpu),
        reason: "after tidying, which has brought what groups and their members are made of into one form",
        run: legalize::tpu,
    },
    Pass {
        name: "expand-chlo",
        description: "write CHLO's operations out in plain StableHLO",
        stage_in: Stage::Legalized(Target::StableHlo),
        stage_out: Stage::Legalized(Target::Portable),
        reason: "last, and only for consumers without CHLO: PJRT plugins have kernels for it, `chlo.top_k` above all",
        run: legalize::expand_chlo,
    },
    Pass {
        name: "legalize-kernels",
        description: "write CHLO (but for `chlo.top_k`) and composites out, drop what only several devices need",
        stage_in: Stage::Legalized(Target::StableHlo),
        stage_out: Stage::Legalized(Target::Kernels),
        reason: "before the cut, which knows StableHLO on tensors and the runtime's own top-k",
        run: legalize::kernels,
    },
    Pass {
        name: "dispatch",
        description: "cut the program into kernels, and plan the memory they work in",
        stage_in: Stage::Legalized(Target::Kernels),
        stage_out: Stage::Dispatched,
        reason: "last: everything before it works on whole functions",
        run: legalize::dispatch,
    },
];

/// Why a pass gave up.
#[derive(Debug, thiserror::Error)]
pub enum PassError {
    /// The program, the weights or the options are not what the pass can work with.
    #[error("{0}")]
    Refused(#[from] Diagnostics),
    /// A rule made a bad patch, or rules chase each other: a mistake in the pass.
    #[error("internal error: {0}")]
    Drive(DriveError),
    /// A patch did not apply: a mistake in the pass.
    #[error("internal error: {0}")]
    Patch(#[from] PatchError),
}

impl From<Diagnostic> for PassError {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Refused(diagnostic.into())
    }
}

impl From<DriveError> for PassError {
    fn from(error: DriveError) -> Self {
        match error {
            DriveError::Refused(diagnostic) => Self::Refused(diagnostic.into()),
            other => Self::Drive(other),
        }
    }
}

/// Why a run of the pipeline ended early.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// No such pass.
    #[error("there is no pass `{name}`; there are {}", names(", "))]
    UnknownPass {
        /// As asked for.
        name: String,
    },
    /// A pass gave up.
    #[error("pass `{pass}`: {error}")]
    Pass {
        /// The pass.
        pass: &'static str,
        /// Why.
        error: Box<PassError>,
    },
    /// A pass left what is no program: a mistake in the pass.
    #[error("internal error: pass `{pass}` broke the program: {error}")]
    Invalid {
        /// The pass.
        pass: &'static str,
        /// What the verifier says.
        error: Diagnostics,
    },
    /// A pass left a program that is not of the stage it promises.
    #[error("after pass `{pass}` the program is not {stage}: {error}")]
    Boundary {
        /// The pass.
        pass: &'static str,
        /// The stage it promises.
        stage: Stage,
        /// The offences.
        error: Diagnostics,
    },
}

fn names(separator: &str) -> String {
    PASSES.iter().map(|pass| pass.name).collect::<Vec<_>>().join(separator)
}

/// The rows for a target: everything but the legalization of other targets. Without a target,
/// everything before legalization.
pub fn for_target(target: Option<Target>) -> Vec<&'static Pass> {
    let wanted = |stage: Stage| match stage {
        Stage::Legalized(of) => target.is_some_and(|target| target == of || target.starts_as() == Some(of)),
        Stage::Dispatched => target == Some(Target::Kernels),
        _ => true,
    };
    PASSES.iter().filter(|pass| wanted(pass.stage_out)).collect()
}

/// The rows of these names, in the table's order whatever the order of the names.
pub fn by_name<'n>(names: impl IntoIterator<Item = &'n str>) -> Result<Vec<&'static Pass>, PipelineError> {
    let mut rows = Vec::new();
    for name in names {
        let row = PASSES.iter().position(|pass| pass.name == name);
        rows.push(row.ok_or_else(|| PipelineError::UnknownPass { name: name.to_owned() })?);
    }
    rows.sort_unstable();
    rows.dedup();
    Ok(rows.into_iter().map(|row| &PASSES[row]).collect())
}

/// What one pass did.
#[derive(Clone, Debug)]
pub struct PassReport {
    /// The pass.
    pub pass: &'static str,
    /// How long it took, the checks after it not counted.
    pub time: Duration,
    /// How long the checks took.
    pub check_time: Duration,
    /// Changes, by rule.
    pub changes: BTreeMap<&'static str, usize>,
}

/// What a run did, pass by pass.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// In the order in which they ran.
    pub passes: Vec<PassReport>,
}

/// Runs `passes` on `module`, which must be one that the verifier accepts. `after_each` sees the
/// module after each pass that ran and was checked.
///
/// When the context's ledger reaches its limit the passes that follow are not run, and no stage is
/// checked from there on: a pass that was stopped has not kept its promise.
pub fn run(
    module: &mut Module,
    passes: &[&'static Pass],
    context: &mut PassContext<'_>,
    mut after_each: impl FnMut(&Pass, &Module),
) -> Result<Report, PipelineError> {
    let mut report = Report::default();
    for (at, pass) in passes.iter().enumerate() {
        if context.ledger.is_exhausted() {
            break;
        }
        context.pass = pass.name;
        let start = Instant::now();
        (pass.run)(module, context).map_err(|error| PipelineError::Pass { pass: pass.name, error: Box::new(error) })?;
        let time = start.elapsed();
        let start = Instant::now();
        valid::verify(module).map_err(|error| PipelineError::Invalid { pass: pass.name, error })?;
        if pass.stage_out != pass.stage_in && is_bound(pass, &passes[..at]) && !context.ledger.is_exhausted() {
            pass.stage_out.check(module).map_err(|error| PipelineError::Boundary {
                pass: pass.name,
                stage: pass.stage_out,
                error,
            })?;
        }
        let changes = context.ledger.take_counts();
        report.passes.push(PassReport { pass: pass.name, time, check_time: start.elapsed(), changes });
        after_each(pass, module);
    }
    Ok(report)
}

/// Whether `pass` must keep its promise of a stage: the rows before it that the promise rests on
/// ran.
///
/// Those are the rows of the cleanup and of the pass's own target. The ones between add what is
/// legal at later stages but nothing needs; a program that none of them has touched is legal there
/// too.
fn is_bound(pass: &Pass, ran: &[&'static Pass]) -> bool {
    let target = match pass.stage_out {
        Stage::Legalized(target) => Some(target),
        Stage::Dispatched => Some(Target::Kernels),
        _ => None,
    };
    let needed = |row: &&&Pass| row.stage_in == Stage::Imported || matches!(row.stage_out, Stage::Legalized(_));
    let before = for_target(target).into_iter().take_while(|row| row.name != pass.name);
    before.collect::<Vec<_>>().iter().filter(needed).all(|row| ran.iter().any(|pass| pass.name == row.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_stages_never_go_back() {
        for (i, pass) in PASSES.iter().enumerate() {
            assert!(PASSES[..i].iter().all(|other| other.name != pass.name), "{} twice", pass.name);
            assert!(pass.stage_in.rank() <= pass.stage_out.rank(), "{}", pass.name);
            assert!(!pass.description.is_empty() && !pass.reason.is_empty());
        }
        for pair in PASSES.windows(2) {
            assert!(pair[0].stage_out.rank() <= pair[1].stage_in.rank(), "{} before {}", pair[0].name, pair[1].name);
        }
    }

    #[test]
    fn only_passes_that_the_needed_ones_went_before_are_bound_by_their_promise() {
        let all = for_target(Some(Target::StableHlo));
        let bound = |name: &str, ran: &[&'static Pass]| is_bound(by_name([name]).unwrap()[0], ran);
        assert!(bound("legalize-stablehlo", &all));
        let dense: Vec<_> = all.iter().copied().filter(|pass| !pass.name.starts_with("hire-")).collect();
        assert!(bound("legalize-stablehlo", &dense), "a dense program is legalized all the same");
        assert!(!bound("dce", &[]) && !bound("legalize-stablehlo", &by_name(["inline"]).unwrap()));
    }

    #[test]
    fn an_unknown_name_is_refused_with_the_known_ones() {
        let error = by_name(["dce", "nonsense"]).unwrap_err();
        assert!(error.to_string().starts_with("there is no pass `nonsense`; there are "), "{error}");
    }
}
