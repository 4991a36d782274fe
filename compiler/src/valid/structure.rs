//! The shape of a function's graph: tables that agree with each other, definitions before uses,
//! terminators where regions end.

use super::location::{LazyNames, describe};
use super::site::{Checked, Reported};
use crate::diag::{Diagnostic, Span};
use crate::graph::Order;
use crate::ir::{Entity, Func, Module, OpId, Opcode, RegionId, Traits, ValueDef, ValueId};

/// A function under check, and the errors found so far.
pub(super) struct FuncCx<'a> {
    pub module: &'a Module,
    pub func: &'a Func,
    pub names: LazyNames,
    /// Whether the tables were found to be consistent, so that values have names.
    pub walkable: bool,
    pub errors: Vec<Diagnostic>,
}

impl FuncCx<'_> {
    /// Records an error about an operation.
    pub(super) fn fail_at(&mut self, op: OpId, tag: &'static str, message: &str) -> Reported {
        let operation = &self.func.ops[op];
        let mut error = Diagnostic::error(operation.span, format!("`{}`: {message}", operation.name())).tag(tag);
        error.location = match (operation.span.is_some(), self.walkable) {
            (true, _) => None,
            (false, true) => Some(self.names.place(self.func, op, &self.module.locs)),
            (false, false) => describe(&self.module.locs, operation.loc),
        };
        self.errors.push(error);
        Reported
    }

    /// Records an error about the function itself.
    pub(super) fn fail(&mut self, tag: &'static str, message: &str) -> Reported {
        let mut error =
            Diagnostic::error(self.func.span, format!("function `@{}`: {message}", self.func.name)).tag(tag);
        error.location = describe(&self.module.locs, self.func.loc);
        self.errors.push(error);
        Reported
    }
}

/// Checks that handles lead somewhere and that values, operations and regions agree on who holds
/// whom. After it, the function can be walked.
pub(super) fn check_tables(cx: &mut FuncCx<'_>) -> Checked {
    let func = cx.func;
    let Some(body) = func.body else { return Ok(()) };
    let mut seen_regions = vec![false; func.regions.len()];
    let mut seen_ops = vec![false; func.ops.len()];
    let mut rest = vec![(body, None)];
    while let Some((region, owner)) = rest.pop() {
        let fresh = seen_regions.get_mut(region.index()).is_some_and(|seen| !std::mem::replace(seen, true));
        if !fresh {
            return Err(broken(cx, owner, &format!("{region} does not exist, or is in two places")));
        }
        check_arguments(cx, region, owner)?;
        for &op in &func.regions[region].ops {
            let fresh = seen_ops.get_mut(op.index()).is_some_and(|seen| !std::mem::replace(seen, true));
            if !fresh {
                return Err(broken(cx, owner, &format!("{op} does not exist, or is in two places")));
            }
            check_op_tables(cx, op)?;
            rest.extend(func.ops[op].regions.iter().map(|&r| (r, Some(op))));
        }
    }
    Ok(())
}

fn broken(cx: &mut FuncCx<'_>, owner: Option<OpId>, message: &str) -> Reported {
    match owner {
        Some(op) => cx.fail_at(op, "tables", message),
        None => cx.fail("tables", message),
    }
}

/// The arguments of a region know that they are.
fn check_arguments(cx: &mut FuncCx<'_>, region: RegionId, owner: Option<OpId>) -> Checked {
    for (n, &arg) in cx.func.regions[region].args.iter().enumerate() {
        let expected = ValueDef::Argument { region, index: n as u32 };
        if cx.func.values.get(arg).map(|v| v.def) != Some(expected) {
            return Err(broken(cx, owner, &format!("argument {n} of {region} is not defined as such")));
        }
    }
    Ok(())
}

/// The operands of an operation exist, and its results know that they are.
fn check_op_tables(cx: &mut FuncCx<'_>, op: OpId) -> Checked {
    let operation = &cx.func.ops[op];
    if let Some(n) = operation.operands.iter().position(|&v| cx.func.values.get(v).is_none()) {
        return Err(cx.fail_at(op, "tables", &format!("operand {n} does not exist")));
    }
    for (n, &result) in operation.results.iter().enumerate() {
        let expected = ValueDef::Result { op, index: n as u32 };
        if cx.func.values.get(result).map(|v| v.def) != Some(expected) {
            return Err(cx.fail_at(op, "tables", &format!("result {n} is not defined as such")));
        }
    }
    Ok(())
}

