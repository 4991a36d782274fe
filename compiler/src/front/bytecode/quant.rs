//! Types of the `quant` dialect, as plain StableHLO bytecode has them, and the parts that VHLO's
//! quantized types share with them.

use std::sync::Arc;

use super::cursor::Cursor;
use super::entries::{Entries, Step};
use super::error::{Problem, Read};
use super::values;
use crate::ir::{Attr, DenseElements, ElementType, QuantizedType, Type};

/// The flag of signed storage.
const SIGNED: u64 = 1;

/// Flags and storage and expressed types, with which all encodings begin.
struct Storage {
    signed: bool,
    storage: ElementType,
    expressed: ElementType,
}

impl<'f> Entries<'f> {
    /// A type of the `quant` dialect.
    pub(super) fn quant_type(&mut self, c: &mut Cursor<'f>) -> Step<Type> {
        let at = *c;
        let code = c.varint()?;
        match code {
            4 => self.uniform_quantized(c),
            5 => self.uniform_quantized_per_axis(c),
            6 => self.uniform_quantized_sub_channel(c),
            1..=3 => Err(at.unsupported("a quantized type that is not uniform").into()),
            _ => Err(at.error(Problem::Code { dialect: "quant", what: "type", code }).into()),
        }
    }

    fn storage(&mut self, c: &mut Cursor<'f>) -> Step<Storage> {
        let at = *c;
        let signed = c.varint()? & SIGNED != 0;
        let storage = values::element(self.nested_type(c)?, &at)?;
        let expressed = values::element(self.nested_type(c)?, &at)?;
        if !storage.is_integer() || !expressed.is_float() {
            return Err(at.malformed(format!("a quantized type stores {expressed} as {storage}")).into());
        }
        Ok(Storage { signed, storage, expressed })
    }

    /// One scale and zero point.
    pub(super) fn uniform_quantized(&mut self, c: &mut Cursor<'f>) -> Step<Type> {
        let parts = self.storage(c)?;
        let (scale, zero_point) = (f64::from_bits(c.f64_bits()?), c.svarint()?);
        let storage_range = parts.range(c.svarint()?, c.svarint()?);
        Ok(parts.quantized(storage_range, None, vec![scale], vec![zero_point]))
    }

    /// Scales and zero points along an axis.
    pub(super) fn uniform_quantized_per_axis(&mut self, c: &mut Cursor<'f>) -> Step<Type> {
        let at = *c;
        let parts = self.storage(c)?;
        let axis = axis(c.varint()?, &at)?;
        let storage_range = parts.range(c.svarint()?, c.svarint()?);
        let count = c.count("scales")?;
        let scales: Vec<f64> = (0..count).map(|_| Ok(f64::from_bits(c.f64_bits()?))).collect::<Read<_>>()?;
        let zero_points = c.svarints()?;
        if scales.len() != zero_points.len() {
            return Err(at.malformed("a quantized type has not as many zero points as scales").into());
        }
        Ok(parts.quantized(storage_range, Some(axis), scales, zero_points))
    }

    /// Scales and zero points of blocks.
    fn uniform_quantized_sub_channel(&mut self, c: &mut Cursor<'f>) -> Step<Type> {
        let at = *c;
        let parts = self.storage(c)?;
        let storage_range = parts.range(c.svarint()?, c.svarint()?);
        let (axes, sizes) = (c.svarints()?, c.svarints()?);
        let scales = self.table(c)?;
        let zero_points = self.table(c)?;
        let shape = scales.ty.sizes().unwrap_or_default().to_vec();
        let scales = floats(&scales, &at)?;
        let zero_points = zero_points.to_i64s().filter(|z| z.len() == scales.len());
        let zero_points =
            zero_points.ok_or_else(|| at.malformed("a quantized type's zero points do not match its scales"))?;
        if axes.len() != sizes.len() {
            return Err(at.malformed("a quantized type has not as many block sizes as axes").into());
        }
        let block = |(&dim, &size): (&i64, &i64)| match (axis(dim as u64, &at), u64::try_from(size)) {
            (Ok(dim), Ok(size)) => Ok((dim, size)),
            _ => Err(at.malformed(format!("a quantized type has blocks of {size} along axis {dim}"))),
        };
        let block_sizes = axes.iter().zip(&sizes).map(block).collect::<Read<_>>()?;
        Ok(Type::Scalar(ElementType::Quantized(Arc::new(QuantizedType {
            storage: parts.element(),
            storage_range,
            expressed: parts.expressed,
            quantization_dimension: None,
            block_sizes,
            scale_shape: shape,
            scales,
            zero_points,
        }))))
    }

    fn table(&mut self, c: &mut Cursor<'f>) -> Step<DenseElements> {
        let at = *c;
        match self.nested_attr(c)? {
            Attr::Elements(elements) if elements.len() <= self.file_size() as u64 => Ok(elements),
            _ => Err(at.malformed("a quantized type's table is no constant").into()),
        }
    }
}

impl Storage {
    /// The storage type with the sign that the flags give it.
    fn element(&self) -> ElementType {
        let name = format!("{}i{}", if self.signed { "" } else { "u" }, self.storage.bits());
        ElementType::from_name(&name).unwrap_or_else(|| self.storage.clone())
    }

    /// The storage range, where it is narrower than the storage type.
    fn range(&self, min: i64, max: i64) -> Option<(i64, i64)> {
        let bits = self.storage.bits().min(63);
        let full = if self.signed { (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) } else { (0, (1 << bits) - 1) };
        if (min, max) == full { None } else { Some((min, max)) }
    }

    fn quantized(
        self,
        storage_range: Option<(i64, i64)>,
        quantization_dimension: Option<u32>,
        scales: Vec<f64>,
        zero_points: Vec<i64>,
    ) -> Type {
        Type::Scalar(ElementType::Quantized(Arc::new(QuantizedType {
            storage: self.element(),
            storage_range,
            expressed: self.expressed,
            quantization_dimension,
            block_sizes: Vec::new(),
            scale_shape: Vec::new(),
            scales,
            zero_points,
        })))
    }
}

fn axis(raw: u64, at: &Cursor<'_>) -> Read<u32> {
    u32::try_from(raw).map_err(|_| at.malformed(format!("a quantized type runs along axis {raw}")))
}

fn floats(elements: &DenseElements, at: &Cursor<'_>) -> Read<Vec<f64>> {
    let format = crate::ir::FloatFormat::of(&elements.ty.element);
    let format = format.ok_or_else(|| at.malformed("a quantized type's scales are no floating-point numbers"))?;
    let decode = |index| {
        let mut bits = [0u8; 8];
        let bytes = elements.element(index);
        bits[..bytes.len()].copy_from_slice(bytes);
        format.decode(u64::from_le_bytes(bits))
    };
    Ok((0..elements.len()).map(decode).collect())
}
