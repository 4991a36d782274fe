//! Every form in which the matrix and the hidden vectors come.

use super::harness::Case;
use super::modules::{ARGMAX, TOKEN, module, plain};

/// Two predictors: the first is also run legalized.
const PREDICTORS: [&str; 2] = ["q8", "lr:8"];

#[track_caller]
fn check(args: &str, body: &str) {
    let results = [("%t", "tensor<Bxi32>"), ("%z", "tensor<Bx1024xf32>")];
    for batch in [1, 4] {
        let text = module(batch, args, &format!("{body}\n{ARGMAX}"), TOKEN);
        Case::new(&text, 1).assert_equal_with_all_rows(&PREDICTORS);
    }
    let text = module(1, args, &format!("{body}\n{ARGMAX}"), &results);
    Case::new(&text, 2).assert_equal_with_all_rows(&["q4"]);
}

/// B = 17 is beyond the batch whose hidden vectors are taken one by one.
#[test]
fn stored_by_rows_with_all_predictors_and_batches() {
    for batch in [1, 4, 17] {
        let results = [("%t", "tensor<Bxi32>"), ("%z", "tensor<Bx1024xf32>")];
        let text = plain(batch, 20, ARGMAX, &results);
        Case::new(&text, 3).assert_equal_with_all_rows(&[
            "q8",
            "q4",
            "lr:20",
            "lr:8:q8",
            "q8/8",
            "q4>q8",
            "lr:8:q8>q4>q8/4",
            "q8>lr:8:q8/2",
            "q8>lr:20",
        ]);
    }
}

#[test]
fn stored_by_columns() {
    check(
        r#"%h: tensor<Bx24xf32> loc("h"), %w: tensor<24x1024xf32> loc("params['w']")"#,
        "%z = stablehlo.dot_general %h, %w, contracting_dims = [1] x [0], precision = [HIGHEST, DEFAULT] : (tensor<Bx24xf32>, tensor<24x1024xf32>) -> tensor<Bx1024xf32>",
    );
}

#[test]
fn on_the_left_of_the_product() {
    for (shape, dim) in [("1024x24", 1), ("24x1024", 0)] {
        check(
            &format!(r#"%h: tensor<Bx24xf32> loc("h"), %w: tensor<{shape}xf32> loc("params['w']")"#),
            &format!(
                "%y = stablehlo.dot_general %w, %h, contracting_dims = [{dim}] x [1] : (tensor<{shape}xf32>, tensor<Bx24xf32>) -> tensor<1024xBxf32>
                 %z = stablehlo.transpose %y, dims = [1, 0] : (tensor<1024xBxf32>) -> tensor<Bx1024xf32>"
            ),
        );
    }
}

#[test]
fn tied_to_the_embedding() {
    check(
        r#"%ids: tensor<Bxi32> loc("ids"), %w: tensor<1024x24xf32> loc("params['w']")"#,
        r#"%i = stablehlo.abs %ids : tensor<Bxi32>
        %h = "stablehlo.gather"(%w, %i) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, indices_are_sorted = false, slice_sizes = array<i64: 1, 24>}> : (tensor<1024x24xf32>, tensor<Bxi32>) -> tensor<Bx24xf32>
        %z = stablehlo.dot_general %h, %w, contracting_dims = [1] x [1] : (tensor<Bx24xf32>, tensor<1024x24xf32>) -> tensor<Bx1024xf32>"#,
    );
}

