//! Windows that slide over a padded, dilated base: `reduce_window` and `select_and_scatter`.

use super::body::Body;
use super::indexing::{Shaped, each_index};
use super::movement::integers;
use super::number::Number;
use super::reduce::{Elements, inputs_and_inits};
use super::{Fault, Prepared, Signature, invalid};

/// A window.
#[derive(Clone, Debug)]
pub(super) struct Window {
    pub(super) size: Vec<usize>,
    pub(super) stride: Vec<usize>,
    pub(super) base_dilation: Vec<usize>,
    pub(super) dilation: Vec<usize>,
    /// Low and high, by dimension.
    pub(super) padding: Vec<[i64; 2]>,
}

impl Window {
    fn of(signature: &Signature<'_>, rank: usize) -> Result<Self, Fault> {
        let padding = padding(signature.attribute("padding", Vec::new())?, rank)?;
        Ok(Self {
            size: positive(signature, "window_dimensions", rank)?,
            stride: positive(signature, "window_strides", rank)?,
            base_dilation: positive(signature, "base_dilations", rank)?,
            dilation: positive(signature, "window_dilations", rank)?,
            padding,
        })
    }

    /// How many places the window has along each dimension of a base of this shape.
    pub(super) fn places(&self, shape: &[usize]) -> Option<Vec<usize>> {
        let dilate = |size: usize, by: usize| if size == 0 { 0 } else { (size as i128 - 1) * by as i128 + 1 };
        let along = |d: usize| {
            let base =
                dilate(shape[d], self.base_dilation[d]) + self.padding[d].iter().map(|&p| i128::from(p)).sum::<i128>();
            let window = dilate(self.size[d], self.dilation[d]);
            let places = if base < window { 0 } else { (base - window) / self.stride[d] as i128 + 1 };
            usize::try_from(places).ok()
        };
        (0..shape.len()).map(along).collect()
    }

    /// The base index under element `inner` of the window at `place`, along dimension `d` of this
    /// size; `None` in the padding and in the holes of a dilated base.
    pub(super) fn base_index(&self, d: usize, place: usize, inner: usize, size: usize) -> Option<usize> {
        let padded = place as i128 * self.stride[d] as i128 + inner as i128 * self.dilation[d] as i128;
        let dilated = padded - i128::from(self.padding[d][0]);
        let by = self.base_dilation[d] as i128;
        let index = dilated.div_euclid(by);
        (dilated.rem_euclid(by) == 0 && (0..size as i128).contains(&index)).then_some(index as usize)
    }

    /// The element of the base under an element of the window.
    fn element(&self, place: &[usize], inner: &[usize], base: &Shaped) -> Option<usize> {
        (0..place.len())
            .map(|d| self.base_index(d, place[d], inner[d], base.shape[d]).map(|i| i * base.strides[d]))
            .sum()
    }
}

/// As many positive integers as there are dimensions; all 1 where the attribute is absent.
pub(super) fn positive(signature: &Signature<'_>, name: &str, rank: usize) -> Result<Vec<usize>, Fault> {
    let values = signature.attribute(name, vec![1; rank])?;
    let fits = values.len() == rank && !values.contains(&0);
    fits.then_some(values).ok_or_else(|| invalid(format!("`{name}` needs {rank} positive integers")))
}

/// Pairs, flat; all 0 where there are none.
pub(super) fn padding(values: Vec<i64>, rank: usize) -> Result<Vec<[i64; 2]>, Fault> {
    match values.len() {
        0 => Ok(vec![[0, 0]; rank]),
        length if length == 2 * rank => Ok(values.as_chunks::<2>().0.to_vec()),
        _ => Err(invalid(format!("`padding` needs {rank} pairs"))),
    }
}

pub(super) fn reduce_window(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    let reducer = Reducer::new(signature)?;
    let window = Window::of(signature, reducer.input.rank())?;
    reducer.check(&window)?;
    Ok(Prepared::new(move |operands, results| {
        reducer.run(&window, operands, results);
        Ok(())
    }))
}

