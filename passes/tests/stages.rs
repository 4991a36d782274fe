//! What the legality table of each stage refuses.

use hire_compiler::front;
use hire_passes::pipeline::{self, PipelineError};
use hire_passes::{PassContext, Stage, Target};

/// The offences of a module at a stage, one a line.
fn offences(stage: Stage, text: &str) -> String {
    let module = front::text::parse(text).unwrap();
    let errors = stage.check(&module).err().map_or(Vec::new(), |errors| errors.0);
    errors.into_iter().map(|error| format!("{error}\n")).collect()
}

const CALL: &str = r#"
  func.func public @main(%arg0: tensor<f32>) -> tensor<f32> {
    %0 = call @f(%arg0) : (tensor<f32>) -> tensor<f32>
    return %0 : tensor<f32>
  }
  func.func private @f(%arg0: tensor<f32>) -> tensor<f32> {
    return %arg0 : tensor<f32>
  }"#;

const COMPOSITE: &str = r#"
  func.func public @main(%arg0: tensor<f32>) -> tensor<f32> {
    %0 = stablehlo.composite "hire.f" %arg0 {decomposition = @f} : (tensor<f32>) -> tensor<f32>
    return %0 : tensor<f32>
  }
  func.func private @f(%arg0: tensor<f32>) -> tensor<f32> {
    return %arg0 : tensor<f32>
  }"#;

#[test]
fn imported_takes_everything() {
    assert_eq!(offences(Stage::Imported, CALL), "");
    assert_eq!(offences(Stage::Imported, COMPOSITE), "");
}

#[test]
fn clean_has_no_private_call_and_no_unused_function() {
    assert_eq!(
        offences(Stage::Clean, CALL),
        "the call of private @f is not inlined, which the stage `clean` forbids (in @main)\n"
    );
    assert_eq!(offences(Stage::Clean, COMPOSITE), "");
    assert_eq!(
        offences(Stage::Clean, "func.func private @f() { return }"),
        "@f is private and never used, which the stage `clean` forbids (in @f)\n"
    );
}

#[test]
fn legalized_has_none_of_our_composites_and_nothing_unknown() {
    let stage = Stage::Legalized(Target::StableHlo);
    assert_eq!(offences(Stage::Rewritten, COMPOSITE), "");
    assert_eq!(
        offences(stage, COMPOSITE),
        "the composite `hire.f` is not expanded, which the stage `legalized(stablehlo)` forbids (in @main)\n"
    );
    let foreign = r#"func.func @main() { "other.op"() : () -> () return }"#;
    assert_eq!(
        offences(stage, foreign),
        "`other.op` is of an unknown dialect, which the stage `legalized(stablehlo)` forbids (in @main)\n"
    );
}

#[test]
fn the_pass_that_breaks_its_promise_is_named() {
    // An unknown operation goes through all passes, and no pass may claim that it is legalized.
    let text = r#"func.func @main() { "other.op"() : () -> () return }"#;
    let mut module = front::text::parse(text).unwrap();
    let passes = pipeline::for_target(Some(Target::StableHlo));
    let error = pipeline::run(&mut module, &passes, &mut PassContext::new(), |_, _| {}).unwrap_err();
    assert!(matches!(error, PipelineError::Boundary { pass: "legalize-stablehlo", .. }), "{error}");
}
