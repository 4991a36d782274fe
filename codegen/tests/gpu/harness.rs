//! Runs each dispatch of a program as PTX in `hire-ptx-check` and as machine code, on the same numbers.

use std::collections::HashMap;
use std::ffi::c_void;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;

use hire_artifact::kernels::KernelLaunch;
use hire_artifact::schedule::{Schedule, Step};
use hire_codegen::gpu::{self, ARCHITECTURES};
use hire_codegen::host::{Compiled, Cpu, compile};
use hire_compiler::back::DISPATCH;
use hire_compiler::ir::{Attr, ElementType, Func, Module, TensorType};
use hire_compiler::{back, front, valid};
use hire_ptx_check::{Argument, Buffer, Launch, Order};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// How far a result may be from the CPU's.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Near {
    /// The same bits.
    Bits,
    /// Relative to the largest element of the result.
    Relative(f64),
}

type Entry = unsafe extern "C" fn(*const *mut c_void, i64, i64);

/// Parses, verifies and cuts a program.
pub(crate) fn lowered(source: &str) -> Module {
    let mut module = front::text::parse(source).unwrap_or_else(|e| panic!("{e}\n{source}"));
    valid::verify(&module).unwrap_or_else(|e| panic!("{e}\n{source}"));
    back::lower(&mut module);
    module
}

/// The CPU's kernels.
struct Host {
    library: libloading::Library,
    grids: HashMap<String, u64>,
    // Removed when the library is closed.
    _file: tempfile::NamedTempFile,
}

impl Host {
    fn new(compiled: &Compiled) -> Self {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&compiled.library).unwrap();
        // SAFETY: the library was just generated, and has no initializers.
        let library = unsafe { libloading::Library::new(file.path()) }.unwrap();
        let mut grids = HashMap::new();
        collect(&compiled.schedule, &compiled.schedule.steps, &mut grids);
        Self { library, grids, _file: file }
    }

    /// Runs a kernel on all its workgroups.
    fn run(&self, symbol: &str, buffers: &mut [Vec<u8>]) {
        let pointers: Vec<*mut c_void> = buffers.iter_mut().map(|b| b.as_mut_ptr().cast()).collect();
        // SAFETY: the kernel has this type, and the buffers the sizes of its dispatch's types.
        unsafe {
            let entry: libloading::Symbol<'_, Entry> = self.library.get(symbol.as_bytes()).unwrap();
            entry(pointers.as_ptr(), 0, self.grids[symbol] as i64);
        }
    }
}

fn collect(schedule: &Schedule, steps: &[Step], grids: &mut HashMap<String, u64>) {
    for step in steps {
        match step {
            Step::Dispatch { kernel, grid, .. } => {
                grids.insert(schedule.kernels[*kernel as usize].clone(), *grid);
            }
            Step::While { condition, body, .. } => {
                collect(schedule, condition, grids);
                collect(schedule, body, grids);
            }
            Step::Case { branches, .. } => branches.iter().for_each(|steps| collect(schedule, steps, grids)),
            Step::Copy { .. } | Step::Call(_) => {}
        }
    }
}

/// Checks every kernel of a cut program for one architecture; returns the kernels and their text.
pub(crate) fn check(module: &Module, arch: &str, near: impl Fn(&Func) -> Near) -> (String, Vec<KernelLaunch>) {
    let entry = module.entry().unwrap();
    let host = Host::new(&compile(module, entry, &Cpu::host()).unwrap_or_else(|e| panic!("{e}")));
    let (ptx, kernels) = gpu::kernels(module, entry, arch).unwrap_or_else(|e| panic!("{e}"));
    assert!(!ptx.contains(".extern"), "{ptx}");
    let parsed = hire_ptx_check::Module::parse(&ptx).unwrap_or_else(|e| panic!("{e}\n{ptx}"));
    for kernel in &kernels.kernels {
        let func = &module.funcs[module.func_by_name(&kernel.symbol).unwrap()];
        // Large kernels repeat what they do for one seed often enough.
        let seeds = if kernel.grid > 16 { 1 } else { 2 };
        for seed in 0..seeds {
            agree(&host, &parsed, kernel, func, seed, near(func)).unwrap_or_else(|what| {
                panic!("@{} with seed {seed}: {what}\n{}", kernel.symbol, text_of(&ptx, kernel))
            });
        }
    }
    (ptx, kernels.kernels)
}

/// The text of one kernel.
pub(crate) fn text_of<'t>(ptx: &'t str, kernel: &KernelLaunch) -> &'t str {
    let start = ptx.find(&format!(".entry {}(", kernel.symbol)).unwrap();
    let end = ptx[start..].find("\n}").unwrap();
    &ptx[start..start + end]
}

