//! `sort` with any comparator, and the first entries in its order (`approx_top_k`). Both are stable.
//!
//! Where the comparator says which of two integers, or of two floats in their total order, is less or
//! greater, entries are sorted by keys in planned scratch memory. Any other comparator is run on pairs
//! of entries.

use std::cmp::Ordering;

use super::body::Body;
use super::indexing::{Shaped, copy_element};
use super::number::{Domain, Number};
use super::{Fault, Prepared, Signature, invalid};

pub(super) fn sort(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    let dimension = signature.attribute("dimension", -1)?;
    if signature.operands != signature.results {
        return Err(invalid("its results differ from its operands in type"));
    }
    first_entries(signature, signature.operands.len(), dimension)
}

/// The first entries along `reduction_dim` in the order of the comparator, as many as the results
/// hold: the exact top-k. Operands are values with their companions, then an initial value for each.
pub(super) fn approx_top_k(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    let dimension = signature.attribute("reduction_dim", -1)?;
    first_entries(signature, signature.operands.len() / 2, dimension)
}

fn first_entries(signature: &Signature<'_>, count: usize, dimension: i64) -> Result<Prepared, Fault> {
    let (inputs, outputs) = (&signature.operands[..count], &signature.results);
    let first = signature.operand(0)?;
    let dim = if dimension < 0 { dimension + first.rank() as i64 } else { dimension };
    let dim = usize::try_from(dim).ok().filter(|&dim| dim < first.rank());
    let dim = dim.ok_or_else(|| invalid(format!("`dimension` = {dimension} is none of {}", first.ty())))?;
    let mut shape = first.shape.clone();
    shape[dim] = signature.result(0)?.shape.get(dim).copied().unwrap_or(0);
    let fits = shape[dim] <= first.shape[dim]
        && u32::try_from(first.shape[dim]).is_ok()
        && outputs.len() == count
        && inputs
            .iter()
            .zip(outputs)
            .all(|(input, output)| input.dtype == output.dtype && input.shape == first.shape && output.shape == shape);
    if !fits {
        return Err(invalid("its operands and results do not fit each other"));
    }
    let body = signature.body(0, 2 * count, 1)?;
    let lines = Lines::new(inputs, dim, shape[dim]);
    if let Some(key) = Key::of(&body, inputs) {
        let run = move |operands: &[&[u8]], results: &mut [&mut [u8]], scratch: &mut [u128]| {
            let keys = &mut scratch[..lines.length];
            for line in 0..lines.count {
                lines.keys(line, key, operands[key.operand], keys);
                keys.sort_unstable();
                lines.write(line, keys.iter().map(|&key| key as u32), operands, results);
            }
            Ok(())
        };
        return Ok(Prepared { scratch: first.shape[dim], run: Box::new(run) });
    }
    let domains: Vec<Domain> = inputs.iter().map(|input| Domain::of(input.dtype)).collect();
    Ok(Prepared::new(move |operands, results| {
        let mut work = Work::new(&body, domains.len());
        for line in 0..lines.count {
            work.read(operands, &domains, &lines, line);
            work.sort();
            lines.write(line, work.order.iter().copied(), operands, results);
        }
        Ok(())
    }))
}

/// The lines along a dimension of tensors of one shape.
struct Lines {
    count: usize,
    /// Entries of a line, and how many of them are results.
    length: usize,
    kept: usize,
    /// From one entry to the next.
    stride: usize,
    widths: Vec<usize>,
}

impl Lines {
    fn new(inputs: &[Shaped], dim: usize, kept: usize) -> Self {
        let (shape, length) = (&inputs[0].shape, inputs[0].shape[dim]);
        let others = shape.iter().enumerate().filter(|&(d, _)| d != dim).map(|(_, &size)| size);
        let widths = inputs.iter().map(|input| input.width).collect();
        let count = if length == 0 { 0 } else { others.product() };
        Self { count, length, kept, stride: shape[dim + 1..].iter().product(), widths }
    }

    /// Where an entry of a line of tensors with so many entries along the dimension lies.
    fn element(&self, line: usize, entry: usize, length: usize) -> usize {
        (line / self.stride * length + entry) * self.stride + line % self.stride
    }

