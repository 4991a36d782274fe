//! Factors of low-rank predictors.
//!
//! `z = W h` is approximated by `s = W P (A^T h)` with A and P of shape d x r. With the second
//! moment C of the hidden vectors, the best rank-r approximation of `C^(1/2) W^T` is its projection
//! on the leading left singular vectors U_r, so `A = C^(-1/2) U_r` and `P = C^(1/2) U_r`; without
//! data C is the identity. U_r are the leading eigenvectors of `C^(1/2) W^T W C^(1/2)`, a matrix of
//! d x d, so the large side V is read once.

use faer::{Mat, MatRef, Side};
use hire_compiler::eval::{self, Tensor};
use hire_compiler::ir::{
    Builder, DenseElements, ElementType, Func, FuncId, FunctionType, Module, Opcode, TensorType, ValueId,
};
use hire_compiler::rewrite::Transplant;

use super::find::{LogitsSite, WeightPath};
use super::prepare::LowRankFactor;
use crate::context::Weights;
use crate::signature::Signature;

/// Rows of W that are multiplied at a time.
const CHUNK: usize = 4096;

/// The plain factor of a site's matrix.
///
/// # Errors
/// A message, when a parameter is missing or its values are not finite.
pub fn site_factor(
    module: &Module,
    entry: FuncId,
    signature: &Signature,
    site: &LogitsSite,
    rank: u64,
    weights: &dyn Weights,
) -> Result<LowRankFactor, String> {
    let rows = rows(module, entry, signature, site, weights)?;
    let d = site.d as usize;
    let gram = gram(&rows, d, site.weight_vocabulary_dim == 0);
    if gram.col_iter().any(|c| c.iter().any(|x| !x.is_finite())) {
        return Err(format!("the matrix of site `{}` has values that are not finite", site.name));
    }
    plain_factor(gram.as_ref(), rank as usize)
}

/// The factor from the Gram matrix `W^T W`, without calibration data.
fn plain_factor(gram: MatRef<'_, f64>, rank: usize) -> Result<LowRankFactor, String> {
    let eigen = gram.self_adjoint_eigen(Side::Lower).map_err(|e| format!("the eigenvalues do not converge: {e:?}"))?;
    let d = gram.nrows();
    let vectors = eigen.U();
    // Eigenvalues come in increasing order.
    let bytes: Vec<u8> = (0..d)
        .flat_map(|i| (0..rank).map(move |j| (i, d - 1 - j)))
        .flat_map(|(i, j)| (vectors[(i, j)] as f32).to_le_bytes())
        .collect();
    let elements = DenseElements::new(TensorType::new(&[d as u64, rank as u64], ElementType::F32), bytes);
    Ok(LowRankFactor { a: elements.clone(), p: elements })
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
fn weight_program(func: &Func, ops: &[hire_compiler::ir::OpId], parameters: &[ValueId], operand: ValueId) -> Module {
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
