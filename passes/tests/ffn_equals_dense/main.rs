//! The HiRE rewrite of feed-forward layers is proved by running it.
//!
//! The inputs are the layers of `testdata/passes/hire-ffn-*.mlir`, as JAX lowers them. With every neuron selected the
//! rewritten program gives the results of the dense one bit for bit: the interpreter sums both in the same order. With
//! few neurons selected it does so too, where the model keeps few and the predictor can tell them apart.

#[path = "../hire_equals_dense/harness.rs"]
#[allow(dead_code, reason = "shared with the tests of softmax layers")]
mod harness;

use std::fs;
use std::path::Path;

use harness::{Case, assert_same, run_rewritten};
use hire_compiler::eval::Tensor;
use hire_compiler::ir::Module;
use hire_passes::context::{Calibration, SecondMoment};
use hire_passes::hire::plan::{PLAN_VERSION, Plan, Selection, SitePlan};
use hire_passes::hire::{FfnDefault, Forms};
use hire_passes::{PassContext, pipeline};

/// Neurons of all layers.
const NEURONS: u64 = 128;

/// Up to the rewrite, the composites kept.
const REWRITE: [&str; 6] = ["inline", "fold", "simplify", "cse", "dce", "hire-ffn"];

/// The whole pipeline.
const LEGALIZE: [&str; 8] = ["inline", "fold", "simplify", "cse", "dce", "hire-ffn", "legalize-stablehlo", "tidy"];

/// Every layer that is rewritten, by name.
fn layers() -> Vec<(String, String)> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/passes");
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap();
        if let Some(name) = stem.strip_prefix("hire-ffn-") {
            found.push((name.to_owned(), fs::read_to_string(&path).unwrap()));
        }
    }
    found.sort();
    assert!(found.len() > 20, "the layers are missing: {found:?}");
    found
}

fn layer(name: &str) -> String {
    layers().into_iter().find(|(found, _)| found == name).unwrap_or_else(|| panic!("no layer {name}")).1
}

/// The module after `passes`, at least one layer rewritten.
fn rewritten(case: &Case, passes: &[&str], ffn: FfnDefault, forms: Forms) -> Module {
    let mut module = case.module.clone();
    let mut context = PassContext::new().with_weights(&case.values);
    context.hire.ffn = ffn;
    context.hire.forms = forms;
    context.hire.sparsify_gates = true;
    let passes = pipeline::by_name(passes.iter().copied()).unwrap();
    pipeline::run(&mut module, &passes, &mut context, |_, _| {}).unwrap_or_else(|e| panic!("{e}"));
    assert!(!context.rewritten.is_empty(), "rejected: {:?}", context.rejected);
    module
}

#[track_caller]
fn check(name: &str, case: &Case, predictor: &str, k_prime: Option<u64>, group: u64, selection: Selection) {
    let (predictor, select_recall) = match predictor.split_once('~') {
        Some((predictor, recall)) => (predictor, Some(recall.parse().unwrap())),
        None => (predictor, None),
    };
    let predictor = predictor.parse().unwrap();
    let ffn = FfnDefault { predictor, k_prime, group: Some(group), selection, select_recall };
    let what = format!("{name}: {}, k' {k_prime:?}, groups of {group}, {selection:?}", ffn.predictor);
    eprintln!("{what}");
    let dense = case.dense();
    for (passes, forms) in [(&REWRITE[..], Forms::Plain), (&LEGALIZE, Forms::Plain), (&LEGALIZE, Forms::Xla)] {
        let module = rewritten(case, passes, ffn.clone(), forms);
        assert_same(&dense, &run_rewritten(&module, &case.values), &format!("{what}, {forms:?}"));
    }
}

#[test]
fn all_neurons_give_the_dense_results() {
    for (name, text) in layers() {
        let case = Case::new(&text, 7);
        let group = if name.starts_with("group") { 4 } else { 1 };
        check(&name, &case, "q8", Some(NEURONS), group, Selection::PerRow);
        check(&name, &case, "lr:4", Some(NEURONS), 8, Selection::PerRow);
        check(&name, &case, "prefix:4>q8", Some(NEURONS), 8, Selection::PerRow);
        check(&name, &case, "q8", Some(NEURONS), 8, Selection::Shared);
        check(&name, &case, "q8", Some(NEURONS), 8, Selection::Union);
    }
}

/// Says of every layer how often its neurons are active.
struct Activity(Vec<f32>);

impl Calibration for Activity {
    fn second_moment(&self, _: &str) -> Option<SecondMoment<'_>> {
        None
    }

    fn activity(&self, _: &str) -> Option<&[f32]> {
        Some(&self.0)
    }
}

