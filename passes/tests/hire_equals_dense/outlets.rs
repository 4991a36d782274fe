//! What takes the logits in the end.

use super::harness::Case;
use super::modules::{ARGMAX, TOKEN, dot, module, plain};

const LOGITS: (&str, &str) = ("%z", "tensor<Bx1024xf32>");

#[track_caller]
fn check(body: &str, results: &[(&str, &str)]) {
    for (batch, predictor) in [(1, "q8"), (4, "q4"), (17, "q8")] {
        let text = plain(batch, 16, body, results);
        Case::new(&text, 20).assert_equal_with_all_rows(&[predictor]);
    }
}

/// The same with few rows: for outlets that take no more than the largest.
#[track_caller]
fn check_few(body: &str, results: &[(&str, &str)]) {
    check(body, results);
    for batch in [1, 4] {
        let text = plain(batch, 16, body, results);
        Case::new(&text, 21).assert_equal_with_few_rows(&["q8", "q4", "lr:16", "lr:16>q8", "q4>q8/8"], 128);
    }
}

#[test]
fn argmax_of_jax() {
    check_few(ARGMAX, TOKEN);
}

/// A strict comparison, the positions of i64 and after a reshape.
#[test]
fn argmax_spelled_otherwise() {
    check_few(
        "%v = stablehlo.iota dim = 0 : tensor<1024xi64>
         %r = stablehlo.reshape %v : (tensor<1024xi64>) -> tensor<1x1024xi64>
         %i = stablehlo.broadcast_in_dim %r, dims = [0, 1] : (tensor<1x1024xi64>) -> tensor<Bx1024xi64>
         %low = stablehlo.constant dense<0xFF800000> : tensor<f32>
         %none = stablehlo.constant dense<-1> : tensor<i64>
         %t:2 = stablehlo.reduce(%z init: %low), (%i init: %none) across dimensions = [1] : (tensor<Bx1024xf32>, tensor<Bx1024xi64>, tensor<f32>, tensor<i64>) -> (tensor<Bxf32>, tensor<Bxi64>)
          reducer(%a: tensor<f32>, %b: tensor<f32>) (%c: tensor<i64>, %d: tensor<i64>)  {
           %1 = stablehlo.compare LT, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
           %2 = stablehlo.compare EQ, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
           %3 = stablehlo.maximum %a, %b : tensor<f32>
           %4 = stablehlo.minimum %c, %d : tensor<i64>
           %5 = stablehlo.select %1, %d, %c : tensor<i1>, tensor<i64>
           %6 = stablehlo.select %2, %4, %5 : tensor<i1>, tensor<i64>
           stablehlo.return %3, %6 : tensor<f32>, tensor<i64>
         }",
        &[("%t#0", "tensor<Bxf32>"), ("%t#1", "tensor<Bxi64>")],
    );
}

/// An argmin by a reduction keeps the smallest: it uses the logits whole.
#[test]
fn argmin_is_no_argmax() {
    check(
        "%top = stablehlo.constant dense<0x7F800000> : tensor<f32>
         %t = stablehlo.reduce(%z init: %top) applies stablehlo.minimum across dimensions = [1] : (tensor<Bx1024xf32>, tensor<f32>) -> tensor<Bxf32>",
        &[("%t", "tensor<Bxf32>")],
    );
}

#[test]
fn maximum_without_position() {
    check_few(
        "%low = stablehlo.constant dense<0xFF800000> : tensor<f32>
         %t = stablehlo.reduce(%z init: %low) applies stablehlo.maximum across dimensions = [1] : (tensor<Bx1024xf32>, tensor<f32>) -> tensor<Bxf32>",
        &[("%t", "tensor<Bxf32>")],
    );
}

const TOP: [(&str, &str); 2] = [("%v", "tensor<Bx8xf32>"), ("%i", "tensor<Bx8xi32>")];

#[test]
fn top_k_of_chlo() {
    check_few("%v, %i = chlo.top_k(%z, k = 8) : tensor<Bx1024xf32> -> (tensor<Bx8xf32>, tensor<Bx8xi32>)", &TOP);
}

/// Appends private functions to a module.
fn with_functions(text: &str, functions: &str) -> String {
    format!("{text}\n{functions}")
}

#[track_caller]
fn check_with_functions(body: &str, functions: &str, batches: &[u64]) {
    for &batch in batches {
        let functions = functions.replace("<Bx", &format!("<{batch}x"));
        let text = with_functions(&plain(batch, 16, body, &TOP), &functions);
        Case::new(&text, 22).assert_equal_with_all_rows(&["q8", "q4"]);
        Case::new(&text, 23).assert_equal_with_few_rows(&["q8", "q4>q8/4"], 128);
    }
}

#[test]
fn top_k_as_composite() {
    check_with_functions(
        r#"%v, %i = stablehlo.composite "chlo.top_k" %z {composite_attributes = {k = 8 : i64, largest = true}, decomposition = @chlo.top_k.impl} : (tensor<Bx1024xf32>) -> (tensor<Bx8xf32>, tensor<Bx8xi32>)"#,
        "func.func private @chlo.top_k.impl(%a: tensor<Bx1024xf32>) -> (tensor<Bx8xf32>, tensor<Bx8xi32>) {
           %v, %i = chlo.top_k(%a, k = 8) : tensor<Bx1024xf32> -> (tensor<Bx8xf32>, tensor<Bx8xi32>)
           return %v, %i : tensor<Bx8xf32>, tensor<Bx8xi32>
         }",
        &[1, 4],
    );
}

