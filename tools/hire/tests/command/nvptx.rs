//! Artifacts for NVIDIA GPUs, on a machine that need not have one.

use crate::{fail, succeed, testdata};

#[test]
fn the_tiny_model_compiles_to_ptx() {
    let directory = tempfile::tempdir().unwrap();
    let (model, weights) = (testdata("tiny/logits-f32-b1.mlir"), testdata("tiny/weights.safetensors"));
    let compile = |target: &str, out: &str| -> Vec<String> {
        ["compile", &model, "--weights", &weights, "--dense", "--target", target, "-o", out].map(str::to_owned).into()
    };
    let arguments = compile("nvptx:sm_90", "artifact");
    succeed(directory.path(), &arguments.iter().map(String::as_str).collect::<Vec<_>>());
    let ptx = std::fs::read_to_string(directory.path().join("artifact/kernels.ptx")).unwrap();
    assert!(ptx.contains(".target sm_90") && !ptx.contains(".extern"), "{ptx}");
    hire_ptx_check::Module::parse(&ptx).unwrap();

    let report = succeed(directory.path(), &["inspect", "artifact", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["arch"], "sm_90");
    let kernels = report["kernels"].as_array().unwrap();
    assert!(kernels.len() > 20);
    // The product of the embedding's 4096 rows of 64 f32 with a vector reads each once.
    let largest = kernels.iter().map(|k| k["estimate"]["read_bytes"].as_u64().unwrap()).max().unwrap();
    assert!((4096 * 64 * 4..4096 * 64 * 4 + 10_000).contains(&largest), "{largest}");
    for kernel in kernels {
        let (share, occupancy) = (&kernel["estimate"]["bandwidth_share"], &kernel["estimate"]["occupancy"]);
        let inside = |value: &serde_json::Value| (0.0..=1.0).contains(&value.as_f64().unwrap());
        assert!(inside(share) && inside(occupancy) && kernel["calls"].as_u64() >= Some(1), "{kernel}");
    }
    let table = succeed(directory.path(), &["inspect", "artifact"]);
    assert!(table.contains("sm_90") && table.contains("not measured"), "{table}");
    let refused = fail(directory.path(), &["inspect", "artifact", "--vs", "artifact"]);
    assert!(refused.contains("artifacts for TPUs"), "{refused}");
}

#[test]
fn a_run_without_a_driver_says_so() {
    if ["libcuda.so.1", "libcuda.so"]
        .iter()
        .any(|name| std::path::Path::new("/usr/lib/x86_64-linux-gnu").join(name).exists())
    {
        eprintln!("SKIPPED: there is an NVIDIA driver");
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let (model, weights) = (testdata("tiny/logits-f32-b1.mlir"), testdata("tiny/weights.safetensors"));
    let arguments = ["compile", &model, "--weights", &weights, "--dense", "--target", "nvptx:sm_80", "-o", "artifact"];
    succeed(directory.path(), &arguments);
    let said = fail(directory.path(), &["run", "artifact", "--seed", "1"]);
    assert!(said.starts_with("exit code 1\n") && said.contains("there is no NVIDIA driver on this machine"), "{said}");
    assert_eq!(said.matches("error").count(), 1, "{said}");
}

#[test]
fn unknown_architectures_are_refused() {
    let directory = tempfile::tempdir().unwrap();
    let model = testdata("tiny/logits-f32-b1.mlir");
    let said = fail(directory.path(), &["compile", &model, "--dense", "--target", "nvptx:sm_61", "-o", "artifact"]);
    assert!(said.contains("unknown target 'nvptx:sm_61'") && said.contains("nvptx:sm_90"), "{said}");
    assert!(!directory.path().join("artifact").exists());
}
