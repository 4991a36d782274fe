//! Buffers: tensors in a device's memory.

use std::ffi::c_int;
use std::ptr::NonNull;

use hire_artifact::{ElementType, TensorType};

use super::abi::{self, ApiStruct, RawBuffer};
use super::client::Client;
use super::error::Error;
use super::event::Event;
use super::table;
use crate::tensor::{AlignedBytes, HostTensor};

/// A tensor in a device's memory, freed on drop.
///
/// A buffer that was donated to an execution is still a handle: using it is an error, never undefined behaviour.
pub struct Buffer {
    client: Client,
    raw: NonNull<RawBuffer>,
    ty: TensorType,
    borrowed: bool,
}

// SAFETY: the C API allows a buffer to be used and freed on any thread.
unsafe impl Send for Buffer {}

impl Drop for Buffer {
    fn drop(&mut self) {
        let mut args = abi::BufferDestroyArgs::zeroed();
        args.buffer = self.raw.as_ptr();
        // SAFETY: the handle is owned and not used again, and its client is alive. A failure has no remedy here.
        let _ = unsafe { self.client.table().call(&table::BUFFER_DESTROY, &mut args) };
    }
}

impl Buffer {
    /// Takes ownership of a buffer.
    ///
    /// # Safety
    /// `raw` is null or a buffer of `client` that nobody else frees, of type `ty`.
    pub(crate) unsafe fn from_raw(
        client: Client,
        raw: *mut RawBuffer,
        ty: TensorType,
        borrowed: bool,
    ) -> Result<Self, Error> {
        match NonNull::new(raw) {
            Some(raw) => Ok(Buffer { client, raw, ty, borrowed }),
            None => Err(Error::Arguments(format!("the PJRT plugin returned no buffer for a tensor of type {ty}"))),
        }
    }

    /// The tensor's type.
    pub fn ty(&self) -> &TensorType {
        &self.ty
    }

    /// Whether the buffer may lie in host memory that belongs to someone else. Such a buffer is never donated.
    pub fn is_borrowed(&self) -> bool {
        self.borrowed
    }

    /// Whether the buffer was donated to an execution or deleted.
    pub fn is_deleted(&self) -> Result<bool, Error> {
        let mut args = abi::BufferIsDeletedArgs::zeroed();
        args.buffer = self.raw.as_ptr();
        // SAFETY: the buffer is alive.
        unsafe { self.client.table().call(&table::BUFFER_IS_DELETED, &mut args)? };
        Ok(args.is_deleted)
    }

    /// Waits until the buffer's contents are there; the error of the execution that was to make them shows here.
    pub fn wait(&self) -> Result<(), Error> {
        let mut args = abi::BufferReadyEventArgs::zeroed();
        args.buffer = self.raw.as_ptr();
        // SAFETY: the buffer is alive.
        unsafe { self.client.table().call(&table::BUFFER_READY_EVENT, &mut args)? };
        // SAFETY: the event is new and owned by nobody else.
        match unsafe { Event::from_raw(self.client.table(), args.event) } {
            Some(event) => event.wait(),
            None => Ok(()),
        }
    }

    /// A copy of the tensor in host memory, row-major whatever the device's layout.
    pub fn to_host(&self) -> Result<HostTensor, Error> {
        let too_large = || Error::Arguments(format!("a tensor of type {} does not fit in memory", self.ty));
        let mut data = AlignedBytes::zeroed(self.ty.host_bytes().ok_or_else(too_large)?);
        let minor_to_major: Vec<i64> = (0..self.ty.shape.len() as i64).rev().collect();
        let mut layout = abi::MemoryLayout::zeroed();
        layout.tiled = abi::TiledLayout::zeroed();
        layout.tiled.minor_to_major = minor_to_major.as_ptr();
        layout.tiled.minor_to_major_size = minor_to_major.len();
        let mut args = abi::BufferToHostArgs::zeroed();
        args.src = self.raw.as_ptr();
        args.host_layout = &raw mut layout;
        args.dst = data.as_mut_slice().as_mut_ptr().cast();
        args.dst_size = data.as_mut_slice().len();
        // SAFETY: `dst` is valid for `dst_size` bytes, and is kept until the event says that the copy is done.
        unsafe { self.client.table().call(&table::BUFFER_TO_HOST_BUFFER, &mut args)? };
        // SAFETY: the event is new and owned by nobody else.
        if let Some(event) = unsafe { Event::from_raw(self.client.table(), args.event) } {
            event.wait()?;
        }
        HostTensor::new(self.ty.clone(), data.into_bytes()).map_err(|error| Error::Arguments(error.to_string()))
    }

    /// The address of the contents, for devices that share memory with the host. Only good for comparing: the memory may
    /// be given back at any later use of the buffer.
    pub fn address(&self) -> Result<usize, Error> {
        let mut args = abi::BufferUnsafePointerArgs::zeroed();
        args.buffer = self.raw.as_ptr();
        // SAFETY: the buffer is alive.
        unsafe { self.client.table().call(&table::BUFFER_UNSAFE_POINTER, &mut args)? };
        Ok(args.buffer_pointer)
    }

    pub(crate) fn raw(&self) -> *mut RawBuffer {
        self.raw.as_ptr()
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }
}

impl std::fmt::Debug for Buffer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Buffer({})", self.ty)
    }
}

/// `PJRT_Buffer_Type` of each element type.
const CODES: &[(ElementType, c_int)] = &[
    (ElementType::I1, 1),
    (ElementType::I8, 2),
    (ElementType::I16, 3),
    (ElementType::I32, 4),
    (ElementType::I64, 5),
    (ElementType::Ui8, 6),
    (ElementType::Ui16, 7),
    (ElementType::Ui32, 8),
    (ElementType::Ui64, 9),
    (ElementType::F16, 10),
    (ElementType::F32, 11),
    (ElementType::F64, 12),
    (ElementType::Bf16, 13),
    (ElementType::ComplexF32, 14),
    (ElementType::ComplexF64, 15),
    (ElementType::F8E5M2, 16),
    (ElementType::F8E4M3FN, 17),
    (ElementType::F8E4M3B11FNUZ, 18),
    (ElementType::F8E5M2FNUZ, 19),
    (ElementType::F8E4M3FNUZ, 20),
    (ElementType::I4, 21),
    (ElementType::Ui4, 22),
    (ElementType::I2, 24),
    (ElementType::Ui2, 25),
    (ElementType::F8E4M3, 26),
    (ElementType::F8E3M4, 27),
    (ElementType::F8E8M0FNU, 28),
    (ElementType::F4E2M1FN, 29),
    (ElementType::F6E2M3FN, 32),
    (ElementType::F6E3M2FN, 33),
];

/// The plugin's code for an element type.
pub(crate) fn element_code(dtype: ElementType) -> c_int {
    CODES.iter().find(|row| row.0 == dtype).map(|row| row.1).expect("the table has every element type")
}

/// The element type that a plugin's code means.
pub(crate) fn element_type(code: c_int) -> Result<ElementType, Error> {
    CODES.iter().find(|row| row.1 == code).map(|row| row.0).ok_or(Error::ElementType { code })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_element_type_has_one_code() {
        for dtype in ElementType::all() {
            assert_eq!(element_type(element_code(dtype)).unwrap(), dtype);
        }
        assert_eq!(CODES.len(), ElementType::all().count());
        assert!(element_type(23).is_err(), "tokens have no host representation");
    }
}
