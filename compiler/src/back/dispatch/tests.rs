//! Each rule of the cut on a small program.

use super::{check, form};
use crate::back::DISPATCH;
use crate::eval::{self, Tensor};
use crate::front::text;
use crate::ir::{Attr, ElementType, Module, TensorType};
use crate::print::{self, print_module};
use crate::valid;

/// The dispatch program of a module, which must be one, print to what parses to the same text, and
/// compute the same.
fn cut(source: &str) -> Module {
    let original = text::parse(source).unwrap();
    let mut module = original.clone();
    let entry = module.entry().unwrap();
    form(&mut module, entry);
    valid::verify(&module).unwrap();
    check(&module).unwrap();
    let printed = print_module(&module, &print::Options::default());
    let reread = text::parse(&printed).unwrap();
    assert_eq!(print_module(&reread, &print::Options::default()), printed);
    let args = arguments(&original);
    let entry = &original.funcs[original.entry().unwrap()].name;
    let want = eval::evaluate(&original, entry, &args).unwrap();
    assert_eq!(eval::evaluate(&reread, entry, &args).unwrap(), want);
    module
}

/// Small numbers that differ from each other.
fn arguments(module: &Module) -> Vec<Tensor> {
    let inputs = &module.funcs[module.entry().unwrap()].ty.inputs;
    inputs.iter().map(|ty| argument(ty.as_tensor().unwrap())).collect()
}

fn argument(ty: &TensorType) -> Tensor {
    let count = ty.element_count().unwrap();
    let bytes: Vec<u8> = match ty.element {
        ElementType::F32 => (0..count).flat_map(|i| (((i * 7) % 11) as f32 - 5.0).to_le_bytes()).collect(),
        ElementType::I32 => (0..count).flat_map(|i| ((i * 3 % 4) as i32).to_le_bytes()).collect(),
        ElementType::I8 => (0..count).map(|i| (i * 5 % 17) as u8).collect(),
        _ => panic!("no arguments of {ty}"),
    };
    Tensor::from_elements(&crate::ir::DenseElements::new(ty.clone(), bytes)).unwrap()
}

/// Family and number of operations of each dispatch.
fn families(module: &Module) -> Vec<String> {
    let funcs = module.func_ids().map(|id| &module.funcs[id]);
    let describe = |func: &crate::ir::Func| {
        let family = func.attrs.get(DISPATCH).and_then(Attr::as_str)?;
        Some(format!("{family} {}", func.regions[func.body?].ops.len() - 1))
    };
    funcs.filter_map(describe).collect()
}

#[test]
fn chains_fuse_and_equal_kernels_are_one() {
    let module =
        cut("func.func @main(%a: tensor<4x8xf32>, %b: tensor<4x8xf32>) -> (tensor<4x8xf32>, tensor<4x8xf32>) {
           %0 = stablehlo.add %a, %b : tensor<4x8xf32>
           %1 = stablehlo.tanh %0 : tensor<4x8xf32>
           %2 = stablehlo.add %b, %1 : tensor<4x8xf32>
           %3 = stablehlo.tanh %2 : tensor<4x8xf32>
           return %1, %3 : tensor<4x8xf32>, tensor<4x8xf32>
         }");
    assert_eq!(families(&module), ["map 2"]);
}

#[test]
fn a_normalisation_is_two_dispatches() {
    let module = cut(
        "func.func @main(%x: tensor<2x8xf32>, %w: tensor<8xf32>) -> tensor<2x8xf32> {
           %zero = stablehlo.constant dense<0.0> : tensor<f32>
           %n = stablehlo.constant dense<8.0> : tensor<2x1xf32>
           %0 = stablehlo.multiply %x, %x : tensor<2x8xf32>
           %1 = stablehlo.reduce(%0 init: %zero) applies stablehlo.add across dimensions = [1] : (tensor<2x8xf32>, tensor<f32>) -> tensor<2xf32>
           %2 = stablehlo.broadcast_in_dim %1, dims = [0] : (tensor<2xf32>) -> tensor<2x1xf32>
           %3 = stablehlo.divide %2, %n : tensor<2x1xf32>
           %4 = stablehlo.rsqrt %3 : tensor<2x1xf32>
           %5 = stablehlo.broadcast_in_dim %4, dims = [0, 1] : (tensor<2x1xf32>) -> tensor<2x8xf32>
           %6 = stablehlo.multiply %x, %5 : tensor<2x8xf32>
           %7 = stablehlo.broadcast_in_dim %w, dims = [1] : (tensor<8xf32>) -> tensor<2x8xf32>
           %8 = stablehlo.multiply %6, %7 : tensor<2x8xf32>
           return %8 : tensor<2x8xf32>
         }",
    );
    assert_eq!(families(&module), ["reduce 7", "map 4"]);
}

