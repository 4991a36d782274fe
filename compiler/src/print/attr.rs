//! Attributes as text.

use std::fmt::{self, Write};

use super::elements::write_elements;
use super::float::FloatText;
use super::lexeme::{write_keyword, write_string, write_symbol};
use super::location::write_location;
use crate::ir::{
    Attr, AttrMap, AxisRef, ConvDimensionNumbers, DenseArray, DotAlgorithm, ElementType, LocId, Locations, Mesh,
    MeshReference, ReplicaGroupMeshAxes, ResultAccuracy,
};

/// What surrounds an attribute and changes how it is written.
#[derive(Clone, Copy, Default)]
pub(crate) struct AttrStyle<'a> {
    /// Where the locations used as attributes are.
    pub(crate) locations: Option<&'a Locations>,
    /// Constants of more elements than this lose their value.
    pub(crate) elide_above: Option<u64>,
}

/// Whether a number is written with its type.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Typed {
    /// Always.
    Yes,
    /// Unless it is `i64` or `f64`.
    UnlessWide,
    /// Never: the place fixes it.
    No,
}

impl fmt::Display for Attr {
    /// As in MLIR's generic form, with the type; a location used as an attribute is written
    /// `loc(unknown)` because it cannot be looked up.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        AttrStyle::default().write(f, self, Typed::Yes)
    }
}

impl AttrStyle<'_> {
    /// Writes an attribute.
    pub(crate) fn write(&self, out: &mut dyn Write, attr: &Attr, typed: Typed) -> fmt::Result {
        match attr {
            Attr::Unit => out.write_str("unit"),
            Attr::Bool(value) => write!(out, "{value}"),
            Attr::Int(int) => {
                write!(out, "{}", int.value)?;
                write_type(out, &int.ty, ElementType::I64, typed)
            }
            Attr::Float(float) => {
                let text = FloatText { bits: float.bits, ty: &float.ty }.to_string();
                out.write_str(&text)?;
                // In hexadecimal only the type tells it from an integer.
                let typed = if text.starts_with("0x") && typed == Typed::UnlessWide { Typed::Yes } else { typed };
                write_type(out, &float.ty, ElementType::F64, typed)
            }
            Attr::String(text) => write_string(out, text),
            Attr::Type(ty) => write!(out, "{ty}"),
            Attr::Array(items) => {
                out.write_char('[')?;
                write_list(out, items, |out, item| self.write(out, item, Typed::UnlessWide))?;
                out.write_char(']')
            }
            Attr::Dict(map) => self.write_dict(out, map.iter()),
            Attr::Symbol(path) => {
                for (depth, name) in path.iter().enumerate() {
                    out.write_str(if depth > 0 { "::" } else { "" })?;
                    write_symbol(out, name)?;
                }
                Ok(())
            }
            Attr::Elements(elements) => write_elements(out, elements, self.elide_above),
            Attr::DenseArray(array) => write_dense_array(out, array),
            Attr::Location(location) => self.write_location(out, *location),
            Attr::Opaque(text) => write!(out, "#{text}"),
            Attr::Builtin(text) => out.write_str(text),
            structured => write_structured(out, structured),
        }
    }

    /// Writes `{name = attr, …}`, sorted by name as MLIR sorts dictionaries.
    pub(crate) fn write_dict<'m, N: AsRef<str> + 'm>(
        &self,
        out: &mut dyn Write,
        entries: impl Iterator<Item = (&'m N, &'m Attr)>,
    ) -> fmt::Result {
        let mut sorted: Vec<(&str, &Attr)> = entries.map(|(name, attr)| (name.as_ref(), attr)).collect();
        sorted.sort_unstable_by_key(|(name, _)| *name);
        out.write_char('{')?;
        write_list(out, &sorted, |out, (name, attr)| {
            write_keyword(out, name)?;
            if **attr != Attr::Unit {
                out.write_str(" = ")?;
                self.write(out, attr, Typed::Yes)?;
            }
            Ok(())
        })?;
        out.write_char('}')
    }

    fn write_location(&self, out: &mut dyn Write, location: LocId) -> fmt::Result {
        out.write_str("loc(")?;
        match self.locations {
            Some(locations) => write_location(out, locations, location, self)?,
            None => out.write_str("unknown")?,
        }
        out.write_char(')')
    }
}

