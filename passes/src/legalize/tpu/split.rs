//! Large matrices as several parameters.
//!
//! Libtpu fetches a weight into VMEM while it computes something else, where the weight fits, and what a product reads there
//! costs nothing. A matrix that does not fit, a vocabulary's, it streams through the product, at half the rate that it states
//! for copies. In parts that fit, made once by `@prepare`, it is fetched part by part. A matrix that is read otherwise, too,
//! such as an embedding, is then stored twice.

use hire_compiler::ir::{Attr, AttrMap, FuncId, LocId, Location, Module, OpId, Opcode, TensorType, Type, ValueId};
use hire_compiler::rewrite::Patch;

use super::pack::entry_signature;
use crate::hire::arguments::remove_unused;
use crate::hire::decompose::slice;
use crate::hire::emit::Emit;
use crate::hire::prepare::PREPARED_PREFIX;
use crate::hire::{finish_prepare, open_prepare};
use crate::signature::{Argument, Role, Signature};
use crate::{PassContext, PassError};

/// Bytes of VMEM of the TPUs that have 128 MiB of it; a smaller matrix can be fetched whole.
const VMEM: u64 = 128 << 20;

/// Into how many parts a matrix is split: of Gemma 3's 604 MB they take 38 MB, so that one is fetched while another is
/// multiplied.
const PARTS: u64 = 16;

/// `dot_general(x, W)` with x [1, d] and a parameter W [V, d]  =>  the products of x with [`PARTS`] parameters
/// [V / 16, d], one after the other. Only where W does not fit VMEM, V divides, and there is one device.
pub(super) fn split(module: &mut Module, entry: FuncId, context: &mut PassContext<'_>) -> Result<(), PassError> {
    let count = |name: &str| module.attrs.get(name).and_then(Attr::as_i64).unwrap_or(1);
    // Parts of a shard would have to be sharded, too.
    if count("mhlo.num_replicas") > 1 || count("mhlo.num_partitions") > 1 {
        return Ok(());
    }
    split_larger(module, entry, context, VMEM)
}

/// The same for matrices of more than so many bytes.
fn split_larger(module: &mut Module, entry: FuncId, context: &mut PassContext<'_>, most: u64) -> Result<(), PassError> {
    let signature = entry_signature(module, entry, context);
    let products = large_products(module, entry, &signature, most);
    if products.is_empty() {
        return Ok(());
    }
    let Some(mut prepare) = open_prepare(module, context) else { return Ok(()) };
    let mut replaced = Vec::new();
    for dot in products {
        if !context.ledger.allow("split") {
            break;
        }
        let func = &module.funcs[entry];
        let [x, w] = [func.ops[dot].operands[0], func.ops[dot].operands[1]];
        let result = func.ops[dot].result().expect("a product has one result");
        let element = func.value_type(result).as_tensor().expect("a product is a tensor").element.clone();
        let attrs = func.ops[dot].attrs.clone();
        let name = &signature.argument(w).expect("it is a parameter").name;
        let matrix = prepare.input(name, func.value_type(w), func.values[w].loc);
        let [rows, d] = prepare.builder().sizes(matrix)[..] else { unreachable!("the matrix has two dimensions") };
        let size = rows / PARTS;
        let mut parts: Vec<(LocId, Type)> = Vec::new();
        for part in 0..PARTS {
            let rows = slice(&mut prepare.builder(), matrix, &[part * size, 0], &[(part + 1) * size, d]);
            let name = format!("{PREPARED_PREFIX}split.{name}.{part}");
            let ty = prepare.result(&name, rows);
            parts.push((module.locs.intern(Location::Name { name: name.into(), child: LocId::UNKNOWN }), ty));
        }
        let mut patch = Patch::before(dot);
        let x = patch.tap(&module.funcs[entry], x);
        let mut product = |(loc, ty): (LocId, Type)| {
            let part = patch.add_parameter(ty, AttrMap::new(), loc);
            let mut b = patch.builder();
            let product = b.value(Opcode::DotGeneral, [x, part], [], TensorType::new(&[1, size], element.clone()));
            let op = b.func.defining_op(product).expect("it was just built");
            b.func.ops[op].attrs = attrs.clone();
            product
        };
        let products: Vec<ValueId> = parts.into_iter().map(&mut product).collect();
        let whole = patch.builder().concatenate(&products, 1);
        patch.replace(result, whole);
        patch.apply(module, entry)?;
        replaced.push(w);
    }
    remove_unused(&mut module.funcs[entry], &replaced);
    finish_prepare(module, entry, prepare);
    Ok(())
}

