//! Diagnostics: what is wrong, where, and what to do about it.
//!
//! A [`Diagnostic`] is a value. It points into the source text by a [`Span`] where there is text,
//! names an IR location otherwise, and may carry notes that point at the other end of a conflict.
//! [`Source`] renders it with a caret under the offending text.

use std::fmt;

use codespan_reporting::diagnostic as cs;
use codespan_reporting::files::SimpleFile;
use codespan_reporting::term;

/// A range of bytes in the source text. [`Span::NONE`] is nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// No position: the thing was made, not read.
    pub const NONE: Span = Span { start: u32::MAX, end: u32::MAX };

    /// The bytes `start..end`.
    pub fn new(start: u32, end: u32) -> Self {
        Self { start, end: end.max(start) }
    }

    /// Whether it points into a text.
    pub fn is_some(self) -> bool {
        self != Self::NONE
    }

    /// From the start of `self` to the end of `other`.
    pub fn to(self, other: Span) -> Span {
        match (self.is_some(), other.is_some()) {
            (true, true) => Span::new(self.start.min(other.start), self.end.max(other.end)),
            (true, false) => self,
            _ => other,
        }
    }

    /// First byte.
    pub fn start(self) -> u32 {
        self.start
    }

    /// One past the last byte.
    pub fn end(self) -> u32 {
        self.end
    }

    /// As a range of `usize`.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The input is refused.
    Error,
    /// The input is taken, but something deserves attention.
    Warning,
    /// Something worth knowing about what was done, or not done, with the input.
    Remark,
}

/// A secondary remark, with its own position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Where it points, if anywhere.
    pub span: Span,
    /// What it says.
    pub message: String,
}

/// One thing that is wrong with an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad.
    pub severity: Severity,
    /// The specification's tag of the broken constraint (`dot_general_c12`), where there is one.
    pub tag: Option<&'static str>,
    /// What is wrong, lower case, no full stop.
    pub message: String,
    /// Where in the text.
    pub span: Span,
    /// The IR location as text, for inputs that have no text.
    pub location: Option<String>,
    /// Other ends of the conflict, remedies.
    pub notes: Vec<Note>,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(span: Span, message: impl Into<String>) -> Self {
        Self { severity: Severity::Error, tag: None, message: message.into(), span, location: None, notes: Vec::new() }
    }

    /// A warning at a place.
    pub fn warning(span: Span, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(span, message) }
    }

    /// A remark about a place.
    pub fn remark(span: Span, message: impl Into<String>) -> Self {
        Self { severity: Severity::Remark, ..Self::error(span, message) }
    }

    /// With the specification's tag.
    pub fn tag(mut self, tag: &'static str) -> Self {
        self.tag = Some(tag);
        self
    }

    /// With a remark that points elsewhere (or nowhere, by [`Span::NONE`]).
    pub fn note(mut self, span: Span, message: impl Into<String>) -> Self {
        self.notes.push(Note { span, message: message.into() });
        self
    }

    /// With the IR location as text.
    pub fn at(mut self, location: impl Into<String>) -> Self {
        self.location = Some(location.into());
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if let Some(tag) = self.tag {
            write!(f, " [{tag}]")?;
        }
        if let Some(location) = &self.location {
            write!(f, " ({location})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostic {}

/// A list of diagnostics as one error.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.summary())]
pub struct Diagnostics(pub Vec<Diagnostic>);

impl Diagnostics {
    fn summary(&self) -> String {
        match self.0.as_slice() {
            [] => "no diagnostics".to_owned(),
            [one] => one.to_string(),
            [first, rest @ ..] => format!("{first} (and {} more)", rest.len()),
        }
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}

/// A named source text that diagnostics point into.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The file's name as the user gave it.
    pub name: &'a str,
    /// The text; empty when the input was not text.
    pub text: &'a str,
}

/// Lines longer than this are cut around the span before rendering.
const LONGEST_LINE: usize = 400;

impl Source<'_> {
    /// The diagnostic as lines of plain text: message, `file:line:column`, the source line with a
    /// caret under the span, notes.
    pub fn render(&self, diagnostic: &Diagnostic) -> String {
        let mut text = diagnostic.clone();
        let excerpt = self.excerpt(&mut text);
        let kind = match diagnostic.severity {
            Severity::Error => cs::Diagnostic::error(),
            Severity::Warning => cs::Diagnostic::warning(),
            Severity::Remark => cs::Diagnostic::note(),
        };
        let mut report = kind.with_message(&text.message);
        if let Some(tag) = text.tag {
            report = report.with_code(tag);
        }
        if text.span.is_some() {
            report = report.with_label(cs::Label::primary((), text.span.range()));
        } else if let Some(location) = &text.location {
            report = report.with_note(format!("at {location}"));
        }
        for note in &text.notes {
            if note.span.is_some() {
                report = report.with_label(cs::Label::secondary((), note.span.range()).with_message(&note.message));
            } else {
                report = report.with_note(&note.message);
            }
        }
        let file = SimpleFile::new(self.name, excerpt.as_str());
        match term::emit_into_string(&term::Config::default(), &file, &report) {
            Ok(rendered) => rendered,
            Err(_) => format!("{}: {}: {diagnostic}\n", self.name, "error"),
        }
    }

    /// All diagnostics, rendered one after another.
    pub fn render_all(&self, diagnostics: &Diagnostics) -> String {
        diagnostics.0.iter().map(|d| self.render(d)).collect()
    }

    /// The text with very long lines cut, and the diagnostic's spans moved to match.
    ///
    /// A constant can make a line of hundreds of megabytes; only the neighbourhood of the spans is
    /// worth showing. Line numbers are kept.
    fn excerpt(&self, diagnostic: &mut Diagnostic) -> String {
        let mut spans: Vec<&mut Span> = std::iter::once(&mut diagnostic.span)
            .chain(diagnostic.notes.iter_mut().map(|n| &mut n.span))
            .filter(|s| s.is_some())
            .collect();
        let mut out = String::new();
        let mut offset = 0usize;
        let moved: Vec<Span> = spans.iter().map(|s| **s).collect();
        for line in self.text.split_inclusive('\n') {
            let (line_start, line_end) = (offset, offset + line.len());
            offset = line_end;
            let here = |s: &Span| (line_start..=line_end).contains(&(s.start as usize));
            let focus = moved.iter().find(|s| here(s)).map_or(line_start, |s| s.start as usize);
            let (from, to) = cut(self.text, line_start, line_end, focus);
            let out_start = out.len();
            for (span, original) in spans.iter_mut().zip(&moved).filter(|(_, o)| here(o)) {
                let place = |at: usize| (out_start + at.clamp(from, to) - from) as u32;
                **span = Span::new(place(original.start as usize), place(original.end as usize));
            }
            out.push_str(&self.text[from..to]);
            if to < line_end && line.ends_with('\n') {
                out.push('\n');
            }
        }
        out
    }
}

/// The part of a line to show: all of a short one, the neighbourhood of `focus` of a long one.
fn cut(text: &str, start: usize, end: usize, focus: usize) -> (usize, usize) {
    if end - start <= LONGEST_LINE {
        return (start, end);
    }
    let boundary = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let from = boundary(focus.saturating_sub(LONGEST_LINE / 4).max(start));
    (from, boundary((from + LONGEST_LINE).min(end)))
}
