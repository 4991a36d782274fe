//! Shardings: meshes are sound, shardings name axes of theirs at most once, and the body of a manual computation sees the
//! parts that its shardings promise.
//!
//! The rules are Shardy's. A dimension need not be a multiple of its parts, except along manual axes. Of the strings of
//! before Shardy only the rank is checked, and only where they are readable: they are XLA's, which has several forms of
//! them.

use std::collections::{HashMap, HashSet};

use smol_str::SmolStr;

use super::location::describe;
use super::structure::FuncCx;
use crate::diag::Diagnostic;
use crate::ir::{Attr, AxisRef, Global, Item, Mesh, Module, OpId, Opcode, RegionId, TensorType, Type, ValueId};
use crate::sharding::gspmd::HloSharding;
use crate::sharding::{self, Manual, Meshes, TensorSharding, axis_size};

/// Checks the meshes of a module.
pub(super) fn check_meshes(module: &Module, errors: &mut Vec<Diagnostic>) {
    for item in &module.items {
        let Item::Global(global) = item else { continue };
        if global.name == "sdy.mesh"
            && let Some(fault) = mesh_fault(global)
        {
            let name = global.symbol.as_deref().unwrap_or_default();
            let mut error = Diagnostic::error(global.span, format!("`sdy.mesh @{name}`: {fault}")).tag("sdy_mesh");
            error.location = describe(&module.locs, global.loc).filter(|_| !global.span.is_some());
            errors.push(error);
        }
    }
}

fn mesh_fault(global: &Global) -> Option<String> {
    let Some(Attr::Opaque(text)) = global.attrs.get("mesh") else { return Some("has no mesh".to_owned()) };
    let mesh = match sharding::read_mesh(text) {
        Ok(mesh) => mesh,
        Err(error) => return Some(error.to_string()),
    };
    let mut seen = HashSet::new();
    if let Some((name, _)) = mesh.axes.iter().find(|(name, _)| !seen.insert(name)) {
        return Some(format!("duplicate axis name: \"{name}\""));
    }
    if let Some((_, size)) = mesh.axes.iter().find(|&&(_, size)| size <= 0) {
        return Some(format!("axis size must be at least 1, got: {size}"));
    }
    device_fault(&mesh)
}

fn device_fault(mesh: &Mesh) -> Option<String> {
    let Some(count) = sharding::device_count(mesh) else { return Some("has too many devices".to_owned()) };
    let ids = mesh.device_ids.as_ref()?.to_i64s()?;
    if let Some(id) = ids.iter().find(|&&id| id < 0) {
        return Some(format!("device id must be non-negative, got: {id}"));
    }
    if ids.len() as u64 != count {
        return Some(format!(
            "total product of axis sizes must match total number of device ids, got: {count} != {}",
            ids.len()
        ));
    }
    if mesh.axes.is_empty() {
        return None;
    }
    let mut sorted = ids.clone();
    sorted.sort_unstable();
    let is_iota = sorted.iter().copied().eq(0..ids.len() as i64);
    (!is_iota).then(|| format!("sorted device ids must be iota(product(axes)), got: {sorted:?}"))
}

/// Checks the shardings of a function's head and of its operations.
pub(super) fn check(cx: &mut FuncCx<'_>, ops: &[OpId], meshes: &Meshes) {
    check_head(cx, meshes);
    let mut manual: HashMap<RegionId, Vec<SmolStr>> = HashMap::new();
    let mut region_of: HashMap<OpId, RegionId> = HashMap::new();
    cx.func.walk(|region, op| {
        region_of.insert(op, region);
    });
    for &op in ops {
        let outer = region_of.get(&op).and_then(|region| manual.get(region)).cloned().unwrap_or_default();
        check_op(cx, op, meshes, &outer);
        let operation = &cx.func.ops[op];
        let mut inner = outer.clone();
        if operation.opcode == Opcode::ManualComputation
            && let Ok(read) = Manual::read(operation)
        {
            check_manual(cx, op, &read, meshes, &outer);
            inner.extend(read.axes);
        }
        if !inner.is_empty() {
            manual.extend(cx.func.ops[op].regions.iter().map(|&region| (region, inner.clone())));
        }
    }
}

