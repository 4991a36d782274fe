//! The driver's objects, each freed when it is dropped.

use std::ffi::{CString, c_void};
use std::sync::Arc;

use cudarc::driver::result::{self, graph, module, stream};
use cudarc::driver::{DriverError, sys};

use super::error::Error;

fn failed(what: &str) -> impl FnOnce(DriverError) -> Error + '_ {
    move |source| Error::Driver { what: what.to_owned(), source, remedy: "see `nvidia-smi` for the GPU's state" }
}

/// The primary context of the first GPU.
#[derive(Clone)]
pub(super) struct Context {
    handle: Arc<Handle>,
    /// The GPU's name.
    pub(super) name: String,
    /// Its compute capability: 90 for sm_90.
    pub(super) capability: u32,
}

struct Handle {
    device: sys::CUdevice,
    context: sys::CUcontext,
}

// SAFETY: the driver's contexts may be used by any thread that has made them current, as `Context::enter` does.
unsafe impl Send for Handle {}
// SAFETY: as above; nothing in the handle changes.
unsafe impl Sync for Handle {}

impl Drop for Handle {
    fn drop(&mut self) {
        // SAFETY: the context was retained once, by `Context::open`. A refusal leaves it to the end of the process.
        let _ = unsafe { result::primary_ctx::release(self.device) };
    }
}

impl Context {
    /// Opens the first GPU.
    pub(super) fn open() -> Result<Self, Error> {
        // SAFETY: this looks for the driver's library by its name; loading it runs its own initializers only.
        if !unsafe { sys::is_culib_present() } {
            return Err(Error::NoDriver);
        }
        result::init().map_err(|_| Error::NoGpu)?;
        if result::device::get_count().map_err(failed("count the GPUs"))? < 1 {
            return Err(Error::NoGpu);
        }
        let device = result::device::get(0).map_err(failed("open the first GPU"))?;
        let name = result::device::get_name(device).map_err(failed("name the GPU"))?;
        let attribute = |attribute| {
            // SAFETY: the device was just got from the driver.
            unsafe { result::device::get_attribute(device, attribute) }.map_err(failed("describe the GPU"))
        };
        use sys::CUdevice_attribute::{
            CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR as MAJOR,
            CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR as MINOR,
        };
        let capability = u32::try_from(attribute(MAJOR)? * 10 + attribute(MINOR)?).unwrap_or(0);
        // SAFETY: the device was just got from the driver; the handle releases the context once.
        let context = unsafe { result::primary_ctx::retain(device) }.map_err(failed("use the GPU"))?;
        let context = Self { handle: Arc::new(Handle { device, context }), name, capability };
        context.enter()?;
        Ok(context)
    }

    /// Makes the context that of this thread, which everything else here needs.
    pub(super) fn enter(&self) -> Result<(), Error> {
        // SAFETY: the context is retained as long as the handle lives.
        unsafe { result::ctx::set_current(self.handle.context) }.map_err(failed("use the GPU"))
    }
}

/// Memory of the GPU.
pub(super) struct Memory {
    /// Its address.
    pub(super) start: sys::CUdeviceptr,
    bytes: usize,
    _context: Context,
}

impl Memory {
    /// So many bytes of zeros.
    pub(super) fn zeroed(context: &Context, bytes: u64) -> Result<Self, Error> {
        // Kernels load up to 16 bytes at once, of which only some may be asked for.
        let bytes = usize::try_from(bytes).unwrap_or(usize::MAX).max(1).next_multiple_of(16);
        let no_memory = |source| Error::Driver {
            what: format!("get {bytes} bytes of memory"),
            source,
            remedy: "free memory of the GPU, or use a smaller model",
        };
        // SAFETY: the context is current; the memory is freed once, by `drop`.
        let start = unsafe { result::malloc_sync(bytes) }.map_err(no_memory)?;
        let memory = Self { start, bytes, _context: context.clone() };
        memory.clear()?;
        Ok(memory)
    }

    /// A copy of these bytes.
    pub(super) fn of(context: &Context, bytes: &[u8]) -> Result<Self, Error> {
        let memory = Self::zeroed(context, bytes.len() as u64)?;
        memory.write(bytes)?;
        Ok(memory)
    }

    /// Sets all of it to zeros.
    pub(super) fn clear(&self) -> Result<(), Error> {
        // SAFETY: the memory has this many bytes.
        unsafe { result::memset_d8_sync(self.start, 0, self.bytes) }.map_err(failed("clear memory"))
    }

    /// Copies from the host; returns when it is done.
    pub(super) fn write(&self, bytes: &[u8]) -> Result<(), Error> {
        assert!(bytes.len() <= self.bytes, "the types of tensors were checked");
        // SAFETY: the memory has at least this many bytes, and the copy is over when the call returns.
        unsafe { result::memcpy_htod_sync(self.start, bytes) }.map_err(failed("copy to the GPU"))
    }

    /// Copies to the host; returns when it is done.
    pub(super) fn read(&self, bytes: &mut [u8]) -> Result<(), Error> {
        assert!(bytes.len() <= self.bytes, "the types of tensors were checked");
        // SAFETY: as for `write`.
        unsafe { result::memcpy_dtoh_sync(bytes, self.start) }.map_err(failed("copy from the GPU"))
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        // SAFETY: it was got by `malloc_sync`, and nothing uses it any more: steps end with a synchronization.
        let _ = unsafe { result::free_sync(self.start) };
    }
}

