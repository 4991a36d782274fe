//! `@prepare`: computes, once, the tensors that rewritten sites read each step.
//!
//! Its arguments are parameters of the model, found by the names in their locations; its results
//! are new parameters of `@main`, named by their `hire.name` attribute. It is plain StableHLO, so
//! whatever runs the program can run its preparation.

use hire_compiler::ir::{
    Attr, AttrMap, Builder, DenseElements, ElementType, Func, FunctionType, LocId, Opcode, Type, ValueId,
};
use smol_str::SmolStr;

use super::decompose::{contract, pad, slice};
use super::emit::Emit;
use super::predictor::{Q4_GROUP, Scorer};

/// The name of the function.
pub const PREPARE: &str = "prepare";

/// The result attribute that names a prepared tensor.
pub const NAME_ATTR: &str = "hire.name";

/// What names of prepared tensors begin with.
pub const PREPARED_PREFIX: &str = "hire.";

/// The projection of a low-rank predictor: `W^T ~ A P^T W^T`, so `B = W P` is stored [V, r].
#[derive(Clone, Debug, PartialEq)]
pub struct LowRankFactor {
    /// A, [d, r] f32: projects the hidden vector.
    pub a: DenseElements,
    /// P, [d, r] f32: projects the rows of W.
    pub p: DenseElements,
}

/// `@prepare` under construction.
pub(crate) struct Prepare {
    func: Func,
    inputs: Vec<SmolStr>,
    results: Vec<ValueId>,
}

impl Prepare {
    /// An empty one.
    pub(crate) fn new() -> Self {
        Self { func: Func::new(PREPARE, FunctionType::default()), inputs: Vec::new(), results: Vec::new() }
    }

    /// The one that an earlier pass finished, to add to; `names` are those of its arguments.
    pub(crate) fn reopen(mut func: Func, names: Vec<SmolStr>) -> Self {
        let body = func.body.expect("made with a body");
        let results = func.regions[body].ops.pop().map(|last| func.ops[last].operands.to_vec());
        func.ty.results.clear();
        let attrs = std::mem::take(&mut func.result_attrs);
        let mut reopened = Self { func, inputs: names, results: Vec::new() };
        for (value, attrs) in results.unwrap_or_default().into_iter().zip(attrs) {
            let ty = reopened.func.value_type(value).clone();
            reopened.results.push(value);
            reopened.func.ty.results.push(ty);
            reopened.func.result_attrs.push(attrs);
        }
        reopened
    }

    /// The argument for the parameter of this name and type, whose location is `loc`.
    pub(crate) fn input(&mut self, name: &SmolStr, ty: &Type, loc: LocId) -> ValueId {
        if let Some(at) = self.inputs.iter().position(|n| n == name) {
            return self.func.args()[at];
        }
        let body = self.func.body.expect("made with a body");
        self.inputs.push(name.clone());
        self.func.ty.inputs.push(ty.clone());
        self.func.arg_attrs.push(AttrMap::new());
        self.func.add_arg(body, ty.clone(), loc)
    }

    /// Appends to the body.
    pub(crate) fn builder(&mut self) -> Builder<'_> {
        Builder::new(&mut self.func)
    }

    /// Declares a result and returns its type.
    pub(crate) fn result(&mut self, name: &str, value: ValueId) -> Type {
        let ty = self.func.value_type(value).clone();
        self.results.push(value);
        self.func.ty.results.push(ty.clone());
        self.func.result_attrs.push([(NAME_ATTR, Attr::string(name))].into_iter().collect());
        ty
    }

    /// The finished function; `None` when nothing needs preparing.
    pub(crate) fn finish(mut self) -> Option<Func> {
        if self.results.is_empty() {
            return None;
        }
        let results = std::mem::take(&mut self.results);
        Builder::new(&mut self.func).op(Opcode::FuncReturn, results, [], []);
        Some(self.func)
    }
}

