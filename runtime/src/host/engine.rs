//! Walks a schedule.

use hire_artifact::schedule::{Place, Schedule, Step, TensorAt};
use libloading::Library;

use super::call::PreparedCall;
use super::error::Error;
use super::memory::{Bases, Block};
use super::pool::{Kernel, Pool};

/// Buffers of a dispatch that are passed without a list on the heap.
const FEW_BUFFERS: usize = 32;

/// A step that is ready to run.
enum Action {
    Dispatch { kernel: Kernel, grid: u64, buffers: Vec<TensorAt> },
    Copy { from: Place, to: Place, bytes: u64 },
    While { condition: Vec<Action>, predicate: Place, body: Vec<Action> },
    Case { index: Place, is_predicate: bool, branches: Vec<Vec<Action>> },
    Call(PreparedCall),
}

impl Action {
    /// Makes steps ready: looks up their kernels, prepares their primitives.
    fn all(steps: Vec<Step>, kernels: &[Kernel]) -> Result<Vec<Self>, Error> {
        steps.into_iter().map(|step| Self::new(step, kernels)).collect()
    }

    fn new(step: Step, kernels: &[Kernel]) -> Result<Self, Error> {
        Ok(match step {
            Step::Dispatch { kernel, grid, buffers } => {
                Action::Dispatch { kernel: kernels[kernel as usize], grid, buffers }
            }
            Step::Copy { from, to, bytes } => Action::Copy { from, to, bytes },
            Step::While { condition, predicate, body } => {
                Action::While { condition: Self::all(condition, kernels)?, predicate, body: Self::all(body, kernels)? }
            }
            Step::Case { index, is_predicate, branches } => {
                let branches = branches.into_iter().map(|steps| Self::all(steps, kernels));
                Action::Case { index, is_predicate, branches: branches.collect::<Result<_, _>>()? }
            }
            Step::Call(call) => Action::Call(PreparedCall::new(&call)?),
        })
    }

    /// Words of scratch memory that the most demanding primitive among these needs.
    fn scratch_words(actions: &[Self]) -> usize {
        let words = |action: &Self| match action {
            Action::Call(call) => call.scratch_words(),
            Action::While { condition, body, .. } => Self::scratch_words(condition).max(Self::scratch_words(body)),
            Action::Case { branches, .. } => branches.iter().map(|b| Self::scratch_words(b)).max().unwrap_or(0),
            Action::Dispatch { .. } | Action::Copy { .. } => 0,
        };
        actions.iter().map(words).max().unwrap_or(0)
    }
}

/// A loaded program with its memory and its threads.
pub(super) struct Engine {
    actions: Vec<Action>,
    /// Memory that primitives work in, enough for each of them.
    scratch: Vec<u128>,
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
        let arena = Block::new(schedule.arena_bytes)?;
        let actions = Action::all(schedule.steps, &kernels)?;
        let scratch = vec![0; Action::scratch_words(&actions)];
        Ok(Engine { actions, scratch, _library: library, arena, constants, pool: Pool::new(threads)? })
    }

    /// Runs the program once.
    ///
    /// # Safety
    /// Arguments and results must point to memory of the sizes of the interface that the schedule was checked
    /// against, which nothing else writes; those of results and of state are written.
    pub(super) unsafe fn run(&mut self, arguments: Vec<*mut u8>, results: Vec<*mut u8>) -> Result<(), Error> {
        let bases = Bases { arguments, results, arena: self.arena.start(), constants: self.constants.start() };
        let Engine { actions, scratch, pool, .. } = self;
        // SAFETY: the caller's promise; arena and constants have the sizes that the schedule states.
        unsafe { run(actions, pool, &bases, scratch) }
    }
}

/// Runs actions in order.
///
/// # Safety
/// As [`Engine::run`]; `scratch` is enough for every primitive among the actions.
unsafe fn run(actions: &[Action], pool: &Pool, bases: &Bases, scratch: &mut [u128]) -> Result<(), Error> {
    for action in actions {
        match action {
            Action::Dispatch { kernel, grid, buffers } => {
                // SAFETY: as promised.
                unsafe { dispatch(pool, *kernel, *grid, buffers, bases)? };
            }
            Action::Copy { from, to, bytes } => {
                let (from, to) = (bases.address(*from), bases.address(*to));
                // SAFETY: the schedule's check: both have so many bytes.
                unsafe { std::ptr::copy(from, to, *bytes as usize) };
            }
            Action::While { condition, predicate, body } => loop {
                // SAFETY: as promised.
                unsafe { run(condition, pool, bases, scratch)? };
                // SAFETY: the schedule's check: a byte is there.
                if unsafe { bases.address(*predicate).read() } == 0 {
                    break;
                }
                // SAFETY: as promised.
                unsafe { run(body, pool, bases, scratch)? };
            },
            Action::Case { index, is_predicate, branches } => {
                // SAFETY: the schedule's check: an i32, or a byte, is there.
                let chosen = unsafe { chosen(bases, *index, *is_predicate, branches.len()) };
                // SAFETY: as promised.
                unsafe { run(&branches[chosen], pool, bases, scratch)? };
            }
            Action::Call(call) => {
                // SAFETY: as promised; the arena is a block of its own.
                unsafe { call.run(bases, scratch)? };
            }
        }
    }
    Ok(())
}

/// # Safety
/// As [`Engine::run`].
unsafe fn dispatch(pool: &Pool, kernel: Kernel, grid: u64, buffers: &[TensorAt], bases: &Bases) -> Result<(), Error> {
    if buffers.len() <= FEW_BUFFERS {
        let mut pointers = [std::ptr::null_mut(); FEW_BUFFERS];
        for (pointer, buffer) in pointers.iter_mut().zip(buffers) {
            *pointer = bases.address(buffer.place);
        }
        // SAFETY: the schedule's check: each buffer lies where there is room for it, and the compiler's
        // plan gives results memory that no operand has.
        return unsafe { pool.run(kernel, &pointers[..buffers.len()], grid) };
    }
    let pointers: Vec<*mut u8> = buffers.iter().map(|buffer| bases.address(buffer.place)).collect();
    // SAFETY: as above.
    unsafe { pool.run(kernel, &pointers, grid) }
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
