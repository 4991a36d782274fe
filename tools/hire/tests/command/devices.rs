//! The tiny model on four CPU devices, beside itself on one.

use std::path::Path;

use serde_json::Value;

use super::{fail, plugin, root, succeed, testdata};

/// Texts of the kind the tiny model was trained on. With 230 tokens after each the two make 500 steps.
const PROMPTS: [&str; 2] = [
    "This file is part of the documentation. If you want to change it, you should first read",
    "The statement raises an exception when the object has no attribute of that name, in which case",
];

const SHARD_MAP: &str = "argmax-f32-b1-x4-shard_map";
const JIT: &str = "topk40-f32-b1-x4-jit";

fn compile(here: &Path, module: &str, output: &str, options: &[&str]) {
    let (model, weights) = (testdata(&format!("tiny/{module}.mlir")), testdata("tiny/weights.safetensors"));
    succeed(here, &[&["compile", &model, "-w", &weights, "-o", output], options].concat());
}

/// How many tokens an artifact gives after a prompt, and their text.
fn continued(here: &Path, artifact: &str, prompt: &str, tokens: &str) -> (u64, String) {
    let json = succeed(here, &["generate", artifact, "--prompt", prompt, "-n", tokens, "--json"]);
    let value: Value = serde_json::from_str(&json).unwrap();
    (value["tokens"].as_u64().unwrap(), value["text"].as_str().unwrap().to_owned())
}

/// The program of one device, as replicas, with DA-TOP-k for its argmax; and a program that the plugin partitions, with
/// DA-TOP-k for its top-k.
#[test]
fn four_devices_decode_the_tokens_of_one() {
    if !plugin() {
        return;
    }
    let directory = tempfile::tempdir_in(root().join("target")).unwrap();
    let here = directory.path();
    for (one, four) in [("model", SHARD_MAP), ("topk40-f32-b1", JIT)] {
        compile(here, one, &format!("{one}-1"), &["--dense"]);
        compile(here, four, &format!("{one}-4"), &["--dense", "--devices", "4", "--mesh", "x=4"]);
        let mut steps = 0;
        for prompt in PROMPTS {
            let (tokens, text) = continued(here, &format!("{one}-1"), prompt, "230");
            assert_eq!(continued(here, &format!("{one}-4"), prompt, "230"), (tokens, text), "{four}");
            steps += tokens;
        }
        assert!(steps >= 460, "{steps}");
    }
}

/// Each device predicts, selects and computes rows of its own part of the softmax layer's matrix, which it prepared
/// itself.
#[test]
fn rewritten_programs_run_on_four_devices() {
    if !plugin() {
        return;
    }
    let directory = tempfile::tempdir_in(root().join("target")).unwrap();
    let here = directory.path();
    compile(here, "model", "one", &["--dense"]);
    for options in [
        &["--predictor", "q8", "--k-prime", "32"][..],
        &["--predictor", "q8", "--k-prime", "64", "--guarantee", "exact"][..],
        &["--predictor", "q4", "--k-prime", "1024"][..],
    ] {
        compile(here, SHARD_MAP, "four", options);
        let want = continued(here, "one", PROMPTS[0], "60");
        assert_eq!(continued(here, "four", PROMPTS[0], "60"), want, "{options:?}");
        let manifest: Value = serde_json::from_slice(&std::fs::read(here.join("four/manifest.json")).unwrap()).unwrap();
        assert_eq!(manifest["devices"]["form"], "replicas");
        assert_eq!(manifest["sites"][0]["shapes"]["weight"], serde_json::json!([1024, 64]), "a quarter of the rows");
        std::fs::remove_dir_all(here.join("four")).unwrap();
    }
}

#[test]
fn meshes_and_devices_that_do_not_match_are_refused() {
    let directory = tempfile::tempdir_in(root().join("target")).unwrap();
    let here = directory.path();
    let (model, weights) = (testdata(&format!("tiny/{SHARD_MAP}.mlir")), testdata("tiny/weights.safetensors"));
    let refused = |options: &[&str]| {
        fail(here, &[&["--quiet", "compile", &model, "-w", &weights, "-o", "out"], options].concat())
    };
    let errors = [
        refused(&["--devices", "3"]),
        refused(&["--mesh", "x=2,y=2"]),
        refused(&["--predictor", "lr:16"]),
        refused(&["--target", "cpu"]),
        refused(&["--mesh", "x"]),
    ];
    insta::assert_snapshot!(errors.join("\n"));
    if plugin() {
        compile(here, "model", "one", &["--dense"]);
        insta::assert_snapshot!(fail(here, &["generate", "one", "--devices", "4", "--prompt", "a", "-n", "1"]));
    }
}

/// One step of a module that XLA partitions, on given numbers; and the same in the interpreter.
#[test]
fn modules_run_on_their_mesh() {
    if !plugin() {
        return;
    }
    let directory = tempfile::tempdir_in(root().join("target")).unwrap();
    let here = directory.path();
    let run = |target: &str| succeed(here, &["run", &testdata("eval/manual.mlir"), "--target", target]);
    assert!(run("eval").contains("module 1: ok"));
    let text = "sdy.mesh @mesh = <[\"x\"=4]>\nfunc.func public @main(%a: tensor<8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{\"x\"}]>}) -> (tensor<2xf32>, tensor<2xi32>) {\n  %v, %i = chlo.top_k(%a, k = 2) : tensor<8xf32> -> (tensor<2xf32>, tensor<2xi32>)\n  return %v, %i : tensor<2xf32>, tensor<2xi32>\n}\n";
    std::fs::write(here.join("m.mlir"), text).unwrap();
    let whole = succeed(here, &["run", "m.mlir", "--seed", "7", "--devices", "4"]);
    succeed(here, &["opt", "m.mlir", "--passes", "da-topk", "-o", "d.mlir"]);
    assert_eq!(succeed(here, &["run", "d.mlir", "--seed", "7", "--mesh", "x=4"]), whole);
}
