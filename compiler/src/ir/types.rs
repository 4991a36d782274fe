//! Types: tensors of every StableHLO element type, tokens, tuples, functions.

use std::fmt;
use std::sync::Arc;

use smallvec::SmallVec;
use smol_str::SmolStr;

use super::attrs::Attr;
use crate::print::FloatText;

/// Whether an integer type of MLIR carries a sign in its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Signedness {
    /// `iN`. StableHLO reads it as signed.
    Signless,
    /// `siN`. Never a StableHLO element type, but legal in attributes.
    Signed,
    /// `uiN`.
    Unsigned,
}

macro_rules! element_types {
    ($($variant:ident $name:literal $bits:literal,)*) => {
        /// The element type of a tensor, or a builtin scalar type.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[allow(missing_docs, reason = "each variant is the MLIR type of its name")]
        pub enum ElementType {
            $($variant,)*
            /// MLIR's `index`.
            Index,
            /// An integer of a width or signedness that StableHLO has no tensor of.
            OtherInt { width: u32, signedness: Signedness },
            /// `!quant.uniform<…>`, per tensor or per axis.
            Quantized(Arc<QuantizedType>),
        }

        impl ElementType {
            /// Every element type that has a plain name.
            pub const NAMED: &'static [ElementType] = &[$(ElementType::$variant,)*];

            /// The type of this MLIR name (`f32`, `ui8`, `f8E4M3FN`), `index` and odd widths excluded.
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(ElementType::$variant),)*
                    _ => None,
                }
            }

            /// The MLIR name, where the type has a plain one.
            pub fn name(&self) -> Option<&'static str> {
                match self {
                    $(ElementType::$variant => Some($name),)*
                    _ => None,
                }
            }

            /// Bits that one element carries (not what it takes in memory); for quantized types
            /// those of the storage type.
            pub fn bits(&self) -> u32 {
                match self {
                    $(ElementType::$variant => $bits,)*
                    ElementType::Index => 64,
                    ElementType::OtherInt { width, .. } => *width,
                    ElementType::Quantized(q) => q.storage.bits(),
                }
            }
        }
    };
}

element_types! {
    I1 "i1" 1, I2 "i2" 2, I4 "i4" 4, I8 "i8" 8, I16 "i16" 16, I32 "i32" 32, I64 "i64" 64,
    UI2 "ui2" 2, UI4 "ui4" 4, UI8 "ui8" 8, UI16 "ui16" 16, UI32 "ui32" 32, UI64 "ui64" 64,
    F4E2M1FN "f4E2M1FN" 4, F6E2M3FN "f6E2M3FN" 6, F6E3M2FN "f6E3M2FN" 6,
    F8E3M4 "f8E3M4" 8, F8E4M3 "f8E4M3" 8, F8E4M3FN "f8E4M3FN" 8, F8E4M3FNUZ "f8E4M3FNUZ" 8,
    F8E4M3B11FNUZ "f8E4M3B11FNUZ" 8, F8E5M2 "f8E5M2" 8, F8E5M2FNUZ "f8E5M2FNUZ" 8,
    F8E8M0FNU "f8E8M0FNU" 8, BF16 "bf16" 16, F16 "f16" 16, TF32 "tf32" 19, F32 "f32" 32, F64 "f64" 64,
    ComplexF32 "complex<f32>" 64, ComplexF64 "complex<f64>" 128,
}

impl ElementType {
    /// Bytes one element takes in [`super::DenseElements`]: types narrower than a byte take one.
    pub fn byte_size(&self) -> usize {
        (self.bits() as usize).div_ceil(8)
    }

    /// Bytes that `count` elements take packed, as devices store them: four 2-bit or two 4-bit
    /// elements share a byte, `i1` takes a byte each.
    pub fn packed_bytes(&self, count: u64) -> u64 {
        match self {
            ElementType::I1 => count,
            _ => (count.saturating_mul(u64::from(self.bits()))).div_ceil(8),
        }
    }