/// Assembled kernels.
pub(super) struct Kernels {
    module: sys::CUmodule,
    functions: Vec<sys::CUfunction>,
    _context: Context,
}

// SAFETY: handles of modules and functions may be used by any thread whose context is theirs.
unsafe impl Send for Kernels {}

impl Kernels {
    /// Assembles PTX and finds its kernels.
    pub(super) fn assemble(context: &Context, ptx: &str, symbols: &[String]) -> Result<Self, Error> {
        let wrong = |what: &str| Error::File { file: "kernels.ptx", what: what.to_owned() };
        let text = CString::new(ptx).map_err(|_| wrong("it holds a NUL"))?;
        let refused = |source| Error::Driver {
            what: "assemble the kernels".to_owned(),
            source,
            remedy: "install a newer driver, or compile the model again",
        };
        // SAFETY: the text ends in a NUL and lives through the call; the module is unloaded once, by `drop`.
        let module = unsafe { module::load_data(text.as_ptr().cast()) }.map_err(refused)?;
        let mut kernels = Self { module, functions: Vec::new(), _context: context.clone() };
        for symbol in symbols {
            let name = CString::new(symbol.as_str()).map_err(|_| wrong("a name holds a NUL"))?;
            // SAFETY: the module is loaded.
            let function = unsafe { module::get_function(module, name) };
            kernels.functions.push(function.map_err(|_| wrong(&format!("it has no kernel `{symbol}`")))?);
        }
        Ok(kernels)
    }
}

impl Drop for Kernels {
    fn drop(&mut self) {
        // SAFETY: the module is loaded, and no kernel of it runs: steps end with a synchronization.
        let _ = unsafe { module::unload(self.module) };
    }
}

/// A sequence of launches and copies that is recorded and then run as one.
pub(super) struct Graph {
    stream: sys::CUstream,
    recorded: Option<sys::CUgraphExec>,
    _context: Context,
}

// SAFETY: handles of streams and graphs may be used by any thread whose context is theirs.
unsafe impl Send for Graph {}

impl Graph {
    /// Records what `record` does.
    pub(super) fn record(
        context: &Context,
        record: impl FnOnce(&Recorder) -> Result<(), Error>,
    ) -> Result<Self, Error> {
        let stream = stream::create(stream::StreamKind::NonBlocking).map_err(failed("make a stream"))?;
        let mut graph = Self { stream, recorded: None, _context: context.clone() };
        let mode = sys::CUstreamCaptureMode::CU_STREAM_CAPTURE_MODE_THREAD_LOCAL;
        // SAFETY: the stream was just made, and is destroyed by `drop`.
        unsafe { stream::begin_capture(stream, mode) }.map_err(failed("record a step"))?;
        let outcome = record(&Recorder { stream });
        // SAFETY: the stream is recording, and must stop whatever happened.
        let captured = unsafe { stream::end_capture(stream) };
        outcome?;
        let captured = captured.map_err(failed("record a step"))?;
        // SAFETY: the graph was just captured; what is made of it does not need it any more.
        let made = unsafe {
            let made = graph::instantiate(captured, sys::CUgraphInstantiate_flags(0));
            let _ = graph::destroy(captured);
            made
        };
        graph.recorded = Some(made.map_err(failed("record a step"))?);
        Ok(graph)
    }

    /// Runs it and waits for its end.
    pub(super) fn run(&self) -> Result<(), Error> {
        let recorded = self.recorded.expect("a graph is handed out when it is recorded");
        // SAFETY: graph and stream are alive; the memory that the graph names belongs to its program.
        let done = unsafe { graph::launch(recorded, self.stream).and_then(|()| stream::synchronize(self.stream)) };
        done.map_err(failed("run a step"))
    }
}

impl Drop for Graph {
    fn drop(&mut self) {
        // SAFETY: both were made by `record`, and nothing runs: `run` waits.
        unsafe {
            if let Some(recorded) = self.recorded {
                let _ = graph::exec_destroy(recorded);
            }
            let _ = stream::destroy(self.stream);
        }
    }
}

/// What can be recorded.
pub(super) struct Recorder {
    stream: sys::CUstream,
}

impl Recorder {
    /// A launch of kernel number `kernel` with the addresses of its tensors.
    pub(super) fn launch(
        &self,
        kernels: &Kernels,
        kernel: usize,
        (grid, block): (u32, u32),
        tensors: &mut [sys::CUdeviceptr],
    ) -> Result<(), Error> {
        let mut parameters: Vec<*mut c_void> = tensors.iter_mut().map(|t| std::ptr::from_mut(t).cast()).collect();
        let (grid, block, function) = ((grid, 1, 1), (block, 1, 1), kernels.functions[kernel]);
        // SAFETY: the kernel takes these pointers, and the schedule was checked against the sizes of what they
        // point to; the driver copies the parameters before it returns.
        unsafe { result::launch_kernel(function, grid, block, 0, self.stream, &mut parameters) }
            .map_err(failed("launch a kernel"))
    }

    /// A copy within the GPU.
    pub(super) fn copy(&self, to: sys::CUdeviceptr, from: sys::CUdeviceptr, bytes: usize) -> Result<(), Error> {
        // SAFETY: the schedule was checked against the sizes of what the addresses point to.
        unsafe { result::memcpy_dtod_async(to, from, bytes, self.stream) }.map_err(failed("copy memory"))
    }
}
