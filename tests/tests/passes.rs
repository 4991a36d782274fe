//! Passes do not change what a program computes.
//!
//! Each module is run by the reference interpreter as it is read, and again after every pass of the
//! cleanup and the legalization. The results must be the same bits (any NaN equals any other).
//! Modules of StableHLO's suite test themselves: as many checks must run, and the same must fail.

use std::path::{Path, PathBuf};

use hire_compiler::eval::{self, Outcome, Tensor, Value};
use hire_compiler::front::text::parse_many;
use hire_compiler::ir::{ElementType, FloatFormat, Module, TensorType};
use hire_passes::{PASSES, Pass, PassContext, pipeline};
use hire_tests::{conformance, mlir_files, workspace};

/// The passes that keep every bit.
fn exact_passes() -> Vec<&'static Pass> {
    let exact = |pass: &&Pass| {
        ["inline", "refine-shapes", "fold", "simplify", "cse", "dce", "legalize-stablehlo", "tidy"].contains(&pass.name)
    };
    PASSES.iter().filter(exact).collect()
}

fn modules(path: &Path) -> Vec<Module> {
    let text = std::fs::read_to_string(path).expect("the file can be read");
    let parsed = parse_many(&text).into_iter();
    parsed.map(|module| module.unwrap_or_else(|error| panic!("{}: {error}", path.display()))).collect()
}

/// Runs the passes and says what `differs` says about the result. When it says something, the
/// passes are run again, to name the first after which it does.
fn first_difference(module: &Module, path: &Path, differs: impl Fn(&Module) -> Option<String>) -> Option<String> {
    let passes = exact_passes();
    let run = |look: &mut dyn FnMut(&str, &Module)| {
        let mut module = module.clone();
        let run = pipeline::run(&mut module, &passes, &mut PassContext::new(), |pass, module| look(pass.name, module));
        run.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        differs(&module)
    };
    let difference = run(&mut |_, _| {})?;
    let mut first = None;
    run(&mut |pass, module| {
        if first.is_none() {
            first = differs(module).map(|difference| format!("{} after {pass}: {difference}", path.display()));
        }
    });
    Some(first.unwrap_or(difference))
}

/// Calls `work` on every file, on as many threads as there are processors. Not by rayon: the
/// interpreter waits for rayon's threads itself.
fn on_all<T: Send>(files: &[PathBuf], work: impl Fn(&Path) -> T + Sync) -> Vec<T> {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let worker = || {
        let mut results = Vec::new();
        while let Some(path) = files.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
            results.push(work(path));
        }
        results
    };
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get());
    std::thread::scope(|scope| {
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        handles.into_iter().flat_map(|handle| handle.join().expect("a worker fails only with its test")).collect()
    })
}

/// A sequence of numbers that is the same in every run (xorshift).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Mostly numbers between -4 and 4, some zeros of either sign, infinities and NaN.
    fn float(&mut self) -> f64 {
        match self.next() % 64 {
            0 => 0.0,
            1 => -0.0,
            2 => f64::INFINITY,
            3 => f64::NEG_INFINITY,
            4 => f64::NAN,
            _ => (self.next() % 8192) as f64 / 1024.0 - 4.0,
        }
    }

    /// The bytes of one element; `tame` leaves out what is not finite.
    fn element(&mut self, ty: &ElementType, tame: bool) -> Vec<u8> {
        if let Some(part) = ty.complex_part() {
            return [self.element(&part, tame), self.element(&part, tame)].concat();
        }
        let bits = match FloatFormat::of(ty) {
            Some(format) => {
                let value = self.float();
                format.encode(if tame && !value.is_finite() { 0.5 } else { value })
            }
            None if *ty == ElementType::I1 => self.next() % 2,
            // Small, so that integers are indices and counts as often as not.
            None => self.next() % 8,
        };
        bits.to_le_bytes()[..ty.byte_size()].to_vec()
    }

    fn tensor(&mut self, ty: &TensorType, tame: bool) -> Option<Value> {
        let count = ty.element_count().filter(|_| !matches!(ty.element, ElementType::Quantized(_)))?;
        let bytes: Vec<u8> = (0..count).flat_map(|_| self.element(&ty.element, tame)).collect();
        Some(Value::Tensor(Tensor::new(ty, bytes).expect("the bytes are those of the type")))
    }
}

/// Arguments for the entry; `None` when one is no static tensor.
fn arguments(module: &Module, tame: bool) -> Option<(String, Vec<Value>)> {
    let entry = &module.funcs[module.entry()?];
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let values: Option<Vec<Value>> = entry.ty.inputs.iter().map(|ty| numbers.tensor(ty.as_tensor()?, tame)).collect();
    Some((entry.name.to_string(), values?))
}

fn run(module: &Module, entry: &str, arguments: &[Value]) -> Result<Outcome, String> {
    let options = eval::Options { memory_limit: 1 << 30, step_limit: Some(10_000_000), seed: 0 };
    eval::evaluate_with(module, entry, arguments.to_vec(), &options).map_err(|error| error.to_string())
}

