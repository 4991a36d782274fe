//! What the op table declares: how many operands, results and regions there are and of which types,
//! which attributes there must be and of which kinds, and the traits that relate types.

use std::ops::Range;

use super::compat::{compatible, compatible_dim_lists};
use super::site::{Checked, OpCx, Reported, Site, types_text};
use super::tags;
use crate::ir::ops::{Presence, ValueSpec};
use crate::ir::{Attr, AttrKind, DenseArray, Dim, Dims, ElementType, Opcode, Traits, Type};

/// How the values of an operation fall to the declared groups: a range for each declaration.
pub(super) type Groups = Vec<Range<usize>>;

impl Site<'_> {
    /// The operands of each declared group; empty groups when the count does not fit.
    pub(super) fn operand_groups(&self) -> Groups {
        self.groups_of(self.opcode.info().operands, self.operands.len(), "operandSegmentSizes").unwrap_or_default()
    }

    /// The operands of the `index`-th declared group.
    pub(super) fn operand_group(&self, index: usize) -> Range<usize> {
        self.operand_groups().get(index).cloned().unwrap_or(0..0)
    }

    fn groups_of(&self, specs: &'static [ValueSpec], count: usize, segments: &str) -> Result<Groups, String> {
        let open = specs.iter().filter(|s| s.presence != Presence::Required).count();
        let fixed = specs.len() - open;
        let least = if open == 0 { "" } else { "at least " };
        let spare = count.checked_sub(fixed).ok_or_else(|| format!("{least}{fixed} needed, {count} given"))?;
        let sizes: Vec<usize> = if let Some(sizes) = self.segment_sizes(segments).filter(|_| open > 1) {
            sizes.ok_or_else(|| format!("{segments} must not be negative"))?
        } else if open == 0 && spare > 0 {
            return Err(format!("{fixed} needed, {count} given"));
        } else if open > 1 && !spare.is_multiple_of(open) {
            return Err(format!("{count} given, which do not fall into {open} groups of equal size"));
        } else {
            let each = spare.checked_div(open).unwrap_or(0);
            specs.iter().map(|s| if s.presence == Presence::Required { 1 } else { each }).collect()
        };
        group_ranges(specs, &sizes, count)
    }

    /// The sizes in a segment attribute, if it is there; `Some(None)` when one is negative.
    fn segment_sizes(&self, name: &str) -> Option<Option<Vec<usize>>> {
        match self.attr(name)? {
            Attr::DenseArray(DenseArray::I32(sizes)) => Some(sizes.iter().map(|&n| usize::try_from(n).ok()).collect()),
            _ => None,
        }
    }
}

/// Consecutive ranges of the given sizes, when they fit the declarations.
fn group_ranges(specs: &[ValueSpec], sizes: &[usize], count: usize) -> Result<Groups, String> {
    if sizes.len() != specs.len() || sizes.iter().try_fold(0usize, |sum, &n| sum.checked_add(n)) != Some(count) {
        return Err(format!("{count} given, which do not fall into groups of sizes {sizes:?}"));
    }
    let mut groups = Groups::with_capacity(specs.len());
    let mut start = 0;
    for (spec, &size) in specs.iter().zip(sizes) {
        match spec.presence {
            Presence::Required if size != 1 => return Err(format!("one `{}` needed, {size} given", spec.name)),
            Presence::Optional if size > 1 => return Err(format!("at most one `{}` allowed, {size} given", spec.name)),
            _ => groups.push(start..start + size),
        }
        start += size;
    }
    Ok(groups)
}

/// Checks an operation against its declaration.
pub(super) fn check(cx: &mut OpCx<'_>) -> Checked {
    let attributes = check_attributes(cx);
    let operands = check_values(cx, true);
    let results = if cx.results.is_some() { check_values(cx, false) } else { Ok(()) };
    let regions = check_regions(cx);
    attributes.and(operands).and(results).and(regions)
}