    /// Signed or unsigned integer, without `i1` and `index`.
    pub fn is_integer(&self) -> bool {
        self.is_signed_integer() || self.is_unsigned_integer()
    }

    /// `i2` to `i64`.
    pub fn is_signed_integer(&self) -> bool {
        use ElementType::*;
        matches!(self, I2 | I4 | I8 | I16 | I32 | I64)
    }

    /// `ui2` to `ui64`.
    pub fn is_unsigned_integer(&self) -> bool {
        use ElementType::*;
        matches!(self, UI2 | UI4 | UI8 | UI16 | UI32 | UI64)
    }

    /// Any real floating-point type.
    pub fn is_float(&self) -> bool {
        use ElementType::*;
        matches!(
            self,
            F4E2M1FN
                | F6E2M3FN
                | F6E3M2FN
                | F8E3M4
                | F8E4M3
                | F8E4M3FN
                | F8E4M3FNUZ
                | F8E4M3B11FNUZ
                | F8E5M2
                | F8E5M2FNUZ
                | F8E8M0FNU
                | BF16
                | F16
                | TF32
                | F32
                | F64
        )
    }

    /// `complex<f32>` or `complex<f64>`.
    pub fn is_complex(&self) -> bool {
        matches!(self, ElementType::ComplexF32 | ElementType::ComplexF64)
    }

    /// The real type of a complex type's parts.
    pub fn complex_part(&self) -> Option<ElementType> {
        match self {
            ElementType::ComplexF32 => Some(ElementType::F32),
            ElementType::ComplexF64 => Some(ElementType::F64),
            _ => None,
        }
    }
}

impl fmt::Display for ElementType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ElementType::Index => f.write_str("index"),
            ElementType::OtherInt { width, signedness } => {
                let prefix = match signedness {
                    Signedness::Signless => "i",
                    Signedness::Signed => "si",
                    Signedness::Unsigned => "ui",
                };
                write!(f, "{prefix}{width}")
            }
            ElementType::Quantized(q) => q.fmt(f),
            named => f.write_str(named.name().expect("every other variant has a plain name")),
        }
    }
}

/// `!quant.uniform<storage:expressed, {scale:zero_point, …}>`.
///
/// Scales and zero points have one entry per tensor, or one per slice of `quantization_dimension`.
#[derive(Clone, Debug)]
pub struct QuantizedType {
    /// Integer type that is stored.
    pub storage: ElementType,
    /// Smallest and largest stored value, where the type narrows the storage type's own range.
    pub storage_range: Option<(i64, i64)>,
    /// Float type that is meant.
    pub expressed: ElementType,
    /// The axis that the scales run along, in per-axis types.
    pub quantization_dimension: Option<u32>,
    /// Block sizes by axis, in sub-channel types (`!quant.uniform<i8:f32:{0:2, 1:4}, …>`).
    pub block_sizes: Vec<(u32, u64)>,
    /// Shape of the scales of a sub-channel type; empty for the others.
    pub scale_shape: Vec<u64>,
    /// Scales, as f64.
    pub scales: Vec<f64>,
    /// Zero points, one per scale.
    pub zero_points: Vec<i64>,
}

impl PartialEq for QuantizedType {
    fn eq(&self, other: &Self) -> bool {
        let bits = |s: &[f64]| s.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
        self.storage == other.storage
            && self.storage_range == other.storage_range
            && self.expressed == other.expressed
            && self.quantization_dimension == other.quantization_dimension
            && self.block_sizes == other.block_sizes
            && self.scale_shape == other.scale_shape
            && bits(&self.scales) == bits(&other.scales)
            && self.zero_points == other.zero_points
    }
}

impl Eq for QuantizedType {}

impl std::hash::Hash for QuantizedType {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.storage.hash(state);
        self.expressed.hash(state);
        self.quantization_dimension.hash(state);
        self.zero_points.hash(state);
        for scale in &self.scales {
            scale.to_bits().hash(state);
        }
    }
}

