//! `hire eval`: quality of a rewritten artifact against its dense form.

use serde_json::Value;

use super::{fail, plugin, root, succeed, testdata};

/// Compiles a module of `testdata/tiny` dense and rewritten.
fn compiled(module: &str, weights: &str, rewrite: &[&str]) -> tempfile::TempDir {
    std::fs::create_dir_all(root().join("target")).unwrap();
    let directory = tempfile::tempdir_in(root().join("target")).unwrap();
    let (model, weights) = (testdata(&format!("tiny/{module}.mlir")), testdata(&format!("tiny/{weights}.safetensors")));
    let here = directory.path();
    succeed(here, &["compile", &model, "-w", &weights, "--dense", "-o", "dense"]);
    succeed(here, &[&["compile", &model, "-w", &weights, "-o", "hire"], rewrite].concat());
    directory
}

fn evaluated(directory: &tempfile::TempDir, against: &str) -> Value {
    let text = root().join("tools/zoo/sample_texts.txt").display().to_string();
    let eval = ["eval", "hire", "--against", against, "--text", &text, "--positions", "300", "--json"];
    serde_json::from_str(&succeed(directory.path(), &eval)).unwrap()
}

#[test]
fn with_all_rows_selected_nothing_is_lost() {
    if !plugin() {
        return;
    }
    let answer = evaluated(&compiled("logits-f32-b1", "weights", &["--k-prime", "4096"]), "dense");
    assert_eq!((&answer["tokens"], &answer["top1_agreement"]), (&300.into(), &1.0.into()), "{answer}");
    assert_eq!(answer["largest_share"], 1.0);
    assert_eq!(answer["sites"][0]["recall"], 1.0);
    let likelihood = &answer["likelihood"];
    assert!(likelihood["kl_divergence"].as_f64().unwrap().abs() < 1e-9, "{answer}");
    assert!((likelihood["perplexity_ratio"].as_f64().unwrap() - 1.0).abs() < 1e-6, "{answer}");
    // The model was trained on text like this; chance is 4096.
    let perplexity = likelihood["dense_perplexity"].as_f64().unwrap();
    assert!((1.0..2000.0).contains(&perplexity), "{answer}");
}

/// A rank of 4 of 64 knows little: what is not computed exactly is wrong, and that must show.
#[test]
fn a_poor_predictor_is_seen_to_be_poor() {
    if !plugin() {
        return;
    }
    let directory = compiled("logits-f32-b1", "weights", &["--predictor", "lr:4", "--k-prime", "32"]);
    let answer = evaluated(&directory, "dense");
    assert!(answer["likelihood"]["kl_divergence"].as_f64().unwrap() > 0.01, "{answer}");
    assert!(answer["likelihood"]["loss_increase"].as_f64().unwrap() > 0.01, "{answer}");
    assert!(answer["largest_share"].as_f64().unwrap() < 0.9, "{answer}");
    assert!(answer["bytes_per_step"].as_u64() < answer["dense_bytes_per_step"].as_u64());
}

#[test]
fn other_heads_tell_what_they_can() {
    if !plugin() {
        return;
    }
    for (module, largest) in [("model", 1), ("topk40-f32-b1", 40), ("argmax-f32-b4", 1)] {
        let directory = compiled(module, "weights", &["--predictor", "q8", "--k-prime", "256"]);
        let answer = evaluated(&directory, "dense");
        assert_eq!(answer["largest"], largest, "{module}");
        assert!(answer["sites"][0]["recall"].as_f64().unwrap() >= 0.99, "{module}: {answer}");
        assert!(answer.get("likelihood").is_none(), "{module}: {answer}");
    }
}

#[test]
fn the_table_reads_well() {
    if !plugin() {
        return;
    }
    let directory = compiled("logits-f32-b1", "weights", &["--k-prime", "4096"]);
    let text = root().join("tools/zoo/sample_texts.txt").display().to_string();
    let eval = ["eval", "hire", "--against", "dense", "--text", &text, "--positions", "40"];
    let table = succeed(directory.path(), &eval);
    // Sums of floats differ between machines.
    let lines =
        table.lines().map(|line| if line.contains("perplexity,") { line.split("  ").next().unwrap() } else { line });
    let shown =
        |line: &&str| !line.starts_with("KL(") && !line.starts_with("loss") && !line.starts_with("perplexity  ");
    insta::assert_snapshot!(lines.filter(shown).collect::<Vec<_>>().join("\n"));
}

