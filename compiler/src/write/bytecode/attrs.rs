//! Attributes as entries: those of VHLO, those of MLIR for operations of other dialects, and
//! locations.

use bytes::Bytes;
use smol_str::SmolStr;

use super::encoder::{Encoder, Encoding};
use super::pool::{AttrRef, Blob, Entry, Part};
use super::types::{bounds, integers};
use crate::ir::{
    Attr, AttrMap, AxisRef, DenseArray, DenseElements, ElementType, FloatAttr, IntAttr, LocId, Location, Locations,
    Mesh, MeshReference, ReplicaGroupMeshAxes, ResultAccuracy, TensorType, Type, bytes_of_text,
};
use crate::vhlo::Version;
use crate::vhlo::codes::{self, attr};

/// Codes of the `builtin` dialect.
mod builtin {
    pub(super) const ARRAY: u64 = 0;
    pub(super) const DICTIONARY: u64 = 1;
    pub(super) const STRING: u64 = 2;
    pub(super) const FLAT_SYMBOL: u64 = 4;
    pub(super) const TYPE: u64 = 6;
    pub(super) const UNIT: u64 = 7;
    pub(super) const INTEGER: u64 = 8;
    pub(super) const FLOAT: u64 = 9;
    pub(super) const CALL_SITE: u64 = 10;
    pub(super) const FILE: u64 = 11;
    pub(super) const FUSED: u64 = 12;
    pub(super) const FUSED_WITH_METADATA: u64 = 13;
    pub(super) const NAME: u64 = 14;
    pub(super) const UNKNOWN: u64 = 15;
    pub(super) const DENSE_ELEMENTS: u64 = 18;
    pub(super) const FILE_RANGE: u64 = 22;
}

/// When MLIR could write ranges of lines.
const FILE_RANGES_SINCE: Version = Version::new(1, 9);

/// How deep locations are followed; what lies deeper becomes unknown.
const LOCATION_LEVELS: usize = 1000;

impl Encoder {
    /// An attribute of the `vhlo` dialect from its parts.
    pub(super) fn vhlo_entry(&mut self, parts: Vec<Part>) -> AttrRef {
        self.pool.attr(Entry { dialect: self.vhlo, custom: true, parts })
    }

    fn builtin_entry(&mut self, parts: Vec<Part>) -> AttrRef {
        self.pool.attr(Entry { dialect: self.builtin, custom: true, parts })
    }

    /// An attribute of VHLO.
    pub(super) fn vhlo_attr(&mut self, attr: &Attr) -> Encoding<AttrRef> {
        let parts = match attr {
            Attr::Bool(value) => vec![Part::Varint(attr::BOOL), Part::Varint(u64::from(*value))],
            Attr::Int(int) => {
                let ty = self.vhlo_type(&Type::Scalar(int.ty.clone()))?;
                let mut parts = vec![Part::Varint(attr::INTEGER), Part::Type(ty)];
                parts.extend(apint(int));
                parts
            }
            Attr::Float(float) => {
                let ty = self.vhlo_type(&Type::Scalar(float.ty.clone()))?;
                vec![Part::Varint(attr::FLOAT), Part::Type(ty), apfloat(float)]
            }
            Attr::String(text) => self.vhlo_string_parts(text),
            Attr::Symbol(path) if path.len() == 1 => self.vhlo_string_parts(&path[0]),
            Attr::Type(ty) => vec![Part::Varint(attr::TYPE), Part::Type(self.vhlo_type(ty)?)],
            Attr::Array(items) => self.attr_list(attr::ARRAY, items, Self::vhlo_attr)?,
            Attr::Dict(dict) => self.dictionary_parts(attr::DICT, dict, Self::vhlo_string, Self::vhlo_attr)?,
            Attr::Elements(elements) => self.vhlo_tensor_parts(elements)?,
            Attr::DenseArray(DenseArray::I64(values)) => self.vhlo_tensor_parts(&integers_tensor(values))?,
            Attr::DenseArray(DenseArray::Bool(values)) => self.vhlo_tensor_parts(&booleans(values))?,
            Attr::Enum { kind, case } => {
                let code = codes::ENUMS.iter().find(|(known, _)| known == kind);
                let number = kind.cases().iter().position(|known| known == case);
                match (code, number) {
                    (Some((_, code)), Some(number)) => vec![Part::Varint(*code), Part::Varint(number as u64)],
                    _ => return self.foreign_attr(attr),
                }
            }
            Attr::OutputOperandAlias(alias) => {
                let mut parts = vec![Part::Varint(attr::OUTPUT_OPERAND_ALIAS)];
                parts.extend(integers(&alias.output_tuple_indices));
                parts.push(Part::Svarint(alias.operand_index));
                parts.extend(integers(&alias.operand_tuple_indices));
                parts
            }
            Attr::Bounds(limits) => {
                let mut parts = vec![Part::Varint(attr::TYPE_EXTENSIONS)];
                parts.extend(bounds(limits));
                parts
            }
            Attr::ResultAccuracy(accuracy) => self.vhlo_accuracy_parts(accuracy)?,
            Attr::ReplicaGroupMeshAxes(groups) => self.vhlo_mesh_axes_parts(groups)?,
            _ => return self.foreign_attr(attr),
        };
        Ok(self.vhlo_entry(parts))
    }

