//! Types as entries: those of VHLO, and those of MLIR for operations of other dialects.

use super::encoder::{Encoder, Encoding};
use super::pool::{Entry, Part, TypeRef};
use crate::ir::{Dim, ElementType, FunctionType, QuantizedType, TensorType, Type};
use crate::vhlo::Version;
use crate::vhlo::codes::{self, ty};

/// What MLIR stores for a dimension whose size is not known.
const DYNAMIC: i64 = i64::MIN;

/// Codes of the `builtin` dialect, for the types that every version of MLIR encodes so.
mod builtin {
    pub(super) const INTEGER: u64 = 0;
    pub(super) const INDEX: u64 = 1;
    pub(super) const FUNCTION: u64 = 2;
    pub(super) const BF16: u64 = 3;
    pub(super) const F16: u64 = 4;
    pub(super) const F32: u64 = 5;
    pub(super) const F64: u64 = 6;
    pub(super) const COMPLEX: u64 = 9;
    pub(super) const NONE: u64 = 12;
    pub(super) const RANKED_TENSOR: u64 = 13;
    pub(super) const RANKED_TENSOR_WITH_ENCODING: u64 = 14;
    pub(super) const TUPLE: u64 = 15;
    pub(super) const UNRANKED_TENSOR: u64 = 18;
}

impl Encoder {
    /// A type of VHLO.
    pub(super) fn vhlo_type(&mut self, ty: &Type) -> Encoding<TypeRef> {
        if let Some(&known) = self.vhlo_types.get(ty) {
            return Ok(known);
        }
        let parts = match ty {
            Type::Scalar(element) => self.vhlo_element(element)?,
            Type::Tensor(tensor) => self.vhlo_tensor(tensor)?,
            Type::Token => vec![Part::Varint(ty::TOKEN)],
            Type::Tuple(parts) => self.type_list(ty::TUPLE, parts, Self::vhlo_type)?,
            Type::Future(parts) => {
                self.require(codes::FUTURE_SINCE, "futures")?;
                self.type_list(ty::FUTURE, parts, Self::vhlo_type)?
            }
            Type::Function(function) => self.function(ty::FUNCTION, function, Self::vhlo_type)?,
            Type::MemRef(buffer) => {
                self.require(codes::BUFFER_SINCE, "buffers")?;
                let element = self.vhlo_type(&Type::Scalar(buffer.element.clone()))?;
                let mut parts = vec![Part::Varint(ty::RANKED_BUFFER)];
                parts.extend(shape(buffer));
                parts.push(Part::Type(element));
                parts
            }
            Type::None => {
                self.require(Version::new(1, 6), "the type `none`")?;
                vec![Part::Varint(ty::NONE)]
            }
            Type::Opaque(text) if text == "shape.witness" => vec![Part::Varint(ty::WITNESS)],
            Type::Opaque(_) | Type::Builtin(_) => return self.builtin_type(ty),
        };
        let entry = Entry { dialect: self.vhlo, custom: true, parts };
        let interned = self.pool.ty(entry);
        self.vhlo_types.insert(ty.clone(), interned);
        Ok(interned)
    }

    fn vhlo_element(&mut self, element: &ElementType) -> Encoding<Vec<Part>> {
        if let Some((_, code, since)) = codes::ELEMENTS.iter().find(|(known, ..)| known == element) {
            self.require(*since, &format!("the type {element}"))?;
            return Ok(vec![Part::Varint(*code)]);
        }
        if let Some(part) = element.complex_part() {
            let part = self.vhlo_type(&Type::Scalar(part))?;
            return Ok(vec![Part::Varint(ty::COMPLEX), Part::Type(part)]);
        }
        match element {
            ElementType::Quantized(quantized) => self.vhlo_quantized(quantized),
            _ => Err(format!("the type {element} has no form in portable artifacts")),
        }
    }

