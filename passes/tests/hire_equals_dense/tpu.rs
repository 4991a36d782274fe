//! The forms for TPUs: other tensors and another order of work, the same tokens.

use hire_passes::hire::{Forms, SiteDefault};
use hire_passes::{PassContext, pipeline};

use super::harness::{Case, LEGALIZE, VOCABULARY, assert_same, run_rewritten};
use super::modules::{ARGMAX, TOKEN, plain};

/// With every row selected the token is the dense one whatever the predictor; int8 scores in bf16 find it among the 256
/// best of 1,024, too.
#[test]
fn tokens_are_the_dense_ones() {
    let passes: Vec<&str> = LEGALIZE.iter().copied().chain(["tpu-forms"]).collect();
    for (batch, seed) in [(1, 40), (1, 41), (3, 42)] {
        let case = Case::new(&plain(batch, 64, ARGMAX, TOKEN), seed);
        for (predictor, group, k_prime) in [
            ("q8", 8, VOCABULARY),
            ("lr:8", 8, VOCABULARY),
            ("lr:8:q8", 1, VOCABULARY),
            ("prefix:16", 4, VOCABULARY),
            ("lr:8>q4", 8, VOCABULARY),
            ("lr:8:q8>q8", 8, VOCABULARY),
            ("q8", 8, 256),
            ("q8", 1, 256),
        ] {
            let mut module = case.module.clone();
            let mut context = PassContext::new().with_weights(&case.values);
            context.hire.forms = Forms::Tpu;
            context.hire.default = SiteDefault {
                predictor: predictor.parse().unwrap(),
                k_prime: Some(k_prime),
                group,
                ..SiteDefault::default()
            };
            let rows = pipeline::by_name(passes.iter().copied()).unwrap();
            pipeline::run(&mut module, &rows, &mut context, |_, _| {}).unwrap_or_else(|e| panic!("{predictor}: {e}"));
            assert_eq!(context.rewritten.len(), 1);
            assert_same(&case.dense(), &run_rewritten(&module, &case.values), predictor);
        }
    }
}

#[test]
fn int4_scores_of_all_rows_are_refused() {
    let case = Case::new(&plain(1, 64, ARGMAX, TOKEN), 40);
    let mut context = PassContext::new().with_weights(&case.values);
    context.hire.forms = Forms::Tpu;
    context.hire.default.predictor = "q4".parse().unwrap();
    let rows = pipeline::by_name(LEGALIZE.iter().copied()).unwrap();
    let error = pipeline::run(&mut case.module.clone(), &rows, &mut context, |_, _| {}).unwrap_err();
    assert!(error.to_string().contains("q4 has no form for TPUs"), "{error}");
}
