//! Applies patches to a function and keeps the views of it current.

use super::context::Context;
use super::error::PatchError;
use super::patch::{Patch, Tap};
use super::provenance::Provenance;
use super::transplant::Transplant;
use crate::graph::{Effects, Order, Uses};
use crate::ir::{Entity, Func, FuncId, Module, OpId, RegionId, Traits, ValueDef, ValueId};

/// A function under change, with its def-use chains and its order.
///
/// Making an editor costs time linear in the function; applying a patch costs time in proportion to
/// the patch, and to the users of what it replaces.
pub struct Editor<'m> {
    module: &'m mut Module,
    id: FuncId,
    uses: Uses,
    order: Order,
    effects: Effects,
}

/// What a patch changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// The operations it inserted, those in regions of others not listed.
    pub inserted: Vec<OpId>,
    /// Operations that have another operand than before, and those that lost a user: there may be
    /// something to do at them.
    pub touched: Vec<OpId>,
    /// The operations it took out, those in regions of others not listed.
    pub erased: Vec<OpId>,
    /// The functions it added.
    pub functions: Vec<FuncId>,
    /// Which value of the function each value of the fragment became.
    values: Transplant,
}

impl Applied {
    /// What a value of the patch's fragment became: a tapped value, a new parameter, or the result
    /// of an inserted operation.
    pub fn value(&self, fragment: ValueId) -> Option<ValueId> {
        self.values.value(fragment)
    }
}

impl<'m> Editor<'m> {
    /// An editor of a function of `module`.
    pub fn new(module: &'m mut Module, id: FuncId) -> Self {
        let effects = Effects::of(module);
        Self::with_effects(module, id, effects)
    }

    /// An editor that knows the effects of the module's functions already.
    pub fn with_effects(module: &'m mut Module, id: FuncId, effects: Effects) -> Self {
        let func = &module.funcs[id];
        let (uses, order) = (Uses::of(func), Order::of(func));
        Self { module, id, uses, order, effects }
    }

    /// The module.
    pub fn module(&self) -> &Module {
        self.module
    }

    /// The function's handle.
    pub fn func_id(&self) -> FuncId {
        self.id
    }

    /// The function.
    pub fn func(&self) -> &Func {
        &self.module.funcs[self.id]
    }

    /// Its def-use chains.
    pub fn uses(&self) -> &Uses {
        &self.uses
    }

    /// Its order.
    pub fn order(&self) -> &Order {
        &self.order
    }

    /// The effects of the module's functions.
    pub fn effects(&self) -> &Effects {
        &self.effects
    }

    /// The same, for the next editor.
    pub fn into_effects(self) -> Effects {
        self.effects
    }

