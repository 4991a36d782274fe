//! Manual programs: `all_gather`, then a selection along the gathered dimension.
//!
//! `outlet(f(all_gather(z)))`  =>  the exchange of `f(z)`, where f works on each entry alone
//!
//! Several gathers one after the other are as many levels. Not where the gathered values are used otherwise too: the
//! gather would stay.

use hire_compiler::graph::Uses;
use hire_compiler::ir::{Attr, AttrMap, Func, Module, OpId, Opcode, Traits, ValueId};
use hire_compiler::rewrite::Patch;

use super::exchange::{Input, Level};
use super::outlet::{Outlet, static_type};
use crate::hire::emit::Emit;
use crate::hire::find::is_uniform_along;

/// The longest chain of operations that is looked through.
const LONGEST: usize = 64;

/// A value as a device could compute it from its own shard alone.
#[derive(Clone, Debug)]
pub(super) struct Local {
    /// Where the shard comes from: the operand of the innermost gather.
    shard: ValueId,
    /// What happens to it, and which operand carries it; gathers left out.
    steps: Vec<(OpId, usize)>,
    /// The gathers, the outermost first.
    gathers: Vec<OpId>,
}

/// Looks for the gathers that `value` was made by along `dim`.
pub(super) fn trace(func: &Func, value: ValueId, dim: usize) -> Option<Local> {
    let mut local = Local { shard: value, steps: Vec::new(), gathers: Vec::new() };
    let (mut at, mut steps) = (value, Vec::new());
    for _ in 0..LONGEST {
        let Some(op) = func.defining_op(at) else { break };
        let operation = &func.ops[op];
        if is_gather(func, op, dim) {
            // What comes before the innermost gather is the shard's own business.
            at = operation.operands[0];
            local.gathers.push(op);
            local.shard = at;
            local.steps = steps.clone();
            continue;
        }
        let Some(operand) = step(func, op, dim) else { break };
        steps.push((op, operand));
        at = operation.operands[operand];
    }
    local.steps.reverse();
    (!local.gathers.is_empty()).then_some(local)
}

fn is_gather(func: &Func, op: OpId, dim: usize) -> bool {
    let operation = &func.ops[op];
    operation.opcode == Opcode::AllGather
        && operation.operands.len() == 1
        && operation.has_only_declared_attrs()
        && operation.i64_attr("all_gather_dim") == Some(dim as i64)
        && static_type(func, operation.operands[0]).is_some()
}

/// The operand that carries entries through an operation which works on each alone; its other operands are the same for
/// all entries.
fn step(func: &Func, op: OpId, dim: usize) -> Option<usize> {
    let operation = &func.ops[op];
    let result = operation.result()?;
    let plain = operation.opcode.has(Traits::ELEMENTWISE) && operation.has_only_declared_attrs();
    let dims = &static_type(func, result)?.dims;
    let same = |&value: &ValueId| static_type(func, value).is_some_and(|ty| ty.dims == *dims);
    if !plain || !operation.regions.is_empty() || !operation.operands.iter().all(same) {
        return None;
    }
    let mut carrying = (0..operation.operands.len()).filter(|&at| !is_uniform_along(func, operation.operands[at], dim));
    let operand = carrying.next()?;
    carrying.next().is_none().then_some(operand)
}

impl Local {
    /// Who gathers from whom, the inner level first, and how many entries a shard has.
    pub(super) fn levels(&self, func: &Func, dim: usize) -> Option<(Vec<Level>, u64)> {
        let size = |value: ValueId| static_type(func, value)?.sizes()?.get(dim).copied();
        let level = |&op: &OpId| {
            let operation = &func.ops[op];
            let (from, to) = (size(operation.operands[0])?, size(operation.results[0])?);
            let attrs: AttrMap = operation.attrs.clone();
            (from > 0).then(|| Level { size: to / from, attrs })
        };
        let levels = self.gathers.iter().rev().map(level).collect::<Option<Vec<Level>>>()?;
        Some((levels, size(self.shard)?))
    }

