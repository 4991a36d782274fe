//! The same kernels for NVIDIA GPUs: another mapping of positions to threads.
//!
//! What a tensor's value at a position is does not depend on the machine, and neither does the order of sums.
//! On a CPU one thread holds all lanes of all accumulators; here a [`Team`](team::Team) of threads
//! holds them, each a vector of 16 bytes where it can. The team combines accumulators and lanes in the order in which
//! the CPU's kernel combines them, so that both give the same bits.
//!
//! Kernels without sums over neighbouring elements give each thread one vector of results.
//!
//! # The interface of a kernel
//!
//! `NAME(arguments …, results …)`, all tensors as pointers that are aligned to 16 bytes; a block has
//! [`Kernel::block`] threads, the grid one dimension.

pub(super) mod dot;
pub(super) mod reduce;
pub(super) mod team;

use hire_compiler::ir::Func;

use super::code::Num;
use super::index::Term;
use super::{Emitter, Fault, LANES, memref, written};

/// Threads of a block, where the kernel needs no other number.
const BLOCK: u32 = 128;
/// Bytes that a thread loads at once.
const LOAD_BYTES: usize = 16;

/// How the work of a kernel is spread over threads.
#[derive(Clone, Debug)]
pub(super) struct Threads {
    /// Threads of a block.
    block: u32,
    /// Lanes that the kernel has on a CPU, which decide the order of sums.
    lanes: usize,
    /// Declarations of shared memory.
    shared: String,
}

/// A kernel in MLIR.
#[derive(Clone, Debug)]
pub(crate) struct Kernel {
    /// Its symbol.
    pub(crate) symbol: String,
    /// Its function, and its shared memory.
    pub(crate) text: String,
    /// Blocks.
    pub(crate) grid: u64,
    /// Threads of a block.
    pub(crate) block: u32,
    /// Arguments that it reads.
    pub(crate) arguments: usize,
}

/// Writes the kernel of a dispatch.
///
/// # Errors
/// When it holds something that GPU kernels do not compute; the message names it.
pub(crate) fn kernel(func: &Func) -> Result<Kernel, Fault> {
    let (on_cpu, _) = written(LANES, |lanes| Emitter::new(func, lanes))?;
    if let Some((name, _)) = on_cpu.code.called.first() {
        return Err(Fault::unsupported(format!("a call of `{name}` of the C library")));
    }
    let most = on_cpu.written_for;
    let new = |lanes: usize| {
        let threads = Threads { block: BLOCK, lanes: most, shared: String::new() };
        Ok(Emitter { threads: Some(threads), ..Emitter::new(func, lanes)? })
    };
    let (emitter, grid) = written(thread_lanes(&on_cpu)?.min(most), new)?;
    Ok(emitter.finish_gpu(grid))
}

/// Lanes of a thread: as many elements of the largest argument as are loaded at once.
fn thread_lanes(e: &Emitter<'_>) -> Result<usize, Fault> {
    let values = e.func.args().iter().copied().chain(e.results());
    let Some(largest) = values.max_by_key(|&v| e.count(v)) else { return Ok(1) };
    Ok(LOAD_BYTES / e.number(largest)?.bytes())
}

impl Num {
    /// Bytes of an element in memory.
    fn bytes(self) -> usize {
        match self {
            Num::Pred => 1,
            Num::Int { bits, .. } => bits.div_ceil(8) as usize,
            Num::BF16 | Num::F16 => 2,
            Num::F32 => 4,
            Num::F64 => 8,
        }
    }
}

impl Emitter<'_> {
    fn finish_gpu(self, grid: u64) -> Kernel {
        let threads = self.threads.as_ref().expect("only kernels for GPUs end here");
        let tensors = self.func.args().iter().copied().chain(self.results()).map(|v| memref(self.tensor(v)));
        let parameters: Vec<String> = tensors.enumerate().map(|(at, ty)| format!("%b{at}: {ty}")).collect();
        let symbol = self.func.name.to_string();
        let head = format!("func.func @{symbol}({}) {{\n", parameters.join(", "));
        let text = format!("{}{head}{}return\n}}\n", threads.shared, self.code.text);
        Kernel { symbol, text, grid, block: threads.block, arguments: self.func.args().len() }
    }

    /// What is known of the alignment of a vector of elements at a position, for GPUs, which load it at once
    /// only if it is aligned.
    pub(super) fn aligned(&self, position: Term, ty: Num) -> String {
        if self.threads.is_none() || !position.is_multiple_of(self.lanes as i64) {
            return String::new();
        }
        format!(" {{alignment = {} : i64}}", (self.lanes * ty.bytes()).min(LOAD_BYTES))
    }

    /// A special register, as an index.
    fn register(&mut self, name: &str) -> u32 {
        let register =
            self.code.assign(format_args!("llvm.call_intrinsic \"llvm.nvvm.read.ptx.sreg.{name}\"() : () -> i32"));
        self.code.assign(format_args!("arith.index_castui %v{register} : i32 to index"))
    }

    /// The thread's number in the grid.
    fn thread(&mut self) -> u32 {
        let block = self.threads.as_ref().map_or(BLOCK, |threads| threads.block);
        let (number, at) = (self.register("ctaid.x"), self.register("tid.x"));
        let size = self.code.index(i64::from(block));
        let first = self.code.assign(format_args!("arith.muli %v{number}, %v{size} overflow<nsw, nuw> : index"));
        self.code.assign(format_args!("arith.addi %v{first}, %v{at} overflow<nsw, nuw> : index"))
    }

    /// `if condition { inner }`.
    fn guarded(&mut self, condition: u32, inner: impl FnOnce(&mut Self) -> Result<(), Fault>) -> Result<(), Fault> {
        self.code.line(&format!("scf.if %v{condition} {{"));
        self.scope(inner)?;
        self.code.line("}");
        Ok(())
    }
}

/// Each thread visits one block of items; what does not fill a block is visited by the threads after, one item each.
pub(super) fn items<'f>(
    e: &mut Emitter<'f>,
    count: i64,
    block: i64,
    mut inner: impl FnMut(&mut Emitter<'f>, Term, bool) -> Result<(), Fault>,
) -> Result<u64, Fault> {
    let (blocks, rest) = (count / block, count % block);
    let thread = e.thread();
    if blocks > 0 {
        let bound = e.code.index(blocks);
        let inside = e.code.assign(format_args!("arith.cmpi ult, %v{thread}, %v{bound} : index"));
        e.guarded(inside, |e| {
            let at = Term::value(thread, 1).times(block, &mut e.code);
            inner(e, at, true)
        })?;
    }
    if rest > 0 {
        let (first, rest) = (e.code.index(blocks), e.code.index(rest));
        let number = e.code.assign(format_args!("arith.subi %v{thread}, %v{first} : index"));
        let inside = e.code.assign(format_args!("arith.cmpi ult, %v{number}, %v{rest} : index"));
        e.guarded(inside, |e| {
            let at = Term::value(number, 1).plus(Term::known(blocks * block), &mut e.code);
            inner(e, at, false)
        })?;
    }
    Ok(grid(blocks + rest))
}

/// Blocks for so many threads.
fn grid(threads: i64) -> u64 {
    u64::try_from(threads).unwrap_or(0).div_ceil(u64::from(BLOCK))
}
