//! The step estimate: how long a scheduled program takes, in libtpu's own cycles.
//!
//! The rule (docs/tpu.md states it with its reasons):
//!
//! * an instruction for which libtpu states `estimated_cycles` takes those, or the time of its main-memory bytes at the
//!   streaming rate, whichever is longer;
//! * one for which it states none (asynchronous copies, custom gather fusions, sorts, updates in place) takes its bytes at
//!   that rate and 1,800 cycles; results of one element, which the scalar unit computes, take their bytes only, and what
//!   only names a value takes nothing;
//! * a collective takes in place of those 1,800 cycles what its bytes take over the links, and their latency;
//! * a loop takes its body times its trip count, a conditional its longest branch;
//! * an asynchronous copy runs while the instructions between its start and its end do, as far as they leave main
//!   memory idle; copies wait for each other, and what is left when the end comes is waited for.

use std::collections::{HashMap, VecDeque};

use super::backend_config::estimated_cycles;
use super::collectives::{LINK_BYTES_PER_SECOND, LINK_LATENCY_SECONDS, received};
use super::traffic::Traffic;
use super::trips::trip_count;
use crate::hlo::{Computation, HloError, HloModule, Instruction};

/// Loops and conditionals in each other deeper than this are refused.
const DEEPEST_CALL: usize = 32;

/// What the estimate charges.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rates {
    /// Main-memory bytes a cycle that libtpu streams weights at.
    pub bytes_per_cycle: f64,
    /// Cycles of an instruction for which libtpu states none, besides its bytes.
    pub cycles_per_op: f64,
    /// Bytes a cycle that come over a device's links.
    pub link_bytes_per_cycle: f64,
    /// Cycles of a collective besides its bytes.
    pub link_latency_cycles: f64,
    /// Whether the fixed cycles of copies pass side by side, instead of one after the other. The rule says no; the estimate
    /// with yes shows how much hangs on it.
    pub copies_side_by_side: bool,
}

impl Rates {
    /// What libtpu charges its smallest operations.
    pub const CYCLES_PER_OP: f64 = 1800.0;

    /// The clock of a TPU v5e, whose links the figures are of.
    const LINK_CLOCK_HZ: f64 = 1.5e9;

    /// The rule's charges at a streaming rate.
    pub fn streaming(bytes_per_cycle: f64) -> Self {
        Rates {
            bytes_per_cycle,
            cycles_per_op: Rates::CYCLES_PER_OP,
            link_bytes_per_cycle: LINK_BYTES_PER_SECOND / Rates::LINK_CLOCK_HZ,
            link_latency_cycles: LINK_LATENCY_SECONDS * Rates::LINK_CLOCK_HZ,
            copies_side_by_side: false,
        }
    }
}

/// What an instruction takes.
#[derive(Clone, Debug, PartialEq)]
pub struct OpCost {
    /// The instruction's number.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its operation.
    pub opcode: String,
    /// Where it comes from, by JAX's name stack.
    pub op_name: String,
    /// Cycles by which it makes the step longer. For the end of an asynchronous copy, those waited for.
    pub cycles: f64,
    /// Cycles that libtpu states.
    pub stated_cycles: Option<f64>,
    /// Main-memory bytes that it moves.
    pub hbm_bytes: f64,
    /// How often it runs.
    pub trips: f64,
}

/// What a program takes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Estimate {
    /// Cycles from beginning to end.
    pub cycles: f64,
    /// Main-memory bytes.
    pub hbm_bytes: f64,
    /// The instructions of the entry computation that take something, in their order.
    pub ops: Vec<OpCost>,
    /// Loops whose trip count is not known; they count once.
    pub unknown_loops: Vec<String>,
}

/// Estimates the entry computation of a module.
///
/// # Errors
/// When the module is damaged.
pub fn estimate(module: &HloModule, rates: Rates) -> Result<Estimate, HloError> {
    let mut estimator =
        Estimator { module, rates, traffic: Traffic::of(module), known: HashMap::new(), unknown_loops: Vec::new() };
    let mut estimate = estimator.run(module.entry()?, 0)?;
    estimate.unknown_loops = estimator.unknown_loops;
    Ok(estimate)
}

