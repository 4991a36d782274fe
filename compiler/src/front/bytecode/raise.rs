//! From a `vhlo` operation's attributes to those of the StableHLO operation.
//!
//! VHLO spells every attribute out, takes structured ones apart, and keeps lists of integers as
//! tensors and symbols as strings. This undoes it, by what the op table says each attribute is, and
//! leaves out attributes that only say what their absence says.

use smol_str::SmolStr;

use super::cursor::Cursor;
use super::error::Read;
use crate::front::text::upgraded;
use crate::ir::ops::{AttrKind, AttrSpec};
use crate::ir::{
    Attr, AttrMap, ChannelHandle, ConvDimensionNumbers, DenseArray, DotAlgorithm, DotDimensionNumbers, ElementType,
    GatherDimensionNumbers, Opcode, ScatterDimensionNumbers, Type,
};
use crate::vhlo::revisions::Revision;
use crate::vhlo::{fields, neutral};

/// Lists of integers are short; a longer splat is a few bytes that claim to be many.
const LONGEST_SPLAT: u64 = 1 << 16;

/// The attributes of a `vhlo` operation, by name.
struct Fields<'c, 'f> {
    attrs: Vec<(SmolStr, Attr)>,
    revision: Revision,
    at: &'c Cursor<'f>,
}

/// The attributes of the StableHLO operation that a revision stands for.
pub(super) fn raise(revision: Revision, attrs: Vec<(SmolStr, Attr)>, at: &Cursor<'_>) -> Read<AttrMap> {
    let mut fields = Fields { attrs, revision, at };
    let opcode = revision.opcode;
    let known = revision.fields();
    let mut raised = Vec::new();
    for spec in opcode.info().attributes {
        let attr = fields.take_attribute(opcode, spec, &known)?;
        if let Some(attr) = attr.filter(|attr| !neutral::is_neutral(opcode, spec, attr)) {
            raised.push((SmolStr::new_static(spec.name), attr));
        }
    }
    if opcode == Opcode::DynamicConv {
        fields.take("padding");
    }
    raised.append(&mut fields.attrs);
    let mut map = AttrMap::from_unique(raised);
    neutral::drop_neutral_call_attributes(opcode, &mut map);
    Ok(map)
}

impl Fields<'_, '_> {
    fn take(&mut self, name: &str) -> Option<Attr> {
        let at = self.attrs.iter().position(|(n, _)| n == name)?;
        Some(self.attrs.swap_remove(at).1)
    }

    fn error(&self, name: &str, problem: &str) -> super::error::ReadError {
        self.at.malformed(format!("`vhlo.{}`: the attribute `{name}` {problem}", self.revision.name()))
    }

    fn require(&mut self, name: &str) -> Read<Attr> {
        self.take(name).ok_or_else(|| self.error(name, "is missing"))
    }

    fn int(&mut self, name: &str) -> Read<i64> {
        self.require(name)?.as_i64().ok_or_else(|| self.error(name, "is no integer"))
    }

    /// A list of integers; empty where this revision does not have it yet.
    fn ints(&mut self, name: &str, known: &[&str]) -> Read<Vec<i64>> {
        if !known.contains(&name) {
            return Ok(Vec::new());
        }
        match self.require(name)? {
            Attr::Elements(e) if !(e.splat && e.len() > LONGEST_SPLAT) => {
                e.to_i64s().ok_or_else(|| self.error(name, "holds no integers"))
            }
            Attr::DenseArray(DenseArray::I64(values)) => Ok(values),
            _ => Err(self.error(name, "is no list of integers")),
        }
    }

    fn element(&mut self, name: &str) -> Read<Option<ElementType>> {
        match self.require(name)? {
            Attr::Type(Type::Scalar(element)) => Ok(Some(element)),
            Attr::Type(Type::None) => Ok(None),
            _ => Err(self.error(name, "is no element type")),
        }
    }

    fn take_attribute(&mut self, opcode: Opcode, spec: &'static AttrSpec, known: &[&str]) -> Read<Option<Attr>> {
        if !fields::names(opcode, spec).iter().any(|name| known.contains(name)) {
            return Ok(None);
        }
        Ok(match spec.kind {
            AttrKind::DotDimensionNumbers => Some(self.dot(known)?),
            AttrKind::DotAlgorithm => self.dot_algorithm()?,
            AttrKind::GatherDimensionNumbers => Some(self.gather(known)?),
            AttrKind::ScatterDimensionNumbers => Some(self.scatter(known)?),
            AttrKind::ConvDimensionNumbers => Some(self.conv(known)?),
            AttrKind::ChannelHandle => {
                let handle = self.int("channel_id")?;
                let channel_type = if fields::has_channel_type(opcode) { self.int("channel_type")? } else { 0 };
                Some(Attr::ChannelHandle(ChannelHandle { handle, channel_type }))
            }
            kind => match self.take(spec.name) {
                Some(attr) => self.convert(spec.name, kind, attr)?,
                None if opcode == Opcode::CollectiveReduce && spec.name == "has_dynamic_root" => None,
                None => return Err(self.error(spec.name, "is missing")),
            },
        })
    }

