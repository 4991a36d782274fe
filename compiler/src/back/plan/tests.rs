//! Plans, and plans that do not hold.

use super::{Place, Places, annotate, check, return_moves};
use crate::back::dispatch::form;
use crate::front::text;
use crate::ir::Module;
use crate::print::{self, print_module};

fn planned(source: &str) -> Module {
    let mut module = text::parse(source).unwrap();
    let entry = module.entry().unwrap();
    form(&mut module, entry);
    annotate(&mut module, entry);
    check(&module, entry).unwrap();
    module
}

fn printed(module: &Module) -> String {
    print_module(module, &print::Options::default())
}

const CACHE: &str = "func.func @main(%cache: tensor<8x4xf32> {tf.aliasing_output = 1 : i32}, %u: tensor<1x4xf32>, %i: tensor<i32>) -> (tensor<8x4xf32>, tensor<8x4xf32>) {
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %0 = stablehlo.dynamic_update_slice %cache, %u, %i, %zero : (tensor<8x4xf32>, tensor<1x4xf32>, tensor<i32>, tensor<i32>) -> tensor<8x4xf32>
  %1 = stablehlo.tanh %0 : tensor<8x4xf32>
  return %1, %0 : tensor<8x4xf32>, tensor<8x4xf32>
}";

#[test]
fn state_is_updated_in_place() {
    let module = planned(CACHE);
    let id = module.entry().unwrap();
    let places = Places::of(&module, id).unwrap();
    let moves = return_moves(&module.funcs[id], &places);
    assert_eq!(moves.len(), 1, "{moves:?}");
    assert_eq!(moves[0].to, Place::Result(0));
    assert_eq!(places.arena_bytes, 128);
}

#[test]
fn state_that_is_read_later_is_copied() {
    let module = planned(&CACHE.replace("stablehlo.tanh %0", "stablehlo.tanh %cache"));
    let id = module.entry().unwrap();
    let places = Places::of(&module, id).unwrap();
    let moves = return_moves(&module.funcs[id], &places);
    assert!(moves.iter().any(|m| m.to == Place::Argument(0)), "{moves:?}");
}

#[test]
fn what_is_dead_makes_room() {
    let chain: String = (1..20)
        .map(|n| format!("%r{n} = stablehlo.reverse %s{}, dims = [0] : tensor<64xf32>\n%s{n} = stablehlo.add %r{n}, %s{} : tensor<64xf32>\n", n - 1, n - 1))
        .collect();
    let source = format!(
        "func.func @main(%a: tensor<64xf32>) -> tensor<64xf32> {{ %s0 = stablehlo.tanh %a : tensor<64xf32>\n{chain} return %s19 : tensor<64xf32> }}"
    );
    let module = planned(&source);
    let places = Places::of(&module, module.entry().unwrap()).unwrap();
    assert!(places.arena_bytes <= 3 * 256, "{}", places.arena_bytes);
}

#[test]
fn a_loop_that_swaps_sets_one_value_aside() {
    let module = planned(
        "func.func @main(%n: tensor<i32>, %x: tensor<4xf32>, %y: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
           %zero = stablehlo.constant dense<0> : tensor<i32>
           %one = stablehlo.constant dense<1> : tensor<i32>
           %0:3 = stablehlo.while(%i = %zero, %a = %x, %b = %y) : tensor<i32>, tensor<4xf32>, tensor<4xf32>
             cond {
               %c = stablehlo.compare LT, %i, %n : (tensor<i32>, tensor<i32>) -> tensor<i1>
               stablehlo.return %c : tensor<i1>
             } do {
               %j = stablehlo.add %i, %one : tensor<i32>
               stablehlo.return %j, %b, %a : tensor<i32>, tensor<4xf32>, tensor<4xf32>
             }
           return %0#1, %0#2 : tensor<4xf32>, tensor<4xf32>
         }",
    );
    let id = module.entry().unwrap();
    let (func, places) = (&module.funcs[id], Places::of(&module, id).unwrap());
    let body = func.regions[func.body.unwrap()].ops.iter().find(|&&op| func.ops[op].name() == "stablehlo.while");
    let (&op, region) = (body.unwrap(), func.ops[*body.unwrap()].regions[1]);
    let moves = super::region_moves(func, op, region, &places);
    assert_eq!(moves.len(), 4, "{moves:?}");
    assert!(moves.iter().any(|one| moves.iter().any(|other| one.to == other.from)), "{moves:?}");
}

#[test]
fn a_plan_that_overwrites_is_refused() {
    let source = "func.func @main(%a: tensor<16xf32>) -> (tensor<16xf32>, tensor<16xf32>) {
        %0 = stablehlo.tanh %a : tensor<16xf32>
        %1 = stablehlo.sine %a : tensor<16xf32>
        return %0, %1 : tensor<16xf32>, tensor<16xf32>
      }";
    let good = printed(&planned(source));
    assert!(good.contains("arena 0") && good.contains("arena 64"), "{good}");
    for (bad, message) in [
        (good.replace("arena 64", "arena 0"), "overwrites one that is needed"),
        (good.replace("arena 64", "arena 128"), "does not fit at"),
        (good.replace("arena 64", "arena 7"), "does not fit at"),
        (good.replace("arena 64", "argument 0"), "where it cannot"),
        (good.replace("arena 64", "attic"), "is no place"),
    ] {
        let module = text::parse(&bad).unwrap();
        let error = check(&module, module.entry().unwrap()).unwrap_err();
        assert!(error.0[0].to_string().contains(message), "{message}: {error:?}");
    }
}
