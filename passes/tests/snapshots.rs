//! Every input of `testdata/passes` through the passes that it names, compared as a whole.
//!
//! An input begins with a header of comments:
//!
//! ```text
//! // What the example shows, in any number of lines without a colon key.
//! // passes: fold, cse      which passes run, or `all`, or `all-kernels` for those up to a dispatch program
//! // unchanged              the passes must leave it as it is; without this line they must not
//! // fails                  the passes must refuse it
//! // stop-after: 3          only so many changes
//! // locations              the snapshot shows locations
//! // predictor: q4           of the HiRE rewrites; without this line q8
//! // k-prime: 64             the entries that the predictor selects
//! // guarantee: exact        of the HiRE rewrites; without this line recall
//! // group: 8                consecutive entries that are selected together
//! // select-recall: 0.95      select in two stages that are expected to find this share
//! // selection: shared        how the rows of a batch select neurons: per_row, shared or union
//! // sparsify-gates           feed-forward layers with smooth gates are rewritten too
//! // da-recall: 0.99         the expected recall of distributed selections; without this line exact
//! // per-shard: 4            entries that each shard sends
//! // localize                the entry becomes the program of one device
//! // arguments: tensor<4xf32>   the types that `refine-shapes` gives the entry's arguments
//! // weights-as: q4          what `compress-weights` stores weights as: q8 or q4
//! // weights: ones           every argument with a name like `params['w']` has a tensor of ones
//! ```
//!
//! A snapshot holds what each rule did, the remarks, why candidates of a rewrite were refused, and the
//! whole module; for one that fails, the error. Unknown keys, snapshots without an input, inputs without
//! a snapshot and inputs that the passes leave unchanged without saying so are failures.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use hire_compiler::diag::{Diagnostic, Diagnostics, Source};
use hire_compiler::ir::{ElementType, Module, TensorType, Type};
use hire_compiler::{front, print, valid};
use hire_passes::compress::{Compression, DEFAULT_BOUND};
use hire_passes::distribute::DistributeOptions;
use hire_passes::hire::FfnDefault;
use hire_passes::hire::plan::{Guarantee, Selection};
use hire_passes::hire::predictor::Predictor;
use hire_passes::pipeline::{self, PassError, PipelineError};
use hire_passes::signature::argument_name;
use hire_passes::{PassContext, Target, Weight, Weights};

/// The header of an input.
#[derive(Debug, Default, PartialEq)]
struct Header {
    passes: Vec<String>,
    unchanged: bool,
    fails: bool,
    locations: bool,
    stop_after: Option<usize>,
    predictor: Option<Predictor>,
    k_prime: Option<u64>,
    group: Option<u64>,
    guarantee: Guarantee,
    ones: bool,
    selection: Selection,
    select_recall: Option<f64>,
    sparsify_gates: bool,
    distribute: DistributeOptions,
    arguments: Option<Vec<Type>>,
    compression: Option<Compression>,
}

