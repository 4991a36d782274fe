//! What approximate top-k finds: the expected recall of the two-stage selection.
//!
//! N entries go to B buckets, entry i to bucket `i mod B`; each bucket keeps its K' largest, and the K largest of the
//! B K' survivors are selected (arXiv 2506.04165; with K' = 1 that of TPU-KNN, arXiv 2206.14286). An entry of the true
//! top K is lost when its bucket holds K' larger ones. Where the top K stand at random places, their number R in a
//! bucket of n entries is hypergeometric, and
//!
//! ```text
//! E[recall] = 1 - 1/K sum over buckets of E[max(R - K', 0)]
//!           = 1 - B/K sum_{r = K'+1}^{min(K, n)} (r - K') C(K, r) C(N - K, n - r) / C(N, n)     with B n = N
//! ```
//!
//! The same formula tells what is found of a top-k over B devices of which each sends the K' largest of its shard.
//!
//! Binomials of a million entries overflow, and their logarithms cancel; so probabilities are taken relative to that of
//! the most likely count, by the ratio of neighbours, and divided by their sum. All terms are positive: the relative error
//! is that of some hundred products.

use serde::{Deserialize, Serialize};

/// A selection in two stages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TwoStage {
    /// Into how many buckets the entries are dealt (B).
    pub buckets: u64,
    /// How many of the largest each bucket keeps (K').
    pub per_bucket: u64,
}

/// What a survivor costs in the second stage, in entries that the first stage reads: a top-k visits an entry about that
/// often. It decides between few large buckets that are read often and many small ones.
const SURVIVOR_COST: u64 = 8;

/// The most that a bucket keeps: each more reads all entries once more.
const MOST_PER_BUCKET: u64 = 8;

/// Probabilities below this share of the largest are left out.
const NEGLIGIBLE: f64 = 1e-30;

impl TwoStage {
    /// How many entries the second stage sees (B K').
    pub fn survivors(self) -> u64 {
        self.buckets.saturating_mul(self.per_bucket)
    }

    /// Share of the `k` largest of `n` entries that are expected to be selected, where they stand at random places.
    /// Without buckets, or with more buckets than entries, nothing is told apart: the result is that of one entry a bucket.
    pub fn expected_recall(self, n: u64, k: u64) -> f64 {
        let (k, buckets) = (k.min(n), self.buckets.clamp(1, n.max(1)));
        if k == 0 {
            return 1.0;
        }
        let (size, longer) = (n / buckets, n % buckets);
        let mut lost = (buckets - longer) as f64 * expected_excess(n, k, size, self.per_bucket);
        if longer > 0 {
            lost += longer as f64 * expected_excess(n, k, size + 1, self.per_bucket);
        }
        (1.0 - lost / k as f64).clamp(0.0, 1.0)
    }

    /// What the selection costs, in entries read: all of them for each that a bucket keeps, and the survivors' top-k.
    pub fn cost(self, n: u64) -> u64 {
        self.per_bucket.saturating_mul(n).saturating_add(SURVIVOR_COST.saturating_mul(self.survivors()))
    }
}

/// The cheapest selection of `k` of `n` entries whose expected recall is at least `target`, with buckets of equal size;
/// `None` when none has it, or none costs less than a top-k of all entries.
pub fn cheapest(n: u64, k: u64, target: f64) -> Option<TwoStage> {
    let fits = |buckets: &u64| n.is_multiple_of(*buckets) && *buckets < n;
    let candidate = |buckets: u64| {
        let fewest = k.div_ceil(buckets).max(1);
        let most = MOST_PER_BUCKET.min(n / buckets);
        let stages = (fewest..=most).map(|per_bucket| TwoStage { buckets, per_bucket });
        stages.into_iter().find(|stages| stages.expected_recall(n, k) >= target)
    };
    let whole = SURVIVOR_COST.saturating_mul(n);
    let candidates = (1..=n.isqrt()).filter(|b| n.is_multiple_of(*b)).flat_map(|b| [b, n / b]).filter(fits);
    let cheaper = candidates.filter_map(candidate).filter(|stages| stages.cost(n) < whole);
    cheaper.min_by_key(|stages| (stages.cost(n), stages.buckets))
}

