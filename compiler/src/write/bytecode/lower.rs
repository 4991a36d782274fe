//! From a StableHLO operation's attributes to the fields of its revision at the target version.
//!
//! What the revision does not have must be neutral, or the program cannot be written for the target;
//! what it has and the operation leaves out is spelled out.

use smol_str::SmolStr;

use super::attrs::integers_tensor;
use super::encoder::{Encoder, Encoding};
use super::pool::{AttrRef, Part};
use crate::ir::ops::{AttrKind, AttrSpec, DefaultValue, Presence};
use crate::ir::{
    Attr, AttrMap, ConvDimensionNumbers, DenseArray, DenseElements, DotAlgorithm, DotDimensionNumbers, ElementType,
    EnumKind, Func, GatherDimensionNumbers, Opcode, Operation, ResultAccuracy, ScatterDimensionNumbers, TensorType,
    Type,
};
use crate::vhlo::neutral::is_neutral;
use crate::vhlo::revisions::Revision;
use crate::vhlo::{Version, codes, fields};

/// The fields of an operation, by name.
type Fields = Vec<(&'static str, AttrRef)>;

impl Encoder {
    /// The fields of `op` in its revision, sorted by name.
    pub(super) fn lower(&mut self, op: &Operation, func: &Func, revision: Revision) -> Encoding<Fields> {
        check_revision(op, func, revision, self.target)?;
        let known = revision.fields();
        let mut lowered = Vec::new();
        for spec in revision.opcode.info().attributes {
            if fields::names(revision.opcode, spec).iter().any(|name| known.contains(name)) {
                self.lower_attribute(op, spec, &known, &mut lowered)
                    .map_err(|problem| format!("the attribute `{}`: {problem}", spec.name))?;
            }
        }
        if (revision.opcode, revision.number) == (Opcode::DynamicConv, 1) {
            let padding = zeros(2, convolution_rank(op));
            lowered.push(("padding", self.vhlo_attr(&padding)?));
        }
        lowered.sort_by_key(|(name, _)| *name);
        Ok(lowered)
    }

    fn lower_attribute(
        &mut self,
        op: &Operation,
        spec: &'static AttrSpec,
        known: &[&str],
        out: &mut Fields,
    ) -> Encoding<()> {
        let opcode = op.opcode;
        let attr = op.attr(spec.name);
        let parts: Vec<(&'static str, Attr)> = match (spec.kind, attr) {
            (AttrKind::DotDimensionNumbers, Some(Attr::DotDimensionNumbers(dims))) => dot(dims),
            (AttrKind::DotAlgorithm, None) => {
                fields::DOT_ALGORITHM.iter().map(|&name| (name, Attr::Type(Type::None))).collect()
            }
            (AttrKind::DotAlgorithm, Some(Attr::DotAlgorithm(algorithm))) => dot_algorithm(algorithm),
            (AttrKind::GatherDimensionNumbers, Some(Attr::GatherDimensionNumbers(dims))) => gather(dims),
            (AttrKind::ScatterDimensionNumbers, Some(Attr::ScatterDimensionNumbers(dims))) => scatter(dims),
            (AttrKind::ConvDimensionNumbers, Some(Attr::ConvDimensionNumbers(dims))) => conv(dims),
            (AttrKind::ChannelHandle, None) => vec![("channel_id", Attr::i64(0)), ("channel_type", Attr::i64(0))],
            // Collectives have no field for the type, which means nothing there; as upstream, it is not kept.
            (AttrKind::ChannelHandle, Some(Attr::ChannelHandle(channel))) => {
                vec![("channel_id", Attr::i64(channel.handle)), ("channel_type", Attr::i64(channel.channel_type))]
            }
            (AttrKind::Unit, attr) => vec![(spec.name, Attr::Bool(attr.is_some()))],
            (AttrKind::I32Enum(_), attr) if opcode == Opcode::CustomCall => {
                let version = attr.map_or(Some(1), Attr::as_i64).and_then(|v| u64::try_from(v).ok());
                let version = version.filter(|v| *v < codes::API_VERSIONS).ok_or("is no API version")?;
                let entry = vec![Part::Varint(codes::attr::API_VERSION), Part::Varint(version)];
                out.push((spec.name, self.vhlo_entry(entry)));
                return Ok(());
            }
            (_, Some(attr)) => vec![(spec.name, attr.clone())],
            (_, None) => vec![(spec.name, neutral(op, spec)?)],
        };
        for (name, attr) in parts.into_iter().filter(|(name, _)| known.contains(name)) {
            out.push((name, self.vhlo_attr(&attr)?));
        }
        Ok(())
    }

    /// The attributes of an operation that its revision's fields do not cover.
    pub(super) fn discardable(&mut self, op: &Operation, revision: Revision) -> Encoding<Vec<(SmolStr, AttrRef)>> {
        let covered = |name: &str| match revision.opcode {
            Opcode::Call => name == "callee",
            opcode => opcode.info().attribute(name).is_some(),
        };
        let mut kept = Vec::new();
        for (name, attr) in op.attrs.iter().filter(|(name, _)| !covered(name)) {
            let encoded = self.vhlo_attr(attr).map_err(|problem| format!("the attribute `{name}`: {problem}"))?;
            kept.push((name.clone(), encoded));
        }
        Ok(kept)
    }
}

/// Fails when the operation says something that its revision, or its target version, has no words for.
fn check_revision(op: &Operation, func: &Func, revision: Revision, target: Version) -> Encoding<()> {
    let since = Revision::second(revision.opcode);
    if let (1, Some(since)) = (revision.number, since) {
        let new = |what: &str| format!("{what}: new in StableHLO {since}, but the target is {target}");
        let fields = revision.fields();
        for spec in revision.opcode.info().attributes {
            let gained = !fields::names(revision.opcode, spec).iter().any(|name| fields.contains(name));
            let attr = op.attr(spec.name).filter(|attr| !is_neutral(revision.opcode, spec, attr));
            if let (true, Some(_)) = (gained, attr) {
                return Err(new(&format!("the attribute `{}`", spec.name)));
            }
        }
        match revision.opcode {
            Opcode::AllReduce | Opcode::AllGather | Opcode::AllToAll if op.operands.len() != 1 => {
                return Err(new(&format!("{} operands", op.operands.len())));
            }
            Opcode::CollectiveBroadcast if op.operands.len() != 1 => return Err(new("a root given at run time")),
            Opcode::Composite if !op.regions.is_empty() => return Err(new("a composite with regions")),
            Opcode::Gather | Opcode::DynamicGather | Opcode::Scatter if has_batching(op) => {
                return Err(new("batching dimensions"));
            }
            _ => {}
        }
    }
    check_constraints(op, func, target)
}

fn has_batching(op: &Operation) -> bool {
    op.attrs.iter().any(|(_, attr)| match attr {
        Attr::GatherDimensionNumbers(d) => {
            !(d.operand_batching_dims.is_empty() && d.start_indices_batching_dims.is_empty())
        }
        Attr::ScatterDimensionNumbers(d) => {
            !(d.input_batching_dims.is_empty() && d.scatter_indices_batching_dims.is_empty())
        }
        _ => false,
    })
}

/// What a version allows was at times narrower than what its operations can say.
fn check_constraints(op: &Operation, func: &Func, target: Version) -> Encoding<()> {
    let require = |since: Version, what: &str| {
        if target.reaches(since) {
            return Ok(());
        }
        Err(format!("{what}: new in StableHLO {since}, but the target is {target}"))
    };
    let element = |value| func.value_type(value).as_tensor().map(|tensor| &tensor.element);
    match op.opcode {
        Opcode::AllReduce
        | Opcode::Reduce
        | Opcode::ReduceScatter
        | Opcode::ReduceWindow
        | Opcode::Scatter
        | Opcode::SelectAndScatter
            if op.operands.iter().zip(&op.results).any(|(&a, &b)| element(a) != element(b)) =>
        {
            require(Version::new(0, 17), "a reduction in a wider element type")
        }
        Opcode::CustomCall => {
            if matches!(op.attr("backend_config"), Some(Attr::Dict(_))) || is_typed_ffi(op) {
                require(codes::BACKEND_CONFIG_DICT_SINCE, "a dictionary as `backend_config`")?;
            }
            let types = op.operands.iter().chain(&op.results).map(|&value| func.value_type(value));
            if types.into_iter().any(|ty| matches!(ty, Type::Future(_))) {
                require(Version::new(1, 17), "a custom call on futures")?;
            }
            Ok(())
        }
        Opcode::Convolution | Opcode::DynamicConv => {
            let (lhs, rhs) = (op.operands.first(), op.operands.get(1));
            let (lhs, rhs) = (lhs.and_then(|&v| element(v)), rhs.and_then(|&v| element(v)));
            match (lhs, rhs) {
                (Some(lhs), Some(rhs)) if lhs != rhs && lhs.is_float() && rhs.is_float() => {
                    require(Version::new(1, 20), "a convolution of two element types")
                }
                _ => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

fn is_typed_ffi(op: &Operation) -> bool {
    op.i64_attr("api_version") == Some(4) && op.attr("backend_config").is_none()
}

/// How many spatial dimensions a convolution has.
fn convolution_rank(op: &Operation) -> usize {
    match op.attr("dimension_numbers") {
        Some(Attr::ConvDimensionNumbers(dims)) => dims.input_spatial_dimensions.len(),
        _ => 0,
    }
}

/// What the absence of an attribute means.
fn neutral(op: &Operation, spec: &AttrSpec) -> Encoding<Attr> {
    if let Presence::Default(default) = spec.presence {
        return Ok(default_value(default, spec.kind));
    }
    let window = || match op.i64s_attr("window_dimensions") {
        Some(dims) => dims.len(),
        None => convolution_rank(op),
    };
    Ok(match spec.name {
        "window_strides" | "lhs_dilation" | "rhs_dilation" | "base_dilations" | "window_dilations" => {
            Attr::i64s(vec![1; window()])
        }
        "padding" => zeros(2, window()),
        "window_reversal" => Attr::DenseArray(DenseArray::Bool(vec![false; window()])),
        "precision_config" => Attr::Array(vec![Attr::Enum { kind: EnumKind::Precision, case: "DEFAULT" }; 2]),
        "compare_type" => Attr::Enum { kind: EnumKind::ComparisonType, case: "NOTYPE" },
        "known_expanding_dimensions" | "known_nonexpanding_dimensions" | "source_target_pairs" => Attr::i64s([]),
        "composite_attributes" => Attr::Dict(AttrMap::new()),
        "backend_config" if is_typed_ffi(op) => Attr::Dict(AttrMap::new()),
        "backend_config" => Attr::string(""),
        "operand_layouts" | "result_layouts" | "result_tilings" | "layout" => Attr::Array(Vec::new()),
        _ => return Err("is missing".to_owned()),
    })
}

fn default_value(default: DefaultValue, kind: AttrKind) -> Attr {
    match (default, kind) {
        (DefaultValue::Bool(value), _) => Attr::Bool(value),
        (DefaultValue::Int(value), AttrKind::I32 | AttrKind::I32Enum(_)) => Attr::i32(value as i32),
        (DefaultValue::Int(value), _) => Attr::i64(value),
        (DefaultValue::F64(bits), _) => Attr::Float(crate::ir::FloatAttr { bits, ty: ElementType::F64 }),
        (DefaultValue::EmptyString, _) => Attr::string(""),
        (DefaultValue::EmptyArray, _) => Attr::Array(Vec::new()),
        (DefaultValue::DefaultAccuracy, _) => {
            Attr::ResultAccuracy(ResultAccuracy { atol: 0, rtol: 0, ulps: 0, mode: "DEFAULT" })
        }
    }
}

/// A constant `tensor<rows x columns x i64>` of zeros.
fn zeros(columns: usize, rows: usize) -> Attr {
    let ty = TensorType::new(&[rows as u64, columns as u64], ElementType::I64);
    Attr::Elements(DenseElements::new(ty, vec![0u8; 8 * rows * columns]))
}

fn list(name: &'static str, values: &[i64]) -> (&'static str, Attr) {
    (name, Attr::Elements(integers_tensor(values)))
}

fn dot(dims: &DotDimensionNumbers) -> Vec<(&'static str, Attr)> {
    vec![
        list("lhs_batching_dimensions", &dims.lhs_batching_dimensions),
        list("rhs_batching_dimensions", &dims.rhs_batching_dimensions),
        list("lhs_contracting_dimensions", &dims.lhs_contracting_dimensions),
        list("rhs_contracting_dimensions", &dims.rhs_contracting_dimensions),
    ]
}

fn dot_algorithm(algorithm: &DotAlgorithm) -> Vec<(&'static str, Attr)> {
    let ty = |element: &ElementType| Attr::Type(Type::Scalar(element.clone()));
    vec![
        ("lhs_precision_type", ty(&algorithm.lhs_precision_type)),
        ("rhs_precision_type", ty(&algorithm.rhs_precision_type)),
        ("accumulation_type", ty(&algorithm.accumulation_type)),
        ("lhs_component_count", Attr::i64(algorithm.lhs_component_count)),
        ("rhs_component_count", Attr::i64(algorithm.rhs_component_count)),
        ("num_primitive_operations", Attr::i64(algorithm.num_primitive_operations)),
        ("allow_imprecise_accumulation", Attr::Bool(algorithm.allow_imprecise_accumulation)),
    ]
}

fn gather(dims: &GatherDimensionNumbers) -> Vec<(&'static str, Attr)> {
    vec![
        list("offset_dims", &dims.offset_dims),
        list("collapsed_slice_dims", &dims.collapsed_slice_dims),
        list("operand_batching_dims", &dims.operand_batching_dims),
        list("start_indices_batching_dims", &dims.start_indices_batching_dims),
        list("start_index_map", &dims.start_index_map),
        ("index_vector_dim", Attr::i64(dims.index_vector_dim)),
    ]
}

fn scatter(dims: &ScatterDimensionNumbers) -> Vec<(&'static str, Attr)> {
    vec![
        list("update_window_dims", &dims.update_window_dims),
        list("inserted_window_dims", &dims.inserted_window_dims),
        list("input_batching_dims", &dims.input_batching_dims),
        list("scatter_indices_batching_dims", &dims.scatter_indices_batching_dims),
        list("scatter_dims_to_operand_dims", &dims.scatter_dims_to_operand_dims),
        ("index_vector_dim", Attr::i64(dims.index_vector_dim)),
    ]
}

fn conv(dims: &ConvDimensionNumbers) -> Vec<(&'static str, Attr)> {
    vec![
        ("input_batch_dimension", Attr::i64(dims.input_batch_dimension)),
        ("input_feature_dimension", Attr::i64(dims.input_feature_dimension)),
        list("input_spatial_dimensions", &dims.input_spatial_dimensions),
        ("kernel_input_feature_dimension", Attr::i64(dims.kernel_input_feature_dimension)),
        ("kernel_output_feature_dimension", Attr::i64(dims.kernel_output_feature_dimension)),
        list("kernel_spatial_dimensions", &dims.kernel_spatial_dimensions),
        ("output_batch_dimension", Attr::i64(dims.output_batch_dimension)),
        ("output_feature_dimension", Attr::i64(dims.output_feature_dimension)),
        list("output_spatial_dimensions", &dims.output_spatial_dimensions),
    ]
}
