//! Element-wise operations on whole tensors, a chunk at a time.

use super::{Direction, Elementwise, Function, clamp, compare, fast};
use crate::eval::error::Fault;
use crate::eval::float;
use crate::eval::number::{Complex, Kind, PRED, Scalar};
use crate::eval::tensor::{Heap, Tensor};
use crate::ir::ElementType;

/// Elements that are decoded, computed and encoded at once: their decoded forms stay in the cache.
const CHUNK: usize = 512;

/// Applies the operation to tensors of one shape; those of rank 0 stand for all elements.
pub(in crate::eval) fn apply(
    heap: &Heap,
    operation: &Elementwise,
    operands: &[&Tensor],
    element: &ElementType,
) -> Result<Tensor, Fault> {
    let shape = operands.iter().find(|t| !t.shape().is_empty()).unwrap_or(&operands[0]).shape();
    if let Some(odd) = operands.iter().find(|t| !t.shape().is_empty() && t.shape() != shape) {
        return Err(Fault::invalid(format!("operand shapes {shape:?} and {:?} differ", odd.shape())));
    }
    heap.build(element, shape, |out| {
        let full = operands.iter().all(|t| t.shape() == shape);
        let bytes: Vec<&[u8]> = operands.iter().map(|t| t.bytes()).collect();
        if full && fast::apply(operation, &bytes, out) {
            return Ok(());
        }
        if matches!(operation.function, Function::Select) {
            select(operands, operation.result.width(), out);
            return Ok(());
        }
        let mut loader = Loader::new(operands, shape, operation);
        let width = operation.result.width();
        for (at, out) in out.chunks_mut(CHUNK * width).enumerate() {
            chunk(operation, &mut loader, at * CHUNK, out);
        }
        Ok(())
    })
}

/// Moves whole elements, so that every bit of them is kept.
fn select(operands: &[&Tensor], width: usize, out: &mut [u8]) {
    let (pred, on_true, on_false) = (operands[0], operands[1], operands[2]);
    let side = |tensor: &Tensor, index: usize| if tensor.shape().is_empty() { 0 } else { index * width };
    for (index, out) in out.chunks_exact_mut(width).enumerate() {
        let chosen = if pred.bytes()[side(pred, index) / width] & 1 == 1 { on_true } else { on_false };
        let at = side(chosen, index);
        out.copy_from_slice(&chosen.bytes()[at..at + width]);
    }
}

/// Decodes chunks of the operands into buffers that are reused.
struct Loader<'a> {
    operands: Vec<(&'a [u8], Kind, bool)>,
    ints: [Vec<i128>; 3],
    floats: [Vec<f64>; 3],
}

