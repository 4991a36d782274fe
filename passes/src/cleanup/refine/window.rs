//! `@stablehlo.dynamic_reduce_window`, whose window is given by operands and whose body is a function.

use hire_compiler::ir::{
    Attr, AttrMap, DenseElements, Dim, Func, FuncId, Module, OpId, Opcode, Region, RegionId, TensorType, Type, ValueId,
};
use hire_compiler::rewrite::Transplant;

use super::known::Known;

/// The target of the custom call.
pub(super) const TARGET: &str = "stablehlo.dynamic_reduce_window";

/// How many operands describe the window, after the inputs and as many initial values: dimensions, strides, base
/// dilations, window dilations, padding.
const WINDOW_OPERANDS: usize = 5;

/// A window, as the operands give it.
struct Window {
    size: Vec<i64>,
    stride: Vec<i64>,
    base: Vec<i64>,
    dilation: Vec<i64>,
    padding: Vec<i64>,
}

impl Window {
    /// The inputs with their initial values, and the window over them, where it is known and sound.
    fn of<'f>(func: &'f Func, op: OpId, known: &Known) -> Option<(&'f [ValueId], Window)> {
        let operands = &func.ops[op].operands;
        let (data, window) = operands.split_at(operands.len().checked_sub(WINDOW_OPERANDS)?);
        let list = |at: usize| known.i64s(func, *window.get(at)?);
        let window = Window { size: list(0)?, stride: list(1)?, base: list(2)?, dilation: list(3)?, padding: list(4)? };
        let rank = func.value_type(*data.first()?).as_tensor()?.rank()?;
        let lists = [&window.size, &window.stride, &window.base, &window.dilation];
        let sound = lists.iter().all(|list| list.len() == rank && list.iter().all(|&n| n >= 1));
        (sound && window.padding.len() == 2 * rank).then_some((data, window))
    }

    fn attributes(&self) -> AttrMap {
        let padding = DenseElements::i64s(&[self.size.len() as u64, 2], &self.padding);
        let lists = [
            ("window_dimensions", &self.size),
            ("window_strides", &self.stride),
            ("base_dilations", &self.base),
            ("window_dilations", &self.dilation),
        ];
        let lists = lists.map(|(name, list)| (name, Attr::i64s(list.clone())));
        lists.into_iter().chain([("padding", Attr::Elements(padding))]).collect()
    }
}

/// What a call becomes when all about it is known: `reduce_window` of these operands and attributes, and the function
/// that its body is a copy of.
pub(super) fn static_form(
    module: &Module,
    func: &Func,
    op: OpId,
    known: &Known,
) -> Option<(Vec<ValueId>, AttrMap, FuncId)> {
    let operation = &func.ops[op];
    if operation.opcode != Opcode::CustomCall || operation.str_attr("call_target_name") != Some(TARGET) {
        return None;
    }
    let (data, window) = Window::of(func, op, known)?;
    let Some(Attr::Array(called)) = operation.attr("called_computations") else { return None };
    let [body] = called.as_slice() else { return None };
    let body = module.func_by_name(body.as_symbol()?)?;
    let fixed = |&value: &ValueId| func.value_type(value).as_tensor().is_some_and(|ty| ty.sizes().is_some());
    let all_static = data.iter().chain(&operation.results).all(fixed);
    let fits = data.len() == 2 * operation.results.len() && module.funcs[body].args().len() == data.len();
    (all_static && fits).then(|| (data.to_vec(), window.attributes(), body))
}

/// A region of `func` that computes what another function does; it ends with `stablehlo.return`.
pub(super) fn region_of(func: &mut Func, callee: &Func) -> Option<RegionId> {
    let body = callee.body?;
    let region = func.regions.push(Region::default());
    let mut copies = Transplant::new();
    for &arg in callee.args() {
        let value = &callee.values[arg];
        let new = func.add_arg(region, value.ty.clone(), value.loc);
        copies.bind(arg, new);
    }
    // A function's body uses nothing from outside of it.
    let ops = copies.copy(callee, &callee.regions[body].ops, func, |_, value| value);
    if let Some(&last) = ops.last() {
        func.ops[last].opcode = Opcode::Return;
    }
    func.regions[region].ops = ops;
    Some(region)
}

/// The types of the results, when the window is known and the inputs are static.
pub(super) fn result_types(func: &Func, op: OpId, known: &Known) -> Option<Vec<Type>> {
    let operation = &func.ops[op];
    let (data, window) = Window::of(func, op, known)?;
    let shape = func.value_type(*data.first()?).as_tensor()?.sizes()?;
    let along = |d: usize| {
        let around = i128::from(window.padding[2 * d]) + i128::from(window.padding[2 * d + 1]);
        let padded = dilated(i128::from(shape[d]), window.base[d]) + around;
        let free = padded - dilated(i128::from(window.size[d]), window.dilation[d]);
        let places = if free < 0 { 0 } else { free / i128::from(window.stride[d]) + 1 };
        u64::try_from(places).ok().map(Dim::Size)
    };
    let dims: Vec<Dim> = (0..shape.len()).map(along).collect::<Option<_>>()?;
    let typed = |&result: &ValueId| {
        let stated = func.value_type(result).as_tensor()?;
        Some(TensorType::with_dims(dims.iter().copied(), stated.element.clone()).into())
    };
    operation.results.iter().map(typed).collect()
}

fn dilated(size: i128, by: i64) -> i128 {
    if size == 0 { 0 } else { (size - 1) * i128::from(by) + 1 }
}
