//! The results of `@stablehlo.dynamic_reduce_window`, whose window is given by operands.

use hire_compiler::ir::{Dim, Func, OpId, TensorType, Type, ValueId};

use super::known::Known;

/// How many operands describe the window, after the inputs and as many initial values: dimensions, strides, base
/// dilations, window dilations, padding.
const WINDOW_OPERANDS: usize = 5;

/// The types of the results, when the window is known and the inputs are static.
pub(super) fn result_types(func: &Func, op: OpId, known: &Known) -> Option<Vec<Type>> {
    let operation = &func.ops[op];
    let data = operation.operands.len().checked_sub(WINDOW_OPERANDS)?;
    let (data, window) = operation.operands.split_at(data);
    let inputs = &data[..data.len() / 2];
    let list = |at: usize| known.i64s(func, *window.get(at)?);
    let [size, stride, base, dilation, padding] = [list(0)?, list(1)?, list(2)?, list(3)?, list(4)?];
    let shape = func.value_type(*inputs.first()?).as_tensor()?.sizes()?;
    let lists = [&size, &stride, &base, &dilation];
    if lists.iter().any(|list| list.len() != shape.len() || list.iter().any(|&n| n < 1)) {
        return None;
    }
    if padding.len() != 2 * shape.len() {
        return None;
    }
    let along = |d: usize| {
        let padded =
            dilated(i128::from(shape[d]), base[d]) + i128::from(padding[2 * d]) + i128::from(padding[2 * d + 1]);
        let free = padded - dilated(i128::from(size[d]), dilation[d]);
        let places = if free < 0 { 0 } else { free / i128::from(stride[d]) + 1 };
        u64::try_from(places).ok().map(Dim::Size)
    };
    let dims: Vec<Dim> = (0..shape.len()).map(along).collect::<Option<_>>()?;
    let typed = |&result: &ValueId| {
        let stated = func.value_type(result).as_tensor()?;
        Some(TensorType::with_dims(dims.iter().copied(), stated.element.clone()).into())
    };
    operation.results.iter().map(typed).collect()
}

fn dilated(size: i128, by: i64) -> i128 {
    if size == 0 { 0 } else { (size - 1) * i128::from(by) + 1 }
}