/// The module with every layer rewritten by `plan`, or why it is not.
fn planned(case: &Case, passes: &[&str], plan: &SitePlan, activity: &Activity) -> Result<Module, String> {
    let names = {
        let mut context = PassContext::new().with_weights(&case.values);
        let passes = pipeline::by_name(REWRITE.iter().copied()).unwrap();
        pipeline::run(&mut case.module.clone(), &passes, &mut context, |_, _| {}).unwrap();
        context.ffn_sites
    };
    let sites = names.into_iter().map(|name| (name, plan.clone())).collect();
    let mut module = case.module.clone();
    let mut context = PassContext::new().with_weights(&case.values);
    context.calibration = Some(activity);
    context.hire.plan = Some(Plan { version: PLAN_VERSION, calibration: None, measured: Default::default(), sites });
    let passes = pipeline::by_name(passes.iter().copied()).unwrap();
    pipeline::run(&mut module, &passes, &mut context, |_, _| {}).map_err(|e| e.to_string())?;
    assert!(!context.rewritten.is_empty(), "rejected: {:?}", context.rejected);
    Ok(module)
}

/// Common neurons are summed before the others, so results differ by rounding.
#[track_caller]
fn assert_nearly_dense(case: &Case, module: &Module, what: &str) {
    let (dense, ours) = (case.dense(), run_rewritten(module, &case.values));
    for (dense, ours) in dense.iter().zip(&ours) {
        let (dense, ours) = (dense.to_f32s().unwrap(), ours.to_f32s().unwrap());
        let largest = dense.iter().fold(0.0f32, |m, x| m.max(x.abs()));
        for (at, (a, b)) in dense.iter().zip(&ours).enumerate() {
            assert!((a - b).abs() <= 1e-5 * largest, "{what}: at {at} {a} became {b}, the largest is {largest}");
        }
    }
}

/// Which neurons are common does not matter when the others are all selected, or those that the model keeps are.
#[test]
fn common_neurons_and_all_others_give_the_dense_results() {
    let activity = Activity((0..NEURONS).map(|n| (n * 37 % 101) as f32 / 101.0).collect());
    let mut checked = 0;
    for (name, text) in layers() {
        let case = Case::new(&text, 7);
        if ["statistical-top-k", "spark", "group-top-k"].contains(&name.as_str()) || name.contains("glu-") {
            continue;
        }
        // Rounding to bf16 is coarser than the tolerance.
        if ["fat-relu", "reglu", "swiglu"].contains(&name.as_str()) {
            continue;
        }
        checked += 1;
        for (common, k_prime, group) in [(40, NEURONS, 1), (40, NEURONS, 8), (8, NEURONS, 4)] {
            let plan = SitePlan { group, common, ..SitePlan::new("q8".parse().unwrap(), k_prime) };
            for passes in [&REWRITE[..], &LEGALIZE[..]] {
                let module = planned(&case, passes, &plan, &activity).unwrap_or_else(|e| panic!("{name}: {e}"));
                assert_nearly_dense(&case, &module, &format!("{name}: {common} common, groups of {group}"));
            }
        }
    }
    assert!(checked > 10, "{checked} layers");
    for name in ["top-k-mask", "top-k-magnitude", "top-k-scatter", "top-k-gated", "soft-top-k"] {
        let case = Case::new(&layer(name), 11);
        let plan = SitePlan { common: 16, ..SitePlan::new("q8".parse().unwrap(), 48) };
        let module = planned(&case, &LEGALIZE, &plan, &activity).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_nearly_dense(&case, &module, name);
    }
}

#[test]
fn common_neurons_that_do_not_fit_are_refused() {
    let plan = |common| SitePlan { group: 8, common, ..SitePlan::new("q8".parse().unwrap(), 64) };
    let refused = |name: &str, plan: &SitePlan, neurons: u64| {
        planned(&Case::new(&layer(name), 7), &REWRITE, plan, &Activity(vec![0.5; neurons as usize])).unwrap_err()
    };
    for (common, name, neurons, reason) in [
        (4, "relu", NEURONS, "4 common neurons do not fit"),
        (64, "relu", NEURONS, "64 common neurons do not fit"),
        (8, "relu", NEURONS - 1, "no calibration says how often"),
        (8, "statistical-top-k", NEURONS, "computed from all neurons"),
        (8, "spark", NEURONS, "the model predicts by itself"),
        (8, "group-top-k", NEURONS, "keeps whole groups"),
    ] {
        let message = refused(name, &plan(common), neurons);
        assert!(message.contains(reason), "{name}: {message}");
    }
}

