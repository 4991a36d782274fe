//! Reductions, with what produces their operands and what is done to their results.
//!
//! Along the innermost dimension lanes hold neighbouring elements, in up to four accumulators that
//! are combined pairwise, then the lanes pairwise, then what does not fill a vector, and the initial value last:
//! an order that depends on nothing but the shape. Where the innermost dimension is kept, lanes
//! hold neighbouring results, and each is folded in order.

use hire_compiler::ir::{RegionId, ValueId};

use super::code::{Val, lanes_of};
use super::index::{Ix, Term, delinearized};
use super::value::At;
use super::{Emitter, Fault, gpu, workgroup};

/// What reads vector number `t` of each operand.
type Next<'a> = dyn Fn(&mut Emitter<'_>, Term) -> Result<Vec<Val>, Fault> + 'a;

/// The reduction's shape.
pub(super) struct Reduction {
    inputs: Vec<ValueId>,
    inits: Vec<ValueId>,
    pub(super) results: Vec<ValueId>,
    pub(super) body: RegionId,
    pub(super) sizes: Vec<i64>,
    pub(super) reduced: Vec<usize>,
    pub(super) kept: Vec<usize>,
}

impl Reduction {
    fn of(e: &Emitter<'_>) -> Result<Self, Fault> {
        let operation = &e.func.ops[e.anchor()?];
        let count = operation.operands.len() / 2;
        let sizes = e.shape(operation.operands[0]);
        let reduced: Vec<usize> =
            operation.i64s_attr("dimensions").unwrap_or(&[]).iter().map(|&d| d as usize).collect();
        let kept = (0..sizes.len()).filter(|d| !reduced.contains(d)).collect();
        Ok(Self {
            inputs: operation.operands[..count].to_vec(),
            inits: operation.operands[count..].to_vec(),
            results: operation.results.to_vec(),
            body: operation.regions[0],
            sizes,
            reduced,
            kept,
        })
    }

    fn product(&self, dims: &[usize]) -> i64 {
        dims.iter().map(|&d| self.sizes[d]).product()
    }

    /// The position in the operand, given indices of kept and reduced dimensions.
    fn at(&self, kept: &[Ix], reduced: &[Ix]) -> At {
        let mut dims = vec![Ix::ZERO; self.sizes.len()];
        for (&d, &index) in self.kept.iter().zip(kept).chain(self.reduced.iter().zip(reduced)) {
            dims[d] = index;
        }
        At::Dims(dims)
    }
}

/// Writes the loops.
pub(super) fn write(e: &mut Emitter<'_>) -> Result<u64, Fault> {
    let mut reduction = Reduction::of(e)?;
    reduction.reduced.sort_unstable();
    let folded = reduction.product(&reduction.reduced.clone());
    let innermost = (0..reduction.sizes.len()).rev().find(|&d| reduction.sizes[d] > 1);
    let along = folded > 0 && innermost.is_some_and(|d| reduction.reduced.contains(&d));
    let count = e.count(reduction.results[0]);
    let vector = e.lanes;
    // Along the innermost dimension results are scalars.
    let block = if along { 1 } else { vector as i64 };
    if along && e.threads.is_some() {
        return gpu::reduce::along(e, &reduction);
    }
    e.items(count, workgroup(folded, block), block, |e, at, whole| {
        let stride = i64::from(!along && whole && vector > 1);
        let lanes = if along || !whole { 1 } else { vector };
        let position = Ix { base: at, stride };
        let shape: Vec<i64> = reduction.kept.iter().map(|&d| reduction.sizes[d]).collect();
        e.with_lanes(lanes, |e| {
            let kept = delinearized(position, &shape, lanes, &mut e.code)?;
            let folded =
                if along { along_lanes(e, &reduction, &kept, vector)? } else { across(e, &reduction, &kept, folded)? };
            for (&result, &value) in reduction.results.iter().zip(&folded) {
                e.given.insert(result, value);
            }
            for (at, root) in e.results().into_iter().enumerate() {
                let value = e.element(root, &At::Linear(position))?;
                e.store(e.func.args().len() + at, root, position, value)?;
            }
            Ok(())
        })
    })
}

pub(super) fn inits(e: &mut Emitter<'_>, reduction: &Reduction) -> Result<Vec<Val>, Fault> {
    reduction.inits.iter().map(|&init| e.scalar(init)).collect()
}

