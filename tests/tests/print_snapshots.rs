//! What printed modules look like, compared as a whole.

use hire_compiler::front::text::parse;
use hire_compiler::ir::Module;
use hire_compiler::print::{Form, Names, Options, print_module};
use hire_tests::workspace;

fn module(name: &str) -> Module {
    let path = workspace("testdata/text").join(name);
    let text = std::fs::read_to_string(&path).expect("the file can be read");
    parse(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn print(name: &str, form: Form) -> String {
    print_module(&module(name), &Options { form, ..Options::default() })
}

#[test]
fn pretty_form() {
    for name in ["control.mlir", "contraction.mlir", "constants.mlir", "effects.mlir", "sharding.mlir", "chlo.mlir"] {
        insta::assert_snapshot!(format!("pretty_{}", name.trim_end_matches(".mlir")), print(name, Form::Pretty));
    }
}

#[test]
fn generic_form() {
    for name in ["control.mlir", "attributes.mlir", "quantized.mlir", "sharding.mlir"] {
        insta::assert_snapshot!(format!("generic_{}", name.trim_end_matches(".mlir")), print(name, Form::Generic));
    }
}

#[test]
fn locations() {
    let options = Options { locations: true, ..Options::default() };
    insta::assert_snapshot!(print_module(&module("locations.mlir"), &options));
}

#[test]
fn elided_constants() {
    let options = Options { elide_above: Some(4), ..Options::default() };
    insta::assert_snapshot!(print_module(&module("constants.mlir"), &options));
}

#[test]
fn names_are_those_of_the_text() {
    let module = module("control.mlir");
    let func = &module.funcs[module.entry().expect("the module has a main function")];
    let names = Names::of(func);
    let text = print_module(&module, &Options::default());
    func.walk(|_, op| {
        for &result in &func.ops[op].results {
            let name = names.get(func, result).to_string();
            let defined = name.split('#').next().expect("a name has a first part");
            assert!(text.contains(&format!("{defined} = ")) || text.contains(&format!("{defined}:")), "{name}");
        }
    });
}
