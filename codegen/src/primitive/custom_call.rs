//! Custom calls that JAX and StableHLO's tests make and whose meaning does not depend on a device.

use hire_compiler::ir::{Attr, Func, Module, OpId, Operation};
use serde_json::{Map, Value, json};

use super::Primitive;
use super::attributes::{attributes, value};
use super::region::region;

/// The primitive that a custom call stands for.
pub(super) fn primitive(module: &Module, func: &Func, op: OpId) -> Option<Primitive> {
    let operation = &func.ops[op];
    let target = operation.str_attr("call_target_name")?;
    let mut attributes = Map::new();
    let name = match target {
        "Sharding"
        | "LayoutConstraint"
        | "MoveToDevice"
        | "MoveToHost"
        | "SPMDFullToShardShape"
        | "SPMDShardToFullShape"
        | "annotate_device_placement"
        | "xla.sdy.FuncResultSharding"
        | "xla.sdy.GlobalToLocalShape"
        | "xla.sdy.LocalToGlobalShape" => "copy",
        "TopK" | "mhlo.topk" | "stablehlo.dynamic_top_k" => {
            if matches!(inner(operation, "largest"), Some(Attr::Bool(false))) {
                return None;
            }
            "top_k"
        }
        "ApproxTopK" | "PartialReduce" => {
            attributes.insert("regions".to_owned(), json!([called(module, operation)?]));
            if let Some(dim) = inner(operation, "reduction_dim").and_then(value) {
                attributes.insert("reduction_dim".to_owned(), dim);
            }
            "approx_top_k"
        }
        "stablehlo.dynamic_reduce_window" => {
            attributes.insert("regions".to_owned(), json!([called(module, operation)?]));
            "dynamic_reduce_window"
        }
        "stablehlo.dynamic_rng_bit_generator" => {
            attributes = super::attributes(&operation.attrs);
            "rng_bit_generator"
        }
        "shape_assertion" => {
            if let Some(message) = inner(operation, "error_message").and_then(value) {
                attributes.insert("error_message".to_owned(), message);
            }
            "shape_assertion"
        }
        "check.expect_eq" => "expect_eq",
        "check.expect_almost_eq" => {
            attributes.insert("tolerance".to_owned(), json!(1e-3));
            "expect_almost_eq"
        }
        "check.expect_close" => {
            attributes.insert("max_ulp_difference".to_owned(), json!(3));
            "expect_close"
        }
        "check.eq" => "expect_almost_eq",
        other => return plain(operation, other),
    };
    Some(Primitive { name: name.to_owned(), attributes })
}

/// The computation that a custom call names.
fn called(module: &Module, operation: &Operation) -> Option<Value> {
    let Attr::Array(names) = operation.attr("called_computations")? else { return None };
    let computation = &module.funcs[module.func_by_name(names.first()?.as_symbol()?)?];
    region(computation, computation.body?)
}

/// A custom call that stands for an operation of its own name, its attributes in a dictionary.
fn plain(operation: &Operation, target: &str) -> Option<Primitive> {
    let (dialect, name) = target.split_once('.')?;
    let attributes = match operation.attr("mhlo.attributes") {
        Some(Attr::Dict(attrs)) => attributes(attrs),
        _ => Map::new(),
    };
    (dialect == "mhlo").then(|| Primitive { name: name.to_owned(), attributes })
}

/// An attribute of the call, or of a dictionary that exporters wrap attributes in.
fn inner<'a>(operation: &'a Operation, name: &str) -> Option<&'a Attr> {
    let wrapped = |outer: &str| match operation.attr(outer) {
        Some(Attr::Dict(attrs)) => attrs.get(name),
        _ => None,
    };
    let direct = operation.attr(name);
    direct.or_else(|| ["mhlo.attributes", "mhlo.backend_config", "backend_config"].into_iter().find_map(wrapped))
}
