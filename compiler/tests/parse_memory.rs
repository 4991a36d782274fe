//! That reading a text takes memory in proportion to it, whatever the text.
//!
//! One test, so that no other allocates meanwhile.

use hire_compiler::front::text;
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// What any text may take: tables of the compiler, the first blocks of vectors.
const GRACE: usize = 2 << 20;

/// Peak bytes that parsing takes beyond the text, and whether the text was a module.
fn peak(text: &str) -> (usize, bool) {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let result = text::parse(text);
    (MEMORY.peak_usage() - before, result.is_ok())
}

fn function(body: &str) -> String {
    format!("func.func @f(%a: tensor<f32>) {{\n{body}\nreturn\n}}\n")
}

#[test]
fn memory_is_proportional_to_the_text() {
    let many = |piece: &str, times: usize| piece.repeat(times);
    let operations: String = (0..50_000).map(|i| format!("  %{i} = stablehlo.abs %a : tensor<f32>\n")).collect();
    let locations: String = (0..50_000).map(|i| format!("#l{i} = loc(\"f\":{i}:1)\n")).collect();
    let functions: String = (0..20_000).map(|i| format!("func.func private @f{i}()\n")).collect();
    let entries: String = (0..100_000).map(|i| format!("a{i},")).collect();
    let numbers = many("1,", 500_000);
    let hex = format!("stablehlo.constant dense<\"0x{}\"> : tensor<1000000xf32>", many("7F", 4_000_000));
    let dense = format!("stablehlo.constant dense<[{numbers}1]> : tensor<500001xi64>");
    // The text, how many bytes a byte it may take, and whether it is to be taken. What is kept is at
    // most 16; vectors that grow hold twice that for a moment.
    let cases = [
        ("operations", function(&operations), 16, true),
        ("splat of a huge type", function("stablehlo.constant dense<1.0> : tensor<999999999999xf32>"), 16, true),
        ("list for a huge type", function("stablehlo.constant dense<[1.0]> : tensor<999999999999xf32>"), 16, false),
        ("hex", function(&hex), 1, true),
        ("numbers", function(&dense), 16, true),
        ("int array", format!("module attributes {{a = array<i64: {numbers}1>}} {{}}"), 16, true),
        ("attribute array", format!("module attributes {{a = [{numbers}1]}} {{}}"), 20, false),
        ("dictionary", format!("module attributes {{{entries}}} {{}}"), 20, false),
        ("types", format!("func.func private @f({}i1)", many("i1,", 200_000)), 28, false),
        ("terse operations", function(&many("\"a.b\"():()->()\n", 50_000)), 28, true),
        ("regions", function(&many("\"a.b\"()({}):()->()\n", 50_000)), 28, true),
        ("locations", format!("{locations}module {{}}"), 16, true),
        ("functions", functions, 28, true),
        ("blanks", many(" ", 1_000_000), 1, true),
        ("quotes", many("\"", 1_000_000), 1, false),
        ("opening brackets", format!("module attributes {{a = #b.c{}", many("<[{(", 250_000)), 16, false),
    ];
    for (name, text, factor, taken) in &cases {
        text::parse("module {}").expect("an empty module");
        let (bytes, ok) = peak(text);
        println!("{name}: {:.2} bytes a byte", bytes as f64 / text.len() as f64);
        assert!(bytes <= factor * text.len() + GRACE, "{name}: {bytes} bytes for a text of {}", text.len());
        assert_eq!(ok, *taken, "{name}");
    }
}
