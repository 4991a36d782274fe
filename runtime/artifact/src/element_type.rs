//! Element types of tensors at the border between compiler, artifact and device.
//!
//! The names are those of StableHLO's text form (`f32`, `bf16`, `i8` for signed and signless integers, `ui8` for
//! unsigned, `i1` for booleans), with the spelling `ui8` rather than a sign in front, since that is what the text of a
//! module shows. Quantized types, tokens and tuples have no element type here: no argument or result that a host passes
//! or reads can have one.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The type of one element of a tensor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum ElementType {
    /// Boolean, one byte an element in host memory.
    I1,
    /// Signed 2-bit integer.
    I2,
    /// Signed 4-bit integer.
    I4,
    /// Signed 8-bit integer.
    I8,
    /// Signed 16-bit integer.
    I16,
    /// Signed 32-bit integer.
    I32,
    /// Signed 64-bit integer.
    I64,
    /// Unsigned 2-bit integer.
    Ui2,
    /// Unsigned 4-bit integer.
    Ui4,
    /// Unsigned 8-bit integer.
    Ui8,
    /// Unsigned 16-bit integer.
    Ui16,
    /// Unsigned 32-bit integer.
    Ui32,
    /// Unsigned 64-bit integer.
    Ui64,
    /// 4-bit float, finite only.
    F4E2M1FN,
    /// 6-bit float, 2 exponent bits, finite only.
    F6E2M3FN,
    /// 6-bit float, 3 exponent bits, finite only.
    F6E3M2FN,
    /// 8-bit float, 3 exponent bits, IEEE-like.
    F8E3M4,
    /// 8-bit float, 4 exponent bits, IEEE-like.
    F8E4M3,
    /// 8-bit float, 4 exponent bits, finite with NaN.
    F8E4M3FN,
    /// 8-bit float, 4 exponent bits, no negative zero.
    F8E4M3FNUZ,
    /// 8-bit float, 4 exponent bits with bias 11, no negative zero.
    F8E4M3B11FNUZ,
    /// 8-bit float, 5 exponent bits, IEEE-like.
    F8E5M2,
    /// 8-bit float, 5 exponent bits, no negative zero.
    F8E5M2FNUZ,
    /// 8-bit exponent only, the scale type of the microscaling formats.
    F8E8M0FNU,
    /// bfloat16.
    Bf16,
    /// IEEE half.
    F16,
    /// IEEE single.
    F32,
    /// IEEE double.
    F64,
    /// Complex of two singles.
    ComplexF32,
    /// Complex of two doubles.
    ComplexF64,
}

/// Every element type with its StableHLO spelling and its width in bits, as stored on a device.
const TABLE: &[(ElementType, &str, u32)] = &[
    (ElementType::I1, "i1", 8),
    (ElementType::I2, "i2", 2),
    (ElementType::I4, "i4", 4),
    (ElementType::I8, "i8", 8),
    (ElementType::I16, "i16", 16),
    (ElementType::I32, "i32", 32),
    (ElementType::I64, "i64", 64),
    (ElementType::Ui2, "ui2", 2),
    (ElementType::Ui4, "ui4", 4),
    (ElementType::Ui8, "ui8", 8),
    (ElementType::Ui16, "ui16", 16),
    (ElementType::Ui32, "ui32", 32),
    (ElementType::Ui64, "ui64", 64),
    (ElementType::F4E2M1FN, "f4E2M1FN", 4),
    (ElementType::F6E2M3FN, "f6E2M3FN", 6),
    (ElementType::F6E3M2FN, "f6E3M2FN", 6),
    (ElementType::F8E3M4, "f8E3M4", 8),
    (ElementType::F8E4M3, "f8E4M3", 8),
    (ElementType::F8E4M3FN, "f8E4M3FN", 8),
    (ElementType::F8E4M3FNUZ, "f8E4M3FNUZ", 8),
    (ElementType::F8E4M3B11FNUZ, "f8E4M3B11FNUZ", 8),
    (ElementType::F8E5M2, "f8E5M2", 8),
    (ElementType::F8E5M2FNUZ, "f8E5M2FNUZ", 8),
    (ElementType::F8E8M0FNU, "f8E8M0FNU", 8),
    (ElementType::Bf16, "bf16", 16),
    (ElementType::F16, "f16", 16),
    (ElementType::F32, "f32", 32),
    (ElementType::F64, "f64", 64),
    (ElementType::ComplexF32, "complex<f32>", 64),
    (ElementType::ComplexF64, "complex<f64>", 128),
];

impl ElementType {
    /// All element types, in declaration order.
    pub fn all() -> impl Iterator<Item = ElementType> {
        TABLE.iter().map(|&(ty, _, _)| ty)
    }

    fn row(self) -> &'static (ElementType, &'static str, u32) {
        let row = &TABLE[self as usize];
        debug_assert_eq!(row.0, self);
        row
    }

    /// The spelling in StableHLO text.
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// Bits that one element occupies in a device's memory. Types narrower than a byte are packed there; `i1` is not.
    pub fn bits(self) -> u32 {
        self.row().2
    }

    /// Bytes that one element occupies in host memory, where types narrower than a byte take one byte each.
    pub fn host_bytes(self) -> usize {
        (self.bits() as usize).div_ceil(8)
    }
}

impl fmt::Display for ElementType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that is no element type.
#[derive(Debug, thiserror::Error)]
#[error("unknown element type '{0}'; StableHLO names are expected, such as f32, bf16, i8, ui8, i1 or complex<f32>")]
pub struct UnknownElementType(String);

impl FromStr for ElementType {
    type Err = UnknownElementType;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        TABLE
            .iter()
            .find(|row| row.1 == name)
            .map(|row| row.0)
            .ok_or_else(|| UnknownElementType(name.chars().take(40).collect()))
    }
}

impl TryFrom<String> for ElementType {
    type Error = UnknownElementType;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        name.parse()
    }
}

impl From<ElementType> for String {
    fn from(ty: ElementType) -> String {
        ty.name().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_declaration_order_and_names_are_unique() {
        for (index, row) in TABLE.iter().enumerate() {
            assert_eq!(row.0 as usize, index, "{}", row.1);
            assert_eq!(row.1.parse::<ElementType>().unwrap(), row.0);
        }
        assert_eq!(TABLE.last().unwrap().0, ElementType::ComplexF64);
    }

    #[test]
    fn an_unknown_name_is_refused() {
        assert_eq!(
            "float32".parse::<ElementType>().unwrap_err().to_string(),
            "unknown element type 'float32'; StableHLO names are expected, such as f32, bf16, i8, ui8, i1 or complex<f32>"
        );
    }
}
