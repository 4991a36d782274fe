//! Threads that share the work on one item.
//!
//! A team of `accumulators * lanes / width` threads stands for that many accumulators of `lanes` lanes: a
//! thread holds `width` neighbouring lanes of one accumulator. Combining with the thread half a team away, then a
//! quarter, and so on, combines accumulators pairwise and then lanes pairwise, as the CPU's kernels do. Within a
//! warp values go by shuffles; a team that is larger is a whole block and uses shared memory.

use super::super::code::{Num, Val};
use super::super::index::{Ix, Term};
use super::super::{Emitter, Fault};
use super::BLOCK;

/// Threads that exchange values by shuffles.
const WARP: i64 = 32;

/// Computes the one of two partial results.
pub(in super::super) type Combine<'a> = dyn Fn(&mut Emitter<'_>, &[Val], &[Val]) -> Result<Vec<Val>, Fault> + 'a;

/// A team.
pub(in super::super) struct Team {
    /// The team's item; the last item for teams beyond it.
    pub(in super::super) item: Term,
    /// An i1: the thread is the first of its team, and the team has an item of its own.
    pub(in super::super) leader: u32,
    /// The thread's number in the team.
    rank: u32,
    threads: i64,
    /// Blocks.
    pub(in super::super) grid: u64,
}

/// What a thread holds.
pub(in super::super) struct Share {
    /// Lanes of an accumulator.
    pub(in super::super) lanes: i64,
    /// Accumulators.
    pub(in super::super) accumulators: i64,
    /// Lanes of a thread.
    pub(in super::super) width: usize,
    /// The number of its accumulator.
    pub(in super::super) accumulator: Term,
    /// Its first lane.
    pub(in super::super) lane: Term,
    /// An i1: its accumulator is the first.
    first: u32,
}

/// Lanes of a thread such that a team fits in a warp, at least `width`.
pub(in super::super) fn width(lanes: usize, accumulators: i64, width: usize) -> usize {
    let mut width = width.min(lanes);
    while accumulators * (lanes / width) as i64 > WARP && width < lanes {
        width *= 2;
    }
    width
}

impl Team {
    /// Teams of so many threads, a power of two, for `count` items.
    pub(in super::super) fn new(e: &mut Emitter<'_>, count: i64, threads: i64) -> Self {
        let block = i64::from(BLOCK).max(threads);
        if let Some(mapping) = &mut e.threads {
            mapping.block = u32::try_from(block).unwrap_or(BLOCK);
        }
        let thread = e.thread();
        let size = e.code.index(threads);
        let number = e.code.assign(format_args!("arith.divui %v{thread}, %v{size} : index"));
        let rank = e.code.assign(format_args!("arith.remui %v{thread}, %v{size} : index"));
        let (last, zero) = (e.code.index(count - 1), e.code.index(0));
        let item = e.code.assign(format_args!("arith.minui %v{number}, %v{last} : index"));
        let inside = e.code.assign(format_args!("arith.cmpi ule, %v{number}, %v{last} : index"));
        let first = e.code.assign(format_args!("arith.cmpi eq, %v{rank}, %v{zero} : index"));
        let leader = e.code.assign(format_args!("arith.andi %v{inside}, %v{first} : i1"));
        let grid = (count * threads + block - 1) / block;
        Self { item: Term::value(item, 1), leader, rank, threads, grid: u64::try_from(grid).unwrap_or(0) }
    }

    /// What the thread holds of `accumulators` accumulators of `lanes` lanes. Where that is less than the team can
    /// hold, several threads hold the same.
    pub(in super::super) fn share(&self, e: &mut Emitter<'_>, lanes: usize, accumulators: i64, width: usize) -> Share {
        let along = (lanes / width) as i64;
        let mut rank = self.rank;
        if along * accumulators < self.threads {
            let size = e.code.index(along * accumulators);
            rank = e.code.assign(format_args!("arith.remui %v{rank}, %v{size} : index"));
        }
        let along_index = e.code.index(along);
        let accumulator = e.code.assign(format_args!("arith.divui %v{rank}, %v{along_index} : index"));
        let part = e.code.assign(format_args!("arith.remui %v{rank}, %v{along_index} : index"));
        let zero = e.code.index(0);
        let first = e.code.assign(format_args!("arith.cmpi eq, %v{accumulator}, %v{zero} : index"));
        let lane = Term::value(part, 1).times(width as i64, &mut e.code);
        let accumulator = if accumulators == 1 { Term::ZERO } else { Term::value(accumulator, 1) };
        let lane = if along == 1 { Term::ZERO } else { lane };
        Share { lanes: lanes as i64, accumulators, width, accumulator, lane, first }
    }
}

