//! The pass `localize`: the program of one device.
//!
//! A program that is one manual computation over all axes of a mesh, as JAX writes for `shard_map`, says already what each
//! device does. `localize` puts the body in the place of the function's: its arguments and results become the parts that
//! a device holds, each with [`LOCAL_ATTR`], and partitions become replicas, which run without a partitioner. Everything
//! that works on programs for one device works on it then, the HiRE rewrites among them, and `@prepare` turns the parts
//! of weights into parts of predictors.

use std::collections::HashSet;

use hire_compiler::diag::{Diagnostic, Span};
use hire_compiler::ir::{Attr, ElementType, Func, FunctionType, IntAttr, Module, OpId, Opcode, Traits, Type, ValueId};
use hire_compiler::rewrite::Transplant;
use hire_compiler::sharding::{Manual, Meshes, TensorSharding};

use crate::{PassContext, PassError};

/// The attribute of an argument or result of a localized entry: the sharding of the tensor that it is a part of.
pub const LOCAL_ATTR: &str = "hire.sharding";

/// Makes the entry the program of one device, where the options ask for it. See the [module](self).
///
/// # Errors
/// When the entry is no manual computation over all axes of its mesh.
pub fn localize(module: &mut Module, context: &mut PassContext<'_>) -> Result<(), PassError> {
    if !context.distribute.localize {
        return Ok(());
    }
    let entry = module.entry().filter(|&id| module.funcs[id].body.is_some());
    let entry = entry.ok_or_else(|| refusal(Span::NONE, "the module has no entry function"))?;
    let func = &module.funcs[entry];
    let (op, manual) = only_computation(func).map_err(|reason| {
        let message = format!("@{} is not one manual computation over its arguments: {reason}", func.name);
        refusal(func.span, message)
            .note(Span::NONE, "export the model with `shard_map`, its arguments sharded as its in_specs say")
    })?;
    let meshes = Meshes::of(module);
    let shardings = manual.in_shardings.iter().chain(&manual.out_shardings);
    let mesh = shardings.clone().find_map(|sharding| meshes.get(&sharding.mesh));
    let mesh = mesh.ok_or_else(|| refusal(func.span, "the manual computation names no mesh"))?.clone();
    if let Some((axis, _)) = mesh.axes.iter().find(|(axis, size)| *size > 1 && !manual.axes.contains(axis)) {
        let message = format!("the computation is not manual along axis \"{axis}\", so that a partitioner is needed");
        return Err(refusal(func.ops[op].span, message).into());
    }
    if let Some(collective) = global_collective(func) {
        let message = "a collective over replicas and partitions at once has no form among replicas alone";
        return Err(refusal(func.ops[collective].span, message).into());
    }
    let devices = hire_compiler::sharding::device_count(&mesh).unwrap_or(1);
    if !context.ledger.allow("localize") {
        return Ok(());
    }
    let mut local = body(func, op, &manual);
    to_replicas(&mut local);
    module.funcs[entry] = local;
    let count = |value: u64| Attr::Int(IntAttr { value: i128::from(value), ty: ElementType::I32 });
    module.attrs.set("mhlo.num_replicas", count(devices));
    module.attrs.set("mhlo.num_partitions", count(1));
    Ok(())
}

/// Whether [`localize`] can make the module's entry the program of one device.
///
/// # Errors
/// Why not.
pub fn is_local_program(module: &Module) -> Result<(), String> {
    let entry = module.entry().filter(|&id| module.funcs[id].body.is_some()).ok_or("there is no entry function")?;
    only_computation(&module.funcs[entry]).map(drop)
}

fn refusal(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(span, message)
}

/// The manual computation that a function consists of: its operands are the function's arguments and constants, its
/// results what the function returns.
fn only_computation(func: &Func) -> Result<(OpId, Manual), String> {
    let body = func.body.ok_or("it has no body")?;
    let is_constant = |op: &OpId| func.ops[*op].opcode == Opcode::Constant;
    let mut others = func.regions[body].ops.iter().copied().filter(|op| !is_constant(op));
    let (Some(op), Some(last), None) = (others.next(), others.next(), others.next()) else {
        return Err("it has other operations".to_owned());
    };
    let operation = &func.ops[op];
    if operation.opcode != Opcode::ManualComputation {
        return Err(format!("it has `{}`", operation.name()));
    }
    let manual = Manual::read(operation).map_err(|error| error.to_string())?;
    let (arguments, constants): (Vec<_>, Vec<_>) =
        operation.operands.iter().zip(&manual.in_shardings).partition(|(operand, _)| func.args().contains(operand));
    let unique: HashSet<_> = arguments.iter().map(|(operand, _)| operand).collect();
    if unique.len() != arguments.len() || arguments.len() != func.args().len() {
        return Err("it does not take each of the function's arguments once".to_owned());
    }
    if constants.iter().any(|(_, sharding)| sharding.dims.iter().any(|dim| !dim.axes.is_empty())) {
        return Err("it takes a constant in parts".to_owned());
    }
    if !func.ops[last].operands.iter().all(|value| operation.results.contains(value)) {
        return Err("the function returns other values than its results".to_owned());
    }
    Ok((op, manual))
}