    /// An attribute that VHLO has no form of, kept as MLIR has it.
    fn foreign_attr(&mut self, attr: &Attr) -> Encoding<AttrRef> {
        self.require_mixed(&format!("the attribute `{}`", excerpt(attr)))?;
        self.builtin_attr(attr)
    }

    fn vhlo_string_parts(&mut self, text: &str) -> Vec<Part> {
        vec![Part::Varint(attr::STRING), Part::Str(self.pool.string(&bytes_of_text(text)))]
    }

    /// A string attribute of VHLO.
    pub(super) fn vhlo_string(&mut self, text: &str) -> AttrRef {
        let parts = self.vhlo_string_parts(text);
        self.vhlo_entry(parts)
    }

    fn attr_list(
        &mut self,
        code: u64,
        items: &[Attr],
        mut encode: impl FnMut(&mut Self, &Attr) -> Encoding<AttrRef>,
    ) -> Encoding<Vec<Part>> {
        let mut parts = vec![Part::Varint(code), Part::Varint(items.len() as u64)];
        for item in items {
            parts.push(Part::Attr(encode(self, item)?));
        }
        Ok(parts)
    }

    /// Names and attributes, sorted by name as MLIR keeps them.
    fn dictionary_parts(
        &mut self,
        code: u64,
        dict: &AttrMap,
        mut name: impl FnMut(&mut Self, &str) -> AttrRef,
        mut encode: impl FnMut(&mut Self, &Attr) -> Encoding<AttrRef>,
    ) -> Encoding<Vec<Part>> {
        let mut entries: Vec<_> = dict.iter().collect();
        entries.sort_by_key(|(name, _)| *name);
        let mut parts = vec![Part::Varint(code), Part::Varint(entries.len() as u64)];
        for (key, value) in entries {
            parts.push(Part::Attr(name(self, key)));
            parts.push(Part::Attr(encode(self, value).map_err(|problem| format!("`{key}`: {problem}"))?));
        }
        Ok(parts)
    }

    fn vhlo_tensor_parts(&mut self, elements: &DenseElements) -> Encoding<Vec<Part>> {
        let ty = self.vhlo_type(&Type::Tensor(elements.ty.clone()))?;
        Ok(vec![Part::Varint(attr::TENSOR), Part::Type(ty), Part::Blob(Blob(packed(elements)))])
    }

    fn vhlo_accuracy_parts(&mut self, accuracy: &ResultAccuracy) -> Encoding<Vec<Part>> {
        self.require(Version::new(1, 9), "`result_accuracy`")?;
        let mode = codes::ACCURACY_MODES.iter().position(|mode| *mode == accuracy.mode);
        let mode = mode.ok_or_else(|| format!("`result_accuracy` has the mode {}", accuracy.mode))?;
        let mode = self.vhlo_entry(vec![Part::Varint(attr::RESULT_ACCURACY_MODE), Part::Varint(mode as u64)]);
        Ok(vec![
            Part::Varint(attr::RESULT_ACCURACY),
            Part::Svarint(accuracy.atol as i64),
            Part::Svarint(accuracy.rtol as i64),
            Part::Svarint(accuracy.ulps),
            Part::Attr(mode),
        ])
    }

    fn vhlo_mesh_axes_parts(&mut self, groups: &ReplicaGroupMeshAxes) -> Encoding<Vec<Part>> {
        self.require(codes::MESH_AXES_SINCE, "process groups by mesh axes")?;
        let mesh = match &groups.mesh {
            MeshReference::Symbol(name) => self.vhlo_string(name),
            MeshReference::Mesh(mesh) => self.vhlo_mesh(mesh)?,
        };
        let mut axes = vec![Part::Varint(attr::ARRAY), Part::Varint(groups.axes.len() as u64)];
        for axis in &groups.axes {
            axes.push(Part::Attr(self.vhlo_axis_ref(axis)));
        }
        let axes = self.vhlo_entry(axes);
        Ok(vec![Part::Varint(attr::REPLICA_GROUP_MESH_AXES), Part::Attr(mesh), Part::Attr(axes)])
    }

