//! What is found where shards send fewer entries than could be needed.

use super::harness::{Random, distribute, run};
use super::modules::{Case, Entries, Kind, Style};

/// Of the positions selected, those that are among the true ones.
fn found(case: &Case, recall: f64, random: &mut Random) -> (u64, f64) {
    let inputs = case.inputs(random);
    let (before, after, done) = distribute(&case.text(), |options| options.recall = Some(recall));
    let [distributed] = done.as_slice() else { panic!("{case:?}: {} selections", done.len()) };
    let promised = distributed.recall.expect("a smaller number meets the target");
    let positions = |bytes: &[u8]| -> Vec<u8> { bytes.to_vec() };
    let (want, got) = (run(&before, &inputs), run(&after, &inputs));
    let set = |bytes: Vec<u8>| bytes.chunks(4).map(|b| i32::from_le_bytes(b.try_into().unwrap())).collect::<Vec<_>>();
    let (want, got) = (set(positions(&want[1])), set(positions(&got[1])));
    let rows = case.rows as usize;
    let hits = want.chunks(want.len() / rows).zip(got.chunks(got.len() / rows));
    let hits = hits.map(|(w, g)| g.iter().filter(|p| w.contains(p)).count() as u64).sum();
    (hits, promised)
}

/// Random places: the mean over 40 runs of 50 rows, against the formula within four standard errors. A selection of
/// 8 of 64 over 4 shards of which each sends 3 loses an entry in a third of the rows, so the deviation of a row's recall
/// is below 0.1, that of the mean of 2,000 below 0.0023.
#[test]
fn the_expected_recall_is_what_random_places_give() {
    let case = Case {
        kind: Kind::TopK,
        style: Style::Automatic,
        devices: 4,
        entries: Entries::Random,
        rows: 50,
        shard: 16,
        k: 8,
        uneven: 0,
    };
    let mut random = Random(11);
    let (mut hits, mut promised) = (0, 0.0);
    for _ in 0..40 {
        let (run, recall) = found(&case, 0.9, &mut random);
        (hits, promised) = (hits + run, recall);
    }
    let measured = hits as f64 / (40 * 50 * 8) as f64;
    assert!((0.9..1.0).contains(&promised), "{promised}");
    assert!((measured - promised).abs() < 4.0 * 0.0023, "measured {measured}, the formula says {promised}");
}

/// The formula speaks of random places. Where all that counts stands on one shard, what is found is what a shard sends,
/// and what is sent by the others fills up.
#[test]
fn one_shard_that_has_all_gives_what_it_sends() {
    let case = Case {
        kind: Kind::TopK,
        style: Style::Gathered,
        devices: 4,
        entries: Entries::OneShard,
        rows: 1,
        shard: 16,
        k: 8,
        uneven: 0,
    };
    let (_, _, done) = distribute(&case.text(), |options| options.recall = Some(0.9));
    let (hits, _) = found(&case, 0.9, &mut Random(5));
    assert_eq!(hits, done[0].per_shard);
}