/// The same of one input, with the window's sizes, strides, dilations and padding as operands.
pub(super) fn dynamic_reduce_window(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    let (tensors, window) = signature.operands.split_at(signature.operands.len().min(2));
    let reducer =
        Reducer::new(&Signature { operands: tensors.to_vec(), results: signature.results.clone(), ..*signature })?;
    let rank = reducer.input.rank();
    if window.len() != 5 || !window.iter().map(Shaped::len).eq([rank, rank, rank, rank, 2 * rank]) {
        return Err(invalid("the sizes of its window do not fit its input"));
    }
    let window = window.to_vec();
    Ok(Prepared::new(move |operands, results| {
        let list = |at: usize| integers(operands[2 + at], &window[at]);
        let sizes = |at: usize| -> Result<Vec<usize>, Fault> {
            let positive = |size| usize::try_from(size).ok().filter(|&size| size > 0);
            let sizes: Option<Vec<usize>> = list(at).into_iter().map(positive).collect();
            sizes.ok_or_else(|| invalid("a size of its window is not positive"))
        };
        let window = Window {
            size: sizes(0)?,
            stride: sizes(1)?,
            base_dilation: sizes(2)?,
            dilation: sizes(3)?,
            padding: padding(list(4), rank)?,
        };
        reducer.check(&window)?;
        reducer.run(&window, operands, results);
        Ok(())
    }))
}

/// What reduces windows of inputs.
struct Reducer {
    input: Shaped,
    results: Vec<Shaped>,
    body: Body,
    from: Vec<Elements>,
    starts: Vec<Elements>,
    to: Vec<Elements>,
}

impl Reducer {
    fn new(signature: &Signature<'_>) -> Result<Self, Fault> {
        let (inputs, inits) = inputs_and_inits(signature)?;
        Ok(Self {
            body: signature.body(0, 2 * inputs.len(), inputs.len())?,
            from: Elements::all(&inputs),
            starts: Elements::all(&inits),
            to: Elements::all(&signature.results),
            input: inputs[0].clone(),
            results: signature.results.clone(),
        })
    }

    /// Refuses results that have not one element for each place of the window.
    fn check(&self, window: &Window) -> Result<(), Fault> {
        let places = window.places(&self.input.shape).ok_or_else(|| invalid("the windows are too many"))?;
        match self.results.iter().find(|result| result.shape != places) {
            Some(result) => Err(invalid(format!("{} is no reduction of windows at {places:?} places", result.ty()))),
            None => Ok(()),
        }
    }

    fn run(&self, window: &Window, operands: &[&[u8]], results: &mut [&mut [u8]]) {
        let count = self.from.len();
        let (mut values, mut args) = (self.body.values(), vec![Number::Int(0); 2 * count]);
        let inits: Vec<Number> = (0..count).map(|i| self.starts[i].load(operands[count + i], 0)).collect();
        each_index(&self.results[0].shape, |at, place| {
            args[..count].copy_from_slice(&inits);
            each_index(&window.size, |_, inner| {
                let element = window.element(place, inner, &self.input);
                for i in 0..count {
                    args[count + i] = element.map_or(inits[i], |element| self.from[i].load(operands[i], element));
                }
                self.body.run(&args, &mut values);
                (0..count).for_each(|i| args[i] = self.body.result(i, &values));
            });
            for i in 0..count {
                self.to[i].store(args[i], results[i], at);
            }
        });
    }
}

/// In each window, the element that `select` (region 0) prefers takes in the source's element, by
/// `scatter` (region 1).
pub(super) fn select_and_scatter(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    let (operand, source) = (signature.operand(0)?.clone(), signature.operand(1)?.clone());
    let (init, result) = (signature.operand(2)?, signature.result(0)?);
    let window = Window::of(signature, operand.rank())?;
    let fits = window.places(&operand.shape).as_deref() == Some(source.shape.as_slice());
    if !fits || init.len() != 1 || result.shape != operand.shape {
        return Err(invalid(format!("{} has not one element for each window of {}", source.ty(), operand.ty())));
    }
    let (select, scatter) = (signature.body(0, 2, 1)?, signature.body(1, 2, 1)?);
    let [from, sources, inits, to] = [&operand, &source, init, result].map(Elements::of);
    Ok(Prepared::new(move |operands, results| {
        let mut values = select.values();
        for at in 0..operand.len() {
            to.store(inits.load(operands[2], 0), results[0], at);
        }
        each_index(&source.shape, |at, place| {
            let mut best: Option<(usize, Number)> = None;
            each_index(&window.size, |_, inner| {
                let Some(element) = window.element(place, inner, &operand) else { return };
                let value = from.load(operands[0], element);
                let keeps = best.is_some_and(|(_, best)| {
                    select.run(&[best, value], &mut values);
                    select.result(0, &values).is_true()
                });
                if !keeps {
                    best = Some((element, value));
                }
            });
            if let Some((element, _)) = best {
                scatter.run(&[sources.load(operands[1], at), to.load(results[0], element)], &mut values);
                to.store(scatter.result(0, &values), results[0], element);
            }
        });
        Ok(())
    }))
}
