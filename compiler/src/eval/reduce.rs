//! `reduce` and `map`.
//!
//! A reduction folds from the initial value in row-major order of the reduced dimensions, every
//! step rounded to the accumulator's type.

use smallvec::SmallVec;

use super::call::{attr_ints, check_dims, sizes};
use super::elementwise::{Elementwise, Function, convert};
use super::error::{EvalError, Fault};
use super::float::FloatType;
use super::machine::{Frame, Machine};
use super::number::{Kind, Scalar};
use super::regions::{body, inputs_and_inits, kinds, result_elements};
use super::tensor::{Heap, Shape, Tensor, element_count};
use super::walk::{self, Layout, row_major};
use crate::ir::{Opcode, Operation};

/// Elements decoded at once.
const CHUNK: usize = 512;

pub(super) fn reduce<'m>(
    machine: &mut Machine<'m>,
    frame: &mut Frame<'m>,
    operation: &Operation,
    operands: &[&Tensor],
) -> Result<Vec<Tensor>, EvalError> {
    let (inputs, inits) = inputs_and_inits(operation, operands)?;
    let shape = inputs[0].shape();
    let dims = operation.attr("dimensions").and_then(attr_ints).and_then(|dims| sizes(&dims));
    let dims = dims.ok_or_else(|| Fault::invalid("`dimensions` is missing"))?;
    check_dims(&dims, shape.len(), "dimensions")?;
    let heap = machine.heap.clone();
    let (kept, row_length) =
        (kept_dims(shape, &dims), element_count(&dims.iter().map(|&d| shape[d]).collect::<Shape>())?);
    let rows = inputs.iter().map(|input| rows_of(&heap, input, &kept)).collect::<Result<Vec<_>, _>>()?;
    let result_shape: Shape = kept.iter().map(|&d| shape[d]).collect();
    let elements = result_elements(frame, operation, inputs.len())?;
    let init_kinds = kinds(inits)?;
    let input_kinds = kinds(inputs)?;
    let count = element_count(&result_shape)?;

    let mut body = body(machine, frame, operation, 0, 2 * inputs.len())?;
    let args: SmallVec<[Kind; 4]> = body.args.clone();
    let start: Vec<Scalar> =
        (0..inits.len()).map(|i| convert(init_kinds[i].read(inits[i].bytes(), 0), args[i])).collect();
    let fold = body.single_operation().filter(|_| inputs.len() == 1 && input_kinds[0] == args[1]).cloned();
    if let Some(fold) = fold {
        body.tick(rows[0].len())?;
        let width = input_kinds[0].width() * row_length;
        let result = heap.build(&elements[0], &result_shape, |out| {
            let kind = Kind::stored(&elements[0])?;
            for index in 0..count {
                let row = &rows[0].bytes()[index * width..(index + 1) * width];
                kind.write(fold_row(&fold, args[1], start[0], row), out, index);
            }
            Ok::<_, Fault>(())
        })?;
        return Ok(vec![result]);
    }

    let result_kinds = elements.iter().map(Kind::stored).collect::<Result<Vec<_>, _>>()?;
    let mut results: Vec<Vec<u8>> = Vec::new();
    for kind in &result_kinds {
        heap.check(count * kind.width())?;
        results.push(vec![0; count * kind.width()]);
    }
    let mut outputs: SmallVec<[Scalar; 2]> = SmallVec::new();
    for index in 0..count {
        let mut operands: SmallVec<[Scalar; 4]> = SmallVec::from_slice(&start);
        operands.resize(2 * inputs.len(), Scalar::Int(0));
        for at in index * row_length..(index + 1) * row_length {
            for (i, row) in rows.iter().enumerate() {
                operands[inputs.len() + i] = convert(input_kinds[i].read(row.bytes(), at), args[inputs.len() + i]);
            }
            body.call(&operands, &mut outputs)?;
            check_outputs(&outputs, inputs.len())?;
            operands[..inputs.len()].copy_from_slice(&outputs);
        }
        for ((result, kind), &value) in results.iter_mut().zip(&result_kinds).zip(&operands) {
            kind.write(value, result, index);
        }
    }
    let tensor = |(bytes, element): (Vec<u8>, _)| {
        heap.build(element, &result_shape, |out| {
            out.copy_from_slice(&bytes);
            Ok::<_, Fault>(())
        })
    };
    Ok(results.into_iter().zip(&elements).map(tensor).collect::<Result<_, _>>()?)
}

