//! Compiled programs.

use std::ptr::NonNull;

use hire_artifact::TensorType;

use super::abi::{self, ApiStruct, RawBuffer, RawExecutable, RawLoadedExecutable};
use super::ahead::optimized_program;
use super::buffer::{Buffer, element_type};
use super::client::Client;
use super::error::Error;
use super::table::{self, Table, slice_from};

/// A program loaded on its devices, freed on drop.
pub struct LoadedExecutable {
    client: Client,
    raw: NonNull<RawLoadedExecutable>,
    num_devices: usize,
    results: Vec<TensorType>,
}

// SAFETY: the C API allows an executable to be run and freed on any thread.
unsafe impl Send for LoadedExecutable {}
// SAFETY: executing does not change the executable.
unsafe impl Sync for LoadedExecutable {}

impl Drop for LoadedExecutable {
    fn drop(&mut self) {
        let mut args = abi::LoadedExecutableDestroyArgs::zeroed();
        args.executable = self.raw.as_ptr();
        // SAFETY: the handle is owned and not used again, and its client is alive. A failure has no remedy here.
        let _ = unsafe { self.client.table().call(&table::LOADED_EXECUTABLE_DESTROY, &mut args) };
    }
}

impl LoadedExecutable {
    /// Takes ownership of an executable and reads its signature.
    ///
    /// # Safety
    /// `raw` is null or an executable of `client` that nobody else frees.
    pub(crate) unsafe fn from_raw(client: Client, raw: *mut RawLoadedExecutable) -> Result<Self, Error> {
        let Some(raw) = NonNull::new(raw) else {
            return Err(Error::Arguments("the PJRT plugin returned no executable".to_owned()));
        };
        let table = client.table();
        let mut loaded = LoadedExecutable { client, raw, num_devices: 0, results: Vec::new() };
        loaded.num_devices = num_devices(table, raw)?;
        loaded.results = Signature::of(table, raw)?.results()?;
        Ok(loaded)
    }

    /// The client.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Types of the results on each device.
    pub fn results(&self) -> &[TensorType] {
        &self.results
    }

    /// Number of devices that one execution uses in this process.
    pub fn num_devices(&self) -> usize {
        self.num_devices
    }

    /// The optimized program: its format (XLA's is `hlo_with_config`) and its bytes.
    ///
    /// # Errors
    /// When the plugin does not hand it out.
    pub fn optimized_program(&self) -> Result<(String, Vec<u8>), Error> {
        let table = self.client.table();
        let signature = Signature::of(table, self.raw)?;
        // SAFETY: the executable is alive until `signature` is dropped.
        unsafe { optimized_program(table, signature.raw.as_ptr()) }
    }

    /// Runs the program on one device. See [`LoadedExecutable::execute_replicated`].
    pub fn execute(&self, arguments: &[&Buffer], keep: &[usize]) -> Result<Vec<Buffer>, Error> {
        let mut outputs = self.execute_replicated(&[arguments], keep)?;
        Ok(outputs.pop().expect("one device was given"))
    }

    /// Runs the program: `arguments[d]` are the arguments on its d-th device, and so are the results.
    ///
    /// An argument that the program aliases to a result is donated: its memory becomes the result's and its buffer is
    /// deleted. Arguments with an index in `keep`, and borrowed buffers, are copied instead. The call returns when the
    /// program is enqueued; what goes wrong later shows where a result is used.
    pub fn execute_replicated(&self, arguments: &[&[&Buffer]], keep: &[usize]) -> Result<Vec<Vec<Buffer>>, Error> {
        let num_args = self.check(arguments)?;
        let borrowed = (0..num_args).filter(|&index| arguments.iter().any(|list| list[index].is_borrowed()));
        let kept: Vec<i64> = keep.iter().copied().chain(borrowed).map(|index| index as i64).collect();
        let mut options = abi::ExecuteOptions::zeroed();
        options.non_donatable_input_indices = kept.as_ptr();
        options.num_non_donatable_input_indices = kept.len();
        let inputs: Vec<Vec<*mut RawBuffer>> =
            arguments.iter().map(|list| list.iter().map(|buffer| buffer.raw()).collect()).collect();
        let input_lists: Vec<*const *mut RawBuffer> = inputs.iter().map(Vec::as_ptr).collect();
        let mut outputs = vec![vec![std::ptr::null_mut::<RawBuffer>(); self.results.len()]; arguments.len()];
        let output_lists: Vec<*mut *mut RawBuffer> = outputs.iter_mut().map(Vec::as_mut_ptr).collect();
        let mut args = abi::ExecuteArgs::zeroed();
        args.executable = self.raw.as_ptr();
        args.options = &raw const options;
        args.argument_lists = input_lists.as_ptr();
        args.num_devices = arguments.len();
        args.num_args = num_args;
        args.output_lists = output_lists.as_ptr();
        // SAFETY: lists and options outlive the call; there is one list a device, every input list has `num_args` buffers
        // of this client, and every output list has room for the program's results.
        unsafe { self.client.table().call(&table::LOADED_EXECUTABLE_EXECUTE, &mut args)? };
        outputs.into_iter().map(|list| self.take_results(&list)).collect()
    }

