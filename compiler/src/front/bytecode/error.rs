//! What can be wrong with bytecode, and where.

use std::fmt;

use crate::diag::{Diagnostic, Span};

/// A part of the file, as errors name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Header,
    Strings,
    Dialects,
    Entries,
    EntryOffsets,
    Operations,
    Resources,
    ResourceOffsets,
    Properties,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Part::Header => "header",
            Part::Strings => "string section",
            Part::Dialects => "dialect section",
            Part::Entries => "attribute and type section",
            Part::EntryOffsets => "attribute and type offset section",
            Part::Operations => "IR section",
            Part::Resources => "resource section",
            Part::ResourceOffsets => "resource offset section",
            Part::Properties => "properties section",
        })
    }
}

/// What is wrong.
#[derive(Debug, thiserror::Error)]
pub(super) enum Problem {
    #[error("bytecode ends early: {what} needs {need} bytes, {have} are left")]
    Truncated { what: &'static str, need: u64, have: u64 },
    #[error("bytecode claims {count} {what} where {have} bytes are left")]
    Count { what: &'static str, count: u64, have: u64 },
    #[error("there is no {what} {index}; the file has {count}")]
    Index { what: &'static str, index: u64, count: usize },
    #[error("{0} bytes follow the end of {1}")]
    Trailing(usize, &'static str),
    #[error("the file has no {0}")]
    MissingSection(Part),
    #[error("the file has a second {0}")]
    DuplicateSection(Part),
    #[error("section {0} is not known")]
    UnknownSection(u8),
    #[error("bytecode version {0} is newer than 6, the newest this reader knows")]
    Version(u64),
    #[error("{dialect} has no {what} of code {code}")]
    Code { dialect: &'static str, what: &'static str, code: u64 },
    #[error("{0}")]
    Malformed(String),
    #[error("{0}")]
    Unsupported(String),
    #[error("{what} nest deeper than {limit} levels")]
    Depth { what: &'static str, limit: usize },
    #[error("attributes and types repeat each other to more than {0} entries")]
    Expansion(usize),
}

impl Problem {
    /// What the user can do about it.
    fn remedy(&self) -> &'static str {
        match self {
            Problem::Truncated { .. } | Problem::MissingSection(_) => {
                "the file was cut short or altered on its way; fetch or write it again"
            }
            Problem::Version(_) | Problem::UnknownSection(_) | Problem::Code { .. } => {
                "the file comes from a newer writer, or was altered; serialize the program again, for StableHLO 1.20.0 or older"
            }
            Problem::Unsupported(_) => "serialize the program again without it, or as StableHLO text",
            Problem::Depth { .. } | Problem::Expansion(_) => {
                "no compiler writes such a program; if one did, serialize it again without debug information"
            }
            _ => "the file was altered or its writer is at fault; write it again",
        }
    }
}

/// A problem at a byte of the file.
#[derive(Debug)]
pub(super) struct ReadError {
    part: Part,
    offset: usize,
    problem: Box<Problem>,
}

/// The result of reading something.
pub(super) type Read<T> = Result<T, ReadError>;

impl ReadError {
    pub(super) fn new(part: Part, offset: usize, problem: Problem) -> Self {
        Self { part, offset, problem: Box::new(problem) }
    }

    /// The error as a diagnostic; `producer` is what the file says wrote it.
    pub(super) fn diagnostic(&self, producer: Option<&str>) -> Diagnostic {
        let place = format!("byte {} (0x{:x}), in the {}", self.offset, self.offset, self.part);
        let diagnostic =
            Diagnostic::error(Span::NONE, self.problem.to_string()).at(place).note(Span::NONE, self.problem.remedy());
        match producer {
            Some(producer) => diagnostic.note(Span::NONE, format!("the file says it was written by `{producer}`")),
            None => diagnostic,
        }
    }
}
