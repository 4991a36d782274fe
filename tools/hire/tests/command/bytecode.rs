//! Portable artifacts, in and out of every command.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use hire_compiler::front;
use hire_compiler::ir::{self, Module};
use hire_compiler::write::bytecode::{TargetVersion, write_artifact};

use super::{fail, plugin, root, succeed, testdata};

fn directory() -> tempfile::TempDir {
    fs::create_dir_all(root().join("target")).unwrap();
    tempfile::tempdir_in(root().join("target")).unwrap()
}

/// The version that the artifact says it is for.
fn version(bytes: &[u8]) -> String {
    assert_eq!(&bytes[..4], b"ML\xefR", "no bytecode");
    let producer = bytes[5..].split(|&b| b == 0).next().unwrap();
    String::from_utf8(producer.to_vec()).unwrap()
}

fn read(path: &Path) -> Module {
    front::parse(fs::read(path).unwrap().into()).unwrap()
}

/// A module is what a text says, up to attributes that artifacts do not keep because they say what is the default.
fn assert_same(text: &str, module: &Module, what: &str) {
    let kept = |module: &Module| front::parse(write_artifact(module, TargetVersion::CURRENT).unwrap().into()).unwrap();
    let stated = kept(&front::text::parse(text).unwrap());
    assert_eq!(ir::equal(&stated, &kept(module), false), Ok(()), "{what}");
}

const EMIT: &[&str] = &["--passes", "inline", "--emit", "bytecode"];

#[test]
fn artifacts_read_back_as_what_was_written() {
    let directory = directory();
    let here = directory.path();
    for name in ["tiny/model.mlir", "bytecode/newer.mlir", "bytecode/sharded.plain6.mlirbc"] {
        succeed(here, &[&["opt", &testdata(name), "-o", "out.mlirbc"], EMIT].concat());
        let text = succeed(here, &["opt", &testdata(name), "--passes", "inline"]);
        assert_same(&text, &read(&here.join("out.mlirbc")), name);
    }
    assert_eq!(fs::read_dir(here).unwrap().count(), 1, "only the output is left");
}

#[test]
fn the_version_is_the_oldest_that_will_do_or_the_one_asked_for() {
    let directory = directory();
    let written = |name: &str, more: &[&str]| {
        succeed(directory.path(), &[&["opt", &testdata(name), "-o", "out.mlirbc"], EMIT, more].concat());
        version(&fs::read(directory.path().join("out.mlirbc")).unwrap())
    };
    assert_eq!(written("tiny/model.mlir", &[]), "StableHLO_v1.10.0");
    assert_eq!(written("bytecode/newer.mlir", &[]), "StableHLO_v1.15.0");
    assert_eq!(written("tiny/model.mlir", &["--target-version", "0.9.0"]), "StableHLO_v0.9.0");
    assert_eq!(written("tiny/model.mlir", &["--target-version", "1.10.3"]), "StableHLO_v1.10.3");
    assert_eq!(written("tiny/model.mlir", &["--target-version", "current"]), "StableHLO_v1.20.0");
}

/// The default passes rewrite with `chlo.top_k`, which an artifact cannot hold.
#[test]
fn chlo_is_expanded_for_artifacts() {
    let directory = directory();
    succeed(directory.path(), &["opt", &testdata("tiny/model.mlir"), "--emit", "bytecode", "-o", "out.mlirbc"]);
    let text = succeed(directory.path(), &["opt", "out.mlirbc", "--passes", "dce"]);
    assert!(text.contains("hire.select") && text.contains("stablehlo.sort") && !text.contains("chlo.top_k"));
}

