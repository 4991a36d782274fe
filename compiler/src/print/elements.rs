//! Tensor constants as text.
//!
//! As MLIR does: one element where all are the same, the bytes in hexadecimal above a hundred
//! elements, nested lists otherwise. Elements narrower than a byte take a byte each in hexadecimal.

use std::fmt::{self, Write};

use super::float::FloatText;
use super::lexeme::write_keyword;
use crate::ir::{DenseElements, ElementType, ElementsForm, Signedness};

/// Constants of more elements than this are written in hexadecimal.
const MOST_LISTED: u64 = 100;

/// Writes a constant with its type. One of more than `elide_above` elements loses its value.
pub(super) fn write_elements(out: &mut dyn Write, elements: &DenseElements, elide_above: Option<u64>) -> fmt::Result {
    let count = elements.ty.element_count().unwrap_or(0);
    if !elements.splat && elide_above.is_some_and(|most| count > most) {
        out.write_str("dense_resource<__elided__>")?;
    } else if let ElementsForm::Resource(key) = &elements.form {
        out.write_str("dense_resource<")?;
        write_keyword(out, key)?;
        out.write_char('>')?;
    } else {
        out.write_str("dense<")?;
        write_values(out, elements, count)?;
        out.write_char('>')?;
    }
    write!(out, " : {}", elements.ty)
}

fn write_values(out: &mut dyn Write, elements: &DenseElements, count: u64) -> fmt::Result {
    let (element, size) = (&elements.ty.element, elements.ty.element.byte_size());
    let data: &[u8] = &elements.data;
    let Some(first) = data.get(..size).filter(|_| size > 0 && (count > 0 || elements.splat)) else { return Ok(()) };
    if elements.splat || data.chunks_exact(size).all(|chunk| chunk == first) {
        return write_element(out, element, first);
    }
    if count > MOST_LISTED {
        out.write_str("\"0x")?;
        write_hex(out, data)?;
        return out.write_char('"');
    }
    // Sizes of the blocks that brackets enclose, innermost first; a block that ends at an element
    // closes its bracket there.
    let sizes = elements.ty.sizes().unwrap_or_default();
    let mut blocks = Vec::with_capacity(sizes.len());
    sizes.iter().rev().fold(1, |block, size| {
        blocks.push(block * size);
        block * size
    });
    write_repeated(out, "[", blocks.len())?;
    for (index, chunk) in data.chunks_exact(size).enumerate() {
        write_element(out, element, chunk)?;
        let after = index as u64 + 1;
        let closed = blocks.iter().filter(|&&block| after.is_multiple_of(block)).count();
        write_repeated(out, "]", closed)?;
        if after < count {
            out.write_str(", ")?;
            write_repeated(out, "[", closed)?;
        }
    }
    Ok(())
}

fn write_repeated(out: &mut dyn Write, text: &str, times: usize) -> fmt::Result {
    (0..times).try_for_each(|_| out.write_str(text))
}

/// Writes bytes as pairs of hexadecimal digits.
pub(super) fn write_hex(out: &mut dyn Write, bytes: &[u8]) -> fmt::Result {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut text = [0u8; 4096];
    for chunk in bytes.chunks(text.len() / 2) {
        for (pair, byte) in text.chunks_exact_mut(2).zip(chunk) {
            pair[0] = DIGITS[usize::from(byte >> 4)];
            pair[1] = DIGITS[usize::from(byte & 15)];
        }
        let digits = std::str::from_utf8(&text[..2 * chunk.len()]).expect("hexadecimal digits are ASCII");
        out.write_str(digits)?;
    }
    Ok(())
}

fn write_element(out: &mut dyn Write, ty: &ElementType, bytes: &[u8]) -> fmt::Result {
    match ty {
        ElementType::I1 => out.write_str(if bytes[0] == 0 { "false" } else { "true" }),
        ElementType::Quantized(quantized) => write_element(out, &quantized.storage, bytes),
        ElementType::ComplexF32 | ElementType::ComplexF64 => {
            let part = if *ty == ElementType::ComplexF32 { ElementType::F32 } else { ElementType::F64 };
            let (real, imaginary) = bytes.split_at(bytes.len() / 2);
            out.write_char('(')?;
            write_element(out, &part, real)?;
            out.write_char(',')?;
            write_element(out, &part, imaginary)?;
            out.write_char(')')
        }
        ty if ty.is_float() => write!(out, "{}", FloatText { bits: unsigned(bytes) as u64, ty }),
        ElementType::OtherInt { signedness: Signedness::Unsigned, .. } => write!(out, "{}", unsigned(bytes)),
        ElementType::OtherInt { .. } => write!(out, "{}", signed(bytes)),
        ty if ty.is_unsigned_integer() => write!(out, "{}", unsigned(bytes) as u64),
        _ => write!(out, "{}", signed(bytes) as i64),
    }
}

fn unsigned(bytes: &[u8]) -> u128 {
    bytes.iter().rev().take(16).fold(0, |n, &byte| (n << 8) | u128::from(byte))
}

fn signed(bytes: &[u8]) -> i128 {
    let unused = 128 - 8 * bytes.len().min(16) as u32;
    ((unsigned(bytes) << unused) as i128) >> unused
}
