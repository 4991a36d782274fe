//! Element-wise operations: every one, on every element type that it takes.

use crate::cases::Case;
use crate::compare::Tolerance::{self, Bits, Exact, Ulps, UnsignedZero};
use crate::data::Fill;

const FLOATS: [&str; 4] = ["f16", "bf16", "f32", "f64"];
const COMPLEX: [&str; 2] = ["complex<f32>", "complex<f64>"];
const SIGNED: [&str; 4] = ["i8", "i16", "i32", "i64"];
const UNSIGNED: [&str; 4] = ["ui8", "ui16", "ui32", "ui64"];
const NARROW: [&str; 5] = ["f8E4M3FN", "f8E5M2", "f8E4M3FNUZ", "f8E5M2FNUZ", "f8E4M3B11FNUZ"];
/// Every special float beside every other one, and 75 ordinary ones.
const COUNT: usize = 700;

/// Functions of one float that are not correctly rounded, and how far XLA's are from the interpreter's on f32 and
/// f64, which are within one unit of the last place of the exact value. XLA approximates by polynomials on f32; on f16 and
/// bf16 both compute in a wider type, so that only the last rounding can differ.
const TRANSCENDENTAL: [(&str, u32, u32); 13] = [
    ("cbrt", 2, 2),
    ("cosine", 2, 2),
    ("exponential", 2, 2),
    ("exponential_minus_one", 4, 4),
    ("log", 2, 2),
    ("log_plus_one", 4, 4),
    ("logistic", 4, 4),
    ("rsqrt", 2, 2),
    ("sine", 2, 2),
    ("tan", 4, 4),
    ("tanh", 8, 8),
    ("power", 2, 2),
    ("atan2", 4, 4),
];

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = unary();
    cases.extend(binary());
    cases.extend(compare());
    cases.extend(select_and_clamp());
    cases.extend(conversions());
    cases.extend(complex_parts());
    cases
}

fn ty(element: &str) -> String {
    format!("{COUNT}x{element}")
}

fn tolerance(op: &str, element: &str) -> Tolerance {
    match TRANSCENDENTAL.iter().find(|(name, ..)| *name == op) {
        None => Exact,
        Some((_, single, _)) if element == "f32" => Ulps(*single),
        Some((.., double)) if element == "f64" => Ulps(*double),
        Some(_) => Ulps(1),
    }
}

/// An operation whose operands all have the type `from`.
fn operation(op: &str, arity: usize, from: &str, to: &str, fill: fn(usize) -> Fill, tolerance: Tolerance) -> Case {
    let (from_ty, to_ty) = (ty(from), ty(to));
    let inputs: Vec<(&str, Fill)> = (0..arity).map(|at| (from_ty.as_str(), fill(at))).collect();
    let operands: Vec<String> = (0..arity).map(|at| format!("%a{at}")).collect();
    let types = vec![format!("tensor<{from_ty}>"); arity].join(", ");
    let body = format!("%r0 = \"stablehlo.{op}\"({}) : ({types}) -> tensor<{to_ty}>", operands.join(", "));
    Case::new(format!("{op} {from}"), &inputs, body, &[&to_ty], tolerance)
}

fn unary() -> Vec<Case> {
    let mut cases = Vec::new();
    let mut add = |op: &str, element: &str, fill: fn(usize) -> Fill, tolerance| {
        let to = match op {
            "is_finite" => "i1",
            "abs" => element.strip_prefix("complex<").map_or(element, |part| part.trim_end_matches('>')),
            _ => element,
        };
        cases.push(operation(op, 1, element, to, fill, tolerance));
    };
    let exact =
        ["abs", "negate", "sign", "ceil", "floor", "round_nearest_afz", "round_nearest_even", "is_finite", "sqrt"];
    let transcendental = TRANSCENDENTAL.iter().map(|(op, ..)| *op).filter(|op| !["power", "atan2"].contains(op));
    for element in FLOATS {
        exact.iter().for_each(|op| add(op, element, Fill::Special, Exact));
        transcendental.clone().for_each(|op| add(op, element, Fill::Special, tolerance(op, element)));
    }
    for element in COMPLEX {
        ["negate"].iter().for_each(|op| add(op, element, |_| Fill::Unit, Exact));
        let functions = transcendental.clone().filter(|op| *op != "cbrt").chain(["abs", "sign", "sqrt"]);
        let share = if element == "complex<f32>" { 1e-6 } else { 1e-14 };
        functions.for_each(|op| add(op, element, |_| Fill::Unit, Tolerance::Relative(share)));
    }
    for element in SIGNED {
        ["abs", "sign"].iter().for_each(|op| add(op, element, Fill::Special, Exact));
    }
    for element in SIGNED.into_iter().chain(UNSIGNED) {
        ["negate", "not", "popcnt", "count_leading_zeros"].iter().for_each(|op| add(op, element, Fill::Special, Bits));
    }
    add("not", "i1", Fill::Special, Bits);
    cases
}

