//! `hire.fill`: predicted scores with the exact ones put in at the selected positions.

use hire_compiler::ir::{Attr, ElementType, Func, Opcode, ScatterDimensionNumbers, TensorType, Type};

use super::function;
use crate::hire::emit::Emit;

/// The decomposition: (scores [B, V] f32, positions [B, k'], exact [B, k']) -> [B, V] of the
/// element type of `exact`.
pub(crate) fn fill(name: &str, scores: &TensorType, exact: &TensorType) -> Func {
    let positions = exact.with_element(ElementType::I32);
    let inputs = [scores.clone(), positions, exact.clone()];
    function(name, &inputs, |b, args| {
        let scores = b.convert(args[0], exact.element.clone());
        let dims = ScatterDimensionNumbers {
            inserted_window_dims: vec![1],
            input_batching_dims: vec![0],
            scatter_indices_batching_dims: vec![0],
            scatter_dims_to_operand_dims: vec![1],
            index_vector_dim: 2,
            ..ScatterDimensionNumbers::default()
        };
        let scalar = Type::tensor(&[], exact.element.clone());
        let body = b.region([scalar.clone(), scalar], |b, args| {
            b.op(Opcode::Return, [args[1]], [], []);
        });
        let attrs = [
            ("scatter_dimension_numbers", Attr::ScatterDimensionNumbers(Box::new(dims))),
            ("indices_are_sorted", Attr::Bool(true)),
            ("unique_indices", Attr::Bool(true)),
        ];
        let ty = b.func.value_type(scores).clone();
        let op = b.op_with_regions(Opcode::Scatter, [scores, args[1], args[2]], attrs, [body], [ty]);
        b.func.ops[op].results[0]
    })
}