impl Header {
    fn parse(text: &str) -> Result<Self, String> {
        let mut header = Header::default();
        for line in text.lines().map_while(|line| line.strip_prefix("//")).map(str::trim) {
            match line.split_once(':').map(|(key, value)| (key.trim(), value.trim())) {
                Some(("passes", value)) => {
                    header.passes = value.split(',').map(|name| name.trim().to_owned()).collect()
                }
                Some(("stop-after", value)) => {
                    header.stop_after = Some(value.parse().map_err(|_| format!("stop-after: {value} is no number"))?);
                }
                Some(("predictor", value)) => header.predictor = Some(value.parse().map_err(|e| format!("{e}"))?),
                Some(("k-prime", value)) => {
                    header.k_prime = Some(value.parse().map_err(|_| format!("k-prime: {value} is no number"))?);
                }
                Some(("guarantee", value)) => header.guarantee = value.parse()?,
                Some(("group", value)) => {
                    header.group = Some(value.parse().map_err(|_| format!("group: {value} is no number"))?);
                }
                Some(("select-recall", value)) => {
                    let recall = value.parse().map_err(|_| format!("select-recall: {value} is no number"))?;
                    header.select_recall = Some(recall);
                }
                Some(("weights", "ones")) => header.ones = true,
                Some(("selection", value)) => {
                    let quoted = serde_json::to_string(value).expect("a string can be written");
                    header.selection = serde_json::from_str(&quoted).map_err(|e| format!("selection: {e}"))?;
                }
                Some(("da-recall", value)) => {
                    let recall = value.parse().map_err(|_| format!("da-recall: {value} is no number"))?;
                    header.distribute.recall = Some(recall);
                }
                Some(("per-shard", value)) => {
                    let kept = value.parse().map_err(|_| format!("per-shard: {value} is no number"))?;
                    header.distribute.per_shard = Some(kept);
                }
                _ if line == "localize" => header.distribute.localize = true,
                Some(("weights-as", "q8")) => header.compression = Some(Compression::Q8),
                Some(("weights-as", "q4")) => header.compression = Some(Compression::Q4 { bound: DEFAULT_BOUND }),
                _ if line == "sparsify-gates" => header.sparsify_gates = true,
                Some(("arguments", value)) => {
                    header.arguments = Some(front::text::parse_types(value).map_err(|e| format!("arguments: {e}"))?);
                }
                Some((key, _)) if !key.contains(' ') => return Err(format!("unknown key `{key}`")),
                _ if line == "unchanged" => header.unchanged = true,
                _ if line == "fails" => header.fails = true,
                _ if line == "locations" => header.locations = true,
                _ => {}
            }
        }
        if header.passes.is_empty() { Err("no `passes` key".to_owned()) } else { Ok(header) }
    }
}

fn directory(below: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(below)
}

/// The stems of the files of a directory that have this extension.
fn stems(directory: &Path, extension: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(directory).unwrap_or_else(|e| panic!("{}: {e}", directory.display()));
    entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == extension))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect()
}

fn text_of(module: &Module, locations: bool) -> String {
    print::print_module(module, &print::Options { locations, ..print::Options::default() })
}

fn parse(name: &str, text: &str) -> Module {
    let read = front::text::parse(text).and_then(|module| valid::verify(&module).map(drop).map(|()| module));
    read.unwrap_or_else(|errors| panic!("{}", Source { name, text }.render_all(&errors)))
}

/// Runs an input and gives what its snapshot should be.
fn run(name: &str, text: &str) -> String {
    let header = Header::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let source = Source { name, text };
    let mut module = parse(name, text);
    let before = text_of(&module, header.locations);
    let passes = match header.passes.as_slice() {
        [all] if all == "all" => pipeline::for_target(Some(Target::StableHlo)),
        [all] if all == "all-kernels" => pipeline::for_target(Some(Target::Kernels)),
        names => pipeline::by_name(names.iter().map(String::as_str)).unwrap_or_else(|e| panic!("{name}: {e}")),
    };
    let ones = Ones::of(&module);
    let mut context = PassContext::new();
    context.weights = header.ones.then_some(&ones as &dyn Weights);
    if let Some(predictor) = header.predictor {
        context.hire.default.predictor = predictor;
    }
    context.hire.default.k_prime = header.k_prime;
    context.argument_types = header.arguments;
    context.compression = header.compression;
    context.hire.default.group = header.group.unwrap_or(1);
    context.hire.default.select_recall = header.select_recall;
    context.hire.ffn = FfnDefault {
        predictor: context.hire.default.predictor.clone(),
        k_prime: header.k_prime,
        group: header.group,
        selection: header.selection,
        select_recall: header.select_recall,
    };
    context.hire.sparsify_gates = header.sparsify_gates;
    context.distribute = header.distribute;
    context.hire.default.guarantee = header.guarantee;
    if let Some(limit) = header.stop_after {
        context = context.stop_after(limit);
    }
    let report = match pipeline::run(&mut module, &passes, &mut context, |_, _| {}) {
        Ok(report) => report,
        Err(error) if header.fails => return render(&source, &error),
        Err(error) => panic!("{name}: {}", render(&source, &error)),
    };
    assert!(!header.fails, "{name}: the passes were to refuse it, and did not");
    let after = text_of(&module, header.locations);
    match header.unchanged {
        true => assert_eq!(before, after, "{name} changed, though it says it does not"),
        false => assert_ne!(before, after, "{name} is unchanged, but does not say `// unchanged`"),
    }
    let reread = parse(name, &after);
    assert_eq!(text_of(&reread, header.locations), after, "{name}: what is printed reads back as something else");
    let mut snapshot = String::new();
    for pass in &report.passes {
        for (rule, count) in &pass.changes {
            snapshot += &format!("// {}: {rule} {count}\n", pass.pass);
        }
    }
    for remark in &context.remarks {
        snapshot += &format!("// {}:\n{}", remark.pass, source.render(&remark.diagnostic));
    }
    let told = |d: &Diagnostic| context.remarks.iter().any(|remark| remark.diagnostic == *d);
    for rejected in context.rejected.iter().filter(|d| !told(d)) {
        snapshot += &format!("// rejected:\n{}", source.render(rejected));
    }
    snapshot + &after
}

