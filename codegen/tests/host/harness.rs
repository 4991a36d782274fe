//! Runs a program on the host's CPU and in the interpreter, on the same numbers.

use hire_artifact::schedule::Schedule;
use hire_artifact::{Argument, ArgumentRole, ElementType, Interface, ResultRole, ResultValue};
use hire_codegen::host::{Compiled, Cpu, compile};
use hire_compiler::eval::{self, Tensor, Value};
use hire_compiler::ir::{DenseElements, Module, TensorType};
use hire_compiler::{back, front, valid};
use hire_runtime::HostTensor;
use hire_runtime::host::{Code, Library, program};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// How far a result may be from the interpreter's: `|a - b| <= absolute + relative * |b|`.
#[derive(Clone, Copy)]
pub(crate) struct Tolerance {
    pub(crate) absolute: f64,
    pub(crate) relative: f64,
}

/// The same bits.
pub(crate) const EXACT: Tolerance = Tolerance { absolute: 0.0, relative: 0.0 };
/// Two units in the last place of f32.
pub(crate) const TWO_ULP: Tolerance = Tolerance { absolute: 1e-37, relative: 2.4e-7 };
/// Sums of a few thousand terms in another order.
pub(crate) const SUMS: Tolerance = Tolerance { absolute: 2e-4, relative: 2e-4 };

/// Parses and verifies.
pub(crate) fn parse(source: &str) -> Module {
    let module = front::text::parse(source).unwrap_or_else(|e| panic!("{e}\n{source}"));
    valid::verify(&module).unwrap_or_else(|e| panic!("{e}\n{source}"));
    module
}

fn element(ty: &TensorType) -> ElementType {
    let name = ty.element.to_string();
    ElementType::all().find(|e| e.name() == name).expect("tests use plain types")
}

/// The interface of the entry, without parameters.
pub(crate) fn interface(module: &Module) -> Interface {
    let func = &module.funcs[module.entry().unwrap()];
    let states = back::plan::state_results(func);
    let shape = |ty: &TensorType| ty.sizes().unwrap().to_vec();
    let arguments = func.ty.inputs.iter().enumerate().map(|(at, ty)| {
        let ty = ty.as_tensor().unwrap();
        let alias = states.iter().find(|&&(argument, _)| argument as usize == at).map(|&(_, result)| result as usize);
        let role = if alias.is_some() { ArgumentRole::State } else { ArgumentRole::Input };
        Argument { name: format!("a{at}"), role, dtype: element(ty), shape: shape(ty), alias_result: alias }
    });
    let results = func.ty.results.iter().enumerate().map(|(at, ty)| {
        let ty = ty.as_tensor().unwrap();
        let is_state = states.iter().any(|&(_, result)| result as usize == at);
        let role = if is_state { ResultRole::State } else { ResultRole::Output };
        ResultValue { name: format!("r{at}"), role, dtype: element(ty), shape: shape(ty) }
    });
    Interface { arguments: arguments.collect(), results: results.collect() }
}

/// Compiles the entry of a module for this CPU.
pub(crate) fn compiled(module: &Module) -> Result<Compiled, hire_codegen::Error> {
    let mut module = module.clone();
    back::lower(&mut module);
    valid::verify(&module).unwrap_or_else(|e| panic!("{e}"));
    compile(&module, module.entry().unwrap(), &Cpu::host())
}

/// Runs compiled code.
pub(crate) fn run(
    compiled: &Compiled,
    interface: &Interface,
    args: &[Tensor],
) -> Result<Vec<Vec<u8>>, hire_runtime::Error> {
    let code = Code {
        schedule: compiled.schedule.to_text().into_bytes(),
        library: Library::Bytes(compiled.library.clone()),
        constants: compiled.constants.clone(),
    };
    assert_eq!(Schedule::parse(&code.schedule, interface).unwrap(), compiled.schedule);
    let tensors: Vec<HostTensor> = interface
        .arguments
        .iter()
        .zip(args)
        .map(|(a, tensor)| HostTensor::new(a.ty(), tensor.bytes().to_vec()).unwrap())
        .collect();
    let results = program(&code, interface)?.execute(&tensors)?;
    Ok(results.iter().map(|r| r.bytes().to_vec()).collect())
}

