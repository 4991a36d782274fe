//! Formulas as StableHLO: element-wise operations on tensors of one shape and element type.
//!
//! Constants are written out where the shape is static, and broadcast to the operand's shape at run
//! time where it is not.

use std::collections::HashMap;

use hire_compiler::ir::{
    Attr, Builder, DenseElements, Dim, ElementType, EnumKind, FloatFormat, Opcode, TensorType, ValueId,
};

/// Builds a formula whose tensors all have the shape of one operand.
pub(super) struct Math<'b, 'f> {
    b: &'b mut Builder<'f>,
    /// A tensor of the shape, for shapes that are known at run time only.
    like: ValueId,
    /// The type of the formula's numbers.
    ty: TensorType,
    constants: HashMap<(u64, ElementType), ValueId>,
    shape: Option<ValueId>,
}

impl<'b, 'f> Math<'b, 'f> {
    /// Formulas of the shape of `like`, in `element`. Unranked tensors have no shape to follow.
    pub(super) fn new(b: &'b mut Builder<'f>, like: ValueId, element: ElementType) -> Self {
        let ty = b.tensor_type(like).with_element(element);
        Self { b, like, ty, constants: HashMap::new(), shape: None }
    }

    /// The element type of the numbers.
    pub(super) fn element(&self) -> &ElementType {
        &self.ty.element
    }

    /// Whether numbers are of double precision.
    pub(super) fn is_f64(&self) -> bool {
        self.ty.element == ElementType::F64
    }

    /// The largest finite number.
    pub(super) fn largest(&self) -> f64 {
        if self.is_f64() { f64::MAX } else { f64::from(f32::MAX) }
    }

    /// The distance from 1 to the next number.
    pub(super) fn epsilon(&self) -> f64 {
        if self.is_f64() { f64::EPSILON } else { f64::from(f32::EPSILON) }
    }

    /// A number everywhere.
    pub(super) fn c(&mut self, value: f64) -> ValueId {
        let element = self.ty.element.clone();
        let bits = match FloatFormat::of(&element) {
            Some(format) => format.encode(value),
            None => value as i64 as u64,
        };
        self.bits(bits, element)
    }

    /// The element with these bits everywhere.
    pub(super) fn bits(&mut self, bits: u64, element: ElementType) -> ValueId {
        if let Some(&known) = self.constants.get(&(bits, element.clone())) {
            return known;
        }
        let bytes = bits.to_le_bytes()[..element.byte_size()].to_vec();
        let value = self.splat(bytes, element.clone());
        self.constants.insert((bits, element), value);
        value
    }

    /// One element's bytes everywhere.
    pub(super) fn splat(&mut self, bytes: Vec<u8>, element: ElementType) -> ValueId {
        let ty = self.ty.with_element(element.clone());
        let is_static = ty.sizes().is_some();
        let stored = if is_static { ty.clone() } else { TensorType::scalar(element) };
        let elements = DenseElements::splat(stored.clone(), bytes);
        let constant = self.b.value(Opcode::Constant, [], [("value", Attr::Elements(elements))], stored);
        if is_static {
            return constant;
        }
        let shape = self.shape();
        let dims = ("broadcast_dimensions", Attr::i64s([]));
        self.b.value(Opcode::DynamicBroadcastInDim, [constant, shape], [dims], ty)
    }

    /// The sizes of the shape, a vector of i32.
    fn shape(&mut self) -> ValueId {
        if let Some(shape) = self.shape {
            return shape;
        }
        let shape = shape_of(self.b, self.like);
        self.shape = Some(shape);
        shape
    }

    /// An operation whose result has the formula's type.
    pub(super) fn op<const N: usize>(&mut self, opcode: Opcode, operands: [ValueId; N]) -> ValueId {
        let ty = self.b.tensor_type(operands[0]).clone();
        self.b.value(opcode, operands, [], ty)
    }

    pub(super) fn add(&mut self, a: ValueId, b: ValueId) -> ValueId {
        self.op(Opcode::Add, [a, b])
    }

    pub(super) fn sub(&mut self, a: ValueId, b: ValueId) -> ValueId {
        self.op(Opcode::Subtract, [a, b])
    }

    pub(super) fn mul(&mut self, a: ValueId, b: ValueId) -> ValueId {
        self.op(Opcode::Multiply, [a, b])
    }

