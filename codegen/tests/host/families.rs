//! Map, reduce, dot and update.

use crate::harness::{EXACT, SUMS, TWO_ULP, Tolerance, check};

/// Functions of one number, and how far they may be off.
const FUNCTIONS: [(&str, Tolerance); 19] = [
    ("abs", EXACT),
    ("negate", EXACT),
    ("ceil", EXACT),
    ("floor", EXACT),
    ("round_nearest_even", EXACT),
    ("round_nearest_afz", EXACT),
    ("sign", EXACT),
    ("sqrt", EXACT),
    ("rsqrt", TWO_ULP),
    ("exponential", TWO_ULP),
    ("log", TWO_ULP),
    ("tanh", TWO_ULP),
    ("logistic", TWO_ULP),
    ("sine", TWO_ULP),
    ("cosine", TWO_ULP),
    ("tan", TWO_ULP),
    ("cbrt", TWO_ULP),
    ("exponential_minus_one", TWO_ULP),
    ("log_plus_one", TWO_ULP),
];

#[test]
fn functions_of_one_number() {
    for ty in ["f32", "f64"] {
        for (name, tolerance) in FUNCTIONS {
            // One number that does not fill a vector.
            check(
                &format!(
                    "func.func @main(%x: tensor<97x{ty}>) -> tensor<97x{ty}> {{
                       %c = stablehlo.constant dense<7.0> : tensor<97x{ty}>
                       %y = stablehlo.multiply %x, %c : tensor<97x{ty}>
                       %0 = stablehlo.{name} %y : tensor<97x{ty}>
                       return %0 : tensor<97x{ty}>
                     }}"
                ),
                tolerance,
            );
        }
    }
}

#[test]
fn arithmetic_of_two_numbers() {
    let binary = |name: &str, ty: &str| {
        format!(
            "func.func @main(%a: tensor<3x32x{ty}>, %b: tensor<3x32x{ty}>) -> tensor<3x32x{ty}> {{
               %0 = stablehlo.{name} %a, %b : tensor<3x32x{ty}>
               return %0 : tensor<3x32x{ty}>
             }}"
        )
    };
    for ty in ["f32", "bf16", "f16", "f64"] {
        for name in ["add", "subtract", "multiply", "divide", "maximum", "minimum"] {
            check(&binary(name, ty), EXACT);
        }
    }
    for ty in ["i8", "i32", "i64", "ui8", "ui32"] {
        for name in ["add", "subtract", "multiply", "divide", "remainder", "maximum", "minimum", "and", "or", "xor"] {
            check(&binary(name, ty), EXACT);
        }
        for name in ["shift_left", "shift_right_logical", "shift_right_arithmetic"] {
            check(&binary(name, ty), EXACT);
        }
    }
    for name in ["and", "or", "xor"] {
        check(&binary(name, "i1"), EXACT);
    }
}

#[test]
fn conversions() {
    let types = ["i1", "i8", "i32", "i64", "ui8", "ui32", "bf16", "f16", "f32", "f64"];
    for from in types {
        for to in types {
            if from == to {
                continue;
            }
            check(
                &format!(
                    "func.func @main(%x: tensor<40x{from}>) -> tensor<40x{to}> {{
                       %0 = stablehlo.convert %x : (tensor<40x{from}>) -> tensor<40x{to}>
                       return %0 : tensor<40x{to}>
                     }}"
                ),
                EXACT,
            );
        }
    }
}