/// Builds the tensors of a scorer of all rows from W, [V, d] of any float type; in the order of
/// `scorer_tensors`.
pub(crate) fn scorer_values(
    b: &mut Builder<'_>,
    rows: ValueId,
    scorer: Scorer,
    factor: Option<&LowRankFactor>,
) -> Vec<ValueId> {
    match scorer {
        Scorer::Q4 => {
            let [packed, scale] = quantize_groups(b, rows);
            vec![b.transpose(packed, &[1, 0, 2]), b.transpose(scale, &[1, 0])]
        }
        Scorer::Q8 | Scorer::LowRank { .. } | Scorer::Prefix { .. } => row_values(b, rows, scorer, factor),
    }
}

/// Builds the tensors of a scorer of survivors; in the order of `rescorer_tensors`.
pub(crate) fn rescorer_values(
    b: &mut Builder<'_>,
    rows: ValueId,
    scorer: Scorer,
    factor: Option<&LowRankFactor>,
) -> Vec<ValueId> {
    match scorer {
        Scorer::Q4 => {
            let [packed, scale] = quantize_groups(b, rows);
            let (vocabulary, groups) = (b.sizes(scale)[0], b.sizes(scale)[1]);
            vec![b.reshape(packed, &[vocabulary, groups * Q4_GROUP / 2]), scale]
        }
        Scorer::Q8 | Scorer::LowRank { .. } | Scorer::Prefix { .. } => row_values(b, rows, scorer, factor),
    }
}

/// The tensors of scorers whose layout is by rows in either use.
fn row_values(b: &mut Builder<'_>, rows: ValueId, scorer: Scorer, factor: Option<&LowRankFactor>) -> Vec<ValueId> {
    let rows = b.convert(rows, ElementType::F32);
    let q8 = match scorer {
        Scorer::LowRank { q8, .. } => q8,
        Scorer::Prefix { dims } => {
            let vocabulary = b.sizes(rows)[0];
            return vec![slice(b, rows, &[0, 0], &[vocabulary, dims])];
        }
        Scorer::Q8 | Scorer::Q4 => return quantize_rows(b, rows).into(),
    };
    let factor = factor.expect("a low-rank plan is checked to have its factor");
    let a = b.constant(factor.a.clone());
    let p = b.constant(factor.p.clone());
    let projected = b.dot(rows, p, contract(1, 0), ElementType::F32);
    if !q8 {
        return vec![a, projected];
    }
    let [rows, scale] = quantize_rows(b, projected);
    vec![a, rows, scale]
}

/// int8 with a scale a row: `scale = max |x| / 127`, `q = round(x / scale)`; rows of zeros have
/// scale 0.
pub(crate) fn quantize_rows(b: &mut Builder<'_>, rows: ValueId) -> [ValueId; 2] {
    let sizes = b.sizes(rows);
    let (scale, divisor) = scales(b, rows, 127.0);
    let divisor = b.broadcast(divisor, &[0], &sizes);
    let scaled = b.elementwise(Opcode::Divide, &[rows, divisor]);
    let rounded = b.elementwise(Opcode::RoundNearestEven, &[scaled]);
    [b.convert(rounded, ElementType::I8), scale]
}

/// How far the dense logit of a row may exceed its q8 score, over `||h||`: [V] f32, from the rows of
/// W, [V, d], and the scorer's `quantized` rows and `scale`.
///
/// With the row w, its dequantized form q and rounding errors of at most `gamma_n = n u / (1 - n u)`
/// times the norms (Higham, "Accuracy and Stability of Numerical Algorithms", 3.1), the score lacks
/// at most `||w - q|| + gamma (||w|| + ||q||)`; two computations of the same exact product differ by
/// `2 gamma max ||w||`.
pub(crate) fn score_errors(b: &mut Builder<'_>, rows: ValueId, quantized: ValueId, scale: ValueId) -> ValueId {
    let rows = b.convert(rows, ElementType::F32);
    let sizes = b.sizes(rows);
    let vector = [sizes[0]];
    let quantized = b.convert(quantized, ElementType::F32);
    let scale = b.broadcast(scale, &[0], &sizes);
    let dequantized = b.elementwise(Opcode::Multiply, &[quantized, scale]);
    let difference = b.elementwise(Opcode::Subtract, &[rows, dequantized]);
    let [lost, exact, rounded] = [difference, rows, dequantized].map(|matrix| norms(b, matrix));
    let lowest = b.splat(&[], ElementType::F32, 0.0);
    let largest = b.reduce(exact, lowest, 0, Opcode::Maximum);
    let largest = b.broadcast(largest, &[], &vector);
    let both = b.elementwise(Opcode::Add, &[exact, rounded]);
    let twice = b.elementwise(Opcode::Add, &[largest, largest]);
    let magnitudes = b.elementwise(Opcode::Add, &[both, twice]);
    // Eight more roundings than products: the scale, the bound itself, the norm of h.
    let n = (sizes[1] + 8) as f64 * f64::from(f32::EPSILON) / 2.0;
    let gamma = b.splat(&vector, ElementType::F32, n / (1.0 - n));
    let rounding = b.elementwise(Opcode::Multiply, &[magnitudes, gamma]);
    let errors = b.elementwise(Opcode::Add, &[lost, rounding]);
    let inflation = b.splat(&vector, ElementType::F32, ERROR_INFLATION);
    b.elementwise(Opcode::Multiply, &[errors, inflation])
}

