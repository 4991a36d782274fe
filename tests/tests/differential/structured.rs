//! Operations on shapes, regions and whole arrays.

use crate::cases::Case;
use crate::compare::Tolerance::{self, Bits, Exact, Relative, Ulps};
use crate::data::Fill::{Below, Bits as Any, Special, Unit};

pub(crate) const ALL: [&str; 15] = [
    "i1",
    "i8",
    "i16",
    "i32",
    "i64",
    "ui8",
    "ui16",
    "ui32",
    "ui64",
    "f16",
    "bf16",
    "f32",
    "f64",
    "complex<f32>",
    "complex<f64>",
];
const FLOATS: [&str; 4] = ["f16", "bf16", "f32", "f64"];

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = movement();
    cases.extend(indexed());
    cases.extend(reductions());
    cases.extend(windows());
    cases.extend(order());
    cases.extend(control());
    cases.extend(dynamic());
    cases.extend(bounded());
    cases
}

/// Operations of one operand that only move elements.
fn movement() -> Vec<Case> {
    let forms = [
        ("transpose", "2x3x4", "4x2x3", "permutation = array<i64: 2, 0, 1>"),
        ("reshape", "2x3x4", "6x4", ""),
        ("broadcast_in_dim", "3x1", "2x3x4", "broadcast_dimensions = array<i64: 1, 2>"),
        ("broadcast", "3", "2x3", "broadcast_sizes = array<i64: 2>"),
        ("reverse", "3x4", "3x4", "dimensions = array<i64: 0, 1>"),
        (
            "slice",
            "5x7",
            "2x3",
            "start_indices = array<i64: 1, 0>, limit_indices = array<i64: 4, 7>, strides = array<i64: 2, 3>",
        ),
    ];
    let mut cases = Vec::new();
    for e in ALL {
        for (op, from, to, attributes) in forms {
            let (from, to) = (format!("{from}x{e}"), format!("{to}x{e}"));
            let body = format!("%r0 = \"stablehlo.{op}\"(%a0) {{{attributes}}} : (tensor<{from}>) -> tensor<{to}>");
            cases.push(Case::new(format!("{op} {e}"), &[(&from, Any)], body, &[&to], quiet(e)));
        }
        let (lhs, rhs, both, scalar) = (format!("2x3x{e}"), format!("2x1x{e}"), format!("2x4x{e}"), e.to_owned());
        let body =
            format!("%r0 = stablehlo.concatenate %a0, %a1, dim = 1 : (tensor<{lhs}>, tensor<{rhs}>) -> tensor<{both}>");
        cases.push(Case::new(format!("concatenate {e}"), &[(&lhs, Any), (&rhs, Any)], body, &[&both], quiet(e)));
        let padded = format!("4x6x{e}");
        let body = format!(
            "%r0 = stablehlo.pad %a0, %a1, low = [1, -1], high = [0, 2], interior = [1, 1] : (tensor<{lhs}>, tensor<{scalar}>) -> tensor<{padded}>"
        );
        cases.push(Case::new(format!("pad {e}"), &[(&lhs, Any), (&scalar, Any)], body, &[&padded], quiet(e)));
        let (whole, part) = (format!("5x6x{e}"), format!("2x3x{e}"));
        let body = format!(
            "%r0 = stablehlo.dynamic_slice %a0, %a1, %a2, sizes = [2, 3] : (tensor<{whole}>, tensor<i32>, tensor<i32>) -> tensor<{part}>\n  \
             %r1 = stablehlo.dynamic_update_slice %a0, %a3, %a1, %a2 : (tensor<{whole}>, tensor<{part}>, tensor<i32>, tensor<i32>) -> tensor<{whole}>"
        );
        let inputs = [(whole.as_str(), Any), ("i32", Any), ("i32", Below(9)), (part.as_str(), Any)];
        cases.push(Case::new(
            format!("dynamic_slice, dynamic_update_slice {e}"),
            &inputs,
            body,
            &[&part, &whole],
            quiet(e),
        ));
        if e != "i1" {
            let to = format!("3x4x{e}");
            let body = format!(
                "%r0 = stablehlo.iota dim = 1 : tensor<{to}>\n  %c = stablehlo.constant dense<{}> : tensor<2x{e}>\n  \
                 %r1 = stablehlo.optimization_barrier %c : tensor<2x{e}>",
                if e.starts_with('c') {
                    "(3.0, 1.0)"
                } else if e.contains('f') {
                    "3.0"
                } else {
                    "3"
                }
            );
            cases.push(Case::new(format!("iota, constant {e}"), &[], body, &[&to, &format!("2x{e}")], Bits));
        }
    }
    cases
}

