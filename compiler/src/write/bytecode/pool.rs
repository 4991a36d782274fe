//! The tables of a file: strings, dialects, attributes, types, operation names, properties.
//!
//! Everything is interned while operations are visited, in the order of first use; an entry refers
//! to others by their place in that order. Numbers in the file are given at the end: entries are
//! grouped by dialect, those used most first, so that most references take a byte.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};

use bytes::Bytes;

use super::emitter::Emitter;

/// An interned string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct StringRef(u32);

/// An interned attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct AttrRef(u32);

/// An interned type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct TypeRef(u32);

/// An interned dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct DialectRef(u32);

/// A part of an entry's encoding.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Part {
    /// A variable-width integer.
    Varint(u64),
    /// A signed one.
    Svarint(i64),
    /// A byte.
    Byte(u8),
    /// The number of a string.
    Str(StringRef),
    /// The number of an attribute.
    Attr(AttrRef),
    /// The number of an attribute, with a flag that there is one.
    OptionalAttr(Option<AttrRef>),
    /// The number of a type.
    Type(TypeRef),
    /// Bytes with their length before them.
    Blob(Blob),
    /// Text with a zero byte after it.
    Text(String),
}

/// Bytes that are hashed by their length and beginning only: constants can be large.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Blob(pub(super) Bytes);

impl Hash for Blob {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.len().hash(state);
        self.0[..self.0.len().min(64)].hash(state);
    }
}

/// An attribute or type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Entry {
    /// Its dialect.
    pub(super) dialect: DialectRef,
    /// Its dialect's own encoding, rather than text.
    pub(super) custom: bool,
    /// The encoding.
    pub(super) parts: Vec<Part>,
}

/// Things in the order of first use, with how often each was used.
#[derive(Debug)]
struct Interned<T> {
    items: Vec<T>,
    uses: Vec<u32>,
    index: HashMap<T, u32>,
}

impl<T: Clone + Eq + Hash> Interned<T> {
    fn new() -> Self {
        Self { items: Vec::new(), uses: Vec::new(), index: HashMap::new() }
    }

    fn intern(&mut self, item: T) -> u32 {
        let next = u32::try_from(self.items.len()).expect("a module has fewer than u32::MAX attributes and types");
        let index = *self.index.entry(item.clone()).or_insert(next);
        if index == next {
            self.items.push(item);
            self.uses.push(0);
        }
        index
    }
}

/// All tables.
#[derive(Debug)]
pub(super) struct Pool {
    strings: Interned<Vec<u8>>,
    dialects: Interned<StringRef>,
    attrs: Interned<Entry>,
    types: Interned<Entry>,
    op_names: Interned<(DialectRef, StringRef, bool)>,
    properties: Interned<Vec<Part>>,
}

/// The numbers that entries have in the file.
#[derive(Debug)]
pub(super) struct Numbers {
    attrs: Vec<u32>,
    types: Vec<u32>,
    op_names: Vec<u32>,
}

impl Pool {
    /// Empty tables.
    pub(super) fn new() -> Self {
        Self {
            strings: Interned::new(),
            dialects: Interned::new(),
            attrs: Interned::new(),
            types: Interned::new(),
            op_names: Interned::new(),
            properties: Interned::new(),
        }
    }

    /// Interns a string.
    pub(super) fn string(&mut self, bytes: &[u8]) -> StringRef {
        StringRef(self.strings.intern(bytes.to_vec()))
    }

    /// Interns a dialect.
    pub(super) fn dialect(&mut self, name: &str) -> DialectRef {
        let name = self.string(name.as_bytes());
        DialectRef(self.dialects.intern(name))
    }

    /// Interns an attribute.
    pub(super) fn attr(&mut self, entry: Entry) -> AttrRef {
        self.use_parts(&entry.parts);
        AttrRef(self.attrs.intern(entry))
    }

    /// Interns a type.
    pub(super) fn ty(&mut self, entry: Entry) -> TypeRef {
        self.use_parts(&entry.parts);
        TypeRef(self.types.intern(entry))
    }

    /// Interns an operation's name.
    pub(super) fn op_name(&mut self, dialect: DialectRef, name: &str, registered: bool) -> u32 {
        let name = self.string(name.as_bytes());
        let index = self.op_names.intern((dialect, name, registered));
        self.op_names.uses[index as usize] += 1;
        index
    }

    /// Interns an operation's properties.
    pub(super) fn properties(&mut self, parts: Vec<Part>) -> u32 {
        self.use_parts(&parts);
        self.properties.intern(parts)
    }

    /// Counts a use of an attribute by an operation.
    pub(super) fn use_attr(&mut self, attr: AttrRef) {
        self.attrs.uses[attr.0 as usize] += 1;
    }

    /// Counts a use of a type by an operation.
    pub(super) fn use_type(&mut self, ty: TypeRef) {
        self.types.uses[ty.0 as usize] += 1;
    }

    fn use_parts(&mut self, parts: &[Part]) {
        for part in parts {
            match part {
                Part::Attr(attr) | Part::OptionalAttr(Some(attr)) => self.use_attr(*attr),
                Part::Type(ty) => self.use_type(*ty),
                _ => {}
            }
        }
    }

