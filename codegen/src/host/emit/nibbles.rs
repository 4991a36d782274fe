//! Products with a matrix of int4 in groups, as weight compression stores it.
//!
//! The streamed operand is `(convert(concatenate(p & 15, p >> 4)) - 8) * convert(broadcast(scale))` of bytes p `[B, G, 16, R]` and
//! scales `[B, G, R]`, with R rows of outputs side by side, and the sum runs over groups and their members. The general
//! loops compute that too, an element at a time; this form keeps R lanes of rows, reads every byte once, takes the
//! offset of 8 out of the sum and scales each group's sum once:
//!
//! `y_r = sum_g scale_gr (sum_i n_gir x_gi - 8 sum_i x_gi)`.
//!
//! A group's products go to up to four accumulators in turn, added pairwise; groups are added in order.

use hire_compiler::ir::{Attr, OpId, Opcode, ValueId};

use super::code::{Num, Val};
use super::dot::{PREFETCH_BYTES, Product, finish, rows_of_workgroup};
use super::index::{Ix, Term, delinearized};
use super::reduce::carried;
use super::value::At;
use super::{Emitter, Fault};

/// Bytes of a cache line.
const LINE: i64 = 64;
/// Vectors that are multiplied with the same nibbles at once.
const VECTORS: i64 = 8;

/// The matrix: arguments of the dispatch.
#[derive(Clone, Copy)]
struct Stored {
    packed: ValueId,
    scale: ValueId,
}

/// The sizes.
struct Form {
    stored: Stored,
    groups: i64,
    /// Bytes of a group and row: half of its members.
    half: i64,
    rows: i64,
}

/// Writes the loops, if the product is of this form.
pub(super) fn write(e: &mut Emitter<'_>, product: &Product) -> Result<Option<u64>, Fault> {
    let Some(form) = form(e, product) else { return Ok(None) };
    let size = rows_of_workgroup(product, form.rows);
    let offsets = offsets(e, product, &form)?;
    let count = product.n;
    let grid = e.items(count, size, form.rows, |e, at, _| {
        let block = delinearized(Ix::uniform(at), &[count / form.rows, form.rows], 1, &mut e.code)?[0].base;
        for first in (0..product.m).step_by(VECTORS as usize) {
            let wanted = first..(first + VECTORS).min(product.m);
            e.scope(|e| rows(e, product, &form, (block, &offsets), wanted))?;
        }
        Ok(())
    })?;
    Ok(Some(grid))
}

/// The form of a product, if it is this one: sums in f32, lanes that hold all rows of a block.
fn form(e: &Emitter<'_>, product: &Product) -> Option<Form> {
    let (s, x) = (&product.s, &product.x);
    let stored = stored(e, s.value)?;
    let &[_, groups, half, rows] = e.shape(stored.packed).as_slice() else { return None };
    let is_grouped = s.contracted == [1, 2] && s.free == [0, 3] && s.batch.is_empty();
    let fits = rows == e.lanes as i64 && half % 4 == 0 && (half * rows) % LINE == 0;
    let is_plain = x.sizes.len() == 3 && x.contracted == [1, 2] && x.free == [0];
    // Lanes are stored side by side where rows are the innermost dimension of the result.
    let side_by_side = product.s_is_right || product.m == 1;
    let wanted = is_grouped && fits && is_plain && side_by_side && product.sum == Num::F32;
    wanted.then_some(Form { stored, groups, half, rows })
}

/// The bytes and scales that `value` is made of.
fn stored(e: &Emitter<'_>, value: ValueId) -> Option<Stored> {
    let [numbers, scale] = operands(e, value, Opcode::Multiply)?;
    let [scale] = operands(e, scale, Opcode::Convert)?;
    let dims = e.func.defining_op(scale)?;
    let [scale] = operands(e, scale, Opcode::BroadcastInDim)?;
    let is_by_group = e.func.ops[dims].i64s_attr("broadcast_dimensions") == Some(&[0, 1, 3][..]);
    let [nibbles, eight] = operands(e, numbers, Opcode::Subtract)?;
    let [nibbles] = operands(e, nibbles, Opcode::Convert)?;
    let concatenation = e.func.defining_op(nibbles)?;
    let [low, high] = operands(e, nibbles, Opcode::Concatenate)?;
    let is_by_half = e.func.ops[concatenation].i64_attr("dimension") == Some(2);
    let [packed, mask] = operands(e, low, Opcode::And)?;
    let [also_packed, four] = operands(e, high, Opcode::ShiftRightLogical)?;
    let is_byte = e.number(packed).ok()? == Num::Int { bits: 8, signed: false };
    let constants = splat(e, eight, &8f32.to_le_bytes()) && splat(e, mask, &[15]) && splat(e, four, &[4]);
    let arguments = [packed, scale].iter().all(|value| e.arguments.contains_key(value));
    let is_stored = is_by_group && is_by_half && is_byte && constants && arguments && packed == also_packed;
    is_stored.then_some(Stored { packed, scale })
}

