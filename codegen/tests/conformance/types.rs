//! Every element-wise operation, reductions and products on every element type, against the interpreter: on all kinds of
//! numbers, with fixed seeds.

use hire_artifact::ElementType;
use hire_compiler::ir::Module;
use hire_compiler::{eval, front, valid};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use rayon::prelude::*;

use super::batch;
use super::program::Program;

/// Elements of each operand: not a multiple of any vector.
const COUNT: usize = 37;

/// By how much complex numbers may always be off.
const COMPLEX_ULPS: u64 = 4;

/// Operations of one operand, and how far floats may be off in units in the last place.
const UNARY: &[(&str, u64)] = &[
    ("abs", 0),
    ("cbrt", 2),
    ("ceil", 0),
    ("cosine", 2),
    ("count_leading_zeros", 0),
    ("exponential", 2),
    ("exponential_minus_one", 2),
    ("floor", 0),
    ("log", 2),
    ("log_plus_one", 2),
    ("logistic", 4),
    ("negate", 0),
    ("not", 0),
    ("popcnt", 0),
    ("round_nearest_afz", 0),
    ("round_nearest_even", 0),
    ("rsqrt", 2),
    ("sign", 0),
    ("sine", 2),
    ("sqrt", 0),
    ("tan", 2),
    ("tanh", 4),
];

/// The same of two.
const BINARY: &[(&str, u64)] = &[
    ("add", 0),
    ("and", 0),
    ("atan2", 2),
    ("divide", 0),
    ("maximum", 0),
    ("minimum", 0),
    ("multiply", 0),
    ("or", 0),
    ("power", 2),
    ("remainder", 0),
    ("shift_left", 0),
    ("shift_right_arithmetic", 0),
    ("shift_right_logical", 0),
    ("subtract", 0),
    ("xor", 0),
];

const DIRECTIONS: [&str; 6] = ["EQ", "NE", "GE", "GT", "LE", "LT"];

/// A program, and by how many units in the last place it may be off.
type Case = (String, String, u64);

/// The bytes of an operand as the text of a constant.
fn constant(dtype: ElementType, seed: u64) -> String {
    let mut rng = StdRng::seed_from_u64(seed);
    let text: Vec<String> = (0..COUNT).map(|at| element(dtype, at, &mut rng)).collect();
    format!("dense<[{}]> : tensor<{COUNT}x{dtype}>", text.join(", "))
}

/// Floats of both signs and what is special among them; integers of the whole range, and small ones.
fn element(dtype: ElementType, at: usize, rng: &mut StdRng) -> String {
    // Infinities, a NaN, and the smallest number.
    let special: &[&str] = match dtype {
        ElementType::F64 => &["0x7FF0000000000000", "0xFFF0000000000000", "0x7FF8000000000000", "0x0000000000000001"],
        ElementType::F32 => &["0x7F800000", "0xFF800000", "0x7FC00000", "0x00000001"],
        ElementType::Bf16 => &["0x7F80", "0xFF80", "0x7FC0", "0x0001"],
        ElementType::F16 => &["0x7C00", "0xFC00", "0x7E00", "0x0001"],
        _ => &[],
    };
    if at % 9 == 2 && !special.is_empty() {
        return special[rng.random_range(0..special.len())].to_owned();
    }
    let float = |rng: &mut StdRng| match at % 9 {
        0 => ["0.0", "-0.0", "1.0", "-1.0", "0.5", "-2.5"][rng.random_range(0..6)].to_owned(),
        1 => format!("{:e}", rng.random_range(-100.0..100.0f64)),
        _ => format!("{:e}", rng.random_range(-4.0..4.0f64)),
    };
    match dtype {
        ElementType::I1 => rng.random::<bool>().to_string(),
        ElementType::ComplexF32 | ElementType::ComplexF64 => format!("({}, {})", float(rng), float(rng)),
        _ if dtype.name().starts_with('f') || dtype.name().starts_with('b') => float(rng),
        _ => {
            let (bits, signed) = (dtype.bits(), !dtype.name().starts_with('u'));
            let value: u64 = if at.is_multiple_of(3) { rng.random_range(0..9) } else { rng.random() };
            let value = value & (u64::MAX >> (64 - bits));
            let shift = 64 - bits;
            if signed { (((value << shift) as i64) >> shift).to_string() } else { value.to_string() }
        }
    }
}

