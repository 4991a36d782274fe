//! Changes the arguments of the entry function.

use hire_compiler::ir::{Entity, Func, ValueDef, ValueId};

/// Removes those of `candidates` that nothing in the function uses; returns the removed.
pub(crate) fn remove_unused(func: &mut Func, candidates: &[ValueId]) -> Vec<ValueId> {
    let mut used = vec![false; func.values.len()];
    func.walk(|_, op| {
        for operand in &func.ops[op].operands {
            used[operand.index()] = true;
        }
    });
    let body = func.body.expect("the entry function has a body");
    let removable = |v: &ValueId| candidates.contains(v) && !used[v.index()];
    let removed: Vec<ValueId> = func.args().iter().copied().filter(removable).collect();
    let keep: Vec<bool> = func.args().iter().map(|v| !removed.contains(v)).collect();
    let mut kept = keep.iter();
    func.ty.inputs.retain(|_| *kept.next().expect("one type an argument"));
    let mut kept = keep.iter();
    func.arg_attrs.retain(|_| *kept.next().expect("one attribute map an argument"));
    func.regions[body].args.retain(|v| !removed.contains(v));
    for (index, value) in func.regions[body].args.clone().into_iter().enumerate() {
        func.values[value].def = ValueDef::Argument { region: body, index: index as u32 };
    }
    removed
}
