//! `hire.scatter_dot`: the product of activations with the rows of a matrix that belong to their neurons.
//!
//! It is what the product of the activations, scattered into zeros, with the whole matrix would give.

use hire_compiler::ir::{Builder, DotDimensionNumbers, ElementType, Func, TensorType, ValueId};

use super::gather_dot::{Rows, gathered, set_arithmetic, swapped};
use super::{GatherDot, UNROLLED_ROWS, by_row, contract, function, row};
use crate::hire::emit::Emit;

/// The decomposition: (a [B, k'], W [F, d], positions [B, k']) -> a W [B, d]. `form.hidden` is the type of a.
pub(crate) fn scatter_dot(name: &str, form: &GatherDot) -> Func {
    let batch = form.hidden.sizes().expect("the matcher admits only static shapes")[0];
    let positions = TensorType::new(&[batch, form.k_prime], ElementType::I32);
    let inputs = [form.hidden.clone(), form.table.clone(), positions];
    function(name, &inputs, |b, args| {
        if batch > UNROLLED_ROWS {
            let rows = gathered(b, args[1], args[2], form);
            let dims = DotDimensionNumbers {
                lhs_batching_dimensions: vec![0],
                rhs_batching_dimensions: vec![0],
                ..contract(1, 1)
            };
            return product(b, args[0], rows, dims, form);
        }
        let mut rows_of = Rows::of(args[1], args[2], form);
        by_row(b, batch, |b, index| {
            let rows = rows_of.at(b, index);
            let activations = row(b, args[0], index);
            product(b, activations, rows, contract(0, 0), form)
        })
    })
}

/// `a . rows` with the dense product's arithmetic, its operands exchanged.
pub(super) fn product(
    b: &mut Builder<'_>,
    a: ValueId,
    rows: ValueId,
    dims: DotDimensionNumbers,
    form: &GatherDot,
) -> ValueId {
    let result = b.dot(a, rows, dims, form.element.clone());
    let precision = form.precision.map(|(matrix, vector)| (vector, matrix));
    set_arithmetic(b, result, precision, form.algorithm.as_ref().map(swapped));
    result
}
