//! Attributes and types of the `stablehlo` and `chlo` dialects, as plain bytecode has them.

use super::cursor::Cursor;
use super::entries::{Entries, Step};
use super::error::{Problem, Read};
use super::tables::RawEntry;
use super::values;
use crate::ir::{
    Attr, AxisRef, ChannelHandle, ConvDimensionNumbers, DotAlgorithm, DotDimensionNumbers, EnumKind,
    GatherDimensionNumbers, Mesh, MeshReference, OutputOperandAlias, ReplicaGroupMeshAxes, ResultAccuracy,
    ScatterDimensionNumbers, Type,
};
use crate::vhlo::codes::ACCURACY_MODES;

/// Enumeration attributes of `stablehlo` by code.
const ENUMS: &[(u64, EnumKind)] = &[
    (2, EnumKind::ComparisonDirection),
    (3, EnumKind::ComparisonType),
    (6, EnumKind::FftType),
    (8, EnumKind::Precision),
    (9, EnumKind::RngAlgorithm),
    (10, EnumKind::RngDistribution),
    (12, EnumKind::Transpose),
];

/// The code of an accuracy's mode.
const ACCURACY_MODE: u64 = 16;
const SUB_AXIS_INFO: u64 = 19;
const AXIS_REF: u64 = 20;
const MESH_AXIS: u64 = 21;
const MESH: u64 = 22;

impl<'f> Entries<'f> {
    /// An attribute of the `stablehlo` dialect.
    pub(super) fn stablehlo_attr(&mut self, c: &mut Cursor<'f>) -> Step<Attr> {
        let at = *c;
        let code = c.varint()?;
        if let Some((_, kind)) = ENUMS.iter().find(|(known, _)| *known == code) {
            return Ok(enumeration(*kind, c)?);
        }
        Ok(match code {
            1 => Attr::ChannelHandle(ChannelHandle { handle: c.svarint()?, channel_type: c.svarint()? }),
            4 => Attr::ConvDimensionNumbers(Box::new(conv_dimension_numbers(c)?)),
            5 => Attr::DotDimensionNumbers(Box::new(DotDimensionNumbers {
                lhs_batching_dimensions: c.svarints()?,
                rhs_batching_dimensions: c.svarints()?,
                lhs_contracting_dimensions: c.svarints()?,
                rhs_contracting_dimensions: c.svarints()?,
            })),
            7 => Attr::GatherDimensionNumbers(Box::new(gather_dimension_numbers(c)?)),
            11 => Attr::ScatterDimensionNumbers(Box::new(scatter_dimension_numbers(c)?)),
            13 => values::bounds(&c.svarints()?, &at)?,
            14 => Attr::OutputOperandAlias(Box::new(output_operand_alias(c)?)),
            15 => Attr::DotAlgorithm(Box::new(self.dot_algorithm(c)?)),
            17 => Attr::ResultAccuracy(self.result_accuracy(c, ACCURACY_MODE)?),
            18 => Attr::ReplicaGroupMeshAxes(Box::new(self.replica_group_mesh_axes(c)?)),
            ACCURACY_MODE | SUB_AXIS_INFO..=MESH => {
                return Err(at.unsupported("a part of a StableHLO attribute as an attribute of its own").into());
            }
            _ => return Err(at.error(Problem::Code { dialect: "stablehlo", what: "attribute", code }).into()),
        })
    }

    fn dot_algorithm(&mut self, c: &mut Cursor<'f>) -> Step<DotAlgorithm> {
        let at = *c;
        Ok(DotAlgorithm {
            lhs_precision_type: values::element(self.nested_type(c)?, &at)?,
            rhs_precision_type: values::element(self.nested_type(c)?, &at)?,
            accumulation_type: values::element(self.nested_type(c)?, &at)?,
            lhs_component_count: c.svarint()?,
            rhs_component_count: c.svarint()?,
            num_primitive_operations: c.svarint()?,
            allow_imprecise_accumulation: c.bool()?,
        })
    }

    /// Tolerances and mode; the mode's attribute has this code.
    pub(super) fn result_accuracy(&mut self, c: &mut Cursor<'f>, mode_code: u64) -> Step<ResultAccuracy> {
        let (atol, rtol, ulps) = (c.f64_bits()?, c.f64_bits()?, c.svarint()?);
        let mut part = open(self.part(c)?, mode_code, "an accuracy's mode")?;
        let at = part;
        let mode = part.varint()?;
        let mode = usize::try_from(mode).ok().and_then(|m| ACCURACY_MODES.get(m));
        let mode = mode.ok_or_else(|| at.malformed("an accuracy has a mode that is not known"))?;
        Ok(ResultAccuracy { atol, rtol, ulps, mode })
    }

    fn replica_group_mesh_axes(&mut self, c: &mut Cursor<'f>) -> Step<ReplicaGroupMeshAxes> {
        let mut peek = *c;
        let mesh = self.part(&mut peek)?;
        let mesh = match open(mesh, MESH, "a mesh") {
            Ok(part) => {
                *c = peek;
                MeshReference::Mesh(self.mesh(part)?)
            }
            Err(_) => {
                let at = *c;
                match self.nested_attr(c)? {
                    Attr::Symbol(path) if path.len() == 1 => MeshReference::Symbol(path[0].clone()),
                    _ => return Err(at.malformed("process groups name a mesh that is no symbol").into()),
                }
            }
        };
        let axes = self.list(c, "axes", |s, c| {
            let mut part = open(s.part(c)?, AXIS_REF, "an axis")?;
            let name = s.tables.string_index(&mut part)?;
            let name = s.tables.string(name);
            let sub_axis_info = if part.bool()? {
                let mut info = open(s.part(&mut part)?, SUB_AXIS_INFO, "a part of an axis")?;
                Some((info.svarint()?, info.svarint()?))
            } else {
                None
            };
            Ok(AxisRef { name, sub_axis_info })
        })?;
        Ok(ReplicaGroupMeshAxes { mesh, axes })
    }

