//! Attributes that say no more than their absence does.
//!
//! Some are the defaults that the table declares; others are optional attributes whose absence has a
//! meaning that can also be spelled out, such as window strides of one.

use crate::ir::ops::{AttrSpec, Presence};
use crate::ir::{Attr, AttrMap, DenseArray, EnumKind, Opcode};

/// Whether an attribute says no more than its absence.
pub(crate) fn is_neutral(opcode: Opcode, spec: &AttrSpec, attr: &Attr) -> bool {
    match spec.presence {
        Presence::Default(_) => spec.is_default(attr),
        Presence::Optional => is_neutral_optional(opcode, spec.name, attr),
        Presence::Required | Presence::Variadic => false,
    }
}

fn is_neutral_optional(opcode: Opcode, name: &str, attr: &Attr) -> bool {
    match (name, attr) {
        ("window_strides" | "lhs_dilation" | "rhs_dilation" | "base_dilations" | "window_dilations", attr) => {
            attr.as_i64s().is_some_and(|values| values.iter().all(|&v| v == 1))
        }
        ("known_expanding_dimensions" | "known_nonexpanding_dimensions", attr) => {
            attr.as_i64s().is_some_and(|values| values.is_empty())
        }
        ("window_reversal", Attr::DenseArray(DenseArray::Bool(values))) => values.iter().all(|v| !v),
        ("padding", Attr::Elements(elements)) => elements.data.iter().all(|&byte| byte == 0),
        ("source_target_pairs", Attr::Elements(elements)) => elements.is_empty(),
        ("precision_config", Attr::Array(cases)) => {
            let default = Attr::Enum { kind: EnumKind::Precision, case: "DEFAULT" };
            cases.iter().all(|case| *case == default)
        }
        ("compare_type", attr) => attr.as_enum() == Some("NOTYPE"),
        ("composite_attributes", Attr::Dict(dict)) => dict.is_empty(),
        ("layout" | "result_tilings", Attr::Array(items)) => items.is_empty(),
        ("channel_handle", Attr::ChannelHandle(channel)) => {
            !matches!(opcode, Opcode::Send | Opcode::Recv) && channel.handle == 0 && channel.channel_type == 0
        }
        _ => false,
    }
}

/// Removes the attributes of a custom call that are neutral together: layouts when all are empty,
/// and an empty configuration.
pub(crate) fn drop_neutral_call_attributes(opcode: Opcode, attrs: &mut AttrMap) {
    if opcode != Opcode::CustomCall {
        return;
    }
    let empty = |attr: Option<&Attr>| matches!(attr, Some(Attr::Array(items)) if items.is_empty());
    if empty(attrs.get("operand_layouts")) && empty(attrs.get("result_layouts")) {
        attrs.remove("operand_layouts");
        attrs.remove("result_layouts");
    }
    let neutral = match attrs.get("backend_config") {
        Some(Attr::String(text)) => text.is_empty(),
        Some(Attr::Dict(dict)) => dict.is_empty(),
        _ => false,
    };
    if neutral {
        attrs.remove("backend_config");
    }
}
