//! The command line.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};
use hire_artifact::Target;
use hire_compiler::write::bytecode::TargetVersion;
use hire_passes::compress::{Compression, DEFAULT_BOUND};
use hire_passes::hire::plan::Guarantee;
use hire_passes::hire::predictor::Predictor;
use hire_passes::pipeline;

use crate::mesh::MeshArgs;

/// Makes decoding with large language models cheaper: finds the matrix products of a StableHLO
/// model whose result is mostly thrown away, and computes only the part that matters.
#[derive(Debug, Parser)]
#[command(name = "hire", version, max_term_width = 100)]
pub(crate) struct Cli {
    /// No progress and no remarks on standard error.
    #[arg(long, global = true)]
    pub quiet: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run passes on a module and print it.
    Opt(OptArgs),
    /// List the sites of a module that can be rewritten, and why others cannot.
    Sites(SitesArgs),
    /// Compile a module and its weights into an artifact directory.
    Compile(CompileArgs),
    /// Choose predictors from data: run the dense model on samples, measure, write a plan.
    Plan(PlanArgs),
    /// Measure what a rewrite costs in quality: a compiled model against its dense form, on a text.
    Eval(EvalArgs),
    /// Run one step of an artifact, or a module, on given inputs.
    Run(RunArgs),
    /// Continue a text with a compiled model.
    Generate(GenerateArgs),
    /// Say what a step of an artifact for TPUs costs: from the program as libtpu scheduled it, without a TPU.
    Inspect(InspectArgs),
    /// Measure a compiled model's steps, alone or against another's.
    Bench(BenchArgs),
}

/// How sites are rewritten.
#[derive(Debug, Clone, Args)]
pub(crate) struct RewriteArgs {
    /// The plan: JSON that says for each site how to rewrite it. Sites that it does not name stay dense.
    #[arg(long, value_name = "PLAN", conflicts_with_all = REWRITE_ARGS)]
    pub plan: Option<PathBuf>,
    /// The predictor of every softmax layer, when there is no plan: lr:RANK, lr:RANK:q8, q8, q4, prefix:DIMS, or a cascade of them from
    /// coarse to fine, such as lr:128:q8>q8.
    #[arg(long, value_name = "PREDICTOR", default_value = "q8")]
    pub predictor: Predictor,
    /// How many entries the predictor selects [default: 512, or 8 times what the model takes].
    #[arg(long, value_name = "N")]
    pub k_prime: Option<u64>,
    /// Select groups of so many consecutive entries, by the best of each.
    #[arg(long, value_name = "G", default_value_t = 1)]
    pub group: u64,
    /// Second moments of hidden vectors, which `hire plan` wrote: low-rank predictors are made with them [default: those that
    /// the plan names].
    #[arg(long, value_name = "FILE")]
    pub calibration: Option<PathBuf>,
    /// How many entries each predictor of a cascade but the last leaves to the next [default: 16 k'].
    #[arg(long, value_name = "N", value_delimiter = ',')]
    pub survivors: Vec<u64>,
    /// Select in two stages, the cheapest that are expected to find this share of what an exact selection finds [default:
    /// select exactly].
    #[arg(long, value_name = "R", value_parser = share)]
    pub select_recall: Option<f64>,
    /// `recall`: an entry that the predictor ranks too low is missed. `exact`: each step proves that none was, or
    /// computes the dense product; of softmax layers, with predictor q8.
    #[arg(long, value_name = "GUARANTEE", default_value_t = Guarantee::Recall)]
    pub guarantee: Guarantee,
    /// Rewrite feed-forward layers with smooth gates (GELU, SiLU) too, at a loss of quality.
    #[arg(long)]
    pub sparsify_gates: bool,
    /// The predictor of every feed-forward layer, when there is no plan.
    #[arg(long, value_name = "PREDICTOR", default_value = "q8")]
    pub ffn_predictor: Predictor,
    /// How many neurons the predictor selects [default: 1.5 times what the model keeps; without a top-k a quarter of
    /// them, of smooth gates half].
    #[arg(long, value_name = "N")]
    pub ffn_k_prime: Option<u64>,
    /// Select groups of so many consecutive neurons [default: 8, or the largest divisor below].
    #[arg(long, value_name = "G")]
    pub ffn_group: Option<u64>,
    /// How the rows of a batch select neurons.
    #[arg(long, value_enum, value_name = "HOW", default_value_t = FfnSelection::PerRow)]
    pub ffn_selection: FfnSelection,
    /// The same as --select-recall, of neurons.
    #[arg(long, value_name = "R", value_parser = share)]
    pub ffn_select_recall: Option<f64>,
}

