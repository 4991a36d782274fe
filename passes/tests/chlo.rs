//! The expansion of CHLO computes what CHLO says.
//!
//! The reference is the interpreter, which evaluates CHLO's functions of f32 and narrower in f64, and those of
//! f64 to a few units in the last place by other means than the expansions. Units are of the result's element
//! type; near a zero of the result that is not one of the formula, an absolute bound holds instead.

use std::path::Path;

use hire_compiler::eval::{self, Options, Tensor, Value};
use hire_compiler::front::text;
use hire_compiler::ir::{ElementType, FloatFormat, Module};
use hire_passes::PassContext;
use hire_passes::pipeline;

fn expand(module: &Module) -> Module {
    let mut module = module.clone();
    let passes = pipeline::by_name(["expand-chlo"]).unwrap();
    pipeline::run(&mut module, &passes, &mut PassContext::new(), |_, _| {}).unwrap_or_else(|e| panic!("{e}"));
    module
}

/// Runs `@main` on tensors of f64 numbers rounded to `element`.
fn run(module: &Module, element: &ElementType, arguments: &[Vec<f64>]) -> Vec<f64> {
    let format = FloatFormat::of(element).expect("the tests are of floats");
    let main = &module.funcs[module.entry().expect("a main")];
    let values = arguments.iter().zip(&main.ty.inputs).map(|(numbers, ty)| {
        let width = element.byte_size();
        let bytes: Vec<u8> = numbers.iter().flat_map(|&n| format.encode(n).to_le_bytes()[..width].to_vec()).collect();
        Value::Tensor(Tensor::new(ty.as_tensor().unwrap(), bytes).unwrap())
    });
    let outcome = eval::evaluate_with(module, "main", values.collect(), &Options::default());
    let outcome = outcome.unwrap_or_else(|error| panic!("{error}"));
    let tensor = outcome.results[0].as_tensor().unwrap().clone();
    tensor
        .bytes()
        .chunks(element.byte_size())
        .map(|bytes| {
            let mut wide = [0; 8];
            wide[..bytes.len()].copy_from_slice(bytes);
            format.decode(u64::from_le_bytes(wide))
        })
        .collect()
}

/// The distance of two numbers in units of the last place of the larger; `None` when they are of different kinds.
fn ulps(a: f64, b: f64, element: &ElementType) -> Option<f64> {
    if a.is_nan() && b.is_nan() || a == b {
        return Some(0.0);
    }
    let finite = a.is_finite() && b.is_finite();
    let (digits, least) = match element {
        ElementType::F64 => (52, -1022),
        ElementType::F32 => (23, -126),
        ElementType::BF16 => (7, -126),
        ElementType::F16 => (10, -14),
        other => panic!("no test is of {other}"),
    };
    let exponent = (a.abs().max(b.abs()).log2().floor() as i32).max(least);
    // In two steps, as the unit itself may be too small a number.
    finite.then(|| ((a - b) * 2f64.powi(-exponent / 2) * 2f64.powi(digits - exponent - -exponent / 2)).abs())
}

/// A sequence of numbers that is the same in every run (xorshift), between 0 and 1.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// Where functions are hard: at zeros, poles and bounds, next to them, far out and close to zero.
const HARD: &[f64] = &[
    0.0,
    1.0,
    0.5,
    1.5,
    2.0,
    2.5,
    3.0,
    8.0,
    9.0,
    10.0,
    20.0,
    50.0,
    88.0,
    89.2,
    100.0,
    700.0,
    1e4,
    1e10,
    1e19,
    1e30,
    3e38,
    0.999,
    0.9999,
    0.999999,
    0.9999999,
    1.0000002,
    1.0001,
    1.01,
    1e-3,
    1e-5,
    1e-10,
    1e-20,
    1e-30,
    0.1,
    0.25,
    0.75,
    3.7,
    3.8,
    4.0,
    5.0,
    6.0,
    1.4616,
    f64::INFINITY,
];

fn points(range: (f64, f64)) -> Vec<f64> {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let mut points: Vec<f64> = HARD.iter().flat_map(|&x| [x, -x]).filter(|x| *x >= range.0 && *x <= range.1).collect();
    points.push(f64::NAN);
    let (low, high) = (range.0.max(-40.0), range.1.min(40.0));
    points.extend((0..400).map(|_| low + (high - low) * numbers.next()));
    points.extend((0..100).map(|_| (numbers.next() - 0.5) * 4.0).filter(|x| *x >= range.0 && *x <= range.1));
    points
}

