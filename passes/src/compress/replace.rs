//! Puts the stored form of a matrix in the place of the matrix.

use hire_compiler::ir::{
    AttrMap, Builder, DotDimensionNumbers, ElementType, FuncId, LocId, Location, Module, OpId, Opcode, TensorType,
    ValueId,
};
use hire_compiler::rewrite::Patch;

use super::Form;
use super::find::{Matrix, Reader};
use super::quantize::{GROUP, dequantized_q4, quantize_q4};
use crate::PassError;
use crate::hire::emit::Emit;
use crate::hire::prepare::{PREPARED_PREFIX, Prepare, quantize_rows};

/// Adds the stored form to `@prepare` and to the parameters of the entry, and lets all readers read it.
pub(super) fn replace(
    module: &mut Module,
    entry: FuncId,
    matrix: &Matrix,
    form: Form,
    prepare: &mut Prepare,
) -> Result<(), PassError> {
    let func = &module.funcs[entry];
    let input = prepare.input(&matrix.name, func.value_type(matrix.parameter), func.values[matrix.parameter].loc);
    let stored = stored(&mut prepare.builder(), input, matrix.is_transposed, form);
    let parts = if form == Form::Q4 { ["q4", "q4.scale"] } else { ["q8", "q8.scale"] };
    let mut parameters = Vec::new();
    for (part, value) in parts.iter().zip(stored) {
        let name = format!("{PREPARED_PREFIX}{}.{part}", matrix.name);
        let ty = prepare.result(&name, value);
        let loc = module.locs.intern(Location::Name { name: name.into(), child: LocId::UNKNOWN });
        parameters.push((ty, loc));
    }
    let mut known: Option<[ValueId; 2]> = None;
    for &reader in &matrix.readers {
        let (Reader::Product { op, .. } | Reader::Rows { op }) = reader;
        let mut patch = Patch::before(op);
        let func = &module.funcs[entry];
        let stored = match known {
            Some(values) => values.map(|value| patch.tap(func, value)),
            None => {
                let mut add =
                    |at: usize| patch.add_parameter(parameters[at].0.clone(), AttrMap::new(), parameters[at].1);
                [add(0), add(1)]
            }
        };
        let old = func.ops[op].results[0];
        let new = match reader {
            Reader::Rows { .. } => rows(&mut patch, module, entry, op, stored),
            Reader::Product { operand, .. } => {
                let dims = func.ops[op].dot_dimension_numbers().cloned().unwrap_or_default();
                let other = patch.tap(func, func.ops[op].operands[1 - operand]);
                let ty = func.value_type(old).as_tensor().cloned();
                let ty = ty.expect("the matcher admits only products of tensors");
                let product = Product { stored, other, operand, dims, ty };
                product.emit(&mut patch.builder(), form)
            }
        };
        patch.replace(old, new);
        let applied = patch.apply(module, entry)?;
        if known.is_none() {
            known = Some(stored.map(|value| applied.value(value).expect("the patch added the parameter")));
        }
    }
    Ok(())
}

/// What `@prepare` makes of a matrix.
fn stored(b: &mut Builder<'_>, matrix: ValueId, is_transposed: bool, form: Form) -> [ValueId; 2] {
    let rows = if is_transposed { b.transpose(matrix, &[1, 0]) } else { matrix };
    let rows = b.convert(rows, ElementType::F32);
    match form {
        Form::Q8 => quantize_rows(b, rows),
        Form::Q4 => quantize_q4(b, rows),
    }
}

/// A product with a stored matrix.
struct Product {
    stored: [ValueId; 2],
    other: ValueId,
    /// Which operand the matrix is.
    operand: usize,
    dims: DotDimensionNumbers,
    /// The type of the result.
    ty: TensorType,
}

impl Product {
    fn emit(&self, b: &mut Builder<'_>, form: Form) -> ValueId {
        let other = b.convert(self.other, ElementType::F32);
        let contracted = [&self.dims.lhs_contracting_dimensions, &self.dims.rhs_contracting_dimensions];
        let sum = match form {
            Form::Q8 => self.rows(b, other, contracted[1 - self.operand][0]),
            Form::Q4 => self.groups(b, other, contracted[1 - self.operand][0]),
        };
        b.convert(sum, self.ty.element.clone())
    }

    /// `scale_n (q_n . x)`.
    fn rows(&self, b: &mut Builder<'_>, other: ValueId, contracted: i64) -> ValueId {
        let numbers = b.convert(self.stored[0], ElementType::F32);
        let sums = self.dot(b, (numbers, vec![1]), (other, vec![contracted]));
        let sizes = b.sizes(sums);
        let dimension = if self.operand == 0 { 0 } else { sizes.len() as i64 - 1 };
        let scale = b.broadcast(self.stored[1], &[dimension], &sizes);
        b.elementwise(Opcode::Multiply, &[sums, scale])
    }

    /// The sum over groups and their members, of blocks of rows.
    fn groups(&self, b: &mut Builder<'_>, other: ValueId, contracted: i64) -> ValueId {
        let sizes = b.sizes(other);
        let last = sizes.len() as i64 - 1;
        let order: Vec<i64> = (0..=last).filter(|&d| d != contracted).chain([contracted]).collect();
        let other = if contracted == last { other } else { b.transpose(other, &order) };
        let inputs = sizes[contracted as usize];
        let vectors = sizes.iter().product::<u64>() / inputs;
        let grouped = b.reshape(other, &[vectors, inputs / GROUP, GROUP]);
        let matrix = dequantized_q4(b, self.stored[0], self.stored[1]);
        let sums = self.dot(b, (matrix, vec![1, 2]), (grouped, vec![1, 2]));
        let sizes = self.ty.sizes().expect("the matcher admits only static shapes").to_vec();
        b.reshape(sums, &sizes)
    }

    /// The product in f32, with the operands where the original has them.
    fn dot(&self, b: &mut Builder<'_>, matrix: (ValueId, Vec<i64>), other: (ValueId, Vec<i64>)) -> ValueId {
        let (lhs, rhs) = if self.operand == 0 { (matrix, other) } else { (other, matrix) };
        let dims = DotDimensionNumbers {
            lhs_contracting_dimensions: lhs.1,
            rhs_contracting_dimensions: rhs.1,
            ..DotDimensionNumbers::default()
        };
        b.dot(lhs.0, rhs.0, dims, ElementType::F32)
    }
}

/// The rows that a gather takes, dequantized.
fn rows(patch: &mut Patch, module: &Module, entry: FuncId, op: OpId, [numbers, scale]: [ValueId; 2]) -> ValueId {
    let func = &module.funcs[entry];
    let operation = &func.ops[op];
    let ty = func.value_type(operation.results[0]).as_tensor().expect("a gather's result is a tensor").clone();
    let indices = patch.tap(func, operation.operands[1]);
    let attrs = operation.attrs.clone();
    let mut b = patch.builder();
    let taken = b.op(Opcode::Gather, [numbers, indices], [], [ty.with_element(ElementType::I8).into()]);
    b.func.ops[taken].attrs = attrs;
    let taken = b.func.ops[taken].results[0];
    let sizes = ty.sizes().expect("the matcher admits only static shapes").to_vec();
    let outer = &sizes[..sizes.len() - 1];
    let indices = b.reshape(indices, outer);
    let scale = b.take(scale, indices);
    let dims: Vec<i64> = (0..outer.len() as i64).collect();
    let scale = b.broadcast(scale, &dims, &sizes);
    let taken = b.convert(taken, ElementType::F32);
    let scaled = b.elementwise(Opcode::Multiply, &[taken, scale]);
    b.convert(scaled, ty.element)
}
