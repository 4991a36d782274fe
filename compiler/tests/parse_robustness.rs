//! The text parser on texts that nobody wrote.

use hire_compiler::diag::Source;
use hire_compiler::front::text;
use hire_compiler::print;
use proptest::prelude::*;

/// Pieces of real programs, in an order that makes little sense.
const SOUP: &[&str] = &[
    "module",
    "@m",
    "attributes",
    "func.func",
    "public",
    "private",
    "@main",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "<",
    ">",
    "->",
    ":",
    "::",
    ",",
    "=",
    "-",
    "+",
    "*",
    "?",
    "%0",
    "%1",
    "%arg0",
    "%0:2",
    "%0#1",
    "^bb0",
    "#loc1",
    "#loc",
    "!t",
    "loc",
    "to",
    "\"f.py\"",
    "callsite",
    "at",
    "fused",
    "unknown",
    "1",
    "0",
    "-1",
    "0x7F",
    "1.5",
    "1e5",
    "true",
    "false",
    "dense",
    "dense_resource",
    "array",
    "i1",
    "i32",
    "i64",
    "f32",
    "bf16",
    "index",
    "tensor",
    "tensor<2x3xf32>",
    "tensor<?xf32>",
    "tensor<*xi32>",
    "tuple",
    "complex<f32>",
    "!stablehlo.token",
    "!quant.uniform<i8:f32:0, {1.0, 2.0:3}>",
    "\"0xFF00\"",
    "stablehlo.add",
    "stablehlo.while",
    "stablehlo.reduce",
    "stablehlo.dot_general",
    "stablehlo.constant",
    "stablehlo.convolution",
    "stablehlo.slice",
    "stablehlo.custom_call",
    "stablehlo.composite",
    "stablehlo.compare",
    "stablehlo.return",
    "chlo.top_k",
    "chlo.scan",
    "sdy.mesh",
    "sdy.manual_computation",
    "check.expect_eq_const",
    "call",
    "return",
    "cond",
    "do",
    "applies",
    "across",
    "dimensions",
    "reducer",
    "init",
    "contracting_dims",
    "x",
    "dim_numbers",
    "window",
    "pad",
    "\"stablehlo.sort\"",
    "\"foo.bar\"",
    "<{",
    "}>",
    "({",
    "})",
    "{-#",
    "#-}",
    "dialect_resources",
    "builtin",
    "#stablehlo.gather<offset_dims = [1]>",
    "#stablehlo<precision HIGH>",
    "#sdy.sharding<@mesh, [{\"x\"}]>",
    "dense<1.0> : tensor<f32>",
    "dense<[1, 2]> : tensor<2xi64>",
    "// note",
    "\n",
    "\n#loc1 = loc(\"a\")\n",
    "\n!t = tensor<f32>\n",
    "\u{e9}",
    "\"\\00\"",
    "LT",
    "DEFAULT",
    "dims",
    "window = {stride = [1]}",
];

