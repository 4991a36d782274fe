//! The container: header, sections, and the tables that everything else refers to by number.
//!
//! Tables keep ranges of the file, not copies, so that their size follows the number of entries and
//! not the size of what they hold.

use bytes::Bytes;
use smol_str::SmolStr;

use super::cursor::Cursor;
use super::error::{Part, Problem, Read};
use crate::ir::text_of_bytes;

/// The newest version of the container.
const NEWEST: u64 = 6;
/// From this version on, dialects may carry a version of their own.
const DIALECT_VERSIONS: u64 = 1;
/// From this version on, the number of operation names precedes them.
const OP_NAME_COUNT: u64 = 4;
/// From this version on, operations have properties, and names say whether they were registered.
const PROPERTIES: u64 = 5;

/// A dialect, by what this reader knows of its encodings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Builtin,
    Vhlo,
    StableHlo,
    Chlo,
    Quant,
    Sdy,
    Other,
}

/// An operation's name.
#[derive(Clone, Copy, Debug)]
pub(super) struct OpName {
    /// Index of the dialect.
    dialect: u32,
    /// Index of the string after the dialect.
    name: u32,
    /// Whether the writer knew the operation, which decides how its properties are stored.
    pub(super) registered: bool,
}

/// A dialect's resource.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resource {
    /// Index of its key.
    pub(super) key: u32,
    start: usize,
    end: usize,
}

/// The ranges of attributes or types, with their dialects.
#[derive(Debug, Default)]
pub(super) struct Ranges {
    /// Start of each entry, with the flag of a custom encoding in the lowest bit; and the end of all.
    starts: Vec<usize>,
    /// First entry and dialect of each group.
    groups: Vec<(u32, u32)>,
}

impl Ranges {
    /// How many entries there are.
    pub(super) fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }
}

/// An attribute or type as the file has it.
#[derive(Clone, Copy, Debug)]
pub(super) struct RawEntry<'f> {
    pub(super) dialect: Dialect,
    /// The dialect's own encoding, rather than assembly text.
    pub(super) custom: bool,
    pub(super) cursor: Cursor<'f>,
}

/// Everything but the operations.
#[derive(Debug)]
pub(super) struct Tables<'f> {
    /// The container's version.
    pub(super) version: u64,
    whole: Cursor<'f>,
    strings: Vec<(usize, usize)>,
    dialects: Vec<(Dialect, u32)>,
    pub(super) op_names: Vec<OpName>,
    pub(super) attrs: Ranges,
    pub(super) types: Ranges,
    resources: Vec<Resource>,
    properties: Vec<(usize, usize)>,
    /// The IR section.
    pub(super) operations: Cursor<'f>,
}

/// The sections in the order of their numbers; 7 occurs only inside the dialect section.
const SECTIONS: [Option<Part>; 9] = [
    Some(Part::Strings),
    Some(Part::Dialects),
    Some(Part::Entries),
    Some(Part::EntryOffsets),
    Some(Part::Operations),
    Some(Part::Resources),
    Some(Part::ResourceOffsets),
    None,
    Some(Part::Properties),
];

/// What stands before the sections.
#[derive(Debug)]
pub(super) struct Header<'f> {
    version: u64,
    /// What wrote the file.
    pub(super) producer: String,
    rest: Cursor<'f>,
}

impl<'f> Header<'f> {
    /// Reads magic number, version and producer.
    pub(super) fn read(file: &'f Bytes) -> Read<Self> {
        let mut cursor = Cursor::new(file);
        let magic = cursor.take(4, "the magic number")?;
        if magic.as_slice() != super::MAGIC {
            return Err(magic.malformed("the file does not start with `ML\\xefR`; it is not MLIR bytecode"));
        }
        let at = cursor;
        let version = cursor.varint()?;
        if version > NEWEST {
            return Err(at.error(Problem::Version(version)));
        }
        let producer = text_of_bytes(cursor.until_zero("the producer's name")?);
        Ok(Self { version, producer, rest: cursor })
    }
}

