//! Attributes, locations and types of MLIR's `builtin` dialect.
//!
//! Codes are those of `mlir/IR/BuiltinDialectBytecode.td`.

use super::cursor::Cursor;
use super::entries::{Entries, Step};
use super::error::{Problem, Read};
use super::values;
use crate::ir::{
    Attr, AttrMap, DenseArray, DenseElements, ElementType, ElementsForm, FunctionType, LocId, Location, Signedness,
    TensorType, Type,
};

/// Floating-point types by code.
const FLOATS: &[(u64, ElementType)] = &[
    (3, ElementType::BF16),
    (4, ElementType::F16),
    (5, ElementType::F32),
    (6, ElementType::F64),
    (21, ElementType::TF32),
    (22, ElementType::F8E5M2),
    (23, ElementType::F8E4M3),
    (24, ElementType::F8E4M3FN),
    (25, ElementType::F8E5M2FNUZ),
    (26, ElementType::F8E4M3FNUZ),
    (27, ElementType::F8E4M3B11FNUZ),
    (28, ElementType::F8E3M4),
    (29, ElementType::F4E2M1FN),
    (30, ElementType::F6E2M3FN),
    (31, ElementType::F6E3M2FN),
    (32, ElementType::F8E8M0FNU),
];

/// Attributes that exist in MLIR and have no place in a StableHLO program.
const UNSUPPORTED_ATTRS: &[(u64, &str)] =
    &[(19, "a tensor of strings"), (20, "a sparse tensor constant"), (21, "a `distinct` attribute")];

/// Types that exist in MLIR and have no place in a StableHLO program.
const UNSUPPORTED_TYPES: &[(u64, &str)] = &[
    (7, "the type f80"),
    (8, "the type f128"),
    (11, "a memref in a memory space"),
    (16, "an unranked memref"),
    (17, "an unranked memref in a memory space"),
    (19, "a vector type"),
    (20, "a scalable vector type"),
];

impl<'f> Entries<'f> {
    /// An attribute of the `builtin` dialect.
    pub(super) fn builtin_attr(&mut self, c: &mut Cursor<'f>) -> Step<Attr> {
        let at = *c;
        let code = c.varint()?;
        Ok(match code {
            0 => Attr::Array(self.list(c, "attributes", Self::nested_attr)?),
            1 => self.dictionary(c)?,
            2 => self.string_attr(c)?,
            3 => {
                let text = self.string_attr(c)?;
                self.nested_type(c)?;
                text
            }
            4 => Attr::symbol(self.text(c)?),
            5 => self.symbol_path(c)?,
            6 => Attr::Type(self.nested_type(c)?),
            7 => Attr::Unit,
            8 => values::integer(self.nested_type(c)?, c)?,
            9 => values::float(self.nested_type(c)?, c)?,
            10..=15 | 22 => Attr::Location(self.builtin_location(code, c)?),
            16 => self.resource_elements(c)?,
            17 => Attr::DenseArray(self.dense_array(c)?),
            18 => {
                let ty = self.nested_type(c)?;
                Attr::Elements(values::elements(ty, c.blob("a constant")?)?)
            }
            _ => return Err(unsupported(&at, UNSUPPORTED_ATTRS, "attribute", code).into()),
        })
    }

