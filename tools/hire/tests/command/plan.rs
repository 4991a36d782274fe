//! `hire plan`: what it measures, what it writes, and what it refuses.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::{fail, hire, plugin, root, succeed, testdata};

/// A logits product whose hidden vectors are the step's input.
const DIRECT: &str = r#"func.func @main(%w: tensor<2048x8xf32> loc("params['w']"), %x: tensor<1x8xf32> loc("x")) -> tensor<1x2048xf32> {
  %0 = stablehlo.dot_general %x, %w, contracting_dims = [1] x [1] : (tensor<1x8xf32>, tensor<2048x8xf32>) -> tensor<1x2048xf32>
  return %0 : tensor<1x2048xf32>
}
"#;

fn directory() -> tempfile::TempDir {
    fs::create_dir_all(root().join("target")).unwrap();
    tempfile::tempdir_in(root().join("target")).unwrap()
}

/// Writes a safetensors file of f32 tensors.
fn write_tensors(path: &Path, tensors: &[(&str, &[usize], Vec<f32>)]) {
    let mut header = serde_json::Map::new();
    let mut data = Vec::new();
    for (name, shape, values) in tensors {
        let start = data.len();
        data.extend(values.iter().flat_map(|x| x.to_le_bytes()));
        let entry = serde_json::json!({"dtype": "F32", "shape": shape, "data_offsets": [start, data.len()]});
        header.insert((*name).to_owned(), entry);
    }
    let header = serde_json::to_vec(&header).unwrap();
    let file = [(header.len() as u64).to_le_bytes().as_slice(), &header, &data].concat();
    fs::write(path, file).unwrap();
}

/// Numbers that look random, in -1..1.
fn noise(count: usize, seed: u32) -> Vec<f32> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..count).map(|_| next()).collect()
}

/// The direct module with its weights and `samples` of x.
fn direct(samples: &[(&str, &[usize], Vec<f32>)], weights: Vec<f32>) -> tempfile::TempDir {
    let directory = directory();
    fs::write(directory.path().join("direct.mlir"), DIRECT).unwrap();
    write_tensors(&directory.path().join("weights.safetensors"), &[("params['w']", &[2048, 8], weights)]);
    write_tensors(&directory.path().join("x.safetensors"), samples);
    directory
}

const PLAN_DIRECT: &[&str] =
    &["plan", "direct.mlir", "-w", "weights.safetensors", "--samples", "x.safetensors", "-o", "plan.json"];

/// The f32 tensor of a safetensors file.
fn tensor(path: &Path, name: &str) -> Vec<f32> {
    let file = fs::read(path).unwrap();
    let end = 8 + u64::from_le_bytes(file[..8].try_into().unwrap()) as usize;
    let header: Value = serde_json::from_slice(&file[8..end]).unwrap();
    let at = |i: usize| end + header[name]["data_offsets"][i].as_u64().unwrap() as usize;
    file[at(0)..at(1)].chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect()
}

#[test]
fn the_second_moment_is_that_of_every_other_block_of_the_samples() {
    if !plugin() {
        return;
    }
    let x = noise(256 * 8, 1);
    let directory = direct(&[("x", &[256, 1, 8], x.clone())], noise(2048 * 8, 2));
    let here = directory.path();
    succeed(here, PLAN_DIRECT);
    let calibration: Vec<&[f32]> =
        x.chunks(8).enumerate().filter(|(i, _)| i / 32 % 2 == 0).map(|(_, row)| row).collect();
    let moment = tensor(&here.join("plan.calibration.safetensors"), "logits/second_moment");
    for (at, found) in moment.iter().enumerate() {
        let sum: f64 = calibration.iter().map(|row| f64::from(row[at / 8]) * f64::from(row[at % 8])).sum();
        assert!((f64::from(*found) - sum / calibration.len() as f64).abs() < 1e-6, "{at}: {found}");
    }
}

