//! What can go wrong with an artifact or a weights file, with the file's name and the remedy.

use std::io;
use std::path::{Path, PathBuf};

use crate::manifest::{MANIFEST, ManifestError};

/// A failure to read or write an artifact.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no directory of that name.
    #[error("{}: no such artifact directory\n  remedy: name a directory that `hire compile … -o DIR` wrote", .0.display())]
    NoDirectory(PathBuf),
    /// The directory is not an artifact.
    #[error(
        "{}: not an artifact, it has no {MANIFEST}\n  remedy: name a directory that `hire compile … -o DIR` wrote",
        .0.display()
    )]
    NoManifest(PathBuf),
    /// The manifest is unreadable.
    #[error("{}: {source}\n  remedy: compile the model again", path.display())]
    Manifest {
        /// The manifest's path.
        path: PathBuf,
        /// What is wrong with it.
        source: ManifestError,
    },
    /// A file that the manifest lists is not there.
    #[error("{}: the manifest lists this file, but it is missing\n  remedy: compile the model again", .0.display())]
    MissingFile(PathBuf),
    /// A file has another size than the manifest records.
    #[error(
        "{}: the file is {} ({found} bytes, the manifest records {expected})\n  remedy: compile the model again, or copy \
         the artifact again",
        path.display(),
        if found < expected { "truncated" } else { "longer than it was written" }
    )]
    Size {
        /// The file.
        path: PathBuf,
        /// The recorded size.
        expected: u64,
        /// The size found.
        found: u64,
    },
    /// A file has other contents than the manifest records.
    #[error(
        "{}: the file was changed after it was written (SHA-256 {found}, the manifest records {expected})\n  remedy: \
         compile the model again, or copy the artifact again",
        path.display()
    )]
    Digest {
        /// The file.
        path: PathBuf,
        /// The recorded digest.
        expected: String,
        /// The digest found.
        found: String,
    },
    /// The output's place is taken by something that is not an artifact.
    #[error(
        "{}: refusing to replace it, it is not an artifact\n  remedy: choose another output directory, or remove it \
         yourself",
        .0.display()
    )]
    NotReplaceable(PathBuf),
    /// Reading failed.
    #[error("cannot read {}: {source}\n  remedy: check that the file exists and may be read", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// Writing failed.
    #[error("cannot write {}: {source}\n  remedy: {}", path.display(), write_remedy(source))]
    Write {
        /// The file or directory.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// A weights file is not one.
    #[error(
        "{}: {message}\n  remedy: give a complete safetensors file, such as `python -m zoo export` writes",
        path.display()
    )]
    Weights {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        message: String,
    },
    /// What was to be written is wrong in itself.
    #[error("{0}")]
    Invalid(String),
}

fn write_remedy(source: &io::Error) -> &'static str {
    match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "free some space, or choose another output directory"
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "choose an output directory that you may write to"
        }
        _ => "choose another output directory",
    }
}

impl Error {
    pub(crate) fn read(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Error::Read { path: path.to_owned(), source }
    }

    pub(crate) fn write(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Error::Write { path: path.to_owned(), source }
    }
}
