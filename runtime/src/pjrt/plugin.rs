//! Loading a plugin: the shared library, its function table, its attributes.
//!
//! A plugin is loaded once in a process and never unloaded: XLA starts threads and registers exit handlers that live in
//! the library's code. Before the first plugin is loaded the variables below are set, unless the user has set them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, Once};

use super::abi::{self, ApiHeader, ApiStruct, named_value_kind};
use super::error::Error;
use super::table::{self, OLDEST_MINOR, Table, slice_from, text_from};

/// Environment of plugins, set before the first is loaded.
///
/// libtpu asks a network address about the machine for minutes unless told not to, and by default lets only one process
/// of a machine load it, even for compiling alone. XLA logs to standard error by default, where errors belong to `hire`.
const ENVIRONMENT: &[(&str, &str)] =
    &[("TPU_SKIP_MDS_QUERY", "1"), ("ALLOW_MULTIPLE_LIBTPU_LOAD", "1"), ("TF_CPP_MIN_LOG_LEVEL", "3")];

/// What else libtpu asks for when it compiles where there is no TPU; without it, it complains on standard error.
const AHEAD_ENVIRONMENT: &[(&str, &str)] = &[
    ("TPU_WORKER_HOSTNAMES", "localhost"),
    ("TPU_WORKER_ID", "0"),
    ("TPU_ACCELERATOR_TYPE", "v5litepod-1"),
    ("TPU_LOG_DIR", "disabled"),
    ("TPU_STDERR_LOG_LEVEL", "3"),
];

/// The plugins of this process, by canonical path.
static LOADED: Mutex<BTreeMap<PathBuf, Plugin>> = Mutex::new(BTreeMap::new());

/// A loaded and initialized PJRT plugin.
#[derive(Clone)]
pub struct Plugin {
    path: PathBuf,
    table: Table,
}

impl Plugin {
    /// Loads libtpu to compile ahead of time, for TPUs that are elsewhere.
    pub fn load_ahead(path: &Path) -> Result<Self, Error> {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| set_unset(AHEAD_ENVIRONMENT));
        Plugin::load(path)
    }

    /// Loads the plugin at `path`, or returns it if it is loaded already.
    pub fn load(path: &Path) -> Result<Self, Error> {
        let canonical = path.canonicalize().map_err(|_| Error::NoSuchFile {
            path: path.to_owned(),
            remedy: "name a plugin's shared library, or use a name such as pjrt:cpu after `./x setup`".to_owned(),
        })?;
        let mut loaded = LOADED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(plugin) = loaded.get(&canonical) {
            return Ok(plugin.clone());
        }
        set_environment();
        let plugin = Plugin { table: open(&canonical)?, path: canonical.clone() };
        // SAFETY: the arguments hold no pointers.
        unsafe { plugin.table.call(&table::PLUGIN_INITIALIZE, &mut abi::PluginInitializeArgs::zeroed())? };
        loaded.insert(canonical, plugin.clone());
        Ok(plugin)
    }

    /// The canonical path of the shared library.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Major and minor version of the PJRT C API that the plugin speaks.
    pub fn api_version(&self) -> (i32, i32) {
        self.table.version()
    }

    pub(crate) fn table(&self) -> Table {
        self.table
    }

    /// The plugin's attributes, such as `stablehlo_current_version`, as text. Plugins need not have any.
    pub fn attributes(&self) -> Result<BTreeMap<String, String>, Error> {
        let mut args = abi::PluginAttributesArgs::zeroed();
        // SAFETY: the call only fills in `args`.
        unsafe { self.table.call(&table::PLUGIN_ATTRIBUTES, &mut args)? };
        // SAFETY: the plugin's attributes live as long as the plugin.
        let values = unsafe { slice_from(args.attributes, args.num_attributes) };
        // SAFETY: each value is one of the plugin's, complete and alive.
        Ok(values.iter().map(|value| unsafe { read_named_value(value) }).collect())
    }
}

impl std::fmt::Debug for Plugin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plugin").field("path", &self.path).field("api_version", &self.api_version()).finish()
    }
}

fn set_environment() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| set_unset(ENVIRONMENT));
}

/// Sets variables that the user has not set.
fn set_unset(variables: &[(&str, &str)]) {
    for (name, value) in variables {
        if std::env::var_os(name).is_none() {
            // SAFETY: Rust code reads the environment under the standard library's lock, and this runs before the plugin
            // that it is for exists, so that no thread of it reads it meanwhile.
            unsafe { std::env::set_var(name, value) };
        }
    }
}

/// Opens the library and checks that it is a plugin of a version that this crate speaks.
fn open(path: &Path) -> Result<Table, Error> {
    // SAFETY: loading runs the library's initializers; a PJRT plugin's are made for that, and the user named the file.
    let library = unsafe { libloading::Library::new(path) }
        .map_err(|error| Error::NotALibrary { path: path.to_owned(), message: linker_message(path, &error) })?;
    // SAFETY: the symbol has this signature in every PJRT plugin.
    let get_api = unsafe { library.get::<extern "C" fn() -> *const ApiHeader>(b"GetPjrtApi\0") }
        .map(|symbol| *symbol)
        .map_err(|_| Error::NotAPlugin { path: path.to_owned() })?;
    // Unloading would pull the code away from under threads that the plugin has started.
    std::mem::forget(library);
    // SAFETY: plugins return a static table, or null.
    let header = unsafe { get_api().as_ref() }.ok_or_else(|| Error::NotAPlugin { path: path.to_owned() })?;
    // SAFETY: the table is static and as long as it says.
    let table = unsafe { Table::new(header) };
    match table.version() {
        (0, OLDEST_MINOR..) => Ok(table),
        (major, minor) => Err(Error::Version { path: path.to_owned(), major, minor }),
    }
}

/// The dynamic linker's words without the path in front, which the error names already.
fn linker_message(path: &Path, error: &libloading::Error) -> String {
    let text = match std::error::Error::source(error) {
        Some(source) => source.to_string(),
        None => error.to_string(),
    };
    let prefix = format!("{}: ", path.display());
    text.strip_prefix(&prefix).unwrap_or(&text).to_owned()
}

/// Name and value of one attribute.
///
/// # Safety
/// `value` is complete and its pointers are alive.
unsafe fn read_named_value(value: &abi::NamedValue) -> (String, String) {
    // SAFETY: by this function's contract; the union member read is the one that `kind` names.
    unsafe {
        let name = text_from(value.name.cast(), value.name_size);
        let text = match value.kind {
            named_value_kind::STRING => text_from(value.value.string_value.cast(), value.value_size),
            named_value_kind::INT64 => value.value.int64_value.to_string(),
            named_value_kind::INT64_LIST => slice_from(value.value.int64_array_value, value.value_size)
                .iter()
                .map(i64::to_string)
                .collect::<Vec<_>>()
                .join("."),
            named_value_kind::FLOAT => value.value.float_value.to_string(),
            named_value_kind::BOOL => value.value.bool_value.to_string(),
            kind => format!("(a value of kind {kind})"),
        };
        (name, text)
    }
}
