//! What the plugin does not take, and why.

use crate::cases::Case;

/// Operations that have no case.
pub(crate) const OPERATIONS: &[(&str, &str)] = &[
    ("all_gather", "needs several devices"),
    ("all_reduce", "needs several devices"),
    ("all_to_all", "needs several devices"),
    ("async_done", "futures are no arguments or results of a program"),
    ("async_start", "futures are no arguments or results of a program"),
    ("collective_broadcast", "needs several devices"),
    ("collective_permute", "needs several devices"),
    ("collective_reduce", "needs several devices"),
    ("cross-replica-sum", "needs several devices"),
    ("infeed", "no host feeds the device"),
    ("outfeed", "no host reads the device"),
    ("partition_id", "no partitioned program"),
    ("recv", "no host feeds the device"),
    ("reduce_scatter", "needs several devices"),
    ("rng", "which numbers it gives is implementation-defined"),
    ("send", "no host reads the device"),
];

/// Why the plugin refuses a case; `None` for what it takes.
pub(crate) fn reason(case: &Case) -> Option<&'static str> {
    CASES.iter().find(|(name, _)| case.name == *name).map(|(_, reason)| *reason)
}

/// Cases that the plugin refuses.
const CASES: &[(&str, &str)] = &[
    ("dynamic_conv", "has no translation to HLO"),
    ("unary_einsum f32", "has no translation to HLO"),
    ("uniform_quantize, uniform_dequantize", "has no translation to HLO"),
];