/// A predictor of full rank and the int8 copy rank the largest logits as a sort in f64 does, but for near ties.
#[test]
fn recall_is_the_share_of_largest_logits_among_the_selected() {
    if !plugin() {
        return;
    }
    let (w, x) = (noise(2048 * 8, 2), noise(256 * 8, 1));
    let directory = direct(&[("x", &[256, 1, 8], x.clone())], w.clone());
    let here = directory.path();
    let more = ["--json", "--candidates", "lr:2,lr:8,q8", "--recall", "0.9"];
    let answer: Value = serde_json::from_str(&succeed(here, &[PLAN_DIRECT, &more].concat())).unwrap();
    let site = &answer["sites"][0];
    let point = |predictor: &str, k_prime: u64| {
        let points = site["measured"].as_array().unwrap();
        let found = points.iter().find(|p| p["predictor"] == predictor && p["k_prime"] == k_prime);
        found.unwrap_or_else(|| panic!("{predictor} {k_prime} in {site}")).clone()
    };
    assert_eq!(point("lr:8", 64)["largest"], 1.0);
    assert_eq!(point("q8", 64)["top1"], 1.0);
    assert!(point("lr:2", 64)["top1"].as_f64().unwrap() < point("lr:2", 1024)["top1"].as_f64().unwrap());
    assert_eq!((&site["calibration_positions"], &site["evaluation_positions"]), (&128.into(), &128.into()));

    // The overlap of neighbouring tokens' 256 largest, by sorting.
    let largest = |x: &[f32]| {
        let logit = |row: usize| (0..8).map(|j| f64::from(w[row * 8 + j]) * f64::from(x[j])).sum::<f64>();
        let mut rows: Vec<usize> = (0..2048).collect();
        rows.sort_by(|&a, &b| logit(b).total_cmp(&logit(a)));
        rows.truncate(256);
        rows
    };
    assert_eq!(site["overlap"]["largest"], 256);
    // Samples start from an empty state each, so none has a previous token.
    assert_eq!(site["overlap"]["with_previous"], 0.0);
    let all: Vec<Vec<usize>> = x.chunks(8).map(largest).collect();
    write_tensors(&here.join("x.safetensors"), &[("x", &[1, 256, 1, 8], x.clone())]);
    let answer: Value = serde_json::from_str(&succeed(here, &[PLAN_DIRECT, &["--json"]].concat())).unwrap();
    let held_out = (1..256).filter(|i| i / 32 % 2 == 1 && i % 32 > 0);
    let shared: Vec<usize> = held_out.map(|i| all[i].iter().filter(|r| all[i - 1].contains(r)).count()).collect();
    let expected = shared.iter().sum::<usize>() as f64 / (256 * shared.len()) as f64;
    let found = answer["sites"][0]["overlap"]["with_previous"].as_f64().unwrap();
    assert!((found - expected).abs() < 1e-3, "{found}, {expected} by sorting");
}

#[test]
fn a_plan_compiles_to_a_program_that_chooses_the_dense_tokens() {
    if !plugin() {
        return;
    }
    let text = root().join("tools/zoo/sample_texts.txt").display().to_string();
    for (module, weights) in [
        ("model", "weights"),
        ("argmax-f32-b4", "weights"),
        ("topk40-bf16-b1", "weights-bf16"),
        ("logits-f32-b1", "weights"),
    ] {
        let directory = directory();
        let here = directory.path();
        let (model, weights) =
            (testdata(&format!("tiny/{module}.mlir")), testdata(&format!("tiny/{weights}.safetensors")));
        let plan = ["plan", &model, "-w", &weights, "--samples", &text, "-o", "plan.json", "--positions", "512"];
        let more = ["--json", "--candidates", "q8,lr:48:q8,lr:32:q8>q8"];
        let answer: Value = serde_json::from_str(&succeed(here, &[&plan[..], &more].concat())).unwrap();
        let head = answer["sites"].as_array().unwrap().last().unwrap();
        let chosen = &head["chosen"];
        assert!(chosen["recall"].as_f64().unwrap() >= 0.999, "{module}: {chosen}");
        let cheaper =
            |p: &&Value| p["recall"].as_f64().unwrap() >= 0.999 && p["bytes"].as_u64() < chosen["bytes"].as_u64();
        let measured = head["measured"].as_array().unwrap();
        assert!(measured.iter().find(cheaper).is_none(), "{module}: {chosen}");
        succeed(here, &["compile", &model, "-w", &weights, "--dense", "-o", "dense"]);
        succeed(here, &["compile", &model, "-w", &weights, "--plan", "plan.json", "-o", "hire"]);
        let manifest: Value = serde_json::from_slice(&fs::read(here.join("hire/manifest.json")).unwrap()).unwrap();
        let guarantee = manifest["sites"][0]["guarantee"].as_str().unwrap();
        assert_eq!(guarantee, format!("recall:{}", chosen["scored_recall"].as_f64().unwrap()), "{module}");
        let prompt = "This file is part of the documentation. If you want to change it, you should first read";
        let run = ["generate", "hire", "--prompt", prompt, "-n", "40", "--against", "dense", "--json"];
        let comparison: Value = serde_json::from_str(&succeed(here, &run)).unwrap();
        assert!(comparison["agreement"].as_f64().unwrap() >= 0.98, "{module}: {comparison}");
    }
}

