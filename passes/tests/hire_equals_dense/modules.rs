//! The text of small softmax layers: arguments, a product, an epilogue and an end.

/// Gives the token: `%t` from `%z: tensor<Bx1024xf32>`.
pub(crate) const ARGMAX: &str = "%t = call @argmax(%z) : (tensor<Bx1024xf32>) -> tensor<Bxi32>";

/// A module of `main(args) { body; return results }`, with the argmax that JAX writes. `B` between
/// punctuation stands for the batch.
pub(crate) fn module(batch: u64, args: &str, body: &str, results: &[(&str, &str)]) -> String {
    let types: Vec<&str> = results.iter().map(|(_, ty)| *ty).collect();
    let names: Vec<&str> = results.iter().map(|(name, _)| *name).collect();
    let (types, names) = (types.join(", "), names.join(", "));
    let text = format!(
        "func.func public @main({args}) -> ({types}) {{\n{body}\nreturn {names} : {types}\n}}\n{}",
        if body.contains("@argmax") { JAX_ARGMAX } else { "" }
    );
    text.replace("<B>", &format!("<{batch}>"))
        .replace("<Bx", &format!("<{batch}x"))
        .replace("xBx", &format!("x{batch}x"))
}

/// The usual layer: `h` [B, d] and a matrix stored [1024, d], f32, from which `z` is the logits.
pub(crate) fn plain(batch: u64, d: u64, body: &str, results: &[(&str, &str)]) -> String {
    let args = format!("%h: tensor<Bx{d}xf32> loc(\"h\"), %w: tensor<1024x{d}xf32> loc(\"params['w']\")");
    module(batch, &args, &format!("{}\n{body}", dot(d)), results)
}

/// `%z = h W^T` of [`plain`].
pub(crate) fn dot(d: u64) -> String {
    format!(
        "%z = stablehlo.dot_general %h, %w, contracting_dims = [1] x [1] : (tensor<Bx{d}xf32>, tensor<1024x{d}xf32>) -> tensor<Bx1024xf32>"
    )
}

/// The token as the only result.
pub(crate) const TOKEN: &[(&str, &str)] = &[("%t", "tensor<Bxi32>")];

const JAX_ARGMAX: &str = r#"
func.func private @argmax(%arg0: tensor<Bx1024xf32>) -> tensor<Bxi32> {
  %0 = stablehlo.iota dim = 1 : tensor<Bx1024xi32>
  %cst = stablehlo.constant dense<0xFF800000> : tensor<f32>
  %c = stablehlo.constant dense<0> : tensor<i32>
  %1:2 = stablehlo.reduce(%arg0 init: %cst), (%0 init: %c) across dimensions = [1] : (tensor<Bx1024xf32>, tensor<Bx1024xi32>, tensor<f32>, tensor<i32>) -> (tensor<Bxf32>, tensor<Bxi32>)
   reducer(%arg1: tensor<f32>, %arg3: tensor<f32>) (%arg2: tensor<i32>, %arg4: tensor<i32>)  {
    %2 = stablehlo.compare  GT, %arg1, %arg3,  FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %3 = stablehlo.compare  NE, %arg1, %arg1,  FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %4 = stablehlo.or %2, %3 : tensor<i1>
    %5 = stablehlo.compare  EQ, %arg1, %arg3,  FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %6 = stablehlo.compare  LT, %arg2, %arg4,  SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    %7 = stablehlo.and %5, %6 : tensor<i1>
    %8 = stablehlo.or %4, %7 : tensor<i1>
    %9 = stablehlo.select %4, %arg1, %arg3 : tensor<i1>, tensor<f32>
    %10 = stablehlo.select %8, %arg2, %arg4 : tensor<i1>, tensor<i32>
    stablehlo.return %9, %10 : tensor<f32>, tensor<i32>
  }
  return %1#1 : tensor<Bxi32>
}
"#;
