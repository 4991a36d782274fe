//! Products, with what produces the streamed operand and what is done to the result.
//!
//! The larger operand, `s`, is *streamed*: each of its elements is read once, from memory. The
//! other, `x`, stays in the cache. Where the contracted dimension is the innermost of s (weights stored
//! row by row), lanes hold neighbouring terms of a sum ([`rows`]): four accumulators for one row of x, fewer each
//! for more rows, combined pairwise at the end. Where it is not, lanes hold neighbouring results
//! ([`columns`]), each a sum in order. Sums of floats are in f32 at least, those of integers in the
//! result's type.

use hire_compiler::ir::{DotDimensionNumbers, Opcode, ValueId};

use super::code::{Num, Val};
use super::index::{Ix, Term, delinearized, linear};
use super::reduce::carried;
use super::value::At;
use super::{Emitter, Fault, gpu, nibbles};

/// Bytes that streamed weights are prefetched ahead.
pub(super) const PREFETCH_BYTES: i64 = 4096;
/// From how many bytes on an operand is worth prefetching.
const LARGE_BYTES: i64 = 1 << 18;
/// Rows of x that are multiplied with the same elements of s at once.
pub(super) const ROWS: usize = 8;
/// Elements of s that a workgroup reads at least.
const STREAM_ELEMENTS: i64 = 1 << 15;

/// One operand: its dimensions by role.
pub(super) struct Side {
    pub(super) value: ValueId,
    pub(super) sizes: Vec<i64>,
    pub(super) batch: Vec<usize>,
    pub(super) contracted: Vec<usize>,
    pub(super) free: Vec<usize>,
}

impl Side {
    fn new(e: &Emitter<'_>, value: ValueId, batch: &[i64], contracted: &[i64]) -> Self {
        let sizes = e.shape(value);
        let of = |dims: &[i64]| dims.iter().map(|&d| d as usize).collect::<Vec<_>>();
        let (batch, contracted) = (of(batch), of(contracted));
        let free = (0..sizes.len()).filter(|d| !batch.contains(d) && !contracted.contains(d)).collect();
        Self { value, sizes, batch, contracted, free }
    }

    pub(super) fn shape(&self, dims: &[usize]) -> Vec<i64> {
        dims.iter().map(|&d| self.sizes[d]).collect()
    }

    fn count(&self, dims: &[usize]) -> i64 {
        dims.iter().map(|&d| self.sizes[d]).product()
    }

    pub(super) fn at(&self, batch: &[Ix], free: &[Ix], contracted: &[Ix]) -> At {
        let mut dims = vec![Ix::ZERO; self.sizes.len()];
        let roles = self.batch.iter().zip(batch).chain(self.free.iter().zip(free));
        for (&d, &index) in roles.chain(self.contracted.iter().zip(contracted)) {
            dims[d] = index;
        }
        At::Dims(dims)
    }

    fn innermost(&self) -> Option<usize> {
        (0..self.sizes.len()).rev().find(|&d| self.sizes[d] > 1)
    }
}

/// The product.
pub(super) struct Product {
    pub(super) s: Side,
    pub(super) x: Side,
    /// Whether s is the right operand.
    pub(super) s_is_right: bool,
    result: ValueId,
    pub(super) sum: Num,
    /// Sizes of batch, rows of x, rows of s, terms.
    pub(super) batch: i64,
    pub(super) m: i64,
    pub(super) n: i64,
    pub(super) k: i64,
}

