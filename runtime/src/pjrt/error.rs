//! What can go wrong between `hire` and a PJRT plugin, with the remedy in the message.

use std::path::PathBuf;

use super::table::OLDEST_MINOR;

/// A failure of a plugin or of the attempt to load one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No file of the plugin's name was found.
    #[error(
        "no PJRT plugin named '{name}' was found; looked for:\n{}  remedy: run `./x setup`, set {variable} to the plugin's \
         path, or name the plugin by its path (pjrt:/path/to/plugin.so)",
        searched_lines(searched)
    )]
    NotFound {
        /// The name that was asked for, such as `cpu`.
        name: String,
        /// The environment variable that overrides the search.
        variable: String,
        /// Every place that was tried, in order.
        searched: Vec<String>,
    },
    /// The plugin's path leads to no file.
    #[error("PJRT plugin {}: no such file\n  remedy: {remedy}", path.display())]
    NoSuchFile {
        /// The path as it was given.
        path: PathBuf,
        /// What to change.
        remedy: String,
    },
    /// The file cannot be loaded as a shared library.
    #[error(
        "PJRT plugin {}: not a loadable shared library: {message}\n  remedy: name a plugin built for this machine, such as \
         pjrt_cpu.so or libtpu.so",
        path.display()
    )]
    NotALibrary {
        /// The file.
        path: PathBuf,
        /// What the dynamic linker says.
        message: String,
    },
    /// The shared library has no `GetPjrtApi`.
    #[error(
        "PJRT plugin {}: a shared library, but not a PJRT plugin (it has no symbol GetPjrtApi)\n  remedy: name a plugin \
         such as pjrt_cpu.so or libtpu.so",
        path.display()
    )]
    NotAPlugin {
        /// The file.
        path: PathBuf,
    },
    /// The plugin's API version is one that this crate cannot speak.
    #[error(
        "PJRT plugin {}: it speaks PJRT C API {major}.{minor}, hire needs 0.{OLDEST_MINOR} or a later 0.x\n  remedy: \
         install a plugin of a matching version",
        path.display()
    )]
    Version {
        /// The file.
        path: PathBuf,
        /// The plugin's major version.
        major: i32,
        /// The plugin's minor version.
        minor: i32,
    },
    /// The plugin lacks a function that is needed.
    #[error("the PJRT plugin does not implement {function}\n  remedy: install a newer plugin")]
    MissingFunction {
        /// The C name of the function.
        function: &'static str,
    },
    /// The plugin reported an error.
    #[error("{function}: {message} ({code})")]
    Plugin {
        /// The C name of the function that failed.
        function: &'static str,
        /// The plugin's own words.
        message: String,
        /// The kind of failure.
        code: Code,
    },
    /// The plugin would not create a client.
    #[error(
        "PJRT plugin {}: it refuses to start: {message}\n  options passed: {options}\n  remedy: check that the device is \
         present and not in use, and that the plugin knows these options",
        path.display()
    )]
    Refused {
        /// The file.
        path: PathBuf,
        /// The plugin's own words.
        message: String,
        /// The create options, as `name=value`.
        options: String,
    },
    /// The plugin knows no such topology.
    #[error(
        "PJRT plugin {}: it cannot compile for the topology '{name}': {message}\n  remedy: name one that this libtpu \
         knows, such as v5e:1x1, v5e:2x2, v6e:1x1, v5p:2x2x1 or v4:2x2x1",
        path.display()
    )]
    Topology {
        /// The file.
        path: PathBuf,
        /// The topology that was asked for.
        name: String,
        /// The plugin's own words.
        message: String,
    },
    /// The plugin would not compile a program.
    #[error(
        "the PJRT plugin ({platform}) cannot compile the program: {message}\n  remedy: see the plugin's message; `hire opt` \
         checks a program without a device"
    )]
    Compile {
        /// Platform name of the plugin's client.
        platform: String,
        /// The plugin's own words.
        message: String,
    },
    /// A buffer or value has another type than this crate can represent.
    #[error("the PJRT plugin returned a buffer of element type code {code}, which has no host representation")]
    ElementType {
        /// `PJRT_Buffer_Type`.
        code: i32,
    },
    /// An argument list does not fit the program or the devices it was compiled for.
    #[error("{0}")]
    Arguments(String),
}

/// Status codes of the C API, those of `absl::StatusCode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code(pub i32);

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const NAMES: [&str; 17] = [
            "ok",
            "cancelled",
            "unknown",
            "invalid argument",
            "deadline exceeded",
            "not found",
            "already exists",
            "permission denied",
            "resource exhausted",
            "failed precondition",
            "aborted",
            "out of range",
            "unimplemented",
            "internal",
            "unavailable",
            "data loss",
            "unauthenticated",
        ];
        match usize::try_from(self.0).ok().and_then(|code| NAMES.get(code)) {
            Some(name) => f.write_str(name),
            None => write!(f, "status {}", self.0),
        }
    }
}

impl Error {
    /// The plugin's words where it was the plugin that failed, otherwise this error's own text.
    pub(crate) fn into_message(self) -> String {
        match self {
            Error::Plugin { message, .. } => message,
            other => other.to_string(),
        }
    }
}

fn searched_lines(searched: &[String]) -> String {
    searched.iter().map(|place| format!("    {place}\n")).collect()
}
