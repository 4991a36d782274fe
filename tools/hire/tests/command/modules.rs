//! `hire opt`, `hire sites` and `hire run` on modules.

use std::fs;

use super::{fail, hire, plugin, root, succeed, testdata};

fn directory() -> tempfile::TempDir {
    fs::create_dir_all(root().join("target")).unwrap();
    tempfile::tempdir_in(root().join("target")).unwrap()
}

#[test]
fn passes_are_listed_in_order() {
    let list = succeed(&root(), &["opt", "--list-passes"]);
    let at = |name: &str| list.find(&format!("\n{name} ")).or(list.starts_with(name).then_some(0)).unwrap();
    assert!(at("inline") < at("cse") && at("cse") < at("hire-logits") && at("hire-logits") < at("legalize-stablehlo"));
}

#[test]
fn sites_of_the_tiny_model() {
    let json = succeed(&root(), &["sites", &testdata("tiny/topk40-f32-b1.mlir"), "--json"]);
    let answer: serde_json::Value = serde_json::from_str(&json).unwrap();
    let site = &answer["sites"][0];
    assert_eq!(site["name"], "head");
    assert_eq!(site["weight_shape"], serde_json::json!([4096, 64]));
    assert_eq!(site["k"], 40);
    assert_eq!(site["dense_bytes"], 4096 * 64 * 4);
    assert_eq!(answer["sites"].as_array().unwrap().len(), 1);
}

/// What `hire opt` prints is read again, and printed the same way.
#[test]
fn printed_modules_are_fixed_points() {
    let directory = directory();
    for form in ["pretty", "generic"] {
        let once = directory.path().join("once.mlir").display().to_string();
        let twice = directory.path().join("twice.mlir").display().to_string();
        succeed(&root(), &["opt", &testdata("tiny/model.mlir"), "--emit", form, "-o", &once]);
        succeed(&root(), &["opt", &once, "--passes", "inline", "--emit", form, "-o", &twice]);
        assert_eq!(fs::read_to_string(&once).unwrap(), fs::read_to_string(&twice).unwrap());
    }
}

#[test]
fn stopping_after_nothing_changes_nothing() {
    let out = succeed(&root(), &["opt", &testdata("tiny/model.mlir"), "--stop-after", "0"]);
    assert!(!out.contains("hire."));
    let out = succeed(&root(), &["opt", &testdata("tiny/model.mlir")]);
    assert!(out.contains("hire.predict"));
}

#[test]
fn modules_that_test_themselves() {
    let directory = directory();
    let good = "func.func @main() {\n  %0 = stablehlo.constant dense<[1, 2]> : tensor<2xi32>\n  %1 = stablehlo.add %0, %0 : tensor<2xi32>\n  check.expect_eq_const %1, dense<[2, 4]> : tensor<2xi32>\n  return\n}\n";
    let bad = good.replace("[2, 4]", "[2, 5]");
    let path = directory.path().join("checks.mlir");
    fs::write(&path, good).unwrap();
    let out = succeed(directory.path(), &["run", "checks.mlir", "--target", "eval"]);
    assert!(out.contains("ok, 1 of 1 checks hold"), "{out}");
    fs::write(&path, format!("{good}// -----\n{bad}")).unwrap();
    let output = hire(directory.path(), &["run", "checks.mlir", "--target", "eval"]);
    assert_eq!(output.status.code(), Some(1));
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(stdout.contains("module 1: ok") && stdout.contains("module 2: FAILED"), "{stdout}");
    insta::assert_snapshot!(String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_module_runs_on_the_plugin_with_given_and_random_inputs() {
    if !plugin() {
        return;
    }
    let directory = directory();
    let module = "func.func @main(%arg0: tensor<2xf32>, %arg1: tensor<2xf32>) -> tensor<2xf32> {\n  %0 = stablehlo.add %arg0, %arg1 : tensor<2xf32>\n  return %0 : tensor<2xf32>\n}\n";
    fs::write(directory.path().join("add.mlir"), module).unwrap();
    let args = ["run", "add.mlir", "--seed", "1", "--output", "out"];
    succeed(directory.path(), &args);
    let first = fs::read(directory.path().join("out/result0.npy")).unwrap();
    succeed(directory.path(), &["run", "add.mlir", "--seed", "1", "--output", "again"]);
    assert_eq!(first, fs::read(directory.path().join("again/result0.npy")).unwrap());
    let given =
        ["run", "add.mlir", "--input", "arg0=out/result0.npy", "--input", "arg1=out/result0.npy", "--output", "sum"];
    succeed(directory.path(), &given);
    let sum = fs::read(directory.path().join("sum/result0.npy")).unwrap();
    let last = |bytes: &[u8]| f32::from_le_bytes(bytes[bytes.len() - 4..].try_into().unwrap());
    assert_eq!(last(&sum), 2.0 * last(&first));
    insta::assert_snapshot!("input_missing", fail(directory.path(), &["run", "add.mlir"]));
    insta::assert_snapshot!(
        "input_unknown",
        fail(directory.path(), &["run", "add.mlir", "--input", "x=out/result0.npy"])
    );
}

#[test]
fn arguments_are_refined_to_the_types_that_are_given() {
    let directory = directory();
    let module = "func.func @main(%arg0: tensor<?x2xf32>) -> tensor<?x2xf32> {\n  %0 = stablehlo.abs %arg0 : tensor<?x2xf32>\n  return %0 : tensor<?x2xf32>\n}\n";
    fs::write(directory.path().join("abs.mlir"), module).unwrap();
    let refined = succeed(directory.path(), &["opt", "abs.mlir", "--refine-arguments", "tensor<3x2xf32>"]);
    assert!(refined.contains("stablehlo.abs %arg0 : tensor<3x2xf32>") && !refined.contains('?'), "{refined}");
    let refused = |types| fail(directory.path(), &["opt", "abs.mlir", "--refine-arguments", types]);
    insta::assert_snapshot!("refine_to_what_contradicts", refused("tensor<3x4xf32>"));
    insta::assert_snapshot!("refine_to_too_many", refused("tensor<3x2xf32>, tensor<f32>"));
    insta::assert_snapshot!("refine_to_no_type", refused("tensor<3x2xf32"));
}