fn binary() -> Vec<Case> {
    let mut cases = Vec::new();
    let mut add = |op: &str, element: &str, fill: fn(usize) -> Fill, tolerance| {
        cases.push(operation(op, 2, element, element, fill, tolerance));
    };
    for element in FLOATS {
        for op in ["add", "subtract", "multiply", "divide", "remainder", "power", "atan2"] {
            add(op, element, Fill::Special, tolerance(op, element));
        }
        // XLA's CPU code compares fast, and gives the other operand for a NaN on the right.
        ["maximum", "minimum"].iter().for_each(|op| add(op, element, Fill::Ordered, UnsignedZero));
    }
    for element in COMPLEX {
        ["add", "subtract"].iter().for_each(|op| add(op, element, |_| Fill::Unit, Exact));
        let share = if element == "complex<f32>" { 1e-6 } else { 1e-14 };
        ["multiply", "divide", "power"]
            .iter()
            .for_each(|op| add(op, element, |_| Fill::Unit, Tolerance::Relative(share)));
    }
    for element in SIGNED.into_iter().chain(UNSIGNED) {
        for op in [
            "add",
            "subtract",
            "multiply",
            "divide",
            "remainder",
            "maximum",
            "minimum",
            "and",
            "or",
            "xor",
            "shift_left",
            "shift_right_logical",
            "shift_right_arithmetic",
        ] {
            add(op, element, Fill::Special, Bits);
        }
        // XLA looks at six bits of the exponent.
        add("power", element, |at| if at == 0 { Fill::Special(0) } else { Fill::Below(63) }, Bits);
    }
    ["add", "multiply", "maximum", "minimum", "and", "or", "xor"]
        .iter()
        .for_each(|op| add(op, "i1", Fill::Special, Bits));
    cases
}

fn compare() -> Vec<Case> {
    let mut cases = Vec::new();
    let kinds = |element: &str| match element {
        "i1" => vec!["UNSIGNED"],
        _ if element.starts_with("ui") => vec!["UNSIGNED"],
        _ if element.starts_with('i') => vec!["SIGNED"],
        _ if element.starts_with("complex") => vec!["FLOAT"],
        _ => vec!["FLOAT", "TOTALORDER"],
    };
    for element in FLOATS.into_iter().chain(COMPLEX).chain(SIGNED).chain(UNSIGNED).chain(["i1"]) {
        let directions: &[&str] =
            if element.starts_with("complex") { &["EQ", "NE"] } else { &["EQ", "NE", "LT", "LE", "GT", "GE"] };
        for kind in kinds(element) {
            let (from, to) = (ty(element), ty("i1"));
            let body: Vec<String> = directions
                .iter()
                .enumerate()
                .map(|(at, direction)| {
                    let op = format!("%r{at} = stablehlo.compare {direction}, %a0, %a1, {kind}");
                    format!("{op} : (tensor<{from}>, tensor<{from}>) -> tensor<{to}>")
                })
                .collect();
            let results = vec![to.as_str(); directions.len()];
            let inputs = [(from.as_str(), Fill::Special(0)), (from.as_str(), Fill::Special(1))];
            cases.push(Case::new(format!("compare {kind} {element}"), &inputs, body.join("\n  "), &results, Bits));
        }
    }
    cases
}