    fn vhlo_axis_ref(&mut self, axis: &AxisRef) -> AttrRef {
        let name = self.vhlo_string(&axis.name);
        let mut parts = vec![Part::Varint(attr::AXIS_REF), Part::Attr(name)];
        match axis.sub_axis_info {
            None => parts.push(Part::Varint(0)),
            Some((pre_size, size)) => {
                let info = vec![Part::Varint(attr::SUB_AXIS_INFO), Part::Svarint(pre_size), Part::Svarint(size)];
                parts.extend([Part::Varint(1), Part::Attr(self.vhlo_entry(info))]);
            }
        }
        self.vhlo_entry(parts)
    }

    fn vhlo_mesh(&mut self, mesh: &Mesh) -> Encoding<AttrRef> {
        let mut axes = vec![Part::Varint(attr::ARRAY), Part::Varint(mesh.axes.len() as u64)];
        for (name, size) in &mesh.axes {
            let name = self.vhlo_string(name);
            let axis = vec![Part::Varint(attr::MESH_AXIS), Part::Attr(name), Part::Svarint(*size)];
            axes.push(Part::Attr(self.vhlo_entry(axis)));
        }
        let axes = self.vhlo_entry(axes);
        let ids = match &mesh.device_ids {
            None => None,
            Some(ids) => {
                let parts = self.vhlo_tensor_parts(ids)?;
                Some(self.vhlo_entry(parts))
            }
        };
        Ok(self.vhlo_entry(vec![Part::Varint(attr::MESH), Part::Attr(axes), Part::OptionalAttr(ids)]))
    }

    /// An attribute of MLIR's own; what it has no encoding of, and rare ones, are written as text.
    pub(super) fn builtin_attr(&mut self, attr: &Attr) -> Encoding<AttrRef> {
        let parts = match attr {
            Attr::Unit => vec![Part::Varint(builtin::UNIT)],
            Attr::Bool(value) => {
                let ty = self.builtin_type(&Type::Scalar(ElementType::I1))?;
                vec![Part::Varint(builtin::INTEGER), Part::Type(ty), Part::Byte(u8::from(*value))]
            }
            Attr::Int(int) => {
                let ty = self.builtin_type(&Type::Scalar(int.ty.clone()))?;
                let mut parts = vec![Part::Varint(builtin::INTEGER), Part::Type(ty)];
                parts.extend(apint(int));
                parts
            }
            Attr::Float(float) => {
                let ty = self.builtin_type(&Type::Scalar(float.ty.clone()))?;
                vec![Part::Varint(builtin::FLOAT), Part::Type(ty), apfloat(float)]
            }
            Attr::String(text) => return Ok(self.builtin_string(text)),
            Attr::Type(ty) => vec![Part::Varint(builtin::TYPE), Part::Type(self.builtin_type(ty)?)],
            Attr::Array(items) => self.attr_list(builtin::ARRAY, items, Self::builtin_attr)?,
            Attr::Dict(dict) => {
                self.dictionary_parts(builtin::DICTIONARY, dict, Self::builtin_string, Self::builtin_attr)?
            }
            Attr::Symbol(path) if path.len() == 1 => {
                let name = self.builtin_string(&path[0]);
                vec![Part::Varint(builtin::FLAT_SYMBOL), Part::Attr(name)]
            }
            Attr::Elements(elements) => {
                let ty = self.builtin_type(&Type::Tensor(elements.ty.clone()))?;
                vec![Part::Varint(builtin::DENSE_ELEMENTS), Part::Type(ty), Part::Blob(Blob(packed(elements)))]
            }
            Attr::Location(_) => return Err("a location as an attribute".to_owned()),
            other => {
                let entry = self.text_entry(other.to_string());
                return Ok(self.pool.attr(entry));
            }
        };
        Ok(self.builtin_entry(parts))
    }

    /// A string attribute of MLIR's own.
    pub(super) fn builtin_string(&mut self, text: &str) -> AttrRef {
        let string = self.pool.string(&bytes_of_text(text));
        self.builtin_entry(vec![Part::Varint(builtin::STRING), Part::Str(string)])
    }

    /// The attributes of an operation, already encoded, as a dictionary.
    pub(super) fn op_dictionary(&mut self, mut entries: Vec<(SmolStr, AttrRef)>) -> AttrRef {
        entries.sort_by(|(a, _), (b, _)| a.cmp(b));
        let mut parts = vec![Part::Varint(builtin::DICTIONARY), Part::Varint(entries.len() as u64)];
        for (name, attr) in entries {
            parts.push(Part::Attr(self.builtin_string(&name)));
            parts.push(Part::Attr(attr));
        }
        self.builtin_entry(parts)
    }

    /// A location.
    pub(super) fn location(&mut self, loc: LocId, locs: &Locations) -> Encoding<AttrRef> {
        self.location_at(loc, locs, 0)
    }

