//! Every operation on every element type.
//!
//! Each operation of `testdata/text` and `testdata/eval` is put alone into a module, and each of the element types
//! in it replaced by every other one. MLIR decides which of these
//! modules are valid: the verifier must agree, but for what [`refused`] lists. The valid ones are
//! printed in both forms and read again, written as a portable artifact and read again, and run on zeros
//! if the module that they were made from runs on zeros.

mod modules;
mod refused;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use bytes::Bytes;
use hire_compiler::eval::{self, Fault, Options as EvalOptions, Tensor, Value};
use hire_compiler::front::bytecode;
use hire_compiler::front::text::parse;
use hire_compiler::ir::{self, Module, Opcode, Type};
use hire_compiler::print::{Form, Options, print_module};
use hire_compiler::valid::verify;
use hire_compiler::write::bytecode::{TargetVersion, write_artifact};
use hire_tests::oracle::Oracle;
use hire_tests::{conformance, workspace};
use modules::Variant;
use rayon::prelude::*;

/// The module, if the reader and the verifier take it.
fn taken(text: &str) -> Result<Module, String> {
    let module = parse(text).map_err(|errors| errors.to_string())?;
    verify(&module).map(drop).map_err(|errors| errors.to_string())?;
    Ok(module)
}

#[test]
fn every_operation_has_a_module() {
    let seen: BTreeSet<Opcode> = modules::all(1).iter().map(|module| module.opcode).collect();
    let missing: Vec<&str> = modules::operations().filter(|op| !seen.contains(op)).map(|op| op.info().name).collect();
    assert_eq!(missing, refused::NOT_ALONE, "operations without a module of their own");
}

#[test]
fn the_verifier_takes_the_element_types_that_mlir_takes() {
    let Some(oracle) = conformance::folder().and_then(|folder| Oracle::find(&folder)) else { return };
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let variants = modules::variants();
    let write = |(number, variant): (usize, &Variant)| {
        let path = folder.path().join(format!("{number}.mlir"));
        std::fs::write(&path, &variant.text).expect("the temporary folder can be written");
        path
    };
    let paths: Vec<PathBuf> = variants.iter().enumerate().map(write).collect();
    let theirs = oracle.remarks(&paths);
    let ours: Vec<Result<Module, String>> = variants.par_iter().map(|variant| taken(&variant.text)).collect();
    let (mut wrong, mut used, mut counts) = (BTreeMap::new(), BTreeSet::new(), [0; 2]);
    for ((variant, theirs), ours) in variants.iter().zip(&theirs).zip(&ours) {
        // What jaxlib does not know says nothing.
        let unknown = ["unregistered", "unknown", "'has_dynamic_root'"];
        if theirs.first().is_some_and(|remark| unknown.iter().any(|word| remark.message.contains(word))) {
            continue;
        }
        counts[usize::from(ours.is_ok())] += 1;
        let refusal = match (ours, theirs.first()) {
            (Err(ours), None) => ours,
            (Ok(_), Some(remark)) => &format!("MLIR refuses: {}", remark.message),
            _ => continue,
        };
        match refused::reason(variant.opcode, refusal) {
            Some(text) => drop(used.insert(text)),
            None => drop(wrong.insert(format!("{}: {refusal}", variant.opcode.info().name), &variant.text)),
        }
    }
    println!("{} modules, of which {} are valid and {} are not", variants.len(), counts[1], counts[0]);
    let wrong: Vec<String> = wrong.iter().map(|(what, text)| format!("{what}\n{text}")).collect();
    assert!(wrong.is_empty(), "{} verdicts differ:\n{}", wrong.len(), wrong.join("\n"));
    let stale: Vec<&str> = refused::keys().filter(|key| !used.contains(key)).collect();
    assert!(stale.is_empty(), "differences that nothing shows: {stale:?}");
}

#[test]
fn valid_modules_are_printed_written_and_run() {
    let variants = modules::variants();
    let outcomes: Vec<Option<Outcome>> = variants.par_iter().map(|variant| outcome(&variant.text)).collect();
    let runs = |at: usize| matches!(&outcomes[at], Some(outcome) if outcome.fault.is_none());
    let (mut valid, mut ran) = (0, 0);
    let (mut lost, mut not_computed) = (BTreeMap::new(), BTreeSet::new());
    for (variant, outcome) in variants.iter().zip(&outcomes) {
        let Some(outcome) = outcome else { continue };
        valid += 1;
        let name = variant.opcode.info().name;
        match &outcome.fault {
            Some(_) if runs(variant.base) => drop(not_computed.insert(name)),
            Some(_) => {}
            None => ran += 1,
        }
        if let Some(what) = &outcome.lost {
            lost.insert(format!("{name}: {what}"), &variant.text);
        }
    }
    println!("{valid} valid modules, {ran} of which run");
    let lost: Vec<String> = lost.iter().map(|(what, text)| format!("{what}\n{text}")).collect();
    assert!(lost.is_empty(), "{} go wrong:\n{}", lost.len(), lost.join("\n"));
    let listed: BTreeSet<&str> = refused::NOT_COMPUTED.iter().map(|(name, _)| *name).collect();
    assert_eq!(not_computed, listed, "operations that are computed on some of their types only");
    assert!(valid > 3000 && ran > 2000, "too few modules say anything");
}

