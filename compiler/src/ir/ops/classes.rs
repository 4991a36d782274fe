//! Type classes: what the type of an operand or result must be.
//!
//! A class is three sets: element types, shapes, and types that are no tensors. Its description is
//! derived from them, so that what an error says is what was checked.

use std::fmt;

use crate::ir::types::{Dim, ElementType, TensorType, Type};

/// A set of element types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Elements(u16);

impl Elements {
    const NONE: Elements = Elements(0);
    const PRED: Elements = Elements(1);
    const SINT: Elements = Elements(1 << 1);
    const UINT: Elements = Elements(1 << 2);
    const SMALL_FLOAT: Elements = Elements(1 << 3);
    const F32_64: Elements = Elements(1 << 4);
    const COMPLEX: Elements = Elements(1 << 5);
    const PER_TENSOR: Elements = Elements(1 << 6);
    const PER_AXIS: Elements = Elements(1 << 7);
    const INDEX: Elements = Elements(1 << 8);
    const OTHER_INT: Elements = Elements(1 << 9);
    const I32: Elements = Elements(1 << 10);
    const UI32: Elements = Elements(1 << 11);

    const INT: Elements = Elements::SINT.or(Elements::UINT);
    const FLOAT: Elements = Elements::SMALL_FLOAT.or(Elements::F32_64);
    const PLAIN: Elements = Elements::PRED.or(Elements::INT).or(Elements::FLOAT).or(Elements::COMPLEX);
    const ALL: Elements = Elements::PLAIN.or(Elements::PER_TENSOR);
    const QUANTIZED: Elements = Elements::PER_TENSOR.or(Elements::PER_AXIS);

    const fn or(self, other: Elements) -> Elements {
        Elements(self.0 | other.0)
    }

    const fn holds(self, other: Elements) -> bool {
        self.0 & other.0 == other.0
    }

    /// The sets that an element type is in.
    fn of(element: &ElementType) -> Elements {
        match element {
            ElementType::I1 => Elements::PRED,
            ElementType::I32 => Elements::SINT.or(Elements::I32),
            ElementType::UI32 => Elements::UINT.or(Elements::UI32),
            ElementType::F32 | ElementType::F64 => Elements::F32_64,
            ElementType::TF32 => Elements::NONE,
            ElementType::Index => Elements::INDEX,
            ElementType::OtherInt { .. } => Elements::OTHER_INT,
            ElementType::Quantized(q) if !q.block_sizes.is_empty() => Elements::NONE,
            ElementType::Quantized(q) if q.quantization_dimension.is_some() => Elements::PER_AXIS,
            ElementType::Quantized(_) => Elements::PER_TENSOR,
            e if e.is_signed_integer() => Elements::SINT,
            e if e.is_unsigned_integer() => Elements::UINT,
            e if e.is_float() => Elements::SMALL_FLOAT,
            e if e.is_complex() => Elements::COMPLEX,
            _ => Elements::NONE,
        }
    }

    /// Whether the set has an element type.
    fn contains(self, element: &ElementType) -> bool {
        self.0 & Elements::of(element).0 != 0
    }
}

impl fmt::Display for Elements {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const NAMES: &[(Elements, &str)] = &[
            (Elements::PRED, "boolean"),
            (Elements::INT, "integer"),
            (Elements::SINT, "signed integer"),
            (Elements::UINT, "unsigned integer"),
            (Elements::I32, "i32"),
            (Elements::UI32, "ui32"),
            (Elements::INDEX, "index"),
            (Elements::OTHER_INT, "integer of any width"),
            (Elements::FLOAT, "float"),
            (Elements::F32_64, "f32 or f64"),
            (Elements::COMPLEX, "complex"),
            (Elements::PER_TENSOR, "per-tensor quantized"),
            (Elements::PER_AXIS, "per-axis quantized"),
        ];
        let mut rest = *self;
        let mut parts = Vec::new();
        for (set, name) in NAMES {
            if rest.holds(*set) {
                rest = Elements(rest.0 & !set.0);
                parts.push(*name);
            }
        }
        match parts.as_slice() {
            [] => f.write_str("no"),
            [one] => f.write_str(one),
            [first @ .., last] => write!(f, "{} or {last}", first.join(", ")),
        }
    }
}

/// Which shapes a tensor may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shapes {
    /// Ranked; dimensions may be dynamic.
    Ranked,
    /// Anything, unranked tensors included.
    Any,
    /// All dimensions known.
    Static,
    /// All dimensions known, but for at most one that has a bound.
    StaticOrBounded,
    /// This rank.
    Rank(usize),
    /// This rank, all dimensions known.
    StaticRank(usize),
}

