//! Operations that take shapes as operands, as the operations that have them as attributes.

use hire_compiler::ir::{
    Attr, AttrMap, DenseElements, Dim, ElementType, Func, OpId, Opcode, Operation, TensorType, Type, ValueId,
};
use hire_compiler::valid;
use smol_str::SmolStr;

use super::known::Known;
use super::window;

/// The static form of an operation.
pub(super) struct StaticForm {
    pub(super) opcode: Opcode,
    pub(super) operands: Vec<ValueId>,
    pub(super) attrs: AttrMap,
    /// The types of the results, where they do not follow from the rest.
    types: Option<Vec<Type>>,
}

impl StaticForm {
    /// The types that follow for the results.
    pub(super) fn result_types(&self, func: &Func) -> Vec<Type> {
        match &self.types {
            Some(types) => types.clone(),
            None => valid::result_types(func, self.opcode, &self.operands, &self.attrs, &[]).unwrap_or_default(),
        }
    }

    /// Whether all that it works on is static, as the forms without shape operands require.
    pub(super) fn is_static(&self, func: &Func, op: OpId) -> bool {
        let fixed = |&value: &ValueId| func.value_type(value).as_tensor().is_some_and(|ty| ty.sizes().is_some());
        self.operands.iter().chain(&func.ops[op].results).all(fixed)
    }
}

/// The static form of an operation whose shape operands are known.
pub(super) fn of(func: &Func, op: OpId, known: &Known) -> Option<StaticForm> {
    let operation = &func.ops[op];
    let list = |index: usize| Some(Attr::i64s(known.i64s(func, *operation.operands.get(index)?)?));
    match operation.opcode {
        Opcode::DynamicBroadcastInDim => {
            let ty = shaped(func, op, known, 1)?;
            let hints = ["known_expanding_dimensions", "known_nonexpanding_dimensions"];
            Some(StaticForm { types: Some(vec![ty]), ..form(operation, Opcode::BroadcastInDim, 1, [], &hints) })
        }
        Opcode::DynamicReshape => {
            let ty = shaped(func, op, known, 1)?;
            Some(StaticForm { types: Some(vec![ty]), ..form(operation, Opcode::Reshape, 1, [], &[]) })
        }
        Opcode::DynamicIota => {
            let ty = shaped(func, op, known, 0)?;
            Some(StaticForm { types: Some(vec![ty]), ..form(operation, Opcode::Iota, 0, [], &[]) })
        }
        Opcode::RealDynamicSlice => {
            let added = [("start_indices", list(1)?), ("limit_indices", list(2)?), ("strides", list(3)?)];
            Some(form(operation, Opcode::Slice, 1, added, &[]))
        }
        Opcode::DynamicPad => {
            let added =
                [("edge_padding_low", list(2)?), ("edge_padding_high", list(3)?), ("interior_padding", list(4)?)];
            Some(form(operation, Opcode::Pad, 2, added, &[]))
        }
        Opcode::DynamicGather => Some(form(operation, Opcode::Gather, 2, [("slice_sizes", list(2)?)], &[])),
        Opcode::DynamicConv => {
            let padding = known.i64s(func, *operation.operands.get(2)?)?;
            let sizes = [padding.len() as u64 / 2, 2];
            let padding = Attr::Elements(DenseElements::i64s(&sizes, &padding));
            let mut form = form(operation, Opcode::Convolution, 2, [("padding", padding)], &[]);
            form.types = convolved(func, op, &form).map(|ty| vec![ty]);
            Some(form)
        }
        Opcode::CustomCall => call_form(func, op, known),
        _ => None,
    }
}

