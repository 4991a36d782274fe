//! The pass `da-topk`.

use std::cell::RefCell;
use std::collections::HashSet;

use hire_compiler::diag::Diagnostic;
use hire_compiler::ir::{FuncId, Module, OpId, Opcode, Visibility};
use hire_compiler::rewrite::{Context, Driver, Editor, Patch, RuleResult};
use hire_compiler::sharding::Meshes;

use super::choose::{self, Guarantee};
use super::exchange::{Exchange, Level};
use super::gathered;
use super::outlet::{Order, Outlet, static_type};
use super::propagate::{Placements, propagate};
use super::stream::{can_pack, lanes};
use super::wrapped::{self, Layout, drop_dim};
use crate::{PassContext, PassError};

/// What `da-topk` and `localize` are to do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DistributeOptions {
    /// The expected recall that a selection must have; exact without one.
    pub recall: Option<f64>,
    /// How many entries each shard sends, whatever the recall.
    pub per_shard: Option<u64>,
    /// Whether the entry becomes the program of one device.
    pub localize: bool,
}

/// A selection that was distributed.
#[derive(Clone, Debug, PartialEq)]
pub struct Distributed {
    /// How many entries it selects (k).
    pub k: u64,
    /// Of how many.
    pub entries: u64,
    /// Over how many devices.
    pub shards: u64,
    /// How many entries each of them sends (k'').
    pub per_shard: u64,
    /// The expected recall; `None` where the result is exact.
    pub recall: Option<f64>,
    /// Bytes that a device receives a step.
    pub bytes: u64,
    /// Bytes that it would receive of the dimension as a whole.
    pub dense_bytes: u64,
}

/// What the rules of one function leave behind.
#[derive(Default)]
struct Notes {
    remarks: Vec<Diagnostic>,
    done: Vec<Distributed>,
    /// Operations that were spoken about.
    seen: HashSet<OpId>,
}

