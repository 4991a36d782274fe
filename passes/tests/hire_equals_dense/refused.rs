//! What must be left alone, and names.

use std::collections::HashSet;

use hire_compiler::ir::{Attr, Module, Opcode, Visibility};
use hire_compiler::print::{Options, print_module};
use hire_compiler::rewrite::unreachable_functions;
use hire_passes::{PassContext, pipeline};

use super::harness::{Case, LEGALIZE, REWRITE};
use super::modules::{ARGMAX, TOKEN, dot, module, plain};

fn two_sites() -> String {
    let args = r#"%h: tensor<Bx16xf32> loc("h"), %w: tensor<1024x16xf32> loc("params['w']"), %u: tensor<1024x16xf32> loc("params['u']")"#;
    let second = dot(16).replace("%z", "%y").replace("%w", "%u");
    let body = format!("{}\n{second}\n{ARGMAX}\n{}", dot(16), ARGMAX.replace("%z", "%y").replace("%t", "%s"));
    module(4, args, &body, &[TOKEN[0], ("%s", "tensor<Bxi32>"), ("%y", "tensor<Bx1024xf32>")])
}

/// Every composite has a decomposition of its own: a private function with a symbol that no other has.
#[test]
fn decompositions_are_private_functions_with_symbols_of_their_own() {
    let case = Case::new(&two_sites(), 50);
    let module = case.rewritten(&REWRITE, "q8", 64, 2);
    let names: Vec<_> = module.func_ids().map(|id| module.funcs[id].name.clone()).collect();
    assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len(), "{names:?}");
    let mut composites = 0;
    for id in module.func_ids() {
        let func = &module.funcs[id];
        func.walk(|_, op| {
            if func.ops[op].opcode == Opcode::Composite {
                composites += 1;
                let symbol = func.ops[op].symbol_attr("decomposition").unwrap();
                let callee = &module.funcs[module.func_by_name(symbol).unwrap_or_else(|| panic!("no @{symbol}"))];
                assert_eq!(callee.visibility, Visibility::Private, "{symbol}");
            }
        });
    }
    // Predict, select and gather_dot of each, and the fill of the one whose logits are returned.
    assert_eq!(composites, 7);
    assert!(unreachable_functions(&module).is_empty());
    let dense = case.dense();
    let all = case.rewritten(&REWRITE, "q8", 1024, 2);
    let hire = super::harness::run_rewritten(&all, &case.values);
    assert_eq!(dense.iter().map(|t| t.bytes()).collect::<Vec<_>>(), hire.iter().map(|t| t.bytes()).collect::<Vec<_>>());
}

fn again(module: &Module) -> (String, Vec<String>) {
    let mut module = module.clone();
    let mut context = PassContext::new();
    let passes = pipeline::by_name(["hire-logits"]).unwrap();
    pipeline::run(&mut module, &passes, &mut context, |_, _| {}).unwrap();
    assert!(context.rewritten.is_empty());
    let told = context.remarks.iter().map(|r| r.diagnostic.message.to_string()).collect();
    (print_module(&module, &Options { locations: true, ..Options::default() }), told)
}

/// Rewritten, legalized, and without `@prepare`, as an artifact holds it.
#[test]
fn a_second_run_leaves_a_rewritten_module_alone() {
    for passes in [&REWRITE[..], &LEGALIZE[..]] {
        let module = Case::new(&two_sites(), 51).rewritten(passes, "q8", 64, 2);
        let before = print_module(&module, &Options { locations: true, ..Options::default() });
        let (after, told) = again(&module);
        assert_eq!(before, after);
        assert!(told.iter().any(|m| m.contains("@prepare")), "{told:?}");
        let mut main = module.clone();
        main.retain_funcs(|func| func.name != "prepare");
        let before = print_module(&main, &Options { locations: true, ..Options::default() });
        let (after, told) = again(&main);
        assert_eq!(before, after);
        assert!(!told.is_empty());
    }
}

/// A bias after rows were permuted would meet the wrong rows of scores, whatever permutes them.
#[test]
fn permuted_rows_with_a_bias_are_refused() {
    for permute in [
        "%y = stablehlo.transpose %z, dims = [1, 0, 2] : (tensor<2x3x1024xf32>) -> tensor<3x2x1024xf32>",
        "%y = stablehlo.broadcast_in_dim %z, dims = [1, 0, 2] : (tensor<2x3x1024xf32>) -> tensor<3x2x1024xf32>",
    ] {
        let text = format!(
            r#"func.func @main(%h: tensor<2x3x16xf32> loc("h"), %w: tensor<1024x16xf32> loc("params['w']"), %bias: tensor<3x2x1024xf32> loc("bias")) -> tensor<3x2x2xi32> {{
            %z = stablehlo.dot_general %h, %w, contracting_dims = [2] x [1] : (tensor<2x3x16xf32>, tensor<1024x16xf32>) -> tensor<2x3x1024xf32>
            {permute}
            %e = stablehlo.add %y, %bias : tensor<3x2x1024xf32>
            %v, %i = chlo.top_k(%e, k = 2) : tensor<3x2x1024xf32> -> (tensor<3x2x2xf32>, tensor<3x2x2xi32>)
            return %i : tensor<3x2x2xi32>
        }}"#
        );
        Case::new(&text, 52).rewritten(&REWRITE, "q8", 64, 0);
    }
}

/// The new parameters of `@main` are the results of `@prepare`, by name and type.
#[test]
fn new_parameters_are_what_prepare_makes() {
    for predictor in ["q8", "q4", "lr:4", "lr:4:q8"] {
        let case = Case::new(&plain(4, 16, ARGMAX, TOKEN), 53);
        let module = case.rewritten(&REWRITE, predictor, 64, 1);
        let prepare = &module.funcs[module.func_by_name("prepare").unwrap()];
        for (attrs, ty) in prepare.result_attrs.iter().zip(&prepare.ty.results) {
            let name = attrs.get("hire.name").and_then(Attr::as_str).unwrap();
            let main = &module.funcs[module.func_by_name("main").unwrap()];
            let named =
                |&&a: &&_| hire_passes::signature::argument_name(&module.locs, main, a).as_deref() == Some(name);
            let argument = main.args().iter().find(named).unwrap_or_else(|| panic!("@main has no argument {name}"));
            assert_eq!(main.value_type(*argument), ty, "{name}");
        }
    }
}