impl Shapes {
    /// Whether the set has the shape of a tensor type.
    fn contains(self, ty: &TensorType) -> bool {
        let Some(dims) = &ty.dims else { return self == Shapes::Any };
        let fixed = dims.iter().all(|d| *d != Dim::Dynamic);
        match self {
            Shapes::Ranked | Shapes::Any => true,
            Shapes::Static => fixed,
            Shapes::StaticOrBounded => fixed || single_bounded(ty, dims),
            Shapes::Rank(rank) => dims.len() == rank,
            Shapes::StaticRank(rank) => fixed && dims.len() == rank,
        }
    }
}

/// Whether exactly one dimension is dynamic, and it has a bound.
fn single_bounded(ty: &TensorType, dims: &[Dim]) -> bool {
    let mut dynamic = dims.iter().enumerate().filter(|(_, d)| **d == Dim::Dynamic).map(|(i, _)| i);
    match (dynamic.next(), dynamic.next(), ty.encoding.as_deref()) {
        (Some(at), None, Some(crate::ir::Attr::Bounds(bounds))) => bounds.get(at).is_some_and(|b| b.is_some()),
        _ => false,
    }
}

impl fmt::Display for Shapes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Shapes::Ranked => f.write_str("a ranked tensor"),
            Shapes::Any => f.write_str("a tensor"),
            Shapes::Static => f.write_str("a statically shaped tensor"),
            Shapes::StaticOrBounded => f.write_str("a tensor of static shape, or with a single bounded dimension,"),
            Shapes::Rank(rank) => write!(f, "a rank-{rank} tensor"),
            Shapes::StaticRank(rank) => write!(f, "a statically shaped rank-{rank} tensor"),
        }
    }
}

/// A set of types that are no tensors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Others(u8);

impl Others {
    const NONE: Others = Others(0);
    const TOKEN: Others = Others(1);
    const TUPLE: Others = Others(1 << 1);
    const BUFFER: Others = Others(1 << 2);
    const FUTURE: Others = Others(1 << 3);
    const EVERYTHING: Others = Others(1 << 4);

    const fn or(self, other: Others) -> Others {
        Others(self.0 | other.0)
    }

    const fn holds(self, other: Others) -> bool {
        self.0 & other.0 == other.0
    }
}

macro_rules! classes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $shapes:expr, $elements:expr, $others:expr;)*) => {
        /// What the type of an operand or result must be.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum TypeClass {
            $($(#[doc = $doc])+ $variant,)*
        }

        impl TypeClass {
            /// The sets that the class is made of: of tensors their shapes and element types.
            fn sets(self) -> (Shapes, Elements, Others) {
                use Shapes::*;
                match self { $(TypeClass::$variant => ($shapes, $elements, $others),)* }
            }
        }
    };
}

