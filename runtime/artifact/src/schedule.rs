//! What a compiled program does, step by step: which kernel runs when, on which memory.
//!
//! A schedule is data: the compiler writes it, the runtime walks it. All memory besides arguments
//! and results is one arena and one block of constants, whose sizes are stated; every operand says
//! where it lies. [`Schedule::check`] proves that nothing reaches outside, so that the runtime need
//! not check while it runs.

use serde::{Deserialize, Serialize};

use crate::element_type::ElementType;
use crate::interface::Interface;
use crate::tensor_type::TensorType;

/// The version of the format that this crate reads and writes.
pub const SCHEDULE_VERSION: u32 = 1;
/// Conventional file name of the schedule.
pub const SCHEDULE: &str = "schedule.json";
/// Conventional file name of the kernels.
pub const KERNELS: &str = "kernels.so";
/// Conventional file name of the constants.
pub const CONSTANTS: &str = "constants.bin";
/// Alignment in bytes of everything in the arena and among the constants.
pub const ALIGNMENT: u64 = 64;

/// Where a tensor starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// In this argument of the program.
    Argument(u32),
    /// In this result of the program.
    Result(u32),
    /// At this offset of the arena, in bytes.
    Arena(u64),
    /// At this offset among the constants, in bytes.
    Constant(u64),
}

/// A tensor in memory: dense, row-major, elements narrower than a byte one to a byte.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TensorAt {
    /// Where it starts.
    pub place: Place,
    /// Element type.
    pub dtype: ElementType,
    /// Dimensions, major to minor.
    pub shape: Vec<u64>,
}

impl TensorAt {
    /// Its type.
    pub fn ty(&self) -> TensorType {
        TensorType::new(self.dtype, self.shape.clone())
    }
}

/// A call of a primitive: an operation that the runtime computes itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// Its name in the runtime's table, such as `top_k`.
    pub primitive: String,
    /// Its attributes, named as in StableHLO; its regions among them.
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    pub attributes: serde_json::Map<String, serde_json::Value>,
    /// What it reads.
    pub operands: Vec<TensorAt>,
    /// What it writes.
    pub results: Vec<TensorAt>,
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// Run a kernel.
    Dispatch {
        /// The kernel's number in [`Schedule::kernels`].
        kernel: u32,
        /// How many workgroups there are.
        grid: u64,
        /// Its operands, then its results.
        buffers: Vec<TensorAt>,
    },
    /// Copy bytes.
    Copy {
        /// From where.
        from: Place,
        /// To where.
        to: Place,
        /// How many.
        bytes: u64,
    },
    /// Run `condition`; while the predicate it leaves is not 0, run `body` and `condition` again.
    While {
        /// Computes the predicate.
        condition: Vec<Step>,
        /// Where the predicate lies: one byte.
        predicate: Place,
        /// The loop's body.
        body: Vec<Step>,
    },
    /// Run the branch of this number; the last one when there is no such branch.
    Case {
        /// Where the number lies: an i32, or a byte when `is_predicate`.
        index: Place,
        /// Whether the number is a truth value, true naming branch 0.
        is_predicate: bool,
        /// The branches.
        branches: Vec<Vec<Step>>,
    },
    /// Call a primitive.
    Call(Call),
}

/// A compiled program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// Always [`SCHEDULE_VERSION`].
    pub version: u32,
    /// The architecture that the kernels are for, as Rust names it, such as `x86_64`.
    pub arch: String,
    /// What the kernels need of the CPU, as Rust names its features.
    pub cpu_features: Vec<String>,
    /// Bytes of the arena.
    pub arena_bytes: u64,
    /// Bytes of the constants.
    pub constant_bytes: u64,
    /// Symbols of the kernels.
    pub kernels: Vec<String>,
    /// What to do.
    pub steps: Vec<Step>,
}

impl Schedule {
    /// Reads and checks a schedule for a program with this interface. The error says what is wrong.
    pub fn parse(text: &[u8], interface: &Interface) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Header {
            version: u32,
        }
        let header: Header = serde_json::from_slice(text).map_err(|e| e.to_string())?;
        if header.version != SCHEDULE_VERSION {
            return Err(format!("it has version {}, this hire reads version {SCHEDULE_VERSION}", header.version));
        }
        let schedule: Schedule = serde_json::from_slice(text).map_err(|e| e.to_string())?;
        schedule.check(interface)?;
        Ok(schedule)
    }

    /// The schedule as text.
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).expect("a schedule has string keys only") + "\n"
    }

    /// Checks that every step stays inside the memory that is there.
    pub fn check(&self, interface: &Interface) -> Result<(), String> {
        self.check_steps(&self.steps, interface)
    }

    fn check_steps(&self, steps: &[Step], interface: &Interface) -> Result<(), String> {
        steps.iter().try_for_each(|step| self.check_step(step, interface))
    }

    fn check_step(&self, step: &Step, interface: &Interface) -> Result<(), String> {
        match step {
            Step::Dispatch { kernel, buffers, .. } => {
                self.check_kernel(*kernel)?;
                buffers.iter().try_for_each(|buffer| self.check_tensor(buffer, interface))
            }
            Step::Copy { from, to, bytes } => {
                self.check_place(*from, *bytes, interface)?;
                self.check_place(*to, *bytes, interface)
            }
            Step::While { condition, predicate, body } => {
                self.check_place(*predicate, 1, interface)?;
                self.check_steps(condition, interface)?;
                self.check_steps(body, interface)
            }
            Step::Case { index, is_predicate, branches } => {
                self.check_place(*index, if *is_predicate { 1 } else { 4 }, interface)?;
                if branches.is_empty() {
                    return Err("a case has no branches".to_owned());
                }
                branches.iter().try_for_each(|steps| self.check_steps(steps, interface))
            }
            Step::Call(call) => {
                let mut tensors = call.operands.iter().chain(&call.results);
                tensors.try_for_each(|tensor| self.check_tensor(tensor, interface))
            }
        }
    }

    fn check_kernel(&self, kernel: u32) -> Result<(), String> {
        let known = (kernel as usize) < self.kernels.len();
        known.then_some(()).ok_or_else(|| format!("there is no kernel {kernel}"))
    }

    fn check_tensor(&self, tensor: &TensorAt, interface: &Interface) -> Result<(), String> {
        let ty = tensor.ty();
        let bytes = ty.host_bytes().ok_or_else(|| format!("{ty} does not fit in memory"))?;
        self.check_place(tensor.place, bytes as u64, interface)
    }

    fn check_place(&self, place: Place, bytes: u64, interface: &Interface) -> Result<(), String> {
        let held = |ty: TensorType| ty.host_bytes().map(|bytes| bytes as u64);
        let (start, size) = match place {
            Place::Argument(at) => (0, interface.arguments.get(at as usize).and_then(|a| held(a.ty()))),
            Place::Result(at) => (0, interface.results.get(at as usize).and_then(|r| held(r.ty()))),
            Place::Arena(offset) => (offset, Some(self.arena_bytes)),
            Place::Constant(offset) => (offset, Some(self.constant_bytes)),
        };
        let fits = start.checked_add(bytes).zip(size).is_some_and(|(end, size)| end <= size);
        fits.then_some(()).ok_or_else(|| format!("{bytes} bytes at {place:?} are outside of the memory there"))
    }
}
