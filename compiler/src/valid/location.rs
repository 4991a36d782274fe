//! Where something is, and where it came from, in a few words: for modules that no text was read for.

use std::cell::OnceCell;

use crate::ir::{Func, LocId, Location, Locations, OpId};
use crate::print::Names;

/// The names of a function's values, found when an error first needs them.
#[derive(Debug, Default)]
pub(super) struct LazyNames(OnceCell<Names>);

impl LazyNames {
    /// The names.
    pub(super) fn get(&self, func: &Func) -> &Names {
        self.0.get_or_init(|| Names::of(func))
    }

    /// An operation by its results' name and its function, and the place that its location leads to.
    pub(super) fn place(&self, func: &Func, op: OpId, locs: &Locations) -> String {
        let operation = &func.ops[op];
        let result = operation.results.first().map(|&v| format!("`{}` of ", self.get(func).get(func, v)));
        let origin = describe(locs, operation.loc).map(|text| format!(", {text}"));
        format!("{}`@{}`{}", result.unwrap_or_default(), func.name, origin.unwrap_or_default())
    }
}

/// Deepest nesting that is followed.
const DEEPEST: usize = 64;

/// The place in a source file that a location leads to, and the name on the way there; `None` for unknown
/// locations.
pub(super) fn describe(locs: &Locations, id: LocId) -> Option<String> {
    let (mut name, mut at) = (None, id);
    for _ in 0..DEEPEST {
        match locs.get(at) {
            Location::Unknown => break,
            Location::File { file, start: (line, column), .. } => {
                let place = format!("{file}:{line}:{column}");
                return Some(name.map_or(place.clone(), |name| format!("\"{name}\" ({place})")));
            }
            Location::Name { name: inner, child } => {
                name = name.or(Some(inner));
                at = *child;
            }
            Location::CallSite { callee, .. } => at = *callee,
            Location::Fused { parts, .. } => match parts.first() {
                Some(&first) => at = first,
                None => break,
            },
        }
    }
    name.map(|name| format!("\"{name}\""))
}