impl Product {
    fn of(e: &Emitter<'_>) -> Result<Self, Fault> {
        let operation = &e.func.ops[e.anchor()?];
        let vectors = || {
            let left = e.shape(operation.operands[0]).len() as i64 - 1;
            DotDimensionNumbers {
                lhs_contracting_dimensions: vec![left],
                rhs_contracting_dimensions: vec![0],
                ..DotDimensionNumbers::default()
            }
        };
        let numbers = match operation.opcode {
            Opcode::Dot => vectors(),
            _ => operation.dot_dimension_numbers().cloned().unwrap_or_else(vectors),
        };
        let lhs =
            Side::new(e, operation.operands[0], &numbers.lhs_batching_dimensions, &numbers.lhs_contracting_dimensions);
        let rhs =
            Side::new(e, operation.operands[1], &numbers.rhs_batching_dimensions, &numbers.rhs_contracting_dimensions);
        let s_is_right = hire_compiler::back::dispatch::streamed_operand(e.func, operation) == 1;
        let (s, x) = if s_is_right { (rhs, lhs) } else { (lhs, rhs) };
        let result = operation.results[0];
        let sum = e.number(result)?.wide();
        if sum == Num::Pred {
            return Err(Fault::unsupported("`stablehlo.dot_general` of i1"));
        }
        let (batch, m, n, k) = (s.count(&s.batch), x.count(&x.free), s.count(&s.free), s.count(&s.contracted));
        Ok(Self { s, x, s_is_right, result, sum, batch, m, n, k })
    }

    /// Lanes and accumulators of sums with `count` rows of x, with at most `vector` lanes.
    pub(super) fn tree(&self, count: usize, vector: usize) -> (usize, usize) {
        let terms = self.s.shape(&self.s.contracted);
        let inner_size = terms.iter().rev().copied().find(|&size| size > 1).or(terms.first().copied()).unwrap_or(1);
        let mut lanes = vector;
        while lanes as i64 > inner_size || (self.k != inner_size && inner_size % lanes as i64 != 0) {
            lanes /= 2;
        }
        let accumulators = match count {
            1 => 4,
            2 | 3 => 2,
            _ => 1,
        };
        (lanes, accumulators)
    }

    /// The row-major position in the result.
    pub(super) fn result_at(&self, e: &mut Emitter<'_>, batch: &[Ix], m: &[Ix], n: &[Ix]) -> Ix {
        let (left, right) = if self.s_is_right { (m, n) } else { (n, m) };
        let dims: Vec<Ix> = batch.iter().chain(left).chain(right).copied().collect();
        let shape = e.shape(self.result);
        linear(&dims, &shape, &mut e.code)
    }
}

/// Writes the loops.
pub(super) fn write(e: &mut Emitter<'_>) -> Result<u64, Fault> {
    let product = Product::of(e)?;
    if e.threads.is_none()
        && let Some(grid) = nibbles::write(e, &product)?
    {
        return Ok(grid);
    }
    let innermost = product.s.innermost();
    if product.k > 0 && innermost.is_none_or(|d| product.s.contracted.contains(&d)) {
        if e.threads.is_some() { gpu::dot::rows(e, &product) } else { rows(e, &product) }
    } else {
        columns(e, &product)
    }
}

pub(super) fn term(e: &mut Emitter<'_>, side: &Side, at: &At, sum: Num) -> Result<Val, Fault> {
    let value = e.element(side.value, at)?;
    e.convert(value, sum)
}

pub(super) fn multiplied(e: &mut Emitter<'_>, a: Val, b: Val, sum: Val) -> Val {
    if sum.ty.is_float() {
        return e.code.fma(a, b, sum);
    }
    let product = e.code.binary("arith.muli", a, b);
    e.code.binary("arith.addi", sum, product)
}

pub(super) fn added(e: &mut Emitter<'_>, a: Val, b: Val) -> Val {
    e.code.binary(if a.ty.is_float() { "arith.addf" } else { "arith.addi" }, a, b)
}

pub(super) fn zero(e: &mut Emitter<'_>, ty: Num, lanes: usize) -> Val {
    let zero = if ty.is_float() { e.code.float(ty, 0.0) } else { e.code.int(ty, 0) };
    e.code.spread(zero, lanes)
}