/// XLA makes signalling `NaN`s of bf16 quiet where it computes them as f32.
fn quiet(element: &str) -> Tolerance {
    if element == "bf16" { Exact } else { Bits }
}

fn indexed() -> Vec<Case> {
    let mut cases = Vec::new();
    for e in ALL {
        let (operand, picked) = (format!("5x4x{e}"), format!("3x2x{e}"));
        let body = format!(
            "%r0 = \"stablehlo.gather\"(%a0, %a1) {{dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], \
             start_index_map = [0, 1], index_vector_dim = 1>, slice_sizes = array<i64: 1, 2>}} \
             : (tensor<{operand}>, tensor<3x2xi32>) -> tensor<{picked}>"
        );
        cases.push(Case::new(
            format!("gather {e}"),
            &[(&operand, Any), ("3x2xi32", Below(6))],
            body,
            &[&picked],
            quiet(e),
        ));
        let body = format!(
            "%r0 = \"stablehlo.torch_index_select\"(%a0, %a1) {{dim = 0 : i64, batch_dims = 0 : i64}} \
             : (tensor<{operand}>, tensor<2xi32>) -> tensor<2x4x{e}>"
        );
        let out = format!("2x4x{e}");
        cases.push(Case::new(
            format!("torch_index_select {e}"),
            &[(&operand, Any), ("2xi32", Below(4))],
            body,
            &[&out],
            quiet(e),
        ));
        let body = format!(
            "%r0 = \"stablehlo.scatter\"(%a0, %a1, %a2) ({{\n  ^bb0(%x: tensor<{e}>, %y: tensor<{e}>):\n    \
             %s = stablehlo.add %x, %y : tensor<{e}>\n    stablehlo.return %s : tensor<{e}>\n  }}) \
             {{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [1], inserted_window_dims = [0], \
             scatter_dims_to_operand_dims = [0, 1], index_vector_dim = 1>}} \
             : (tensor<{operand}>, tensor<3x2xi32>, tensor<{picked}>) -> tensor<{operand}>"
        );
        let inputs = [(operand.as_str(), Unit), ("3x2xi32", Below(6)), (picked.as_str(), Unit)];
        cases.push(Case::new(format!("scatter {e}"), &inputs, body, &[&operand], Exact));
    }
    cases
}

/// The body of a region that combines two scalars.
fn combine(op: &str, e: &str) -> String {
    format!(
        "({{\n  ^bb0(%x: tensor<{e}>, %y: tensor<{e}>):\n    %s = stablehlo.{op} %x, %y : tensor<{e}>\n    \
         stablehlo.return %s : tensor<{e}>\n  }})"
    )
}

