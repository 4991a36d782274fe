//! Factors of low-rank predictors.
//!
//! `z = W h` is approximated by `s = W P (A^T h)` with A and P of shape d x r. With the second
//! moment C of the hidden vectors, the best rank-r approximation of `C^(1/2) W^T` is its projection
//! on the leading left singular vectors U_r, so `A = C^(-1/2) U_r` and `P = C^(1/2) U_r`; without
//! data C is the identity. U_r are the leading eigenvectors of `C^(1/2) W^T W C^(1/2)`, a matrix of
//! d x d, so the large side V is read once.

use faer::linalg::solvers::SelfAdjointEigen;
use faer::{Mat, MatRef, Side};
use hire_compiler::eval::{self, Tensor};
use hire_compiler::ir::{
    Builder, DenseElements, ElementType, Func, FuncId, FunctionType, Module, Opcode, TensorType, ValueId,
};
use hire_compiler::rewrite::Transplant;

use super::find::{LogitsSite, WeightPath};
use super::prepare::LowRankFactor;
use crate::context::{SecondMoment, Weights};
use crate::signature::Signature;

/// Rows of W that are multiplied at a time.
const CHUNK: usize = 4096;

/// What is added to each eigenvalue of C, as a share of their mean: directions that the samples
/// never took keep a little weight, and C may be singular.
const RIDGE: f64 = 1e-2;

/// The factors of a site's matrix for each rank, weighted by `moment` where there is one.
///
/// # Errors
/// A message, when a parameter is missing, or values are not finite or of another width.
pub fn site_factors(
    module: &Module,
    entry: FuncId,
    signature: &Signature,
    site: &LogitsSite,
    ranks: &[u64],
    weights: &dyn Weights,
    moment: Option<SecondMoment<'_>>,
) -> Result<Vec<LowRankFactor>, String> {
    let d = site.d as usize;
    let scaling = moment.map(|moment| Scaling::of(moment, d)).transpose();
    let scaling = scaling.map_err(|e| format!("the calibration of site `{}` {e}", site.name))?;
    let rows = rows(module, entry, signature, site, weights)?;
    let gram = gram(&rows, d, site.weight_vocabulary_dim == 0);
    if !is_finite(gram.as_ref()) {
        return Err(format!("the matrix of site `{}` has values that are not finite", site.name));
    }
    factors(gram.as_ref(), ranks, scaling.as_ref())
}

/// The factor from the Gram matrix `W^T W` of a site, [d, d], weighted by `moment` where there is one.
///
/// # Errors
/// What is wrong with the second moment, to follow its name.
pub fn gram_factor(
    gram: &[f64],
    d: usize,
    rank: u64,
    moment: Option<SecondMoment<'_>>,
) -> Result<LowRankFactor, String> {
    let scaling = moment.map(|moment| Scaling::of(moment, d)).transpose()?;
    let mut factors = factors(MatRef::from_row_major_slice(gram, d, d), &[rank], scaling.as_ref())?;
    Ok(factors.pop().expect("one factor a rank"))
}

/// `C^(1/2)` and `C^(-1/2)`.
struct Scaling {
    root: Mat<f64>,
    inverse_root: Mat<f64>,
}

impl Scaling {
    fn of(moment: SecondMoment<'_>, d: usize) -> Result<Scaling, String> {
        if moment.values.len() != d * d {
            return Err(format!("has {} values, a matrix of {d} x {d} is needed", moment.values.len()));
        }
        let c = Mat::from_fn(d, d, |i, j| f64::from(moment.values[i * d + j]));
        if !is_finite(c.as_ref()) {
            return Err("has values that are not finite".to_owned());
        }
        let eigen = eigen(c.as_ref())?;
        let values: Vec<f64> = eigen.S().column_vector().iter().map(|&x| x.max(0.0)).collect();
        let mean = values.iter().sum::<f64>() / d as f64;
        if mean == 0.0 {
            return Err("is zero: no sample reached the site".to_owned());
        }
        let power = |exponent: f64| {
            let scaled = Mat::from_fn(d, d, |i, j| eigen.U()[(i, j)] * (values[j] + RIDGE * mean).powf(exponent));
            scaled * eigen.U().transpose()
        };
        Ok(Scaling { root: power(0.5), inverse_root: power(-0.5) })
    }
}

/// The factors from the Gram matrix `W^T W`.
fn factors(gram: MatRef<'_, f64>, ranks: &[u64], scaling: Option<&Scaling>) -> Result<Vec<LowRankFactor>, String> {
    let Some(Scaling { root, inverse_root }) = scaling else {
        let eigen = eigen(gram)?;
        let leading = ranks.iter().map(|&rank| leading(eigen.U(), rank));
        return Ok(leading.map(|u| LowRankFactor { a: u.clone(), p: u }).collect());
    };
    let weighted = root * gram * root;
    let eigen = eigen(weighted.as_ref())?;
    let (a, p) = (inverse_root * eigen.U(), root * eigen.U());
    Ok(ranks.iter().map(|&r| LowRankFactor { a: leading(a.as_ref(), r), p: leading(p.as_ref(), r) }).collect())
}