fn cases(dtype: ElementType) -> Vec<Case> {
    let ty = format!("tensor<{COUNT}x{dtype}>");
    let (a, b) = (constant(dtype, 1), constant(dtype, 2));
    let source = |op: &str, result: &str| {
        format!(
            "func.func @main() -> {result} {{
               %a = stablehlo.constant {a}
               %b = stablehlo.constant {b}
               %r = {op}
               func.return %r : {result}
             }}"
        )
    };
    let mut cases = Vec::new();
    for (name, ulps) in UNARY {
        cases.push((format!("{name} {dtype}"), source(&format!("stablehlo.{name} %a : {ty}"), &ty), *ulps));
    }
    for (name, ulps) in BINARY {
        // Powers of complex numbers are functions of functions, whose errors the exponent multiplies.
        let is_complex = matches!(dtype, ElementType::ComplexF32 | ElementType::ComplexF64);
        let ulps = if is_complex && *name == "power" { 512 } else { *ulps };
        cases.push((format!("{name} {dtype}"), source(&format!("stablehlo.{name} %a, %b : {ty}"), &ty), ulps));
    }
    let truth = format!("tensor<{COUNT}xi1>");
    for direction in DIRECTIONS {
        let op = format!("stablehlo.compare {direction}, %a, %b : ({ty}, {ty}) -> {truth}");
        cases.push((format!("compare {direction} {dtype}"), source(&op, &truth), 0));
    }
    let op = format!("stablehlo.is_finite %a : ({ty}) -> {truth}");
    cases.push((format!("is_finite {dtype}"), source(&op, &truth), 0));
    let is_float = dtype.name().starts_with('f') || dtype.name().starts_with('b');
    let is_complex = dtype.name().starts_with('c');
    let scalar = format!("tensor<{dtype}>");
    for name in ["add", "and", "maximum", "minimum", "multiply", "or", "xor"] {
        // Sums and products of floats depend on their order.
        if (is_float || is_complex) && matches!(name, "add" | "multiply") {
            continue;
        }
        let op = format!(
            "stablehlo.slice %b [0:1] : ({ty}) -> tensor<1x{dtype}>
             %s = stablehlo.reshape %first : (tensor<1x{dtype}>) -> {scalar}
             %r = stablehlo.reduce(%a init: %s) applies stablehlo.{name} across dimensions = [0] : ({ty}, {scalar}) -> {scalar}"
        );
        let text = source(&op, &scalar).replacen("%r = ", "%first = ", 1);
        cases.push((format!("reduce {name} {dtype}"), text, 0));
    }
    for to in ElementType::all() {
        let result = format!("tensor<{COUNT}x{to}>");
        let op = format!("stablehlo.convert %a : ({ty}) -> {result}");
        cases.push((format!("convert {dtype} to {to}"), source(&op, &result), 0));
    }
    cases
}

/// The module, if the operation takes such types.
fn module(source: &str) -> Option<Module> {
    let module = front::text::parse(source).ok()?;
    valid::verify(&module).ok()?;
    Some(module)
}

/// What the interpreter gives, with the type of the elements.
fn expected(module: &Module) -> Option<(ElementType, Vec<u8>)> {
    let results = eval::evaluate(module, "main", &[]).ok()?;
    let tensor = results.first()?.as_tensor()?;
    let dtype = tensor.ty().element.name()?.parse().ok()?;
    Some((dtype, tensor.bytes().to_vec()))
}

