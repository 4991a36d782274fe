//! Attributes, types and locations, read when they are first asked for.
//!
//! Entries refer to each other by number, so that a file can describe chains and shared parts of any
//! size in few bytes. Three limits keep what is built in proportion to the file: how deep values
//! nest, how much is repeated by sharing ([`Problem::Expansion`]), and how deep reading recurses.
//! Beyond [`RECURSION`] levels, reading an entry stops, the entry it needs is read first, and the
//! reading starts over: chains of call-site locations get long.

use bytes::Bytes;

use super::cursor::Cursor;
use super::error::{Problem, Read, ReadError};
use super::tables::{Dialect, RawEntry, Tables, check_index};
use crate::ir::{Attr, LocId, Locations, Type};

/// How deep reading recurses.
const RECURSION: usize = 32;
/// How deep attributes and types may nest.
const LEVELS: usize = 128;
/// How deep locations may nest.
const LOCATION_LEVELS: usize = 1000;
/// How many repeated entries are allowed whatever the size of the file.
const REPEATED: usize = 1 << 16;
/// How many repeated entries are allowed a byte of the file.
const REPEATED_PER_BYTE: usize = 4;

/// An attribute or a type, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EntryId {
    Attr(u32),
    Type(u32),
}

/// Why reading an entry stopped.
pub(super) enum Stop {
    /// The entry is wrong.
    Failed(ReadError),
    /// Another entry has to be read first.
    Needs(EntryId),
}

impl From<ReadError> for Stop {
    fn from(error: ReadError) -> Self {
        Stop::Failed(error)
    }
}

/// The result of reading an entry.
pub(super) type Step<T> = Result<T, Stop>;

/// A value that has been read, with its size as a tree.
#[derive(Clone, Debug)]
struct Known<T> {
    value: T,
    nodes: usize,
    levels: usize,
}

#[derive(Clone, Debug)]
enum Slot<T> {
    Unread,
    Reading,
    Read(Box<Known<T>>),
}

/// The size so far of an entry that is being read.
#[derive(Clone, Copy, Debug, Default)]
struct Frame {
    nodes: usize,
    levels: usize,
}

/// The attributes and types of a file.
#[derive(Debug)]
pub(super) struct Entries<'f> {
    /// The other tables.
    pub(super) tables: Tables<'f>,
    /// The locations read so far.
    pub(super) locs: Locations,
    attrs: Vec<Slot<Attr>>,
    types: Vec<Slot<Type>>,
    frames: Vec<Frame>,
    repeats_left: usize,
    repeats: usize,
    file_size: usize,
    /// How deep the sharding that is being read nests.
    pub(super) sdy_depth: usize,
}

impl<'f> Entries<'f> {
    /// No entry read yet.
    pub(super) fn new(tables: Tables<'f>, file: &Bytes) -> Self {
        let repeats = REPEATED + REPEATED_PER_BYTE * file.len();
        let attrs = vec![Slot::Unread; tables.attrs.len()];
        let types = vec![Slot::Unread; tables.types.len()];
        Self {
            tables,
            locs: Locations::new(),
            attrs,
            types,
            frames: Vec::new(),
            repeats_left: repeats,
            repeats,
            file_size: file.len(),
            sdy_depth: 0,
        }
    }

    /// Reads the number of an attribute and returns the attribute.
    pub(super) fn attr(&mut self, cursor: &mut Cursor<'f>) -> Read<Attr> {
        let at = *cursor;
        let index = cursor.varint()?;
        self.attr_of(index, &at)
    }

    /// Reads the number of an attribute, and whether there is one, and returns the attribute.
    pub(super) fn optional_attr(&mut self, cursor: &mut Cursor<'f>) -> Read<Option<Attr>> {
        let at = *cursor;
        let (index, present) = cursor.flagged()?;
        if present { self.attr_of(index, &at).map(Some) } else { Ok(None) }
    }

    fn attr_of(&mut self, index: u64, at: &Cursor<'f>) -> Read<Attr> {
        let index = self.attr_index(index, at)?;
        self.resolve(EntryId::Attr(index), at)?;
        self.known_attr(index, at)
    }

    /// Reads the number of a location and returns it.
    pub(super) fn location(&mut self, cursor: &mut Cursor<'f>) -> Read<LocId> {
        let at = *cursor;
        match self.attr(cursor)? {
            Attr::Location(loc) => Ok(loc),
            _ => Err(at.malformed("an attribute that is no location stands where a location must")),
        }
    }

    /// Reads the number of a type and returns the type.
    pub(super) fn ty(&mut self, cursor: &mut Cursor<'f>) -> Read<Type> {
        let at = *cursor;
        let index = cursor.varint()?;
        self.type_of(index, &at)
    }

