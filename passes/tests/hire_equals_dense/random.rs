//! Shapes, batches, forms and predictors at random, from a fixed seed.

use super::harness::{Case, Random};
use super::modules::{ARGMAX, TOKEN, module};

#[test]
fn random_layers_equal_the_dense_ones() {
    let mut random = Random(40);
    for round in 0..12 {
        let (batch, d) = (1 + random.below(6), 1 + random.below(70));
        let element = ["f32", "bf16", "f16"][random.below(3) as usize];
        let predictor = ["q8", "q4", "lr:1", "lr:1>q8", "q4>q8/4", "q8>q4/2", "q8/8"][random.below(7) as usize];
        let by_columns = random.below(2) == 1;
        let (shape, dim) = if by_columns { (format!("{d}x1024"), 0) } else { (format!("1024x{d}"), 1) };
        let args = format!(
            "%h: tensor<Bx{d}xf32> loc(\"h\"), %v: tensor<{shape}x{element}> loc(\"params['w']\"), %b: tensor<1024xf32> loc(\"params['b']\")"
        );
        let bias = if random.below(2) == 1 { "%y" } else { "%z" };
        let (first, epilogue) = match bias {
            "%y" => (
                "%y",
                "%bb = stablehlo.broadcast_in_dim %b, dims = [1] : (tensor<1024xf32>) -> tensor<Bx1024xf32>
                 %z = stablehlo.add %y, %bb : tensor<Bx1024xf32>",
            ),
            _ => ("%z", ""),
        };
        let convert = match element {
            "f32" => format!("%w = stablehlo.reshape %v : (tensor<{shape}xf32>) -> tensor<{shape}xf32>"),
            _ => format!("%w = stablehlo.convert %v : (tensor<{shape}x{element}>) -> tensor<{shape}xf32>"),
        };
        let body = format!(
            "{convert}\n{first} = stablehlo.dot_general %h, %w, contracting_dims = [1] x [{dim}] : (tensor<Bx{d}xf32>, tensor<{shape}xf32>) -> tensor<Bx1024xf32>
             {epilogue}\n{ARGMAX}"
        );
        eprintln!("round {round}: batch {batch}, d {d}, {element}, {predictor}, by columns {by_columns}, {first}");
        let results = [TOKEN[0], ("%z", "tensor<Bx1024xf32>")];
        let results = if random.below(2) == 1 { &results[..] } else { &results[..1] };
        Case::new(&module(batch, &args, &body, results), 41 + round).assert_equal_with_all_rows(&[predictor]);
    }
}