    /// A list with its length before it.
    pub(super) fn list<T>(
        &mut self,
        c: &mut Cursor<'f>,
        what: &'static str,
        mut item: impl FnMut(&mut Self, &mut Cursor<'f>) -> Step<T>,
    ) -> Step<Vec<T>> {
        let count = c.count(what)?;
        let mut items = Vec::new();
        for _ in 0..count {
            items.push(item(self, c)?);
        }
        Ok(items)
    }

    /// A string attribute's text, by the number of the string.
    pub(super) fn string_attr(&mut self, c: &mut Cursor<'f>) -> Step<Attr> {
        let index = self.tables.string_index(c)?;
        Ok(Attr::String(self.tables.string(index)))
    }

    /// The text of a string attribute, by the number of the attribute.
    pub(super) fn text(&mut self, c: &mut Cursor<'f>) -> Step<smol_str::SmolStr> {
        let at = *c;
        match self.nested_attr(c)? {
            Attr::String(text) => Ok(text),
            _ => Err(at.malformed("an attribute that is no string stands where a string must").into()),
        }
    }

    /// Names and attributes.
    pub(super) fn dictionary(&mut self, c: &mut Cursor<'f>) -> Step<Attr> {
        let at = *c;
        let pairs = self.list(c, "named attributes", |s, c| Ok((s.text(c)?, s.nested_attr(c)?)))?;
        attr_map(pairs, &at).map(Attr::Dict).map_err(Into::into)
    }

    fn symbol_path(&mut self, c: &mut Cursor<'f>) -> Step<Attr> {
        let root = self.text(c)?;
        let mut path = smallvec::SmallVec::from_elem(root, 1);
        for _ in 0..c.count("nested symbols")? {
            let at = *c;
            match self.nested_attr(c)? {
                Attr::Symbol(leaf) if leaf.len() == 1 => path.extend(leaf),
                _ => return Err(at.malformed("a nested symbol is no symbol").into()),
            }
        }
        Ok(Attr::Symbol(path))
    }

    /// A location inside an entry.
    fn nested_location(&mut self, c: &mut Cursor<'f>) -> Step<LocId> {
        let at = *c;
        match self.nested_attr(c)? {
            Attr::Location(loc) => Ok(loc),
            _ => Err(at.malformed("an attribute that is no location stands where a location must").into()),
        }
    }

    fn builtin_location(&mut self, code: u64, c: &mut Cursor<'f>) -> Step<LocId> {
        let location = match code {
            10 => Location::CallSite { callee: self.nested_location(c)?, caller: self.nested_location(c)? },
            11 => {
                let file = self.text(c)?;
                let start = (line_number(c)?, line_number(c)?);
                Location::File { file, start, end: start }
            }
            12 | 13 => {
                let parts = self.list(c, "locations", Self::nested_location)?;
                let metadata = if code == 13 { Some(Box::new(self.nested_attr(c)?)) } else { None };
                Location::Fused { metadata, parts }
            }
            14 => Location::Name { name: self.text(c)?, child: self.nested_location(c)? },
            15 => Location::Unknown,
            _ => {
                let file = self.text(c)?;
                let (start, end) = line_range(c)?;
                Location::File { file, start, end }
            }
        };
        Ok(self.locs.intern(location))
    }

    fn resource_elements(&mut self, c: &mut Cursor<'f>) -> Step<Attr> {
        let at = *c;
        let ty = self.nested_type(c)?;
        let resource = self.tables.resource(c)?;
        let data = self.tables.resource_data(resource)?;
        let Type::Tensor(ty) = ty else {
            return Err(at.unsupported(format!("a constant of type {ty}")).into());
        };
        let size = ty.element.byte_size() as u64;
        if ty.element_count().and_then(|n| n.checked_mul(size)) != Some(data.left() as u64) {
            return Err(data.malformed(format!("a constant of type {ty} has {} bytes", data.left())).into());
        }
        let key = self.tables.string(resource.key);
        let data = values::normal(&ty.element, data.to_bytes());
        Ok(Attr::Elements(DenseElements { ty, data, splat: false, form: ElementsForm::Resource(key) }))
    }

    fn dense_array(&mut self, c: &mut Cursor<'f>) -> Step<DenseArray> {
        let at = *c;
        let ty = self.nested_type(c)?;
        let count = c.varint()?;
        let blob = c.blob("an array")?;
        let Type::Scalar(element) = ty else {
            return Err(at.unsupported(format!("an array of {ty}")).into());
        };
        let bytes = blob.as_slice();
        let size = element.byte_size();
        if count.checked_mul(size as u64) != Some(bytes.len() as u64) {
            return Err(blob.malformed(format!("an array of {count} {element} has {} bytes", bytes.len())).into());
        }
        dense_array(&element, bytes).ok_or_else(|| at.unsupported(format!("an array of {element}")).into())
    }

    /// A type of the `builtin` dialect.
    pub(super) fn builtin_type(&mut self, c: &mut Cursor<'f>) -> Step<Type> {
        let at = *c;
        let code = c.varint()?;
        if let Some((_, float)) = FLOATS.iter().find(|(known, _)| *known == code) {
            return Ok(Type::Scalar(float.clone()));
        }
        Ok(match code {
            0 => integer_type(c)?,
            1 => Type::Scalar(ElementType::Index),
            2 => self.function_type(c)?,
            9 => values::complex(self.nested_type(c)?, &at)?,
            10 => self.memref(c)?,
            12 => Type::None,
            13 => self.ranked_tensor(c, false)?,
            14 => self.ranked_tensor(c, true)?,
            15 => Type::Tuple(self.list(c, "types", Self::nested_type)?),
            18 => self.unranked_tensor(c)?,
            _ => return Err(unsupported(&at, UNSUPPORTED_TYPES, "type", code).into()),
        })
    }

    /// Inputs and results.
    pub(super) fn function_type(&mut self, c: &mut Cursor<'f>) -> Step<Type> {
        let inputs = self.list(c, "types", Self::nested_type)?;
        let results = self.list(c, "types", Self::nested_type)?;
        Ok(Type::Function(Box::new(FunctionType { inputs, results })))
    }

    /// Encoding where there is one, shape, element type.
    pub(super) fn ranked_tensor(&mut self, c: &mut Cursor<'f>, encoded: bool) -> Step<Type> {
        let encoding = if encoded { Some(Box::new(self.nested_attr(c)?)) } else { None };
        let at = *c;
        let dims = values::dims(&c.svarints()?, &at)?;
        let element = values::element(self.nested_type(c)?, &at)?;
        Ok(Type::Tensor(TensorType { dims: Some(dims), element, encoding }))
    }

    /// Element type.
    pub(super) fn unranked_tensor(&mut self, c: &mut Cursor<'f>) -> Step<Type> {
        let at = *c;
        let element = values::element(self.nested_type(c)?, &at)?;
        Ok(Type::Tensor(TensorType { dims: None, element, encoding: None }))
    }

    /// Shape and element type.
    pub(super) fn buffer(&mut self, c: &mut Cursor<'f>) -> Step<Type> {
        match self.ranked_tensor(c, false)? {
            Type::Tensor(tensor) => Ok(Type::MemRef(tensor)),
            other => Ok(other),
        }
    }

    /// A buffer with a layout, which must be row-major: `affine_map<(d0, d1) -> (d0, d1)>`.
    fn memref(&mut self, c: &mut Cursor<'f>) -> Step<Type> {
        let buffer = self.buffer(c)?;
        let at = *c;
        let layout = self.part(c)?;
        let mut text = layout.cursor;
        let text = if layout.custom { &[] } else { text.until_zero("a layout")? };
        let identity = text
            .strip_prefix(b"affine_map<")
            .and_then(|t| t.strip_suffix(b">"))
            .map(|t| String::from_utf8_lossy(t).into_owned())
            .is_some_and(|t| t.split_once(" -> ").is_some_and(|(from, to)| from == to));
        if identity { Ok(buffer) } else { Err(at.unsupported("a memref with a layout").into()) }
    }
}

/// Named attributes as a map.
pub(super) fn attr_map(pairs: Vec<(smol_str::SmolStr, Attr)>, at: &Cursor<'_>) -> Read<AttrMap> {
    let mut names: Vec<&str> = pairs.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    if let Some(twice) = names.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(at.malformed(format!("the attribute `{}` is given twice", twice[0])));
    }
    Ok(pairs.into_iter().collect())
}