#[test]
fn zero_rows_and_few_samples_are_remarked_on() {
    if !plugin() {
        return;
    }
    let mut w = noise(2048 * 8, 2);
    w[..24].fill(0.0);
    let directory = direct(&[("x", &[16, 1, 8], noise(16 * 8, 1))], w);
    let output =
        hire(directory.path(), &[PLAN_DIRECT, &["--candidates", "lr:4:q8,q8,lr:9", "--recall", "0.9"]].concat());
    assert!(output.status.success());
    let text = String::from_utf8(output.stderr).unwrap();
    insta::assert_snapshot!(text.lines().filter(|l| !l.contains("lr:4:q8 ")).collect::<Vec<_>>().join("\n"));
}

/// All samples alike: the second moment has rank 1.
#[test]
fn a_singular_second_moment_still_gives_finite_factors() {
    if !plugin() {
        return;
    }
    let x = vec![0.5; 64 * 8];
    let directory = direct(&[("x", &[64, 1, 8], x)], noise(2048 * 8, 2));
    let here = directory.path();
    let answer = succeed(here, &[PLAN_DIRECT, &["--candidates", "lr:2", "--json"]].concat());
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(answer["sites"][0]["chosen"]["predictor"], "lr:2", "one direction is all there is");
    succeed(here, &["compile", "direct.mlir", "-w", "weights.safetensors", "--plan", "plan.json", "-o", "out"]);
}

#[test]
fn samples_that_do_not_fit_are_refused() {
    if !plugin() {
        return;
    }
    let w = noise(2048 * 8, 2);
    let refused = |samples: &[(&str, &[usize], Vec<f32>)], more: &[&str]| {
        let directory = direct(samples, w.clone());
        let error = fail(directory.path(), &[PLAN_DIRECT, more].concat());
        assert!(!directory.path().join("plan.json").exists(), "a plan was left behind");
        error
    };
    let x = |count: usize| noise(count, 1);
    insta::assert_snapshot!("samples_of_another_shape", refused(&[("x", &[16, 1, 7], x(112))], &[]));
    insta::assert_snapshot!("samples_without_their_dimension", refused(&[("x", &[1, 8], x(8))], &[]));
    insta::assert_snapshot!("samples_of_another_name", refused(&[("y", &[16, 1, 8], x(128))], &[]));
    insta::assert_snapshot!("too_few_samples", refused(&[("x", &[3, 1, 8], x(24))], &[]));
    let mut infinite = x(128);
    infinite[17] = f32::INFINITY;
    insta::assert_snapshot!("samples_that_are_not_finite", refused(&[("x", &[16, 1, 8], infinite)], &[]));
    let fine = || [("x", &[256usize, 1, 8][..], x(2048))];
    insta::assert_snapshot!("unreachable_recall", refused(&fine(), &["--candidates", "lr:1:q8"]));
    insta::assert_snapshot!("candidates_that_do_not_fit", refused(&fine(), &["--candidates", "lr:9"]));
    insta::assert_snapshot!("a_long_cascade", refused(&fine(), &["--candidates", "lr:2>lr:4>q8"]));
    let directory = direct(&[], w.clone());
    fs::write(directory.path().join("good.tokens"), "1 2 3\n").unwrap();
    let args =
        ["plan", "direct.mlir", "-w", "weights.safetensors", "--samples", "good.tokens", "-o", "p", "--window", "4"];
    insta::assert_snapshot!("tokens_for_a_step_without_tokens", fail(directory.path(), &args));
}

#[test]
fn weights_with_nan_are_refused() {
    if !plugin() {
        return;
    }
    let mut w = noise(2048 * 8, 2);
    w[8 * 77 + 3] = f32::NAN;
    let directory = direct(&[("x", &[64, 1, 8], noise(512, 1))], w);
    insta::assert_snapshot!("plan_weights_with_nan", fail(directory.path(), PLAN_DIRECT));
}

