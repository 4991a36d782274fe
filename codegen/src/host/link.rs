//! Linking an object file to a shared object.

use std::path::Path;
use std::process::Command;

use crate::error::Error;

/// The linkers that are tried, in order.
const LINKERS: [&str; 3] = ["ld.lld", "ld.lld-22", "cc"];

/// Links with the first linker there is.
pub(super) fn shared_object(object: &[u8]) -> Result<Vec<u8>, Error> {
    let found = LINKERS.iter().find(|name| {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path).any(|folder| folder.join(name).is_file())
    });
    let name = found.ok_or_else(|| Error::NoLinker(LINKERS.join(", ")))?;
    shared_object_by(Path::new(name), object)
}

/// Links with a given linker. Functions of the C library are left to the process that loads the result.
pub(super) fn shared_object_by(linker: &Path, object: &[u8]) -> Result<Vec<u8>, Error> {
    let failed = |what: String| Error::Link { linker: linker.display().to_string(), what };
    let folder = tempfile::tempdir().map_err(|e| failed(e.to_string()))?;
    let (input, output) = (folder.path().join("kernels.o"), folder.path().join("kernels.so"));
    std::fs::write(&input, object).map_err(|e| failed(e.to_string()))?;
    let mut command = Command::new(linker);
    command.arg("-shared").arg("-o").arg(&output).arg(&input);
    if linker.ends_with("cc") {
        command.arg("-nostdlib");
    }
    let run = command.output().map_err(|e| failed(e.to_string()))?;
    if !run.status.success() {
        return Err(failed(String::from_utf8_lossy(&run.stderr).trim().to_owned()));
    }
    std::fs::read(&output).map_err(|e| failed(e.to_string()))
}
