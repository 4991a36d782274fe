//! Distributed selections against the same selection on one device, by the interpreter.
//!
//! Programs are written whole, with shardings; what they mean without the pass is the oracle. With it, their manual
//! computations run on 1, 2, 3, 4 or 8 virtual devices. Results must agree bit for bit, ties, NaN and infinities
//! included, wherever the pass says `exact`.

mod harness;
mod modules;
mod recall;
mod refused;

use harness::{Random, distribute, run};
use modules::{Case, Entries, Kind, Style};

const DEVICES: [u64; 5] = [1, 2, 3, 4, 8];

/// 200 programs: every kind, style and number of devices, other numbers drawn at random.
#[test]
fn random_programs_give_the_same_on_any_number_of_devices() {
    let mut random = Random(7);
    let mut rewritten = 0;
    for number in 0..200u64 {
        let case = Case::random(number, &mut random);
        let (text, inputs) = (case.text(), case.inputs(&mut random));
        let (before, after, done) = distribute(&text, |_| {});
        let (want, got) = (run(&before, &inputs), run(&after, &inputs));
        assert_eq!(want, got, "program {number}, {case:?}\n{text}");
        rewritten += usize::from(!done.is_empty());
        assert!(done.iter().all(|d| d.recall.is_none()), "without a target the result is exact");
    }
    // One device needs no exchange, and where all entries would be sent nothing is gained.
    assert!(rewritten > 110, "only {rewritten} programs were distributed");
}

/// The top entries all on one shard, all entries equal, sorted, NaN of both signs, infinities and zeros of both signs.
#[test]
fn placements_that_a_careless_merge_gets_wrong() {
    for entries in Entries::ADVERSARIAL {
        for kind in Kind::ALL {
            for style in [Style::Automatic, Style::Gathered] {
                for devices in [3, 8] {
                    let case = Case { kind, style, devices, entries, rows: 2, shard: 12, k: 5, uneven: 0 };
                    let inputs = case.inputs(&mut Random(devices));
                    let text = case.text();
                    let (before, after, done) = distribute(&text, |_| {});
                    assert_eq!(done.len(), 1, "{case:?}\n{text}");
                    assert_eq!(run(&before, &inputs), run(&after, &inputs), "{case:?}\n{text}");
                }
            }
        }
    }
}

/// A dimension that does not divide is padded, and the padding is never taken: not even where all entries are the last
/// of the order themselves.
#[test]
fn uneven_shards_take_no_padding() {
    for entries in Entries::ADVERSARIAL {
        for kind in [Kind::TopK, Kind::ArgMax] {
            for (devices, uneven) in [(2, 1), (3, 2), (4, 3), (8, 7)] {
                let k = 5;
                let case = Case { kind, style: Style::Automatic, devices, entries, rows: 1, shard: 16, k, uneven };
                let inputs = case.inputs(&mut Random(3));
                let (before, after, done) = distribute(&case.text(), |_| {});
                assert_eq!(done.len(), 1, "{case:?}");
                assert_eq!(run(&before, &inputs), run(&after, &inputs), "{case:?}");
            }
        }
    }
}