    pub(super) fn div(&mut self, a: ValueId, b: ValueId) -> ValueId {
        self.op(Opcode::Divide, [a, b])
    }

    pub(super) fn max(&mut self, a: ValueId, b: ValueId) -> ValueId {
        self.op(Opcode::Maximum, [a, b])
    }

    pub(super) fn min(&mut self, a: ValueId, b: ValueId) -> ValueId {
        self.op(Opcode::Minimum, [a, b])
    }

    pub(super) fn pow(&mut self, a: ValueId, b: ValueId) -> ValueId {
        self.op(Opcode::Power, [a, b])
    }

    pub(super) fn atan2(&mut self, y: ValueId, x: ValueId) -> ValueId {
        self.op(Opcode::Atan2, [y, x])
    }

    pub(super) fn and(&mut self, a: ValueId, b: ValueId) -> ValueId {
        self.op(Opcode::And, [a, b])
    }

    pub(super) fn or(&mut self, a: ValueId, b: ValueId) -> ValueId {
        self.op(Opcode::Or, [a, b])
    }

    pub(super) fn neg(&mut self, a: ValueId) -> ValueId {
        self.op(Opcode::Negate, [a])
    }

    pub(super) fn abs(&mut self, a: ValueId) -> ValueId {
        self.op(Opcode::Abs, [a])
    }

    pub(super) fn sign(&mut self, a: ValueId) -> ValueId {
        self.op(Opcode::Sign, [a])
    }

    pub(super) fn sqrt(&mut self, a: ValueId) -> ValueId {
        self.op(Opcode::Sqrt, [a])
    }

    pub(super) fn exp(&mut self, a: ValueId) -> ValueId {
        self.op(Opcode::Exponential, [a])
    }

    pub(super) fn expm1(&mut self, a: ValueId) -> ValueId {
        self.op(Opcode::ExponentialMinusOne, [a])
    }

    pub(super) fn log(&mut self, a: ValueId) -> ValueId {
        self.op(Opcode::Log, [a])
    }

    pub(super) fn log1p(&mut self, a: ValueId) -> ValueId {
        self.op(Opcode::LogPlusOne, [a])
    }

    pub(super) fn sin(&mut self, a: ValueId) -> ValueId {
        self.op(Opcode::Sine, [a])
    }

    pub(super) fn cos(&mut self, a: ValueId) -> ValueId {
        self.op(Opcode::Cosine, [a])
    }

    pub(super) fn floor(&mut self, a: ValueId) -> ValueId {
        self.op(Opcode::Floor, [a])
    }

    /// `a * k`.
    pub(super) fn scale(&mut self, a: ValueId, k: f64) -> ValueId {
        let k = self.c(k);
        self.mul(a, k)
    }

    /// `a + k`.
    pub(super) fn shift(&mut self, a: ValueId, k: f64) -> ValueId {
        let k = self.c(k);
        self.add(a, k)
    }

    /// Whether `a DIRECTION b`, one of `LT LE GT GE EQ NE`.
    pub(super) fn compare(&mut self, direction: &'static str, a: ValueId, b: ValueId) -> ValueId {
        compare(self.b, direction, a, b)
    }

    /// Whether `a DIRECTION k`.
    pub(super) fn compare_to(&mut self, direction: &'static str, a: ValueId, k: f64) -> ValueId {
        let k = self.c(k);
        self.compare(direction, a, k)
    }

    pub(super) fn select(&mut self, pred: ValueId, on_true: ValueId, on_false: ValueId) -> ValueId {
        let ty = self.b.tensor_type(on_true).clone();
        self.b.value(Opcode::Select, [pred, on_true, on_false], [], ty)
    }

    /// The polynomial with these coefficients, that of the highest power first.
    pub(super) fn polynomial(&mut self, x: ValueId, coefficients: &[f64]) -> ValueId {
        let mut sum = self.c(coefficients[0]);
        for &coefficient in &coefficients[1..] {
            sum = self.mul(sum, x);
            sum = self.shift(sum, coefficient);
        }
        sum
    }

    /// `magnitude`, which is not negative, with the sign of `x`, that of zero too.
    pub(super) fn with_sign_of(&mut self, magnitude: ValueId, x: ValueId) -> ValueId {
        let integer = if self.is_f64() { ElementType::I64 } else { ElementType::I32 };
        let zero = self.bits(0, integer.clone());
        let bits = self.bitcast(x, integer);
        let negative = self.compare("LT", bits, zero);
        let minus = self.neg(magnitude);
        self.select(negative, minus, magnitude)
    }

