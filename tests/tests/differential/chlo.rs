//! The operations of CHLO: the interpreter's own arithmetic against the plugin's expansions.

use crate::cases::Case;
use crate::compare::Tolerance::{self, Bits, Exact, Relative, Ulps, UnsignedZero};
use crate::data::Fill::{self, Bits as Any, Positive, Special, Unit};

const WIDE: [&str; 2] = ["f32", "f64"];
const COMPLEX: [&str; 2] = ["complex<f32>", "complex<f64>"];
const INTEGERS: [&str; 4] = ["i8", "i32", "i64", "ui32"];
const COUNT: usize = 200;

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = unary();
    cases.extend(complex());
    cases.extend(binary());
    cases.extend(broadcasting());
    cases.extend(structured());
    cases
}

fn ty(element: &str) -> String {
    format!("{COUNT}x{element}")
}

/// An operation of operands of one type.
fn operation(op: &str, from: &str, to: &str, fills: &[Fill], tolerance: Tolerance) -> Case {
    let (from_ty, to_ty) = (ty(from), ty(to));
    let inputs: Vec<(&str, Fill)> = fills.iter().map(|&fill| (from_ty.as_str(), fill)).collect();
    let operands: Vec<String> = (0..fills.len()).map(|at| format!("%a{at}")).collect();
    let types = vec![format!("tensor<{from_ty}>"); fills.len()].join(", ");
    let body = format!("%r0 = \"chlo.{op}\"({}) : ({types}) -> tensor<{to_ty}>", operands.join(", "));
    Case::new(format!("chlo.{op} {from}"), &inputs, body, &[&to_ty], tolerance)
}

/// Functions of one float, what they are given, and how far XLA's approximations are from the interpreter, in units
/// of the last place of f32 and f64.
const FUNCTIONS: [(&str, Fill, u32, u32); 14] = [
    ("acos", Unit, 4, 4),
    ("acosh", Positive, 8, 8),
    ("asin", Unit, 4, 4),
    ("asinh", Unit, 8, 8),
    ("atan", Unit, 4, 4),
    ("atanh", Unit, 4, 256),
    ("bessel_i1e", Unit, 8, 8),
    ("cosh", Unit, 8, 8),
    ("erf", Unit, 4, 4),
    ("erf_inv", Unit, 8, 32),
    ("erfc", Unit, 8, 8),
    ("sinh", Unit, 8, 8),
    ("square", Special(0), 0, 0),
    ("tan", Unit, 8, 8),
];

fn unary() -> Vec<Case> {
    let mut cases = Vec::new();
    for (op, fill, single, double) in FUNCTIONS {
        cases.push(operation(op, "f32", "f32", &[fill], Ulps(single)));
        cases.push(operation(op, "f64", "f64", &[fill], Ulps(double)));
        // Mostly computed in a wider type, so that only the last rounding can differ.
        let last = match op {
            "square" => Exact,
            "acosh" | "asinh" => Ulps(4),
            _ => Ulps(1),
        };
        cases.extend(["f16", "bf16"].map(|e| operation(op, e, e, &[fill], last)));
    }
    for e in WIDE {
        let share = Relative(if e == "f32" { 2e-6 } else { 1e-12 });
        cases.extend(["lgamma", "digamma"].map(|op| operation(op, e, e, &[Positive], share)));
    }
    for e in ["f16", "bf16", "f32", "f64"] {
        cases.extend(["is_inf", "is_neg_inf", "is_pos_inf"].map(|op| operation(op, e, "i1", &[Special(0)], Bits)));
    }
    cases.extend(INTEGERS.map(|e| operation("mulhi", e, e, &[Special(0), Special(1)], Bits)));
    cases
}

fn complex() -> Vec<Case> {
    let mut cases = Vec::new();
    for e in COMPLEX {
        let share = Relative(if e == "complex<f32>" { 2e-6 } else { 4e-14 });
        let ops = ["acos", "acosh", "asin", "asinh", "atan", "atanh", "cosh", "sinh", "square", "tan"];
        cases.extend(ops.map(|op| operation(op, e, e, &[Unit], share)));
        cases.push(operation("conj", e, e, &[Unit], Exact));
    }
    cases
}

fn binary() -> Vec<Case> {
    let mut cases = Vec::new();
    for e in WIDE {
        let share = Relative(if e == "f32" { 4e-6 } else { 4e-12 });
        cases.push(operation("next_after", e, e, &[Unit, Unit], Exact));
        for order in ["0.0", "1.0", "3.0"] {
            let t = ty(e);
            let body = format!(
                "%n = stablehlo.constant dense<{order}> : tensor<{t}>\n  \
                 %r0 = chlo.polygamma %n, %a0 : tensor<{t}>, tensor<{t}> -> tensor<{t}>"
            );
            cases.push(Case::new(format!("chlo.polygamma {order} {e}"), &[(&t, Positive)], body, &[&t], share));
        }
        cases.push(operation("zeta", e, e, &[Positive, Positive], share));
    }
    cases
}