impl fmt::Display for QuantizedType {
    /// Per-tensor and per-axis forms as MLIR prints them; sub-channel tables row by row.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The dialect names unsigned storage `u8`, not `ui8`.
        let storage = self.storage.to_string();
        write!(
            f,
            "!quant.uniform<{}",
            storage.strip_prefix("ui").map_or(storage.clone(), |width| format!("u{width}"))
        )?;
        if let Some((low, high)) = self.storage_range {
            write!(f, "<{low}:{high}>")?;
        }
        write!(f, ":{}", self.expressed)?;
        if let Some(axis) = self.quantization_dimension {
            write!(f, ":{axis}")?;
        }
        if !self.block_sizes.is_empty() {
            let blocks: Vec<String> = self.block_sizes.iter().map(|(axis, size)| format!("{axis}:{size}")).collect();
            write!(f, ":{{{}}}", blocks.join(", "))?;
        }
        let entry = |i: usize| match self.zero_points[i] {
            0 => format_scale(self.scales[i]),
            zero => format!("{}:{zero}", format_scale(self.scales[i])),
        };
        let all: Vec<String> = (0..self.scales.len()).map(entry).collect();
        if !self.block_sizes.is_empty() {
            write!(f, ", {}>", nested(&all, &self.scale_shape))
        } else if self.quantization_dimension.is_some() {
            write!(f, ", {{{}}}>", all.join(","))
        } else {
            write!(f, ", {}>", all[0])
        }
    }
}

/// A scale as MLIR prints it.
fn format_scale(scale: f64) -> String {
    FloatText { bits: scale.to_bits(), ty: &ElementType::F64 }.to_string()
}

/// Entries as nested braces, outermost dimension first.
fn nested(entries: &[String], shape: &[u64]) -> String {
    let Some((&size, rest)) = shape.split_first() else {
        return entries.join(", ");
    };
    let step = entries.len() / usize::try_from(size).unwrap_or(1).max(1);
    let parts: Vec<String> = entries.chunks(step.max(1)).map(|part| nested(part, rest)).collect();
    format!("{{{}}}", parts.join(", "))
}

/// The size of a tensor's dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dim {
    /// Known when compiling; at most `i64::MAX`.
    Size(u64),
    /// Known only when running, printed `?`.
    Dynamic,
}

impl Dim {
    /// The size, where it is known.
    pub fn size(self) -> Option<u64> {
        match self {
            Dim::Size(size) => Some(size),
            Dim::Dynamic => None,
        }
    }
}

impl fmt::Display for Dim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Dim::Size(size) => write!(f, "{size}"),
            Dim::Dynamic => f.write_str("?"),
        }
    }
}

/// A tensor's dimensions, outermost first.
pub type Dims = SmallVec<[Dim; 4]>;

/// `tensor<…>`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TensorType {
    /// The dimensions, or `None` for an unranked tensor (`tensor<*xf32>`).
    pub dims: Option<Dims>,
    /// The element type.
    pub element: ElementType,
    /// What follows the element type: `#stablehlo.bounds<…>` or another dialect's attribute.
    pub encoding: Option<Box<Attr>>,
}

impl TensorType {
    /// A ranked tensor of known sizes.
    pub fn new(sizes: &[u64], element: ElementType) -> Self {
        Self { dims: Some(sizes.iter().map(|&s| Dim::Size(s)).collect()), element, encoding: None }
    }

    /// A ranked tensor of the given dimensions.
    pub fn with_dims(dims: impl IntoIterator<Item = Dim>, element: ElementType) -> Self {
        Self { dims: Some(dims.into_iter().collect()), element, encoding: None }
    }

    /// A tensor of rank 0.
    pub fn scalar(element: ElementType) -> Self {
        Self::new(&[], element)
    }

    /// The rank, unless unranked.
    pub fn rank(&self) -> Option<usize> {
        self.dims.as_ref().map(|d| d.len())
    }

