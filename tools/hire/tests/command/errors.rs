//! Bad input: one error with place and remedy, the right exit code, and nothing half-written.

use std::fs;
use std::path::Path;

use super::{fail, hire, plugin, root, testdata};

/// A fresh directory with the tiny model in it.
fn tiny() -> tempfile::TempDir {
    fs::create_dir_all(root().join("target")).unwrap();
    let directory = tempfile::tempdir_in(root().join("target")).unwrap();
    for name in ["model.mlir", "weights.safetensors", "model.json"] {
        fs::copy(testdata(&format!("tiny/{name}")), directory.path().join(name)).unwrap();
    }
    directory
}

const COMPILE: &[&str] = &["compile", "model.mlir", "-w", "weights.safetensors", "-o", "out"];

/// A module of a few lines.
const SMALL: &str = r#"func.func @main(%arg0: tensor<2xf32> loc("params['a']"), %arg1: tensor<2xf32>) -> tensor<2xf32> {
  %0 = stablehlo.multiply %arg0, %arg1 : tensor<2xf32>
  %1 = stablehlo.add %0, %arg1 : tensor<2xf32>
  return %1 : tensor<2xf32>
}
"#;

/// Compiles with further arguments, which must fail and leave no output.
fn refused(directory: &Path, more: &[&str]) -> String {
    let error = fail(directory, &[COMPILE, more].concat());
    assert!(!directory.join("out").exists(), "output was left behind");
    let leftovers: Vec<_> = fs::read_dir(directory)
        .unwrap()
        .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with('.'))
        .collect();
    assert!(leftovers.is_empty(), "{leftovers:?} were left behind");
    error
}

/// Changes a file of the directory.
fn edit(directory: &Path, name: &str, change: impl FnOnce(String) -> String) {
    let path = directory.join(name);
    fs::write(&path, change(fs::read_to_string(&path).unwrap())).unwrap();
}

#[test]
fn a_truncated_module() {
    let directory = tiny();
    fs::write(directory.path().join("model.mlir"), &SMALL[..SMALL.len() - 60]).unwrap();
    insta::assert_snapshot!(refused(directory.path(), &[]));
}

#[test]
fn garbage_for_a_module() {
    let directory = tiny();
    fs::write(directory.path().join("model.mlir"), "once upon a time\n").unwrap();
    insta::assert_snapshot!("garbage_text", refused(directory.path(), &[]));
    fs::write(directory.path().join("model.mlir"), b"ML\xefR\x06StableHLO_v1.0.0\0\xff\xff\xff").unwrap();
    insta::assert_snapshot!("garbage_bytecode", refused(directory.path(), &[]));
    fs::write(directory.path().join("model.mlir"), "").unwrap();
    insta::assert_snapshot!("empty_module", refused(directory.path(), &[]));
}

#[test]
fn a_module_that_is_no_program() {
    let directory = tiny();
    fs::write(directory.path().join("model.mlir"), SMALL.replace("stablehlo.add", "stablehlo.and")).unwrap();
    insta::assert_snapshot!(refused(directory.path(), &[]));
}

#[test]
fn files_that_are_not_there() {
    let directory = tiny();
    let here = directory.path();
    insta::assert_snapshot!(
        "no_module",
        fail(here, &["compile", "none.mlir", "-w", "weights.safetensors", "-o", "out"])
    );
    insta::assert_snapshot!(
        "no_weights_file",
        fail(here, &["compile", "model.mlir", "-w", "none.safetensors", "-o", "out"])
    );
    insta::assert_snapshot!("no_artifact", fail(here, &["bench", "out"]));
    insta::assert_snapshot!("no_plan_file", refused(here, &["--plan", "plan.json"]));
}

#[test]
fn weights_that_lack_a_tensor() {
    let directory = tiny();
    edit(directory.path(), "model.mlir", |text| text.replace("params['final_norm']", "params['last_norm']"));
    insta::assert_snapshot!(refused(directory.path(), &[]));
}

#[test]
fn weights_of_another_type() {
    let directory = tiny();
    fs::copy(testdata("tiny/weights-bf16.safetensors"), directory.path().join("weights.safetensors")).unwrap();
    insta::assert_snapshot!(refused(directory.path(), &[]));
}

#[test]
fn weights_of_another_model() {
    let directory = tiny();
    edit(directory.path(), "model.mlir", |text| text.replace("params[", "weights["));
    insta::assert_snapshot!(refused(directory.path(), &[]));
}

