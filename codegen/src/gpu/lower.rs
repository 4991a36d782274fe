//! MLIR to PTX.

use inkwell::OptimizationLevel;
use inkwell::attributes::{Attribute, AttributeLoc};
use inkwell::context::Context;
use inkwell::passes::PassBuilderOptions;
use inkwell::targets::{CodeModel, FileType, InitializationConfig, RelocMode, Target, TargetMachine, TargetTriple};
use inkwell::values::{BasicValue as _, FunctionValue};

use crate::error::Error;
use crate::host::emit::gpu::Kernel;
use crate::host::lower::translated;

/// LLVM's number of the calling convention of kernels, `ptx_kernel`.
const PTX_KERNEL: u32 = 71;
/// Alignment of every tensor in memory, as far as kernels use it.
const ALIGNMENT: u64 = 16;

/// Compiles kernels. `shared` says for each which arguments may share memory with a result.
pub(super) fn ptx(kernels: &[Kernel], shared: &[Vec<bool>], arch: &str) -> Result<String, Error> {
    let text: String = kernels.iter().map(|kernel| kernel.text.as_str()).collect();
    let llvm = Context::create();
    let machine = machine(arch)?;
    let module = translated(&llvm, &text)?;
    module.set_triple(&machine.get_triple());
    module.set_data_layout(&machine.get_target_data().get_data_layout());
    for (kernel, shared) in kernels.iter().zip(shared) {
        let function = module.get_function(&kernel.symbol);
        let function = function.ok_or_else(|| Error::Internal(format!("@{} is missing", kernel.symbol)))?;
        describe(&llvm, function, kernel, shared);
    }
    let failed = |e: inkwell::support::LLVMString| Error::Internal(e.to_string_lossy().into_owned());
    module.verify().map_err(failed)?;
    selectable(&module)?;
    module.run_passes("default<O3>", &machine, PassBuilderOptions::create()).map_err(failed)?;
    selectable(&module)?;
    let buffer = machine.write_to_memory_buffer(&module, FileType::Assembly).map_err(failed)?;
    let bytes = buffer.as_slice();
    let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
    let ptx = String::from_utf8_lossy(&bytes[..end]).into_owned();
    match ptx.lines().find(|line| line.contains(".extern")) {
        Some(line) => Err(Error::Internal(format!("the kernels call what they do not have: {line}"))),
        None => Ok(ptx),
    }
}

fn machine(arch: &str) -> Result<TargetMachine, Error> {
    Target::initialize_nvptx(&InitializationConfig::default());
    let triple = TargetTriple::create("nvptx64-nvidia-cuda");
    let target = Target::from_triple(&triple).map_err(|e| Error::Internal(e.to_string()))?;
    let level = OptimizationLevel::Aggressive;
    let machine = target.create_target_machine(&triple, arch, "", level, RelocMode::Default, CodeModel::Default);
    machine.ok_or_else(|| Error::Internal(format!("LLVM has no code generator for {arch}")))
}

/// A kernel's calling convention, its block, and what is known of its pointers. What no result shares memory
/// with is constant while the kernel runs, so that loads may go through the read-only cache.
fn describe(llvm: &Context, function: FunctionValue<'_>, kernel: &Kernel, shared: &[bool]) {
    function.set_call_conventions(PTX_KERNEL);
    let block = format!("{},1,1", kernel.block);
    function.add_attribute(AttributeLoc::Function, llvm.create_string_attribute("nvvm.reqntid", &block));
    // Without this NVIDIA's assembler would rather spill than let fewer blocks share a multiprocessor.
    function.add_attribute(AttributeLoc::Function, llvm.create_string_attribute("nvvm.minctasm", "1"));
    let known = |name: &str, value: u64| llvm.create_enum_attribute(Attribute::get_named_enum_kind_id(name), value);
    for at in 0..function.count_params() {
        let parameter = AttributeLoc::Param(at);
        function.add_attribute(parameter, known("align", ALIGNMENT));
        if shared.get(at as usize) == Some(&false) {
            function.add_attribute(parameter, known("noalias", 0));
            function.add_attribute(parameter, known("readonly", 0));
        }
    }
}

/// Functions that LLVM would end the process for, having no instructions for them.
const UNKNOWN: [&str; 10] = [
    "llvm.exp.",
    "llvm.exp10.",
    "llvm.log.",
    "llvm.log10.",
    "llvm.log2.",
    "llvm.pow.",
    "llvm.tan.",
    "llvm.tanh.",
    "llvm.sinh.",
    "llvm.atan2.",
];

/// Checks that LLVM has instructions for all that the kernels call.
fn selectable(module: &inkwell::module::Module<'_>) -> Result<(), Error> {
    for function in module.get_functions() {
        let name = function.get_name().to_string_lossy();
        let used = function.as_global_value().as_pointer_value().get_first_use().is_some();
        if used && UNKNOWN.iter().any(|prefix| name.starts_with(prefix)) {
            return Err(Error::NoGpuKernel { what: format!("`{name}`") });
        }
    }
    Ok(())
}
