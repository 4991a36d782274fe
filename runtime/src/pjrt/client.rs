//! A client: a plugin at work on its devices.

use std::ffi::c_int;
use std::ptr::NonNull;
use std::sync::Arc;

use bytes::Bytes;
use hire_artifact::TensorType;

use super::abi::host_buffer_semantics as semantics;
use super::abi::{self, ApiStruct, NamedValue, NamedValuePayload, RawClient, RawDevice, named_value_kind};
use super::buffer::{Buffer, element_code};
use super::compile_options::CompileOptions;
use super::error::Error;
use super::event::Event;
use super::executable::LoadedExecutable;
use super::plugin::Plugin;
use super::table::{self, Function, Table, slice_from, text_from};
use crate::tensor::{ALIGNMENT, HostTensor};

/// The value of a client option.
#[derive(Clone, Debug, PartialEq)]
pub enum OptionValue {
    /// `kInt64`.
    Integer(i64),
    /// `kBool`.
    Bool(bool),
    /// `kFloat`.
    Float(f32),
    /// `kString`.
    Text(String),
}

impl std::fmt::Display for OptionValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            OptionValue::Integer(value) => value.fmt(f),
            OptionValue::Bool(value) => value.fmt(f),
            OptionValue::Float(value) => value.fmt(f),
            OptionValue::Text(value) => value.fmt(f),
        }
    }
}

/// How host memory becomes a buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// The plugin copies the bytes. The buffer may be donated.
    Copied,
    /// The plugin uses the bytes in place where it can, which on CPUs it does if they are aligned to 64; otherwise it
    /// copies. The bytes are kept alive until the plugin is done with them, and the buffer is never donated.
    InPlace,
}

/// A client of a plugin. Clones share it; it lives until the last of its buffers and executables is gone.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    plugin: Plugin,
    raw: NonNull<RawClient>,
    devices: Vec<NonNull<RawDevice>>,
}

// SAFETY: the C API allows calls on a client and its devices from any thread.
unsafe impl Send for Inner {}
// SAFETY: as above.
unsafe impl Sync for Inner {}

impl Drop for Inner {
    fn drop(&mut self) {
        let mut args = abi::ClientDestroyArgs::zeroed();
        args.client = self.raw.as_ptr();
        // SAFETY: buffers and executables hold this struct, so that none is left. A failure has no remedy here.
        let _ = unsafe { self.plugin.table().call(&table::CLIENT_DESTROY, &mut args) };
    }
}

impl Client {
    /// Creates a client with the plugin's create options.
    ///
    /// Plugins need not check the type of an option: one CPU plugin aborts the process when `cpu_device_count` is no integer.
    pub fn create(plugin: &Plugin, options: &[(&str, OptionValue)]) -> Result<Self, Error> {
        let values: Vec<NamedValue> = options.iter().map(|(name, value)| named_value(name, value)).collect();
        let mut args = abi::ClientCreateArgs::zeroed();
        args.create_options = values.as_ptr();
        args.num_options = values.len();
        // SAFETY: the options outlive the call, which copies them.
        unsafe { plugin.table().call(&table::CLIENT_CREATE, &mut args) }.map_err(|error| Error::Refused {
            path: plugin.path().to_owned(),
            message: error.into_message(),
            options: describe(options),
        })?;
        let raw = NonNull::new(args.client).ok_or_else(|| Error::Refused {
            path: plugin.path().to_owned(),
            message: "it returned no client".to_owned(),
            options: describe(options),
        })?;
        // From here on the client is freed if anything fails.
        let mut inner = Inner { plugin: plugin.clone(), raw, devices: Vec::new() };
        inner.devices = addressable_devices(plugin.table(), raw)?;
        if inner.devices.is_empty() {
            return Err(Error::Refused {
                path: plugin.path().to_owned(),
                message: "its client has no device".to_owned(),
                options: describe(options),
            });
        }
        Ok(Client { inner: Arc::new(inner) })
    }

    /// The plugin.
    pub fn plugin(&self) -> &Plugin {
        &self.inner.plugin
    }

    /// Number of devices that this process can use.
    pub fn device_count(&self) -> usize {
        self.inner.devices.len()
    }

    /// The platform's name, such as `cpu` or `tpu`.
    pub fn platform_name(&self) -> Result<String, Error> {
        self.text(&table::CLIENT_PLATFORM_NAME)
    }

    /// The platform's version, in the plugin's own format.
    pub fn platform_version(&self) -> Result<String, Error> {
        self.text(&table::CLIENT_PLATFORM_VERSION)
    }

    /// The model of device 0, such as `TPU v5 lite`.
    pub fn device_kind(&self) -> Result<String, Error> {
        let mut description = abi::DeviceGetDescriptionArgs::zeroed();
        description.device = self.inner.devices[0].as_ptr();
        // SAFETY: devices live as long as their client.
        unsafe { self.table().call(&table::DEVICE_GET_DESCRIPTION, &mut description)? };
        let mut kind = abi::DeviceKindArgs::zeroed();
        kind.device_description = description.device_description;
        // SAFETY: the description lives as long as its device, and the text as long as the description.
        unsafe {
            self.table().call(&table::DEVICE_DESCRIPTION_KIND, &mut kind)?;
            Ok(text_from(kind.text.cast(), kind.text_size))
        }
    }

