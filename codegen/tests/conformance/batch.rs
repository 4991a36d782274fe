//! Programs compiled together: LLVM starts once, and equal kernels are compiled once.

use std::collections::HashMap;

use hire_codegen::host::{Cpu, Effort, Kernel, library};
use hire_runtime::host::{Code, Library, program};

use super::program::{Lowered, Program};

/// The bytes of a program's results, or why it did not pass.
pub(crate) type Outcome = Result<Vec<Vec<u8>>, String>;

/// Compiles and runs programs.
pub(crate) fn run(programs: &[&Program]) -> Vec<Outcome> {
    let mut lowered: Vec<Result<Lowered, String>> = programs.iter().map(|program| program.lower()).collect();
    let kernels = share(lowered.iter_mut().flatten());
    match library(&kernels, &Cpu::host(), Effort::Quick) {
        Ok(code) => execute(lowered, &code),
        Err(error) if programs.len() == 1 => vec![Err(error.to_string())],
        // One of them cannot be compiled: the others must not suffer.
        Err(_) => {
            let (first, second) = programs.split_at(programs.len() / 2);
            [run(first), run(second)].concat()
        }
    }
}

fn execute(programs: Vec<Result<Lowered, String>>, code: &[u8]) -> Vec<Outcome> {
    let folder = tempfile::tempdir().expect("there is space for temporary files");
    let path = folder.path().join("kernels.so");
    std::fs::write(&path, code).expect("there is space for temporary files");
    let execute = |lowered: Result<Lowered, String>| {
        let Lowered { schedule, constants, interface, .. } = lowered?;
        let code = Code { schedule: schedule.to_text().into_bytes(), library: Library::File(path.clone()), constants };
        let program = program(&code, &interface).map_err(|error| error.to_string())?;
        let results = program.execute(&[]).map_err(|error| error.to_string())?;
        Ok(results.iter().map(|result| result.bytes().to_vec()).collect())
    };
    programs.into_iter().map(execute).collect()
}

/// The different kernels of several programs, under symbols of their own, which the schedules then name.
fn share<'l>(programs: impl Iterator<Item = &'l mut Lowered>) -> Vec<Kernel> {
    let mut kernels: Vec<Kernel> = Vec::new();
    let mut known: HashMap<String, String> = HashMap::new();
    for lowered in programs {
        for (kernel, symbol) in lowered.kernels.drain(..).zip(&mut lowered.schedule.kernels) {
            let text = |symbol: &str| kernel.text.replace(&format!("@{}(", kernel.symbol), &format!("@{symbol}("));
            *symbol = known.entry(text("kernel")).or_insert_with(|| format!("kernel_{}", kernels.len())).clone();
            if *symbol == format!("kernel_{}", kernels.len()) {
                kernels.push(Kernel { text: text(symbol), symbol: symbol.clone(), ..kernel });
            }
        }
    }
    kernels
}
