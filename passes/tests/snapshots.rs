//! Every input of `testdata/passes` through the passes that it names, compared as a whole.
//!
//! An input begins with a header of comments:
//!
//! ```text
//! // What the example shows, in any number of lines without a colon key.
//! // passes: fold, cse      which passes run, or `all`
//! // unchanged              the passes must leave it as it is; without this line they must not
//! // fails                  the passes must refuse it
//! // stop-after: 3          only so many changes
//! // locations              the snapshot shows locations
//! ```
//!
//! A snapshot holds what each rule did, the remarks, and the whole module; for one that fails, the
//! error. Unknown keys, snapshots without an input, inputs without a snapshot and inputs that the
//! passes leave unchanged without saying so are failures.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use hire_compiler::diag::{Diagnostics, Source};
use hire_compiler::ir::Module;
use hire_compiler::{front, print, valid};
use hire_passes::pipeline::{self, PassError, PipelineError};
use hire_passes::{PassContext, Target};

/// The header of an input.
#[derive(Debug, Default, PartialEq)]
struct Header {
    passes: Vec<String>,
    unchanged: bool,
    fails: bool,
    locations: bool,
    stop_after: Option<usize>,
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
        names => pipeline::by_name(names.iter().map(String::as_str)).unwrap_or_else(|e| panic!("{name}: {e}")),
    };
    let mut context = PassContext::new();
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
    snapshot + &after
}

fn render(source: &Source<'_>, error: &PipelineError) -> String {
    let all = |errors: &Diagnostics| source.render_all(errors);
    match error {
        PipelineError::Pass { error: inner, .. } => match &**inner {
            PassError::Refused(errors) => all(errors),
            _ => error.to_string(),
        },
        PipelineError::Boundary { error: errors, .. } | PipelineError::Invalid { error: errors, .. } => format!("{error}\n{}", all(errors)),
        _ => error.to_string(),
    }
}

#[test]
fn every_input_gives_its_snapshot() {
    let inputs = directory("../testdata/passes");
    let names = stems(&inputs, "mlir");
    assert!(names.len() > 10, "the inputs are in {}", inputs.display());
    let snapshots = stems(&directory("tests/snapshots"), "snap");
    let snapshots: BTreeSet<String> = snapshots.into_iter().map(|s| s.replace("snapshots__", "")).collect();
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