/// The operation that a custom call with its shapes as operands stands for.
fn call_form(func: &Func, op: OpId, known: &Known) -> Option<StaticForm> {
    let operation = &func.ops[op];
    let &[first, second] = operation.operands.as_slice() else { return None };
    let made = |opcode, attrs: [(&'static str, Attr); 1], types| StaticForm {
        opcode,
        operands: vec![first],
        attrs: attrs.into_iter().collect(),
        types,
    };
    match operation.str_attr("call_target_name")? {
        "stablehlo.dynamic_top_k" => {
            let &[k] = known.i64s(func, second)?.as_slice() else { return None };
            Some(made(Opcode::TopK, [("k", Attr::i64(k))], None))
        }
        "stablehlo.dynamic_rng_bit_generator" => {
            let algorithm = operation.attr("rng_algorithm")?.clone();
            let stated = func.value_type(*operation.results.get(1)?).as_tensor()?;
            let bits = TensorType::with_dims(known.sizes(func, second)?, stated.element.clone());
            let types = vec![func.value_type(first).clone(), bits.into()];
            Some(made(Opcode::RngBitGenerator, [("rng_algorithm", algorithm)], Some(types)))
        }
        _ => None,
    }
}

/// The result of a convolution in its stated element type, which need not be the operands'.
fn convolved(func: &Func, op: OpId, form: &StaticForm) -> Option<Type> {
    let inferred = valid::result_types(func, form.opcode, &form.operands, &form.attrs, &[]).ok()?;
    let stated = func.value_type(func.ops[op].result()?).as_tensor()?;
    Some(inferred.first()?.as_tensor()?.with_element(stated.element.clone()).into())
}

/// An operation with the first operands of another, its attributes but `dropped`, and more.
fn form<const N: usize>(
    operation: &Operation,
    opcode: Opcode,
    operands: usize,
    added: [(&'static str, Attr); N],
    dropped: &[&str],
) -> StaticForm {
    let mut attrs = operation.attrs.clone();
    for name in dropped {
        attrs.remove(name);
    }
    for (name, attr) in added {
        attrs.set(SmolStr::new_static(name), attr);
    }
    StaticForm { opcode, operands: operation.operands.iter().copied().take(operands).collect(), attrs, types: None }
}

/// The result's type with the shape that an operand says.
fn shaped(func: &Func, op: OpId, known: &Known, operand: usize) -> Option<Type> {
    let operation = &func.ops[op];
    let dims = known.sizes(func, *operation.operands.get(operand)?)?;
    let stated = func.value_type(operation.result()?).as_tensor()?;
    Some(TensorType::with_dims(dims, stated.element.clone()).into())
}

/// Types that operands say without a static form: of random numbers, of custom calls whose
/// `indices_of_shape_operands` name the shapes of their results, of dimensions set to their own size.
pub(super) fn stated_by_operands(func: &Func, op: OpId, known: &Known) -> Option<Vec<Type>> {
    let operation = &func.ops[op];
    match operation.opcode {
        Opcode::Rng => shaped(func, op, known, 2).map(|ty| vec![ty]),
        Opcode::CustomCall if operation.str_attr("call_target_name") == Some(window::TARGET) => {
            window::result_types(func, op, known)
        }
        Opcode::CustomCall => {
            let indices = operation.attr("indices_of_shape_operands")?.as_elements()?.to_i64s()?;
            let typed = |(&index, &result): (&i64, &ValueId)| {
                let dims = known.sizes(func, *operation.operands.get(usize::try_from(index).ok()?)?)?;
                let stated = func.value_type(result).as_tensor()?;
                Some(TensorType::with_dims(dims, stated.element.clone()).into())
            };
            let results = &operation.results;
            (indices.len() == results.len()).then(|| indices.iter().zip(results).map(typed).collect())?
        }
        Opcode::BitcastConvert => bitcast(func, op).map(|ty| vec![ty]),
        _ => None,
    }
}

/// The operand's shape, less or more by the last dimension where the width of elements changes.
fn bitcast(func: &Func, op: OpId) -> Option<Type> {
    let operation = &func.ops[op];
    let from = func.value_type(*operation.operands.first()?).as_tensor()?;
    let to = func.value_type(operation.result()?).as_tensor()?;
    let bits = |element: &ElementType| element.bits();
    let (narrow, wide) = (bits(&to.element), bits(&from.element));
    let mut dims = from.dims.clone()?;
    if narrow < wide {
        dims.push(Dim::Size(u64::from(wide / narrow)));
    } else if narrow > wide {
        dims.pop();
    }
    Some(TensorType { dims: Some(dims), element: to.element.clone(), encoding: None }.into())
}
