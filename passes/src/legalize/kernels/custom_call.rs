//! Custom calls that stand for operations.

use hire_compiler::ir::{Attr, Opcode, Type};
use hire_compiler::rewrite::{Context, RuleResult};

/// `custom_call @mhlo.f(x) {mhlo.attributes = {…}}`  =>  `chlo.f(x) {…}`, or `stablehlo.f`
///
/// Not where there is no such operation, or it has regions. `mhlo.topk` is kept: its attributes are
/// others than those of `chlo.top_k`.
pub(super) fn custom_call(c: &Context<'_>) -> RuleResult {
    let operation = c.operation();
    let target = operation.str_attr("call_target_name").filter(|_| operation.opcode == Opcode::CustomCall);
    let Some((dialect, name)) = target.and_then(|target| target.split_once('.')) else { return Ok(None) };
    if !matches!(dialect, "mhlo" | "chlo") {
        return Ok(None);
    }
    let known = |dialect: &str| Opcode::from_name(&format!("{dialect}.{name}"));
    let Some(opcode) = known("chlo").or_else(|| known("stablehlo")) else { return Ok(None) };
    if !operation.regions.is_empty() || operation.attrs.contains("called_computations") {
        return Ok(None);
    }
    let given = |name: &str| match operation.attr("mhlo.attributes") {
        Some(Attr::Dict(attrs)) => attrs.get(name).cloned(),
        _ => None,
    };
    let declared = opcode.info().attributes.iter();
    let attributes: Vec<_> = declared.filter_map(|attr| Some((attr.name, given(attr.name)?))).collect();
    let types: Vec<Type> = operation.results.iter().map(|&v| c.func.value_type(v).clone()).collect();
    let mut patch = c.patch();
    let operands: Vec<_> = operation.operands.iter().map(|&operand| patch.tap(c.func, operand)).collect();
    let new = patch.builder().op(opcode, operands, attributes, types);
    let results = patch.fragment().ops[new].results.clone();
    for (&old, &new) in operation.results.iter().zip(&results) {
        patch.replace(old, new);
    }
    patch.erase(c.op);
    Ok(Some(patch))
}
