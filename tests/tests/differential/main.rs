//! The interpreter against XLA, operation by operation, on the same arguments.
//!
//! Each [`Case`] is one operation on one element type. Cases are compiled for the PJRT CPU plugin by the dozen,
//! each as a function of its own, and run with arguments of a fixed seed: `NaN`, infinities, zeros of
//! both signs, the largest and smallest numbers, subnormals, and ordinary ones. What may differ is stated case by case
//! ([`compare::Tolerance`]). What a plugin does not take, or computes wrongly, is listed in [`refused`] with the reason;
//! the list must be complete and have nothing on it that the plugin takes. Collectives are in [`devices`].

mod cases;
mod chlo;
mod compare;
mod data;
mod devices;
mod elementwise;
mod numeric;
mod refused;
mod structured;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use cases::Case;
use compare::distance;
use hire_compiler::eval::{self, Options, Tensor, Value};
use hire_compiler::front::text::parse;
use hire_compiler::ir::{Func, Module, Opcode, Type};
use hire_compiler::valid::verify;
use hire_runtime::{Device, ElementType, HostTensor, Signature, TensorType};
use hire_tests::workspace;

/// How many cases a module holds: a compilation has a fixed price, and so has every function of it.
const BATCH: usize = 48;

/// The CPU plugins: the one that `HIRE_PJRT_PLUGIN_CPU` names, or those that `./x setup` installs.
fn plugins() -> Vec<PathBuf> {
    let named = std::env::var_os("HIRE_PJRT_PLUGIN_CPU").map(|path| vec![PathBuf::from(path)]);
    let known = || ["pjrt_cpu", "pjrt_cpu_alt"].map(|name| workspace(&format!("target/plugins/{name}.so"))).to_vec();
    let (present, absent): (Vec<_>, Vec<_>) = named.unwrap_or_else(known).into_iter().partition(|path| path.exists());
    for path in absent {
        assert!(std::env::var_os("HIRE_REQUIRE_PJRT").is_none(), "no PJRT CPU plugin at {}", path.display());
        println!("SKIPPED: no PJRT CPU plugin at {} (run `./x setup`)", path.display());
    }
    present
}

fn open(plugin: &Path) -> Box<dyn Device> {
    let target = hire_runtime::Target::Pjrt(plugin.display().to_string());
    hire_runtime::open(&target).unwrap_or_else(|error| panic!("{error}"))
}

fn buffer_type(ty: &Type) -> TensorType {
    let ty = ty.as_tensor().expect("arguments and results are tensors");
    let name = ty.element.to_string();
    let dtype = ElementType::all().find(|e| e.name() == name).expect("a buffer's element type");
    TensorType::new(dtype, ty.sizes().expect("shapes are static").to_vec())
}

fn main_of(module: &Module) -> &Func {
    &module.funcs[module.entry().expect("the module has an entry")]
}

/// A module whose `@main` calls a function for each case, on arguments and with results of its own.
fn module_text(cases: &[&Case]) -> String {
    let (mut functions, mut body, mut head) = (String::new(), String::new(), Vec::new());
    let (mut results, mut types) = (Vec::new(), Vec::new());
    for (at, case) in cases.iter().enumerate() {
        let inputs: Vec<&str> = case.inputs.iter().map(|(ty, _)| ty.as_str()).collect();
        let names: Vec<String> = (0..inputs.len()).map(|i| format!("%x{at}_{i}")).collect();
        head.extend(names.iter().zip(&inputs).map(|(name, ty)| format!("{name}: {ty}")));
        let (ins, outs) = (inputs.join(", "), case.results.join(", "));
        writeln!(body, "  %y{at}:{} = call @f{at}({}) : ({ins}) -> ({outs})", case.results.len(), names.join(", "))
            .expect("strings grow");
        results.extend((0..case.results.len()).map(|i| format!("%y{at}#{i}")));
        types.extend(case.results.iter().map(String::as_str));
        functions.push_str(&case.function(&format!("f{at}")));
    }
    let (head, types) = (head.join(", "), types.join(", "));
    let results = results.join(", ");
    format!(
        "module {{\nfunc.func public @main({head}) -> ({types}) {{\n{body}  return {results} : {types}\n}}\n{functions}}}\n"
    )
}

/// What one case showed.
enum Verdict {
    Close(f64),
    Different(String),
    Refused(String),
}

/// Runs cases in one module; `Err` when the plugin does not take it.
fn run(device: &dyn Device, cases: &[&Case]) -> Result<Vec<Verdict>, String> {
    let text = module_text(cases);
    let module = parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    verify(&module).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let func = main_of(&module);
    let types = |types: &[Type]| types.iter().map(buffer_type).collect::<Vec<_>>();
    let signature = Signature { arguments: types(&func.ty.inputs), results: types(&func.ty.results) };
    let program = device.compile(text.as_bytes(), &signature).map_err(|error| error.to_string())?;
    let fills = cases.iter().flat_map(|case| case.inputs.iter().map(|(_, fill)| fill));
    let bytes: Vec<Vec<u8>> = signature.arguments.iter().zip(fills).map(|(ty, fill)| data::bytes(ty, fill)).collect();
    let host = signature.arguments.iter().zip(&bytes);
    let host: Vec<HostTensor> =
        host.map(|(ty, bytes)| HostTensor::new(ty.clone(), bytes.clone()).expect("the bytes fit")).collect();
    let theirs = program.execute(&host).map_err(|error| error.to_string())?;
    let values = func.ty.inputs.iter().zip(bytes);
    let values = values.map(|(ty, bytes)| {
        let ty = ty.as_tensor().expect("arguments are tensors");
        Value::Tensor(Tensor::new(ty, bytes).expect("the bytes fit"))
    });
    let ours = eval::evaluate_with(&module, "main", values.collect(), &Options::default());
    let ours = ours.unwrap_or_else(|error| panic!("{error}\n{text}")).results;
    let mut pairs = ours.iter().zip(&theirs);
    Ok(cases
        .iter()
        .map(|case| {
            let mut worst = 0.0f64;
            let mut different = None;
            for (ours, theirs) in pairs.by_ref().take(case.results.len()) {
                let ours = ours.as_tensor().expect("results are tensors");
                let (found, place) = distance(theirs.dtype(), ours.bytes(), theirs.bytes(), case.tolerance);
                worst = worst.max(found);
                if found > case.tolerance.limit() {
                    different = Some(format!("{}: {place}", case.name));
                }
            }
            different.map_or(Verdict::Close(worst), Verdict::Different)
        })
        .collect())
}

