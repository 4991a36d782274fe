//! Whether a patch may be applied.
//!
//! The checks look only at what the patch touches, so they cost no more than the patch. They ask:
//! is the anchor there; does every tap dominate it and keep its type; is the fragment closed under
//! its own definitions; does every replacement have its value's type and stand before all its uses;
//! is what is erased unused; may the signature change.

use std::collections::HashSet;

use super::editor::Editor;
use super::error::PatchError;
use super::patch::{Patch, Tap};
use crate::graph::{CallGraph, Order};
use crate::ir::{Func, OpId, Traits, ValueDef, ValueId};
use crate::print::Names;

impl Editor<'_> {
    /// Checks all of `patch` against the function as it is.
    pub(super) fn check(&self, patch: &Patch) -> Result<(), PatchError> {
        if self.order().region_of(patch.anchor).is_none() {
            return Err(PatchError::AnchorGone);
        }
        check_fragment(&patch.fragment)?;
        self.check_taps(patch)?;
        let erased: HashSet<OpId> = patch.erased.iter().copied().collect();
        self.check_replacements(patch, &erased)?;
        self.check_erased(patch, &erased)?;
        self.check_signature(patch, &erased)
    }

    fn name_of(&self, op: OpId) -> String {
        self.func().ops[op].name().to_owned()
    }

    fn check_taps(&self, patch: &Patch) -> Result<(), PatchError> {
        let func = self.func();
        for (tap, &arg) in patch.taps.iter().zip(patch.fragment.args()) {
            let &Tap::Value(value) = tap else { continue };
            let Some(source) = func.values.get(value) else { return Err(PatchError::NoSuchValue) };
            if !self.order().dominates(func, value, patch.anchor) {
                let value = Names::of(func).get(func, value).to_string();
                let (ty, anchor) = (source.ty.to_string(), self.name_of(patch.anchor));
                return Err(PatchError::TapTooLate { value, ty, anchor });
            }
            let tap = patch.fragment.value_type(arg);
            if *tap != source.ty {
                return Err(PatchError::TapType { tap: tap.to_string(), value: source.ty.to_string() });
            }
        }
        Ok(())
    }

    fn check_replacements(&self, patch: &Patch, erased: &HashSet<OpId>) -> Result<(), PatchError> {
        let func = self.func();
        let mut seen = HashSet::new();
        let replaced: HashSet<ValueId> = patch.replacements.iter().map(|&(old, _)| old).collect();
        for &(old, new) in &patch.replacements {
            let (Some(old_value), Some(new_value)) = (func.values.get(old), patch.fragment.values.get(new)) else {
                return Err(PatchError::NoSuchValue);
            };
            if old_value.ty != new_value.ty {
                return Err(PatchError::Type { old: old_value.ty.to_string(), new: new_value.ty.to_string() });
            }
            if !seen.insert(old) {
                return Err(PatchError::ReplacedTwice { ty: old_value.ty.to_string() });
            }
            let tapped = self.tapped(patch, new);
            if tapped.is_some_and(|value| replaced.contains(&value)) {
                return Err(PatchError::Chained { ty: old_value.ty.to_string() });
            }
            for user in self.uses().get(old).iter().map(|u| u.op).filter(|op| !erased.contains(op)) {
                let in_time = self.reaches(patch.anchor, user)
                    || tapped.is_some_and(|value| self.order().dominates(func, value, user));
                if !in_time {
                    return Err(PatchError::UseTooEarly { user: self.name_of(user) });
                }
            }
        }
        Ok(())
    }

    /// The value of the target that `value` of the fragment is a tap of.
    fn tapped(&self, patch: &Patch, value: ValueId) -> Option<ValueId> {
        let ValueDef::Argument { region, index } = patch.fragment.values[value].def else { return None };
        match patch.taps.get(index as usize) {
            Some(&Tap::Value(tapped)) if Some(region) == patch.fragment.body => Some(tapped),
            _ => None,
        }
    }

    /// Whether what is inserted before `anchor` may be used by `user`.
    fn reaches(&self, anchor: OpId, user: OpId) -> bool {
        anchor == user || self.order().contains(anchor, user) || self.order().precedes(anchor, user)
    }

    fn check_erased(&self, patch: &Patch, erased: &HashSet<OpId>) -> Result<(), PatchError> {
        let func = self.func();
        let replaced: HashSet<ValueId> = patch.replacements.iter().map(|&(old, _)| old).collect();
        for &op in erased {
            let refused = self.order().region_of(op).is_none() || func.ops[op].opcode.has(Traits::TERMINATOR);
            if refused {
                return Err(PatchError::NotErasable { op: self.name_of(op) });
            }
            for &result in func.ops[op].results.iter().filter(|result| !replaced.contains(result)) {
                if let Some(user) = self.uses().get(result).iter().find(|u| !self.erased_with(erased, u.op)) {
                    return Err(PatchError::StillUsed { op: self.name_of(op), user: self.name_of(user.op) });
                }
            }
            let tap = |value: &ValueId| patch.taps.iter().any(|tap| matches!(tap, Tap::Value(v) if v == value));
            if func.ops[op].results.iter().any(tap) {
                return Err(PatchError::StillUsed { op: self.name_of(op), user: "a tap of the patch".to_owned() });
            }
        }
        Ok(())
    }

    /// Whether `op` is erased, itself or with an operation that contains it.
    fn erased_with(&self, erased: &HashSet<OpId>, op: OpId) -> bool {
        let mut at = Some(op);
        while let Some(op) = at {
            if erased.contains(&op) {
                return true;
            }
            at = self.order().parent_op(op);
        }
        false
    }

    fn check_signature(&self, patch: &Patch, erased: &HashSet<OpId>) -> Result<(), PatchError> {
        let (func, module) = (self.func(), self.module());
        for added in &patch.functions {
            if module.func_by_name(&added.name).is_some() {
                return Err(PatchError::SymbolTaken { name: added.name.to_string() });
            }
        }
        let count = func.args().len();
        let touched = patch.removed_parameters.iter().chain(patch.parameter_attrs.iter().map(|(index, ..)| index));
        if let Some(&index) = touched.clone().find(|&&index| index >= count) {
            return Err(PatchError::Parameter { index, reason: "there is no such parameter" });
        }
        for (at, &index) in patch.removed_parameters.iter().enumerate() {
            let value = func.args()[index];
            let replaced = patch.replacements.iter().any(|&(old, _)| old == value);
            let used = self.uses().get(value).iter().any(|u| !self.erased_with(erased, u.op)) && !replaced;
            let tapped = patch.taps.iter().any(|tap| matches!(tap, Tap::Value(v) if *v == value));
            if used || tapped || patch.removed_parameters[..at].contains(&index) {
                return Err(PatchError::Parameter { index, reason: "it is still used, or removed twice" });
            }
        }
        if patch.parameters.is_empty() && patch.removed_parameters.is_empty() {
            return Ok(());
        }
        let calls = CallGraph::of(module);
        let user = module.func_ids().find(|&id| calls.callees(id).iter().any(|(callee, _)| *callee == self.func_id()));
        match user {
            Some(id) => {
                Err(PatchError::SignatureInUse { func: func.name.to_string(), user: module.funcs[id].name.to_string() })
            }
            None => Ok(()),
        }
    }
}

/// Every operand is defined in the fragment, and nothing ends it.
fn check_fragment(fragment: &Func) -> Result<(), PatchError> {
    let order = Order::of(fragment);
    let mut result = Ok(());
    fragment.walk(|region, op| {
        let operation = &fragment.ops[op];
        if result.is_err() {
            return;
        }
        if Some(region) == fragment.body && operation.opcode.has(Traits::TERMINATOR) {
            result = Err(PatchError::Terminator { op: operation.name().to_owned() });
        }
        let outside = operation.operands.iter().position(|&operand| !order.dominates(fragment, operand, op));
        if let Some(index) = outside {
            result = Err(PatchError::NotInFragment { op: operation.name().to_owned(), index });
        }
    });
    result
}