#[test]
fn tokens_and_texts_that_cannot_be_read_are_refused() {
    if !plugin() {
        return;
    }
    let directory = directory();
    let here = directory.path();
    for name in ["model.mlir", "weights.safetensors"] {
        fs::copy(testdata(&format!("tiny/{name}")), here.join(name)).unwrap();
    }
    let plan = |samples: &str, more: &[&str]| {
        let args = ["plan", "model.mlir", "-w", "weights.safetensors", "-o", "plan.json", "--samples", samples];
        fail(here, &[&args[..], more].concat())
    };
    fs::write(here.join("bad.tokens"), "1 2 3\n4 five 6\n").unwrap();
    fs::write(here.join("empty.tokens"), "\n").unwrap();
    fs::write(here.join("text.txt"), "once upon a time").unwrap();
    insta::assert_snapshot!("no_samples", plan("none.txt", &[]));
    insta::assert_snapshot!("tokens_that_are_no_numbers", plan("bad.tokens", &["--window", "8"]));
    insta::assert_snapshot!("no_tokens", plan("empty.tokens", &["--window", "8"]));
    insta::assert_snapshot!("no_tokenizer", plan("text.txt", &[]));
    fs::write(here.join("good.tokens"), "1 2 3\n").unwrap();
    insta::assert_snapshot!("no_window", plan("good.tokens", &[]));
}

#[test]
fn a_calibration_file_of_another_model_is_refused() {
    if !plugin() {
        return;
    }
    let directory = direct(&[("x", &[64, 1, 8], noise(512, 1))], noise(2048 * 8, 2));
    let here = directory.path();
    write_tensors(&here.join("c.safetensors"), &[("logits/second_moment", &[4, 4], noise(16, 1))]);
    let compile = |calibration: &str| {
        let args = ["compile", "direct.mlir", "-w", "weights.safetensors", "--predictor", "lr:4", "-o", "out"];
        fail(here, &[&args[..], &["--calibration", calibration]].concat())
    };
    insta::assert_snapshot!("calibration_of_another_width", compile("c.safetensors"));
    insta::assert_snapshot!("calibration_that_is_none", compile("weights.safetensors"));
    insta::assert_snapshot!("no_calibration", compile("none.safetensors"));
}

/// A ReLU layer alone.
const LAYER: &str = r#"func.func @main(%w1: tensor<256x16xf32> loc("params['w1']"), %w2: tensor<256x16xf32> loc("params['w2']"), %x: tensor<1x16xf32> loc("x")) -> tensor<1x16xf32> {
  %0 = stablehlo.dot_general %x, %w1, contracting_dims = [1] x [1] : (tensor<1x16xf32>, tensor<256x16xf32>) -> tensor<1x256xf32>
  %zero = stablehlo.constant dense<0.0> : tensor<1x256xf32>
  %1 = stablehlo.maximum %0, %zero : tensor<1x256xf32>
  %2 = stablehlo.dot_general %1, %w2, contracting_dims = [1] x [0] : (tensor<1x256xf32>, tensor<256x16xf32>) -> tensor<1x16xf32>
  return %2 : tensor<1x16xf32>
}
"#;

/// The first 32 of 256 neurons lean to being active, the others to being inactive.
fn layer() -> (tempfile::TempDir, Vec<f32>, Vec<f32>) {
    let directory = directory();
    fs::write(directory.path().join("direct.mlir"), LAYER).unwrap();
    let lean = |at: usize| if at < 32 * 16 { 0.4 } else { -0.4 };
    let w1: Vec<f32> = noise(256 * 16, 3).iter().enumerate().map(|(at, x)| 0.6 * x + lean(at)).collect();
    let x: Vec<f32> = noise(256 * 16, 1).iter().map(|x| x.abs()).collect();
    let params = [("params['w1']", &[256usize, 16][..], w1.clone()), ("params['w2']", &[256, 16], noise(256 * 16, 4))];
    write_tensors(&directory.path().join("weights.safetensors"), &params);
    write_tensors(&directory.path().join("x.safetensors"), &[("x", &[256, 1, 16], x.clone())]);
    (directory, w1, x)
}