fn operands<const N: usize>(e: &Emitter<'_>, value: ValueId, opcode: Opcode) -> Option<[ValueId; N]> {
    let op: OpId = e.func.defining_op(value)?;
    let operation = &e.func.ops[op];
    if operation.opcode != opcode {
        return None;
    }
    operation.operands.as_slice().try_into().ok()
}

fn splat(e: &Emitter<'_>, value: ValueId, bytes: &[u8]) -> bool {
    let elements = e.func.defining_op(value).and_then(|op| e.func.ops[op].attr("value").and_then(Attr::as_elements));
    elements.is_some_and(|elements| elements.splat && elements.element(0) == bytes)
}

/// `-8 sum_i x_gi` of each vector and group, in memory.
fn offsets(e: &mut Emitter<'_>, product: &Product, form: &Form) -> Result<(u32, String), Fault> {
    let ty = format!("memref<{}xf32>", product.m * form.groups);
    let offsets = e.code.assign(format_args!("memref.alloca() : {ty}"));
    let (from, until) = (e.code.index(0), e.code.index(product.m * form.groups));
    e.repeat((from, until, 1), 1, |e, at| {
        let parts = delinearized(Ix::uniform(at), &[product.m, form.groups], 1, &mut e.code)?;
        let members = 2 * form.half;
        let lanes = (1..=e.lanes as i64).rev().find(|lanes| members % lanes == 0 && lanes.count_ones() == 1);
        let lanes = lanes.unwrap_or(1) as usize;
        let mut sum: Option<Val> = None;
        e.with_lanes(lanes, |e| {
            for member in (0..members).step_by(lanes) {
                let member = Ix { base: Term::known(member), stride: i64::from(lanes > 1) };
                let x = factor(e, product, parts[0], parts[1], member)?;
                sum = Some(match sum {
                    Some(sum) => e.code.binary("arith.addf", sum, x),
                    None => x,
                });
            }
            Ok::<(), Fault>(())
        })?;
        let mut sum = sum.ok_or_else(|| Fault::unsupported("a group without members"))?;
        while sum.lanes > 1 {
            let (low, high) = (e.code.half(sum, 0), e.code.half(sum, 1));
            sum = e.code.binary("arith.addf", low, high);
        }
        let eight = e.code.float(Num::F32, -8.0);
        let offset = e.code.binary("arith.mulf", sum, eight);
        let at = at.materialize(&mut e.code);
        e.code.line(&format!("memref.store %v{}, %v{offsets}[%v{at}] : {ty}", offset.id));
        Ok(())
    })?;
    Ok((offsets, ty))
}

/// An element of a vector, in f32.
fn factor(e: &mut Emitter<'_>, product: &Product, vector: Ix, group: Ix, member: Ix) -> Result<Val, Fault> {
    let x = e.element(product.x.value, &At::Dims(vec![vector, group, member]))?;
    e.convert(x, Num::F32)
}

