//! Writing an artifact directory, all or nothing.
//!
//! Files go to a temporary directory beside the output. When all are written and on disk, the temporary directory takes
//! the output's place in one rename; where an artifact is already there, the two change places in one step and the old one
//! is removed. A process that dies on the way leaves the output as it was, and at most a temporary directory
//! (`.NAME.hire-tmp-…`) beside it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::directory::{hex, is_artifact};
use crate::error::Error;
use crate::manifest::{FileRecord, MANIFEST, Manifest, is_plain_name};

/// An artifact in the making. Dropped unfinished, it leaves nothing behind.
#[derive(Debug)]
pub struct ArtifactWriter {
    output: PathBuf,
    temporary: PathBuf,
    files: BTreeMap<String, FileRecord>,
}

impl ArtifactWriter {
    /// Begins an artifact that is to be at `output`, creating the directories above it. An artifact or an empty directory
    /// that is there will be replaced by [`ArtifactWriter::finish`]; anything else is refused now.
    pub fn create(output: &Path) -> Result<Self, Error> {
        check_replaceable(output)?;
        // `DIR/` and `.` have no file name as they stand; resolved, every directory but the root has one.
        let absolute = std::path::absolute(output).map_err(Error::write(output))?;
        let (Some(parent), Some(name)) = (absolute.parent(), absolute.file_name()) else {
            return Err(Error::NotReplaceable(output.to_owned()));
        };
        fs::create_dir_all(parent).map_err(Error::write(output))?;
        let temporary = create_beside(parent, name).map_err(Error::write(output))?;
        Ok(ArtifactWriter { output: absolute, temporary, files: BTreeMap::new() })
    }

    /// Adds the file `name`, whose contents `write` produces.
    pub fn add_with(&mut self, name: &str, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Error> {
        if !is_plain_name(name) || self.files.contains_key(name) {
            return Err(Error::Invalid(format!("'{name}' cannot be a file of the artifact, or already is")));
        }
        let shown = self.output.join(name);
        let record = write_hashed(&self.temporary.join(name), write).map_err(Error::write(&shown))?;
        self.files.insert(name.to_owned(), record);
        Ok(())
    }

    /// Adds the file `name` with these contents.
    pub fn add(&mut self, name: &str, contents: &[u8]) -> Result<(), Error> {
        self.add_with(name, |out| out.write_all(contents))
    }

    /// Adds a copy of the file at `source` as `name`.
    pub fn copy(&mut self, name: &str, source: &Path) -> Result<(), Error> {
        let contents = fs::read(source).map_err(Error::read(source))?;
        self.add(name, &contents)
    }

    /// Completes the artifact: fills in the manifest's `files`, checks and writes it, and puts everything in place.
    pub fn finish(mut self, mut manifest: Manifest) -> Result<(), Error> {
        manifest.files = std::mem::take(&mut self.files);
        manifest.check().map_err(Error::Invalid)?;
        let shown = self.output.join(MANIFEST);
        let text = manifest.to_text();
        write_hashed(&self.temporary.join(MANIFEST), |out| out.write_all(text.as_bytes()))
            .and_then(|_| sync_directory(&self.temporary))
            .map_err(Error::write(&shown))?;
        check_replaceable(&self.output)?;
        replace(&self.temporary, &self.output).map_err(Error::write(&self.output))
    }
}

impl Drop for ArtifactWriter {
    fn drop(&mut self) {
        // After `finish` this is the replaced artifact, or nothing. Failing to remove it harms nobody.
        let _ = fs::remove_dir_all(&self.temporary);
    }
}

fn check_replaceable(output: &Path) -> Result<(), Error> {
    match fs::read_dir(output) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory && output.symlink_metadata().is_ok() => {
            Err(Error::NotReplaceable(output.to_owned()))
        }
        Err(source) => Err(Error::Write { path: output.to_owned(), source }),
        Ok(mut entries) => match entries.next().is_none() || is_artifact(output) {
            true => Ok(()),
            false => Err(Error::NotReplaceable(output.to_owned())),
        },
    }
}

/// Creates a directory beside the output whose name nothing else has.
fn create_beside(parent: &Path, name: &std::ffi::OsStr) -> io::Result<PathBuf> {
    for attempt in 0u32.. {
        let mut temporary = OsString::from(".");
        temporary.push(name);
        temporary.push(format!(".hire-tmp-{}-{attempt}", std::process::id()));
        let path = parent.join(temporary);
        match fs::create_dir(&path) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && attempt < 1000 => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Writes a file, has it on disk, and returns its size and digest.
fn write_hashed(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<FileRecord> {
    let mut file = File::options().write(true).create_new(true).open(path)?;
    let mut out = BufWriter::with_capacity(1 << 20, Hashing { inner: &mut file, hasher: Sha256::new(), bytes: 0 });
    write(&mut out)?;
    let hashing = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    let record = FileRecord { bytes: hashing.bytes, sha256: hex(&hashing.hasher.finalize()) };
    file.sync_all()?;
    Ok(record)
}

/// Passes bytes on and digests them.
struct Hashing<'a> {
    inner: &'a mut File,
    hasher: Sha256,
    bytes: u64,
}

impl Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(bytes)?;
        self.hasher.update(&bytes[..count]);
        self.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

fn sync_directory(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// Puts `temporary` at `output`. If something was there, it is at `temporary` afterwards.
fn replace(temporary: &Path, output: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    if output.exists() {
        match renameat_with(CWD, temporary, CWD, output, RenameFlags::EXCHANGE) {
            Ok(()) => {}
            Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS | rustix::io::Errno::NOTSUP) => {
                replace_in_two_steps(temporary, output)?;
            }
            Err(error) => return Err(error.into()),
        }
    } else {
        fs::rename(temporary, output)?;
    }
    sync_directory(output.parent().unwrap_or(Path::new("/")))
}

/// For file systems that cannot exchange two names: the old artifact steps aside, and comes back if the new one cannot.
fn replace_in_two_steps(temporary: &Path, output: &Path) -> io::Result<()> {
    let mut aside = temporary.as_os_str().to_owned();
    aside.push("-old");
    fs::rename(output, &aside)?;
    if let Err(error) = fs::rename(temporary, output) {
        fs::rename(&aside, output)?;
        return Err(error);
    }
    fs::rename(&aside, temporary)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_one_error_with_a_remedy() {
        let full = Path::new("/dev/full");
        if !full.exists() {
            eprintln!("SKIPPED: this system has no /dev/full");
            return;
        }
        let mut file = File::options().write(true).open(full).unwrap();
        let mut out = Hashing { inner: &mut file, hasher: Sha256::new(), bytes: 0 };
        let error = Error::write(Path::new("out/weights.safetensors"))(out.write_all(b"weights").unwrap_err());
        insta::assert_snapshot!(error, @r"
        cannot write out/weights.safetensors: No space left on device (os error 28)
          remedy: free some space, or choose another output directory
        ");
    }

    #[test]
    fn stepping_aside_replaces_too() {
        let directory = tempfile::tempdir().unwrap();
        let (temporary, output) = (directory.path().join("new"), directory.path().join("out"));
        for (path, contents) in [(&temporary, "new"), (&output, "old")] {
            fs::create_dir(path).unwrap();
            fs::write(path.join("file"), contents).unwrap();
        }
        replace_in_two_steps(&temporary, &output).unwrap();
        assert_eq!(fs::read_to_string(output.join("file")).unwrap(), "new");
        assert_eq!(fs::read_to_string(temporary.join("file")).unwrap(), "old");
    }
}