/// What a plan says in place of.
const REWRITE_ARGS: [&str; 11] = [
    "predictor",
    "k_prime",
    "group",
    "survivors",
    "select_recall",
    "guarantee",
    "ffn_predictor",
    "ffn_k_prime",
    "ffn_group",
    "ffn_selection",
    "ffn_select_recall",
];

/// How the rows of a batch select neurons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FfnSelection {
    /// Each its own.
    PerRow,
    /// Together, by the sums of their scores.
    Shared,
    /// Together, the largest of each.
    Union,
}

/// The forms of a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Emit {
    /// StableHLO's pretty form.
    Pretty,
    /// MLIR's generic form.
    Generic,
    /// The dispatch program: cut into kernels, its memory planned.
    Dispatch,
    /// A portable artifact: bytecode that StableHLO's tools of the target version and later read.
    Bytecode,
}

/// A name of the pass table.
fn pass_name(text: &str) -> Result<String, String> {
    pipeline::by_name([text.trim()]).map_err(|e| e.to_string())?;
    Ok(text.trim().to_owned())
}

/// Arguments of `hire opt`.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("input").required(true).args(["file", "list_passes"]))]
pub(crate) struct OptArgs {
    /// The module: StableHLO text, MLIR bytecode or a portable artifact; - for standard input.
    pub file: Option<PathBuf>,
    /// List the passes, in the order in which they run.
    #[arg(long)]
    pub list_passes: bool,
    /// The passes to run, separated by commas [default: all up to the HiRE rewrites, and for bytecode
    /// expand-chlo].
    #[arg(long, value_delimiter = ',', value_name = "PASSES", value_parser = pass_name)]
    pub passes: Option<Vec<String>>,
    /// The expected recall of selections over sharded dimensions, for da-topk [default: exact].
    #[arg(long, value_name = "R", value_parser = share)]
    pub da_recall: Option<f64>,
    /// How many entries each shard sends, for da-topk, whatever the recall.
    #[arg(long, value_name = "N", conflicts_with = "da_recall")]
    pub da_per_shard: Option<u64>,
    /// Make the entry the program of one device, by the pass localize.
    #[arg(long)]
    pub localize: bool,
    /// Print the module after each pass, to standard error.
    #[arg(long)]
    pub print_after_all: bool,
    /// The types of the entry's arguments, such as 'tensor<4x8xf32>, tensor<i32>', where the module leaves
    /// sizes open: the pass refine-shapes makes all static that follows from them.
    #[arg(long, value_name = "TYPES")]
    pub refine_arguments: Option<String>,
    /// Stop after N changes over all passes, to find a wrong one by bisection.
    #[arg(long, value_name = "N")]
    pub stop_after: Option<usize>,
    /// The form of the output.
    #[arg(long, value_enum, default_value_t = Emit::Pretty)]
    pub emit: Emit,
    /// The version of StableHLO that must be able to read the bytecode, such as 1.10.0, or current
    /// [default: the oldest from 1.10.0 on that has everything the module uses].
    #[arg(long, value_name = "VERSION")]
    pub target_version: Option<TargetVersion>,
    /// Print locations; bytecode always has them.
    #[arg(long)]
    pub locations: bool,
    /// The weights, a safetensors file; low-rank predictors need them.
    #[arg(long, short, value_name = "WEIGHTS")]
    pub weights: Option<PathBuf>,
    /// How sites are rewritten.
    #[command(flatten)]
    pub rewrite: RewriteArgs,
    /// Where to write the module [default: standard output].
    #[arg(short, long, value_name = "OUT")]
    pub output: Option<PathBuf>,
}