classes! {
    /// A tensor, quantized per tensor or not at all.
    Tensor = Ranked, Elements::ALL, Others::NONE;
    /// Any tensor, quantized ones included.
    TensorOrPerAxis = Ranked, Elements::ALL.or(Elements::PER_AXIS), Others::NONE;
    /// Any tensor of known shape.
    StaticTensorOrPerAxis = Static, Elements::ALL.or(Elements::PER_AXIS), Others::NONE;
    /// Any tensor of known shape but for a single bounded dimension.
    BoundedTensorOrPerAxis = StaticOrBounded, Elements::ALL.or(Elements::PER_AXIS), Others::NONE;
    /// A tensor of known shape that is not quantized per axis.
    StaticTensor = Static, Elements::ALL, Others::NONE;
    /// A tensor that is not quantized.
    NotQuantized = Ranked, Elements::PLAIN, Others::NONE;
    /// A scalar, quantized per tensor or not at all.
    Scalar = Rank(0), Elements::ALL, Others::NONE;
    /// A tensor of `i1`.
    Pred = Ranked, Elements::PRED, Others::NONE;
    /// A tensor of integers.
    Int = Ranked, Elements::INT, Others::NONE;
    /// A tensor of floats.
    Fp = Ranked, Elements::FLOAT, Others::NONE;
    /// A tensor of `i1` or integers.
    PredOrInt = Ranked, Elements::PRED.or(Elements::INT), Others::NONE;
    /// A tensor of floats or complex numbers.
    FpOrComplex = Ranked, Elements::FLOAT.or(Elements::COMPLEX), Others::NONE;
    /// A tensor of integers or floats.
    IntOrFp = Ranked, Elements::INT.or(Elements::FLOAT), Others::NONE;
    /// A tensor of known shape, of integers or floats.
    StaticIntOrFp = Static, Elements::INT.or(Elements::FLOAT), Others::NONE;
    /// A tensor of signed integers, floats or quantized numbers.
    SIntFpOrQuantized = Ranked, Elements::SINT.or(Elements::FLOAT).or(Elements::PER_TENSOR), Others::NONE;
    /// A tensor of signed integers, floats, complex or quantized numbers.
    SIntFpComplexOrQuantized =
        Ranked, Elements::SINT.or(Elements::FLOAT).or(Elements::COMPLEX).or(Elements::PER_TENSOR), Others::NONE;
    /// A tensor of `i1`, integers or floats.
    PredIntOrFp = Ranked, Elements::PRED.or(Elements::INT).or(Elements::FLOAT), Others::NONE;
    /// A scalar `i1`, integer or float.
    ScalarPredIntOrFp = Rank(0), Elements::PRED.or(Elements::INT).or(Elements::FLOAT), Others::NONE;
    /// A tensor of `i32`.
    I32 = Ranked, Elements::I32, Others::NONE;
    /// A tensor of `ui32`.
    UI32 = Ranked, Elements::UI32, Others::NONE;
    /// A tensor of floats or quantized numbers.
    FpOrQuantized = Ranked, Elements::FLOAT.or(Elements::PER_TENSOR), Others::NONE;
    /// A vector of floats or quantized numbers.
    FpOrQuantizedVector = Rank(1), Elements::FLOAT.or(Elements::PER_TENSOR), Others::NONE;
    /// A tensor of floats, or of numbers quantized per tensor or per axis.
    FpQuantizedOrPerAxis = Ranked, Elements::FLOAT.or(Elements::QUANTIZED), Others::NONE;
    /// A tensor of floats, complex or quantized numbers.
    FpComplexOrQuantized = Ranked, Elements::FLOAT.or(Elements::COMPLEX).or(Elements::PER_TENSOR), Others::NONE;
    /// A tensor of integers, floats, complex or quantized numbers.
    IntFpComplexOrQuantized =
        Ranked, Elements::INT.or(Elements::FLOAT).or(Elements::COMPLEX).or(Elements::PER_TENSOR), Others::NONE;
    /// A tensor of known shape, of integers, floats, complex or quantized numbers.
    StaticIntFpComplexOrQuantized =
        Static, Elements::INT.or(Elements::FLOAT).or(Elements::COMPLEX).or(Elements::PER_TENSOR), Others::NONE;
    /// A tensor of complex numbers.
    Complex = Ranked, Elements::COMPLEX, Others::NONE;
    /// A tensor of numbers quantized per tensor or per axis.
    Quantized = Ranked, Elements::QUANTIZED, Others::NONE;
    /// A tensor of `f32` or `f64`.
    Fp32Or64 = Ranked, Elements::F32_64, Others::NONE;
    /// A rank-0 tensor of integers.
    ScalarInt = Rank(0), Elements::INT, Others::NONE;
    /// A vector of integers or `index`: a shape given at run time.
    Dimensions = Rank(1), Elements::INT.or(Elements::INDEX), Others::NONE;
    /// A vector of known size, of integers or `index`: a shape of known rank given at run time.
    StaticDimensions = StaticRank(1), Elements::INT.or(Elements::INDEX), Others::NONE;
    /// A vector of known size, of integers.
    StaticIntVector = StaticRank(1), Elements::INT, Others::NONE;
    /// A matrix of known size, of integers.
    StaticIntMatrix = StaticRank(2), Elements::INT, Others::NONE;
    /// A tensor of integers of any width, `i1` or `index`.
    IntOrIndex =
        Ranked, Elements::PRED.or(Elements::INT).or(Elements::OTHER_INT).or(Elements::INDEX), Others::NONE;
    /// Any tensor, unranked ones included.
    AnyRankTensor = Any, Elements::ALL.or(Elements::PER_AXIS), Others::NONE;
    /// A tensor of `i1`, ranked or not.
    AnyRankPred = Any, Elements::PRED, Others::NONE;
    /// A tensor of `i1` or integers, ranked or not.
    AnyRankPredOrInt = Any, Elements::PRED.or(Elements::INT), Others::NONE;
    /// A tensor of floats, ranked or not.
    AnyRankFp = Any, Elements::FLOAT, Others::NONE;
    /// A tensor of floats or complex numbers, ranked or not.
    AnyRankFpOrComplex = Any, Elements::FLOAT.or(Elements::COMPLEX), Others::NONE;
    /// A tensor of complex numbers, ranked or not.
    AnyRankComplex = Any, Elements::COMPLEX, Others::NONE;
    /// A tuple.
    Tuple = Ranked, Elements::NONE, Others::TUPLE;
    /// A token.
    Token = Ranked, Elements::NONE, Others::TOKEN;
    /// A tensor or a token.
    TensorOrToken = Ranked, Elements::ALL, Others::TOKEN;
    /// A tensor of known shape or a token.
    StaticTensorOrToken = Static, Elements::ALL.or(Elements::PER_AXIS), Others::TOKEN;
    /// Any tensor or a token.
    TensorPerAxisOrToken = Ranked, Elements::ALL.or(Elements::PER_AXIS), Others::TOKEN;
    /// Any tensor, a token or a buffer (`memref`).
    TensorTokenOrBuffer = Ranked, Elements::ALL.or(Elements::PER_AXIS), Others::TOKEN.or(Others::BUFFER);
    /// Any tensor, a token or a tuple of them.
    TensorTokenOrTuple = Ranked, Elements::ALL.or(Elements::PER_AXIS), Others::TOKEN.or(Others::TUPLE);
    /// Any tensor, a token, a buffer or a tuple of them.
    TensorTokenBufferOrTuple =
        Ranked, Elements::ALL.or(Elements::PER_AXIS), Others::TOKEN.or(Others::TUPLE).or(Others::BUFFER);
    /// Any tensor, a token, a tuple, a buffer or a future.
    Value = Any, Elements::ALL.or(Elements::PER_AXIS),
        Others::TOKEN.or(Others::TUPLE).or(Others::BUFFER).or(Others::FUTURE);
    /// A future.
    Future = Ranked, Elements::NONE, Others::FUTURE;
    /// Any type at all.
    Any = Any, Elements::NONE, Others::EVERYTHING;
}