/// Marks the streamed argument, where it is read as it lies in memory.
fn prefetch(e: &mut Emitter<'_>, side: &Side) {
    let large = |v: ValueId| {
        let tensor = e.tensor(v);
        let size = tensor.element.byte_size() as i64;
        (e.count(v) * size >= LARGE_BYTES).then_some(size)
    };
    let mut value = side.value;
    while let Some(op) = e.func.defining_op(value) {
        match e.func.ops[op].opcode {
            Opcode::Convert | Opcode::Reshape => value = e.func.ops[op].operands[0],
            _ => return,
        }
    }
    if let (Some(&buffer), Some(size)) = (e.arguments.get(&value), large(value)) {
        e.prefetch = Some((buffer, PREFETCH_BYTES / size));
    }
}

/// Items of the result's rows: `size` rows of s a workgroup.
pub(super) fn rows_of_workgroup(product: &Product, block: i64) -> i64 {
    let per_row = (product.k * product.m.min(8)).max(1);
    let wanted = (STREAM_ELEMENTS / per_row).max(1);
    (wanted + block - 1) / block * block
}

/// Lanes hold neighbouring terms.
fn rows(e: &mut Emitter<'_>, product: &Product) -> Result<u64, Fault> {
    let vector = e.lanes;
    // Results of so many rows are finished together, in lanes where they lie side by side.
    let side_by_side = product.m == 1 || product.s_is_right;
    let block = if side_by_side && product.n % 16 == 0 && vector == 16 { 16 } else { 1 };
    let size = rows_of_workgroup(product, block as i64);
    let slots = block as i64 * product.m;
    let buffer_type = format!("memref<{slots}x{}>", product.sum.mlir());
    let sums = e.code.assign(format_args!("memref.alloca() : {buffer_type}"));
    let count = product.batch * product.n;
    e.items(count, size, block as i64, |e, at, whole| {
        let rows = if whole { block as i64 } else { 1 };
        let bounds = (e.code.index(0), e.code.index(rows), 1);
        e.repeat(bounds, 1, |e, row| {
            let item = at.plus(row, &mut e.code);
            let parts = delinearized(Ix::uniform(item), &[product.batch, product.n], 1, &mut e.code)?;
            for first in (0..product.m).step_by(ROWS) {
                let last = (first + ROWS as i64).min(product.m);
                let found = e.scope(|e| row_sums(e, product, parts[0], parts[1], first..last, vector))?;
                for (m, sum) in (first..last).zip(found) {
                    let base = Term::known(m * block as i64).plus(row, &mut e.code).materialize(&mut e.code);
                    e.code.line(&format!("memref.store %v{}, %v{sums}[%v{base}] : {buffer_type}", sum.id));
                }
            }
            Ok(())
        })?;
        let lanes = if whole { block } else { 1 };
        e.with_lanes(lanes, |e| finish_rows(e, product, at, sums, &buffer_type, block as i64))
    })
}

