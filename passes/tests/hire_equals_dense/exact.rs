//! The guarantee exact: equal to the dense program whatever k' is, because the step proves it or falls back.

use hire_passes::hire::prepare::{NAME_ATTR, PREPARE};

use super::harness::{Case, REWRITE, Random, VOCABULARY, run_rewritten, run_rewritten_with};
use super::modules::{ARGMAX, TOKEN, plain};

const D: u64 = 16;
const TOP: &str = "%v, %i = chlo.top_k(%z, k = 6) : tensor<Bx1024xf32> -> (tensor<Bx6xf32>, tensor<Bx6xi32>)";
const TOP_RESULTS: [(&str, &str); 2] = [("%v", "tensor<Bx6xf32>"), ("%i", "tensor<Bx6xi32>")];

#[test]
fn equal_to_dense_with_any_number_of_rows() {
    for (batch, k_prime) in [(1, 8), (1, 512), (4, 8), (4, 1024), (17, 64)] {
        for predictor in ["q8!", "q8/4!"] {
            let token = Case::new(&plain(batch, D, ARGMAX, TOKEN), 60);
            token.assert_equal_with_few_rows(&[predictor], k_prime);
            let top = Case::new(&plain(batch, D, TOP, &TOP_RESULTS), 61);
            top.assert_equal_with_few_rows(&[predictor], k_prime);
        }
    }
}

/// A cap maps different logits to equal ones: the lowest of them must still be found.
#[test]
fn equal_to_dense_where_a_cap_makes_ties() {
    let capped = format!(
        "%c = stablehlo.constant dense<40.0> : tensor<Bx1024xf32>
         %m = stablehlo.multiply %z, %c : tensor<Bx1024xf32>
         %e = stablehlo.tanh %m : tensor<Bx1024xf32>
         {}",
        ARGMAX.replace("%z", "%e")
    );
    for seed in 62..66 {
        Case::new(&plain(4, D, &capped, TOKEN), seed).assert_equal_with_few_rows(&["q8!"], 16);
    }
}

#[test]
fn equal_to_dense_where_rows_repeat_and_where_logits_are_nan() {
    let mut random = Random(67);
    let row: Vec<f32> = (0..D).map(|_| random.unit()).collect();
    let rows: Vec<f32> = (0..VOCABULARY).flat_map(|_| row.clone()).collect();
    let case = Case::new(&plain(4, D, ARGMAX, TOKEN), 68);
    case.with("params['w']", &rows).assert_equal_with_few_rows(&["q8!"], 16);
    let mut hidden: Vec<f32> = (0..4 * D).map(|i| (i as f32 * 0.37).sin()).collect();
    hidden[D as usize] = f32::NAN;
    hidden[3 * D as usize] = f32::INFINITY;
    let case = Case::new(&plain(4, D, ARGMAX, TOKEN), 69).with("h", &hidden);
    case.assert_equal_with_few_rows(&["q8!"], 16);
}

/// Rows that are far from all others certify; wider error bounds do not. A matrix that is exchanged after `@prepare`
/// shows which of the two programs ran: only the dense one sees rows that were not selected.
#[test]
fn the_certificate_decides_which_program_runs() {
    let mut random = Random(70);
    let hidden: Vec<f32> = (0..D).map(|_| random.unit()).collect();
    let mut weights: Vec<f32> = (0..VOCABULARY * D).map(|_| 0.01 * random.unit()).collect();
    weights[77 * D as usize..][..D as usize].copy_from_slice(&hidden);
    let case = Case::new(&plain(1, D, ARGMAX, TOKEN), 71).with("params['w']", &weights).with("h", &hidden);
    let module = case.rewritten(&REWRITE, "q8!", 8, 1);
    assert_eq!(run_rewritten(&module, &case.values)[0].bytes(), 77i32.to_le_bytes());

    let prepare = &module.funcs[module.func_by_name(PREPARE).unwrap()];
    let names = prepare.result_attrs.iter().filter_map(|a| a.get(NAME_ATTR)?.as_str());
    let errors = names.filter(|name| name.ends_with("errors")).collect::<Vec<_>>();
    assert_eq!(errors, ["hire.logits.q8.errors"]);
    // Row 900 was not selected, and is now the best.
    weights[900 * D as usize..][..D as usize].copy_from_slice(&hidden.iter().map(|x| 2.0 * x).collect::<Vec<_>>());
    let exchanged = [("params['w']", weights.as_slice())];
    let token = |further: &[(&str, &[f32])]| {
        let exchanged: Vec<_> = exchanged.iter().chain(further).copied().collect();
        i32::from_le_bytes(run_rewritten_with(&module, &case.values, &exchanged)[0].bytes().try_into().unwrap())
    };
    assert_eq!(token(&[]), 77, "the certificate holds");
    assert_eq!(token(&[(errors[0], &[10.0; VOCABULARY as usize])]), 900, "the certificate fails");
}