/// Operands of shapes 5 and 4x5.
fn broadcasting() -> Vec<Case> {
    let case = |op: &str, e: &str, to: &str, attrs: &str, tolerance| {
        let (small, large, out) = (format!("5x{e}"), format!("4x5x{e}"), format!("4x5x{to}"));
        let body = format!(
            "%r0 = \"chlo.broadcast_{op}\"(%a0, %a1) {{{attrs}}} : (tensor<{small}>, tensor<{large}>) -> tensor<{out}>"
        );
        Case::new(
            format!("chlo.broadcast_{op} {e}"),
            &[(&small, Positive), (&large, Positive)],
            body,
            &[&out],
            tolerance,
        )
    };
    let mut cases = Vec::new();
    for op in ["add", "subtract", "multiply", "divide", "remainder", "next_after"] {
        cases.push(case(op, "f32", "f32", "", Exact));
    }
    for op in ["maximum", "minimum"] {
        cases.push(case(op, "f32", "f32", "broadcast_dimensions = array<i64: 1>", UnsignedZero));
    }
    for (op, tolerance) in [("atan2", Ulps(4)), ("power", Ulps(2)), ("zeta", Relative(4e-6))] {
        cases.push(case(op, "f32", "f32", "", tolerance));
    }
    for op in ["and", "or", "xor", "shift_left", "shift_right_arithmetic", "shift_right_logical"] {
        cases.push(case(op, "i32", "i32", "", Bits));
    }
    cases.push(case("compare", "f32", "i1", "comparison_direction = #chlo<comparison_direction LT>", Bits));
    cases.push(case("complex", "f32", "complex<f32>", "", Bits));
    let body = "%n = stablehlo.constant dense<2.0> : tensor<5xf32>\n  \
                %r0 = chlo.broadcast_polygamma %n, %a0 : (tensor<5xf32>, tensor<4x5xf32>) -> tensor<4x5xf32>";
    cases.push(Case::new("chlo.broadcast_polygamma f32", &[("4x5xf32", Positive)], body, &["4x5xf32"], Relative(4e-6)));
    let body = "%r0 = \"chlo.broadcast_select\"(%a0, %a1, %a2) : (tensor<i1>, tensor<5xf32>, tensor<4x5xf32>) -> tensor<4x5xf32>";
    let inputs = [("i1", Any), ("5xf32", Unit), ("4x5xf32", Unit)];
    cases.push(Case::new("chlo.broadcast_select", &inputs, body, &["4x5xf32"], Bits));
    cases
}

fn structured() -> Vec<Case> {
    let mut cases = Vec::new();
    for e in ["f32", "bf16", "i32"] {
        let (t, out) = (format!("3x20x{e}"), format!("3x4x{e}"));
        let body = format!("%r0, %r1 = chlo.top_k(%a0, k = 4) : tensor<{t}> -> (tensor<{out}>, tensor<3x4xi32>)");
        cases.push(Case::new(format!("chlo.top_k {e}"), &[(&t, Unit)], body, &[&out, "3x4xi32"], Exact));
    }
    let body = "%r0 = chlo.constant dense<[1.5, -2.0]> : tensor<2xf32>";
    cases.push(Case::new("chlo.constant", &[], body, &["2xf32"], Bits));
    let body = "%r0 = \"chlo.constant_like\"(%a0) {value = 3.0 : f32} : (tensor<3x4xf32>) -> tensor<3x4xf32>";
    cases.push(Case::new("chlo.constant_like", &[("3x4xf32", Any)], body, &["3x4xf32"], Bits));
    let body = "%s = stablehlo.constant dense<[4, 5, 2]> : tensor<3xi32>\n  \
                %r0 = \"chlo.ragged_dot\"(%a0, %a1, %s) {ragged_dot_dimension_numbers = #chlo.ragged_dot<lhs_contracting_dimensions = [1], \
                rhs_contracting_dimensions = [1], lhs_ragged_dimensions = [0], rhs_group_dimensions = [0]>} \
                : (tensor<11x5xf32>, tensor<3x5x7xf32>, tensor<3xi32>) -> tensor<11x7xf32>";
    let inputs = [("11x5xf32", Unit), ("3x5x7xf32", Unit)];
    cases.push(Case::new("chlo.ragged_dot", &inputs, body, &["11x7xf32"], Relative(1e-6)));
    let body = "%r0, %r1 = \"chlo.scan\"(%a0, %a1) ({\n  ^bb0(%x: tensor<3xf32>, %c: tensor<3xf32>):\n    \
                %s = stablehlo.add %x, %c : tensor<3xf32>\n    stablehlo.return %s, %s : tensor<3xf32>, tensor<3xf32>\n  }) \
                {dimension = 1 : i64, operandSegmentSizes = array<i32: 1, 1>, resultSegmentSizes = array<i32: 1, 1>} \
                : (tensor<3x4xf32>, tensor<3xf32>) -> (tensor<3x4xf32>, tensor<3xf32>)";
    cases.push(Case::new("chlo.scan", &[("3x4xf32", Unit), ("3xf32", Unit)], body, &["3x4xf32", "3xf32"], Exact));
    cases
}
