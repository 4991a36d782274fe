//! Map, reduce, dot and update.

use hire_codegen::gpu::ARCHITECTURES;

use crate::harness::{Near, assembles, check, lowered, text_of};

/// Checks a program; all its kernels must have the CPU's bits.
fn bits(source: &str) {
    check(&lowered(source), "sm_90", |_| Near::Bits);
}

#[test]
fn functions_of_one_number() {
    let names = [
        "abs",
        "negate",
        "floor",
        "ceil",
        "round_nearest_even",
        "sign",
        "sqrt",
        "rsqrt",
        "exponential",
        "log",
        "tanh",
        "logistic",
        "sine",
        "cosine",
    ];
    let lines: String = names.iter().map(|n| format!("%{n} = stablehlo.{n} %y : tensor<97xf32>\n")).collect();
    let results: Vec<String> = names.iter().map(|n| format!("%{n}")).collect();
    let types = vec!["tensor<97xf32>"; names.len()].join(", ");
    let module = lowered(&format!(
        "func.func @main(%x: tensor<97xf32>) -> ({types}) {{
           %c = stablehlo.constant dense<7.0> : tensor<97xf32>
           %y = stablehlo.multiply %x, %c : tensor<97xf32>
           {lines}return {} : {types}
         }}",
        results.join(", ")
    ));
    for arch in ARCHITECTURES {
        check(&module, arch, |_| Near::Bits);
    }
    assembles(&module);
}

#[test]
fn conversions_and_integers() {
    for (from, to) in [
        ("f32", "bf16"),
        ("bf16", "f32"),
        ("f16", "f32"),
        ("i8", "f32"),
        ("f32", "i32"),
        ("i64", "f32"),
        ("f32", "i1"),
        ("i1", "i64"),
        ("f64", "bf16"),
    ] {
        bits(&format!(
            "func.func @main(%x: tensor<43x{from}>) -> tensor<43x{to}> {{
               %0 = stablehlo.convert %x : (tensor<43x{from}>) -> tensor<43x{to}>
               return %0 : tensor<43x{to}>
             }}"
        ));
    }
    for ty in ["i8", "i32", "ui32", "i64"] {
        let names =
            ["add", "multiply", "divide", "remainder", "maximum", "shift_left", "shift_right_arithmetic", "xor"];
        let lines: String =
            names.iter().map(|n| format!("%{n} = stablehlo.{n} %a, %b : tensor<3x32x{ty}>\n")).collect();
        let results: Vec<String> = names.iter().map(|n| format!("%{n}")).collect();
        let types = vec![format!("tensor<3x32x{ty}>"); names.len()].join(", ");
        bits(&format!(
            "func.func @main(%a: tensor<3x32x{ty}>, %b: tensor<3x32x{ty}>) -> ({types}) {{
               {lines}return {} : {types}
             }}",
            results.join(", ")
        ));
    }
}

#[test]
fn elements_are_moved() {
    for (from, to, operation) in [
        (
            "4x7",
            "4x14",
            "stablehlo.concatenate %x, %x, dim = 1 : (tensor<4x7xf32>, tensor<4x7xf32>) -> tensor<4x14xf32>",
        ),
        ("4x64", "2x21", "stablehlo.slice %x [1:4:2, 1:64:3] : (tensor<4x64xf32>) -> tensor<2x21xf32>"),
        ("4x32", "32x4", "stablehlo.transpose %x, dims = [1, 0] : (tensor<4x32xf32>) -> tensor<32x4xf32>"),
        ("4x32", "4x32", "stablehlo.reverse %x, dims = [0, 1] : tensor<4x32xf32>"),
        ("4", "4x32", "stablehlo.broadcast_in_dim %x, dims = [0] : (tensor<4xf32>) -> tensor<4x32xf32>"),
    ] {
        bits(&format!(
            "func.func @main(%x: tensor<{from}xf32>) -> tensor<{to}xf32> {{
               %0 = {operation}
               %1 = stablehlo.add %0, %0 : tensor<{to}xf32>
               return %1 : tensor<{to}xf32>
             }}"
        ));
    }
    bits(
        "func.func @main(%x: tensor<40x32xbf16>, %i: tensor<5xi32>) -> tensor<5x32xbf16> {
           %0 = \"stablehlo.gather\"(%x, %i) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1, 32>}> : (tensor<40x32xbf16>, tensor<5xi32>) -> tensor<5x32xbf16>
           return %0 : tensor<5x32xbf16>
         }",
    );
    bits(
        "func.func @main(%cache: tensor<8x32xf32>, %u: tensor<1x32xf32>, %i: tensor<i32>) -> tensor<8x32xf32> {
           %zero = stablehlo.constant dense<0> : tensor<i32>
           %0 = stablehlo.dynamic_update_slice %cache, %u, %i, %zero : (tensor<8x32xf32>, tensor<1x32xf32>, tensor<i32>, tensor<i32>) -> tensor<8x32xf32>
           return %0 : tensor<8x32xf32>
         }",
    );
}

/// A reduction of `from` to `to`.
fn reduce(ty: &str, from: &str, to: &str, dims: &str, op: &str, init: &str) -> String {
    format!(
        "func.func @main(%x: tensor<{from}{ty}>) -> tensor<{to}{ty}> {{
           %i = stablehlo.constant dense<{init}> : tensor<{ty}>
           %0 = stablehlo.reduce(%x init: %i) applies stablehlo.{op} across dimensions = [{dims}] : (tensor<{from}{ty}>, tensor<{ty}>) -> tensor<{to}{ty}>
           return %0 : tensor<{to}{ty}>
         }}"
    )
}

