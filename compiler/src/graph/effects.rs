//! Which operations do more than compute their results.

use std::collections::HashMap;

use super::calls::CallGraph;
use crate::ir::{Func, FuncId, Module, OpId, Opcode, Operation, Traits};

/// The functions of a module whose execution has effects.
///
/// An operation has effects when the op table says so, when an operation in one of its regions has,
/// or when a function that it refers to has. A `custom_call` has none unless its `has_side_effect`
/// attribute says so. Termination is no effect: a loop whose results are unused may be dropped.
#[derive(Clone, Debug)]
pub struct Effects {
    effectful: HashMap<smol_str::SmolStr, bool>,
}

impl Effects {
    /// The effects of the functions of `module`; functions without a body have effects.
    pub fn of(module: &Module) -> Self {
        let calls = CallGraph::of(module);
        let mut effects = Self { effectful: HashMap::new() };
        for circle in calls.recursive() {
            // A circle is assumed effectful, so that one pass over the rest is enough.
            for id in circle {
                effects.effectful.insert(module.funcs[id].name.clone(), true);
            }
        }
        for id in calls.callees_first() {
            effects.add(module, id);
        }
        effects
    }

    /// Takes in a function that was added to the module.
    pub fn add(&mut self, module: &Module, id: FuncId) {
        let func = &module.funcs[id];
        let mut effectful = func.body.is_none();
        func.walk(|_, op| effectful |= self.has_own(&func.ops[op]));
        self.effectful.entry(func.name.clone()).or_insert(effectful);
    }

    /// Whether the operation does more than compute its results.
    pub fn has(&self, func: &Func, op: OpId) -> bool {
        let mut rest = vec![op];
        while let Some(op) = rest.pop() {
            if self.has_own(&func.ops[op]) {
                return true;
            }
            rest.extend(func.ops[op].regions.iter().flat_map(|&r| &func.regions[r].ops));
        }
        false
    }

    /// Whether the operation has effects apart from those of its regions.
    pub fn has_own(&self, op: &Operation) -> bool {
        if op.opcode == Opcode::CustomCall {
            return op.attr("has_side_effect").and_then(|a| a.as_bool()).unwrap_or(false);
        }
        if op.opcode.has(Traits::SIDE_EFFECT) {
            return true;
        }
        let symbols = op.attrs.iter().flat_map(|(_, attr)| super::symbols_of(attr));
        symbols.into_iter().any(|symbol| self.effectful.get(symbol).copied().unwrap_or(false))
    }
}
