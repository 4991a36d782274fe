//! The parser's state: one token of lookahead, errors, and the guards against hostile input.
//!
//! Grammar rules are methods of [`Parser`], spread over the files of this folder by subject. A rule
//! returns `Err` on the first thing that it cannot make sense of. Errors that leave the structure of
//! the text clear (an undefined value, a type that differs from the definition's) are recorded and
//! reading goes on, so that one run reports several.

use super::aliases::Aliases;
use super::lexer::{Lexeme, Token, lex};
use super::resources::Blobs;
use super::scope::Names;
use crate::diag::{Diagnostic, Diagnostics, Note, Span};
use crate::ir::Locations;

/// A failure to read; boxed, because almost everything succeeds.
pub(super) type Parse<T> = Result<T, Box<Diagnostic>>;

/// How deep regions, attributes, types and locations may nest in one another.
pub(super) const DEPTH_LIMIT: u32 = 200;
/// How much memory, in bytes a byte of text, a module may take.
const MEMORY_FACTOR: u64 = 16;
/// What every text may take besides.
const MEMORY_GRACE: u64 = 1 << 18;
/// After so many errors the rest of the text is not read.
const ERROR_LIMIT: usize = 50;

/// A parser at a place in a text.
pub(super) struct Parser<'t> {
    /// The text up to the end of what is read.
    pub(super) text: &'t str,
    /// Where what is read starts.
    pub(super) start: usize,
    /// The token that comes next.
    pub(super) token: Lexeme,
    /// The end of the token read last.
    pub(super) last_end: u32,
    pub(super) locs: Locations,
    pub(super) aliases: Aliases<'t>,
    /// The memory of the last function's names.
    pub(super) spare_names: Names<'t>,
    /// The resource section, once something has asked for it.
    pub(super) resources: Option<Blobs<'t>>,
    errors: Vec<Diagnostic>,
    depth: u32,
    /// Bytes of memory that what was read takes, roughly; see [`Self::charge`].
    pub(super) memory: u64,
}

impl<'t> Parser<'t> {
    /// A parser of the text from `start` on, which ends before byte `u32::MAX`.
    pub(super) fn new(text: &'t str, start: usize) -> Self {
        let token = lex(text.as_bytes(), start);
        Parser {
            text,
            start,
            token,
            last_end: start as u32,
            locs: Locations::new(),
            aliases: Aliases::default(),
            spare_names: Names::default(),
            resources: None,
            errors: Vec::new(),
            depth: 0,
            memory: 0,
        }
    }

