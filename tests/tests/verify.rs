//! The verifier refuses what is invalid, by the right constraint, and nothing else.
//!
//! `testdata/invalid` holds modules split by `// -----`. Each begins with a header:
//!
//! - `// error: pad_c2, add_c1`: the tags of the errors it must give, in order;
//! - `// upstream: accepts`, where StableHLO's own verifier lets it pass although the specification
//!   forbids it.
//!
//! Rendered errors are snapshots. Where jaxlib is found, its verdict on every module is compared, too.

use std::path::{Path, PathBuf};

use hire_compiler::diag::Source;
use hire_compiler::front::text::{parse, parse_many};
use hire_compiler::valid::verify;
use hire_tests::oracle::{Oracle, Verdict};
use hire_tests::{conformance, mlir_files, workspace};

/// An invalid module of the corpus.
struct Case {
    /// File and number, as in `shapes.mlir#3`.
    name: String,
    text: String,
    tags: Vec<String>,
    upstream_accepts: bool,
}

/// The modules of a file; panics on headers that are missing or unknown.
fn cases(path: &Path) -> Vec<Case> {
    let text = std::fs::read_to_string(path).expect("the file can be read");
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let case = |(number, part): (usize, &str)| {
        let name = format!("{file}#{number}");
        let text = part.trim_start().to_owned();
        let (mut tags, mut upstream_accepts) = (Vec::new(), false);
        for line in text.lines().map_while(|line| line.strip_prefix("// ")) {
            match line.split_once(": ") {
                Some(("error", list)) => tags = list.split(", ").map(str::to_owned).collect(),
                Some(("upstream", "accepts")) => upstream_accepts = true,
                _ => panic!("{name}: unknown header `{line}`"),
            }
        }
        assert!(!tags.is_empty(), "{name}: no `// error:` header");
        Case { name, text, tags, upstream_accepts }
    };
    text.split("// -----\n").enumerate().map(case).collect()
}

/// The rendered errors of a case, which must have the expected tags.
fn errors(case: &Case) -> String {
    let module = parse(&case.text).unwrap_or_else(|error| panic!("{}: is not even read: {error}", case.name));
    let Err(errors) = verify(&module).map(|_| ()) else { panic!("{}: passes", case.name) };
    let source = Source { name: &case.name, text: &case.text };
    let tags: Vec<&str> = errors.0.iter().map(|error| error.tag.unwrap_or("none")).collect();
    assert_eq!(tags, case.tags, "{}:\n{}", case.name, source.render_all(&errors));
    source.render_all(&errors)
}

#[test]
fn every_invalid_module_gives_its_errors() {
    let files = mlir_files(&workspace("testdata/invalid"));
    let mut count = 0;
    for path in files {
        let cases = cases(&path);
        count += cases.len();
        let rendered: String = cases.iter().map(errors).collect();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        insta::assert_snapshot!(name, rendered);
    }
    assert!(count >= 500, "the corpus has {count} modules");
}

#[test]
fn jaxlib_refuses_the_same_modules() {
    let Some(oracle) = conformance::folder().and_then(|folder| Oracle::find(&folder)) else { return };
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    // jaxlib does not know the test suite's own `check` dialect.
    let known = |path: &PathBuf| path.file_stem().is_some_and(|stem| stem != "testing");
    let files = mlir_files(&workspace("testdata/invalid")).into_iter().filter(known);
    let cases: Vec<Case> = files.flat_map(|path| cases(&path)).collect();
    let write = |(number, case): (usize, &Case)| {
        let path = folder.path().join(format!("{number}.mlir"));
        std::fs::write(&path, &case.text).expect("the temporary folder can be written");
        (path.clone(), path)
    };
    let pairs: Vec<(PathBuf, PathBuf)> = cases.iter().enumerate().map(write).collect();
    for (case, verdict) in cases.iter().zip(oracle.compare(&pairs)) {
        let refused = matches!(verdict, Verdict::Unreadable(_));
        assert_eq!(refused, !case.upstream_accepts, "{}: {verdict:?}", case.name);
    }
    println!("jaxlib agrees on {} invalid modules", cases.len());
}

/// Checks that all modules of these files are valid; gives how many there are.
fn check_valid(files: &[PathBuf]) -> usize {
    let mut count = 0;
    for path in files {
        let text = std::fs::read_to_string(path).expect("the file can be read");
        for (number, module) in parse_many(&text).into_iter().enumerate() {
            let name = format!("{}#{number}", path.display());
            let module = module.unwrap_or_else(|error| panic!("{name}: {error}"));
            if let Err(errors) = verify(&module) {
                panic!("{name}: {errors}");
            }
            count += 1;
        }
    }
    count
}

#[test]
fn our_own_corpora_are_valid() {
    let folders = ["testdata/text", "testdata/passes", "testdata/tiny"].map(workspace);
    let files: Vec<PathBuf> = folders.iter().filter(|f| f.is_dir()).flat_map(|folder| mlir_files(folder)).collect();
    assert!(check_valid(&files) > 20);
}

#[test]
fn stablehlo_suite_is_valid() {
    let Some(folder) = conformance::folder() else { return };
    let count = check_valid(&files_below(&folder));
    println!("{count} modules of StableHLO's suite are valid");
}

/// The `.mlir` files of a folder and of those in it.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut folders = vec![folder.to_owned()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        files.extend(mlir_files(&folder));
        let entries = std::fs::read_dir(&folder).expect("the folder can be listed");
        folders.extend(entries.filter_map(|e| e.ok().map(|e| e.path())).filter(|path| path.is_dir()));
    }
    files.sort();
    files
}