fn unsupported(
    at: &Cursor<'_>,
    known: &[(u64, &'static str)],
    what: &'static str,
    code: u64,
) -> super::error::ReadError {
    match known.iter().find(|(c, _)| *c == code) {
        Some((_, name)) => at.unsupported(*name),
        None => at.error(Problem::Code { dialect: "builtin", what, code }),
    }
}

fn line_number(c: &mut Cursor<'_>) -> Read<u32> {
    let at = *c;
    u32::try_from(c.varint()?).map_err(|_| at.malformed("a line or column is beyond 2^32"))
}

/// Start and end from as many of start line, start column, end line and end column as differ.
fn line_range(c: &mut Cursor<'_>) -> Read<((u32, u32), (u32, u32))> {
    let at = *c;
    let numbers: Vec<u32> = (0..c.count("lines and columns")?).map(|_| line_number(c)).collect::<Read<_>>()?;
    Ok(match numbers[..] {
        [] => ((0, 0), (0, 0)),
        [line] => ((line, 0), (line, 0)),
        [line, column] => ((line, column), (line, column)),
        [line, from, to] => ((line, from), (line, to)),
        [line, column, end_line, end_column] => ((line, column), (end_line, end_column)),
        _ => return Err(at.malformed("a range of lines has more than four numbers")),
    })
}

fn integer_type(c: &mut Cursor<'_>) -> Read<Type> {
    let at = *c;
    let raw = c.varint()?;
    let signedness = match raw & 3 {
        0 => Signedness::Signless,
        1 => Signedness::Signed,
        2 => Signedness::Unsigned,
        _ => return Err(at.malformed("an integer type is neither signless, signed nor unsigned")),
    };
    let width = u32::try_from(raw >> 2).ok().filter(|w| (1..1 << 24).contains(w));
    let width = width.ok_or_else(|| at.malformed(format!("an integer type is {} bits wide", raw >> 2)))?;
    let other = ElementType::OtherInt { width, signedness };
    Ok(Type::Scalar(ElementType::from_name(&other.to_string()).unwrap_or(other)))
}

fn dense_array(element: &ElementType, bytes: &[u8]) -> Option<DenseArray> {
    fn each<const N: usize, T>(bytes: &[u8], from: impl Fn([u8; N]) -> T) -> Vec<T> {
        let (chunks, _) = bytes.as_chunks::<N>();
        chunks.iter().map(|chunk| from(*chunk)).collect()
    }
    Some(match element {
        ElementType::I1 => DenseArray::Bool(bytes.iter().map(|&b| b != 0).collect()),
        ElementType::I8 => DenseArray::I8(each(bytes, i8::from_le_bytes)),
        ElementType::I16 => DenseArray::I16(each(bytes, i16::from_le_bytes)),
        ElementType::I32 => DenseArray::I32(each(bytes, i32::from_le_bytes)),
        ElementType::I64 => DenseArray::I64(each(bytes, i64::from_le_bytes)),
        ElementType::F32 => DenseArray::F32(each(bytes, u32::from_le_bytes)),
        ElementType::F64 => DenseArray::F64(each(bytes, u64::from_le_bytes)),
        _ => return None,
    })
}
