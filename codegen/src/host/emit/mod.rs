//! Kernels as MLIR text.
//!
//! [`kernel`] writes the function of one dispatch. Its text is what melior reads, what the snapshots
//! show and what `mlir-opt` takes, which is why it is written rather than built.
//!
//! Everything rests on one function, [`Emitter::element`](value): the value of a tensor at a
//! position, for a number of lanes at once. Element-wise operations ask for their operands at the
//! same position, operations that move elements at another, and an argument is a load. The loop nests of the families
//! ([`map`], [`reduce`], [`dot`], [`update`]) only choose positions.
//!
//! A kernel is first written for [`LANES`] lanes. Where the elements of the lanes do not lie along
//! one dimension (a reshape of odd sizes), that is noticed as [`Fault::Lanes`], and it is written again
//! for fewer, in the end for one.
//!
//! # The interface of a kernel
//!
//! `NAME(arguments …, results …, begin, end)`, all tensors as pointers, computes the workgroups
//! from `begin` to `end` of the dispatch's grid. A workgroup writes its own part of the results and
//! sums in an order of its own, so results do not depend on how workgroups are spread over threads.

mod code;
mod dot;
mod elementwise;
pub(crate) mod gpu;
mod index;
mod map;
mod math;
mod nibbles;
mod reduce;
mod update;
mod value;

use std::collections::HashMap;

use hire_compiler::back::DISPATCH;
use hire_compiler::ir::{Attr, Func, OpId, Opcode, TensorType, ValueId};

use code::{Code, Num, Val};

/// Lanes of the vectors that kernels compute with: 512 bits of f32.
const LANES: usize = 16;
/// Elements that a workgroup computes at least, so that handing it out costs little beside it.
const WORKGROUP_ELEMENTS: i64 = 8192;

/// A kernel in MLIR.
#[derive(Clone, Debug)]
pub struct Kernel {
    /// Its symbol.
    pub symbol: String,
    /// Its function.
    pub text: String,
    /// How many workgroups there are.
    pub grid: u64,
    /// How many tensors it takes.
    pub buffers: usize,
    /// Functions of the C library that it calls, with their MLIR types.
    pub called: Vec<(String, String)>,
}

/// Why a kernel cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Not for so many lanes; perhaps for fewer.
    #[error("elements do not lie along one dimension")]
    Lanes,
    /// Not at all.
    #[error("{0}")]
    Unsupported(String),
}

impl Fault {
    fn unsupported(what: impl Into<String>) -> Self {
        Fault::Unsupported(what.into())
    }
}

/// Writes the kernel of a dispatch.
///
/// # Errors
/// When it holds something that kernels do not compute; the message names it.
pub(super) fn kernel(func: &Func) -> Result<Kernel, Fault> {
    let (emitter, grid) = written(LANES, |lanes| Emitter::new(func, lanes))?;
    Ok(emitter.finish(grid))
}

/// Writes a kernel for at most `lanes` lanes; returns the size of the grid too.
fn written<'f>(lanes: usize, new: impl Fn(usize) -> Result<Emitter<'f>, Fault>) -> Result<(Emitter<'f>, u64), Fault> {
    let mut lanes = lanes;
    loop {
        let mut emitter = new(lanes)?;
        match emitter.write() {
            Err(Fault::Lanes) if lanes > 1 => lanes /= 2,
            Err(fault) => return Err(fault),
            Ok(grid) => return Ok((emitter, grid)),
        }
    }
}

/// A kernel under construction.
struct Emitter<'f> {
    func: &'f Func,
    code: Code,
    /// How many lanes vectors have.
    lanes: usize,
    /// How many lanes vectors have at most.
    written_for: usize,
    /// Arguments by value: the number of the buffer.
    arguments: HashMap<ValueId, usize>,
    /// Elements already computed in this scope.
    known: HashMap<(ValueId, value::At), Val>,
    /// Values that loops have computed: the anchor's.
    given: HashMap<ValueId, Val>,
    /// The largest argument, whose loads are prefetched: its buffer, and how many elements ahead.
    prefetch: Option<(usize, i64)>,
    /// On a GPU: how the work is spread over threads.
    threads: Option<gpu::Threads>,
}

impl<'f> Emitter<'f> {
    fn new(func: &'f Func, lanes: usize) -> Result<Self, Fault> {
        let arguments = func.args().iter().enumerate().map(|(at, &arg)| (arg, at)).collect();
        let (code, known, given) = (Code::default(), HashMap::new(), HashMap::new());
        Ok(Self { func, code, lanes, written_for: lanes, arguments, known, given, prefetch: None, threads: None })
    }

    /// Writes the body; returns the size of the grid.
    fn write(&mut self) -> Result<u64, Fault> {
        match self.func.attrs.get(DISPATCH).and_then(Attr::as_str) {
            Some("map") => map::write(self),
            Some("reduce") => reduce::write(self),
            Some("dot") => dot::write(self),
            Some("update") => update::write(self),
            _ => Err(Fault::unsupported("a function that is no dispatch")),
        }
    }