fn module(op: &str, operands: usize, count: usize, element: &ElementType) -> Module {
    let ty = format!("tensor<{count}x{element}>");
    let (args, types): (Vec<_>, Vec<_>) = (0..operands).map(|i| (format!("%a{i}"), ty.clone())).unzip();
    let declared: Vec<_> = args.iter().map(|arg| format!("{arg}: {ty}")).collect();
    let text = format!(
        "func.func @main({}) -> {ty} {{\n  %0 = chlo.{op} {} : {} -> {ty}\n  return %0 : {ty}\n}}",
        declared.join(", "),
        args.join(", "),
        types.join(", ")
    );
    text::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The worst point of an expansion.
struct Worst {
    ulps: f64,
    what: String,
}

/// Evaluates an operation and its expansion; errors below `absolute` do not count.
fn worst(op: &str, element: &ElementType, arguments: &[Vec<f64>], absolute: f64) -> Worst {
    let module = module(op, arguments.len(), arguments[0].len(), element);
    let worst = worst_of(&module, element, arguments, absolute);
    Worst { what: format!("{op} of {}", worst.what), ..worst }
}

fn worst_of(module: &Module, element: &ElementType, arguments: &[Vec<f64>], absolute: f64) -> Worst {
    let format = FloatFormat::of(element).unwrap();
    let arguments: Vec<Vec<f64>> =
        arguments.iter().map(|list| list.iter().map(|&x| format.decode(format.encode(x))).collect()).collect();
    let expanded = expand(module);
    let (expected, actual) = (run(module, element, &arguments), run(&expanded, element, &arguments));
    let mut worst = Worst { ulps: 0.0, what: String::new() };
    for (i, (&e, &a)) in expected.iter().zip(&actual).enumerate() {
        let distance = ulps(e, a, element).unwrap_or(f64::INFINITY);
        if distance > worst.ulps && ((e - a).abs() > absolute || !distance.is_finite()) {
            let at: Vec<f64> = arguments.iter().map(|list| list[i]).collect();
            worst = Worst { ulps: distance, what: format!("{element} at {at:?}: {a:e}, expected {e:e}") };
        }
    }
    worst
}

const ALL: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);

