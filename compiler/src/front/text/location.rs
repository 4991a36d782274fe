//! `loc(…)`.

use smol_str::SmolStr;

use super::lexer::Token;
use super::parser::{Noted, Parse, Parser};
use crate::ir::{LocId, Location};

/// What an interned location takes: the table and the index hold a copy each.
const LOCATION: u64 = 2 * size_of::<Location>() as u64;

impl Parser<'_> {
    /// `loc(…)` if it comes next; the unknown location otherwise.
    #[inline]
    pub(super) fn parse_optional_location(&mut self) -> Parse<LocId> {
        if self.at_word("loc") { self.parse_location() } else { Ok(LocId::UNKNOWN) }
    }

    /// `loc(…)`.
    pub(super) fn parse_location(&mut self) -> Parse<LocId> {
        self.bump();
        self.expect(b'(', "after `loc`")?;
        let location = self.parse_location_inner()?;
        self.expect(b')', "at the end of the location")?;
        Ok(location)
    }

    /// What stands inside `loc(…)`.
    pub(super) fn parse_location_inner(&mut self) -> Parse<LocId> {
        match self.token.kind {
            Token::Hash => self.location_alias(),
            Token::String => self.nested(Self::parse_named_location),
            Token::Word => match self.text_of(self.token) {
                "unknown" => {
                    self.bump();
                    Ok(LocId::UNKNOWN)
                }
                "callsite" => self.nested(Self::parse_callsite),
                "fused" => self.nested(Self::parse_fused),
                "loc" => self.nested(Self::parse_location),
                _ => Err(self.expected_location()),
            },
            _ => Err(self.expected_location()),
        }
    }

    fn expected_location(&self) -> Box<crate::diag::Diagnostic> {
        self.expected("a location")
            .because("locations are `\"file\":line:column`, `\"name\"(…)`, `callsite(… at …)`, `fused[…]`, `unknown`")
    }

    /// `"file":1`, `"file":1:2`, `"file":1:2 to 3:4`, `"name"` or `"name"(child)`.
    fn parse_named_location(&mut self) -> Parse<LocId> {
        let text = self.parse_string("a file or name")?;
        if self.at(b':') {
            return self.parse_file_location(text);
        }
        let mut child = LocId::UNKNOWN;
        if self.eat(b'(') {
            child = self.parse_location_inner()?;
            self.expect(b')', "after the location that the name refines")?;
        }
        self.charge(LOCATION)?;
        Ok(self.locs.intern(Location::Name { name: text, child }))
    }

    fn parse_file_location(&mut self, file: SmolStr) -> Parse<LocId> {
        self.bump();
        let line = self.parse_u32("a line number")?;
        // Without a column the place is the line.
        let column = if self.eat(b':') { self.parse_u32("a column number")? } else { 0 };
        let start = (line, column);
        let mut end = start;
        if self.eat_word("to") {
            if self.token.kind == Token::Integer {
                end.0 = self.parse_u32("the last line")?;
            }
            self.expect(b':', "before the last column")?;
            end.1 = self.parse_u32("the last column")?;
        }
        self.charge(LOCATION)?;
        Ok(self.locs.intern(Location::File { file, start, end }))
    }

    fn parse_callsite(&mut self) -> Parse<LocId> {
        self.bump();
        self.expect(b'(', "after `callsite`")?;
        let callee = self.parse_location_inner()?;
        self.expect_word("at", "between callee and caller")?;
        let caller = self.parse_location_inner()?;
        self.expect(b')', "at the end of the call site")?;
        self.charge(LOCATION)?;
        Ok(self.locs.intern(Location::CallSite { callee, caller }))
    }

    fn parse_fused(&mut self) -> Parse<LocId> {
        self.bump();
        let mut metadata = None;
        if self.eat(b'<') {
            metadata = Some(Box::new(self.parse_attr()?));
            self.expect(b'>', "after the metadata of a fused location")?;
        }
        self.expect(b'[', "before the parts of a fused location")?;
        let mut parts = Vec::new();
        self.list_until(b']', "in a fused location", |p| {
            parts.push(p.parse_location_inner()?);
            Ok(())
        })?;
        self.charge(LOCATION)?;
        Ok(self.locs.intern(Location::Fused { metadata, parts }))
    }
}