struct Estimator<'m> {
    module: &'m HloModule,
    rates: Rates,
    traffic: Traffic<'m>,
    /// Called computations that were estimated: each once, however often it is called.
    known: HashMap<i64, Called>,
    unknown_loops: Vec<String>,
}

/// What a called computation takes.
#[derive(Clone, Copy)]
struct Called {
    cycles: f64,
    hbm_bytes: f64,
}

/// Copies under way in one computation: the time that each still needs of the main memory, first come first served.
#[derive(Default)]
struct Copies {
    queue: VecDeque<(i64, f64)>,
    started: HashMap<i64, f64>,
}

impl Copies {
    /// Lets copies use `idle` cycles of the main memory.
    fn advance(&mut self, mut idle: f64) {
        while let Some((_, left)) = self.queue.front_mut() {
            let used = idle.min(*left);
            *left -= used;
            idle -= used;
            if *left > 0.0 {
                break;
            }
            self.queue.pop_front();
        }
    }

    /// Cycles until the copy `start`, and all before it, is done; they are done afterwards.
    fn finish(&mut self, start: i64) -> f64 {
        let Some(at) = self.queue.iter().position(|(id, _)| *id == start) else { return 0.0 };
        self.queue.drain(..=at).map(|(_, left)| left).sum()
    }
}

impl Estimator<'_> {
    fn run(&mut self, computation: &Computation, depth: usize) -> Result<Estimate, HloError> {
        if depth > DEEPEST_CALL {
            return Err(HloError::Recursive(computation.id));
        }
        let mut total = Estimate::default();
        let mut copies = Copies::default();
        for instruction in &computation.instructions {
            if let Some(start) = finished_copy(instruction) {
                let waited = self.wait(&mut copies, start, total.cycles);
                total.add(instruction, Cost { cycles: waited, ..Cost::default() });
                continue;
            }
            let cost = self.cost(computation, instruction, depth)?;
            if is_start(instruction) {
                let fixed = match received(computation, instruction)? {
                    Some(bytes) => self.link_cycles(bytes),
                    None if self.rates.copies_side_by_side => 0.0,
                    None => self.rates.cycles_per_op,
                };
                copies.queue.push_back((instruction.id, cost.hbm_bytes / self.rates.bytes_per_cycle + fixed));
                copies.started.insert(instruction.id, total.cycles);
                total.add(instruction, Cost { cycles: 0.0, ..cost });
                continue;
            }
            copies.advance(cost.idle.max(0.0));
            total.add(instruction, cost);
        }
        total.cycles += copies.queue.iter().map(|(_, left)| left).sum::<f64>();
        Ok(total)
    }

    /// Cycles until these bytes have come over the links.
    fn link_cycles(&self, bytes: f64) -> f64 {
        self.rates.link_latency_cycles + bytes / self.rates.link_bytes_per_cycle
    }

    /// Cycles until a copy is done.
    fn wait(&self, copies: &mut Copies, start: i64, now: f64) -> f64 {
        let mut waited = 0.0;
        if let (true, Some(&started)) = (self.rates.copies_side_by_side, copies.started.get(&start)) {
            waited = (started + self.rates.cycles_per_op - now).max(0.0);
            copies.advance(waited);
        }
        waited + copies.finish(start)
    }

    fn cost(&mut self, computation: &Computation, instruction: &Instruction, depth: usize) -> Result<Cost, HloError> {
        match instruction.opcode.as_str() {
            _ if takes_nothing(instruction) => Ok(Cost::default()),
            "while" => self.repeated(computation, instruction, depth),
            "conditional" | "call" => self.longest(instruction, depth),
            _ => {
                let hbm_bytes = self.traffic.bytes(computation, instruction)?;
                let streaming = hbm_bytes / self.rates.bytes_per_cycle;
                let stated = estimated_cycles(&instruction.backend_config);
                if let Some(bytes) = received(computation, instruction)? {
                    let cycles = streaming + self.link_cycles(bytes);
                    return Ok(Cost { cycles, stated, hbm_bytes, idle: cycles - streaming, trips: 1.0 });
                }
                let cycles = match stated {
                    Some(stated) => stated.max(streaming),
                    None if is_scalar(instruction) => streaming,
                    None => streaming + self.rates.cycles_per_op,
                };
                Ok(Cost { cycles, stated, hbm_bytes, idle: cycles - streaming, trips: 1.0 })
            }
        }
    }

    /// A loop: what its body and its condition take, times its trip count.
    fn repeated(
        &mut self,
        computation: &Computation,
        instruction: &Instruction,
        depth: usize,
    ) -> Result<Cost, HloError> {
        let trips = trip_count(self.module, computation, instruction)?;
        if trips.is_none() {
            self.unknown_loops.push(instruction.name.clone());
        }
        let trips = trips.unwrap_or(1.0);
        let mut cost = Cost { trips, ..Cost::default() };
        for &called in &instruction.called {
            let once = self.called(called, depth)?;
            cost.cycles += once.cycles * trips;
            cost.hbm_bytes += once.hbm_bytes * trips;
        }
        Ok(cost)
    }

    fn called(&mut self, id: i64, depth: usize) -> Result<Called, HloError> {
        if let Some(&known) = self.known.get(&id) {
            return Ok(known);
        }
        let Estimate { cycles, hbm_bytes, .. } = self.run(self.module.computation(id)?, depth + 1)?;
        let called = Called { cycles, hbm_bytes };
        self.known.insert(id, called);
        Ok(called)
    }

    /// The longest of what may be called.
    fn longest(&mut self, instruction: &Instruction, depth: usize) -> Result<Cost, HloError> {
        let mut longest = Cost::default();
        for &called in &instruction.called {
            let branch = self.called(called, depth)?;
            if branch.cycles >= longest.cycles {
                longest = Cost { cycles: branch.cycles, hbm_bytes: branch.hbm_bytes, ..Cost::default() };
            }
        }
        Ok(longest)
    }
}

