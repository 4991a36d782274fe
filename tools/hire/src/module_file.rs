//! Reading a module from a file or standard input.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use hire_compiler::diag::{Diagnostics, Source};
use hire_compiler::ir::Module;
use hire_compiler::{front, valid};
use memmap2::Mmap;

use crate::failure::{Failure, Outcome};

/// A module with the text it came from.
pub(crate) struct ModuleFile {
    /// Where it came from; `-` is standard input.
    pub path: PathBuf,
    /// The input's bytes.
    bytes: Bytes,
    /// The module, verified.
    pub module: Module,
}

impl ModuleFile {
    /// Reads and verifies a module of text, MLIR bytecode or a portable artifact.
    pub(crate) fn read(path: &Path) -> Outcome<Self> {
        let bytes = read_bytes(path)?;
        let read = front::parse(bytes.clone()).and_then(|module| valid::verify(&module).map(drop).map(|()| module));
        match read {
            Ok(module) => Ok(Self { path: path.to_owned(), bytes, module }),
            Err(errors) => Err(render(path, &bytes, &errors)),
        }
    }

    /// The file's bytes.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// A failure of a later stage that may point into the input.
    pub(crate) fn failure(&self, errors: &Diagnostics) -> Failure {
        render(&self.path, &self.bytes, errors)
    }

    /// A diagnostic as text, for remarks that do not end the command.
    pub(crate) fn render(&self, diagnostic: &hire_compiler::diag::Diagnostic) -> String {
        Source { name: &self.path.display().to_string(), text: text(&self.bytes) }.render(diagnostic)
    }
}

fn render(path: &Path, bytes: &Bytes, errors: &Diagnostics) -> Failure {
    let name = if path.as_os_str() == "-" { "<stdin>".to_owned() } else { path.display().to_string() };
    Failure::diagnostics(&Source { name: &name, text: text(bytes) }, errors)
}

/// The input as text; empty when it is none.
fn text(bytes: &Bytes) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}

/// The bytes of a file, mapped where it can be; of standard input for `-`.
pub(crate) fn read_bytes(path: &Path) -> Outcome<Bytes> {
    if path.as_os_str() == "-" {
        let mut input = Vec::new();
        std::io::stdin()
            .read_to_end(&mut input)
            .map_err(|e| Failure::new(format!("cannot read standard input: {e}")))?;
        return Ok(input.into());
    }
    let failed =
        |error| Failure::with_remedy(format!("cannot read {}: {error}", path.display()), "name a StableHLO module");
    let file = File::open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    if !metadata.is_file() || metadata.len() == 0 {
        return std::fs::read(path).map(Bytes::from).map_err(failed);
    }
    // SAFETY: the map is private to this process and read only. A file that another process shortens
    // while it is mapped ends this process by a signal, which no safe alternative without a copy avoids.
    let map = unsafe { Mmap::map(&file) }.map_err(failed)?;
    Ok(Bytes::from_owner(map))
}
