//! How many entries each shard sends.

use crate::hire::recall::TwoStage;

/// What is promised of a distributed selection.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Guarantee {
    /// The result is that of a selection among all entries, ties included.
    Exact,
    /// This share of the true top-k is expected among what is selected, where they stand at random places.
    Recall(f64),
}

/// The smallest number of entries that each of `shards` equal shards of `n` entries must send so that a top-k of them
/// has at least the expected recall `target`; what that gives.
///
/// Shards are the buckets of a two-stage selection.
pub(super) fn per_shard(n: u64, k: u64, shards: u64, target: Option<f64>) -> (u64, Guarantee) {
    let all = k.min(n.div_ceil(shards));
    let Some(target) = target.filter(|&target| target < 1.0) else { return (all, Guarantee::Exact) };
    let recall = |kept: u64| TwoStage { buckets: shards, per_bucket: kept }.expected_recall(n, k);
    let fewest = k.div_ceil(shards).max(1);
    match (fewest..all).find(|&kept| recall(kept) >= target) {
        Some(kept) => (kept, Guarantee::Recall(recall(kept))),
        None => (all, Guarantee::Exact),
    }
}

/// What sending `kept` entries from each shard promises.
pub(super) fn guarantee(n: u64, k: u64, shards: u64, kept: u64) -> Guarantee {
    if kept >= k.min(n.div_ceil(shards)) {
        return Guarantee::Exact;
    }
    Guarantee::Recall(TwoStage { buckets: shards, per_bucket: kept }.expected_recall(n, k))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_target_every_shard_sends_k_or_all_it_has() {
        assert_eq!(per_shard(262_144, 64, 4, None), (64, Guarantee::Exact));
        assert_eq!(per_shard(10, 8, 4, None), (3, Guarantee::Exact), "the largest shard has 3");
        assert_eq!(per_shard(262_144, 64, 4, Some(1.0)), (64, Guarantee::Exact));
    }

    #[test]
    fn the_smallest_number_that_meets_the_target_is_sent() {
        let (kept, promised) = per_shard(262_144, 64, 4, Some(0.999));
        let Guarantee::Recall(recall) = promised else { panic!("{kept} would be exact") };
        assert!((16..64).contains(&kept) && recall >= 0.999);
        let less = guarantee(262_144, 64, 4, kept - 1);
        assert!(matches!(less, Guarantee::Recall(recall) if recall < 0.999), "{less:?}");
        assert_eq!(guarantee(262_144, 64, 4, 64), Guarantee::Exact);
    }
}