/// Every revision of an operation that a version of VHLO has had, listed in `testdata/bytecode/revisions.txt`, is written
/// for the versions that use it, and upgraded when it is read.
#[test]
fn every_revision_is_written_and_upgraded() {
    let listed = std::fs::read_to_string(workspace("testdata/bytecode/revisions.txt")).expect("the list can be read");
    let listed: BTreeSet<&str> = listed.lines().collect();
    let versions = (9..=20).map(|minor| (0, minor)).chain((0..=20).map(|minor| (1, minor)));
    let modules: Vec<_> = modules::all(4).into_iter().map(|alone| (taken(&alone.text), alone.text)).collect();
    let mut seen = BTreeSet::new();
    for (major, minor) in versions {
        let target = TargetVersion::new(major, minor);
        for (module, text) in &modules {
            let module = module.as_ref().unwrap_or_else(|error| panic!("{error}\n{text}"));
            // What the version does not have is refused, with the version that has it.
            let Ok(bytes) = write_artifact(module, target) else { continue };
            let again = bytecode::parse(Bytes::from(bytes.clone())).unwrap_or_else(|e| panic!("{target}: {e}"));
            assert_eq!(write_artifact(&again, target).ok().as_ref(), Some(&bytes), "{target}: {text}");
            verify(&again).unwrap_or_else(|error| panic!("{target}: {error}\n{text}"));
            let names = bytes.split(|byte| !(byte.is_ascii_alphanumeric() || b"_-".contains(byte)));
            let names = names.filter_map(|name| std::str::from_utf8(name).ok());
            seen.extend(names.filter_map(|name| listed.get(name).copied()));
        }
    }
    let unseen: Vec<&&str> = listed.iter().filter(|name| !seen.contains(**name)).collect();
    assert_eq!(unseen, refused::NOT_WRITTEN.iter().collect::<Vec<_>>(), "revisions that no module shows");
}

/// What becomes of a valid module.
struct Outcome {
    /// What is another module after being printed or written, and read again.
    lost: Option<String>,
    /// Why it does not run.
    fault: Option<Fault>,
}

fn outcome(text: &str) -> Option<Outcome> {
    let module = taken(text).ok()?;
    Some(Outcome { lost: survives(&module).err(), fault: run(&module).err() })
}

/// The module is the same after being printed or written and read again.
fn survives(module: &Module) -> Result<(), String> {
    let same = |form: &str, again: Result<Module, String>| {
        let again = again.map_err(|error| format!("{form}: {error}"))?;
        ir::equal(module, &again, false).map_err(|difference| format!("{form}: {difference}"))
    };
    for form in [Form::Pretty, Form::Generic] {
        let text = print_module(module, &Options { form, ..Options::default() });
        same(&format!("{form:?}"), parse(&text).map_err(|errors| errors.to_string()))?;
    }
    // CHLO has no portable form.
    let foreign = module.func_ids().any(|id| {
        let mut foreign = false;
        let func = &module.funcs[id];
        func.walk(|_, op| foreign |= !["stablehlo", "func"].contains(&func.ops[op].opcode.info().dialect()));
        foreign
    });
    if foreign {
        return Ok(());
    }
    // Attributes that only say what their absence says are not kept.
    let written =
        |module: &Module| write_artifact(module, TargetVersion::CURRENT).map_err(|e| format!("artifact: {e}"));
    let bytes = written(module)?;
    let again = bytecode::parse(Bytes::from(bytes.clone())).map_err(|errors| format!("artifact: {errors}"))?;
    if written(&again)? == bytes { Ok(()) } else { Err("artifact: another one after being read".to_owned()) }
}

/// Runs the module on zeros.
fn run(module: &Module) -> Result<(), Fault> {
    let entry = &module.funcs[module.entry().expect("a module has one function")];
    let zeros = |ty: &Type| {
        let ty = ty.as_tensor()?;
        let bytes = usize::try_from(ty.element_count()?).ok()? * ty.element.byte_size();
        Tensor::new(ty, vec![0; bytes]).ok().map(Value::Tensor)
    };
    let args = entry.ty.inputs.iter().map(zeros).collect::<Option<Vec<_>>>();
    let args = args.ok_or_else(|| Fault::Arguments("an argument of unknown size".to_owned()))?;
    let options = EvalOptions { step_limit: Some(100_000), ..EvalOptions::default() };
    eval::evaluate_with(module, &entry.name, args, &options).map(drop).map_err(|error| error.fault)
}
