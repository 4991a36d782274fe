//! Bytecode, on StableHLO's own artifacts and static tests.
//!
//! StableHLO's suite holds a portable artifact of each version, the text it was made from, and what
//! upstream's reader makes of it. They must read as that, and the texts, written at their version, as
//! the artifacts. jaxlib confirms it where a Python with jaxlib is found: it reads our artifacts of
//! 1.17.0 and older, and writes others for us to read.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use hire_compiler::front;
use hire_compiler::ir::{self, Module};
use hire_compiler::print::{Form, Options, print_module};
use hire_compiler::vhlo::Version;
use hire_compiler::write::bytecode::write_artifact;
use hire_tests::oracle::{Binary, Oracle, Verdict};
use hire_tests::{conformance, mlir_files};

/// The newest version that the jaxlib of the oracle reads.
const JAXLIB: Version = Version::new(1, 17);

/// Static tests are many: the oracle sees every so manieth.
const STRIDE: usize = 5;

fn read(path: &Path) -> Module {
    let bytes = Bytes::from(std::fs::read(path).expect("the file can be read"));
    front::parse(bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn write(module: &Module, version: Version, path: &Path) {
    let artifact = write_artifact(module, version).unwrap_or_else(|e| panic!("{} at {version}: {e}", path.display()));
    std::fs::write(path, artifact).expect("the temporary folder can be written");
}

fn assert_same(a: &Module, b: &Module, what: &dyn std::fmt::Display) {
    if let Err(difference) = ir::equal(a, b, false) {
        panic!("{what}: {difference}");
    }
}

/// An artifact of the suite.
struct Artifact {
    path: PathBuf,
    version: Version,
}

impl Artifact {
    /// `stablehlo_legalize_to_vhlo.1_5_0.SUFFIX` beside the artifact.
    fn beside(&self, suffix: &str) -> PathBuf {
        let name = self.path.file_name().expect("a file name").to_string_lossy();
        self.path.with_file_name(name.replace("mlir.bc", suffix))
    }
}

/// The artifacts of the suite, oldest first.
fn artifacts(folder: &Path) -> Vec<Artifact> {
    let entries = std::fs::read_dir(folder.join("vhlo")).expect("the suite has artifacts");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut found: Vec<Artifact> = paths
        .filter(|path| path.extension().is_some_and(|e| e == "bc"))
        .map(|path| {
            let name = path.file_name().expect("a file name").to_string_lossy().into_owned();
            let version = name.split('.').nth(1).expect("a version").replace('_', ".");
            Artifact { version: version.parse().expect("a version"), path }
        })
        .collect();
    found.sort_by_key(|artifact| artifact.version);
    assert!(!found.is_empty(), "the suite has artifacts");
    found
}

/// What upstream reads from an artifact; for those that it could not be asked about, their text
/// without some functions, which the text names, and how many those are.
fn expected(artifact: &Artifact) -> (Module, Vec<String>) {
    let deserialized = artifact.beside("deserialized.mlir");
    if deserialized.is_file() {
        return (read(&deserialized), Vec::new());
    }
    let path = artifact.beside("from_text.mlir");
    let text = std::fs::read_to_string(&path).expect("either of the two is there");
    let left_out = text.lines().filter_map(|line| line.strip_prefix("//   @")?.split(':').next());
    (read(&path), left_out.map(str::to_owned).collect())
}

#[test]
fn artifacts_read_as_upstream_reads_them() {
    let Some(folder) = conformance::folder() else { return };
    let temporary = tempfile::tempdir().expect("a temporary folder can be made");
    let mut pairs = Vec::new();
    for artifact in artifacts(&folder) {
        let mut module = read(&artifact.path);
        let printed = temporary.path().join(format!("{}.mlir", artifact.version));
        let text = print_module(&module, &Options { form: Form::Generic, ..Options::default() });
        std::fs::write(&printed, text).expect("the temporary folder can be written");
        if artifact.version <= JAXLIB {
            pairs.push((artifact.path.clone(), printed));
        }
        let (upstream, left_out) = expected(&artifact);
        module.retain_funcs(|func| !left_out.iter().any(|name| *name == func.name));
        assert_same(&module, &upstream, &artifact.path.display());
    }
    let Some(oracle) = Oracle::find(&folder) else { return };
    for (verdict, (path, _)) in oracle.compare(&pairs).iter().zip(&pairs) {
        assert_eq!(*verdict, Verdict::Equal, "{}", path.display());
    }
}

#[test]
fn texts_are_written_as_upstream_writes_them() {
    let Some(folder) = conformance::folder() else { return };
    let temporary = tempfile::tempdir().expect("a temporary folder can be made");
    let mut pairs = Vec::new();
    for artifact in artifacts(&folder) {
        let twin = artifact.beside("mlir");
        let written = temporary.path().join(format!("{}.bc", artifact.version));
        write(&read(&twin), artifact.version, &written);
        assert_same(&read(&written), &read(&artifact.path), &twin.display());
        if artifact.version <= JAXLIB {
            pairs.push((artifact.path.clone(), written));
        }
    }
    let Some(oracle) = Oracle::find(&folder) else { return };
    for (verdict, (path, _)) in oracle.compare(&pairs).iter().zip(&pairs) {
        assert_eq!(*verdict, Verdict::Equal, "{}", path.display());
    }
}

/// The static tests that artifacts can hold: those without CHLO.
fn static_tests(folder: &Path) -> Vec<PathBuf> {
    let mut files = mlir_files(&folder.join("testdata"));
    files.retain(|path| !std::fs::read_to_string(path).expect("the file can be read").contains("chlo."));
    files
}

#[test]
fn static_tests_survive_artifacts_of_every_age() {
    let Some(folder) = conformance::folder() else { return };
    let temporary = tempfile::tempdir().expect("a temporary folder can be made");
    let mut pairs = Vec::new();
    for (number, path) in static_tests(&folder).into_iter().enumerate() {
        let module = read(&path);
        for version in [Version::MINIMUM, Version::new(1, 0), Version::new(1, 10), JAXLIB, Version::CURRENT] {
            let written = temporary.path().join(format!("{number}.{version}.bc"));
            write(&module, version, &written);
            assert_same(&read(&written), &module, &path.display());
            if number % STRIDE == 0 && version <= JAXLIB {
                pairs.push((path.clone(), written));
            }
        }
    }
    let Some(oracle) = Oracle::find(&folder) else { return };
    for (verdict, (path, _)) in oracle.compare(&pairs).iter().zip(&pairs) {
        assert_eq!(*verdict, Verdict::Equal, "{}", path.display());
    }
}

#[test]
fn what_jaxlib_writes_is_read() {
    let Some(folder) = conformance::folder() else { return };
    let Some(oracle) = Oracle::find(&folder) else { return };
    let temporary = tempfile::tempdir().expect("a temporary folder can be made");
    let forms = [
        Binary::Artifact("0.9.0"),
        Binary::Artifact("1.5.0"),
        Binary::Artifact("1.17.0"),
        Binary::Plain(0),
        Binary::Plain(2),
        Binary::Plain(6),
    ];
    let files = mlir_files(&folder.join("testdata")).into_iter().step_by(STRIDE).enumerate();
    let jobs: Vec<_> = files
        .flat_map(|(number, path)| forms.map(|form| (path.clone(), form, format!("{number}.{form:?}.bc"))))
        .map(|(path, form, name)| (path, form, temporary.path().join(name)))
        .collect();
    let written = oracle.write(&jobs);
    let mut read_back = 0;
    for ((path, form, target), _) in jobs.iter().zip(written).filter(|(_, written)| *written) {
        assert_same(&read(target), &read(path), &format!("{} as {form:?}", path.display()));
        read_back += 1;
    }
    // Artifacts hold no CHLO; everything else is written.
    assert!(read_back * 10 > jobs.len() * 9, "{read_back} of {} could be written", jobs.len());
    println!("{read_back} files that jaxlib wrote read as their text");
}
