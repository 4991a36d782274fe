//! A change to a function, described before it is made.
//!
//! A patch is built on a function of its own, the *fragment*. Values of the target enter it as
//! *taps* (arguments of the fragment), the usual [`Builder`] appends operations to it, and
//! *replacements* say which values of the target its values take the place of. Nothing of the
//! target changes until [`Editor::apply`](super::Editor::apply), which checks the whole patch
//! first.

use std::collections::HashMap;

use smol_str::SmolStr;

use super::transplant::Transplant;
use crate::ir::{
    Attr, AttrMap, Builder, Entity, Func, FuncId, FunctionType, LocId, Module, OpId, RegionId, Traits, Type, ValueId,
};

/// What an argument of a fragment stands for.
#[derive(Clone, Debug)]
pub(super) enum Tap {
    /// A value of the target.
    Value(ValueId),
    /// The parameter that the patch adds to the target, by its place in [`Patch::parameters`].
    Parameter(usize),
}

/// A parameter to add to the target function.
#[derive(Clone, Debug)]
pub(super) struct Parameter {
    pub(super) ty: Type,
    pub(super) attrs: AttrMap,
    pub(super) loc: LocId,
}

/// A change to one function: operations to insert before an anchor, values to replace, operations
/// to erase, functions to add. See the [module](self).
#[derive(Clone, Debug)]
pub struct Patch {
    pub(super) anchor: OpId,
    pub(super) fragment: Func,
    pub(super) taps: Vec<Tap>,
    tapped: HashMap<ValueId, ValueId>,
    /// Value of the target, value of the fragment.
    pub(super) replacements: Vec<(ValueId, ValueId)>,
    pub(super) erased: Vec<OpId>,
    pub(super) functions: Vec<Func>,
    pub(super) parameters: Vec<Parameter>,
    pub(super) removed_parameters: Vec<usize>,
    pub(super) parameter_attrs: Vec<(usize, SmolStr, Attr)>,
    pub(super) call_site: Option<LocId>,
}

impl Patch {
    /// A patch whose operations will stand just before `anchor`.
    pub fn before(anchor: OpId) -> Self {
        Self {
            anchor,
            fragment: Func::new("fragment", FunctionType::default()),
            taps: Vec::new(),
            tapped: HashMap::new(),
            replacements: Vec::new(),
            erased: Vec::new(),
            functions: Vec::new(),
            parameters: Vec::new(),
            removed_parameters: Vec::new(),
            parameter_attrs: Vec::new(),
            call_site: None,
        }
    }

    /// The fragment's body.
    fn body(&self) -> RegionId {
        self.fragment.body.expect("a fragment is made with a body")
    }

    /// The value of the fragment that stands for `value` of `target`. It must dominate the anchor.
    pub fn tap(&mut self, target: &Func, value: ValueId) -> ValueId {
        if let Some(&tap) = self.tapped.get(&value) {
            return tap;
        }
        let body = self.body();
        let tap = self.fragment.add_arg(body, target.value_type(value).clone(), LocId::UNKNOWN);
        self.taps.push(Tap::Value(value));
        self.tapped.insert(value, tap);
        tap
    }

