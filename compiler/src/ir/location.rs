//! Where an operation or argument came from, as MLIR records it.

use smol_str::SmolStr;

use super::attrs::Attr;
use super::entity::{Arena, LocId};

/// A location. Children are handles into the same table.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Location {
    /// `loc(unknown)`.
    Unknown,
    /// `loc("file":line:col)`, or a range of them; the end equals the start for a point.
    File {
        /// The file.
        file: SmolStr,
        /// Line and column of the start.
        start: (u32, u32),
        /// Line and column of the end.
        end: (u32, u32),
    },
    /// `loc("name"(child))`; the child is [`LocId::UNKNOWN`] where none is written.
    Name {
        /// The name, such as an argument's or a name stack.
        name: SmolStr,
        /// The location it refines.
        child: LocId,
    },
    /// `loc(callsite(callee at caller))`.
    CallSite {
        /// Location inside the callee.
        callee: LocId,
        /// Location of the call.
        caller: LocId,
    },
    /// `loc(fused<metadata>[a, b])`.
    Fused {
        /// Optional metadata.
        metadata: Option<Box<Attr>>,
        /// The parts.
        parts: Vec<LocId>,
    },
}

/// The interned locations of a module.
#[derive(Clone, Debug)]
pub struct Locations {
    table: Arena<LocId, Location>,
    index: foldhash::HashMap<Location, LocId>,
}

impl Locations {
    /// A table that holds only the unknown location.
    pub fn new() -> Self {
        let mut locations = Self { table: Arena::new(), index: foldhash::HashMap::default() };
        locations.intern(Location::Unknown);
        locations
    }

    /// The handle of `location`, added if it is new.
    pub fn intern(&mut self, location: Location) -> LocId {
        if let Some(&id) = self.index.get(&location) {
            return id;
        }
        let id = self.table.push(location.clone());
        self.index.insert(location, id);
        id
    }

    /// The location behind a handle; the unknown location for a handle of another table.
    pub fn get(&self, id: LocId) -> &Location {
        self.table.get(id).unwrap_or(&Location::Unknown)
    }

    /// All locations, children before parents.
    pub fn iter(&self) -> impl Iterator<Item = (LocId, &Location)> {
        self.table.iter()
    }

    /// The outermost name of a location: an argument's name, or an operation's name stack.
    pub fn name(&self, id: LocId) -> Option<&str> {
        match self.get(id) {
            Location::Name { name, .. } => Some(name),
            Location::CallSite { callee, .. } => self.name(*callee),
            Location::Fused { parts, .. } => parts.iter().find_map(|&p| self.name(p)),
            Location::Unknown | Location::File { .. } => None,
        }
    }
}

impl Default for Locations {
    fn default() -> Self {
        Self::new()
    }
}