/// Writes items with commas between.
pub(super) fn write_list<T>(
    out: &mut dyn Write,
    items: &[T],
    mut write: impl FnMut(&mut dyn Write, &T) -> fmt::Result,
) -> fmt::Result {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.write_str(", ")?;
        }
        write(out, item)?;
    }
    Ok(())
}

/// Writes `[1, 2]`.
pub(super) fn write_integers(out: &mut dyn Write, values: &[i64]) -> fmt::Result {
    out.write_char('[')?;
    write_list(out, values, |out, value| write!(out, "{value}"))?;
    out.write_char(']')
}

fn write_type(out: &mut dyn Write, ty: &ElementType, wide: ElementType, typed: Typed) -> fmt::Result {
    match typed {
        Typed::No => Ok(()),
        Typed::UnlessWide if *ty == wide => Ok(()),
        _ => write!(out, " : {ty}"),
    }
}

fn write_dense_array(out: &mut dyn Write, array: &DenseArray) -> fmt::Result {
    fn items<T>(out: &mut dyn Write, ty: &str, items: &[T], show: impl Fn(&T) -> String) -> fmt::Result {
        write!(out, "array<{ty}{}", if items.is_empty() { "" } else { ": " })?;
        write_list(out, items, |out, item| out.write_str(&show(item)))?;
        out.write_char('>')
    }
    let float = |bits: u64, ty: &ElementType| FloatText { bits, ty }.to_string();
    match array {
        DenseArray::Bool(values) => items(out, "i1", values, bool::to_string),
        DenseArray::I8(values) => items(out, "i8", values, i8::to_string),
        DenseArray::I16(values) => items(out, "i16", values, i16::to_string),
        DenseArray::I32(values) => items(out, "i32", values, i32::to_string),
        DenseArray::I64(values) => items(out, "i64", values, i64::to_string),
        DenseArray::F32(values) => items(out, "f32", values, |&bits| float(u64::from(bits), &ElementType::F32)),
        DenseArray::F64(values) => items(out, "f64", values, |&bits| float(bits, &ElementType::F64)),
    }
}