#[test]
fn elements_are_moved() {
    let moves = [
        (
            "4x32",
            "8x32",
            "stablehlo.concatenate %x, %x, dim = 0 : (tensor<4x32xf32>, tensor<4x32xf32>) -> tensor<8x32xf32>",
        ),
        (
            "4x7",
            "4x14",
            "stablehlo.concatenate %x, %x, dim = 1 : (tensor<4x7xf32>, tensor<4x7xf32>) -> tensor<4x14xf32>",
        ),
        ("4x64", "4x32", "stablehlo.slice %x [0:4, 16:48] : (tensor<4x64xf32>) -> tensor<4x32xf32>"),
        ("4x64", "2x21", "stablehlo.slice %x [1:4:2, 1:64:3] : (tensor<4x64xf32>) -> tensor<2x21xf32>"),
        ("4x32", "32x4", "stablehlo.transpose %x, dims = [1, 0] : (tensor<4x32xf32>) -> tensor<32x4xf32>"),
        ("4x32", "4x32", "stablehlo.reverse %x, dims = [0, 1] : tensor<4x32xf32>"),
        ("4x3", "6x2", "stablehlo.reshape %x : (tensor<4x3xf32>) -> tensor<6x2xf32>"),
        ("4", "4x32", "stablehlo.broadcast_in_dim %x, dims = [0] : (tensor<4xf32>) -> tensor<4x32xf32>"),
        ("32", "4x32", "stablehlo.broadcast_in_dim %x, dims = [1] : (tensor<32xf32>) -> tensor<4x32xf32>"),
    ];
    for (from, to, operation) in moves {
        check(
            &format!(
                "func.func @main(%x: tensor<{from}xf32>) -> tensor<{to}xf32> {{
                   %0 = {operation}
                   %1 = stablehlo.add %0, %0 : tensor<{to}xf32>
                   return %1 : tensor<{to}xf32>
                 }}"
            ),
            EXACT,
        );
    }
    check(
        "func.func @main(%x: tensor<5x6xf32>) -> tensor<7x13xf32> {
           %p = stablehlo.constant dense<9.0> : tensor<f32>
           %0 = stablehlo.pad %x, %p, low = [1, -1], high = [1, 3], interior = [0, 1] : (tensor<5x6xf32>, tensor<f32>) -> tensor<7x13xf32>
           return %0 : tensor<7x13xf32>
         }",
        EXACT,
    );
    check(
        "func.func @main(%x: tensor<40x32xf32>, %i: tensor<5xi32>) -> tensor<5x32xf32> {
           %0 = \"stablehlo.gather\"(%x, %i) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1, 32>}> : (tensor<40x32xf32>, tensor<5xi32>) -> tensor<5x32xf32>
           return %0 : tensor<5x32xf32>
         }",
        EXACT,
    );
    check(
        "func.func @main(%x: tensor<9x32xf32>, %i: tensor<i32>, %j: tensor<i32>) -> tensor<4x16xf32> {
           %0 = stablehlo.dynamic_slice %x, %i, %j, sizes = [4, 16] : (tensor<9x32xf32>, tensor<i32>, tensor<i32>) -> tensor<4x16xf32>
           return %0 : tensor<4x16xf32>
         }",
        EXACT,
    );
}

#[test]
fn reductions() {
    let reduce = |ty: &str, from: &str, to: &str, dims: &str, op: &str, init: &str| {
        format!(
            "func.func @main(%x: tensor<{from}{ty}>) -> tensor<{to}{ty}> {{
               %i = stablehlo.constant dense<{init}> : tensor<{ty}>
               %0 = stablehlo.reduce(%x init: %i) applies stablehlo.{op} across dimensions = [{dims}] : (tensor<{from}{ty}>, tensor<{ty}>) -> tensor<{to}{ty}>
               return %0 : tensor<{to}{ty}>
             }}"
        )
    };
    for (from, to, dims) in [
        ("640x", "", "0"),
        ("3x640x", "3x", "1"),
        ("3x37x", "3x", "1"),
        ("3x5x", "3x", "1"),
        ("7x48x", "48x", "0"),
        ("7x5x", "5x", "0"),
        ("2x3x40x", "2x", "1, 2"),
        ("2x3x40x", "3x", "0, 2"),
        ("2x3x32x", "2x32x", "1"),
        ("4x1x", "4x", "1"),
    ] {
        check(&reduce("f32", from, to, dims, "add", "10.0"), SUMS);
        check(&reduce("f32", from, to, dims, "maximum", "0xFF800000"), EXACT);
        check(&reduce("i32", from, to, dims, "add", "3"), EXACT);
    }
}

