//! What the passes print is accepted by parsers that are not ours.
//!
//! Every module of `testdata/tiny`, and every input of `testdata/passes` about the HiRE rewrite, goes up to the
//! rewrite and up to legalization. jaxlib must read and verify both texts; the PJRT CPU plugin must compile
//! the legalized program, and the one that prepares its weights. `HIRE_MODULES` names further files, separated as in `PATH`.

use std::path::{Path, PathBuf};

use hire_compiler::front::text::parse;
use hire_compiler::ir::{Attr, Module, Type, Visibility};
use hire_compiler::print::{Options, print_module};
use hire_compiler::rewrite::{erase_functions, unreachable_functions};
use hire_passes::hire::SiteDefault;
use hire_passes::hire::plan::Guarantee;
use hire_passes::hire::predictor::{Predictor, Scorer};
use hire_passes::hire::prepare::PREPARE;
use hire_passes::{PassContext, Target, pipeline};
use hire_runtime::pjrt::{Client, CompileOptions, OptionValue, Plugin};
use hire_runtime::{ElementType, TensorType};
use hire_tests::oracle::{Oracle, Verdict};
use hire_tests::{conformance, mlir_files, workspace};

/// The files: all of them are rewritten, but those named `hire-no-…`.
fn files() -> Vec<PathBuf> {
    let mut files = mlir_files(&workspace("testdata/tiny"));
    // What a partitioner is to cut is not rewritten.
    files.retain(|path| !path.file_stem().is_some_and(|name| name.to_string_lossy().ends_with("-jit")));
    let is_hire = |path: &PathBuf| path.file_name().is_some_and(|n| n.to_string_lossy().starts_with("hire-"));
    files.extend(mlir_files(&workspace("testdata/passes")).into_iter().filter(is_hire));
    if let Some(further) = std::env::var_os("HIRE_MODULES") {
        files.extend(std::env::split_paths(&further));
    }
    files
}

/// The modules of a file after the passes, by a name for messages: rewritten and legalized, with each predictor.
fn outputs(path: &Path) -> Vec<(String, Module, bool)> {
    let text = std::fs::read_to_string(path).expect("the file can be read");
    let read = parse(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut outputs = Vec::new();
    for (predictor, group) in [("q8", 1), ("q4", 1), ("q4>q8", 8)] {
        for target in [None, Some(Target::StableHlo)] {
            let mut module = read.clone();
            let mut context = PassContext::new();
            context.distribute.localize = text.contains("sdy.manual_computation");
            let predictor: Predictor = predictor.parse().expect("a predictor's name");
            context.hire.ffn.predictor = predictor.clone();
            context.hire.sparsify_gates = text.contains("// sparsify-gates");
            let exact = text.contains("// guarantee: exact") && !text.contains("// fails");
            let guarantee =
                if exact && predictor.scorers() == [Scorer::Q8] { Guarantee::Exact } else { Guarantee::Recall };
            context.hire.default =
                SiteDefault { predictor: predictor.clone(), group, guarantee, ..SiteDefault::default() };
            let passes = pipeline::for_target(target);
            let name = format!("{}, {predictor}, {target:?}", path.display());
            pipeline::run(&mut module, &passes, &mut context, |_, _| {}).unwrap_or_else(|e| panic!("{name}: {e}"));
            let refused = path.file_name().is_some_and(|n| n.to_string_lossy().starts_with("hire-no-"));
            assert_eq!(context.rewritten.is_empty(), refused, "{name}: {:?}", context.remarks);
            outputs.push((name, module, target.is_some()));
            if refused && target.is_some() {
                return outputs;
            }
        }
    }
    outputs
}

#[test]
fn jaxlib_reads_what_the_passes_print() {
    let Some(oracle) = conformance::folder().and_then(|folder| Oracle::find(&folder)) else { return };
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let (mut names, mut pairs) = (Vec::new(), Vec::new());
    for (name, module, _) in files().iter().flat_map(|path| outputs(path)) {
        let path = folder.path().join(format!("{}.mlir", names.len()));
        let options = Options { locations: true, ..Options::default() };
        std::fs::write(&path, print_module(&module, &options)).expect("the temporary folder can be written");
        names.push(name);
        pairs.push((path.clone(), path));
    }
    let verdicts = oracle.compare(&pairs);
    let wrong: Vec<_> = names.iter().zip(&verdicts).filter(|(_, v)| **v != Verdict::Equal).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    println!("jaxlib read {} modules", pairs.len());
}

/// Devices of the CPU plugin that `HIRE_PJRT_PLUGIN_CPU` names or `./x setup` gets. Without one the reason is printed.
fn client() -> Option<Client> {
    let plugin = std::env::var_os("HIRE_PJRT_PLUGIN_CPU").map(PathBuf::from);
    let plugin = plugin.unwrap_or_else(|| workspace("target/plugins/pjrt_cpu.so"));
    if !plugin.exists() {
        println!("SKIPPED: no PJRT CPU plugin at {} (run `./x setup`)", plugin.display());
        return None;
    }
    let plugin = Plugin::load(&plugin).unwrap_or_else(|error| panic!("{error}"));
    let devices = [("cpu_device_count", OptionValue::Integer(4))];
    Some(Client::create(&plugin, &devices).unwrap_or_else(|error| panic!("{error}")))
}

#[test]
fn the_plugin_compiles_what_is_legalized() {
    let Some(client) = client() else { return };
    let mut count = 0;
    for (name, module, legalized) in files().iter().flat_map(|path| outputs(path)) {
        if !legalized {
            continue;
        }
        for entry in ["main", PREPARE] {
            let Some(program) = only(&module, entry) else { continue };
            let text = print_module(&program, &Options::default());
            let func = &program.funcs[program.entry().expect("it has one function")];
            let replicas = program.attrs.get("mhlo.num_replicas").and_then(Attr::as_i64).unwrap_or(1);
            let replicas = if entry == PREPARE { 1 } else { replicas as usize };
            let compiled = client.compile(text.as_bytes(), &CompileOptions::replicated(replicas));
            let compiled = compiled.unwrap_or_else(|error| panic!("{name}, @{entry}: {error}"));
            let results: Vec<TensorType> = func.ty.results.iter().map(buffer_type).collect();
            assert_eq!(compiled.results(), results, "{name}, @{entry}");
            count += 1;
        }
    }
    assert!(count > 0, "nothing was compiled");
    println!("the plugin compiled {count} programs");
}

/// The module with a function as its only public one, named `main`.
fn only(module: &Module, entry: &str) -> Option<Module> {
    let id = module.func_by_name(entry)?;
    let mut program = module.clone();
    program.retain_funcs(|func| func.name == entry || func.visibility == Visibility::Private);
    program.funcs[id].name = "main".into();
    let unreachable = unreachable_functions(&program);
    erase_functions(&mut program, unreachable);
    Some(program)
}

fn buffer_type(ty: &Type) -> TensorType {
    let ty = ty.as_tensor().expect("arguments and results are tensors");
    let name = ty.element.to_string();
    let dtype = ElementType::all().find(|e| e.name() == name).expect("a buffer's element type");
    TensorType::new(dtype, ty.sizes().expect("shapes are static").to_vec())
}
