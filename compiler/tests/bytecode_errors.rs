//! What the bytecode reader says about files that are damaged: cut off, or with one byte changed.
//!
//! The files are those of `testdata/bytecode`, in an old and a new version of the container. A change that still makes
//! a module, such as another number in a constant, is listed as such.

use std::path::Path;

use bytes::Bytes;
use hire_compiler::diag::Source;
use hire_compiler::front::bytecode;

fn file(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/bytecode").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What is said about a file.
fn said(bytes: Vec<u8>) -> String {
    match bytecode::parse(Bytes::from(bytes)) {
        Ok(_) => "still a module\n".to_owned(),
        Err(errors) => Source { name: "damaged.mlirbc", text: "" }.render_all(&errors),
    }
}

/// How many places of a file are damaged.
const PLACES: usize = 24;

#[test]
fn damaged_files_are_refused_with_the_messages_of_the_snapshot() {
    for name in ["oldest.0.9.0.mlirbc", "newer.1.17.0.mlirbc", "newer.plain6.mlirbc"] {
        let sound = file(name);
        let mut report = format!("### empty\n{}### not bytecode\n{}", said(Vec::new()), said(b"func.func".to_vec()));
        let mut refused = 0;
        for n in 0..PLACES {
            let at = sound.len() * n / PLACES;
            let cut = said(sound[..at].to_vec());
            let mut changed = sound.clone();
            changed[at] ^= 0xFF;
            let changed = said(changed);
            refused += usize::from(changed.starts_with("error")) + usize::from(cut.starts_with("error"));
            report.push_str(&format!("### cut off at byte {at}\n{cut}### byte {at} inverted\n{changed}"));
        }
        assert!(refused > PLACES, "only {refused} of {} damaged files are refused", 2 * PLACES);
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_suffix => name }, {
            insta::assert_snapshot!("damaged", report);
        });
    }
}