    /// Repeats the steps on the shard.
    pub(super) fn emit(&self, func: &Func, patch: &mut Patch, dim: usize) -> ValueId {
        let mut value = patch.tap(func, self.shard);
        for &(op, operand) in &self.steps {
            let operation = &func.ops[op];
            let sizes = patch.builder().sizes(value);
            let mut operands = Vec::with_capacity(operation.operands.len());
            for (at, &given) in operation.operands.iter().enumerate() {
                operands.push(if at == operand { value } else { narrow(func, patch, given, &sizes) });
            }
            let result = operation.result().and_then(|result| static_type(func, result));
            let element = result.expect("a step has one tensor as result").element.clone();
            let mut b = patch.builder();
            let ty = hire_compiler::ir::TensorType::new(&sizes, element);
            value = b.value(operation.opcode, operands, [], ty);
            let made = b.func.defining_op(value).expect("just made by an operation");
            b.func.ops[made].attrs = operation.attrs.clone();
        }
        debug_assert!(dim < patch.builder().sizes(value).len());
        value
    }

    /// Whether the outermost gather, and all that is made of it, ends in selections.
    pub(super) fn serves_only_selections(&self, module: &Module, func: &Func, uses: &Uses, dim: usize) -> bool {
        let mut rest: Vec<ValueId> = self.gathers.iter().map(|&op| func.ops[op].results[0]).collect();
        let mut seen = 0;
        while let Some(value) = rest.pop() {
            seen += 1;
            for user in uses.get(value) {
                let selects =
                    Outlet::read(module, func, uses, user.op).is_some_and(|o| o.dim == dim && user.index == 0);
                if selects || self.gathers.contains(&user.op) {
                    continue;
                }
                match step(func, user.op, dim) {
                    Some(operand) if operand == user.index as usize => rest.push(func.ops[user.op].results[0]),
                    _ => return false,
                }
            }
            if seen > LONGEST {
                return false;
            }
        }
        true
    }
}

/// A value that is the same for all entries, at a shard's size.
fn narrow(func: &Func, patch: &mut Patch, value: ValueId, sizes: &[u64]) -> ValueId {
    let operation = &func.ops[func.defining_op(value).expect("uniform values are made by operations")];
    if let Some(elements) = operation.attr("value").and_then(Attr::as_elements) {
        let ty = hire_compiler::ir::TensorType::new(sizes, elements.ty.element.clone());
        let splat = hire_compiler::ir::DenseElements::splat(ty, elements.data.clone());
        return patch.builder().constant(splat);
    }
    let operand = patch.tap(func, operation.operands[0]);
    let dims = operation.i64s_attr("broadcast_dimensions").unwrap_or_default();
    patch.builder().broadcast(operand, dims, sizes)
}

/// Whether a value holds the position of each entry along `dim`.
pub(super) fn is_positions(func: &Func, value: ValueId, dim: usize) -> bool {
    let Some(op) = func.defining_op(value) else { return false };
    let operation = &func.ops[op];
    match operation.opcode {
        Opcode::Iota => {
            let integer = static_type(func, value).is_some_and(|ty| ty.element.is_integer());
            integer && operation.i64_attr("iota_dimension") == Some(dim as i64)
        }
        Opcode::BroadcastInDim => {
            let along = operation.i64s_attr("broadcast_dimensions").unwrap_or_default();
            let from = along.iter().position(|&d| d == dim as i64);
            let size = |value: ValueId, at: usize| static_type(func, value)?.sizes()?.get(at).copied();
            from.is_some_and(|at| {
                size(operation.operands[0], at) == size(value, dim) && is_positions(func, operation.operands[0], at)
            })
        }
        _ => false,
    }
}

/// The operands of an outlet of a manual program, for one shard: `None` unless all of them are made by the same gathers
/// or are positions.
pub(super) fn inputs(func: &Func, outlet: &Outlet) -> Option<(Local, Vec<Option<Local>>)> {
    let first = trace(func, *outlet.inputs.first()?, outlet.dim)?;
    let mut locals = vec![Some(first.clone())];
    for &input in &outlet.inputs[1..] {
        if is_positions(func, input, outlet.dim) {
            locals.push(None);
            continue;
        }
        let local = trace(func, input, outlet.dim)?;
        let groups = |local: &Local| {
            let gathers = local.gathers.iter();
            gathers.map(|&op| func.ops[op].attr("replica_groups").cloned()).collect::<Vec<_>>()
        };
        if groups(&local) != groups(&first) {
            return None;
        }
        locals.push(Some(local));
    }
    Some((first, locals))
}

/// The same, emitted.
pub(super) fn emit_inputs(func: &Func, patch: &mut Patch, locals: &[Option<Local>], dim: usize) -> Vec<Input> {
    let emit = |local: &Option<Local>| match local {
        Some(local) => Input::Data(local.emit(func, patch, dim)),
        None => Input::Positions,
    };
    locals.iter().map(emit).collect()
}