impl<'f> Tables<'f> {
    /// Reads all tables.
    pub(super) fn read(header: Header<'f>) -> Read<Self> {
        let mut rest = header.rest;
        let mut found: [Option<Cursor<'f>>; 9] = [None; 9];
        while !rest.is_empty() {
            let at = rest;
            let section = rest.section()?;
            let Some(part) = SECTIONS.get(usize::from(section.id)).copied().flatten() else {
                return Err(at.error(Problem::UnknownSection(section.id)));
            };
            let slot = &mut found[usize::from(section.id)];
            if slot.is_some() {
                return Err(at.error(Problem::DuplicateSection(part)));
            }
            *slot = Some(section.contents.of(part));
        }
        let required = |id: usize| {
            let part = SECTIONS[id].expect("only section 7 has no part, and it is not asked for");
            found[id].ok_or_else(|| rest.error(Problem::MissingSection(part)))
        };
        let mut tables = Tables {
            version: header.version,
            whole: rest,
            strings: read_strings(required(0)?)?,
            dialects: Vec::new(),
            op_names: Vec::new(),
            attrs: Ranges::default(),
            types: Ranges::default(),
            resources: Vec::new(),
            properties: Vec::new(),
            operations: required(4)?,
        };
        tables.read_dialects(required(1)?)?;
        tables.read_ranges(required(3)?, required(2)?)?;
        match (found[5], found[6]) {
            (Some(data), Some(offsets)) => tables.read_resources(offsets, data)?,
            (Some(_), None) => return Err(rest.error(Problem::MissingSection(Part::ResourceOffsets))),
            (None, Some(_)) => return Err(rest.error(Problem::MissingSection(Part::Resources))),
            (None, None) => {}
        }
        match found[8] {
            Some(data) => tables.properties = read_properties(data)?,
            None if tables.version >= PROPERTIES => return Err(rest.error(Problem::MissingSection(Part::Properties))),
            None => {}
        }
        Ok(tables)
    }

    fn read_dialects(&mut self, mut data: Cursor<'f>) -> Read<()> {
        for _ in 0..data.count("dialects")? {
            let at = data;
            let (index, versioned) =
                if self.version < DIALECT_VERSIONS { (data.varint()?, false) } else { data.flagged()? };
            let name = self.check_string(index, &at)?;
            if versioned {
                data.section()?;
            }
            let known = match self.string_bytes(name) {
                b"builtin" => Dialect::Builtin,
                b"vhlo" => Dialect::Vhlo,
                b"stablehlo" => Dialect::StableHlo,
                b"chlo" => Dialect::Chlo,
                b"quant" => Dialect::Quant,
                b"sdy" => Dialect::Sdy,
                _ => Dialect::Other,
            };
            self.dialects.push((known, name));
        }
        if self.version >= OP_NAME_COUNT {
            data.varint()?;
        }
        while !data.is_empty() {
            let dialect = self.dialect_index(&mut data)?;
            for _ in 0..data.count("operation names")? {
                let at = data;
                let (index, registered) =
                    if self.version < PROPERTIES { (data.varint()?, true) } else { data.flagged()? };
                let name = self.check_string(index, &at)?;
                self.op_names.push(OpName { dialect, name, registered });
            }
        }
        Ok(())
    }

    fn dialect_index(&self, cursor: &mut Cursor<'f>) -> Read<u32> {
        let at = *cursor;
        let index = cursor.varint()?;
        check_index(&at, "dialect", index, self.dialects.len())
    }

    fn read_ranges(&mut self, mut offsets: Cursor<'f>, data: Cursor<'f>) -> Read<()> {
        let at = offsets;
        let (attrs, types) = (offsets.varint()?, offsets.varint()?);
        let attrs = at.check_count(attrs, offsets.left(), "attributes")?;
        let types = at.check_count(types, offsets.left(), "types")?;
        let mut next = data.offset();
        self.attrs = self.read_group_ranges(&mut offsets, &data, attrs, &mut next)?;
        self.types = self.read_group_ranges(&mut offsets, &data, types, &mut next)?;
        offsets.finish("the attribute and type offsets")
    }

    fn read_group_ranges(
        &self,
        offsets: &mut Cursor<'f>,
        data: &Cursor<'f>,
        total: usize,
        next: &mut usize,
    ) -> Read<Ranges> {
        let mut ranges = Ranges::default();
        while ranges.starts.len() < total {
            let dialect = self.dialect_index(offsets)?;
            let at = *offsets;
            let count = offsets.varint()?;
            let count = at.check_count(count, total - ranges.starts.len(), "entries of a dialect")?;
            ranges.groups.push((ranges.starts.len() as u32, dialect));
            for _ in 0..count {
                let at = *offsets;
                let (size, custom) = offsets.flagged()?;
                let have = (data.end() - *next) as u64;
                if size > have {
                    return Err(at.error(Problem::Truncated { what: "an attribute or type", need: size, have }));
                }
                ranges.starts.push(*next << 1 | usize::from(custom));
                *next += size as usize;
            }
        }
        ranges.starts.push(*next << 1);
        Ok(ranges)
    }

    fn read_resources(&mut self, mut offsets: Cursor<'f>, mut data: Cursor<'f>) -> Read<()> {
        for _ in 0..offsets.count("groups of external resources")? {
            self.string_index(&mut offsets)?;
            self.read_resource_group(&mut offsets, &mut data)?;
        }
        while !offsets.is_empty() {
            self.dialect_index(&mut offsets)?;
            let group = self.read_resource_group(&mut offsets, &mut data)?;
            self.resources.extend(group);
        }
        Ok(())
    }

    fn read_resource_group(&self, offsets: &mut Cursor<'f>, data: &mut Cursor<'f>) -> Read<Vec<Resource>> {
        let count = offsets.count("resources")?;
        let mut group = Vec::new();
        for _ in 0..count {
            let key = self.string_index(offsets)?;
            let size = offsets.varint()?;
            let kind = offsets.byte()?;
            if kind > 2 {
                return Err(offsets.malformed(format!("a resource is of kind {kind}; there are 0, 1 and 2")));
            }
            let value = data.take(size, "a resource")?;
            group.push(Resource { key, start: value.offset(), end: value.end() });
        }
        Ok(group)
    }

    fn check_string(&self, index: u64, at: &Cursor<'f>) -> Read<u32> {
        check_index(at, "string", index, self.strings.len())
    }

    /// Reads the index of a string.
    pub(super) fn string_index(&self, cursor: &mut Cursor<'f>) -> Read<u32> {
        let at = *cursor;
        let index = cursor.varint()?;
        self.check_string(index, &at)
    }

    /// The string of a checked index.
    pub(super) fn string(&self, index: u32) -> SmolStr {
        text_of_bytes(self.string_bytes(index)).into()
    }

    fn string_bytes(&self, index: u32) -> &'f [u8] {
        let (start, end) = self.strings[index as usize];
        self.whole.range(start, end).as_slice()
    }

