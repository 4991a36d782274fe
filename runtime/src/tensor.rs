//! Tensors in host memory.
//!
//! A [`HostTensor`] is a type and its bytes: dense, row-major, in the machine's byte order, elements narrower than a byte
//! one to a byte in its low bits (as PJRT passes them), booleans one to a byte as 0 or 1. The bytes are reference
//! counted: clones and slices of a mapped file cost nothing. Bytes that this module allocates are aligned to
//! [`ALIGNMENT`], so that a device in the same memory can use them without a copy.

use bytes::Bytes;
use half::{bf16, f16};
use hire_artifact::{ElementType, TensorType};

/// Alignment in bytes from which XLA's CPU client uses host memory in place.
pub const ALIGNMENT: usize = 64;

/// A dense tensor in host memory.
#[derive(Clone, PartialEq, Eq)]
pub struct HostTensor {
    ty: TensorType,
    data: Bytes,
}

/// Bytes or values that do not make a tensor of the wanted type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TensorError {
    /// The number of bytes is not what the type takes.
    #[error("{ty} takes {} bytes, {found} were given", expected.map_or("more than memory holds".to_owned(), |n| n.to_string()))]
    Length {
        /// The type.
        ty: TensorType,
        /// Bytes that a tensor of the type takes; `None` if that does not fit in memory.
        expected: Option<usize>,
        /// Bytes that were given.
        found: usize,
    },
    /// The number of values is not what the shape holds.
    #[error("{ty} holds {} elements, {found} were given", expected.map_or("more than memory holds".to_owned(), |n| n.to_string()))]
    Count {
        /// The type.
        ty: TensorType,
        /// Elements that the shape holds; `None` if that does not fit in memory.
        expected: Option<usize>,
        /// Elements that were given.
        found: usize,
    },
    /// The tensor's elements are of another type than was asked for.
    #[error("a tensor of type {found} was read as {expected}")]
    ElementType {
        /// What was asked for.
        expected: ElementType,
        /// What the tensor has.
        found: TensorType,
    },
    /// The elements have no value as an ordinary number here.
    #[error("elements of type {0} cannot be read as numbers")]
    NotNumeric(ElementType),
}

/// Rust types that are element types, with the same bytes.
pub trait Element: Copy + private::Sealed {
    /// The element type.
    const DTYPE: ElementType;
    /// The element in memory.
    #[doc(hidden)]
    fn put(self, out: &mut [u8]);
    /// The element from memory.
    #[doc(hidden)]
    fn get(bytes: &[u8]) -> Self;
}

mod private {
    /// Keeps [`super::Element`] to the types whose bytes are known.
    pub trait Sealed {}
}

macro_rules! elements {
    ($($ty:ty => $dtype:ident,)*) => {
        $(
            impl private::Sealed for $ty {}
            impl Element for $ty {
                const DTYPE: ElementType = ElementType::$dtype;
                fn put(self, out: &mut [u8]) {
                    out.copy_from_slice(&self.to_ne_bytes());
                }
                fn get(bytes: &[u8]) -> Self {
                    Self::from_ne_bytes(bytes.try_into().expect("chunks have the element's size"))
                }
            }
        )*
    };
}

elements! {
    i8 => I8, i16 => I16, i32 => I32, i64 => I64,
    u8 => Ui8, u16 => Ui16, u32 => Ui32, u64 => Ui64,
    bf16 => Bf16, f16 => F16, f32 => F32, f64 => F64,
}

impl private::Sealed for bool {}
impl Element for bool {
    const DTYPE: ElementType = ElementType::I1;
    fn put(self, out: &mut [u8]) {
        out[0] = u8::from(self);
    }
    fn get(bytes: &[u8]) -> Self {
        bytes[0] != 0
    }
}

impl HostTensor {
    /// A tensor of type `ty` with these bytes.
    pub fn new(ty: TensorType, data: impl Into<Bytes>) -> Result<Self, TensorError> {
        let data = data.into();
        match ty.host_bytes() {
            Some(expected) if expected == data.len() => Ok(HostTensor { ty, data }),
            expected => Err(TensorError::Length { ty, expected, found: data.len() }),
        }
    }

    /// A tensor of zeros.
    pub fn zeros(ty: TensorType) -> Result<Self, TensorError> {
        let len = ty.host_bytes().ok_or(TensorError::Length { ty: ty.clone(), expected: None, found: 0 })?;
        Ok(HostTensor { ty, data: AlignedBytes::zeroed(len).into_bytes() })
    }

