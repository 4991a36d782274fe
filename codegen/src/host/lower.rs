//! MLIR to an object file.

use std::collections::BTreeSet;
use std::sync::Once;

use hire_compiler::diag::Source;
use inkwell::AddressSpace;
use inkwell::OptimizationLevel;
use inkwell::attributes::AttributeLoc;
use inkwell::context::Context as LlvmContext;
use inkwell::module::{Linkage, Module as LlvmModule};
use inkwell::passes::PassBuilderOptions;
use inkwell::targets::{CodeModel, FileType, InitializationConfig, RelocMode, Target, TargetMachine};
use inkwell::values::{BasicMetadataValueEnum, FunctionValue};
use melior::Context;
use melior::dialect::DialectRegistry;
use melior::ir::Module;
use melior::pass::PassManager;
use melior::utility::{
    parse_pass_pipeline, register_all_dialects, register_all_llvm_translations, register_all_passes,
};

use super::emit::Kernel;
use crate::error::Error;

/// From structured loops and vectors to the LLVM dialect.
const PIPELINE: &str = "builtin.module(canonicalize,cse,convert-scf-to-cf,\
    convert-vector-to-llvm,expand-strided-metadata,lower-affine,\
    convert-math-to-llvm,convert-arith-to-llvm,finalize-memref-to-llvm,\
    convert-func-to-llvm{use-bare-ptr-memref-call-conv=1},convert-cf-to-llvm,convert-index-to-llvm,\
    reconcile-unrealized-casts,canonicalize,cse)";

/// Features of x86-64 that are called the same by LLVM and by Rust, and that generated code may use.
const FEATURES: [&str; 14] = [
    "avx",
    "avx2",
    "avx512bf16",
    "avx512bw",
    "avx512cd",
    "avx512dq",
    "avx512f",
    "avx512vl",
    "avx512vnni",
    "bmi1",
    "bmi2",
    "f16c",
    "fma",
    "popcnt",
];

/// The CPU that code is generated for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cpu {
    /// LLVM's name of it.
    pub name: String,
    /// LLVM's features, `+avx2,-sse4a,…`.
    pub features: String,
}

/// How much time LLVM spends on kernels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// As much as makes them faster.
    Full,
    /// Little: for kernels that run once.
    Quick,
}

impl Effort {
    fn level(self) -> OptimizationLevel {
        match self {
            Effort::Full => OptimizationLevel::Aggressive,
            Effort::Quick => OptimizationLevel::Less,
        }
    }

    fn passes(self) -> &'static str {
        match self {
            Effort::Full => "default<O3>",
            Effort::Quick => "default<O1>",
        }
    }
}

impl Cpu {
    /// The CPU that this runs on.
    pub fn host() -> Self {
        let text = |s: inkwell::support::LLVMString| s.to_string_lossy().into_owned();
        Cpu { name: text(TargetMachine::get_host_cpu_name()), features: text(TargetMachine::get_host_cpu_features()) }
    }
}

impl Cpu {
    /// What code for this CPU needs, by Rust's names, as far as a program can ask for it.
    pub(super) fn rust_features(&self) -> Vec<String> {
        let has = |feature: &&str| self.features.split(',').any(|f| f.strip_prefix('+') == Some(feature));
        FEATURES.iter().filter(|feature| has(feature)).map(|feature| (*feature).to_owned()).collect()
    }
}

/// Compiles kernels to an object file.
pub(super) fn object(kernels: &[Kernel], cpu: &Cpu, effort: Effort) -> Result<Vec<u8>, Error> {
    let llvm = LlvmContext::create();
    let machine = machine(cpu, effort)?;
    let module = translated(&llvm, &module_text(kernels))?;
    module.set_triple(&machine.get_triple());
    module.set_data_layout(&machine.get_target_data().get_data_layout());
    for kernel in kernels {
        entry_point(&llvm, &module, kernel)?;
    }
    for function in module.get_functions().filter(|f| f.count_basic_blocks() > 0) {
        describe(&llvm, function, cpu);
    }
    let failed = |e: inkwell::support::LLVMString| internal(&e.to_string_lossy(), "");
    module.verify().map_err(failed)?;
    module.run_passes(effort.passes(), &machine, PassBuilderOptions::create()).map_err(failed)?;
    let object = machine.write_to_memory_buffer(&module, FileType::Object).map_err(failed)?;
    Ok(object.as_slice().to_vec())
}