    /// The type of this number.
    pub(super) fn type_of(&mut self, index: u64, at: &Cursor<'f>) -> Read<Type> {
        let index = self.type_index(index, at)?;
        self.resolve(EntryId::Type(index), at)?;
        self.known_type(index, at)
    }

    fn attr_index(&self, index: u64, at: &Cursor<'f>) -> Read<u32> {
        check_index(at, "attribute", index, self.attrs.len())
    }

    fn type_index(&self, index: u64, at: &Cursor<'f>) -> Read<u32> {
        check_index(at, "type", index, self.types.len())
    }

    /// Reads `root` and everything it needs.
    fn resolve(&mut self, root: EntryId, at: &Cursor<'f>) -> Read<()> {
        let mut needed = vec![root];
        while let Some(&entry) = needed.last() {
            debug_assert!(self.frames.is_empty());
            match self.read_entry(entry, at) {
                Ok(()) => {
                    needed.pop();
                }
                Err(Stop::Failed(error)) => return Err(error),
                Err(Stop::Needs(next)) => {
                    self.frames.clear();
                    if needed.len() > self.attrs.len() + self.types.len() {
                        return Err(at.malformed("an attribute or type contains itself"));
                    }
                    needed.push(next);
                }
            }
        }
        Ok(())
    }

    /// Reads an entry unless it is known.
    fn read_entry(&mut self, entry: EntryId, at: &Cursor<'f>) -> Step<()> {
        let reading = match entry {
            EntryId::Attr(index) => matches!(self.attrs[index as usize], Slot::Reading),
            EntryId::Type(index) => matches!(self.types[index as usize], Slot::Reading),
        };
        if reading {
            return Err(at.malformed("an attribute or type contains itself").into());
        }
        match entry {
            EntryId::Attr(index) if matches!(self.attrs[index as usize], Slot::Unread) => {
                let raw = self.tables.entry(&self.tables.attrs, index);
                self.attrs[index as usize] = Slot::Reading;
                let read = self.measured(raw, Self::decode_attr);
                self.attrs[index as usize] = Slot::Unread;
                let known = read?;
                let limit = if matches!(known.value, Attr::Location(_)) { LOCATION_LEVELS } else { LEVELS };
                check_levels(&raw, known.levels, limit)?;
                self.attrs[index as usize] = Slot::Read(Box::new(known));
            }
            EntryId::Type(index) if matches!(self.types[index as usize], Slot::Unread) => {
                let raw = self.tables.entry(&self.tables.types, index);
                self.types[index as usize] = Slot::Reading;
                let read = self.measured(raw, Self::decode_type);
                self.types[index as usize] = Slot::Unread;
                let known = read?;
                check_levels(&raw, known.levels, LEVELS)?;
                self.types[index as usize] = Slot::Read(Box::new(known));
            }
            _ => {}
        }
        Ok(())
    }

    /// Decodes an entry completely and measures it.
    fn measured<T>(
        &mut self,
        raw: RawEntry<'f>,
        decode: impl FnOnce(&mut Self, RawEntry<'f>, &mut Cursor<'f>) -> Step<T>,
    ) -> Step<Known<T>> {
        self.frames.push(Frame::default());
        let mut cursor = raw.cursor;
        let value = decode(self, raw, &mut cursor)?;
        cursor.finish("an attribute or type")?;
        let frame = self.frames.pop().unwrap_or_default();
        Ok(Known { value, nodes: frame.nodes + 1, levels: frame.levels + 1 })
    }

    fn decode_attr(&mut self, raw: RawEntry<'f>, cursor: &mut Cursor<'f>) -> Step<Attr> {
        if !raw.custom {
            return Ok(super::assembly::attr(cursor)?);
        }
        match raw.dialect {
            Dialect::Builtin => self.builtin_attr(cursor),
            Dialect::Vhlo => self.vhlo_attr(cursor),
            Dialect::StableHlo => self.stablehlo_attr(cursor),
            Dialect::Chlo => self.chlo_attr(cursor),
            Dialect::Sdy => self.sdy_attr(cursor),
            Dialect::Quant | Dialect::Other => Err(cursor
                .unsupported("an attribute in an encoding of its dialect's own that is not known here")
                .into()),
        }
    }

