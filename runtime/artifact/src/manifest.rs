//! `manifest.json`.
//!
//! ```json
#![doc = include_str!("../manifest_example.json")]
//! ```
//!
//! `weights` is absent when the program has no parameter, `head` when the program was not exported with one. `files`
//! lists every file of the artifact but the manifest. `tokenizer.json` and `model.json` are copied from the model where it
//! has them; whoever needs them looks in `files`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::devices::Devices;
use crate::interface::{Argument, ArgumentRole, Interface, ResultValue};
use crate::target::Target;

/// The value of `format`.
pub const FORMAT: &str = "hire-artifact";
/// The version of the format that this crate reads and writes.
pub const VERSION: u32 = 1;
/// The manifest's file name.
pub const MANIFEST: &str = "manifest.json";
/// Conventional file name of the program.
pub const PROGRAM: &str = "program.mlir";
/// Conventional file name of the weights.
pub const WEIGHTS: &str = "weights.safetensors";
/// Conventional file name of an executable that was compiled ahead of time.
pub const EXECUTABLE: &str = "program.executable";
/// Conventional file name of its scheduled program.
pub const SCHEDULED: &str = "program.hlo.pb";
/// File name of the tokenizer, where there is one.
pub const TOKENIZER: &str = "tokenizer.json";
/// File name of the model's description, where there is one.
pub const MODEL: &str = "model.json";

/// The contents of `manifest.json`; see the module's documentation for an example.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Always [`FORMAT`].
    pub format: String,
    /// Always [`VERSION`].
    pub version: u32,
    /// The program that wrote the artifact, with its version.
    pub producer: String,
    /// What the program was compiled for.
    pub target: Target,
    /// The model that was compiled.
    pub model: ModelId,
    /// The program.
    pub program: ProgramFile,
    /// The weights, unless the program has no parameter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weights: Option<WeightsFile>,
    /// Arguments of the entry, in order.
    pub arguments: Vec<Argument>,
    /// Results of the entry, in order.
    pub results: Vec<ResultValue>,
    /// Bytes that one step reads.
    pub bytes_per_step: BytesPerStep,
    /// The rewritten sites; empty for a dense program.
    pub sites: Vec<Site>,
    /// The devices that the program runs on, where they are several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub devices: Option<Devices>,
    /// What was compiled ahead of time, for targets that are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ahead: Option<Ahead>,
    /// What the last result of a step is made for, where the model says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head: Option<Head>,
    /// Every other file of the artifact. [`crate::ArtifactWriter::finish`] fills it in.
    pub files: BTreeMap<String, FileRecord>,
}

/// Which model an artifact was made from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelId {
    /// A name for people.
    pub name: String,
    /// Digest of the model's program and weights, `sha256:` and 64 hexadecimal digits; artifacts of one model agree in it.
    pub fingerprint: String,
}

/// Where the program is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProgramFile {
    /// File name.
    pub file: String,
    /// Name of the function to run.
    pub entry: String,
}

/// Where the weights are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeightsFile {
    /// File name.
    pub file: String,
}

/// Bytes of weights that one step reads.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BytesPerStep {
    /// By this program.
    pub total: u64,
    /// By the dense program of the same model.
    pub dense_total: u64,
}

/// One rewritten site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// Stable name of the site.
    pub name: String,
    /// Predictor as the command line spells it, such as `q8` or `lr:128:q8>q8`.
    pub predictor: String,
    /// Entries that the model needs.
    pub k: u64,
    /// Entries that the predictor selects.
    pub k_prime: u64,
    /// Consecutive entries selected together.
    pub group: u64,
    /// `exact` or `recall:R`.
    pub guarantee: String,
    /// Shapes of the site's tensors by their role, such as `weight`.
    pub shapes: BTreeMap<String, Vec<u64>>,
    /// Bytes of weights that one step reads at this site.
    pub bytes: SiteBytes,
}

/// Bytes of weights that one step reads at a site.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteBytes {
    /// By the dense product.
    pub dense: u64,
    /// By predictor and gather together.
    pub predicted: u64,
}

/// What a compiler that runs ahead of time made of the program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ahead {
    /// The arrangement of devices, as the compiler names it: `v5e:1x1`.
    pub topology: String,
    /// The compiler with its version: `libtpu 0.0.52`.
    pub compiler: String,
    /// Options that the compiler was given.
    pub options: BTreeMap<String, String>,
    /// File name of the serialized executable.
    pub executable: String,
    /// File name of the scheduled program, a `HloModuleProtoWithConfig`.
    pub scheduled: String,
    /// Main-memory bytes a cycle at which the compiler streams weights, by its own estimate.
    pub bytes_per_cycle: f64,
    /// What the program takes of the device's memory.
    pub memory: DeviceMemory,
    /// The places that could be rewritten, dense or not, by the name scopes of their operations.
    pub scopes: Vec<String>,
}

/// What a compiled program takes of its device's memory, in bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceMemory {
    /// Its arguments, weights and state included.
    pub arguments: u64,
    /// Its results, those in the memory of arguments included.
    pub outputs: u64,
    /// What it needs while it runs.
    pub temporary: u64,
    /// Its code.
    pub generated_code: u64,
    /// The most that is in use at a time.
    pub peak: u64,
}