    /// Compiles StableHLO, as text or as a portable artifact.
    pub fn compile(&self, program: &[u8], options: &CompileOptions) -> Result<LoadedExecutable, Error> {
        const FORMAT: &[u8] = b"mlir";
        if options.num_devices() > self.device_count() {
            return Err(Error::Arguments(format!(
                "the program is to run on {} devices ({} replicas of {} partitions), the client has {}",
                options.num_devices(),
                options.replicas,
                options.partitions,
                self.device_count()
            )));
        }
        let encoded = options.encode();
        let mut source = abi::Program::zeroed();
        source.code = program.as_ptr().cast_mut().cast();
        source.code_size = program.len();
        source.format = FORMAT.as_ptr().cast();
        source.format_size = FORMAT.len();
        let mut args = abi::ClientCompileArgs::zeroed();
        args.client = self.inner.raw.as_ptr();
        args.program = &raw const source;
        args.compile_options = encoded.as_ptr().cast();
        args.compile_options_size = encoded.len();
        // SAFETY: program and options outlive the call, which does not write to them.
        unsafe { self.table().call(&table::CLIENT_COMPILE, &mut args) }.map_err(|error| Error::Compile {
            platform: self.platform_name().unwrap_or_else(|_| "unknown platform".to_owned()),
            message: error.into_message(),
        })?;
        // SAFETY: the executable is new and owned by nobody else.
        unsafe { LoadedExecutable::from_raw(self.clone(), args.executable) }
    }

    /// Puts a tensor into the memory of the device with index `device`.
    pub fn upload(&self, tensor: &HostTensor, device: usize, placement: Placement) -> Result<Buffer, Error> {
        let device = self.device(device)?;
        let dims: Vec<i64> = tensor.shape().iter().map(|&dim| dim as i64).collect();
        let in_place = placement == Placement::InPlace && (tensor.bytes().as_ptr() as usize).is_multiple_of(ALIGNMENT);
        let mut args = abi::BufferFromHostArgs::zeroed();
        args.client = self.inner.raw.as_ptr();
        args.data = tensor.bytes().as_ptr().cast();
        args.kind = element_code(tensor.dtype());
        args.dims = dims.as_ptr();
        args.num_dims = dims.len();
        args.host_buffer_semantics =
            if in_place { semantics::IMMUTABLE_ZERO_COPY } else { semantics::IMMUTABLE_ONLY_DURING_CALL };
        args.device = device.as_ptr();
        // SAFETY: a host tensor has as many bytes as its type takes; they outlive the call, and beyond it where the plugin
        // uses them in place, since the event below keeps them.
        unsafe { self.table().call(&table::CLIENT_BUFFER_FROM_HOST_BUFFER, &mut args)? };
        // SAFETY: the event is new and owned by nobody else.
        let done = unsafe { Event::from_raw(self.table(), args.done_with_host_buffer) };
        // SAFETY: so is the buffer.
        let buffer = unsafe { Buffer::from_raw(self.clone(), args.buffer, tensor.ty().clone(), in_place) };
        match (done, in_place) {
            (Some(done), true) => done.release_when_ready(Bytes::clone(tensor.bytes()))?,
            (Some(done), false) => done.wait()?,
            (None, true) => std::mem::forget(Bytes::clone(tensor.bytes())),
            (None, false) => {}
        }
        buffer
    }

    /// A buffer of zeros that may be donated.
    pub fn upload_zeros(&self, ty: &TensorType, device: usize) -> Result<Buffer, Error> {
        let zeros = HostTensor::zeros(ty.clone()).map_err(|error| Error::Arguments(error.to_string()))?;
        self.upload(&zeros, device, Placement::Copied)
    }

    pub(crate) fn table(&self) -> Table {
        self.inner.plugin.table()
    }

    pub(crate) fn is_same(&self, other: &Client) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
    }

    fn device(&self, index: usize) -> Result<NonNull<RawDevice>, Error> {
        self.inner.devices.get(index).copied().ok_or_else(|| {
            Error::Arguments(format!("device {index} was asked for, the client has {}", self.device_count()))
        })
    }

    fn text(&self, function: &Function<abi::ClientTextArgs>) -> Result<String, Error> {
        let mut args = abi::ClientTextArgs::zeroed();
        args.client = self.inner.raw.as_ptr();
        // SAFETY: the client is alive, and the text lives as long as the client.
        unsafe {
            self.table().call(function, &mut args)?;
            Ok(text_from(args.text.cast(), args.text_size))
        }
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("plugin", self.plugin()).field("devices", &self.device_count()).finish()
    }
}

fn addressable_devices(table: Table, client: NonNull<RawClient>) -> Result<Vec<NonNull<RawDevice>>, Error> {
    let mut args = abi::ClientDevicesArgs::zeroed();
    args.client = client.as_ptr();
    // SAFETY: the client is alive, and the array lives as long as the client.
    let devices = unsafe {
        table.call(&table::CLIENT_ADDRESSABLE_DEVICES, &mut args)?;
        slice_from(args.devices, args.num_devices)
    };
    Ok(devices.iter().filter_map(|&device| NonNull::new(device)).collect())
}

fn named_value(name: &str, value: &OptionValue) -> NamedValue {
    let mut named = NamedValue::zeroed();
    named.name = name.as_ptr().cast();
    named.name_size = name.len();
    named.value_size = 1;
    let (kind, payload): (c_int, NamedValuePayload) = match value {
        OptionValue::Integer(value) => (named_value_kind::INT64, NamedValuePayload { int64_value: *value }),
        OptionValue::Bool(value) => (named_value_kind::BOOL, NamedValuePayload { bool_value: *value }),
        OptionValue::Float(value) => (named_value_kind::FLOAT, NamedValuePayload { float_value: *value }),
        OptionValue::Text(value) => {
            named.value_size = value.len();
            (named_value_kind::STRING, NamedValuePayload { string_value: value.as_ptr().cast() })
        }
    };
    (named.kind, named.value) = (kind, payload);
    named
}

fn describe(options: &[(&str, OptionValue)]) -> String {
    if options.is_empty() {
        return "none".to_owned();
    }
    options.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
}