    /// What a rule sees that looks at `op`.
    pub fn context(&self, op: OpId) -> Context<'_> {
        Context {
            module: self.module,
            func_id: self.id,
            func: self.func(),
            op,
            uses: &self.uses,
            order: &self.order,
            effects: &self.effects,
        }
    }

    /// Checks the patch and applies it. On an error nothing has changed.
    pub fn apply(&mut self, patch: &Patch) -> Result<Applied, PatchError> {
        self.check(patch)?;
        let mut applied = Applied::default();
        for func in &patch.functions {
            let id = self.module.add_func(func.clone());
            self.effects.add(self.module, id);
            applied.functions.push(id);
        }
        let mut copies = self.bind_taps(patch);
        let inserted = self.insert(patch, &mut copies);
        self.replace(patch, &copies, &mut applied);
        for &op in &inserted {
            self.count_uses(op);
        }
        applied.inserted = inserted;
        self.erase(patch, &mut applied);
        self.change_signature(patch);
        applied.values = copies;
        Ok(applied)
    }

    /// Binds the fragment's arguments to values of the target, new parameters among them.
    fn bind_taps(&mut self, patch: &Patch) -> Transplant {
        let func = &mut self.module.funcs[self.id];
        let mut copies = Transplant::new();
        for (tap, &arg) in patch.taps.iter().zip(patch.fragment.args()) {
            let value = match tap {
                Tap::Value(value) => *value,
                Tap::Parameter(index) => {
                    let parameter = &patch.parameters[*index];
                    let body = func.body.expect("a function with an anchor has a body");
                    func.ty.inputs.push(parameter.ty.clone());
                    func.arg_attrs.push(parameter.attrs.clone());
                    func.add_arg(body, parameter.ty.clone(), parameter.loc)
                }
            };
            copies.bind(arg, value);
        }
        copies
    }

    /// Copies the fragment's operations to before the anchor.
    fn insert(&mut self, patch: &Patch, copies: &mut Transplant) -> Vec<OpId> {
        let Module { funcs, locs, .. } = &mut *self.module;
        let func = &mut funcs[self.id];
        let body = patch.fragment.body.expect("a fragment is made with a body");
        let provenance = Provenance::of(patch, func, locs);
        let ops = &patch.fragment.regions[body].ops;
        let first_new = func.ops.next_key().index();
        let closed = |_: &mut Func, value| value;
        let inserted = copies.copy(&patch.fragment, ops, func, closed);
        for op in func.ops.keys().skip(first_new) {
            provenance.complete(func, op, locs);
        }
        if !inserted.is_empty() {
            let region = self.order.region_of(patch.anchor).expect("the anchor was checked");
            let at = self.order.position(func, patch.anchor).expect("an ordered operation is in its region");
            func.regions[region].ops.splice(at..at, inserted.iter().copied());
            self.order.insert(func, region, at, inserted.len());
        }
        inserted
    }

    /// Replaces values, and notes whose operands that changes.
    fn replace(&mut self, patch: &Patch, copies: &Transplant, applied: &mut Applied) {
        let func = &mut self.module.funcs[self.id];
        let resolved: Vec<(ValueId, ValueId)> = patch
            .replacements
            .iter()
            .map(|&(old, new)| (old, copies.value(new).expect("replacements were checked")))
            .collect();
        for &(old, new) in &resolved {
            let moved = self.uses.replace(func, old, new);
            applied.touched.extend(moved.iter().map(|u| u.op));
        }
    }

    /// Counts the uses of an operation and of all that its regions hold.
    fn count_uses(&mut self, op: OpId) {
        let func = &self.module.funcs[self.id];
        let mut rest = vec![op];
        while let Some(op) = rest.pop() {
            self.uses.add(func, op);
            rest.extend(func.ops[op].regions.iter().flat_map(|&r| &func.regions[r].ops));
        }
    }

    /// Erases what the patch names, and what the replacements left without use or effect.
    fn erase(&mut self, patch: &Patch, applied: &mut Applied) {
        let replaced = patch.replacements.iter().filter_map(|&(old, _)| self.func().defining_op(old));
        let mut suspects: Vec<OpId> = replaced.collect();
        for &op in &patch.erased {
            if self.order.region_of(op).is_some() {
                suspects.extend(self.take_out(op));
                applied.erased.push(op);
            }
        }
        while let Some(op) = suspects.pop() {
            if self.order.region_of(op).is_none() {
                continue;
            }
            if self.is_dead(op) {
                suspects.extend(self.take_out(op));
                applied.erased.push(op);
            } else {
                applied.touched.push(op);
            }
        }
        applied.touched.retain(|&op| self.order.region_of(op).is_some());
    }

    /// Whether nothing would miss the operation.
    fn is_dead(&self, op: OpId) -> bool {
        let func = self.func();
        !func.ops[op].opcode.has(Traits::TERMINATOR)
            && func.ops[op].results.iter().all(|&result| self.uses.is_unused(result))
            && !self.effects.has(func, op)
    }

    /// Takes an operation out of its region and the views; returns what defined its operands.
    fn take_out(&mut self, op: OpId) -> Vec<OpId> {
        let func = &mut self.module.funcs[self.id];
        let region = self.order.region_of(op).expect("only operations in a region are taken out");
        let at = self.order.position(func, op).expect("an ordered operation is in its region");
        func.regions[region].ops.remove(at);
        let mut defs = Vec::new();
        let mut rest = vec![op];
        while let Some(inner) = rest.pop() {
            self.uses.remove(func, inner);
            defs.extend(func.ops[inner].operands.iter().filter_map(|&value| func.defining_op(value)));
            rest.extend(func.ops[inner].regions.iter().flat_map(|&r| &func.regions[r].ops));
        }
        self.order.remove(func, op);
        defs
    }

    fn change_signature(&mut self, patch: &Patch) {
        let func = &mut self.module.funcs[self.id];
        for (index, name, attr) in &patch.parameter_attrs {
            func.arg_attrs[*index].set(name.clone(), attr.clone());
        }
        let mut removed = patch.removed_parameters.clone();
        removed.sort_unstable_by(|a, b| b.cmp(a));
        for index in removed {
            let body = func.body.expect("a function with an anchor has a body");
            func.regions[body].args.remove(index);
            func.ty.inputs.remove(index);
            func.arg_attrs.remove(index);
            renumber_args(func, body);
        }
    }
}

fn renumber_args(func: &mut Func, region: RegionId) {
    for (index, arg) in func.regions[region].args.clone().into_iter().enumerate() {
        func.values[arg].def = ValueDef::Argument { region, index: index as u32 };
    }
}

impl Patch {
    /// Applies the patch to a function of `module`. [`Editor`] is quicker for several.
    pub fn apply(&self, module: &mut Module, func: FuncId) -> Result<Applied, PatchError> {
        Editor::new(module, func).apply(self)
    }
}
