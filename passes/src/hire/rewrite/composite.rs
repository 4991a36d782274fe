//! Emits a `hire.*` composite with its decomposition.

use hire_compiler::ir::{Attr, AttrMap, Builder, Func, Opcode, ValueId};
use smol_str::SmolStr;

/// Appends `composite "name"` on `operands`, decomposed by `decomposition`, whose symbol must
/// already be final. Returns the results.
pub(crate) fn composite(
    b: &mut Builder<'_>,
    name: &'static str,
    operands: &[ValueId],
    attributes: &[(&'static str, Attr)],
    symbol: &SmolStr,
    decomposition: &Func,
) -> Vec<ValueId> {
    let mut attrs = vec![("name", Attr::string(name))];
    if !attributes.is_empty() {
        let dict: AttrMap = attributes.iter().cloned().collect();
        attrs.push(("composite_attributes", Attr::Dict(dict)));
    }
    attrs.push(("decomposition", Attr::symbol(symbol.clone())));
    let op = b.op(Opcode::Composite, operands.iter().copied(), attrs, decomposition.ty.results.iter().cloned());
    b.func.ops[op].results.to_vec()
}
