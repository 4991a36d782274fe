//! Where the programs are.

use std::fs;
use std::path::{Path, PathBuf};

use hire_compiler::front::text;
use hire_compiler::ir::{FuncId, Visibility};

use super::program::Program;

/// The folder of StableHLO's suites, where there is one.
pub(crate) fn suite() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/conformance");
    let folder = std::env::var_os("HIRE_CONFORMANCE").map_or(beside, PathBuf::from);
    if folder.join("testdata.tsv").is_file() {
        return Some(folder);
    }
    eprintln!("skipped: no conformance suite at {}", folder.display());
    None
}

/// The modules in a folder; those whose names contain `HIRE_CONFORMANCE_ONLY`, where it is set.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "mlir") && is_wanted(path));
    files.sort();
    files
}

/// The static tests that StableHLO's own interpreter passes.
pub(crate) fn listed(suite: &Path) -> Vec<PathBuf> {
    let table = fs::read_to_string(suite.join("testdata.tsv")).expect("the table is readable");
    let file = |line: &str| {
        let mut columns = line.split('\t');
        let (name, run) = (columns.next()?, columns.nth(1)?);
        let reference = columns.nth(2)?;
        let counted = !run.starts_with("disabled") && !reference.starts_with("FAIL");
        counted.then(|| suite.join("testdata").join(name)).filter(|path| is_wanted(path))
    };
    table.lines().skip(1).filter_map(file).collect()
}

fn is_wanted(path: &Path) -> bool {
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    std::env::var("HIRE_CONFORMANCE_ONLY").map_or(true, |only| name.contains(&only))
}

/// The programs of a file.
pub(crate) fn programs(path: &Path) -> Vec<Program> {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    parse(&path.file_stem().map_or_else(String::new, |name| name.to_string_lossy().into_owned()), &text)
}

/// The programs of a text, by file, number of the module and entry: of each module the entry, or every public function without arguments.
pub(crate) fn parse(file: &str, text: &str) -> Vec<Program> {
    let mut programs = Vec::new();
    for (index, module) in text::parse_many(text).into_iter().enumerate() {
        let module = module.unwrap_or_else(|e| panic!("{file}: {e}"));
        let is_test = |id: &FuncId| {
            let func = &module.funcs[*id];
            func.visibility == Visibility::Public && func.body.is_some() && func.ty.inputs.is_empty()
        };
        let tests: Vec<FuncId> = match module.entry() {
            Some(entry) => vec![entry],
            None => module.func_ids().filter(is_test).collect(),
        };
        for id in tests {
            programs.push(Program::new(format!("{file} #{index} @{}", module.funcs[id].name), &module, id));
        }
    }
    programs
}
