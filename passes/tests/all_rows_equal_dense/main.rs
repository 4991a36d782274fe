//! With every entry selected a rewrite gives the results of the dense program, bit for bit: every predictor with every
//! selection, guarantee and kind of site that may be combined. Combinations that are refused must be refused.
//!
//! The interpreter sums the products of gathered rows in the order of the whole matrix, so that no difference in the last
//! place is allowed (0 ulp). Devices may sum in another order; docs/quality.md says how far their results may differ.

#[path = "../hire_equals_dense/harness.rs"]
#[allow(dead_code, reason = "shared with other tests of rewrites")]
mod harness;
#[path = "../hire_equals_dense/modules.rs"]
#[allow(dead_code, reason = "shared with other tests of rewrites")]
mod modules;

use std::path::Path;

use harness::{Case, VOCABULARY, assert_same, run_rewritten};
use hire_compiler::ir::Module;
use hire_passes::hire::plan::{Guarantee, PLAN_VERSION, Plan, Selection, SitePlan};
use hire_passes::hire::predictor::Predictor;
use hire_passes::hire::recall::TwoStage;
use hire_passes::{PassContext, pipeline};
use modules::{ARGMAX, TOKEN, plain};

/// Every scorer alone and at either end of a cascade.
const PREDICTORS: [&str; 12] = [
    "q8",
    "q4",
    "lr:3",
    "lr:3:q8",
    "prefix:4",
    "lr:3:q8>q8",
    "lr:2>lr:3",
    "q4>q8",
    "q8>q4",
    "prefix:4>q8",
    "q4>prefix:8",
    "prefix:4>lr:3:q8>q8",
];

/// Groups of entries, and stages that keep all of them: (g, buckets), where the rest follows.
const SELECTIONS: [(u64, Option<u64>); 4] = [(1, None), (4, None), (1, Some(8)), (4, Some(8))];

const D: u64 = 8;

/// The ends of a softmax layer: argmax, top-k, all logits, all of them at once.
fn heads() -> [(&'static str, String); 4] {
    let top = "%v, %i = chlo.top_k(%z, k = 5) : tensor<Bx1024xf32> -> (tensor<Bx5xf32>, tensor<Bx5xi32>)";
    let top_results = [("%v", "tensor<Bx5xf32>"), ("%i", "tensor<Bx5xi32>")];
    let whole = [("%z", "tensor<Bx1024xf32>")];
    [
        ("argmax", plain(2, D, ARGMAX, TOKEN)),
        ("top-k", plain(1, D, top, &top_results)),
        ("logits", plain(2, D, "", &whole)),
        ("all", plain(1, D, &format!("{ARGMAX}\n{top}"), &[TOKEN, &top_results, &whole].concat())),
    ]
}

/// The plan that selects all of `entries`.
fn all(predictor: &Predictor, (group, buckets): (u64, Option<u64>), entries: u64) -> SitePlan {
    let stages = |buckets| TwoStage { buckets, per_bucket: entries / group / buckets };
    let two_stage = buckets.map(stages);
    SitePlan { group, two_stage, ..SitePlan::new(predictor.clone(), entries) }
}

/// The module rewritten by a plan of the site `name`; `None` when the plan is refused.
fn rewritten(case: &Case, pass: &str, name: &str, plan: &SitePlan) -> Option<Module> {
    let mut context = PassContext::new().with_weights(&case.values);
    let sites = [(name.to_owned(), plan.clone())].into_iter().collect();
    let (calibration, measured) = Default::default();
    context.hire.plan = Some(Plan { version: PLAN_VERSION, calibration, measured, sites });
    let mut module = case.module.clone();
    let passes = pipeline::by_name(["inline", "fold", "simplify", "cse", "dce", pass]).unwrap();
    let run = pipeline::run(&mut module, &passes, &mut context, |_, _| {});
    run.is_ok().then(|| {
        assert_eq!(context.rewritten.len(), 1, "{:?}", context.rejected);
        module
    })
}

#[test]
fn softmax_layers() {
    for (head, text) in heads() {
        let case = Case::new(&text, 5);
        let dense = case.dense();
        for predictor in PREDICTORS.map(|text| text.parse::<Predictor>().unwrap()) {
            for selection in SELECTIONS {
                for guarantee in [Guarantee::Recall, Guarantee::Exact] {
                    let plan = SitePlan { guarantee, ..all(&predictor, selection, VOCABULARY) };
                    let what = format!("{head}: {predictor}, {selection:?}, {guarantee}");
                    let is_whole = matches!(head, "logits" | "all");
                    let may_be_exact = predictor.to_string() == "q8" && selection.1.is_none() && !is_whole;
                    let module = rewritten(&case, "hire-logits", "logits", &plan);
                    assert_eq!(module.is_some(), guarantee == Guarantee::Recall || may_be_exact, "{what}");
                    if let Some(module) = module {
                        assert_same(&dense, &run_rewritten(&module, &case.values), &what);
                    }
                }
            }
        }
    }
}

/// Only feed-forward layers select for several hidden vectors together.
#[test]
fn softmax_layers_select_for_each_hidden_vector() {
    let case = Case::new(&heads()[0].1, 5);
    let plan = all(&"q8".parse().unwrap(), (1, None), VOCABULARY);
    for selection in [Selection::Shared, Selection::Union] {
        assert!(rewritten(&case, "hire-logits", "logits", &SitePlan { selection, ..plan.clone() }).is_none());
    }
}

/// Every form of a layer with the predictors in turn, so that each meets each selection of each batch.
#[test]
fn feed_forward_layers() {
    const NEURONS: u64 = 128;
    let forms =
        ["relu", "squared-relu", "fat-relu", "reglu", "top-k-mask", "top-k-scatter", "top-k-gated", "top-k-magnitude"];
    for (index, form) in forms.into_iter().chain(["statistical-top-k", "group-top-k", "top-k-shared"]).enumerate() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../testdata/passes/hire-ffn-{form}.mlir"));
        let case = Case::new(&std::fs::read_to_string(path).unwrap(), 6);
        let dense = case.dense();
        let mut next = index;
        let name = site_name(&case);
        for selection in SELECTIONS {
            for batch in [Selection::PerRow, Selection::Shared, Selection::Union] {
                let predictor: Predictor = PREDICTORS[next % PREDICTORS.len()].parse().unwrap();
                next += 1;
                let plan = SitePlan { selection: batch, ..all(&predictor, selection, NEURONS) };
                let what = format!("{form}: {predictor}, {selection:?}, {batch:?}");
                let own_groups = form == "group-top-k" && selection.0 == 1;
                let Some(module) = rewritten(&case, "hire-ffn", &name, &plan) else {
                    assert!(own_groups, "{what} is refused");
                    continue;
                };
                assert!(!own_groups, "{what}");
                assert_same(&dense, &run_rewritten(&module, &case.values), &what);
                let exact = SitePlan { guarantee: Guarantee::Exact, ..plan };
                assert!(rewritten(&case, "hire-ffn", &name, &exact).is_none(), "{what}, exact");
            }
        }
    }
}

/// The name of the only layer of a module.
fn site_name(case: &Case) -> String {
    let mut module = case.module.clone();
    let mut context = PassContext::new().with_weights(&case.values);
    let passes = pipeline::by_name(["inline", "fold", "simplify", "cse", "dce", "hire-ffn"]).unwrap();
    pipeline::run(&mut module, &passes, &mut context, |_, _| {}).unwrap_or_else(|e| panic!("{e}"));
    let [site] = context.rewritten.as_slice() else { panic!("{:?}", context.rejected) };
    site.name.clone()
}
