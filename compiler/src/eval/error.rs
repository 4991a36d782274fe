//! What can go wrong while a program runs.
//!
//! Operations return a [`Fault`], which knows only what went wrong. The machine adds where: the
//! function, the operation, its place in the source and the calls that led there.

use std::fmt;

use smol_str::SmolStr;

use crate::diag::{Diagnostic, Span};

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The program breaks a rule that the verifier checks.
    #[error("{0}")]
    Invalid(String),
    /// The interpreter does not compute this; the text says what to do instead.
    #[error("{0}")]
    Unsupported(String),
    /// Arguments or the entry point do not fit the module.
    #[error("{0}")]
    Arguments(String),
    /// A run-time condition of the program failed, such as a shape assertion.
    #[error("{0}")]
    Assertion(String),
    /// Tensors would take more memory than the options allow.
    #[error(
        "a tensor of {wanted} bytes does not fit: {used} of {limit} bytes are in use; raise `memory_limit` if the machine has more"
    )]
    Memory {
        /// Bytes of the allocation that failed.
        wanted: u64,
        /// Bytes in use.
        used: u64,
        /// The limit.
        limit: u64,
    },
    /// The step limit of the options was reached.
    #[error("stopped after {0} steps, the limit that the options set")]
    Steps(u64),
    /// Regions and calls are nested too deeply.
    #[error("calls and regions are nested more than {0} deep")]
    Depth(usize),
    /// Every device waits for another one.
    #[error("deadlock: {0}")]
    Deadlock(String),
}

impl Fault {
    /// A rule that the verifier checks is broken.
    pub(crate) fn invalid(text: impl Into<String>) -> Self {
        Fault::Invalid(text.into())
    }

    /// The interpreter does not compute this.
    pub(crate) fn unsupported(text: impl Into<String>) -> Self {
        Fault::Unsupported(text.into())
    }
}

/// Where an operation stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The function, without `@`.
    pub func: SmolStr,
    /// The operation's full name.
    pub op: SmolStr,
    /// Its place in the source text, where there is one.
    pub span: Span,
    /// Its location as the program gives it, where it does.
    pub location: Option<String>,
    /// The functions that called, innermost first.
    pub callers: Vec<SmolStr>,
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in @{}", self.op, self.func)?;
        for caller in &self.callers {
            write!(f, ", called by @{caller}")?;
        }
        if let Some(location) = &self.location {
            write!(f, ", at {location}")?;
        }
        Ok(())
    }
}

/// A fault and the operation that met it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{fault}", self.place())]
pub struct EvalError {
    /// What went wrong.
    pub fault: Fault,
    /// Where; `None` before any operation ran. Boxed to keep results small.
    pub site: Option<Box<Site>>,
}

impl EvalError {
    fn place(&self) -> String {
        self.site.as_ref().map(|site| format!("{site}: ")).unwrap_or_default()
    }
}

impl From<Fault> for EvalError {
    fn from(fault: Fault) -> Self {
        Self { fault, site: None }
    }
}

impl From<EvalError> for Diagnostic {
    fn from(error: EvalError) -> Self {
        let span = error.site.as_ref().map_or(Span::NONE, |site| site.span);
        let mut diagnostic = Diagnostic::error(span, error.fault.to_string());
        if let Some(site) = error.site {
            diagnostic = diagnostic.note(Span::NONE, format!("while running {site}"));
            diagnostic.location = site.location;
        }
        diagnostic
    }
}