    fn mesh(&mut self, mut c: Cursor<'f>) -> Step<Mesh> {
        let mut axes = open(self.part(&mut c)?, 0, "a mesh's axes")?;
        let axes = self.list(&mut axes, "axes", |s, c| {
            let mut part = open(s.part(c)?, MESH_AXIS, "a mesh's axis")?;
            let name = s.tables.string_index(&mut part)?;
            Ok((s.tables.string(name), part.svarint()?))
        })?;
        let device_ids = if c.bool()? {
            let at = c;
            match self.nested_attr(&mut c)? {
                Attr::Elements(ids) => Some(ids),
                _ => return Err(at.malformed("a mesh's devices are no constant").into()),
            }
        } else {
            None
        };
        Ok(Mesh { axes, device_ids })
    }

    /// An attribute of the `chlo` dialect.
    pub(super) fn chlo_attr(&mut self, c: &mut Cursor<'f>) -> Step<Attr> {
        let at = *c;
        let code = c.varint()?;
        Ok(match code {
            0 => enumeration(EnumKind::ChloComparisonDirection, c)?,
            1 => enumeration(EnumKind::ChloComparisonType, c)?,
            _ => return Err(at.error(Problem::Code { dialect: "chlo", what: "attribute", code }).into()),
        })
    }

    /// A type of the `stablehlo` dialect.
    pub(super) fn stablehlo_type(&mut self, c: &mut Cursor<'f>) -> Step<Type> {
        let at = *c;
        let code = c.varint()?;
        match code {
            0 => Ok(Type::Token),
            1 => Ok(Type::Future(self.list(c, "types", Self::nested_type)?)),
            _ => Err(at.error(Problem::Code { dialect: "stablehlo", what: "type", code }).into()),
        }
    }
}

/// The contents of an attribute that must be of this code.
pub(super) fn open<'f>(raw: RawEntry<'f>, code: u64, what: &'static str) -> Read<Cursor<'f>> {
    let mut cursor = raw.cursor;
    if raw.custom && cursor.varint()? == code {
        return Ok(cursor);
    }
    Err(raw.cursor.malformed(format!("an attribute of another kind stands where {what} must")))
}

/// A case of an enumeration, by number.
pub(super) fn enumeration(kind: EnumKind, c: &mut Cursor<'_>) -> Read<Attr> {
    let at = *c;
    let number = c.varint()?;
    let case = usize::try_from(number).ok().and_then(|n| kind.cases().get(n)).filter(|case| !case.is_empty());
    match case {
        Some(case) => Ok(Attr::Enum { kind, case }),
        None => Err(at.malformed(format!("{} has no case {number}", kind.mnemonic()))),
    }
}

fn conv_dimension_numbers(c: &mut Cursor<'_>) -> Read<ConvDimensionNumbers> {
    Ok(ConvDimensionNumbers {
        input_batch_dimension: c.svarint()?,
        input_feature_dimension: c.svarint()?,
        input_spatial_dimensions: c.svarints()?,
        kernel_input_feature_dimension: c.svarint()?,
        kernel_output_feature_dimension: c.svarint()?,
        kernel_spatial_dimensions: c.svarints()?,
        output_batch_dimension: c.svarint()?,
        output_feature_dimension: c.svarint()?,
        output_spatial_dimensions: c.svarints()?,
    })
}

/// Six fields; four, without batching dimensions, in bytecode from before StableHLO 1.1.
fn gather_dimension_numbers(c: &mut Cursor<'_>) -> Read<GatherDimensionNumbers> {
    let [offset_dims, collapsed_slice_dims, operand_batching_dims, start_indices_batching_dims, start_index_map] =
        with_optional_batching(c)?;
    Ok(GatherDimensionNumbers {
        offset_dims,
        collapsed_slice_dims,
        operand_batching_dims,
        start_indices_batching_dims,
        start_index_map,
        index_vector_dim: c.svarint()?,
    })
}

fn scatter_dimension_numbers(c: &mut Cursor<'_>) -> Read<ScatterDimensionNumbers> {
    let [
        update_window_dims,
        inserted_window_dims,
        input_batching_dims,
        scatter_indices_batching_dims,
        scatter_dims_to_operand_dims,
    ] = with_optional_batching(c)?;
    Ok(ScatterDimensionNumbers {
        update_window_dims,
        inserted_window_dims,
        input_batching_dims,
        scatter_indices_batching_dims,
        scatter_dims_to_operand_dims,
        index_vector_dim: c.svarint()?,
    })
}

/// Five lists of which the third and fourth are missing in old bytecode, before a last integer.
fn with_optional_batching(c: &mut Cursor<'_>) -> Read<[Vec<i64>; 5]> {
    let short = {
        let mut old = *c;
        let lists = (0..3).try_for_each(|_| old.svarints().map(|_| ()));
        lists.and_then(|()| old.svarint()).is_ok() && old.is_empty()
    };
    let (first, second) = (c.svarints()?, c.svarints()?);
    let (third, fourth) = if short { (Vec::new(), Vec::new()) } else { (c.svarints()?, c.svarints()?) };
    Ok([first, second, third, fourth, c.svarints()?])
}

/// Indices into the result, the operand, indices into the operand.
pub(super) fn output_operand_alias(c: &mut Cursor<'_>) -> Read<OutputOperandAlias> {
    Ok(OutputOperandAlias {
        output_tuple_indices: c.svarints()?,
        operand_index: c.svarint()?,
        operand_tuple_indices: c.svarints()?,
    })
}
