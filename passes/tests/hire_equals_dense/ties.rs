//! Equal rows, NaN and rows that stand out.

use hire_compiler::ir::Opcode;

use super::harness::{Case, REWRITE, Random, VOCABULARY};
use super::modules::{ARGMAX, TOKEN, plain};

const D: u64 = 16;

/// Rows of W, each repeated `copies` times at places far from each other.
fn repeated_rows(copies: u64, seed: u64) -> Vec<f32> {
    let mut random = Random(seed);
    let distinct = VOCABULARY / copies;
    let rows: Vec<f32> = (0..distinct * D).map(|_| random.unit()).collect();
    (0..VOCABULARY).flat_map(|row| (0..D).map(move |i| (row % distinct) * D + i)).map(|at| rows[at as usize]).collect()
}

/// Of equal rows the first is taken, by the argmax and by every place of a top-k.
#[test]
fn of_equal_rows_the_first_is_taken() {
    let body =
        format!("{ARGMAX}\n%v, %i = chlo.top_k(%z, k = 6) : tensor<Bx1024xf32> -> (tensor<Bx6xf32>, tensor<Bx6xi32>)");
    let results = [TOKEN[0], ("%v", "tensor<Bx6xf32>"), ("%i", "tensor<Bx6xi32>")];
    for batch in [1, 4] {
        let case = |seed| Case::new(&plain(batch, D, &body, &results), seed).with("params['w']", &repeated_rows(4, 31));
        case(30).assert_equal_with_all_rows(&["q8", "q4", "lr:4"]);
        case(30).assert_equal_with_few_rows(&["q8", "q4", "lr:16", "q4>q8/8"], 96);
    }
}

/// All rows equal: the k' first are selected, and the first of all is taken.
#[test]
fn where_all_rows_are_equal_the_first_is_taken() {
    let case = Case::new(&plain(4, D, ARGMAX, TOKEN), 32).with("params['w']", &repeated_rows(VOCABULARY, 33));
    case.assert_equal_with_few_rows(&["q8", "q4", "lr:4", "q4>q8"], 8);
    let zeros = Case::new(&plain(4, D, ARGMAX, TOKEN), 32).with("h", &[0.0; 64]);
    zeros.assert_equal_with_few_rows(&["q8", "q4", "lr:4", "q4>q8"], 8);
}

/// Each bucket's largest is kept, so two stages keep the best score; of equal ones the first.
#[test]
fn two_stages_keep_the_best_and_the_first_of_equals() {
    for batch in [1, 4, 17] {
        let staged = ["q8~0.9", "q8/4~0.9", "q4>q8~0.95"];
        Case::new(&plain(batch, D, ARGMAX, TOKEN), 41).assert_equal_with_few_rows(&staged, 32);
        let repeated = Case::new(&plain(batch, D, ARGMAX, TOKEN), 42).with("params['w']", &repeated_rows(8, 43));
        repeated.assert_equal_with_few_rows(&staged, 32);
        Case::new(&plain(batch, D, ARGMAX, TOKEN), 44).assert_equal_with_all_rows(&staged);
    }
    let equal = Case::new(&plain(4, D, ARGMAX, TOKEN), 45).with("params['w']", &repeated_rows(VOCABULARY, 46));
    equal.assert_equal_with_few_rows(&["q8~0.9"], 8);
    let module = Case::new(&plain(1, D, ARGMAX, TOKEN), 41).rewritten(&REWRITE, "q8~0.9", 32, 1);
    let selects = module.funcs.iter().any(|(_, f)| f.ops.iter().any(|(_, op)| op.opcode == Opcode::BitcastConvert));
    assert!(selects, "the selection is in two stages");
}

/// NaN in a hidden vector makes all its logits NaN; the other vectors are not touched.
#[test]
fn nan_in_a_hidden_vector() {
    let mut hidden: Vec<f32> = (0..4 * D).map(|i| (i as f32 * 0.37).sin()).collect();
    hidden[D as usize + 3] = f32::NAN;
    hidden[3 * D as usize] = f32::INFINITY;
    let case = Case::new(&plain(4, D, ARGMAX, TOKEN), 34).with("h", &hidden);
    case.assert_equal_with_all_rows(&["q8", "lr:16"]);
    let rows = Case::new(&plain(4, D, ARGMAX, TOKEN), 34).with("h", &hidden[..]);
    rows.assert_equal_with_few_rows(&["q8"], 64);
}

/// One row for each hidden vector has a logit far above all others: even one selected row is enough.
#[test]
fn a_row_that_stands_out_is_found_among_few() {
    let mut random = Random(35);
    let mut weights: Vec<f32> = (0..VOCABULARY * D).map(|_| 0.1 * random.unit()).collect();
    let hidden: Vec<f32> = (0..4 * D).map(|_| random.unit()).collect();
    let places = [1023usize, 0, 511, 77];
    for (vector, row) in places.into_iter().enumerate() {
        let d = D as usize;
        weights[row * d..][..d].copy_from_slice(&hidden[vector * d..][..d]);
    }
    let case = Case::new(&plain(4, D, ARGMAX, TOKEN), 36).with("params['w']", &weights).with("h", &hidden);
    case.assert_equal_with_few_rows(&["q8", "q4", "lr:16", "lr:16:q8", "lr:16>q8", "q8/4"], 4);
    let tokens = case.hire(&REWRITE, "q8", 4);
    assert_eq!(tokens[0].bytes(), places.map(|p| (p as i32).to_le_bytes()).concat());
}
