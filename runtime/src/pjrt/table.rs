//! The plugin's table of functions, indexed by position.
//!
//! `GetPjrtApi` returns a header followed by function pointers, whose order never changes and which only grows. A function
//! is therefore named by its slot, and a plugin older than a function is recognised by its table ending before the slot.

use std::ffi::c_int;
use std::marker::PhantomData;

use super::abi::{self, ApiHeader, ApiStruct, RawError};
use super::error::{Code, Error};

/// The oldest API minor version with every function named here.
pub(crate) const OLDEST_MINOR: c_int = 54;

/// One function of the table: its slot and its C name. All of them take one args struct and return an error or null.
pub(crate) struct Function<A> {
    slot: usize,
    name: &'static str,
    args: PhantomData<fn(&mut A)>,
}

macro_rules! functions {
    ($($(#[$doc:meta])* $constant:ident = $slot:literal $name:literal ($args:ident);)*) => {
        $(
            $(#[$doc])*
            pub(crate) const $constant: Function<abi::$args> = Function { slot: $slot, name: $name, args: PhantomData };
        )*
    };
}

functions! {
    PLUGIN_INITIALIZE = 3 "PJRT_Plugin_Initialize" (PluginInitializeArgs);
    PLUGIN_ATTRIBUTES = 4 "PJRT_Plugin_Attributes" (PluginAttributesArgs);
    EVENT_DESTROY = 5 "PJRT_Event_Destroy" (EventDestroyArgs);
    EVENT_AWAIT = 8 "PJRT_Event_Await" (EventAwaitArgs);
    EVENT_ON_READY = 9 "PJRT_Event_OnReady" (EventOnReadyArgs);
    CLIENT_CREATE = 10 "PJRT_Client_Create" (ClientCreateArgs);
    CLIENT_DESTROY = 11 "PJRT_Client_Destroy" (ClientDestroyArgs);
    CLIENT_PLATFORM_NAME = 12 "PJRT_Client_PlatformName" (ClientTextArgs);
    CLIENT_PLATFORM_VERSION = 14 "PJRT_Client_PlatformVersion" (ClientTextArgs);
    CLIENT_ADDRESSABLE_DEVICES = 16 "PJRT_Client_AddressableDevices" (ClientDevicesArgs);
    CLIENT_COMPILE = 20 "PJRT_Client_Compile" (ClientCompileArgs);
    CLIENT_BUFFER_FROM_HOST_BUFFER = 22 "PJRT_Client_BufferFromHostBuffer" (BufferFromHostArgs);
    DEVICE_DESCRIPTION_KIND = 26 "PJRT_DeviceDescription_Kind" (DeviceKindArgs);
    DEVICE_GET_DESCRIPTION = 29 "PJRT_Device_GetDescription" (DeviceGetDescriptionArgs);
    EXECUTABLE_DESTROY = 40 "PJRT_Executable_Destroy" (ExecutableDestroyArgs);
    EXECUTABLE_NUM_OUTPUTS = 44 "PJRT_Executable_NumOutputs" (ExecutableNumOutputsArgs);
    EXECUTABLE_OPTIMIZED_PROGRAM = 48 "PJRT_Executable_OptimizedProgram" (OptimizedProgramArgs);
    EXECUTABLE_SERIALIZE = 49 "PJRT_Executable_Serialize" (SerializeArgs);
    LOADED_EXECUTABLE_DESTROY = 50 "PJRT_LoadedExecutable_Destroy" (LoadedExecutableDestroyArgs);
    LOADED_EXECUTABLE_GET_EXECUTABLE = 51 "PJRT_LoadedExecutable_GetExecutable" (GetExecutableArgs);
    LOADED_EXECUTABLE_ADDRESSABLE_DEVICES = 52 "PJRT_LoadedExecutable_AddressableDevices" (ExecutableDevicesArgs);
    LOADED_EXECUTABLE_EXECUTE = 55 "PJRT_LoadedExecutable_Execute" (ExecuteArgs);
    BUFFER_DESTROY = 58 "PJRT_Buffer_Destroy" (BufferDestroyArgs);
    BUFFER_IS_DELETED = 68 "PJRT_Buffer_IsDeleted" (BufferIsDeletedArgs);
    BUFFER_TO_HOST_BUFFER = 70 "PJRT_Buffer_ToHostBuffer" (BufferToHostArgs);
    BUFFER_READY_EVENT = 72 "PJRT_Buffer_ReadyEvent" (BufferReadyEventArgs);
    BUFFER_UNSAFE_POINTER = 73 "PJRT_Buffer_UnsafePointer" (BufferUnsafePointerArgs);
    TOPOLOGY_CREATE = 82 "PJRT_TopologyDescription_Create" (TopologyCreateArgs);
    TOPOLOGY_DESTROY = 83 "PJRT_TopologyDescription_Destroy" (TopologyDestroyArgs);
    TOPOLOGY_PLATFORM_VERSION = 85 "PJRT_TopologyDescription_PlatformVersion" (TopologyTextArgs);
    COMPILE = 89 "PJRT_Compile" (CompileArgs);
    EXECUTABLE_OUTPUT_ELEMENT_TYPES = 90 "PJRT_Executable_OutputElementTypes" (OutputElementTypesArgs);
    EXECUTABLE_OUTPUT_DIMENSIONS = 91 "PJRT_Executable_OutputDimensions" (OutputDimensionsArgs);
    EXECUTABLE_GET_COMPILED_MEMORY_STATS = 96 "PJRT_Executable_GetCompiledMemoryStats" (CompiledMemoryStatsArgs);
}

/// The three functions that errors themselves are read with. They cannot fail, so they are not [`Function`]s.
const ERROR_DESTROY: usize = 0;
const ERROR_MESSAGE: usize = 1;
const ERROR_GET_CODE: usize = 2;

/// A plugin's function table. It lives as long as the process, since plugins are never unloaded.
#[derive(Clone, Copy)]
pub(crate) struct Table {
    header: &'static ApiHeader,
}

// SAFETY: the table is immutable after `GetPjrtApi` returns it, and the C API's functions may be called from any thread.
unsafe impl Send for Table {}
// SAFETY: as above.
unsafe impl Sync for Table {}

impl Table {
    /// Wraps the result of `GetPjrtApi`.
    ///
    /// # Safety
    /// `header` points to a `PJRT_Api` of at least `header.struct_size` bytes that stays valid for the whole process.
    pub(crate) unsafe fn new(header: &'static ApiHeader) -> Self {
        Table { header }
    }

    /// Major and minor version of the API that the plugin was built with.
    pub(crate) fn version(self) -> (c_int, c_int) {
        (self.header.version.major_version, self.header.version.minor_version)
    }

    /// The pointer in `slot`, unless the table is too short for it or holds null there.
    fn pointer(self, slot: usize) -> Option<*const ()> {
        let offset = size_of::<ApiHeader>() + slot * size_of::<*const ()>();
        if offset + size_of::<*const ()>() > self.header.struct_size {
            return None;
        }
        // SAFETY: the slot lies inside the table, by the check above and the promise made to `new`.
        let pointer = unsafe { std::ptr::from_ref(self.header).byte_add(offset).cast::<*const ()>().read() };
        (!pointer.is_null()).then_some(pointer)
    }

    /// Calls `function` with `args`; the plugin's error, where it returns one, becomes an [`Error`].
    ///
    /// # Safety
    /// Every pointer in `args` is valid for what the function does with it, and handles belong to this plugin and are alive.
    pub(crate) unsafe fn call<A: ApiStruct>(self, function: &Function<A>, args: &mut A) -> Result<(), Error> {
        let Some(pointer) = self.pointer(function.slot) else {
            return Err(Error::MissingFunction { function: function.name });
        };
        // SAFETY: the slot holds a function of this signature, by the order of the table.
        let call: extern "C" fn(*mut A) -> *mut RawError = unsafe { std::mem::transmute(pointer) };
        let error = call(args);
        // SAFETY: the plugin just returned this error.
        unsafe { self.take_error(function.name, error) }
    }

    /// Turns what a function returned into a result, freeing the plugin's error.
    ///
    /// # Safety
    /// `error` is null or was returned by this plugin and is not used afterwards.
    pub(crate) unsafe fn take_error(self, function: &'static str, error: *mut RawError) -> Result<(), Error> {
        if error.is_null() {
            return Ok(());
        }
        // SAFETY: not null, and the caller gives the error up.
        let (message, code) = unsafe { self.read_error(error) };
        Err(Error::Plugin { function, message, code: Code(code) })
    }

    /// Message and code of `error`, which is then freed.
    ///
    /// # Safety
    /// `error` was returned by this plugin, is not null, and is not used afterwards.
    unsafe fn read_error(self, error: *mut RawError) -> (String, c_int) {
        let mut message = abi::ErrorMessageArgs::zeroed();
        message.error = error;
        let mut code = abi::ErrorGetCodeArgs::zeroed();
        code.error = error;
        let mut destroy = abi::ErrorDestroyArgs::zeroed();
        destroy.error = error;
        let mut text = String::from("(the plugin gave no message)");
        if let Some(pointer) = self.pointer(ERROR_MESSAGE) {
            // SAFETY: slot 1 is `PJRT_Error_Message`, which fills in a string owned by the error.
            let read: extern "C" fn(*mut abi::ErrorMessageArgs) = unsafe { std::mem::transmute(pointer) };
            read(&mut message);
            // SAFETY: the message stays valid until the error is destroyed below.
            text = unsafe { text_from(message.message.cast(), message.message_size) };
        }
        if let Some(pointer) = self.pointer(ERROR_GET_CODE) {
            // SAFETY: slot 2 is `PJRT_Error_GetCode`, which cannot fail on a valid error.
            let read: extern "C" fn(*mut abi::ErrorGetCodeArgs) -> *mut RawError =
                unsafe { std::mem::transmute(pointer) };
            read(&mut code);
        }
        if let Some(pointer) = self.pointer(ERROR_DESTROY) {
            // SAFETY: slot 0 is `PJRT_Error_Destroy`; the caller gives up the error.
            let free: extern "C" fn(*mut abi::ErrorDestroyArgs) = unsafe { std::mem::transmute(pointer) };
            free(&mut destroy);
        }
        (text, code.code)
    }
}

/// A copy of a string that the plugin owns; bytes that are not UTF-8 are replaced.
///
/// # Safety
/// `data` is null or valid for `len` bytes.
pub(crate) unsafe fn text_from(data: *const u8, len: usize) -> String {
    // SAFETY: the caller promises the range.
    String::from_utf8_lossy(unsafe { slice_from(data, len) }).into_owned()
}

/// A plugin's array as a slice; C's null with length 0 becomes the empty slice.
///
/// # Safety
/// `data` is null or valid for `len` elements for as long as the slice is used.
pub(crate) unsafe fn slice_from<'a, T>(data: *const T, len: usize) -> &'a [T] {
    if data.is_null() || len == 0 {
        return &[];
    }
    // SAFETY: the caller promises the range, and it is not null.
    unsafe { std::slice::from_raw_parts(data, len) }
}