    /// A single attribute in the form that its kind has in StableHLO; nothing for a false flag.
    fn convert(&self, name: &str, kind: AttrKind, attr: Attr) -> Read<Option<Attr>> {
        Ok(match (kind, attr) {
            (AttrKind::I64s | AttrKind::Bools, attr @ Attr::Elements(_)) => {
                Some(upgraded(kind, &attr).ok_or_else(|| self.error(name, "is no short list"))?)
            }
            (AttrKind::Symbol, Attr::String(symbol)) => Some(Attr::symbol(symbol)),
            (AttrKind::Symbols, Attr::Array(names)) => {
                let symbol = |attr| match attr {
                    Attr::String(symbol) => Attr::symbol(symbol),
                    other => other,
                };
                Some(Attr::Array(names.into_iter().map(symbol).collect()))
            }
            (AttrKind::Unit, Attr::Bool(set)) => set.then_some(Attr::Unit),
            (_, attr) => Some(attr),
        })
    }

    fn dot(&mut self, known: &[&str]) -> Read<Attr> {
        Ok(Attr::DotDimensionNumbers(Box::new(DotDimensionNumbers {
            lhs_batching_dimensions: self.ints("lhs_batching_dimensions", known)?,
            rhs_batching_dimensions: self.ints("rhs_batching_dimensions", known)?,
            lhs_contracting_dimensions: self.ints("lhs_contracting_dimensions", known)?,
            rhs_contracting_dimensions: self.ints("rhs_contracting_dimensions", known)?,
        })))
    }

    fn dot_algorithm(&mut self) -> Read<Option<Attr>> {
        let [lhs, rhs, accumulation] = [
            self.element("lhs_precision_type")?,
            self.element("rhs_precision_type")?,
            self.element("accumulation_type")?,
        ];
        let (Some(lhs_precision_type), Some(rhs_precision_type), Some(accumulation_type)) = (lhs, rhs, accumulation)
        else {
            for name in fields::DOT_ALGORITHM {
                self.take(name);
            }
            return Ok(None);
        };
        let name = "allow_imprecise_accumulation";
        let allow = self.require(name)?.as_bool().ok_or_else(|| self.error(name, "is no boolean"))?;
        Ok(Some(Attr::DotAlgorithm(Box::new(DotAlgorithm {
            lhs_precision_type,
            rhs_precision_type,
            accumulation_type,
            lhs_component_count: self.int("lhs_component_count")?,
            rhs_component_count: self.int("rhs_component_count")?,
            num_primitive_operations: self.int("num_primitive_operations")?,
            allow_imprecise_accumulation: allow,
        }))))
    }

    fn gather(&mut self, known: &[&str]) -> Read<Attr> {
        Ok(Attr::GatherDimensionNumbers(Box::new(GatherDimensionNumbers {
            offset_dims: self.ints("offset_dims", known)?,
            collapsed_slice_dims: self.ints("collapsed_slice_dims", known)?,
            operand_batching_dims: self.ints("operand_batching_dims", known)?,
            start_indices_batching_dims: self.ints("start_indices_batching_dims", known)?,
            start_index_map: self.ints("start_index_map", known)?,
            index_vector_dim: self.int("index_vector_dim")?,
        })))
    }

    fn scatter(&mut self, known: &[&str]) -> Read<Attr> {
        Ok(Attr::ScatterDimensionNumbers(Box::new(ScatterDimensionNumbers {
            update_window_dims: self.ints("update_window_dims", known)?,
            inserted_window_dims: self.ints("inserted_window_dims", known)?,
            input_batching_dims: self.ints("input_batching_dims", known)?,
            scatter_indices_batching_dims: self.ints("scatter_indices_batching_dims", known)?,
            scatter_dims_to_operand_dims: self.ints("scatter_dims_to_operand_dims", known)?,
            index_vector_dim: self.int("index_vector_dim")?,
        })))
    }

    fn conv(&mut self, known: &[&str]) -> Read<Attr> {
        Ok(Attr::ConvDimensionNumbers(Box::new(ConvDimensionNumbers {
            input_batch_dimension: self.int("input_batch_dimension")?,
            input_feature_dimension: self.int("input_feature_dimension")?,
            input_spatial_dimensions: self.ints("input_spatial_dimensions", known)?,
            kernel_input_feature_dimension: self.int("kernel_input_feature_dimension")?,
            kernel_output_feature_dimension: self.int("kernel_output_feature_dimension")?,
            kernel_spatial_dimensions: self.ints("kernel_spatial_dimensions", known)?,
            output_batch_dimension: self.int("output_batch_dimension")?,
            output_feature_dimension: self.int("output_feature_dimension")?,
            output_spatial_dimensions: self.ints("output_spatial_dimensions", known)?,
        })))
    }
}