impl TypeClass {
    /// Whether a type is in the class.
    pub fn contains(self, ty: &Type) -> bool {
        let (shapes, elements, others) = self.sets();
        if others.holds(Others::EVERYTHING) {
            return true;
        }
        match ty {
            Type::Tensor(t) => elements.contains(&t.element) && shapes.contains(t),
            Type::Token => others.holds(Others::TOKEN),
            Type::Future(_) => others.holds(Others::FUTURE),
            Type::MemRef(t) => others.holds(Others::BUFFER) && Elements::ALL.contains(&t.element),
            Type::Tuple(_) => others.holds(Others::TUPLE) && tuple_is_of_values(ty, shapes),
            Type::Function(_) | Type::Scalar(_) | Type::None | Type::Opaque(_) | Type::Builtin(_) => false,
        }
    }
}

/// Whether the leaves of a tuple are tensors, tokens and buffers.
fn tuple_is_of_values(ty: &Type, shapes: Shapes) -> bool {
    let mut rest = vec![ty];
    while let Some(ty) = rest.pop() {
        let fits = match ty {
            Type::Tuple(parts) => {
                rest.extend(parts);
                true
            }
            Type::Tensor(t) => Elements::ALL.or(Elements::PER_AXIS).contains(&t.element) && shapes.contains(t),
            Type::MemRef(t) => Elements::ALL.contains(&t.element),
            Type::Token => true,
            _ => false,
        };
        if !fits {
            return false;
        }
    }
    true
}

impl fmt::Display for TypeClass {
    /// As in `a ranked tensor of integer or float elements, or a token`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (shapes, elements, others) = self.sets();
        if others.holds(Others::EVERYTHING) {
            return f.write_str("any type");
        }
        let mut parts = Vec::new();
        if elements != Elements::NONE {
            parts.push(format!("{shapes} of {elements} elements"));
        }
        let names = [
            (Others::TOKEN, "a token"),
            (Others::TUPLE, "a tuple"),
            (Others::BUFFER, "a memref"),
            (Others::FUTURE, "a future"),
        ];
        parts.extend(names.iter().filter(|(set, _)| others.holds(*set)).map(|(_, name)| (*name).to_owned()));
        f.write_str(&parts.join(", or "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_say_what_is_checked() {
        assert_eq!(TypeClass::PredOrInt.to_string(), "a ranked tensor of boolean or integer elements");
        assert_eq!(
            TypeClass::TensorOrToken.to_string(),
            "a ranked tensor of boolean, integer, float, complex or per-tensor quantized elements, or a token"
        );
        assert_eq!(TypeClass::ScalarInt.to_string(), "a rank-0 tensor of integer elements");
        assert_eq!(TypeClass::I32.to_string(), "a ranked tensor of i32 elements");
        assert_eq!(TypeClass::Fp32Or64.to_string(), "a ranked tensor of f32 or f64 elements");
    }

    #[test]
    fn classes_hold_what_they_name() {
        let f32s = Type::tensor(&[2], ElementType::F32);
        let unranked = Type::Tensor(TensorType { dims: None, element: ElementType::F32, encoding: None });
        assert!(TypeClass::Tensor.contains(&f32s) && !TypeClass::Int.contains(&f32s));
        assert!(!TypeClass::Tensor.contains(&unranked) && TypeClass::AnyRankTensor.contains(&unranked));
        assert!(!TypeClass::ScalarInt.contains(&Type::tensor(&[1], ElementType::I32)));
        assert!(TypeClass::Value.contains(&Type::Tuple(vec![Type::Token, f32s.clone()])));
        assert!(!TypeClass::TensorOrToken.contains(&Type::Tuple(vec![f32s])));
    }
}