#[test]
fn products() {
    let dot = |l: &str, r: &str, o: &str, numbers: &str, types: [&str; 3]| {
        let [a, b, c] = types;
        format!(
            "func.func @main(%l: tensor<{l}x{a}>, %r: tensor<{r}x{b}>) -> tensor<{o}x{c}> {{
               %0 = stablehlo.dot_general %l, %r, {numbers} : (tensor<{l}x{a}>, tensor<{r}x{b}>) -> tensor<{o}x{c}>
               return %0 : tensor<{o}x{c}>
             }}"
        )
    };
    let shapes = [
        ("1x640", "96x640", "1x96", "contracting_dims = [1] x [1]"),
        ("4x640", "96x640", "4x96", "contracting_dims = [1] x [1]"),
        ("17x64", "96x64", "17x96", "contracting_dims = [1] x [1]"),
        ("1x37", "5x37", "1x5", "contracting_dims = [1] x [1]"),
        ("1x64", "64x96", "1x96", "contracting_dims = [1] x [0]"),
        ("3x64", "64x96", "3x96", "contracting_dims = [1] x [0]"),
        ("3x64", "64x7", "3x7", "contracting_dims = [1] x [0]"),
        ("96x64", "64x2", "96x2", "contracting_dims = [1] x [0]"),
        ("2x3x32", "2x40x32", "2x3x40", "batching_dims = [0] x [0], contracting_dims = [2] x [2]"),
        ("2x3x40", "2x40x32", "2x3x32", "batching_dims = [0] x [0], contracting_dims = [2] x [1]"),
        ("3x4x8", "5x4x8", "3x5", "contracting_dims = [1, 2] x [1, 2]"),
    ];
    for (l, r, o, numbers) in shapes {
        check(&dot(l, r, o, numbers, ["f32", "f32", "f32"]), SUMS);
        check(&dot(l, r, o, numbers, ["i32", "i32", "i32"]), EXACT);
    }
    check(&dot("1x640", "96x640", "1x96", "contracting_dims = [1] x [1]", ["bf16", "bf16", "f32"]), SUMS);
    let rounded = Tolerance { absolute: 0.02, relative: 0.01 };
    check(&dot("1x640", "96x640", "1x96", "contracting_dims = [1] x [1]", ["bf16", "bf16", "bf16"]), rounded);
}

#[test]
fn fused_products() {
    check(
        "func.func @main(%h: tensor<1x64xf32>, %w: tensor<96x64xi8>, %s: tensor<96xf32>) -> tensor<1x96xf32> {
           %0 = stablehlo.convert %w : (tensor<96x64xi8>) -> tensor<96x64xf32>
           %2 = stablehlo.dot_general %h, %0, contracting_dims = [1] x [1] : (tensor<1x64xf32>, tensor<96x64xf32>) -> tensor<1x96xf32>
           %3 = stablehlo.broadcast_in_dim %s, dims = [1] : (tensor<96xf32>) -> tensor<1x96xf32>
           %4 = stablehlo.multiply %2, %3 : tensor<1x96xf32>
           %5 = stablehlo.tanh %4 : tensor<1x96xf32>
           return %5 : tensor<1x96xf32>
         }",
        Tolerance { absolute: 2e-2, relative: 2e-4 },
    );
    check(
        "func.func @main(%x: tensor<200x64xf32>, %i: tensor<32xi32>, %h: tensor<64xf32>) -> tensor<32xf32> {
           %0 = \"stablehlo.gather\"(%x, %i) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1, 64>}> : (tensor<200x64xf32>, tensor<32xi32>) -> tensor<32x64xf32>
           %1 = stablehlo.dot_general %0, %h, contracting_dims = [1] x [0] : (tensor<32x64xf32>, tensor<64xf32>) -> tensor<32xf32>
           return %1 : tensor<32xf32>
         }",
        SUMS,
    );
}

#[test]
fn state_is_updated_in_place_and_loops_run() {
    check(
        "func.func @main(%cache: tensor<8x32xf32> {tf.aliasing_output = 1 : i32}, %u: tensor<1x32xf32>, %i: tensor<i32>) -> (tensor<8x32xf32>, tensor<8x32xf32>) {
           %zero = stablehlo.constant dense<0> : tensor<i32>
           %0 = stablehlo.dynamic_update_slice %cache, %u, %i, %zero : (tensor<8x32xf32>, tensor<1x32xf32>, tensor<i32>, tensor<i32>) -> tensor<8x32xf32>
           %1 = stablehlo.negate %0 : tensor<8x32xf32>
           return %1, %0 : tensor<8x32xf32>, tensor<8x32xf32>
         }",
        EXACT,
    );
    check(
        "func.func @main(%n: tensor<i32>, %x: tensor<4xf32>, %y: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
           %zero = stablehlo.constant dense<0> : tensor<i32>
           %one = stablehlo.constant dense<1> : tensor<i32>
           %0:3 = stablehlo.while(%i = %zero, %a = %x, %b = %y) : tensor<i32>, tensor<4xf32>, tensor<4xf32>
             cond {
               %c = stablehlo.compare LT, %i, %n : (tensor<i32>, tensor<i32>) -> tensor<i1>
               stablehlo.return %c : tensor<i1>
             } do {
               %j = stablehlo.add %i, %one : tensor<i32>
               %s = stablehlo.add %a, %b : tensor<4xf32>
               stablehlo.return %j, %b, %s : tensor<i32>, tensor<4xf32>, tensor<4xf32>
             }
           return %0#1, %0#2 : tensor<4xf32>, tensor<4xf32>
         }",
        EXACT,
    );
}