/// Lanes hold neighbouring results: a fold in order.
fn across(e: &mut Emitter<'_>, reduction: &Reduction, kept: &[Ix], folded: i64) -> Result<Vec<Val>, Fault> {
    let start = inits(e, reduction)?;
    let start: Vec<Val> = start.into_iter().map(|v| e.code.spread(v, e.lanes)).collect();
    let sizes: Vec<i64> = reduction.reduced.iter().map(|&d| reduction.sizes[d]).collect();
    fold(e, reduction.body, start, (0, folded), |e, at| {
        let inner = delinearized(Ix::uniform(at), &sizes, 1, &mut e.code)?;
        read(e, reduction, kept, &inner)
    })
}

pub(super) fn read(e: &mut Emitter<'_>, reduction: &Reduction, kept: &[Ix], inner: &[Ix]) -> Result<Vec<Val>, Fault> {
    let at = reduction.at(kept, inner);
    let values: Result<Vec<Val>, Fault> = reduction.inputs.iter().map(|&input| e.element(input, &at)).collect();
    Ok(values?.into_iter().map(|v| e.code.spread(v, e.lanes)).collect())
}

/// `for t in from..until { accumulators = body(accumulators, next(t)) }`.
pub(super) fn fold(
    e: &mut Emitter<'_>,
    body: RegionId,
    start: Vec<Val>,
    (from, until): (i64, i64),
    mut next: impl FnMut(&mut Emitter<'_>, Term) -> Result<Vec<Val>, Fault>,
) -> Result<Vec<Val>, Fault> {
    if from >= until {
        return Ok(start);
    }
    let (from, until, step) = (e.code.index(from), e.code.index(until), e.code.index(1));
    carried(e, (from, until, step), &start, |e, at, carried| {
        let values = next(e, Term::value(at, 1))?;
        let arguments: Vec<Val> = carried.iter().copied().chain(values).collect();
        e.body(body, &arguments)
    })
}

/// A loop with carried values.
pub(super) fn carried(
    e: &mut Emitter<'_>,
    (from, until, step): (u32, u32, u32),
    start: &[Val],
    inner: impl FnOnce(&mut Emitter<'_>, u32, &[Val]) -> Result<Vec<Val>, Fault>,
) -> Result<Vec<Val>, Fault> {
    let variable = e.code.fresh();
    let inside: Vec<Val> = start.iter().map(|v| Val { id: e.code.fresh(), ..*v }).collect();
    let result = e.code.fresh();
    let args: Vec<String> = inside.iter().zip(start).map(|(i, s)| format!("%v{} = %v{}", i.id, s.id)).collect();
    let types: Vec<String> = start.iter().map(|v| v.mlir()).collect();
    let types = types.join(", ");
    e.code.line(&format!(
        "%v{result}:{} = scf.for %v{variable} = %v{from} to %v{until} step %v{step} iter_args({}) -> ({types}) {{",
        start.len(),
        args.join(", ")
    ));
    e.scope(|e| {
        let values = inner(e, variable, &inside)?;
        let values: Vec<String> =
            values.iter().zip(start).map(|(v, s)| format!("%v{}", e.code.spread(*v, s.lanes).id)).collect();
        e.code.line(&format!("scf.yield {} : {types}", values.join(", ")));
        Ok(())
    })?;
    e.code.line("}");
    // The results of a loop are `%v#0`, `%v#1`, …: give each a name of its own.
    let named = start.iter().enumerate().map(|(at, v)| {
        let ty = lanes_of(&v.ty.mlir(), v.lanes);
        let id = e.code.assign(format_args!("builtin.unrealized_conversion_cast %v{result}#{at} : {ty} to {ty}"));
        Val { id, ..*v }
    });
    Ok(named.collect())
}

/// Lanes hold neighbouring elements of the innermost dimension.
fn along_lanes(e: &mut Emitter<'_>, reduction: &Reduction, kept: &[Ix], most: usize) -> Result<Vec<Val>, Fault> {
    let inner_at =
        (0..reduction.reduced.len()).rev().find(|&at| reduction.sizes[reduction.reduced[at]] > 1).unwrap_or(0);
    let sizes: Vec<i64> = reduction.reduced.iter().map(|&d| reduction.sizes[d]).collect();
    let inner = sizes[inner_at];
    let mut lanes = most;
    while lanes as i64 > inner {
        lanes /= 2;
    }
    let outer: i64 = sizes[..inner_at].iter().product();
    let chunks = inner / lanes as i64;
    let total = outer * chunks;
    // The position of element `offset` of vector number `t`.
    let position = |e: &mut Emitter<'_>, t: Term, offset: i64, stride: i64| -> Result<Vec<Ix>, Fault> {
        let parts = delinearized(Ix::uniform(t), &[outer, chunks], 1, &mut e.code)?;
        let mut indices = delinearized(parts[0], &sizes[..inner_at], 1, &mut e.code)?;
        let base = parts[1].base.times(lanes as i64, &mut e.code).plus(Term::known(offset), &mut e.code);
        indices.push(Ix { base, stride });
        indices.resize(sizes.len(), Ix::ZERO);
        Ok(indices)
    };
    let stride = i64::from(lanes > 1);
    e.lanes = lanes;
    let result = (|| {
        let accumulators = if total >= 8 { 4 } else { 1 };
        let mut start = Vec::new();
        for at in 0..accumulators {
            let place = position(e, Term::known(at), 0, stride)?;
            start.push(read(e, reduction, kept, &place)?);
        }
        let mut sums = rounds(e, reduction, start, (accumulators, total), &|e, t| {
            let place = position(e, t, 0, stride)?;
            read(e, reduction, kept, &place)
        })?;
        while sums.len() > 1 {
            let half = sums.len() / 2;
            let upper = sums.split_off(half);
            for (low, high) in sums.iter_mut().zip(upper) {
                *low = combined(e, reduction.body, low, &high)?;
            }
        }
        let mut sum = sums.swap_remove(0);
        while sum[0].lanes > 1 {
            let low: Vec<Val> = sum.iter().map(|&v| e.code.half(v, 0)).collect();
            let high: Vec<Val> = sum.iter().map(|&v| e.code.half(v, 1)).collect();
            sum = combined(e, reduction.body, &low, &high)?;
        }
        Ok(sum)
    })();
    e.lanes = 1;
    let mut sum = result?;
    let tail = inner - chunks * lanes as i64;
    if tail > 0 {
        sum = fold(e, reduction.body, sum, (0, outer * tail), |e, t| {
            let parts = delinearized(Ix::uniform(t), &[outer, tail], 1, &mut e.code)?;
            let mut indices = delinearized(parts[0], &sizes[..inner_at], 1, &mut e.code)?;
            let base = parts[1].base.plus(Term::known(chunks * lanes as i64), &mut e.code);
            indices.push(Ix::uniform(base));
            indices.resize(sizes.len(), Ix::ZERO);
            read(e, reduction, kept, &indices)
        })?;
    }
    let start = inits(e, reduction)?;
    let sum = combined(e, reduction.body, &start, &sum)?;
    Ok(sum)
}

pub(super) fn combined(e: &mut Emitter<'_>, body: RegionId, a: &[Val], b: &[Val]) -> Result<Vec<Val>, Fault> {
    let arguments: Vec<Val> = a.iter().chain(b).copied().collect();
    e.body(body, &arguments)
}

/// Folds the vectors from `first` to `total` into the accumulators in turn, `accumulators` at a time, and
/// what is left into the first of them.
fn rounds(
    e: &mut Emitter<'_>,
    reduction: &Reduction,
    start: Vec<Vec<Val>>,
    (accumulators, total): (i64, i64),
    next: &Next<'_>,
) -> Result<Vec<Vec<Val>>, Fault> {
    let width = start[0].len();
    let whole = total - total % accumulators;
    let mut sums = start;
    if whole > accumulators {
        let flat: Vec<Val> = sums.concat();
        let bounds = (e.code.index(accumulators), e.code.index(whole), e.code.index(accumulators));
        let flat = carried(e, bounds, &flat, |e, at, carried| {
            let mut values = Vec::new();
            for (number, sum) in carried.chunks(width).enumerate() {
                let t = Term::value(at, accumulators).plus(Term::known(number as i64), &mut e.code);
                let read = next(e, t)?;
                values.extend(combined(e, reduction.body, sum, &read)?);
            }
            Ok(values)
        })?;
        sums = flat.chunks(width).map(<[Val]>::to_vec).collect();
    }
    if whole < total {
        let first = sums[0].clone();
        sums[0] = fold(e, reduction.body, first, (whole, total), |e, t| next(e, t))?;
    }
    Ok(sums)
}