/// The sums of one row of s with the rows `wanted` of x.
fn row_sums(
    e: &mut Emitter<'_>,
    product: &Product,
    batch: Ix,
    n: Ix,
    wanted: std::ops::Range<i64>,
    vector: usize,
) -> Result<Vec<Val>, Fault> {
    let (s, x) = (&product.s, &product.x);
    let count = (wanted.end - wanted.start) as usize;
    let batch_dims = delinearized(batch, &s.shape(&s.batch), 1, &mut e.code)?;
    let free = delinearized(n, &s.shape(&s.free), 1, &mut e.code)?;
    let mut x_free = Vec::new();
    for m in wanted {
        x_free.push(delinearized(Ix::uniform(Term::known(m)), &x.shape(&x.free), 1, &mut e.code)?);
    }
    let terms = s.shape(&s.contracted);
    let (lanes, accumulators) = product.tree(count, vector);
    let whole = product.k - product.k % lanes as i64;
    let step = (lanes * accumulators) as i64;
    let unrolled = whole - whole % step;
    let term_at = |e: &mut Emitter<'_>, at: Term, width: usize, sums: &[Val]| -> Result<Vec<Val>, Fault> {
        e.lanes = width;
        let position = Ix { base: at, stride: i64::from(width > 1) };
        let contracted = delinearized(position, &terms, width, &mut e.code)?;
        let weights = term(e, s, &s.at(&batch_dims, &free, &contracted), product.sum)?;
        let mut found = Vec::new();
        for (m, &sum) in x_free.iter().zip(sums) {
            let factor = term(e, x, &x.at(&batch_dims, m, &contracted), product.sum)?;
            found.push(multiplied(e, weights, factor, sum));
        }
        Ok(found)
    };
    let mut sums: Vec<Val> = (0..count * accumulators).map(|_| zero(e, product.sum, lanes)).collect();
    prefetch(e, s);
    if unrolled > 0 {
        let bounds = (e.code.index(0), e.code.index(unrolled), e.code.index(step));
        sums = carried(e, bounds, &sums, |e, at, carried| {
            let mut found = Vec::new();
            for (number, sums) in carried.chunks(count).enumerate() {
                let at = Term::value(at, step).plus(Term::known((number * lanes) as i64), &mut e.code);
                found.extend(term_at(e, at, lanes, sums)?);
            }
            Ok(found)
        })?;
    }
    e.prefetch = None;
    for at in (unrolled..whole).step_by(lanes) {
        let found = term_at(e, Term::known(at), lanes, &sums[..count])?;
        sums.splice(..count, found);
    }
    let mut width = accumulators;
    while width > 1 {
        width /= 2;
        let upper = sums.split_off(width * count);
        for (low, high) in sums.iter_mut().zip(upper) {
            *low = added(e, *low, high);
        }
    }
    for sum in &mut sums {
        while sum.lanes > 1 {
            let (low, high) = (e.code.half(*sum, 0), e.code.half(*sum, 1));
            *sum = added(e, low, high);
        }
    }
    for at in whole..product.k {
        sums = term_at(e, Term::known(at), 1, &sums)?;
    }
    e.lanes = vector;
    Ok(sums)
}

/// The epilogue of the rows from `at`, whose sums are in memory, and the results' stores.
fn finish_rows(
    e: &mut Emitter<'_>,
    product: &Product,
    at: Term,
    sums: u32,
    buffer_type: &str,
    block: i64,
) -> Result<(), Fault> {
    let stride = i64::from(e.lanes > 1);
    let item = Ix { base: at, stride };
    let parts = delinearized(item, &[product.batch, product.n], e.lanes, &mut e.code)?;
    let (s, x) = (&product.s, &product.x);
    let batch = delinearized(parts[0], &s.shape(&s.batch), e.lanes, &mut e.code)?;
    let free = delinearized(parts[1], &s.shape(&s.free), e.lanes, &mut e.code)?;
    let many = product.m > 1;
    let (bound_low, bound_high) = (e.code.index(0), e.code.index(product.m));
    let lanes = e.lanes;
    let row = |e: &mut Emitter<'_>, m: Term| -> Result<(), Fault> {
        e.lanes = lanes;
        let slot = m.times(block, &mut e.code).materialize(&mut e.code);
        let ty = super::code::lanes_of(&product.sum.mlir(), lanes);
        let sum = if lanes > 1 {
            e.code.value(product.sum, lanes, format_args!("vector.load %v{sums}[%v{slot}] : {buffer_type}, {ty}"))
        } else {
            e.code.value(product.sum, 1, format_args!("memref.load %v{sums}[%v{slot}] : {buffer_type}"))
        };
        let x_free = delinearized(Ix::uniform(m), &x.shape(&x.free), 1, &mut e.code)?;
        let position = product.result_at(e, &batch, &x_free, &free);
        finish(e, product, position, sum)
    };
    if many { e.repeat((bound_low, bound_high, 1), 1, row) } else { row(e, Term::ZERO) }
}

