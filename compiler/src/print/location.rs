//! Locations, and the aliases that stand for them.
//!
//! Operations and arguments name their location by an alias, `loc(#loc3)`; the aliases follow the
//! module, those that others need first.

use std::fmt::{self, Write};

use super::attr::{AttrStyle, Typed};
use super::lexeme::write_string;
use crate::ir::{Entity, LocId, Location, Locations};

/// Writes what stands in `loc(…)`, spelled out. Nesting beyond [`DEEPEST`] is cut off.
pub(super) fn write_location(
    out: &mut dyn Write,
    locations: &Locations,
    id: LocId,
    style: &AttrStyle<'_>,
) -> fmt::Result {
    write_nested(out, locations, id, style, 0)
}

/// How deep locations nest before the rest is written as unknown.
const DEEPEST: usize = 256;

fn write_nested(
    out: &mut dyn Write,
    locations: &Locations,
    id: LocId,
    style: &AttrStyle<'_>,
    depth: usize,
) -> fmt::Result {
    let location = if depth > DEEPEST { &Location::Unknown } else { locations.get(id) };
    write_one(out, location, style, &mut |out, child| write_nested(out, locations, child, style, depth + 1))
}

fn write_one(
    out: &mut dyn Write,
    location: &Location,
    style: &AttrStyle<'_>,
    child: &mut dyn FnMut(&mut dyn Write, LocId) -> fmt::Result,
) -> fmt::Result {
    match location {
        Location::Unknown => out.write_str("unknown"),
        Location::File { file, start, end } => {
            write_string(out, file)?;
            write!(out, ":{}:{}", start.0, start.1)?;
            match end {
                end if end == start => Ok(()),
                end if end.0 == start.0 => write!(out, " to :{}", end.1),
                end => write!(out, " to {}:{}", end.0, end.1),
            }
        }
        Location::Name { name, child: inner } => {
            write_string(out, name)?;
            if *inner == LocId::UNKNOWN {
                return Ok(());
            }
            out.write_char('(')?;
            child(out, *inner)?;
            out.write_char(')')
        }
        Location::CallSite { callee, caller } => {
            out.write_str("callsite(")?;
            child(out, *callee)?;
            out.write_str(" at ")?;
            child(out, *caller)?;
            out.write_char(')')
        }
        Location::Fused { metadata, parts } => {
            out.write_str("fused")?;
            if let Some(metadata) = metadata {
                out.write_char('<')?;
                style.write(out, metadata, Typed::Yes)?;
                out.write_char('>')?;
            }
            out.write_char('[')?;
            for (index, part) in parts.iter().enumerate() {
                out.write_str(if index > 0 { ", " } else { "" })?;
                child(out, *part)?;
            }
            out.write_char(']')
        }
    }
}

/// The aliases of the locations of a module that are used.
pub(super) struct Aliases {
    /// Whether each location is used, by its index.
    used: Vec<bool>,
    /// The number of each used location.
    numbers: Vec<u32>,
}

impl Aliases {
    /// Aliases for `used` and all that these refer to.
    pub(super) fn new(locations: &Locations, used: impl Iterator<Item = LocId>) -> Self {
        let mut marks = vec![false; locations.iter().count()];
        let mut open: Vec<LocId> = used.collect();
        while let Some(id) = open.pop() {
            let Some(mark) = marks.get_mut(id.index()).filter(|mark| !**mark && id != LocId::UNKNOWN) else { continue };
            *mark = true;
            match locations.get(id) {
                Location::Unknown | Location::File { .. } => {}
                Location::Name { child, .. } => open.push(*child),
                Location::CallSite { callee, caller } => open.extend([*callee, *caller]),
                Location::Fused { parts, .. } => open.extend(parts),
            }
        }
        let mut next = 0;
        let number = |used: &bool| {
            next += u32::from(*used);
            next
        };
        let numbers = marks.iter().map(number).collect();
        Aliases { used: marks, numbers }
    }

    /// Writes the alias of a location, `#loc3`, or `unknown`.
    pub(super) fn write(&self, out: &mut dyn Write, id: LocId) -> fmt::Result {
        match self.used.get(id.index()) {
            Some(true) => write!(out, "#loc{}", self.numbers[id.index()]),
            _ => out.write_str("unknown"),
        }
    }

    /// Writes the definitions, one a line.
    pub(super) fn write_definitions(
        &self,
        out: &mut dyn Write,
        locations: &Locations,
        style: &AttrStyle<'_>,
    ) -> fmt::Result {
        for (id, location) in locations.iter().filter(|(id, _)| self.used[id.index()]) {
            self.write(out, id)?;
            out.write_str(" = loc(")?;
            write_one(out, location, style, &mut |out, child| self.write(out, child))?;
            out.write_str(")\n")?;
        }
        Ok(())
    }
}
