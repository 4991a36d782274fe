//! Compiling ahead of time, for devices that this machine lacks.
//!
//! A plugin such as libtpu describes a *topology* by name (`v5e:1x1`) and compiles for it without a client. What comes out
//! can be serialized for a machine that has the device, and asked for the program as it was scheduled.

use std::path::Path;
use std::ptr::NonNull;

use super::abi::{self, ApiStruct, RawExecutable, RawTopology};
use super::compile_options::CompileOptions;
use super::error::Error;
use super::plugin::Plugin;
use super::table::{self, Table, slice_from, text_from};

/// The most bytes that a scheduled program may take; a plugin that claims more is broken.
const MOST_PROGRAM_BYTES: usize = 1 << 31;

/// A named arrangement of devices that a plugin can compile for.
#[derive(Debug)]
pub struct Topology {
    plugin: Plugin,
    name: String,
    raw: NonNull<RawTopology>,
}

impl Drop for Topology {
    fn drop(&mut self) {
        let mut args = abi::TopologyDestroyArgs::zeroed();
        args.topology = self.raw.as_ptr();
        // SAFETY: the handle is owned and not used again. A failure has no remedy here.
        let _ = unsafe { self.plugin.table().call(&table::TOPOLOGY_DESTROY, &mut args) };
    }
}

impl Topology {
    /// The topology that the plugin knows by `name`.
    pub fn create(plugin: &Plugin, name: &str) -> Result<Self, Error> {
        let refused = |message: String| Error::Topology {
            path: plugin.path().to_owned(),
            name: name.to_owned(),
            message: first_line(&message),
        };
        let mut args = abi::TopologyCreateArgs::zeroed();
        args.topology_name = name.as_ptr().cast();
        args.topology_name_size = name.len();
        // SAFETY: the name outlives the call, which copies it.
        unsafe { plugin.table().call(&table::TOPOLOGY_CREATE, &mut args) }
            .map_err(|error| refused(error.into_message()))?;
        let raw = NonNull::new(args.topology).ok_or_else(|| refused("it returned no topology".to_owned()))?;
        Ok(Topology { plugin: plugin.clone(), name: name.to_owned(), raw })
    }

    /// The platform's version, in the plugin's own format.
    pub fn platform_version(&self) -> Result<String, Error> {
        let mut args = abi::TopologyTextArgs::zeroed();
        args.topology = self.raw.as_ptr();
        // SAFETY: the topology is alive, and the text lives as long as it.
        unsafe {
            self.plugin.table().call(&table::TOPOLOGY_PLATFORM_VERSION, &mut args)?;
            Ok(text_from(args.text.cast(), args.text_size))
        }
    }

    /// Compiles StableHLO, as text or as a portable artifact.
    pub fn compile(&self, program: &[u8], options: &CompileOptions) -> Result<AheadExecutable, Error> {
        const FORMAT: &[u8] = b"mlir";
        let encoded = options.encode();
        let mut source = abi::Program::zeroed();
        source.code = program.as_ptr().cast_mut().cast();
        source.code_size = program.len();
        source.format = FORMAT.as_ptr().cast();
        source.format_size = FORMAT.len();
        let mut args = abi::CompileArgs::zeroed();
        args.topology = self.raw.as_ptr();
        args.program = &raw const source;
        args.compile_options = encoded.as_ptr().cast();
        args.compile_options_size = encoded.len();
        // SAFETY: program and options outlive the call, which does not write to them; there is no client.
        unsafe { self.plugin.table().call(&table::COMPILE, &mut args) }
            .map_err(|error| Error::Compile { platform: self.name.clone(), message: error.into_message() })?;
        match NonNull::new(args.executable) {
            Some(raw) => Ok(AheadExecutable { plugin: self.plugin.clone(), raw }),
            None => Err(Error::Compile { platform: self.name.clone(), message: "it returned no program".to_owned() }),
        }
    }
}

/// A program compiled for a topology.
#[derive(Debug)]
pub struct AheadExecutable {
    plugin: Plugin,
    raw: NonNull<RawExecutable>,
}

impl Drop for AheadExecutable {
    fn drop(&mut self) {
        let mut args = abi::ExecutableDestroyArgs::zeroed();
        args.executable = self.raw.as_ptr();
        // SAFETY: the handle is owned and not used again. A failure has no remedy here.
        let _ = unsafe { self.plugin.table().call(&table::EXECUTABLE_DESTROY, &mut args) };
    }
}

/// What a compiled program takes of the device's memory, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryStats {
    /// Its code.
    pub generated_code: i64,
    /// Its arguments.
    pub arguments: i64,
    /// Its results, those in the memory of arguments included.
    pub outputs: i64,
    /// Results in the memory of arguments.
    pub aliased: i64,
    /// What it needs while it runs.
    pub temporary: i64,
    /// The most that is in use at a time.
    pub peak: i64,
}

