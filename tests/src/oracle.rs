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

/// A form that jaxlib writes modules in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binary {
    /// A portable artifact of this version of StableHLO.
    Artifact(&'static str),
    /// MLIR bytecode in this version of the container.
    Plain(u32),
}

impl Binary {
    fn word(self) -> String {
        match self {
            Binary::Artifact(version) => version.to_owned(),
            Binary::Plain(version) => format!("plain{version}"),
        }
    }
}

/// Reads lines of text file, form and output file, and writes the output file where it can.
const WRITE_SCRIPT: &str = r#"
import io, sys
sys.path.insert(0, sys.argv[1])
import oracle
from jaxlib.mlir import ir
from jaxlib.mlir.dialects import stablehlo

for job in sys.stdin:
    source, form, target = job.rstrip("\n").split("\t")
    context = oracle.make_context()
    with context:
        try:
            module = ir.Module.parse(str(oracle.load(source, context)[0]))
            if form.startswith("plain"):
                out = io.BytesIO()
                module.operation.write_bytecode(out, desired_version=int(form[5:]))
                data = out.getvalue()
            else:
                data = stablehlo.serialize_portable_artifact(module, form)
        except Exception as error:
            print("refused", " ".join(str(error).split())[:200], flush=True)
            continue
    with open(target, "wb") as file:
        file.write(data)
    print("written", flush=True)
"#;

/// Something that MLIR says about a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Line and column, from 1; `None` where it names no place.
    pub place: Option<(usize, usize)>,
    /// The text of the error, without its notes.
    pub message: String,
}

/// Reads paths and answers each with what is wrong with the module: errors separated by U+001E, each a line, a column
/// and a text separated by U+001F. A module that is taken gives an empty line.
const REMARKS_SCRIPT: &str = r#"
import re, sys
sys.path.insert(0, sys.argv[1])
import oracle
from jaxlib.mlir import ir

shared = oracle.make_context()

def flat(text):
    return re.sub(r"[\s\x00-\x1f]+", " ", str(text)).strip()

def remark(error):
    place = re.search(r":(\d+):(\d+)\)?$", str(error.location).split(" to ")[0])
    line, column = place.groups() if place else ("", "")
    return "\x1f".join([line, column, flat(error.message)])

for path in sys.stdin:
    try:
        oracle.load(path.rstrip("\n"), shared)
        print(flush=True)
    except ir.MLIRError as error:
        print("\x1e".join(map(remark, error.error_diagnostics)), flush=True)
    except Exception as error:
        print("\x1f\x1f" + flat(error), flush=True)
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
        let questions = pairs.iter().map(|(a, b)| format!("{}\t{}\n", a.display(), b.display())).collect();
        self.ask(SCRIPT, Stdio::inherit(), questions, pairs.len()).iter().map(|answer| verdict(answer)).collect()
    }

    /// Has jaxlib write each text in a binary form; says for each whether it could.
    ///
    /// # Panics
    /// When the oracle itself fails.
    pub fn write(&self, jobs: &[(PathBuf, Binary, PathBuf)]) -> Vec<bool> {
        let line = |(source, form, target): &(PathBuf, Binary, PathBuf)| {
            format!("{}\t{}\t{}\n", source.display(), form.word(), target.display())
        };
        let answers = self.ask(WRITE_SCRIPT, Stdio::null(), jobs.iter().map(line).collect(), jobs.len());
        answers.iter().map(|answer| answer == "written").collect()
    }

    /// What MLIR has to say about each text; nothing about one that it takes.
    ///
    /// # Panics
    /// When the oracle itself fails.
    pub fn remarks(&self, files: &[PathBuf]) -> Vec<Vec<Remark>> {
        let questions = files.iter().map(|file| format!("{}\n", file.display())).collect();
        let answers = self.ask(REMARKS_SCRIPT, Stdio::inherit(), questions, files.len());
        let remark = |text: &str| {
            let mut fields = text.splitn(3, '\u{1f}');
            let mut number = || fields.next().and_then(|field| field.parse().ok());
            let place = number().zip(number());
            Remark { place, message: fields.next().unwrap_or_default().to_owned() }
        };
        let remarks = |line: &String| line.split('\u{1e}').filter(|text| !text.is_empty()).map(remark).collect();
        answers.iter().map(remarks).collect()
    }

    /// Runs a script on questions, which it answers with a line each; `complaints` is its stderr.
    fn ask(&self, script: &str, complaints: Stdio, questions: String, count: usize) -> Vec<String> {
        let mut child = Command::new(&self.python)
            .args(["-c", script])
            .arg(&self.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(complaints)
            .spawn()
            .expect("the Python that was probed starts");
        let mut stdin = child.stdin.take().expect("stdin is piped");
        let writer = std::thread::spawn(move || stdin.write_all(questions.as_bytes()));
        let output = child.wait_with_output().expect("the oracle ends");
        writer.join().expect("the writer does not panic").expect("the oracle reads its questions");
        let answers: Vec<String> = String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect();
        assert_eq!(answers.len(), count, "the oracle answers every question; it ended with {}", output.status);
        answers
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
