//! The `hire` command, as a user runs it.

mod bytecode;
mod conformance;
mod devices;
mod errors;
mod eval;
mod modules;
mod nvptx;
mod plan;
mod tiny;
mod tpu;
mod trained;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the crate lies in the repository")
}

/// A file of `testdata`.
pub(crate) fn testdata(name: &str) -> String {
    root().join("testdata").join(name).display().to_string()
}

/// Runs `hire` in `directory`.
pub(crate) fn hire(directory: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_hire")).args(args).current_dir(directory).output().expect("hire can be started")
}

/// Runs `hire` and returns its standard output; the test fails when `hire` does.
pub(crate) fn succeed(directory: &Path, args: &[&str]) -> String {
    let output = hire(directory, args);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "hire {args:?} failed:\n{stderr}");
    String::from_utf8(output.stdout).expect("results are UTF-8")
}

/// Runs `hire`, which must fail, and returns exit code and standard error, with the paths that
/// differ between machines replaced.
pub(crate) fn fail(directory: &Path, args: &[&str]) -> String {
    let output = hire(directory, args);
    let code = output.status.code().expect("hire exits by itself");
    assert_ne!(code, 0, "hire {args:?} succeeded");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let here = directory.canonicalize().expect("the directory exists").display().to_string();
    let text = text.replace(&here, "DIR").replace(&directory.display().to_string(), "DIR");
    format!("exit code {code}\n{}", text.replace(&root().display().to_string(), "ROOT"))
}

/// Whether the CPU plugin is where `./x setup` puts it; says so when it is not.
pub(crate) fn plugin() -> bool {
    let found =
        std::env::var_os("HIRE_PJRT_PLUGIN_CPU").is_some() || root().join("target/plugins/pjrt_cpu.so").exists();
    if !found {
        eprintln!("SKIPPED: no PJRT CPU plugin; run ./x setup");
    }
    found
}
