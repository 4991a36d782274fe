//! Tensor constants.
//!
//! Bytes are row-major and little-endian, one element after another; types narrower than a byte
//! take a byte each (sign- or zero-extended for integers, the bits for floats, 0 or 1 for `i1`).
//! They may be shared with, or borrowed from, the file they were read from ([`bytes::Bytes`]), so
//! that cloning a module or reading a large artifact copies no constant.

use bytes::Bytes;
use smol_str::SmolStr;

use super::types::{ElementType, TensorType};

/// How a constant was written, kept so that it is printed the same way.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ElementsForm {
    /// `dense<…>`.
    Dense,
    /// `dense_resource<KEY>` with the bytes in the file's resource section.
    Resource(SmolStr),
}

/// A constant tensor of known shape.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DenseElements {
    /// A ranked, static tensor type.
    pub ty: TensorType,
    /// All elements, or exactly one when `splat`.
    pub data: Bytes,
    /// Whether one element stands for all.
    pub splat: bool,
    /// How it is written.
    pub form: ElementsForm,
}

impl DenseElements {
    /// A constant with every element given; `data` must hold exactly the type's elements.
    pub fn new(ty: TensorType, data: impl Into<Bytes>) -> Self {
        let data = data.into();
        debug_assert_eq!(ty.element_count().map(|n| n as usize * ty.element.byte_size()), Some(data.len()));
        Self { ty, data, splat: false, form: ElementsForm::Dense }
    }

    /// A constant whose elements are all `element` (its bytes).
    pub fn splat(ty: TensorType, element: impl Into<Bytes>) -> Self {
        let data = element.into();
        debug_assert_eq!(ty.element.byte_size(), data.len());
        Self { ty, data, splat: true, form: ElementsForm::Dense }
    }

    /// A tensor of i64 values.
    pub fn i64s(sizes: &[u64], values: &[i64]) -> Self {
        let data: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        Self::new(TensorType::new(sizes, ElementType::I64), data)
    }

    /// How many elements the tensor has.
    pub fn len(&self) -> u64 {
        self.ty.element_count().expect("constants have a static type whose size the front end checked")
    }

    /// Whether the tensor has no elements.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes of element `index` in row-major order.
    pub fn element(&self, index: u64) -> &[u8] {
        let size = self.ty.element.byte_size();
        let at = if self.splat { 0 } else { index as usize * size };
        &self.data[at..at + size]
    }

    /// All elements as i128, when the element type is an integer, `i1` or `index`.
    pub fn integers(&self) -> Option<Vec<i128>> {
        let (signed, size) = (!self.ty.element.is_unsigned_integer(), self.ty.element.byte_size());
        let integral = self.ty.element.is_integer()
            || matches!(self.ty.element, ElementType::I1 | ElementType::Index | ElementType::OtherInt { .. });
        if !integral || size > 16 {
            return None;
        }
        let read = |index: u64| {
            let bytes = self.element(index);
            let fill =
                if signed && self.ty.element != ElementType::I1 && bytes[size - 1] & 0x80 != 0 { 0xff } else { 0 };
            let mut wide = [fill; 16];
            wide[..size].copy_from_slice(bytes);
            i128::from_le_bytes(wide)
        };
        Some((0..self.len()).map(read).collect())
    }

    /// All elements as i64, when they are integers that fit.
    pub fn to_i64s(&self) -> Option<Vec<i64>> {
        self.integers()?.into_iter().map(|v| i64::try_from(v).ok()).collect()
    }
}
