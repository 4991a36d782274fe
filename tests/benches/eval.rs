//! How long the interpreter takes for a decode step.
//!
//! *step20m*: one token through gated feed-forward blocks and a vocabulary product of 20 million
//! `f32` parameters in all, with softmax and arg-max; every parameter is read once. *tiny*: the
//! decode step in testdata, which is mostly small operations.

use std::fmt::Write;

use criterion::{Criterion, Throughput};
use hire_compiler::eval::{self, Options, Tensor, Value};
use hire_compiler::front::text;
use hire_compiler::ir::{ElementType, Module, Type};
use hire_tests::workspace;

const WIDTH: usize = 512;
const HIDDEN: usize = 2048;
const LAYERS: usize = 4;
const VOCABULARY: usize = 14_488;

fn main() {
    let tiny = std::fs::read_to_string(workspace("testdata/tiny/model.mlir")).expect("the tiny model is in testdata");
    let mut criterion = Criterion::default().configure_from_args().sample_size(10);
    let mut group = criterion.benchmark_group("eval");
    for (name, source) in [("step20m", step()), ("tiny", tiny)] {
        let module = text::parse(&source).expect("the text is a module");
        let (args, bytes) = arguments(&module);
        let entry = module.funcs[module.entry().expect("the module has an entry")].name.clone();
        group.throughput(Throughput::Bytes(bytes));
        group.bench_function(name, |b| {
            b.iter(|| eval::evaluate_with(&module, &entry, args.clone(), &Options::default()).expect("the step runs"));
        });
    }
    group.finish();
    criterion.final_summary();
}

/// `LAYERS` blocks `x + down(gate(x) * up(x))`, then the largest of the softmax over the vocabulary.
fn step() -> String {
    let (x, up, down) = (format!("1x{WIDTH}xf32"), format!("{WIDTH}x{HIDDEN}xf32"), format!("{HIDDEN}x{WIDTH}xf32"));
    let (h, logits, head) =
        (format!("1x{HIDDEN}xf32"), format!("1x{VOCABULARY}xf32"), format!("{VOCABULARY}x{WIDTH}xf32"));
    let mut text = format!("func.func @main(%x0: tensor<{x}>, %head: tensor<{head}>");
    for l in 0..LAYERS {
        write!(text, ", %g{l}: tensor<{up}>, %u{l}: tensor<{up}>, %d{l}: tensor<{down}>").expect("strings grow");
    }
    text.push_str(") -> tensor<1xf32> {\n");
    let product = |text: &mut String, name: &str, lhs: (&str, &str), rhs: (&str, &str), out: &str, dim: usize| {
        let ((a, ta), (b, tb)) = (lhs, rhs);
        let types = format!("(tensor<{ta}>, tensor<{tb}>) -> tensor<{out}>");
        writeln!(text, "  %{name} = stablehlo.dot_general %{a}, %{b}, contracting_dims = [1] x [{dim}] : {types}")
            .expect("strings grow");
    };
    for l in 0..LAYERS {
        let input = format!("x{l}");
        product(&mut text, &format!("p{l}"), (&input, &x), (&format!("g{l}"), &up), &h, 0);
        product(&mut text, &format!("q{l}"), (&input, &x), (&format!("u{l}"), &up), &h, 0);
        writeln!(text, "  %s{l} = stablehlo.logistic %p{l} : tensor<{h}>").expect("strings grow");
        writeln!(text, "  %m{l} = stablehlo.multiply %s{l}, %q{l} : tensor<{h}>").expect("strings grow");
        product(&mut text, &format!("y{l}"), (&format!("m{l}"), &h), (&format!("d{l}"), &down), &x, 0);
        writeln!(text, "  %x{} = stablehlo.add %x{l}, %y{l} : tensor<{x}>", l + 1).expect("strings grow");
    }
    product(&mut text, "z", (&format!("x{LAYERS}"), &x), ("head", &head), &logits, 1);
    let reduce = |name: &str, of: &str, init: &str, op: &str| {
        format!(
            "  %{name} = stablehlo.reduce(%{of} init: %{init}) applies stablehlo.{op} across dimensions = [1] : \
             (tensor<{logits}>, tensor<f32>) -> tensor<1xf32>\n"
        )
    };
    text.push_str("  %zero = stablehlo.constant dense<0.0> : tensor<f32>\n");
    writeln!(text, "  %e = stablehlo.exponential %z : tensor<{logits}>").expect("strings grow");
    text.push_str(&reduce("sum", "e", "zero", "add"));
    text.push_str(&reduce("top", "e", "zero", "maximum"));
    text.push_str("  %share = stablehlo.divide %top, %sum : tensor<1xf32>\n  return %share : tensor<1xf32>\n}\n");
    text
}

/// Reproducible arguments for the entry, and the bytes they take.
fn arguments(module: &Module) -> (Vec<Value>, u64) {
    let entry = &module.funcs[module.entry().expect("the module has an entry")];
    let (mut state, mut total) = (1u64, 0);
    let mut number = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 40) as f32 / 16_777_216.0 - 0.5) * 0.1
    };
    let mut argument = |ty: &Type| {
        let ty = ty.as_tensor().expect("the entry takes tensors");
        let count = ty.element_count().expect("the entry's types are static") as usize;
        let mut bytes = vec![0; count * ty.element.byte_size()];
        match ty.element {
            ElementType::F32 => bytes.chunks_exact_mut(4).for_each(|b| b.copy_from_slice(&number().to_le_bytes())),
            ElementType::BF16 => {
                bytes.chunks_exact_mut(2).for_each(|b| b.copy_from_slice(&number().to_le_bytes()[2..]))
            }
            _ => {}
        }
        total += bytes.len() as u64;
        Value::Tensor(Tensor::new(ty, bytes).expect("the bytes are those of the type"))
    };
    let args = entry.ty.inputs.iter().map(&mut argument).collect();
    (args, total)
}
