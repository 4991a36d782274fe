//! Artifacts on disk: written whole, read back, and every kind of damage reported. Messages are snapshots.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use hire_artifact::manifest::{self, BytesPerStep, Head, ModelId, ProgramFile, Site, SiteBytes, WeightsFile};
use hire_artifact::{
    Argument, ArgumentRole, Artifact, ArtifactWriter, Check, ElementType, Error, Manifest, ResultRole, ResultValue,
    Target, Tensor, TensorType, Weights, write_weights,
};

fn argument(name: &str, role: ArgumentRole, alias_result: Option<usize>) -> Argument {
    Argument { name: name.into(), role, dtype: ElementType::F32, shape: vec![4], alias_result }
}

fn sample() -> Manifest {
    Manifest {
        format: manifest::FORMAT.into(),
        version: manifest::VERSION,
        producer: "hire 0.1.0".into(),
        target: Target::Pjrt("cpu".into()),
        model: ModelId { name: "tiny".into(), fingerprint: "sha256:00".into() },
        program: ProgramFile { file: manifest::PROGRAM.into(), entry: "main".into() },
        weights: Some(WeightsFile { file: manifest::WEIGHTS.into() }),
        arguments: vec![
            argument("params['w']", ArgumentRole::Parameter, None),
            argument("cache", ArgumentRole::State, Some(1)),
            argument("x", ArgumentRole::Input, None),
        ],
        results: vec![
            ResultValue { name: "y".into(), role: ResultRole::Output, dtype: ElementType::F32, shape: vec![4] },
            ResultValue { name: "cache".into(), role: ResultRole::State, dtype: ElementType::F32, shape: vec![4] },
        ],
        bytes_per_step: BytesPerStep { total: 8, dense_total: 16 },
        sites: vec![Site {
            name: "logits".into(),
            predictor: "q8".into(),
            k: 1,
            k_prime: 2,
            group: 1,
            guarantee: "recall:0.99".into(),
            shapes: BTreeMap::from([("weight".into(), vec![2, 2])]),
            bytes: SiteBytes { dense: 16, predicted: 8 },
        }],
        devices: None,
        ahead: None,
        head: Some(Head { kind: "argmax".into(), k: Some(1) }),
        files: BTreeMap::new(),
    }
}

fn write(output: &Path, program: &str) -> Result<(), Error> {
    let mut writer = ArtifactWriter::create(output)?;
    writer.add(manifest::PROGRAM, program.as_bytes())?;
    let tensor = Tensor::new(TensorType::new(ElementType::F32, [4]), vec![0; 16]).unwrap();
    writer.add_with(manifest::WEIGHTS, |out| write_weights(out, [("params['w']", &tensor)]))?;
    writer.finish(sample())
}

/// The error's message with `directory` replaced by `<dir>`.
fn hide(error: &Error, directory: &Path) -> String {
    error.to_string().replace(&directory.display().to_string(), "<dir>")
}

