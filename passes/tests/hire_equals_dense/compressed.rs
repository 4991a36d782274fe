//! A program on compressed weights computes what the program as it was computes on the weights that the compressed
//! ones stand for.

use hire_compiler::eval::Tensor;
use hire_compiler::ir::{ElementType, Module};
use hire_passes::compress::{Compression, Form};
use hire_passes::{PassContext, pipeline};

use crate::harness::{Case, run_rewritten, tensor};

/// An embedding whose rows are taken and multiplied, a matrix of outputs by inputs, one of inputs by outputs, and one as
/// the left operand.
const PROGRAM: &str = r#"
#l0 = loc("params['embedding']")
#l1 = loc("params['up']")
#l2 = loc("params['down']")
#l3 = loc("params['left']")
#l4 = loc("token")
func.func public @main(%e: tensor<96x64xf32> loc(#l0), %u: tensor<128x64xbf16> loc(#l1), %d: tensor<128x64xf32> loc(#l2),
                       %w: tensor<64x64xf32> loc(#l3), %t: tensor<1x1xi32> loc(#l4))
    -> (tensor<1x96xf32>, tensor<64x1xf32>, tensor<1x128xbf16>) {
  %h = "stablehlo.gather"(%e, %t) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0],
        start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1, 64>}>
       : (tensor<96x64xf32>, tensor<1x1xi32>) -> tensor<1x64xf32>
  %hb = stablehlo.convert %h : (tensor<1x64xf32>) -> tensor<1x64xbf16>
  %up = stablehlo.dot_general %hb, %u, contracting_dims = [1] x [1] : (tensor<1x64xbf16>, tensor<128x64xbf16>) -> tensor<1x128xbf16>
  %uf = stablehlo.convert %up : (tensor<1x128xbf16>) -> tensor<1x128xf32>
  %y = stablehlo.dot_general %uf, %d, contracting_dims = [1] x [0] : (tensor<1x128xf32>, tensor<128x64xf32>) -> tensor<1x64xf32>
  %l = stablehlo.dot_general %w, %y, contracting_dims = [1] x [1] : (tensor<64x64xf32>, tensor<1x64xf32>) -> tensor<64x1xf32>
  %z = stablehlo.dot_general %y, %e, contracting_dims = [1] x [1] : (tensor<1x64xf32>, tensor<96x64xf32>) -> tensor<1x96xf32>
  return %z, %l, %up : tensor<1x96xf32>, tensor<64x1xf32>, tensor<1x128xbf16>
}
"#;

fn floats(tensor: &Tensor) -> Vec<f32> {
    match tensor.ty().element {
        ElementType::BF16 => {
            tensor.bytes().chunks_exact(2).map(|b| half::bf16::from_le_bytes([b[0], b[1]]).to_f32()).collect()
        }
        _ => tensor.bytes().chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect(),
    }
}

/// int8 with a scale for each of the rows, [n, k].
fn as_q8(numbers: &[f32], k: usize) -> Vec<f32> {
    let row = |row: &[f32]| {
        let scale = row.iter().fold(0f32, |m, x| m.max(x.abs())) / 127.0;
        row.iter().map(|x| (x / scale).round_ties_even() * scale).collect::<Vec<f32>>()
    };
    numbers.chunks_exact(k).flat_map(row).collect()
}

fn transposed(numbers: &[f32], columns: usize) -> Vec<f32> {
    let rows = numbers.len() / columns;
    (0..columns).flat_map(|c| (0..rows).map(move |r| numbers[r * columns + c])).collect()
}

fn compress(case: &Case, compression: Compression) -> (Module, Vec<Form>) {
    let mut module = case.module.clone();
    let mut context = PassContext::new().with_weights(&case.values);
    context.compression = Some(compression);
    let passes = pipeline::by_name(["inline", "simplify", "cse", "dce", "compress-weights"]).unwrap();
    pipeline::run(&mut module, &passes, &mut context, |_, _| {}).unwrap_or_else(|e| panic!("{e}"));
    (module, context.compressed.iter().map(|matrix| matrix.form).collect())
}

/// Bfloat16 results may round the other way.
fn assert_near(want: &[Tensor], have: &[Tensor]) {
    for (want, have) in want.iter().zip(have) {
        assert_eq!(want.ty(), have.ty());
        let largest = floats(want).iter().fold(0f32, |m, x| m.max(x.abs()));
        for (a, b) in floats(want).into_iter().zip(floats(have)) {
            assert!((a - b).abs() <= 0.01 * largest, "{a} and {b} of at most {largest}");
        }
    }
}

#[test]
fn int8_rows() {
    let case = Case::new(PROGRAM, 3);
    let (module, forms) = compress(&case, Compression::Q8);
    assert_eq!(forms, [Form::Q8; 4]);
    let main = &module.funcs[module.func_by_name("main").unwrap()];
    assert!(
        main.ty
            .inputs
            .iter()
            .all(|ty| ty.as_tensor().unwrap().rank() != Some(2) || !ty.as_tensor().unwrap().element.is_float())
    );
    let mut stored = case.values.clone();
    for (name, k) in [("params['embedding']", 64), ("params['up']", 64), ("params['left']", 64)] {
        let ty = stored.0[name].ty();
        let numbers = as_q8(&floats(&stored.0[name]), k);
        // What is stored of bf16 weights is not rounded to bf16 again.
        stored.0.insert(name.to_owned(), tensor(&ty, &numbers));
    }
    let down = "params['down']";
    let ty = stored.0[down].ty();
    let columns = as_q8(&transposed(&floats(&stored.0[down]), 64), 128);
    stored.0.insert(down.to_owned(), tensor(&ty, &transposed(&columns, 128)));
    let want = Case { module: case.module.clone(), values: stored }.dense();
    assert_near(&want, &run_rewritten(&module, &case.values));
}

/// Numbers that four bits hold: -8 to 7 times a power of two, -8 among each 32 that share a scale.
#[test]
fn int4_groups_lose_nothing_of_what_they_hold() {
    let case = Case::new(PROGRAM, 5);
    let exact = |n: usize, k: usize, across: bool| -> Vec<f32> {
        let number = |row: usize, column: usize| {
            let level = if column % 32 == 7 { -8.0 } else { ((row * 7 + column * 5) % 16) as f32 - 8.0 };
            level * [0.25, 0.5, 1.0][(row + column / 32) % 3]
        };
        let rows: Vec<f32> = (0..n).flat_map(|row| (0..k).map(move |column| number(row, column))).collect();
        if across { transposed(&rows, k) } else { rows }
    };
    let case = case
        .with("params['up']", &exact(128, 64, false))
        .with("params['down']", &exact(64, 128, true))
        .with("params['left']", &exact(64, 64, false));
    let (module, forms) = compress(&case, Compression::Q4 { bound: 1e-6 });
    // Rows of the embedding are taken singly.
    assert_eq!(forms, [Form::Q8, Form::Q4, Form::Q4, Form::Q4]);
    let mut stored = case.values.clone();
    let ty = stored.0["params['embedding']"].ty();
    let embedding = as_q8(&floats(&stored.0["params['embedding']"]), 64);
    stored.0.insert("params['embedding']".to_owned(), tensor(&ty, &embedding));
    let want = Case { module: case.module.clone(), values: stored }.dense();
    assert_near(&want, &run_rewritten(&module, &case.values));
}

#[test]
fn a_bound_leaves_matrices_in_int8() {
    let case = Case::new(PROGRAM, 5);
    let (_, forms) = compress(&case, Compression::Q4 { bound: 0.01 });
    assert_eq!(forms, [Form::Q8; 4]);
}
