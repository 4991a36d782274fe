//! Conditionals, loops and barriers.

use super::Outcome;
use crate::ir::{ElementType, Opcode, Type};
use crate::valid::compat::{compatible_lists, least_specific};
use crate::valid::site::{Checked, OpCx, types_text};

/// case_c1 to case_c4, if_c1 to if_c3.
pub(super) fn conditional(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let (case, branches) = (cx.opcode == Opcode::Case, cx.regions.len());
    let (input, dims) = cx.ranked(0)?;
    let (input_tag, name) = if case { ("case_i1", "index") } else { ("if_i1", "pred") };
    cx.require_about(dims.is_empty(), input_tag, &[0], || format!("{name} must be a scalar, but is `{input}`"))?;
    cx.require(branches > 0, "case_c1", || "needs at least one branch".to_owned())?;
    let (no_args, same, result) = if case { ("case_c2", "case_c3", "case_c4") } else { ("if_c1", "if_c2", "if_c3") };
    let returned: Vec<Vec<&Type>> = (0..branches).map(|branch| cx.region_results(branch)).collect();
    let first = &returned[0];
    for (branch, results) in returned.iter().enumerate() {
        let args = cx.region_args(branch);
        cx.require(args.is_empty(), no_args, || {
            format!("branch {branch} must take no arguments, but takes {}", types_text(&args))
        })?;
        cx.require(compatible_lists(first, results), same, || {
            format!("branch {branch} returns {}, but branch 0 returns {}", types_text(results), types_text(first))
        })?;
    }
    let mut types = Vec::with_capacity(first.len());
    for n in 0..first.len() {
        let candidates: Vec<&Type> = returned.iter().map(|results| results[n]).collect();
        match least_specific(&candidates) {
            Ok(ty) => types.extend(ty),
            Err(conflict) => return Err(cx.fail(same, format!("result {n} of the branches: {conflict}"))),
        }
    }
    Outcome::all(types, result)
}

/// while_c1, while_c2, while_c3.
pub(super) fn while_loop(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let operands = cx.operand_types();
    let cond_args = cx.region_args(0);
    cx.require(compatible_lists(&operands, &cond_args), "while_c1", || {
        format!(
            "the condition must take the operands' types {}, but takes {}",
            types_text(&operands),
            types_text(&cond_args)
        )
    })?;
    let body_args = cx.region_args(1);
    cx.require(compatible_lists(&operands, &body_args), "while_c2", || {
        format!(
            "the body must take the operands' types {}, but takes {}",
            types_text(&operands),
            types_text(&body_args)
        )
    })?;
    let body_results = cx.region_results(1);
    cx.require(compatible_lists(&operands, &body_results), "while_c2", || {
        format!(
            "the body must return the operands' types {}, but returns {}",
            types_text(&operands),
            types_text(&body_results)
        )
    })?;
    let verdict = cx.region_results(0);
    let is_pred = |ty: &Type| ty.as_tensor().is_some_and(|t| t.rank() == Some(0) && t.element == ElementType::I1);
    cx.require(verdict.len() == 1 && is_pred(verdict[0]), "while_c1", || {
        format!("the condition must return one `tensor<i1>`, but returns {}", types_text(&verdict))
    })?;
    let results = cx.result_types();
    for (n, (operand, result)) in operands.iter().zip(&results).enumerate() {
        cx.require_about(operand == result, "while_c3", &[n], || {
            format!("result {n} must have the type of operand {n}, `{operand}`, but is `{result}`")
        })?;
    }
    Outcome::all(operands.into_iter().cloned(), "while_c3")
}

/// optimization_barrier_c1.
pub(super) fn optimization_barrier(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let (operands, results) = (cx.operand_types(), cx.result_types());
    for (n, (operand, result)) in operands.iter().zip(&results).enumerate() {
        cx.require_about(operand == result, "optimization_barrier_c1", &[n], || {
            format!("result {n} must have the type of operand {n}, `{operand}`, but is `{result}`")
        })?;
    }
    Outcome::all(operands.into_iter().cloned(), "optimization_barrier_c1")
}
