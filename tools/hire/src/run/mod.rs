//! `hire run`: one step of an artifact, a module on a device, or a module in the interpreter.

mod artifact;
mod evaluate;
mod inputs;
mod module;

use hire_runtime::{HostTensor, npy};

use crate::cli::RunArgs;
use crate::failure::{Failure, Outcome};
use crate::progress::Progress;

/// The target that stands for the interpreter.
const EVAL: &str = "eval";

/// Runs the command.
pub(crate) fn run(args: &RunArgs, progress: &Progress) -> Outcome {
    if args.path.is_dir() {
        if args.target.is_some() {
            return Err(Failure::with_remedy(
                "an artifact runs on the target it was compiled for",
                "leave out --target",
            ));
        }
        return artifact::run(args, progress);
    }
    match args.target.as_deref() {
        Some(EVAL) => evaluate::run(args, progress),
        target => module::run(args, target.unwrap_or("pjrt:cpu"), progress),
    }
}

/// Writes results as `.npy` files named after them, or describes them on standard output.
fn write_results<'a>(args: &RunArgs, results: impl IntoIterator<Item = (&'a str, &'a HostTensor)>) -> Outcome {
    if let Some(directory) = &args.output {
        std::fs::create_dir_all(directory).map_err(|e| {
            Failure::with_remedy(
                format!("cannot create {}: {e}", directory.display()),
                "name a writable directory by --output",
            )
        })?;
    }
    for (name, tensor) in results {
        match &args.output {
            Some(directory) => {
                let path = directory.join(format!("{}.npy", file_stem(name)));
                npy::write(&path, tensor).map_err(Failure::new)?;
                println!("{}", path.display());
            }
            None => println!("{name}: {}{}", tensor.ty(), preview(tensor)),
        }
    }
    Ok(())
}

/// A result's name with everything but letters, digits, `.`, `-` and `_` replaced.
fn file_stem(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' };
    name.chars().map(plain).collect::<String>().trim_matches('_').to_owned()
}

/// The first few numbers of a tensor.
fn preview(tensor: &HostTensor) -> String {
    const SHOWN: usize = 8;
    let Ok(values) = tensor.to_f64() else { return String::new() };
    let shown: Vec<String> = values.iter().take(SHOWN).map(|v| format!("{v}")).collect();
    let rest = if values.len() > SHOWN { ", …" } else { "" };
    format!(" [{}{rest}]", shown.join(", "))
}