    /// The bytes of an entry of operand `i`.
    fn load<'b>(&self, line: usize, entry: usize, i: usize, bytes: &'b [u8]) -> &'b [u8] {
        &bytes[self.element(line, entry, self.length) * self.widths[i]..][..self.widths[i]]
    }

    /// The sort keys of a line.
    fn keys(&self, line: usize, key: Key, bytes: &[u8], keys: &mut [u128]) {
        for (entry, slot) in keys.iter_mut().enumerate() {
            *slot = key.of_entry(self.load(line, entry, key.operand, bytes), entry);
        }
    }

    /// Writes the first entries of a line in this order.
    fn write(&self, line: usize, order: impl Iterator<Item = u32>, operands: &[&[u8]], results: &mut [&mut [u8]]) {
        for (to, from) in order.take(self.kept).enumerate() {
            let (from, to) = (self.element(line, from as usize, self.length), self.element(line, to, self.kept));
            for ((operand, result), &width) in operands.iter().zip(results.iter_mut()).zip(&self.widths) {
                copy_element(operand, from, result, to, width);
            }
        }
    }
}

/// A comparator that orders one operand by its numbers.
#[derive(Clone, Copy)]
struct Key {
    operand: usize,
    domain: Domain,
    descending: bool,
}

impl Key {
    /// `None` where the comparator is something else, or equal numbers may differ (zeros and NaNs
    /// that are not in total order).
    fn of(body: &Body, inputs: &[Shaped]) -> Option<Self> {
        let (comparison, a, b) = body.as_comparison().filter(|(_, a, b)| a / 2 == b / 2 && a != b)?;
        let operand = a / 2;
        let domain = Domain::of(inputs[operand].dtype);
        let has_keys = match domain {
            Domain::Pred | Domain::Int(_) => true,
            Domain::Float(_) => comparison.is_total(),
            Domain::Complex(_) => false,
        };
        let greater = match [Ordering::Less, Ordering::Equal, Ordering::Greater].map(|order| comparison.holds(order)) {
            [true, false, false] => false,
            [false, false, true] => true,
            _ => return None,
        };
        has_keys.then_some(Self { operand, domain, descending: greater != (a > b) })
    }

    /// An integer that is smaller for entries that come first, its low half the entry's number.
    fn of_entry(self, bytes: &[u8], entry: usize) -> u128 {
        let key = match (self.domain, self.domain.load(bytes)) {
            (Domain::Int(int), Number::Int(value)) => (value - int.range().0) as u64,
            (_, Number::Int(value)) => value as u64,
            (_, other) => {
                let bits = other.float().to_bits() as i64;
                (bits ^ (((bits >> 63) as u64) >> 1) as i64) as u64 ^ (1 << 63)
            }
        };
        u128::from(if self.descending { !key } else { key }) << 32 | entry as u128
    }
}

/// A line that is sorted: its entries, and their order.
struct Work<'a> {
    body: &'a Body,
    columns: Vec<Vec<Number>>,
    order: Vec<u32>,
    spare: Vec<u32>,
    values: Vec<Number>,
    args: Vec<Number>,
}

impl<'a> Work<'a> {
    fn new(body: &'a Body, operands: usize) -> Self {
        Self {
            body,
            columns: vec![Vec::new(); operands],
            order: Vec::new(),
            spare: Vec::new(),
            values: body.values(),
            args: vec![Number::Int(0); 2 * operands],
        }
    }

    fn read(&mut self, operands: &[&[u8]], domains: &[Domain], lines: &Lines, line: usize) {
        for (i, (column, domain)) in self.columns.iter_mut().zip(domains).enumerate() {
            column.clear();
            column.extend((0..lines.length).map(|entry| domain.load(lines.load(line, entry, i, operands[i]))));
        }
        self.order.clear();
        self.order.extend(0..lines.length as u32);
        self.spare.clone_from(&self.order);
    }

    fn sort(&mut self) {
        let Self { body, columns, order, spare, values, args } = self;
        merge_sort(order, spare, |left, right| {
            for (i, column) in columns.iter().enumerate() {
                args[2 * i] = column[left as usize];
                args[2 * i + 1] = column[right as usize];
            }
            body.run(args, values);
            body.result(0, values).is_true()
        });
    }
}