fn select_and_clamp() -> Vec<Case> {
    let mut cases = Vec::new();
    for element in FLOATS.into_iter().chain(COMPLEX).chain(SIGNED).chain(UNSIGNED).chain(["i1"]) {
        let (t, p) = (ty(element), ty("i1"));
        let body = format!("%r0 = stablehlo.select %a0, %a1, %a2 : tensor<{p}>, tensor<{t}>");
        let inputs = [(p.as_str(), Fill::Bits), (t.as_str(), Fill::Bits), (t.as_str(), Fill::Bits)];
        // XLA computes bf16 as f32, which makes signalling NaNs quiet.
        let tolerance = if element == "bf16" { Exact } else { Bits };
        cases.push(Case::new(format!("select {element}"), &inputs, body, &[&t], tolerance));
        if !element.starts_with("complex") {
            let body = format!("%r0 = stablehlo.clamp %a0, %a1, %a2 : tensor<{t}>");
            // A NaN, as in maximum and minimum.
            let inputs = [0, 1, 0].map(|at| (t.as_str(), Fill::Ordered(at)));
            cases.push(Case::new(format!("clamp {element}"), &inputs, body, &[&t], UnsignedZero));
        }
    }
    cases
}

fn conversions() -> Vec<Case> {
    let mut cases = Vec::new();
    let all = || FLOATS.into_iter().chain(SIGNED).chain(UNSIGNED).chain(["i1"]);
    for from in all() {
        // Floats beyond the range of an integer type are implementation-defined.
        let inside = |_| Fill::Unit;
        for to in all().chain(COMPLEX).filter(|to| *to != from) {
            let to_integer = FLOATS.contains(&from) && to.contains('i');
            let fill = if to_integer { inside } else { Fill::Special };
            let mut case = operation("convert", 1, from, to, fill, Exact);
            case.name = format!("convert {from} to {to}");
            cases.push(case);
        }
    }
    for narrow in NARROW {
        for (from, to) in [(narrow, "f32"), ("f32", narrow), ("f16", narrow), ("bf16", narrow)] {
            let fill: fn(usize) -> Fill = if from == narrow { |_| Fill::Bits } else { |_| Fill::Unit };
            let mut case = operation("convert", 1, from, to, fill, Exact);
            case.name = format!("convert {from} to {to}");
            cases.push(case);
        }
    }
    for (from, to) in [("f32", "i32"), ("i16", "bf16"), ("f64", "ui64"), ("ui8", "i8"), ("i64", "f64")] {
        let mut case = operation("bitcast_convert", 1, from, to, |_| Fill::Bits, Bits);
        case.name = format!("bitcast_convert {from} to {to}");
        cases.push(case);
    }
    for (from, to) in [("f32", "700x4xi8"), ("i64", "700x2xf32")] {
        let body = format!("%r0 = stablehlo.bitcast_convert %a0 : (tensor<{}>) -> tensor<{to}>", ty(from));
        cases.push(Case::new(format!("bitcast_convert {from} to {to}"), &[(&ty(from), Fill::Bits)], body, &[to], Bits));
    }
    for element in ["f16", "bf16", "f32", "f64"] {
        for (exponent, mantissa) in [(5, 2), (8, 7), (4, 3), (5, 10)] {
            let body = format!(
                "%r0 = \"stablehlo.reduce_precision\"(%a0) {{exponent_bits = {exponent} : i32, mantissa_bits = {mantissa} : i32}} \
                 : (tensor<{t}>) -> tensor<{t}>",
                t = ty(element)
            );
            let name = format!("reduce_precision e{exponent}m{mantissa} {element}");
            cases.push(Case::new(name, &[(&ty(element), Fill::Special(0))], body, &[&ty(element)], Exact));
        }
    }
    cases
}

fn complex_parts() -> Vec<Case> {
    let mut cases = Vec::new();
    for part in ["f32", "f64"] {
        let (p, c) = (ty(part), ty(&format!("complex<{part}>")));
        let body = format!(
            "%c = stablehlo.complex %a0, %a1 : tensor<{c}>\n  \
             %r0 = stablehlo.real %c : (tensor<{c}>) -> tensor<{p}>\n  \
             %r1 = stablehlo.imag %c : (tensor<{c}>) -> tensor<{p}>"
        );
        let inputs = [(p.as_str(), Fill::Special(0)), (p.as_str(), Fill::Special(1))];
        cases.push(Case::new(format!("complex, real and imag {part}"), &inputs, body, &[&p, &p], Bits));
    }
    cases
}
