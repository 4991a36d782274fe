//! `hire plan` and `hire eval` on the model that was trained with a top-k: 128 of the 2,048 neurons of each layer are active.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::{fail, plugin, root, succeed, testdata};

/// The model, and two parts of its held-out text: for `hire plan` and for `hire eval`.
fn model() -> tempfile::TempDir {
    fs::create_dir_all(root().join("target")).unwrap();
    let directory = tempfile::tempdir_in(root().join("target")).unwrap();
    let here = directory.path();
    fs::copy(testdata("trained/topk/model.mlirbc"), here.join("model.mlirbc")).unwrap();
    fs::copy(testdata("trained/tokenizer.json"), here.join("tokenizer.json")).unwrap();
    fs::write(here.join("model.json"), r#"{"cache": 64, "bos_token_id": 0, "add_bos": true}"#).unwrap();
    let text = fs::read_to_string(testdata("trained/held_out.txt")).unwrap();
    let documents: Vec<&str> = text.split("\n-----\n").collect();
    let (samples, held_out) = documents.split_at(documents.len() / 2);
    fs::write(here.join("samples.txt"), samples.join("\n-----\n")).unwrap();
    fs::write(here.join("held_out.txt"), held_out.join("\n-----\n")).unwrap();
    directory
}

fn plan(here: &Path, more: &[&str]) -> Value {
    let weights = testdata("trained/topk/weights.safetensors");
    let plan = ["plan", "model.mlirbc", "-w", &weights, "-o", "plan.json", "--json"];
    serde_json::from_str(&succeed(here, &[&plan, more].concat())).unwrap()
}

fn compile(here: &Path, name: &str, more: &[&str]) {
    let weights = testdata("trained/topk/weights.safetensors");
    let compile = ["--quiet", "compile", "model.mlirbc", "-w", &weights, "-o", name];
    succeed(here, &[&compile, more].concat());
}

fn evaluated(here: &Path, name: &str) -> Value {
    let eval = ["eval", name, "--against", "dense", "--text", "held_out.txt", "--positions", "384", "--json"];
    serde_json::from_str(&succeed(here, &eval)).unwrap()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

/// What the formula expects of two stages, what is measured of their selection on recorded vectors, and what the compiled
/// program finds on another text.
#[test]
fn two_stages_find_what_the_formula_expects() {
    if !plugin() {
        return;
    }
    let directory = model();
    let here = directory.path();
    let samples = ["--samples", "samples.txt", "--positions", "512", "--candidates", "q8"];
    let answer = plan(here, &[&samples[..], &["--ffn-recall", "0.98", "--ffn-select-recall", "0.99"]].concat());
    let layers: Vec<&Value> = answer["sites"].as_array().unwrap().iter().filter(|s| s["k"] == 128).collect();
    assert_eq!(layers.len(), 3, "{answer}");
    let mut staged = 0;
    for layer in &layers {
        let chosen = &layer["chosen"];
        let stages = &chosen["two_stage"];
        let (expected, measured) = (number(&stages["expected_recall"]), number(&chosen["scored_recall"]));
        assert!(expected >= 0.97 && measured >= 0.97 && (expected - measured).abs() <= 0.01, "{chosen}");
        assert!(number(&stages["select_recall"]) >= 0.99 && number(&stages["select_recall"]) < 1.0, "{chosen}");
        staged += stages["buckets"].as_u64().unwrap();
    }
    assert!(staged > 0);
    compile(here, "dense", &["--dense"]);
    compile(here, "hire", &["--plan", "plan.json"]);
    compile(here, "counting", &["--plan", "plan.json", "--statistics"]);
    let (plain, counting) = (evaluated(here, "hire"), evaluated(here, "counting"));
    assert_eq!(plain["likelihood"], counting["likelihood"], "counting changes no result");
    assert!(number(&counting["likelihood"]["perplexity_ratio"]) <= 1.005, "{counting}");
    let manifest: Value = serde_json::from_slice(&fs::read(here.join("hire/manifest.json")).unwrap()).unwrap();
    for layer in layers {
        let named = |sites: &Value| sites.as_array().unwrap().iter().find(|s| s["name"] == layer["name"]).cloned();
        let chosen = &layer["chosen"];
        let achieved = number(&named(&counting["sites"]).unwrap()["recall"]);
        let expected = number(&chosen["two_stage"]["expected_recall"]);
        assert!(achieved >= 0.97 && (achieved - expected).abs() <= 0.01, "{achieved} {chosen}");
        assert_eq!(named(&plain["sites"]).unwrap()["recall"], Value::Null);
        let guarantee = format!("recall:{}", number(&chosen["scored_recall"]));
        assert_eq!(named(&manifest["sites"]).unwrap()["guarantee"], guarantee);
    }
}

#[test]
fn a_plan_is_chosen_by_the_loss_it_costs() {
    if !plugin() {
        return;
    }
    let directory = model();
    let here = directory.path();
    let samples = ["--samples", "samples.txt", "--positions", "256", "--candidates", "q8,lr:8:q8"];
    let by_loss = |most: &str| plan(here, &[&samples[..], &["--max-loss-increase", most]].concat());
    let (loose, tight) = (by_loss("0.5"), by_loss("0.02"));
    for (answer, most) in [(&loose, 0.5), (&tight, 0.02)] {
        let increase = &answer["loss_increase"];
        assert!(number(&increase["choosing"]) <= most && increase["plans_run"].as_u64().unwrap() > 1, "{increase}");
        assert!(number(&answer["bytes_per_step"]["planned"]) < number(&answer["bytes_per_step"]["dense"]));
    }
    let planned = |answer: &Value| number(&answer["bytes_per_step"]["planned"]);
    assert!(planned(&loose) < planned(&tight), "{} {}", planned(&loose), planned(&tight));
    let left: Vec<_> = fs::read_dir(here).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with(".hire-plan")), "{left:?}");

    let weights = testdata("trained/topk/weights.safetensors");
    let plan = ["plan", "model.mlirbc", "-w", &weights, "-o", "none.json", "--max-loss-increase", "0"];
    let message = fail(here, &[&plan[..], &samples[..4], &["--candidates", "lr:1"]].concat());
    assert!(
        message.contains("no plan keeps the loss increase to 0 nats; the best has 0.") && message.contains("bytes")
    );
    assert!(!here.join("none.json").exists(), "nothing is written");
}

#[test]
fn loss_needs_logits_and_a_text() {
    if !plugin() {
        return;
    }
    let directory = model();
    let here = directory.path();
    let text = root().join("tools/zoo/sample_texts.txt").display().to_string();
    let (model, weights) = (testdata("tiny/model.mlir"), testdata("tiny/weights.safetensors"));
    let plan = ["plan", &model, "-w", &weights, "--samples", &text, "-o", "plan.json", "--positions", "64"];
    insta::assert_snapshot!(fail(here, &[&plan[..], &["--max-loss-increase", "0.1", "--candidates", "q8"]].concat()));
}
