//! Products, linear algebra, normalization and random numbers.

use crate::cases::Case;
use crate::compare::Tolerance::{self, Bits, Relative};
use crate::data::Fill::{Bits as Any, Definite, Positive, Unit};
use crate::structured::ALL;

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = products();
    cases.extend(linear_algebra());
    cases.extend(normalization());
    cases.extend(random());
    cases
}

/// How far two orders of a sum of some dozens of numbers may be apart.
fn sum_tolerance(e: &str) -> Tolerance {
    match e {
        "f16" => Relative(2e-3),
        "bf16" => Relative(1e-2),
        "f32" | "complex<f32>" => Relative(1e-6),
        "f64" | "complex<f64>" => Relative(1e-15),
        _ => Bits,
    }
}

fn products() -> Vec<Case> {
    let mut cases = Vec::new();
    for e in ALL.into_iter().filter(|e| *e != "i1") {
        let (lhs, rhs, out) = (format!("2x5x16x{e}"), format!("2x16x7x{e}"), format!("2x5x7x{e}"));
        let body = format!(
            "%r0 = stablehlo.dot_general %a0, %a1, batching_dims = [0] x [0], contracting_dims = [2] x [1] \
             : (tensor<{lhs}>, tensor<{rhs}>) -> tensor<{out}>"
        );
        cases.push(Case::new(
            format!("dot_general {e}"),
            &[(&lhs, Unit), (&rhs, Unit)],
            body,
            &[&out],
            sum_tolerance(e),
        ));
        let (lhs, rhs, out) = (format!("3x16x{e}"), format!("16x{e}"), format!("3x{e}"));
        let body = format!("%r0 = stablehlo.dot %a0, %a1 : (tensor<{lhs}>, tensor<{rhs}>) -> tensor<{out}>");
        cases.push(Case::new(format!("dot {e}"), &[(&lhs, Unit), (&rhs, Unit)], body, &[&out], sum_tolerance(e)));
        let (lhs, rhs, out) = (format!("2x8x9x3x{e}"), format!("3x2x3x4x{e}"), format!("2x4x8x4x{e}"));
        let body = format!(
            "%r0 = stablehlo.convolution(%a0, %a1) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], \
             window = {{stride = [2, 1], pad = [[1, 0], [0, 1]], rhs_dilate = [1, 2]}} \
             {{batch_group_count = 1 : i64, feature_group_count = 1 : i64}} : (tensor<{lhs}>, tensor<{rhs}>) -> tensor<{out}>"
        );
        cases.push(Case::new(
            format!("convolution {e}"),
            &[(&lhs, Unit), (&rhs, Unit)],
            body,
            &[&out],
            sum_tolerance(e),
        ));
    }
    let body = "%r0 = stablehlo.dot_general %a0, %a1, contracting_dims = [1] x [0] : (tensor<4x32xi8>, tensor<32x5xi8>) -> tensor<4x5xi32>";
    cases.push(Case::new("dot_general i8 to i32", &[("4x32xi8", Any), ("32x5xi8", Any)], body, &["4x5xi32"], Bits));
    let body = "%r0 = stablehlo.dot_general %a0, %a1, contracting_dims = [1] x [0] : (tensor<4x32xbf16>, tensor<32x5xbf16>) -> tensor<4x5xf32>";
    cases.push(Case::new(
        "dot_general bf16 to f32",
        &[("4x32xbf16", Unit), ("32x5xbf16", Unit)],
        body,
        &["4x5xf32"],
        Relative(1e-6),
    ));
    let body = "%r0 = \"stablehlo.einsum\"(%a0, %a1) {einsum_config = \"ij,jk->ik\"} : (tensor<3x8xf32>, tensor<8x2xf32>) -> tensor<3x2xf32>";
    cases.push(Case::new("einsum f32", &[("3x8xf32", Unit), ("8x2xf32", Unit)], body, &["3x2xf32"], Relative(1e-6)));
    let body = "%r0 = \"stablehlo.unary_einsum\"(%a0) {einsum_config = \"ij->i\"} : (tensor<3x8xf32>) -> tensor<3xf32>";
    cases.push(Case::new("unary_einsum f32", &[("3x8xf32", Unit)], body, &["3xf32"], Relative(1e-6)));
    cases
}