    /// Reads the index of an operation's name.
    pub(super) fn op_name(&self, cursor: &mut Cursor<'f>) -> Read<u32> {
        let at = *cursor;
        let index = cursor.varint()?;
        check_index(&at, "operation name", index, self.op_names.len())
    }

    /// The dialect of an operation, and its name without the dialect.
    pub(super) fn op_parts(&self, name: OpName) -> (Dialect, SmolStr) {
        (self.dialects[name.dialect as usize].0, self.string(name.name))
    }

    /// The name of an operation's dialect.
    pub(super) fn dialect_name(&self, name: OpName) -> SmolStr {
        self.string(self.dialects[name.dialect as usize].1)
    }

    /// Whether the file uses a dialect.
    pub(super) fn has_dialect(&self, dialect: Dialect) -> bool {
        self.dialects.iter().any(|(known, _)| *known == dialect)
    }

    /// Reads the number of a resource.
    pub(super) fn resource(&self, cursor: &mut Cursor<'f>) -> Read<Resource> {
        let at = *cursor;
        let index = cursor.varint()?;
        let index = check_index(&at, "resource", index, self.resources.len())?;
        Ok(self.resources[index as usize])
    }

    /// The bytes of a resource that is a blob.
    pub(super) fn resource_data(&self, resource: Resource) -> Read<Cursor<'f>> {
        let mut cursor = self.whole.range(resource.start, resource.end).of(Part::Resources);
        if cursor.is_empty() {
            let key = self.string(resource.key);
            return Err(cursor.malformed(format!("the resource `{key}` is declared but has no data")));
        }
        let alignment = cursor.varint()?;
        if !alignment.is_power_of_two() {
            return Err(
                cursor.malformed(format!("a resource is aligned to {alignment} bytes, which is no power of two"))
            );
        }
        let length = cursor.varint()?;
        cursor.skip_padding(alignment)?;
        cursor.take(length, "a resource's data")
    }

    /// Reads the number of an operation's properties and returns them.
    pub(super) fn properties(&self, cursor: &mut Cursor<'f>) -> Read<Cursor<'f>> {
        let at = *cursor;
        let index = cursor.varint()?;
        let index = check_index(&at, "properties entry", index, self.properties.len())?;
        let (start, end) = self.properties[index as usize];
        Ok(self.whole.range(start, end).of(Part::Properties))
    }

    /// The entry of a checked index.
    pub(super) fn entry(&self, ranges: &Ranges, index: u32) -> RawEntry<'f> {
        let (start, end) = (ranges.starts[index as usize], ranges.starts[index as usize + 1] >> 1);
        let group = ranges.groups.partition_point(|(first, _)| *first <= index) - 1;
        let dialect = self.dialects[ranges.groups[group].1 as usize].0;
        let cursor = self.whole.range(start >> 1, end).of(Part::Entries);
        RawEntry { dialect, custom: start & 1 == 1, cursor }
    }
}