    /// A tensor whose elements, row-major, are `values`.
    pub fn from_slice<T: Element>(shape: &[u64], values: &[T]) -> Result<Self, TensorError> {
        let ty = TensorType::new(T::DTYPE, shape);
        match (ty.num_elements(), ty.host_bytes()) {
            (Some(expected), Some(len)) if expected == values.len() => {
                let mut data = AlignedBytes::zeroed(len);
                let chunks = data.as_mut_slice().chunks_exact_mut(T::DTYPE.host_bytes());
                chunks.zip(values).for_each(|(chunk, value)| value.put(chunk));
                Ok(HostTensor { ty, data: data.into_bytes() })
            }
            (expected, _) => Err(TensorError::Count { ty, expected, found: values.len() }),
        }
    }

    /// A scalar.
    pub fn scalar<T: Element>(value: T) -> Self {
        HostTensor::from_slice(&[], &[value]).expect("a scalar holds one element")
    }

    /// The tensor's type.
    pub fn ty(&self) -> &TensorType {
        &self.ty
    }

    /// The element type.
    pub fn dtype(&self) -> ElementType {
        self.ty.dtype
    }

    /// The dimensions, major to minor.
    pub fn shape(&self) -> &[u64] {
        &self.ty.shape
    }

    /// The bytes, as the module's documentation lays them out.
    pub fn bytes(&self) -> &Bytes {
        &self.data
    }

    /// The elements, row-major, if they are of type `T`.
    pub fn to_vec<T: Element>(&self) -> Result<Vec<T>, TensorError> {
        if T::DTYPE != self.ty.dtype {
            return Err(TensorError::ElementType { expected: T::DTYPE, found: self.ty.clone() });
        }
        Ok(self.data.chunks_exact(T::DTYPE.host_bytes()).map(T::get).collect())
    }

    /// The elements, row-major, as `f64`: exact for every real type but 64-bit integers beyond 2^53.
    /// Complex types and floats of 8 bits and less are not converted.
    pub fn to_f64(&self) -> Result<Vec<f64>, TensorError> {
        fn all<T: Element>(tensor: &HostTensor, convert: impl Fn(T) -> f64) -> Result<Vec<f64>, TensorError> {
            Ok(tensor.data.chunks_exact(T::DTYPE.host_bytes()).map(|chunk| convert(T::get(chunk))).collect())
        }
        match self.ty.dtype {
            ElementType::I1 => all(self, |x: bool| f64::from(u8::from(x))),
            ElementType::I2 => Ok(self.data.iter().map(|&x| f64::from((x << 6) as i8 >> 6)).collect()),
            ElementType::I4 => Ok(self.data.iter().map(|&x| f64::from((x << 4) as i8 >> 4)).collect()),
            ElementType::Ui2 => Ok(self.data.iter().map(|&x| f64::from(x & 3)).collect()),
            ElementType::Ui4 => Ok(self.data.iter().map(|&x| f64::from(x & 15)).collect()),
            ElementType::I8 => all(self, |x: i8| x.into()),
            ElementType::I16 => all(self, |x: i16| x.into()),
            ElementType::I32 => all(self, |x: i32| x.into()),
            ElementType::I64 => all(self, |x: i64| x as f64),
            ElementType::Ui8 => all(self, |x: u8| x.into()),
            ElementType::Ui16 => all(self, |x: u16| x.into()),
            ElementType::Ui32 => all(self, |x: u32| x.into()),
            ElementType::Ui64 => all(self, |x: u64| x as f64),
            ElementType::Bf16 => all(self, |x: bf16| x.into()),
            ElementType::F16 => all(self, |x: f16| x.into()),
            ElementType::F32 => all(self, |x: f32| x.into()),
            ElementType::F64 => all(self, |x: f64| x),
            other => Err(TensorError::NotNumeric(other)),
        }
    }
}

/// Shares the bytes of a weights file.
impl From<&hire_artifact::Tensor> for HostTensor {
    fn from(tensor: &hire_artifact::Tensor) -> Self {
        HostTensor { ty: tensor.ty().clone(), data: tensor.bytes().clone() }
    }
}

