//! Structs and constants of the PJRT C API, the part that `hire` calls.
//!
//! Layouts are those of API 0.114 (`xla/pjrt/c/pjrt_c_api.h`). Every call passes one struct that starts with its own
//! size; plugins reject a size smaller than they expect and accept a larger one, and new fields are only ever appended.
//! So each struct here has the newest known layout and is zeroed before use: an older plugin ignores the tail, a newer one
//! reads zeros. The one thing a plugin may not do is to need a field beyond 0.114.

use std::ffi::{c_char, c_int, c_void};

/// Handles owned by the plugin. They are only ever passed by pointer.
macro_rules! opaque {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        $($(#[$doc])* #[repr(C)] pub(crate) struct $name { _opaque: [u8; 0] })*
    };
}

opaque! {
    /// `PJRT_Error`.
    RawError,
    /// `PJRT_Event`.
    RawEvent,
    /// `PJRT_Client`.
    RawClient,
    /// `PJRT_Device`.
    RawDevice,
    /// `PJRT_DeviceDescription`.
    RawDeviceDescription,
    /// `PJRT_Executable`.
    RawExecutable,
    /// `PJRT_LoadedExecutable`.
    RawLoadedExecutable,
    /// `PJRT_Buffer`.
    RawBuffer,
    /// `PJRT_TopologyDescription`.
    RawTopology,
    /// `PJRT_SerializedExecutable`.
    RawSerializedExecutable,
}

/// A struct whose first two words are its size and its extension chain.
///
/// # Safety
/// The type is `repr(C)`, starts with `struct_size: usize`, and all its fields may be zero.
pub(crate) unsafe trait ApiStruct: Sized {
    /// A zeroed value that knows its size.
    fn zeroed() -> Self {
        // SAFETY: the trait promises that all-zero bytes are a valid value.
        let mut value: Self = unsafe { std::mem::zeroed() };
        // SAFETY: the trait promises that the struct starts with its `usize` size.
        unsafe { std::ptr::from_mut(&mut value).cast::<usize>().write(size_of::<Self>()) };
        value
    }
}

/// Declares API structs: name, size in API 0.114, fields after the common two words. The size is checked when compiling.
macro_rules! structs {
    ($($(#[$doc:meta])* $name:ident = $size:literal { $($field:ident: $ty:ty),* $(,)? })*) => {
        $(
            $(#[$doc])*
            #[repr(C)]
            #[allow(dead_code, reason = "layout of the C API, whether or not each field is read here")]
            pub(crate) struct $name {
                pub(crate) struct_size: usize,
                pub(crate) extension_start: *mut c_void,
                $(pub(crate) $field: $ty,)*
            }
            const _: () = assert!(size_of::<$name>() == $size);
            // SAFETY: `repr(C)`, the size first, and only integers, booleans and pointers follow.
            unsafe impl ApiStruct for $name {}
        )*
    };
}

structs! {
    /// `PJRT_Api_Version`.
    ApiVersion = 24 { major_version: c_int, minor_version: c_int }

    /// `PJRT_Error_Destroy_Args`.
    ErrorDestroyArgs = 24 { error: *mut RawError }
    /// `PJRT_Error_Message_Args`.
    ErrorMessageArgs = 40 { error: *const RawError, message: *const c_char, message_size: usize }
    /// `PJRT_Error_GetCode_Args`.
    ErrorGetCodeArgs = 32 { error: *const RawError, code: c_int }

    /// `PJRT_Plugin_Initialize_Args`.
    PluginInitializeArgs = 16 {}
    /// `PJRT_Plugin_Attributes_Args`.
    PluginAttributesArgs = 32 { attributes: *const NamedValue, num_attributes: usize }
    /// `PJRT_NamedValue`; `value` is the C union, wide enough for each of its members.
    NamedValue = 56 { name: *const c_char, name_size: usize, kind: c_int, value: NamedValuePayload, value_size: usize }

    /// `PJRT_Event_Destroy_Args`.
    EventDestroyArgs = 24 { event: *mut RawEvent }
    /// `PJRT_Event_Await_Args`.
    EventAwaitArgs = 24 { event: *mut RawEvent }
    /// `PJRT_Event_OnReady_Args`.
    EventOnReadyArgs = 40 { event: *mut RawEvent, callback: Option<OnReadyCallback>, user_arg: *mut c_void }

    /// `PJRT_Client_Create_Args`. The callbacks of multi-process clients stay null.
    ClientCreateArgs = 88 {
        create_options: *const NamedValue,
        num_options: usize,
        kv_get_callback: *const c_void,
        kv_get_user_arg: *mut c_void,
        kv_put_callback: *const c_void,
        kv_put_user_arg: *mut c_void,
        client: *mut RawClient,
        kv_try_get_callback: *const c_void,
        kv_try_get_user_arg: *mut c_void,
    }
    /// `PJRT_Client_Destroy_Args`.
    ClientDestroyArgs = 24 { client: *mut RawClient }
    /// `PJRT_Client_PlatformName_Args` and `PJRT_Client_PlatformVersion_Args`.
    ClientTextArgs = 40 { client: *mut RawClient, text: *const c_char, text_size: usize }
    /// `PJRT_Client_AddressableDevices_Args`.
    ClientDevicesArgs = 40 { client: *mut RawClient, devices: *const *mut RawDevice, num_devices: usize }
    /// `PJRT_Client_Compile_Args`.
    ClientCompileArgs = 56 {
        client: *mut RawClient,
        program: *const Program,
        compile_options: *const c_char,
        compile_options_size: usize,
        executable: *mut RawLoadedExecutable,
    }
    /// `PJRT_Program`.
    Program = 48 { code: *mut c_char, code_size: usize, format: *const c_char, format_size: usize }
    /// `PJRT_Client_BufferFromHostBuffer_Args`.
    BufferFromHostArgs = 120 {
        client: *mut RawClient,
        data: *const c_void,
        kind: c_int,
        dims: *const i64,
        num_dims: usize,
        byte_strides: *const i64,
        num_byte_strides: usize,
        host_buffer_semantics: c_int,
        device: *mut RawDevice,
        memory: *mut c_void,
        device_layout: *mut MemoryLayout,
        done_with_host_buffer: *mut RawEvent,
        buffer: *mut RawBuffer,
    }
    /// `PJRT_Buffer_MemoryLayout` with its tiled form, which every layout here has.
    MemoryLayout = 80 {
        tiled: TiledLayout,
        kind: c_int,
    }
    /// `PJRT_Buffer_MemoryLayout_Tiled`.
    TiledLayout = 56 {
        minor_to_major: *const i64,
        minor_to_major_size: usize,
        tile_dims: *const i64,
        tile_dim_sizes: *const usize,
        num_tiles: usize,
    }

    /// `PJRT_Device_GetDescription_Args`.
    DeviceGetDescriptionArgs = 32 { device: *mut RawDevice, device_description: *mut RawDeviceDescription }
    /// `PJRT_DeviceDescription_Kind_Args`.
    DeviceKindArgs = 40 { device_description: *mut RawDeviceDescription, text: *const c_char, text_size: usize }

    /// `PJRT_Executable_Destroy_Args`.
    ExecutableDestroyArgs = 24 { executable: *mut RawExecutable }
    /// `PJRT_Executable_NumOutputs_Args`.
    ExecutableNumOutputsArgs = 32 { executable: *mut RawExecutable, num_outputs: usize }
    /// `PJRT_LoadedExecutable_Destroy_Args`.
    LoadedExecutableDestroyArgs = 24 { executable: *mut RawLoadedExecutable }
    /// `PJRT_LoadedExecutable_GetExecutable_Args`.
    GetExecutableArgs = 32 { loaded_executable: *mut RawLoadedExecutable, executable: *mut RawExecutable }
    /// `PJRT_LoadedExecutable_AddressableDevices_Args`.
    ExecutableDevicesArgs = 40 {
        executable: *mut RawLoadedExecutable,
        devices: *const *mut RawDevice,
        num_devices: usize,
    }
    /// `PJRT_Executable_OutputElementTypes_Args`.
    OutputElementTypesArgs = 40 { executable: *mut RawExecutable, output_types: *const c_int, num_output_types: usize }
    /// `PJRT_Executable_OutputDimensions_Args`: the dimensions of all outputs one after the other.
    OutputDimensionsArgs = 48 {
        executable: *mut RawExecutable,
        num_outputs: usize,
        dims: *const i64,
        dim_sizes: *const usize,
    }
    /// `PJRT_Executable_OptimizedProgram_Args`. Called with `program.code` null it states the size.
    OptimizedProgramArgs = 32 { executable: *mut RawExecutable, program: *mut Program }
    /// `PJRT_Executable_Serialize_Args`.
    SerializeArgs = 56 {
        executable: *const RawExecutable,
        serialized_bytes: *const c_char,
        serialized_bytes_size: usize,
        serialized_executable: *mut RawSerializedExecutable,
        serialized_executable_deleter: Option<SerializedDeleter>,
    }
    /// `PJRT_Executable_GetCompiledMemoryStats_Args`.
    CompiledMemoryStatsArgs = 144 {
        executable: *mut RawExecutable,
        generated_code_size_in_bytes: i64,
        argument_size_in_bytes: i64,
        output_size_in_bytes: i64,
        alias_size_in_bytes: i64,
        temp_size_in_bytes: i64,
        host_generated_code_size_in_bytes: i64,
        host_argument_size_in_bytes: i64,
        host_output_size_in_bytes: i64,
        host_alias_size_in_bytes: i64,
        host_temp_size_in_bytes: i64,
        peak_memory_in_bytes: i64,
        total_size_in_bytes: i64,
        total_allocation_bytes: i64,
        indefinite_allocations: i64,
        peak_unpadded_heap_bytes: i64,
    }

    /// `PJRT_TopologyDescription_Create_Args`.
    TopologyCreateArgs = 56 {
        topology_name: *const c_char,
        topology_name_size: usize,
        create_options: *const NamedValue,
        num_options: usize,
        topology: *mut RawTopology,
    }
    /// `PJRT_TopologyDescription_Destroy_Args`.
    TopologyDestroyArgs = 24 { topology: *mut RawTopology }
    /// `PJRT_TopologyDescription_PlatformVersion_Args`.
    TopologyTextArgs = 40 { topology: *mut RawTopology, text: *const c_char, text_size: usize }
    /// `PJRT_Compile_Args`.
    CompileArgs = 64 {
        topology: *const RawTopology,
        program: *const Program,
        compile_options: *const c_char,
        compile_options_size: usize,
        client: *mut RawClient,
        executable: *mut RawExecutable,
    }

    /// `PJRT_ExecuteOptions`.
    ExecuteOptions = 144 {
        send_callbacks: *mut c_void,
        recv_callbacks: *mut c_void,
        num_send_ops: usize,
        num_recv_ops: usize,
        launch_id: c_int,
        non_donatable_input_indices: *const i64,
        num_non_donatable_input_indices: usize,
        context: *mut c_void,
        call_location: *const c_char,
        num_tasks: usize,
        task_ids: *const c_int,
        incarnation_ids: *const i64,
        multi_slice_config: *mut c_void,
        use_major_to_minor_data_layout_for_callbacks: bool,
        hlo_output_callbacks: *mut c_void,
        num_hlo_output_callbacks: usize,
    }
    /// `PJRT_LoadedExecutable_Execute_Args`.
    ExecuteArgs = 80 {
        executable: *mut RawLoadedExecutable,
        options: *const ExecuteOptions,
        argument_lists: *const *const *mut RawBuffer,
        num_devices: usize,
        num_args: usize,
        output_lists: *const *mut *mut RawBuffer,
        device_complete_events: *mut *mut RawEvent,
        execute_device: *mut RawDevice,
    }

    /// `PJRT_Buffer_Destroy_Args`.
    BufferDestroyArgs = 24 { buffer: *mut RawBuffer }
    /// `PJRT_Buffer_IsDeleted_Args`.
    BufferIsDeletedArgs = 32 { buffer: *mut RawBuffer, is_deleted: bool }
    /// `PJRT_Buffer_ToHostBuffer_Args`.
    BufferToHostArgs = 56 {
        src: *mut RawBuffer,
        host_layout: *mut MemoryLayout,
        dst: *mut c_void,
        dst_size: usize,
        event: *mut RawEvent,
    }
    /// `PJRT_Buffer_ReadyEvent_Args`.
    BufferReadyEventArgs = 32 { buffer: *mut RawBuffer, event: *mut RawEvent }
    /// `PJRT_Buffer_UnsafePointer_Args`.
    BufferUnsafePointerArgs = 32 { buffer: *mut RawBuffer, buffer_pointer: usize }
}

/// The union of `PJRT_NamedValue`.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) union NamedValuePayload {
    pub(crate) string_value: *const c_char,
    pub(crate) int64_value: i64,
    pub(crate) int64_array_value: *const i64,
    pub(crate) float_value: f32,
    pub(crate) bool_value: bool,
}

/// Frees what `PJRT_Executable_Serialize` returned.
pub(crate) type SerializedDeleter = extern "C" fn(executable: *mut RawSerializedExecutable);

/// What a plugin calls when an event is ready; it then owns the error, if there is one.
pub(crate) type OnReadyCallback = extern "C" fn(error: *mut RawError, user_arg: *mut c_void);

/// `PJRT_NamedValue_Type`.
pub(crate) mod named_value_kind {
    use std::ffi::c_int;

    pub(crate) const STRING: c_int = 0;
    pub(crate) const INT64: c_int = 1;
    pub(crate) const INT64_LIST: c_int = 2;
    pub(crate) const FLOAT: c_int = 3;
    pub(crate) const BOOL: c_int = 4;
}

/// `PJRT_HostBufferSemantics`.
pub(crate) mod host_buffer_semantics {
    use std::ffi::c_int;

    /// The plugin copies before the call returns.
    pub(crate) const IMMUTABLE_ONLY_DURING_CALL: c_int = 0;
    /// The plugin may alias the memory until `done_with_host_buffer` fires.
    pub(crate) const IMMUTABLE_ZERO_COPY: c_int = 2;
}

/// The start of `PJRT_Api`; the table of function pointers follows.
#[repr(C)]
pub(crate) struct ApiHeader {
    pub(crate) struct_size: usize,
    pub(crate) extension_start: *mut c_void,
    pub(crate) version: ApiVersion,
}

const _: () = assert!(size_of::<ApiHeader>() == 40);

#[cfg(test)]
mod tests {
    use std::mem::offset_of;

    use super::*;

    #[test]
    fn fields_lie_where_the_c_header_puts_them() {
        assert_eq!(offset_of!(ErrorMessageArgs, message_size), 32);
        assert_eq!(offset_of!(NamedValue, kind), 32);
        assert_eq!(offset_of!(NamedValue, value), 40);
        assert_eq!(offset_of!(NamedValue, value_size), 48);
        assert_eq!(offset_of!(ClientCreateArgs, client), 64);
        assert_eq!(offset_of!(ClientCreateArgs, kv_try_get_user_arg), 80);
        assert_eq!(offset_of!(ClientCompileArgs, executable), 48);
        assert_eq!(offset_of!(BufferFromHostArgs, dims), 40);
        assert_eq!(offset_of!(BufferFromHostArgs, host_buffer_semantics), 72);
        assert_eq!(offset_of!(BufferFromHostArgs, device_layout), 96);
        assert_eq!(offset_of!(BufferFromHostArgs, buffer), 112);
        assert_eq!(offset_of!(MemoryLayout, tiled), 16);
        assert_eq!(offset_of!(MemoryLayout, kind), 72);
        assert_eq!(offset_of!(ExecuteOptions, launch_id), 48);
        assert_eq!(offset_of!(ExecuteOptions, non_donatable_input_indices), 56);
        assert_eq!(offset_of!(ExecuteOptions, use_major_to_minor_data_layout_for_callbacks), 120);
        assert_eq!(offset_of!(ExecuteOptions, num_hlo_output_callbacks), 136);
        assert_eq!(offset_of!(ExecuteArgs, output_lists), 56);
        assert_eq!(offset_of!(ExecuteArgs, execute_device), 72);
        assert_eq!(offset_of!(OutputDimensionsArgs, dim_sizes), 40);
        assert_eq!(offset_of!(BufferToHostArgs, event), 48);
        assert_eq!(offset_of!(CompileArgs, executable), 56);
        assert_eq!(offset_of!(TopologyCreateArgs, topology), 48);
        assert_eq!(offset_of!(SerializeArgs, serialized_executable_deleter), 48);
        assert_eq!(offset_of!(CompiledMemoryStatsArgs, peak_memory_in_bytes), 104);
    }

    #[test]
    fn zeroed_structs_carry_their_size() {
        let options = ExecuteOptions::zeroed();
        assert_eq!(options.struct_size, 144);
        assert!(options.non_donatable_input_indices.is_null());
        assert_eq!(options.num_hlo_output_callbacks, 0);
    }
}
