//! Artifacts that jaxlib wrote from the texts beside them read as those texts; broken ones end in
//! one located error.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use proptest::prelude::*;

use crate::front::text;
use crate::ir::{Item, Location, Module, equal};

/// The files of the corpus with this suffix.
fn corpus(suffix: &str) -> Vec<PathBuf> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../testdata/bytecode"));
    let entries = std::fs::read_dir(folder).expect("the corpus is part of the repository");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.to_string_lossy().ends_with(suffix));
    paths.sort();
    assert!(!paths.is_empty(), "the corpus has no {suffix}");
    paths
}

fn bytes_of(path: &Path) -> Bytes {
    std::fs::read(path).expect("a readable file").into()
}

fn read(bytes: &Bytes) -> Result<Module, String> {
    super::parse(bytes.clone()).map_err(|errors| {
        assert_eq!(errors.0.len(), 1, "one error a file");
        let error = &errors.0[0];
        let notes: Vec<&str> = error.notes.iter().map(|note| note.message.as_str()).collect();
        format!("{error}\n{}", notes.join("\n"))
    })
}

/// `oldest.1.5.0.mlirbc` was made from `oldest.mlir`.
fn text_of(path: &Path) -> Module {
    let name = path.file_name().expect("a file name").to_string_lossy().into_owned();
    let stem = name.split('.').next().expect("a stem");
    let text = std::fs::read_to_string(path.with_file_name(format!("{stem}.mlir"))).expect("the text beside it");
    text::parse(&text).expect("the corpus is valid")
}

#[test]
fn artifacts_of_every_version_read_as_their_text() {
    for path in corpus(".mlirbc") {
        let module = read(&bytes_of(&path)).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        assert_eq!(equal(&module, &text_of(&path), false), Ok(()), "{}", path.display());
    }
}

#[test]
fn locations_are_kept() {
    let path = corpus("sharded.plain6.mlirbc").remove(0);
    let module = read(&bytes_of(&path)).expect("a module");
    let Some(Item::Func(main)) = module.items.last() else { panic!("a function is last") };
    let func = &module.funcs[*main];
    assert_eq!(module.locs.name(func.loc), Some("main"));
    assert_eq!(module.locs.name(func.values[func.args()[0]].loc), Some("params['w']"));
    let body = func.body.expect("a body");
    let constraint = &func.ops[func.regions[body].ops[1]];
    let Location::CallSite { callee, caller } = module.locs.get(constraint.loc) else { panic!("a call site") };
    let expected = Location::File { file: "model.py".into(), start: (30, 8), end: (31, 2) };
    assert_eq!(module.locs.get(*callee), &expected);
    assert_eq!(*caller, func.loc);
}

#[test]
fn constants_borrow_from_the_file() {
    let bytes = bytes_of(&corpus("newer.plain6.mlirbc")[0]);
    let module = read(&bytes).expect("a module");
    let range = bytes.as_ptr_range();
    let constants = module.funcs.iter().flat_map(|(_, func)| func.ops.iter()).filter_map(|(_, op)| op.attr("value"));
    let wide: Vec<_> = constants.filter_map(|attr| attr.as_elements()).filter(|e| e.ty.element.bits() >= 8).collect();
    assert!(!wide.is_empty());
    for elements in wide {
        assert!(range.contains(&elements.data.as_ptr()), "{} was copied", elements.ty);
    }
}

#[test]
fn errors_name_section_byte_and_remedy() {
    let bytes = bytes_of(&corpus("oldest.1.0.0.mlirbc")[0]);
    let error = read(&bytes.slice(..bytes.len() / 2)).expect_err("cut short");
    insta::assert_snapshot!(error, @r"
    bytecode ends early: a section needs 899 bytes, 62 are left (byte 1887 (0x75f), in the header)
    the file was cut short or altered on its way; fetch or write it again
    the file says it was written by `StableHLO_v1.0.0`
    ");
    let error = read(&Bytes::from_static(b"module {}")).expect_err("text");
    assert!(error.starts_with("the file does not start with `ML\\xefR`; it is not MLIR bytecode (byte 0"), "{error}");
    let error = read(&Bytes::from_static(b"ML\xefR\x0fx\0")).expect_err("version 7");
    assert!(error.starts_with("bytecode version 7 is newer than 6"), "{error}");
}

/// Every prefix of a file is an error: nothing in it is optional at the end.
#[test]
fn no_prefix_is_a_program() {
    for path in corpus("sharded.1.17.0.mlirbc") {
        let bytes = bytes_of(&path);
        for length in 0..bytes.len() {
            assert!(read(&bytes.slice(..length)).is_err(), "{}: {length} bytes", path.display());
        }
    }
}

/// Files with one byte replaced, at about 80 places of each, read or end in one error.
#[test]
fn a_wrong_byte_never_panics() {
    for path in corpus(".mlirbc") {
        let bytes = bytes_of(&path);
        for at in (0..bytes.len()).step_by(bytes.len() / 80 + 1) {
            for value in [0x00, 0xff, bytes[at] ^ 0x02] {
                let mut broken = bytes.to_vec();
                broken[at] = value;
                let _ = read(&broken.into());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Files with several bytes replaced, removed and repeated read or end in one error.
    #[test]
    fn broken_files_never_panic(
        file in any::<prop::sample::Index>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0u8..4), 1..12),
    ) {
        let paths = corpus(".mlirbc");
        let mut bytes = bytes_of(&paths[file.index(paths.len())]).to_vec();
        for (index, value, kind) in edits {
            let at = index.index(bytes.len());
            match kind {
                0 | 1 => bytes[at] = value,
                2 => drop(bytes.drain(at..(at + usize::from(value) % 16).min(bytes.len() - 1).max(at))),
                _ => {
                    let part = bytes[at..(at + usize::from(value)).min(bytes.len())].to_vec();
                    bytes.splice(at..at, part);
                }
            }
        }
        let _ = read(&bytes.into());
    }

    /// Garbage after the magic number ends in one error.
    #[test]
    fn garbage_never_panics(garbage in prop::collection::vec(any::<u8>(), 0..300)) {
        let bytes: Vec<u8> = super::MAGIC.iter().copied().chain(garbage).collect();
        prop_assert!(read(&bytes.into()).is_err());
    }
}
