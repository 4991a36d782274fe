//! Where entries stand in an order by score.
//!
//! All selections follow one total order: larger first, ties to the lower index. An entry is among the k' selected
//! exactly when its rank is below k', so the ranks of the wanted entries give the recall for every k' at once.

use std::cmp::Ordering;

/// The rank of an entry that an earlier selection has lost.
pub(crate) const LOST: u32 = u32::MAX;

/// The order of the entries `a` and `b`.
fn order(scores: &[f32], a: u32, b: u32) -> Ordering {
    scores[b as usize].total_cmp(&scores[a as usize]).then(a.cmp(&b))
}

/// The `k` first entries, in order.
pub(crate) fn top(scores: &[f32], k: usize) -> Vec<u32> {
    best_of(scores, (0..scores.len() as u32).collect(), k)
}

/// The `k` first of some entries, in order.
pub(crate) fn best_of(scores: &[f32], mut entries: Vec<u32>, k: usize) -> Vec<u32> {
    if k == 0 {
        return Vec::new();
    }
    if k < entries.len() {
        entries.select_nth_unstable_by(k - 1, |&a, &b| order(scores, a, b));
        entries.truncate(k);
    }
    entries.sort_unstable_by(|&a, &b| order(scores, a, b));
    entries
}

/// The rank of each of `wanted` among all entries.
pub(crate) fn ranks(scores: &[f32], wanted: &[u32]) -> Vec<u32> {
    let Some(&last) = wanted.iter().max_by(|&&a, &&b| order(scores, a, b)) else { return Vec::new() };
    let least = scores[last as usize];
    let mut ahead: Vec<u32> =
        (0..scores.len() as u32).filter(|&entry| scores[entry as usize].total_cmp(&least).is_ge()).collect();
    ahead.sort_unstable_by(|&a, &b| order(scores, a, b));
    let rank = |&entry: &u32| ahead.partition_point(|&other| order(scores, other, entry).is_lt()) as u32;
    wanted.iter().map(rank).collect()
}

/// The rank of each of `wanted` among the `survivors` first entries by `coarse`, ordered by `fine`; for each count of
/// survivors, which increase.
pub(crate) fn cascade_ranks(coarse: &[f32], fine: &[f32], wanted: &[u32], survivors: &[usize]) -> Vec<Vec<u32>> {
    let most = survivors.last().copied().unwrap_or(0);
    let first = top(coarse, most);
    let mut all = vec![vec![LOST; wanted.len()]; survivors.len()];
    for (at, &entry) in wanted.iter().enumerate() {
        let (mut ahead, mut seen) = (0u32, false);
        let mut counted = 0;
        for (ranks, &count) in all.iter_mut().zip(survivors) {
            let more = &first[counted.min(first.len())..count.min(first.len())];
            seen |= more.contains(&entry);
            ahead += more.iter().filter(|&&other| order(fine, other, entry).is_lt()).count() as u32;
            counted = count;
            if seen {
                ranks[at] = ahead;
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCORES: [f32; 6] = [1.0, 5.0, 3.0, 5.0, -2.0, 3.0];

    #[test]
    fn ties_go_to_the_lower_index() {
        assert_eq!(top(&SCORES, 4), [1, 3, 2, 5]);
        assert_eq!(top(&SCORES, 9), [1, 3, 2, 5, 0, 4]);
        assert_eq!(top(&SCORES, 0), [0; 0]);
        assert_eq!(ranks(&SCORES, &[5, 1, 3]), [3, 0, 1]);
        assert_eq!(ranks(&SCORES, &[4, 0, 2]), [5, 4, 2]);
    }

    #[test]
    fn a_cascade_ranks_only_what_survived() {
        let fine = [9.0, 1.0, 7.0, 8.0, 10.0, 2.0];
        // In coarse order: 1, 3, 2, 5, 0, 4.
        assert_eq!(
            cascade_ranks(&SCORES, &fine, &[3, 2, 0], &[1, 2, 4, 6]),
            [[LOST, LOST, LOST], [0, LOST, LOST], [0, 1, LOST], [2, 3, 1]]
        );
    }

    /// With all entries surviving, the coarse order does not matter.
    #[test]
    fn a_cascade_that_loses_nothing_is_its_last_scorer() {
        let fine = [0.5, 0.25, 0.75, 0.5, 0.0, 1.0];
        let wanted = [0, 1, 2, 3, 4, 5];
        assert_eq!(cascade_ranks(&SCORES, &fine, &wanted, &[6]), [ranks(&fine, &wanted)]);
    }
}