/// Writes the attributes of StableHLO and CHLO that have a syntax of their own.
fn write_structured(out: &mut dyn Write, attr: &Attr) -> fmt::Result {
    match attr {
        Attr::Enum { kind, case } => write!(out, "#{}<{} {case}>", kind.dialect(), kind.mnemonic()),
        Attr::DotDimensionNumbers(d) => Fields::begin(out, "#stablehlo.dot<")?
            .list("lhs_batching_dimensions", &d.lhs_batching_dimensions)?
            .list("rhs_batching_dimensions", &d.rhs_batching_dimensions)?
            .list("lhs_contracting_dimensions", &d.lhs_contracting_dimensions)?
            .list("rhs_contracting_dimensions", &d.rhs_contracting_dimensions)?
            .end(),
        Attr::GatherDimensionNumbers(d) => Fields::begin(out, "#stablehlo.gather<")?
            .list("offset_dims", &d.offset_dims)?
            .list("collapsed_slice_dims", &d.collapsed_slice_dims)?
            .list("operand_batching_dims", &d.operand_batching_dims)?
            .list("start_indices_batching_dims", &d.start_indices_batching_dims)?
            .list("start_index_map", &d.start_index_map)?
            .nonzero("index_vector_dim", d.index_vector_dim)?
            .end(),
        Attr::ScatterDimensionNumbers(d) => Fields::begin(out, "#stablehlo.scatter<")?
            .list("update_window_dims", &d.update_window_dims)?
            .list("inserted_window_dims", &d.inserted_window_dims)?
            .list("input_batching_dims", &d.input_batching_dims)?
            .list("scatter_indices_batching_dims", &d.scatter_indices_batching_dims)?
            .list("scatter_dims_to_operand_dims", &d.scatter_dims_to_operand_dims)?
            .nonzero("index_vector_dim", d.index_vector_dim)?
            .end(),
        Attr::RaggedDotDimensionNumbers(d) => Fields::begin(out, "#chlo.ragged_dot<")?
            .list("lhs_batching_dimensions", &d.lhs_batching_dimensions)?
            .list("rhs_batching_dimensions", &d.rhs_batching_dimensions)?
            .list("lhs_contracting_dimensions", &d.lhs_contracting_dimensions)?
            .list("rhs_contracting_dimensions", &d.rhs_contracting_dimensions)?
            .list("lhs_ragged_dimensions", &d.lhs_ragged_dimensions)?
            .list("rhs_group_dimensions", &d.rhs_group_dimensions)?
            .end(),
        Attr::ConvDimensionNumbers(d) => {
            out.write_str("#stablehlo.conv<")?;
            write_conv_dimensions(out, d)?;
            out.write_char('>')
        }
        Attr::ChannelHandle(c) => {
            write!(out, "#stablehlo.channel_handle<handle = {}, type = {}>", c.handle, c.channel_type)
        }
        Attr::DotAlgorithm(algorithm) => {
            out.write_str("#stablehlo.dot_algorithm")?;
            write_dot_algorithm(out, algorithm)
        }
        Attr::ResultAccuracy(accuracy) => write_result_accuracy(out, accuracy),
        Attr::OutputOperandAlias(alias) => {
            out.write_str("#stablehlo.output_operand_alias<output_tuple_indices = ")?;
            write_integers(out, &alias.output_tuple_indices)?;
            write!(out, ", operand_index = {}, operand_tuple_indices = ", alias.operand_index)?;
            write_integers(out, &alias.operand_tuple_indices)?;
            out.write_char('>')
        }
        Attr::ReplicaGroupMeshAxes(groups) => write_mesh_axes(out, groups),
        Attr::Bounds(bounds) => {
            out.write_str("#stablehlo.bounds<")?;
            write_list(out, bounds, |out, bound| match bound {
                Some(bound) => write!(out, "{bound}"),
                None => out.write_char('?'),
            })?;
            out.write_char('>')
        }
        other => unreachable!("{other:?} is written by its own arm"),
    }
}

/// `name = value` pairs of which empty ones are left out.
struct Fields<'o> {
    out: &'o mut dyn Write,
    separator: &'static str,
}

impl<'o> Fields<'o> {
    fn begin(out: &'o mut dyn Write, head: &str) -> Result<Self, fmt::Error> {
        out.write_str(head)?;
        Ok(Fields { out, separator: "" })
    }

    fn list(mut self, name: &str, values: &[i64]) -> Result<Self, fmt::Error> {
        if !values.is_empty() {
            write!(self.out, "{}{name} = ", self.separator)?;
            write_integers(self.out, values)?;
            self.separator = ", ";
        }
        Ok(self)
    }

    fn nonzero(mut self, name: &str, value: i64) -> Result<Self, fmt::Error> {
        if value != 0 {
            write!(self.out, "{}{name} = {value}", self.separator)?;
            self.separator = ", ";
        }
        Ok(self)
    }

    fn end(self) -> fmt::Result {
        self.out.write_char('>')
    }
}

