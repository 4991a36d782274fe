//! How fast text is read, and how much memory that takes.
//!
//! *ordinary*: a decode step's module, its functions repeated under other names to 20 MB.
//! *hex*: one constant of 64 MB in hexadecimal. Memory is the process's peak over what it had
//! before, in bytes a byte of text, for one reading; it is known on Linux only.

use std::fmt::Write;
use std::hint::black_box;

use criterion::{Criterion, Throughput};
use hire_compiler::front::text;
use hire_tests::workspace;

const ORDINARY: usize = 20_000_000;
const HEX_DIGITS: usize = 64_000_000;

fn main() {
    let step = std::fs::read_to_string(workspace("testdata/tiny/model.mlir")).expect("the tiny model is in testdata");
    let texts = [("ordinary", repeated(&step, ORDINARY)), ("hex", constant(HEX_DIGITS))];
    for (name, text) in &texts {
        // Writing 5 makes the present size the peak.
        let _ = std::fs::write("/proc/self/clear_refs", "5");
        let before = memory("VmRSS");
        drop(black_box(text::parse(text).expect("the text is a module")));
        if let (Some(before), Some(peak)) = (before, memory("VmHWM")) {
            let factor = peak.saturating_sub(before) as f64 / text.len() as f64;
            println!("parse/{name}: {} bytes of text, {factor:.2} bytes of memory a byte beside it", text.len());
        }
    }
    let mut criterion = Criterion::default().configure_from_args().sample_size(10);
    let mut group = criterion.benchmark_group("parse");
    for (name, text) in &texts {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(*name, |b| b.iter_with_large_drop(|| text::parse(text).expect("the text is a module")));
    }
    group.finish();
    criterion.final_summary();
}

/// The module with its functions over and over, each time under other names, up to `size` bytes.
fn repeated(module: &str, size: usize) -> String {
    let open = module.find("\nmodule ").expect("the file holds a module") + 1;
    let first = open + module[open..].find('\n').expect("functions follow the module's head") + 1;
    let close = module.rfind("\n}").expect("the module is closed") + 1;
    let functions = &module[first..close];
    let mut text = module[..first].to_owned();
    for copy in 0.. {
        let mut rest = functions;
        while let Some(at) = rest.find('@') {
            let name =
                rest[at + 1..].find(|c: char| !c.is_alphanumeric() && c != '_').map_or(rest.len(), |n| at + 1 + n);
            write!(text, "{}_{copy}", &rest[..name]).expect("a string takes all that is written to it");
            rest = &rest[name..];
        }
        text.push_str(rest);
        if text.len() >= size {
            break;
        }
    }
    text.push_str(&module[close..]);
    text
}

/// A function that returns a constant of so many hexadecimal digits.
fn constant(digits: usize) -> String {
    let elements = digits / 8;
    let ty = format!("tensor<{elements}xf32>");
    let mut text = String::with_capacity(digits + 200);
    write!(text, "func.func @main() -> {ty} {{\n  %0 = stablehlo.constant dense<\"0x").expect("a string takes it all");
    for i in 0..digits as u64 / 16 {
        write!(text, "{:016X}", i.wrapping_mul(0x9e37_79b9_7f4a_7c15)).expect("a string takes it all");
    }
    write!(text, "\"> : {ty}\n  return %0 : {ty}\n}}\n").expect("a string takes it all");
    text
}

/// A figure of this process in bytes, where the system tells.
fn memory(key: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with(key))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}
