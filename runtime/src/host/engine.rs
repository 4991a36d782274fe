//! Walks a schedule.

use hire_artifact::schedule::{Place, Schedule, Step, TensorAt};
use libloading::Library;

use super::error::Error;
use super::memory::{Bases, Block};
use super::pool::{Kernel, Pool};

/// Buffers of a dispatch that are passed without a list on the heap.
const FEW_BUFFERS: usize = 32;

/// A loaded program with its memory and its threads.
pub(super) struct Engine {
    pub(super) schedule: Schedule,
    kernels: Vec<Kernel>,
    /// Keeps the kernels' code in memory.
    _library: Library,
    arena: Block,
    constants: Block,
    pool: Pool,
}

impl Engine {
    /// Loads the kernels that the schedule names from a library.
    pub(super) fn new(schedule: Schedule, library: Library, constants: Block, threads: usize) -> Result<Self, Error> {
        let mut kernels = Vec::with_capacity(schedule.kernels.len());
        for name in &schedule.kernels {
            // SAFETY: the library was made together with the schedule (their digests are in the manifest), whose
            // kernels all have this type.
            let symbol = unsafe { library.get::<Kernel>(name.as_bytes()) };
            kernels.push(*symbol.map_err(|e| Error::Schedule(format!("kernel {name}: {e}")))?);
        }
        refuse_calls(&schedule.steps)?;
        let arena = Block::new(schedule.arena_bytes)?;
        Ok(Engine { schedule, kernels, _library: library, arena, constants, pool: Pool::new(threads)? })
    }

    /// Runs the program once.
    ///
    /// # Safety
    /// Arguments and results must point to memory of the sizes of the interface that the schedule was checked
    /// against, which nothing else writes; those of results and of state are written.
    pub(super) unsafe fn run(&mut self, arguments: Vec<*mut u8>, results: Vec<*mut u8>) -> Result<(), Error> {
        let bases = Bases { arguments, results, arena: self.arena.start(), constants: self.constants.start() };
        // SAFETY: the caller's promise; arena and constants have the sizes that the schedule states.
        unsafe { self.steps(&self.schedule.steps, &bases) }
    }

    /// # Safety
    /// As [`Self::run`].
    unsafe fn steps(&self, steps: &[Step], bases: &Bases) -> Result<(), Error> {
        for step in steps {
            match step {
                Step::Dispatch { kernel, grid, buffers } => {
                    // SAFETY: as promised.
                    unsafe { self.dispatch(self.kernels[*kernel as usize], *grid, buffers, bases)? };
                }
                Step::Copy { from, to, bytes } => {
                    let (from, to) = (bases.address(*from), bases.address(*to));
                    // SAFETY: the schedule's check: both have so many bytes.
                    unsafe { std::ptr::copy(from, to, *bytes as usize) };
                }
                Step::While { condition, predicate, body } => loop {
                    // SAFETY: as promised.
                    unsafe { self.steps(condition, bases)? };
                    // SAFETY: the schedule's check: a byte is there.
                    if unsafe { bases.address(*predicate).read() } == 0 {
                        break;
                    }
                    // SAFETY: as promised.
                    unsafe { self.steps(body, bases)? };
                },
                Step::Case { index, is_predicate, branches } => {
                    // SAFETY: the schedule's check: an i32, or a byte, is there.
                    let chosen = unsafe { chosen(bases, *index, *is_predicate, branches.len()) };
                    // SAFETY: as promised.
                    unsafe { self.steps(&branches[chosen], bases)? };
                }
                Step::Call(call) => return Err(missing(&call.primitive)),
            }
        }
        Ok(())
    }

    /// # Safety
    /// As [`Self::run`].
    unsafe fn dispatch(&self, kernel: Kernel, grid: u64, buffers: &[TensorAt], bases: &Bases) -> Result<(), Error> {
        if buffers.len() <= FEW_BUFFERS {
            let mut pointers = [std::ptr::null_mut(); FEW_BUFFERS];
            for (pointer, buffer) in pointers.iter_mut().zip(buffers) {
                *pointer = bases.address(buffer.place);
            }
            // SAFETY: the schedule's check: each buffer lies where there is room for it, and the compiler's
            // plan gives results memory that no operand has.
            return unsafe { self.pool.run(kernel, &pointers[..buffers.len()], grid) };
        }
        let pointers: Vec<*mut u8> = buffers.iter().map(|buffer| bases.address(buffer.place)).collect();
        // SAFETY: as above.
        unsafe { self.pool.run(kernel, &pointers, grid) }
    }
}

/// The branch that an index names.
///
/// # Safety
/// A byte, or an i32, must be at `index`.
unsafe fn chosen(bases: &Bases, index: Place, is_predicate: bool, branches: usize) -> usize {
    let address = bases.address(index);
    if is_predicate {
        // SAFETY: the caller's promise.
        return usize::from(unsafe { address.read() } == 0).min(branches - 1);
    }
    // SAFETY: the caller's promise.
    let number = unsafe { address.cast::<i32>().read_unaligned() };
    usize::try_from(number).ok().filter(|&number| number < branches).unwrap_or(branches - 1)
}

/// Refuses a schedule that calls primitives, before anything runs.
fn refuse_calls(steps: &[Step]) -> Result<(), Error> {
    steps.iter().try_for_each(|step| match step {
        Step::Call(call) => Err(missing(&call.primitive)),
        Step::While { condition, body, .. } => refuse_calls(condition).and_then(|()| refuse_calls(body)),
        Step::Case { branches, .. } => branches.iter().try_for_each(|steps| refuse_calls(steps)),
        _ => Ok(()),
    })
}

fn missing(name: &str) -> Error {
    Error::Primitive { name: name.to_owned(), what: "this runtime does not have it".to_owned() }
}