    fn location_at(&mut self, loc: LocId, locs: &Locations, level: usize) -> Encoding<AttrRef> {
        if let Some(&known) = self.locations.get(&loc) {
            return Ok(known);
        }
        if level == LOCATION_LEVELS {
            return Ok(self.builtin_entry(vec![Part::Varint(builtin::UNKNOWN)]));
        }
        let parts = match locs.get(loc) {
            Location::Unknown => vec![Part::Varint(builtin::UNKNOWN)],
            Location::File { file, start, end } => {
                let file = self.builtin_string(file);
                if start == end || !self.target.reaches(FILE_RANGES_SINCE) {
                    let point = [start.0, start.1].map(|number| Part::Varint(u64::from(number)));
                    [Part::Varint(builtin::FILE), Part::Attr(file)].into_iter().chain(point).collect()
                } else {
                    let range = [start.0, start.1, end.0, end.1].map(|number| Part::Varint(u64::from(number)));
                    let head = [Part::Varint(builtin::FILE_RANGE), Part::Attr(file), Part::Varint(4)];
                    head.into_iter().chain(range).collect()
                }
            }
            Location::Name { name, child } => {
                let name = self.builtin_string(name);
                let child = self.location_at(*child, locs, level + 1)?;
                vec![Part::Varint(builtin::NAME), Part::Attr(name), Part::Attr(child)]
            }
            Location::CallSite { callee, caller } => {
                let callee = self.location_at(*callee, locs, level + 1)?;
                let caller = self.location_at(*caller, locs, level + 1)?;
                vec![Part::Varint(builtin::CALL_SITE), Part::Attr(callee), Part::Attr(caller)]
            }
            Location::Fused { metadata, parts } => {
                let code = if metadata.is_some() { builtin::FUSED_WITH_METADATA } else { builtin::FUSED };
                let mut encoded = vec![Part::Varint(code), Part::Varint(parts.len() as u64)];
                for part in parts {
                    encoded.push(Part::Attr(self.location_at(*part, locs, level + 1)?));
                }
                if let Some(metadata) = metadata {
                    encoded.push(Part::Attr(self.builtin_attr(metadata)?));
                }
                encoded
            }
        };
        let entry = self.builtin_entry(parts);
        self.locations.insert(loc, entry);
        Ok(entry)
    }
}

/// The beginning of an attribute's text.
fn excerpt(attr: &Attr) -> String {
    match attr {
        Attr::Elements(elements) => format!("dense<…> : {}", elements.ty),
        other => other.to_string().chars().take(60).collect(),
    }
}

/// An integer as MLIR stores one of known width.
fn apint(int: &IntAttr) -> Vec<Part> {
    let bits = int.ty.bits();
    let mask = if bits >= 128 { u128::MAX } else { (1u128 << bits) - 1 };
    let raw = int.value as u128 & mask;
    match bits {
        ..=8 => vec![Part::Byte(raw as u8)],
        9..=64 => vec![Part::Svarint(raw as u64 as i64)],
        _ if raw >> 64 == 0 => vec![Part::Varint(1), Part::Svarint(raw as u64 as i64)],
        _ => vec![Part::Varint(2), Part::Svarint(raw as u64 as i64), Part::Svarint((raw >> 64) as u64 as i64)],
    }
}

/// A floating-point number as MLIR stores one.
fn apfloat(float: &FloatAttr) -> Part {
    if float.ty.bits() <= 8 { Part::Byte(float.bits as u8) } else { Part::Svarint(float.bits as i64) }
}

/// `array<i1: …>` as a tensor of one dimension.
fn booleans(values: &[bool]) -> DenseElements {
    let data: Vec<u8> = values.iter().map(|&v| u8::from(v)).collect();
    DenseElements::new(TensorType::new(&[values.len() as u64], ElementType::I1), data)
}

/// `array<i64: …>` as a tensor of one dimension.
pub(super) fn integers_tensor(values: &[i64]) -> DenseElements {
    DenseElements::i64s(&[values.len() as u64], values)
}

/// A constant's bytes as bytecode stores them: booleans eight a byte, a splat of them one byte of
/// zeros or ones; types narrower than a byte with nothing above their width.
fn packed(elements: &DenseElements) -> Bytes {
    let data = &elements.data;
    if elements.ty.element == ElementType::I1 {
        let many = elements.ty.element_count().is_some_and(|n| n > 1);
        if elements.splat && many {
            return Bytes::copy_from_slice(&[if data[0] != 0 { 0xff } else { 0 }]);
        }
        let pack = |bits: &[u8]| bits.iter().enumerate().fold(0, |byte, (i, &bit)| byte | u8::from(bit != 0) << i);
        return data.chunks(8).map(pack).collect::<Vec<u8>>().into();
    }
    let bits = elements.ty.element.bits();
    if bits < 8 && elements.ty.element.is_signed_integer() {
        let mask = (1u8 << bits) - 1;
        return data.iter().map(|byte| byte & mask).collect::<Vec<u8>>().into();
    }
    data.clone()
}
