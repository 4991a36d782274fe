//! The specification's tags: `pad_c2` is constraint (C2) of `pad`, `pad_i1` its input (I1).
//!
//! Inputs are numbered as in the specification: operands, then attributes, then regions.
//! The specification does not number outputs; `pad_o1` names the type of the first.

use std::sync::LazyLock;

use crate::ir::Opcode;

/// Most numbers a kind of tag has: `convolution` has 34 constraints.
const MOST: usize = 40;

struct Tags {
    constraints: Vec<String>,
    inputs: Vec<String>,
    outputs: Vec<String>,
}

static TAGS: LazyLock<Vec<Tags>> = LazyLock::new(|| {
    let numbered = |name: &str, kind: char| (1..=MOST).map(|n| format!("{name}_{kind}{n}")).collect();
    let all = Opcode::ALL.iter().map(|op| op.info().mnemonic());
    all.chain(["foreign"])
        .map(|name| Tags {
            constraints: numbered(name, 'c'),
            inputs: numbered(name, 'i'),
            outputs: numbered(name, 'o'),
        })
        .collect()
});

/// The tag in a list, the last one for numbers that no operation of the table reaches.
fn nth(tags: &'static [String], n: usize) -> &'static str {
    &tags[n.clamp(1, MOST) - 1]
}

/// The tag of constraint (C`n`) of an operation.
pub(super) fn constraint(opcode: Opcode, n: usize) -> &'static str {
    nth(&TAGS[opcode as usize].constraints, n)
}

/// The tag of input (I`n`) of an operation.
pub(super) fn input(opcode: Opcode, n: usize) -> &'static str {
    nth(&TAGS[opcode as usize].inputs, n)
}

/// The tag of an operation's `n`-th output.
pub(super) fn output(opcode: Opcode, n: usize) -> &'static str {
    nth(&TAGS[opcode as usize].outputs, n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_spelled_as_in_the_specification() {
        assert_eq!(constraint(Opcode::DotGeneral, 12), "dot_general_c12");
        assert_eq!(input(Opcode::Pad, 1), "pad_i1");
        assert_eq!(output(Opcode::Foreign, 1), "foreign_o1");
    }
}