fn names(directory: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn an_artifact_is_read_back_and_leaves_nothing_else() {
    let directory = tempfile::tempdir().unwrap();
    let output = directory.path().join("deep/out");
    write(&output, "module {}").unwrap();
    let artifact = Artifact::open(&output, Check::Digests).unwrap();
    let mut expected = sample();
    expected.files = artifact.manifest().files.clone();
    assert_eq!(artifact.manifest(), &expected);
    assert_eq!(artifact.program().unwrap(), b"module {}");
    assert!(artifact.file(manifest::TOKENIZER).is_none());
    let weights = Weights::open(&artifact.weights().unwrap()).unwrap();
    assert_eq!(weights.get("params['w']").unwrap().ty(), &TensorType::new(ElementType::F32, [4]));
    assert_eq!(names(&directory.path().join("deep")), ["out"]);
    assert_eq!(names(&output), ["manifest.json", "program.mlir", "weights.safetensors"]);
}

#[test]
fn an_artifact_or_an_empty_directory_is_replaced_and_anything_else_refused() {
    let directory = tempfile::tempdir().unwrap();
    let output = directory.path().join("out");
    fs::create_dir(&output).unwrap();
    write(&output, "first").unwrap();
    write(&output, "second").unwrap();
    assert_eq!(Artifact::open(&output, Check::Digests).unwrap().program().unwrap(), b"second");

    fs::write(output.join("manifest.json"), &fs::read(output.join("manifest.json")).unwrap()[..200]).unwrap();
    write(&output, "over a damaged one").unwrap();
    assert_eq!(names(directory.path()), ["out"]);

    let home = directory.path().join("home");
    fs::create_dir(&home).unwrap();
    fs::write(home.join("thesis.txt"), "years of work").unwrap();
    insta::assert_snapshot!("refused", hide(&write(&home, "x").unwrap_err(), directory.path()));
    fs::write(home.join("manifest.json"), r#"{ "name": "a web app" }"#).unwrap();
    assert!(matches!(write(&home, "x"), Err(Error::NotReplaceable(_))));
    let file = directory.path().join("file");
    fs::write(&file, "").unwrap();
    assert!(matches!(write(&file, "x"), Err(Error::NotReplaceable(_))));
    assert_eq!(names(&home), ["manifest.json", "thesis.txt"]);
    assert_eq!(names(directory.path()), ["file", "home", "out"]);
}

#[test]
fn an_abandoned_or_failed_artifact_leaves_the_old_one_and_no_trace() {
    let directory = tempfile::tempdir().unwrap();
    let output = directory.path().join("out");
    write(&output, "old").unwrap();
    let mut writer = ArtifactWriter::create(&output).unwrap();
    writer.add(manifest::PROGRAM, b"new").unwrap();
    drop(writer);
    let mut writer = ArtifactWriter::create(&output).unwrap();
    writer.add(manifest::PROGRAM, b"new").unwrap();
    let failure = writer.add_with("half", |out| {
        out.write_all(b"half")?;
        Err(std::io::ErrorKind::StorageFull.into())
    });
    insta::assert_snapshot!("disk_full", hide(&failure.unwrap_err(), directory.path()));
    // The weights file that the manifest names was never added.
    insta::assert_snapshot!("file_not_added", writer.finish(sample()).unwrap_err());
    assert_eq!(Artifact::open(&output, Check::Digests).unwrap().program().unwrap(), b"old");
    assert_eq!(names(directory.path()), ["out"]);
}

#[test]
fn an_output_below_a_file_is_not_writable() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    fs::write(&file, "").unwrap();
    let error = ArtifactWriter::create(&file.join("out")).unwrap_err();
    insta::assert_snapshot!("unwritable", hide(&error, directory.path()));
}

#[test]
fn file_names_stay_inside_the_artifact() {
    let directory = tempfile::tempdir().unwrap();
    let mut writer = ArtifactWriter::create(&directory.path().join("out")).unwrap();
    for name in ["../escape", "/tmp/escape", "", ".hidden", "manifest.json", "a/b"] {
        assert!(matches!(writer.add(name, b""), Err(Error::Invalid(_))), "{name}");
    }
}

/// Damages an artifact and returns what opening it says.
fn after(damage: impl FnOnce(&Path)) -> String {
    let directory = tempfile::tempdir().unwrap();
    let output = directory.path().join("out");
    write(&output, "module {}").unwrap();
    damage(&output);
    hide(&Artifact::open(&output, Check::Digests).unwrap_err(), directory.path())
}

/// Replaces text in the manifest.
fn edit(from: &'static str, to: &'static str) -> impl FnOnce(&Path) {
    move |output| {
        let path = output.join("manifest.json");
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from} is not in the manifest");
        fs::write(path, text.replacen(from, to, 1)).unwrap();
    }
}

#[test]
fn every_damage_has_its_message() {
    insta::assert_snapshot!("no_directory", after(|output| fs::remove_dir_all(output).unwrap()));
    insta::assert_snapshot!("no_manifest", after(|output| fs::remove_file(output.join("manifest.json")).unwrap()));
    insta::assert_snapshot!(
        "truncated_manifest",
        after(|output| {
            let path = output.join("manifest.json");
            let text = fs::read(&path).unwrap();
            fs::write(path, &text[..text.len() / 2]).unwrap();
        })
    );
    insta::assert_snapshot!(
        "garbage_manifest",
        after(|output| fs::write(output.join("manifest.json"), b"\x7fELF\x00\x01").unwrap())
    );
    insta::assert_snapshot!("unknown_field", after(edit("\"head\"", "\"haed\": 1, \"head\"")));
    insta::assert_snapshot!("newer_version", after(edit("\"version\": 1", "\"version\": 2, \"novelty\": true")));
    insta::assert_snapshot!("other_format", after(edit("hire-artifact", "onnx")));
    insta::assert_snapshot!("unknown_dtype", after(edit("\"f32\"", "\"float\"")));
    insta::assert_snapshot!("bad_alias", after(edit("\"alias_result\": 1", "\"alias_result\": 0")));
    insta::assert_snapshot!("escaping_file", after(edit("\"weights.safetensors\": {", "\"../w\": {")));
    insta::assert_snapshot!("unlisted_file", after(edit("\"program.mlir\": {", "\"other.mlir\": {")));
    insta::assert_snapshot!("missing_file", after(|output| fs::remove_file(output.join("program.mlir")).unwrap()));
    insta::assert_snapshot!("truncated_file", after(|output| fs::write(output.join("program.mlir"), "mod").unwrap()));
    insta::assert_snapshot!(
        "tampered_file",
        after(|output| fs::write(output.join("program.mlir"), "module []").unwrap())
    );
}

#[test]
fn digests_can_be_skipped_and_sizes_cannot() {
    let directory = tempfile::tempdir().unwrap();
    let output = directory.path().join("out");
    write(&output, "module {}").unwrap();
    fs::write(output.join("program.mlir"), "module []").unwrap();
    Artifact::open(&output, Check::Sizes).unwrap();
    fs::write(output.join("program.mlir"), "module").unwrap();
    assert!(matches!(Artifact::open(&output, Check::Sizes), Err(Error::Size { .. })));
}
