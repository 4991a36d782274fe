//! `reduce_window` and `select_and_scatter`.

use smallvec::SmallVec;

use super::call::{attr_ints, sizes};
use super::elementwise::convert;
use super::error::{EvalError, Fault};
use super::machine::{Frame, Machine};
use super::number::{Kind, Scalar};
use super::program::Body;
use super::reduce::check_outputs;
use super::regions::{body, inputs_and_inits, kinds, result_elements};
use super::tensor::{Heap, Shape, Tensor, element_count};
use super::walk::{Indices, position, row_major};
use crate::ir::{ElementType, Operation};

/// A window that slides over a padded, dilated base.
pub(super) struct Window {
    pub(super) size: Shape,
    pub(super) stride: Shape,
    pub(super) base_dilation: Shape,
    pub(super) dilation: Shape,
    pub(super) padding: Vec<(i64, i64)>,
}

impl Window {
    /// The window that an operation's attributes describe.
    fn of(operation: &Operation, rank: usize) -> Result<Self, Fault> {
        let list = |name: &str, length: usize, default: i64| {
            let values = operation.attr(name).map_or(Some(SmallVec::from_elem(default, length)), attr_ints);
            values
                .filter(|values| values.len() == length)
                .ok_or_else(|| Fault::invalid(format!("`{name}` needs {length} integers")))
        };
        let positive = |name: &str| {
            let values = sizes(&list(name, rank, 1)?).filter(|values| !values.contains(&0));
            values.ok_or_else(|| Fault::invalid(format!("`{name}` must be positive")))
        };
        Ok(Self {
            size: positive("window_dimensions")?,
            stride: positive("window_strides")?,
            base_dilation: positive("base_dilations")?,
            dilation: positive("window_dilations")?,
            padding: list("padding", 2 * rank, 0)?.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect(),
        })
    }

    /// That all lists are of this rank, and all but the padding positive.
    pub(super) fn check(&self, rank: usize) -> Result<(), Fault> {
        let lists = [&self.size, &self.stride, &self.base_dilation, &self.dilation];
        if lists.iter().any(|list| list.len() != rank || list.contains(&0)) || self.padding.len() != rank {
            return Err(Fault::invalid(format!("the window needs {rank} positive numbers of each kind")));
        }
        Ok(())
    }

    /// How many places the window has along each dimension of a base of this shape.
    pub(super) fn places(&self, shape: &[usize]) -> Result<Shape, Fault> {
        let along = |d: usize| {
            let base = dilate(shape[d] as i128, self.base_dilation[d]);
            let padded = base + i128::from(self.padding[d].0) + i128::from(self.padding[d].1);
            let window = dilate(self.size[d] as i128, self.dilation[d]);
            let places = if padded < window { 0 } else { (padded - window) / self.stride[d] as i128 + 1 };
            usize::try_from(places).map_err(|_| Fault::invalid("the result of the window is too large"))
        };
        (0..shape.len()).map(along).collect()
    }

    /// The base index under place `at`, window element `inner`, along dimension `d` of this size;
    /// `None` in the padding and in the holes of a dilated base.
    pub(super) fn base_index(&self, d: usize, at: usize, inner: usize, size: usize) -> Option<usize> {
        let padded = at as i128 * self.stride[d] as i128 + inner as i128 * self.dilation[d] as i128;
        let dilated = padded - i128::from(self.padding[d].0);
        let (index, hole) =
            (dilated.div_euclid(self.base_dilation[d] as i128), dilated.rem_euclid(self.base_dilation[d] as i128));
        (hole == 0 && (0..size as i128).contains(&index)).then_some(index as usize)
    }
}

fn dilate(size: i128, by: usize) -> i128 {
    if size == 0 { 0 } else { (size - 1) * by as i128 + 1 }
}

pub(super) fn reduce_window<'m>(
    machine: &mut Machine<'m>,
    frame: &mut Frame<'m>,
    operation: &Operation,
    operands: &[&Tensor],
) -> Result<Vec<Tensor>, EvalError> {
    let (inputs, inits) = inputs_and_inits(operation, operands)?;
    let window = Window::of(operation, inputs[0].shape().len())?;
    let (heap, elements) = (machine.heap.clone(), result_elements(frame, operation, inputs.len())?);
    let mut body = body(machine, frame, operation, 0, 2 * inputs.len())?;
    slide(&heap, (inputs, inits), &window, &elements, &mut body)
}

