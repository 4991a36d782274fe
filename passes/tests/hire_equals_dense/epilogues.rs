//! What happens to logits between the product and the selection.

use super::harness::Case;
use super::modules::{ARGMAX, TOKEN, dot, module, plain};

/// The epilogue turns `%z` into `%e`; then an argmax, of which also the largest value is returned.
fn with_epilogue(batch: u64, extra: &str, epilogue: &str) -> String {
    let args = format!(
        "%h: tensor<Bx16xf32> loc(\"h\"), %w: tensor<1024x16xf32> loc(\"params['w']\"){}{extra}",
        if extra.is_empty() { "" } else { ", " }
    );
    let body = format!(
        "{}\n{epilogue}
        %t = call @argmax(%e) : (tensor<Bx1024xf32>) -> tensor<Bxi32>
        %low = stablehlo.constant dense<0xFF800000> : tensor<f32>
        %m = stablehlo.reduce(%e init: %low) applies stablehlo.maximum across dimensions = [1] : (tensor<Bx1024xf32>, tensor<f32>) -> tensor<Bxf32>",
        dot(16)
    );
    module(batch, &args, &body, &[("%t", "tensor<Bxi32>"), ("%m", "tensor<Bxf32>")])
}

#[track_caller]
fn check(extra: &str, epilogue: &str) {
    for (batch, predictor) in [(1, "q8"), (4, "q4")] {
        Case::new(&with_epilogue(batch, extra, epilogue), 7).assert_equal_with_all_rows(&[predictor]);
    }
    // The epilogue decides which rows are selected, so few must do as well.
    for batch in [1, 4] {
        Case::new(&with_epilogue(batch, extra, epilogue), 8).assert_equal_with_few_rows(&["q8", "q4>q8"], 64);
    }
}

#[test]
fn soft_capping() {
    check(
        "",
        "%c = stablehlo.constant dense<3.0> : tensor<f32>
         %b = stablehlo.broadcast_in_dim %c, dims = [] : (tensor<f32>) -> tensor<Bx1024xf32>
         %1 = stablehlo.divide %z, %b : tensor<Bx1024xf32>
         %2 = stablehlo.tanh %1 : tensor<Bx1024xf32>
         %e = stablehlo.multiply %2, %b : tensor<Bx1024xf32>",
    );
}

#[test]
fn scales_of_either_sign() {
    for scale in ["0.25", "-0.25"] {
        check(
            "",
            &format!(
                "%c = stablehlo.constant dense<{scale}> : tensor<Bx1024xf32>
                 %e = stablehlo.multiply %c, %z : tensor<Bx1024xf32>"
            ),
        );
    }
    check("", "%e = stablehlo.negate %z : tensor<Bx1024xf32>");
}

#[test]
fn bias_vector() {
    check(
        "%bias: tensor<1024xf32> loc(\"params['bias']\")",
        "%b = stablehlo.broadcast_in_dim %bias, dims = [1] : (tensor<1024xf32>) -> tensor<Bx1024xf32>
         %e = stablehlo.add %z, %b : tensor<Bx1024xf32>",
    );
}

/// A bias that reaches the shape of the logits by way of a row vector, and one for each row.
#[test]
fn bias_by_other_ways() {
    check(
        "%bias: tensor<1024xf32> loc(\"params['bias']\")",
        "%r = stablehlo.reshape %bias : (tensor<1024xf32>) -> tensor<1x1024xf32>
         %b = stablehlo.broadcast_in_dim %r, dims = [0, 1] : (tensor<1x1024xf32>) -> tensor<Bx1024xf32>
         %e = stablehlo.subtract %z, %b : tensor<Bx1024xf32>",
    );
    check("%bias: tensor<Bx1024xf32> loc(\"noise\")", "%e = stablehlo.add %bias, %z : tensor<Bx1024xf32>");
}

/// Of a temperature of a negative sign the smallest logit is the largest.
#[test]
fn temperature_of_unknown_sign() {
    let epilogue = "%b = stablehlo.broadcast_in_dim %temperature, dims = [0] : (tensor<Bxf32>) -> tensor<Bx1024xf32>
         %e = stablehlo.divide %z, %b : tensor<Bx1024xf32>";
    check("%temperature: tensor<Bxf32> loc(\"temperature\")", epilogue);
    let text = with_epilogue(4, "%temperature: tensor<Bxf32> loc(\"temperature\")", epilogue);
    Case::new(&text, 9).with("temperature", &[0.7, -0.7, 2.0, -3.0]).assert_equal_with_few_rows(&["q8", "q4>q8"], 64);
}