/// Rounds a sum, applies the epilogue and stores.
pub(super) fn finish(e: &mut Emitter<'_>, product: &Product, position: Ix, sum: Val) -> Result<(), Fault> {
    let ty = e.number(product.result)?;
    let value = e.convert(sum, ty)?;
    e.scope(|e| {
        e.given.insert(product.result, value);
        let root = e.results()[0];
        let value = e.element(root, &At::Linear(position))?;
        e.store(e.func.args().len(), root, position, value)
    })
}

/// Lanes hold neighbouring results.
fn columns(e: &mut Emitter<'_>, product: &Product) -> Result<u64, Fault> {
    let s = &product.s;
    let vector = e.lanes;
    let last = s.free.iter().rev().map(|&d| s.sizes[d]).find(|&size| size > 1).unwrap_or(1);
    let unroll = if e.threads.is_none() && product.m == 1 && last % (4 * vector as i64) == 0 { 4 } else { 1 };
    let width = (unroll * vector) as i64;
    let size = rows_of_workgroup(product, width);
    let count = product.batch * product.n;
    e.items(count, size, width, |e, at, whole| {
        let (lanes, parts) = if whole { (vector, unroll) } else { (1, 1) };
        let columns = |e: &mut Emitter<'_>| {
            for first in (0..product.m).step_by(ROWS) {
                let wanted = first..(first + ROWS as i64).min(product.m);
                column_block(e, product, at, parts, wanted)?;
            }
            Ok(())
        };
        e.with_lanes(lanes, |e| e.scope(columns))
    })
}

/// The results of `parts` vectors of columns from item `at`, for some rows of x.
fn column_block(
    e: &mut Emitter<'_>,
    product: &Product,
    at: Term,
    parts: usize,
    wanted: std::ops::Range<i64>,
) -> Result<(), Fault> {
    let (s, x, lanes) = (&product.s, &product.x, e.lanes);
    let stride = i64::from(lanes > 1);
    let mut places = Vec::new();
    for part in 0..parts {
        let base = at.plus(Term::known((part * lanes) as i64), &mut e.code);
        let item = delinearized(Ix { base, stride }, &[product.batch, product.n], lanes, &mut e.code)?;
        let batch = delinearized(item[0], &s.shape(&s.batch), lanes, &mut e.code)?;
        let free = delinearized(item[1], &s.shape(&s.free), lanes, &mut e.code)?;
        places.push((batch, free));
    }
    let mut x_free = Vec::new();
    for m in wanted {
        x_free.push(delinearized(Ix::uniform(Term::known(m)), &x.shape(&x.free), 1, &mut e.code)?);
    }
    let start: Vec<Val> = (0..parts * x_free.len()).map(|_| zero(e, product.sum, lanes)).collect();
    let terms = s.shape(&s.contracted);
    let bounds = (e.code.index(0), e.code.index(product.k), e.code.index(1));
    let sums = carried(e, bounds, &start, |e, k, sums| {
        let contracted = delinearized(Ix::uniform(Term::value(k, 1)), &terms, 1, &mut e.code)?;
        let mut found = Vec::new();
        for (number, (batch, free)) in places.iter().enumerate() {
            let weights = term(e, s, &s.at(batch, free, &contracted), product.sum)?;
            for (m, row) in x_free.iter().enumerate() {
                let factor = term(e, x, &x.at(batch, row, &contracted), product.sum)?;
                found.push(multiplied(e, weights, factor, sums[number * x_free.len() + m]));
            }
        }
        Ok(found)
    })?;
    for (number, (batch, free)) in places.iter().enumerate() {
        for (m, row) in x_free.iter().enumerate() {
            let position = product.result_at(e, batch, row, free);
            finish(e, product, position, sums[number * x_free.len() + m])?;
        }
    }
    Ok(())
}
