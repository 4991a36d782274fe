//! Attributes and types of the `vhlo` dialect, read as those of StableHLO that they stand for.

use super::cursor::Cursor;
use super::entries::{Entries, Step};
use super::error::{Problem, Read};
use super::stablehlo::{enumeration, open, output_operand_alias};
use super::values;
use crate::ir::{Attr, AxisRef, Mesh, MeshReference, ReplicaGroupMeshAxes, Type};
use crate::vhlo::codes::{self, attr, ty};

impl<'f> Entries<'f> {
    /// An attribute of the `vhlo` dialect.
    pub(super) fn vhlo_attr(&mut self, c: &mut Cursor<'f>) -> Step<Attr> {
        let at = *c;
        let code = c.varint()?;
        if let Some((kind, _)) = codes::ENUMS.iter().find(|(_, known)| *known == code) {
            return Ok(enumeration(*kind, c)?);
        }
        Ok(match code {
            attr::ARRAY => Attr::Array(self.list(c, "attributes", Self::nested_attr)?),
            attr::BOOL => Attr::Bool(c.varint()? != 0),
            attr::API_VERSION => api_version(c)?,
            attr::DICT => self.dictionary(c)?,
            attr::FLOAT => values::float(self.nested_type(c)?, c)?,
            attr::INTEGER => values::integer(self.nested_type(c)?, c)?,
            attr::OUTPUT_OPERAND_ALIAS => Attr::OutputOperandAlias(Box::new(output_operand_alias(c)?)),
            attr::STRING => self.string_attr(c)?,
            attr::TENSOR => {
                let ty = self.nested_type(c)?;
                Attr::Elements(values::elements(ty, c.blob("a constant")?)?)
            }
            attr::TYPE => Attr::Type(self.nested_type(c)?),
            attr::TYPE_EXTENSIONS => values::bounds(&c.svarints()?, &at)?,
            attr::RESULT_ACCURACY => Attr::ResultAccuracy(self.result_accuracy(c, attr::RESULT_ACCURACY_MODE)?),
            attr::REPLICA_GROUP_MESH_AXES => Attr::ReplicaGroupMeshAxes(Box::new(self.vhlo_mesh_axes(c)?)),
            attr::RESULT_ACCURACY_MODE | attr::SUB_AXIS_INFO | attr::AXIS_REF | attr::MESH_AXIS | attr::MESH => {
                return Err(at.unsupported("a part of a StableHLO attribute as an attribute of its own").into());
            }
            _ => return Err(at.error(Problem::Code { dialect: "vhlo", what: "attribute", code }).into()),
        })
    }

    /// A mesh, by name or spelled out, and the axes.
    fn vhlo_mesh_axes(&mut self, c: &mut Cursor<'f>) -> Step<ReplicaGroupMeshAxes> {
        let mut peek = *c;
        let mesh = self.part(&mut peek)?;
        let mesh = match open(mesh, attr::MESH, "a mesh") {
            Ok(part) => {
                *c = peek;
                MeshReference::Mesh(self.vhlo_mesh(part)?)
            }
            Err(_) => MeshReference::Symbol(self.text(c)?),
        };
        let mut axes = open(self.part(c)?, attr::ARRAY, "an array of axes")?;
        let axes = self.list(&mut axes, "axes", |s, c| {
            let mut part = open(s.part(c)?, attr::AXIS_REF, "an axis")?;
            let name = s.text(&mut part)?;
            let sub_axis_info = if part.varint()? != 0 {
                let mut info = open(s.part(&mut part)?, attr::SUB_AXIS_INFO, "a part of an axis")?;
                Some((info.svarint()?, info.svarint()?))
            } else {
                None
            };
            Ok(AxisRef { name, sub_axis_info })
        })?;
        Ok(ReplicaGroupMeshAxes { mesh, axes })
    }

    fn vhlo_mesh(&mut self, mut c: Cursor<'f>) -> Step<Mesh> {
        let mut axes = open(self.part(&mut c)?, attr::ARRAY, "a mesh's axes")?;
        let axes = self.list(&mut axes, "axes", |s, c| {
            let mut part = open(s.part(c)?, attr::MESH_AXIS, "a mesh's axis")?;
            Ok((s.text(&mut part)?, part.svarint()?))
        })?;
        let at = c;
        let device_ids = match self.nested_optional_attr(&mut c)? {
            None => None,
            Some(Attr::Elements(ids)) => Some(ids),
            Some(_) => return Err(at.malformed("a mesh's devices are no constant").into()),
        };
        Ok(Mesh { axes, device_ids })
    }

    /// A type of the `vhlo` dialect.
    pub(super) fn vhlo_type(&mut self, c: &mut Cursor<'f>) -> Step<Type> {
        let at = *c;
        let code = c.varint()?;
        if let Some((element, ..)) = codes::ELEMENTS.iter().find(|(_, known, _)| *known == code) {
            return Ok(Type::Scalar(element.clone()));
        }
        match code {
            ty::COMPLEX => Ok(values::complex(self.nested_type(c)?, &at)?),
            ty::FUNCTION => self.function_type(c),
            ty::RANKED_TENSOR => self.ranked_tensor(c, false),
            ty::RANKED_TENSOR_WITH_ENCODING => self.ranked_tensor(c, true),
            ty::TOKEN => Ok(Type::Token),
            ty::TUPLE => Ok(Type::Tuple(self.list(c, "types", Self::nested_type)?)),
            ty::UNIFORM_QUANTIZED => self.uniform_quantized(c),
            ty::UNRANKED_TENSOR => self.unranked_tensor(c),
            ty::WITNESS => Ok(Type::Opaque("shape.witness".into())),
            ty::UNIFORM_QUANTIZED_PER_AXIS => self.uniform_quantized_per_axis(c),
            ty::NONE => Ok(Type::None),
            ty::RANKED_BUFFER => self.buffer(c),
            ty::FUTURE => Ok(Type::Future(self.list(c, "types", Self::nested_type)?)),
            _ => Err(at.error(Problem::Code { dialect: "vhlo", what: "type", code }).into()),
        }
    }
}

/// The API version of a custom call, which StableHLO keeps as an `i32`.
fn api_version(c: &mut Cursor<'_>) -> Read<Attr> {
    let at = *c;
    match c.varint()? {
        version if version < codes::API_VERSIONS => Ok(Attr::i32(version as i32)),
        version => Err(at.malformed(format!("a custom call has the API version {version}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::ElementType;

    #[test]
    fn every_element_type_has_a_code() {
        for element in ElementType::NAMED.iter().filter(|e| !e.is_complex()) {
            assert!(codes::ELEMENTS.iter().any(|(known, ..)| known == element), "{element}");
        }
    }
}
