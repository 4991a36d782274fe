//! Calls of primitives: prepared once when a program is loaded, then run on the program's memory.

use hire_artifact::schedule::{Call, Place, TensorAt};

use super::error::Error;
use super::memory::Bases;
use super::primitives::{self, Primitive};

/// Tensors of a call that are passed without a list on the heap.
const FEW_TENSORS: usize = 16;

/// A primitive, and where its tensors lie.
pub(super) struct PreparedCall {
    primitive: Primitive,
    operands: Vec<Span>,
    results: Vec<Span>,
}

/// A tensor's bytes.
#[derive(Clone, Copy)]
struct Span {
    place: Place,
    bytes: usize,
}

impl Span {
    fn of(tensor: &TensorAt) -> Result<Self, Error> {
        let ty = tensor.ty();
        let bytes = ty.host_bytes().ok_or_else(|| Error::Schedule(format!("{ty} does not fit in memory")))?;
        Ok(Self { place: tensor.place, bytes })
    }

    /// Whether both are in the arena and share bytes.
    fn overlaps(self, other: Span) -> bool {
        let (Place::Arena(a), Place::Arena(b)) = (self.place, other.place) else { return false };
        a < b.saturating_add(other.bytes as u64) && b < a.saturating_add(self.bytes as u64)
    }
}

impl PreparedCall {
    /// Prepares the primitive that a call names.
    ///
    /// # Errors
    /// When this runtime does not have it, when its tensors or attributes are not what it takes, and
    /// when a result lies elsewhere than in the arena, or overlaps another tensor of the call.
    pub(super) fn new(call: &Call) -> Result<Self, Error> {
        let types = |tensors: &[TensorAt]| tensors.iter().map(TensorAt::ty).collect::<Vec<_>>();
        let (operands, results) = (types(&call.operands), types(&call.results));
        let primitive = primitives::load(&call.primitive, &call.attributes, &operands, &results);
        let primitive = primitive.map_err(Error::Primitive)?;
        let spans = |tensors: &[TensorAt]| tensors.iter().map(Span::of).collect::<Result<Vec<_>, _>>();
        let (operands, results) = (spans(&call.operands)?, spans(&call.results)?);
        for (at, result) in results.iter().enumerate() {
            let shares = operands.iter().chain(&results[..at]).any(|other| result.overlaps(*other));
            if shares || !matches!(result.place, Place::Arena(_)) {
                return Err(Error::Schedule(format!("result {at} of a `{}` has no memory of its own", call.primitive)));
            }
        }
        Ok(Self { primitive, operands, results })
    }

    /// Words of scratch memory that [`Self::run`] needs.
    pub(super) fn scratch_words(&self) -> usize {
        self.primitive.scratch_words()
    }

    /// Computes the results.
    ///
    /// # Safety
    /// All places of the schedule must point to memory of the sizes that it was checked against, which
    /// nothing else uses meanwhile; the arena overlaps none of the others.
    pub(super) unsafe fn run(&self, bases: &Bases, scratch: &mut [u128]) -> Result<(), Error> {
        // SAFETY: the caller's promise, and the schedule's check: so many bytes are there.
        let operand = |span: &Span| unsafe { std::slice::from_raw_parts(bases.address(span.place), span.bytes) };
        // SAFETY: as above; `new` made sure that nothing else of the call shares these bytes.
        let result = |span: &Span| unsafe { std::slice::from_raw_parts_mut(bases.address(span.place), span.bytes) };
        if self.operands.len() <= FEW_TENSORS && self.results.len() <= FEW_TENSORS {
            let mut operands: [&[u8]; FEW_TENSORS] = [&[]; FEW_TENSORS];
            let mut results: [&mut [u8]; FEW_TENSORS] = std::array::from_fn(|_| Default::default());
            operands.iter_mut().zip(&self.operands).for_each(|(slot, span)| *slot = operand(span));
            results.iter_mut().zip(&self.results).for_each(|(slot, span)| *slot = result(span));
            let (operands, results) = (&operands[..self.operands.len()], &mut results[..self.results.len()]);
            return self.primitive.run(operands, results, scratch).map_err(Error::Failed);
        }
        let operands: Vec<&[u8]> = self.operands.iter().map(operand).collect();
        let mut results: Vec<&mut [u8]> = self.results.iter().map(result).collect();
        self.primitive.run(&operands, &mut results, scratch).map_err(Error::Failed)
    }
}
