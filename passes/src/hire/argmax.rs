//! Recognises an argmax by running it.
//!
//! Frameworks write the body of an argmax in many ways (a comparison and two selects, with or
//! without a rule for ties, with or without NaN handling). Instead of matching one of them, the
//! body is evaluated on pairs of numbers: it is an argmax when it keeps the larger number with what
//! stands beside it, and of equal numbers the one with the smaller companion. The reduction stays
//! as it is when a site is rewritten, so nothing but that needs to hold.

use hire_compiler::eval::{self, Tensor};
use hire_compiler::ir::{Builder, Func, FunctionType, Module, OpId, Opcode, TensorType, Type, ValueId};
use hire_compiler::rewrite::Transplant;

use super::emit::scalar_bytes;

/// Numbers that tell a maximum from anything else; exact in every float type of 8 bits or more.
const PROBES: [f64; 5] = [-4.0, -0.5, 0.0, 0.5, 4.0];

/// Whether `reduce` keeps the largest of its first operand, and beside it the entries of its other
/// operands (at most one, of an integer type) from the same place, ties going to the smaller.
pub(crate) fn is_argmax(func: &Func, reduce: OpId) -> bool {
    let Some(body) = body_module(func, reduce) else { return false };
    let inputs = &body.funcs[body.entry().expect("the module was made with one function")].ty.inputs;
    let types: Vec<TensorType> = inputs.iter().filter_map(|t| t.as_tensor().cloned()).collect();
    let companions = types.len() / 2 - 1;
    if !types[0].element.is_float()
        || companions > 1
        || types[1..types.len() / 2].iter().any(|t| !t.element.is_integer())
    {
        return false;
    }
    let pairs = PROBES.iter().flat_map(|&a| PROBES.iter().map(move |&b| (a, b)));
    let places = [(3i64, 7i64), (7, 3)];
    pairs.flat_map(|pair| places.map(|place| (pair, place))).all(|((a, b), (i, j))| {
        let args: Vec<Tensor> = if companions == 1 {
            vec![number(&types[0], a), number(&types[1], i as f64), number(&types[2], b), number(&types[3], j as f64)]
        } else {
            vec![number(&types[0], a), number(&types[1], b)]
        };
        let want_place = if a > b || (a == b && i < j) { i } else { j };
        let want = [number(&types[0], a.max(b)), number(&types[types.len() / 2 - 1], want_place as f64)];
        eval::evaluate(&body, "body", &args)
            .is_ok_and(|got| got.iter().zip(&want).all(|(g, w)| g.as_tensor().is_some_and(|g| g.bytes() == w.bytes())))
    })
}

/// Whether the function compares the first two of its arguments (value, value, companion, companion)
/// by greater-than, the companions having no say.
pub(crate) fn is_greater_than(module: &Module, name: &str) -> bool {
    let Some(id) = module.func_by_name(name) else { return false };
    let types: Vec<TensorType> = module.funcs[id].ty.inputs.iter().filter_map(|t| t.as_tensor().cloned()).collect();
    if types.len() != 4 || !types[0].element.is_float() || !types[2].element.is_integer() {
        return false;
    }
    let pairs = PROBES.iter().flat_map(|&a| PROBES.iter().map(move |&b| (a, b)));
    pairs.flat_map(|pair| [(3.0, 7.0), (7.0, 3.0)].map(|place| (pair, place))).all(|((a, b), (i, j))| {
        let args: Vec<Tensor> = types.iter().zip([a, b, i, j]).map(|(ty, n)| number(ty, n)).collect();
        let is_true = |value: &eval::Value| value.as_tensor().is_some_and(|t| t.bytes() == [u8::from(a > b)]);
        eval::evaluate(module, name, &args).is_ok_and(|got| got.len() == 1 && is_true(&got[0]))
    })
}

/// A scalar tensor of a number that the type represents exactly.
fn number(ty: &TensorType, value: f64) -> Tensor {
    let ty = TensorType::scalar(ty.element.clone());
    let bytes = scalar_bytes(&ty.element, value);
    Tensor::new(&ty, bytes).expect("a scalar's bytes are one element")
}

/// The body of a reduction as a module with one function `@body`; `None` when the body captures
/// values, which no argmax does.
fn body_module(func: &Func, reduce: OpId) -> Option<Module> {
    let region = &func.regions[*func.ops[reduce].regions.first()?];
    let (&terminator, ops) = region.ops.split_last()?;
    let types = |values: &[ValueId]| -> Vec<Type> { values.iter().map(|&v| func.value_type(v).clone()).collect() };
    let results = &func.ops[terminator].operands;
    let mut body = Func::new("body", FunctionType { inputs: types(&region.args), results: types(results) });
    let mut copies = Transplant::new();
    for (&from, &to) in region.args.iter().zip(body.args().to_vec().iter()) {
        copies.bind(from, to);
    }
    let mut captures = 0;
    let copied = copies.copy(func, ops, &mut body, |_, value| {
        captures += 1;
        value
    });
    let returned: Vec<ValueId> = results.iter().map(|&r| copies.value(r)).collect::<Option<_>>()?;
    let mut builder = Builder::new(&mut body);
    let block = builder.region;
    builder.func.regions[block].ops.extend(copied);
    builder.op(Opcode::FuncReturn, returned, [], []);
    let mut module = Module::new();
    module.add_func(body);
    (captures == 0).then_some(module)
}
