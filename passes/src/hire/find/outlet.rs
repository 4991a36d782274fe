//! Where logits end: the operations that keep only the largest of them.

use hire_compiler::ir::{Attr, Func, Module, OpId, Opcode};

use super::epilogue::Step;
use crate::hire::argmax;

/// How an outlet picks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutletKind {
    /// A `reduce` along the vocabulary that keeps the largest entry, and what stands beside it in
    /// its further operands (an iota, for an argmax).
    ArgMax,
    /// The k largest and their positions (or what stands beside them): `chlo.top_k`, its composite,
    /// `custom_call @ApproxTopK` or `@mhlo.topk`.
    TopK {
        /// How many.
        k: u64,
    },
}

/// A place where logits are reduced to the few largest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlet {
    /// What happens on the way from the product.
    pub steps: Vec<Step>,
    /// The operation that picks.
    pub op: OpId,
    /// Which of its operands carries the logits.
    pub operand: usize,
    /// How it picks.
    pub kind: OutletKind,
}

impl Outlet {
    /// How many entries the outlet keeps.
    pub fn k(&self) -> u64 {
        match self.kind {
            OutletKind::ArgMax => 1,
            OutletKind::TopK { k } => k,
        }
    }

    /// Whether the steps on the way cannot change which entries are largest.
    pub fn keeps_order(&self) -> bool {
        self.steps.iter().all(|s| s.keeps_order)
    }
}

/// Reads `op`, which uses logits with the vocabulary at `dim` as operand `operand`, as an outlet.
pub(crate) fn outlet_kind(module: &Module, func: &Func, op: OpId, operand: usize, dim: usize) -> Option<OutletKind> {
    let operation = &func.ops[op];
    match operation.opcode {
        Opcode::Reduce => {
            let along = operation.i64s_attr("dimensions")? == [dim as i64];
            (along && operand == 0 && argmax::is_argmax(func, op)).then_some(OutletKind::ArgMax)
        }
        Opcode::TopK => top_k(operation.i64_attr("k")?, is_last(func, op, dim) && operand == 0),
        Opcode::Composite if operation.str_attr("name") == Some("chlo.top_k") => {
            let Some(Attr::Dict(attrs)) = operation.attr("composite_attributes") else { return None };
            let largest = attrs.get("largest").is_none_or(|l| l.as_bool() == Some(true));
            top_k(attrs.get("k")?.as_i64()?, largest && is_last(func, op, dim) && operand == 0)
        }
        Opcode::CustomCall => custom_call(module, func, op, operand, dim),
        _ => None,
    }
}

fn top_k(k: i64, fits: bool) -> Option<OutletKind> {
    let k = u64::try_from(k).ok()?;
    fits.then_some(OutletKind::TopK { k })
}

/// The custom calls that frameworks use for a top-k.
fn custom_call(module: &Module, func: &Func, op: OpId, operand: usize, dim: usize) -> Option<OutletKind> {
    let operation = &func.ops[op];
    let dict = |name: &str| match operation.attr(name) {
        Some(Attr::Dict(attrs)) => Some(attrs),
        _ => None,
    };
    match operation.str_attr("call_target_name").or_else(|| operation.symbol_attr("call_target_name"))? {
        "ApproxTopK" => {
            let config = dict("mhlo.backend_config").or_else(|| dict("backend_config"))?;
            let along = config.get("reduction_dim")?.as_i64()? == dim as i64;
            let aggregated = config.get("aggregate_to_topk")?.as_bool()?;
            // Operands: scores, positions, and the initial value of each.
            let shape = operand == 0 && operation.operands.len() == 4 && is_last(func, op, dim);
            let Some(Attr::Array(called)) = operation.attr("called_computations") else { return None };
            let [comparator] = called.as_slice() else { return None };
            let largest = || comparator.as_symbol().is_some_and(|name| argmax::is_greater_than(module, name));
            top_k(config.get("top_k")?.as_i64()?, along && aggregated && shape && largest())
        }
        "mhlo.topk" => {
            let config = dict("mhlo.attributes")?;
            let largest = config.get("largest").is_none_or(|l| l.as_bool() == Some(true));
            top_k(config.get("k")?.as_i64()?, largest && operand == 0 && is_last(func, op, dim))
        }
        _ => None,
    }
}

/// Whether `dim` is the last dimension of the operation's first operand.
fn is_last(func: &Func, op: OpId, dim: usize) -> bool {
    func.value_type(func.ops[op].operands[0]).as_tensor().and_then(|t| t.rank()) == Some(dim + 1)
}
