//! The CPU plugins that tests run on.
//!
//! Every `pjrt_cpu*.so` in the project's `target/plugins` is used, and the one that `HIRE_PJRT_PLUGIN_CPU` names. Without
//! any, a test says on standard error that it is skipped; with `HIRE_REQUIRE_PJRT=1` it fails instead.

use std::path::{Path, PathBuf};

use hire_runtime::pjrt::{Client, OptionValue, Plugin};

/// Paths of the CPU plugins, none twice.
pub(crate) fn plugins() -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/plugins");
    let in_directory = std::fs::read_dir(directory).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut paths: Vec<PathBuf> = in_directory
        .filter(|path| {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            name.starts_with("pjrt_cpu") && name.ends_with(".so")
        })
        .chain(std::env::var_os("HIRE_PJRT_PLUGIN_CPU").map(PathBuf::from))
        .filter_map(|path| path.canonicalize().ok())
        .collect();
    paths.sort();
    paths.dedup();
    if paths.is_empty() {
        let reason = "no PJRT CPU plugin: run `./x setup` or set HIRE_PJRT_PLUGIN_CPU";
        assert!(std::env::var_os("HIRE_REQUIRE_PJRT").is_none(), "{reason}");
        eprintln!("SKIPPED: {reason}");
    }
    paths
}

/// A client with `devices` devices on each CPU plugin.
pub(crate) fn clients(devices: i64) -> Vec<Client> {
    plugins()
        .iter()
        .map(|path| {
            let plugin = Plugin::load(path).unwrap();
            Client::create(&plugin, &[("cpu_device_count", OptionValue::Integer(devices))]).unwrap()
        })
        .collect()
}