/// The products that are split, each of another parameter.
fn large_products(module: &Module, entry: FuncId, signature: &Signature, most: u64) -> Vec<OpId> {
    let func = &module.funcs[entry];
    let Some(body) = func.body else { return Vec::new() };
    let sizes = |value: ValueId| Some(func.value_type(value).as_tensor()?.sizes()?.to_vec());
    // What @prepare makes is not an argument of @prepare.
    let is_own = |argument: &Argument| argument.role == Role::Parameter && !argument.name.starts_with(PREPARED_PREFIX);
    let is_parameter = |value| signature.argument(value).is_some_and(is_own);
    let is_large = |op: &OpId| {
        let operation = &func.ops[*op];
        let Some(Attr::DotDimensionNumbers(dims)) = operation.attr("dot_dimension_numbers") else { return false };
        let [x, w] = [operation.operands[0], operation.operands[1]];
        let (Some(x_sizes), Some(w_sizes)) = (sizes(x), sizes(w)) else { return false };
        let one_row = x_sizes.len() == 2 && x_sizes[0] == 1 && dims.lhs_contracting_dimensions == [1];
        let by_rows = w_sizes.len() == 2 && dims.rhs_contracting_dimensions == [1] && w_sizes[0] % PARTS == 0;
        let bytes = func.value_type(w).as_tensor().and_then(|ty| ty.packed_bytes()).unwrap_or(0);
        one_row && by_rows && bytes > most && is_parameter(w) && dims.lhs_batching_dimensions.is_empty()
    };
    let dots = func.regions[body].ops.iter().copied().filter(|&op| func.ops[op].opcode == Opcode::DotGeneral);
    let mut seen = Vec::new();
    dots.filter(is_large)
        .filter(|&op| {
            let matrix = func.ops[op].operands[1];
            let first = !seen.contains(&matrix);
            seen.push(matrix);
            first
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use hire_compiler::eval::{self, Tensor};
    use hire_compiler::front::text;
    use hire_compiler::ir::ElementType;

    use super::*;
    use crate::hire::prepare::PREPARE;

    /// A product with an embedding, of which a row is read, too.
    const STEP: &str = r#"func.func @main(%w: tensor<64x4xf32> loc("params['w']"), %x: tensor<1x4xf32> loc("x")) -> (tensor<1x64xf32>, tensor<1x4xf32>) {
        %z = stablehlo.dot_general %x, %w, contracting_dims = [1] x [1] : (tensor<1x4xf32>, tensor<64x4xf32>) -> tensor<1x64xf32>
        %e = stablehlo.slice %w [3:4, 0:4] : (tensor<64x4xf32>) -> tensor<1x4xf32>
        return %z, %e : tensor<1x64xf32>, tensor<1x4xf32>
    }"#;

    fn numbers(sizes: &[u64]) -> Tensor {
        let bytes = (0..sizes.iter().product()).flat_map(|i| ((i * 37 % 101) as f32 / 101.0 - 0.5).to_le_bytes());
        Tensor::new(&TensorType::new(sizes, ElementType::F32), bytes.collect::<Vec<u8>>()).unwrap()
    }

    #[test]
    fn parts_give_the_whole_product() {
        let module = text::parse(STEP).unwrap();
        let (w, x) = (numbers(&[64, 4]), numbers(&[1, 4]));
        let dense = eval::evaluate(&module, "main", &[w.clone(), x.clone()]).unwrap();
        let mut parted = module.clone();
        let entry = parted.entry().unwrap();
        split_larger(&mut parted, entry, &mut PassContext::new(), 64 * 4 * 4 - 1).unwrap();
        let parts = eval::evaluate(&parted, PREPARE, std::slice::from_ref(&w)).unwrap();
        assert_eq!(parts.len(), PARTS as usize);
        let parts = parts.iter().map(|part| part.as_tensor().unwrap().clone());
        let arguments: Vec<Tensor> = [w, x].into_iter().chain(parts).collect();
        assert_eq!(eval::evaluate(&parted, "main", &arguments).unwrap(), dense);
        let mut whole = module.clone();
        split_larger(&mut whole, entry, &mut PassContext::new(), 64 * 4 * 4).unwrap();
        assert!(whole.func_by_name(PREPARE).is_none(), "a matrix that fits stays whole");
    }
}
