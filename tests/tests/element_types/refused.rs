//! Where the verifier and MLIR disagree, and what the interpreter does not compute.

use hire_compiler::ir::Opcode;

/// Operations that cannot stand alone in a module.
pub(crate) const NOT_ALONE: &[&str] = &["stablehlo.composite"];

/// Revisions of operations that cannot stand alone in a module.
pub(crate) const NOT_WRITTEN: &[&str] = &["call_v1", "composite_v1", "composite_v2"];

/// MLIR checks operands of a broadcast when it is expanded, not before.
const AS_WITHOUT_BROADCAST: &str = "the operation without the broadcast does not take those types";

/// Operations that the interpreter computes on some of the types that the verifier takes; why not on the others.
pub(crate) const NOT_COMPUTED: &[(&str, &str)] = &[
    ("chlo.bessel_i1e", "of real numbers only"),
    ("chlo.broadcast_atan2", AS_WITHOUT_BROADCAST),
    ("chlo.broadcast_divide", AS_WITHOUT_BROADCAST),
    ("chlo.broadcast_next_after", AS_WITHOUT_BROADCAST),
    ("chlo.broadcast_polygamma", AS_WITHOUT_BROADCAST),
    ("chlo.broadcast_power", AS_WITHOUT_BROADCAST),
    ("chlo.broadcast_remainder", AS_WITHOUT_BROADCAST),
    ("chlo.broadcast_shift_left", AS_WITHOUT_BROADCAST),
    ("chlo.broadcast_shift_right_arithmetic", AS_WITHOUT_BROADCAST),
    ("chlo.broadcast_shift_right_logical", AS_WITHOUT_BROADCAST),
    ("chlo.broadcast_subtract", AS_WITHOUT_BROADCAST),
    ("stablehlo.remainder", "the specification does not say what the remainder of complex numbers is"),
    ("stablehlo.rng_bit_generator", "ThreeFry and Philox have states of 64-bit words"),
    ("stablehlo.torch_index_select", "an index is an integer; the declaration of this deprecated operation forgets it"),
];

/// Operation; a part of what the side that refuses says; why the two differ.
type Difference = (Opcode, &'static str, &'static str);

const DIFFERENCES: &[Difference] = &[(
    Opcode::BitcastConvert,
    "shapes must match where element types have the same width",
    "bitcast_convert_c1 says so; MLIR does not compare the ranks",
)];

/// The text of the listed difference that a refusal shows.
pub(crate) fn reason(opcode: Opcode, refusal: &str) -> Option<&'static str> {
    DIFFERENCES.iter().find(|(op, text, _)| *op == opcode && refusal.contains(text)).map(|(_, text, _)| *text)
}

/// The texts of all differences.
pub(crate) fn keys() -> impl Iterator<Item = &'static str> {
    DIFFERENCES.iter().map(|(_, text, _)| *text)
}