fn check_head(cx: &mut FuncCx<'_>, meshes: &Meshes) {
    let func = cx.func;
    for (attrs, types, what) in
        [(&func.arg_attrs, &func.ty.inputs, "argument"), (&func.result_attrs, &func.ty.results, "result")]
    {
        for (at, (attrs, ty)) in attrs.iter().zip(types).enumerate() {
            let fault = attrs.get("sdy.sharding").and_then(|attr| tensor_attr_fault(attr, ty, meshes, &[]));
            let fault = fault.or_else(|| attrs.get("mhlo.sharding").and_then(|attr| hlo_fault(attr, ty)));
            if let Some(fault) = fault {
                cx.fail("sdy_sharding", &format!("{what} {at} - {fault}"));
            }
        }
    }
}

fn check_op(cx: &mut FuncCx<'_>, op: OpId, meshes: &Meshes, manual: &[SmolStr]) {
    let (func, operation) = (cx.func, &cx.func.ops[op]);
    let types: Vec<&Type> = operation.results.iter().map(|&v| func.value_type(v)).collect();
    let mut faults = Vec::new();
    if let Some(attr) = operation.attr("sdy.sharding") {
        faults.extend(per_value_fault(attr, &types, meshes, manual));
    }
    let stated = match operation.opcode {
        Opcode::Reshard | Opcode::ShardingConstraint | Opcode::DataFlowEdge => operation.attr("sharding"),
        opcode if opcode.info().dialect() == "sdy" => operation.attr("out_sharding"),
        _ => None,
    };
    if let (Some(attr), Some(ty)) = (stated, types.first()) {
        faults.extend(tensor_attr_fault(attr, ty, meshes, manual));
    }
    if let (Some(attr), [ty]) = (operation.attr("mhlo.sharding"), types.as_slice()) {
        faults.extend(hlo_fault(attr, ty));
    }
    for fault in faults {
        cx.fail_at(op, "sdy_sharding", &fault);
    }
}

/// What is wrong with `sdy.sharding` of an operation, which has one sharding for each result.
fn per_value_fault(attr: &Attr, types: &[&Type], meshes: &Meshes, manual: &[SmolStr]) -> Option<String> {
    let Attr::Opaque(text) = attr else {
        return Some("should have a sharding attribute of type TensorShardingPerValueAttr".to_owned());
    };
    let shardings = match sharding::read_per_value(text) {
        Ok(shardings) => shardings,
        Err(error) => return Some(error.to_string()),
    };
    // An operation without results may say on which device it runs.
    if types.is_empty() && shardings.len() == 1 {
        return None;
    }
    list_fault(&shardings, types, meshes, manual)
}

fn list_fault(shardings: &[TensorSharding], types: &[&Type], meshes: &Meshes, manual: &[SmolStr]) -> Option<String> {
    if shardings.len() != types.len() {
        let (have, want) = (shardings.len(), types.len());
        return Some(format!("shardings don't match number of values: {have} shardings vs {want} values"));
    }
    let place = |at: usize| if types.len() == 1 { "- ".to_owned() } else { format!("{at} - ") };
    let mut faults = shardings.iter().zip(types).enumerate();
    faults.find_map(|(at, (s, ty))| tensor_fault(s, ty, meshes, manual).map(|fault| place(at) + &fault))
}

fn tensor_attr_fault(attr: &Attr, ty: &Type, meshes: &Meshes, manual: &[SmolStr]) -> Option<String> {
    let Attr::Opaque(text) = attr else {
        return Some("should have a sharding attribute of type TensorShardingAttr".to_owned());
    };
    match sharding::read_tensor(text) {
        Ok(sharding) => tensor_fault(&sharding, ty, meshes, manual),
        Err(error) => Some(error.to_string()),
    }
}

/// What is wrong with a sharding of a value of this type, inside of computations that are manual along `manual`.
fn tensor_fault(sharding: &TensorSharding, ty: &Type, meshes: &Meshes, manual: &[SmolStr]) -> Option<String> {
    let Some(mesh) = meshes.get(&sharding.mesh) else {
        let crate::ir::MeshReference::Symbol(name) = &sharding.mesh else { return None };
        return Some(format!("unknown mesh: @{name}"));
    };
    let is_plain = sharding.dims.is_empty() && sharding.replicated.is_empty() && sharding.unreduced.is_empty();
    if mesh.axes.is_empty() && mesh.device_ids.is_some() {
        let message = "a maximal sharding can only have a sharding with rank 0 and no replicated or unreduced axes";
        return (!is_plain).then(|| message.to_owned());
    }
    let ty = match ty {
        Type::Tuple(parts) if parts.len() == 1 => &parts[0],
        ty => ty,
    };
    let Type::Tensor(tensor) = ty else {
        let message = "non-shaped tensors can only have a sharding with rank 0 and no replicated or unreduced axes";
        return (!is_plain).then(|| format!("{message}. type: {ty}"));
    };
    let Some(rank) = tensor.rank() else { return Some(format!("only ranked tensors can have a sharding. type: {ty}")) };
    if sharding.dims.len() != rank {
        return Some(format!("sharding doesn't match tensor rank: {} != {rank}", sharding.dims.len()));
    }
    priority_fault(sharding).or_else(|| axes_fault(sharding, mesh)).or_else(|| {
        let bound = sharding.axes().find(|axis| manual.contains(&axis.name))?;
        Some(format!(
            "operates on axis \"{}\" which is already bound by a parent sdy.manual_computation op",
            bound.name
        ))
    })
}

