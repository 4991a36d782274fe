//! What a program says to several devices, on one.

use hire_compiler::ir::{Attr, DenseElements, Module, Opcode, Operation, Type};
use hire_compiler::rewrite::{Context, RuleResult};

/// Custom calls that place values, and change none.
const PLACEMENTS: [&str; 10] = [
    "LayoutConstraint",
    "MoveToDevice",
    "MoveToHost",
    "SPMDFullToShardShape",
    "SPMDShardToFullShape",
    "Sharding",
    "annotate_device_placement",
    "xla.sdy.FuncResultSharding",
    "xla.sdy.GlobalToLocalShape",
    "xla.sdy.LocalToGlobalShape",
];

/// `optimization_barrier(x, …)`, `sdy.sharding_constraint(x)`, `custom_call @Sharding(x)` and their
/// like  =>  x; of a program as a whole, shardings change no value. `sdy.sharding_group` is dropped.
///
/// Not where the types differ: a shard is no whole tensor.
pub(super) fn one_device(c: &Context<'_>) -> RuleResult {
    let operation = c.operation();
    if operation.opcode == Opcode::ShardingGroup {
        let mut patch = c.patch();
        patch.erase(c.op);
        return Ok(Some(patch));
    }
    if !changes_nothing(operation) {
        return Ok(None);
    }
    with_operands(c)
}

fn changes_nothing(operation: &Operation) -> bool {
    match operation.opcode {
        Opcode::OptimizationBarrier
        | Opcode::UnrealizedConversionCast
        | Opcode::SdyAllGather
        | Opcode::SdyAllSlice
        | Opcode::SdyAllToAll
        | Opcode::SdyCollectivePermute
        | Opcode::DataFlowEdge
        | Opcode::FuncDataFlowEdge
        | Opcode::PropagationBarrier
        | Opcode::ReplicatedToUnreduced
        | Opcode::Reshard
        | Opcode::SdyAllReduce
        | Opcode::SdyReduceScatter
        | Opcode::ShardedToUnreduced
        | Opcode::ShardingConstraint => true,
        Opcode::CustomCall => operation.str_attr("call_target_name").is_some_and(|target| PLACEMENTS.contains(&target)),
        _ => false,
    }
}

/// A collective whose groups have one member  =>  its operands.
///
/// Not where the types differ.
pub(super) fn identity(c: &Context<'_>) -> RuleResult {
    let operation = c.operation();
    let groups = match operation.opcode {
        Opcode::AllGather
        | Opcode::AllReduce
        | Opcode::AllToAll
        | Opcode::CollectiveBroadcast
        | Opcode::ReduceScatter => "replica_groups",
        _ => return Ok(None),
    };
    let Some(groups) = operation.attr(groups).and_then(Attr::as_elements) else { return Ok(None) };
    if groups.ty.sizes().is_none_or(|sizes| sizes.len() != 2 || sizes[1] > 1) {
        return Ok(None);
    }
    with_operands(c)
}

/// The patch that lets the operands take the place of the results, where the types are the same.
fn with_operands(c: &Context<'_>) -> RuleResult {
    let operation = c.operation();
    let types = |values: &[_]| -> Vec<&Type> { values.iter().map(|&v| c.func.value_type(v)).collect() };
    if types(&operation.operands) != types(&operation.results) {
        return Ok(None);
    }
    let mut patch = c.patch();
    for (&result, &operand) in operation.results.iter().zip(&operation.operands) {
        patch.replace_with(c.func, result, operand);
    }
    patch.erase(c.op);
    Ok(Some(patch))
}

/// Whether a module says that it is for several devices.
fn is_for_several(module: &Module) -> bool {
    let count = |name| module.attrs.get(name).and_then(Attr::as_i64).unwrap_or(1);
    count("mhlo.num_replicas") > 1 || count("mhlo.num_partitions") > 1
}

/// `replica_id`, `partition_id`  =>  0; `sdy.constant v`  =>  `stablehlo.constant v`
///
/// No identity in a module that says it is for several devices.
pub(super) fn constant(c: &Context<'_>) -> RuleResult {
    let operation = c.operation();
    let Some(result) = c.result() else { return Ok(None) };
    let value = match operation.opcode {
        Opcode::ReplicaId | Opcode::PartitionId if !is_for_several(c.module) => {
            let Some(ty) = c.tensor(result) else { return Ok(None) };
            Attr::Elements(DenseElements::new(ty.clone(), vec![0; ty.element.byte_size()]))
        }
        Opcode::SdyConstant => match operation.attr("value") {
            Some(value) => value.clone(),
            None => return Ok(None),
        },
        _ => return Ok(None),
    };
    let mut patch = c.patch();
    let ty = c.func.value_type(result).clone();
    let value = patch.builder().value(Opcode::Constant, [], [("value", value)], ty);
    patch.replace(result, value);
    Ok(Some(patch))
}