    fn vhlo_tensor(&mut self, tensor: &TensorType) -> Encoding<Vec<Part>> {
        let element = self.vhlo_type(&Type::Scalar(tensor.element.clone()))?;
        if tensor.dims.is_none() {
            return Ok(vec![Part::Varint(ty::UNRANKED_TENSOR), Part::Type(element)]);
        }
        let mut parts = match &tensor.encoding {
            None => vec![Part::Varint(ty::RANKED_TENSOR)],
            Some(encoding) => {
                let encoding = self.vhlo_attr(encoding)?;
                vec![Part::Varint(ty::RANKED_TENSOR_WITH_ENCODING), Part::Attr(encoding)]
            }
        };
        parts.extend(shape(tensor));
        parts.push(Part::Type(element));
        Ok(parts)
    }

    fn vhlo_quantized(&mut self, quantized: &QuantizedType) -> Encoding<Vec<Part>> {
        if !quantized.block_sizes.is_empty() {
            return Err(format!("the type {quantized}, quantized by blocks, has no form in portable artifacts"));
        }
        let signed = quantized.storage.is_signed_integer();
        let bits = quantized.storage.bits().min(63);
        let full = if signed { (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) } else { (0, (1 << bits) - 1) };
        let (min, max) = quantized.storage_range.unwrap_or(full);
        // The flags keep the sign, the storage type is signless.
        let storage = ElementType::from_name(&format!("i{}", quantized.storage.bits()));
        let storage = self.vhlo_type(&Type::Scalar(storage.unwrap_or_else(|| quantized.storage.clone())))?;
        let expressed = self.vhlo_type(&Type::Scalar(quantized.expressed.clone()))?;
        let head = [Part::Varint(u64::from(signed)), Part::Type(storage), Part::Type(expressed)];
        let scale = |scale: &f64| Part::Svarint(scale.to_bits() as i64);
        let mut parts = Vec::new();
        match quantized.quantization_dimension {
            None => {
                parts.push(Part::Varint(ty::UNIFORM_QUANTIZED));
                parts.extend(head);
                parts.extend(quantized.scales.iter().take(1).map(scale));
                parts.extend(quantized.zero_points.iter().take(1).map(|&zero| Part::Svarint(zero)));
                parts.extend([Part::Svarint(min), Part::Svarint(max)]);
            }
            Some(axis) => {
                self.require(codes::PER_AXIS_SINCE, &format!("the type {quantized}, quantized along an axis,"))?;
                parts.push(Part::Varint(ty::UNIFORM_QUANTIZED_PER_AXIS));
                parts.extend(head);
                parts.extend([Part::Varint(u64::from(axis)), Part::Svarint(min), Part::Svarint(max)]);
                parts.push(Part::Varint(quantized.scales.len() as u64));
                parts.extend(quantized.scales.iter().map(scale));
                parts.extend(integers(&quantized.zero_points));
            }
        }
        Ok(parts)
    }

    fn type_list(
        &mut self,
        code: u64,
        types: &[Type],
        mut encode: impl FnMut(&mut Self, &Type) -> Encoding<TypeRef>,
    ) -> Encoding<Vec<Part>> {
        let mut parts = vec![Part::Varint(code), Part::Varint(types.len() as u64)];
        for ty in types {
            parts.push(Part::Type(encode(self, ty)?));
        }
        Ok(parts)
    }

    fn function(
        &mut self,
        code: u64,
        function: &FunctionType,
        mut encode: impl FnMut(&mut Self, &Type) -> Encoding<TypeRef>,
    ) -> Encoding<Vec<Part>> {
        let mut parts = self.type_list(code, &function.inputs, &mut encode)?;
        let results = self.type_list(0, &function.results, &mut encode)?;
        parts.extend(results.into_iter().skip(1));
        Ok(parts)
    }

