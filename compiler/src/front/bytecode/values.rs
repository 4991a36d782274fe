//! Numbers, shapes and tensor constants, which several dialects encode alike.

use bytes::Bytes;

use super::cursor::Cursor;
use super::error::Read;
use crate::front::text::normalize;
use crate::ir::{Attr, DenseElements, Dim, Dims, ElementType, ElementsForm, FloatAttr, IntAttr, TensorType, Type};

/// What MLIR stores for a dimension whose size is not known.
pub(super) const DYNAMIC: i64 = i64::MIN;

/// A shape from its sizes.
pub(super) fn dims(sizes: &[i64], at: &Cursor<'_>) -> Read<Dims> {
    let dim = |&size: &i64| match u64::try_from(size) {
        Ok(size) => Ok(Dim::Size(size)),
        Err(_) if size == DYNAMIC => Ok(Dim::Dynamic),
        Err(_) => Err(at.malformed(format!("a dimension has the size {size}"))),
    };
    sizes.iter().map(dim).collect()
}

/// The bounds of dynamic dimensions.
pub(super) fn bounds(sizes: &[i64], at: &Cursor<'_>) -> Read<Attr> {
    let dims = dims(sizes, at)?;
    Ok(Attr::Bounds(dims.iter().map(|d| d.size()).collect()))
}

/// A type that must be one of elements.
pub(super) fn element(ty: Type, at: &Cursor<'_>) -> Read<ElementType> {
    match ty {
        Type::Scalar(element) => Ok(element),
        other => Err(at.unsupported(format!("a tensor whose elements are of type {other}"))),
    }
}

/// `complex<part>`.
pub(super) fn complex(part: Type, at: &Cursor<'_>) -> Read<Type> {
    match part {
        Type::Scalar(ElementType::F32) => Ok(Type::Scalar(ElementType::ComplexF32)),
        Type::Scalar(ElementType::F64) => Ok(Type::Scalar(ElementType::ComplexF64)),
        other => Err(at.unsupported(format!("the type complex<{other}>"))),
    }
}

/// An integer attribute's value, after its type.
pub(super) fn integer(ty: Type, cursor: &mut Cursor<'_>) -> Read<Attr> {
    let at = *cursor;
    let Type::Scalar(ty) = ty else {
        return Err(at.malformed(format!("an integer is of type {ty}")));
    };
    let bits = ty.bits();
    let integral = ty.is_integer() || matches!(ty, ElementType::I1 | ElementType::Index | ElementType::OtherInt { .. });
    if !integral || bits == 0 || bits > 128 {
        return Err(at.unsupported(format!("an integer of type {ty}")));
    }
    let raw = cursor.apint(bits)?;
    if ty == ElementType::I1 {
        return Ok(Attr::Bool(raw != 0));
    }
    let unsigned = ty.to_string().starts_with('u');
    let value = if unsigned { raw as i128 } else { ((raw as i128) << (128 - bits)) >> (128 - bits) };
    Ok(Attr::Int(IntAttr { value, ty }))
}

/// A float attribute's value, after its type.
pub(super) fn float(ty: Type, cursor: &mut Cursor<'_>) -> Read<Attr> {
    match ty {
        Type::Scalar(ty) if ty.is_float() => Ok(Attr::Float(FloatAttr { bits: cursor.apint(ty.bits())? as u64, ty })),
        other => Err(cursor.malformed(format!("a floating-point number is of type {other}"))),
    }
}

/// A tensor constant from its type and the bytes left in `data`.
pub(super) fn elements(ty: Type, data: Cursor<'_>) -> Read<DenseElements> {
    let Type::Tensor(ty) = ty else {
        return Err(data.unsupported(format!("a constant of type {ty}")));
    };
    let Some(count) = ty.element_count() else {
        return Err(data.malformed(format!("a constant is of type {ty}, whose size is not known")));
    };
    let have = data.left() as u64;
    if ty.element == ElementType::I1 {
        return booleans(ty, count, data);
    }
    let size = ty.element.byte_size() as u64;
    let (whole, splat) = (count.checked_mul(size) == Some(have), have == size);
    if !whole && !splat {
        return Err(data.malformed(format!("a constant of type {ty} has {have} bytes")));
    }
    let data = normal(&ty.element, data.to_bytes());
    Ok(DenseElements { ty, data, splat, form: ElementsForm::Dense })
}

/// Elements narrower than a byte, extended to it; all others as they are.
pub(super) fn normal(element: &ElementType, data: Bytes) -> Bytes {
    if element.bits() >= 8 {
        return data;
    }
    let mut extended = data.to_vec();
    normalize(&mut extended, element);
    extended.into()
}

/// Booleans, which are packed eight a byte, lowest bit first. A single byte of ones is a splat of
/// `true`, whatever the shape; writers exist that take a byte each.
fn booleans(ty: TensorType, count: u64, data: Cursor<'_>) -> Read<DenseElements> {
    let bytes = data.as_slice();
    let have = bytes.len() as u64;
    let splat = |value: u8| DenseElements {
        ty: ty.clone(),
        data: Bytes::copy_from_slice(&[value]),
        splat: true,
        form: ElementsForm::Dense,
    };
    match bytes {
        _ if count == 0 => Ok(DenseElements::new(ty, Bytes::new())),
        [0xff] => Ok(splat(1)),
        _ if have == count.div_ceil(8) && have != count => {
            let unpacked: Vec<u8> = (0..count as usize).map(|i| bytes[i / 8] >> (i % 8) & 1).collect();
            Ok(DenseElements::new(ty, unpacked))
        }
        [one] => Ok(splat(u8::from(*one != 0))),
        _ if have == count => {
            let normal = bytes.iter().all(|&b| b <= 1);
            let data = if normal {
                data.to_bytes()
            } else {
                bytes.iter().map(|&b| u8::from(b != 0)).collect::<Vec<_>>().into()
            };
            Ok(DenseElements::new(ty, data))
        }
        _ => Err(data.malformed(format!("a constant of type {ty} has {have} bytes"))),
    }
}