fn priority_fault(sharding: &TensorSharding) -> Option<String> {
    sharding.dims.iter().enumerate().find_map(|(at, dim)| match dim.priority {
        Some(priority) if priority < 0 => Some(format!("dim {at} has a negative priority")),
        Some(_) if !dim.is_open && dim.axes.is_empty() => {
            Some(format!("dim {at} is empty and closed but has a priority"))
        }
        _ => None,
    })
}

/// Axes that the mesh lacks, axes used twice, parts of axes that do not fit.
fn axes_fault(sharding: &TensorSharding, mesh: &Mesh) -> Option<String> {
    let place = |axis: &AxisRef| mesh.axes.iter().position(|(name, _)| *name == axis.name);
    if let Some(axis) = sharding.axes().find(|axis| place(axis).is_none()) {
        return Some(format!("unknown axis name: \"{}\"", axis.name));
    }
    let mut seen = HashSet::new();
    if let Some(axis) = sharding.axes().find(|axis| !seen.insert(*axis)) {
        return Some(format!("duplicate axis ref: {}", axis_text(axis)));
    }
    for (axes, what) in [(&sharding.replicated, "replicated"), (&sharding.unreduced, "unreduced")] {
        if !axes.is_sorted_by_key(|axis| (place(axis), axis.sub_axis_info)) {
            return Some(format!("{what} axes are not ordered w.r.t. mesh"));
        }
    }
    let lists = sharding.dims.iter().map(|dim| &dim.axes).chain([&sharding.replicated, &sharding.unreduced]);
    lists.into_iter().find_map(|axes| mergeable(axes)).or_else(|| {
        mesh.axes.iter().find_map(|(name, size)| {
            let parts: Vec<&AxisRef> = sharding.axes().filter(|axis| axis.name == *name).collect();
            sub_axes_fault(name, *size, &parts)
        })
    })
}

/// Two neighbouring parts of an axis that are one.
fn mergeable(axes: &[AxisRef]) -> Option<String> {
    axes.windows(2).find_map(|pair| {
        let ((before, size), (next, _)) = (pair[0].sub_axis_info?, pair[1].sub_axis_info?);
        (pair[0].name == pair[1].name && before.checked_mul(size) == Some(next)).then(|| {
            let (a, b) = (axis_text(&pair[0]), axis_text(&pair[1]));
            format!("two consecutive sub-axes can be merged: {a}, {b}")
        })
    })
}

fn sub_axes_fault(name: &str, whole: i64, axes: &[&AxisRef]) -> Option<String> {
    let mut parts: Vec<((i64, i64), &AxisRef)> =
        axes.iter().filter_map(|axis| Some((axis.sub_axis_info?, *axis))).collect();
    if !parts.is_empty() && parts.len() < axes.len() {
        return Some(format!("both sub-axis and full-axis are used for axis name: \"{name}\""));
    }
    parts.sort_by_key(|&(info, _)| info);
    let mut end = 1;
    let mut last: Option<&AxisRef> = None;
    for ((before, size), axis) in parts {
        let text = axis_text(axis);
        if before < 1 {
            return Some(format!("sub-axis pre-size must be at least 1: {text}"));
        }
        if size <= 1 {
            return Some(format!("sub-axis sizes must be greater than 1: {text}"));
        }
        let next = before.saturating_mul(size);
        if whole % next != 0 {
            return Some(format!(
                "sub-axis next pre-size {next} doesn't divide the size of the full axis {whole}: {text}"
            ));
        }
        if size == whole {
            return Some(format!("sub-axis size is equal to the full axis size: {text}"));
        }
        if end > before {
            let other = last.map(axis_text).unwrap_or_default();
            return Some(format!("overlapping sub-axes: {other}, {text}"));
        }
        (end, last) = (next, Some(axis));
    }
    None
}

