//! What the plugins do not take, or compute wrongly, and why.

/// Operations that have no case.
pub(crate) const OPERATIONS: &[(&str, &str)] = &[
    ("chlo._asin_acos_kernel", "an intermediate of the expansion of asin and acos"),
    ("async_done", "futures are no arguments or results of a program"),
    ("async_start", "futures are no arguments or results of a program"),
    ("collective_reduce", "is newer than the plugins"),
    ("infeed", "no host feeds the device"),
    ("outfeed", "no host reads the device"),
    ("recv", "no host feeds the device"),
    ("rng", "which numbers it gives is implementation-defined"),
    ("send", "no host reads the device"),
];

/// Cases that a plugin refuses or computes wrongly.
pub(crate) struct Listed {
    /// The name of a case, or of an operation for all of its cases.
    case: &'static str,
    /// The plugin; empty for all.
    plugin: &'static str,
    /// A part of the plugin's error; `None` where it takes the case, but what it computes is wrong.
    pub(crate) says: Option<&'static str>,
    pub(crate) reason: &'static str,
}

/// What is listed about a case.
pub(crate) fn listed(case: &str, plugin: &str) -> Option<&'static Listed> {
    let concerns = |entry: &&Listed| {
        let rest = case.strip_prefix(entry.case);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')) && ["", plugin].contains(&entry.plugin)
    };
    CASES.iter().find(concerns)
}

const fn refused(case: &'static str, plugin: &'static str, says: &'static str, reason: &'static str) -> Listed {
    Listed { case, plugin, says: Some(says), reason }
}

const fn wrong(case: &'static str, plugin: &'static str, reason: &'static str) -> Listed {
    Listed { case, plugin, says: None, reason }
}

const ATAN: &str = "gives 0.06 for -0.895, whose arc tangent is -0.73";

const CASES: &[Listed] = &[
    refused("dynamic_conv", "", "can't be translated to XLA HLO", "has no translation to HLO"),
    refused("unary_einsum", "", "can't be translated to XLA HLO", "has no translation to HLO"),
    refused("uniform_quantize, uniform_dequantize", "", "can't be translated to XLA HLO", "has no translation to HLO"),
    refused("collective_broadcast", "", "not supported by XLA:CPU", "has no kernel on CPUs"),
    refused("chlo.ragged_dot", "", "not supported by XLA:CPU", "has no kernel on CPUs"),
    refused("chlo.scan", "pjrt_cpu", "not supported by XLA:CPU", "has no kernel on CPUs"),
    refused("chlo.mulhi", "pjrt_cpu", "unregistered operation", "is newer than the plugin"),
    wrong("chlo.atan f16", "pjrt_cpu_alt", ATAN),
    wrong("chlo.atan bf16", "pjrt_cpu_alt", ATAN),
    wrong("chlo.atan f32", "pjrt_cpu_alt", ATAN),
    wrong("chlo.atan f64", "pjrt_cpu_alt", ATAN),
];
