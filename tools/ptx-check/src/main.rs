//! `hire-ptx-check`: what a PTX file holds, and what a kernel of it does, as JSON.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use hire_ptx_check::{Argument, Buffer, Launch, Module, check};
use serde_json::{Value, json};

/// Runs a kernel of a PTX file on the host and checks what it does.
///
/// Without a kernel it lists what the file holds. Prints one JSON object; exit code 1 when there is a fault.
#[derive(Parser)]
struct Args {
    /// The PTX file.
    file: PathBuf,
    /// The kernel to run.
    #[arg(long)]
    kernel: Option<String>,
    /// Blocks: X[,Y[,Z]].
    #[arg(long, default_value = "1", value_parser = sizes)]
    grid: [u32; 3],
    /// Threads of a block: X[,Y[,Z]].
    #[arg(long, default_value = "1", value_parser = sizes)]
    block: [u32; 3],
    /// A parameter, in order: `in:FILE`, `state:FILE`, `result:BYTES` or `value:NUMBER`.
    #[arg(long = "param", value_parser = parameter)]
    params: Vec<Parameter>,
}

#[derive(Clone)]
enum Parameter {
    Buffer(Buffer),
    Value(u64),
}

fn sizes(text: &str) -> Result<[u32; 3], String> {
    let mut sizes = [1; 3];
    for (at, part) in text.split(',').enumerate() {
        *sizes.get_mut(at).ok_or("there are three dimensions")? = part.parse().map_err(|e| format!("{part}: {e}"))?;
    }
    Ok(sizes)
}

fn parameter(text: &str) -> Result<Parameter, String> {
    let (kind, rest) = text.split_once(':').ok_or("a kind is missing, such as `in:`")?;
    let file = || std::fs::read(rest).map_err(|e| format!("cannot read {rest}: {e}"));
    Ok(match kind {
        "in" => Parameter::Buffer(Buffer::Input(file()?)),
        "state" => Parameter::Buffer(Buffer::State(file()?)),
        "result" => Parameter::Buffer(Buffer::Result(rest.parse().map_err(|e| format!("{rest}: {e}"))?)),
        "value" => Parameter::Value(rest.parse().map_err(|e| format!("{rest}: {e}"))?),
        _ => return Err(format!("`{kind}` is no kind of parameter")),
    })
}

fn main() -> ExitCode {
    let args = Args::parse();
    match report(&args) {
        Ok((report, good)) => {
            println!("{report:#}");
            if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn report(args: &Args) -> Result<(Value, bool), String> {
    let shown = args.file.display();
    let text = std::fs::read_to_string(&args.file).map_err(|e| format!("cannot read {shown}: {e}"))?;
    let module = Module::parse(&text).map_err(|e| format!("{shown}, {e}"))?;
    let Some(kernel) = &args.kernel else { return Ok((listing(&module), true)) };
    let (mut buffers, mut arguments) = (Vec::new(), Vec::new());
    for param in &args.params {
        arguments.push(match param {
            Parameter::Value(value) => Argument::Value(*value),
            Parameter::Buffer(buffer) => {
                buffers.push(buffer.clone());
                Argument::Buffer(buffers.len() - 1, 0)
            }
        });
    }
    let launch = Launch { kernel: kernel.clone(), grid: args.grid, block: args.block, arguments };
    Ok(match check(&module, &launch, &buffers) {
        Ok(outcome) => {
            let counts = outcome.counts;
            let report = json!({
                "kernel": kernel,
                "instructions": counts.instructions,
                "read_bytes": counts.read_bytes,
                "written_bytes": counts.written_bytes,
                "wide_loads": counts.wide_loads,
            });
            (report, true)
        }
        Err(fault) => {
            let report = json!({
                "kernel": kernel,
                "fault": fault.kind.name(),
                "message": fault.kind.to_string(),
                "line": fault.line,
                "block": fault.block,
                "thread": fault.thread,
            });
            (report, false)
        }
    })
}

fn listing(module: &Module) -> Value {
    let entry = |entry: &hire_ptx_check::Entry| {
        json!({
            "name": entry.name,
            "parameters": entry.parameters(),
            "block": entry.block,
            "shared_bytes": entry.shared_bytes,
            "instructions": entry.opcodes.len(),
        })
    };
    let entries: Vec<Value> = module.entries.iter().map(entry).collect();
    json!({ "version": module.version, "target": module.target, "kernels": entries })
}
