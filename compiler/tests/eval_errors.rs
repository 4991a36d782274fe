//! What the interpreter says when it cannot go on: limits, deadlocks, wrong arguments, and
//! operations that it does not compute.

use hire_compiler::eval::{self, Options, Tensor, Value};
use hire_compiler::front::text;
use hire_compiler::ir::Module;

fn module(source: &str) -> Module {
    text::parse(source).unwrap_or_else(|errors| panic!("{errors}"))
}

fn fails(source: &str, options: &Options) -> String {
    let report = eval::run_checks(&module(source), options);
    report.error.expect("the run fails").to_string()
}

#[test]
fn memory_is_bounded() {
    let source = "func.func @main() -> tensor<1000x1000x1000xf32> {
  %0 = stablehlo.constant dense<1.0> : tensor<f32>
  %1 = stablehlo.broadcast_in_dim %0, dims = [] : (tensor<f32>) -> tensor<1000x1000x1000xf32>
  return %1 : tensor<1000x1000x1000xf32>
}";
    insta::assert_snapshot!(fails(source, &Options { memory_limit: 1 << 20, ..Options::default() }), @"stablehlo.broadcast_in_dim in @main: a tensor of 4000000000 bytes does not fit: 4 of 1048576 bytes are in use; raise `memory_limit` if the machine has more");
}

#[test]
fn memory_is_given_back() {
    let source = "func.func @main() {
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %one = stablehlo.constant dense<1> : tensor<i32>
  %many = stablehlo.constant dense<100> : tensor<i32>
  %big = stablehlo.iota dim = 0 : tensor<10000xf32>
  %n, %x = stablehlo.while(%i = %zero, %a = %big) : tensor<i32>, tensor<10000xf32>
    cond {
      %c = stablehlo.compare LT, %i, %many : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %c : tensor<i1>
    } do {
      %j = stablehlo.add %i, %one : tensor<i32>
      %b = stablehlo.add %a, %a : tensor<10000xf32>
      stablehlo.return %j, %b : tensor<i32>, tensor<10000xf32>
    }
  return
}";
    let report = eval::run_checks(&module(source), &Options { memory_limit: 200_000, ..Options::default() });
    assert!(report.holds(), "{:?}", report.error);
}

#[test]
fn steps_are_bounded() {
    let source = "func.func @main() {
  %yes = stablehlo.constant dense<true> : tensor<i1>
  %x = stablehlo.while(%a = %yes) : tensor<i1>
    cond {
      stablehlo.return %a : tensor<i1>
    } do {
      %b = stablehlo.or %a, %a : tensor<i1>
      stablehlo.return %b : tensor<i1>
    }
  return
}";
    insta::assert_snapshot!(fails(source, &Options { step_limit: Some(1000), ..Options::default() }), @"stablehlo.or in @main: stopped after 1000 steps, the limit that the options set");
}

#[test]
fn endless_recursion_ends() {
    let source = "func.func @main() {
  call @main() : () -> ()
  return
}";
    let message = fails(source, &Options::default());
    assert!(message.contains("calls and regions are nested more than 2000 deep"), "{message}");
}

#[test]
fn a_device_that_nobody_answers_is_a_deadlock() {
    let source = r#"func.func private @waits() -> tensor<i32> {
  %token = stablehlo.after_all : !stablehlo.token
  %0, %1 = "stablehlo.recv"(%token) {channel_handle = #stablehlo.channel_handle<handle = 7, type = 1>} : (!stablehlo.token) -> (tensor<i32>, !stablehlo.token)
  return %0 : tensor<i32>
}
func.func private @gathers() -> tensor<i32> {
  %x = stablehlo.constant dense<1> : tensor<1xi32>
  %0 = "stablehlo.all_gather"(%x) {all_gather_dim = 0 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>} : (tensor<1xi32>) -> tensor<2xi32>
  %1 = stablehlo.constant dense<1> : tensor<i32>
  return %1 : tensor<i32>
}
func.func @main() {
  %out:2 = "interpreter.run_parallel"() {programs = [[@waits], [@gathers]]} : () -> (tensor<i32>, tensor<i32>)
  return
}"#;
    insta::assert_snapshot!(fails(source, &Options::default()), @"stablehlo.recv in @waits: deadlock: device 0 waits for a message on channel 7; device 1 waits in stablehlo.all_gather for devices [0]");
}

