//! What a kernel can reach at best, from its shapes and its text.
//!
//! The roofline of Williams, Waterman and Patterson (2009): a kernel takes at least as long as its bytes take at the
//! memory's bandwidth. Below that a kernel can fall for two reasons that its shape shows. It may have too
//! few threads to keep the memory busy: by Little's law `bandwidth * latency` bytes must be on their way at once. And
//! it may be so small that launching it takes longer.

use std::collections::HashSet;

use hire_artifact::kernels::{Estimate, KernelLaunch};
use hire_compiler::back::plan::host_bytes;
use hire_compiler::ir::{Func, Opcode, Operation, ValueId};

/// A GPU.
struct Gpu {
    arch: &'static str,
    multiprocessors: u32,
    /// Of the memory, in bytes a second.
    bandwidth: f64,
    /// Registers of a multiprocessor.
    registers: u32,
    /// Threads of a multiprocessor.
    threads: u32,
    /// Blocks of a multiprocessor.
    blocks: u32,
}

/// The A100 (40 GB), the H100 (SXM5) and the B200, from NVIDIA's architecture papers.
const GPUS: [Gpu; 3] = [
    Gpu { arch: "sm_80", multiprocessors: 108, bandwidth: 1.555e12, registers: 65536, threads: 2048, blocks: 32 },
    Gpu { arch: "sm_90", multiprocessors: 132, bandwidth: 3.35e12, registers: 65536, threads: 2048, blocks: 32 },
    Gpu { arch: "sm_100", multiprocessors: 148, bandwidth: 8.0e12, registers: 65536, threads: 2048, blocks: 32 },
];

/// Seconds from a load to its data, under load; microbenchmarks of these GPUs give 500 to 900 cycles.
const LATENCY: f64 = 5.0e-7;
/// Seconds between the starts of two kernels of a CUDA graph.
const LAUNCH: f64 = 1.5e-6;
/// Registers of a thread are handed out in groups of so many.
const REGISTER_GROUP: u32 = 8;

/// Bytes and operations of a dispatch.
pub(super) fn estimate(func: &Func) -> Estimate {
    let bytes = |value: ValueId| host_bytes(func.value_type(value)).unwrap_or(0);
    let count = |value: ValueId| func.value_type(value).as_tensor().and_then(|t| t.element_count()).unwrap_or(0);
    let read: HashSet<ValueId> = func.args().iter().copied().collect();
    let read_bytes = read.iter().map(|&value| read_of(func, value).unwrap_or_else(|| bytes(value))).sum();
    let mut flops = 0;
    let mut written_bytes = 0;
    for (_, operation) in func.ops.iter() {
        let of = |at: usize| operation.operands.get(at).map_or(0, |&value| count(value));
        flops += match operation.opcode {
            Opcode::Return => {
                written_bytes = operation
                    .operands
                    .iter()
                    .map(|&value| written_of(func, value).unwrap_or_else(|| bytes(value)))
                    .sum();
                0
            }
            // Each element of the result is a sum of k products, and k^2 = lhs * rhs / result where nothing is batched.
            Opcode::Dot | Opcode::DotGeneral => {
                2 * terms(func, operation.operands[0], operation) * operation.results.first().map_or(0, |&r| count(r))
            }
            Opcode::Reduce => of(0),
            Opcode::Constant | Opcode::Reshape | Opcode::BroadcastInDim | Opcode::Transpose | Opcode::Iota => 0,
            _ => operation.results.first().map_or(0, |&r| count(r)),
        };
    }
    Estimate { read_bytes, written_bytes, flops, ..Estimate::default() }
}

/// How many products are added for an element of a dot.
fn terms(func: &Func, left: ValueId, operation: &Operation) -> u64 {
    let sizes = func.value_type(left).as_tensor().and_then(|t| t.sizes()).unwrap_or_default();
    let dims = operation.dot_dimension_numbers().map(|n| n.lhs_contracting_dimensions.clone());
    let dims = dims.unwrap_or_else(|| vec![sizes.len() as i64 - 1]);
    dims.iter().filter_map(|&d| sizes.get(d as usize)).copied().product()
}

/// Bytes of an argument of which only slices are read.
fn read_of(func: &Func, value: ValueId) -> Option<u64> {
    let users: Vec<_> = func.ops.iter().filter(|(_, op)| op.operands.contains(&value)).collect();
    let sliced = |op: &Operation| {
        let slices = matches!(op.opcode, Opcode::Slice | Opcode::DynamicSlice | Opcode::Gather);
        (slices && op.operands[0] == value).then(|| host_bytes(func.value_type(op.results[0])))?
    };
    // Of what an update changes nothing is read.
    let updated = |op: &Operation| op.opcode == Opcode::DynamicUpdateSlice && op.operands[0] == value;
    users.iter().map(|(_, op)| if updated(op) { Some(0) } else { sliced(op) }).sum()
}