/// A model that keeps k neurons loses nothing when those are among the k' selected; int8 finds them.
#[test]
fn few_neurons_give_the_dense_results_where_the_model_keeps_few() {
    for name in
        ["top-k-mask", "top-k-magnitude", "top-k-scatter", "top-k-gated", "soft-top-k", "vector", "shared", "scan"]
    {
        check(name, &Case::new(&layer(name), 11), "q8", Some(32), 1, Selection::PerRow);
    }
    for name in ["top-k-mask", "vector"] {
        check(name, &Case::new(&layer(name), 12), "q8", Some(96), 8, Selection::PerRow);
    }
    check("top-k-mask", &Case::new(&layer("top-k-mask"), 11), "q8", Some(45), 1, Selection::PerRow);
    check("top-k-union", &Case::new(&layer("top-k-union"), 13), "q8", Some(72), 1, Selection::Union);
    check("group-top-k", &Case::new(&layer("group-top-k"), 14), "q8", Some(32), 4, Selection::PerRow);
    // The seeds are such that two stages lose none of the few that are active.
    check("top-k-mask", &Case::new(&layer("top-k-mask"), 16), "q8~0.95", Some(48), 1, Selection::PerRow);
    check("top-k-union", &Case::new(&layer("top-k-union"), 13), "q8~0.99", Some(72), 1, Selection::Union);
    check("group-top-k", &Case::new(&layer("group-top-k"), 14), "q8~0.9", Some(48), 4, Selection::PerRow);
    check("spark", &Case::new(&layer("spark"), 15), "q8", Some(32), 1, Selection::PerRow);
}

/// The forms for TPUs compute the same, in another order: scores in bf16 select, and the selected are summed as they
/// come. With every neuron selected, or those that a model keeps, the results are the dense ones to rounding.
#[test]
fn forms_for_tpus_give_the_dense_results_to_rounding() {
    let passes: Vec<&str> = LEGALIZE.iter().copied().chain(["tpu-forms"]).collect();
    for (name, k_prime, group) in [
        ("relu", NEURONS, 8),
        ("reglu", NEURONS, 8),
        ("top-k-mask", 96, 8),
        ("top-k-gated", NEURONS, 8),
        ("top-k-magnitude", NEURONS, 1),
        ("vector", 96, 8),
        ("scan", NEURONS, 8),
    ] {
        for predictor in ["q8", "lr:8", "lr:8:q8", "prefix:8"] {
            let case = Case::new(&layer(name), 7);
            // Only int8 tells apart which neurons a model keeps.
            let k_prime = if predictor == "q8" { k_prime } else { NEURONS };
            let ffn = FfnDefault {
                predictor: predictor.parse().unwrap(),
                k_prime: Some(k_prime),
                group: Some(group),
                ..FfnDefault::default()
            };
            let mut module = case.module.clone();
            let mut context = PassContext::new().with_weights(&case.values);
            context.hire.ffn = ffn;
            context.hire.forms = Forms::Tpu;
            let rows = pipeline::by_name(passes.iter().copied()).unwrap();
            pipeline::run(&mut module, &rows, &mut context, |_, _| {}).unwrap_or_else(|e| panic!("{name}: {e}"));
            assert!(!context.rewritten.is_empty(), "{name}: {:?}", context.rejected);
            let (dense, got) = (case.dense(), run_rewritten(&module, &case.values));
            assert_eq!(dense.len(), got.len());
            for (dense, got) in dense.iter().zip(&got) {
                assert_close(dense, got, &format!("{name}, {predictor}"));
            }
        }
    }
}

/// Equal to 1% of the largest value in bf16, to a millionth of it in f32.
#[track_caller]
fn assert_close(expected: &Tensor, found: &Tensor, what: &str) {
    assert_eq!(expected.ty(), found.ty(), "{what}");
    let (expected, found) = (numbers(expected), numbers(found));
    let largest = expected.iter().fold(0.0f64, |a, b| a.max(b.abs()));
    let tolerance = if what.starts_with("reglu") { 1e-2 } else { 1e-5 } * largest;
    for (at, (e, f)) in expected.iter().zip(&found).enumerate() {
        assert!((e - f).abs() <= tolerance, "{what}: element {at} is {f}, dense {e}");
    }
}

/// The elements of a tensor of f32 or bf16.
fn numbers(tensor: &Tensor) -> Vec<f64> {
    match tensor.ty().element.byte_size() {
        4 => tensor.bytes().chunks_exact(4).map(|b| f64::from(f32::from_le_bytes(b.try_into().unwrap()))).collect(),
        _ => {
            let wide = |b: &[u8]| f32::from_bits(u32::from(u16::from_le_bytes(b.try_into().unwrap())) << 16);
            tensor.bytes().chunks_exact(2).map(|b| f64::from(wide(b))).collect()
        }
    }
}