/// What one instruction takes.
#[derive(Clone, Copy)]
struct Cost {
    cycles: f64,
    stated: Option<f64>,
    hbm_bytes: f64,
    /// Cycles of it in which main memory is idle.
    idle: f64,
    trips: f64,
}

impl Default for Cost {
    fn default() -> Self {
        Cost { cycles: 0.0, stated: None, hbm_bytes: 0.0, idle: 0.0, trips: 1.0 }
    }
}

impl Estimate {
    fn add(&mut self, instruction: &Instruction, cost: Cost) {
        self.cycles += cost.cycles;
        self.hbm_bytes += cost.hbm_bytes;
        if cost.cycles > 0.0 || cost.hbm_bytes > 0.0 {
            self.ops.push(OpCost {
                id: instruction.id,
                name: instruction.name.clone(),
                opcode: instruction.opcode.clone(),
                op_name: instruction.op_name.clone(),
                cycles: cost.cycles,
                stated_cycles: cost.stated,
                hbm_bytes: cost.hbm_bytes,
                trips: cost.trips,
            });
        }
    }
}

/// The start whose end this is.
fn finished_copy(instruction: &Instruction) -> Option<i64> {
    instruction.opcode.ends_with("-done").then(|| instruction.operands.first().copied()).flatten()
}

fn is_start(instruction: &Instruction) -> bool {
    instruction.opcode.ends_with("-start")
}

/// Instructions that name values that are already there.
fn takes_nothing(instruction: &Instruction) -> bool {
    match instruction.opcode.as_str() {
        "parameter" | "constant" | "tuple" | "get-tuple-element" | "bitcast" | "after-all" | "partition-id"
        | "replica-id" | "opt-barrier" | "add-dependency" => true,
        "custom-call" => matches!(instruction.custom_call_target.as_str(), "ConcatBitcast" | "AllocateBuffer"),
        _ => false,
    }
}

fn is_scalar(instruction: &Instruction) -> bool {
    instruction.shape.arrays().iter().map(|array| array.elements()).sum::<f64>() <= 1.0
}
