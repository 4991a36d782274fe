//! The form of `hire.scatter_dot` that XLA's CPU compilers run best.
//!
//! They compute a product of a vector with the rows of a gathered matrix, over the rows, thirty times slower than memory
//! allows: 8.7 ms for 1,536 rows of 2,048 f32, where the product of the same rows over their elements takes 0.4 ms. A loop
//! that adds [`ROWS`] scaled rows at a time to the result, each sliced from the whole matrix, becomes one pass over these
//! rows: 0.3 ms. It adds them in the order of the dense product.

use hire_compiler::ir::{Attr, Builder, ElementType, Func, Opcode, TensorType, Type, ValueId};

use super::{GatherDot, UNROLLED_ROWS, by_row, function, row, scatter_dot, slice};
use crate::hire::emit::Emit;
use crate::traffic::TRIPS_ATTR;

/// Rows that the loop adds at a time: more make its body slow to compile, fewer read and write the sum more often.
const ROWS: u64 = 8;

/// The decomposition: (a [B, k'], W [F, d] or [F / g, g, d], positions [B, k']) -> a W [B, d]. Products whose arithmetic a
/// loop of additions cannot keep, and those of many vectors, have the plain form.
pub(crate) fn accumulated_scatter_dot(name: &str, form: &GatherDot) -> Func {
    let sizes = form.hidden.sizes().expect("the matcher admits only static shapes");
    let (batch, selected) = (sizes[0], sizes[1]);
    let Some(sum) = sum_type(form).filter(|_| batch <= UNROLLED_ROWS && selected > ROWS) else {
        return scatter_dot(name, form);
    };
    let positions = TensorType::new(&[batch, selected], ElementType::I32);
    let inputs = [form.hidden.clone(), form.table.clone(), positions];
    function(name, &inputs, |b, args| {
        let table = b.sizes(args[1]);
        let width = table[table.len() - 1];
        let neurons = table[..table.len() - 1].iter().product();
        let matrix = b.reshape(args[1], &[neurons, width]);
        by_row(b, batch, |b, index| {
            let (activations, positions) = (row(b, args[0], index), row(b, args[2], index));
            let activations = b.convert(activations, sum.clone());
            let rows = ScaledRows { matrix, positions, activations, converts: &form.converts, sum: sum.clone() };
            let total = rows.add_all(b, selected);
            b.convert(total, form.element.clone())
        })
    })
}

/// What the dense product adds up in, where that is known: f32, or f64.
fn sum_type(form: &GatherDot) -> Option<ElementType> {
    let rows = form.converts.last().unwrap_or(&form.table.element);
    let known = |element: &ElementType| matches!(element, ElementType::F32 | ElementType::BF16 | ElementType::F16);
    let all = [rows, &form.hidden.element, &form.element];
    match () {
        () if form.algorithm.is_some() => None,
        () if all.iter().all(|element| known(element)) => Some(ElementType::F32),
        () if all.iter().all(|element| **element == ElementType::F64) => Some(ElementType::F64),
        () => None,
    }
}

/// The rows of a matrix [F, d] at `positions` [k'], times `activations` [k'].
struct ScaledRows<'a> {
    matrix: ValueId,
    positions: ValueId,
    activations: ValueId,
    converts: &'a [ElementType],
    sum: ElementType,
}

impl ScaledRows<'_> {
    /// The sum of all `count` of them, [d].
    fn add_all(&self, b: &mut Builder<'_>, count: u64) -> ValueId {
        let width = b.sizes(self.matrix)[1];
        let index_type = Type::tensor(&[], ElementType::I32);
        let looped = count / ROWS * ROWS;
        let first = b.splat(&[], ElementType::I32, 0.0);
        let zeros = b.splat(&[width], self.sum.clone(), 0.0);
        let types = [index_type.clone(), Type::tensor(&[width], self.sum.clone())];
        let goes_on = b.region(types.clone(), |b, args| {
            let end = b.splat(&[], ElementType::I32, looped as f64);
            let before = b.compare("LT", args[0], end);
            b.op(Opcode::Return, [before], [], []);
        });
        let step = b.region(types.clone(), |b, args| {
            let total = self.add(b, args[1], args[0], ROWS);
            let rows = b.splat(&[], ElementType::I32, ROWS as f64);
            let next = b.elementwise(Opcode::Add, &[args[0], rows]);
            b.op(Opcode::Return, [next, total], [], []);
        });
        let attrs = [(TRIPS_ATTR, Attr::i64((looped / ROWS) as i64))];
        let op = b.op_with_regions(Opcode::While, [first, zeros], attrs, [goes_on, step], types);
        let total = b.func.ops[op].results[1];
        if looped == count {
            return total;
        }
        let rest = b.splat(&[], ElementType::I32, looped as f64);
        self.add(b, total, rest, count - looped)
    }

    /// `total` [d] and `count` of them, from the one at `first` on.
    fn add(&self, b: &mut Builder<'_>, total: ValueId, first: ValueId, count: u64) -> ValueId {
        let width = b.sizes(self.matrix)[1];
        let positions = dynamic_slice(b, self.positions, &[first], &[count]);
        let activations = dynamic_slice(b, self.activations, &[first], &[count]);
        let zero = b.splat(&[], ElementType::I32, 0.0);
        (0..count).fold(total, |total, at| {
            let [position, activation] = [positions, activations].map(|of| {
                let one = slice(b, of, &[at], &[at + 1]);
                b.reshape(one, &[])
            });
            let row = dynamic_slice(b, self.matrix, &[position, zero], &[1, width]);
            let row = b.reshape(row, &[width]);
            let row = self.converts.iter().fold(row, |row, element| b.convert(row, element.clone()));
            let row = b.convert(row, self.sum.clone());
            let activation = b.broadcast(activation, &[], &[width]);
            let scaled = b.elementwise(Opcode::Multiply, &[row, activation]);
            b.elementwise(Opcode::Add, &[total, scaled])
        })
    }
}

/// `sizes` of an operand from `starts` on.
fn dynamic_slice(b: &mut Builder<'_>, operand: ValueId, starts: &[ValueId], sizes: &[u64]) -> ValueId {
    let ty = TensorType::new(sizes, b.element(operand));
    let operands = std::iter::once(operand).chain(starts.iter().copied());
    let attrs = [("slice_sizes", Attr::i64s(sizes.iter().map(|&size| size as i64)))];
    b.value(Opcode::DynamicSlice, operands, attrs, ty)
}