#[test]
fn a_truncated_weights_file() {
    let directory = tiny();
    let path = directory.path().join("weights.safetensors");
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    insta::assert_snapshot!(refused(directory.path(), &[]));
}

#[test]
fn weights_with_nan() {
    if !plugin() {
        return;
    }
    let directory = tiny();
    let path = directory.path().join("weights.safetensors");
    let mut bytes = fs::read(&path).unwrap();
    let header = 8 + u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let text = String::from_utf8(bytes[8..header].to_vec()).unwrap();
    let json: serde_json::Value = serde_json::from_str(text.trim_end()).unwrap();
    let start = json["params['embedding']"]["data_offsets"][0].as_u64().unwrap() as usize;
    bytes[header + start..header + start + 4].copy_from_slice(&f32::NAN.to_le_bytes());
    fs::write(&path, bytes).unwrap();
    insta::assert_snapshot!(refused(directory.path(), &[]));
}

#[test]
fn a_plan_for_another_model() {
    let directory = tiny();
    let plan = r#"{"version": 1, "sites": {"decoder/logits": {"predictor": "q8", "k_prime": 64}}}"#;
    fs::write(directory.path().join("plan.json"), plan).unwrap();
    insta::assert_snapshot!("plan_of_another_model", refused(directory.path(), &["--plan", "plan.json"]));
    fs::write(directory.path().join("plan.json"), plan.replace("q8", "q9")).unwrap();
    insta::assert_snapshot!("plan_with_unknown_predictor", refused(directory.path(), &["--plan", "plan.json"]));
}

#[test]
fn k_prime_out_of_range() {
    let directory = tiny();
    insta::assert_snapshot!("k_prime_above_vocabulary", refused(directory.path(), &["--k-prime", "5000"]));
    fs::copy(testdata("tiny/topk40-f32-b1.mlir"), directory.path().join("model.mlir")).unwrap();
    insta::assert_snapshot!("k_prime_below_k", refused(directory.path(), &["--k-prime", "39"]));
    insta::assert_snapshot!("rank_above_width", refused(directory.path(), &["--predictor", "lr:65"]));
}

#[test]
fn unknown_names() {
    let directory = tiny();
    let here = directory.path();
    insta::assert_snapshot!("unknown_pass", fail(here, &["opt", "model.mlir", "--passes", "inline,outline"]));
    insta::assert_snapshot!("unknown_predictor", refused(here, &["--predictor", "q3"]));
    insta::assert_snapshot!("unknown_target", refused(here, &["--target", "gpu"]));
    insta::assert_snapshot!("unknown_command", fail(here, &["optimize"]));
}

#[test]
fn a_plugin_that_is_none() {
    let directory = tiny();
    fs::write(directory.path().join("plugin.so"), "not a library").unwrap();
    let error = refused(directory.path(), &["--target", "pjrt:./plugin.so"]);
    insta::assert_snapshot!("plugin_is_text", error);
    insta::assert_snapshot!("plugin_is_missing", refused(directory.path(), &["--target", "pjrt:./none.so"]));
}

#[test]
fn outputs_that_cannot_be_written() {
    let directory = tiny();
    let here = directory.path();
    fs::write(here.join("file"), "").unwrap();
    let compile = |output| fail(here, &["compile", "model.mlir", "-w", "weights.safetensors", "--dense", "-o", output]);
    insta::assert_snapshot!("output_below_a_file", compile("file/out"));
    insta::assert_snapshot!("output_is_a_file", compile("file"));
    fs::create_dir(here.join("full")).unwrap();
    fs::write(here.join("full/precious"), "").unwrap();
    insta::assert_snapshot!("output_is_a_directory_with_files", compile("full"));
    assert!(here.join("full/precious").exists());
    insta::assert_snapshot!("opt_output_below_a_file", fail(here, &["opt", "model.mlir", "-o", "file/out.mlir"]));
}

/// `/dev/full` takes no bytes, like a full disk.
#[test]
fn a_full_disk() {
    let directory = tiny();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_hire"))
        .args(["opt", "model.mlir", "--quiet"])
        .current_dir(directory.path())
        .stdout(fs::OpenOptions::new().write(true).open("/dev/full").unwrap())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(String::from_utf8_lossy(&output.stderr));
}

#[test]
fn usage_errors_exit_with_2() {
    let directory = tiny();
    for args in [&["compile"][..], &["opt"], &["nonsense"], &["opt", "a", "--emit", "xml"], &["generate", "d"]] {
        assert_eq!(hire(directory.path(), args).status.code(), Some(2), "{args:?}");
    }
}
