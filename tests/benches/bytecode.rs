//! How fast a portable artifact with embedded weights is read, and how much memory of its own that takes.
//!
//! The artifact, mapped from a file as the command does it, holds eight constants of 64 MB. Reading must not
//! touch them: constants borrow from the map. Private memory is what the process has dirtied, which a mapped file is
//! not; it is known on Linux only.

use std::hint::black_box;

use bytes::Bytes;
use criterion::{Criterion, Throughput};
use hire_compiler::front;
use hire_compiler::ir::{
    Attr, Builder, DenseElements, ElementType, Func, FunctionType, Module, Opcode, TensorType, Type,
};
use hire_compiler::write::bytecode::{TargetVersion, write_artifact};
use memmap2::Mmap;

const CONSTANTS: usize = 8;
const BYTES: usize = 64_000_000;

fn main() {
    let file = tempfile::NamedTempFile::new().expect("the temporary folder can be written");
    let artifact = write_artifact(&weights(), TargetVersion::new(1, 10)).expect("1.10.0 has constants");
    std::fs::write(file.path(), artifact).expect("the temporary folder can be written");
    let before = private_memory();
    let module = black_box(read(&file));
    if let (Some(before), Some(after)) = (before, private_memory()) {
        let size = CONSTANTS * BYTES;
        println!("bytecode/weights: {size} bytes of weights, {} of private memory", after.saturating_sub(before));
    }
    drop(module);
    let mut criterion = Criterion::default().configure_from_args().sample_size(10);
    let mut group = criterion.benchmark_group("bytecode");
    group.throughput(Throughput::Bytes((CONSTANTS * BYTES) as u64));
    group.bench_function("weights", |b| b.iter_with_large_drop(|| read(&file)));
    group.finish();
    criterion.final_summary();
}

fn read(file: &tempfile::NamedTempFile) -> Module {
    // SAFETY: nothing else knows the file, so that nothing shortens it while it is mapped.
    let map = unsafe { Mmap::map(file.as_file()) }.expect("a file can be mapped");
    front::parse(Bytes::from_owner(map)).expect("the artifact is a module")
}

/// A function that returns constants, each with bytes of its own.
fn weights() -> Module {
    let ty = TensorType::new(&[BYTES as u64 / 4], ElementType::F32);
    let results = vec![Type::Tensor(ty.clone()); CONSTANTS];
    let mut func = Func::new("main", FunctionType { inputs: Vec::new(), results });
    let mut b = Builder::new(&mut func);
    let constants: Vec<_> = (0..CONSTANTS)
        .map(|constant| {
            let bytes: Vec<u8> = (0..BYTES).map(|i| (i * 31 + constant) as u8).collect();
            let value = Attr::Elements(DenseElements::new(ty.clone(), bytes));
            b.value(Opcode::Constant, [], [("value", value)], ty.clone())
        })
        .collect();
    b.op(Opcode::FuncReturn, constants, [], []);
    let mut module = Module::default();
    module.add_func(func);
    module
}

/// What the process has written to and shares with nobody, where the system tells.
fn private_memory() -> Option<u64> {
    let rollup = std::fs::read_to_string("/proc/self/smaps_rollup").ok()?;
    let line = rollup.lines().find(|line| line.starts_with("Private_Dirty"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}