/// Random arguments: small floats of both signs, small integers.
pub(crate) fn arguments(module: &Module, seed: u64) -> Vec<Tensor> {
    let mut rng = StdRng::seed_from_u64(seed);
    let inputs = &module.funcs[module.entry().unwrap()].ty.inputs;
    inputs.iter().map(|ty| random(ty.as_tensor().unwrap(), &mut rng)).collect()
}

fn random(ty: &TensorType, rng: &mut StdRng) -> Tensor {
    let count = ty.element_count().unwrap();
    let mut bytes = Vec::new();
    for _ in 0..count {
        let float: f32 = rng.random_range(-2.0..2.0);
        let int: i64 = rng.random_range(0..7);
        match element(ty) {
            ElementType::F32 => bytes.extend(float.to_le_bytes()),
            ElementType::F64 => bytes.extend(f64::from(float).to_le_bytes()),
            ElementType::Bf16 => bytes.extend(half::bf16::from_f32(float).to_le_bytes()),
            ElementType::F16 => bytes.extend(half::f16::from_f32(float).to_le_bytes()),
            ElementType::I1 => bytes.push((int % 2) as u8),
            ElementType::I8 => bytes.push((int * 30 - 90) as u8),
            // Packed nibbles, as weight compression stores them.
            ElementType::Ui8 if ty.rank() == Some(4) => bytes.push((int * 41) as u8),
            other => bytes.extend(&int.to_le_bytes()[..other.host_bytes()]),
        }
    }
    Tensor::from_elements(&DenseElements::new(ty.clone(), bytes)).unwrap()
}

/// Runs the entry on random arguments, and compares every result with the interpreter's.
pub(crate) fn check(source: &str, tolerance: Tolerance) {
    let module = parse(source);
    let compiled = compiled(&module).unwrap_or_else(|e| panic!("{e}\n{source}"));
    let interface = interface(&module);
    for seed in 0..2 {
        let args = arguments(&module, seed);
        let want = eval::evaluate(&module, &module.funcs[module.entry().unwrap()].name, &args).unwrap();
        let have = run(&compiled, &interface, &args).unwrap_or_else(|e| panic!("{e}\n{source}"));
        for (at, (have, want)) in have.iter().zip(&want).enumerate() {
            if let Some(difference) = difference(have, want, tolerance) {
                panic!("result {at} with seed {seed}: {difference}\n{source}");
            }
        }
    }
}

/// The first element that differs by more than `tolerance`.
pub(crate) fn difference(have: &[u8], want: &Value, tolerance: Tolerance) -> Option<String> {
    let Value::Tensor(want) = want else { return Some("no tensor".to_owned()) };
    let ty = want.ty();
    if have == want.bytes() {
        return None;
    }
    let (have, want) = (numbers(have, &ty), numbers(want.bytes(), &ty));
    assert_eq!(have.len(), want.len());
    have.iter().zip(&want).enumerate().find_map(|(at, (&a, &b))| {
        let same = a == b || (a.is_nan() && b.is_nan());
        let near = (a - b).abs() <= tolerance.absolute + tolerance.relative * b.abs();
        (!same && !near).then(|| format!("element {at} of {ty} is {a:e}, not {b:e}"))
    })
}

fn numbers(bytes: &[u8], ty: &TensorType) -> Vec<f64> {
    let element = element(ty);
    bytes.chunks_exact(element.host_bytes()).map(|b| number(b, element)).collect()
}

fn number(b: &[u8], element: ElementType) -> f64 {
    let mut wide = [0u8; 8];
    wide[..b.len()].copy_from_slice(b);
    let bits = u64::from_le_bytes(wide);
    match element {
        ElementType::F32 => f64::from(f32::from_bits(bits as u32)),
        ElementType::F64 => f64::from_bits(bits),
        ElementType::Bf16 => half::bf16::from_bits(bits as u16).to_f64(),
        ElementType::F16 => half::f16::from_bits(bits as u16).to_f64(),
        _ => {
            let unused = 64 - 8 * b.len() as u32;
            ((bits << unused) as i64 >> unused) as f64
        }
    }
}