/// Arguments of `hire sites`.
#[derive(Debug, Args)]
pub(crate) struct SitesArgs {
    /// The module; - for standard input.
    pub file: PathBuf,
    /// The weights, a safetensors file: tells parameters from inputs.
    #[arg(long, short, value_name = "WEIGHTS")]
    pub weights: Option<PathBuf>,
    /// How sites would be rewritten.
    #[command(flatten)]
    pub rewrite: RewriteArgs,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `hire compile`.
#[derive(Debug, Args)]
pub(crate) struct CompileArgs {
    /// The module: StableHLO text, MLIR bytecode or a portable artifact.
    pub file: PathBuf,
    /// The weights, a safetensors file whose tensors are named as the module's arguments.
    #[arg(long, short, value_name = "WEIGHTS", required_unless_present = "shapes_only")]
    pub weights: Option<PathBuf>,
    /// Compile without weights, for what the shapes alone decide: the artifact can be inspected but not run. For tpu
    /// targets.
    #[arg(long, conflicts_with = "weights")]
    pub shapes_only: bool,
    /// Store the weights' matrices in fewer bits: q8 (int8, a scale a row), or q4 (int4 in groups of 32 where that is accurate
    /// enough, else int8).
    #[arg(long, value_enum, value_name = "FORM")]
    pub weights_as: Option<WeightsAs>,
    /// With q4: the relative error up to which a matrix is stored in four bits.
    #[arg(long, value_name = "E", default_value_t = DEFAULT_BOUND, value_parser = share)]
    pub weights_error: f64,
    /// How sites are rewritten.
    #[command(flatten)]
    pub rewrite: RewriteArgs,
    /// Rewrite nothing.
    #[arg(long, conflicts_with_all = REWRITE_ARGS, conflicts_with_all = ["plan", "sparsify_gates"])]
    pub dense: bool,
    /// Have exact sites count their candidates and fallbacks, for `hire bench` and `hire eval` to tell, and feed-forward
    /// layers how many of their active neurons they select, for `hire eval`. Exact sites then read the upper bounds of all
    /// entries once more a step, layers run their dense products beside.
    #[arg(long, conflicts_with = "dense")]
    pub statistics: bool,
    /// The expected recall of selections over sharded dimensions [default: exact].
    #[arg(long, value_name = "R", value_parser = share)]
    pub da_recall: Option<f64>,
    /// The devices that it must be written for.
    #[command(flatten)]
    pub mesh: MeshArgs,
    /// What to compile for: cpu (kernels made for this machine), nvptx:sm_90 (or sm_80, sm_100: NVIDIA GPUs), pjrt:cpu,
    /// pjrt:PATH of a plugin, tpu:TOPOLOGY such as tpu:v5e:1x1 (needs libtpu, no TPU), or stablehlo.
    #[arg(long, value_name = "TARGET", default_value = "pjrt:cpu")]
    pub target: Target,
    /// The path of libtpu.so [default: $HIRE_PJRT_PLUGIN_TPU, or where ./x puts it].
    #[arg(long, value_name = "FILE")]
    pub libtpu: Option<PathBuf>,
    /// The artifact directory to write.
    #[arg(short, long, value_name = "DIR")]
    pub output: PathBuf,
}

/// What weights are stored as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum WeightsAs {
    /// int8, a scale a row.
    Q8,
    /// int4 in groups of 32, or int8.
    Q4,
}

impl CompileArgs {
    /// What the pass `compress-weights` is to do.
    pub(crate) fn compression(&self) -> Option<Compression> {
        self.weights_as.map(|form| match form {
            WeightsAs::Q8 => Compression::Q8,
            WeightsAs::Q4 => Compression::Q4 { bound: self.weights_error },
        })
    }
}

/// A share, more than 0 and at most 1.
fn share(text: &str) -> Result<f64, String> {
    let share = text.parse().ok().filter(|&x: &f64| x > 0.0 && x <= 1.0);
    share.ok_or_else(|| "expected a share, more than 0 and at most 1".to_owned())
}

