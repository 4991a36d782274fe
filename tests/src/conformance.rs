//! Where StableHLO's own test suite lies.

use std::path::PathBuf;

use crate::workspace;

/// The conformance folder: the one that `HIRE_CONFORMANCE` names, or the one that lies beside the
/// workspace. Without either the reason is printed and the test that asked is skipped.
pub fn folder() -> Option<PathBuf> {
    let folder = match std::env::var_os("HIRE_CONFORMANCE") {
        Some(path) => PathBuf::from(path),
        None => workspace("../shared/conformance"),
    };
    if folder.join("testdata").is_dir() {
        return Some(folder);
    }
    println!("SKIPPED: no StableHLO test suite at {} (set HIRE_CONFORMANCE)", folder.display());
    None
}