    fn decode_type(&mut self, raw: RawEntry<'f>, cursor: &mut Cursor<'f>) -> Step<Type> {
        if !raw.custom {
            return Ok(super::assembly::ty(cursor)?);
        }
        match raw.dialect {
            Dialect::Builtin => self.builtin_type(cursor),
            Dialect::Vhlo => self.vhlo_type(cursor),
            Dialect::StableHlo => self.stablehlo_type(cursor),
            Dialect::Quant => self.quant_type(cursor),
            Dialect::Chlo | Dialect::Sdy | Dialect::Other => {
                Err(cursor.unsupported("a type in an encoding of its dialect's own that is not known here").into())
            }
        }
    }

    /// Makes sure that an entry used by another is known.
    fn nested(&mut self, entry: EntryId, at: &Cursor<'f>) -> Step<()> {
        let unread = match entry {
            EntryId::Attr(index) => !matches!(self.attrs[index as usize], Slot::Read(_)),
            EntryId::Type(index) => !matches!(self.types[index as usize], Slot::Read(_)),
        };
        if unread && self.frames.len() >= RECURSION {
            return Err(Stop::Needs(entry));
        }
        self.read_entry(entry, at)
    }

    /// Reads the number of an attribute inside an entry.
    pub(super) fn nested_attr(&mut self, cursor: &mut Cursor<'f>) -> Step<Attr> {
        let at = *cursor;
        let index = cursor.varint()?;
        let index = self.attr_index(index, &at)?;
        self.nested(EntryId::Attr(index), &at)?;
        Ok(self.known_attr(index, &at)?)
    }

    /// Reads the number of a type inside an entry.
    pub(super) fn nested_type(&mut self, cursor: &mut Cursor<'f>) -> Step<Type> {
        let at = *cursor;
        let index = cursor.varint()?;
        let index = self.type_index(index, &at)?;
        self.nested(EntryId::Type(index), &at)?;
        Ok(self.known_type(index, &at)?)
    }

    /// Reads the number of an attribute inside an entry, and whether there is one.
    pub(super) fn nested_optional_attr(&mut self, cursor: &mut Cursor<'f>) -> Step<Option<Attr>> {
        let at = *cursor;
        let (index, present) = cursor.flagged()?;
        if !present {
            return Ok(None);
        }
        let index = self.attr_index(index, &at)?;
        self.nested(EntryId::Attr(index), &at)?;
        Ok(Some(self.known_attr(index, &at)?))
    }

    /// How many bytes the file has.
    pub(super) fn file_size(&self) -> usize {
        self.file_size
    }

    /// The raw form of an attribute that is only ever a part of others.
    pub(super) fn part(&mut self, cursor: &mut Cursor<'f>) -> Step<RawEntry<'f>> {
        let at = *cursor;
        let index = cursor.varint()?;
        self.part_of(index, &at)
    }

    /// The raw form of the attribute of this number.
    pub(super) fn part_of(&self, index: u64, at: &Cursor<'f>) -> Step<RawEntry<'f>> {
        let index = self.attr_index(index, at)?;
        Ok(self.tables.entry(&self.tables.attrs, index))
    }

    /// Counts entries whose parts were expanded.
    pub(super) fn count_nodes(&mut self, nodes: usize, at: &Cursor<'f>) -> Read<()> {
        self.count(Frame { nodes, levels: 1 }, at)
    }

    fn known_attr(&mut self, index: u32, at: &Cursor<'f>) -> Read<Attr> {
        let Slot::Read(known) = &self.attrs[index as usize] else {
            return Err(at.malformed("an attribute contains itself"));
        };
        let (value, size) = (known.value.clone(), Frame { nodes: known.nodes, levels: known.levels });
        self.count(size, at)?;
        Ok(value)
    }

    fn known_type(&mut self, index: u32, at: &Cursor<'f>) -> Read<Type> {
        let Slot::Read(known) = &self.types[index as usize] else {
            return Err(at.malformed("a type contains itself"));
        };
        let (value, size) = (known.value.clone(), Frame { nodes: known.nodes, levels: known.levels });
        self.count(size, at)?;
        Ok(value)
    }

    /// Counts a repeated entry against the limit and towards the entry that is being read.
    fn count(&mut self, size: Frame, at: &Cursor<'f>) -> Read<()> {
        let Some(left) = self.repeats_left.checked_sub(size.nodes) else {
            return Err(at.error(Problem::Expansion(self.repeats)));
        };
        self.repeats_left = left;
        if let Some(frame) = self.frames.last_mut() {
            frame.nodes += size.nodes;
            frame.levels = frame.levels.max(size.levels);
        }
        Ok(())
    }
}

fn check_levels(raw: &RawEntry<'_>, levels: usize, limit: usize) -> Read<()> {
    if levels <= limit {
        return Ok(());
    }
    Err(raw.cursor.error(Problem::Depth { what: "attributes, types or locations", limit }))
}