#[test]
fn versions_that_will_not_do() {
    let directory = directory();
    let here = directory.path();
    let emit = |file: &str, more: &[&str]| {
        let error = fail(here, &[&["opt", file, "-o", "out.mlirbc"], EMIT, more].concat());
        assert!(!here.join("out.mlirbc").exists(), "output was left behind");
        error
    };
    let newer = testdata("bytecode/newer.mlir");
    insta::assert_snapshot!("version_too_new", emit(&newer, &["--target-version", "1.21.0"]));
    insta::assert_snapshot!("version_too_old", emit(&newer, &["--target-version", "0.8.0"]));
    insta::assert_snapshot!("version_malformed", emit(&newer, &["--target-version", "latest"]));
    let text = "func.func @main(%arg0: tensor<2xf32>) -> tensor<2xf32> {\n  %0 = stablehlo.tan %arg0 : tensor<2xf32>\n  return %0 : tensor<2xf32>\n}\n";
    fs::write(here.join("tan.mlir"), text).unwrap();
    insta::assert_snapshot!("version_lacks_the_operation", emit("tan.mlir", &["--target-version", "1.3.0"]));
    fs::write(
        here.join("chlo.mlir"),
        text.replace("stablehlo.tan %arg0 : tensor<2xf32>", "chlo.erf %arg0 : tensor<2xf32> -> tensor<2xf32>"),
    )
    .unwrap();
    insta::assert_snapshot!("no_version_has_chlo", emit("chlo.mlir", &[]));
    let text_with_version = ["opt", "tan.mlir", "--target-version", "1.10.0"];
    insta::assert_snapshot!("version_of_text", fail(here, &text_with_version));
}

#[test]
fn bytecode_is_not_written_to_a_terminal() {
    // The controlling end of a pseudo terminal is a terminal, too.
    let Ok(terminal) = fs::OpenOptions::new().read(true).write(true).open("/dev/ptmx") else {
        eprintln!("SKIPPED: no pseudo terminals");
        return;
    };
    let output = Command::new(env!("CARGO_BIN_EXE_hire"))
        .args([&["opt", &testdata("tiny/model.mlir")], EMIT].concat())
        .stdout(terminal)
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(String::from_utf8_lossy(&output.stderr));
}

/// Text, an artifact and plain bytecode of the same module are the same to every command.
#[test]
fn every_command_takes_bytecode() {
    let directory = directory();
    let here = directory.path();
    fs::copy(testdata("tiny/weights.safetensors"), here.join("weights.safetensors")).unwrap();
    let artifact = here.join("model.mlirbc").display().to_string();
    succeed(here, &[&["opt", &testdata("tiny/model.mlir"), "-o", &artifact], EMIT].concat());
    let (text, plain) = (testdata("tiny/model.mlir"), testdata("tiny/model.mlirbc"));
    for module in [&artifact, &plain] {
        let of = |command: &str, module: &str| succeed(here, &[command, module, "--weights", "weights.safetensors"]);
        assert_eq!(of("sites", module), of("sites", &text), "{module}");
        let rewritten = front::text::parse(&of("opt", module)).unwrap();
        assert!(rewritten.func_by_name("hire.predict.q8").is_some(), "{module}");
        if plugin() {
            let out = format!("{module}.out").rsplit('/').next().unwrap().to_owned();
            succeed(here, &["compile", module, "-w", "weights.safetensors", "--dense", "-o", &out]);
            let run = succeed(here, &["run", &out, "--seed", "1"]);
            succeed(here, &["compile", &text, "-w", "weights.safetensors", "--dense", "-o", "text.out"]);
            assert_eq!(run, succeed(here, &["run", "text.out", "--seed", "1"]));
            fs::remove_dir_all(here.join("text.out")).unwrap();
        }
    }
    fs::write(here.join("checks.mlir"), CHECKS).unwrap();
    succeed(here, &[&["opt", "checks.mlir", "-o", "checks.mlirbc"], EMIT].concat());
    let out = succeed(here, &["run", "checks.mlirbc", "--target", "eval"]);
    assert!(out.contains("ok, 1 of 1 checks hold"), "{out}");
}

const CHECKS: &str = "func.func @main() {
  %0 = stablehlo.constant dense<[1, 2]> : tensor<2xi32>
  %1 = stablehlo.add %0, %0 : tensor<2xi32>
  %2 = stablehlo.constant dense<[2, 4]> : tensor<2xi32>
  stablehlo.custom_call @check.expect_eq(%1, %2) {has_side_effect = true} : (tensor<2xi32>, tensor<2xi32>) -> ()
  return
}
";
