//! Aliases: `#loc1 = loc(…)`, `#map = …`, `!t = …`, before or after their uses.
//!
//! MLIR prints most location aliases after the operations that use them. All definitions that start
//! a line are therefore found by one scan beforehand, and read in their order when the first one is
//! needed. Printers put an alias after those it builds on, so reading rarely recurses; the depth
//! limit covers texts that do not, and an alias that leads back to itself is an error.

use std::ops::Range;

use smol_str::SmolStr;

use super::lexer::{Lexeme, Token, lex, skip_blank};
use super::parser::{Noted, Parse, Parser, error};
use crate::ir::{Attr, LocId, Type};

/// The definitions of a text.
#[derive(Default)]
pub(super) struct Aliases<'t> {
    list: Vec<Alias>,
    /// By name with its `#` or `!`.
    by_name: foldhash::HashMap<&'t str, usize>,
    scanned: bool,
    swept: bool,
}

struct Alias {
    name: Lexeme,
    /// Where the value starts, and ends once it has been read.
    value: Range<u32>,
    state: State,
}

#[derive(Clone)]
enum State {
    Unread,
    Reading,
    Location(LocId),
    /// An attribute and how much memory a copy of it takes.
    Attr(Box<Attr>, u64),
    /// A type and how much memory a copy of it takes.
    Type(Box<Type>, u64),
}

impl<'t> Parser<'t> {
    /// Finds the definitions that start a line.
    fn scan_aliases(&mut self) -> Parse<()> {
        self.aliases.scanned = true;
        let bytes = self.bytes();
        for at in memchr::memchr2_iter(b'#', b'!', &bytes[self.start..]) {
            let at = self.start + at;
            let line = bytes[self.start..at].iter().rev().take_while(|&&b| b == b' ' || b == b'\t').count();
            if at - line == self.start || bytes[at - line - 1] == b'\n' {
                let name = lex(bytes, at);
                let equals = skip_blank(bytes, name.end as usize);
                if matches!(name.kind, Token::Hash | Token::Bang) && bytes.get(equals) == Some(&b'=') {
                    self.add_alias(name, equals as u32 + 1)?;
                }
            }
        }
        Ok(())
    }

    fn add_alias(&mut self, name: Lexeme, value: u32) -> Parse<usize> {
        let text = self.text_of(name);
        let index = self.aliases.list.len();
        self.charge(2 * size_of::<Alias>() as u64)?;
        if let Some(&first) = self.aliases.by_name.get(text) {
            return Err(error(name.span(), format!("alias `{text}` is defined twice"))
                .with_note(self.aliases.list[first].name.span(), "first defined here"));
        }
        self.aliases.by_name.insert(text, index);
        self.aliases.list.push(Alias { name, value: value..value, state: State::Unread });
        Ok(index)
    }

    /// A definition at the top level of the text: read here, or stepped over when it has been read.
    pub(super) fn parse_alias_definition(&mut self) -> Parse<()> {
        self.scan_once()?;
        let name = self.token;
        let known = self.aliases.by_name.get(self.text_of(name)).copied();
        let index = match known {
            Some(index) if self.aliases.list[index].name.start == name.start => index,
            _ => {
                self.bump();
                let value = self.expect(b'=', "after the alias's name")?.end;
                self.add_alias(name, value)?
            }
        };
        self.read_alias(index)?;
        self.seek(self.aliases.list[index].value.end);
        Ok(())
    }

    fn scan_once(&mut self) -> Parse<()> {
        if self.aliases.scanned { Ok(()) } else { self.scan_aliases() }
    }

    /// Reads the value of an alias unless that is done; the parser's place is kept.
    fn read_alias(&mut self, index: usize) -> Parse<()> {
        let alias = &mut self.aliases.list[index];
        match alias.state {
            State::Unread => {}
            State::Reading => {
                let (span, text) = (alias.name.span(), self.text_of(self.aliases.list[index].name));
                return Err(error(self.token.span(), format!("alias `{text}` leads back to itself"))
                    .with_note(span, "defined here"));
            }
            _ => return Ok(()),
        }
        alias.state = State::Reading;
        let (start, kind) = (alias.value.start, alias.name.kind);
        let back = (self.token, self.last_end);
        self.seek(start);
        let memory = self.memory;
        let state = self.nested(|p| match kind {
            Token::Bang => Ok(State::Type(Box::new(p.parse_type()?), 0)),
            _ if p.at_word("loc") => Ok(State::Location(p.parse_location()?)),
            _ => Ok(State::Attr(Box::new(p.parse_attr()?), 0)),
        })?;
        let weight = self.memory - memory;
        let alias = &mut self.aliases.list[index];
        alias.value.end = self.last_end;
        alias.state = match state {
            State::Attr(attr, _) => State::Attr(attr, weight),
            State::Type(ty, _) => State::Type(ty, weight),
            other => other,
        };
        (self.token, self.last_end) = back;
        Ok(())
    }