#[test]
fn a_device_that_fails_stops_the_others() {
    let source = r#"func.func private @fails(%x: tensor<1xi32>) -> tensor<2xi32> {
  %0 = stablehlo.custom_call @unknown(%x) : (tensor<1xi32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}
func.func private @gathers(%x: tensor<1xi32>) -> tensor<2xi32> {
  %0 = "stablehlo.all_gather"(%x) {all_gather_dim = 0 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>} : (tensor<1xi32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}
func.func @main() {
  %x = stablehlo.constant dense<1> : tensor<1xi32>
  %out:2 = "interpreter.run_parallel"(%x, %x) {programs = [[@gathers], [@fails]]} : (tensor<1xi32>, tensor<1xi32>) -> (tensor<2xi32>, tensor<2xi32>)
  return
}"#;
    insta::assert_snapshot!(fails(source, &Options::default()), @"stablehlo.custom_call in @fails: the interpreter does not know the custom call @unknown; replace it by operations that it can compute");
}

#[test]
fn errors_name_the_calls_that_led_there() {
    let source = r#"func.func private @inner(%x: tensor<2xi32>) -> tensor<2xi32> {
  %no = stablehlo.constant dense<false> : tensor<i1>
  %three = stablehlo.constant dense<3> : tensor<i32>
  stablehlo.custom_call @shape_assertion(%no, %three) {error_message = "got {0} rows", has_side_effect = true} : (tensor<i1>, tensor<i32>) -> () loc("model.py":12:7)
  return %x : tensor<2xi32>
}
func.func @main() {
  %x = stablehlo.constant dense<1> : tensor<2xi32>
  %0 = call @inner(%x) : (tensor<2xi32>) -> tensor<2xi32>
  return
}"#;
    insta::assert_snapshot!(fails(source, &Options::default()), @"stablehlo.custom_call in @inner, called by @main, at model.py:12:7: got 3 rows");
}

#[test]
fn arguments_must_fit() {
    let module = module("func.func @f(%x: tensor<2x?xf32>) -> tensor<2x?xf32> {\n  return %x : tensor<2x?xf32>\n}");
    let tensor = Tensor::f32s(&[3, 1], &[1.0, 2.0, 3.0]).expect("a tensor");
    let wrong = eval::evaluate(&module, "f", std::slice::from_ref(&tensor)).expect_err("the shape differs");
    insta::assert_snapshot!(wrong.to_string(), @"argument 0 of @f must be tensor<2x?xf32>, not tensor<3x1xf32>");
    let few = eval::evaluate(&module, "f", &[]).expect_err("an argument is missing");
    insta::assert_snapshot!(few.to_string(), @"@f takes 1 arguments, not 0");
    let unknown = eval::evaluate(&module, "g", &[]).expect_err("no such function");
    insta::assert_snapshot!(unknown.to_string(), @"the module has no function @g");
    let right = Tensor::f32s(&[2, 1], &[1.0, 2.0]).expect("a tensor");
    assert_eq!(eval::evaluate(&module, "f", std::slice::from_ref(&right)), Ok(vec![Value::Tensor(right)]));
}

#[test]
fn failing_checks_are_reported_not_errors() {
    let source = "func.func @main() {
  %x = stablehlo.constant dense<[1.0, 2.0]> : tensor<2xf32>
  check.expect_eq_const %x, dense<[1.0, 2.5]> : tensor<2xf32>
  check.expect_eq_const %x, dense<[1.0, 2.0]> : tensor<2xf32>
  return
}";
    let report = eval::run_checks(&module(source), &Options::default());
    assert!(!report.holds() && report.error.is_none());
    assert_eq!((report.checks, report.failures.len()), (2, 1));
    insta::assert_snapshot!(report.failures[0].message, @"1 of 2 elements fail; the worst, at [1], is 2.0, not 2.5");
}

#[test]
fn constants_are_folded_one_operation_at_a_time() {
    use hire_compiler::ir::{AttrMap, ElementType, Opcode, TensorType};
    let a = Tensor::i32s(&[2], &[1, 2]).expect("a tensor");
    let ty = TensorType::new(&[2], ElementType::I32);
    let sum = eval::apply(Opcode::Add, &AttrMap::new(), &[a.clone(), a.clone()], std::slice::from_ref(&ty));
    assert_eq!(sum, Ok(vec![Tensor::i32s(&[2], &[2, 4]).expect("a tensor")]));
    let impure = eval::apply(Opcode::Infeed, &AttrMap::new(), &[], &[ty]).expect_err("infeed is not pure");
    insta::assert_snapshot!(impure.to_string(), @"the interpreter does not compute stablehlo.infeed");
}
