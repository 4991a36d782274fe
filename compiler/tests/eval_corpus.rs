//! Runs `testdata/eval`: modules that check themselves, every operation among them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use hire_compiler::eval::{self, Options};
use hire_compiler::front::text;
use hire_compiler::ir::{Module, Opcode};
use hire_compiler::valid;

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/eval");
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).expect("testdata/eval exists").filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.sort();
    files
}

/// All modules of the corpus with their places; every one of them is read.
fn modules() -> Vec<(String, Module)> {
    let mut modules = Vec::new();
    for path in files() {
        let text = fs::read_to_string(&path).expect("the file is readable");
        for (index, module) in text::parse_many(&text).into_iter().enumerate() {
            let place = format!("{} #{index}", path.display());
            modules.push((place.clone(), module.unwrap_or_else(|errors| panic!("{place}: {errors}"))));
        }
    }
    modules
}

#[test]
fn every_check_of_the_corpus_holds() {
    let mut checks = 0;
    for (place, module) in modules() {
        let report = eval::run_checks(&module, &Options::default());
        if let Some(error) = &report.error {
            panic!("{place}: {error}");
        }
        assert!(report.checks > 0, "{place} checks nothing");
        if let Some(failure) = report.failures.first() {
            panic!("{place}: {}: {}", failure.site, failure.message);
        }
        checks += report.checks;
    }
    assert!(checks > 400, "only {checks} checks ran");
}

#[test]
fn the_verifier_accepts_the_corpus() {
    let refused: Vec<String> = modules()
        .iter()
        .filter_map(|(place, module)| Some(format!("{place}: {}", valid::verify(module).err()?)))
        .collect();
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

#[test]
fn every_operation_occurs_in_the_corpus() {
    let mut seen = BTreeSet::new();
    for (_, module) in modules() {
        for id in module.func_ids() {
            let func = &module.funcs[id];
            func.walk(|_, op| {
                seen.insert(func.ops[op].opcode);
            });
        }
    }
    let missing: Vec<&str> = Opcode::ALL.iter().filter(|op| !seen.contains(op)).map(|op| op.info().name).collect();
    assert!(missing.is_empty(), "operations in no module of testdata/eval: {}", missing.join(", "));
}