    pub(super) fn bytes(&self) -> &'t [u8] {
        self.text.as_bytes()
    }

    /// Steps over the next token and returns it.
    #[inline]
    pub(super) fn bump(&mut self) -> Lexeme {
        let lexeme = self.token;
        self.last_end = lexeme.end;
        self.token = lex(self.bytes(), lexeme.end as usize);
        lexeme
    }

    /// Goes to a byte of the text and reads the token there.
    pub(super) fn seek(&mut self, at: u32) {
        self.last_end = at;
        self.token = lex(self.bytes(), at as usize);
    }

    /// The text of a token.
    pub(super) fn text_of(&self, lexeme: Lexeme) -> &'t str {
        &self.text[lexeme.span().range()]
    }

    /// The token after the next.
    pub(super) fn second(&self) -> Lexeme {
        lex(self.bytes(), self.token.end as usize)
    }

    pub(super) fn at(&self, punct: u8) -> bool {
        self.token.kind == Token::Punct(punct)
    }

    pub(super) fn at_word(&self, word: &str) -> bool {
        self.token.kind == Token::Word && self.text_of(self.token) == word
    }

    /// Steps over a punctuation mark if it comes next.
    pub(super) fn eat(&mut self, punct: u8) -> bool {
        let found = self.at(punct);
        if found {
            self.bump();
        }
        found
    }

    /// Steps over a word if it comes next.
    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        let found = self.at_word(word);
        if found {
            self.bump();
        }
        found
    }

    pub(super) fn eat_kind(&mut self, kind: Token) -> bool {
        let found = self.token.kind == kind;
        if found {
            self.bump();
        }
        found
    }

    /// Requires a punctuation mark; `context` says after or in what, as in `after the operands`.
    pub(super) fn expect(&mut self, punct: u8, context: &str) -> Parse<Lexeme> {
        if self.at(punct) {
            return Ok(self.bump());
        }
        Err(self.expected(format_args!("`{}` {context}", char::from(punct))))
    }

    pub(super) fn expect_arrow(&mut self, context: &str) -> Parse<()> {
        if self.eat_kind(Token::Arrow) { Ok(()) } else { Err(self.expected(format_args!("`->` {context}"))) }
    }

    pub(super) fn expect_word(&mut self, word: &str, context: &str) -> Parse<Lexeme> {
        if self.at_word(word) {
            return Ok(self.bump());
        }
        Err(self.expected(format_args!("`{word}` {context}")))
    }

    /// Items separated by commas up to `close`, which is stepped over; the opening mark has been.
    pub(super) fn list_until(
        &mut self,
        close: u8,
        context: &str,
        mut item: impl FnMut(&mut Self) -> Parse<()>,
    ) -> Parse<()> {
        if self.eat(close) {
            return Ok(());
        }
        loop {
            item(self)?;
            if self.eat(close) {
                return Ok(());
            }
            if !self.eat(b',') {
                return Err(self.expected(format_args!("`,` or `{}` {context}", char::from(close))));
            }
        }
    }

    /// Runs a rule one level deeper; too deep is an error, not an overflow.
    pub(super) fn nested<T>(&mut self, rule: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        if self.depth >= DEPTH_LIMIT {
            let message = format!("nesting is deeper than {DEPTH_LIMIT} levels");
            return Err(error(self.token.span(), message)
                .because("regions, attributes, types and locations nested in one another all count"));
        }
        self.depth += 1;
        let result = rule(self);
        self.depth -= 1;
        result
    }

    /// Counts memory that is about to be kept, and refuses a text that takes far more than its own
    /// size: aliases of aliases double at each step, and lists of attributes are wide in memory.
    #[inline]
    pub(super) fn charge(&mut self, bytes: u64) -> Parse<()> {
        self.memory += bytes;
        if self.memory <= (self.text.len() - self.start) as u64 * MEMORY_FACTOR + MEMORY_GRACE {
            return Ok(());
        }
        let message = format!("the module takes more than {MEMORY_FACTOR} times the memory of its text");
        Err(error(self.token.span(), message).because("write long lists of numbers as `array<i64: …>` or `dense<…>`"))
    }

    /// An error that something else was expected here.
    pub(super) fn expected(&self, what: impl std::fmt::Display) -> Box<Diagnostic> {
        let token = self.token;
        if token.kind == Token::OpenString {
            return error(token.span(), "string is not closed on its line")
                .because("a line break in a string is written `\\0A`");
        }
        // At the end of the input the last thing read is the better place to point at.
        let span = match token.kind {
            Token::End => Span::new(self.last_end.saturating_sub(1).max(self.start as u32), self.last_end),
            _ => token.span(),
        };
        error(span, format!("expected {what}, found {}", self.describe(token)))
    }

    /// A token as errors name it.
    pub(super) fn describe(&self, lexeme: Lexeme) -> String {
        const LONGEST: usize = 40;
        let text = self.text_of(lexeme);
        if lexeme.kind == Token::End {
            return "the end of the input".to_owned();
        }
        let (shown, more) = match text.char_indices().nth(LONGEST) {
            Some((cut, _)) => (&text[..cut], "…"),
            None => (text, ""),
        };
        let plain: String = shown.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
        format!("`{plain}{more}`")
    }

    /// Notes an error that does not stop the reading.
    #[allow(clippy::boxed_local, reason = "errors are made boxed")]
    pub(super) fn record(&mut self, error: Box<Diagnostic>) -> Parse<()> {
        if self.errors.last() == Some(&*error) {
            // Text that is read twice (the values of a loop are, once a region) is wrong twice.
            return Ok(());
        }
        if self.errors.len() + 1 >= ERROR_LIMIT {
            let (span, message) = (error.span, "too many errors; the rest of the text was not read");
            self.errors.push(*error);
            return Err(self::error(span, message));
        }
        self.errors.push(*error);
        Ok(())
    }

    /// How many errors have been noted.
    pub(super) fn error_count(&self) -> usize {
        self.errors.len()
    }

    /// Adds a remark to an error that was noted before.
    pub(super) fn note_error(&mut self, number: usize, span: Span, message: &str) {
        if let Some(error) = self.errors.get_mut(number) {
            error.notes.insert(0, Note { span, message: message.to_owned() });
        }
    }

    /// Every error, or the result when there is none.
    pub(super) fn finish<T>(mut self, result: Parse<T>) -> Result<T, Diagnostics> {
        match result {
            Ok(value) if self.errors.is_empty() => Ok(value),
            Ok(_) => Err(Diagnostics(self.errors)),
            Err(last) => {
                self.errors.push(*last);
                Err(Diagnostics(self.errors))
            }
        }
    }
}

/// An error at a place.
pub(super) fn error(span: Span, message: impl Into<String>) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(span, message))
}

/// Notes on boxed diagnostics.
pub(super) trait Noted {
    /// With a remark that points at the other end.
    fn with_note(self, span: Span, message: impl Into<String>) -> Self;
    /// With a remark that points nowhere.
    fn because(self, message: impl Into<String>) -> Self;
}

impl Noted for Box<Diagnostic> {
    fn with_note(mut self, span: Span, message: impl Into<String>) -> Self {
        *self = self.note(span, message);
        self
    }

    fn because(self, message: impl Into<String>) -> Self {
        self.with_note(Span::NONE, message)
    }
}