/// What the last layer's result is made for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// `argmax`, `topk` or `logits`.
    pub kind: String,
    /// Entries returned for `argmax` (1) and `topk`; absent for `logits`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub k: Option<u64>,
}

/// Size and digest of a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileRecord {
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 as 64 lower-case hexadecimal digits.
    pub sha256: String,
}

/// What is read first, so that a manifest of another version is told apart from a broken one.
#[derive(Deserialize)]
struct Header {
    format: String,
    version: u32,
}

/// What is wrong with a manifest's text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// The text ends too early.
    #[error("it is truncated (line {line}, column {column})")]
    Truncated {
        /// Line of the end, from 1.
        line: usize,
        /// Column of the end, from 1.
        column: usize,
    },
    /// The text is not JSON or not a manifest.
    #[error("{0}")]
    Syntax(String),
    /// Another kind of file.
    #[error("its format is '{0}', not '{FORMAT}'")]
    Format(String),
    /// A manifest of another version.
    #[error("it has format version {0}, this hire reads version {VERSION}")]
    Version(u32),
    /// Fields that contradict each other.
    #[error("{0}")]
    Inconsistent(String),
}

impl Manifest {
    /// Reads and checks a manifest.
    pub fn parse(text: &[u8]) -> Result<Self, ManifestError> {
        let header: Header = serde_json::from_slice(text).map_err(json_error)?;
        if header.format != FORMAT {
            return Err(ManifestError::Format(header.format.chars().take(40).collect()));
        }
        if header.version != VERSION {
            return Err(ManifestError::Version(header.version));
        }
        let manifest: Manifest = serde_json::from_slice(text).map_err(json_error)?;
        manifest.check().map_err(ManifestError::Inconsistent)?;
        Ok(manifest)
    }

    /// The manifest as text.
    pub fn to_text(&self) -> String {
        serde_json::to_string_pretty(self).expect("a manifest has string keys only") + "\n"
    }

    /// The interface of the entry.
    pub fn interface(&self) -> Interface {
        Interface { arguments: self.arguments.clone(), results: self.results.clone() }
    }

    /// Checks what the types do not: the interface, and that the files named are listed and are plain names.
    pub fn check(&self) -> Result<(), String> {
        self.interface().check()?;
        if let Some(devices) = &self.devices {
            devices.check(&self.interface())?;
        }
        // A program that was compiled ahead of time for its shapes alone has no weights yet.
        if self.weights.is_none() && self.ahead.is_none() {
            let parameter = |argument: &&Argument| argument.role == ArgumentRole::Parameter;
            if let Some(argument) = self.arguments.iter().find(parameter) {
                return Err(format!("argument '{}' is a parameter, but there is no weights file", argument.name));
            }
        }
        if let Some(name) = self.files.keys().find(|name| !is_plain_name(name)) {
            return Err(format!("file '{name}' is not a plain file name"));
        }
        let ahead = self.ahead.iter().flat_map(|ahead| [&ahead.executable, &ahead.scheduled]);
        let weights = self.weights.as_ref().map(|weights| &weights.file);
        let named = std::iter::once(&self.program.file).chain(weights).chain(ahead);
        for name in named {
            if !self.files.contains_key(name) {
                return Err(format!("file '{name}' is not listed in \"files\""));
            }
        }
        Ok(())
    }
}

/// Whether `name` stays inside the artifact and does not collide with the manifest.
pub(crate) fn is_plain_name(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', '\0']) && name != MANIFEST
}

fn json_error(error: serde_json::Error) -> ManifestError {
    match error.classify() {
        serde_json::error::Category::Eof => ManifestError::Truncated { line: error.line(), column: error.column() },
        _ => ManifestError::Syntax(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn random_text_never_panics(text in "[{}\\[\\]\":,a-z0-9 ]{0,200}") {
            let _ = Manifest::parse(text.as_bytes());
        }
    }

    #[test]
    fn deep_nesting_is_an_error_and_not_a_crash() {
        let (open, close) = ("[".repeat(100_000), "]".repeat(100_000));
        for field in ["novelty", "arguments", "files"] {
            let text = format!("{{\"format\": \"hire-artifact\", \"version\": 1, \"{field}\": {open}{close}}}");
            assert!(matches!(Manifest::parse(text.as_bytes()), Err(ManifestError::Syntax(_))), "{field}");
        }
    }

    #[test]
    fn the_documented_example_is_a_manifest() {
        let manifest = Manifest::parse(include_bytes!("../manifest_example.json")).unwrap();
        assert_eq!(Manifest::parse(manifest.to_text().as_bytes()).unwrap(), manifest);
        assert_eq!(manifest.sites[0].k_prime, 512);
    }

    #[test]
    fn names_that_leave_the_directory_are_not_plain() {
        for name in ["", ".", "..", "../x", "/x", "a/b", "a\\b", ".hidden", "a\0", MANIFEST] {
            assert!(!is_plain_name(name), "{name:?}");
        }
        assert!(is_plain_name("weights.safetensors"));
    }
}