fn axis_text(axis: &AxisRef) -> String {
    let part = axis.sub_axis_info.map(|(before, size)| format!(":({before}){size}"));
    format!("\"{}\"{}", axis.name, part.unwrap_or_default())
}

/// The body of a manual computation sees what its shardings promise.
fn check_manual(cx: &mut FuncCx<'_>, op: OpId, manual: &Manual, meshes: &Meshes, outer: &[SmolStr]) {
    let (func, operation) = (cx.func, &cx.func.ops[op]);
    let Some(&region) = operation.regions.first() else { return };
    let types = |values: &[ValueId]| values.iter().map(|&v| func.value_type(v)).collect::<Vec<&Type>>();
    let returned = func.terminator(region).map(|last| types(&func.ops[last].operands)).unwrap_or_default();
    let sides = [
        ("operand", types(&operation.operands), types(&func.regions[region].args), &manual.in_shardings),
        ("result", types(&operation.results), returned, &manual.out_shardings),
    ];
    if let Some(axis) = manual.axes.iter().find(|axis| outer.contains(axis)) {
        let message =
            format!("operates on axis \"{axis}\" which is already bound by a parent sdy.manual_computation op");
        cx.fail_at(op, "manual_computation_axes", &message);
        return;
    }
    for (what, global, local, shardings) in sides {
        let fault = list_fault(shardings, &global, meshes, outer).map(|fault| format!("{what} {fault}"));
        let fault = fault.or_else(|| manual_fault(what, manual, &global, &local, shardings, meshes));
        if let Some(fault) = fault {
            cx.fail_at(op, "manual_computation_shardings", &fault);
        }
    }
}

fn manual_fault(
    what: &str,
    manual: &Manual,
    global: &[&Type],
    local: &[&Type],
    shardings: &[TensorSharding],
    meshes: &Meshes,
) -> Option<String> {
    if global.len() != local.len() {
        let (g, l) = (global.len(), local.len());
        return Some(format!("number of op {what}s and region {what}s must match. Op has {g} op {what}s, region {l}"));
    }
    global.iter().zip(local).zip(shardings).enumerate().find_map(|(at, ((&global, &local), sharding))| {
        let mesh = meshes.get(&sharding.mesh)?;
        let unknown = manual.axes.iter().find(|axis| mesh.axes.iter().all(|(name, _)| name != *axis));
        if let Some(axis) = unknown {
            return Some(format!("unknown axis name: \"{axis}\""));
        }
        let is_manual = |axis: &AxisRef| manual.axes.contains(&axis.name);
        if sharding.dims.iter().any(|dim| dim.axes.windows(2).any(|pair| !is_manual(&pair[0]) && is_manual(&pair[1]))) {
            return Some(format!("{what} sharding at index {at} must have all manual axes come before free axes"));
        }
        parts_fault(what, at, (global.as_tensor()?, local), &manual.only_manual(sharding), mesh)
    })
}

fn parts_fault(
    what: &str,
    at: usize,
    (global, local): (&TensorType, &Type),
    sharding: &TensorSharding,
    mesh: &Mesh,
) -> Option<String> {
    let sizes = global.sizes()?;
    let parts = |dim: usize| sharding.dims[dim].axes.iter().map(|axis| axis_size(mesh, axis)).product::<Option<u64>>();
    let uneven = (0..sizes.len()).find(|&dim| parts(dim).is_none_or(|parts| parts == 0 || sizes[dim] % parts != 0));
    if let Some(dim) = uneven {
        return Some(format!(
            "{what} {at} - manual computation op {what} dimension {dim} with size {} is not divisible by its manual parts, {}",
            sizes[dim],
            parts(dim).unwrap_or(0)
        ));
    }
    let expected = Type::Tensor(sharding.local_type(mesh, global)?);
    (expected != *local).then(|| {
        format!(
            "{what} shape, corresponding block arg shape or sharding at index {at} must match. expected local type {expected}, actual local type {local}"
        )
    })
}

/// What is wrong with `mhlo.sharding`, where it can be read.
fn hlo_fault(attr: &Attr, ty: &Type) -> Option<String> {
    let read = HloSharding::read(attr.as_str()?).ok()?;
    let HloSharding::Tiled { tiles, .. } = read else { return None };
    let rank = ty.as_tensor()?.rank()?;
    (tiles.len() != rank).then(|| format!("mhlo.sharding cuts {} dimensions of {ty}", tiles.len()))
}
