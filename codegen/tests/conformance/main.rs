//! Programs that check themselves, compiled for this CPU.
//!
//! Every program that the interpreter passes must pass here, checks included: those of `testdata/eval` and
//! those of StableHLO's suites, where `HIRE_CONFORMANCE` names their folder. What is not run stands, with its
//! reason, in [`not_covered`]; an entry that would pass fails the test.

mod batch;
mod corpus;
mod not_covered;
mod program;
mod types;

use std::path::{Path, PathBuf};

use rayon::prelude::*;

/// Programs whose kernels are compiled together.
const BATCH: usize = 64;

/// Runs all programs of these files, and fails with a line for each that does not pass.
fn run_all(files: &[PathBuf]) {
    let programs: Vec<program::Program> = files.par_iter().flat_map_iter(|path| corpus::programs(path)).collect();
    let all: Vec<&program::Program> = programs.iter().collect();
    let outcomes: Vec<batch::Outcome> = all.par_chunks(BATCH).flat_map_iter(batch::run).collect();
    let mut lines = Vec::new();
    for (program, outcome) in programs.iter().zip(&outcomes) {
        match (outcome, not_covered::reason(&program.name)) {
            (Ok(_), None) | (Err(_), Some(_)) => {}
            (Ok(_), Some(_)) => lines.push(format!("{}: passes, though it is listed as not covered", program.name)),
            (Err(what), None) => lines.push(format!("{}: {what}", program.name)),
        }
    }
    let skipped = outcomes.iter().filter(|outcome| outcome.is_err()).count();
    eprintln!("{} programs pass, {skipped} do not", programs.len() - skipped);
    assert!(lines.is_empty(), "{} lines\n{}", lines.len(), lines.join("\n"));
}

#[test]
fn the_projects_own_programs_pass() {
    run_all(&corpus::files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/eval")));
}

#[test]
fn stablehlos_static_tests_pass() {
    if let Some(suite) = corpus::suite() {
        run_all(&corpus::listed(&suite));
    }
}

#[test]
fn stablehlos_interpreter_tests_pass() {
    if let Some(suite) = corpus::suite() {
        run_all(&corpus::files(&suite.join("interpret")));
    }
}

/// A check that does not hold must fail, whether its operands are computed by kernels or primitives.
#[test]
fn checks_that_do_not_hold_fail() {
    let source = |op: &str| {
        format!(
            "func.func @main() {{
               %x = stablehlo.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
               %y = {op} %x : tensor<3xf32>
               check.expect_eq_const %y, dense<[1.0, 2.0, 4.0]> : tensor<3xf32>
               func.return
             }}"
        )
    };
    for op in ["stablehlo.abs", "stablehlo.optimization_barrier"] {
        let programs = corpus::parse("wrong", &source(op));
        let outcome = batch::run(&programs.iter().collect::<Vec<_>>()).pop().expect("there is one program");
        let message = outcome.expect_err("the check does not hold");
        assert!(
            message.contains("1 of 3 elements are not as expected; element 2 is Float(3.0), not Float(4.0)"),
            "{message}"
        );
    }
}
