//! Reductions along the innermost dimension: a team for each result.

use super::super::code::Val;
use super::super::index::{Ix, Term, delinearized};
use super::super::reduce::{Reduction, carried, combined, fold, inits, read};
use super::super::value::At;
use super::super::{Emitter, Fault};
use super::team::{Share, Team, width};

/// From how many vectors on a block works on one result, in more accumulators than the CPU has.
const MANY: i64 = 1024;
/// The accumulators of a block.
const BLOCK_ACCUMULATORS: i64 = 64;

/// The reduced dimensions as vectors: `outer` times `chunks` of them.
struct Vectors {
    sizes: Vec<i64>,
    inner_at: usize,
    outer: i64,
    chunks: i64,
    tail: i64,
}

impl Vectors {
    fn of(reduction: &Reduction, most: usize) -> (Self, usize) {
        let sizes: Vec<i64> = reduction.reduced.iter().map(|&d| reduction.sizes[d]).collect();
        let inner_at = sizes.iter().rposition(|&size| size > 1).unwrap_or(0);
        let inner = sizes[inner_at];
        let mut lanes = most;
        while lanes as i64 > inner {
            lanes /= 2;
        }
        let chunks = inner / lanes as i64;
        let outer = sizes[..inner_at].iter().product();
        let tail = inner - chunks * lanes as i64;
        (Self { sizes, inner_at, outer, chunks, tail }, lanes)
    }

    /// The indices of lane `lane` of vector number `t`.
    fn position(&self, e: &mut Emitter<'_>, t: Term, share: &Share) -> Result<Vec<Ix>, Fault> {
        let parts = delinearized(Ix::uniform(t), &[self.outer, self.chunks], 1, &mut e.code)?;
        let mut indices = delinearized(parts[0], &self.sizes[..self.inner_at], 1, &mut e.code)?;
        let base = parts[1].base.times(share.lanes, &mut e.code).plus(share.lane, &mut e.code);
        indices.push(Ix { base, stride: i64::from(share.width > 1) });
        indices.resize(self.sizes.len(), Ix::ZERO);
        Ok(indices)
    }

    /// The indices of the `t`-th of the elements that fill no vector.
    fn rest(&self, e: &mut Emitter<'_>, t: Term, lanes: i64) -> Result<Vec<Ix>, Fault> {
        let parts = delinearized(Ix::uniform(t), &[self.outer, self.tail], 1, &mut e.code)?;
        let mut indices = delinearized(parts[0], &self.sizes[..self.inner_at], 1, &mut e.code)?;
        indices.push(Ix::uniform(parts[1].base.plus(Term::known(self.chunks * lanes), &mut e.code)));
        indices.resize(self.sizes.len(), Ix::ZERO);
        Ok(indices)
    }
}

/// Writes the kernel; returns the size of the grid.
pub(in super::super) fn along(e: &mut Emitter<'_>, reduction: &Reduction) -> Result<u64, Fault> {
    let most = e.threads.as_ref().map_or(1, |threads| threads.lanes);
    let (vectors, lanes) = Vectors::of(reduction, most);
    let total = vectors.outer * vectors.chunks;
    let accumulators = match total {
        MANY.. => BLOCK_ACCUMULATORS,
        8.. => 4,
        _ => 1,
    };
    let width = if total >= MANY { e.lanes.min(lanes) } else { width(lanes, accumulators, e.lanes) };
    let count = e.count(reduction.results[0]);
    let team = Team::new(e, count, accumulators * (lanes / width) as i64);
    let share = team.share(e, lanes, accumulators, width);
    let shape: Vec<i64> = reduction.kept.iter().map(|&d| reduction.sizes[d]).collect();
    let kept = delinearized(Ix::uniform(team.item), &shape, 1, &mut e.code)?;
    let folded = e.with_lanes(width, |e| vectors_folded(e, reduction, &vectors, &share, &kept, total))?;
    e.with_lanes(1, |e| {
        e.guarded(team.leader, |e| {
            let mut sum = folded;
            if vectors.tail > 0 {
                sum = fold(e, reduction.body, sum, (0, vectors.outer * vectors.tail), |e, t| {
                    let place = vectors.rest(e, t, share.lanes)?;
                    read(e, reduction, &kept, &place)
                })?;
            }
            let start = inits(e, reduction)?;
            let sum = combined(e, reduction.body, &start, &sum)?;
            for (&result, &value) in reduction.results.iter().zip(&sum) {
                e.given.insert(result, value);
            }
            let position = Ix::uniform(team.item);
            for (at, root) in e.results().into_iter().enumerate() {
                let value = e.element(root, &At::Linear(position))?;
                e.store(e.func.args().len() + at, root, position, value)?;
            }
            Ok(())
        })
    })?;
    Ok(team.grid)
}

/// Folds the vectors into the team's accumulators, and those into one value.
fn vectors_folded(
    e: &mut Emitter<'_>,
    reduction: &Reduction,
    vectors: &Vectors,
    share: &Share,
    kept: &[Ix],
    total: i64,
) -> Result<Vec<Val>, Fault> {
    let next = |e: &mut Emitter<'_>, t: Term| {
        let place = vectors.position(e, t, share)?;
        read(e, reduction, kept, &place)
    };
    let accumulators = share.accumulators;
    let mut sum = next(e, share.accumulator)?;
    let whole = total - total % accumulators;
    if whole > accumulators {
        let bounds = (e.code.index(accumulators), e.code.index(whole), e.code.index(accumulators));
        sum = carried(e, bounds, &sum, |e, at, carried| {
            let t = Term::value(at, accumulators).plus(share.accumulator, &mut e.code);
            let values = next(e, t)?;
            combined(e, reduction.body, carried, &values)
        })?;
    }
    for t in whole..total {
        let values = next(e, Term::known(t))?;
        let more = combined(e, reduction.body, &sum, &values)?;
        sum = share.in_first(e, &more, &sum);
    }
    share.merged(e, sum, &|e, a, b| combined(e, reduction.body, a, b))
}
