//! StableHLO's own tests on the interpreter.
//!
//! The suite is the folder that `HIRE_CONFORMANCE` names, or `../shared/conformance` beside the
//! workspace; where it is absent the tests say so and pass. `HIRE_CONFORMANCE_ONLY` limits a run to
//! the files whose names contain it.

use std::fs;
use std::path::{Path, PathBuf};

use hire_compiler::eval::{self, Options, Report};
use hire_compiler::front::text;
use rayon::prelude::*;

/// Files of the `interpret` folder that need more than a run, and what they need.
const NOT_PLAIN: &[(&str, &str)] = &[("api_input_arguments.mlir", "arguments from outside")];

/// Files of the `interpret` folder that show only that they run.
const WITHOUT_CHECKS: &[&str] = &["after_all.mlir", "outfeed.mlir", "printing.mlir"];

fn suite() -> Option<PathBuf> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?;
    let folder =
        std::env::var_os("HIRE_CONFORMANCE").map_or_else(|| workspace.join("../shared/conformance"), PathBuf::from);
    if folder.join("testdata.tsv").is_file() {
        return Some(folder);
    }
    eprintln!("skipped: no conformance suite at {}", folder.display());
    None
}

fn wanted(name: &str) -> bool {
    std::env::var("HIRE_CONFORMANCE_ONLY").map_or(true, |only| name.contains(&only))
}

/// Runs every module of a file; a line for each that does not hold.
fn run(path: &Path) -> Vec<String> {
    let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => return vec![format!("{name}: {error}")],
    };
    let mut lines = Vec::new();
    for (index, module) in text::parse_many(&text).into_iter().enumerate() {
        match module {
            Err(errors) => lines.push(format!("{name} #{index}: not parsed: {errors}")),
            Ok(module) => {
                let report = eval::run_checks(&module, &Options::default());
                let complaint = complaint(&report, WITHOUT_CHECKS.contains(&name.as_str()));
                lines.extend(complaint.map(|complaint| format!("{name} #{index}: {complaint}")));
            }
        }
    }
    lines
}

fn complaint(report: &Report, may_lack_checks: bool) -> Option<String> {
    if let Some(error) = &report.error {
        return Some(error.to_string());
    }
    if report.checks == 0 && !may_lack_checks {
        return Some("runs no check".to_owned());
    }
    let failure = report.failures.first()?;
    Some(format!("{} of {} checks fail: {}: {}", report.failures.len(), report.checks, failure.site, failure.message))
}

/// Runs the files and fails with one line for each module that does not hold.
fn run_all(files: &[PathBuf]) {
    let lines: Vec<String> = files.par_iter().flat_map_iter(|path| run(path)).collect();
    eprintln!("{} files, {} modules that do not hold", files.len(), lines.len());
    assert!(lines.is_empty(), "{}", lines.join("\n"));
}

#[test]
fn static_tests_hold() {
    let Some(suite) = suite() else { return };
    let table = fs::read_to_string(suite.join("testdata.tsv")).expect("the table is readable");
    let files: Vec<PathBuf> = table
        .lines()
        .skip(1)
        .filter_map(|line| {
            let mut columns = line.split('\t');
            let (name, run) = (columns.next()?, columns.nth(1)?);
            let reference = columns.nth(2)?;
            let counted = !run.starts_with("disabled") && !reference.starts_with("FAIL");
            (counted && wanted(name)).then(|| suite.join("testdata").join(name))
        })
        .collect();
    run_all(&files);
}

#[test]
fn interpreter_tests_hold() {
    let Some(suite) = suite() else { return };
    let mut files: Vec<PathBuf> = fs::read_dir(suite.join("interpret"))
        .expect("the folder is readable")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "mlir"))
        .filter(|path| {
            let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
            match NOT_PLAIN.iter().find(|(plain, _)| *plain == name) {
                Some((name, reason)) => {
                    eprintln!("skipped: {name} needs {reason}");
                    false
                }
                None => wanted(&name),
            }
        })
        .collect();
    files.sort();
    run_all(&files);
}