    /// Gives every entry its number.
    pub(super) fn number(&self) -> Numbers {
        Numbers {
            attrs: ranks(&self.attrs, |entry| entry.dialect),
            types: ranks(&self.types, |entry| entry.dialect),
            op_names: ranks(&self.op_names, |(dialect, ..)| *dialect),
        }
    }

    /// The string section.
    pub(super) fn emit_strings(&self) -> Emitter {
        let mut out = Emitter::default();
        out.varint(self.strings.items.len() as u64);
        for string in self.strings.items.iter().rev() {
            out.varint(string.len() as u64 + 1);
        }
        for string in &self.strings.items {
            out.bytes(string);
            out.byte(0);
        }
        out
    }

    /// The dialect section, for a version of the container.
    pub(super) fn emit_dialects(&self, numbers: &Numbers, version: u64) -> Emitter {
        let mut out = Emitter::default();
        out.varint(self.dialects.items.len() as u64);
        for name in &self.dialects.items {
            match version {
                0 => out.varint(u64::from(name.0)),
                _ => out.flagged(u64::from(name.0), false),
            }
        }
        if version >= 4 {
            out.varint(self.op_names.items.len() as u64);
        }
        let order = in_order(&numbers.op_names);
        for group in groups(&order, |index| self.op_names.items[index].0) {
            let (dialect, ..) = self.op_names.items[group[0]];
            out.varint(u64::from(dialect.0));
            out.varint(group.len() as u64);
            for &index in group {
                let (_, name, registered) = self.op_names.items[index];
                match version {
                    ..=4 => out.varint(u64::from(name.0)),
                    _ => out.flagged(u64::from(name.0), registered),
                }
            }
        }
        out
    }

    /// The attribute and type section and the section of their offsets.
    pub(super) fn emit_entries(&self, numbers: &Numbers) -> (Emitter, Emitter) {
        let (mut data, mut offsets) = (Emitter::default(), Emitter::default());
        offsets.varint(self.attrs.items.len() as u64);
        offsets.varint(self.types.items.len() as u64);
        for (table, ranks) in [(&self.attrs, &numbers.attrs), (&self.types, &numbers.types)] {
            let order = in_order(ranks);
            for group in groups(&order, |index| table.items[index].dialect) {
                offsets.varint(u64::from(table.items[group[0]].dialect.0));
                offsets.varint(group.len() as u64);
                for &index in group {
                    let entry = &table.items[index];
                    let start = data.len();
                    numbers.emit(&entry.parts, &mut data);
                    offsets.flagged((data.len() - start) as u64, entry.custom);
                }
            }
        }
        (data, offsets)
    }

    /// The properties section.
    pub(super) fn emit_properties(&self, numbers: &Numbers) -> Emitter {
        let mut out = Emitter::default();
        out.varint(self.properties.items.len() as u64);
        for parts in &self.properties.items {
            let mut entry = Emitter::default();
            numbers.emit(parts, &mut entry);
            out.varint(entry.len() as u64);
            out.append(entry);
        }
        out
    }
}

impl Numbers {
    /// The number of an attribute.
    pub(super) fn attr(&self, attr: AttrRef) -> u64 {
        u64::from(self.attrs[attr.0 as usize])
    }

    /// The number of a type.
    pub(super) fn ty(&self, ty: TypeRef) -> u64 {
        u64::from(self.types[ty.0 as usize])
    }

    /// The number of an operation's name.
    pub(super) fn op_name(&self, index: u32) -> u64 {
        u64::from(self.op_names[index as usize])
    }

    fn emit(&self, parts: &[Part], out: &mut Emitter) {
        for part in parts {
            match part {
                Part::Varint(value) => out.varint(*value),
                Part::Svarint(value) => out.svarint(*value),
                Part::Byte(byte) => out.byte(*byte),
                Part::Str(string) => out.varint(u64::from(string.0)),
                Part::Attr(attr) => out.varint(self.attr(*attr)),
                Part::OptionalAttr(Some(attr)) => out.flagged(self.attr(*attr), true),
                Part::OptionalAttr(None) => out.flagged(0, false),
                Part::Type(ty) => out.varint(self.ty(*ty)),
                Part::Blob(blob) => {
                    out.varint(blob.0.len() as u64);
                    out.shared(&blob.0);
                }
                Part::Text(text) => {
                    out.bytes(text.as_bytes());
                    out.byte(0);
                }
            }
        }
    }
}

/// The rank of each item: by dialect, then most used first, then first used first.
fn ranks<T>(table: &Interned<T>, dialect: impl Fn(&T) -> DialectRef) -> Vec<u32> {
    let mut order: Vec<usize> = (0..table.items.len()).collect();
    order.sort_by_key(|&index| (dialect(&table.items[index]), std::cmp::Reverse(table.uses[index]), index));
    let mut ranks = vec![0; order.len()];
    for (rank, index) in (0..).zip(order) {
        ranks[index] = rank;
    }
    ranks
}

/// The items by rank.
fn in_order(ranks: &[u32]) -> Vec<usize> {
    let mut order = vec![0; ranks.len()];
    for (index, &rank) in ranks.iter().enumerate() {
        order[rank as usize] = index;
    }
    order
}

/// Runs of items of one dialect.
fn groups(order: &[usize], dialect: impl Fn(usize) -> DialectRef) -> Vec<&[usize]> {
    order.chunk_by(|&a, &b| dialect(a) == dialect(b)).collect()
}