/// Operands or results: their number and types.
fn check_values(cx: &mut OpCx<'_>, operands: bool) -> Checked {
    let info = cx.opcode.info();
    let (specs, values, what, segments) = match operands {
        true => (info.operands, cx.operands, "operands", "operandSegmentSizes"),
        false => (info.results, cx.results.unwrap_or_default(), "results", "resultSegmentSizes"),
    };
    let groups = match cx.groups_of(specs, values.len(), segments) {
        Ok(groups) => groups,
        Err(reason) => {
            let tag = if operands { "operand_count" } else { "result_count" };
            return Err(cx.fail(tag, format!("wrong number of {what}: {reason}")));
        }
    };
    let mut outcome = Ok(());
    for (n, (spec, group)) in specs.iter().zip(groups).enumerate() {
        for index in group {
            let ty = cx.func.value_type(values[index]);
            if spec.class.contains(ty) {
                continue;
            }
            let message = |label: &str| format!("{label} must be {}, but is `{ty}`", spec.class);
            outcome = Err(match operands {
                true => cx.fail_about(tags::input(cx.opcode, n + 1), &[index], message(&cx.operand_label(index))),
                false => cx.fail(tags::output(cx.opcode, n + 1), message(&format!("result {index} (`{}`)", spec.name))),
            });
        }
    }
    outcome
}

/// Attributes: presence and kind.
fn check_attributes(cx: &mut OpCx<'_>) -> Checked {
    let info = cx.opcode.info();
    let mut outcome = Ok(());
    for (n, spec) in info.attributes.iter().enumerate() {
        let tag = tags::input(cx.opcode, info.operands.len() + n + 1);
        match cx.attr(spec.name) {
            None if spec.presence == Presence::Required => {
                outcome = Err(cx.fail(tag, format!("requires attribute `{}`, {}", spec.name, describe(spec.kind))));
            }
            Some(attr) if !fits(spec.kind, attr) => {
                let message =
                    format!("attribute `{}` must be {}, but is `{}`", spec.name, describe(spec.kind), short(attr));
                outcome = Err(cx.fail(tag, message));
            }
            _ => {}
        }
    }
    outcome
}

