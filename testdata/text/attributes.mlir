// Attributes of every kind, as discardable attributes of a function.

module @"a module" attributes {mhlo.cross_program_prefetches = [], mhlo.is_dynamic = false} {
  func.func @attributes() attributes {
    test.affine = affine_map<(d0, d1) -> (d1, d0)>,
    test.alias = #stablehlo.output_operand_alias<output_tuple_indices = [0, 1], operand_index = 2, operand_tuple_indices = []>,
    test.array = [1, 2 : i32, 3.000000e+00, 4.000000e+00 : f32, "five", @six, [7], {eight = 8 : i64}, unit, true, i32],
    test.bools = array<i1: true, false>,
    test.bounds = #stablehlo.bounds<3, ?>,
    test.brains = array<bf16: 1.000000e+00>,
    test.bytes = array<i8: -1, 2>,
    test.channel = #stablehlo.channel_handle<handle = 1, type = 2>,
    test.chlo = #chlo<comparison_direction EQ>,
    test.conv = #stablehlo.conv<[b, 1, 0, f]x[i, 0, 1, o]->[f, b, 0, 1]>,
    test.dict = {"needs quotes" = 1 : i64, plain, z.last = []},
    test.dot = #stablehlo.dot<lhs_batching_dimensions = [0], rhs_batching_dimensions = [0], lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [1]>,
    test.doubles = array<f64: 1.000000e+00, 1.000000e-01>,
    test.elements = dense<[1, 2]> : tensor<2xindex>,
    test.empty = array<i64>,
    test.enum = #stablehlo<precision HIGHEST>,
    test.false = false,
    test.float = -1.500000e+00 : bf16,
    test.floats = array<f32: 1.000000e+00, 0x7FC00000>,
    test.function = (f32, tensor<2xf32>) -> (),
    test.gather = #stablehlo.gather<>,
    test.index = 1 : index,
    test.ints = array<i32: 1, 2>,
    test.memref = memref<2xf32>,
    test.nan = 0x7FF8000000000000 : f64,
    test.nested = @outer::@"in quotes"::@inner,
    test.none = none,
    test.odd = -3 : i7,
    test.ragged = #chlo.ragged_dot<lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [1], lhs_ragged_dimensions = [0], rhs_group_dimensions = [0]>,
    test.scatter = #stablehlo.scatter<update_window_dims = [1], input_batching_dims = [0], scatter_indices_batching_dims = [0], index_vector_dim = 1>,
    test.set = affine_set<(d0) : (d0 >= 0)>,
    test.shorts = array<i16: 1>,
    test.signed = 2 : si8,
    test.strided = memref<2xf32, strided<[1], offset: ?>>,
    test.string = "tab\09 newline\0A quote\22 backslash\\ \C3\A9",
    test.tuple = tuple<f32, tuple<>>,
    test.unit,
    test.unranked = tensor<*xf32>,
    test.unsigned = 18446744073709551615 : ui64,
    test.vector = vector<4x[2]xf32>
  } {
    return
  }
}
