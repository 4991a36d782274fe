//! Computes what is computed twice only once.
//!
//! `y = f(x); z = f(x)`  =>  `y = f(x)`, with `y` for `z`
//!
//! Two operations are the same when opcode, operands, all attributes, result types and regions are;
//! regions are compared operation by operation. The operands of a commutative operation may stand
//! in either order: IEEE addition and multiplication give the same bits both ways, up to the
//! payload of a NaN, which StableHLO leaves open. The first of the two must dominate the second.
//!
//! Not merged are operations with effects, collectives (their number and order is agreed with
//! other devices), custom calls (what they do is not known here), and operations without results.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use hire_compiler::graph::Effects;
use hire_compiler::ir::{Attr, AttrMap, Func, FuncId, Module, OpId, Opcode, Operation, RegionId, Traits, ValueId};
use hire_compiler::rewrite::{Editor, Patch};

use crate::{PassContext, PassError};

/// Common subexpression elimination: one change for each operation that goes.
pub fn cse(module: &mut Module, context: &mut PassContext<'_>) -> Result<(), PassError> {
    let mut effects = Effects::of(module);
    for id in module.func_ids().collect::<Vec<FuncId>>() {
        let mut editor = Editor::with_effects(module, id, effects);
        merge(&mut editor, context)?;
        effects = editor.into_effects();
    }
    Ok(())
}

/// A region being walked: where, and which entries its operations have in the table.
struct Scope {
    region: RegionId,
    at: usize,
    entries: Vec<u64>,
}

fn merge(editor: &mut Editor<'_>, context: &mut PassContext<'_>) -> Result<(), PassError> {
    let mut seen: HashMap<u64, Vec<OpId>> = HashMap::new();
    let scope = |region| Scope { region, at: 0, entries: Vec::new() };
    let mut scopes: Vec<Scope> = editor.func().body.into_iter().map(scope).collect();
    while let Some(current) = scopes.last_mut() {
        let func = editor.func();
        let Some(&op) = func.regions[current.region].ops.get(current.at) else {
            // What a region computed is not there for what follows the region.
            for entry in scopes.pop().into_iter().flat_map(|scope| scope.entries) {
                seen.get_mut(&entry).and_then(Vec::pop);
            }
            continue;
        };
        if may_merge(func, op, editor.effects()) {
            let entry = fingerprint(func, op);
            let known = seen.entry(entry).or_default();
            // A body that is isolated, such as that of a manual computation, does not see what was computed around it.
            let visible = |&first: &OpId| editor.order().dominates(func, func.ops[first].results[0], op);
            if let Some(&first) = known.iter().find(|&&first| same(func, first, op) && visible(&first)) {
                if !context.ledger.allow("common-subexpression") {
                    return Ok(());
                }
                editor.apply(&substitute(func, op, first))?;
                continue;
            }
            known.push(op);
            current.entries.push(entry);
        }
        current.at += 1;
        let regions = func.ops[op].regions.clone();
        scopes.extend(regions.into_iter().rev().map(scope));
    }
    Ok(())
}

/// The patch that lets `first` do for `op`.
fn substitute(func: &Func, op: OpId, first: OpId) -> Patch {
    let mut patch = Patch::before(op);
    for (&old, &new) in func.ops[op].results.iter().zip(&func.ops[first].results) {
        patch.replace_with(func, old, new);
    }
    patch.erase(op);
    patch
}

fn may_merge(func: &Func, op: OpId, effects: &Effects) -> bool {
    let operation = &func.ops[op];
    !operation.results.is_empty()
        && ![Traits::TERMINATOR, Traits::COLLECTIVE].iter().any(|&traits| operation.opcode.has(traits))
        && !matches!(operation.opcode, Opcode::CustomCall | Opcode::Foreign)
        && !effects.has(func, op)
}

/// The operands in an order that does not depend on how a commutative operation was written.
fn ordered(operation: &Operation, bound: &HashMap<ValueId, ValueId>) -> Vec<ValueId> {
    let mut operands: Vec<ValueId> = operation.operands.iter().map(|v| *bound.get(v).unwrap_or(v)).collect();
    if operation.opcode.has(Traits::COMMUTATIVE) {
        operands.sort_unstable();
    }
    operands
}

/// Equal for operations that are [`same`]. Of large constants only the ends are read.
fn fingerprint(func: &Func, op: OpId) -> u64 {
    let mut hasher = DefaultHasher::new();
    let operation = &func.ops[op];
    operation.opcode.hash(&mut hasher);
    ordered(operation, &HashMap::new()).hash(&mut hasher);
    for (name, attr) in operation.attrs.iter() {
        name.hash(&mut hasher);
        match attr {
            Attr::Elements(elements) => {
                const END: usize = 64;
                let data = &elements.data;
                (&elements.ty, data.len(), elements.splat).hash(&mut hasher);
                (&data[..data.len().min(END)], &data[data.len().saturating_sub(END)..]).hash(&mut hasher);
            }
            other => other.hash(&mut hasher),
        }
    }
    for &result in &operation.results {
        func.value_type(result).hash(&mut hasher);
    }
    for &region in &operation.regions {
        func.regions[region].ops.len().hash(&mut hasher);
    }
    hasher.finish()
}

/// Whether two operations compute the same, given that their operands are what they are.
fn same(func: &Func, first: OpId, second: OpId) -> bool {
    // Values defined in regions of `second`, and the values of `first` that they correspond to.
    let mut bound: HashMap<ValueId, ValueId> = HashMap::new();
    let mut pairs = vec![(first, second)];
    while let Some((a, b)) = pairs.pop() {
        let (a, b) = (&func.ops[a], &func.ops[b]);
        let alike = a.opcode == b.opcode
            && a.foreign_name == b.foreign_name
            && ordered(a, &HashMap::new()) == ordered(b, &bound)
            && same_attrs(&a.attrs, &b.attrs)
            && same_types(func, &a.results, &b.results)
            && a.regions.len() == b.regions.len();
        if !alike {
            return false;
        }
        bound.extend(b.results.iter().copied().zip(a.results.iter().copied()));
        for (&a, &b) in a.regions.iter().zip(&b.regions) {
            let (a, b) = (&func.regions[a], &func.regions[b]);
            if a.ops.len() != b.ops.len() || !same_types(func, &a.args, &b.args) {
                return false;
            }
            bound.extend(b.args.iter().copied().zip(a.args.iter().copied()));
            pairs.extend(a.ops.iter().copied().zip(b.ops.iter().copied()).rev());
        }
    }
    true
}

fn same_types(func: &Func, a: &[ValueId], b: &[ValueId]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(&a, &b)| func.value_type(a) == func.value_type(b))
}

/// Equality in whatever order the attributes were given.
fn same_attrs(a: &AttrMap, b: &AttrMap) -> bool {
    a.len() == b.len() && a.iter().all(|(name, attr)| b.get(name) == Some(attr))
}
