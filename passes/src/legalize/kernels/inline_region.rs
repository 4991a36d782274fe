//! Computations in regions that run once.

use hire_compiler::ir::{Opcode, ValueId};
use hire_compiler::rewrite::{Context, RuleResult, Transplant};

/// `sdy.named_computation(x) {…}`, `async_done(async_start(x) {…})`  =>  the operations of the region, with x for its
/// argument
///
/// Not where a result's type differs from what the region gives.
pub(super) fn inline_region(c: &Context<'_>) -> RuleResult {
    let operation = c.operation();
    let start = match operation.opcode {
        Opcode::NamedComputation => operation,
        Opcode::AsyncDone => match c.operand(0).and_then(|future| c.definition(future, Opcode::AsyncStart)) {
            Some(start) => start,
            None => return Ok(None),
        },
        _ => return Ok(None),
    };
    let Some(&region) = start.regions.first() else { return Ok(None) };
    let mut patch = c.patch();
    let mut copies = Transplant::new();
    for (&arg, &operand) in c.func.regions[region].args.iter().zip(&start.operands) {
        let tap = patch.tap(c.func, operand);
        copies.bind(arg, tap);
    }
    let Some(given) = patch.splice_region(c.func, region, &mut copies) else { return Ok(None) };
    let types = |values: &[ValueId]| values.iter().map(|&v| c.func.value_type(v).clone()).collect::<Vec<_>>();
    let given_types: Vec<_> = given.iter().map(|&v| patch.fragment().value_type(v).clone()).collect();
    if types(&operation.results) != given_types {
        return Ok(None);
    }
    for (&old, new) in operation.results.iter().zip(given) {
        patch.replace(old, new);
    }
    patch.erase(c.op);
    Ok(Some(patch))
}
