//! The tiny model, from module to text, on the PJRT CPU plugin.

use serde_json::Value;

use super::{plugin, root, succeed, testdata};

/// A text of the kind the tiny model was trained on.
const PROMPT: &str = "This file is part of the documentation. If you want to change it, you should first read";

/// Compiles a module of `testdata/tiny` dense and rewritten, and compares them on [`PROMPT`].
fn compare(module: &str, weights: &str, rewrite: &[&str]) -> Value {
    let directory = tempfile::tempdir_in(root().join("target")).unwrap();
    let (model, weights) = (testdata(&format!("tiny/{module}.mlir")), testdata(&format!("tiny/{weights}.safetensors")));
    let here = directory.path();
    succeed(here, &["compile", &model, "-w", &weights, "--dense", "-o", "dense"]);
    succeed(here, &[&["compile", &model, "-w", &weights, "-o", "hire"], rewrite].concat());
    let json = succeed(here, &["generate", "hire", "--prompt", PROMPT, "-n", "40", "--against", "dense", "--json"]);
    serde_json::from_str(&json).unwrap()
}

#[track_caller]
fn assert_same_tokens(comparison: &Value) {
    assert!(comparison["tokens"].as_u64().unwrap() >= 40, "{comparison}");
    assert_eq!(comparison["agreement"], 1.0, "{comparison}");
    assert!(comparison["ms_per_token"].as_f64().unwrap() > 0.0);
}

/// With k' = V every row is computed exactly, whatever the predictor says.
#[test]
fn all_rows_selected_give_the_dense_tokens() {
    if !plugin() {
        return;
    }
    for (module, weights) in [
        ("model", "weights"),
        ("argmax-f32-b4", "weights"),
        ("argmax-bf16-b1", "weights-bf16"),
        ("topk40-f32-b1", "weights"),
        ("topk40-bf16-b1", "weights-bf16"),
        ("topk40-bf16-b4", "weights-bf16"),
        ("logits-f32-b1", "weights"),
    ] {
        eprintln!("{module}");
        assert_same_tokens(&compare(module, weights, &["--predictor", "q8", "--k-prime", "4096"]));
    }
}

#[test]
fn quantized_predictors_find_the_dense_tokens_among_few_rows() {
    if !plugin() {
        return;
    }
    for predictor in ["q8", "q4"] {
        assert_same_tokens(&compare("model", "weights", &["--predictor", predictor, "--k-prime", "64"]));
        assert_same_tokens(&compare("topk40-f32-b1", "weights", &["--predictor", predictor, "--k-prime", "256"]));
    }
}

/// d = 64, so a rank of 64 loses nothing but rounding.
#[test]
fn a_low_rank_predictor_of_full_rank_finds_the_dense_tokens() {
    if !plugin() {
        return;
    }
    for predictor in ["lr:64", "lr:64:q8"] {
        assert_same_tokens(&compare("model", "weights", &["--predictor", predictor, "--k-prime", "64"]));
    }
}

/// Kernels that `hire` generates decode the same tokens as XLA, on any number of threads.
#[test]
fn generated_kernels_decode_the_same_tokens() {
    if !plugin() {
        return;
    }
    for (module, weights) in [("model", "weights"), ("argmax-f32-b4", "weights")] {
        let directory = tempfile::tempdir_in(root().join("target")).unwrap();
        let here = directory.path();
        let model = testdata(&format!("tiny/{module}.mlir"));
        let weights = testdata(&format!("tiny/{weights}.safetensors"));
        for (target, name) in [("pjrt:cpu", "xla"), ("cpu", "cpu")] {
            succeed(here, &["compile", &model, "-w", &weights, "--dense", "--target", target, "-o", name]);
        }
        let json = succeed(here, &["generate", "cpu", "--prompt", PROMPT, "-n", "40", "--against", "xla", "--json"]);
        assert_same_tokens(&serde_json::from_str(&json).unwrap());
    }
}

/// Rewritten programs select and sort by the runtime's primitives, and prepare with generated kernels.
#[test]
fn rewritten_programs_decode_the_same_tokens_on_generated_kernels() {
    if !plugin() {
        return;
    }
    for (module, weights, options) in [
        ("model", "weights", ["--predictor", "q8", "--k-prime", "64"]),
        ("topk40-bf16-b4", "weights-bf16", ["--predictor", "q4", "--k-prime", "4096"]),
        ("logits-f32-b1", "weights", ["--predictor", "q8", "--k-prime", "64"]),
    ] {
        let directory = tempfile::tempdir_in(root().join("target")).unwrap();
        let here = directory.path();
        let (model, weights) =
            (testdata(&format!("tiny/{module}.mlir")), testdata(&format!("tiny/{weights}.safetensors")));
        let compile = |more: &[&str]| succeed(here, &[&["compile", &model, "-w", &weights], more].concat());
        compile(&["--dense", "--target", "pjrt:cpu", "-o", "dense"]);
        compile(&[&options[..], &["--target", "cpu", "-o", "hire"]].concat());
        let json = succeed(here, &["generate", "hire", "--prompt", PROMPT, "-n", "40", "--against", "dense", "--json"]);
        assert_same_tokens(&serde_json::from_str(&json).unwrap());
    }
}
