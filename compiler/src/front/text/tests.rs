//! Whole texts in, modules out.

use super::{parse, parse_many};
use crate::diag::Source;
use crate::ir::{Attr, LocId, Location, Module, Opcode, Visibility};

/// The module, or the rendered errors as a panic.
fn ok(text: &str) -> Module {
    match parse(text) {
        Ok(module) => module,
        Err(errors) => panic!("{}", Source { name: "test.mlir", text }.render_all(&errors)),
    }
}

#[test]
fn a_decode_step_in_small_is_read_with_its_names_and_locations() {
    let module = ok(r#"
#loc1 = loc("params['w']")
module @jit_step attributes {mhlo.num_partitions = 1 : i32} {
  func.func public @main(%arg0: tensor<4x2xf32> {jax.buffer_donor = true} loc("params['w']"), %arg1: tensor<2xf32> loc(unknown)) -> (tensor<4xf32> {jax.result_info = "r"}) {
    %0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [1] x [0], precision = [DEFAULT, DEFAULT] : (tensor<4x2xf32>, tensor<2xf32>) -> tensor<4xf32> loc(#loc3)
    %1 = call @f(%0) : (tensor<4xf32>) -> tensor<4xf32> loc(#loc)
    return %1 : tensor<4xf32> loc(#loc)
  } loc(#loc)
  func.func private @f(%arg0: tensor<4xf32>) -> tensor<4xf32> {
    return %arg0 : tensor<4xf32>
  }
} loc(#loc)
#loc = loc(unknown)
#loc2 = loc("f.py":1:2 to 3:4)
#loc3 = loc("jit(step)/dot_general"(#loc2))
"#);
    assert_eq!(module.name.as_deref(), Some("jit_step"));
    let main = &module.funcs[module.func_by_name("main").expect("it is there")];
    assert_eq!(main.arg_attrs[0].get("jax.buffer_donor"), Some(&Attr::Bool(true)));
    assert_eq!(main.result_attrs[0].get("jax.result_info"), Some(&Attr::string("r")));
    assert_eq!(module.locs.name(main.values[main.args()[0]].loc), Some("params['w']"));
    let body = &main.regions[main.body.expect("it has a body")];
    let dot = &main.ops[body.ops[0]];
    assert_eq!(dot.opcode, Opcode::DotGeneral);
    assert_eq!(dot.dot_dimension_numbers().map(|d| d.lhs_contracting_dimensions.clone()), Some(vec![1]));
    let Location::Name { child, .. } = module.locs.get(dot.loc) else { panic!("a name stack") };
    assert!(matches!(module.locs.get(*child), Location::File { start: (1, 2), end: (3, 4), .. }));
    assert_eq!(main.ops[body.ops[1]].loc, LocId::UNKNOWN);
    let f = &module.funcs[module.func_by_name("f").expect("it is there")];
    assert_eq!(f.visibility, Visibility::Private);
}

#[test]
fn reduce_that_applies_an_operation_gets_the_region_it_stands_for() {
    let module = ok("
func.func @main(%a: tensor<4xf32>, %i: tensor<f32>) -> tensor<f32> {
  %0 = stablehlo.reduce(%a init: %i) applies stablehlo.add across dimensions = [0] : (tensor<4xf32>, tensor<f32>) -> tensor<f32>
  return %0 : tensor<f32>
}");
    let main = &module.funcs[module.entry().expect("one function")];
    let reduce = &main.ops[main.regions[main.body.expect("a body")].ops[0]];
    let reducer = &main.regions[reduce.regions[0]];
    let opcodes: Vec<Opcode> = reducer.ops.iter().map(|&op| main.ops[op].opcode).collect();
    assert_eq!(opcodes, [Opcode::Add, Opcode::Return]);
    assert_eq!(main.ops[reducer.ops[0]].operands.as_slice(), reducer.args.as_slice());
}

#[test]
fn parts_of_a_file_are_read_on_their_own() {
    let text = "func.func @a() {\n return\n}\n// -----\nfunc.func @b() {\n nonsense\n}\n// -----\nfunc.func @c()\n";
    let parts = parse_many(text);
    assert_eq!(parts.len(), 3);
    assert!(parts[0].is_ok() && parts[2].is_ok());
    let errors = parts[1].as_ref().expect_err("the second is wrong");
    assert_eq!(&text[errors.0[0].span.range()], "nonsense");
    let last = parts[2].as_ref().expect("the third is right");
    let func = &last.funcs[last.func_by_name("c").expect("it is there")];
    assert_eq!(&text[func.span.range()], "func.func @c");
}

#[test]
fn parts_do_not_see_the_aliases_and_resources_of_others() {
    let part = "#a = 1\nmodule attributes {a = #a} {}\n";
    let whole = format!("{part}// -----\n{part}// -----\nmodule attributes {{a = #a}} {{}}\n");
    let parts = parse_many(&whole);
    assert!(parts[0].is_ok() && parts[1].is_ok() && parts[2].is_err());
}

#[test]
fn older_spellings_of_attributes_are_brought_to_today_s() {
    let module = ok("
func.func @main(%a: tensor<4xf32>) -> tensor<4xf32> {
  %0 = \"stablehlo.broadcast_in_dim\"(%a) {broadcast_dimensions = dense<0> : tensor<1xi64>} : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}");
    let main = &module.funcs[module.entry().expect("one function")];
    let op = &main.ops[main.regions[main.body.expect("a body")].ops[0]];
    assert_eq!(op.i64s_attr("broadcast_dimensions"), Some(&[0][..]));
}

#[test]
fn strings_that_are_no_utf8_keep_their_bytes() {
    let module = ok(r#"module attributes {a = "\FF\00\C3\A9"} {}"#);
    let text = module.attrs.get("a").and_then(Attr::as_str).expect("a string");
    assert_eq!(*crate::ir::bytes_of_text(text), [0xff, 0, 0xc3, 0xa9]);
}

#[test]
fn several_independent_errors_are_reported_at_once() {
    let text = "
func.func @main(%a: tensor<2xf32>) -> tensor<2xf32> {
  %0 = stablehlo.add %a, %b : tensor<2xf32>
  %1 = stablehlo.abs %a : tensor<3xf32>
  %1 = stablehlo.abs %a : tensor<2xf32>
  return %0 : tensor<2xf32>
}";
    let errors = parse(text).expect_err("it has three errors");
    assert_eq!(errors.0.len(), 3, "{}", Source { name: "test.mlir", text }.render_all(&errors));
}

#[test]
fn types_are_read_from_a_list() {
    let types = super::parse_types("tensor<4x?xf32>, !stablehlo.token, tuple<tensor<i1>>").expect("a list of types");
    let texts: Vec<String> = types.iter().map(ToString::to_string).collect();
    assert_eq!(texts, ["tensor<4x?xf32>", "!stablehlo.token", "tuple<tensor<i1>>"]);
    for wrong in ["", "tensor<f32>,", "tensor<f32> tensor<f32>", "f32 x"] {
        assert!(super::parse_types(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_line_without_a_column_is_a_location() {
    let module = ok(r#"module attributes {a = loc("model.py":9)} {}"#);
    let Some(&Attr::Location(location)) = module.attrs.get("a") else { panic!("a location") };
    let expected = Location::File { file: "model.py".into(), start: (9, 0), end: (9, 0) };
    assert_eq!(module.locs.get(location), &expected);
}