fn eigen(matrix: MatRef<'_, f64>) -> Result<SelfAdjointEigen<f64>, String> {
    matrix.self_adjoint_eigen(Side::Lower).map_err(|e| format!("has eigenvalues that do not converge: {e:?}"))
}

/// The columns of the largest eigenvalues as f32, [d, rank]; eigenvalues come in increasing order.
fn leading(vectors: MatRef<'_, f64>, rank: u64) -> DenseElements {
    let d = vectors.nrows();
    let bytes: Vec<u8> = (0..d)
        .flat_map(|i| (0..rank as usize).map(move |j| (i, d - 1 - j)))
        .flat_map(|(i, j)| (vectors[(i, j)] as f32).to_le_bytes())
        .collect();
    DenseElements::new(TensorType::new(&[d as u64, rank], ElementType::F32), bytes)
}

fn is_finite(matrix: MatRef<'_, f64>) -> bool {
    matrix.col_iter().all(|column| column.iter().all(|x| x.is_finite()))
}

/// `W^T W`, accumulated in f64 over chunks of rows; `row_major` when W is stored [V, d].
fn gram(values: &[f32], d: usize, row_major: bool) -> Mat<f64> {
    let vocabulary = values.len() / d;
    let w = if row_major {
        MatRef::from_row_major_slice(values, vocabulary, d)
    } else {
        MatRef::from_column_major_slice(values, vocabulary, d)
    };
    let mut total = Mat::<f64>::zeros(d, d);
    for start in (0..vocabulary).step_by(CHUNK) {
        let chunk = w.subrows(start, CHUNK.min(vocabulary - start));
        let part: Mat<f32> = chunk.transpose() * chunk;
        for (sums, parts) in total.col_iter_mut().zip(part.col_iter()) {
            for (sum, part) in sums.iter_mut().zip(parts.iter()) {
                *sum += f64::from(*part);
            }
        }
    }
    total
}

/// W as f32, in the layout of the product's operand.
fn rows(
    module: &Module,
    entry: FuncId,
    signature: &Signature,
    site: &LogitsSite,
    weights: &dyn Weights,
) -> Result<Vec<f32>, String> {
    let (ops, parameters) = match &site.weight {
        WeightPath::Rows { parameter, converts } => (converts.as_slice(), std::slice::from_ref(parameter)),
        WeightPath::Computed { ops, parameters } => (ops.as_slice(), parameters.as_slice()),
    };
    let func = &module.funcs[entry];
    let operand = func.ops[site.dot].operands[site.weight_operand()];
    let program = weight_program(func, ops, parameters, operand);
    let mut args = Vec::new();
    for &parameter in parameters {
        let name = &signature.argument(parameter).ok_or("a weight path ends in arguments")?.name;
        let weight = weights.weight(name).ok_or_else(|| format!("the weights have no tensor `{name}`"))?;
        args.push(Tensor::new(&weight.ty, weight.data.to_vec()).map_err(|e| format!("tensor `{name}`: {e}"))?);
    }
    let results = eval::evaluate(&program, "rows", &args).map_err(|e| e.to_string())?;
    let result = results.first().and_then(|v| v.as_tensor()).ok_or("the weight side gives no tensor")?;
    Ok(result.bytes().chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect())
}

/// A module whose `@rows` computes the weight operand of the product as f32.
pub(crate) fn weight_program(
    func: &Func,
    ops: &[hire_compiler::ir::OpId],
    parameters: &[ValueId],
    operand: ValueId,
) -> Module {
    let inputs = parameters.iter().map(|&p| func.value_type(p).clone()).collect();
    let mut program = Func::new("rows", FunctionType { inputs, results: Vec::new() });
    let mut copies = Transplant::new();
    for (&parameter, &arg) in parameters.iter().zip(program.args().to_vec().iter()) {
        copies.bind(parameter, arg);
    }
    let copied = copies.copy(func, ops, &mut program, |_, value| value);
    let operand = copies.value(operand).expect("the weight side computes the product's operand");
    let mut b = Builder::new(&mut program);
    let region = b.region;
    b.func.regions[region].ops.extend(copied);
    let result = {
        use super::emit::Emit;
        b.convert(operand, ElementType::F32)
    };
    b.op(Opcode::FuncReturn, [result], [], []);
    program.ty.results = vec![program.value_type(result).clone()];
    program.result_attrs.push(hire_compiler::ir::AttrMap::new());
    let mut module = Module::new();
    module.add_func(program);
    module
}
