//! What crosses the links between devices.
//!
//! A collective takes its bytes over the rate of a device's links, and a latency for each hop to the farthest device.
//! Libtpu states no cycles for either. The figures are those of a TPU v5e in a 2x2 slice:
//!
//! * 1,600 Gbit/s of links a chip, over the four links of a two-dimensional torus (Google Cloud's documentation, *TPU
//!   v5e*): 50 GB/s a link. A 2x2 slice has no wrap-around, so two of them lead to other chips: 100 GB/s.
//! * 1 us a hop, which is assumed, as no figure for v5e was found. The farthest chip of a 2x2 slice is two hops away.

use crate::hlo::{Computation, HloError, HloModule, Instruction};

/// Bytes a second that a device of a 2x2 slice receives over its links.
pub const LINK_BYTES_PER_SECOND: f64 = 100e9;

/// Seconds until the farthest device of a 2x2 slice is heard of.
pub const LINK_LATENCY_SECONDS: f64 = 2e-6;

/// A collective of a program.
#[derive(Clone, Debug, PartialEq)]
pub struct Collective {
    /// Its name.
    pub name: String,
    /// The operation, without `-start`.
    pub opcode: String,
    /// Bytes that a device receives.
    pub bytes: f64,
}

/// The collectives of all computations of a module, each once.
///
/// # Errors
/// When the module is damaged.
pub fn collectives(module: &HloModule) -> Result<Vec<Collective>, HloError> {
    let mut found = Vec::new();
    for computation in module.computations() {
        for instruction in &computation.instructions {
            if let Some(bytes) = received(computation, instruction)? {
                let opcode = instruction.opcode.trim_end_matches("-start").to_owned();
                found.push(Collective { name: instruction.name.clone(), opcode, bytes });
            }
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

/// Bytes that a device receives of a collective, or of the start of one; `None` for all else.
///
/// Of a gather those that are not its own; of a sum twice its size, as it is scattered and gathered; of what is moved, its
/// size.
pub(super) fn received(computation: &Computation, instruction: &Instruction) -> Result<Option<f64>, HloError> {
    let mut operands = 0.0;
    for &id in &instruction.operands {
        operands += computation.instruction(id)?.shape.bytes();
    }
    // What starts one gives its operands along with the result.
    let starts = instruction.opcode.ends_with("-start");
    let result = instruction.shape.bytes() - if starts { operands } else { 0.0 };
    Ok(match instruction.opcode.trim_end_matches("-start") {
        "all-gather" => Some((result - operands).max(0.0)),
        "all-reduce" => Some(2.0 * operands),
        "reduce-scatter" | "all-to-all" | "ragged-all-to-all" | "collective-permute" | "collective-broadcast" => {
            Some(operands)
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hlo::{Array, Shape};

    fn array(elements: i64) -> Shape {
        // F32 in HBM.
        Shape::Array(Array { element_type: 11, dimensions: vec![elements], memory_space: 0 })
    }

    #[test]
    fn bytes_are_those_that_come_from_others() {
        let received = |opcode: &str, from: i64, to: Shape| {
            let operand = Instruction::test(1, "parameter", array(from), &[]);
            let instruction = Instruction::test(2, opcode, to, &[1]);
            let computation = Computation::test(vec![operand, instruction.clone()]);
            super::received(&computation, &instruction).unwrap()
        };
        assert_eq!(received("all-gather", 4, array(16)), Some(48.0));
        assert_eq!(received("all-gather-start", 4, Shape::Tuple(vec![array(4), array(16)])), Some(48.0));
        assert_eq!(received("all-reduce", 4, array(4)), Some(32.0));
        assert_eq!(received("collective-permute", 4, array(4)), Some(16.0));
        assert_eq!(received("all-gather-done", 4, array(16)), None);
        assert_eq!(received("add", 4, array(4)), None);
    }
}
