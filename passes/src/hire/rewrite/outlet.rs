//! Replaces an outlet by the same selection among the entries that were computed exactly.

use hire_compiler::ir::{Func, ValueId};
use hire_compiler::rewrite::{Patch, Transplant};

use super::narrow::{Logits, companion};
use crate::hire::emit::Emit;
use crate::hire::find::{Outlet, OutletKind};

/// Emits the selection, and gives what stands for each of the outlet's results.
pub(super) fn select(func: &Func, patch: &mut Patch, outlet: &Outlet, logits: Logits) -> Vec<ValueId> {
    let operation = &func.ops[outlet.op];
    let selected = match outlet.kind {
        OutletKind::ArgMax => arg_max(func, patch, outlet, logits),
        OutletKind::TopK { k } => {
            let mut b = patch.builder();
            let (values, places) = b.top_k(logits.values, k);
            let beside = match operation.operands.get(1) {
                Some(&given) => companion(func, patch, given, logits.dim, logits.positions),
                None => logits.positions.expect("outlets select among narrow logits"),
            };
            vec![values, patch.builder().take_along(beside, places, logits.dim)]
        }
    };
    let convert = |(&result, value): (&ValueId, ValueId)| {
        let element = func.value_type(result).as_tensor().map(|t| t.element.clone());
        patch.builder().convert(value, element.expect("an outlet's results are tensors"))
    };
    operation.results.iter().zip(selected).map(convert).collect()
}

/// The same reduction over fewer entries: what stood beside an entry still stands beside it.
fn arg_max(func: &Func, patch: &mut Patch, outlet: &Outlet, logits: Logits) -> Vec<ValueId> {
    let operation = &func.ops[outlet.op];
    let inputs = &operation.operands[..operation.operands.len() / 2];
    let mut copies = Transplant::new();
    copies.bind(inputs[0], logits.values);
    for &input in &inputs[1..] {
        let narrow = companion(func, patch, input, logits.dim, logits.positions);
        copies.bind(input, narrow);
    }
    patch.copy_of_target(func, &[outlet.op], &mut copies);
    let copied = |&result| copies.value(result).expect("a copied operation binds its results");
    operation.results.iter().map(copied).collect()
}