    /// All sizes, when ranked and none is dynamic.
    pub fn sizes(&self) -> Option<SmallVec<[u64; 4]>> {
        self.dims.as_ref()?.iter().map(|d| d.size()).collect()
    }

    /// How many elements, when all sizes are known and the product fits.
    pub fn element_count(&self) -> Option<u64> {
        self.sizes()?.iter().try_fold(1u64, |n, &s| n.checked_mul(s))
    }

    /// Bytes that the tensor takes on a device (narrow types packed), when all sizes are known.
    pub fn packed_bytes(&self) -> Option<u64> {
        Some(self.element.packed_bytes(self.element_count()?))
    }

    /// The same shape and encoding with another element type.
    pub fn with_element(&self, element: ElementType) -> Self {
        Self { element, ..self.clone() }
    }
}

impl fmt::Display for TensorType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("tensor<")?;
        match &self.dims {
            None => f.write_str("*x")?,
            Some(dims) => dims.iter().try_for_each(|d| write!(f, "{d}x"))?,
        }
        self.element.fmt(f)?;
        if let Some(encoding) = &self.encoding {
            write!(f, ", {encoding}")?;
        }
        f.write_str(">")
    }
}

/// `(inputs) -> results`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct FunctionType {
    /// Operand types.
    pub inputs: Vec<Type>,
    /// Result types.
    pub results: Vec<Type>,
}

impl fmt::Display for FunctionType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({}) -> ", Joined(&self.inputs))?;
        match self.results.as_slice() {
            [single] if !matches!(single, Type::Function(_)) => single.fmt(f),
            many => write!(f, "({})", Joined(many)),
        }
    }
}

/// The type of a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// A tensor.
    Tensor(TensorType),
    /// `!stablehlo.token`: orders side effects.
    Token,
    /// `tuple<…>`.
    Tuple(Vec<Type>),
    /// `!stablehlo.future<…>`: the pending results of an asynchronous operation.
    Future(Vec<Type>),
    /// A function type, as attributes carry it.
    Function(Box<FunctionType>),
    /// A builtin scalar such as `i32` or `index`; only attributes and foreign operations have it.
    Scalar(ElementType),
    /// `memref<…>`, as custom calls on buffers use it.
    MemRef(TensorType),
    /// MLIR's `none`.
    None,
    /// A type of another dialect, kept as written after the `!`.
    Opaque(SmolStr),
    /// A type of MLIR's own that has no meaning here, kept as written: a vector, a buffer with a layout or in a memory
    /// space. Only attributes and foreign operations have it.
    Builtin(SmolStr),
}

impl Type {
    /// A ranked tensor type of known sizes.
    pub fn tensor(sizes: &[u64], element: ElementType) -> Self {
        Type::Tensor(TensorType::new(sizes, element))
    }

    /// The tensor type, if it is one.
    pub fn as_tensor(&self) -> Option<&TensorType> {
        match self {
            Type::Tensor(t) => Some(t),
            _ => None,
        }
    }
}

impl From<TensorType> for Type {
    fn from(t: TensorType) -> Self {
        Type::Tensor(t)
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Tensor(t) => t.fmt(f),
            Type::Token => f.write_str("!stablehlo.token"),
            Type::Tuple(parts) => write!(f, "tuple<{}>", Joined(parts)),
            Type::Future(parts) => write!(f, "!stablehlo.future<{}>", Joined(parts)),
            Type::Function(function) => function.fmt(f),
            Type::Scalar(element) => element.fmt(f),
            Type::MemRef(t) => write!(f, "memref<{}", &t.to_string()["tensor<".len()..]),
            Type::None => f.write_str("none"),
            Type::Opaque(text) => write!(f, "!{text}"),
            Type::Builtin(text) => f.write_str(text),
        }
    }
}

/// Displays items separated by commas.
struct Joined<'a, T>(&'a [T]);

impl<T: fmt::Display> fmt::Display for Joined<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, item) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str(", ")?;
            }
            item.fmt(f)?;
        }
        Ok(())
    }
}