fn agree(
    host: &Host,
    ptx: &hire_ptx_check::Module,
    kernel: &KernelLaunch,
    func: &Func,
    seed: u64,
    near: Near,
) -> Result<(), String> {
    let mut rng = StdRng::seed_from_u64(seed);
    let tensor = |ty: &hire_compiler::ir::Type| ty.as_tensor().unwrap().clone();
    let inputs: Vec<TensorType> = func.ty.inputs.iter().map(tensor).collect();
    let results: Vec<TensorType> = func.ty.results.iter().map(tensor).collect();
    let mut memory: Vec<Vec<u8>> = inputs.iter().map(|ty| random(ty, &mut rng)).collect();
    let mut buffers: Vec<Buffer> = memory.iter().cloned().map(Buffer::Input).collect();
    let is_update = func.attrs.get(DISPATCH).and_then(Attr::as_str) == Some("update");
    for ty in &results {
        // An update writes a slice of memory that holds the tensor.
        let content = random(ty, &mut rng);
        buffers.push(if is_update { Buffer::State(content.clone()) } else { Buffer::Result(content.len()) });
        memory.push(content);
    }
    host.run(&kernel.symbol, &mut memory);
    let arguments = (0..buffers.len()).map(|at| Argument::Buffer(at, 0)).collect();
    let (grid, block) = ([u32::try_from(kernel.grid).unwrap(), 1, 1], [kernel.block, 1, 1]);
    let launch = Launch { kernel: kernel.symbol.clone(), grid, block, arguments };
    // Hundreds of blocks that do the same are run in one order only.
    let outcome = match kernel.grid {
        65.. => hire_ptx_check::run(ptx, &launch, &buffers, Order::Random(seed)),
        _ => hire_ptx_check::check(ptx, &launch, &buffers),
    };
    let outcome = outcome.map_err(|fault| fault.to_string())?;
    for (at, ty) in results.iter().enumerate() {
        let (have, want) = (&outcome.buffers[inputs.len() + at], &memory[inputs.len() + at]);
        compare(have, want, ty, near).map_err(|what| format!("result {at}: {what}"))?;
    }
    Ok(())
}

fn compare(have: &[u8], want: &[u8], ty: &TensorType, near: Near) -> Result<(), String> {
    if have == want {
        return Ok(());
    }
    let (have, want) = (numbers(have, ty), numbers(want, ty));
    let most = want.iter().map(|x| x.abs()).filter(|x| x.is_finite()).fold(0.0, f64::max);
    let allowed = if let Near::Relative(share) = near { share * most } else { 0.0 };
    let off = |a: f64, b: f64| !(a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= allowed);
    match have.iter().zip(&want).position(|(&a, &b)| off(a, b)) {
        Some(at) => Err(format!("element {at} of {ty} is {:e}, not {:e}", have[at], want[at])),
        None => Ok(()),
    }
}

fn numbers(bytes: &[u8], ty: &TensorType) -> Vec<f64> {
    bytes.chunks_exact(ty.element.byte_size()).map(|b| number(b, &ty.element)).collect()
}

fn number(b: &[u8], element: &ElementType) -> f64 {
    let mut wide = [0u8; 8];
    wide[..b.len()].copy_from_slice(b);
    let bits = u64::from_le_bytes(wide);
    match element {
        ElementType::F32 => f64::from(f32::from_bits(bits as u32)),
        ElementType::F64 => f64::from_bits(bits),
        ElementType::BF16 => half::bf16::from_bits(bits as u16).to_f64(),
        ElementType::F16 => half::f16::from_bits(bits as u16).to_f64(),
        _ => bits as f64,
    }
}

/// Small floats of both signs, small integers.
fn random(ty: &TensorType, rng: &mut StdRng) -> Vec<u8> {
    let mut bytes = Vec::new();
    for _ in 0..ty.element_count().unwrap() {
        let float: f32 = rng.random_range(-2.0..2.0);
        let int: i64 = rng.random_range(0..7);
        match ty.element {
            ElementType::F32 => bytes.extend(float.to_le_bytes()),
            ElementType::F64 => bytes.extend(f64::from(float).to_le_bytes()),
            ElementType::BF16 => bytes.extend(half::bf16::from_f32(float).to_le_bytes()),
            ElementType::F16 => bytes.extend(half::f16::from_f32(float).to_le_bytes()),
            ElementType::I1 => bytes.push((int % 2) as u8),
            ref other => bytes.extend(&int.to_le_bytes()[..other.byte_size()]),
        }
    }
    bytes
}

/// NVIDIA's assembler: `HIRE_PTXAS`, or the Python environment's package. `None`, said on standard error, where there
/// is none, unless `HIRE_REQUIRE_PTXAS` asks for it.
pub(crate) fn ptxas() -> Option<PathBuf> {
    let given = std::env::var_os("HIRE_PTXAS").map(PathBuf::from);
    let workspace = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let environments = std::fs::read_dir(workspace.join("target/venv/lib")).into_iter().flatten().flatten();
    let installed = environments.map(|e| e.path().join("site-packages/nvidia/cuda_nvcc/bin/ptxas"));
    let found = given.into_iter().chain(installed).find(|path| path.is_file());
    if found.is_none() {
        assert!(std::env::var_os("HIRE_REQUIRE_PTXAS").is_none(), "there is no ptxas: install nvidia-cuda-nvcc-cu12");
        eprintln!("skipped: there is no ptxas (Python package nvidia-cuda-nvcc-cu12)");
    }
    found
}

/// Assembles a program's kernels for all architectures; none may spill registers.
pub(crate) fn assembles(module: &Module) {
    let Some(ptxas) = ptxas() else { return };
    for arch in ARCHITECTURES {
        let (ptx, _) = gpu::kernels(module, module.entry().unwrap(), arch).unwrap_or_else(|e| panic!("{e}"));
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(ptx.as_bytes()).unwrap();
        let mut command = Command::new(&ptxas);
        let output = command.arg(format!("-arch={arch}")).args(["-v", "-o", "/dev/null"]).arg(file.path()).output();
        let output = output.unwrap_or_else(|e| panic!("{}: {e}", ptxas.display()));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arch}: {said}");
        let spills =
            said.lines().filter(|l| l.contains("spill") && !l.contains("0 bytes spill stores, 0 bytes spill loads"));
        assert_eq!(spills.count(), 0, "{arch}: {said}");
    }
}