    /// Conversion; the value itself when it has the type already.
    pub(super) fn convert(&mut self, value: ValueId, element: ElementType) -> ValueId {
        if self.b.tensor_type(value).element == element {
            return value;
        }
        let ty = self.ty.with_element(element);
        self.b.value(Opcode::Convert, [value], [], ty)
    }

    /// The same bits as another type of the same width.
    pub(super) fn bitcast(&mut self, value: ValueId, element: ElementType) -> ValueId {
        let ty = self.ty.with_element(element);
        self.b.value(Opcode::BitcastConvert, [value], [], ty)
    }

    /// The real part of a complex tensor.
    pub(super) fn real(&mut self, z: ValueId) -> ValueId {
        let ty = self.ty.clone();
        self.b.value(Opcode::Real, [z], [], ty)
    }

    /// The imaginary part of a complex tensor.
    pub(super) fn imag(&mut self, z: ValueId) -> ValueId {
        let ty = self.ty.clone();
        self.b.value(Opcode::Imag, [z], [], ty)
    }

    /// A complex tensor of its parts.
    pub(super) fn complex(&mut self, re: ValueId, im: ValueId) -> ValueId {
        let element = if self.is_f64() { ElementType::ComplexF64 } else { ElementType::ComplexF32 };
        let ty = self.ty.with_element(element);
        self.b.value(Opcode::Complex, [re, im], [], ty)
    }

    /// `sqrt(a^2 + b^2)` without overflow: the modulus of a complex number.
    pub(super) fn hypot(&mut self, a: ValueId, b: ValueId) -> ValueId {
        let z = self.complex(a, b);
        let ty = self.ty.clone();
        self.b.value(Opcode::Abs, [z], [], ty)
    }
}

/// An element-wise comparison.
pub(super) fn compare(b: &mut Builder<'_>, direction: &'static str, lhs: ValueId, rhs: ValueId) -> ValueId {
    let ty = b.tensor_type(lhs).with_element(ElementType::I1);
    let direction = Attr::Enum { kind: EnumKind::ComparisonDirection, case: direction };
    b.value(Opcode::Compare, [lhs, rhs], [("comparison_direction", direction)], ty)
}

/// A constant of i32.
pub(super) fn i32s(b: &mut Builder<'_>, sizes: &[u64], values: &[i32]) -> ValueId {
    let ty = TensorType::new(sizes, ElementType::I32);
    let bytes: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
    let elements = DenseElements::new(ty.clone(), bytes);
    b.value(Opcode::Constant, [], [("value", Attr::Elements(elements))], ty)
}

/// The size of a dimension, a tensor `1xi32`.
pub(super) fn size_of(b: &mut Builder<'_>, value: ValueId, dimension: usize) -> ValueId {
    let dim = b.tensor_type(value).dims.as_ref().and_then(|dims| dims.get(dimension).copied());
    if let Some(size) = dim.and_then(Dim::size).and_then(|size| i32::try_from(size).ok()) {
        return i32s(b, &[1], &[size]);
    }
    let attr = ("dimension", Attr::i64(dimension as i64));
    let size = b.value(Opcode::GetDimensionSize, [value], [attr], TensorType::scalar(ElementType::I32));
    b.value(Opcode::Reshape, [size], [], TensorType::new(&[1], ElementType::I32))
}

/// Vectors of i32, one after another.
pub(super) fn join(b: &mut Builder<'_>, sizes: Vec<ValueId>) -> ValueId {
    match sizes.as_slice() {
        [] => i32s(b, &[0], &[]),
        [one] => *one,
        _ => {
            let ty = TensorType::new(&[sizes.len() as u64], ElementType::I32);
            b.value(Opcode::Concatenate, sizes, [("dimension", Attr::i64(0))], ty)
        }
    }
}

/// The sizes of a ranked tensor, a vector of i32.
pub(super) fn shape_of(b: &mut Builder<'_>, value: ValueId) -> ValueId {
    let rank = b.tensor_type(value).rank().unwrap_or(0);
    let sizes = (0..rank).map(|dimension| size_of(b, value, dimension)).collect();
    join(b, sizes)
}