#[test]
fn a_layer_is_planned_by_its_active_neurons() {
    if !plugin() {
        return;
    }
    let (directory, w1, x) = layer();
    let here = directory.path();
    let more = ["--json", "--candidates", "q8,lr:1", "--report", "report.html"];
    let answer: Value = serde_json::from_str(&succeed(here, &[PLAN_DIRECT, &more].concat())).unwrap();
    let site = &answer["sites"][0];
    // The shares of zeros and of energy, computed anew.
    let held_out: Vec<&[f32]> = x.chunks(16).enumerate().filter(|(i, _)| i / 32 % 2 == 1).map(|(_, row)| row).collect();
    let (mut zeros, mut energy) = (0.0, 0.0);
    for x in &held_out {
        let neuron = |row: &[f32]| row.iter().zip(*x).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>().max(0.0);
        let mut active: Vec<f64> = w1.chunks(16).map(neuron).collect();
        zeros += active.iter().filter(|a| **a == 0.0).count() as f64 / 256.0;
        active.sort_by(|a, b| b.total_cmp(a));
        let squares = |a: &[f64]| a.iter().map(|a| a * a).sum::<f64>();
        energy += squares(&active[..13]) / squares(&active);
    }
    let mean = |sum: f64| sum / held_out.len() as f64;
    let close = |found: &Value, expected: f64| (found.as_f64().unwrap() - expected).abs() < 1e-5;
    assert!(close(&site["sparsity"]["zeros"], mean(zeros)), "{} {}", site["sparsity"], mean(zeros));
    assert!(close(&site["sparsity"]["energy"][1], mean(energy)), "{} {}", site["sparsity"], mean(energy));

    let chosen = &site["chosen"];
    assert_eq!(chosen["group"], 8, "{site}");
    // A selection of fewer neurons than are active, 32, must lose some.
    let small = |p: &&Value| p["predictor"] == "q8" && p["k_prime"] == 24;
    let small = site["measured"].as_array().unwrap().iter().find(small).unwrap();
    assert!(small["recall"].as_f64().unwrap() < 0.9, "{small}");
    assert!(chosen["recall"].as_f64().unwrap() >= 0.97 && chosen["k_prime"].as_u64().unwrap() < 192, "{chosen}");
    assert!(chosen["bytes"].as_u64() < site["dense_bytes"].as_u64());
    let page = fs::read_to_string(here.join("report.html")).unwrap();
    assert!(page.contains("<h2>Sparsity of activations</h2>") && page.contains("exact zeros"));

    // The plan compiles, and its program is close to the dense one.
    let compile = ["compile", "direct.mlir", "-w", "weights.safetensors", "-o"];
    succeed(here, &[&compile[..], &["dense", "--dense"]].concat());
    succeed(here, &[&compile[..], &["hire", "--plan", "plan.json"]].concat());
    let manifest: Value = serde_json::from_slice(&fs::read(here.join("hire/manifest.json")).unwrap()).unwrap();
    let planned = &manifest["sites"][0];
    assert_eq!(planned["guarantee"], format!("recall:{}", chosen["scored_recall"].as_f64().unwrap()));
    assert_eq!(planned["bytes"]["predicted"], chosen["bytes"], "plan and compiler count alike");
}

#[test]
fn smooth_gates_are_told_of_and_left_dense() {
    if !plugin() {
        return;
    }
    let directory = directory();
    let here = directory.path();
    let text = root().join("tools/zoo/sample_texts.txt").display().to_string();
    let (model, weights) = (testdata("tiny/model.mlir"), testdata("tiny/weights.safetensors"));
    let plan = ["plan", &model, "-w", &weights, "--samples", &text, "-o", "plan.json", "--positions", "128", "--json"];
    let answer: Value = serde_json::from_str(&succeed(here, &plan)).unwrap();
    let layer = &answer["sites"][0];
    assert_eq!((&layer["name"], &layer["chosen"]), (&"layers.0/ffn".into(), &Value::Null));
    assert!(layer["sparsity"]["zeros"].as_f64().unwrap() < 0.01, "a GELU is hardly ever 0: {}", layer["sparsity"]);
    let energy: Vec<f64> =
        layer["sparsity"]["energy"].as_array().unwrap().iter().map(|e| e.as_f64().unwrap()).collect();
    assert!(energy.is_sorted() && energy[4] > 0.5 && energy[4] < 1.0, "{energy:?}");
    let written: Value = serde_json::from_slice(&fs::read(here.join("plan.json")).unwrap()).unwrap();
    assert_eq!(written["sites"].as_object().unwrap().keys().collect::<Vec<_>>(), ["head"]);
}