#[test]
fn converted_from_a_smaller_type() {
    for element in ["bf16", "f16", "i8"] {
        check(
            &format!(r#"%h: tensor<Bx24xf32> loc("h"), %v: tensor<1024x24x{element}> loc("params['w']")"#),
            &format!(
                "%w = stablehlo.convert %v : (tensor<1024x24x{element}>) -> tensor<1024x24xf32>
                 %z = stablehlo.dot_general %h, %w, contracting_dims = [1] x [1] : (tensor<Bx24xf32>, tensor<1024x24xf32>) -> tensor<Bx1024xf32>"
            ),
        );
    }
}

/// The product itself is of bf16, its result of f32 or of bf16.
#[test]
fn multiplied_in_a_smaller_type() {
    for (to, convert) in
        [("f32", ""), ("bf16", "%z = stablehlo.convert %y : (tensor<Bx1024xbf16>) -> tensor<Bx1024xf32>")]
    {
        let name = if convert.is_empty() { "%z" } else { "%y" };
        check(
            r#"%h: tensor<Bx24xbf16> loc("h"), %w: tensor<1024x24xbf16> loc("params['w']")"#,
            &format!(
                "{name} = stablehlo.dot_general %h, %w, contracting_dims = [1] x [1] : (tensor<Bx24xbf16>, tensor<1024x24xbf16>) -> tensor<Bx1024x{to}>
                 {convert}"
            ),
        );
    }
}

#[test]
fn scaled_transposed_and_reshaped() {
    check(
        r#"%h: tensor<Bx24xf32> loc("h"), %v: tensor<8x128x24xbf16> loc("params['w']"), %s: tensor<1024xf32> loc("params['s']")"#,
        "%r = stablehlo.reshape %v : (tensor<8x128x24xbf16>) -> tensor<1024x24xbf16>
         %f = stablehlo.convert %r : (tensor<1024x24xbf16>) -> tensor<1024x24xf32>
         %b = stablehlo.broadcast_in_dim %s, dims = [0] : (tensor<1024xf32>) -> tensor<1024x24xf32>
         %m = stablehlo.multiply %f, %b : tensor<1024x24xf32>
         %w = stablehlo.transpose %m, dims = [1, 0] : (tensor<1024x24xf32>) -> tensor<24x1024xf32>
         %z = stablehlo.dot_general %h, %w, contracting_dims = [1] x [0] : (tensor<Bx24xf32>, tensor<24x1024xf32>) -> tensor<Bx1024xf32>",
    );
}

#[test]
fn hidden_vectors_of_rank_one() {
    let text = r#"func.func @main(%h: tensor<24xf32> loc("h"), %w: tensor<1024x24xf32> loc("params['w']")) -> (tensor<8xf32>, tensor<8xi32>) {
        %z = stablehlo.dot_general %h, %w, contracting_dims = [0] x [1] : (tensor<24xf32>, tensor<1024x24xf32>) -> tensor<1024xf32>
        %v, %i = chlo.top_k(%z, k = 8) : tensor<1024xf32> -> (tensor<8xf32>, tensor<8xi32>)
        return %v, %i : tensor<8xf32>, tensor<8xi32>
    }"#;
    Case::new(text, 4).assert_equal_with_all_rows(&["q8", "q4", "lr:8"]);
}

/// [2, 3, d], and the same with the contracted dimension in the middle.
#[test]
fn hidden_vectors_of_rank_three() {
    for (shape, dim) in [("2x3x24", 2), ("2x24x3", 1), ("24x2x3", 0)] {
        let text = format!(
            r#"func.func @main(%h: tensor<{shape}xf32> loc("h"), %w: tensor<1024x24xf32> loc("params['w']")) -> (tensor<2x3x8xf32>, tensor<2x3x8xi32>, tensor<2x3x1024xf32>) {{
            %z = stablehlo.dot_general %h, %w, contracting_dims = [{dim}] x [1] : (tensor<{shape}xf32>, tensor<1024x24xf32>) -> tensor<2x3x1024xf32>
            %v, %i = chlo.top_k(%z, k = 8) : tensor<2x3x1024xf32> -> (tensor<2x3x8xf32>, tensor<2x3x8xi32>)
            return %v, %i, %z : tensor<2x3x8xf32>, tensor<2x3x8xi32>, tensor<2x3x1024xf32>
        }}"#
        );
        Case::new(&text, 5).assert_equal_with_all_rows(&["q8", "q4"]);
    }
}

#[test]
fn a_matrix_on_the_left_with_hidden_vectors_of_rank_three() {
    let text = r#"func.func @main(%h: tensor<2x3x24xf32> loc("h"), %w: tensor<1024x24xf32> loc("params['w']")) -> (tensor<3x2x8xf32>, tensor<3x2x8xi32>, tensor<1024x2x3xf32>) {
        %z = stablehlo.dot_general %w, %h, contracting_dims = [1] x [2] : (tensor<1024x24xf32>, tensor<2x3x24xf32>) -> tensor<1024x2x3xf32>
        %y = stablehlo.transpose %z, dims = [2, 1, 0] : (tensor<1024x2x3xf32>) -> tensor<3x2x1024xf32>
        %v, %i = chlo.top_k(%y, k = 8) : tensor<3x2x1024xf32> -> (tensor<3x2x8xf32>, tensor<3x2x8xi32>)
        return %v, %i, %z : tensor<3x2x8xf32>, tensor<3x2x8xi32>, tensor<1024x2x3xf32>
    }"#;
    Case::new(text, 6).assert_equal_with_all_rows(&["q8", "lr:8"]);
}