/// Distributes selections over sharded dimensions. See the [module](super).
///
/// # Errors
/// When more entries are to be sent than a shard has, or fewer than the selection needs.
pub fn da_topk(module: &mut Module, context: &mut PassContext<'_>) -> Result<(), PassError> {
    let meshes = Meshes::of(module);
    let options = context.distribute.clone();
    for id in module.func_ids().collect::<Vec<_>>() {
        let placements = automatic(module, id, &meshes);
        let notes = RefCell::new(Notes::default());
        let mut driver = Driver::new()
            .rule("da-topk-gathered", |c: &Context<'_>| gathered_rule(c, &options, &notes))
            .rule("da-topk-sharded", |c: &Context<'_>| sharded_rule(c, &options, &notes, &placements, &meshes));
        let mut editor = Editor::new(module, id);
        let outcome = driver.run(&mut editor, &mut context.ledger);
        drop(driver);
        let notes = notes.into_inner();
        notes.remarks.into_iter().for_each(|remark| context.remark(remark));
        context.distributed.extend(notes.done);
        outcome?;
    }
    Ok(())
}

/// The placements of a function that is compiled as a whole; none for one that others call, perhaps from a manual
/// computation.
fn automatic(module: &Module, id: FuncId, meshes: &Meshes) -> Placements {
    let func = &module.funcs[id];
    let is_entry = func.visibility == Visibility::Public || module.entry() == Some(id);
    if is_entry && meshes.single().is_some() { propagate(func, meshes) } else { Placements::new() }
}

/// `outlet(f(all_gather(z)))`  =>  an exchange; see [`gathered`].
fn gathered_rule(c: &Context<'_>, options: &DistributeOptions, notes: &RefCell<Notes>) -> RuleResult {
    let Some(outlet) = candidate(c) else { return Ok(None) };
    let Some((first, locals)) = gathered::inputs(c.func, &outlet) else { return Ok(None) };
    let Some((levels, shard)) = first.levels(c.func, outlet.dim) else { return Ok(None) };
    let shards: u64 = levels.iter().map(|level| level.size).product();
    if shards < 2 || shard * shards != outlet.size(c.func) {
        return Ok(None);
    }
    if !first.serves_only_selections(c.module, c.func, c.uses, outlet.dim) {
        let reason = "the gathered values are used otherwise too";
        return leave(c, notes, reason);
    }
    let (kept, promised) = decide(c, &outlet, shards, shard, options)?;
    let note = describe(c, &outlet, &levels, (shards, shard), kept, promised);
    if note.bytes >= note.dense_bytes {
        return leave(c, notes, "pairs of values and positions would take more bytes than the values");
    }
    let exchange = Exchange { module: c.module, func: c.func, outlet: &outlet, levels: &levels, shard, kept };
    let mut patch = c.patch();
    let inputs = gathered::emit_inputs(c.func, &mut patch, &locals, outlet.dim);
    let inits: Vec<_> = outlet.inits.iter().map(|&init| patch.tap(c.func, init)).collect();
    let mut selected = exchange.emit(&mut patch.builder(), &inputs, &inits);
    if outlet.order == Order::Reduce {
        let mut b = patch.builder();
        selected = selected.into_iter().map(|value| drop_dim(&mut b, value, outlet.dim)).collect();
    }
    if wrapped::replace(c.func, c.uses, &outlet, &mut patch, &selected).is_none() {
        return Ok(None);
    }
    finish(c, notes, note, patch)
}

/// `outlet(z)`, z sharded  =>  a manual computation; see [`wrapped`].
fn sharded_rule(
    c: &Context<'_>,
    options: &DistributeOptions,
    notes: &RefCell<Notes>,
    placements: &Placements,
    meshes: &Meshes,
) -> RuleResult {
    if placements.is_empty() || c.order.region_of(c.op) != c.func.body {
        return Ok(None);
    }
    let Some(outlet) = candidate(c) else { return Ok(None) };
    let Some(placement) = placements.get(&outlet.inputs[0]) else { return Ok(None) };
    let reference = hire_compiler::ir::MeshReference::Symbol(placement.mesh.clone());
    let Some(mesh) = meshes.get(&reference) else { return Ok(None) };
    let Some(layout) = Layout::of(c.func, &outlet, placement, mesh) else { return Ok(None) };
    let uneven = layout.padding(c.func, &outlet) > 0;
    if uneven && matches!(outlet.order, Order::Sort { .. } | Order::Approximate { .. }) {
        return leave(
            c,
            notes,
            "the shards are uneven, and nothing is known to come last in the order of its comparator",
        );
    }
    if layout.padding(c.func, &outlet) >= layout.shard {
        return leave(c, notes, "some devices would have no entry");
    }
    let (kept, promised) = decide(c, &outlet, layout.shards, layout.shard, options)?;
    let levels = layout.levels(&outlet, kept);
    let note = describe(c, &outlet, &levels, (layout.shards, layout.shard), kept, promised);
    if note.bytes >= note.dense_bytes {
        return leave(c, notes, "pairs of values and positions would take more bytes than the values");
    }
    let exchange =
        Exchange { module: c.module, func: c.func, outlet: &outlet, levels: &levels, shard: layout.shard, kept };
    match wrapped::wrap(&exchange, &layout, c.uses) {
        Some(patch) => finish(c, notes, note, patch),
        None => Ok(None),
    }
}

/// The operation as an outlet of elements that can be packed.
fn candidate(c: &Context<'_>) -> Option<Outlet> {
    let selects = [Opcode::TopK, Opcode::Reduce, Opcode::Sort, Opcode::CustomCall, Opcode::Composite];
    let outlet = Some(c.operation().opcode)
        .filter(|opcode| selects.contains(opcode))
        .and_then(|_| Outlet::read(c.module, c.func, c.uses, c.op))?;
    let packs = |&value: &_| static_type(c.func, value).is_some_and(|ty| can_pack(&ty.element));
    outlet.inputs.iter().all(packs).then_some(outlet)
}

/// How many entries each shard sends, and what that promises.
fn decide(
    c: &Context<'_>,
    outlet: &Outlet,
    shards: u64,
    shard: u64,
    options: &DistributeOptions,
) -> Result<(u64, Guarantee), Diagnostic> {
    let (n, k) = (outlet.size(c.func), outlet.k);
    // What a reduction keeps is one entry, and nothing of it can be left out.
    let Some(kept) = options.per_shard.filter(|_| outlet.order != Order::Reduce) else {
        return Ok(choose::per_shard(n, k, shards, options.recall));
    };
    let refuse = |message: String| Err(Diagnostic::error(c.operation().span, message));
    if kept > shard {
        return refuse(format!("each shard is to send {kept} entries, but has {shard}: {n} over {shards} devices"));
    }
    if kept * shards < k {
        return refuse(format!("{shards} shards that send {kept} entries each cannot give the {k} that are selected"));
    }
    Ok((kept.min(k), choose::guarantee(n, k, shards, kept)))
}

fn describe(
    c: &Context<'_>,
    outlet: &Outlet,
    levels: &[Level],
    (shards, shard): (u64, u64),
    kept: u64,
    promised: Guarantee,
) -> Distributed {
    let ty = static_type(c.func, outlet.inputs[0]).expect("an outlet's inputs are static tensors");
    let rows = ty.element_count().unwrap_or(0) / outlet.size(c.func).max(1);
    let width: u64 = outlet.inputs.iter().filter_map(|&i| static_type(c.func, i)).map(|t| lanes(&t.element)).sum();
    let width = if outlet.order == Order::Total { width + 1 } else { width };
    let (mut received, mut count) = (0, kept);
    for level in levels {
        received += (level.size - 1) * count;
        count = outlet.k.min(level.size * count);
    }
    Distributed {
        k: outlet.k,
        entries: outlet.size(c.func),
        shards,
        per_shard: kept,
        recall: match promised {
            Guarantee::Exact => None,
            Guarantee::Recall(recall) => Some(recall),
        },
        bytes: received * width * 4 * rows,
        dense_bytes: ty.element.packed_bytes((shards - 1) * shard * rows),
    }
}

/// Says why an outlet stays as it is.
fn leave(c: &Context<'_>, notes: &RefCell<Notes>, reason: &str) -> RuleResult {
    let mut notes = notes.borrow_mut();
    if notes.seen.insert(c.op) {
        let message = format!("`{}` is not distributed: {reason}", c.operation().name());
        notes.remarks.push(Diagnostic::warning(c.operation().span, message));
    }
    Ok(None)
}

fn finish(c: &Context<'_>, notes: &RefCell<Notes>, note: Distributed, patch: Patch) -> RuleResult {
    let Distributed { k, entries, shards, per_shard, bytes, dense_bytes, .. } = note;
    let promise = match note.recall {
        None => "exact".to_owned(),
        Some(recall) => format!("expected recall {recall:.6}"),
    };
    let message = format!(
        "the {k} first of {entries} entries over {shards} devices: {promise}, each sends {per_shard}; a device receives \
         {bytes} bytes instead of {dense_bytes}"
    );
    let mut notes = notes.borrow_mut();
    notes.remarks.push(Diagnostic::remark(c.operation().span, message));
    notes.done.push(note);
    Ok(Some(patch))
}