/// The program of that name in the search path.
fn browser() -> Option<std::path::PathBuf> {
    let named = std::env::var_os("HIRE_CHROMIUM").map(std::path::PathBuf::from);
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let mut found = std::env::split_paths(&paths)
        .flat_map(|p| ["chromium", "chromium-browser", "google-chrome"].map(|name| p.join(name)));
    named.or_else(|| found.find(|p| p.is_file()))
}

/// Writes a report for the direct module.
fn report(directory: &Path) -> String {
    let more = ["--candidates", "lr:2,lr:4:q8,q8,lr:2>q8", "--recall", "0.9", "--report", "report.html"];
    succeed(directory, &[PLAN_DIRECT, &more].concat());
    fs::read_to_string(directory.join("report.html")).unwrap()
}

#[test]
fn the_report_needs_no_other_file_and_draws_every_candidate() {
    if !plugin() {
        return;
    }
    let directory = direct(&[("x", &[256, 1, 8], noise(2048, 1))], noise(2048 * 8, 2));
    let page = report(directory.path());
    for part in ["<script", "src=", "href=", "url(", "NaN", "inf"] {
        assert!(!page.contains(part), "{part} in the page");
    }
    let lines: Vec<&str> = page.split("<polyline").skip(1).collect();
    assert_eq!(lines.len(), 4);
    for line in lines {
        let points = line.split("points=\"").nth(1).unwrap().split('"').next().unwrap();
        let numbers: Vec<f64> = points.split([' ', ',']).map(|x| x.parse().unwrap()).collect();
        assert!(!numbers.is_empty() && numbers.len().is_multiple_of(2));
        for place in numbers.chunks(2) {
            assert!((70.0..=710.0).contains(&place[0]) && (16.0..=316.0).contains(&place[1]), "{place:?}");
        }
        // Bytes rise to the right, and so does recall: y falls.
        assert!(numbers.chunks(2).collect::<Vec<_>>().windows(2).all(|p| p[0][0] <= p[1][0] && p[0][1] > p[1][1]));
    }
    assert!(page.contains("lr:2&gt;q8"), "names are escaped");
}

/// Chromium builds the page as it was written, and every chart takes room on it.
#[test]
fn a_browser_shows_the_report() {
    let Some(browser) = browser() else {
        eprintln!("SKIPPED: no Chromium in the path, and HIRE_CHROMIUM is not set");
        return;
    };
    if !plugin() {
        return;
    }
    let directory = direct(&[("x", &[256, 1, 8], noise(2048, 1))], noise(2048 * 8, 2));
    let page = report(directory.path());
    // The test's own script tells the sizes of what is drawn in the page's title.
    let probe = "<script>document.title = JSON.stringify([...document.querySelectorAll('figure svg')].map(svg => \
        [svg.getBoundingClientRect().width, svg.getBoundingClientRect().height, \
        [...svg.querySelectorAll('polyline, rect, circle')].filter(e => { const b = e.getBBox(); return b.width + b.height > 0; }).length]))\
        </script></body>";
    let probed = directory.path().join("probed.html");
    fs::write(&probed, page.replace("</body>", probe)).unwrap();
    let output = std::process::Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--window-size=1000,1400", "--dump-dom"])
        .arg(format!("--user-data-dir={}", directory.path().join("profile").display()))
        .arg(format!("file://{}", probed.display()))
        .output()
        .unwrap();
    let dom = String::from_utf8_lossy(&output.stdout);
    let title = dom.split("<title>").nth(1).and_then(|t| t.split("</title>").next()).unwrap_or_default();
    let charts: Vec<(f64, f64, u64)> = serde_json::from_str(title).unwrap_or_else(|e| panic!("{e}: {dom}"));
    let [bars, curves] = charts.as_slice() else { panic!("{charts:?}") };
    assert!(bars.0 > 500.0 && bars.1 > 50.0 && bars.2 == 4, "{charts:?}");
    assert!(curves.0 > 500.0 && curves.1 > 200.0 && curves.2 > 12, "{charts:?}");
}
