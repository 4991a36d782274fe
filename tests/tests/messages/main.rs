//! What `hire` says about invalid modules beside what MLIR says: at least as much.
//!
//! The modules of `testdata/invalid` and the texts of `compiler/tests/parse_errors` are given to jaxlib, whose errors
//! are put beside ours in a snapshot. Every number, type and name of MLIR's error must occur in ours, by the rules of
//! [`words`], and MLIR's error must be on the line of one of ours or of a note's; [`exceptions`] lists what does not,
//! with the reason. The source line that is rendered under an error does not count: only what is said about it.

mod exceptions;
mod words;

use std::fmt::Write;
use std::path::PathBuf;

use hire_compiler::diag::{Diagnostic, Diagnostics};
use hire_compiler::front::text;
use hire_compiler::valid::verify;
use hire_tests::oracle::{Oracle, Remark};
use hire_tests::{conformance, mlir_files, workspace};

/// A text that is wrong.
struct Case {
    /// Folder, file and number: `invalid/pad#3`.
    name: String,
    text: String,
}

/// What is wrong with a text, from the reader or the verifier.
fn errors(case: &Case) -> Vec<Diagnostic> {
    let found: Result<(), Diagnostics> = text::parse(&case.text).and_then(|module| verify(&module).map(drop));
    found.expect_err(&case.name).0
}

/// The cases of a file, as they are when jaxlib reads them.
fn cases(path: &std::path::Path) -> Vec<Case> {
    let file = std::fs::read_to_string(path).expect("the file can be read");
    let stem = path.with_extension("");
    let stem = stem.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let titled = path.parent().is_some_and(|folder| folder.ends_with("parse_errors"));
    let folder = if titled { "parse_errors" } else { "invalid" };
    let case = |(number, (_, part)): (usize, (usize, &str))| {
        let text = part.trim_start();
        // A title or a header is kept as a blank line where what follows counts from there.
        let text = if titled { text.split_once('\n').map_or("", |(_, body)| body) } else { text };
        Case { name: format!("{folder}/{stem}#{number}"), text: text.to_owned() }
    };
    text::split(&file).into_iter().enumerate().map(case).collect()
}

fn line_of(text: &str, at: u32) -> usize {
    text.as_bytes()[..(at as usize).min(text.len())].iter().filter(|&&byte| byte == b'\n').count() + 1
}

/// The lines that our errors and their notes point to.
fn lines(case: &Case, ours: &[Diagnostic]) -> Vec<usize> {
    let spans =
        ours.iter().flat_map(|error| std::iter::once(error.span).chain(error.notes.iter().map(|note| note.span)));
    spans.filter(|span| span.is_some()).map(|span| line_of(&case.text, span.start())).collect()
}

/// What MLIR's error has and ours lacks.
fn lacks(case: &Case, remark: &Remark, ours: &[Diagnostic]) -> Vec<String> {
    let lines = lines(case, ours);
    let shown: Vec<&str> = lines.iter().filter_map(|line| case.text.lines().nth(line - 1)).collect();
    let mut lacks = words::missing(&remark.message, ours, &shown.join("\n"));
    if let Some((line, _)) = remark.place.filter(|(line, _)| !lines.contains(line)) {
        lacks.push(format!("line {line}"));
    }
    lacks
}

/// Both sides of a case as the snapshot shows them, and what ours lacks without an exception.
fn report(case: &Case, theirs: &[Remark], out: &mut String, wrong: &mut Vec<String>, used: &mut Vec<&'static str>) {
    let ours = errors(case);
    writeln!(out, "### {}", case.name).expect("strings grow");
    for error in &ours {
        let place = error.span.is_some().then(|| format!(" {}:", line_of(&case.text, error.span.start())));
        writeln!(out, "hire{} {error}", place.as_deref().unwrap_or(":")).expect("strings grow");
    }
    if theirs.is_empty() {
        writeln!(out, "MLIR takes it").expect("strings grow");
    }
    for remark in theirs.iter().filter(|remark| !words::says_nothing(&remark.message)) {
        let place = remark.place.map_or(String::new(), |(line, _)| format!(" {line}"));
        writeln!(out, "MLIR{place}: {}", remark.message).expect("strings grow");
        let lacks = lacks(case, remark, &ours);
        match exceptions::reason(&case.name, &remark.message) {
            Some((key, reason)) if !lacks.is_empty() => {
                used.push(key);
                writeln!(out, "  without {}: {reason}", lacks.join(", ")).expect("strings grow");
            }
            _ if lacks.is_empty() => {}
            _ => wrong.push(format!(
                "{}: lacks {}\n  MLIR: {}\n  hire: {}",
                case.name,
                lacks.join(", "),
                remark.message,
                ours[0]
            )),
        }
    }
}

#[test]
fn errors_are_as_specific_as_those_of_mlir() {
    let Some(oracle) = conformance::folder().and_then(|folder| Oracle::find(&folder)) else { return };
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let sources = ["testdata/invalid", "compiler/tests/parse_errors"].iter().flat_map(|f| mlir_files(&workspace(f)));
    let files: Vec<Vec<Case>> = sources.map(|source| cases(&source)).collect();
    let write = |(number, case): (usize, &Case)| {
        let path = folder.path().join(format!("{number}.mlir"));
        std::fs::write(&path, &case.text).expect("the temporary folder can be written");
        path
    };
    let paths: Vec<PathBuf> = files.iter().flatten().enumerate().map(write).collect();
    let remarks = oracle.remarks(&paths);
    let compared = remarks.iter().filter(|remarks| !remarks.is_empty()).count();
    let mut remarks = remarks.iter();
    let (mut wrong, mut used) = (Vec::new(), Vec::new());
    for cases in &files {
        let mut out = String::new();
        for (case, theirs) in cases.iter().zip(remarks.by_ref()) {
            report(case, theirs, &mut out, &mut wrong, &mut used);
        }
        let name = cases[0].name.split('#').next().unwrap_or_default().replace('/', "_");
        insta::assert_snapshot!(name, out);
    }
    let count = paths.len();
    assert!(count >= 600, "the corpora have {count} modules");
    println!("{count} invalid modules, of which jaxlib refuses {compared}");
    assert!(wrong.is_empty(), "{} errors say less than MLIR's:\n{}", wrong.len(), wrong.join("\n"));
    let stale: Vec<&str> = exceptions::keys().filter(|key| !used.contains(key)).collect();
    assert!(stale.is_empty(), "exceptions that nothing needs: {stale:?}");
}
