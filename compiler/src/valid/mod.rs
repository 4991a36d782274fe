//! The verifier: which modules are programs.
//!
//! [`verify`] collects every error of a module and gives a [`Verified`] when there is none; what works on a
//! verified module may return errors but must not panic. Each error has the place of the operation or
//! function, a tag, and notes that point at the other end of the conflict.
//!
//! # Checklist
//!
//! In this order; a check that needs what an earlier one found broken is skipped.
//!
//! | checked | by | tags |
//! |---|---|---|
//! | symbols are unique; calls, decompositions and parallel programs name functions of equal types | [`symbols`] | `symbol`, `call_*`, `composite_c2` to `c4`, `run_parallel_*` |
//! | handles lead somewhere; values, operations and regions agree on who holds whom | [`structure`] | `tables` |
//! | a function's head fits its body; `tf.aliasing_output` names a result once | [`signature`] | `function_*`, `declaration`, `aliasing_output` |
//! | regions end with their terminator, and nothing else does | [`structure`] | `terminator` |
//! | meshes are sound; shardings name axes of theirs, each once; bodies of manual computations see parts | [`sharding`] | `sdy_*`, `manual_computation_*` |
//! | definitions come before uses and are visible there | [`structure`] | `dominance` |
//! | types are sound: bounds, quantization parameters | [`types`] | `bounds`, `quantized_type_c*` |
//! | operands, results, attributes and regions are as the op table declares | [`declared`] | `*_i*`, `*_o*`, `*_count` |
//! | constraints of each operation, and result types against those that follow | [`infer`] | `*_c*` |
//!
//! Tags are the specification's: `pad_c2` is constraint (C2) of `pad`, `pad_i1` the type of input (I1);
//! inputs are operands, then attributes, then regions. `pad_o1` is the type of the first output. What the
//! specification does not number has a name of its own.
//!
//! # Not checked
//!
//! What depends on how a program is run: that `replica_groups` and `source_target_pairs` fit the number of
//! processes (`all_gather_c3`, `all_reduce_c2`, `all_to_all_c6`, `collective_permute_c4` above,
//! `reduce_scatter_c4`), and sizes that follow from it (`all_gather_c6`, `reduce_scatter_c1`: only that one size
//! is a multiple of the other). Values that are not constants: shapes, paddings and slice sizes given
//! when running. What upstream's verifier lets pass although the specification forbids it: that
//! `compare_type` fits the element type (`compare_c3`), the element types of products (`dot_general_c13`), the
//! width of quantized types (`quantized_type_c1`: any storage of at most 32 bits). That reductions are associative and functions pure. Attributes that the table does
//! not declare, operations of unknown dialects beyond their place in the graph.

mod compat;
mod declared;
mod infer;
mod location;
mod sharding;
mod signature;
mod site;
mod structure;
mod symbols;
#[cfg(test)]
mod table_tests;
mod tags;
#[cfg(test)]
mod tests;
mod types;

use std::collections::HashSet;
use std::ops::Deref;

use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::ir::{FuncId, Module, OpId, Opcode};
use crate::sharding::Meshes;

pub use infer::result_types;

/// Most errors that are kept; the rest is counted.
const MOST_ERRORS: usize = 500;

/// Proof that a module was verified. It derefs to the module.
#[derive(Clone, Copy, Debug)]
pub struct Verified<'m>(&'m Module);

impl Deref for Verified<'_> {
    type Target = Module;
    fn deref(&self) -> &Module {
        self.0
    }
}

impl<'m> Verified<'m> {
    /// The module, for as long as it is borrowed.
    pub fn module(self) -> &'m Module {
        self.0
    }
}