#[test]
fn reductions() {
    for (from, to, dims) in [
        ("640x", "", "0"),
        ("3x640x", "3x", "1"),
        ("3x37x", "3x", "1"),
        ("3x5x", "3x", "1"),
        ("7x48x", "48x", "0"),
        ("2x3x40x", "2x", "1, 2"),
        ("2x3x40x", "3x", "0, 2"),
        ("9x160x", "9x", "1"),
    ] {
        bits(&reduce("f32", from, to, dims, "add", "10.0"));
        bits(&reduce("i64", from, to, dims, "maximum", "-1"));
    }
    bits(&reduce("f64", "3x640x", "3x", "1", "add", "10.0"));
    bits(&reduce("bf16", "3x640x", "3x", "1", "maximum", "0xFF80"));
    bits(&reduce("i8", "3x640x", "3x", "1", "add", "1"));
}

/// A block works on a result through shared memory. Maxima are the same in any order, sums are not.
#[test]
fn large_reductions_use_a_block() {
    for (op, init, near) in [("maximum", "0xFF800000", Near::Bits), ("add", "0.0", Near::Relative(1e-4))] {
        let module = lowered(&reduce("f32", "2x16421x", "2x", "1", op, init));
        let (ptx, kernels) = check(&module, "sm_90", |_| near);
        assert_eq!(kernels[0].block, 256);
        assert!(text_of(&ptx, &kernels[0]).contains("bar.sync"), "{ptx}");
        assert!(kernels[0].estimate.shared_bytes > 0);
        assembles(&module);
    }
}

fn dot(l: &str, r: &str, o: &str, numbers: &str, types: [&str; 3]) -> String {
    let [a, b, c] = types;
    format!(
        "func.func @main(%l: tensor<{l}x{a}>, %r: tensor<{r}x{b}>) -> tensor<{o}x{c}> {{
           %0 = stablehlo.dot_general %l, %r, {numbers} : (tensor<{l}x{a}>, tensor<{r}x{b}>) -> tensor<{o}x{c}>
           return %0 : tensor<{o}x{c}>
         }}"
    )
}

#[test]
fn products() {
    for (l, r, o, numbers) in [
        ("1x640", "96x640", "1x96", "contracting_dims = [1] x [1]"),
        ("4x640", "96x640", "4x96", "contracting_dims = [1] x [1]"),
        ("10x72", "96x72", "10x96", "contracting_dims = [1] x [1]"),
        ("1x37", "5x37", "1x5", "contracting_dims = [1] x [1]"),
        ("1x64", "64x96", "1x96", "contracting_dims = [1] x [0]"),
        ("3x64", "64x7", "3x7", "contracting_dims = [1] x [0]"),
        ("2x3x32", "2x40x32", "2x3x40", "batching_dims = [0] x [0], contracting_dims = [2] x [2]"),
        ("2x3x40", "2x40x32", "2x3x32", "batching_dims = [0] x [0], contracting_dims = [2] x [1]"),
        ("3x4x8", "5x4x8", "3x5", "contracting_dims = [1, 2] x [1, 2]"),
    ] {
        bits(&dot(l, r, o, numbers, ["f32", "f32", "f32"]));
        bits(&dot(l, r, o, numbers, ["bf16", "bf16", "f32"]));
    }
    bits(&dot("4x640", "96x640", "4x96", "contracting_dims = [1] x [1]", ["i32", "i32", "i32"]));
}

/// Weights are read 16 bytes at a time, through the read-only cache.
#[test]
fn weights_are_read_wide() {
    let int8 = "func.func @main(%h: tensor<1x64xf32>, %w: tensor<96x64xi8>, %s: tensor<96xf32>) -> tensor<1x96xf32> {
           %0 = stablehlo.convert %w : (tensor<96x64xi8>) -> tensor<96x64xf32>
           %2 = stablehlo.dot_general %h, %0, contracting_dims = [1] x [1] : (tensor<1x64xf32>, tensor<96x64xf32>) -> tensor<1x96xf32>
           %3 = stablehlo.broadcast_in_dim %s, dims = [1] : (tensor<96xf32>) -> tensor<1x96xf32>
           %4 = stablehlo.multiply %2, %3 : tensor<1x96xf32>
           %5 = stablehlo.tanh %4 : tensor<1x96xf32>
           return %5 : tensor<1x96xf32>
         }";
    let numbers = "contracting_dims = [1] x [1]";
    let sources = [
        dot("1x640", "96x640", "1x96", numbers, ["f32", "f32", "f32"]),
        dot("1x640", "96x640", "1x96", numbers, ["bf16", "bf16", "f32"]),
        dot("1x640", "96x640", "1x96", numbers, ["f16", "f16", "f32"]),
        int8.to_owned(),
    ];
    for source in sources {
        let module = lowered(&source);
        for arch in ARCHITECTURES {
            let (ptx, kernels) = check(&module, arch, |_| Near::Bits);
            assert!(kernels[0].estimate.wide_loads > 0, "{arch}: {ptx}");
            assert!(kernels[0].estimate.registers > 8, "{ptx}");
        }
        assembles(&module);
    }
}
