//! `sort` and `top_k`. Both are stable.

use super::call::Call;
use super::error::{EvalError, Fault};
use super::machine::{Frame, Machine};
use super::number::{Kind, Scalar};
use super::regions::{body, kinds};
use super::tensor::{Heap, Shape, Tensor};
use super::walk::{Indices, position, row_major};
use crate::ir::{ElementType, Operation};

pub(super) fn sort<'m>(
    machine: &mut Machine<'m>,
    frame: &mut Frame<'m>,
    operation: &Operation,
    operands: &[&Tensor],
) -> Result<Vec<Tensor>, EvalError> {
    let Some(first) = operands.first() else { return Ok(Vec::new()) };
    let shape = first.shape();
    if operands.iter().any(|operand| operand.shape() != shape) {
        return Err(Fault::invalid("sort takes inputs of one shape").into());
    }
    let rank = shape.len() as i64;
    let dimension = operation.i64_attr("dimension").unwrap_or(-1);
    let dim = if dimension < 0 { dimension + rank } else { dimension };
    if !(0..rank).contains(&dim) {
        return Err(Fault::invalid(format!("`dimension` = {dimension} is no dimension of rank {rank}")).into());
    }
    let (dim, kinds, heap) = (dim as usize, kinds(operands)?, machine.heap.clone());
    let mut comparator = body(machine, frame, operation, 0, 2 * operands.len())?;
    let mut order: Vec<Tensor> = operands.iter().map(|&operand| operand.clone()).collect();
    let mut buffers = order.iter_mut().map(|t| t.bytes_mut(&heap)).collect::<Result<Vec<_>, _>>()?;

    let mut lines_shape: Shape = shape.into();
    lines_shape[dim] = 1;
    let strides = row_major(shape);
    let mut args = vec![Scalar::Int(0); 2 * operands.len()];
    let mut line = Indices::new(&lines_shape);
    while let Some(line) = line.next() {
        let start = position(line, &strides);
        let place = |i: usize| (start + i as isize * strides[dim]) as usize;
        let columns: Vec<Vec<Scalar>> = operands
            .iter()
            .zip(&kinds)
            .map(|(operand, kind)| (0..shape[dim]).map(|i| kind.read(operand.bytes(), place(i))).collect())
            .collect();
        let mut permutation: Vec<usize> = (0..shape[dim]).collect();
        merge_sort(&mut permutation, &mut |a, b| {
            for (i, column) in columns.iter().enumerate() {
                args[2 * i] = column[a];
                args[2 * i + 1] = column[b];
            }
            comparator.call_one(&args).map(Scalar::is_true)
        })?;
        for ((buffer, operand), kind) in buffers.iter_mut().zip(operands).zip(&kinds) {
            let width = kind.width();
            for (i, &from) in permutation.iter().enumerate() {
                let (to, from) = (place(i) * width, place(from) * width);
                buffer[to..to + width].copy_from_slice(&operand.bytes()[from..from + width]);
            }
        }
    }
    Ok(order)
}

/// Sorts stably by `less`, which may fail and need not be consistent: whatever it answers, the
/// result is a permutation.
pub(super) fn merge_sort<E>(
    items: &mut [usize],
    less: &mut impl FnMut(usize, usize) -> Result<bool, E>,
) -> Result<(), E> {
    let mut source = items.to_vec();
    let mut target = items.to_vec();
    let mut run = 1;
    while run < items.len() {
        for start in (0..items.len()).step_by(2 * run) {
            let (middle, end) = ((start + run).min(items.len()), (start + 2 * run).min(items.len()));
            let (mut left, mut right) = (start, middle);
            for slot in &mut target[start..end] {
                let take_right = right < end && (left == middle || less(source[right], source[left])?);
                let from = if take_right { &mut right } else { &mut left };
                *slot = source[*from];
                *from += 1;
            }
        }
        std::mem::swap(&mut source, &mut target);
        run *= 2;
    }
    items.copy_from_slice(&source);
    Ok(())
}

/// The `k` largest along the last dimension, descending, ties to the lower index, and their
/// indices as `i32`. Floats are in `totalOrder`, so a positive `NaN` counts as largest.
pub(super) fn top_k(call: &Call<'_>) -> Result<Vec<Tensor>, Fault> {
    let k = usize::try_from(call.int("k")?).map_err(|_| Fault::invalid("`k` is negative"))?;
    largest(call.heap, call.operand(0)?, k)
}

/// See [`top_k`].
pub(super) fn largest(heap: &Heap, operand: &Tensor, k: usize) -> Result<Vec<Tensor>, Fault> {
    let Some((&length, outer)) = operand.shape().split_last() else {
        return Err(Fault::invalid("top_k takes a tensor of at least rank 1"));
    };
    if k > length {
        return Err(Fault::invalid(format!("there are no {k} largest of {length} elements")));
    }
    let kind = Kind::of(operand.element())?;
    let mut shape: Shape = outer.into();
    shape.push(k);
    let rows: usize = outer.iter().product();
    let mut picked = Vec::with_capacity(rows * k);
    for row in 0..rows {
        let values: Vec<Scalar> = (0..length).map(|i| kind.read(operand.bytes(), row * length + i)).collect();
        let mut order: Vec<usize> = (0..length).collect();
        let descending = |&a: &usize, &b: &usize| total_order(values[b], values[a]).then(a.cmp(&b));
        if k > 0 && k < length {
            order.select_nth_unstable_by(k - 1, descending);
            order.truncate(k);
        }
        order.sort_unstable_by(descending);
        picked.extend(order.into_iter().take(k).map(|i| row * length + i));
    }
    let width = kind.width();
    let values = heap.build(operand.element(), &shape, |out| {
        for (out, &from) in out.chunks_exact_mut(width).zip(&picked) {
            out.copy_from_slice(&operand.bytes()[from * width..(from + 1) * width]);
        }
        Ok::<_, Fault>(())
    })?;
    let indices = heap.build(&ElementType::I32, &shape, |out| {
        for (out, &from) in out.chunks_exact_mut(4).zip(&picked) {
            out.copy_from_slice(&((from % length) as i32).to_le_bytes());
        }
        Ok::<_, Fault>(())
    })?;
    Ok(vec![values, indices])
}

fn total_order(a: Scalar, b: Scalar) -> std::cmp::Ordering {
    match (a, b) {
        (Scalar::Float(a), Scalar::Float(b)) => a.total_cmp(&b),
        (Scalar::Complex(a), Scalar::Complex(b)) => a.re.total_cmp(&b.re).then(a.im.total_cmp(&b.im)),
        (a, b) => a.int().cmp(&b.int()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merging_is_stable_and_survives_nonsense() {
        let keys = [3, 1, 2, 1, 3, 0, 2];
        let mut order: Vec<usize> = (0..7).collect();
        merge_sort(&mut order, &mut |a, b| Ok::<_, ()>(keys[a] < keys[b])).expect("infallible");
        assert_eq!(order, [5, 1, 3, 2, 6, 0, 4]);
        merge_sort(&mut order, &mut |_, _| Ok::<_, ()>(true)).expect("infallible");
        order.sort_unstable();
        assert_eq!(order, [0, 1, 2, 3, 4, 5, 6]);
    }
}
