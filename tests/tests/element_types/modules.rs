//! Modules of one operation, and their variants.

use std::collections::BTreeMap;
use std::ops::Range;

use hire_compiler::front::text::parse_many;
use hire_compiler::ir::{Attr, AttrMap, Func, FunctionType, LocId, Module, OpId, Opcode, Operation, Traits, Type};
use hire_compiler::print::{Form, Options, print_module};
use hire_compiler::rewrite::Transplant;
use hire_compiler::valid::verify;
use hire_tests::{mlir_files, workspace};

/// The element types that are put in the place of others.
const TYPES: &[&str] = &[
    "i1",
    "i2",
    "i4",
    "i8",
    "i16",
    "i32",
    "i64",
    "ui2",
    "ui4",
    "ui8",
    "ui16",
    "ui32",
    "ui64",
    "f4E2M1FN",
    "f6E2M3FN",
    "f6E3M2FN",
    "f8E3M4",
    "f8E4M3",
    "f8E4M3FN",
    "f8E4M3FNUZ",
    "f8E4M3B11FNUZ",
    "f8E5M2",
    "f8E5M2FNUZ",
    "f8E8M0FNU",
    "bf16",
    "f16",
    "f32",
    "f64",
    "complex<f32>",
    "complex<f64>",
    "index",
    "!quant.uniform<i8:f32, 5.000000e-01:3>",
    "!quant.uniform<i8:f32:0, {5.000000e-01,2.500000e-01}>",
];

/// Longer modules say nothing about types that shorter ones do not.
const LONGEST: usize = 2000;

/// A module of one operation.
pub(crate) struct Alone {
    pub(crate) opcode: Opcode,
    pub(crate) text: String,
}

/// Such a module with other element types.
pub(crate) struct Variant {
    pub(crate) opcode: Opcode,
    pub(crate) text: String,
    /// Where the module without replacements is among the variants.
    pub(crate) base: usize,
}

/// The operations of StableHLO and CHLO that stand in programs.
pub(crate) fn operations() -> impl Iterator<Item = Opcode> {
    let of_dialect = |op: &Opcode| ["stablehlo", "chlo"].contains(&op.info().dialect());
    Opcode::ALL.iter().copied().filter(of_dialect).filter(|op| !op.has(Traits::TERMINATOR))
}

/// Up to `forms` valid modules of each operation, no two of the same types.
pub(crate) fn all(forms: usize) -> Vec<Alone> {
    let mut found: BTreeMap<Opcode, BTreeMap<String, String>> = BTreeMap::new();
    let files = ["testdata/text", "testdata/eval"].iter().flat_map(|folder| mlir_files(&workspace(folder)));
    for path in files {
        let text = std::fs::read_to_string(&path).expect("the corpus can be read");
        for module in parse_many(&text) {
            let module = module.unwrap_or_else(|errors| panic!("{}: {errors}", path.display()));
            for func in module.func_ids().map(|id| &module.funcs[id]) {
                func.walk(|_, op| {
                    let opcode = func.ops[op].opcode;
                    let Some((kinds, text)) = alone(func, op) else { return };
                    let modules = found.entry(opcode).or_default();
                    if operations().any(|op| op == opcode) && modules.len() < forms {
                        modules.entry(kinds).or_insert(text);
                    }
                });
            }
        }
    }
    let modules = found.into_iter().flat_map(|(opcode, texts)| texts.into_values().map(move |text| (opcode, text)));
    modules.map(|(opcode, text)| Alone { opcode, text }).collect()
}

/// A module in which an operation stands alone, if it is valid there, and the types in it.
fn alone(source: &Func, op: OpId) -> Option<(String, String)> {
    let mut func = Func::new("main", FunctionType::default());
    let body = func.body?;
    let mut copies = Transplant::new();
    let types: Vec<Type> = source.ops[op].results.iter().map(|&value| source.value_type(value).clone()).collect();
    let copied = copies
        .copy(source, &[op], &mut func, |to, value| to.add_arg(body, source.value_type(value).clone(), LocId::UNKNOWN));
    // Locations and symbols are those of another module.
    let ops: Vec<OpId> = func.ops.keys().collect();
    for op in ops {
        let operation = &mut func.ops[op];
        operation.loc = LocId::UNKNOWN;
        if operation.attrs.iter().any(|(_, attr)| refers(attr)) {
            return None;
        }
    }
    let results = copied.first().map(|&op| func.ops[op].results.clone())?;
    let end = Operation { opcode: Opcode::FuncReturn, operands: results.iter().copied().collect(), ..bare() };
    let end = func.make_op(end, []);
    func.regions[body].ops = vec![copied[0], end];
    let inputs: Vec<Type> = func.args().iter().map(|&arg| func.value_type(arg).clone()).collect();
    let kinds = format!("{inputs:?} {types:?}");
    func.arg_attrs = vec![AttrMap::new(); inputs.len()];
    func.result_attrs = vec![AttrMap::new(); types.len()];
    func.ty = FunctionType { inputs, results: types };
    let mut module = Module::new();
    module.add_func(func);
    verify(&module).ok()?;
    let text = print_module(&module, &Options { form: Form::Generic, ..Options::default() });
    (text.len() <= LONGEST).then_some((kinds, text))
}

/// Whether an attribute names something of the module.
fn refers(attr: &Attr) -> bool {
    match attr {
        Attr::Symbol(_) | Attr::Location(_) | Attr::ReplicaGroupMeshAxes(_) => true,
        Attr::Array(items) => items.iter().any(refers),
        _ => false,
    }
}

fn bare() -> Operation {
    Operation {
        opcode: Opcode::FuncReturn,
        foreign_name: None,
        operands: Default::default(),
        results: Default::default(),
        attrs: Default::default(),
        regions: Default::default(),
        loc: LocId::UNKNOWN,
        span: hire_compiler::diag::Span::NONE,
    }
}

/// A module of each operation, as it is and with each element type in it replaced throughout.
pub(crate) fn variants() -> Vec<Variant> {
    let mut variants = Vec::new();
    for Alone { opcode, text } in all(1) {
        let base = variants.len();
        variants.push(Variant { opcode, text: text.clone(), base });
        let places = elements(&text);
        let mut met: Vec<&str> = places.iter().map(|place| &text[place.clone()]).collect();
        met.sort_unstable();
        met.dedup();
        for from in met {
            let everywhere: Vec<_> = places.iter().filter(|place| text[(*place).clone()] == *from).cloned().collect();
            for to in TYPES.iter().filter(|to| **to != from) {
                variants.push(Variant { opcode, text: replaced(&text, &everywhere, to), base });
            }
        }
    }
    variants
}

/// Where the element types of tensors stand.
fn elements(text: &str) -> Vec<Range<usize>> {
    let element = |(at, head): (usize, &str)| {
        let mut start = at + head.len();
        let dims = |rest: &str| rest.find(|c: char| !c.is_ascii_digit() && c != '?');
        while let Some(end) = dims(&text[start..]).filter(|&end| end > 0 && text[start + end..].starts_with('x')) {
            start += end + 1;
        }
        let mut depth = 0;
        let end = text[start..].find(|c| {
            depth += i32::from(matches!(c, '<' | '{')) - i32::from(matches!(c, '>' | '}'));
            depth < 0 || depth == 0 && c == ','
        });
        start..start + end.expect("a tensor type is closed")
    };
    text.match_indices("tensor<").map(element).collect()
}

fn replaced(text: &str, places: &[Range<usize>], with: &str) -> String {
    let mut out = text.to_owned();
    places.iter().rev().for_each(|place| out.replace_range(place.clone(), with));
    out
}