/// A number of nats, 0 or more.
fn nats(text: &str) -> Result<f64, String> {
    let nats = text.parse().ok().filter(|&x: &f64| x >= 0.0 && x.is_finite());
    nats.ok_or_else(|| "expected a number of nats, 0 or more".to_owned())
}

/// Arguments of `hire plan`.
#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    /// The module: StableHLO text, MLIR bytecode or a portable artifact.
    pub file: PathBuf,
    /// The weights, a safetensors file whose tensors are named as the module's arguments.
    #[arg(long, short, value_name = "WEIGHTS")]
    pub weights: PathBuf,
    /// What to run the dense program on: a text (with tokenizer.json beside the module), a .tokens file (token numbers, a
    /// text a line), or a .safetensors file with the step's inputs by name, samples first.
    #[arg(long, value_name = "FILE")]
    pub samples: PathBuf,
    /// Predictors to measure, separated by commas.
    #[arg(
        long,
        value_name = "PREDICTORS",
        value_delimiter = ',',
        default_value = "q8,q4,lr:64:q8,lr:128:q8,lr:256:q8,lr:64:q8>q8,lr:128:q8>q8,lr:256:q8>q8"
    )]
    pub candidates: Vec<Predictor>,
    /// The share of the entries a model takes that must be among the selected ones.
    #[arg(long, value_name = "R", default_value_t = 0.999, value_parser = share)]
    pub recall: f64,
    /// The share of the active neurons of a feed-forward layer that must be among the selected ones.
    #[arg(long, value_name = "R", default_value_t = 0.97, value_parser = share)]
    pub ffn_recall: f64,
    /// Take, instead of the cheapest plan of a recall, the cheapest whose loss on the samples exceeds the dense program's by
    /// at most so many nats a token: whole plans of rising recall are compiled and run. Needs a text, and a model that
    /// gives logits; writes artifacts to a temporary folder beside the plan.
    #[arg(long, value_name = "NATS", value_parser = nats, conflicts_with_all = ["recall", "ffn_recall"])]
    pub max_loss_increase: Option<f64>,
    /// Let softmax layers select in two stages that are expected to find this share of what an exact selection finds.
    #[arg(long, value_name = "R", value_parser = share)]
    pub select_recall: Option<f64>,
    /// The same of feed-forward layers.
    #[arg(long, value_name = "R", value_parser = share)]
    pub ffn_select_recall: Option<f64>,
    /// The most positions to run.
    #[arg(long, value_name = "N", default_value_t = 4096)]
    pub positions: usize,
    /// Cut texts into windows of so many tokens [default: as many as the model's cache holds].
    #[arg(long, value_name = "N", value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..))]
    pub window: Option<usize>,
    /// What to run on: pjrt:cpu or pjrt:PATH of a plugin.
    #[arg(long, value_name = "TARGET", default_value = "pjrt:cpu")]
    pub target: Target,
    /// The plan to write; the second moments go beside it, to a file of the same name that ends in .calibration.safetensors.
    #[arg(short, long, value_name = "PLAN")]
    pub output: PathBuf,
    /// Draw what was measured: an HTML page that needs nothing else.
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Print everything that was measured as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `hire eval`.
#[derive(Debug, Args)]
pub(crate) struct EvalArgs {
    /// The artifact directory.
    pub directory: PathBuf,
    /// The dense artifact of the same model.
    #[arg(long, value_name = "DENSE_DIR")]
    pub against: PathBuf,
    /// The text that both are fed: UTF-8, or a .tokens file (token numbers, a text a line).
    #[arg(long, value_name = "FILE")]
    pub text: PathBuf,
    /// The most tokens to feed.
    #[arg(long, value_name = "N", default_value_t = 4096)]
    pub positions: usize,
    /// Cut texts into windows of so many tokens [default: as many as the model's cache holds].
    #[arg(long, value_name = "N", value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..))]
    pub window: Option<usize>,
    /// Do not check the artifacts' files against their digests.
    #[arg(long)]
    pub no_verify: bool,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `hire run`.
#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// An artifact directory, or a module whose entry takes no weights.
    pub path: PathBuf,
    /// An input: NAME=FILE.npy; repeat for each.
    #[arg(long, value_name = "NAME=FILE", value_parser = named_file)]
    pub input: Vec<(String, PathBuf)>,
    /// Fill the inputs that are not given with random numbers from this seed.
    #[arg(long, value_name = "S")]
    pub seed: Option<u64>,
    /// Where to write the results, one .npy file each.
    #[arg(long, short, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// The devices that it must be written for.
    #[command(flatten)]
    pub mesh: MeshArgs,
    /// What to run a module on: cpu (kernels made for this machine), pjrt:cpu, pjrt:PATH of a plugin, or eval, the interpreter. An artifact runs on its own.
    #[arg(long, value_name = "TARGET")]
    pub target: Option<String>,
}