/// Bytes of a result of which only a slice is written.
fn written_of(func: &Func, value: ValueId) -> Option<u64> {
    let operation = &func.ops[func.defining_op(value)?];
    (operation.opcode == Opcode::DynamicUpdateSlice).then(|| host_bytes(func.value_type(operation.operands[1])))?
}

/// Adds to the estimates what the kernels' text and the GPU say.
pub(super) fn describe(kernels: &mut [KernelLaunch], ptx: &str, arch: &str) {
    let Some(gpu) = GPUS.iter().find(|gpu| gpu.arch == arch) else { return };
    for kernel in kernels {
        let text = body(ptx, &kernel.symbol);
        let estimate = &mut kernel.estimate;
        estimate.shared_bytes = shared_bytes(text);
        estimate.wide_loads = text.lines().filter(|line| is_wide_load(line)).count() as u64;
        estimate.registers = live_registers(text);
        let per_thread = estimate.registers.next_multiple_of(REGISTER_GROUP).max(16);
        let by_registers = gpu.registers / (per_thread * kernel.block).max(1);
        let blocks = by_registers.min(gpu.blocks).min(gpu.threads / kernel.block.max(1));
        estimate.occupancy = f64::from(blocks * kernel.block) / f64::from(gpu.threads);
        let resident = u64::from(blocks) * u64::from(gpu.multiprocessors);
        let threads = (kernel.grid.min(resident) * u64::from(kernel.block)) as f64;
        let at_once = threads * 16.0 * f64::from(loads_at_once(text));
        let bytes = (estimate.read_bytes + estimate.written_bytes) as f64;
        let reached = gpu.bandwidth.min(at_once / LATENCY);
        let ideal = bytes / gpu.bandwidth;
        let expected = (bytes / reached.max(1.0) + LATENCY).max(LAUNCH);
        estimate.seconds = expected;
        estimate.bandwidth_share = ideal / expected;
    }
}

/// The text of one kernel.
fn body<'t>(ptx: &'t str, symbol: &str) -> &'t str {
    let head = format!(".entry {symbol}(");
    let Some(start) = ptx.find(&head) else { return "" };
    let rest = &ptx[start..];
    rest.find("\n}").map_or(rest, |end| &rest[..end])
}

fn is_wide_load(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("ld.global.nc.v4.b32") || line.starts_with("ld.global.nc.v2.b64")
}

/// Loads that a thread has on their way at once: those in a row without a use between them, at most 8.
fn loads_at_once(text: &str) -> u32 {
    let (mut most, mut run) = (1, 0);
    for line in text.lines().map(str::trim_start) {
        if line.starts_with("ld.global") {
            run += 1;
            most = most.max(run);
        } else if line.starts_with("fma") || line.starts_with("bar") || line.starts_with("$L") {
            run = 0;
        }
    }
    most.min(8)
}

fn shared_bytes(text: &str) -> u64 {
    let declared = text.lines().filter(|line| line.trim_start().starts_with(".shared"));
    let size = |line: &str| line.rsplit_once('[')?.1.split(']').next()?.parse::<u64>().ok();
    declared.filter_map(size).sum()
}

/// The most 32-bit registers that hold values needed later at any one line, by the order of the text: what an
/// assembler needs at least in code without loops. Loops keep what is written before and read in them.
fn live_registers(text: &str) -> u32 {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with('.')).collect();
    let mut spans: std::collections::HashMap<&str, (usize, usize)> = std::collections::HashMap::new();
    for (at, line) in lines.iter().enumerate() {
        for name in line.split(|c: char| !(c.is_ascii_alphanumeric() || c == '%')).filter(|w| is_register(w)) {
            spans.entry(name).and_modify(|span| span.1 = at).or_insert((at, at));
        }
    }
    let width = |name: &str| if name.starts_with("%rd") { 2 } else { 1 };
    let mut change = vec![0i64; lines.len() + 1];
    for (name, &(first, last)) in &spans {
        change[first] += width(name);
        change[last] -= width(name);
    }
    let (mut live, mut most) = (0, 0);
    for step in change {
        live += step;
        most = most.max(live);
    }
    u32::try_from(most).unwrap_or(u32::MAX)
}

fn is_register(word: &str) -> bool {
    let digits = word.strip_prefix("%rd").or_else(|| word.strip_prefix("%rs")).or_else(|| word.strip_prefix("%r"));
    digits.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}
