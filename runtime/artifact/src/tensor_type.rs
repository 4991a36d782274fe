//! Shape and element type of a ranked, static tensor, as programs' arguments and results have them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::element_type::ElementType;

/// A ranked tensor type with static dimensions, printed as in StableHLO: `tensor<2x3xf32>`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TensorType {
    /// The type of every element.
    pub dtype: ElementType,
    /// Dimension sizes, major to minor; empty for a scalar.
    pub shape: Vec<u64>,
}

impl TensorType {
    /// A tensor type of `dtype` elements with dimensions `shape`.
    pub fn new(dtype: ElementType, shape: impl Into<Vec<u64>>) -> Self {
        TensorType { dtype, shape: shape.into() }
    }

    /// The number of elements, or `None` where it does not fit in memory.
    pub fn num_elements(&self) -> Option<usize> {
        // A zero dimension makes the tensor empty whatever the others are.
        if self.shape.contains(&0) {
            return Some(0);
        }
        self.shape.iter().try_fold(1usize, |product, &dim| product.checked_mul(usize::try_from(dim).ok()?))
    }

    /// Bytes the tensor takes in host memory (dense, row-major, sub-byte elements one to a byte), or `None` where that
    /// does not fit in memory.
    pub fn host_bytes(&self) -> Option<usize> {
        self.num_elements()?.checked_mul(self.dtype.host_bytes()).filter(|&bytes| isize::try_from(bytes).is_ok())
    }

    /// Bytes the tensor's elements take on a device, sub-byte elements packed, or `None` where that does not fit.
    pub fn device_bytes(&self) -> Option<u64> {
        let bits = (self.num_elements()? as u64).checked_mul(u64::from(self.dtype.bits()))?;
        Some(bits.div_ceil(8))
    }
}

impl fmt::Display for TensorType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("tensor<")?;
        for dim in &self.shape {
            write!(f, "{dim}x")?;
        }
        write!(f, "{}>", self.dtype)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_count_packed_and_unpacked_elements() {
        let nibbles = TensorType::new(ElementType::I4, [3, 5]);
        assert_eq!(nibbles.host_bytes(), Some(15));
        assert_eq!(nibbles.device_bytes(), Some(8));
        assert_eq!(TensorType::new(ElementType::Bf16, []).host_bytes(), Some(2));
    }

    #[test]
    fn sizes_beyond_memory_are_none_unless_empty() {
        let huge = TensorType::new(ElementType::F32, [u64::MAX, 2]);
        assert_eq!(huge.host_bytes(), None);
        assert_eq!(TensorType::new(ElementType::F32, [u64::MAX, 0]).host_bytes(), Some(0));
        assert_eq!(TensorType::new(ElementType::F64, [1 << 61]).host_bytes(), None);
    }

    #[test]
    fn prints_as_stablehlo_does() {
        assert_eq!(TensorType::new(ElementType::Ui8, [2, 3]).to_string(), "tensor<2x3xui8>");
        assert_eq!(TensorType::new(ElementType::F32, []).to_string(), "tensor<f32>");
    }
}
