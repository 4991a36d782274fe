//! Which parameters are matrices that can be stored in fewer bits, and who reads them.

use hire_compiler::graph::Uses;
use hire_compiler::ir::{Attr, Func, GatherDimensionNumbers, OpId, Opcode, ValueId};
use smol_str::SmolStr;

use super::quantize::{GROUP, ROWS};
use crate::signature::Argument;

/// A matrix of the parameters.
#[derive(Clone, Debug)]
pub(super) struct Matrix {
    pub parameter: ValueId,
    pub name: SmolStr,
    /// Rows: what a product has as results.
    pub outputs: u64,
    /// Columns: what a product sums over.
    pub inputs: u64,
    /// Whether it is stored [inputs, outputs].
    pub is_transposed: bool,
    pub readers: Vec<Reader>,
}

/// An operation that reads a matrix.
#[derive(Clone, Copy, Debug)]
pub(super) enum Reader {
    /// A product, and which operand of it the matrix is.
    Product { op: OpId, operand: usize },
    /// Takes whole rows.
    Rows { op: OpId },
}

impl Matrix {
    /// Whether a product reads it, and so all of it.
    pub(super) fn is_multiplied(&self) -> bool {
        self.readers.iter().any(|reader| matches!(reader, Reader::Product { .. }))
    }

    /// Whether the layout of q4 fits: only products read it, over whole groups, for blocks of rows.
    pub(super) fn takes_groups(&self) -> bool {
        let product = |reader: &Reader| matches!(reader, Reader::Product { .. });
        self.inputs.is_multiple_of(GROUP) && self.outputs.is_multiple_of(ROWS) && self.readers.iter().all(product)
    }
}

/// The matrix of a parameter: `None` if it is none, or why it is left alone.
pub(super) fn matrix(func: &Func, uses: &Uses, argument: &Argument) -> Option<Result<Matrix, String>> {
    let ty = argument.ty.as_ref().filter(|ty| ty.element.is_float())?;
    let [rows, columns] = *ty.sizes()? else { return None };
    let mut found = Vec::new();
    if let Err(reason) = readers(func, uses, argument.value, &mut found) {
        return Some(Err(reason));
    }
    let &(_, is_transposed) = found.first()?;
    if found.iter().any(|&(_, other)| other != is_transposed) {
        return Some(Err("products sum over its rows and over its columns".to_owned()));
    }
    let (outputs, inputs) = if is_transposed { (columns, rows) } else { (rows, columns) };
    let readers = found.into_iter().map(|(reader, _)| reader).collect();
    let (parameter, name) = (argument.value, argument.name.clone());
    Some(Ok(Matrix { parameter, name, outputs, inputs, is_transposed, readers }))
}

/// The readers of `value`, seen through conversions, each with whether rows are what it sums over.
fn readers(func: &Func, uses: &Uses, value: ValueId, found: &mut Vec<(Reader, bool)>) -> Result<(), String> {
    let body = func.body.ok_or("the entry has no body")?;
    for used in uses.get(value) {
        let operation = &func.ops[used.op];
        let stands_in_body = func.regions[body].ops.contains(&used.op);
        let reader = match operation.opcode {
            _ if !stands_in_body => None,
            Opcode::Convert if is_float(func, operation.results[0]) => {
                readers(func, uses, operation.results[0], found)?;
                continue;
            }
            Opcode::DotGeneral => product(func, used.op, used.index as usize),
            Opcode::Gather if used.index == 0 && takes_rows(func, used.op) => {
                Some((Reader::Rows { op: used.op }, false))
            }
            _ => None,
        };
        found.push(reader.ok_or_else(|| format!("`{}` reads it in another way", operation.name()))?);
    }
    Ok(())
}

fn is_float(func: &Func, value: ValueId) -> bool {
    func.value_type(value).as_tensor().is_some_and(|ty| ty.element.is_float())
}

/// A product over one dimension, without batch dimensions or an algorithm that it insists on.
fn product(func: &Func, op: OpId, operand: usize) -> Option<(Reader, bool)> {
    let operation = &func.ops[op];
    let dims = operation.dot_dimension_numbers()?;
    let contracted = [&dims.lhs_contracting_dimensions, &dims.rhs_contracting_dimensions];
    let plain = dims.lhs_batching_dimensions.is_empty() && operation.attr("algorithm").is_none();
    // The square of a matrix is no product with a vector.
    let apart = operation.operands[0] != operation.operands[1];
    let both_float = operation.operands.iter().all(|&v| is_float(func, v)) && is_float(func, operation.results[0]);
    let is_product = plain && apart && both_float && contracted.iter().all(|dims| dims.len() == 1);
    is_product.then(|| (Reader::Product { op, operand }, contracted[operand][0] == 0))
}

/// Whether a gather takes whole rows, and lays them out last.
fn takes_rows(func: &Func, op: OpId) -> bool {
    let operation = &func.ops[op];
    let Some(Attr::GatherDimensionNumbers(dims)) = operation.attr("dimension_numbers") else { return false };
    let sizes = |value: ValueId| func.value_type(value).as_tensor().and_then(|ty| Some(ty.sizes()?.to_vec()));
    let (Some(table), Some(result), Some(indices)) =
        (sizes(operation.operands[0]), sizes(operation.results[0]), sizes(operation.operands[1]))
    else {
        return false;
    };
    let rows = GatherDimensionNumbers {
        offset_dims: vec![result.len() as i64 - 1],
        collapsed_slice_dims: vec![0],
        start_index_map: vec![0],
        index_vector_dim: dims.index_vector_dim,
        ..GatherDimensionNumbers::default()
    };
    // The dimension of the index vector is the last, of size one, or is not there.
    let last = indices.len() as i64 - 1;
    let has_plain_indices =
        dims.index_vector_dim == last + 1 || (dims.index_vector_dim == last && indices.last() == Some(&1));
    let whole = operation.i64s_attr("slice_sizes") == Some(&[1, table[1] as i64][..]);
    **dims == rows && has_plain_indices && whole
}
