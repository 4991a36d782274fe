//! The forms that libtpu runs best.
//!
//! * A product of one row runs on the vector unit; padded to [`PADDED_ROWS`] rows it runs on the matrix unit.
//! * Scorers are stored by the member of the group, [g, V / g, r]: the largest of each group is then a maximum over
//!   whole vector registers, which fuses with the product. Factors are bf16, int8 rows are converted inside the product.
//! * The best groups are selected of a vector, without a sort of the selected where their order does not matter.
//! * Whole groups are gathered from [V / g, g, d] by one gather, and multiplied as a matrix [k', d].
//!
//! What each composite means is what `decompose` says; these differ in how it is computed, and compute scores in bf16.

use hire_compiler::ir::{Builder, ElementType, Func, Opcode, TensorType, ValueId};

use super::gather_dot::{gathered, set_arithmetic, swapped};
use super::predict::{leading, pad};
use super::select::members;
use super::{GatherDot, ScorerTensors, by_row, contract, function, row, slice};
use crate::hire::emit::Emit;
use crate::hire::plan::{PlanError, SitePlan};
use crate::hire::predictor::Scorer;

/// Rows that a product has at least, to run on the matrix unit: those of a register of 32-bit elements.
pub(crate) const PADDED_ROWS: u64 = 8;

/// Refuses a plan whose scorer of all rows has no form for TPUs.
///
/// # Errors
/// When that is q4.
pub(crate) fn check(site: &str, plan: &SitePlan) -> Result<(), PlanError> {
    match plan.predictor.first() {
        Scorer::Q4 => Err(PlanError::NoTpuForm { site: site.to_owned(), scorer: Scorer::Q4 }),
        Scorer::LowRank { .. } | Scorer::Q8 | Scorer::Prefix { .. } => Ok(()),
    }
}

/// Why there are no tensors and no scores of q4.
const REFUSED: &str = "plans with q4 as the scorer of all rows are refused for TPUs";

/// The tensors of a scorer of all rows of W, V x d, in groups of `group`, which divides V.
pub(crate) fn scorer_tensors(scorer: Scorer, vocabulary: u64, d: u64, group: u64) -> ScorerTensors {
    use ElementType::{BF16, F32, I8};
    let rows = |width, element| TensorType::new(&[group, vocabulary / group, width], element);
    let scale = || ("scale", TensorType::new(&[group, vocabulary / group], F32));
    match scorer {
        Scorer::Q8 => vec![("rows", rows(d, I8)), scale()],
        Scorer::Prefix { dims } => vec![("rows", rows(dims, BF16))],
        Scorer::LowRank { rank, q8: false } => vec![("a", TensorType::new(&[d, rank], BF16)), ("b", rows(rank, BF16))],
        Scorer::LowRank { rank, q8: true } => {
            vec![("a", TensorType::new(&[d, rank], BF16)), ("b", rows(rank, I8)), scale()]
        }
        Scorer::Q4 => unreachable!("{REFUSED}"),
    }
}

/// The tensors of [`scorer_tensors`] from those of the host's form, inside `@prepare`.
pub(crate) fn scorer_values(b: &mut Builder<'_>, scorer: Scorer, host: Vec<ValueId>, group: u64) -> Vec<ValueId> {
    let by_member = |b: &mut Builder<'_>, value: ValueId| {
        let sizes = b.sizes(value);
        let mut grouped = vec![sizes[0] / group, group];
        grouped.extend(&sizes[1..]);
        let order: Vec<i64> = [1, 0].into_iter().chain(2..grouped.len() as i64).collect();
        let value = b.reshape(value, &grouped);
        let value = b.transpose(value, &order);
        // Scales stay f32; other floats are factors, and what is an integer stays one.
        if b.element(value) == ElementType::F32 && sizes.len() > 1 {
            b.convert(value, ElementType::BF16)
        } else {
            value
        }
    };
    match (scorer, host.as_slice()) {
        (Scorer::LowRank { .. }, [a, rest @ ..]) => {
            let a = b.convert(*a, ElementType::BF16);
            std::iter::once(a).chain(rest.iter().map(|&value| by_member(b, value))).collect()
        }
        _ => host.iter().map(|&value| by_member(b, value)).collect(),
    }
}