/// Tensors of ones for the arguments that are named as weights are.
struct Ones(BTreeMap<String, (TensorType, Vec<u8>)>);

impl Ones {
    fn of(module: &Module) -> Ones {
        let Some(entry) = module.entry() else { return Ones(BTreeMap::new()) };
        let func = &module.funcs[entry];
        let named = func.args().iter().filter_map(|&arg| {
            let name = argument_name(&module.locs, func, arg).filter(|name| name.contains('['))?;
            let ty = func.value_type(arg).as_tensor().filter(|ty| ty.element == ElementType::F32)?.clone();
            let count: u64 = ty.sizes()?.iter().product();
            Some((name.to_string(), (ty, 1f32.to_le_bytes().repeat(count as usize))))
        });
        Ones(named.collect())
    }
}

impl Weights for Ones {
    fn weight(&self, name: &str) -> Option<Weight<'_>> {
        self.0.get(name).map(|(ty, data)| Weight { ty: ty.clone(), data })
    }
}

fn render(source: &Source<'_>, error: &PipelineError) -> String {
    let all = |errors: &Diagnostics| source.render_all(errors);
    match error {
        PipelineError::Pass { error: inner, .. } => match &**inner {
            PassError::Refused(errors) => all(errors),
            _ => error.to_string(),
        },
        PipelineError::Boundary { error: errors, .. } | PipelineError::Invalid { error: errors, .. } => {
            format!("{error}\n{}", all(errors))
        }
        _ => error.to_string(),
    }
}

#[test]
fn every_input_gives_its_snapshot() {
    let inputs = directory("../testdata/passes");
    let names = stems(&inputs, "mlir");
    assert!(names.len() > 10, "the inputs are in {}", inputs.display());
    let snapshots = stems(&directory("tests/snapshots"), "snap");
    let snapshots: BTreeSet<String> =
        snapshots.iter().filter_map(|s| s.strip_prefix("snapshots__")).map(str::to_owned).collect();
    let orphans: Vec<&String> = snapshots.difference(&names).collect();
    assert!(orphans.is_empty(), "snapshots without an input: {orphans:?}");
    let mut failed = Vec::new();
    for name in &names {
        let text = fs::read_to_string(inputs.join(format!("{name}.mlir"))).unwrap();
        let compare = || {
            insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => true }, {
                insta::assert_snapshot!(name.as_str(), run(&format!("{name}.mlir"), &text));
            })
        };
        if std::panic::catch_unwind(compare).is_err() {
            failed.push(name);
        }
    }
    assert!(failed.is_empty(), "failed: {failed:?}");
}

#[test]
fn unknown_header_keys_are_refused() {
    assert_eq!(Header::parse("// pases: cse\n"), Err("unknown key `pases`".to_owned()));
    assert_eq!(Header::parse("// Shows something.\n"), Err("no `passes` key".to_owned()));
    let header = Header::parse("// Shows: this and that.\n// passes: cse, dce\n// unchanged\nmodule {}").unwrap_err();
    assert_eq!(header, "unknown key `Shows`");
    let header = Header::parse("// passes: cse, dce\n// stop-after: 2\n").unwrap();
    assert_eq!(header.passes, ["cse", "dce"]);
    assert_eq!(header.stop_after, Some(2));
}