/// The elements of a result as numbers that are equal when the bits are, or when both are NaN.
fn elements(value: &Value) -> Vec<Option<u64>> {
    let Some(tensor) = value.as_tensor() else { return Vec::new() };
    let part = tensor.element().complex_part().unwrap_or(tensor.element().clone());
    let format = FloatFormat::of(&part);
    let wide = |bytes: &[u8]| {
        let mut wide = [0; 8];
        wide[..bytes.len()].copy_from_slice(bytes);
        let bits = u64::from_le_bytes(wide);
        (!format.is_some_and(|format| format.decode(bits).is_nan())).then_some(bits)
    };
    tensor.bytes().chunks(part.byte_size()).map(wide).collect()
}

fn difference(before: &Outcome, after: &Outcome) -> Option<String> {
    let results = before.results.iter().zip(&after.results).position(|(a, b)| elements(a) != elements(b));
    if let Some(index) = results {
        return Some(format!("result {index} is {:?}, was {:?}", after.results[index], before.results[index]));
    }
    let same =
        before.results.len() == after.results.len() && before.checks == after.checks && before.printed == after.printed;
    (!same).then(|| "other results, checks or prints".to_owned())
}

/// Evaluates a module before and after the passes; `Err` when it cannot be run as it is.
fn compare(module: &Module, path: &Path, tame: bool) -> Result<(), String> {
    let (entry, arguments) = arguments(module, tame).ok_or("an argument is no static tensor")?;
    let before = run(module, &entry, &arguments)?;
    let found = first_difference(module, path, |module| match run(module, &entry, &arguments) {
        Ok(after) => difference(&before, &after),
        Err(error) => Some(error),
    });
    assert_eq!(found, None);
    Ok(())
}

/// Inputs of `testdata/passes` that cannot be run, or that the passes refuse, and why.
const NOT_RUN: &[(&str, &str)] = &[
    ("cse-refused.mlir", "collectives need a grid of devices"),
    ("dce-refused.mlir", "tokens are no arguments"),
    ("dce.mlir", "a custom call of nobody"),
    ("expand-chlo.mlir", "has no entry"),
    ("expand-chlo-refused.mlir", "an argument has no rank"),
    ("inline-growth.mlir", "refused"),
    ("inline-recursion.mlir", "refused"),
    ("inline.mlir", "calls a declaration"),
    ("legalize-kernels.mlir", "collectives need a grid of devices"),
    ("legalize-missing.mlir", "refused"),
    ("localize.mlir", "what its devices give differs"),
    ("localize-unasked.mlir", "what its devices give differs"),
    ("refine-arguments.mlir", "an argument is dynamic"),
    ("refine-assertion.mlir", "an argument is dynamic"),
    ("refine-refused.mlir", "an argument is dynamic"),
    ("refine-wrong-arguments.mlir", "an argument is dynamic"),
    ("simplify-branch-known.mlir", "a custom call of nobody"),
];

#[test]
fn the_inputs_of_the_passes_compute_the_same() {
    let mut failures = Vec::new();
    for path in mlir_files(&workspace("testdata/passes")) {
        let name = path.file_name().unwrap().to_str().unwrap();
        // A rewrite by HiRE adds parameters; `hire_equals_dense` of the passes runs those.
        if NOT_RUN.iter().any(|(skipped, _)| *skipped == name) || name.starts_with("hire-") {
            continue;
        }
        for module in modules(&path) {
            failures.extend(compare(&module, &path, false).err().map(|error| format!("{name}: {error}")));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn the_tiny_model_computes_the_same() {
    // One of each head; the interpreter is slow in debug builds.
    let heads = ["argmax-bf16-b1", "logits-f32-b1", "topk40-f32-b1"];
    let files = heads.map(|head| workspace(&format!("testdata/tiny/{head}.mlir")));
    on_all(&files, |path| {
        for module in modules(path) {
            compare(&module, path, true).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        }
    });
}

/// What a module that tests itself says: how many checks ran, which failed, and how it ended.
fn verdict(module: &Module) -> (usize, Vec<String>, Option<String>) {
    let options = eval::Options { memory_limit: 1 << 30, step_limit: Some(10_000_000), seed: 0 };
    let report = eval::run_checks(module, &options);
    let failures = report.failures.into_iter().map(|failure| failure.message).collect();
    (report.checks, failures, report.error.map(|error| error.fault.to_string()))
}

#[test]
fn stablehlo_suite_checks_the_same() {
    let Some(folder) = conformance::folder() else { return };
    let mut files = mlir_files(&folder.join("testdata"));
    files.extend(mlir_files(&folder.join("interpret")));
    let per_file = on_all(&files, |path| -> usize { modules(path).iter().map(|module| checks(module, path)).sum() });
    let checked: usize = per_file.into_iter().sum();
    println!("{checked} checks say the same after the passes");
    assert!(checked > 1000, "only {checked} checks ran");
}

/// Runs a module that tests itself before and after the passes; gives how many checks ran.
fn checks(module: &Module, path: &Path) -> usize {
    if module.entry().is_none_or(|id| !module.funcs[id].ty.inputs.is_empty()) {
        return 0;
    }
    let before = verdict(module);
    let found = first_difference(module, path, |module| {
        let after = verdict(module);
        (after != before).then(|| format!("{after:?}, was {before:?}"))
    });
    assert_eq!(found, None);
    before.0
}
