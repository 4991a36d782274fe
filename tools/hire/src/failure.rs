//! What a command fails with.

use std::fmt;

use hire_compiler::diag::{Diagnostics, Source};

/// A failure, ready to be shown: one error with its place and its remedy.
#[derive(Debug)]
pub(crate) struct Failure {
    text: String,
}

/// The outcome of a command.
pub(crate) type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    /// An error without a place in a source text.
    pub(crate) fn new(error: impl fmt::Display) -> Self {
        Self { text: format!("error: {error}\n") }
    }

    /// An error with what to do about it.
    pub(crate) fn with_remedy(error: impl fmt::Display, remedy: impl fmt::Display) -> Self {
        Self { text: format!("error: {error}\n  remedy: {remedy}\n") }
    }

    /// Diagnostics of an input, rendered against its text.
    pub(crate) fn diagnostics(source: &Source<'_>, diagnostics: &Diagnostics) -> Self {
        Self { text: source.render_all(diagnostics) }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl From<hire_artifact::Error> for Failure {
    fn from(error: hire_artifact::Error) -> Self {
        Failure::new(error)
    }
}