impl AheadExecutable {
    /// The program for a machine with the device, in the plugin's own format.
    pub fn serialize(&self) -> Result<Vec<u8>, Error> {
        let mut args = abi::SerializeArgs::zeroed();
        args.executable = self.raw.as_ptr();
        // SAFETY: the executable is alive; the bytes live until the deleter is called.
        let bytes = unsafe {
            self.plugin.table().call(&table::EXECUTABLE_SERIALIZE, &mut args)?;
            slice_from(args.serialized_bytes.cast::<u8>(), args.serialized_bytes_size).to_vec()
        };
        if let (Some(free), false) = (args.serialized_executable_deleter, args.serialized_executable.is_null()) {
            free(args.serialized_executable);
        }
        Ok(bytes)
    }

    /// The optimized and scheduled program: its format (libtpu's is `hlo_with_config`) and its bytes.
    pub fn optimized_program(&self) -> Result<(String, Vec<u8>), Error> {
        // SAFETY: the executable is alive.
        unsafe { optimized_program(self.plugin.table(), self.raw.as_ptr()) }
    }

    /// What the program takes of the device's memory.
    pub fn memory_stats(&self) -> Result<MemoryStats, Error> {
        let mut args = abi::CompiledMemoryStatsArgs::zeroed();
        args.executable = self.raw.as_ptr();
        // SAFETY: the executable is alive; the call only fills in `args`.
        unsafe { self.plugin.table().call(&table::EXECUTABLE_GET_COMPILED_MEMORY_STATS, &mut args)? };
        Ok(MemoryStats {
            generated_code: args.generated_code_size_in_bytes,
            arguments: args.argument_size_in_bytes,
            outputs: args.output_size_in_bytes,
            aliased: args.alias_size_in_bytes,
            temporary: args.temp_size_in_bytes,
            peak: args.peak_memory_in_bytes,
        })
    }
}

/// The optimized program of an executable: its format and its bytes.
///
/// # Safety
/// `raw` is an executable that stays alive for the call.
pub(super) unsafe fn optimized_program(table: Table, raw: *mut RawExecutable) -> Result<(String, Vec<u8>), Error> {
    let mut program = abi::Program::zeroed();
    let mut args = abi::OptimizedProgramArgs::zeroed();
    args.executable = raw;
    args.program = &raw mut program;
    // SAFETY: the executable is alive, and with no buffer the call only fills in the size.
    unsafe { table.call(&table::EXECUTABLE_OPTIMIZED_PROGRAM, &mut args)? };
    let size = program.code_size;
    if size > MOST_PROGRAM_BYTES {
        return Err(Error::Arguments(format!("the PJRT plugin says the optimized program has {size} bytes")));
    }
    let mut code = vec![0u8; size];
    program.code = code.as_mut_ptr().cast();
    // SAFETY: the buffer has the size that the plugin asked for.
    unsafe { table.call(&table::EXECUTABLE_OPTIMIZED_PROGRAM, &mut args)? };
    // SAFETY: the format is a string of the plugin, alive as long as the executable.
    Ok((unsafe { text_from(program.format.cast(), program.format_size) }, code))
}

/// The distribution that a plugin came in, as the Python package beside it states it: `libtpu-0.0.52.dist-info` next to
/// `libtpu/libtpu.so`.
pub fn packaged_version(plugin: &Path) -> Option<String> {
    let package = plugin.parent()?;
    let prefix = format!("{}-", package.file_name()?.to_str()?);
    // The folder of `libtpu/libtpu.so` is this one.
    let beside = package.parent().filter(|path| !path.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let entries = std::fs::read_dir(beside).ok()?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut versions = names.filter_map(|name| {
        let version = name.strip_prefix(&prefix)?.strip_suffix(".dist-info")?;
        Some(version.to_owned())
    });
    versions.next()
}

fn first_line(message: &str) -> String {
    message.lines().next().unwrap_or_default().trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_a_package_stands_beside_it() {
        let directory = tempfile::tempdir().unwrap();
        for folder in ["libtpu", "libtpu-0.0.52.dist-info", "other-1.dist-info"] {
            std::fs::create_dir(directory.path().join(folder)).unwrap();
        }
        assert_eq!(packaged_version(&directory.path().join("libtpu/libtpu.so")), Some("0.0.52".to_owned()));
        assert_eq!(packaged_version(&directory.path().join("libtpu-0.0.52.dist-info/x.so")), None);
        assert_eq!(packaged_version(Path::new("/libtpu.so")), None);
    }
}