fn reductions() -> Vec<Case> {
    let mut cases = Vec::new();
    for e in ALL {
        let ops: &[&str] = match e {
            "i1" => &["and", "or", "xor"],
            _ if e.starts_with('c') => &["add", "multiply"],
            _ if e.contains('f') => &["add", "multiply", "maximum", "minimum"],
            _ => &["add", "multiply", "maximum", "minimum", "and", "or", "xor"],
        };
        for op in ops {
            let (from, to, region) = (format!("3x8x5x{e}"), format!("3x5x{e}"), combine(op, e));
            let body = format!(
                "%r0 = \"stablehlo.reduce\"(%a0, %a1) {region} {{dimensions = array<i64: 1>}} : (tensor<{from}>, tensor<{e}>) -> tensor<{to}>"
            );
            // XLA may sum in another order, and keeps the sum of narrow floats in f32.
            let tolerance = match (*op, e) {
                ("add" | "multiply", "f16") => Relative(4e-3),
                ("add" | "multiply", "bf16") => Relative(3e-2),
                ("add" | "multiply", "f32" | "complex<f32>") => Relative(1e-6),
                ("add" | "multiply", "f64" | "complex<f64>") => Relative(1e-15),
                _ => Exact,
            };
            cases.push(Case::new(format!("reduce {op} {e}"), &[(&from, Unit), (e, Unit)], body, &[&to], tolerance));
        }
    }
    let region = "({\n  ^bb0(%v: tensor<f32>, %i: tensor<i32>, %w: tensor<f32>, %j: tensor<i32>):\n    \
                  %c = stablehlo.compare GE, %v, %w : (tensor<f32>, tensor<f32>) -> tensor<i1>\n    \
                  %s = stablehlo.select %c, %v, %w : tensor<i1>, tensor<f32>\n    \
                  %t = stablehlo.select %c, %i, %j : tensor<i1>, tensor<i32>\n    \
                  stablehlo.return %s, %t : tensor<f32>, tensor<i32>\n  })";
    let body = format!(
        "%r:2 = \"stablehlo.reduce\"(%a0, %a1, %a2, %a3) {region} {{dimensions = array<i64: 0>}} : (tensor<9x4xf32>, tensor<9x4xi32>, \
         tensor<f32>, tensor<i32>) -> (tensor<4xf32>, tensor<4xi32>)\n  \
         %r0 = stablehlo.optimization_barrier %r#0 : tensor<4xf32>\n  %r1 = stablehlo.optimization_barrier %r#1 : tensor<4xi32>"
    );
    let inputs = [("9x4xf32", Unit), ("9x4xi32", Any), ("f32", Unit), ("i32", Unit)];
    cases.push(Case::new("reduce of two operands", &inputs, body, &["4xf32", "4xi32"], Exact));
    cases
}

fn windows() -> Vec<Case> {
    let mut cases = Vec::new();
    for e in ["f32", "f64", "bf16", "f16", "i32", "i8", "ui8", "i64"] {
        for op in ["add", "maximum"] {
            let (from, to) = (format!("7x9x{e}"), format!("4x4x{e}"));
            // XLA leaves padding out of a sum; the specification adds an initial value for each padded element.
            let body = format!(
                "%z = stablehlo.constant dense<{}> : tensor<{e}>\n  \
                 %r0 = \"stablehlo.reduce_window\"(%a0, %z) {} {{window_dimensions = array<i64: 2, 3>, window_strides = array<i64: 2, 2>, \
                 base_dilations = array<i64: 1, 1>, window_dilations = array<i64: 1, 1>, padding = dense<[[0, 1], [0, 0]]> : tensor<2x2xi64>}} \
                 : (tensor<{from}>, tensor<{e}>) -> tensor<{to}>",
                if e.contains('f') { "0.0" } else { "0" },
                combine(op, e)
            );
            let tolerance = match (op, e) {
                ("add", "bf16") => Relative(2e-2),
                ("add", "f16") => Relative(2e-3),
                ("add", "f32") => Relative(1e-6),
                ("add", "f64") => Relative(1e-15),
                _ => Exact,
            };
            cases.push(Case::new(format!("reduce_window {op} {e}"), &[(&from, Unit)], body, &[&to], tolerance));
        }
        if e == "ui8" || e == "i8" {
            continue;
        }
        let (operand, source) = (format!("8x6x{e}"), format!("4x3x{e}"));
        let body = format!(
            "%r0 = \"stablehlo.select_and_scatter\"(%a0, %a1, %a2) ({{\n  ^bb0(%x: tensor<{e}>, %y: tensor<{e}>):\n    \
             %c = stablehlo.compare GE, %x, %y : (tensor<{e}>, tensor<{e}>) -> tensor<i1>\n    stablehlo.return %c : tensor<i1>\n  }}, {{\n  \
             ^bb0(%x: tensor<{e}>, %y: tensor<{e}>):\n    %s = stablehlo.add %x, %y : tensor<{e}>\n    stablehlo.return %s : tensor<{e}>\n  }}) \
             {{window_dimensions = array<i64: 2, 2>, window_strides = array<i64: 2, 2>}} \
             : (tensor<{operand}>, tensor<{source}>, tensor<{e}>) -> tensor<{operand}>"
        );
        let inputs = [(operand.as_str(), Unit), (source.as_str(), Unit), (e, Unit)];
        cases.push(Case::new(format!("select_and_scatter {e}"), &inputs, body, &[&operand], Ulps(1)));
    }
    cases
}

