//! Products with int4 weights in groups of 32, as weight compression stores them.

use crate::harness::{SUMS, check};

/// `m` vectors of `groups` groups times `blocks` blocks of `rows` rows; the matrix is the right operand or the left.
fn product(m: u64, blocks: u64, groups: u64, rows: u64, is_right: bool) -> String {
    let matrix = format!("{blocks}x{groups}x32x{rows}");
    let half = format!("{blocks}x{groups}x16x{rows}xui8");
    let vectors = format!("{m}x{groups}x32xf32");
    let (operands, types, result) = if is_right {
        ("%x, %w", format!("tensor<{vectors}>, tensor<{matrix}xf32>"), format!("{m}x{blocks}x{rows}xf32"))
    } else {
        ("%w, %x", format!("tensor<{matrix}xf32>, tensor<{vectors}>"), format!("{blocks}x{rows}x{m}xf32"))
    };
    format!(
        "func.func @main(%x: tensor<{vectors}>, %p: tensor<{half}>, %s: tensor<{blocks}x{groups}x{rows}xf16>,
                         %r: tensor<{result}>) -> tensor<{result}> {{
           %mask = stablehlo.constant dense<15> : tensor<{half}>
           %four = stablehlo.constant dense<4> : tensor<{half}>
           %low = stablehlo.and %p, %mask : tensor<{half}>
           %high = stablehlo.shift_right_logical %p, %four : tensor<{half}>
           %n = stablehlo.concatenate %low, %high, dim = 2 : (tensor<{half}>, tensor<{half}>) -> tensor<{matrix}xui8>
           %f = stablehlo.convert %n : (tensor<{matrix}xui8>) -> tensor<{matrix}xf32>
           %eight = stablehlo.constant dense<8.0> : tensor<{matrix}xf32>
           %d = stablehlo.subtract %f, %eight : tensor<{matrix}xf32>
           %sb = stablehlo.broadcast_in_dim %s, dims = [0, 1, 3] : (tensor<{blocks}x{groups}x{rows}xf16>) -> tensor<{matrix}xf16>
           %sf = stablehlo.convert %sb : (tensor<{matrix}xf16>) -> tensor<{matrix}xf32>
           %w = stablehlo.multiply %d, %sf : tensor<{matrix}xf32>
           %0 = stablehlo.dot_general {operands}, contracting_dims = [1, 2] x [1, 2] : ({types}) -> tensor<{result}>
           %1 = stablehlo.add %0, %r : tensor<{result}>
           return %1 : tensor<{result}>
         }}"
    )
}

#[test]
fn blocks_of_lanes_in_groups() {
    // One vector, several in two and in one accumulator each, more than are multiplied at once.
    for m in [1, 2, 5, 11] {
        check(&product(m, 9, 5, 16, true), SUMS);
    }
}

#[test]
fn the_matrix_as_left_operand() {
    for m in [1, 3] {
        check(&product(m, 3, 2, 16, false), SUMS);
    }
}

#[test]
fn blocks_that_are_no_vectors() {
    check(&product(1, 3, 2, 4, true), SUMS);
}