    /// A builder at the end of the fragment. Operands must be values of the fragment: taps, or
    /// results of operations built before. Operations whose location is left unknown get the
    /// location of what the patch replaces.
    pub fn builder(&mut self) -> Builder<'_> {
        Builder::new(&mut self.fragment)
    }

    /// The fragment as built so far, for looking at types of its values.
    pub fn fragment(&self) -> &Func {
        &self.fragment
    }

    /// Lets the fragment's value `new`, of the same type, take the place of the target's value
    /// `old` in all its users. The operation that defines `old` is erased with the patch when it
    /// has no effects and nothing else uses it.
    pub fn replace(&mut self, old: ValueId, new: ValueId) {
        self.replacements.push((old, new));
    }

    /// Replaces `old` with another value of the target.
    pub fn replace_with(&mut self, target: &Func, old: ValueId, new: ValueId) {
        let tap = self.tap(target, new);
        self.replace(old, tap);
    }

    /// Erases an operation of the target whatever its effects. Its results must be unused by then.
    pub fn erase(&mut self, op: OpId) {
        self.erased.push(op);
    }

    /// Adds a function to the module, and returns its symbol: the function's name, with a number
    /// when that is taken.
    pub fn add_func(&mut self, module: &Module, mut func: Func) -> SmolStr {
        let wanted = func.name.clone();
        let mut number = 0u32;
        loop {
            func.name = module.fresh_symbol(&func.name);
            if self.functions.iter().all(|other| other.name != func.name) {
                break;
            }
            number += 1;
            func.name = format!("{wanted}_{number}").into();
        }
        let symbol = func.name.clone();
        self.functions.push(func);
        symbol
    }

    /// Adds a parameter at the end of the target's and returns what stands for it in the fragment.
    /// `loc` carries its name. Nothing may refer to the target function.
    pub fn add_parameter(&mut self, ty: Type, attrs: AttrMap, loc: LocId) -> ValueId {
        let body = self.body();
        let value = self.fragment.add_arg(body, ty.clone(), loc);
        self.taps.push(Tap::Parameter(self.parameters.len()));
        self.parameters.push(Parameter { ty, attrs, loc });
        value
    }

    /// Removes a parameter of the target, which must be unused by then. Nothing may refer to the
    /// target function.
    pub fn remove_parameter(&mut self, index: usize) {
        self.removed_parameters.push(index);
    }

    /// Sets an attribute of a parameter of the target.
    pub fn set_parameter_attr(&mut self, index: usize, name: impl Into<SmolStr>, attr: Attr) {
        self.parameter_attrs.push((index, name.into(), attr));
    }

    /// Makes the location of every operation of the fragment `callsite(its own at caller)`.
    pub fn at_call_site(&mut self, caller: LocId) {
        self.call_site = Some(caller);
    }

    /// Appends copies of operations of `source`, which must be in program order, to the fragment.
    /// `arguments` binds values of `source` to values of the fragment; `copies.value` then tells
    /// the copies of results. A patch whose operations use a value of `source` that is neither
    /// bound nor defined by them will not apply.
    pub fn copy(&mut self, source: &Func, ops: &[OpId], copies: &mut Transplant) {
        let body = self.body();
        let ops = copies.copy(source, ops, &mut self.fragment, |_, _| ValueId::new(u32::MAX));
        self.fragment.regions[body].ops.extend(ops);
    }

    /// Appends copies of operations of the target, which must be in program order, to the fragment.
    /// What they use of the target, inside of their regions too, is tapped.
    pub fn copy_of_target(&mut self, target: &Func, ops: &[OpId], copies: &mut Transplant) {
        let body = self.body();
        let (taps, tapped) = (&mut self.taps, &mut self.tapped);
        let capture = |fragment: &mut Func, value: ValueId| {
            *tapped.entry(value).or_insert_with(|| {
                taps.push(Tap::Value(value));
                fragment.add_arg(body, target.value_type(value).clone(), LocId::UNKNOWN)
            })
        };
        let ops = copies.copy(target, ops, &mut self.fragment, capture);
        self.fragment.regions[body].ops.extend(ops);
    }

    /// Appends copies of the operations of a region of the target, its terminator excluded, and
    /// returns what stands in the fragment for the terminator's operands. The region's arguments
    /// must be bound in `copies`. `None`, and nothing appended, when the region has no terminator.
    pub fn splice_region(&mut self, target: &Func, region: RegionId, copies: &mut Transplant) -> Option<Vec<ValueId>> {
        let (&last, ops) = target.regions[region].ops.split_last()?;
        let terminator = &target.ops[last];
        if !terminator.opcode.has(Traits::TERMINATOR) {
            return None;
        }
        self.copy_of_target(target, ops, copies);
        let given = |&value: &ValueId| copies.value(value).unwrap_or_else(|| self.tap(target, value));
        Some(terminator.operands.iter().map(given).collect())
    }

    /// The patch that puts the body of `callee` in the place of `call`, an operation of `caller`
    /// whose operands and results are the callee's. `None` when the callee has no body, or is
    /// `caller`'s own function.
    pub fn inline(module: &Module, caller: FuncId, call: OpId, callee: FuncId) -> Option<Patch> {
        let (target, source) = (&module.funcs[caller], &module.funcs[callee]);
        let body = source.body.filter(|_| caller != callee)?;
        let (returned, ops) = source.regions[body].ops.split_last()?;
        if !source.ops[*returned].opcode.has(Traits::TERMINATOR) {
            return None;
        }
        let mut patch = Patch::before(call);
        let mut copies = Transplant::new();
        for (&arg, &operand) in source.args().iter().zip(&target.ops[call].operands) {
            let tap = patch.tap(target, operand);
            copies.bind(arg, tap);
        }
        patch.copy(source, ops, &mut copies);
        for (&result, value) in target.ops[call].results.iter().zip(&source.ops[*returned].operands) {
            let value = copies.value(*value).expect("the verifier requires what is returned to be defined");
            patch.replace(result, value);
        }
        patch.erase(call);
        patch.at_call_site(target.ops[call].loc);
        Some(patch)
    }
}