/// Reduces what the window sees at each place; inputs have one shape, and initial values are scalars.
pub(super) fn slide(
    heap: &Heap,
    (inputs, inits): (&[&Tensor], &[&Tensor]),
    window: &Window,
    elements: &[ElementType],
    body: &mut Body<'_, '_>,
) -> Result<Vec<Tensor>, EvalError> {
    let shape = inputs[0].shape();
    let places = window.places(shape)?;
    let (input_kinds, init_kinds) = (kinds(inputs)?, kinds(inits)?);
    let result_kinds = elements.iter().map(Kind::stored).collect::<Result<Vec<_>, _>>()?;
    let args = body.args.clone();
    let values = decode(heap, inputs, &input_kinds, &args[inputs.len()..])?;
    let starts = decode(heap, inits, &init_kinds, &args)?;
    let mut results = buffers(heap, &result_kinds, element_count(&places)?)?;

    let strides = row_major(shape);
    let mut outputs = SmallVec::new();
    let mut place = Indices::new(&places);
    let mut at = 0;
    while let Some(place) = place.next() {
        let mut operands: SmallVec<[Scalar; 4]> = starts.iter().map(|start| start[0]).collect();
        operands.resize(2 * inputs.len(), Scalar::Int(0));
        let mut inner = Indices::new(&window.size);
        while let Some(inner) = inner.next() {
            let base: Option<Shape> =
                (0..shape.len()).map(|d| window.base_index(d, place[d], inner[d], shape[d])).collect();
            let element = base.map(|base| position(&base, &strides) as usize);
            for i in 0..inputs.len() {
                operands[inputs.len() + i] = element.map_or(starts[i][0], |element| values[i][element]);
            }
            body.call(&operands, &mut outputs)?;
            check_outputs(&outputs, inputs.len())?;
            operands[..inputs.len()].copy_from_slice(&outputs);
        }
        for ((result, kind), &value) in results.iter_mut().zip(&result_kinds).zip(&operands) {
            kind.write(value, result, at);
        }
        at += 1;
    }
    let tensor = |(bytes, element): (Vec<u8>, _)| {
        heap.build(element, &places, |out| {
            out.copy_from_slice(&bytes);
            Ok::<_, Fault>(())
        })
    };
    Ok(results.into_iter().zip(elements).map(tensor).collect::<Result<_, _>>()?)
}

/// Byte buffers for results that are written together.
fn buffers(heap: &Heap, kinds: &[Kind], count: usize) -> Result<Vec<Vec<u8>>, Fault> {
    let buffer = |kind: &Kind| {
        let bytes = count.checked_mul(kind.width()).ok_or_else(|| Fault::invalid("the result is too large"))?;
        heap.check(bytes)?;
        Ok(vec![0; bytes])
    };
    kinds.iter().map(buffer).collect()
}

/// All elements of each tensor, converted to the kinds of the region's arguments.
fn decode(heap: &Heap, tensors: &[&Tensor], from: &[Kind], to: &[Kind]) -> Result<Vec<Vec<Scalar>>, Fault> {
    let all = |((tensor, &from), &to): ((&&Tensor, &Kind), &Kind)| {
        heap.check(tensor.len().saturating_mul(size_of::<Scalar>()))?;
        Ok((0..tensor.len()).map(|i| convert(from.read(tensor.bytes(), i), to)).collect())
    };
    tensors.iter().zip(from).zip(to).map(all).collect()
}

pub(super) fn select_and_scatter<'m>(
    machine: &mut Machine<'m>,
    frame: &mut Frame<'m>,
    operation: &Operation,
    operands: &[&Tensor],
) -> Result<Vec<Tensor>, EvalError> {
    let &[operand, source, init] = operands else {
        return Err(Fault::invalid("select_and_scatter takes an operand, a source and an initial value").into());
    };
    let shape = operand.shape();
    let window = Window::of(operation, shape.len())?;
    if window.places(shape)?.as_slice() != source.shape() || init.len() != 1 {
        let (operand, source) = (operand.ty(), source.ty());
        return Err(Fault::invalid(format!("{source} has not one element for each window of {operand}")).into());
    }
    let (heap, element) = (machine.heap.clone(), result_elements(frame, operation, 1)?.remove(0));
    let kinds = kinds(operands)?;
    let result_kind = Kind::stored(&element)?;
    let chosen = selected(machine, frame, operation, operand, source.shape(), &window)?;

    let mut scatter = body(machine, frame, operation, 1, 2)?;
    let args = scatter.args.clone();
    let start = convert(kinds[2].read(init.bytes(), 0), args[1]);
    let mut sums = vec![start; operand.len()];
    for (at, place) in chosen.into_iter().enumerate() {
        let Some(place) = place else { continue };
        let value = convert(kinds[1].read(source.bytes(), at), args[0]);
        sums[place] = scatter.call_one(&[value, sums[place]])?;
    }
    let result = heap.build(&element, shape, |out| {
        sums.iter().enumerate().for_each(|(at, &sum)| result_kind.write(sum, out, at));
        Ok::<_, Fault>(())
    })?;
    Ok(vec![result])
}

/// For each place of the window, the element of the operand that `select` prefers to the others.
fn selected<'m>(
    machine: &mut Machine<'m>,
    frame: &mut Frame<'m>,
    operation: &Operation,
    operand: &Tensor,
    places: &[usize],
    window: &Window,
) -> Result<Vec<Option<usize>>, EvalError> {
    let (shape, kind, heap) = (operand.shape(), Kind::stored(operand.element())?, machine.heap.clone());
    heap.check(operand.len().saturating_mul(size_of::<Scalar>()))?;
    let mut select = body(machine, frame, operation, 0, 2)?;
    let args = select.args.clone();
    let strides = row_major(shape);
    let mut chosen = Vec::new();
    let mut place = Indices::new(places);
    while let Some(place) = place.next() {
        let mut best: Option<(usize, Scalar)> = None;
        let mut inner = Indices::new(&window.size);
        while let Some(inner) = inner.next() {
            select.tick(1)?;
            let base: Option<Shape> =
                (0..shape.len()).map(|d| window.base_index(d, place[d], inner[d], shape[d])).collect();
            let Some(base) = base else { continue };
            let at = position(&base, &strides) as usize;
            let value = convert(kind.read(operand.bytes(), at), args[0]);
            let keep = match best {
                Some((_, best)) => select.call_one(&[best, value])?.is_true(),
                None => false,
            };
            if !keep {
                best = Some((at, value));
            }
        }
        chosen.push(best.map(|(at, _)| at));
    }
    Ok(chosen)
}