fn order() -> Vec<Case> {
    let mut cases = Vec::new();
    for e in ALL.into_iter().filter(|e| !e.starts_with('c')) {
        let t = format!("3x50x{e}");
        let kind = if FLOATS.contains(&e) {
            "TOTALORDER"
        } else if e.starts_with("ui") || e == "i1" {
            "UNSIGNED"
        } else {
            "SIGNED"
        };
        let body = format!(
            "%r:2 = \"stablehlo.sort\"(%a0, %a1) ({{\n  ^bb0(%x: tensor<{e}>, %y: tensor<{e}>, %i: tensor<i32>, %j: tensor<i32>):\n    \
             %c = stablehlo.compare LT, %x, %y, {kind} : (tensor<{e}>, tensor<{e}>) -> tensor<i1>\n    stablehlo.return %c : tensor<i1>\n  }}) \
             {{dimension = 1 : i64, is_stable = true}} : (tensor<{t}>, tensor<3x50xi32>) -> (tensor<{t}>, tensor<3x50xi32>)\n  \
             %r0 = stablehlo.optimization_barrier %r#0 : tensor<{t}>\n  %r1 = stablehlo.optimization_barrier %r#1 : tensor<3x50xi32>"
        );
        let fill = if FLOATS.contains(&e) { Special(0) } else { Any };
        cases.push(Case::new(format!("sort {e}"), &[(&t, fill), ("3x50xi32", Any)], body, &[&t, "3x50xi32"], Exact));
    }
    for e in ["f32", "bf16", "i32"] {
        let t = format!("2x40x{e}");
        let body = format!(
            "%r0, %r1 = stablehlo.custom_call @mhlo.topk(%a0) {{mhlo.attributes = {{k = 6 : i64, largest = true}}, mhlo.version = 1 : i64}} \
             : (tensor<{t}>) -> (tensor<2x6x{e}>, tensor<2x6xi32>)"
        );
        let out = format!("2x6x{e}");
        cases.push(Case::new(format!("custom_call @mhlo.topk {e}"), &[(&t, Unit)], body, &[&out, "2x6xi32"], Exact));
    }
    let body = "%i = stablehlo.iota dim = 1 : tensor<2x40xi32>\n  %m = stablehlo.constant dense<0xFF800000> : tensor<f32>\n  \
                %n = stablehlo.constant dense<-1> : tensor<i32>\n  \
                %r0, %r1 = stablehlo.custom_call @ApproxTopK(%a0, %i, %m, %n) {called_computations = [@FUNCTION_greater], \
                mhlo.backend_config = {aggregate_to_topk = true, is_fallback = true, recall_target = 0.95 : f32, reduction_dim = 1 : i64, \
                reduction_input_size_override = -1 : i64, top_k = 6 : i64}} : (tensor<2x40xf32>, tensor<2x40xi32>, tensor<f32>, tensor<i32>) \
                -> (tensor<2x6xf32>, tensor<2x6xi32>)";
    let mut approximate =
        Case::new("custom_call @ApproxTopK f32", &[("2x40xf32", Unit)], body, &["2x6xf32", "2x6xi32"], Exact);
    approximate.callee = Some(
        "func.func private @FUNCTION_greater(%x: tensor<f32>, %y: tensor<f32>, %i: tensor<i32>, %j: tensor<i32>) -> tensor<i1> {\n  \
         %c = stablehlo.compare GT, %x, %y : (tensor<f32>, tensor<f32>) -> tensor<i1>\n  return %c : tensor<i1>\n}\n"
            .to_owned(),
    );
    cases.push(approximate);
    let body = "%r0, %r1 = stablehlo.custom_call @TopK(%a0) {called_computations = [], backend_config = \"\"} : (tensor<40xf32>) -> (tensor<6xf32>, tensor<6xi32>)";
    cases.push(Case::new("custom_call @TopK f32", &[("40xf32", Unit)], body, &["6xf32", "6xi32"], Exact));
    cases
}