/// An attribute's text, cut where it is long.
fn short(attr: &Attr) -> String {
    const MOST: usize = 80;
    if let Attr::Elements(elements) = attr {
        return format!("a constant of type {}", elements.ty);
    }
    let text = attr.to_string();
    match text.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

/// Whether an attribute is of a kind.
fn fits(kind: AttrKind, attr: &Attr) -> bool {
    let int = |ty: ElementType| matches!(attr, Attr::Int(int) if int.ty == ty);
    match kind {
        AttrKind::I64 => int(ElementType::I64),
        AttrKind::I32 => int(ElementType::I32),
        AttrKind::UI64 => int(ElementType::UI64),
        AttrKind::UI32 => int(ElementType::UI32),
        AttrKind::Bool => matches!(attr, Attr::Bool(_)),
        AttrKind::Unit => matches!(attr, Attr::Unit),
        AttrKind::F32 => matches!(attr, Attr::Float(f) if f.ty == ElementType::F32),
        AttrKind::F64 => matches!(attr, Attr::Float(f) if f.ty == ElementType::F64),
        AttrKind::String => matches!(attr, Attr::String(_)),
        AttrKind::Symbol => matches!(attr, Attr::Symbol(path) if path.len() == 1),
        AttrKind::Symbols => array(attr, |a| matches!(a, Attr::Symbol(path) if path.len() == 1)),
        AttrKind::I64s => matches!(attr, Attr::DenseArray(DenseArray::I64(_))),
        AttrKind::Bools => matches!(attr, Attr::DenseArray(DenseArray::Bool(_))),
        AttrKind::I64Elements => matches!(attr, Attr::Elements(e) if e.ty.element == ElementType::I64),
        AttrKind::Elements => matches!(attr, Attr::Elements(_)),
        AttrKind::ElementsArray => array(attr, |a| matches!(a, Attr::Elements(_))),
        AttrKind::Enum(kind) => matches!(attr, Attr::Enum { kind: k, .. } if *k == kind),
        AttrKind::Enums(kind) => array(attr, |a| matches!(a, Attr::Enum { kind: k, .. } if *k == kind)),
        AttrKind::I32Enum(cases) => enumerated(attr, cases as usize),
        AttrKind::I32Cases(cases) => enumerated(attr, cases.len()),
        AttrKind::ReplicaGroups => {
            // Axes of a mesh in another dialect's spelling are kept as text.
            matches!(attr, Attr::ReplicaGroupMeshAxes(_))
                || matches!(attr, Attr::Opaque(text) if text.starts_with("stablehlo.replica_group_mesh_axes<"))
                || matches!(attr, Attr::Elements(e) if e.ty.element == ElementType::I64)
        }
        AttrKind::RaggedDotDimensionNumbers => matches!(attr, Attr::RaggedDotDimensionNumbers(_)),
        AttrKind::DotDimensionNumbers => matches!(attr, Attr::DotDimensionNumbers(_)),
        AttrKind::GatherDimensionNumbers => matches!(attr, Attr::GatherDimensionNumbers(_)),
        AttrKind::ScatterDimensionNumbers => matches!(attr, Attr::ScatterDimensionNumbers(_)),
        AttrKind::ConvDimensionNumbers => matches!(attr, Attr::ConvDimensionNumbers(_)),
        AttrKind::ChannelHandle => matches!(attr, Attr::ChannelHandle(_)),
        AttrKind::DotAlgorithm => matches!(attr, Attr::DotAlgorithm(_)),
        AttrKind::ResultAccuracy => matches!(attr, Attr::ResultAccuracy(_)),
        AttrKind::OutputOperandAliases => array(attr, |a| matches!(a, Attr::OutputOperandAlias(_))),
        AttrKind::Type => matches!(attr, Attr::Type(_)),
        AttrKind::Array => matches!(attr, Attr::Array(_)),
        AttrKind::Dict => matches!(attr, Attr::Dict(_)),
        AttrKind::Any => true,
    }
}

/// Whether an attribute is an array of attributes that all fit.
fn array(attr: &Attr, fits: impl Fn(&Attr) -> bool) -> bool {
    matches!(attr, Attr::Array(items) if items.iter().all(fits))
}

/// Whether an attribute is the number of one of so many cases.
fn enumerated(attr: &Attr, cases: usize) -> bool {
    matches!(attr, Attr::Int(int) if int.ty == ElementType::I32 && (0..cases as i128).contains(&int.value))
}

/// A kind of attribute in words.
fn describe(kind: AttrKind) -> String {
    let text = match kind {
        AttrKind::I64 => "a 64-bit integer",
        AttrKind::I32 => "a 32-bit integer",
        AttrKind::UI64 => "an unsigned 64-bit integer",
        AttrKind::UI32 => "an unsigned 32-bit integer",
        AttrKind::Bool => "a boolean",
        AttrKind::Unit => "a unit attribute",
        AttrKind::F32 => "an f32 number",
        AttrKind::F64 => "an f64 number",
        AttrKind::String => "a string",
        AttrKind::Symbol => "a symbol reference",
        AttrKind::Symbols => "an array of symbol references",
        AttrKind::I64s => "an `array<i64>`",
        AttrKind::Bools => "an `array<i1>`",
        AttrKind::I64Elements => "a dense constant of i64 elements",
        AttrKind::Elements => "a dense constant",
        AttrKind::ElementsArray => "an array of dense constants",
        AttrKind::Enum(kind) => {
            return format!("one of {} (`#{}<{} …>`)", cases(kind.cases()), kind.dialect(), kind.mnemonic());
        }
        AttrKind::Enums(kind) => {
            return format!("an array of {} (`#{}<{} …>`)", cases(kind.cases()), kind.dialect(), kind.mnemonic());
        }
        AttrKind::I32Enum(n) => return format!("a 32-bit integer in [0, {n})"),
        AttrKind::I32Cases(names) => return format!("one of {}", cases(names)),
        AttrKind::ReplicaGroups => "a dense constant of i64 elements, or axes of a mesh",
        AttrKind::RaggedDotDimensionNumbers => "`#chlo.ragged_dot<…>`",
        AttrKind::DotDimensionNumbers => "`#stablehlo.dot<…>`",
        AttrKind::GatherDimensionNumbers => "`#stablehlo.gather<…>`",
        AttrKind::ScatterDimensionNumbers => "`#stablehlo.scatter<…>`",
        AttrKind::ConvDimensionNumbers => "`#stablehlo.conv<…>`",
        AttrKind::ChannelHandle => "`#stablehlo.channel_handle<…>`",
        AttrKind::DotAlgorithm => "`#stablehlo.dot_algorithm<…>`",
        AttrKind::ResultAccuracy => "`#stablehlo.result_accuracy<…>`",
        AttrKind::OutputOperandAliases => "an array of `#stablehlo.output_operand_alias<…>`",
        AttrKind::Type => "a type",
        AttrKind::Array => "an array",
        AttrKind::Dict => "a dictionary",
        AttrKind::Any => "anything",
    };
    text.to_owned()
}

/// The cases of an enumeration, those without a spelling left out.
fn cases(names: &[&str]) -> String {
    names.iter().filter(|n| !n.is_empty()).copied().collect::<Vec<_>>().join(", ")
}

/// Regions: their number.
fn check_regions(cx: &mut OpCx<'_>) -> Checked {
    let specs = cx.opcode.info().regions;
    let variadic = specs.iter().any(|s| s.presence == Presence::Variadic);
    let fixed = specs.iter().filter(|s| s.presence == Presence::Required).count();
    let given = cx.regions.len();
    let fits = if variadic { given >= fixed } else { given == fixed };
    cx.require(fits, "region_count", || match (fixed, variadic) {
        (0, false) => format!("takes no regions, but has {given}"),
        (n, false) => format!("needs {n} region(s), but has {given}"),
        (n, true) => format!("needs at least {n} region(s), but has {given}"),
    })
}

/// The traits that relate the types of operands and results.
pub(super) fn check_traits(cx: &mut OpCx<'_>) -> Checked {
    let traits = cx.opcode.info().traits;
    if cx.opcode == Opcode::Add {
        return Ok(());
    }
    let types: Vec<&Type> = cx.operand_types().into_iter().chain(cx.result_types()).collect();
    let Some((&first, rest)) = types.split_first() else { return Ok(()) };
    if traits.contains(Traits::SAME_TYPE) {
        let exact = !matches!(cx.opcode.info().dialect(), "stablehlo" | "chlo");
        let same = |ty: &&&Type| if exact { **ty == first } else { compatible(ty, first) };
        if let Some(index) = rest.iter().position(|ty| !same(&ty)) {
            return Err(disagreement(cx, cx.c(1), "compatible types", index + 1));
        }
    }
    if traits.contains(Traits::ELEMENTWISE) && cx.operands.len() == 1 {
        let ranked = |ty: &Type| ty.as_tensor().is_none_or(|t| t.dims.is_some());
        if let Some(index) = types.iter().position(|ty| ranked(ty) != ranked(first)) {
            return Err(disagreement(cx, "elementwise", "a rank, or none of them", index));
        }
    }
    if traits.contains(Traits::SAME_SHAPE) {
        let tag = match cx.opcode {
            Opcode::Compare | Opcode::Complex => cx.c(2),
            Opcode::Sort => cx.c(3),
            _ => cx.c(1),
        };
        if let Some(index) = first_other_shape(&types) {
            return Err(disagreement(cx, tag, "the same shape", index));
        }
    }
    Ok(())
}

/// The first type whose shape contradicts what those before it say together.
fn first_other_shape(types: &[&Type]) -> Option<usize> {
    let mut known: Option<Dims> = None;
    for (index, ty) in types.iter().enumerate() {
        let Some(dims) = ty.as_tensor().and_then(|t| t.dims.as_ref()) else { continue };
        let Some(known) = &mut known else {
            known = Some(dims.clone());
            continue;
        };
        if !compatible_dim_lists(known, dims) {
            return Some(index);
        }
        for (slot, &dim) in known.iter_mut().zip(dims) {
            if *slot == Dim::Dynamic {
                *slot = dim;
            }
        }
    }
    None
}

/// Records that the type at `index`, counting operands and then results, disagrees with the first one.
fn disagreement(cx: &mut OpCx<'_>, tag: &'static str, what: &str, index: usize) -> Reported {
    let (operands, results) = (cx.operand_types(), cx.result_types());
    let message =
        format!("all operands and results must have {what}, got {} -> {}", types_text(&operands), types_text(&results));
    let about = if index < operands.len() { vec![0, index] } else { vec![0] };
    cx.fail_about(tag, &about, message)
}
