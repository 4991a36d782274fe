//! Launching a kernel over a grid, in several orders.

use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

use crate::block::{self, Turns};
use crate::fault::{Fault, FaultKind};
use crate::memory::{CONSTANT_BASE, Region, SHARED_BASE, buffer_address};
use crate::program::{Entry, Module};
use crate::thread::World;

/// Threads that a block may have.
const MOST_THREADS: u64 = 1024;
/// Bytes of shared memory that a kernel may declare.
const MOST_SHARED: u64 = 48 << 10;

/// Memory that a kernel is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Buffer {
    /// It may read this.
    Input(Vec<u8>),
    /// It must write all of so many bytes.
    Result(usize),
    /// It may read and write this.
    State(Vec<u8>),
}

/// A parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    /// The address of buffer number `0`, `1`, … plus an offset in bytes.
    Buffer(usize, u64),
    /// A number.
    Value(u64),
}

/// A launch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Launch {
    /// The kernel.
    pub kernel: String,
    /// Blocks.
    pub grid: [u32; 3],
    /// Threads of a block.
    pub block: [u32; 3],
    /// Parameters.
    pub arguments: Vec<Argument>,
}

/// In which order blocks and the threads of a block run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// First to last.
    Forward,
    /// Last to first.
    Reverse,
    /// Random blocks; random threads for a random number of instructions each.
    Random(u64),
}

impl Order {
    /// The orders that [`check`] runs.
    pub const ALL: [Order; 4] = [Order::Forward, Order::Reverse, Order::Random(1), Order::Random(2)];
}

/// What a launch did, summed over threads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Instructions executed.
    pub instructions: u64,
    /// Bytes loaded from buffers.
    pub read_bytes: u64,
    /// Bytes stored to buffers.
    pub written_bytes: u64,
    /// Non-coherent loads of 16 bytes.
    pub wide_loads: u64,
}

/// What is there after a launch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The buffers.
    pub buffers: Vec<Vec<u8>>,
    /// What was done.
    pub counts: Counts,
}

/// Runs a launch in [`Order::ALL`], which must all give the same bits.
///
/// # Errors
/// The first fault.
pub fn check(module: &Module, launch: &Launch, buffers: &[Buffer]) -> Result<Outcome, Fault> {
    let mut first: Option<Outcome> = None;
    for order in Order::ALL {
        let outcome = run(module, launch, buffers, order)?;
        let Some(first) = &first else {
            first = Some(outcome);
            continue;
        };
        for (buffer, (a, b)) in first.buffers.iter().zip(&outcome.buffers).enumerate() {
            if let Some(offset) = a.iter().zip(b).position(|(a, b)| a != b) {
                return Err(nowhere(launch, FaultKind::OrderDependent { buffer, offset }));
            }
        }
    }
    Ok(first.expect("there is at least one order"))
}

/// Runs a launch in one order.
///
/// # Errors
/// The first fault.
pub fn run(module: &Module, launch: &Launch, buffers: &[Buffer], order: Order) -> Result<Outcome, Fault> {
    let wrong = |what: String| nowhere(launch, FaultKind::Launch(what));
    let entry = module.entry(&launch.kernel).ok_or_else(|| wrong("there is no such kernel".to_owned()))?;
    admissible(entry, launch, buffers.len()).map_err(wrong)?;
    let mut regions: Vec<Region> = buffers.iter().enumerate().map(|(at, buffer)| region(at, buffer, order)).collect();
    let mut constants = Region::filled(CONSTANT_BASE, &module.constants, false);
    let mut shared = Region::empty(SHARED_BASE, entry.shared_bytes);
    let params = params(entry, launch);
    let mut counts = Counts::default();
    let mut rng = StdRng::seed_from_u64(if let Order::Random(seed) = order { seed } else { 0 });
    for number in blocks(launch, order, &mut rng) {
        shared.clear();
        let [x, y, _] = launch.grid;
        let mut world = World {
            entry,
            params: &params,
            buffers: &mut regions,
            constants: &mut constants,
            shared: &mut shared,
            counts: &mut counts,
            grid: launch.grid,
            block: launch.block,
            block_at: [number % x, number / x % y, number / x / y],
            block_number: number,
            epoch: 0,
        };
        let mut turns = match order {
            Order::Forward => Turns::Forward,
            Order::Reverse => Turns::Reverse,
            Order::Random(_) => Turns::Random(&mut rng),
        };
        let found = block::run(entry, &mut world, &mut turns);
        let kernel = || launch.kernel.clone();
        found.map_err(|(kind, line, thread)| Fault { kind, kernel: kernel(), line, block: number, thread })?;
    }
    for (buffer, region) in regions.iter().enumerate() {
        if let Some((bytes, offset)) = region.unwritten() {
            return Err(nowhere(launch, FaultKind::Unwritten { buffer, offset, bytes }));
        }
    }
    Ok(Outcome { buffers: regions.into_iter().map(|region| region.bytes).collect(), counts })
}