#[test]
fn a_product_takes_in_its_weights_and_its_epilogue_but_not_the_vector() {
    let module = cut(
        "func.func @main(%h: tensor<1x8xf32>, %w: tensor<16x8xi8>, %s: tensor<16xf32>) -> tensor<1x16xf32> {
           %0 = stablehlo.convert %w : (tensor<16x8xi8>) -> tensor<16x8xf32>
           %1 = stablehlo.tanh %h : tensor<1x8xf32>
           %2 = stablehlo.dot_general %1, %0, contracting_dims = [1] x [1] : (tensor<1x8xf32>, tensor<16x8xf32>) -> tensor<1x16xf32>
           %3 = stablehlo.broadcast_in_dim %s, dims = [1] : (tensor<16xf32>) -> tensor<1x16xf32>
           %4 = stablehlo.multiply %2, %3 : tensor<1x16xf32>
           return %4 : tensor<1x16xf32>
         }",
    );
    assert_eq!(families(&module), ["map 1", "dot 4"]);
}

#[test]
fn regions_are_cut_and_see_what_is_outside() {
    let module = cut("func.func @main(%n: tensor<i32>, %x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
           %zero = stablehlo.constant dense<0> : tensor<i32>
           %one = stablehlo.constant dense<1> : tensor<i32>
           %scaled = stablehlo.multiply %y, %y : tensor<4xf32>
           %0:2 = stablehlo.while(%i = %zero, %acc = %x) : tensor<i32>, tensor<4xf32>
             cond {
               %c = stablehlo.compare LT, %i, %n : (tensor<i32>, tensor<i32>) -> tensor<i1>
               stablehlo.return %c : tensor<i1>
             } do {
               %j = stablehlo.add %i, %one : tensor<i32>
               %a = stablehlo.add %acc, %scaled : tensor<4xf32>
               %b = stablehlo.tanh %a : tensor<4xf32>
               stablehlo.return %j, %b : tensor<i32>, tensor<4xf32>
             }
           return %0#1 : tensor<4xf32>
         }");
    assert_eq!(families(&module), ["map 1", "map 1", "map 1", "map 2"]);
}

#[test]
fn what_kernels_do_not_compute_stays_a_primitive() {
    let module = cut("func.func @main(%x: tensor<8xf32>, %u: tensor<2xf32>, %i: tensor<i32>) -> tensor<8xf32> {
           %0 = stablehlo.negate %x : tensor<8xf32>
           %1 = \"stablehlo.sort\"(%0) <{dimension = 0 : i64, is_stable = true}> ({
           ^bb0(%a: tensor<f32>, %b: tensor<f32>):
             %c = stablehlo.compare LT, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
             stablehlo.return %c : tensor<i1>
           }) : (tensor<8xf32>) -> tensor<8xf32>
           %2 = stablehlo.dynamic_update_slice %1, %u, %i : (tensor<8xf32>, tensor<2xf32>, tensor<i32>) -> tensor<8xf32>
           return %2 : tensor<8xf32>
         }");
    assert_eq!(families(&module), ["map 1", "update 1"]);
    let entry = &module.funcs[module.entry().unwrap()];
    let names: Vec<&str> = entry.regions[entry.body.unwrap()].ops.iter().map(|&op| entry.ops[op].name()).collect();
    assert_eq!(names, ["func.call", "stablehlo.sort", "func.call", "func.return"]);
}

#[test]
fn an_operation_outside_of_a_dispatch_is_refused() {
    let module = text::parse(
        "func.func @main(%a: tensor<4xf32>) -> tensor<4xf32> {
           %0 = stablehlo.tanh %a : tensor<4xf32>
           return %0 : tensor<4xf32>
         }",
    )
    .unwrap();
    let error = check(&module).unwrap_err();
    assert!(error.0[0].to_string().contains("holds `stablehlo.tanh` outside of a dispatch"), "{error:?}");
}