impl Share {
    /// `with` in the first accumulator, `without` in the others.
    pub(in super::super) fn in_first(&self, e: &mut Emitter<'_>, with: &[Val], without: &[Val]) -> Vec<Val> {
        if self.accumulators == 1 {
            return with.to_vec();
        }
        let condition = Val { id: self.first, ty: Num::Pred, lanes: 1 };
        with.iter().zip(without).map(|(&with, &without)| chosen(e, condition, with, without)).collect()
    }

    /// Combines what the threads hold; the leader has the result, one lane.
    pub(in super::super) fn merged(
        &self,
        e: &mut Emitter<'_>,
        values: Vec<Val>,
        combine: &Combine<'_>,
    ) -> Result<Vec<Val>, Fault> {
        let mut values = values;
        let mut by = self.accumulators * self.lanes / self.width as i64 / 2;
        while by > 0 {
            let others = values.iter().map(|&value| exchanged(e, value, by)).collect::<Result<Vec<_>, _>>()?;
            values = combine(e, &values, &others)?;
            by /= 2;
        }
        while values.iter().any(|v| v.lanes > 1) {
            let low: Vec<Val> = values.iter().map(|&v| e.code.half(v, 0)).collect();
            let high: Vec<Val> = values.iter().map(|&v| e.code.half(v, 1)).collect();
            values = combine(e, &low, &high)?;
        }
        Ok(values)
    }
}

/// `condition ? a : b` for a scalar condition and vectors.
fn chosen(e: &mut Emitter<'_>, condition: Val, a: Val, b: Val) -> Val {
    let b = e.code.spread(b, a.lanes);
    let ty = a.mlir();
    e.code.value(a.ty, a.lanes, format_args!("arith.select %v{}, %v{}, %v{} : {ty}", condition.id, a.id, b.id))
}

/// The value of the thread whose number differs by `by`, a power of two.
fn exchanged(e: &mut Emitter<'_>, value: Val, by: i64) -> Result<Val, Fault> {
    if by >= WARP {
        return Ok(shared(e, value, by));
    }
    let lanes: Result<Vec<Val>, Fault> = (0..value.lanes)
        .map(|lane| {
            let scalar = e.code.lane(value, lane);
            shuffled(e, scalar, by)
        })
        .collect();
    Ok(e.code.gathered(&lanes?))
}

const WORD: Num = Num::Int { bits: 32, signed: false };

fn shuffled(e: &mut Emitter<'_>, value: Val, by: i64) -> Result<Val, Fault> {
    let int = |bits: u32| Num::Int { bits, signed: false };
    match value.ty {
        Num::F64 | Num::Int { bits: 64, .. } => {
            let whole = if value.ty == Num::F64 { e.code.cast("arith.bitcast", value, int(64)) } else { value };
            let low = e.code.cast("arith.trunci", whole, WORD);
            let amount = e.code.int(int(64), 32);
            let shifted = e.code.binary("arith.shrui", whole, amount);
            let high = e.code.cast("arith.trunci", shifted, WORD);
            let (low, high) = (shuffled_word(e, low, by), shuffled_word(e, high, by));
            let (low, high) = (e.code.cast("arith.extui", low, int(64)), e.code.cast("arith.extui", high, int(64)));
            let high = e.code.binary("arith.shli", high, amount);
            let joined = e.code.binary("arith.ori", low, high);
            Ok(if value.ty == Num::F64 {
                e.code.cast("arith.bitcast", joined, Num::F64)
            } else {
                Val { ty: value.ty, ..joined }
            })
        }
        Num::F32 => {
            let word = e.code.cast("arith.bitcast", value, WORD);
            let word = shuffled_word(e, word, by);
            Ok(e.code.cast("arith.bitcast", word, Num::F32))
        }
        Num::Int { bits: 32, .. } => {
            let word = shuffled_word(e, value, by);
            Ok(Val { ty: value.ty, ..word })
        }
        narrow => {
            let bits = match narrow {
                Num::Pred => 1,
                Num::Int { bits, .. } => bits,
                _ => 16,
            };
            let raw = if narrow.is_float() { e.code.cast("arith.bitcast", value, int(16)) } else { value };
            let word = e.code.cast("arith.extui", raw, WORD);
            let word = shuffled_word(e, word, by);
            let raw = e.code.cast("arith.trunci", word, if bits == 1 { Num::Pred } else { int(bits) });
            Ok(if narrow.is_float() { e.code.cast("arith.bitcast", raw, narrow) } else { Val { ty: narrow, ..raw } })
        }
    }
}

