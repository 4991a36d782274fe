//! Which of an operation's operands and results belong to which declaration.

use std::ops::Range;

use smallvec::SmallVec;

use super::{Presence, Traits, ValueSpec};
use crate::ir::attrs::{Attr, DenseArray};
use crate::ir::entity::ValueId;
use crate::ir::operation::Operation;

/// A range of operands or results for each declaration, in order.
pub type Groups = SmallVec<[Range<usize>; 4]>;

/// The attribute that says how many operands each declaration has, for
/// [`SEGMENTED`](Traits::SEGMENTED) operations.
pub const OPERAND_SEGMENT_SIZES: &str = "operandSegmentSizes";

/// The same for results.
pub const RESULT_SEGMENT_SIZES: &str = "resultSegmentSizes";

/// Deals `count` values out to their declarations; `None` when they cannot be.
fn deal(specs: &[ValueSpec], traits: Traits, count: usize, sizes: Option<&[i32]>) -> Option<Groups> {
    let variable = |spec: &&ValueSpec| matches!(spec.presence, Presence::Variadic | Presence::Optional);
    let variadic = specs.iter().filter(variable).count();
    let spare = count.checked_sub(specs.len() - variadic)?;
    let each = match (variadic, sizes) {
        (0 | 1, _) => spare,
        (_, Some(_)) => 0,
        _ if traits.contains(Traits::EQUAL_SEGMENTS) && spare % variadic == 0 => spare / variadic,
        _ => return None,
    };
    let mut start = 0;
    let mut groups = Groups::new();
    for (index, spec) in specs.iter().enumerate() {
        let length = match (variadic, sizes) {
            (2.., Some(sizes)) => usize::try_from(*sizes.get(index)?).ok()?,
            _ if variable(&spec) => each,
            _ => 1,
        };
        let fits = match spec.presence {
            Presence::Variadic => true,
            Presence::Optional => length <= 1,
            Presence::Required | Presence::Default(_) => length == 1,
        };
        if !fits {
            return None;
        }
        groups.push(start..start.checked_add(length)?);
        start += length;
    }
    (start == count).then_some(groups)
}

impl Operation {
    /// The operands of each declaration, in order; `None` when their number does not fit the table.
    pub fn operand_groups(&self) -> Option<Groups> {
        let info = self.opcode.info();
        deal(info.operands, info.traits, self.operands.len(), self.segment_sizes(OPERAND_SEGMENT_SIZES))
    }

    /// The results of each declaration, in order; `None` when their number does not fit the table.
    pub fn result_groups(&self) -> Option<Groups> {
        let info = self.opcode.info();
        deal(info.results, info.traits, self.results.len(), self.segment_sizes(RESULT_SEGMENT_SIZES))
    }

    /// The operands of the `index`-th declaration.
    pub fn operand_group(&self, index: usize) -> Option<&[ValueId]> {
        self.operands.get(self.operand_groups()?.get(index)?.clone())
    }

    fn segment_sizes(&self, name: &str) -> Option<&[i32]> {
        match self.attr(name)? {
            Attr::DenseArray(DenseArray::I32(sizes)) => Some(sizes),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::Opcode;

    fn groups(opcode: Opcode, operands: usize) -> Option<Vec<Range<usize>>> {
        let info = opcode.info();
        deal(info.operands, info.traits, operands, None).map(|groups| groups.to_vec())
    }

    #[test]
    fn operands_are_dealt_by_their_declarations() {
        assert_eq!(groups(Opcode::Add, 2), Some(vec![0..1, 1..2]));
        assert_eq!(groups(Opcode::Add, 3), None);
        assert_eq!(groups(Opcode::DynamicSlice, 1), Some(vec![0..1, 1..1]));
        assert_eq!(groups(Opcode::DynamicSlice, 3), Some(vec![0..1, 1..3]));
        assert_eq!(groups(Opcode::Scatter, 5), Some(vec![0..2, 2..3, 3..5]));
        assert_eq!(groups(Opcode::Scatter, 4), None);
        assert_eq!(groups(Opcode::CollectiveReduce, 3), None);
        assert_eq!(groups(Opcode::Scan, 2), None, "needs the sizes");
    }
}
