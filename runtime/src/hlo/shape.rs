//! Shapes with their layouts, as far as the estimate needs them: sizes, and which memory they are in.

use super::HloError;
use super::wire::Fields;

/// Tuples in tuples deeper than this are refused.
const DEEPEST_TUPLE: usize = 16;

/// `PrimitiveType` of a tuple.
const TUPLE: i64 = 13;

/// An array in some memory of the device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Array {
    /// `PrimitiveType`: what its elements are.
    pub element_type: i64,
    /// Sizes of its dimensions.
    pub dimensions: Vec<i64>,
    /// `LayoutProto.memory_space`: 0 is the device's main memory (HBM); TPUs have VMEM as 1, and scalar memories above.
    pub memory_space: i64,
}

impl Array {
    /// Number of elements.
    pub fn elements(&self) -> f64 {
        self.dimensions.iter().map(|&size| size.max(0) as f64).product()
    }

    /// Bytes without padding.
    pub fn bytes(&self) -> f64 {
        self.elements() * element_bits(self.element_type) / 8.0
    }
}

/// An array, or a tuple of shapes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// An array.
    Array(Array),
    /// A tuple.
    Tuple(Vec<Shape>),
}

impl Shape {
    /// The arrays in it, in order.
    pub fn arrays(&self) -> Vec<&Array> {
        match self {
            Shape::Array(array) => vec![array],
            Shape::Tuple(shapes) => shapes.iter().flat_map(Shape::arrays).collect(),
        }
    }

    /// Bytes in any memory.
    pub fn bytes(&self) -> f64 {
        self.arrays().into_iter().map(Array::bytes).fold(0.0, |a, b| a + b)
    }

    /// Bytes in the device's main memory.
    pub fn hbm_bytes(&self) -> f64 {
        self.arrays().into_iter().filter(|array| array.memory_space == 0).map(Array::bytes).fold(0.0, |a, b| a + b)
    }

    pub(super) fn read(bytes: &[u8], depth: usize) -> Result<Shape, HloError> {
        if depth > DEEPEST_TUPLE {
            return Err(HloError::Depth);
        }
        let mut array = Array { element_type: 0, dimensions: Vec::new(), memory_space: 0 };
        let mut members = Vec::new();
        for field in Fields::of(bytes) {
            let field = field?;
            match field.number {
                2 => array.element_type = field.integer()?,
                3 => field.integers(&mut array.dimensions)?,
                4 => members.push(Shape::read(field.bytes()?, depth + 1)?),
                5 => array.memory_space = memory_space(field.bytes()?)?,
                _ => {}
            }
        }
        Ok(if array.element_type == TUPLE { Shape::Tuple(members) } else { Shape::Array(array) })
    }
}

/// `memory_space` of a `LayoutProto`.
fn memory_space(layout: &[u8]) -> Result<i64, HloError> {
    let mut space = 0;
    for field in Fields::of(layout) {
        let field = field?;
        if field.number == 8 {
            space = field.integer()?;
        }
    }
    Ok(space)
}

/// Bits of an element of a `PrimitiveType`; 0 for what has no elements.
fn element_bits(element_type: i64) -> f64 {
    match element_type {
        26 | 27 => 2.0,
        21 | 22 | 32 => 4.0,
        1 | 2 | 6 | 19 | 20 | 23 | 24 | 25 | 28 | 29 | 33 => 8.0,
        3 | 7 | 10 | 16 => 16.0,
        4 | 8 | 11 => 32.0,
        5 | 9 | 12 | 15 => 64.0,
        18 => 128.0,
        _ => 0.0,
    }
}
