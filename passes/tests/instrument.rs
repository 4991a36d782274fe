//! What instrumentation leaves of a program: the state, and the vectors that reach its sites.

use hire_compiler::{front, print, valid};
use hire_passes::instrument::{Matrix, instrument};

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

#[test]
fn the_results_are_the_state_and_the_hidden_vectors() {
    let module = front::parse(STEP.as_bytes().to_vec().into()).unwrap();
    let entry = module.entry().unwrap();
    let instrumented = instrument(&module, entry, &|name| name.starts_with("params"));
    valid::verify(&instrumented.module).unwrap();
    insta::assert_snapshot!(print::print_module(&instrumented.module, &print::Options::default()));
    let [first, second] = instrumented.probes.as_slice() else { panic!("{:?}", instrumented.rejections) };
    assert_eq!((first.result, first.vocabulary, first.d, first.rows, first.row_bytes), (1, 2048, 4, 2, 8));
    assert!(matches!(&first.matrix, Matrix::Parameter(name) if name == "params['w']"));
    assert_eq!((second.result, second.vocabulary, second.d, second.rows, second.row_bytes), (2, 4096, 4, 2, 16));
    let Matrix::Computed { parameters, rows_first: false, .. } = &second.matrix else { panic!("{:?}", second.matrix) };
    assert_eq!(parameters, &["params['v']"]);
}
