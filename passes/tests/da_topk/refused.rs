//! What cannot be done is said, before anything is compiled.

use hire_compiler::front::text;

use super::harness::{distribute, try_distribute};
use super::modules::{Case, Entries, Kind, Style};

const CASE: Case = Case {
    kind: Kind::TopK,
    style: Style::Automatic,
    devices: 4,
    entries: Entries::Random,
    rows: 1,
    shard: 16,
    k: 8,
    uneven: 0,
};

fn refusal(per_shard: u64) -> String {
    let module = text::parse(&CASE.text()).unwrap();
    try_distribute(&module, |options| options.per_shard = Some(per_shard)).expect_err("refused").to_string()
}

#[test]
fn a_shard_cannot_send_more_than_it_has() {
    let error = refusal(17);
    assert!(error.contains("each shard is to send 17 entries, but has 16: 64 over 4 devices"), "{error}");
}

#[test]
fn shards_must_send_what_is_selected() {
    let error = refusal(1);
    assert!(error.contains("4 shards that send 1 entries each cannot give the 8 that are selected"), "{error}");
}

/// More entries than a shard has may be selected: then each sends all of them.
#[test]
fn a_selection_of_more_than_a_shard_is_exact() {
    let case = Case { k: 12, shard: 8, ..CASE };
    let (_, _, done) = distribute(&case.text(), |options| options.per_shard = None);
    // All entries with their positions are more bytes than the entries: nothing is gained.
    assert!(done.is_empty());
    let case = Case { k: 20, shard: 16, ..CASE };
    assert!(distribute(&case.text(), |_| {}).2.is_empty());
}

#[test]
fn shards_that_do_not_divide_are_refused_in_manual_computations() {
    let wrong = Case { style: Style::Gathered, ..CASE }.text().replace("\"x\"=4", "\"x\"=3");
    let module = text::parse(&wrong).unwrap();
    let error = hire_compiler::valid::verify(&module).expect_err("64 entries over 3 devices").to_string();
    assert!(error.contains("dimension 1 with size 64 is not divisible by its manual parts, 3"), "{error}");
}