impl<'a> Loader<'a> {
    fn new(operands: &[&'a Tensor], shape: &[usize], operation: &Elementwise) -> Self {
        let operands = operands
            .iter()
            .zip(&operation.operands)
            .map(|(t, &kind)| (t.bytes(), kind, t.shape().len() == shape.len()))
            .collect();
        Self { operands, ints: Default::default(), floats: Default::default() }
    }

    fn part(&self, operand: usize, from: usize, count: usize) -> (&'a [u8], Kind, bool) {
        let (bytes, kind, full) = self.operands[operand];
        let width = kind.width();
        if full { (&bytes[from * width..(from + count) * width], kind, true) } else { (bytes, kind, false) }
    }

    /// Elements `from .. from + count` of an integer operand.
    fn load_ints(&mut self, operand: usize, from: usize, count: usize) {
        let (bytes, kind, full) = self.part(operand, from, count);
        let ty = if let Kind::Int(ty) = kind { ty } else { PRED };
        let buffer = &mut self.ints[operand];
        buffer.resize(count, 0);
        let load = |bytes: &[u8], out: &mut [i128]| {
            if kind == Kind::Pred {
                out.iter_mut().zip(bytes).for_each(|(out, b)| *out = i128::from(b & 1));
            } else {
                ty.load(bytes, out);
            }
        };
        if full {
            load(bytes, buffer);
        } else {
            load(bytes, &mut buffer[..1.min(count)]);
            let first = buffer.first().copied().unwrap_or(0);
            buffer.fill(first);
        }
    }

    /// Elements `from .. from + count` of a float operand, or their parts for a complex one.
    fn load_floats(&mut self, operand: usize, from: usize, count: usize) {
        let (bytes, kind, full) = self.part(operand, from, count);
        let (ty, parts) = match kind {
            Kind::Float(ty) => (ty, 1),
            Kind::Complex(ty) => (ty, 2),
            Kind::Pred | Kind::Int(_) => return,
        };
        let buffer = &mut self.floats[operand];
        buffer.resize(count * parts, 0.0);
        if full {
            ty.load(bytes, buffer);
        } else if count > 0 {
            ty.load(bytes, &mut buffer[..parts]);
            let first: Vec<f64> = buffer[..parts].to_vec();
            buffer.chunks_exact_mut(parts).for_each(|chunk| chunk.copy_from_slice(&first));
        }
    }

    fn load(&mut self, operand: usize, from: usize, count: usize) {
        match self.operands[operand].1 {
            Kind::Pred | Kind::Int(_) => self.load_ints(operand, from, count),
            Kind::Float(_) | Kind::Complex(_) => self.load_floats(operand, from, count),
        }
    }

    fn scalar(&self, operand: usize, index: usize) -> Scalar {
        match self.operands[operand].1 {
            Kind::Pred | Kind::Int(_) => Scalar::Int(self.ints[operand][index]),
            Kind::Float(_) => Scalar::Float(self.floats[operand][index]),
            Kind::Complex(_) => Scalar::Complex(self.complex(operand, index)),
        }
    }

    fn complex(&self, operand: usize, index: usize) -> Complex {
        Complex::new(self.floats[operand][2 * index], self.floats[operand][2 * index + 1])
    }
}

fn chunk(operation: &Elementwise, loader: &mut Loader<'_>, from: usize, out: &mut [u8]) {
    let count = out.len() / operation.result.width();
    for operand in 0..operation.operands.len() {
        loader.load(operand, from, count);
    }
    let [ints, more_ints, _] = &loader.ints;
    let [floats, more_floats, _] = &loader.floats;
    let pairs = || floats.iter().zip(more_floats);
    match operation.function {
        Function::Int1(f, ty) => store_ints(operation.result, ints.iter().map(|&a| f(a, ty)), out),
        Function::Int2(f, ty) => {
            store_ints(operation.result, ints.iter().zip(more_ints).map(|(&a, &b)| f(a, b, ty)), out);
        }
        Function::Float1(f) => store_floats(operation.result, floats.iter().map(|&a| f(a)), out),
        Function::Float2(f, ty) => store_floats(operation.result, pairs().map(|(&a, &b)| f(a, b, ty)), out),
        Function::ReducePrecision(ty, exponent, mantissa) => {
            let reduce = |&a: &f64| float::reduce_precision(ty, a, exponent, mantissa);
            store_floats(operation.result, floats.iter().map(reduce), out);
        }
        Function::FloatTest(f) => store_ints(Kind::Pred, floats.iter().map(|&a| f(a).into()), out),
        Function::MakeComplex => store_floats(operation.result, pairs().flat_map(|(&a, &b)| [a, b]), out),
        Function::ComplexPart(f) => {
            store_floats(operation.result, (0..count).map(|i| f(loader.complex(0, i))), out);
        }
        Function::Compare(direction, false) if matches!(operation.operands[0], Kind::Float(_)) => {
            store_ints(Kind::Pred, pairs().map(|(&a, &b)| compare_floats(direction, a, b).into()), out);
        }
        Function::Compare(direction, total) => {
            let one = |i| compare(direction, total, loader.scalar(0, i), loader.scalar(1, i));
            store_ints(Kind::Pred, (0..count).map(|i| one(i).into()), out);
        }
        Function::Convert(Kind::Float(_), Kind::Float(_)) => {
            store_floats(operation.result, floats.iter().copied(), out);
        }
        Function::Clamp(kind) => each(operation.result, count, out, |i| {
            clamp(kind, loader.scalar(1, i), loader.scalar(0, i), loader.scalar(2, i))
        }),
        Function::Convert(..) | Function::Complex1(_) | Function::Complex2(..) | Function::Select => {
            each(operation.result, count, out, |i| {
                let args: [Scalar; 2] = [loader.scalar(0, i), loader.scalar(operation.operands.len() - 1, i)];
                operation.scalar(&args)
            });
        }
    }
}

fn compare_floats(direction: Direction, a: f64, b: f64) -> bool {
    match direction {
        Direction::Eq => a == b,
        Direction::Ne => a != b,
        Direction::Ge => a >= b,
        Direction::Gt => a > b,
        Direction::Le => a <= b,
        Direction::Lt => a < b,
    }
}

fn each(kind: Kind, count: usize, out: &mut [u8], value: impl Fn(usize) -> Scalar) {
    for index in 0..count {
        kind.write(value(index), out, index);
    }
}

fn store_ints(kind: Kind, values: impl Iterator<Item = i128>, out: &mut [u8]) {
    let Kind::Int(ty) = kind else {
        return out.iter_mut().zip(values).for_each(|(out, value)| *out = u8::from(value & 1 == 1));
    };
    let mut buffer = [0; CHUNK];
    let mut count = 0;
    for (slot, value) in buffer.iter_mut().zip(values) {
        *slot = value;
        count += 1;
    }
    ty.store(&buffer[..count], out);
}

fn store_floats(kind: Kind, values: impl Iterator<Item = f64>, out: &mut [u8]) {
    let ty = match kind {
        Kind::Float(ty) | Kind::Complex(ty) => ty,
        Kind::Pred | Kind::Int(_) => return,
    };
    let mut buffer = [0.0; 2 * CHUNK];
    let mut count = 0;
    for (slot, value) in buffer.iter_mut().zip(values) {
        *slot = value;
        count += 1;
    }
    ty.store(&buffer[..count], out);
}
