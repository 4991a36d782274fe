//! How alike the selections of neighbouring tokens are: the case for a common path, entries that are always computed.

use serde::Serialize;

/// The largest logits of a position that are compared.
const LARGEST: usize = 512;

/// An entry belongs to the common path when at least this share of the positions selects it.
const COMMON: f64 = 0.9;

/// How alike selections are. Shares are in 0..=1.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Overlap {
    /// How many of the largest logits were compared.
    pub largest: usize,
    /// Mean share of them that the token before had too.
    pub with_previous: f64,
    /// Entries that at least nine in ten tokens have among theirs.
    pub common_entries: usize,
    /// Mean share of a token's largest that the common entries cover.
    pub common_share: f64,
}

/// Sums over positions.
pub(crate) struct OverlapCount {
    largest: usize,
    /// How often each entry was among the largest.
    times: Vec<u32>,
    positions: u32,
    /// The largest of the position before, by index.
    previous: Vec<u32>,
    shared: u64,
    pairs: u64,
}

impl OverlapCount {
    /// For logits over a vocabulary.
    pub(crate) fn new(vocabulary: usize) -> Self {
        let largest = LARGEST.min(vocabulary.div_ceil(8));
        Self { largest, times: vec![0; vocabulary], positions: 0, previous: Vec::new(), shared: 0, pairs: 0 }
    }

    /// The same, comparing as many as are active; for feed-forward layers.
    pub(crate) fn of_active(neurons: usize, active: usize) -> Self {
        Self { largest: active.max(1), ..Self::new(neurons) }
    }

    /// How many of the largest logits it takes.
    pub(crate) fn largest(&self) -> usize {
        self.largest
    }

    /// Adds a position's largest logits; `follows` says whether the last one added is the token before.
    pub(crate) fn add(&mut self, largest: &[u32], follows: bool) {
        let mut selected: Vec<u32> = largest.iter().copied().take(self.largest).collect();
        selected.sort_unstable();
        selected.iter().for_each(|&entry| self.times[entry as usize] += 1);
        if follows {
            let had = |entry: &&u32| self.previous.binary_search(entry).is_ok();
            self.shared += selected.iter().filter(had).count() as u64;
            self.pairs += 1;
        }
        self.previous = selected;
        self.positions += 1;
    }

    /// The result.
    pub(crate) fn finish(&self) -> Overlap {
        let least = COMMON * f64::from(self.positions);
        let common: Vec<u32> = self.times.iter().copied().filter(|&n| n > 0 && f64::from(n) >= least).collect();
        let share = |part: u64, of: u64| if of == 0 { 0.0 } else { part as f64 / (of * self.largest as u64) as f64 };
        Overlap {
            largest: self.largest,
            with_previous: share(self.shared, self.pairs),
            common_entries: common.len(),
            common_share: share(common.iter().map(|&n| u64::from(n)).sum(), u64::from(self.positions)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_the_entries_that_were_selected() {
        let mut count = OverlapCount::new(16);
        assert_eq!(count.largest(), 2);
        count.add(&[3, 5, 9], false);
        count.add(&[5, 7, 9], true);
        count.add(&[1, 5, 9], true);
        let overlap = count.finish();
        assert_eq!(overlap, Overlap { largest: 2, with_previous: 0.5, common_entries: 1, common_share: 0.5 });
    }
}