/// The first element that differs by too much. Complex numbers may be off by so many units in the last place of their
/// modulus, at least [`COMPLEX_ULPS`].
fn difference(dtype: ElementType, have: &[u8], want: &[u8], ulps: u64) -> Option<String> {
    let pairs = have.chunks_exact(dtype.host_bytes()).zip(want.chunks_exact(dtype.host_bytes())).enumerate();
    pairs.into_iter().find_map(|(at, (a, b))| {
        let epsilon = match dtype {
            ElementType::ComplexF32 => Some(f64::from(f32::EPSILON)),
            ElementType::ComplexF64 => Some(f64::EPSILON),
            _ => None,
        };
        let near = || match epsilon {
            Some(epsilon) => is_near_in_modulus(a, b, epsilon * ulps.max(COMPLEX_ULPS) as f64),
            None => is_near(dtype, a, b, ulps),
        };
        (a != b && !near()).then(|| format!("element {at} is {a:?}, not {b:?}"))
    })
}

fn is_near_in_modulus(a: &[u8], b: &[u8], tolerance: f64) -> bool {
    let part = |bytes: &[u8]| match bytes.try_into() {
        Ok(double) => f64::from_le_bytes(double),
        Err(_) => f64::from(f32::from_le_bytes(bytes.try_into().expect("a part has 4 or 8 bytes"))),
    };
    let parts = |bytes: &[u8]| (part(&bytes[..bytes.len() / 2]), part(&bytes[bytes.len() / 2..]));
    let ((a, b), (c, d)) = (parts(a), parts(b));
    let same = |x: f64, y: f64| x == y || (x.is_nan() && y.is_nan()) || (x - y).abs() <= tolerance * c.hypot(d);
    same(a, c) && same(b, d)
}

/// Whether two floats are NaN, equal, or close in the order of their patterns. Functions may give zero for a subnormal
/// number.
fn is_near(dtype: ElementType, a: &[u8], b: &[u8], ulps: u64) -> bool {
    let (exponent, least, width) = match dtype {
        ElementType::F64 => (0x7ff0_0000_0000_0000, 1 << 52, 64),
        ElementType::F32 => (0x7f80_0000, 1 << 23, 32),
        ElementType::Bf16 => (0x7f80, 1 << 7, 16),
        ElementType::F16 => (0x7c00, 1 << 10, 16),
        _ => return false,
    };
    let bits = |bytes: &[u8]| {
        let mut word = [0; 8];
        word[..bytes.len()].copy_from_slice(bytes);
        u64::from_le_bytes(word)
    };
    let magnitude = |bits: u64| bits & !(1 << (width - 1));
    let (a, b) = (bits(a), bits(b));
    if magnitude(a) > exponent || magnitude(b) > exponent {
        return magnitude(a) > exponent && magnitude(b) > exponent;
    }
    if ulps > 0 && magnitude(a).max(magnitude(b)) < least {
        return true;
    }
    let signed = |bits: u64| if bits == magnitude(bits) { bits as i64 } else { -(magnitude(bits) as i64) };
    signed(a).abs_diff(signed(b)) <= ulps
}

#[test]
fn every_operation_agrees_with_the_interpreter_on_every_type() {
    let cases: Vec<Case> = ElementType::all().flat_map(cases).collect();
    let ready: Vec<(Program, ElementType, Vec<u8>, u64)> = cases
        .par_iter()
        .filter_map(|(name, source, ulps)| {
            let module = module(source)?;
            let (dtype, bytes) = expected(&module)?;
            let program = Program::without_checks(name.clone(), &module, module.entry()?);
            Some((program, dtype, bytes, *ulps))
        })
        .collect();
    assert!(ready.len() > 1200, "only {} of {} programs are valid", ready.len(), cases.len());
    let wrong: Vec<String> = ready
        .par_chunks(super::BATCH)
        .flat_map_iter(|chunk| {
            let programs: Vec<&Program> = chunk.iter().map(|case| &case.0).collect();
            let outcomes = batch::run(&programs);
            let lines = chunk.iter().zip(outcomes).filter_map(|((program, dtype, want, ulps), outcome)| {
                let what = match outcome {
                    Ok(results) => difference(*dtype, &results[0], want, *ulps)?,
                    Err(error) => error,
                };
                Some(format!("{}: {what}", program.name))
            });
            lines.collect::<Vec<_>>()
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} programs\n{}", wrong.len(), ready.len(), wrong.join("\n"));
}
