//! The independent oracle: jaxlib's own MLIR, asked whether two texts are the same module.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::workspace;

/// What the oracle says about a pair of files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Both are read and are the same module.
    Equal,
    /// The oracle cannot read the first file; nothing follows about the second.
    Unreadable(String),
    /// The second cannot be read, or is another module.
    Different(String),
}

/// A Python with jaxlib, and the conformance folder's `oracle.py`.
pub struct Oracle {
    python: PathBuf,
    folder: PathBuf,
}

/// Reads pairs of paths from stdin, one a line, and answers each with one line.
const SCRIPT: &str = r#"
import difflib, sys
sys.path.insert(0, sys.argv[1])
import oracle

shared = oracle.make_context()

def canon(path):
    # Reading a resource twice in one context renames it.
    fresh = "dialect_resources" in open(path, errors="replace").read()
    return oracle.canon(path, None if fresh else shared)

def line(text):
    return " ".join(str(text).split())[:400]

for pair in sys.stdin:
    first, second = pair.rstrip("\n").split("\t")
    try:
        a = canon(first)
    except Exception as error:
        print("unreadable", line(error), flush=True)
        continue
    try:
        b = canon(second)
    except Exception as error:
        print("different", line(error), flush=True)
        continue
    if a == b:
        print("equal", flush=True)
    else:
        diff = difflib.unified_diff(a.splitlines(), b.splitlines(), lineterm="", n=0)
        print("different", line(" | ".join(list(diff)[2:6])), flush=True)
"#;

impl Oracle {
    /// The oracle of a conformance folder, run by the Python that `HIRE_PYTHON` names or the one
    /// that `./x setup` makes. Without one that has jaxlib the reason is printed.
    pub fn find(folder: &Path) -> Option<Oracle> {
        let python = match std::env::var_os("HIRE_PYTHON") {
            Some(path) => PathBuf::from(path),
            None => workspace("target/venv/bin/python"),
        };
        let probe = Command::new(&python).args(["-c", "import jaxlib.mlir.ir"]).output();
        if probe.is_ok_and(|output| output.status.success()) && folder.join("oracle.py").is_file() {
            return Some(Oracle { python, folder: folder.to_owned() });
        }
        println!("SKIPPED: no jaxlib for {} (set HIRE_PYTHON, or run `./x setup`)", python.display());
        None
    }

    /// Compares each pair of files.
    ///
    /// # Panics
    /// When the oracle itself fails.
    pub fn compare(&self, pairs: &[(PathBuf, PathBuf)]) -> Vec<Verdict> {
        let mut child = Command::new(&self.python)
            .args(["-c", SCRIPT])
            .arg(&self.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the Python that was probed starts");
        let mut stdin = child.stdin.take().expect("stdin is piped");
        let questions: String = pairs.iter().map(|(a, b)| format!("{}\t{}\n", a.display(), b.display())).collect();
        let writer = std::thread::spawn(move || stdin.write_all(questions.as_bytes()));
        let output = child.wait_with_output().expect("the oracle ends");
        writer.join().expect("the writer does not panic").expect("the oracle reads its questions");
        let answers = String::from_utf8_lossy(&output.stdout);
        let verdicts: Vec<Verdict> = answers.lines().map(verdict).collect();
        assert_eq!(verdicts.len(), pairs.len(), "the oracle answers every question; it ended with {}", output.status);
        verdicts
    }
}

fn verdict(answer: &str) -> Verdict {
    let (word, detail) = answer.split_once(' ').unwrap_or((answer, ""));
    match word {
        "equal" => Verdict::Equal,
        "unreadable" => Verdict::Unreadable(detail.to_owned()),
        _ => Verdict::Different(detail.to_owned()),
    }
}
