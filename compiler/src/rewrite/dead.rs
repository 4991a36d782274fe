//! Drops what cannot matter: operations whose results nothing needs, functions that nothing
//! reaches.

use std::collections::HashSet;

use crate::graph::{CallGraph, Effects, Order};
use crate::ir::{Entity, Func, FuncId, Item, Module, OpId, RegionId, ValueDef, Visibility};

/// Takes every operation out of `func` that has no effects and whose results no other needs, in
/// nested regions too. Returns how many were taken out, those inside of others not counted.
///
/// The operations stay in the arena; [`compact`](super::compact) drops them.
pub fn erase_dead(func: &mut Func, effects: &Effects) -> usize {
    let Some(body) = func.body else { return 0 };
    let live = live_ops(func, body, effects);
    let mut erased = 0;
    let mut regions = vec![body];
    while let Some(region) = regions.pop() {
        let mut ops = std::mem::take(&mut func.regions[region].ops);
        let before = ops.len();
        ops.retain(|op| live[op.index()]);
        erased += before - ops.len();
        regions.extend(ops.iter().flat_map(|&op| func.ops[op].regions.iter().copied()));
        func.regions[region].ops = ops;
    }
    erased
}

/// Marks the operations that terminators and operations with effects need.
fn live_ops(func: &Func, body: RegionId, effects: &Effects) -> Vec<bool> {
    let order = Order::of(func);
    let mut live = vec![false; func.ops.len()];
    let mut work: Vec<OpId> = func.terminator(body).into_iter().collect();
    func.walk(|_, op| work.extend(effects.has_own(&func.ops[op]).then_some(op)));
    while let Some(op) = work.pop() {
        if std::mem::replace(&mut live[op.index()], true) {
            continue;
        }
        work.extend(order.parent_op(op));
        work.extend(func.ops[op].regions.iter().filter_map(|&region| func.terminator(region)));
        for &operand in &func.ops[op].operands {
            if let ValueDef::Result { op: def, .. } = func.values[operand].def {
                work.push(def);
            }
        }
    }
    live
}

/// The functions that neither a public function nor a global of `module` leads to.
pub fn unreachable_functions(module: &Module) -> Vec<FuncId> {
    let public = module.func_ids().filter(|&id| module.funcs[id].visibility == Visibility::Public);
    let reached: HashSet<FuncId> = CallGraph::of(module).reachable(public).into_iter().collect();
    module.func_ids().filter(|id| !reached.contains(id)).collect()
}

/// Takes functions out of `module`; they stay in its arena.
pub fn erase_functions(module: &mut Module, dead: impl IntoIterator<Item = FuncId>) {
    let dead: HashSet<FuncId> = dead.into_iter().collect();
    module.items.retain(|item| !matches!(item, Item::Func(id) if dead.contains(id)));
}
