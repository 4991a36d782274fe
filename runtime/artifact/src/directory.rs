//! Reading an artifact directory.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::manifest::{FORMAT, FileRecord, MANIFEST, Manifest};

/// How thoroughly files are checked against the manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// Sizes and SHA-256 of every file. Reads everything once.
    Digests,
    /// Sizes only.
    Sizes,
}

/// An artifact whose manifest is valid and whose files are as the manifest records them.
#[derive(Clone, Debug)]
pub struct Artifact {
    directory: PathBuf,
    manifest: Manifest,
}

impl Artifact {
    /// Opens the artifact in `directory`.
    pub fn open(directory: &Path, check: Check) -> Result<Self, Error> {
        if !directory.is_dir() {
            return Err(Error::NoDirectory(directory.to_owned()));
        }
        let manifest = read_manifest(directory)?;
        for (name, record) in &manifest.files {
            check_file(&directory.join(name), record, check)?;
        }
        Ok(Artifact { directory: directory.to_owned(), manifest })
    }

    /// The manifest.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The directory.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The program's bytes.
    pub fn program(&self) -> Result<Vec<u8>, Error> {
        let path = self.directory.join(&self.manifest.program.file);
        std::fs::read(&path).map_err(Error::read(&path))
    }

    /// Path of the weights file, if the program has parameters.
    pub fn weights(&self) -> Option<PathBuf> {
        self.manifest.weights.as_ref().map(|weights| self.directory.join(&weights.file))
    }

    /// Path of the file `name`, if the artifact has it; see [`crate::manifest::TOKENIZER`] and [`crate::manifest::MODEL`].
    pub fn file(&self, name: &str) -> Option<PathBuf> {
        self.manifest.files.contains_key(name).then(|| self.directory.join(name))
    }
}

/// Whether `directory` holds an artifact, sound or damaged: a manifest that begins by naming the format.
pub(crate) fn is_artifact(directory: &Path) -> bool {
    let mut start = Vec::new();
    let read = File::open(directory.join(MANIFEST)).and_then(|file| file.take(4096).read_to_end(&mut start));
    read.is_ok() && String::from_utf8_lossy(&start).contains(&format!("\"format\": \"{FORMAT}\""))
}

fn read_manifest(directory: &Path) -> Result<Manifest, Error> {
    let path = directory.join(MANIFEST);
    let text = match std::fs::read(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(Error::NoManifest(directory.to_owned()));
        }
        Err(source) => return Err(Error::Read { path, source }),
    };
    Manifest::parse(&text).map_err(|source| Error::Manifest { path, source })
}

fn check_file(path: &Path, record: &FileRecord, check: Check) -> Result<(), Error> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Error::MissingFile(path.to_owned())),
        Err(source) => return Err(Error::Read { path: path.to_owned(), source }),
    };
    let found = file.metadata().map_err(Error::read(path))?.len();
    if found != record.bytes {
        return Err(Error::Size { path: path.to_owned(), expected: record.bytes, found });
    }
    if check == Check::Digests {
        let found = digest(file).map_err(Error::read(path))?;
        if found != record.sha256 {
            return Err(Error::Digest { path: path.to_owned(), expected: record.sha256.clone(), found });
        }
    }
    Ok(())
}

fn digest(mut file: File) -> io::Result<String> {
    let mut hasher = Sha256::new();
    let mut chunk = vec![0; 1 << 20];
    loop {
        match file.read(&mut chunk)? {
            0 => return Ok(hex(&hasher.finalize())),
            count => hasher.update(&chunk[..count]),
        }
    }
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a string cannot fail");
        text
    })
}
