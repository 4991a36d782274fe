//! Kernels with one mistake: each must be caught by a check, or give a wrong result.

use crate::gemv::{PTX, launch, result};

/// A mistake: what is replaced by what, and how it must show.
struct Mutant {
    what: &'static str,
    from: &'static str,
    to: &'static str,
    /// The name of the fault, or `wrong` for a wrong result without one.
    shows: &'static str,
}

const MUTANTS: [Mutant; 18] = [
    Mutant { what: "no barrier", from: "bar.sync \t0;", to: "", shows: "shared-race|uninitialised-memory" },
    Mutant {
        what: "a barrier only some threads reach",
        from: "bar.sync \t0;",
        to: "@%p2 bra \t$L__BB0_6; bar.sync \t0;",
        shows: "divergence",
    },
    Mutant {
        what: "a barrier in a branch",
        from: "st.shared.b32 \t[%rd2], %r28;",
        to: "st.shared.b32 \t[%rd2], %r28; bar.sync 0;",
        shows: "divergence",
    },
    Mutant { what: "another element of the matrix", from: "[%rd9];", to: "[%rd9+16];", shows: "wrong|out-of-bounds" },
    Mutant { what: "a misaligned load", from: "[%rd9];", to: "[%rd9+4];", shows: "misaligned" },
    Mutant {
        what: "rows too far apart",
        from: "shl.b32 \t%r6, %r2, 9",
        to: "shl.b32 \t%r6, %r2, 10",
        shows: "out-of-bounds",
    },
    Mutant { what: "rows too near", from: "shl.b32 \t%r6, %r2, 9", to: "shl.b32 \t%r6, %r2, 8", shows: "wrong" },
    Mutant { what: "operands swapped", from: "%r9, %r13, %r16", to: "%r9, %r16, %r13", shows: "wrong" },
    Mutant { what: "a smaller shuffle", from: "mov.b32 \t%r27, 16;", to: "mov.b32 \t%r27, 8;", shows: "wrong" },
    Mutant { what: "a shuffle of fewer lanes", from: "31, -1;", to: "15, -1;", shows: "wrong" },
    Mutant {
        what: "a shuffle that not all lanes reach",
        from: "$L__BB0_1:",
        to: "setp.eq.b32 \t%p2, %r4, 3; @%p2 bra \t$L__BB0_4; $L__BB0_1:",
        shows: "divergence",
    },
    Mutant {
        what: "the wrong predicate",
        from: "@%p2 bra \t$L__BB0_4;",
        to: "@!%p2 bra \t$L__BB0_4;",
        shows: "shared-race",
    },
    Mutant { what: "all threads write the sum", from: "@%p3 bra \t$L__BB0_6;", to: "", shows: "global-conflict" },
    Mutant {
        what: "warps share a slot",
        from: "mul.wide.u32 \t%rd12, %r3, 4;",
        to: "mul.wide.u32 \t%rd12, %r3, 0;",
        shows: "shared-race",
    },
    Mutant {
        what: "a slot outside of the array",
        from: "mul.wide.u32 \t%rd12, %r3, 4;",
        to: "mul.wide.u32 \t%rd12, %r3, 8;",
        shows: "out-of-bounds",
    },
    Mutant { what: "a result that is not written", from: "st.global.b32 \t[%rd15], %r26;", to: "", shows: "unwritten" },
    Mutant {
        what: "blocks write the same result",
        from: "mul.wide.u32 \t%rd14, %r2, 4;",
        to: "mul.wide.u32 \t%rd14, %r2, 0;",
        shows: "global-conflict",
    },
    Mutant {
        what: "a register that was never written",
        from: "mul.rn.f32 \t%r16, %r8, %r12;",
        to: "",
        shows: "uninitialised-register",
    },
];

#[test]
fn every_mutant_is_caught() {
    for Mutant { what, from, to, shows } in MUTANTS {
        assert_eq!(PTX.matches(from).count(), 1, "{what}: `{from}` should stand once in the kernel");
        let shown = match launch(&PTX.replace(from, to)) {
            Ok(outcome) if outcome.buffers[2] == result() => "nothing".to_owned(),
            Ok(_) => "wrong".to_owned(),
            Err(fault) => fault.kind.name().to_owned(),
        };
        assert!(shows.split('|').any(|s| s == shown), "{what} shows as {shown}, not {shows}");
    }
}