fn nowhere(launch: &Launch, kind: FaultKind) -> Fault {
    Fault { kind, kernel: launch.kernel.clone(), line: 0, block: 0, thread: 0 }
}

fn region(at: usize, buffer: &Buffer, order: Order) -> Region {
    let filler = match order {
        Order::Forward => 0xFF,
        Order::Reverse => 0,
        Order::Random(seed) => 0x35 ^ seed as u8,
    };
    match buffer {
        Buffer::Input(bytes) => Region::buffer(at, bytes, true, false, filler),
        Buffer::Result(size) => Region::buffer(at, &vec![0; *size], false, true, filler),
        Buffer::State(bytes) => Region::buffer(at, bytes, true, true, filler),
    }
}

fn blocks(launch: &Launch, order: Order, rng: &mut StdRng) -> Vec<u32> {
    let mut blocks: Vec<u32> = (0..launch.grid.iter().product()).collect();
    match order {
        Order::Forward => {}
        Order::Reverse => blocks.reverse(),
        Order::Random(_) => blocks.shuffle(rng),
    }
    blocks
}

/// What a driver would refuse.
fn admissible(entry: &Entry, launch: &Launch, buffers: usize) -> Result<(), String> {
    let count = |sizes: [u32; 3]| sizes.iter().map(|&size| u64::from(size)).product::<u64>();
    if count(launch.block) == 0 || count(launch.block) > MOST_THREADS {
        return Err(format!("a block has {} threads", count(launch.block)));
    }
    if entry.block.is_some_and(|most| count(launch.block) > count(most)) {
        return Err("a block has more threads than the kernel states".to_owned());
    }
    if count(launch.grid) > u64::from(u32::MAX) {
        return Err("the grid has too many blocks".to_owned());
    }
    if entry.shared_bytes > MOST_SHARED {
        return Err(format!("the kernel wants {} bytes of shared memory", entry.shared_bytes));
    }
    if entry.params.len() != launch.arguments.len() {
        return Err(format!("{} arguments for {} parameters", launch.arguments.len(), entry.params.len()));
    }
    let known = |argument: &Argument| !matches!(argument, Argument::Buffer(at, _) if *at >= buffers);
    if launch.arguments.iter().all(known) { Ok(()) } else { Err("an argument names no buffer".to_owned()) }
}

fn params(entry: &Entry, launch: &Launch) -> Vec<u8> {
    let size = entry.params.iter().map(|p| p.offset + p.bytes).max().unwrap_or(0);
    let mut bytes = vec![0; size as usize];
    for (param, argument) in entry.params.iter().zip(&launch.arguments) {
        let value = match *argument {
            Argument::Buffer(at, offset) => buffer_address(at).wrapping_add(offset),
            Argument::Value(value) => value,
        };
        let length = param.bytes.min(8) as usize;
        bytes[param.offset as usize..][..length].copy_from_slice(&value.to_le_bytes()[..length]);
    }
    bytes
}