/// MLIR of functions, loops and vectors as an LLVM module.
pub(crate) fn translated<'c>(llvm: &'c LlvmContext, text: &str) -> Result<LlvmModule<'c>, Error> {
    let registry = DialectRegistry::new();
    register_all_dialects(&registry);
    let context = Context::new();
    context.append_dialect_registry(&registry);
    context.load_all_available_dialects();
    register_all_llvm_translations(&context);
    let mut module = Module::parse(&context, text).ok_or_else(|| internal("MLIR does not read the kernels", text))?;
    static PASSES: Once = Once::new();
    PASSES.call_once(register_all_passes);
    let passes = PassManager::new(&context);
    parse_pass_pipeline(passes.as_operation_pass_manager(), PIPELINE)
        .map_err(|e| internal(&e.to_string(), PIPELINE))?;
    passes.run(&mut module).map_err(|e| internal(&format!("MLIR does not lower the kernels: {e}"), text))?;
    // SAFETY: the operation belongs to `module`, which outlives the call, and both libraries are the
    // same libLLVM, so the handle of its context means the same to both.
    let raw = unsafe { mlir_sys::mlirTranslateModuleToLLVMIR(module.as_operation().to_raw(), llvm.raw() as *mut _) };
    if raw.is_null() {
        return Err(internal("LLVM does not take the lowered kernels", text));
    }
    // SAFETY: `raw` is a module of `llvm` that nothing else owns.
    Ok(unsafe { LlvmModule::new(raw as *mut _) })
}

fn internal(what: &str, text: &str) -> Error {
    let source = Source { name: "kernels.mlir", text };
    let shown: String = source.text.lines().take(40).collect::<Vec<_>>().join("\n");
    Error::Internal(format!("{what}\n{shown}"))
}

/// All kernels, and the functions of the C library that they call.
fn module_text(kernels: &[Kernel]) -> String {
    let called: BTreeSet<&(String, String)> = kernels.iter().flat_map(|k| &k.called).collect();
    let declared = called.iter().map(|(name, ty)| format!("func.func private @{name}{ty}\n"));
    declared.chain(kernels.iter().map(|k| k.text.clone())).collect()
}

fn machine(cpu: &Cpu, effort: Effort) -> Result<TargetMachine, Error> {
    let config = InitializationConfig::default();
    Target::initialize_native(&config).map_err(Error::Internal)?;
    let triple = TargetMachine::get_default_triple();
    let target = Target::from_triple(&triple).map_err(|e| Error::Internal(e.to_string()))?;
    let (reloc, model) = (RelocMode::PIC, CodeModel::Default);
    let machine = target.create_target_machine(&triple, &cpu.name, &cpu.features, effort.level(), reloc, model);
    machine.ok_or_else(|| Error::Internal(format!("LLVM has no code generator for {}", cpu.name)))
}

/// `void NAME(ptr buffers, i64 begin, i64 end)` around the kernel, which becomes part of it.
fn entry_point<'c>(llvm: &'c LlvmContext, module: &LlvmModule<'c>, kernel: &Kernel) -> Result<(), Error> {
    let symbol = &kernel.symbol;
    let inner = module.get_function(symbol).ok_or_else(|| Error::Internal(format!("@{symbol} is missing")))?;
    inner.as_global_value().set_name(&format!("{symbol}.body"));
    inner.set_linkage(Linkage::Internal);
    let (pointer, int) = (llvm.ptr_type(AddressSpace::default()), llvm.i64_type());
    let ty = llvm.void_type().fn_type(&[pointer.into(), int.into(), int.into()], false);
    let outer = module.add_function(symbol, ty, None);
    let builder = llvm.create_builder();
    builder.position_at_end(llvm.append_basic_block(outer, ""));
    let failed = |e: inkwell::builder::BuilderError| Error::Internal(e.to_string());
    let parameter = |at: u32| outer.get_nth_param(at).expect("the function was made with three parameters");
    let buffers = parameter(0).into_pointer_value();
    let mut arguments: Vec<BasicMetadataValueEnum<'_>> = Vec::new();
    for at in 0..kernel.buffers {
        let index = int.const_int(at as u64, false);
        // SAFETY: the address is computed, not read; the kernel's interface promises as many buffers.
        let slot = unsafe { builder.build_gep(pointer, buffers, &[index], "") }.map_err(failed)?;
        arguments.push(builder.build_load(pointer, slot, "").map_err(failed)?.into());
    }
    arguments.push(parameter(1).into());
    arguments.push(parameter(2).into());
    builder.build_call(inner, &arguments, "").map_err(failed)?;
    builder.build_return(None).map_err(failed)?;
    Ok(())
}

/// What the optimizer needs to know of the CPU.
fn describe(llvm: &LlvmContext, function: FunctionValue<'_>, cpu: &Cpu) {
    let attributes =
        [("target-cpu", cpu.name.as_str()), ("target-features", &cpu.features), ("prefer-vector-width", "512")];
    for (name, value) in attributes {
        function.add_attribute(AttributeLoc::Function, llvm.create_string_attribute(name, value));
    }
}