fn control() -> Vec<Case> {
    let t = "tensor<4xf32>";
    let branch = |op: &str| format!("{{\n    %b = stablehlo.{op} %a1 : {t}\n    stablehlo.return %b : {t}\n  }}");
    let inputs = [("i1", Any), ("4xf32", Unit)];
    let mut cases = vec![Case::new(
        "if",
        &inputs,
        format!("%r0 = \"stablehlo.if\"(%a0) ({}, {}) : (tensor<i1>) -> {t}", branch("negate"), branch("abs")),
        &["4xf32"],
        Bits,
    )];
    for index in [-1, 0, 1, 2, 7] {
        let body = format!(
            "%i = stablehlo.constant dense<{index}> : tensor<i32>\n  %r0 = \"stablehlo.case\"(%i) ({}, {}, {}) : (tensor<i32>) -> {t}",
            branch("negate"),
            branch("abs"),
            branch("floor")
        );
        cases.push(Case::new(format!("case {index}"), &inputs, body, &["4xf32"], Bits));
    }
    let body = format!(
        "%n = stablehlo.constant dense<5> : tensor<i32>\n  %one = stablehlo.constant dense<1> : tensor<i32>\n  \
         %r:2 = stablehlo.while(%i = %a0, %x = %a1) : tensor<i32>, {t}\n  cond {{\n    \
         %c = stablehlo.compare LT, %i, %n : (tensor<i32>, tensor<i32>) -> tensor<i1>\n    stablehlo.return %c : tensor<i1>\n  }} do {{\n    \
         %j = stablehlo.add %i, %one : tensor<i32>\n    %y = stablehlo.add %x, %x : {t}\n    stablehlo.return %j, %y : tensor<i32>, {t}\n  }}\n  \
         %r0 = stablehlo.negate %r#1 : {t}"
    );
    cases.push(Case::new("while", &[("i32", Below(3)), ("4xf32", Unit)], body, &["4xf32"], Bits));
    let body = format!(
        "%r0 = \"stablehlo.map\"(%a0, %a1) {} {{dimensions = array<i64: 0>}} : ({t}, {t}) -> {t}",
        combine("multiply", "f32")
    );
    cases.push(Case::new("map", &[("4xf32", Unit), ("4xf32", Unit)], body, &["4xf32"], Bits));
    let body = format!(
        "%p = stablehlo.tuple %a0, %a1 : tuple<tensor<i1>, {t}>\n  \
         %r0 = stablehlo.get_tuple_element %p[1] : (tuple<tensor<i1>, {t}>) -> {t}"
    );
    cases.push(Case::new("tuple, get_tuple_element", &inputs, body, &["4xf32"], Bits));
    let body = format!(
        "%k = stablehlo.create_token : !stablehlo.token\n  %l = stablehlo.after_all %k, %k : !stablehlo.token\n  %r0 = stablehlo.abs %a1 : {t}"
    );
    cases.push(Case::new("create_token, after_all", &inputs, body, &["4xf32"], Bits));
    let body =
        format!("%r0 = stablehlo.composite \"test.negate\" %a1 {{decomposition = @FUNCTION_part}} : ({t}) -> {t}");
    let mut composite = Case::new("composite", &inputs, body, &["4xf32"], Bits);
    composite.callee = Some(format!(
        "func.func private @FUNCTION_part(%x: {t}) -> {t} {{\n  %y = stablehlo.negate %x : {t}\n  return %y : {t}\n}}\n"
    ));
    cases.push(composite);
    cases.push(Case::new("replica_id", &[], "%r0 = stablehlo.replica_id : tensor<ui32>", &["ui32"], Bits));
    cases
}