#[test]
fn artifacts_that_cannot_be_compared_are_refused() {
    if !plugin() {
        return;
    }
    let directory = compiled("model", "weights", &["--predictor", "q8"]);
    let here = directory.path();
    let (model, weights) = (testdata("tiny/logits-f32-b1.mlir"), testdata("tiny/weights.safetensors"));
    succeed(here, &["compile", &model, "-w", &weights, "--dense", "-o", "other"]);
    std::fs::write(here.join("text.txt"), "once upon a time").unwrap();
    std::fs::write(here.join("far.tokens"), "1 2 99999999999\n").unwrap();
    let eval = |against: &str, text: &str| fail(here, &["eval", "hire", "--against", against, "--text", text]);
    insta::assert_snapshot!("eval_of_another_model", eval("other", "text.txt"));
    insta::assert_snapshot!("eval_against_a_rewritten_one", eval("hire", "text.txt"));
    insta::assert_snapshot!("eval_without_a_text", eval("dense", "none.txt"));
    insta::assert_snapshot!("eval_of_a_token_too_large", eval("dense", "far.tokens"));
}

/// Few rows are too few at some steps, more are enough at more of them; the tokens are the dense ones in either case.
#[test]
fn exact_sites_tell_statistics_of_candidates_and_fallbacks() {
    if !plugin() {
        return;
    }
    let mut fallbacks = Vec::new();
    for k_prime in [1, 64, 4096] {
        let rewrite = ["--guarantee", "exact", "--statistics", "--k-prime", &k_prime.to_string()];
        let directory = compiled("model", "weights", &rewrite);
        let answer = evaluated(&directory, "dense");
        assert_eq!(answer["identical"], 1.0, "{answer}");
        if k_prime == 4096 {
            assert!(answer.get("exact_sites").is_none(), "with all rows there is nothing to certify: {answer}");
            continue;
        }
        let site = &answer["exact_sites"][0];
        assert_eq!(site["steps"], 300, "{answer}");
        let candidates = |share: &str| site["candidates"][share].as_u64().unwrap();
        assert!(1 <= candidates("median") && candidates("median") <= candidates("p99"), "{site}");
        assert!(candidates("p99") <= candidates("max") && candidates("max") <= 4096, "{site}");
        let count = site["fallbacks"].as_u64().unwrap();
        assert_eq!(count > 0, candidates("max") > k_prime, "{site}");
        fallbacks.push(count);
        let text = root().join("tools/zoo/sample_texts.txt").display().to_string();
        let bench = ["bench", "hire", "--vs", "dense", "--text", &text, "--steps", "300", "--json"];
        let bench: Value = serde_json::from_str(&succeed(directory.path(), &bench)).unwrap();
        assert_eq!(bench["runs"][0]["exact_sites"][0], *site, "the same text, the same counts");
        assert!(bench["runs"][1].get("exact_sites").is_none());
    }
    assert!(fallbacks[0] > fallbacks[1], "{fallbacks:?}");
}

/// Two stages lose entries, never the largest score: the tokens are those of an exact selection.
#[test]
fn a_selection_in_two_stages_says_what_it_finds() {
    if !plugin() {
        return;
    }
    let directory = compiled("model", "weights", &["--k-prime", "64", "--select-recall", "0.9"]);
    assert_eq!(evaluated(&directory, "dense")["top1_agreement"], 1.0);
    let model = testdata("tiny/model.mlir");
    let sites = ["sites", &model, "--k-prime", "64", "--select-recall", "0.9", "--json"];
    let sites: Value = serde_json::from_str(&succeed(directory.path(), &sites)).unwrap();
    let site = &sites["sites"].as_array().unwrap().iter().find(|s| s["two_stage"].is_object()).unwrap();
    let recall = site["select_recall"].as_f64().unwrap();
    assert!((0.9..1.0).contains(&recall), "{site}");
    assert!(site["two_stage"]["buckets"].as_u64().unwrap() >= 64, "{site}");
}