/// `index` if it is one of `count` things.
pub(super) fn check_index(at: &Cursor<'_>, what: &'static str, index: u64, count: usize) -> Read<u32> {
    match u32::try_from(index) {
        Ok(small) if (small as usize) < count => Ok(small),
        _ => Err(at.error(Problem::Index { what, index, count })),
    }
}

/// Lengths of the strings, last first, then the strings, each with a zero byte at its end.
fn read_strings(mut data: Cursor<'_>) -> Read<Vec<(usize, usize)>> {
    let count = data.count("strings")?;
    let mut strings = Vec::new();
    let mut end = data.end();
    for _ in 0..count {
        let at = data;
        let length = data.varint()?;
        let have = end.saturating_sub(data.offset()) as u64;
        if length == 0 || length > have {
            return Err(at.error(Problem::Truncated { what: "a string", need: length.max(1), have }));
        }
        let start = end - length as usize;
        strings.push((start, end - 1));
        end = start;
    }
    if data.offset() != end {
        return Err(data.error(Problem::Trailing(end - data.offset(), "the lengths of the strings")));
    }
    strings.reverse();
    Ok(strings)
}

fn read_properties(mut data: Cursor<'_>) -> Read<Vec<(usize, usize)>> {
    if data.is_empty() {
        return Ok(Vec::new());
    }
    let count = data.count("properties entries")?;
    let mut ranges = Vec::new();
    for _ in 0..count {
        let entry = data.blob("an operation's properties")?;
        ranges.push((entry.offset(), entry.end()));
    }
    data.finish("the properties")?;
    Ok(ranges)
}
