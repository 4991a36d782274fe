//! What the checks find.

/// A text that is not PTX as this crate knows it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct Unreadable {
    /// The line, from 1.
    pub line: u32,
    /// What is wrong.
    pub what: String,
}

/// What a kernel did wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the messages say what the variants and their fields are")]
pub enum FaultKind {
    #[error("access of {bytes} bytes at {address:#x} is outside of every buffer ({space})")]
    OutOfBounds { address: u64, bytes: u64, space: &'static str },
    #[error("access of {bytes} bytes at {address:#x} is not aligned")]
    Misaligned { address: u64, bytes: u64 },
    #[error("shared memory at {offset} is accessed by another thread without a barrier in between")]
    SharedRace { offset: u64 },
    #[error("byte {offset} of buffer {buffer} is accessed by another thread or block, in no order")]
    GlobalConflict { buffer: usize, offset: u64 },
    #[error("byte {offset} of buffer {buffer} is read as constant data and written")]
    NonCoherent { buffer: usize, offset: u64 },
    #[error("byte {offset} of buffer {buffer} is written, which is an input")]
    ReadOnly { buffer: usize, offset: u64 },
    #[error("memory at {address:#x} ({space}) is read and was never written")]
    UninitialisedMemory { address: u64, space: &'static str },
    #[error("register {0} is read and was never written")]
    UninitialisedRegister(String),
    #[error("threads do not meet: {0}")]
    Divergence(String),
    #[error("a thread executed {0} instructions and did not end")]
    Endless(u64),
    #[error("the kernel gave up")]
    Trap,
    #[error("{0}")]
    Unsupported(String),
    #[error("results differ between orders of threads: buffer {buffer}, byte {offset}")]
    OrderDependent { buffer: usize, offset: usize },
    #[error("{bytes} bytes of result buffer {buffer} are never written, the first at {offset}")]
    Unwritten { buffer: usize, offset: usize, bytes: usize },
    #[error("{0}")]
    Launch(String),
}

/// A fault, and where it happened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kernel}: {}block {block}, thread {thread}: {kind}", line_prefix(*.line))]
pub struct Fault {
    /// What.
    pub kind: FaultKind,
    /// The kernel.
    pub kernel: String,
    /// The line of the text, from 1; 0 where no single line is at fault.
    pub line: u32,
    /// The block, in row-major order.
    pub block: u32,
    /// The thread in it.
    pub thread: u32,
}

fn line_prefix(line: u32) -> String {
    if line == 0 { String::new() } else { format!("line {line}: ") }
}

impl FaultKind {
    /// A word for the fault, for reports that machines read.
    pub fn name(&self) -> &'static str {
        match self {
            FaultKind::OutOfBounds { .. } => "out-of-bounds",
            FaultKind::Misaligned { .. } => "misaligned",
            FaultKind::SharedRace { .. } => "shared-race",
            FaultKind::GlobalConflict { .. } => "global-conflict",
            FaultKind::NonCoherent { .. } => "non-coherent",
            FaultKind::ReadOnly { .. } => "read-only",
            FaultKind::UninitialisedMemory { .. } => "uninitialised-memory",
            FaultKind::UninitialisedRegister(_) => "uninitialised-register",
            FaultKind::Divergence(_) => "divergence",
            FaultKind::Endless(_) => "endless",
            FaultKind::Trap => "trap",
            FaultKind::Unsupported(_) => "unsupported",
            FaultKind::OrderDependent { .. } => "order-dependent",
            FaultKind::Unwritten { .. } => "unwritten",
            FaultKind::Launch(_) => "launch",
        }
    }
}