#[test]
fn masks() {
    // Of a vocabulary padded to 1024, by position.
    check(
        "",
        "%i = stablehlo.iota dim = 1 : tensor<Bx1024xi32>
         %n = stablehlo.constant dense<1000> : tensor<Bx1024xi32>
         %p = stablehlo.compare LT, %i, %n, SIGNED : (tensor<Bx1024xi32>, tensor<Bx1024xi32>) -> tensor<Bx1024xi1>
         %out = stablehlo.constant dense<0xFF800000> : tensor<Bx1024xf32>
         %e = stablehlo.select %p, %z, %out : tensor<Bx1024xi1>, tensor<Bx1024xf32>",
    );
    // Given at run time.
    check(
        "%p: tensor<Bx1024xi1> loc(\"mask\")",
        "%out = stablehlo.constant dense<-1.0e9> : tensor<Bx1024xf32>
         %e = stablehlo.select %p, %out, %z : tensor<Bx1024xi1>, tensor<Bx1024xf32>",
    );
}

/// Clamping makes ties, of which the first is taken, wherever it stands.
#[test]
fn clamps_that_make_ties() {
    check(
        "",
        "%c = stablehlo.constant dense<1.0e3> : tensor<Bx1024xf32>
         %e = stablehlo.maximum %z, %c : tensor<Bx1024xf32>",
    );
    check(
        "",
        "%1 = stablehlo.negate %z : tensor<Bx1024xf32>
         %2 = stablehlo.abs %1 : tensor<Bx1024xf32>
         %3 = stablehlo.negate %2 : tensor<Bx1024xf32>
         %e = stablehlo.floor %3 : tensor<Bx1024xf32>",
    );
    check(
        "",
        "%lo = stablehlo.constant dense<-0.5> : tensor<f32>
         %hi = stablehlo.constant dense<0.5> : tensor<f32>
         %e = stablehlo.clamp %lo, %z, %hi : (tensor<f32>, tensor<Bx1024xf32>, tensor<f32>) -> tensor<Bx1024xf32>",
    );
}

/// The logarithm of a negative logit is NaN, which an argmax takes first and a top-k first or last, as its
/// sign is. Only with all rows is the outcome the same.
#[test]
fn logarithms_of_negative_logits() {
    for function in ["log", "sqrt"] {
        let epilogue = format!("%e = stablehlo.{function} %z : tensor<Bx1024xf32>");
        Case::new(&with_epilogue(4, "", &epilogue), 7).assert_equal_with_all_rows(&["q8"]);
    }
}

#[test]
fn conversions() {
    for element in ["bf16", "f16"] {
        check(
            "",
            &format!(
                "%1 = stablehlo.convert %z : (tensor<Bx1024xf32>) -> tensor<Bx1024x{element}>
                 %e = stablehlo.convert %1 : (tensor<Bx1024x{element}>) -> tensor<Bx1024xf32>"
            ),
        );
    }
}

#[test]
fn reshapes_transposes_and_broadcasts_between() {
    check(
        "%bias: tensor<1024xf32> loc(\"params['bias']\")",
        "%1 = stablehlo.broadcast_in_dim %z, dims = [1, 2] : (tensor<Bx1024xf32>) -> tensor<1xBx1024xf32>
         %2 = stablehlo.transpose %1, dims = [2, 0, 1] : (tensor<1xBx1024xf32>) -> tensor<1024x1xBxf32>
         %b = stablehlo.broadcast_in_dim %bias, dims = [0] : (tensor<1024xf32>) -> tensor<1024x1xBxf32>
         %3 = stablehlo.add %2, %b : tensor<1024x1xBxf32>
         %4 = stablehlo.reshape %3 : (tensor<1024x1xBxf32>) -> tensor<1024xBxf32>
         %e = stablehlo.transpose %4, dims = [1, 0] : (tensor<1024xBxf32>) -> tensor<Bx1024xf32>",
    );
}

/// Where two ways from the product meet, the logits are used whole.
#[test]
fn ways_that_part_and_meet() {
    for meeting in [
        "%1 = stablehlo.logistic %z : tensor<Bx1024xf32>\n%e = stablehlo.multiply %z, %1 : tensor<Bx1024xf32>",
        "%e = stablehlo.multiply %z, %z : tensor<Bx1024xf32>",
        "%1 = stablehlo.negate %z : tensor<Bx1024xf32>\n%2 = stablehlo.tanh %z : tensor<Bx1024xf32>\n%e = stablehlo.maximum %1, %2 : tensor<Bx1024xf32>",
    ] {
        for batch in [1, 4] {
            Case::new(&with_epilogue(batch, "", meeting), 10).assert_equal_with_all_rows(&["q8"]);
        }
    }
}

/// Sixty places where ways part and meet: as many ways as grains of sand.
#[test]
fn many_ways_take_no_time() {
    let mut body = String::new();
    let mut last = "%z".to_owned();
    for i in 0..60 {
        body += &format!(
            "%a{i} = stablehlo.tanh {last} : tensor<1x1024xf32>\n%b{i} = stablehlo.negate {last} : tensor<1x1024xf32>\n%c{i} = stablehlo.add %a{i}, %b{i} : tensor<1x1024xf32>\n"
        );
        last = format!("%c{i}");
    }
    let text = plain(1, 16, &format!("{body}{}", ARGMAX.replace("%z", &last)), TOKEN);
    Case::new(&text, 11).rewritten(&super::harness::REWRITE, "q8", 64, 1);
}
