//! Kernels for GPUs: how each is launched, and what it can reach at best.

use serde::{Deserialize, Serialize};

/// The version of the format that this crate reads and writes.
pub const KERNELS_VERSION: u32 = 1;
/// Conventional file name of the kernels' description.
pub const KERNELS_JSON: &str = "kernels.json";
/// Conventional file name of the kernels.
pub const PTX: &str = "kernels.ptx";

/// The kernels of a program, in the order of the schedule's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kernels {
    /// Always [`KERNELS_VERSION`].
    pub version: u32,
    /// The GPUs that they are for, such as `sm_90`.
    pub arch: String,
    /// The kernels.
    pub kernels: Vec<KernelLaunch>,
}

/// A kernel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KernelLaunch {
    /// Its symbol.
    pub symbol: String,
    /// Blocks, in one dimension.
    pub grid: u64,
    /// Threads of a block, in one dimension.
    pub block: u32,
    /// What it can reach.
    pub estimate: Estimate,
}

/// A roofline estimate, computed from shapes and text, not measured.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Estimate {
    /// Bytes of the arguments that are read.
    pub read_bytes: u64,
    /// Bytes of the results that are written.
    pub written_bytes: u64,
    /// Floating-point or integer operations.
    pub flops: u64,
    /// Bytes of shared memory of a block.
    pub shared_bytes: u64,
    /// 32-bit registers of a thread that are live at once, by the order of the text; an assembler may use a few more.
    pub registers: u32,
    /// Non-coherent 16-byte loads in the text.
    pub wide_loads: u64,
    /// Resident threads as a share of what a multiprocessor holds, where the grid is large enough.
    pub occupancy: f64,
    /// Seconds, at least.
    pub seconds: f64,
    /// The share of the memory's bandwidth that is reached in that time.
    pub bandwidth_share: f64,
}

impl Kernels {
    /// Reads a description. The error says what is wrong.
    pub fn parse(text: &[u8]) -> Result<Self, String> {
        let kernels: Kernels = serde_json::from_slice(text).map_err(|e| e.to_string())?;
        if kernels.version != KERNELS_VERSION {
            return Err(format!("it has version {}, this hire reads version {KERNELS_VERSION}", kernels.version));
        }
        Ok(kernels)
    }

    /// The description as text.
    pub fn to_text(&self) -> String {
        serde_json::to_string_pretty(self).expect("a description has string keys and finite numbers only") + "\n"
    }
}