/// Function, range of the points, units allowed in f32 and in f64, absolute error allowed in f32 and f64.
type Row = (&'static str, (f64, f64), [f64; 2], [f64; 2]);

const FUNCTIONS: &[Row] = &[
    ("acos", ALL, [3.0, 3.0], [0.0, 0.0]),
    ("acosh", ALL, [3.0, 3.0], [0.0, 0.0]),
    ("asin", ALL, [3.0, 3.0], [0.0, 0.0]),
    ("asinh", ALL, [3.0, 3.0], [0.0, 0.0]),
    ("atan", ALL, [3.0, 3.0], [0.0, 0.0]),
    ("atanh", ALL, [3.0, 3.0], [0.0, 0.0]),
    ("bessel_i1e", ALL, [16.0, 16.0], [0.0, 0.0]),
    ("cosh", ALL, [3.0, 3.0], [0.0, 0.0]),
    ("sinh", ALL, [3.0, 3.0], [0.0, 0.0]),
    ("digamma", ALL, [8.0, 16.0], [1e-6, 2e-15]),
    ("lgamma", ALL, [16.0, 8.0], [2e-6, 4e-15]),
    ("erf", ALL, [3.0, 3.0], [0.0, 0.0]),
    ("erfc", ALL, [8.0, 8.0], [0.0, 0.0]),
    ("erf_inv", ALL, [6.0, 6.0], [0.0, 0.0]),
    ("tan", ALL, [0.0, 0.0], [0.0, 0.0]),
    ("square", ALL, [0.0, 0.0], [0.0, 0.0]),
    ("conj", ALL, [0.0, 0.0], [0.0, 0.0]),
];

#[test]
fn functions_are_as_accurate_as_stated() {
    let mut failed = Vec::new();
    for (op, range, allowed, absolute) in FUNCTIONS {
        for (i, element) in [ElementType::F32, ElementType::F64].into_iter().enumerate() {
            let worst = worst(op, &element, &[points(*range)], absolute[i]);
            println!("{op} {element}: {} {}", worst.ulps, worst.what);
            if worst.ulps > allowed[i] {
                failed.push(worst.what);
            }
        }
        // Computed in f32 and rounded: one rounding more than the interpreter's.
        for element in [ElementType::BF16, ElementType::F16] {
            let worst = worst(op, &element, &[points(*range)], absolute[0]);
            if worst.ulps > 1.0 {
                failed.push(worst.what);
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

fn pairs(firsts: &[f64], seconds: &[f64]) -> [Vec<f64>; 2] {
    let all: Vec<(f64, f64)> = firsts.iter().flat_map(|&a| seconds.iter().map(move |&b| (a, b))).collect();
    [all.iter().map(|p| p.0).collect(), all.iter().map(|p| p.1).collect()]
}

#[test]
fn functions_of_two_numbers_are_as_accurate_as_stated() {
    let orders = [0.0, 1.0, 2.0, 3.0, 5.0, 0.5, -1.0, f64::NAN];
    let exponents = [1.0, 1.5, 2.0, 2.5, 3.0, 7.0, 20.0, 0.5, 1.0001, f64::NAN];
    let places = [0.25, 0.5, 1.0, 1.5, 2.0, 3.7, 9.5, 25.0, 400.0, 1e6, 0.0, -1.0, -2.0, f64::NAN];
    let mut steps: Vec<f64> = HARD.iter().flat_map(|&x| [x, -x]).collect();
    steps.push(f64::NAN);
    let rows = [
        ("zeta", pairs(&exponents, &places), [8.0, 16.0]),
        ("polygamma", pairs(&orders, &places), [24.0, 64.0]),
        ("next_after", pairs(&steps, &steps), [0.0, 0.0]),
    ];
    let mut failed = Vec::new();
    for (op, arguments, allowed) in rows {
        for (element, allowed) in [ElementType::F32, ElementType::F64].into_iter().zip(allowed) {
            let worst = worst(op, &element, &arguments, if element == ElementType::F32 { 1e-6 } else { 2e-15 });
            println!("{op} {element}: {} {}", worst.ulps, worst.what);
            if worst.ulps > allowed {
                failed.push(worst.what);
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

const COMPLEX: &[&str] = &["acos", "acosh", "asin", "asinh", "atan", "atanh", "conj", "cosh", "sinh", "square"];

/// Real and imaginary parts of an operation on complex numbers.
fn complex_module(op: &str, count: usize, element: &ElementType, part: &str) -> Module {
    let (ty, whole) = (format!("tensor<{count}x{element}>"), format!("tensor<{count}xcomplex<{element}>>"));
    let text = format!(
        "func.func @main(%re: {ty}, %im: {ty}) -> {ty} {{
          %z = stablehlo.complex %re, %im : {whole}
          %0 = chlo.{op} %z : {whole} -> {whole}
          %1 = stablehlo.{part} %0 : ({whole}) -> {ty}
          return %1 : {ty}
        }}"
    );
    text::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

#[test]
fn functions_of_complex_numbers_are_as_accurate_as_stated() {
    let sizes =
        [0.0, 1e-30, 1e-10, 1e-3, 0.3, 0.5, 0.999, 1.0, 1.001, 1.5, 2.0, 10.0, 80.0, 1e5, 1e15, 1e30, f64::INFINITY];
    let signed: Vec<f64> = sizes.iter().flat_map(|&x| [x, -x]).collect();
    let arguments = pairs(&signed, &signed);
    let mut failed = Vec::new();
    for op in COMPLEX {
        for element in [ElementType::F32, ElementType::F64] {
            for part in ["real", "imag"] {
                let module = complex_module(op, arguments[0].len(), &element, part);
                let worst = worst_of(&module, &element, &arguments, 0.0);
                println!("{op} {part} {element}: {} {}", worst.ulps, worst.what);
                if worst.ulps > 2.0 {
                    failed.push(format!("{op} {part}: {}", worst.what));
                }
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// Tests of the interpreter that hold to two units, where the expansions need more.
const LESS_ACCURATE: &[(&str, &str)] = &[
    ("chlo.mlir", "bessel_i1e_f64"),
    ("chlo.mlir", "digamma_f32"),
    ("chlo.mlir", "lgamma_f64"),
    ("chlo.mlir", "lgamma_f32"),
    ("chlo.mlir", "polygamma_f64"),
    ("chlo_broadcast.mlir", "polygamma"),
];

/// The modules of `testdata/eval` that test CHLO hold their checks after the expansion, too.
#[test]
fn the_interpreter_s_own_tests_hold_after_the_expansion() {
    let mut checks = 0;
    for name in ["chlo.mlir", "chlo_broadcast.mlir", "sorting.mlir", "products.mlir", "reductions.mlir"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/eval").join(name);
        let source = std::fs::read_to_string(&path).unwrap();
        for module in text::parse_many(&source) {
            let module = expand(&module.unwrap());
            let report = eval::run_checks(&module, &Options::default());
            let messages: Vec<_> = report.failures.iter().map(|f| f.message.clone()).collect();
            let function = &module.funcs[module.func_ids().next().unwrap()].name;
            let holds = report.holds() || LESS_ACCURATE.contains(&(name, function.as_str()));
            assert!(holds, "{name}, @{function}: {messages:?} {:?}", report.error);
            let printed = hire_compiler::print::print_module(&module, &Default::default());
            assert!(!printed.contains("chlo."), "{printed}");
            checks += report.checks;
        }
    }
    assert!(checks > 100, "only {checks} checks ran");
}
