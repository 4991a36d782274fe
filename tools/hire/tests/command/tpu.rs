//! Compiling for TPUs ahead of time, and inspecting what came out.

use std::fs;
use std::path::Path;

use super::{fail, root, succeed, testdata};

/// A directory with the tiny model in it.
fn tiny() -> tempfile::TempDir {
    fs::create_dir_all(root().join("target")).unwrap();
    let directory = tempfile::tempdir_in(root().join("target")).unwrap();
    for name in ["model.mlir", "weights.safetensors", "model.json"] {
        fs::copy(testdata(&format!("tiny/{name}")), directory.path().join(name)).unwrap();
    }
    directory
}

/// The same library, in a package of another version.
#[test]
#[cfg(unix)]
fn another_version_of_libtpu_is_refused() {
    if !libtpu() {
        return;
    }
    let directory = tiny();
    let here = directory.path();
    let named = std::env::var_os("HIRE_PJRT_PLUGIN_TPU").map_or(root().join("target/plugins/pjrt_tpu.so"), Into::into);
    fs::create_dir_all(here.join("libtpu-0.0.1.dist-info")).unwrap();
    fs::create_dir_all(here.join("libtpu")).unwrap();
    std::os::unix::fs::symlink(named.canonicalize().unwrap(), here.join("libtpu/libtpu.so")).unwrap();
    let compile = ["compile", "model.mlir", "--shapes-only", "--target", "tpu:v5e:1x1", "-o", "out"];
    let message = fail(here, &[&compile[..], &["--libtpu", "libtpu/libtpu.so"]].concat());
    assert!(message.contains("is version 0.0.1; hire chooses forms") && message.contains("remedy: "), "{message}");
}

/// Whether libtpu is where `./x setup tpu` puts it; says so when it is not.
fn libtpu() -> bool {
    let found =
        std::env::var_os("HIRE_PJRT_PLUGIN_TPU").is_some() || root().join("target/plugins/pjrt_tpu.so").exists();
    if !found {
        eprintln!("SKIPPED: no libtpu; run ./x setup tpu");
    }
    found
}

fn compile(directory: &Path, output: &str, more: &[&str]) {
    let args = ["compile", "model.mlir", "--target", "tpu:v5e:1x1", "-o", output];
    succeed(directory, &[&args, more].concat());
}

#[test]
fn bad_input_is_one_error_with_a_remedy() {
    let directory = tiny();
    let here = directory.path();
    let error = |args: &[&str]| fail(here, &[&["compile", "model.mlir", "-o", "out"], args].concat());
    let shapes = error(&["--shapes-only"]);
    assert!(shapes.contains("--shapes-only compiles for TPUs, not for pjrt:cpu\n  remedy: "), "{shapes}");
    let missing = error(&["--shapes-only", "--target", "tpu:v5e:1x1", "--libtpu", "gone.so"]);
    assert!(missing.contains("gone.so: no such file, but --libtpu names it\n  remedy: "), "{missing}");
    let other = error(&["-w", "weights.safetensors", "--libtpu", "gone.so"]);
    assert!(other.contains("--libtpu is for tpu targets, not for pjrt:cpu\n  remedy: "), "{other}");
    fs::write(here.join("text.so"), "no library").unwrap();
    let broken = error(&["--shapes-only", "--target", "tpu:v5e:1x1", "--libtpu", "text.so"]);
    assert!(broken.contains("not a loadable shared library") && broken.contains("\n  remedy: "), "{broken}");
    assert!(!here.join("out").exists());
    succeed(here, &["compile", "model.mlir", "-w", "weights.safetensors", "--target", "stablehlo", "-o", "plain"]);
    let plain = fail(here, &["inspect", "plain"]);
    assert!(plain.contains("plain is compiled for stablehlo, not ahead of time for TPUs\n  remedy: "), "{plain}");
}

#[test]
fn a_step_is_compiled_and_estimated_without_a_tpu() {
    if !libtpu() {
        return;
    }
    let directory = tiny();
    let here = directory.path();
    compile(here, "hire", &["-w", "weights.safetensors", "--predictor", "q8", "--group", "8", "--k-prime", "128"]);
    compile(here, "dense", &["--shapes-only", "--dense"]);
    let text = succeed(here, &["inspect", "hire", "--vs", "dense", "--json"]);
    let answer: serde_json::Value = serde_json::from_str(&text).unwrap();
    for key in ["step_estimate_us", "hbm_bytes", "peak_bytes"] {
        assert!(answer[key].as_f64().unwrap() > 0.0, "{key}");
    }
    let sum =
        |rows: &str| answer[rows].as_array().unwrap().iter().map(|row| row["cycles"].as_f64().unwrap()).sum::<f64>();
    let total = answer["step_estimate_cycles"].as_f64().unwrap();
    assert!((sum("ops") - total).abs() < 1.0 && (sum("sites") - total).abs() < 1.0, "{total}");
    assert!(answer["sites"].as_array().unwrap().iter().any(|site| site["predictor"] == "q8"));
    assert!(answer["versus"]["ratio"].as_f64().unwrap() > 0.0);
    // The tiny model's rows of 64 elements do not fill a register of 128, so that libtpu stores its embedding anew.
    let defects = answer["defects"].as_array().unwrap();
    assert!(defects.iter().all(|defect| defect.as_str().unwrap().contains("params['embedding']")), "{defects:?}");
    let checked = fail(here, &["inspect", "hire", "--check", "--json"]);
    assert!(defects.is_empty() || checked.contains("of which only rows are needed\n  remedy: "), "{checked}");
    assert!(succeed(here, &["inspect", "dense"]).contains("step estimate"));
    let coarse =
        ["compile", "model.mlir", "--shapes-only", "--target", "tpu:v5e:1x1", "-o", "out", "--predictor", "q4"];
    let coarse = fail(here, &coarse);
    assert!(coarse.contains("q4 has no form for TPUs"), "{coarse}");
    let wrong = fail(here, &["compile", "model.mlir", "--shapes-only", "--target", "tpu:v99:1x1", "-o", "out"]);
    assert!(wrong.contains("cannot compile for the topology 'v99:1x1'") && wrong.contains("remedy"), "{wrong}");
}