/// The decomposition: (h [B, d] of type `hidden`, scorer's tensors) -> scores [B, V] f32.
pub(crate) fn predict(name: &str, scorer: Scorer, hidden: &TensorType, vocabulary: u64, d: u64, group: u64) -> Func {
    let mut inputs = vec![hidden.clone()];
    inputs.extend(scorer_tensors(scorer, vocabulary, d, group).into_iter().map(|(_, ty)| ty));
    function(name, &inputs, |b, args| {
        let h = b.convert(args[0], ElementType::BF16);
        let rows = b.sizes(h)[0];
        let h = padded(b, h);
        let (h, matrix, scale) = match scorer {
            Scorer::LowRank { q8, .. } => {
                (b.dot(h, args[1], contract(1, 0), ElementType::BF16), args[2], q8.then(|| args[3]))
            }
            Scorer::Prefix { dims } => (leading(b, h, dims), args[1], None),
            Scorer::Q8 => (h, args[1], Some(args[2])),
            Scorer::Q4 => unreachable!("{REFUSED}"),
        };
        let matrix = b.convert(matrix, ElementType::BF16);
        let products = b.dot(h, matrix, contract(1, 2), ElementType::F32);
        let groups = vocabulary / group;
        let products = slice(b, products, &[0, 0, 0], &[rows, group, groups]);
        let scores = match scale {
            Some(scale) => {
                let scale = b.broadcast(scale, &[1, 2], &[rows, group, groups]);
                b.elementwise(Opcode::Multiply, &[products, scale])
            }
            None => products,
        };
        let scores = b.transpose(scores, &[0, 2, 1]);
        b.reshape(scores, &[rows, vocabulary])
    })
}

/// The decomposition: scores [B, N] -> positions [B, k'] i32 of the best groups; increasing where they are to be `ordered`.
pub(crate) fn select(name: &str, scores: &TensorType, k_prime: u64, group: u64, ordered: bool) -> Func {
    function(name, std::slice::from_ref(scores), |b, args| {
        let (batch, count) = (b.sizes(args[0])[0], b.sizes(args[0])[1]);
        let chosen = k_prime / group;
        let grouped = b.reshape(args[0], &[batch, count / group, group]);
        let lowest = b.splat(&[], scores.element.clone(), f64::NEG_INFINITY);
        let best = b.reduce(grouped, lowest, 2, Opcode::Maximum);
        // A vector spares libtpu a change of layout.
        let best = if batch == 1 { b.reshape(best, &[count / group]) } else { best };
        let (_, groups) = b.top_k(best, chosen);
        let groups = if ordered { b.sort_increasing(groups) } else { groups };
        let groups = b.reshape(groups, &[batch, chosen]);
        if group == 1 { groups } else { members(b, groups, group) }
    })
}

/// The decomposition: (h [B, d], W [V / g, g, d], positions [B, k']) -> products [B, k'].
pub(crate) fn gather_dot(name: &str, form: &GatherDot) -> Func {
    gathered_product(name, form, 1)
}

/// The decomposition: (a [B, k'], W [F / g, g, d], positions [B, k']) -> a W [B, d]. `form.hidden` is the type of a.
pub(crate) fn scatter_dot(name: &str, form: &GatherDot) -> Func {
    gathered_product(name, form, 0)
}

/// The product of each row of the first operand with the matrix [k', d] of its gathered rows, over dimension `over` of the matrix.
fn gathered_product(name: &str, form: &GatherDot, over: i64) -> Func {
    let batch = form.hidden.sizes().expect("the matcher admits only static shapes")[0];
    let positions = TensorType::new(&[batch, form.k_prime], ElementType::I32);
    let inputs = [form.hidden.clone(), form.table.clone(), positions];
    function(name, &inputs, |b, args| {
        by_row(b, batch, |b, index| {
            let positions = row(b, args[2], index);
            let matrix = gathered(b, args[1], positions, form);
            let width = b.sizes(args[0])[1];
            let vector = slice(b, args[0], &[index, 0], &[index + 1, width]);
            let vector = padded(b, vector);
            let products = b.dot(vector, matrix, contract(1, over), form.element.clone());
            let precision = form.precision.map(|(matrix, vector)| (vector, matrix));
            set_arithmetic(b, products, precision, form.algorithm.as_ref().map(swapped));
            let width = b.sizes(products)[1];
            let first = slice(b, products, &[0, 0], &[1, width]);
            b.reshape(first, &[width])
        })
    })
}

/// A matrix with zero rows added up to [`PADDED_ROWS`].
fn padded(b: &mut Builder<'_>, matrix: ValueId) -> ValueId {
    let rows = b.sizes(matrix)[0];
    if rows >= PADDED_ROWS { matrix } else { pad(b, matrix, &[(PADDED_ROWS - rows) as i64, 0]) }
}