fn linear_algebra() -> Vec<Case> {
    let mut cases = Vec::new();
    for (e, share) in [("f32", 2e-6), ("f64", 4e-15)] {
        let (t, m) = (format!("2x6x6x{e}"), format!("2x6x3x{e}"));
        // The other triangle of a factor is left open.
        let mask = format!(
            "%i = stablehlo.iota dim = 1 : tensor<2x6x6xi32>\n  %j = stablehlo.iota dim = 2 : tensor<2x6x6xi32>\n  \
             %c = stablehlo.compare GE, %i, %j : (tensor<2x6x6xi32>, tensor<2x6x6xi32>) -> tensor<2x6x6xi1>\n  \
             %z = stablehlo.constant dense<0.0> : tensor<{t}>\n  %r0 = stablehlo.select %c, %l, %z : tensor<2x6x6xi1>, tensor<{t}>"
        );
        let body = format!("%l = stablehlo.cholesky %a0, lower = true : tensor<{t}>\n  {mask}");
        cases.push(Case::new(format!("cholesky {e}"), &[(&t, Definite)], body, &[&t], Relative(share)));
        for (lower, transpose) in [(true, "NO_TRANSPOSE"), (false, "TRANSPOSE")] {
            let body = format!(
                "%r0 = \"stablehlo.triangular_solve\"(%a0, %a1) {{left_side = true, lower = {lower}, unit_diagonal = false, \
                 transpose_a = #stablehlo<transpose {transpose}>}} : (tensor<{t}>, tensor<{m}>) -> tensor<{m}>"
            );
            let inputs = [(t.as_str(), Definite), (m.as_str(), Unit)];
            cases.push(Case::new(format!("triangular_solve {transpose} {e}"), &inputs, body, &[&m], Relative(share)));
        }
        let (c, r, h) = (format!("2x8xcomplex<{e}>"), format!("2x8x{e}"), format!("2x5xcomplex<{e}>"));
        for (kind, from, to) in [("FFT", &c, &c), ("IFFT", &c, &c), ("RFFT", &r, &h), ("IRFFT", &h, &r)] {
            let body =
                format!("%r0 = stablehlo.fft %a0, type = {kind}, length = [8] : (tensor<{from}>) -> tensor<{to}>");
            cases.push(Case::new(format!("fft {kind} {e}"), &[(from, Unit)], body, &[to], Relative(share)));
        }
    }
    cases
}

fn normalization() -> Vec<Case> {
    let (x, c) = ("tensor<2x5x3xf32>", "tensor<3xf32>");
    let inputs = [("2x5x3xf32", Unit), ("3xf32", Unit), ("3xf32", Unit), ("3xf32", Unit), ("3xf32", Positive)];
    let training = format!(
        "%r0, %r1, %r2 = \"stablehlo.batch_norm_training\"(%a0, %a1, %a2) {{epsilon = 0.1 : f32, feature_index = 2 : i64}} \
         : ({x}, {c}, {c}) -> ({x}, {c}, {c})"
    );
    let inference = format!(
        "%r0 = \"stablehlo.batch_norm_inference\"(%a0, %a1, %a2, %a3, %a4) {{epsilon = 0.1 : f32, feature_index = 2 : i64}} \
         : ({x}, {c}, {c}, {c}, {c}) -> {x}"
    );
    let grad = format!(
        "%r0, %r1, %r2 = \"stablehlo.batch_norm_grad\"(%a0, %a1, %a2, %a4, %a0) {{epsilon = 0.1 : f32, feature_index = 2 : i64}} \
         : ({x}, {c}, {c}, {c}, {x}) -> ({x}, {c}, {c})"
    );
    vec![
        Case::new("batch_norm_training f32", &inputs[..3], training, &["2x5x3xf32", "3xf32", "3xf32"], Relative(1e-5)),
        Case::new("batch_norm_inference f32", &inputs, inference, &["2x5x3xf32"], Relative(1e-5)),
        Case::new("batch_norm_grad f32", &inputs, grad, &["2x5x3xf32", "3xf32", "3xf32"], Relative(1e-5)),
    ]
}

/// The generators, number for number, and the state they leave.
fn random() -> Vec<Case> {
    let mut cases = Vec::new();
    for (algorithm, state) in
        [("THREE_FRY", "2xui64"), ("PHILOX", "2xui64"), ("PHILOX", "3xui64"), ("DEFAULT", "3xui64")]
    {
        for out in ["7xui32", "4x6xui32", "3x5xui32", "9xui64", "2x5xui64", "10xui8", "5xui16", "ui32"] {
            let body = format!(
                "%r0, %r1 = stablehlo.rng_bit_generator %a0, algorithm = {algorithm} : (tensor<{state}>) -> (tensor<{state}>, tensor<{out}>)"
            );
            let name = format!("rng_bit_generator {algorithm} {state} {out}");
            cases.push(Case::new(name, &[(state, Any)], body, &[state, out], Bits));
        }
    }
    cases
}