/// `shfl.sync.bfly` of all lanes of the warp.
fn shuffled_word(e: &mut Emitter<'_>, word: Val, by: i64) -> Val {
    let (mask, by, clamp) = (e.code.int(WORD, -1), e.code.int(WORD, by), e.code.int(WORD, 31));
    e.code.value(
        WORD,
        1,
        format_args!(
            "llvm.call_intrinsic \"llvm.nvvm.shfl.sync.bfly.i32\"(%v{}, %v{}, %v{}, %v{}) : (i32, i32, i32, i32) -> i32",
            mask.id, word.id, by.id, clamp.id
        ),
    )
}

/// Through shared memory, for teams that are a block.
fn shared(e: &mut Emitter<'_>, value: Val, by: i64) -> Val {
    let threads = e.threads.as_mut().expect("kernels for GPUs have threads");
    let (lanes, ty) = (value.lanes, if value.ty == Num::Pred { "i8".to_owned() } else { value.ty.mlir() });
    let memory = format!("memref<{}x{ty}, 3>", i64::from(threads.block) * lanes as i64);
    let name = format!("{}_{}", e.func.name, e.code.fresh());
    threads
        .shared
        .push_str(&format!("memref.global \"private\" @{name} : {memory} = uninitialized {{alignment = 16 : i64}}\n"));
    let stored = match value.ty {
        Num::Pred => e.code.cast("arith.extui", value, Num::Int { bits: 8, signed: false }),
        _ => value,
    };
    let slot = |e: &mut Emitter<'_>, thread: u32| {
        let term = Term::value(thread, 1).times(lanes as i64, &mut e.code);
        Ix::uniform(term).base.materialize(&mut e.code)
    };
    let own = e.register("tid.x");
    let distance = e.code.index(by);
    let other = e.code.assign(format_args!("arith.xori %v{own}, %v{distance} : index"));
    let (own, other) = (slot(e, own), slot(e, other));
    let place = e.code.assign(format_args!("memref.get_global @{name} : {memory}"));
    let of = stored.mlir();
    let aligned = e.aligned(Term::ZERO, stored.ty);
    let aligned = if lanes > 1 { aligned } else { String::new() };
    let verb = |load: &str| if lanes > 1 { format!("vector.{load}") } else { format!("memref.{load}") };
    let tail = if lanes > 1 { format!("{memory}, {of}") } else { memory.clone() };
    e.code.line(&format!("{} %v{}, %v{place}[%v{own}]{aligned} : {tail}", verb("store"), stored.id));
    let zero = e.code.int(WORD, 0);
    let barrier =
        format!("llvm.call_intrinsic \"llvm.nvvm.barrier.cta.sync.aligned.all\"(%v{}) : (i32) -> ()", zero.id);
    e.code.line(&barrier);
    let read = e.code.assign(format_args!("{} %v{place}[%v{other}]{aligned} : {tail}", verb("load")));
    let read = Val { id: read, ..stored };
    if value.ty != Num::Pred {
        return read;
    }
    let nothing = e.code.int(Num::Int { bits: 8, signed: false }, 0);
    e.code.compare("ne", read, nothing)
}