    /// The alias that a token names, read.
    fn alias(&mut self, token: Lexeme, what: &str) -> Parse<usize> {
        self.scan_once()?;
        let text = self.text_of(token);
        let Some(&index) = self.aliases.by_name.get(text) else {
            return Err(error(token.span(), format!("undefined {what} alias `{text}`")));
        };
        if matches!(self.aliases.list[index].state, State::Unread) && !self.aliases.swept {
            self.aliases.swept = true;
            for each in 0..self.aliases.list.len() {
                if matches!(self.aliases.list[each].state, State::Unread) {
                    self.read_alias(each)?;
                }
            }
        }
        self.read_alias(index)?;
        Ok(index)
    }

    /// Steps over a location alias.
    pub(super) fn location_alias(&mut self) -> Parse<LocId> {
        let token = self.bump();
        let index = self.alias(token, "location")?;
        let alias = &self.aliases.list[index];
        match &alias.state {
            State::Location(location) => Ok(*location),
            State::Attr(attr, _) if let Attr::Location(location) = **attr => Ok(location),
            _ => Err(self.wrong_alias(token, index, "a location")),
        }
    }

    /// Steps over an attribute alias.
    pub(super) fn attr_alias(&mut self, token: Lexeme) -> Parse<Attr> {
        self.bump();
        let index = self.alias(token, "attribute")?;
        match self.aliases.list[index].state.clone() {
            State::Attr(attr, weight) => {
                self.charge(weight)?;
                Ok(*attr)
            }
            State::Location(location) => Ok(Attr::Location(location)),
            _ => Err(self.wrong_alias(token, index, "an attribute")),
        }
    }

    /// Steps over a type alias.
    pub(super) fn type_alias(&mut self, token: Lexeme) -> Parse<Type> {
        self.bump();
        let index = self.alias(token, "type")?;
        match self.aliases.list[index].state.clone() {
            State::Type(ty, weight) => {
                self.charge(weight)?;
                Ok(*ty)
            }
            _ => Err(self.wrong_alias(token, index, "a type")),
        }
    }

    fn wrong_alias(&self, token: Lexeme, index: usize, what: &str) -> Box<crate::diag::Diagnostic> {
        error(token.span(), format!("alias `{}` is not {what}", self.text_of(token)))
            .with_note(self.aliases.list[index].name.span(), "defined here")
    }

    /// The text of a range with aliases replaced by what they stand for, for attributes kept as text.
    pub(super) fn expand_aliases(&mut self, range: Range<usize>) -> Parse<SmolStr> {
        let text = &self.text[range.clone()];
        if memchr::memchr2(b'#', b'!', text.as_bytes()).is_none() {
            return Ok(SmolStr::new(text));
        }
        let mut out = String::with_capacity(text.len());
        self.nested(|p| p.expand_into(&mut out, range))?;
        Ok(SmolStr::from(out))
    }

    fn expand_into(&mut self, out: &mut String, range: Range<usize>) -> Parse<()> {
        let bytes = self.bytes();
        let (mut copied, mut at) = (range.start, range.start);
        while let Some(step) = bytes.get(at..range.end).and_then(|b| memchr::memchr3(b'#', b'!', b'"', b)) {
            let lexeme = lex(bytes, at + step);
            at = lexeme.end as usize;
            let plain = bytes.get(at) != Some(&b'<') && !self.text_of(lexeme).contains('.');
            if !matches!(lexeme.kind, Token::Hash | Token::Bang) || !plain {
                continue;
            }
            self.scan_once()?;
            if !self.aliases.by_name.contains_key(self.text_of(lexeme)) {
                continue;
            }
            let index = self.alias(lexeme, "attribute")?;
            let value = self.aliases.list[index].value.clone();
            let value = skip_blank(bytes, value.start as usize)..value.end as usize;
            self.charge(value.len() as u64)?;
            out.push_str(&self.text[copied..lexeme.start as usize]);
            self.nested(|p| p.expand_into(out, value))?;
            copied = at;
        }
        out.push_str(&self.text[copied..range.end]);
        Ok(())
    }
}
