//! Modules that test themselves, in the reference interpreter.
//!
//! A file may hold several modules, separated by lines `// -----`. Each is read, verified and run;
//! each gets a line on standard output. The command succeeds when all checks of all modules hold.

use std::path::Path;

use hire_compiler::diag::{Diagnostic, Diagnostics, Source};
use hire_compiler::eval::{self, Options, Report};
use hire_compiler::ir::Module;
use hire_compiler::{front, valid};

use crate::cli::RunArgs;
use crate::failure::{Failure, Outcome};
use crate::module_file::{ModuleFile, read_bytes};
use crate::progress::Progress;

/// Runs every module of the file.
pub(super) fn run(args: &RunArgs, progress: &Progress) -> Outcome {
    if !args.input.is_empty() || args.output.is_some() || args.seed.is_some() {
        return Err(Failure::with_remedy(
            "the interpreter runs modules that take no arguments and check their results themselves",
            "leave out --input, --seed and --output, or run on pjrt:cpu",
        ));
    }
    progress.step(format!("running {}", args.path.display()));
    let bytes = read_bytes(&args.path)?;
    let Some(parts) = std::str::from_utf8(&bytes).ok().map(parts).filter(|parts| parts.len() > 1) else {
        let input = ModuleFile::read(&args.path)?;
        let text = std::str::from_utf8(input.bytes()).unwrap_or_default();
        let failed = report(&args.path, text, 1, &check(&input.module));
        return verdict(usize::from(failed), 1);
    };
    let count = parts.len();
    let mut failed = 0;
    for (at, text) in parts.iter().enumerate() {
        let read = front::text::parse(text).and_then(|m| valid::verify(&m).map(drop).map(|()| m));
        let outcome = read.map(|module| check(&module));
        failed += usize::from(match outcome {
            Ok(outcome) => report(&args.path, text, at + 1, &outcome),
            Err(errors) => unreadable(&args.path, text, at + 1, &errors),
        });
    }
    progress.clear();
    verdict(failed, count)
}

/// The modules of a text, each after as many empty lines as stand before it, so that the lines of
/// messages are those of the file.
fn parts(text: &str) -> Vec<String> {
    let parts = front::text::split(text);
    let lines = |end: usize| text[..end].bytes().filter(|&b| b == b'\n').count();
    let single = parts.len() == 1;
    parts
        .into_iter()
        .filter(|(_, part)| single || part.lines().any(|l| !l.trim().is_empty() && !l.trim_start().starts_with("//")))
        .map(|(start, part)| "\n".repeat(lines(start)) + part)
        .collect()
}

fn check(module: &Module) -> Report {
    eval::run_checks(module, &Options::default())
}

/// Prints what a run showed; whether it failed.
fn report(path: &Path, text: &str, number: usize, report: &Report) -> bool {
    report.printed.iter().for_each(|line| println!("{line}"));
    let source = Source { name: &path.display().to_string(), text };
    for failure in &report.failures {
        let mut diagnostic = Diagnostic::error(failure.site.span, &failure.message);
        diagnostic.location = failure.site.location.clone();
        eprint!("{}", source.render(&diagnostic));
    }
    if let Some(error) = &report.error {
        eprint!("{}", source.render(&Diagnostic::from(error.clone())));
    }
    let verdict = if report.holds() { "ok" } else { "FAILED" };
    println!(
        "{}: module {number}: {verdict}, {} of {} checks hold",
        path.display(),
        report.checks - report.failures.len(),
        report.checks
    );
    !report.holds()
}

fn unreadable(path: &Path, text: &str, number: usize, errors: &Diagnostics) -> bool {
    eprint!("{}", Source { name: &path.display().to_string(), text }.render_all(errors));
    println!("{}: module {number}: FAILED, it is no valid program", path.display());
    true
}

fn verdict(failed: usize, count: usize) -> Outcome {
    match failed {
        0 => Ok(()),
        _ => Err(Failure::new(format!("{failed} of {count} modules failed"))),
    }
}
