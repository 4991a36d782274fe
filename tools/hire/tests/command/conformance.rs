//! StableHLO's own tests through `hire run --target eval`: what each module is reported as, and the exit code.
//!
//! The suite is the folder that `HIRE_CONFORMANCE` names, or `../shared/conformance` beside the
//! workspace; where it is absent the tests say so and pass.

use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::{hire, root};

/// Files of the `interpret` folder that cannot run without arguments from outside.
const NOT_PLAIN: &[&str] = &["api_input_arguments.mlir"];

fn suite() -> Option<PathBuf> {
    let folder =
        std::env::var_os("HIRE_CONFORMANCE").map_or_else(|| root().join("../shared/conformance"), PathBuf::from);
    if folder.join("testdata.tsv").is_file() {
        return Some(folder);
    }
    eprintln!("SKIPPED: no StableHLO test suite at {} (set HIRE_CONFORMANCE)", folder.display());
    None
}

/// What is wrong with a run: its exit code, or that it does not report every module as `ok`.
fn complaint(path: &Path) -> Option<String> {
    let output = hire(&root(), &["run", &path.display().to_string(), "--target", "eval"]);
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let text = fs::read_to_string(path).expect("the file can be read");
    let modules = hire_compiler::front::text::parse_many(&text).len();
    let held = stdout.lines().filter(|line| line.contains(": ok, ")).count();
    if output.status.code() == Some(0) && held == modules {
        return None;
    }
    Some(format!("{}: {:?}, {held} of {modules} modules hold\n{stderr}", path.display(), output.status.code()))
}

fn all_hold(files: &[PathBuf]) {
    assert!(!files.is_empty(), "the suite has files");
    let complaints: Vec<String> = files.par_iter().filter_map(|path| complaint(path)).collect();
    assert!(complaints.is_empty(), "{} of {} files:\n{}", complaints.len(), files.len(), complaints.join("\n"));
}

#[test]
fn static_tests_succeed() {
    let Some(suite) = suite() else { return };
    let table = fs::read_to_string(suite.join("testdata.tsv")).expect("the table can be read");
    let counted = |line: &str| {
        let columns: Vec<&str> = line.split('\t').collect();
        let upstream_fails = columns[2].starts_with("disabled") || columns[5].starts_with("FAIL");
        (!upstream_fails).then(|| suite.join("testdata").join(columns[0]))
    };
    all_hold(&table.lines().skip(1).filter_map(counted).collect::<Vec<_>>());
}

#[test]
fn interpreter_tests_succeed() {
    let Some(suite) = suite() else { return };
    let entries = fs::read_dir(suite.join("interpret")).expect("the folder can be read");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("the folder can be listed").path()).collect();
    files.retain(|path| !NOT_PLAIN.iter().any(|name| path.ends_with(name)));
    files.sort();
    all_hold(&files);
}

#[test]
fn a_check_that_does_not_hold_ends_in_exit_code_1_at_its_place() {
    let Some(suite) = suite() else { return };
    let text = fs::read_to_string(suite.join("interpret/abs.mlir")).expect("the file can be read");
    let wrong = text.replacen(
        "dense<[2, 0, 2]> : tensor<3xi64>\n  func.return",
        "dense<[2, 0, 7]> : tensor<3xi64>\n  func.return",
        1,
    );
    assert_ne!(text, wrong, "the expectation was found");
    let line = wrong.lines().position(|line| line.contains("[2, 0, 7]")).expect("it was put there") + 1;
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    fs::write(folder.path().join("abs.mlir"), wrong).expect("it can be written");
    let output = hire(folder.path(), &["run", "abs.mlir", "--target", "eval"]);
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stdout.contains("module 1: FAILED") && stdout.contains("module 2: ok"), "{stdout}");
    assert!(stderr.contains(&format!("abs.mlir:{line}:")) && stderr.contains("[2]"), "{stderr}");
}