/// What the computed norms of errors may lack of the true ones, and more.
const ERROR_INFLATION: f64 = 1.0 + 1e-4;

/// The norms of rows: [V, d] -> [V].
fn norms(b: &mut Builder<'_>, matrix: ValueId) -> ValueId {
    let squares = b.elementwise(Opcode::Multiply, &[matrix, matrix]);
    let zero = b.splat(&[], ElementType::F32, 0.0);
    let sums = b.reduce(squares, zero, 1, Opcode::Add);
    b.elementwise(Opcode::Sqrt, &[sums])
}

/// Scales along the last dimension, and the same with 1 in place of 0.
fn scales(b: &mut Builder<'_>, operand: ValueId, levels: f64) -> (ValueId, ValueId) {
    let last = b.sizes(operand).len() - 1;
    let magnitude = b.elementwise(Opcode::Abs, &[operand]);
    let zero = b.splat(&[], ElementType::F32, 0.0);
    let largest = b.reduce(magnitude, zero, last, Opcode::Maximum);
    let sizes = b.sizes(largest);
    let levels = b.splat(&sizes, ElementType::F32, levels);
    let scale = b.elementwise(Opcode::Divide, &[largest, levels]);
    let zeros = b.splat(&sizes, ElementType::F32, 0.0);
    let ones = b.splat(&sizes, ElementType::F32, 1.0);
    let is_zero = b.compare("EQ", scale, zeros);
    let divisor = b.select(is_zero, ones, scale);
    (scale, divisor)
}

/// int4 in groups of [`Q4_GROUP`] columns, two to a byte, each plus 8: packed [V, G, 16] and scales
/// [V, G].
fn quantize_groups(b: &mut Builder<'_>, rows: ValueId) -> [ValueId; 2] {
    let rows = b.convert(rows, ElementType::F32);
    let (vocabulary, d) = (b.sizes(rows)[0], b.sizes(rows)[1]);
    let groups = d.div_ceil(Q4_GROUP);
    let padding = groups * Q4_GROUP - d;
    let padded = if padding == 0 { rows } else { pad(b, rows, &[0, padding as i64]) };
    let grouped = b.reshape(padded, &[vocabulary, groups, Q4_GROUP]);
    let (scale, divisor) = scales(b, grouped, 7.0);
    let sizes = [vocabulary, groups, Q4_GROUP];
    let divisor = b.broadcast(divisor, &[0, 1], &sizes);
    let scaled = b.elementwise(Opcode::Divide, &[grouped, divisor]);
    let rounded = b.elementwise(Opcode::RoundNearestEven, &[scaled]);
    let eight = b.splat(&sizes, ElementType::F32, 8.0);
    let shifted = b.elementwise(Opcode::Add, &[rounded, eight]);
    let nibbles = b.convert(shifted, ElementType::UI8);
    let half = Q4_GROUP / 2;
    let low = slice(b, nibbles, &[0, 0, 0], &[vocabulary, groups, half]);
    let high = slice(b, nibbles, &[0, 0, half], &sizes);
    let four = b.splat(&[vocabulary, groups, half], ElementType::UI8, 4.0);
    let high = b.elementwise(Opcode::ShiftLeft, &[high, four]);
    let packed = b.elementwise(Opcode::Or, &[low, high]);
    [packed, scale]
}