/// Writes `[b, 0, f]x[0, i, o]->[b, 0, f]`.
pub(super) fn write_conv_dimensions(out: &mut dyn Write, d: &ConvDimensionNumbers) -> fmt::Result {
    let labels = |first: (i64, char), second: (i64, char), spatial: &[i64]| {
        let label = |place: usize| {
            let at = |&&dim: &&i64| usize::try_from(dim) == Ok(place);
            match (usize::try_from(first.0) == Ok(place), usize::try_from(second.0) == Ok(place)) {
                (true, _) => first.1.to_string(),
                (_, true) => second.1.to_string(),
                _ => spatial.iter().position(|dim| at(&dim)).map_or("?".to_owned(), |n| n.to_string()),
            }
        };
        let names: Vec<String> = (0..spatial.len() + 2).map(label).collect();
        format!("[{}]", names.join(", "))
    };
    let input = labels((d.input_batch_dimension, 'b'), (d.input_feature_dimension, 'f'), &d.input_spatial_dimensions);
    let kernel = labels(
        (d.kernel_input_feature_dimension, 'i'),
        (d.kernel_output_feature_dimension, 'o'),
        &d.kernel_spatial_dimensions,
    );
    let output =
        labels((d.output_batch_dimension, 'b'), (d.output_feature_dimension, 'f'), &d.output_spatial_dimensions);
    write!(out, "{input}x{kernel}->{output}")
}

/// Writes `<lhs_precision_type = tf32, …>`.
pub(super) fn write_dot_algorithm(out: &mut dyn Write, a: &DotAlgorithm) -> fmt::Result {
    write!(
        out,
        "<lhs_precision_type = {}, rhs_precision_type = {}, accumulation_type = {}, lhs_component_count = {}, \
         rhs_component_count = {}, num_primitive_operations = {}, allow_imprecise_accumulation = {}>",
        a.lhs_precision_type,
        a.rhs_precision_type,
        a.accumulation_type,
        a.lhs_component_count,
        a.rhs_component_count,
        a.num_primitive_operations,
        a.allow_imprecise_accumulation,
    )
}

fn write_result_accuracy(out: &mut dyn Write, accuracy: &ResultAccuracy) -> fmt::Result {
    out.write_str("#stablehlo.result_accuracy<")?;
    for (name, bits) in [("atol", accuracy.atol), ("rtol", accuracy.rtol)] {
        if bits != 0 {
            write!(out, "{name} = {}, ", FloatText { bits, ty: &ElementType::F64 })?;
        }
    }
    if accuracy.ulps != 0 {
        write!(out, "ulps = {}, ", accuracy.ulps)?;
    }
    write!(out, "mode = #stablehlo.result_accuracy_mode<{}>>", accuracy.mode)
}

fn write_mesh_axes(out: &mut dyn Write, groups: &ReplicaGroupMeshAxes) -> fmt::Result {
    out.write_str("#stablehlo.replica_group_mesh_axes<mesh = ")?;
    match &groups.mesh {
        MeshReference::Symbol(name) => write_symbol(out, name)?,
        MeshReference::Mesh(mesh) => write_mesh(out, mesh)?,
    }
    out.write_str(", axes = [")?;
    write_list(out, &groups.axes, |out, AxisRef { name, sub_axis_info }| {
        out.write_str("#stablehlo.axis_ref<name = ")?;
        write_string(out, name)?;
        if let Some((pre_size, size)) = sub_axis_info {
            write!(out, ", sub_axis_info = ({pre_size}){size}")?;
        }
        out.write_char('>')
    })?;
    out.write_str("]>")
}

fn write_mesh(out: &mut dyn Write, mesh: &Mesh) -> fmt::Result {
    out.write_str("#stablehlo.mesh<axes=[")?;
    write_list(out, &mesh.axes, |out, (name, size)| {
        out.write_str("<name = ")?;
        write_string(out, name)?;
        write!(out, ", size = {size}>")
    })?;
    out.write_char(']')?;
    if let Some(device_ids) = &mesh.device_ids {
        out.write_str(", device_ids=")?;
        write_elements(out, device_ids, None)?;
    }
    out.write_char('>')
}

/// An attribute map displayed as a dictionary.
impl fmt::Display for AttrMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        AttrStyle::default().write_dict(f, self.iter())
    }
}