    /// Owns the results of one device.
    fn take_results(&self, list: &[*mut RawBuffer]) -> Result<Vec<Buffer>, Error> {
        let buffers: Vec<Result<Buffer, Error>> = list
            .iter()
            .zip(&self.results)
            // SAFETY: the plugin just made these buffers for the caller, with the types its signature states.
            .map(|(&raw, ty)| unsafe { Buffer::from_raw(self.client.clone(), raw, ty.clone(), false) })
            .collect();
        buffers.into_iter().collect()
    }

    /// Checks what a plugin does not, and returns the number of arguments.
    fn check(&self, arguments: &[&[&Buffer]]) -> Result<usize, Error> {
        if arguments.len() != self.num_devices {
            return Err(Error::Arguments(format!(
                "the program runs on {} devices, arguments for {} were given",
                self.num_devices,
                arguments.len()
            )));
        }
        let num_args = arguments.first().map_or(0, |list| list.len());
        if arguments.iter().any(|list| list.len() != num_args) {
            return Err(Error::Arguments("every device must get the same number of arguments".to_owned()));
        }
        if arguments.iter().flat_map(|list| list.iter()).any(|buffer| !buffer.client().is_same(&self.client)) {
            return Err(Error::Arguments("a buffer belongs to another client than the program".to_owned()));
        }
        Ok(num_args)
    }
}

impl std::fmt::Debug for LoadedExecutable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LoadedExecutable")
            .field("num_devices", &self.num_devices)
            .field("results", &self.results)
            .finish()
    }
}

fn num_devices(table: Table, raw: NonNull<RawLoadedExecutable>) -> Result<usize, Error> {
    let mut args = abi::ExecutableDevicesArgs::zeroed();
    args.executable = raw.as_ptr();
    // SAFETY: the executable is alive.
    unsafe { table.call(&table::LOADED_EXECUTABLE_ADDRESSABLE_DEVICES, &mut args)? };
    Ok(args.num_devices)
}

/// The unloaded executable inside a loaded one, which knows the types. Owned, and freed on drop.
struct Signature {
    table: Table,
    raw: NonNull<RawExecutable>,
}

impl Drop for Signature {
    fn drop(&mut self) {
        let mut args = abi::ExecutableDestroyArgs::zeroed();
        args.executable = self.raw.as_ptr();
        // SAFETY: the handle is owned and not used again.
        let _ = unsafe { self.table.call(&table::EXECUTABLE_DESTROY, &mut args) };
    }
}

impl Signature {
    fn of(table: Table, loaded: NonNull<RawLoadedExecutable>) -> Result<Self, Error> {
        let mut args = abi::GetExecutableArgs::zeroed();
        args.loaded_executable = loaded.as_ptr();
        // SAFETY: the executable is alive.
        unsafe { table.call(&table::LOADED_EXECUTABLE_GET_EXECUTABLE, &mut args)? };
        match NonNull::new(args.executable) {
            Some(raw) => Ok(Signature { table, raw }),
            None => Err(Error::Arguments("the PJRT plugin does not show the executable's signature".to_owned())),
        }
    }

    fn results(&self) -> Result<Vec<TensorType>, Error> {
        let mut types = abi::OutputElementTypesArgs::zeroed();
        types.executable = self.raw.as_ptr();
        let mut dims = abi::OutputDimensionsArgs::zeroed();
        dims.executable = self.raw.as_ptr();
        // SAFETY: the executable is alive, and the arrays live as long as it does.
        let (codes, ranks) = unsafe {
            self.table.call(&table::EXECUTABLE_OUTPUT_ELEMENT_TYPES, &mut types)?;
            self.table.call(&table::EXECUTABLE_OUTPUT_DIMENSIONS, &mut dims)?;
            (slice_from(types.output_types, types.num_output_types), slice_from(dims.dim_sizes, dims.num_outputs))
        };
        if codes.len() != ranks.len() || codes.len() != self.num_outputs()? {
            return Err(Error::Arguments("the PJRT plugin contradicts itself about the number of results".to_owned()));
        }
        // SAFETY: the dimensions of all results lie one after the other.
        let mut sizes = unsafe { slice_from(dims.dims, ranks.iter().sum()) };
        let mut results = Vec::with_capacity(codes.len());
        for (&code, &rank) in codes.iter().zip(ranks) {
            let (shape, rest) = sizes.split_at(rank);
            sizes = rest;
            results.push(TensorType::new(element_type(code)?, shape.iter().map(|&dim| dim as u64).collect::<Vec<_>>()));
        }
        Ok(results)
    }

    fn num_outputs(&self) -> Result<usize, Error> {
        let mut args = abi::ExecutableNumOutputsArgs::zeroed();
        args.executable = self.raw.as_ptr();
        // SAFETY: the executable is alive.
        unsafe { self.table.call(&table::EXECUTABLE_NUM_OUTPUTS, &mut args)? };
        Ok(args.num_outputs)
    }
}