/// The rows of one block times the vectors `wanted`.
fn rows(
    e: &mut Emitter<'_>,
    product: &Product,
    form: &Form,
    (block, offsets): (Term, &(u32, String)),
    wanted: std::ops::Range<i64>,
) -> Result<(), Fault> {
    let zero = e.code.float(Num::F32, 0.0);
    let zero = e.code.spread(zero, e.lanes);
    let start: Vec<Val> = wanted.clone().map(|_| zero).collect();
    let bounds = (e.code.index(0), e.code.index(form.groups), e.code.index(1));
    let sums = carried(e, bounds, &start, |e, group, sums| {
        let group = Term::value(group, 1);
        let place = block.times(form.groups, &mut e.code).plus(group, &mut e.code);
        let scale = Ix { base: place.times(form.rows, &mut e.code), stride: 1 };
        let scale = e.element(form.stored.scale, &At::Linear(scale))?;
        let scale = e.convert(scale, Num::F32)?;
        let products = group_sums(e, product, form, (place, group, offsets), wanted.clone())?;
        Ok(sums.iter().zip(products).map(|(&sum, product)| e.code.fma(scale, product, sum)).collect())
    })?;
    let lane = Ix { base: Term::ZERO, stride: 1 };
    for (m, sum) in wanted.zip(sums) {
        let position = product.result_at(e, &[], &[Ix::uniform(Term::known(m))], &[Ix::uniform(block), lane]);
        finish(e, product, position, sum)?;
    }
    Ok(())
}

/// `sum_i n_gir x_gi - 8 sum_i x_gi` of one group for each vector; `place` numbers the group in the matrix.
fn group_sums(
    e: &mut Emitter<'_>,
    product: &Product,
    form: &Form,
    (place, group, offsets): (Term, Term, &(u32, String)),
    wanted: std::ops::Range<i64>,
) -> Result<Vec<Val>, Fault> {
    let lanes = e.lanes;
    let count = (wanted.end - wanted.start) as usize;
    let parts = match count {
        1 => 4,
        2 | 3 => 2,
        _ => 1,
    };
    let zero = e.code.float(Num::F32, 0.0);
    let zero = e.code.spread(zero, lanes);
    let mut sums = vec![vec![zero; parts]; count];
    for (m, sums) in wanted.clone().zip(&mut sums) {
        let at = Term::known(m * form.groups).plus(group, &mut e.code).materialize(&mut e.code);
        let offset = format_args!("memref.load %v{}[%v{at}] : {}", offsets.0, offsets.1).to_string();
        let offset = e.code.value(Num::F32, 1, format_args!("{offset}"));
        sums[0] = e.code.spread(offset, lanes);
    }
    let word = Num::Int { bits: 32, signed: false };
    let (mask, four) = (e.code.int(word, 15), e.code.int(word, 4));
    let base = place.times(form.half * form.rows, &mut e.code);
    prefetch(e, form, base);
    for byte in 0..form.half {
        let at = Ix { base: base.plus(Term::known(byte * form.rows), &mut e.code), stride: 1 };
        let bytes = e.element(form.stored.packed, &At::Linear(at))?;
        let wide = e.code.cast("arith.extui", bytes, word);
        let low = e.code.binary("arith.andi", wide, mask);
        let high = e.code.binary("arith.shrui", wide, four);
        for (number, (nibbles, member)) in [(low, byte), (high, form.half + byte)].into_iter().enumerate() {
            // Nibbles are small: signed or unsigned, they convert to the same number.
            let weights = e.code.cast("arith.sitofp", nibbles, Num::F32);
            let part = (2 * byte as usize + number) % parts;
            for (m, sums) in wanted.clone().zip(&mut sums) {
                let (m, member) = (Ix::uniform(Term::known(m)), Ix::uniform(Term::known(member)));
                let x = factor(e, product, m, Ix::uniform(group), member)?;
                sums[part] = e.code.fma(weights, x, sums[part]);
            }
        }
    }
    let total = |mut sums: Vec<Val>| {
        while sums.len() > 1 {
            let upper = sums.split_off(sums.len() / 2);
            sums = sums.iter().zip(upper).map(|(&low, high)| e.code.binary("arith.addf", low, high)).collect();
        }
        sums[0]
    };
    Ok(sums.into_iter().map(total).collect())
}

/// Asks for the lines that a later group will read.
fn prefetch(e: &mut Emitter<'_>, form: &Form, base: Term) {
    let (Some(&buffer), tensor) = (e.arguments.get(&form.stored.packed), e.tensor(form.stored.packed)) else { return };
    let of = super::memref(tensor);
    for line in (0..form.half * form.rows).step_by(LINE as usize) {
        let at = base.plus(Term::known(PREFETCH_BYTES + line), &mut e.code).materialize(&mut e.code);
        e.code.line(&format!("memref.prefetch %b{buffer}[%v{at}], read, locality<3>, data : {of}"));
    }
}