/// A collective with a channel but without global device ids.
fn global_collective(func: &Func) -> Option<OpId> {
    let mut found = None;
    func.walk(|_, op| {
        let operation = &func.ops[op];
        let reduces = [Opcode::AllGather, Opcode::AllReduce, Opcode::ReduceScatter].contains(&operation.opcode);
        if reduces && operation.attrs.contains("channel_handle") && !operation.attrs.contains("use_global_device_ids") {
            found.get_or_insert(op);
        }
    });
    found
}

/// The function whose body is that of the manual computation `op`.
fn body(func: &Func, op: OpId, manual: &Manual) -> Func {
    let operation = &func.ops[op];
    let region = operation.regions[0];
    let last = *func.regions[region].ops.last().expect("the verifier requires a terminator");
    let place = |arg: &ValueId| operation.operands.iter().position(|operand| operand == arg).expect("checked above");
    let order: Vec<usize> = func.args().iter().map(place).collect();
    let returned = func.terminator(func.body.expect("it has one")).expect("the verifier requires a terminator");
    let results: Vec<usize> = func.ops[returned]
        .operands
        .iter()
        .map(|value| operation.results.iter().position(|result| result == value).expect("checked above"))
        .collect();
    let ty = |value: ValueId| -> Type { func.value_type(value).clone() };
    let args = &func.regions[region].args;
    let ty = FunctionType {
        inputs: order.iter().map(|&at| ty(args[at])).collect(),
        results: results.iter().map(|&at| ty(func.ops[last].operands[at])).collect(),
    };
    let mut local = Func::new(func.name.clone(), ty);
    local.visibility = func.visibility;
    local.states_public = func.states_public;
    (local.attrs, local.loc, local.span) = (func.attrs.clone(), func.loc, func.span);
    let mut copies = Transplant::new();
    let new_args = local.args().to_vec();
    for (index, (&at, &new)) in order.iter().zip(&new_args).enumerate() {
        copies.bind(args[at], new);
        local.values[new].loc = func.values[func.args()[index]].loc;
        local.arg_attrs[index] = localized(&func.arg_attrs[index], &manual.in_shardings[at]);
    }
    let constants: Vec<OpId> = operation.operands.iter().filter_map(|&operand| func.defining_op(operand)).collect();
    let copied_constants = copies.copy(func, &constants, &mut local, |_, value| value);
    for (&operand, &arg) in operation.operands.iter().zip(args) {
        if let Some(constant) = copies.value(operand) {
            copies.bind(arg, constant);
        }
    }
    let copied = copies.copy(func, &func.regions[region].ops, &mut local, |_, value| value);
    if let Some(&end) = copied.last() {
        local.ops[end].opcode = Opcode::FuncReturn;
        let operands = local.ops[end].operands.clone();
        local.ops[end].operands = results.iter().map(|&at| operands[at]).collect();
    }
    for (index, &at) in results.iter().enumerate() {
        local.result_attrs[index] = localized(&func.result_attrs[index], &manual.out_shardings[at]);
    }
    let block = local.body.expect("it was made with a body");
    local.regions[block].ops.extend(copied_constants);
    local.regions[block].ops.extend(copied);
    local
}

/// The attributes of an argument or result of one device.
fn localized(attrs: &hire_compiler::ir::AttrMap, sharding: &TensorSharding) -> hire_compiler::ir::AttrMap {
    let mut attrs = attrs.clone();
    attrs.remove("sdy.sharding");
    attrs.remove("mhlo.sharding");
    attrs.set(LOCAL_ATTR, Attr::string(sharding.to_string()));
    attrs
}

/// Makes the partitions of a program replicas.
fn to_replicas(func: &mut Func) {
    let mut ops = Vec::new();
    func.walk(|_, op| ops.push(op));
    for op in ops {
        let operation = &mut func.ops[op];
        if operation.opcode == Opcode::PartitionId {
            operation.opcode = Opcode::ReplicaId;
        }
        if operation.opcode.has(Traits::COLLECTIVE) {
            operation.attrs.remove("channel_handle");
            operation.attrs.remove("use_global_device_ids");
        }
    }
}