/// Splits NAME=FILE.
fn named_file(text: &str) -> Result<(String, PathBuf), String> {
    let (name, file) = text.rsplit_once('=').ok_or("expected NAME=FILE.npy")?;
    if name.is_empty() || file.is_empty() {
        Err("expected NAME=FILE.npy".to_owned())
    } else {
        Ok((name.to_owned(), file.into()))
    }
}

/// Arguments of `hire generate`.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("text").required(true).args(["prompt", "prompt_file"]))]
pub(crate) struct GenerateArgs {
    /// The artifact directory.
    pub directory: PathBuf,
    /// The text to continue.
    #[arg(long, value_name = "TEXT")]
    pub prompt: Option<String>,
    /// A file with the text to continue.
    #[arg(long, value_name = "FILE")]
    pub prompt_file: Option<PathBuf>,
    /// The devices that it must be written for.
    #[command(flatten)]
    pub mesh: MeshArgs,
    /// How many tokens to generate.
    #[arg(short = 'n', long, value_name = "N", default_value_t = 64)]
    pub tokens: usize,
    /// The dense artifact of the same model: both run on the tokens that the dense one chooses, and the
    /// tokens they choose and the time they take are compared at every step, the prompt's included.
    #[arg(long, value_name = "DENSE_DIR", conflicts_with_all = ["temperature", "top_k"])]
    pub against: Option<PathBuf>,
    /// Sample at this temperature; 0 takes the most likely token.
    #[arg(long, value_name = "T", default_value_t = 0.0)]
    pub temperature: f64,
    /// Sample among the K most likely tokens.
    #[arg(long, value_name = "K")]
    pub top_k: Option<usize>,
    /// The seed of sampling.
    #[arg(long, value_name = "S", default_value_t = 0)]
    pub seed: u64,
    /// Do not check the artifact's files against their digests.
    #[arg(long)]
    pub no_verify: bool,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `hire inspect`.
#[derive(Debug, Args)]
pub(crate) struct InspectArgs {
    /// The artifact directory, compiled for a tpu or nvptx target.
    pub directory: PathBuf,
    /// Another artifact, such as the dense one: how many times longer its step takes.
    #[arg(long, value_name = "DIR2")]
    pub vs: Option<PathBuf>,
    /// Fail when the scheduled program has a form that costs what a rewrite was to save.
    #[arg(long)]
    pub check: bool,
    /// Do not check the artifact's files against their digests.
    #[arg(long)]
    pub no_verify: bool,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `hire bench`.
#[derive(Debug, Args)]
pub(crate) struct BenchArgs {
    /// The artifact directory.
    pub directory: PathBuf,
    /// Another artifact, measured in turn with the first.
    #[arg(long, value_name = "DIR2")]
    pub vs: Option<PathBuf>,
    /// The devices that it must be written for.
    #[command(flatten)]
    pub mesh: MeshArgs,
    /// Measured steps of each.
    #[arg(long, value_name = "N", default_value_t = 60)]
    pub steps: usize,
    /// A text (or .tokens file) to feed: candidates and fallbacks of an artifact compiled with --statistics are those of its
    /// first N tokens [default: the first token, at every step].
    #[arg(long, value_name = "FILE")]
    pub text: Option<PathBuf>,
    /// Do not check the artifacts' files against their digests.
    #[arg(long)]
    pub no_verify: bool,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}
