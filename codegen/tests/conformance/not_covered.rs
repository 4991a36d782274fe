//! What differs from the interpreter, and why.

/// The starts of the names of programs that do not pass, each with the reason.
const NOT_COVERED: &[(&str, &str)] = &[
    ("all_gather ", DEVICES),
    ("all_reduce ", DEVICES),
    ("control #3 ", "recursion, which StableHLO does not have"),
    ("control #7 ", "probes of StableHLO's interpreter"),
    ("devices ", DEVICES),
    ("manual ", DEVICES),
    ("outfeed ", DEVICES),
    ("reduce_scatter ", DEVICES),
    ("reductions #2 @reduce_rounds_every_step", "sums in another order, which the specification leaves open"),
    ("replica_id ", DEVICES),
    ("shardings #1 ", DEVICES),
    ("shardings #2 ", DEVICES),
    ("shapes #15 @set_dimension_size", "sizes that only a run tells: kernels are made for static shapes"),
];

const DEVICES: &str = "several devices, where the target is one";

/// Programs that show only that they run.
const WITHOUT_CHECKS: &[&str] = &["after_all "];

/// Programs with functions of CHLO that the interpreter computes in higher precision. Kernels compute what CHLO is
/// written out as (`hire_passes::legalize`), within so many units in the last place.
const ULPS: &[(&str, u64)] = &[
    ("chlo #12 @bessel_i1e_f64", 4),
    ("chlo #16 @digamma_f32", 4),
    ("chlo #23 @lgamma_f64", 6),
    ("chlo #24 @lgamma_f32", 32),
    ("chlo #33 @polygamma_f64", 100),
    ("chlo_broadcast #19 @polygamma", 6),
];

/// Why a program is not covered, if it is not.
pub(crate) fn reason(name: &str) -> Option<&'static str> {
    NOT_COVERED.iter().find(|(start, _)| name.starts_with(start)).map(|(_, reason)| *reason)
}

/// Whether a program may be without checks.
pub(crate) fn lacks_checks(name: &str) -> bool {
    WITHOUT_CHECKS.iter().any(|start| name.starts_with(start))
}

/// How many units in the last place a program's results may be off, where that is more than it says.
pub(crate) fn allowed_ulps(name: &str) -> Option<u64> {
    ULPS.iter().find(|(start, _)| name.starts_with(start)).map(|(_, ulps)| *ulps)
}