/// `E[max(R - kept, 0)]` of the number R of `k` marked among `drawn` of `n` entries.
fn expected_excess(n: u64, k: u64, drawn: u64, kept: u64) -> f64 {
    let (least, most) = ((k + drawn).saturating_sub(n), k.min(drawn));
    let mode = ((u128::from(k + 1) * u128::from(drawn + 1)) / u128::from(n + 2)) as u64;
    let mode = mode.clamp(least, most);
    // P(r + 1) / P(r) = (K - r) (n - r) / ((r + 1) (N - K - n + r + 1)).
    let ratio = |r: u64| {
        let (up, down) = ((k - r) as f64 * (drawn - r) as f64, (r + 1) as f64);
        up / down / (n + r + 1 - k - drawn) as f64
    };
    let (mut total, mut excess) = (0.0, 0.0);
    let mut add = |r: u64, share: f64| {
        total += share;
        excess += r.saturating_sub(kept) as f64 * share;
        share > NEGLIGIBLE
    };
    let mut share = 1.0;
    for r in mode..=most {
        if !add(r, share) {
            break;
        }
        share *= if r < most { ratio(r) } else { 0.0 };
    }
    share = 1.0;
    for r in (least..mode).rev() {
        share /= ratio(r);
        if !add(r, share) {
            break;
        }
    }
    excess / total
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stages(buckets: u64, per_bucket: u64) -> TwoStage {
        TwoStage { buckets, per_bucket }
    }

    /// The mean over all places of the top k.
    fn enumerated(n: u64, k: u64, two: TwoStage) -> f64 {
        let (mut found, mut sets) = (0, 0);
        for set in (0u32..1 << n).filter(|set| u64::from(set.count_ones()) == k) {
            let count = |bucket: u64| (0..n).filter(|i| i % two.buckets == bucket && set >> i & 1 == 1).count() as u64;
            found += (0..two.buckets).map(|bucket| count(bucket).min(two.per_bucket)).sum::<u64>();
            sets += 1;
        }
        found as f64 / (sets * k) as f64
    }

    #[test]
    fn the_formula_is_the_mean_over_all_places_of_the_largest() {
        for n in 1..=10 {
            for k in 1..=n {
                for (buckets, per_bucket) in (1..=n).flat_map(|b| (1..=3).map(move |p| (b, p))) {
                    let two = stages(buckets, per_bucket);
                    let (formula, mean) = (two.expected_recall(n, k), enumerated(n, k, two));
                    assert!((formula - mean).abs() < 1e-12, "N {n} K {k} {two:?}: {formula} {mean}");
                }
            }
        }
    }

    /// Selections simulated by dealing the top k to random places; four standard errors of the mean.
    #[test]
    fn the_formula_is_what_simulated_selections_find() {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut random = move |below: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state % below
        };
        for (n, k, two) in [
            (4096, 128, stages(256, 1)),
            (4096, 128, stages(64, 4)),
            (1000, 100, stages(48, 3)),
            (864, 96, stages(108, 2)),
        ] {
            let mut places: Vec<u64> = (0..n).collect();
            let found: Vec<f64> = (0..4000)
                .map(|_| {
                    let mut counts = vec![0; two.buckets as usize];
                    for drawn in 0..k {
                        places.swap(drawn as usize, (drawn + random(n - drawn)) as usize);
                        counts[(places[drawn as usize] % two.buckets) as usize] += 1;
                    }
                    counts.iter().map(|&c: &u64| c.min(two.per_bucket)).sum::<u64>() as f64 / k as f64
                })
                .collect();
            let mean = found.iter().sum::<f64>() / found.len() as f64;
            let variance = found.iter().map(|f| (f - mean).powi(2)).sum::<f64>() / (found.len() - 1) as f64;
            let error = 4.0 * (variance / found.len() as f64).sqrt();
            let formula = two.expected_recall(n, k);
            assert!((formula - mean).abs() < error, "N {n} K {k} {two:?}: {formula} {mean} +- {error}");
        }
    }

    /// With K' = 1 and many more entries than buckets, the share of K balls in B urns that are not alone:
    /// `B (1 - (1 - 1/B)^K) / K`.
    #[test]
    fn a_million_entries_are_no_trouble() {
        let (n, buckets) = (1 << 20, 4096);
        for k in [1, 10, 1000, 20_000, 1 << 19, 1 << 20] {
            let recall = stages(buckets, 1).expected_recall(n, k);
            let urns = buckets as f64 * (1.0 - (1.0 - 1.0 / buckets as f64).powf(k as f64)) / k as f64;
            let spread = k as f64 / n as f64;
            assert!((recall - urns).abs() <= spread * urns + 1e-12, "K {k}: {recall} {urns}");
        }
        assert_eq!(stages(1024, 1024).expected_recall(n, n), 1.0, "all are kept");
        assert_eq!(stages(1, 1000).expected_recall(n, 1000), 1.0);
        assert!((stages(1, 1).expected_recall(n, 1000) - 1e-3).abs() < 1e-15);
    }

    #[test]
    fn recall_rises_with_buckets_and_with_what_they_keep() {
        let recall = |b, p| stages(b, p).expected_recall(262_144, 1024);
        assert!(recall(1024, 1) < recall(2048, 1) && recall(2048, 1) < recall(4096, 1));
        assert!(recall(1024, 1) < recall(1024, 2) && recall(1024, 2) < recall(1024, 3));
        // The generalization's point: the same recall from fewer survivors.
        assert!(recall(2048, 2) > recall(8192, 1));
    }

    #[test]
    fn the_cheapest_meets_the_target_and_nothing_cheaper_does() {
        for (n, k, target) in [(262_144, 512, 0.99), (16_384, 1024, 0.95), (6912, 346, 0.99), (864, 64, 0.9)] {
            let two = cheapest(n, k, target).unwrap();
            assert!(n % two.buckets == 0 && two.survivors() >= k, "{two:?}");
            assert!(two.expected_recall(n, k) >= target, "{two:?}");
            for buckets in (1..n).filter(|b| n % b == 0) {
                for per_bucket in 1..=MOST_PER_BUCKET.min(n / buckets) {
                    let other = stages(buckets, per_bucket);
                    let fits = other.survivors() >= k && other.expected_recall(n, k) >= target;
                    assert!(!fits || other.cost(n) >= two.cost(n), "{other:?} is cheaper than {two:?}");
                }
            }
        }
        assert_eq!(cheapest(1009, 10, 0.99), None, "a prime number of entries has no equal buckets that save");
        assert_eq!(cheapest(1024, 1024, 0.99), None);
    }
}