    /// A type of MLIR's own, for operations of other dialects.
    pub(super) fn builtin_type(&mut self, ty: &Type) -> Encoding<TypeRef> {
        if let Some(&known) = self.builtin_types.get(ty) {
            return Ok(known);
        }
        let parts = match ty {
            Type::Scalar(element) => self.builtin_element(element)?,
            Type::Tensor(tensor) => Some(self.builtin_tensor(tensor)?),
            Type::Tuple(parts) => Some(self.type_list(builtin::TUPLE, parts, Self::builtin_type)?),
            Type::Function(function) => Some(self.function(builtin::FUNCTION, function, Self::builtin_type)?),
            Type::None => Some(vec![Part::Varint(builtin::NONE)]),
            Type::Token | Type::Future(_) | Type::MemRef(_) | Type::Opaque(_) | Type::Builtin(_) => None,
        };
        let entry = match parts {
            Some(parts) => Entry { dialect: self.builtin, custom: true, parts },
            None => self.text_entry(ty.to_string()),
        };
        let interned = self.pool.ty(entry);
        self.builtin_types.insert(ty.clone(), interned);
        Ok(interned)
    }

    /// The parts of an element type that MLIR has always encoded; others are written as text.
    fn builtin_element(&mut self, element: &ElementType) -> Encoding<Option<Vec<Part>>> {
        if let Some(part) = element.complex_part() {
            let part = self.builtin_type(&Type::Scalar(part))?;
            return Ok(Some(vec![Part::Varint(builtin::COMPLEX), Part::Type(part)]));
        }
        let code = match element {
            ElementType::Index => builtin::INDEX,
            ElementType::BF16 => builtin::BF16,
            ElementType::F16 => builtin::F16,
            ElementType::F32 => builtin::F32,
            ElementType::F64 => builtin::F64,
            element if element.is_integer() || *element == ElementType::I1 => {
                let sign = if element.is_unsigned_integer() { 2 } else { 0 };
                return Ok(Some(vec![
                    Part::Varint(builtin::INTEGER),
                    Part::Varint(u64::from(element.bits()) << 2 | sign),
                ]));
            }
            _ => return Ok(None),
        };
        Ok(Some(vec![Part::Varint(code)]))
    }

    fn builtin_tensor(&mut self, tensor: &TensorType) -> Encoding<Vec<Part>> {
        let element = self.builtin_type(&Type::Scalar(tensor.element.clone()))?;
        if tensor.dims.is_none() {
            return Ok(vec![Part::Varint(builtin::UNRANKED_TENSOR), Part::Type(element)]);
        }
        let mut parts = match &tensor.encoding {
            None => vec![Part::Varint(builtin::RANKED_TENSOR)],
            Some(encoding) => {
                let encoding = self.builtin_attr(encoding)?;
                vec![Part::Varint(builtin::RANKED_TENSOR_WITH_ENCODING), Part::Attr(encoding)]
            }
        };
        parts.extend(shape(tensor));
        parts.push(Part::Type(element));
        Ok(parts)
    }
}

/// The sizes of a tensor's dimensions.
fn shape(tensor: &TensorType) -> Vec<Part> {
    let size = |dim: &Dim| match dim {
        Dim::Size(size) => *size as i64,
        Dim::Dynamic => DYNAMIC,
    };
    let sizes: Vec<i64> = tensor.dims.iter().flatten().map(size).collect();
    integers(&sizes)
}

/// The bounds of dynamic dimensions.
pub(super) fn bounds(bounds: &[Option<u64>]) -> Vec<Part> {
    let sizes: Vec<i64> = bounds.iter().map(|bound| bound.map_or(DYNAMIC, |b| b as i64)).collect();
    integers(&sizes)
}

/// A list of signed integers with its length.
pub(super) fn integers(values: &[i64]) -> Vec<Part> {
    let mut parts = vec![Part::Varint(values.len() as u64)];
    parts.extend(values.iter().map(|&value| Part::Svarint(value)));
    parts
}
