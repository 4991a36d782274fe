//! Selections that are decided when compiling.

use hire_compiler::ir::Opcode;
use hire_compiler::rewrite::{Context, RuleResult};

use super::super::known::splat_element;

/// `select(p, x, y)`  =>  `x` when every element of `p` is true, `y` when every one is false;
/// `select(p, x, x)`  =>  `x`.
///
/// Not when the type of what is selected differs from the result's, as in its bounds.
pub(super) fn select_known(c: &Context<'_>) -> RuleResult {
    let Some(select) = c.is(Opcode::Select) else { return Ok(None) };
    let [pred, on_true, on_false] = select.operands[..] else { return Ok(None) };
    let chosen = match splat_element(c, pred) {
        _ if on_true == on_false => on_true,
        Some([0]) => on_false,
        Some([1]) => on_true,
        _ => return Ok(None),
    };
    let Some(result) = c.result() else { return Ok(None) };
    let same = c.func.value_type(chosen) == c.func.value_type(result);
    Ok(if same { c.replace_with(chosen) } else { None })
}
