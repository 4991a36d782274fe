//! What instrumentation leaves of a program: the state, and the vectors that reach its sites.

use hire_compiler::ir::{ElementType, TensorType};
use hire_compiler::{front, print, valid};
use hire_passes::hire::ffn::find::Sparsity;
use hire_passes::instrument::{Instrumented, Matrix, instrument};
use hire_passes::{Weight, Weights};

/// A step with state between its results, whose first product is of `W h` form and in bf16.
const STEP: &str = r#"func.func @main(%w: tensor<2048x4xbf16> loc("params['w']"), %v: tensor<4x4096xf32> loc("params['v']"), %sum: tensor<2x4xf32> {tf.aliasing_output = 1 : i32} loc("sum"), %x: tensor<2x4xf32> loc("x")) -> (tensor<2048x2xbf16>, tensor<2x4xf32>, tensor<2x4096xf32>) {
  %0 = stablehlo.add %sum, %x : tensor<2x4xf32>
  %1 = stablehlo.convert %0 : (tensor<2x4xf32>) -> tensor<2x4xbf16>
  %2 = stablehlo.transpose %1, dims = [1, 0] : (tensor<2x4xbf16>) -> tensor<4x2xbf16>
  %3 = stablehlo.dot_general %w, %2, contracting_dims = [1] x [0] : (tensor<2048x4xbf16>, tensor<4x2xbf16>) -> tensor<2048x2xbf16>
  %4 = stablehlo.dot_general %0, %v, contracting_dims = [1] x [0] : (tensor<2x4xf32>, tensor<4x4096xf32>) -> tensor<2x4096xf32>
  return %3, %0, %4 : tensor<2048x2xbf16>, tensor<2x4xf32>, tensor<2x4096xf32>
}
"#;

/// Weights of which only the names are asked.
struct Params;

impl Weights for Params {
    fn weight(&self, name: &str) -> Option<Weight<'_>> {
        let ty = TensorType::new(&[], ElementType::F32);
        name.starts_with("params").then_some(Weight { ty, data: &[] })
    }
}

fn instrumented(text: &str) -> Instrumented {
    let module = front::parse(text.as_bytes().to_vec().into()).unwrap();
    let instrumented = instrument(&module, &Params).unwrap();
    valid::verify(&instrumented.module).unwrap();
    instrumented
}

#[test]
fn the_results_are_the_state_and_the_hidden_vectors() {
    let instrumented = instrumented(STEP);
    insta::assert_snapshot!(print::print_module(&instrumented.module, &print::Options::default()));
    let [first, second] = instrumented.probes.as_slice() else { panic!("{:?}", instrumented.rejections) };
    assert_eq!((first.result, first.vocabulary, first.d, first.rows, first.row_bytes), (1, 2048, 4, 2, 8));
    assert!(matches!(&first.matrix, Matrix::Parameter(name) if name == "params['w']"));
    assert_eq!((second.result, second.vocabulary, second.d, second.rows, second.row_bytes), (2, 4096, 4, 2, 16));
    let Matrix::Computed { parameters, rows_first: false, .. } = &second.matrix else { panic!("{:?}", second.matrix) };
    assert_eq!(parameters, &["params['v']"]);
}

/// A ReLU layer whose result is returned and then selected from.
const LAYER: &str = r#"func.func @main(%w1: tensor<256x16xf32> loc("params['w1']"), %w2: tensor<256x16xf32> loc("params['w2']"), %v: tensor<2048x16xf32> loc("params['v']"), %x: tensor<2x16xf32> loc("x")) -> tensor<2x2048xf32> {
  %0 = stablehlo.dot_general %x, %w1, contracting_dims = [1] x [1] : (tensor<2x16xf32>, tensor<256x16xf32>) -> tensor<2x256xf32>
  %zero = stablehlo.constant dense<0.0> : tensor<2x256xf32>
  %1 = stablehlo.maximum %0, %zero : tensor<2x256xf32>
  %2 = stablehlo.dot_general %1, %w2, contracting_dims = [1] x [0] : (tensor<2x256xf32>, tensor<256x16xf32>) -> tensor<2x16xf32>
  %3 = stablehlo.dot_general %2, %v, contracting_dims = [1] x [1] : (tensor<2x16xf32>, tensor<2048x16xf32>) -> tensor<2x2048xf32>
  return %3 : tensor<2x2048xf32>
}
"#;

#[test]
fn a_feed_forward_layer_tells_its_vectors_and_its_activations() {
    let instrumented = instrumented(LAYER);
    insta::assert_snapshot!("layer", print::print_module(&instrumented.module, &print::Options::default()));
    let [layer, head] = instrumented.probes.as_slice() else { panic!("{:?}", instrumented.rejections) };
    assert_eq!((layer.result, layer.vocabulary, layer.d, layer.rows, layer.row_bytes), (0, 256, 16, 2, 128));
    let activations = layer.ffn.as_ref().unwrap();
    assert_eq!((activations.result, activations.sparsity, activations.group), (1, Sparsity::Threshold, 1));
    assert!(matches!(&layer.matrix, Matrix::Parameter(name) if name == "params['w1']"));
    assert_eq!((head.result, head.vocabulary), (2, 2048));
    assert!(head.ffn.is_none());
}