/// Shares the bytes of a host tensor, to write it to a weights file.
impl From<&HostTensor> for hire_artifact::Tensor {
    fn from(tensor: &HostTensor) -> Self {
        hire_artifact::Tensor::new(tensor.ty.clone(), tensor.data.clone())
            .expect("a host tensor has the bytes that its type takes")
    }
}

impl std::fmt::Debug for HostTensor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.to_f64() {
            Ok(values) if values.len() <= 16 => write!(f, "{} {values:?}", self.ty),
            _ => write!(f, "{} ({} bytes)", self.ty, self.data.len()),
        }
    }
}

/// Zeroed memory aligned to [`ALIGNMENT`].
pub(crate) struct AlignedBytes {
    lines: Vec<Line>,
    len: usize,
}

#[repr(C, align(64))]
#[derive(Clone, Copy)]
struct Line([u8; ALIGNMENT]);

impl AlignedBytes {
    /// `len` zero bytes. Large amounts are not touched until written.
    pub(crate) fn zeroed(len: usize) -> Self {
        let count = len.div_ceil(ALIGNMENT);
        if count == 0 {
            return AlignedBytes { lines: Vec::new(), len };
        }
        let layout = std::alloc::Layout::array::<Line>(count).expect("a tensor's size is at most isize::MAX");
        // SAFETY: the layout is not empty, as `count` is not 0.
        let pointer = unsafe { std::alloc::alloc_zeroed(layout) }.cast::<Line>();
        if pointer.is_null() {
            std::alloc::handle_alloc_error(layout);
        }
        // SAFETY: the global allocator made `count` lines with this layout, and zero bytes are valid lines.
        AlignedBytes { lines: unsafe { Vec::from_raw_parts(pointer, count, count) }, len }
    }

    pub(crate) fn as_mut_slice(&mut self) -> &mut [u8] {
        // SAFETY: the lines hold at least `len` bytes, all of them initialized.
        unsafe { std::slice::from_raw_parts_mut(self.lines.as_mut_ptr().cast(), self.len) }
    }

    pub(crate) fn into_bytes(self) -> Bytes {
        Bytes::from_owner(self)
    }
}

impl AsRef<[u8]> for AlignedBytes {
    fn as_ref(&self) -> &[u8] {
        // SAFETY: the lines hold at least `len` bytes, all of them initialized.
        unsafe { std::slice::from_raw_parts(self.lines.as_ptr().cast(), self.len) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_round_trip_and_allocations_are_aligned() {
        let tensor = HostTensor::from_slice(&[2, 2], &[1.5f32, -2.0, 0.0, f32::MAX]).unwrap();
        assert_eq!(tensor.to_vec::<f32>().unwrap(), [1.5, -2.0, 0.0, f32::MAX]);
        assert_eq!(tensor.bytes().as_ptr() as usize % ALIGNMENT, 0);
        let empty = HostTensor::zeros(TensorType::new(ElementType::F32, [0, 3])).unwrap();
        assert!(empty.to_vec::<f32>().unwrap().is_empty());
        assert!(HostTensor::scalar(true).to_vec::<bool>().unwrap()[0]);
    }

    #[test]
    fn nibbles_are_sign_extended_as_numbers() {
        let ty = TensorType::new(ElementType::I4, [3]);
        assert_eq!(HostTensor::new(ty, vec![7, 8, 15]).unwrap().to_f64().unwrap(), [7.0, -8.0, -1.0]);
    }

    #[test]
    fn wrong_amounts_and_types_are_errors() {
        let ty = TensorType::new(ElementType::F32, [3]);
        insta::assert_snapshot!(HostTensor::new(ty, vec![0; 8]).unwrap_err(), @"tensor<3xf32> takes 12 bytes, 8 were given");
        insta::assert_snapshot!(
            HostTensor::from_slice(&[2, 2], &[1i32]).unwrap_err(), @"tensor<2x2xi32> holds 4 elements, 1 were given");
        insta::assert_snapshot!(
            HostTensor::scalar(1i32).to_vec::<f32>().unwrap_err(), @"a tensor of type tensor<i32> was read as f32");
        insta::assert_snapshot!(
            HostTensor::zeros(TensorType::new(ElementType::F32, [u64::MAX, 9])).unwrap_err(),
            @"tensor<18446744073709551615x9xf32> takes more than memory holds bytes, 0 were given");
    }
}