pub(super) fn check_outputs(outputs: &[Scalar], count: usize) -> Result<(), Fault> {
    if outputs.len() == count { Ok(()) } else { Err(Fault::invalid(format!("the region must give {count} results"))) }
}

fn kept_dims(shape: &[usize], dims: &[usize]) -> Shape {
    (0..shape.len()).filter(|d| !dims.contains(d)).collect()
}

/// The tensor with the dimensions of `kept` first and the others last, in order.
fn rows_of(heap: &Heap, tensor: &Tensor, kept: &[usize]) -> Result<Tensor, Fault> {
    let mut order: Shape = kept.into();
    order.extend((0..tensor.shape().len()).filter(|d| !kept.contains(d)));
    if order.iter().enumerate().all(|(i, &d)| i == d) {
        return Ok(tensor.clone());
    }
    let shape: Shape = order.iter().map(|&d| tensor.shape()[d]).collect();
    let strides = row_major(tensor.shape());
    let from = Layout { offset: 0, strides: order.iter().map(|&d| strides[d]).collect() };
    heap.build(tensor.element(), &shape, |out| {
        walk::copy(&shape, tensor.bytes(), &from, out, &Layout::whole(&shape), tensor.element().byte_size());
        Ok(())
    })
}

/// Folds encoded elements with a single operation, the accumulator first.
fn fold_row(operation: &Elementwise, kind: Kind, start: Scalar, row: &[u8]) -> Scalar {
    match (operation.function, kind) {
        (Function::Float2(_, FloatType::F32), _) if operation.opcode == Opcode::Add => {
            let sum = row.as_chunks::<4>().0.iter().fold(start.float() as f32, |sum, &x| sum + f32::from_le_bytes(x));
            Scalar::Float(sum.into())
        }
        (Function::Float2(f, ty), _) => {
            let mut values = [0.0; CHUNK];
            let mut sum = start.float();
            for chunk in row.chunks(CHUNK * ty.width()) {
                let count = chunk.len() / ty.width();
                ty.load(chunk, &mut values[..count]);
                sum = values[..count].iter().fold(sum, |sum, &x| ty.round(f(sum, x, ty)));
            }
            Scalar::Float(sum)
        }
        (Function::Int2(f, ty), Kind::Int(_)) => {
            let mut values = [0; CHUNK];
            let mut sum = start.int();
            for chunk in row.chunks(CHUNK * ty.width()) {
                let count = chunk.len() / ty.width();
                ty.load(chunk, &mut values[..count]);
                sum = values[..count].iter().fold(sum, |sum, &x| ty.wrap(f(sum, x, ty)));
            }
            Scalar::Int(sum)
        }
        _ => (0..row.len() / kind.width()).fold(start, |sum, i| operation.scalar(&[sum, kind.read(row, i)])),
    }
}

pub(super) fn map<'m>(
    machine: &mut Machine<'m>,
    frame: &mut Frame<'m>,
    operation: &Operation,
    operands: &[&Tensor],
) -> Result<Vec<Tensor>, EvalError> {
    let element = result_elements(frame, operation, 1)?.remove(0);
    let (heap, kind, input_kinds) = (machine.heap.clone(), Kind::stored(&element)?, kinds(operands)?);
    let first = operands.first().ok_or_else(|| Fault::invalid("map takes at least one input"))?;
    if operands.iter().any(|operand| operand.shape() != first.shape()) {
        return Err(Fault::invalid("map takes inputs of one shape").into());
    }
    let mut body = body(machine, frame, operation, 0, operands.len())?;
    let result = heap.build(&element, first.shape(), |out| {
        for index in 0..first.len() {
            let args: SmallVec<[Scalar; 4]> =
                operands.iter().zip(&input_kinds).map(|(operand, kind)| kind.read(operand.bytes(), index)).collect();
            kind.write(body.call_one(&args)?, out, index);
        }
        Ok::<_, EvalError>(())
    })?;
    Ok(vec![result])
}