/// Parses; what comes back must be printable, if it is a module, and renderable, if it is not.
fn survive(text: &str) {
    for result in text::parse_many(text) {
        match result {
            Ok(module) => drop(print::print_module(&module, &print::Options::default())),
            Err(errors) => drop(Source { name: "fuzz", text }.render_all(&errors)),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_text_is_survived(text in ".{0,200}") {
        survive(&text);
    }

    #[test]
    fn arbitrary_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = hire_compiler::front::parse(bytes.into());
    }

    #[test]
    fn token_soup_is_survived(pieces in prop::collection::vec(prop::sample::select(SOUP), 0..60)) {
        survive(&pieces.join(" "));
    }

    #[test]
    fn a_function_of_token_soup_is_survived(pieces in prop::collection::vec(prop::sample::select(SOUP), 0..40)) {
        survive(&format!("func.func @f(%arg0: tensor<2x3xf32>, %1: tensor<f32>) {{ {} }}", pieces.join(" ")));
    }

    #[test]
    fn a_program_with_a_piece_cut_or_put_in_is_survived(
        at in 0usize..PROGRAM.len(),
        cut in 0usize..12,
        piece in prop::sample::select(SOUP),
    ) {
        let boundary = |mut at: usize| { while !PROGRAM.is_char_boundary(at) { at -= 1; } at };
        let (from, to) = (boundary(at), boundary((at + cut).min(PROGRAM.len())));
        survive(&format!("{}{}", &PROGRAM[..from], &PROGRAM[to..]));
        survive(&format!("{} {piece} {}", &PROGRAM[..from], &PROGRAM[to..]));
    }
}

/// A program with most of the syntax there is.
const PROGRAM: &str = r##"#loc1 = loc("x"(#loc2))
#map = {a = [1, 2.0 : f32, "s", @g::@h], b = array<i64: 1, 2>}
!t = tensor<2x3xf32, #stablehlo.bounds<?, ?>>
module @m attributes {mhlo.num_partitions = 1 : i32, x = #map} {
  sdy.mesh @mesh = <["x"=2]>
  func.func public @main(%arg0: tensor<2x3xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"x"}, {}]>} loc("p"), %arg1: tensor<i1>) -> (tensor<3xf32> {r}) {
    %cst = stablehlo.constant dense<[[1.0, 0x7F800000, -3.5]]> : tensor<1x3xf32> loc(#loc1)
    %c = stablehlo.constant dense<"0x0100000002000000"> : tensor<2xi32>
    %r = stablehlo.constant dense_resource<w> : tensor<2xi8>
    %i = stablehlo.constant dense<0.0> : tensor<f32>
    %0 = stablehlo.reduce(%arg0 init: %i) applies stablehlo.add across dimensions = [0] : (tensor<2x3xf32>, tensor<f32>) -> tensor<3xf32>
    %1:2 = stablehlo.while(%a = %0, %b = %i) : tensor<3xf32>, tensor<f32> attributes {k} cond {
      stablehlo.return %arg1 : tensor<i1>
    } do {
      %5 = "stablehlo.sort"(%a) <{dimension = 0 : i64, is_stable = true}> ({
      ^bb0(%x: tensor<f32>, %y: tensor<f32>):
        %6 = stablehlo.compare LT, %x, %y, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
        stablehlo.return %6 : tensor<i1>
      }) : (tensor<3xf32>) -> tensor<3xf32>
      stablehlo.return %5, %b : tensor<3xf32>, tensor<f32>
    }
    %2 = stablehlo.dot_general %arg0, %1#0, contracting_dims = [1] x [0], precision = [DEFAULT, HIGHEST] : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2xf32>
    %3 = stablehlo.custom_call @foo(%2) {backend_config = "\01\FF", api_version = 2 : i32} : (tensor<2xf32>) -> tensor<2xf32>
    %4 = stablehlo.slice %1#0 [0:3:1] : (tensor<3xf32>) -> tensor<3xf32>
    return %4 : tensor<3xf32> loc(callsite("a" at "f.py":1:2 to 3:4))
  } loc(fused<"m">["a", #loc1])
}
#loc2 = loc("f.py":1:2)
{-# dialect_resources: { builtin: { w: "0x01000000FF7F" } } #-}
"##;

#[test]
fn the_program_that_the_cases_break_is_a_program() {
    if let Err(errors) = text::parse(PROGRAM) {
        panic!("{}", Source { name: "program", text: PROGRAM }.render_all(&errors));
    }
}

/// Nesting to the limit must fit the stack of a test's thread; beyond, it must be an error.
#[test]
fn nesting_is_bounded() {
    let wrap = |open: &str, middle: &str, close: &str, levels: usize| {
        format!("{}{middle}{}", open.repeat(levels), close.repeat(levels))
    };
    type Case = (&'static str, fn(String) -> String, &'static str, &'static str, &'static str);
    let cases: &[Case] = &[
        ("arrays", |t| format!("module attributes {{a = {t}}} {{}}"), "[", "1", "]"),
        ("dictionaries", |t| format!("module attributes {{a = {t}}} {{}}"), "{a = ", "1", "}"),
        ("tuples", |t| format!("func.func private @f({t})"), "tuple<", "i32", ">"),
        ("function types", |t| format!("module attributes {{a = {t}}} {{}}"), "(", "i32", ") -> ()"),
        ("tensors", |t| format!("func.func private @f({t})"), "tensor<", "f32", ">"),
        ("complex", |t| format!("func.func private @f({t})"), "complex<", "f32", ">"),
        ("locations", |t| format!("module {{}} loc({t})"), "\"a\"(", "\"b\"", ")"),
        ("call sites", |t| format!("module {{}} loc({t})"), "callsite(\"a\" at ", "\"b\"", ")"),
        ("fused", |t| format!("module {{}} loc({t})"), "fused<#foo.b>[", "\"b\"", "]"),
        ("metadata", |t| format!("module {{}} loc({t})"), "fused<loc(", "\"b\"", ")>[\"b\"]"),
        ("regions", |t| format!("func.func @f() {{ {t} }}"), "\"a.b\"() ({ ", "", "}) : () -> ()"),
        ("loops", |t| format!("func.func @f() {{ {t} }}"), "stablehlo.while() cond { } do { ", "", "}"),
        ("modules", |t| t, "module { ", "", "}"),
        ("scales", |t| format!("func.func private @f(tensor<!quant.uniform<i8:f32:{{0:1}}, {t}>>)"), "{", "1.0", "}"),
        (
            "lists",
            |t| format!("func.func @f() {{ stablehlo.constant dense<{t}> : tensor<1xi32> return }}"),
            "[",
            "1",
            "]",
        ),
        ("opaque", |t| format!("module attributes {{a = #foo.bar{t}}} {{}}"), "<[{(", "1", ")}]>"),
    ];
    for (name, context, open, middle, close) in cases {
        survive(&context(wrap(open, middle, close, 190)));
        survive(&context(wrap(open, middle, close, 100_000)));
        if !matches!(*name, "lists" | "opaque") {
            let errors = text::parse(&context(wrap(open, middle, close, 100_000))).expect_err(name);
            assert!(errors.0[0].message.contains("deeper than"), "{name}: {}", errors.0[0].message);
        }
    }
    let chain: String = (0..1000).map(|i| format!("#a{i} = [#a{}]\n", i + 1)).collect();
    let errors = text::parse(&format!("{chain}module attributes {{a = #a0}} {{}}")).expect_err("a chain of aliases");
    assert!(errors.0[0].message.contains("deeper than"), "{}", errors.0[0].message);
}

/// Each alias doubles the one before.
#[test]
fn aliases_that_multiply_are_refused() {
    for (kind, join) in [
        ("#a", "[X, X]"),
        ("#a", "{l = X, r = X}"),
        ("#a", "#foo.bar<X, X>"),
        ("!a", "tuple<X, X>"),
        ("!a", "!foo.bar<X, X>"),
    ] {
        let mut text = format!("{kind}0 = {}\n", if kind == "!a" { "i32" } else { "1" });
        for i in 1..64 {
            text.push_str(&format!("{kind}{i} = {}\n", join.replace('X', &format!("{kind}{}", i - 1))));
        }
        text.push_str(&format!("module attributes {{x = {kind}63}} {{}}"));
        let errors = text::parse(&text).expect_err("the aliases expand to 2^63 nodes");
        assert!(errors.0[0].message.contains("times the memory"), "{join}: {}", errors.0[0].message);
    }
}
