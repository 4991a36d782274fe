//! Products whose weights are stored row by row: a team for each row.

use super::super::code::Val;
use super::super::dot::{Product, ROWS, added, finish, multiplied, term, zero};
use super::super::index::{Ix, Term, delinearized};
use super::super::reduce::carried;
use super::super::{Emitter, Fault};
use super::team::{Share, Team, width};

/// Rows of x that are multiplied together, and how.
struct Tile {
    rows: std::ops::Range<i64>,
    lanes: usize,
    accumulators: i64,
    width: usize,
}

impl Tile {
    fn threads(&self) -> i64 {
        self.accumulators * (self.lanes / self.width) as i64
    }
}

/// Where a team works: the indices of batch and row of s, and of the tile's rows of x.
struct Place {
    batch: Vec<Ix>,
    free: Vec<Ix>,
    x_free: Vec<Vec<Ix>>,
    x_batch: Vec<Ix>,
}

/// Writes the kernel; returns the size of the grid.
pub(in super::super) fn rows(e: &mut Emitter<'_>, product: &Product) -> Result<u64, Fault> {
    let most = e.threads.as_ref().map_or(1, |threads| threads.lanes);
    let tiles: Vec<Tile> = (0..product.m)
        .step_by(ROWS)
        .map(|first| {
            let rows = first..(first + ROWS as i64).min(product.m);
            let (lanes, accumulators) = product.tree((rows.end - rows.start) as usize, most);
            let accumulators = accumulators as i64;
            Tile { rows, lanes, accumulators, width: width(lanes, accumulators, e.lanes) }
        })
        .collect();
    let count = product.batch * product.n;
    let threads = tiles.iter().map(Tile::threads).max().unwrap_or(1);
    let team = Team::new(e, count, threads);
    let parts = delinearized(Ix::uniform(team.item), &[product.batch, product.n], 1, &mut e.code)?;
    for tile in &tiles {
        e.scope(|e| tile_product(e, product, tile, &team, (parts[0], parts[1])))?;
    }
    Ok(team.grid)
}

fn tile_product(
    e: &mut Emitter<'_>,
    product: &Product,
    tile: &Tile,
    team: &Team,
    (batch, row): (Ix, Ix),
) -> Result<(), Fault> {
    let (s, x) = (&product.s, &product.x);
    let batch = delinearized(batch, &s.shape(&s.batch), 1, &mut e.code)?;
    let free = delinearized(row, &s.shape(&s.free), 1, &mut e.code)?;
    let mut x_free = Vec::new();
    for m in tile.rows.clone() {
        x_free.push(delinearized(Ix::uniform(Term::known(m)), &x.shape(&x.free), 1, &mut e.code)?);
    }
    let place = Place { x_batch: batch.clone(), batch, free, x_free };
    let share = team.share(e, tile.lanes, tile.accumulators, tile.width);
    let sums = e.with_lanes(tile.width, |e| sums(e, product, tile, &share, &place))?;
    let whole = product.k - product.k % tile.lanes as i64;
    e.with_lanes(1, |e| {
        e.guarded(team.leader, |e| {
            let mut sums = sums;
            for at in whole..product.k {
                sums = terms(e, product, Term::known(at), &place, &sums)?;
            }
            for (x_free, &sum) in place.x_free.iter().zip(&sums) {
                let position = product.result_at(e, &place.batch, x_free, &place.free);
                finish(e, product, position, sum)?;
            }
            Ok(())
        })
    })
}

/// Adds the products of the elements from `at` on to the sums.
fn terms(e: &mut Emitter<'_>, product: &Product, at: Term, place: &Place, sums: &[Val]) -> Result<Vec<Val>, Fault> {
    let (s, x) = (&product.s, &product.x);
    let position = Ix { base: at, stride: i64::from(e.lanes > 1) };
    let contracted = delinearized(position, &s.shape(&s.contracted), e.lanes, &mut e.code)?;
    let weights = term(e, s, &s.at(&place.batch, &place.free, &contracted), product.sum)?;
    let mut found = Vec::new();
    for (x_free, &sum) in place.x_free.iter().zip(sums) {
        let factor = term(e, x, &x.at(&place.x_batch, x_free, &contracted), product.sum)?;
        found.push(multiplied(e, weights, factor, sum));
    }
    Ok(found)
}

/// The team's sums of whole vectors.
fn sums(e: &mut Emitter<'_>, product: &Product, tile: &Tile, share: &Share, place: &Place) -> Result<Vec<Val>, Fault> {
    let (lanes, step) = (share.lanes, share.lanes * share.accumulators);
    let whole = product.k - product.k % lanes;
    let unrolled = whole - whole % step;
    let own = share.accumulator.times(lanes, &mut e.code).plus(share.lane, &mut e.code);
    let mut sums: Vec<Val> = tile.rows.clone().map(|_| zero(e, product.sum, e.lanes)).collect();
    if unrolled > 0 {
        let bounds = (e.code.index(0), e.code.index(unrolled), e.code.index(step));
        sums = carried(e, bounds, &sums, |e, at, carried| {
            let at = Term::value(at, step).plus(own, &mut e.code);
            terms(e, product, at, place, carried)
        })?;
    }
    for at in (unrolled..whole).step_by(lanes as usize) {
        let at = share.lane.plus(Term::known(at), &mut e.code);
        let more = terms(e, product, at, place, &sums)?;
        sums = share.in_first(e, &more, &sums);
    }
    share.merged(e, sums, &|e, a, b| Ok(a.iter().zip(b).map(|(&a, &b)| added(e, a, b)).collect()))
}
