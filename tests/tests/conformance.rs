//! Text is read and printed without loss.
//!
//! Every module of StableHLO's suite, and of our own corpus in `testdata/text`, is read, printed in
//! both forms and read again: the same module must come back, by our own comparison, and by jaxlib's
//! MLIR where a Python with jaxlib is found.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use hire_compiler::front::text::parse_many;
use hire_compiler::ir::{self, Module, Opcode};
use hire_compiler::print::{Form, Options, print_module};
use hire_tests::oracle::{Oracle, Verdict};
use hire_tests::{conformance, mlir_files, workspace};

const FORMS: [Form; 2] = [Form::Pretty, Form::Generic];

/// The modules of a file.
fn modules(path: &Path) -> Vec<Module> {
    let text = std::fs::read_to_string(path).expect("the file can be read");
    let parsed = parse_many(&text).into_iter();
    parsed.map(|module| module.unwrap_or_else(|error| panic!("{}: {error}", path.display()))).collect()
}

fn print_all(modules: &[Module], form: Form, locations: bool) -> String {
    let options = Options { form, locations, ..Options::default() };
    let texts: Vec<String> = modules.iter().map(|module| print_module(module, &options)).collect();
    texts.join("\n// -----\n\n")
}

/// Prints and reads again in both forms; gives the text of each.
fn round_trip(path: &Path) -> [String; 2] {
    let before = modules(path);
    FORMS.map(|form| {
        let text = print_all(&before, form, false);
        let after = parse_many(&text);
        assert_eq!(before.len(), after.len(), "{}: modules in {form:?} form", path.display());
        for (before, after) in before.iter().zip(after) {
            let after = after.unwrap_or_else(|error| panic!("{} in {form:?} form: {error}\n{text}", path.display()));
            if let Err(difference) = ir::equal(before, &after, false) {
                panic!("{} in {form:?} form: {difference}\n{text}", path.display());
            }
        }
        text
    })
}

/// Round trips of all files by our own comparison, then the same by the oracle.
/// Gives how many files the oracle could compare.
fn check(files: &[PathBuf], oracle: Option<&Oracle>) -> usize {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let mut pairs = Vec::new();
    for (number, path) in files.iter().enumerate() {
        for (form, text) in FORMS.iter().zip(round_trip(path)) {
            let printed = folder.path().join(format!("{number}.{form:?}.mlir"));
            std::fs::write(&printed, text).expect("the temporary folder can be written");
            pairs.push((path.clone(), printed));
        }
    }
    let Some(oracle) = oracle else { return 0 };
    let verdicts = oracle.compare(&pairs);
    let mut different = Vec::new();
    let mut equal = 0;
    for ((path, printed), verdict) in pairs.iter().zip(verdicts) {
        match verdict {
            Verdict::Equal => equal += 1,
            Verdict::Unreadable(reason) => println!("oracle cannot read {}: {reason}", path.display()),
            Verdict::Different(detail) => {
                let name = printed.file_name().unwrap_or_default().to_string_lossy();
                different.push(format!("{} ({name}): {detail}", path.display()));
            }
        }
    }
    assert!(different.is_empty(), "{} texts differ by the oracle:\n{}", different.len(), different.join("\n"));
    println!("{} files, {} of {} texts equal by the oracle", files.len(), equal, pairs.len());
    equal / FORMS.len()
}

#[test]
fn stablehlo_suite_survives_printing() {
    let Some(folder) = conformance::folder() else { return };
    let oracle = Oracle::find(&folder);
    let mut files = mlir_files(&folder.join("testdata"));
    files.extend(mlir_files(&folder.join("interpret")));
    files.extend(mlir_files(&folder.join("vhlo")));
    assert!(files.len() > 800, "the suite is complete");
    let compared = check(&files, oracle.as_ref());
    // jaxlib 0.10.2 cannot read the few files that need StableHLO 1.18 to 1.20.
    let share = compared as f64 / files.len() as f64;
    assert!(oracle.is_none() || share > 0.99, "only {compared} of {} files were compared", files.len());
}

#[test]
fn own_corpus_survives_printing() {
    let files = mlir_files(&workspace("testdata/text"));
    let oracle = conformance::folder().and_then(|folder| Oracle::find(&folder));
    let compared = check(&files, oracle.as_ref());
    assert!(oracle.is_none() || compared == files.len() - 1, "jaxlib reads all but recent.mlir");
}

#[test]
fn own_corpus_holds_every_operation() {
    let mut found = BTreeSet::new();
    for path in mlir_files(&workspace("testdata/text")) {
        for module in modules(&path) {
            for func in module.func_ids().map(|id| &module.funcs[id]) {
                func.walk(|_, op| {
                    found.insert(func.ops[op].opcode);
                });
            }
        }
    }
    let missing: Vec<&str> = Opcode::ALL.iter().filter(|op| !found.contains(op)).map(|op| op.info().name).collect();
    assert!(missing.is_empty(), "operations in no file of testdata/text: {}", missing.join(", "));
    assert!(!found.contains(&Opcode::Foreign), "the corpus uses operations of the table only");
}

#[test]
fn locations_survive_printing() {
    let before = modules(&workspace("testdata/text/locations.mlir"));
    // The pretty form of `while` has no place for the locations of its regions' arguments; the file
    // gives them none.
    for form in FORMS {
        let text = print_all(&before, form, true);
        let after = parse_many(&text).remove(0).unwrap_or_else(|error| panic!("{error}\n{text}"));
        if let Err(difference) = ir::equal(&before[0], &after, true) {
            panic!("{form:?}: {difference}\n{text}");
        }
    }
}