/// Sorts stably by `less`, which need not be consistent: the result is always a permutation.
fn merge_sort(order: &mut Vec<u32>, spare: &mut Vec<u32>, mut less: impl FnMut(u32, u32) -> bool) {
    let mut run = 1;
    while run < order.len() {
        for start in (0..order.len()).step_by(2 * run) {
            let (middle, end) = ((start + run).min(order.len()), (start + 2 * run).min(order.len()));
            let (mut left, mut right) = (start, middle);
            for slot in &mut spare[start..end] {
                let take_right = right < end && (left == middle || less(order[right], order[left]));
                let from = if take_right { &mut right } else { &mut left };
                *slot = order[*from];
                *from += 1;
            }
        }
        std::mem::swap(order, spare);
        run *= 2;
    }
}

#[cfg(test)]
mod tests {
    use hire_artifact::{ElementType, TensorType};
    use serde_json::{Map, Value, json};

    use super::*;

    /// A comparator of one operand, as it is written in a schedule.
    fn comparator(direction: &str, dtype: ElementType, extra: bool) -> Map<String, Value> {
        let name = dtype.name();
        let attributes = json!({"comparison_direction": direction, "compare_type": "TOTALORDER"});
        let compare = json!({"op": "compare", "operands": [0, 1], "results": ["i1"], "attributes": attributes});
        // A step that changes nothing keeps the comparator from being recognised.
        let again = json!({"op": "convert", "operands": [2], "results": ["i1"]});
        let steps = if extra { json!([compare, again]) } else { json!([compare]) };
        let region = json!({"parameters": [name, name], "steps": steps, "results": [if extra { 3 } else { 2 }]});
        Map::from_iter([("dimension".to_owned(), json!(1)), ("regions".to_owned(), json!([region]))])
    }

    #[test]
    fn keys_and_comparators_give_the_same_order() {
        let floats = [1.0, f32::NAN, -0.0, 0.0, f32::INFINITY, 1.0, -f32::NAN, -3.5].map(f32::to_le_bytes).concat();
        let longs = [u64::MAX, 3, 1 << 63, (1 << 63) - 1].map(u64::to_le_bytes).concat();
        for (dtype, bytes) in [
            (ElementType::F32, floats.clone()),
            (ElementType::I32, floats.clone()),
            (ElementType::Bf16, floats.clone()),
            (ElementType::I8, floats),
            (ElementType::Ui64, longs.clone()),
            (ElementType::I64, longs),
        ] {
            let count = (bytes.len() / dtype.host_bytes()) as u64;
            for shape in [vec![1, count, 1], vec![1, count / 2, 2], vec![2, count / 2, 1]] {
                let ty = [TensorType::new(dtype, shape)];
                for direction in ["LT", "GT"] {
                    let sorted = [false, true].map(|extra| {
                        let attributes = comparator(direction, dtype, extra);
                        let primitive = super::super::load("sort", &attributes, &ty, &ty).unwrap();
                        assert_eq!(primitive.scratch_words() == 0, extra);
                        let (mut out, mut scratch) = (vec![0; bytes.len()], vec![0; primitive.scratch_words()]);
                        primitive.run(&[&bytes], &mut [&mut out], &mut scratch).unwrap();
                        out
                    });
                    assert_eq!(sorted[0], sorted[1], "{direction} {dtype}");
                }
            }
        }
    }

    #[test]
    fn merging_is_stable_and_survives_nonsense() {
        let keys = [3, 1, 2, 1, 3, 0, 2];
        let (mut order, mut spare): (Vec<u32>, Vec<u32>) = ((0..7).collect(), (0..7).collect());
        merge_sort(&mut order, &mut spare, |a, b| keys[a as usize] < keys[b as usize]);
        assert_eq!(order, [5, 1, 3, 2, 6, 0, 4]);
        merge_sort(&mut order, &mut spare, |_, _| true);
        order.sort_unstable();
        assert_eq!(order, [0, 1, 2, 3, 4, 5, 6]);
    }
}
