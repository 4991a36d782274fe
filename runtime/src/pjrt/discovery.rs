//! Where a plugin named by a short name is found.
//!
//! For the name `cpu`, in this order:
//!
//! 1. the path in `HIRE_PJRT_PLUGIN_CPU` (`HIRE_PJRT_PLUGIN_<NAME>`), which must exist if the variable is set;
//! 2. `target/plugins/pjrt_cpu.so` in the current directory, then in each directory above it;
//! 3. the same beside the running executable, then in each directory above it.
//!
//! A specification with a path separator in it, or one that ends in `.so`, is a path and is taken as it is.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::error::Error;

/// The path of the plugin that `spec` (a short name or a path) means.
pub fn find(spec: &str) -> Result<PathBuf, Error> {
    if is_path(spec) {
        return Ok(PathBuf::from(spec));
    }
    let executable = std::env::current_exe().ok().and_then(|exe| exe.parent().map(Path::to_owned));
    let roots: Vec<PathBuf> = std::env::current_dir().ok().into_iter().chain(executable).collect();
    let variable = variable(spec);
    find_named(spec, std::env::var_os(&variable), variable, &roots)
}

/// The plugin `name`, given the value of its variable and where searches start.
fn find_named(name: &str, value: Option<OsString>, variable: String, roots: &[PathBuf]) -> Result<PathBuf, Error> {
    if let Some(path) = value.filter(|path| !path.is_empty()).map(PathBuf::from) {
        return match path.is_file() {
            true => Ok(path),
            false => {
                Err(Error::NoSuchFile { path, remedy: format!("correct or unset {variable}, which names this path") })
            }
        };
    }
    search(name, roots).ok_or_else(|| Error::NotFound {
        name: name.to_owned(),
        searched: std::iter::once(format!("${variable} (not set)"))
            .chain(roots.iter().map(|root| format!("{} in {} and above", file(name).display(), root.display())))
            .collect(),
        variable,
    })
}

/// Whether `spec` is a path rather than a short name.
fn is_path(spec: &str) -> bool {
    spec.contains(std::path::MAIN_SEPARATOR) || spec.ends_with(".so")
}

/// The variable that overrides the search for the plugin `name`.
fn variable(name: &str) -> String {
    let upper: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
    format!("HIRE_PJRT_PLUGIN_{upper}")
}

/// Where `./x setup` puts the plugin `name`, relative to the project.
fn file(name: &str) -> PathBuf {
    PathBuf::from(format!("target/plugins/pjrt_{name}.so"))
}

fn search(name: &str, roots: &[PathBuf]) -> Option<PathBuf> {
    let file = file(name);
    roots.iter().flat_map(|root| root.ancestors()).map(|directory| directory.join(&file)).find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_paths_are_told_apart() {
        assert!(is_path("./pjrt_cpu.so") && is_path("pjrt_cpu.so") && is_path("/opt/plugin"));
        assert!(!is_path("cpu"));
        assert_eq!(variable("my-tpu2"), "HIRE_PJRT_PLUGIN_MY_TPU2");
    }

    #[test]
    fn directories_above_are_searched_and_the_first_root_wins() {
        let directory = tempfile::tempdir().unwrap();
        let (near, far) = (directory.path().join("a/b"), directory.path().join("c"));
        for root in [&near, &far] {
            std::fs::create_dir_all(root.join("target/plugins")).unwrap();
        }
        std::fs::create_dir_all(near.join("deep/deeper")).unwrap();
        std::fs::write(near.join("target/plugins/pjrt_cpu.so"), "").unwrap();
        std::fs::write(far.join("target/plugins/pjrt_cpu.so"), "").unwrap();
        let found = search("cpu", &[near.join("deep/deeper"), far.clone()]);
        assert_eq!(found, Some(near.join("target/plugins/pjrt_cpu.so")));
        assert_eq!(search("cpu", std::slice::from_ref(&far)), Some(far.join("target/plugins/pjrt_cpu.so")));
        assert_eq!(search("tpu", &[near, far]), None);
    }

    #[test]
    fn the_variable_comes_first_and_must_name_a_file() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(directory.path().join("target/plugins")).unwrap();
        for file in ["target/plugins/pjrt_cpu.so", "mine.so"] {
            std::fs::write(directory.path().join(file), "").unwrap();
        }
        let roots = [directory.path().to_owned()];
        let find = |value: Option<&Path>| find_named("cpu", value.map(Into::into), variable("cpu"), &roots);
        let mine = directory.path().join("mine.so");
        assert_eq!(find(Some(&mine)).unwrap(), mine);
        assert_eq!(find(None).unwrap(), directory.path().join("target/plugins/pjrt_cpu.so"));
        assert_eq!(find(Some(Path::new(""))).unwrap(), directory.path().join("target/plugins/pjrt_cpu.so"));
        insta::assert_snapshot!(find(Some(Path::new("gone.so"))).unwrap_err(), @r"
        PJRT plugin gone.so: no such file
          remedy: correct or unset HIRE_PJRT_PLUGIN_CPU, which names this path
        ");
    }
}
