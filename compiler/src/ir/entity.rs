//! Typed `u32` handles and the arenas they index.
//!
//! A handle is only meaningful together with the arena it came from; giving each entity its own
//! type makes mixing them a compile error. Handles are never reused within an arena, so a stale
//! one can be detected by the verifier but never silently names something else.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// A typed handle: a `u32` index into one kind of arena.
pub trait Entity: Copy + Eq + Ord + std::hash::Hash + fmt::Debug {
    /// The handle with this index.
    fn new(index: u32) -> Self;
    /// The index behind the handle.
    fn index(self) -> usize;
}

macro_rules! entity {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);

        impl Entity for $name {
            fn new(index: u32) -> Self {
                Self(index)
            }
            fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(self, f)
            }
        }
    };
}

entity!(
    /// A function of a module.
    FuncId,
    "func"
);
entity!(
    /// A value of a function: a region argument or an operation's result.
    ValueId,
    "%"
);
entity!(
    /// An operation of a function.
    OpId,
    "op"
);
entity!(
    /// A region of a function.
    RegionId,
    "region"
);
entity!(
    /// An interned location of a module.
    LocId,
    "loc"
);

impl LocId {
    /// The unknown location, present in every [`super::Locations`] table.
    pub const UNKNOWN: LocId = LocId(0);
}

/// A growable table from handles of type `K` to values.
#[derive(Clone, Debug)]
pub struct Arena<K, V> {
    items: Vec<V>,
    key: PhantomData<K>,
}

impl<K: Entity, V> Arena<K, V> {
    /// An empty arena.
    pub const fn new() -> Self {
        Self { items: Vec::new(), key: PhantomData }
    }

    /// Adds `value` and returns its handle.
    ///
    /// # Panics
    /// When the arena already holds `u32::MAX` entries; front ends bound their input below that.
    pub fn push(&mut self, value: V) -> K {
        let index = u32::try_from(self.items.len()).expect("front ends refuse input with more than u32::MAX entities");
        self.items.push(value);
        K::new(index)
    }

    /// The handle that the next [`push`](Self::push) will return.
    pub fn next_key(&self) -> K {
        K::new(u32::try_from(self.items.len()).expect("front ends refuse input with more than u32::MAX entities"))
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The entry, if the handle belongs to this arena.
    pub fn get(&self, key: K) -> Option<&V> {
        self.items.get(key.index())
    }

    /// All entries with their handles, in order of creation.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (K, &V)> + ExactSizeIterator {
        self.items.iter().enumerate().map(|(i, v)| (K::new(i as u32), v))
    }

    /// All handles, in order of creation.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = K> + ExactSizeIterator + use<K, V> {
        (0..self.items.len() as u32).map(K::new)
    }
}

impl<K: Entity, V> Default for Arena<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: Entity, V> Index<K> for Arena<K, V> {
    type Output = V;
    fn index(&self, key: K) -> &V {
        &self.items[key.index()]
    }
}

impl<K: Entity, V> IndexMut<K> for Arena<K, V> {
    fn index_mut(&mut self, key: K) -> &mut V {
        &mut self.items[key.index()]
    }
}