/// Checks a module.
///
/// # Errors
/// All that is wrong with it, in the order of its functions and operations; after 500 errors the rest
/// is only counted.
pub fn verify(module: &Module) -> Result<Verified<'_>, Diagnostics> {
    let mut errors = Vec::new();
    let symbols = symbols::check_unique(module, &mut errors);
    check_module_attributes(module, &mut errors);
    sharding::check_meshes(module, &mut errors);
    let meshes = Meshes::of(module);
    let mut more = errors.len().saturating_sub(MOST_ERRORS);
    errors.truncate(MOST_ERRORS);
    for id in module.func_ids().filter(|&id| module.funcs.get(id).is_some()) {
        let found = verify_function(module, id, &symbols, &meshes);
        let room = MOST_ERRORS.saturating_sub(errors.len());
        more += found.len().saturating_sub(room);
        errors.extend(found.into_iter().take(room));
    }
    if more > 0 {
        errors.push(Diagnostic::remark(Span::NONE, format!("{more} more errors are not shown")));
    }
    if errors.is_empty() { Ok(Verified(module)) } else { Err(Diagnostics(errors)) }
}

/// A module's attributes are others' business: each has the name of a dialect before its own.
fn check_module_attributes(module: &Module, errors: &mut Vec<Diagnostic>) {
    for (name, _) in module.attrs.iter().filter(|(name, _)| !name.contains('.')) {
        let message = format!("`builtin.module`: the attribute `{name}` lacks a dialect, as in `jax.{name}`");
        errors.push(Diagnostic::error(Span::NONE, message).tag("module_attributes"));
    }
}

/// The errors of one function, by their place in the text.
fn verify_function(module: &Module, id: FuncId, symbols: &symbols::Symbols<'_>, meshes: &Meshes) -> Vec<Diagnostic> {
    let func = &module.funcs[id];
    let names = location::LazyNames::default();
    let mut cx = structure::FuncCx { module, func, names, walkable: false, errors: Vec::new() };
    if structure::check_tables(&mut cx).is_err() {
        return cx.errors;
    }
    cx.walkable = true;
    let mut ops = Vec::new();
    func.walk(|_, op| ops.push(op));
    let readable = check_types(&mut cx, &ops);
    if !readable {
        return cx.errors;
    }
    signature::check(&mut cx);
    let terminated = structure::check_terminators(&mut cx).is_ok();
    structure::check_dominance(&mut cx);
    sharding::check(&mut cx, &ops, meshes);
    for op in ops {
        if cx.errors.len() > MOST_ERRORS {
            break;
        }
        verify_op(&mut cx, op, terminated);
        symbols::check_uses(&mut cx, op, symbols);
    }
    cx.errors.sort_by_key(|error| error.span.start());
    cx.errors
}

/// The types that a function's head and its operations introduce are sound; each fault is reported
/// once. `false` when there is a type that nothing else should look at.
fn check_types(cx: &mut structure::FuncCx<'_>, ops: &[OpId]) -> bool {
    let func = cx.func;
    let head = func.ty.inputs.iter().chain(&func.ty.results).map(|ty| (None, ty));
    let inner = ops.iter().flat_map(|&op| {
        let operation = &func.ops[op];
        let args = operation.regions.iter().flat_map(|&r| &func.regions[r].args);
        operation.results.iter().chain(args).map(move |&v| (Some(op), func.value_type(v)))
    });
    let mut faulty = HashSet::new();
    let mut readable = true;
    for (place, ty) in head.chain(inner) {
        let Some(fault) = types::fault(ty) else { continue };
        readable &= !fault.fatal;
        if cx.errors.len() > MOST_ERRORS || !faulty.insert(ty) {
            continue;
        }
        let message = match fault.fatal {
            true => fault.message,
            false => format!("type `{ty}` is not sound: {}", fault.message),
        };
        match place {
            Some(op) => cx.fail_at(op, fault.tag, &message),
            None => cx.fail(fault.tag, &message),
        };
    }
    readable
}

/// The declaration and the constraints of one operation.
fn verify_op(cx: &mut structure::FuncCx<'_>, op: OpId, terminated: bool) {
    let operation = &cx.func.ops[op];
    if operation.opcode == Opcode::Foreign {
        return;
    }
    let mut op_cx = site::OpCx::new(site::Site::of(cx.func, op, &cx.module.locs, &cx.names));
    // Constraints on regions look at what these return.
    let sound = declared::check(&mut op_cx).is_ok() && (terminated || operation.regions.is_empty());
    if sound && declared::check_traits(&mut op_cx).is_ok() {
        // Errors are in the context; nothing comes after.
        let _ = infer::check_results(&mut op_cx);
    }
    cx.errors.append(&mut op_cx.errors);
}
