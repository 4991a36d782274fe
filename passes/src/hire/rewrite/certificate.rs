//! The certificate of an exact site, and the dense product where it fails.
//!
//! Every row that was not selected has a dense logit of at most `beyond`. When that, after the
//! epilogue, is below the least entry that the outlet keeps, no other row can be among them:
//!
//! ```text
//! c = all(epilogue(beyond) < the k-th best of the selected)
//! t = if c { t of the selected } else { t of the dense product }
//! ```
//!
//! Equality is no certificate, since ties go to the lower index; neither is NaN.

use hire_compiler::ir::{Attr, Func, OpId, Opcode, Type, ValueId};
use hire_compiler::rewrite::{Patch, Transplant};

use super::narrow::{self, Logits};
use super::site::Rewrite;
use crate::hire::emit::Emit;
use crate::hire::find::{Outlet, OutletKind, WeightPath};
use crate::traffic::FALLBACK_ATTR;

/// Whether the selected entries are proved to hold those that the outlet takes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Certificate {
    /// The least entry kept in each row, [B].
    pub least: ValueId,
    /// Whether no entry outside can be among those kept, in every row: i1.
    pub holds: ValueId,
}

impl Rewrite<'_> {
    /// The certificate for what the outlet `kept`, values of the selected entries. `beyond` are logits of one entry.
    pub(super) fn certificate(
        &self,
        func: &Func,
        patch: &mut Patch,
        outlet: &Outlet,
        kept: ValueId,
        beyond: Logits,
    ) -> Certificate {
        let beyond = narrow::repeat(func, patch, &outlet.steps, beyond);
        certificate(patch, outlet, kept, beyond)
    }

    /// The outlet's results: `selected` where the certificate holds, those of the dense program elsewhere.
    pub(super) fn certified(
        &self,
        func: &Func,
        patch: &mut Patch,
        outlet: &Outlet,
        selected: &[ValueId],
        holds: ValueId,
    ) -> Vec<ValueId> {
        let mut b = patch.builder();
        let results = selected.to_vec();
        let hire = b.region([], |b, _| {
            b.op(Opcode::Return, results, [], []);
        });
        let body = b.region;
        let before = b.func.regions[body].ops.len();
        let mut copies = Transplant::new();
        patch.copy_of_target(func, &self.dense_ops(func, outlet), &mut copies);
        let mut b = patch.builder();
        let moved = b.func.regions[body].ops.split_off(before);
        let results: Vec<ValueId> = func.ops[outlet.op]
            .results
            .iter()
            .map(|&result| copies.value(result).expect("a copied operation binds its results"))
            .collect();
        let types: Vec<Type> = results.iter().map(|&result| b.func.value_type(result).clone()).collect();
        let dense = b.region([], |b, _| {
            b.func.regions[b.region].ops.extend(moved);
            b.op(Opcode::Return, results, [], []);
        });
        let op = b.op_with_regions(Opcode::If, [holds], [(FALLBACK_ATTR, Attr::Unit)], [hire, dense], types);
        b.func.ops[op].results.to_vec()
    }

    /// The operations of the dense program from the weight to the outlet, in program order: the
    /// conversions of W, the product, the epilogue, and what stands beside the logits, where it is
    /// made of constants.
    fn dense_ops(&self, func: &Func, outlet: &Outlet) -> Vec<OpId> {
        let converts = match &self.site.weight {
            WeightPath::Rows { converts, .. } => converts,
            WeightPath::Computed { ops, .. } => ops,
        };
        let chain: Vec<OpId> = outlet.steps.iter().map(|step| step.op).chain([outlet.op]).collect();
        let mut ops: Vec<OpId> = converts.iter().copied().chain([self.site.dot]).collect();
        for &op in &chain {
            for &operand in &func.ops[op].operands {
                constant_tree(func, operand, &mut ops);
            }
            ops.push(op);
        }
        let mut seen = std::collections::HashSet::new();
        ops.retain(|&op| seen.insert(op));
        ops
    }
}

/// Appends the operations that make `value` of constants alone, operands first.
fn constant_tree(func: &Func, value: ValueId, ops: &mut Vec<OpId>) {
    let before = ops.len();
    if !made_of_constants(func, value, ops) {
        ops.truncate(before);
    }
}

fn made_of_constants(func: &Func, value: ValueId, ops: &mut Vec<OpId>) -> bool {
    let Some(op) = func.defining_op(value) else { return false };
    let pure = matches!(
        func.ops[op].opcode,
        Opcode::Constant | Opcode::Iota | Opcode::BroadcastInDim | Opcode::Reshape | Opcode::Convert
    );
    if !pure || !func.ops[op].operands.iter().all(|&operand| made_of_constants(func, operand, ops)) {
        return false;
    }
    ops.push(op);
    true
}

fn certificate(patch: &mut Patch, outlet: &Outlet, kept: ValueId, beyond: Logits) -> Certificate {
    let mut b = patch.builder();
    let rows: u64 = b.sizes(beyond.values).iter().product();
    let least = match outlet.kind {
        OutletKind::ArgMax => kept,
        // Kept entries come in falling order.
        OutletKind::TopK { k } => {
            let sizes = b.sizes(kept);
            let mut start = vec![0; sizes.len()];
            start[beyond.dim] = k - 1;
            crate::hire::decompose::slice(&mut b, kept, &start, &sizes)
        }
    };
    let least = b.reshape(least, &[rows]);
    let beyond = b.reshape(beyond.values, &[rows]);
    let beyond = {
        let element = b.element(least);
        b.convert(beyond, element)
    };
    let below = b.compare("LT", beyond, least);
    let yes = b.splat(&[], hire_compiler::ir::ElementType::I1, 1.0);
    Certificate { least, holds: b.reduce(below, yes, 0, Opcode::And) }
}