/// Runs cases together or, if the plugin refuses the module, in halves until it is known which it refuses.
fn run_or_split<'c>(device: &dyn Device, cases: &[&'c Case], out: &mut Vec<(&'c Case, Verdict)>) {
    match run(device, cases) {
        Ok(verdicts) => out.extend(cases.iter().copied().zip(verdicts)),
        Err(error) if cases.len() == 1 => out.push((cases[0], Verdict::Refused(error))),
        Err(_) => {
            let (left, right) = cases.split_at(cases.len() / 2);
            run_or_split(device, left, out);
            run_or_split(device, right, out);
        }
    }
}

#[test]
fn the_interpreter_computes_what_xla_does() {
    let only = std::env::var("HIRE_DIFFERENTIAL_ONLY").unwrap_or_default();
    let cases: Vec<Case> = cases::all().into_iter().filter(|case| case.name.contains(&only)).collect();
    let wrong: Vec<String> = plugins().iter().flat_map(|plugin| compare_on(plugin, &cases)).collect();
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// Runs all cases on one plugin; gives what is wrong.
fn compare_on(plugin: &Path, cases: &[Case]) -> Vec<String> {
    let device = open(plugin);
    let stem = plugin.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let (alone, rest): (Vec<&Case>, Vec<&Case>) =
        cases.iter().partition(|case| refused::listed(&case.name, &stem).is_some());
    let mut verdicts = Vec::new();
    rest.chunks(BATCH).for_each(|batch| run_or_split(device.as_ref(), batch, &mut verdicts));
    alone.iter().for_each(|case| run_or_split(device.as_ref(), &[case], &mut verdicts));

    let (mut wrong, mut worst) = (Vec::new(), BTreeMap::<String, f64>::new());
    for (case, verdict) in verdicts {
        if let Some(listed) = refused::listed(&case.name, &stem) {
            match judge(listed, &verdict) {
                Ok(what) => println!("{}: {what}: {}", case.name, listed.reason),
                Err(why) => wrong.push(format!("{} {why}", case.name)),
            }
            continue;
        }
        match verdict {
            Verdict::Different(text) => wrong.push(text),
            Verdict::Refused(error) => wrong.push(format!("{} is refused: {error}", case.name)),
            Verdict::Close(_) if case.tolerance.limit() == 0.0 => {}
            Verdict::Close(found) => {
                let most = worst.entry(case.name.clone()).or_default();
                *most = most.max(found);
            }
        }
    }
    worst.iter().for_each(|(name, worst)| println!("{name}: {worst:.3}"));
    println!("{stem}: {} cases", cases.len());
    wrong.into_iter().map(|text| format!("{stem}: {text}")).collect()
}

/// Whether a listed case behaves as the list says: `Err` tells how it does not.
fn judge(listed: &refused::Listed, verdict: &Verdict) -> Result<&'static str, String> {
    match (verdict, listed.says) {
        (Verdict::Refused(error), Some(says)) if error.contains(says) => Ok("refused"),
        (Verdict::Refused(error), _) => Err(format!("is refused, but not as listed: {error}")),
        (Verdict::Different(_), None) => Ok("computed wrongly"),
        (Verdict::Different(text), Some(_)) => Err(format!("is listed as refused, but is taken: {text}")),
        (Verdict::Close(_), _) => Err("is listed, but computed as it should be".to_owned()),
    }
}

/// An operation's name as the lists have it: StableHLO's without the dialect.
fn label(op: Opcode) -> &'static str {
    let name = op.info().name;
    name.strip_prefix("stablehlo.").unwrap_or(name)
}

/// Every operation of StableHLO and CHLO has a case, or a reason to have none.
#[test]
fn every_operation_is_compared_or_listed() {
    let mut shown = BTreeSet::new();
    for case in cases::all() {
        let text = module_text(&[&case]);
        let module = parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        for func in module.func_ids().map(|id| &module.funcs[id]) {
            func.walk(|_, op| {
                shown.insert(func.ops[op].opcode);
            });
        }
    }
    shown.extend(devices::operations());
    let listed: BTreeSet<&str> = refused::OPERATIONS.iter().map(|(name, _)| *name).collect();
    let absent: Vec<&str> = Opcode::ALL
        .iter()
        .filter(|op| ["stablehlo", "chlo"].contains(&op.info().dialect()) && !shown.contains(op))
        .map(|&op| label(op))
        .filter(|name| !listed.contains(name))
        .collect();
    assert!(absent.is_empty(), "no case for: {}", absent.join(", "));
    let stale: Vec<&str> = shown.iter().map(|&op| label(op)).filter(|name| listed.contains(name)).collect();
    assert!(stale.is_empty(), "listed although there is a case: {}", stale.join(", "));
}