/// `%second` stands beside the logits: their positions, or anything else.
fn approx_top_k(second: &str) -> String {
    format!(
        r#"{second}
         %low = stablehlo.constant dense<0xFF800000> : tensor<f32>
         %none = stablehlo.constant dense<-1> : tensor<i32>
         %t:2 = stablehlo.custom_call @ApproxTopK(%z, %second, %low, %none) {{called_computations = [@comparator], has_side_effect = false, mhlo.backend_config = {{aggregate_to_topk = true, recall_target = 0.95 : f32, reduction_dim = 1 : i64, reduction_input_size_override = -1 : i64, top_k = 8 : i64}}}} : (tensor<Bx1024xf32>, tensor<Bx1024xi32>, tensor<f32>, tensor<i32>) -> (tensor<Bx8xf32>, tensor<Bx8xi32>)
         %v = stablehlo.abs %t#0 : tensor<Bx8xf32>
         %i = stablehlo.abs %t#1 : tensor<Bx8xi32>"#
    )
}

fn comparator(direction: &str) -> String {
    format!(
        "func.func private @comparator(%a: tensor<f32>, %b: tensor<f32>, %c: tensor<i32>, %d: tensor<i32>) -> tensor<i1> {{
           %0 = stablehlo.compare {direction}, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
           return %0 : tensor<i1>
         }}"
    )
}

#[test]
fn approximate_top_k() {
    let positions = "%second = stablehlo.iota dim = 1 : tensor<Bx1024xi32>";
    check_with_functions(&approx_top_k(positions), &comparator("GT"), &[1, 4]);
    // Positions counted from another number: what stands beside an entry goes with it.
    let shifted = "%p = stablehlo.iota dim = 1 : tensor<Bx1024xi32>
         %c = stablehlo.constant dense<5000> : tensor<Bx1024xi32>
         %second = stablehlo.add %p, %c : tensor<Bx1024xi32>";
    check_with_functions(&approx_top_k(shifted), &comparator("GT"), &[4]);
}

/// Of the smallest, which `approx_min_k` takes, nothing is predicted: the logits are used whole.
#[test]
fn approximate_smallest_k() {
    let positions = "%second = stablehlo.iota dim = 1 : tensor<Bx1024xi32>";
    let text = with_functions(&plain(1, 16, &approx_top_k(positions), &TOP), &comparator("LT"));
    Case::new(&text, 24).assert_equal_with_all_rows(&["q8"]);
}

#[test]
fn top_k_of_mhlo() {
    check_few(
        r#"%t:2 = stablehlo.custom_call @mhlo.topk(%z) {mhlo.attributes = {k = 8 : i64, largest = true}, mhlo.version = 1 : i64} : (tensor<Bx1024xf32>) -> (tensor<Bx8xf32>, tensor<Bx8xi32>)
         %v = stablehlo.abs %t#0 : tensor<Bx8xf32>
         %i = stablehlo.abs %t#1 : tensor<Bx8xi32>"#,
        &TOP,
    );
}

#[test]
fn logits_returned_whole() {
    check("", &[LOGITS]);
}

#[test]
fn argmax_and_logits() {
    check(ARGMAX, &[TOKEN[0], LOGITS]);
}

#[test]
fn softmax_and_its_argmax() {
    let softmax = "%low = stablehlo.constant dense<0xFF800000> : tensor<f32>
         %zero = stablehlo.constant dense<0.0> : tensor<f32>
         %m = stablehlo.reduce(%z init: %low) applies stablehlo.maximum across dimensions = [1] : (tensor<Bx1024xf32>, tensor<f32>) -> tensor<Bxf32>
         %mb = stablehlo.broadcast_in_dim %m, dims = [0] : (tensor<Bxf32>) -> tensor<Bx1024xf32>
         %s = stablehlo.subtract %z, %mb : tensor<Bx1024xf32>
         %x = stablehlo.exponential %s : tensor<Bx1024xf32>
         %n = stablehlo.reduce(%x init: %zero) applies stablehlo.add across dimensions = [1] : (tensor<Bx1024xf32>, tensor<f32>) -> tensor<Bxf32>
         %nb = stablehlo.broadcast_in_dim %n, dims = [0] : (tensor<Bxf32>) -> tensor<Bx1024xf32>
         %p = stablehlo.divide %x, %nb : tensor<Bx1024xf32>";
    check(softmax, &[("%p", "tensor<Bx1024xf32>")]);
    let both = format!("{softmax}\n{}", ARGMAX.replace("%z", "%p"));
    check(&both, &[("%p", "tensor<Bx1024xf32>"), TOKEN[0]]);
}

/// Two products whose sum is taken: one is rewritten, the other stays.
#[test]
fn the_sum_of_two_products() {
    let body = format!(
        "{}\n%y = stablehlo.dot_general %g, %w, contracting_dims = [1] x [1] : (tensor<Bx16xf32>, tensor<1024x16xf32>) -> tensor<Bx1024xf32>
         %e = stablehlo.add %z, %y : tensor<Bx1024xf32>\n{}",
        dot(16),
        ARGMAX.replace("%z", "%e")
    );
    let args =
        r#"%h: tensor<Bx16xf32> loc("h"), %g: tensor<Bx16xf32> loc("g"), %w: tensor<1024x16xf32> loc("params['w']")"#;
    for batch in [1, 4] {
        Case::new(&module(batch, args, &body, TOKEN), 25).assert_equal_with_all_rows(&["q8", "q4"]);
    }
}