/// Dynamic operations whose shapes are constants.
fn dynamic() -> Vec<Case> {
    let shape = |values: &str, n: usize| format!("%s = stablehlo.constant dense<[{values}]> : tensor<{n}xi64>");
    let f = [("2x3xf32", Any)];
    let mut cases = vec![
        Case::new(
            "dynamic_reshape",
            &f,
            format!(
                "{}\n  %r0 = stablehlo.dynamic_reshape %a0, %s : (tensor<2x3xf32>, tensor<1xi64>) -> tensor<6xf32>",
                shape("6", 1)
            ),
            &["6xf32"],
            Bits,
        ),
        Case::new(
            "dynamic_broadcast_in_dim",
            &f,
            format!(
                "{}\n  %r0 = stablehlo.dynamic_broadcast_in_dim %a0, %s, dims = [1, 2] : (tensor<2x3xf32>, tensor<3xi64>) -> tensor<4x2x3xf32>",
                shape("4, 2, 3", 3)
            ),
            &["4x2x3xf32"],
            Bits,
        ),
        Case::new(
            "dynamic_iota",
            &[],
            format!(
                "{}\n  %r0 = stablehlo.dynamic_iota %s, dim = 0 : (tensor<2xi64>) -> tensor<4x2xi32>",
                shape("4, 2", 2)
            ),
            &["4x2xi32"],
            Bits,
        ),
        Case::new(
            "real_dynamic_slice",
            &f,
            "%s = stablehlo.constant dense<[0, 1]> : tensor<2xi64>\n  %l = stablehlo.constant dense<[2, 3]> : tensor<2xi64>\n  \
             %t = stablehlo.constant dense<1> : tensor<2xi64>\n  %r0 = stablehlo.real_dynamic_slice %a0, %s, %l, %t \
             : (tensor<2x3xf32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>) -> tensor<2x2xf32>",
            &["2x2xf32"],
            Bits,
        ),
        Case::new(
            "dynamic_pad",
            &[("2x3xf32", Any), ("f32", Any)],
            "%s = stablehlo.constant dense<[0, 1]> : tensor<2xi64>\n  %l = stablehlo.constant dense<[1, 1]> : tensor<2xi64>\n  \
             %t = stablehlo.constant dense<0> : tensor<2xi64>\n  %r0 = stablehlo.dynamic_pad %a0, %a1, %s, %l, %t \
             : (tensor<2x3xf32>, tensor<f32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>) -> tensor<3x5xf32>",
            &["3x5xf32"],
            Bits,
        ),
        Case::new(
            "dynamic_gather",
            &[("5x4xf32", Any), ("3x2xi32", Below(6))],
            "%s = stablehlo.constant dense<[1, 2]> : tensor<2xi32>\n  %r0 = \"stablehlo.dynamic_gather\"(%a0, %a1, %s) \
             {dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0, 1], index_vector_dim = 1>} \
             : (tensor<5x4xf32>, tensor<3x2xi32>, tensor<2xi32>) -> tensor<3x2xf32>",
            &["3x2xf32"],
            Bits,
        ),
        Case::new(
            "dynamic_conv",
            &[("1x6x2xf32", Unit), ("3x2x2xf32", Unit)],
            "%p = stablehlo.constant dense<[[1, 1]]> : tensor<1x2xi32>\n  %r0 = \"stablehlo.dynamic_conv\"(%a0, %a1, %p) \
             {dimension_numbers = #stablehlo.conv<[b, 0, f]x[0, i, o]->[b, 0, f]>, batch_group_count = 1 : i64, feature_group_count = 1 : i64} \
             : (tensor<1x6x2xf32>, tensor<3x2x2xf32>, tensor<1x2xi32>) -> tensor<1x6x2xf32>",
            &["1x6x2xf32"],
            Relative(1e-6),
        ),
        Case::new(
            "get_dimension_size",
            &f,
            "%r0 = stablehlo.get_dimension_size %a0, dim = 1 : (tensor<2x3xf32>) -> tensor<i32>",
            &["i32"],
            Bits,
        ),
        Case::new(
            "set_dimension_size",
            &f,
            "%n = stablehlo.constant dense<3> : tensor<i32>\n  %r0 = stablehlo.set_dimension_size %a0, %n, dim = 1 : (tensor<2x3xf32>, tensor<i32>) -> tensor<2x3xf32>",
            &["2x3xf32"],
            Bits,
        ),
    ];
    let quantized = "tensor<8x!quant.uniform<i8:f32, 0.25:3>>";
    let body = format!(
        "%q = stablehlo.uniform_quantize %a0 : (tensor<8xf32>) -> {quantized}\n  %r0 = stablehlo.uniform_dequantize %q : ({quantized}) -> tensor<8xf32>"
    );
    cases.push(Case::new("uniform_quantize, uniform_dequantize", &[("8xf32", Unit)], body, &["8xf32"], Exact));
    cases
}

