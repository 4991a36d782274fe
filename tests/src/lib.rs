//! Shared fixtures of the end-to-end tests.

pub mod conformance;
pub mod oracle;

use std::path::{Path, PathBuf};

/// A path below the workspace's root.
pub fn workspace(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate lies in the workspace").join(path)
}

/// The `.mlir` files of a folder, sorted by name.
///
/// # Panics
/// When the folder cannot be read.
pub fn mlir_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("the folder can be listed").path());
    let mut files: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|e| e == "mlir")).collect();
    files.sort();
    files
}
