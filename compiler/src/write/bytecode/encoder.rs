//! What writing carries along: the tables, the target version, and what is already in the tables.

use std::collections::HashMap;

use super::pool::{AttrRef, DialectRef, Entry, Part, Pool, TypeRef};
use crate::ir::{LocId, Type};
use crate::vhlo::Version;
use crate::vhlo::codes::MIXED_DIALECTS_SINCE;

/// The result of encoding something: the message says why the target version cannot hold it.
pub(super) type Encoding<T> = Result<T, String>;

/// Encodes attributes, types and locations into a file's tables.
pub(super) struct Encoder {
    /// The tables.
    pub(super) pool: Pool,
    /// The version of StableHLO that must be able to read the file.
    pub(super) target: Version,
    /// The `builtin` dialect.
    pub(super) builtin: DialectRef,
    /// The `vhlo` dialect.
    pub(super) vhlo: DialectRef,
    pub(super) vhlo_types: HashMap<Type, TypeRef>,
    pub(super) builtin_types: HashMap<Type, TypeRef>,
    pub(super) locations: HashMap<LocId, AttrRef>,
}

impl Encoder {
    /// Empty tables.
    pub(super) fn new(target: Version) -> Self {
        let mut pool = Pool::new();
        let (builtin, vhlo) = (pool.dialect("builtin"), pool.dialect("vhlo"));
        Self {
            pool,
            target,
            builtin,
            vhlo,
            vhlo_types: HashMap::new(),
            builtin_types: HashMap::new(),
            locations: HashMap::new(),
        }
    }

    /// Fails unless the target version has what appeared in `since`.
    pub(super) fn require(&self, since: Version, what: &str) -> Encoding<()> {
        if self.target.reaches(since) {
            return Ok(());
        }
        Err(format!("{what}: new in StableHLO {since}, but the target is {}", self.target))
    }

    /// Fails unless the target version may hold parts of other dialects.
    pub(super) fn require_mixed(&self, what: &str) -> Encoding<()> {
        self.require(MIXED_DIALECTS_SINCE, &format!("{what}, which is not of StableHLO"))
    }

    /// An attribute or type as assembly text.
    pub(super) fn text_entry(&mut self, text: String) -> Entry {
        let named = text.strip_prefix(['#', '!']).unwrap_or_default();
        let dialect = named.split(['.', '<']).next().unwrap_or_default().to_owned();
        let dialect = if dialect.is_empty() { self.builtin } else { self.pool.dialect(&dialect) };
        Entry { dialect, custom: false, parts: vec![Part::Text(text)] }
    }
}