/// Operations on a tensor of which only three of five columns count.
fn bounded() -> Vec<Case> {
    let (wide, bounded) = ("tensor<4x5xf32>", "tensor<4x?xf32, #stablehlo.bounds<?, 5>>");
    let cut = format!(
        "%n = stablehlo.constant dense<3> : tensor<i32>\n  \
         %b = stablehlo.set_dimension_size %a0, %n, dim = 1 : ({wide}, tensor<i32>) -> {bounded}\n  \
         %zero = stablehlo.constant dense<0.0> : tensor<f32>"
    );
    let sum = |of: &str| {
        format!(
            "%r0 = stablehlo.reduce({of} init: %zero) applies stablehlo.add across dimensions = [1] : ({bounded}, tensor<f32>) -> tensor<4xf32>"
        )
    };
    let input = [("4x5xf32", Unit)];
    let cases = [
        ("bounded reduce", sum("%b"), "4xf32"),
        ("bounded add", format!("%c = stablehlo.add %b, %b : {bounded}\n  {}", sum("%c")), "4xf32"),
        ("bounded exponential", format!("%c = stablehlo.exponential %b : {bounded}\n  {}", sum("%c")), "4xf32"),
        ("bounded reverse", format!("%c = stablehlo.reverse %b, dims = [0] : {bounded}\n  {}", sum("%c")), "4xf32"),
        (
            "bounded get_dimension_size",
            format!("%r0 = stablehlo.get_dimension_size %b, dim = 1 : ({bounded}) -> tensor<i32>"),
            "i32",
        ),
        (
            "bounded dot_general",
            format!(
                "%r0 = stablehlo.dot_general %b, %b, contracting_dims = [1] x [1] : ({bounded}, {bounded}) -> tensor<4x4xf32>"
            ),
            "4x4xf32",
        ),
        (
            "bounded transpose",
            format!(
                "%c = stablehlo.transpose %b, dims = [1, 0] : ({bounded}) -> tensor<?x4xf32, #stablehlo.bounds<5, ?>>\n  \
                 %r0 = stablehlo.reduce(%c init: %zero) applies stablehlo.add across dimensions = [0] \
                 : (tensor<?x4xf32, #stablehlo.bounds<5, ?>>, tensor<f32>) -> tensor<4xf32>"
            ),
            "4xf32",
        ),
    ];
    let case = |(name, body, out): (&str, String, &str)| {
        let tolerance = if out == "i32" { Bits } else { Relative(1e-6) };
        Case::new(name, &input, format!("{cut}\n  {body}"), &[out], tolerance)
    };
    cases.into_iter().map(case).collect()
}