/// Checks that every operand is defined before it is used, where it is visible.
pub(super) fn check_dominance(cx: &mut FuncCx<'_>) {
    let func = cx.func;
    let order = Order::of(func);
    let mut wrong: Vec<(OpId, usize, ValueId)> = Vec::new();
    func.walk(|_, op| {
        let operands = func.ops[op].operands.iter().enumerate();
        wrong.extend(operands.filter(|(_, v)| !order.dominates(func, **v, op)).map(|(n, &v)| (op, n, v)));
    });
    for (op, n, value) in wrong {
        let (span, note) = match func.values[value].def {
            ValueDef::Result { op: def, .. } if order.region_of(def).is_none() => {
                (Span::NONE, "it is defined nowhere in the function")
            }
            ValueDef::Result { op: def, .. } => (func.ops[def].span, "it is defined here"),
            ValueDef::Argument { .. } => (Span::NONE, "it is an argument of a region that the use is not in"),
        };
        cx.fail_at(
            op,
            "dominance",
            &format!("operand {n} is used before its definition, or outside of where it is visible"),
        );
        if let Some(error) = cx.errors.last_mut() {
            *error = error.clone().note(span, note);
        }
    }
}

/// What must end a region.
fn terminator_of(owner: Option<Opcode>) -> &'static [Opcode] {
    match owner.map(|op| op.info().dialect()) {
        // Programs of the specification's examples end functions with `stablehlo.return`.
        None => &[Opcode::FuncReturn, Opcode::Return, Opcode::SdyReturn],
        Some("sdy") => &[Opcode::SdyReturn],
        Some(_) => &[Opcode::Return],
    }
}

/// Checks that regions end with the right terminator, and that none stands elsewhere.
pub(super) fn check_terminators(cx: &mut FuncCx<'_>) -> Checked {
    let func = cx.func;
    let mut outcome = Ok(());
    let mut rest: Vec<(RegionId, Option<OpId>)> = func.body.map(|b| (b, None)).into_iter().collect();
    while let Some((region, owner)) = rest.pop() {
        let ops = &func.regions[region].ops;
        let foreign = owner.is_some_and(|op| func.ops[op].opcode == Opcode::Foreign);
        let wanted = terminator_of(owner.map(|op| func.ops[op].opcode));
        if !foreign {
            outcome = outcome.and(check_end(cx, region, owner, wanted));
        }
        for (n, &op) in ops.iter().enumerate() {
            let opcode = func.ops[op].opcode;
            if opcode.has(Traits::TERMINATOR) && n + 1 < ops.len() {
                outcome = Err(cx.fail_at(op, "terminator", "must be the last operation of its region"));
            }
            if opcode == Opcode::FuncReturn && owner.is_some() {
                outcome = Err(cx.fail_at(op, "terminator", "must end a function, not a region inside of one"));
            }
            rest.extend(func.ops[op].regions.iter().map(|&r| (r, Some(op))));
        }
    }
    outcome
}

/// The last operation of a region is one of those that may end it, or one of an unknown dialect.
fn check_end(cx: &mut FuncCx<'_>, region: RegionId, owner: Option<OpId>, wanted: &[Opcode]) -> Checked {
    let func = cx.func;
    let last = func.terminator(region);
    let fits = last.is_some_and(|op| {
        let opcode = func.ops[op].opcode;
        // A misplaced `func.return` is an error of its own.
        wanted.contains(&opcode) || matches!(opcode, Opcode::Foreign | Opcode::FuncReturn)
    });
    if fits {
        return Ok(());
    }
    let index = owner.and_then(|op| func.ops[op].regions.iter().position(|&r| r == region)).unwrap_or(0);
    let place = match owner {
        Some(_) => format!("region {index}"),
        None => "the body".to_owned(),
    };
    let expected = wanted[0].info().name;
    let message = match last {
        Some(op) => format!("{place} must end with `{expected}`, but ends with `{}`", func.ops[op].name()),
        None => format!("{place} is empty, but must end with `{expected}`"),
    };
    let reported = match owner {
        Some(op) => cx.fail_at(op, "terminator", &message),
        None => cx.fail("terminator", &message),
    };
    if let (Some(op), Some(error)) = (last, cx.errors.last_mut()) {
        *error = error.clone().note(func.ops[op].span, "the last operation");
    }
    Err(reported)
}