    fn finish(self, grid: u64) -> Kernel {
        let results = self.results();
        let tensors = self.func.args().iter().chain(&results).map(|&v| memref(self.tensor(v)));
        let parameters: Vec<String> = tensors.enumerate().map(|(at, ty)| format!("%b{at}: {ty}")).collect();
        let (symbol, buffers) = (self.func.name.to_string(), parameters.len());
        let head = format!("func.func @{symbol}({}, %begin: index, %end: index) {{\n", parameters.join(", "));
        let text = format!("{head}{}return\n}}\n", self.code.text);
        Kernel { symbol, text, grid, buffers, called: self.code.called.into_iter().collect() }
    }

    /// The values that the dispatch returns.
    fn results(&self) -> Vec<ValueId> {
        let end = self.func.body.and_then(|body| self.func.terminator(body));
        end.map(|end| self.func.ops[end].operands.to_vec()).unwrap_or_default()
    }

    /// The operation that decides the family.
    fn anchor(&self) -> Result<OpId, Fault> {
        use Opcode::{Dot, DotGeneral, DynamicUpdateSlice, Reduce};
        let body = self.func.body.ok_or_else(|| Fault::unsupported("a dispatch without a body"))?;
        let is_anchor = |&op: &OpId| matches!(self.func.ops[op].opcode, Reduce | Dot | DotGeneral | DynamicUpdateSlice);
        let found = self.func.regions[body].ops.iter().copied().find(|op| is_anchor(op));
        found.ok_or_else(|| Fault::unsupported("a dispatch without the operation of its family"))
    }

    fn tensor(&self, value: ValueId) -> &'f TensorType {
        self.func.value_type(value).as_tensor().expect("the check of dispatch programs lets only tensors pass")
    }

    fn shape(&self, value: ValueId) -> Vec<i64> {
        let sizes = self.tensor(value).sizes().expect("the check of dispatch programs lets only static tensors pass");
        sizes.iter().map(|&size| size as i64).collect()
    }

    fn count(&self, value: ValueId) -> i64 {
        self.shape(value).iter().product()
    }

    fn number(&self, value: ValueId) -> Result<Num, Fault> {
        Num::of(&self.tensor(value).element)
    }

    /// Forgets what was computed since, which may be out of scope.
    fn scope<T>(&mut self, inner: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        let known = self.known.clone();
        let given = self.given.clone();
        let result = inner(self);
        (self.known, self.given) = (known, given);
        result
    }

    /// Writes `inner` with vectors of so many lanes.
    fn with_lanes<T>(&mut self, lanes: usize, inner: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.lanes, lanes);
        let result = inner(self);
        self.lanes = outer;
        result
    }

    /// `for i = from to until step step { inner }`, where the terms are indices; the variable is a
    /// multiple of `multiple`.
    fn repeat(
        &mut self,
        (from, until, step): (u32, u32, i64),
        multiple: i64,
        inner: impl FnOnce(&mut Self, index::Term) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let step = self.code.index(step);
        let variable = self.code.fresh();
        self.code.line(&format!("scf.for %v{variable} = %v{from} to %v{until} step %v{step} {{"));
        self.scope(|e| inner(e, index::Term::value(variable, multiple)))?;
        self.code.line("}");
        Ok(())
    }

    /// Visits the items `begin * size` to `end * size` below `count`: whole blocks of `block` items, then
    /// what remains one by one. The flag says whether it is a block. Returns the size of the grid.
    fn items(
        &mut self,
        count: i64,
        size: i64,
        block: i64,
        mut inner: impl FnMut(&mut Self, index::Term, bool) -> Result<(), Fault>,
    ) -> Result<u64, Fault> {
        if self.threads.is_some() {
            return gpu::items(self, count, block, inner);
        }
        let whole = count - count % block;
        let grid = u64::try_from((count + size - 1) / size).unwrap_or(0);
        let size = self.code.index(size);
        let first = self.code.assign(format_args!("arith.muli %begin, %v{size} : index"));
        let last = self.code.assign(format_args!("arith.muli %end, %v{size} : index"));
        let bound = self.code.index(whole);
        let until = self.code.assign(format_args!("arith.minui %v{last}, %v{bound} : index"));
        if whole > 0 {
            self.repeat((first, until, block), block, |e, at| inner(e, at, true))?;
        }
        if whole < count {
            let from = self.code.assign(format_args!("arith.maxui %v{first}, %v{bound} : index"));
            let bound = self.code.index(count);
            let until = self.code.assign(format_args!("arith.minui %v{last}, %v{bound} : index"));
            self.repeat((from, until, 1), 1, |e, at| inner(e, at, false))?;
        }
        Ok(grid)
    }
}

/// The MLIR type of a tensor in memory.
fn memref(tensor: &TensorType) -> String {
    let count = tensor.element_count().unwrap_or(0).max(1);
    let element = Num::of(&tensor.element).map_or_else(|_| "i8".to_owned(), Num::stored);
    format!("memref<{count}x{element}>")
}

/// How many items a workgroup takes, a multiple of `block`.
fn workgroup(elements_per_item: i64, block: i64) -> i64 {
    let wanted = (WORKGROUP_ELEMENTS / elements_per_item.max(1)).max(1);
    (wanted + block - 1) / block * block
}
